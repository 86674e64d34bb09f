/*
 * Inside of `packets`: what its parts share.
 *
 *     PACKET ─► held, in order ─► stream.c: what the bytes mean ─► line.c, tree.c, dump.c or json.c
 *     SPAN ───► stream.c
 */
#pragma once

#include "plugins/common/words.h"

/* --- what bytes mean (stream.c) --- */

typedef struct {
    SsEventSpan about;                /* `text` is owned */
    uint64_t first_frame, last_frame; /* packets of its first and last byte; 0: not known */
    struct SsStream *stream;
} SsPacketsSpan;

/* A packet that carried bytes which no span has covered yet. */
typedef struct {
    uint64_t offset, end, frame;
} SsPiece;

typedef struct SsStream {
    GQueue spans;      /* of SsPacketsSpan, in order of offset */
    GArray *pieces;    /* of SsPiece; NULL while there are none */
    uint64_t frontier; /* what comes of spans lies behind it */
} SsStream;

typedef struct {
    uint64_t began;                 /* first, as the table's key */
    uint64_t uid;                   /* 0: not known yet */
    bool is_session;                /* not only followed until it shows whether it is one */
    bool is_over;                   /* no more spans will come */
    bool is_answered, is_connected; /* SYN-ACK seen; the client's ACK behind it */
    GList link;                     /* in the order of use */
    SsStream stream[2];
} SsPacketsFlow;

typedef struct {
    GHashTable *flows;
    GQueue used;  /* flows, the one used last at the tail */
    GQueue spans; /* all, in order of coming */
    size_t text_size;
} SsPacketsStreams;

void ss_streams_init(SsPacketsStreams *streams);
void ss_streams_clear(SsPacketsStreams *streams);
/* Made where there is none; NULL where the packet belongs to no connection. */
SsPacketsFlow *ss_streams_flow(SsPacketsStreams *streams, uint64_t began);
/* Likewise, but not made. */
SsPacketsFlow *ss_streams_find(const SsPacketsStreams *streams, uint64_t began);
void ss_streams_take_packet(SsPacketsStreams *streams, const SsEvent *event);
void ss_streams_take_span(SsPacketsStreams *streams, const SsEvent *event);

/* The first span that reaches into bytes behind `offset`, or NULL. */
GList *ss_stream_spans(const SsStream *stream, uint64_t offset);

/* --- a packet that is to be written --- */

/* What a part of its payload means. */
typedef struct {
    const SsPacketsSpan *span;
    uint64_t begin, end; /* of the part, in the payload */
} SsPacketsPart;

typedef struct {
    const SsEvent *event;
    const SsEventPacket *about;
    SsPacketsFlow *flow;  /* NULL: none */
    GArray *parts;        /* of SsPacketsPart, in order */
    const char *state;    /* what it does to the connection, or NULL */
    bool is_contradicted; /* a later packet has other bytes in its place */
    uint64_t payload;     /* captured bytes of it */
} SsShown;

typedef enum {
    SS_TIMES_ABSOLUTE,
    SS_TIMES_RELATIVE,
    SS_TIMES_DELTA,
} SsTimes;

typedef struct {
    const SsHost *host;
    SsFile *file;
    SsTimes times;
    bool has_detail, has_hex, is_json, has_color;
    const char *layer; /* whose bytes a dump marks, NULL: the innermost */
    unsigned width;
    unsigned address_width;
    GArray *frames; /* of uint64_t[2]: only those; NULL: all */
    SsPacketsStreams streams;
    GQueue held;       /* of packets, in order */
    size_t n_doubtful; /* of them, those not taken when they came */
    uint64_t last_frame;
    bool has_layer; /* a packet that was written has the layer `layer` */
    size_t held_size;
    int64_t first_ns, last_ns; /* packets */
    int64_t day;               /* of the heading above; INT64_MIN: none yet */
} SsPackets;

/* --- words (line.c) --- */

typedef enum {
    SS_INK_PLAIN,
    SS_INK_DIM,
    SS_INK_STRONG,
    SS_INK_GOOD,
    SS_INK_WARN,
    SS_INK_BAD,
    SS_INK_SENT,
} SsInk;

void ss_packets_ink(const SsPackets *self, GString *to, SsInk ink, const char *text);
/* "content of message 1, bytes 1–1,460": what a part means, at most `max` bytes of a line; with the
 * packets that hold the rest of it. */
void ss_packets_part(const SsPackets *self, GString *to, const SsPacketsPart *part);
void ss_packets_time(const SsPackets *self, GString *to, const SsEvent *event);
/* Remarks, the ledger's bucket where they do not say it; "" for none. */
void ss_packets_remarks(const SsPackets *self, GString *to, const SsEventPacket *packet);
void ss_packets_line(SsPackets *self, GString *to, const SsShown *shown);

/* --- detail (tree.c, dump.c, secrets.c), programs (json.c) --- */

void ss_packets_tree(const SsPackets *self, GString *to, const SsShown *shown);
/* The name of the payload's layer: `SMTP`, `TLS`, or `payload`. */
const char *ss_packets_payload_name(const SsShown *shown);

/* Which of the packet's bytes must not be shown: as many bytes, not 0 for those; NULL where all may
 * be. To be freed. */
uint8_t *ss_packets_secrets(const SsPackets *self, const SsShown *shown);
/* Whether it has a remark that begins so. */
bool ss_packets_has_remark(const SsEventPacket *packet, SsSlice word);
void ss_packets_dump(const SsPackets *self, GString *to, const SsShown *shown);
void ss_packets_json(const SsPackets *self, GString *to, const SsShown *shown);
