/*
 * Inside the flow table: what its parts share. Nothing else includes this.
 */
#pragma once

#include "dissect/flow.h"
#include "dissect/reassembly.h"
#include "dissect/used-uids.h"

typedef enum {
    SS_FLOW_STARTING, /* the handshake has not ended */
    SS_FLOW_OPEN,
    SS_FLOW_MAIL,    /* open, and worth more: to be given up last */
    SS_FLOW_DOUBTED, /* open, but for a reset that need not be believed */
    SS_FLOW_ENDED,   /* its session is over; late packets start nothing */
    SS_FLOW_IGNORED, /* not what the sink looks for */
    SS_N_FLOW_STATES,
} SsFlowState;

/* So many bits of a hash say where a recent flow is remembered. */
#define SS_RECENT_BITS 10

#define SS_SEEN_KEPT 4
#define SS_SYN_ACKS_MAX 4
#define SS_RIVALS_MAX 4

typedef struct SsFlow SsFlow;

/* What only odd flows have. */
typedef struct {
    /* Others that began on the same addresses and ports while this one stood: only the first of
     * them all, which is their owner, is in the hash table. */
    SsFlow *rival, *owner;
    uint32_t syn_acks[SS_SYN_ACKS_MAX]; /* initial numbers of further SYN-ACKs */
    uint8_t n_syn_acks;
} SsOddFlow;

/* There may be very many. Its addresses and ports, which are its key, are in `connection`. */
struct SsFlow {
    SsConnection connection;
    SsReassembly reassembly; /* and its sink, NULL when that is closed */
    uint64_t number;
    SsFlow *prev, *next;            /* in the list of its state */
    SsOddFlow *odd;                 /* or NULL */
    int64_t active_ns;              /* by the table's clock */
    uint32_t seen[2][SS_SEEN_KEPT]; /* digests of the last packets, to know one captured twice */
    guint hash;
    guint stalled_at; /* in the table's list of such, where `is_stalled` */
    bool is_stalled;
    uint8_t client_end; /* whether the client is the lower end, 0, or the higher one: those of a
                           segment are ordered so that both directions find the same flow */
    uint8_t state;      /* SsFlowState */
    uint8_t n_seen[2];
    uint8_t n_bare_syns; /* ends that sent one, as bits */
    uint8_t reset_by;    /* of a doubted reset: SsDirection */
    bool has_syn_ack;    /* one was seen */
    bool is_role_sure;   /* which end is the client */
};

/* A flow with the allocator's own, its place in the hash table, which is at most half full when it
 * has grown, and its uid. */
#define SS_FLOW_SIZE (sizeof(SsFlow) + 16 + 32 + 24)

typedef struct {
    SsFlow *head, *tail; /* oldest first */
    size_t n;
} SsFlowList;

struct SsFlowTable {
    SsFlowOptions options;
    SsStreamFactory *factory;
    GHashTable *flows;
    SsFlow *recent[1u << SS_RECENT_BITS]; /* some of them, to be found without it */
    SsFlowList lists[SS_N_FLOW_STATES];
    GPtrArray *stalled; /* flows that wait for what only time will tell to be lost */
    uint64_t key[2];
    int64_t now_ns;
    int64_t looked_ns; /* when the stalled ones were last looked at */
    int64_t timeouts_ns[SS_N_FLOW_STATES];
    int64_t due_ns; /* nothing is due before; the head of a list may have moved on since */
    uint64_t n_sessions;
    uint64_t n_flows;
    size_t n_open; /* flows of any state */
    SsReassemblyPool pool;
    SsFlowStats stats;
    SsFlowVerdict verdict;
    SsUsedUids uids;
    uint8_t is_port[65536 / 8];
};

/* --- flow.c --- */

bool ss_flow_table_is_server_port(const SsFlowTable *table, uint16_t port);
void ss_flow_table_count(SsFlowTable *table, const SsReassemblyCount *count);
void ss_flow_end(SsFlowTable *table, SsFlow *flow, SsCloseReason reason, SsDirection by,
                 uint64_t frame);
void ss_flow_free(SsFlowTable *table, SsFlow *flow);

/* What only odd flows have, made at first use. */
SsOddFlow *ss_flow_odd(SsFlow *flow);

/* The next of those that began on the same addresses and ports, or NULL. */
static inline SsFlow *
ss_flow_rival(const SsFlow *flow)
{
    return flow->odd ? flow->odd->rival : NULL;
}

/* The sink has said that these bytes are not what it looks for. */
void ss_flow_ignore(SsFlowTable *table, SsFlow *flow);

/* --- flow-lookup.c --- */

/* Of the hash table. */
guint ss_flow_hash(gconstpointer flow);
gboolean ss_flow_equal(gconstpointer a, gconstpointer b);

/* The flow in the hash table that has a segment's addresses and ports, or NULL; `ret_from` is which
 * end it is from, 0 the lower, and `ret_hash` what a flow has that begins with it. */
SsFlow *ss_flow_look_up(SsFlowTable *table, const SsSegment *segment, uint8_t *ret_from,
                        guint *ret_hash);

/* It leaves the hash table. */
void ss_flow_forget_recent(SsFlowTable *table, const SsFlow *flow);

/* --- flow-segment.c --- */

/* Where packets are that are kept aside. */
SsFlowBucket ss_flow_bucket_of_aside(SsAside aside);

/* A segment of an open flow. */
SsFlowBucket ss_flow_take_segment(SsFlowTable *table, SsFlow *flow, SsDirection direction,
                                  const SsSegment *segment);

/* Fills in the verdict with what is known of a segment of this flow, open or not. */
void ss_flow_judge(SsFlowTable *table, const SsFlow *flow, SsDirection direction,
                   const SsSegment *segment);

/* --- flow-time.c --- */

void ss_flow_list_remove(SsFlowTable *table, SsFlow *flow);
void ss_flow_list_append(SsFlowTable *table, SsFlow *flow, SsFlowState state);

/* It is active now, in `state`. */
void ss_flow_touch(SsFlowTable *table, SsFlow *flow, SsFlowState state);

/* Whether it waits for what only time will tell to be lost. */
void ss_flow_stall(SsFlowTable *table, SsFlow *flow);
void ss_flow_unstall(SsFlowTable *table, SsFlow *flow);

/* How it ended, if nothing more came. */
SsCloseReason ss_flow_reason(const SsFlow *flow, SsCloseReason otherwise, SsDirection *ret_by);

/* --- flow-handshake.c --- */

/* Of a segment that belongs to no flow: which end is the client. */
bool ss_segment_is_from_client(const SsFlowTable *table, const SsSegment *segment);

/* Whether that is no more than a guess. */
bool ss_segment_leaves_roles_open(const SsFlowTable *table, const SsSegment *segment);

/* False where the segment is a SYN that does not count: only the remark is to be made. */
bool ss_flow_see_handshake(SsFlow *flow, SsDirection direction, const SsSegment *segment,
                           uint64_t *remarks);

/* What was taken for the client is the server. Nothing was delivered yet. */
void ss_flow_swap_roles(SsFlowTable *table, SsFlow *flow);

typedef enum {
    SS_RESET_BELIEVED,
    SS_RESET_DOUBTED, /* its receiver may or may not have believed it */
    SS_RESET_STRAY,   /* it did not */
} SsResetJudgement;

/*
 * Whether a reset is to be believed: it must continue its sender's stream exactly, or answer a SYN
 * (RFC 9293 section 3.10.7, RFC 5961 section 3), and look like its sender's other packets.
 */
SsResetJudgement ss_flow_judge_reset(const SsFlow *flow, SsDirection direction,
                                     const SsSegment *segment, uint64_t doubts);

/* A SYN with another initial number: the ends have begun anew. */
bool ss_flow_is_new_start(const SsFlow *flow, SsDirection direction, const SsSegment *segment);
