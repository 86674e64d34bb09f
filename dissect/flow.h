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
    SS_FLOW_CONFLICTING,   /* seen before, and different: a second reading */
    SS_FLOW_DUPLICATE,     /* the same packet, captured twice */
    SS_FLOW_LATE,          /* had been given up as missing */
    SS_FLOW_KEEP_ALIVE,    /* of keep-alives and window probes */
    SS_FLOW_NO_PAYLOAD,    /* packets only: handshake, acknowledgement, close */
    SS_FLOW_OTHER_PORT,    /* not to or from a server port, or not SMTP on it with `--ports all` */
    SS_FLOW_AFTER_END,     /* of a connection that has ended */
    SS_FLOW_STRAY,         /* a reset that belongs to no session */
    SS_FLOW_OUT_OF_WINDOW, /* behind what the receiver takes */
    SS_FLOW_BEFORE_START,  /* before the start of the stream, or of its capture */
    SS_FLOW_AFTER_FIN,     /* behind the end of the stream */
    SS_FLOW_NOT_TAKEN,     /* doubtful, and never acknowledged */
    SS_FLOW_URGENT,        /* bytes that receivers take out of the stream */
    SS_FLOW_DISCARDED,     /* given up for a limit */
    SS_N_FLOW_BUCKETS,
} SsFlowBucket;

const char *ss_flow_bucket_name(SsFlowBucket bucket);

/* Whose bytes count where segments that wait for others overlap with different ones. Bytes that
 * have been given on stay. */
typedef enum {
    SS_OVERLAP_FIRST,
    SS_OVERLAP_LAST,
    SS_OVERLAP_BSD,
    SS_OVERLAP_LINUX,
    SS_OVERLAP_WINDOWS,
    SS_OVERLAP_SOLARIS,
    SS_N_OVERLAPS,
} SsOverlap;

/* What the flow table met that is the capture's doing; names as in the `capture` event. */
typedef enum {
    SS_ARTEFACT_DUPLICATE,     /* packets captured twice */
    SS_ARTEFACT_OFFLOADED,     /* packets longer than their receiver takes */
    SS_ARTEFACT_BAD_CHECKSUM,  /* packets with a wrong TCP or IP checksum … */
    SS_ARTEFACT_CHECKSUM_HOST, /* … connection ends most of whose checksums are wrong: filled in by
                                  their network card */
    SS_N_ARTEFACTS,
} SsArtefact;

const char *ss_artefact_name(int artefact);

typedef struct {
    SsLimits limits;
    SsOverlap overlap;
    const uint16_t *ports; /* server ports, borrowed; n_ports 0 is all */
    size_t n_ports;
    /* Once for each connection, when its sink has been closed: from now on it is known whether it
     * is a session. `flow` is its number. May be NULL. */
    void (*ended)(void *user_data, uint64_t flow, const SsConnection *connection);
    void *user_data; /* of `ended` */
} SsFlowOptions;

typedef struct {
    uint64_t packets[SS_N_FLOW_BUCKETS];
    uint64_t bytes[SS_N_FLOW_BUCKETS]; /* captured payload; sums to what was fed */
    uint64_t sessions;                 /* begun */
    uint64_t evicted_for_flows;        /* ended since there were too many … */
    uint64_t evicted_for_memory;       /* … or they kept too much */
    uint64_t
        memory; /* bytes kept now for connections and their reordering, and what others charge */
    uint64_t artefacts[SS_N_ARTEFACTS];
    uint64_t reorder; /* times a hole was given up since too much waited for it */
    uint64_t rivals;  /* SYNs not followed, with too many others on the same addresses and ports */
} SsFlowStats;

/* What was found out about the segment fed last. */
typedef struct {
    SsFlowBucket bucket;
    const SsConnection *connection; /* NULL where it belongs to none that is followed */
    uint64_t flow; /* number of the connection, in order of first packet, whether it
                      is a session or not; 0 for none */
    SsDirection direction;
    uint64_t offset;  /* of its payload's first byte in its stream; 0 where that is before it */
    bool is_relative; /* the next two count from the initial numbers */
    uint32_t seq, ack;
    uint64_t window;      /* bytes, scaled where the scale is known */
    uint64_t remarks;     /* SS_REMARKS */
    uint64_t other_frame; /* the packet it repeats or contradicts; 0: not known */
} SsFlowVerdict;

typedef struct SsFlowTable SsFlowTable;

/* `factory` is borrowed for the table's life. */
SsFlowTable *ss_flow_table_new(const SsFlowOptions *options, SsStreamFactory *factory);

/* Takes one segment; says what became of it. */
SsFlowBucket ss_flow_table_feed(SsFlowTable *table, const SsSegment *segment);

/* Of the last call of feed; borrowed until the next call of anything here. */
const SsFlowVerdict *ss_flow_table_verdict(const SsFlowTable *table);

/* The accountant's count, to be charged by others too: what is kept in all. */
uint64_t *ss_flow_table_memory(SsFlowTable *table);

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

/* The latest packet's time, of whatever connection: it is that late. */
int64_t ss_connection_now_ns(const SsConnection *connection);

/* Community ID version 1 with seed 0, base64 text, NUL-terminated. */
void ss_connection_community_id(const SsConnection *connection, char ret_text[32]);

/* The text form of one end's address, NUL-terminated (RFC 5952 for IPv6). */
void ss_connection_ip(const SsConnection *connection, SsDirection direction, char ret_text[46]);
