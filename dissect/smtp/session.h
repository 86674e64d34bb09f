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

#include "dissect/smtp/hold.h"
#include "dissect/smtp/line.h"
#include "dissect/smtp/smtp.h"
#include "dissect/smtp/transparency.h"
#include "dissect/smtp/verb.h"
#include "dissect/tls/tls.h"

typedef struct {
    SsStreamFactory base;
    SsSmtpOptions options;
    SsEventSink *sink;
    const SsContentPlan *plan;
    uint64_t n_messages;
    uint64_t n_limits[SS_N_LIMITS];
} SsSmtpFactory;

/* --- a reply, as the server's parser gives it --- */

typedef struct {
    uint64_t code; /* 0 where the line has none */
    SsList lines;  /* of SsSlice: texts without the code */
    SsSlice enhanced;
    SsSlice text;    /* without codes, lines joined by LF */
    SsOrigin origin; /* of its last */
} SsReply;

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

typedef struct {
    uint64_t number; /* in order of MAIL, also of those that come to nothing */
    SsArena arena;
    SsEventMessage event; /* as far as it is known; texts in `arena` */
    SsOrigin origin;      /* of MAIL */
    bool is_mail_answered;
    SsReplyText mail_reply;
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
    bool has_refused_final; /* one of them was a refusal */
    bool is_prdr;           /* 353: each recipient gets one, and then the message */
} SsTransaction;

/* --- the ledger --- */

typedef enum {
    SS_PENDING_COMMAND,
    SS_PENDING_STEP,    /* a line of an AUTH exchange */
    SS_PENDING_CONTENT, /* content, behind DATA or the last BDAT */
} SsPendingKind;

/* What the client has sent and the server has not answered. */
typedef struct {
    SsPendingKind kind;
    const SsVerb *verb;
    char name[16]; /* the verb as the reply event tells it */
    SsOrigin origin;
    uint64_t transaction; /* its number, 0 where it belongs to none */
    size_t rcpt;     /* index into the transaction's recipients, SIZE_MAX where it is not kept */
    uint64_t before; /* RSET, EHLO …: transactions up to this number end with it */
    uint64_t chunk;  /* BDAT: which one of the session, from 1 */
    bool may_be_answered; /* a gap in the replies came after it */
} SsPending;

/* --- an AUTH exchange --- */

typedef struct {
    SsArena arena;
    SsSlice mechanism;
    SsList
        steps; /* of SsSlice: what the client sent, still in base64; the initial response first */
    size_t n_challenges;
    SsSlice challenge; /* the last one, still in base64; absent if none */
    bool is_aborted;
    SsOrigin origin;
    SsList evidence; /* of uint64_t: the packets of its lines */
} SsAuth;

/* --- the two parsers --- */

typedef enum {
    SS_CLIENT_COMMANDS,
    SS_CLIENT_WAIT, /* what follows depends on a reply: bytes are held */
    SS_CLIENT_AUTH, /* the next line is a step of AUTH */
    SS_CLIENT_DATA,
    SS_CLIENT_BDAT,
    SS_CLIENT_LOST, /* looking for a line that is a command beyond doubt */
    SS_CLIENT_TLS,
} SsClientMode;

typedef enum {
    SS_WAIT_DATA,
    SS_WAIT_AUTH,
    SS_WAIT_STARTTLS,
} SsWaitKind;

typedef struct {
    SsClientMode mode;
    SsWaitKind wait;
    bool is_gapped;    /* bytes were lost since the last certain place */
    bool is_held_line; /* what is read now was sent before a reply that has come since */
    SsHold hold;
    SsLineBuffer line;
    SsTransparency transparency;
    uint64_t chunk;      /* the last BDAT's number */
    uint64_t chunk_left; /* of BDAT */
    bool chunk_is_last;
    uint64_t passed_over; /* bytes that could not be read */
    uint64_t transaction; /* the one commands belong to now, 0 for none */
    uint64_t offset;      /* of the next byte to be read, in its stream */
} SsClientParser;

typedef struct {
    SsLineBuffer line;
    SsHold hold; /* what was said before it is known whether this is SMTP */
    SsArena arena;
    SsReply reply; /* of several lines, so far */
    size_t reply_bytes;
    bool in_reply;
    bool is_lost;       /* the start of a line is being looked for */
    bool has_replied;   /* any reply was seen */
    bool has_begun_tls; /* its first bytes behind the client's have come */
    bool is_plain;      /* goes on in the clear though the client began TLS */
    bool is_gapped;     /* replies were lost and the ledger is not certain since */
    uint64_t offset;    /* of the next byte to be read, in its stream */
} SsServerParser;

/* How much is known of what is spoken here. */
typedef enum {
    SS_SPEECH_UNKNOWN,
    SS_SPEECH_GREETED, /* a 220 or 554 on a port that proves nothing */
    SS_SPEECH_SMTP,
    SS_SPEECH_OTHER,
} SsSpeech;

typedef struct {
    SsStreamSink base;
    SsSmtpFactory *factory;
    SsConnection *connection;
    SsOrigin connected; /* the end of the handshake; frame 0: not seen */
    SsSpeech speech;
    SsClientParser client;
    SsServerParser server;
    GQueue ledger;       /* of SsPending */
    GQueue transactions; /* of SsTransaction, not yet decided, oldest first */
    SsAuth *auth;        /* under way, or NULL */
    SsTls *tls;          /* NULL while the session is plain */
    SsSecurity security;
    bool is_lmtp;
    bool has_used;        /* the first MAIL or AUTH behind the last hello was seen */
    bool starttls_agreed; /* 220 to STARTTLS: the client's next bytes tell */
    bool quit_answered;
    bool gave_banner;
    uint64_t n_transactions;
    uint64_t n_messages;
    uint64_t by_outcome[SS_N_OUTCOMES];
    int64_t banner_ns;
    int64_t slowest_ns;
    bool is_closing;
    bool is_login_broken; /* the last login failed: lines that are no commands may be its rest */
    uint64_t charged;     /* to the accountant */
    bool is_cut_off;      /* closing, and what would have come was not captured */
    SsSlice client_name, server_name, server_software; /* owned */
    SsSlice masked; /* owned: the last command that was masked whole; absent behind another */
    SsArena extensions_arena;
    SsList extensions;
} SsSmtp;

/* session.c */
void ss_smtp_event(SsSmtp *smtp, SsEvent *ret_event, SsEventType type, const SsOrigin *origin);
bool ss_smtp_wants(const SsSmtp *smtp, SsEventType type);
void ss_smtp_emit(SsSmtp *smtp, const SsEvent *event);
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
/* Where the piece of a stream ends that is being delivered. */
uint64_t ss_smtp_stream_end(const SsSmtp *smtp, SsDirection direction);
bool ss_smtp_is_one_way(const SsSmtp *smtp, SsDirection direction);
/* Replaces a name the session keeps by a copy of `name`. */
void ss_smtp_set_name(SsSlice *own, SsSlice name);
/* This is SMTP: what was held until that was known is read now. */
void ss_smtp_recognise(SsSmtp *smtp);
/* This is not, on a port that does not count by itself. */
void ss_smtp_refuse(SsSmtp *smtp);
void ss_smtp_start_tls(SsSmtp *smtp, SsSecurity security, const SsOrigin *origin);

/* client.c */
/* The transaction that commands and content belong to now, or NULL. */
SsTransaction *ss_client_transaction(SsSmtp *smtp);
void ss_client_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin);
void ss_client_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin);
/* No reply will come any more: reads what is held by what it looks like. */
void ss_client_finish(SsSmtp *smtp);
/* The reply that the client's bytes waited for has come, or was given up: goes on in `mode`. */
void ss_client_resume(SsSmtp *smtp, SsClientMode mode);
/* Bytes of a command line, or of a message, that has begun and not ended. */
bool ss_client_is_inside(const SsSmtp *smtp);
void ss_client_clear(SsClientParser *client);

/* client-content.c: take from the front of `in` what is content */
void ss_client_take_data(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin);
void ss_client_take_chunk(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin);
void ss_client_end_chunk(SsSmtp *smtp, const SsOrigin *origin);
/* The content's end was lost, and the server has answered it: what comes next are commands. */
void ss_client_infer_end(SsSmtp *smtp, const SsOrigin *origin);

/* command.c */
void ss_command_take(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin);
void ss_command_emit(SsSmtp *smtp, SsSlice name, SsSlice argument, const SsOrigin *origin);
/* What the client's next bytes are depends on a reply. */
void ss_client_wait(SsSmtp *smtp, SsWaitKind kind);

/* server.c */
void ss_server_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin);
void ss_server_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin);
/* Reads what was held while it was not known what is spoken. */
void ss_server_pump(SsSmtp *smtp);
void ss_server_clear(SsServerParser *server);

/* ledger.c */
SsPending *ss_ledger_push(SsSmtp *smtp, SsPendingKind kind, const SsVerb *verb, SsSlice name,
                          const SsOrigin *origin);
/* What the reply answers; the caller frees it. NULL where nothing is known to wait. */
SsPending *ss_ledger_take(SsSmtp *smtp, const SsReply *reply);
/* Replies were lost: what waits now may have been answered. */
void ss_ledger_gap(SsSmtp *smtp);
const SsPending *ss_ledger_oldest(const SsSmtp *smtp);

/* answer.c: what a reply means for the command it answers. Takes the reply to its command, and
 * emits its event. */
void ss_answer(SsSmtp *smtp, const SsReply *reply);

/* transaction.c */
SsTransaction *ss_transaction_open(SsSmtp *smtp, const SsOrigin *origin, bool is_implicit);
SsTransaction *ss_transaction_get(SsSmtp *smtp, uint64_t number);
SsTransaction *ss_transaction_current(SsSmtp *smtp);
void ss_transaction_mail(SsSmtp *smtp, SsTransaction *transaction, SsSlice argument);
size_t ss_transaction_rcpt(SsTransaction *transaction, SsSlice argument);
/* Gives it its index among the session's messages, where it has none. */
void ss_transaction_count(SsSmtp *smtp, SsTransaction *transaction);
void ss_transaction_begin_content(SsSmtp *smtp, SsTransaction *transaction, SsTransfer transfer);
void ss_transaction_content(SsTransaction *transaction, SsSlice bytes, const SsOrigin *origin);
void ss_transaction_content_gap(SsTransaction *transaction, uint64_t n);
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
/* DATA or a chunk was refused; of several refusals the last one is kept. */
void ss_transaction_refuse_data(SsTransaction *transaction, const SsReply *reply);

/* auth.c */
void ss_auth_begin(SsSmtp *smtp, SsSlice argument, const SsOrigin *origin);
void ss_auth_step(SsSmtp *smtp, SsSlice line, const SsOrigin *origin);
void ss_auth_challenge(SsSmtp *smtp, SsSlice text);
/* Replaces in the lines of a reply what the exchange under way would keep secret. */
void ss_auth_mask_reply(SsSmtp *smtp, SsReply *reply, SsArena *arena);
/* `reply` is NULL where none was captured. */
void ss_auth_end(SsSmtp *smtp, const SsReply *reply, const SsOrigin *origin);
void ss_auth_free(SsAuth *auth);
/* What may be shown of a line: secrets masked, unless they are to be shown. In `arena`, or the line
 * itself. */
SsSlice ss_auth_mask_argument(const SsSmtp *smtp, SsArena *arena, const SsCommandLine *command);
bool ss_auth_looks_like_step(SsSlice line);
