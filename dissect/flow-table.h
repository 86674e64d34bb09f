/*
 * Inside the flow table: what its parts share. Nothing else includes this.
 */
#pragma once

#include "dissect/flow.h"
#include "dissect/reassembly.h"

typedef enum {
    SS_FLOW_STARTING, /* the handshake has not ended */
    SS_FLOW_OPEN,
    SS_FLOW_ENDED,   /* its session is over; late packets start nothing */
    SS_FLOW_IGNORED, /* not what the sink looks for */
    SS_N_FLOW_STATES,
} SsFlowState;

/* Ends in canonical order, the smaller first, so that both directions find the same flow. */
typedef struct {
    uint8_t address[2][16];
    uint16_t port[2];
    uint8_t family;
} SsFlowKey;

typedef struct SsFlow SsFlow;
struct SsFlow {
    SsFlowKey key;
    uint64_t number;
    uint8_t client_end; /* which end of the key is the client */
    uint8_t state;      /* SsFlowState */
    bool is_stalled;    /* in the table's list of such … */
    guint stalled_at;   /* … here */
    guint hash;
    SsFlow *prev, *next; /* in the list of its state */
    int64_t active_ns;   /* by the table's clock */
    int64_t syn_ns, syn_ack_ns;
    SsConnection connection;
    SsReassembly reassembly;
    SsStreamSink *sink;
};

typedef struct {
    SsFlow *head, *tail; /* oldest first */
    size_t n;
} SsFlowList;

struct SsFlowTable {
    SsFlowOptions options;
    SsStreamFactory *factory;
    GHashTable *flows;
    SsFlowList lists[SS_N_FLOW_STATES];
    GPtrArray *stalled; /* flows that wait for what only time will tell to be lost */
    uint64_t key[2];
    int64_t now_ns;
    int64_t looked_ns; /* when the stalled ones were last looked at */
    int64_t timeouts_ns[SS_N_FLOW_STATES];
    int64_t due_ns; /* nothing is due before; the head of a list may have moved on since */
    uint64_t n_sessions;
    uint64_t n_flows;
    SsFlowStats stats;
    SsFlowVerdict verdict;
    GHashTable *uids;
    GQueue *uid_order;
    uint8_t is_port[65536 / 8];
};

/* --- flow.c --- */

bool ss_flow_table_is_server_port(const SsFlowTable *table, uint16_t port);
void ss_flow_table_count(SsFlowTable *table, const SsReassemblyCount *count);
void ss_flow_end(SsFlowTable *table, SsFlow *flow, SsCloseReason reason, SsDirection by,
                 uint64_t frame);
void ss_flow_free(SsFlowTable *table, SsFlow *flow);

/* The sink has said that these bytes are not what it looks for. */
void ss_flow_ignore(SsFlowTable *table, SsFlow *flow);

/* --- flow-time.c --- */

void ss_flow_list_remove(SsFlowTable *table, SsFlow *flow);
void ss_flow_list_append(SsFlowTable *table, SsFlow *flow, SsFlowState state);

/* It is active now, in `state`. */
void ss_flow_touch(SsFlowTable *table, SsFlow *flow, SsFlowState state);

/* Whether it waits for what only time will tell to be lost. */
void ss_flow_stall(SsFlowTable *table, SsFlow *flow);
void ss_flow_unstall(SsFlowTable *table, SsFlow *flow);

bool ss_flow_has_both_fins(const SsFlow *flow);

/* --- flow-handshake.c --- */

/* Of a segment that belongs to no flow: which end is the client. */
bool ss_segment_is_from_client(const SsFlowTable *table, const SsSegment *segment);

void ss_flow_see_handshake(SsFlow *flow, SsDirection direction, const SsSegment *segment);

/*
 * Whether a reset is to be believed: it must continue its sender's stream, or answer a SYN (RFC
 * 9293 section 3.10.7, RFC 5961 section 3). Others are counted as packets and change nothing.
 */
bool ss_flow_is_believable_reset(const SsFlow *flow, SsDirection direction,
                                 const SsSegment *segment);

/* A SYN with another initial number: the ends have begun anew. */
bool ss_flow_is_new_start(const SsFlow *flow, SsDirection direction, const SsSegment *segment);
