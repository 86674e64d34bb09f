/*
 * The events: what smtpscope says about the traffic, and the table that describes their fields.
 *
 * Code that decides reads the tagged struct. Code that serialises (JSON, CSV, the schema,
 * docs/events.md, the deep copy into an arena) walks `ss_event_fields(type)`: a new field is one
 * struct member and one row in event.c.
 *
 * Texts are raw bytes off the wire or decoded UTF-8, never NUL-terminated; an absent text is JSON's
 * null. While a dissector emits an event its texts are borrowed; the queue copies what it keeps.
 */
#pragma once

#include "base/arena.h"
#include "base/origin.h"
#include "base/slice.h"

typedef enum {
    SS_EVENT_SESSION,
    SS_EVENT_MESSAGE,
    SS_EVENT_AUTH,
    SS_EVENT_TLS,
    SS_EVENT_COMMAND,
    SS_EVENT_REPLY,
    SS_EVENT_FINDING,
    SS_EVENT_DELIVERY,
    SS_EVENT_CAPTURE,
    SS_EVENT_NOTE,   /* internal: for detectors and live views, never written */
    SS_EVENT_PACKET, /* internal: every packet read, for those who show packets */
    SS_EVENT_SPAN,   /* internal: what bytes of a stream mean, likewise */
    SS_N_EVENT_TYPES,
} SsEventType;

/* A set of event types, as outputs and detectors ask for them. */
#define SS_WANT(type) (UINT64_C(1) << (type))
#define SS_WANT_ALL_WRITTEN (SS_WANT(SS_EVENT_NOTE) - 1)

/* Of messages only those in which something was refused, and those that may be a further attempt of
 * one that was put off; the others need not be built. */
#define SS_WANT_REFUSALS (UINT64_C(1) << 32)

/* "Not known" of an optional count; optional durations and times use SS_TIME_NONE. */
#define SS_COUNT_NONE UINT64_MAX

/* --- how fields are described --- */

typedef enum {
    SS_FIELD_TEXT,     /* SsSlice */
    SS_FIELD_TIME,     /* int64_t packet time, ns */
    SS_FIELD_DURATION, /* int64_t ns, written as seconds */
    SS_FIELD_COUNT,    /* uint64_t */
    SS_FIELD_CODE,     /* uint64_t, 0 is null */
    SS_FIELD_OPTIONAL, /* uint64_t, SS_COUNT_NONE is null */
    SS_FIELD_BOOL,     /* bool */
    SS_FIELD_TRISTATE, /* int8_t: -1 is null, 0, 1 */
    SS_FIELD_ENUM,     /* int, an index into `names`; -1 is null */
    SS_FIELD_UID,      /* uint64_t, 16 hex digits; 0 is null */
    SS_FIELD_OBJECT,   /* a struct in place, described by `fields` */
    SS_FIELD_POINTER,  /* pointer to a struct described by `fields`; NULL is null */
    SS_FIELD_LIST,     /* SsList of structs described by `fields` */
    SS_FIELD_TEXTS,    /* SsList of SsSlice */
    SS_FIELD_COUNTS,   /* SsList of uint64_t */
    SS_FIELD_RANGE,    /* uint64_t[2], written as [first, last] */
    SS_FIELD_MAP,      /* SsList of SsPair: an object of texts */
    SS_FIELD_TALLY,    /* SsList of SsTally: an object of counts */
    SS_FIELD_DETAIL,   /* SsDetail: an object whose table comes with it */
    SS_FIELD_SIGNED,   /* int64_t, SS_TIME_NONE is null */
    SS_N_FIELD_KINDS,
} SsFieldKind;

typedef struct SsField SsField;
struct SsField {
    const char *name; /* NULL ends a table */
    SsFieldKind kind;
    size_t offset;
    const SsField *fields;    /* of OBJECT, POINTER, LIST */
    size_t size;              /* of the struct of POINTER, LIST */
    const char *const *names; /* of ENUM, NULL-terminated */
    bool nullable;            /* of TEXT, TIME, DURATION: absent is null */
    bool is_internal;         /* kept with the event, never written */
    const char *doc;
};

/* `total` is the true number where the list was cut, else equal to `n`. */
typedef struct {
    void *items;
    size_t n;
    uint64_t total;
} SsList;

typedef struct {
    SsSlice key;
    SsSlice value;
} SsPair;

typedef struct {
    SsSlice key;
    uint64_t n;
} SsTally;

typedef struct {
    const SsField *fields;
    size_t size;
    const void *value;
} SsDetail;

/* --- the events --- */

typedef struct {
    SsSlice ip; /* text form */
    uint64_t port;
} SsEndpoint;

typedef struct {
    SsEndpoint at;
    SsSlice name;
    uint64_t packets;
    uint64_t bytes; /* payload delivered, retransmissions not counted */
    uint64_t retransmitted_bytes;
    uint64_t missing_bytes;
    uint64_t retransmitted_packets;
    uint64_t zero_windows;
    uint64_t mss;          /* SS_COUNT_NONE: not seen */
    uint64_t ttl;          /* of its first packet; SS_COUNT_NONE */
    int64_t round_trip_ns; /* shortest time from its bytes to their acknowledgement */
    SsSlice software;      /* the server's */
} SsPeer;

typedef enum {
    SS_SECURITY_NONE,
    SS_SECURITY_STARTTLS,
    SS_SECURITY_SMTPS,
} SsSecurity;

typedef enum {
    SS_STATE_COMPLETE,
    SS_STATE_CLOSED,
    SS_STATE_RESET,
    SS_STATE_TIMEOUT,
    SS_STATE_OPEN,
    SS_STATE_ENCRYPTED,
    SS_STATE_NOT_SMTP,
} SsSessionState;

typedef enum {
    SS_OUTCOME_ACCEPTED,
    SS_OUTCOME_REJECTED,
    SS_OUTCOME_DEFERRED,
    SS_OUTCOME_INCOMPLETE,
    SS_OUTCOME_UNKNOWN,
    SS_N_OUTCOMES,
} SsOutcome;

/* What detectors of a connection's troubles go by; [0] of the client, [1] of the server. */
typedef struct {
    struct {
        int64_t window_closed_ns; /* how long it took no more bytes, in all */
        uint64_t largest_acked;   /* largest segment it sent that was acknowledged */
        uint64_t stuck_bytes;     /* size of the segment that never was … */
        uint64_t stuck_times;     /* … and how often it was sent */
        uint64_t stuck_frames[2]; /* first and last time */
        uint64_t resets;          /* it sent */
        uint64_t reset_ttl;       /* of the last one; its `ttl` in SsPeer is the usual one */
    } end[2];
    int64_t idle_ns; /* the pause before the last packets of a session that did not close */
} SsTcpTrouble;

/* What a header of the PROXY protocol says of the true client. */
typedef struct {
    SsSlice protocol;
    SsSlice ip;    /* absent where it says none */
    uint64_t port; /* SS_COUNT_NONE where it says none */
} SsProxied;

/* The way through a proxy. */
typedef struct {
    SsSlice kind;
    SsSlice target;           /* what the client asked the proxy for */
    SsSlice username, secret; /* of its login at the proxy; the secret masked like all of them */
} SsTunneled;

/* Where a session's time went. What is not known is SS_TIME_NONE. */
typedef struct {
    int64_t connect_ns, banner_ns, tls_ns, slowest_reply_ns;
    /* By what was done: waits for replies, and of the client in between. */
    int64_t hello_ns, auth_ns, envelope_ns, transfer_ns, answer_ns;
    /* By whose time it was: these four are all of it that could be read. */
    int64_t network_ns, server_ns, client_ns, idle_ns;
} SsSessionTiming;

typedef struct {
    int64_t time_ns;
    int64_t end_ns;
    int64_t duration_ns;
    SsSlice community_id;
    SsPeer client;
    SsPeer server;
    int security; /* SsSecurity */
    int8_t decrypted;
    SsList extensions;                  /* of SsSlice */
    SsList used, not_offered, not_used; /* of SsSlice: keywords of extensions */
    SsList xclient;                     /* of SsPair */
    int state;                          /* SsSessionState */
    bool from_start;
    bool turned;                 /* the roles turned (TURN, ATRN) */
    SsSlice protocol;            /* what was spoken, where it is not SMTP */
    const SsProxied *proxied;    /* by a load balancer's header; NULL where there was none */
    const SsTunneled *tunnel;    /* NULL where it came through none */
    SsList remarks;              /* of SsTally: packets by what is odd about them */
    const SsTcpTrouble *trouble; /* not a field: for detectors; NULL where there was none */
    struct {
        uint64_t accepted, rejected, deferred, incomplete, unknown;
    } messages;
    SsList findings; /* of SsTally, filled in by the host */
    uint64_t frames[2];
    SsSessionTiming timing;
} SsEventSession;

typedef struct {
    uint64_t code; /* 0: none was seen */
    SsSlice enhanced;
    SsSlice text;
    uint64_t frame; /* not a field: the packet of its last byte */
} SsReplyText;

/* BY (RFC 2852). */
typedef struct {
    int64_t within_ns; /* may be negative; SS_TIME_NONE where it is malformed */
    SsSlice mode;      /* `return` or `notify`; absent where it is malformed */
    bool has_trace;
} SsDeliverBy;

/* What MAIL asks for in its parameters, taken apart. What is malformed counts as not given. */
typedef struct {
    uint64_t size;       /* SIZE; SS_COUNT_NONE */
    SsSlice body;        /* BODY, upper case */
    bool smtputf8;       /* SMTPUTF8 */
    SsSlice ret;         /* RET: `full` or `hdrs` */
    SsSlice envid;       /* ENVID, xtext undone */
    SsSlice auth;        /* AUTH, likewise; empty for `<>` */
    bool requiretls;     /* REQUIRETLS */
    int64_t mt_priority; /* MT-PRIORITY; SS_TIME_NONE */
    const SsDeliverBy *by;
    int64_t hold_for_ns;   /* HOLDFOR; SS_TIME_NONE */
    int64_t hold_until_ns; /* HOLDUNTIL; SS_TIME_NONE */
} SsMailRequest;

/* The same of RCPT. */
typedef struct {
    SsList notify;      /* NOTIFY: of SsSlice, lower case */
    SsSlice orcpt_type; /* ORCPT: lower case */
    SsSlice orcpt;      /* its address, xtext undone */
    int64_t rrvs_ns;    /* RRVS; SS_TIME_NONE */
} SsRcptRequest;

/* What an address looks like; the last three are forms that ask for relaying. */
typedef enum {
    SS_FORM_PLAIN,
    SS_FORM_LITERAL, /* `a@[192.0.2.1]` */
    SS_FORM_QUOTED,  /* `"a b"@c`, `"a@b"@c` */
    SS_FORM_ROUTE,   /* `@a,@b:c@d` */
    SS_FORM_PERCENT, /* `a%b@c`; `a@b@c`, which is read alike */
    SS_FORM_BANG,    /* `b!a` */
} SsAddressForm;

typedef struct {
    SsSlice address;
    int form;                       /* SsAddressForm; -1 where the address is absent */
    SsList params;                  /* of SsPair */
    const SsRcptRequest *requested; /* NULL where it has no parameter that is known */
    SsReplyText reply;
    const SsReplyText *final; /* NULL, or the reply of its own to the content */
} SsRecipient;

typedef struct {
    SsList from, to, cc, reply_to; /* of SsSlice */
    SsSlice sender, subject, message_id, in_reply_to, mailer;
    SsSlice date; /* RFC 3339 */
    uint64_t received;
    SsSlice received_by, received_id; /* not fields: of the top Received */
} SsHeaders;

typedef struct {
    SsSlice content_type;
    SsSlice charset;
    SsSlice encoding;
    SsSlice filename;
    SsSlice disposition;
    uint64_t size;
    SsSlice sha256; /* hex; absent where bytes are missing */
} SsPart;

typedef enum {
    SS_TRANSFER_DATA,
    SS_TRANSFER_BDAT,
} SsTransfer;

typedef enum {
    SS_STAGE_MAIL,
    SS_STAGE_RCPT,
    SS_STAGE_DATA,
    SS_STAGE_END,
} SsStage;

typedef struct SsContent SsContent;

/* Where a message's time went. What is not known is SS_TIME_NONE. */
typedef struct {
    int64_t mail_ns, rcpt_ns, data_ns; /* waits for the replies to these */
    int64_t envelope_ns, transfer_ns, answer_ns;
    int64_t network_ns, server_ns, client_ns; /* whose it was */
} SsMessageTiming;

/* The same one behind the other. */
typedef struct {
    int64_t before_ns, envelope_ns, transfer_ns, answer_ns, total_ns;
} SsDelays;

typedef struct {
    uint64_t index;
    int64_t time_ns; /* of MAIL */
    SsSlice from;
    SsList from_params;             /* of SsPair */
    const SsMailRequest *requested; /* NULL where it has no parameter that is known */
    SsList rcpt;                    /* of SsRecipient */
    int transfer;                   /* SsTransfer, or -1 */
    int outcome;                    /* SsOutcome */
    int stage;                      /* SsStage */
    const SsReplyText *reply;
    SsSlice queue_id;
    SsList xforward; /* of SsPair */
    SsList fetched;  /* of SsSlice: from where the server fetches content, by BURL */
    uint64_t size;
    SsSlice sha256;
    uint64_t missing_bytes;
    int security; /* SsSecurity */
    bool turned;  /* sent by who was connected to */
    SsHeaders headers;
    SsList parts; /* of SsPart */
    uint64_t frames[2];
    int64_t transfer_time_ns;
    int64_t server_time_ns;
    int64_t end_ns; /* not a field: when it was decided */
    SsMessageTiming timing;
    SsDelays delays;
    uint64_t mail_code; /* not fields: the replies to MAIL and to DATA that let it go on, which */
    SsSlice mail_enhanced; /* are told nowhere else; for selection */
    uint64_t data_code;
    SsContent *content; /* not a field: the content's chain, which the queue takes over; or NULL */
} SsEventMessage;

typedef enum {
    SS_AUTH_SUCCESS,
    SS_AUTH_FAILURE,
    SS_AUTH_ABORTED,
    SS_AUTH_UNKNOWN,
} SsAuthOutcome;

typedef enum {
    SS_SECRET_PASSWORD,
    SS_SECRET_HASH,
    SS_SECRET_TOKEN,
} SsSecretKind;

typedef struct {
    SsSlice mechanism;
    SsSlice username;
    SsSlice authzid;
    SsSlice secret;      /* masked where the event is made, unless secrets are to be shown */
    int secret_kind;     /* SsSecretKind, or -1 */
    SsSlice fingerprint; /* of a password or token, by the key of --fingerprint-secrets */
    SsSlice challenge;
    SsSlice realm, workstation;
    SsList claims;  /* of SsPair: what a token says of itself */
    SsSlice error;  /* what the server says of a token it refused */
    uint64_t steps; /* what the client sent, the initial response included */
    int outcome;    /* SsAuthOutcome */
    SsReplyText reply;
    int security; /* SsSecurity */
    SsEndpoint client;
    SsEndpoint server;
    SsList evidence; /* not a field: of uint64_t, the packets that carried the exchange */
} SsEventAuth;

typedef struct {
    SsSlice level, description, from;
} SsTlsAlert;

typedef struct {
    SsSlice subject, issuer, serial;
    int64_t not_before_ns, not_after_ns;
    SsSlice sha256;
    SsList names; /* of SsSlice */
    SsSlice key;
} SsCertificate;

typedef struct {
    int started_by; /* 0 starttls, 1 connect */
    SsSlice version, cipher, sni, alpn;
    SsList offered_alpn; /* of SsSlice */
    SsSlice ja3, ja3s, ja4;
    int8_t resumed;
    bool decrypted;
    int key_source;      /* -1, 0 keylog, 1 dsb, 2 rsa */
    SsList alerts;       /* of SsTlsAlert */
    SsList certificates; /* of SsCertificate */
} SsEventTls;

typedef struct {
    SsSlice verb;     /* upper case */
    SsSlice argument; /* masked where it shows a secret */
    bool pipelined;
    bool turned;  /* sent by who was connected to */
    SsSlice name; /* not a field: the verb as it was written */
} SsEventCommand;

typedef struct {
    uint64_t code;
    SsSlice enhanced;
    SsList lines; /* of SsSlice */
    SsSlice to;   /* verb, `banner`, `data`; absent where its command was not seen */
    int64_t latency_ns;
    bool turned; /* sent by who has connected */
} SsEventReply;

typedef enum {
    SS_SEVERITY_INFO,
    SS_SEVERITY_LOW,
    SS_SEVERITY_MEDIUM,
    SS_SEVERITY_HIGH,
} SsSeverity;

typedef struct {
    SsSlice id;
    int severity; /* SsSeverity */
    SsSlice summary;
    SsDetail detail;
    SsList frames; /* of uint64_t */
    SsSlice reference;
    uint64_t message; /* index, 0 is none */
} SsEventFinding;

/* --- one message over many connections --- */

typedef enum {
    SS_DELIVERY_RETRY,        /* the same server was tried again */
    SS_DELIVERY_GREYLISTING,  /* because it had put off a sender it did not know */
    SS_DELIVERY_OTHER_SERVER, /* another server was tried */
    SS_DELIVERY_RELAY,        /* who had accepted it passed it on */
    SS_DELIVERY_MIXED,     /* passed on and tried again, or greylisted and another server tried */
    SS_DELIVERY_DUPLICATE, /* none of these: accepted more than once */
} SsDeliveryKind;

typedef struct {
    SsSlice ip;
    uint64_t port;
    SsSlice name;
} SsDeliveryPeer;

typedef struct {
    SsSlice address;
    int outcome; /* SsOutcome, at the last attempt that named it */
    SsReplyText reply;
    uint64_t attempts;
} SsDeliveryRecipient;

typedef struct {
    uint64_t uid, session, index;
    int64_t time_ns; /* of MAIL */
    SsDeliveryPeer client, server;
    int outcome, stage;
    const SsReplyText *reply;
    SsSlice reason;
    int64_t delay_ns; /* since the attempt before it; SS_TIME_NONE: it is the first */
} SsDeliveryAttempt;

typedef struct {
    uint64_t uid, session, index;
    int64_t time_ns;  /* when it was accepted */
    SsSlice from, by; /* names of client and server */
    SsSlice queue_id;
    int64_t delay_ns; /* since the hop before accepted it, else since the first attempt */
    uint64_t size, received;
    uint64_t added_bytes; /* since the hop before; SS_COUNT_NONE */
} SsDeliveryHop;

typedef struct {
    int64_t end_ns;
    int kind;    /* SsDeliveryKind */
    int outcome; /* SsOutcome */
    SsSlice message_id, envid, from;
    SsList rcpt;     /* of SsDeliveryRecipient */
    SsList attempts; /* of SsDeliveryAttempt */
    SsList hops;     /* of SsDeliveryHop */
    int64_t total_delay_ns;
    SsList uids; /* of SsSlice */
} SsEventDelivery;

typedef struct {
    SsSlice name;
    uint64_t size;
    SsSlice sha256;
    int64_t first_ns, last_ns;
} SsInput;

typedef struct {
    SsSlice version;
    SsList options; /* of SsSlice */
    SsList inputs;  /* of SsInput */
    uint64_t packets;
    uint64_t dropped;
    struct {
        SsList packets, bytes; /* of SsTally */
    } ledger;
    SsList limits;    /* of SsTally */
    SsList artefacts; /* of SsTally: what is the capture's doing and not the traffic's */
} SsEventCapture;

/* What a dissector notices and no event says. */
typedef enum {
    SS_NOTE_CONNECTED, /* handshake seen; span: the round trip in ns, -1 where not known; `client`
                          and `server` say whose */
    SS_NOTE_GAP,       /* bytes the capture lacks; span: how many; text: `capture` (they were
                          acknowledged), `snap-length`, `network` (they were not), `limit`, `unknown` */
    SS_NOTE_CONTENT, /* a message's content has ended; span: its bytes; `first_ns` its first byte's
                        time */
    SS_NOTE_ENCRYPTED, /* from here on the bytes of the session are TLS */
    SS_NOTE_RESYNC, /* parsing went on after bytes that could not be read; span: bytes passed over
                     */
    SS_NOTE_USE,    /* in the clear: the first MAIL or AUTH behind EHLO, and STARTTLS; verb: which;
                       text: `STARTTLS` where that was offered; span: the packet of the reply to EHLO,
                       0 where none says, or what is missing of it may have offered it */
    SS_NOTE_LIMIT,  /* a cap was met; span: what it cost in bytes */
    SS_NOTE_RESET,  /* a reset; direction: who sent it; span: the pause before it in ns; ttl:
                       its and its sender's usual */
    SS_NOTE_CONFLICT, /* two readings of bytes: `conflict` */
    SS_NOTE_TCP,      /* text: a remark on a packet of TCP, the first of its kind in the session */
    SS_NOTE_CLOSED,   /* the end of the session, before its event; text: `fin`, `reset`, `timeout`,
                         `capture`, `reused`, `evicted`; direction: who ended it, of the first two */
    SS_NOTE_EARLY, /* the client spoke before the banner; verb: its first command, absent where it
                      was none; `first_ns` when it spoke; text: `no-banner` where none came */
    SS_NOTE_PIPELINED,  /* a command behind one that waits, though PIPELINING was not offered; verb:
                           it; the first behind each hello */
    SS_NOTE_SEQUENCE,   /* a command was answered with 503; verb: it; span: its packet; `reply`;
                           text: what was out of order, in a fixed word, where that is known */
    SS_NOTE_SYNTAX,     /* a line that is not as the RFC has it; text: how, in a fixed word */
    SS_NOTE_BARE,       /* bare CR or LF, NUL, or look-alikes of the end of data with no command
                           behind them, in a command, a reply, or all of a message's content: `bare` */
    SS_NOTE_EIGHT_BIT,  /* bytes over 0x7f that nobody offered to take; text: `content` or
                           `address`; verb: of the latter, MAIL or RCPT; span: 1 where the server
                           offers to take them and the client has not said that they come */
    SS_NOTE_LOOK_ALIKE, /* in content, with a command behind it: it looks like the end of data, and
                           is not; verb: the command; told when it is known what the server made of
                           it: `look_alike` */
    SS_NOTE_INJECTION,  /* in the clear behind STARTTLS, or behind its 220; direction: whose; verb:
                           the command; text: what was said, secrets masked; span: of the client, 0
                           where it was said behind the 220, so that only TLS behind it proves it */
    SS_NOTE_TLS_REFUSED, /* STARTTLS was refused: `reply`, and span is the packet of the command; or
                            a handshake failed: text is the alert's name, or `sealed-alert`,
                            `closed`, `reset`, `in-clear`; direction: whose doing */
    SS_NOTE_SLOW,   /* a reply after more than a second; verb: what it answers, `banner` or `data`
                       (the content); span: the wait in ns; `first_ns` when it began; evidence: the
                       reply's packet; text: `unanswered` where none came before the end, `cut off`
                       where the capture or a limit ended it */
    SS_NOTE_PROBE,  /* VRFY or EXPN; verb: it; text: the name asked for; `client` says whose */
    SS_NOTE_TURNED, /* behind TURN or ATRN: from here on the other end sends the commands;
                       direction: which */
    SS_NOTE_MASKED, /* something on the way has written over STARTTLS: in the reply to EHLO, or the
                       client's command; direction: whose; text: what stands there */
    SS_NOTE_TAKEN,  /* a message of a client that has not logged in was accepted; text: a domain of
                       its recipients, lower case; `client` and `server` say whose. Not again of a
                       server, domain and network while they are remembered */
    SS_N_NOTE_KINDS,
} SsNoteKind;

/* A set of kinds of notes. */
#define SS_NOTES(kind) (UINT64_C(1) << (kind))

typedef struct {
    SsSlice taken, other; /* from the first byte that differs on; masked like all that is shown */
    uint64_t taken_frame, other_frame;
    uint64_t taken_ttl, other_ttl;
    SsSlice taken_link, other_link; /* MAC addresses, where they differ; absent else */
    bool is_late;                   /* the other came when the receiver had the first */
    SsList doubts;                  /* of SsSlice: why the other does not count, in remarks */
} SsEventConflict;

enum {
    SS_BARE_LF,
    SS_BARE_CR,
    SS_BARE_NUL,
    SS_N_BARE,
};

typedef struct {
    uint64_t n[SS_N_BARE];
    uint64_t frames[SS_N_BARE]; /* of the first of each, 0 where there is none */
    uint64_t look_alikes;       /* of the end of data */
    SsSlice look_alike;         /* the first: `LF . LF` */
    uint64_t look_alike_at;     /* its place in the content */
    uint64_t look_alike_frame;
    bool is_line_behind; /* something stands behind one of them, near enough to be meant for it */
} SsEventBare;

/* What a server sees that takes a look-alike for the end. Lists are cut. */
typedef struct {
    SsSlice from; /* absent where the list was cut */
    SsList rcpt;  /* of SsSlice */
    bool has_data;
    uint64_t at, size; /* its content, within that of the message */
    SsReplyText reply; /* the server's to it; code 0: none, for it took nothing for the end */
} SsHiddenMessage;

typedef struct {
    SsSlice name; /* `LF . LF` */
    uint64_t at;  /* its place in the content */
    uint64_t frame, verb_frame;
    SsList messages;   /* of SsHiddenMessage */
    uint64_t commands; /* lines that such a server answers */
    SsReplyText outer; /* the reply to the content; code 0: none was captured */
    bool is_early;     /* it came before the content's end */
    SsList extra;      /* of SsReplyText: replies that answer no command of the client's */
} SsEventLookAlike;

typedef struct {
    int kind; /* SsNoteKind */
    SsDirection direction;
    uint64_t offset; /* stream offset in its direction */
    uint64_t span;
    int64_t first_ns;
    uint64_t message;                   /* index of the message concerned, 0 is none */
    bool in_message;                    /* between MAIL and the end of its transaction */
    bool in_content;                    /* inside a message's content */
    bool in_dialogue;                   /* SMTP was seen and QUIT not answered */
    bool in_command;                    /* inside a command line, or an AUTH exchange */
    uint64_t evidence;                  /* the packet that showed it; `frame` completed the event */
    SsSlice verb;                       /* the command that waits for its reply, absent if none */
    SsSlice text;                       /* a word on it, of our own */
    uint64_t ttl[2];                    /* of RESET */
    const SsEventConflict *conflict;    /* of CONFLICT */
    const SsEventBare *bare;            /* of BARE */
    const SsEventLookAlike *look_alike; /* of LOOK_ALIKE */
    const SsReplyText *reply;           /* of SEQUENCE and TLS_REFUSED, the server's words */
    SsEndpoint client, server; /* of CONNECTED and TAKEN, and PROBE's client; else absent */
    uint64_t asked;            /* of SLOW: the packet of the command; 0: there is none */
    int64_t own_ns;            /* of SLOW: how much of the wait was the server's own … */
    int64_t acked_ns; /* … and how long after the command it had acknowledged it, where that came
                         before the reply; SS_TIME_NONE */
    int64_t left_ns; /* of SLOW, to content: how long the client waited before it took its leave, or
                        dropped the message; 0: it waited */
} SsEventNote;

/* A field of a packet's header. */
typedef struct {
    SsSlice name, value;
    uint64_t offset, len; /* bytes of the packet; len 0: derived from others */
} SsLayerField;

/* A layer of a packet: its header, or the payload. */
typedef struct {
    SsSlice name;
    uint64_t offset, len; /* bytes of the packet, without what it carries */
    SsList fields;        /* of SsLayerField */
} SsLayer;

/* A packet as it was read, whatever became of it. */
typedef struct {
    uint64_t len, captured; /* bytes on the wire, and of them captured */
    SsSlice bucket;         /* where the ledger has it */
    SsSlice protocol;       /* the innermost that was recognised: `tcp`, `udp`, `arp` … */
    SsEndpoint from, to;    /* ip absent where it has none */
    bool is_tcp;            /* the members below are set */
    SsSlice flags;          /* in tcpdump's manner: `S.`, `P.` */
    bool is_relative;       /* seq and ack count from the initial numbers */
    uint64_t seq, ack;
    bool has_ack;
    uint64_t window;     /* in bytes, scaled where the scale is known */
    uint64_t payload;    /* bytes on the wire */
    bool is_of_session;  /* `session` of the event says which */
    uint64_t began;      /* the first packet of its connection, as in SPAN; 0: it belongs to none,
                            and has no direction and no offset */
    int direction;       /* SsDirection */
    uint64_t offset;     /* of the payload's first byte in its stream, as in SPAN */
    SsList remarks;      /* of SsSlice, in words; "retransmission of 12" */
    SsList layers;       /* of SsLayer, only with SS_NEED_LAYERS */
    SsSlice bytes;       /* as captured, only with SS_NEED_LAYERS */
    uint64_t payload_at; /* where in `bytes` the TCP payload begins, or what no layer describes */
    bool is_fragment;    /* those bytes are a part of a datagram, which may be TCP */
} SsEventPacket;

typedef enum {
    SS_SPAN_COMMAND,
    SS_SPAN_REPLY,
    SS_SPAN_AUTH,    /* a line of a login exchange */
    SS_SPAN_CONTENT, /* of a message; the final dot line is in it */
    SS_SPAN_TLS,     /* a record */
    SS_SPAN_OTHER,   /* bytes that are nothing of these */
    SS_SPAN_END,     /* no bytes: nothing more will be told of the connection */
    SS_N_SPAN_KINDS,
} SsSpanKind;

/* What bytes of a stream mean; told when their last one has been read. Which packets they came in
 * is told by the offsets of PACKET. */
typedef struct {
    int kind; /* SsSpanKind */
    int direction;
    uint64_t began; /* the first packet of its connection: with `direction` it names the stream */
    uint64_t offset, len;
    uint64_t secret, secret_len;   /* bytes of it that are not to be shown, by their offset in the
                                      stream */
    uint64_t message;              /* its index, 0 is none */
    uint64_t content, content_len; /* of CONTENT: its bytes' place in the content, dots undone */
    SsSlice text; /* secrets masked: a line as it was written, a record in words; of CONTENT absent,
                     but for the line that ends it */
} SsEventSpan;

typedef struct {
    SsEventType type;
    int64_t time_ns;
    uint8_t time_digits; /* fraction digits of every time in this event */
    uint64_t uid;        /* 0 is null */
    uint64_t session;    /* 0 is null */
    uint64_t frame;
    void **slot; /* where the output side counts what it keeps of the session; NULL for `capture`,
                    and behind the queue */
    union {
        SsEventSession session_end;
        SsEventMessage message;
        SsEventAuth auth;
        SsEventTls tls;
        SsEventCommand command;
        SsEventReply reply;
        SsEventFinding finding;
        SsEventDelivery delivery;
        SsEventCapture capture;
        SsEventNote note;
        SsEventPacket packet;
        SsEventSpan span;
    };
} SsEvent;

/* Who takes events from the dissectors. What is not in `wants` need not be built. */
typedef struct SsEventSink SsEventSink;
struct SsEventSink {
    uint64_t wants;
    /* `event` and its texts are borrowed until the call returns. */
    void (*emit)(SsEventSink *self, const SsEvent *event);
};

static inline bool
ss_event_sink_wants(const SsEventSink *sink, SsEventType type)
{
    return (sink->wants & SS_WANT(type)) != 0;
}

/* The name in JSON's `type`; `note` for the internal one. */
const char *ss_event_type_name(SsEventType type);

/* The type of that name, or SS_N_EVENT_TYPES. */
SsEventType ss_event_type_of_name(SsSlice name);

/* The fields all written events begin with, relative to SsEvent. */
const SsField *ss_event_common_fields(void);

/* The table of a type's own fields, relative to `ss_event_body()`; NULL-named row ends it. */
const SsField *ss_event_fields(SsEventType type);

/* What the own fields of an event are relative to. */
const void *ss_event_body(const SsEvent *event);

/* A severity as JSON has it. */
const char *ss_severity_name(int severity);

/*
 * A deep copy, all of it owned by `arena`: texts, lists, nested objects. `content` and `slot` are
 * copied as pointers.
 */
SsEvent *ss_event_copy(SsArena *arena, const SsEvent *event);

/* Appends a copy of `item`, `size` bytes, to a list that grows in `arena`; past `max` items only
 * `total` counts. */
void *ss_list_append(SsArena *arena, SsList *list, const void *item, size_t size, size_t max);
