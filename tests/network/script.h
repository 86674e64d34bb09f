/*
 * A packet script: the packets of a capture as a text that a person can write, with what is
 * expected of it. README.md beside this file describes the format.
 *
 * What a script shares with a dialogue file (events, findings, contents, ports) is read as one: see
 * tests/dialogue/dialogue.h.
 */
#pragma once

#include "dissect/flow.h"
#include "tests/dialogue/dialogue.h"

#define SS_SCRIPT_CONNECTIONS 10 /* numbered from 1; the first stands at [1] */
#define SS_SCRIPT_START_NS (INT64_C(1700000000) * SS_NS_PER_S)
#define SS_SCRIPT_STEP_NS (SS_NS_PER_S / 1000)

/* What a packet has beside its place in the stream; negative numbers: as is usual. */
typedef struct {
    int ttl, vlan, window, urgent, mss, window_scale, ip_id;
    bool has_timestamps;
    int64_t timestamp; /* -1: the clock, in milliseconds */
    bool is_signed;    /* an MD5 option */
    bool is_fast_open;
    bool has_bad_checksum, has_bad_ip_checksum, has_bad_option;
    int cut;           /* payload bytes captured */
    int fragment;      /* bytes of the datagram's payload in each of its fragments … */
    bool is_backwards; /* … the last one first */
    bool has_link;
    uint8_t link[6]; /* where it comes from */
} SsScriptOptions;

typedef struct {
    guint connection;
    SsDirection direction;
    uint8_t flags;
    int64_t offset;                /* of its first byte in its sender's stream */
    int64_t ack;                   /* offset in the other stream */
    uint32_t seq_shift, ack_shift; /* added to its numbers */
    GByteArray *payload;
    SsScriptOptions options;
    guint16 ip_id; /* of its first byte, should it be cut up */
    uint32_t timestamp, timestamp_echo;
    int64_t time_ns;
    bool is_copy; /* of the one before, captured once more */
} SsScriptPacket;

typedef struct {
    guint like;     /* the connection whose addresses and ports it has; itself: its own */
    bool is_mapped; /* IPv4 addresses in IPv6 form (RFC 4291 section 2.5.5.2) */
} SsScriptConnection;

typedef enum {
    SS_SCRIPT_BUCKET,   /* packets of the ledger */
    SS_SCRIPT_BYTES,    /* bytes of it */
    SS_SCRIPT_ARTEFACT, /* of the `capture` event */
    SS_SCRIPT_REMARK,   /* of all `session` events */
    SS_SCRIPT_SESSIONS,
} SsScriptCountKind;

/* A number that must come out. */
typedef struct {
    SsScriptCountKind kind;
    char *name;
    uint64_t n;
    bool is_some; /* any number but 0 */
} SsScriptCount;

typedef struct {
    char *name; /* the file's, without its folder and `.p` */
    SsDialogue *about;
    GPtrArray *packets; /* of SsScriptPacket */
    GArray *counts;     /* of SsScriptCount */
    SsScriptConnection connections[SS_SCRIPT_CONNECTIONS];
    SsLimits limits;
    SsOverlap overlap;
    int64_t end_ns; /* the time after the last packet */
    bool is_whole;  /* not to be cut into single bytes */
    bool is_once;   /* not to be run in every way */
    uint32_t wrap;  /* the offset where the sequence numbers wrap */
    uint8_t family; /* 4: not to be run over IPv6 */
} SsScript;

/* NULL with `error`, which names the line, where the text is none. */
SsScript *ss_script_parse(const char *name, const char *text, GError **error);
SsScript *ss_script_load(const char *path, GError **error);
void ss_script_free(SsScript *script);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsScript, ss_script_free)

/* A packet with a payload of its own: the `len` bytes from `from` on of another. */
SsScriptPacket *ss_script_packet_part(const SsScriptPacket *packet, size_t from, size_t len);
void ss_script_packet_free(SsScriptPacket *packet);
