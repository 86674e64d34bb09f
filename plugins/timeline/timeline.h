/*
 * The timeline's inside: what it keeps of a session, and who writes which part of the page.
 *
 *     timeline.c        the plugin: what is written when
 *     lines.c           keeps lines until the session's verdict, or writes them live
 *     cost.c            what it will keep, for the host to count
 *     dialogue.c        what was said: events to lines of the conversation
 *     dialogue-note.c   what was not said: connection, content, gaps
 *     dialogue-tcp.c    what TCP did below: resets, two readings, odd packets
 *     transcript.c      the dialogue in swaks' manner
 *     rows.c            rows for Timesketch
 *     resend.c          commands that send a message again
 *     wait.c            whom a live session waits for
 *     verdict.c         what events add to the verdict
 *     judge.c           a session's verdict, in one line
 *     head.c            a session's head, below that
 *     time.c            where its time went
 *     message.c         a message's block
 *     findings.c        a session's findings
 *     delivery.c        one message over many connections
 *     summary.c         the totals at the end
 */
#pragma once

#include "base/plugin.h"
#include "plugins/common/health.h"
#include "plugins/common/page.h"
#include "plugins/common/refusal.h"
#include "plugins/common/words.h"

/* Bytes of a session's lines that are kept until its verdict: half from its start, half from its
 * end. */
#define SS_TOLD_MAX ((size_t)256 << 10)
/* The same where all sessions together keep more than SS_TOLD_ALL_MAX. */
#define SS_TOLD_MAX_CROWDED ((size_t)4 << 10)
#define SS_TOLD_ALL_MAX ((size_t)64 << 20)
/* Bytes of message blocks a session keeps, where there is no such crowd. */
#define SS_TOLD_MESSAGES_MAX ((size_t)128 << 10)
/* What the allocator and the list add to the texts of a line. */
#define SS_LINE_SIZE (sizeof(SsLine) + 80)
/* Bytes of a finding that is kept, as most are. */
#define SS_TOLD_FINDING_SIZE 400
/* Bytes of one text off the wire that are shown. */
#define SS_SHOWN_MAX 1000
#define SS_SHOWN_FIELD_MAX 256
/* Open sessions whose waits are told live. */
#define SS_WATCHED_MAX 4096
/* Commands without a reply that a wait can name. */
#define SS_AWAITED_MAX 16
#define SS_AWAITED_LEN 16
/* Bytes of a name the session keeps. */
#define SS_SHOWN_NAME_MAX 1024
/* Cells of a user or a host in the head. */
#define SS_SHOWN_CELLS 48
/* Rows of the dialogue that one text may fill, without -v. */
#define SS_SHOWN_ROWS 4
/* Reasons of refusals that the summary counts apart. */
#define SS_REASONS_MAX 64
/* Logins and certificates of one session told in its head. */
#define SS_REMARKS_MAX 8

typedef enum {
    SS_MARK_FACT,
    SS_MARK_ALARM,
    SS_MARK_SENT, /* by the client */
    SS_MARK_GOT,  /* from the server */
} SsMark;

/* A line of the conversation. */
typedef struct {
    int64_t time_ns;
    SsMark mark;
    bool is_protected; /* it went through TLS */
    bool is_together;  /* with the line above, in the same packet */
    SsInk ink, aside_ink;
    char *text;  /* owned, safe */
    char *aside; /* owned, or NULL */
    size_t size;
} SsLine;

/* Where a session's time goes: each stretch between two events belongs to one of them. */
typedef enum {
    SS_SPENT_CONNECT,
    SS_SPENT_BANNER,
    SS_SPENT_TLS,
    SS_SPENT_REPLIES,
    SS_SPENT_CLIENT,
    SS_SPENT_CONTENT,
    SS_SPENT_ANSWER, /* to the content */
    SS_SPENT_END,
    SS_N_SPENT,
} SsSpent;

typedef struct {
    int severity;
    char *id;
    char *summary;
    char *frames;   /* "6, 8" */
    bool is_told;   /* a refusal that stands with its recipient */
    uint64_t total; /* of its id in the session, at the session's end */
} SsToldFinding;

/* A login or a handshake in the head; the same again only counts. */
typedef struct {
    char *label;
    char *key;
    char *text;
    uint64_t n;
} SsRemark;

/* Chunks of one size and their replies: a line each, whose text counts them. */
typedef struct {
    SsLine *sent, *got; /* kept with the session's other lines, or NULL */
    uint64_t size, n, n_replies;
    char *reply; /* the first one, NULL where they differ */
} SsToldChunks;

typedef struct {
    uint64_t message;
    int64_t first_ns, last_ns;
} SsToldContent;

typedef struct {
    char *text;
    uint64_t n;
} SsReason;

/* The state of a session; zeroed by the host at first. */
typedef struct {
    bool is_begun;
    uint64_t number;

    /* the conversation, offline */
    GQueue head, tail; /* of SsLine */
    size_t head_size, tail_size;
    uint64_t left_out;

    /* the line before */
    SsMark last_mark;
    uint64_t last_frame;
    bool has_line;
    bool is_told_together;
    SsLine *last_line;    /* NULL live */
    SsLine *end_line;     /* the first that tells the connection's end */
    SsLine *early_line;   /* of the reply that came while content was on its way; or NULL */
    SsLine *doubted_line; /* that tells a reset in `doubted_by`'s name; NULL live, or left out */
    SsDirection doubted_by;
    SsToldChunks chunks;

    /* time */
    int64_t first_ns, last_ns;
    int64_t heard_ns;      /* the last event of any kind */
    int64_t wait_ns;       /* live: the last wait that was told; 0: none */
    int64_t round_trip_ns; /* -1 where not known */
    int64_t spent_ns[SS_N_SPENT];
    int64_t slowest_ns; /* of the replies to commands */
    char slowest_verb[SS_AWAITED_LEN];
    char *unanswered;          /* "no reply to MAIL for 42 s": what did not come before the end */
    char *tls_refused;         /* the reply that refused STARTTLS */
    char *tls_alert;           /* that ended the handshake: what it means … */
    char *tls_alert_by;        /* … and who sent which */
    SsToldContent contents[4]; /* the last ones, by message index */

    /* what the head says */
    bool is_encrypted; /* TLS has begun */
    bool is_turned;    /* who was connected to sends the commands */
    bool is_unread;    /* and nothing of it could be read */
    bool has_dialogue;
    bool is_connected; /* the handshake was seen */
    bool quit_answered;
    bool has_given_up;     /* the client's last command ends a message that has no content yet */
    bool is_354;           /* the last reply asked for content */
    uint64_t n_answers[6]; /* to content, by the first digit */
    uint64_t hello_len;    /* of the client's name as it was sent */
    char *turned_away;     /* the banner that refused the client */
    uint64_t n_messages, n_recipients, n_refused, n_partly;
    uint64_t refused_message; /* the last one that was refused, or a recipient of it */
    uint64_t n_late;          /* accepted when the client had given up */
    uint64_t left_in;         /* the message whose answer the client did not wait for … */
    int64_t left_ns;          /* … how long it did … */
    int64_t late_wait_ns;     /* … and when the answer came */
    char *from, *to;          /* of the first message */
    uint64_t n_to_more;
    const char *unfinished; /* why the first incomplete message is */
    char *why;              /* a message's first refusal in words */
    char *login_why;        /* a login's */
    GPtrArray *reasons;     /* of SsReason: the different ones of messages */
    GPtrArray *remarks;     /* of SsRemark */
    uint64_t n_remarks_left_out;
    uint64_t n_logins, n_logins_refused;
    uint64_t missing_bytes[2], lost_bytes[2]; /* the latter on their way, not by the capture */
    uint64_t reset_ttl[2];                    /* of the reset, and its sender's; 0: like it */
    bool has_resync;
    char *end_reason;
    SsDirection end_by;

    char *client_ip, *server_ip; /* of rows and of what sends again */
    uint64_t client_port, server_port;
    char *login;     /* the user who logged in last, or NULL */
    GString *resend; /* what sends the messages again, a line each */

    GString *messages;
    uint64_t messages_left_out;
    GPtrArray *findings; /* of SsToldFinding */
    uint64_t n_high;     /* at the session's end */

    /* live: who is awaited */
    GList link; /* in SsTimeline.watched */
    bool is_watched;
    char (*awaited)[SS_AWAITED_LEN]; /* SS_AWAITED_MAX of them; NULL before the first */
    size_t n_awaited;
    bool has_banner;
    bool in_content;
    bool in_login;      /* 334 asked for a line */
    bool awaits_answer; /* to the content */
    unsigned n_waits_told;
} SsTold;

typedef struct {
    uint64_t sessions, by_security[3], unread, not_smtp, wordless;
    uint64_t messages, by_outcome[SS_N_OUTCOMES], partly;
    uint64_t logins, logins_refused, logins_shown;
    GPtrArray *reasons; /* of SsReason */
    uint64_t n_other_reasons;
    GPtrArray *ids; /* of SsReason: findings by "severity id" */
    uint64_t gaps, gap_bytes, lost_bytes;
} SsTotals;

typedef enum {
    SS_FORMAT_TEXT,
    SS_FORMAT_TRANSCRIPT, /* the dialogue alone, in swaks' manner */
    SS_FORMAT_CSV,
    SS_FORMAT_JSONL,
} SsFormat;

typedef struct {
    const SsHost *host;
    SsFile *file;
    SsFormat format;
    bool is_verbatim; /* replies and chunks stand as they were sent */
    bool has_resend;  /* a command that sends a message again stands behind the messages */
    unsigned width;
    bool has_color;
    bool is_live;
    bool is_quiet; /* -q: no dialogue, no messages, and only sessions in which something is wrong */
    bool has_written;
    size_t kept; /* bytes of lines, message blocks and findings, in all sessions */
    GQueue watched;
    SsTotals totals;
} SsTimeline;

/* --- timeline.c --- */

/* A page for this output; the caller frees it. */
SsPage ss_timeline_page(const SsTimeline *self);
/* Wire text made safe and cut to `max` bytes. Owned by the caller. */
char *ss_timeline_safe(const SsTimeline *self, SsSlice text, size_t max);
/* A recipient's, which may not have been captured. Owned by the caller. */
char *ss_timeline_address(const SsTimeline *self, SsSlice address);

/* Writes a page and frees it. Live it is seen at once. */
bool ss_timeline_write(SsTimeline *self, SsPage *page);

/* --- lines.c --- */

/* Takes over the texts of `line`: keeps it, or writes it live. */
bool ss_lines_add(SsTimeline *self, SsTold *told, SsLine *line);
/* Keeps `line` before `place`, or at the end where that is NULL or was left out. Not live. */
void ss_lines_add_before(SsTimeline *self, SsTold *told, SsLine *line, const SsLine *place);
/* Whether all sessions together keep so much that each must keep little. */
bool ss_lines_is_crowded(const SsTimeline *self);
/* Writes a line at once, headed by its session's number. */
bool ss_lines_write(SsTimeline *self, const SsTold *told, const SsLine *line);
/* Lays out all that was kept; `start_ns` is time zero. */
void ss_lines_put(SsPage *page, const SsTold *told, int64_t start_ns);
void ss_lines_clear(SsTimeline *self, SsTold *told);

/* --- cost.c --- */

/* SsPlugin's `session_cost`. */
size_t ss_timeline_cost(const void *self, const SsEvent *event, size_t session, size_t all);

/* --- dialogue.c --- */

/* Bytes that a text off the wire may fill. */
size_t ss_dialogue_shown_max(const SsTimeline *self);

bool ss_dialogue_event(SsTimeline *self, SsTold *told, const SsEvent *event);
/* Lays out a line of the conversation; `start_ns` is time zero. */
void ss_dialogue_put(SsPage *page, const SsLine *line, int64_t start_ns, size_t indent);
void ss_line_free(SsLine *line);
/* Adds a line; takes over the texts. */
bool ss_dialogue_say(SsTimeline *self, SsTold *told, const SsEvent *event, SsMark mark, SsInk ink,
                     char *text, SsInk aside_ink, char *aside);
bool ss_dialogue_fact(SsTimeline *self, SsTold *told, const SsEvent *event, char *text);
bool ss_dialogue_alarm(SsTimeline *self, SsTold *told, const SsEvent *event, char *text);
/* What comes next begins a new run of chunks. */
void ss_dialogue_end_chunks(SsTold *told);
/* Books the time since the event before on what took it. */
void ss_dialogue_spend(SsTold *told, SsSpent on, int64_t until_ns);

/* --- dialogue-note.c --- */

bool ss_dialogue_note(SsTimeline *self, SsTold *told, const SsEvent *event);
/* Of a message that ends with its session: content that came to no end. Not live. */
bool ss_dialogue_content_so_far(SsTimeline *self, SsTold *told, const SsEventMessage *message);

/* --- dialogue-tcp.c --- */

/* The notes RESET, CONFLICT and TCP. */
bool ss_dialogue_tcp(SsTimeline *self, SsTold *told, const SsEvent *event);
/* Tells a segment that never came through, as the session's end shows it. Not live. */
void ss_dialogue_tell_stuck(SsTimeline *self, SsTold *told, const SsEventSession *session);
/* Adds to the line of a reset that need not be believed what the session's end shows of it. */
void ss_dialogue_explain_reset(SsTold *told, const SsEventSession *session);

/* --- transcript.c --- */

void ss_transcript_put(SsPage *page, const SsLine *line);
void ss_transcript_put_session(const SsTimeline *self, SsPage *page, const SsTold *told,
                               const SsEventSession *session);

/* --- resend.c --- */

void ss_resend_see_login(const SsTimeline *self, SsTold *told, const SsEventAuth *auth);
void ss_resend_see_message(const SsTimeline *self, SsTold *told, const SsEvent *event);
void ss_resend_put(const SsTimeline *self, SsPage *page, const SsTold *told,
                   const SsEventSession *session);

/* --- wait.c --- */

void ss_wait_begin(SsTold *told, SsSlice verb);
/* `to` is what the reply answered. */
void ss_wait_end(SsTold *told, SsSlice to);
/* What a live session waits for, "the reply to DATA"; NULL for nothing. Owned by the caller. */
char *ss_wait_text(const SsTold *told);

/* --- verdict.c --- */

/* Takes what an event adds to the verdict. */
/* The note SLOW: whether the client waited for the answer to its content. */
void ss_verdict_see_wait(SsTold *told, const SsEventNote *note);
/* The note TLS_REFUSED: the alert that ended a handshake, if one did. */
void ss_verdict_see_alert(SsTold *told, const SsEventNote *note);
void ss_verdict_message(SsTimeline *self, SsTold *told, const SsEvent *event);
void ss_verdict_auth(SsTimeline *self, SsTold *told, const SsEvent *event);
void ss_verdict_tls(SsTimeline *self, SsTold *told, const SsEvent *event);
/* "accepted, queued as 4F5D2A01": a message's verdict on one line. Owned by the caller. */
char *ss_verdict_of_message(const SsTimeline *self, const SsTold *told,
                            const SsEventMessage *message, SsInk *ret_ink);

/* --- judge.c --- */

/* Whether nothing went wrong and nothing is missing: -q leaves such a session out. Its findings are
 * counted. */
bool ss_verdict_is_plain(SsTimeline *self, const SsTold *told, const SsEventSession *session);
/* Writes the verdict; `protection` stands at its right edge where it fits, and may be NULL. */
void ss_judge_put(const SsTimeline *self, SsPage *page, const SsTold *told,
                  const SsEventSession *session, const char *protection);
/* Whether packets of one direction only were captured of a session that had more. */
bool ss_judge_is_unheard(const SsPeer *peer, const SsPeer *other);
/* All of it was captured, and the handshake's end is not in it. */
bool ss_judge_has_no_handshake(const SsTold *told, const SsEventSession *session);

/* --- head.c --- */

void ss_verdict_put_head(SsTimeline *self, SsPage *page, SsTold *told, const SsEvent *event);

/* --- time.c --- */

void ss_time_see_reply(SsTold *told, const SsEventReply *reply);
void ss_time_put(const SsTimeline *self, SsPage *page, const SsTold *told,
                 const SsEventSession *session);

/* --- findings.c --- */

bool ss_verdict_has_finding(const SsTold *told, SsSlice id);
void ss_verdict_finding(SsTimeline *self, SsTold *told, const SsEvent *event);
/* Sorts and counts them, as the session's event has it. */
void ss_verdict_count_findings(SsTimeline *self, SsTold *told, const SsEventSession *session);
void ss_verdict_put_findings(SsPage *page, const SsTold *told, const SsEventSession *session,
                             bool is_quiet);

/* --- message.c --- */

void ss_message_put(const SsTimeline *self, SsPage *page, const SsTold *told,
                    const SsEventMessage *message);

/* --- delivery.c --- */

/* "accepted at the 2nd attempt, 6 min 02 s after it was first greylisted". Owned by the caller. */
char *ss_delivery_verdict(const SsEventDelivery *delivery);
void ss_delivery_put(const SsTimeline *self, SsPage *page, const SsEvent *event);

/* --- summary.c --- */

void ss_totals_count(GPtrArray *reasons, const char *text, uint64_t n, uint64_t *ret_others);
void ss_reason_free(void *reason);
void ss_summary_put(const SsTimeline *self, SsPage *page, const SsEvent *event);
void ss_totals_clear(SsTotals *totals);
