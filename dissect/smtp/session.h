/*
 * Inside of the SMTP dissector: what its parts share. One SsSmtp is one session.
 *
 *     stream joint ──► client.c ── commands ──► ledger.c ◄── replies ── server.c ◄── stream joint
 *                         │                        │
 *                         └── content ──► transaction.c ──► message events
 *
 * The client's parser reads commands and content; the server's reads replies; the ledger ties each
 * reply to the oldest command without one; transactions gather what both say of a message.
 */
#pragma once

#include "base/limits.h"
#include "dissect/proxy-header.h"
#include "dissect/recognise.h"
#include "dissect/smtp/extension.h"
#include "dissect/smtp/hold.h"
#include "dissect/smtp/line.h"
#include "dissect/smtp/path.h"
#include "dissect/smtp/put-off.h"
#include "dissect/smtp/sasl.h"
#include "dissect/smtp/shared.h"
#include "dissect/smtp/smtp.h"
#include "dissect/smtp/timing.h"
#include "dissect/smtp/transparency.h"
#include "dissect/smtp/verb.h"
#include "dissect/smtp/watch.h"
#include "dissect/tls/tls.h"
#include "dissect/tunnel.h"

typedef struct {
    SsStreamFactory base;
    SsSmtpOptions options;
    SsEventSink *sink;
    const SsContentPlan *plan;
    uint64_t n_messages;
    uint64_t n_limits[SS_N_LIMITS];
    SsSharedTable shared;
    SsPutOff put_off;
    uint64_t taken[SS_TAKEN_MAX]; /* hashes of the servers and domains that were noted as TAKEN */
} SsSmtpFactory;

/* --- a reply, as the server's parser gives it --- */

typedef struct {
    uint64_t code; /* 0 where the line has none */
    SsList lines;  /* of SsSlice: texts without the code */
    SsSlice enhanced;
    SsSlice text;       /* without codes, lines joined by LF */
    SsOrigin origin;    /* of its last */
    bool is_cut;        /* bytes of it are missing */
    uint64_t cut_lines; /* which of `lines` lack their end, from bit 0; the last bit is for all
                           behind it */
} SsReply;

static inline bool
ss_reply_is_line_cut(const SsReply *reply, size_t line)
{
    return (reply->cut_lines >> MIN(line, 63)) & 1;
}

static inline bool
ss_reply_is_positive(const SsReply *reply)
{
    return reply->code >= 200 && reply->code < 300;
}

static inline bool
ss_reply_is_refusal(const SsReply *reply)
{
    return reply->code >= 400 && reply->code < 600;
}

/* --- a message in progress --- */

typedef struct SsTransaction SsTransaction;
struct SsTransaction {
    SsTransaction *next, *prev; /* in the session's list */
    uint64_t number;            /* in order of MAIL, also of those that come to nothing */
    SsArena arena;
    SsEventMessage event; /* as far as it is known; texts in `arena` */
    SsOrigin origin;      /* of MAIL */
    bool is_mail_answered;
    SsReplyText mail_reply;
    SsMessageTimes times;
    size_t n_accepted, n_refused; /* recipients */
    SsReplyText last_refusal;     /* of a recipient; in `last_arena` */
    SsArena last_arena;
    SsReplyText data_reply; /* a refusal of DATA or BDAT; in `data_arena` */
    SsArena data_arena;
    SsReplyText early_reply; /* came while the content was still on its way */
    bool has_early_reply;
    bool has_content; /* its transfer has begun */
    bool is_content_whole;
    bool is_content_over; /* whole, or cut off */
    SsOrigin content_first, content_last;
    size_t n_final;         /* replies to the content so far, where each recipient gets one */
    size_t next_final;      /* index of the recipient from which on the next one is looked for */
    bool has_refused_final; /* one of them was a refusal */
    bool has_lost;          /* commands of it may be missing, or replies before its content */
    bool has_cut_reply;     /* of the replies to the content one lacks the end of a line */
    bool is_prdr;           /* 353: each recipient gets one, and then the message */
    bool is_partly_remote;  /* BURL: some of the content is fetched by the server */
    bool is_watched;        /* `watch` sees its content */
    SsWatch watch;
};

/* Those not yet decided, oldest first. */
typedef struct {
    SsTransaction *head, *tail;
} SsTransactions;

/* --- the ledger --- */

typedef enum {
    SS_PENDING_COMMAND,
    SS_PENDING_STEP,    /* a line of an AUTH exchange, or the bytes behind XEXCH50 */
    SS_PENDING_CONTENT, /* content, behind DATA or the last BDAT */
} SsPendingKind;

/* What the client has sent and the server has not answered. */
typedef struct SsPending SsPending;
struct SsPending {
    SsPending *next, *prev; /* in the ledger */
    SsPendingKind kind;
    const SsVerb *verb;
    char name[16]; /* the verb as the reply event tells it */
    SsOrigin origin;
    int64_t since_ns;     /* the reply before it; 0: none */
    int64_t left_ns;      /* of content: the client would not wait for it any longer; 0: it did */
    uint64_t transaction; /* its number, 0 where it belongs to none */
    size_t rcpt;        /* index into the transaction's recipients, SIZE_MAX where it is not kept */
    uint64_t before;    /* RSET, EHLO …: transactions up to this number end with it */
    bool is_chunk_open; /* BDAT, and its chunk has not ended */
    bool may_be_answered; /* a gap in the replies came after it */
    bool is_behind;       /* it was sent while another waited */
};

/* Codes that do not answer every command (RFC 5321 section 4.2.3, RFC 4954 section 6): the first
 * two but one each. */
typedef enum {
    SS_TELLING_354,
    SS_TELLING_AUTH, /* 334, 235 */
    SS_TELLING_221,
    SS_TELLING_250, /* all but a few */
    SS_N_TELLING,
} SsTelling;

typedef struct {
    SsPending *head, *tail; /* oldest first */
} SsLedger;

/* --- an AUTH exchange --- */

typedef struct {
    SsArena arena;
    SsSlice mechanism;
    SsList turns;     /* of SsSaslTurn; the initial response first */
    size_t bytes;     /* of them */
    uint64_t n_steps; /* what the client sent, the initial response included */
    bool is_aborted;
    SsOrigin origin;
    SsList evidence; /* of uint64_t: the packets of its lines */
} SsAuth;

/* --- the two parsers --- */

/* Members are small, and what a quiet session does not need is not there: a server may have
 * hundreds of thousands of them. */

typedef enum {
    SS_CLIENT_COMMANDS,
    SS_CLIENT_WAIT, /* what follows depends on a reply: bytes are held */
    SS_CLIENT_AUTH, /* the next line is a step of AUTH */
    SS_CLIENT_DATA,
    SS_CLIENT_BDAT,
    SS_CLIENT_BLOB, /* bytes of a known number that are no content: XEXCH50 */
    SS_CLIENT_LOST, /* looking for a line that is a command beyond doubt */
    SS_CLIENT_TLS,
} SsClientMode;

typedef enum {
    SS_WAIT_DATA,
    SS_WAIT_AUTH,
    SS_WAIT_STARTTLS,
    SS_WAIT_BLOB,
    SS_WAIT_TURN,
} SsWaitKind;

typedef struct {
    SsHold hold;
    SsLineBuffer line;
    uint64_t chunk_left;  /* of BDAT, or of XEXCH50 */
    uint64_t passed_over; /* bytes that could not be read */
    uint64_t transaction; /* the one commands belong to now, 0 for none */
    SsTransparency transparency;
    uint8_t mode; /* SsClientMode */
    uint8_t wait; /* SsWaitKind */
    bool chunk_is_last;
    bool is_gapped;     /* bytes were lost since the last certain place */
    bool is_held_line;  /* what is read now was sent before a reply that has come since */
    bool is_behind_gap; /* the line that is read now may have begun in a hole */
    bool is_contested;  /* other readings came: lines that are no commands may be parts of one */
} SsClientParser;

/* A reply of which not all lines have come. */
typedef struct {
    SsArena arena;
    SsReply reply; /* texts in `arena` */
    size_t bytes;
} SsReplyBegun;

typedef struct {
    SsLineBuffer line;
    SsHold hold;         /* what was said before it is known whether this is SMTP */
    SsReplyBegun *begun; /* NULL while there is none */
    bool is_lost;        /* the start of a line is being looked for */
    bool has_replied;    /* any reply was seen */
    bool has_begun_tls;  /* its first bytes behind the client's have come */
    bool is_plain;       /* goes on in the clear though the client began TLS */
    bool is_gapped;      /* replies were lost and the ledger is not certain since */
} SsServerParser;

/* What a client says before SMTP, while it is read. */
typedef enum {
    SS_PRELUDE_NEW, /* it has said nothing */
    SS_PRELUDE_READING,
    SS_PRELUDE_OVER,
} SsPreludeState;

typedef struct {
    SsHold held[2];
    size_t to_skip;   /* bytes of a header that have not come */
    SsTunnel *tunnel; /* being opened, or NULL */
} SsPrelude;

/* Bytes held of both sides while a tunnel is being opened. */
#define SS_PRELUDE_MAX 65536

/* How much a server says that it takes of one session (LIMITS, RFC 9422); UINT64_MAX: any. */
typedef struct {
    uint64_t mail_max, rcpt_max, domain_max;
    uint64_t n_mail; /* since it was first said */
    size_t n_domains;
    uint64_t domains[SS_QUOTA_DOMAINS_MAX]; /* keyed hashes of those of the recipients */
} SsQuota;

typedef struct {
    SsList list; /* of SsPair, in `arena` */
    SsArena arena;
    size_t made; /* size of `arena` when it was made */
} SsAttributes;

/* What a proxy says of its client. */
typedef struct {
    SsAttributes client;  /* by XCLIENT */
    SsAttributes asked;   /* by one that has not been answered */
    SsAttributes message; /* by XFORWARD, for the next message */
} SsForwarded;

/* What few sessions have to keep, or none for long. */
typedef struct {
    SsPrelude *prelude;                 /* while that is read, or NULL */
    SsProxyHeader *proxied;             /* of a load balancer, or NULL */
    SsQuota *quota;                     /* where the server offers LIMITS, or NULL */
    SsForwarded *forwarded;             /* of a proxy that speaks SMTP, or NULL */
    SsShared *tunnel;                   /* texts of the one that this came through, or NULL */
    uint8_t first[2][SS_RECOGNISE_MAX]; /* bytes of what was not recognised */
    uint8_t n_first[2];
    uint8_t tunnel_kind; /* SsTunnelKind */
    uint8_t not_opened;  /* SsTunnelKind of what was asked for and not granted */
    SsOrigin connected;  /* the end of the handshake, until it has been told; frame 0: none */
    SsHidden *hidden;    /* in the last content, until the server's replies to it are all there */
    SsSlice masked;      /* owned: commands that were masked, with LF between; absent for none */
    uint64_t behind[2];  /* bytes that the prelude held, behind those that are passed on now */
    uint64_t offset[2];  /* of the next byte to be read in each stream, where spans are wanted */
    SsOrigin early;      /* the client's first bytes, where no banner was given; frame 0: none */
    const SsVerb *early_verb; /* its first command since, or NULL */
} SsSmtpExtra;

/* How much is known of what is spoken here. */
typedef enum {
    SS_SPEECH_UNKNOWN,
    SS_SPEECH_GREETED, /* a 220 or 554 on a port that proves nothing */
    SS_SPEECH_SMTP,
    SS_SPEECH_OTHER,
} SsSpeech;

/* What a server offered to its last hello. */
typedef enum {
    SS_OFFER_NONE, /* also before any hello */
    SS_OFFER_MADE,
    SS_OFFER_UNKNOWN,
} SsOffer;

typedef enum {
    SS_LOGIN_NONE,
    SS_LOGIN_TRIED, /* and not refused, as far as was seen */
    SS_LOGIN_DONE,
} SsLogin;

#define SS_SAYS_NAME 0
#define SS_SAYS_SOFTWARE 1

/* What a session keeps from the first MAIL or login on. */
typedef struct {
    SsMailTimes times;
    uint32_t by_outcome[SS_N_OUTCOMES];
} SsMailTally;

/* A text of a session's own. */
typedef struct {
    uint16_t len;
    uint8_t bytes[];
} SsName;

typedef struct {
    SsStreamSink base;
    SsSmtpFactory *factory;
    SsConnection *connection;
    SsSmtpExtra *extra; /* NULL while there is nothing in it */
    SsClientParser client;
    SsServerParser server;
    SsLedger ledger;
    SsTransactions transactions;
    uint16_t n_pending, n_open; /* in the ledger, and transactions */
    uint16_t n_221, n_250;      /* in the ledger: what such a reply can answer */
    SsAuth *auth;               /* under way, or NULL */
    SsTls *tls;                 /* NULL while the session is plain */
    uint32_t n_transactions, n_messages;
    SsMailTally *mail; /* NULL before the first MAIL or login */
    SsSessionTimes times;
    int64_t banner_ns;
    int64_t slowest_ns;
    SsName *client_name;   /* of HELO; NULL where none was given */
    SsShared *server_says; /* in its banner: SS_SAYS_NAME, SS_SAYS_SOFTWARE */
    SsShared *extensions;
    uint64_t hello_frame; /* of the reply to the last EHLO; 0: it does not say what is offered */
    uint8_t speech;       /* SsSpeech */
    uint8_t security;     /* SsSecurity */
    bool is_lmtp : 1;
    bool offers_tls : 1;
    bool knows_offer : 1;           /* the reply to the last EHLO was seen whole */
    uint32_t charged;               /* to the accountant, bytes */
    SsExtensions offered;           /* in that reply */
    SsExtensions ever_offered;      /* in any */
    SsExtensions used, not_offered; /* by the client, and what of it was not on offer then */
    bool has_used : 1;              /* the first MAIL or AUTH behind the last hello was seen */
    bool starttls_agreed : 1;       /* 220 to STARTTLS: the client's next bytes tell */
    bool was_greeted_plainly : 1; /* the last hello that was answered was HELO, which offers nothing
                                   */
    bool quit_answered : 1;
    bool gave_banner : 1;
    uint8_t prelude; /* SsPreludeState */
    bool has_server_spoken : 1;
    bool says_ftp : 1;    /* the banner */
    bool is_turned : 1;   /* who has connected is the server: see turn.c */
    bool has_turned : 1;  /* it was, at some time */
    bool turn_agreed : 1; /* 250 to TURN or ATRN: the next bytes are of the other role */
    bool is_closing : 1;
    bool
        is_login_broken : 1; /* the last login failed: lines that are no commands may be its rest */
    bool is_cut_off : 1;     /* closing, and what would have come was not captured */
    /* order.c's */
    uint8_t pipelining;     /* SsOffer */
    uint8_t login;          /* SsLogin */
    bool has_greeted : 1;   /* a hello was accepted */
    bool has_pipelined : 1; /* behind the last hello, and it was told */
    bool is_plain_told : 1; /* what was said in the clear behind the last 220 to STARTTLS */
    bool has_spoken : 1;    /* the client, and not before SMTP */
    uint64_t secret_to[2];  /* before these offsets of the two streams there may be a login */
} SsSmtp;

/* session.c */
void ss_smtp_event(SsSmtp *smtp, SsEvent *ret_event, SsEventType type, const SsOrigin *origin);
static inline bool
ss_smtp_wants(const SsSmtp *smtp, SsEventType type)
{
    return ss_event_sink_wants(smtp->factory->sink, type);
}

void ss_smtp_emit(SsSmtp *smtp, const SsEvent *event);
/*
 * Directions are roles here: SS_CLIENT is who sends commands, which after TURN is who was connected
 * to. This makes of a role the direction of the connection, and of that the role.
 */
static inline SsDirection
ss_smtp_turned(const SsSmtp *smtp, SsDirection direction)
{
    return smtp->is_turned ? (SsDirection)!direction : direction;
}
/* A note with what is said of each filled in. False where nobody wants it. */
bool ss_smtp_note_begin(SsSmtp *smtp, SsEvent *ret_event, SsNoteKind kind, SsDirection direction,
                        const SsOrigin *origin);
void ss_smtp_note(SsSmtp *smtp, SsNoteKind kind, SsDirection direction, uint64_t span,
                  const SsOrigin *origin);
/* `ip` is where the text of the address stands. */
void ss_smtp_endpoint(const SsSmtp *smtp, SsDirection direction, SsEndpoint *ret_endpoint,
                      char ip[46]);
/* A cap was met, which cost `span` bytes: counted, and noted. */
void ss_smtp_limit(SsSmtp *smtp, SsSmtpLimit limit, SsDirection direction, uint64_t span,
                   const SsOrigin *origin);
/* Where the piece of a stream ends that is being read. */
uint64_t ss_smtp_stream_end(const SsSmtp *smtp, SsDirection direction);
bool ss_smtp_is_one_way(const SsSmtp *smtp, SsDirection direction);
/* Bytes that are no prelude, to their parser. */
void ss_smtp_read(SsSmtp *smtp, SsDirection direction, SsSlice bytes, const SsOrigin *origin);
/* This is SMTP: what was held until that was known is read now. */
void ss_smtp_recognise(SsSmtp *smtp);
/* This is not, on a port that does not count by itself. */
void ss_smtp_refuse(SsSmtp *smtp);
void ss_smtp_start_tls(SsSmtp *smtp, SsSecurity security, const SsOrigin *origin);

/* keep.c */
/* Both cut names at the same length. */
void ss_smtp_set_client_name(SsSmtp *smtp, SsSlice name);
void ss_smtp_set_server_names(SsSmtp *smtp, SsSlice name, SsSlice software);
/* What the session keeps beside, made where there is none; and freed where nothing is in it. */
SsSmtpExtra *ss_smtp_extra(SsSmtp *smtp);
void ss_smtp_extra_trim(SsSmtp *smtp);
/* A command line of which something was masked: the server may say it again. */
void ss_smtp_add_masked(SsSmtp *smtp, SsSlice line);
void ss_smtp_forget_masked(SsSmtp *smtp);
/* The last of them. */
SsSlice ss_smtp_last_masked(const SsSmtp *smtp);
/* All of these: the last call. */
void ss_smtp_forget(SsSmtp *smtp);
/* What the session keeps now is charged to the accountant, in place of what it kept before. */
void ss_smtp_charge(SsSmtp *smtp);

/* prelude.c: before SMTP. Takes the bytes of both sides, and gives them on. */
void ss_prelude_data(SsSmtp *smtp, SsDirection direction, SsSlice bytes, const SsOrigin *origin);
/* No more will come of it, or there is a hole: what is held is read. */
void ss_prelude_finish(SsSmtp *smtp);
void ss_prelude_clear(SsSmtp *smtp, SsSmtpExtra *extra);
/* Into the session's event; what it points to is the caller's. */
void ss_prelude_fill(const SsSmtp *smtp, SsEventSession *session, SsProxied *proxied,
                     SsTunneled *tunneled);
/* What is spoken where it is not SMTP; absent where it is, or is not known. */
SsSlice ss_prelude_protocol(const SsSmtp *smtp);
/* The same by what the server said alone, while it may not be SMTP. */
SsSlice ss_prelude_server_protocol(const SsSmtp *smtp);
/* SS_CLIENT or SS_SERVER, whichever would begin so, or -1. */
int ss_smtp_who_says(const SsStreamFactory *factory, SsSlice bytes);

/* client.c */
/* The transaction that commands and content belong to now, or NULL. */
SsTransaction *ss_client_transaction(SsSmtp *smtp);
void ss_client_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin);
void ss_client_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin);
/* No reply will come any more: reads what is held by what it looks like. */
void ss_client_finish(SsSmtp *smtp);
/* The reply that the client's bytes waited for has come, or was given up: goes on in `mode`. */
void ss_client_resume(SsSmtp *smtp, SsClientMode mode);
/* A reply has come, and no command waits for it: lines that end with CR alone were taken for such.
 */
void ss_client_take_cr_lines(SsSmtp *smtp);
/* Bytes of a command line, or of a message, that has begun and not ended. */
bool ss_client_is_inside(const SsSmtp *smtp);
void ss_client_clear(SsClientParser *client);

/* burl.c */
void ss_burl_take(SsSmtp *smtp, SsPending *pending, SsSlice argument, const SsOrigin *origin);
/* What may be shown of the argument: what gives access to the message is masked, unless secrets are
 * to be shown. In `arena`, or the argument itself. */
SsSlice ss_burl_mask(const SsSmtp *smtp, SsArena *arena, SsSlice argument);
/* That: the rest of the URL from there on. */
SsSlice ss_burl_secret(SsSlice argument);

/* client-content.c: take from the front of `in` what is content */
void ss_client_take_data(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin);
void ss_client_take_chunk(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin);
void ss_client_take_blob(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin);
/* The mode that it is read in. */
SsClientMode ss_client_begin_blob(SsSmtp *smtp, const SsOrigin *origin);
/* All of it has come, or what has not is lost. */
void ss_client_end_blob(SsSmtp *smtp, const SsOrigin *origin);
void ss_client_end_chunk(SsSmtp *smtp, const SsOrigin *origin);
/* The content's end was lost, and the server has answered it: what comes next are commands. */
void ss_client_infer_end(SsSmtp *smtp, const SsOrigin *origin);

/* content-notes.c */
/* The content of a message begins: it is watched, where somebody wants that. */
void ss_content_watch(const SsSmtp *smtp, SsTransaction *transaction);
/* It has ended: what was odd about it is noted. */
void ss_content_tell(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin);
/* The message was decided: further replies may be to what is hidden in its content. */
void ss_hidden_begin(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin);
/* One reply more came while the content was on its way. */
void ss_hidden_see_early(SsTransaction *transaction, const SsReply *reply);
/* Whether the reply is to a hidden command, and to none of the client's. */
bool ss_hidden_takes_reply(SsSmtp *smtp, const SsReply *reply);
/* No more of these will come: noted. */
void ss_hidden_settle(SsSmtp *smtp, const SsOrigin *origin);
/* Whether the last reply to EHLO offers this; `keyword` in upper case. */
bool ss_smtp_is_offered(const SsSmtp *smtp, SsSlice keyword);

bool ss_transaction_has_param(const SsTransaction *transaction, SsSlice key);

/* line-notes.c: notes on what of a line is not as RFC 5321 has it */
void ss_line_note(SsSmtp *smtp, SsDirection direction, const char *word, SsSlice verb,
                  const SsOrigin *origin);
void ss_line_note_bare(SsSmtp *smtp, SsDirection direction, const SsLine *line);
void ss_line_note_command(SsSmtp *smtp, const SsLine *line, const SsCommandLine *command);
void ss_line_note_step(SsSmtp *smtp, const SsLine *line);
/* `code` is 0 where the line has none; `begun` is that of the reply it goes on with, or 0. */
void ss_line_note_reply(SsSmtp *smtp, const SsLine *line, uint64_t code, uint64_t begun);
void ss_line_note_address(SsSmtp *smtp, const SsTransaction *transaction,
                          const SsCommandLine *command, SsSlice address, const SsOrigin *origin);

/* command.c */
void ss_command_take(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin);
void ss_command_emit(SsSmtp *smtp, SsSlice name, SsSlice argument, const SsOrigin *origin);
/* The transaction that commands belong to; one whose MAIL was lost is opened. May be NULL. */
SsTransaction *ss_command_transaction(SsSmtp *smtp, const SsOrigin *origin);
/* What the client's next bytes are depends on a reply. */
void ss_client_wait(SsSmtp *smtp, SsWaitKind kind);

/* syntax.c: notes on what of a command is not as its RFC has it, each in a fixed word */
void ss_syntax_note(SsSmtp *smtp, const SsCommandLine *command, const char *word,
                    const SsOrigin *origin);
/* The line as a whole. */
void ss_syntax_line(SsSmtp *smtp, const SsLine *line, const SsCommandLine *command);
/* The argument of MAIL or RCPT; `malformed` of its parameters are. */
void ss_syntax_path(SsSmtp *smtp, const SsCommandLine *command, const SsPath *path,
                    unsigned malformed, const SsOrigin *origin);

/* offer.c */
/* The lines of a reply to EHLO; `is_whole`: there were no others. */
void ss_offer_take(SsSmtp *smtp, const SsSlice *offers, size_t n, bool is_whole);
/* What was offered holds no longer. */
void ss_offer_forget(SsSmtp *smtp);
void ss_offer_use(SsSmtp *smtp, SsExtensions uses);
void ss_offer_use_verb(SsSmtp *smtp, const SsVerb *verb);
/* MAIL and RCPT within what the server takes; RCPT is the `n`th of its message. */
void ss_offer_check_mail(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin);
void ss_offer_check_rcpt(SsSmtp *smtp, const SsCommandLine *command, uint64_t n, SsSlice address,
                         const SsOrigin *origin);
/* The lists of the session's event, in `arena`. */
void ss_offer_fill(const SsSmtp *smtp, SsArena *arena, SsEventSession *session);

/* forwarded.c */
/* XCLIENT, and what was answered to it. */
void ss_forwarded_ask(SsSmtp *smtp, SsSlice argument);
void ss_forwarded_answer(SsSmtp *smtp, bool is_taken);

/* The address of the client behind a proxy, as XCLIENT or else a load balancer's header tells it;
 * absent where neither does. */
SsSlice ss_smtp_true_client(const SsSmtp *smtp);
/* XFORWARD; given to the transaction that MAIL opens, or dropped by RSET and its like. */
void ss_forwarded_add(SsSmtp *smtp, SsSlice argument);
void ss_forwarded_give(SsSmtp *smtp, SsTransaction *transaction);
void ss_forwarded_drop(SsSmtp *smtp);
void ss_forwarded_refuse(SsSmtp *smtp, const SsPending *pending);
uint64_t ss_forwarded_size(const SsForwarded *kept);
void ss_forwarded_free(SsForwarded *kept);

/* turn.c: the roles turn. `rest` is what comes next from who was the server. */
void ss_smtp_turn(SsSmtp *smtp, SsSlice rest, const SsOrigin *origin);

/* server.c */
void ss_server_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin);
void ss_server_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin);
/* Reads what was held while it was not known what is spoken. */
void ss_server_pump(SsSmtp *smtp);
/* The client goes on, or all is over: a reply whose end was lost is given as far as it came. */
void ss_server_settle(SsSmtp *smtp);
/* All is over. */
void ss_server_finish(SsSmtp *smtp);
void ss_server_clear(SsServerParser *server);

/* ledger.c */
SsPending *ss_ledger_push(SsSmtp *smtp, SsPendingKind kind, const SsVerb *verb, SsSlice name,
                          const SsOrigin *origin);
/* What the reply answers; the caller frees it. NULL where nothing is known to wait. */
SsPending *ss_ledger_take(SsSmtp *smtp, const SsReply *reply);
/* Replies were lost: what waits now may have been answered. */
void ss_ledger_gap(SsSmtp *smtp);
/* Waits before all others. */
void ss_ledger_push_front(SsSmtp *smtp, SsPending *pending);
void ss_ledger_clear(SsSmtp *smtp);
const SsPending *ss_ledger_oldest(const SsSmtp *smtp);
/* The client takes its leave, or drops the message: if it has waited for the reply to content, it
 * has given up. What comes in one go with the content (RFC 2920) has not waited. */
void ss_ledger_leave(SsSmtp *smtp, const SsOrigin *origin);
/* Whether a reply of this code can answer that command. */
bool ss_ledger_fits(const SsPending *pending, uint64_t code);

/* answer.c: what a reply means for the command it answers. Takes the reply to its command, and
 * emits its event. */
void ss_answer(SsSmtp *smtp, const SsReply *reply);

/* transaction.c */
SsTransaction *ss_transaction_open(SsSmtp *smtp, const SsOrigin *origin, bool is_implicit);
SsTransaction *ss_transaction_get(SsSmtp *smtp, uint64_t number);
SsTransaction *ss_transaction_current(SsSmtp *smtp);
/* Commands are missing: what became of those that are open may be too. */
void ss_transactions_lose(SsSmtp *smtp);
void ss_transaction_mail(SsSmtp *smtp, SsTransaction *transaction, const SsCommandLine *command,
                         const SsOrigin *origin);
/* Its index among the recipients that are kept, else SIZE_MAX. */
size_t ss_transaction_rcpt(SsSmtp *smtp, SsTransaction *transaction, const SsCommandLine *command,
                           const SsOrigin *origin);
/* Gives it its index among the session's messages, where it has none. */
void ss_transaction_count(SsSmtp *smtp, SsTransaction *transaction);
void ss_transaction_begin_content(SsSmtp *smtp, SsTransaction *transaction, SsTransfer transfer);
void ss_transaction_content(SsTransaction *transaction, SsSlice bytes, const SsOrigin *origin);
void ss_transaction_content_gap(SsTransaction *transaction, uint64_t n);
/* Part of the content is fetched from `url`, which may be shown. */
void ss_transaction_fetch_content(SsTransaction *transaction, SsSlice url);
void ss_transaction_end_content(SsSmtp *smtp, SsTransaction *transaction, bool is_whole,
                                const SsOrigin *origin);
/* Drops one that never was: MAIL out of sequence. */
void ss_transaction_drop(SsSmtp *smtp, SsTransaction *transaction);
void ss_transaction_rcpt_reply(SsTransaction *transaction, size_t rcpt, const SsReply *reply);
/* A reply of its own to the content for one more recipient (RFC 2033 section 4.2); true when all
 * have theirs. */
bool ss_transaction_rcpt_final(SsTransaction *transaction, const SsReply *reply);
/* Its outcome is known: emits the message's event. `final` is the reply to its content, or NULL. */
void ss_transaction_decide(SsSmtp *smtp, SsTransaction *transaction, const SsReply *final,
                           const SsOrigin *origin);
/* Decides all up to `number`, given up by the command that `origin` answers. */
void ss_transaction_decide_before(SsSmtp *smtp, uint64_t number, const SsOrigin *origin);
SsReplyText ss_reply_text_dup(SsArena *arena, const SsReply *reply);
/* Borrowed from the reply. */
SsReplyText ss_reply_text_borrow(const SsReply *reply);
/* DATA or a chunk was refused; of several refusals the last one is kept. */
void ss_transaction_refuse_data(SsTransaction *transaction, const SsReply *reply);

/* timing.c: books the time since what was said before. Each is called before its cause takes
 * effect. */
void ss_timing_client(SsSmtp *smtp, const SsOrigin *origin);
void ss_timing_content(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin);
void ss_timing_reply(SsSmtp *smtp, SsPending *pending, const SsOrigin *origin, bool is_banner);
void ss_timing_login(SsSmtp *smtp, const SsAuth *auth, const SsOrigin *origin);
void ss_timing_open(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin);
void ss_timing_finish(SsSmtp *smtp, SsCloseReason reason);
void ss_timing_fill_session(const SsSmtp *smtp, SsEventSession *session);
void ss_timing_fill_message(SsTransaction *transaction, const SsOrigin *decided);

/* auth.c */
void ss_auth_begin(SsSmtp *smtp, SsSlice argument, const SsOrigin *origin);
void ss_auth_step(SsSmtp *smtp, SsSlice line, const SsOrigin *origin);
/* What a 334 asks. */
void ss_auth_challenge(SsSmtp *smtp, SsSlice text);
/* `reply` is NULL where none was captured. */
void ss_auth_end(SsSmtp *smtp, const SsReply *reply, const SsOrigin *origin);
void ss_auth_free(SsAuth *auth);
/* Whether of a turn's text no more was kept. */
bool ss_auth_is_cut(SsSlice kept);
/* What the exchange says so far; `reply` is the one that comes now, or NULL. */
SsSaslLogin ss_auth_read(const SsAuth *auth, const SsReply *reply, SsArena *arena);
/* Whether a word may be shown as a mechanism's name; `is_auth`: it stands behind AUTH. */
bool ss_auth_is_mechanism(SsSlice word, bool is_auth);

/* auth-mask.c: what may be shown, unless secrets are to be. In `arena`, or what was given. */
#define SS_AUTH_MASK "********"
SsSlice ss_auth_mask_argument(const SsSmtp *smtp, SsArena *arena, const SsCommandLine *command);
/* Of any command, what stands behind a CR in it and is a login. */
SsSlice ss_auth_mask_behind_cr(const SsSmtp *smtp, SsArena *arena, SsSlice argument);
/* Of a reply, what the exchange under way, or the commands masked before it, would keep secret. */
void ss_auth_mask_reply(SsSmtp *smtp, SsReply *reply, SsArena *arena);
/* Of what the server said in the exchange. */
SsSlice ss_auth_mask_text(const SsSmtp *smtp, const SsAuth *auth, const SsSaslLogin *login,
                          SsArena *arena, SsSlice text);
bool ss_auth_looks_like_step(SsSlice line);

/* tcp-notes.c: what TCP says of the session. The first two are the joint's. */
void ss_tcp_note_conflict(SsStreamSink *sink, SsDirection direction, const SsConflict *conflict);
void ss_tcp_note_remark(SsStreamSink *sink, SsDirection direction, SsRemark remark,
                        const SsOrigin *origin);
/* `by` has sent the connection's last packet, a reset. */
void ss_tcp_note_reset(SsSmtp *smtp, SsDirection by);
/* What has come of this direction so far may hold a secret: no reading of it is shown. */
void ss_tcp_note_secret(SsSmtp *smtp, SsDirection direction);

/* Room for what a session's event points to. */
typedef struct {
    SsTally remarks[SS_N_REMARKS];
    SsTcpTrouble trouble;
} SsTcpTold;

/* Fills in `remarks` and `trouble`, which point into `room`. */
void ss_tcp_note_session(const SsSmtp *smtp, SsTcpTold *room, SsEventSession *session);
