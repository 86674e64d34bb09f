/*
 * The flow table: TCP connections by addresses, ports and family, from their first packet to the
 * end of the two quiet minutes after their last. It knows nothing of SMTP.
 */
#pragma once

#include <glib.h>

#include "base/limits.h"
#include "capture/segment.h"
#include "dissect/stream.h"

/* What became of a segment and of its payload bytes; names as in the `capture` event's ledger. */
typedef enum {
    SS_FLOW_DELIVERED,     /* in order, or later from the reorder buffer */
    SS_FLOW_RETRANSMITTED, /* seen before */
    SS_FLOW_NO_PAYLOAD,    /* packets only: handshake, acknowledgement, close */
    SS_FLOW_OTHER_PORT,    /* not to or from a server port, or not SMTP on it with `--ports all` */
    SS_FLOW_AFTER_END,     /* of a connection that has ended */
    SS_FLOW_STRAY,         /* a reset that belongs to no session */
    SS_FLOW_OUT_OF_WINDOW, /* before the start of the stream or far behind its end */
    SS_FLOW_DISCARDED,     /* given up for a limit */
    SS_N_FLOW_BUCKETS,
} SsFlowBucket;

const char *ss_flow_bucket_name(SsFlowBucket bucket);

typedef struct {
    SsLimits limits;
    const uint16_t *ports; /* server ports, borrowed; n_ports 0 is all */
    size_t n_ports;
} SsFlowOptions;

typedef struct {
    uint64_t packets[SS_N_FLOW_BUCKETS];
    uint64_t bytes[SS_N_FLOW_BUCKETS]; /* captured payload; sums to what was fed */
    uint64_t sessions;                 /* begun */
    uint64_t evicted_for_flows;        /* ended since there were too many … */
    uint64_t evicted_for_memory;       /* … or they kept too much */
    uint64_t memory;                   /* bytes kept now for connections and their reordering */
} SsFlowStats;

typedef struct SsFlowTable SsFlowTable;

/* `factory` is borrowed for the table's life. */
SsFlowTable *ss_flow_table_new(const SsFlowOptions *options, SsStreamFactory *factory);

/* Takes one segment; says what became of it. */
SsFlowBucket ss_flow_table_feed(SsFlowTable *table, const SsSegment *segment);

/* Packet time goes on without a packet of ours: fires timeouts. `frame` is the last one read. */
void ss_flow_table_advance(SsFlowTable *table, int64_t now_ns, uint64_t frame);

/* The capture has ended: closes every open session in the order of their first packets. */
void ss_flow_table_finish(SsFlowTable *table, uint64_t frame);

/* Calls `each` for every open session, in the order of their first packets. */
void ss_flow_table_foreach(const SsFlowTable *table,
                           void (*each)(const SsConnection *connection, void *user_data),
                           void *user_data);

const SsFlowStats *ss_flow_table_stats(const SsFlowTable *table);
void ss_flow_table_free(SsFlowTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsFlowTable, ss_flow_table_free)

/*
 * Fixes the connection's identity (see `uid` in docs/events.md) and gives it its session number
 * where it has none; further calls return the same.
 */
uint64_t ss_connection_identify(SsConnection *connection);

/* Community ID version 1 with seed 0, base64 text, NUL-terminated. */
void ss_connection_community_id(const SsConnection *connection, char ret_text[32]);

/* The text form of one end's address, NUL-terminated (RFC 5952 for IPv6). */
void ss_connection_ip(const SsConnection *connection, SsDirection direction, char ret_text[46]);
