/*
 * The life of a connection here:
 *
 *     (first packet) → STARTING → OPEN → ENDED → (two quiet minutes) → gone
 *                          └────────┴──→ IGNORED → …
 *
 * Each state has a list in order of last activity, so that a timeout looks at the list's head only.
 * Time is packet time and never runs backwards here: a capture's clock may.
 */
#include "dissect/flow.h"

#include <arpa/inet.h>
#include <sys/random.h>

#include "dissect/reassembly.h"
#include "dissect/siphash.h"

typedef enum {
    FLOW_STARTING, /* the handshake has not ended */
    FLOW_OPEN,
    FLOW_ENDED,   /* its session is over; late packets start nothing */
    FLOW_IGNORED, /* not what the sink looks for */
    N_FLOW_STATES,
} FlowState;

/* Ends in canonical order, the smaller first, so that both directions find the same flow. */
typedef struct {
    uint8_t address[2][16];
    uint16_t port[2];
    uint8_t family;
} FlowKey;

typedef struct Flow Flow;
struct Flow {
    FlowKey key;
    uint8_t client_end; /* which end of the key is the client */
    uint8_t state;      /* FlowState */
    bool is_stalled;    /* in the table's list of such … */
    guint stalled_at;   /* … here */
    guint hash;
    Flow *prev, *next; /* in the list of its state */
    int64_t active_ns; /* by the table's clock */
    int64_t syn_ns, syn_ack_ns;
    SsConnection connection;
    SsReassembly reassembly;
    SsStreamSink *sink;
};

typedef struct {
    Flow *head, *tail; /* oldest first */
    size_t n;
} FlowList;

struct SsFlowTable {
    SsFlowOptions options;
    SsStreamFactory *factory;
    GHashTable *flows;
    FlowList lists[N_FLOW_STATES];
    GPtrArray *stalled; /* flows that wait for what only time will tell to be lost */
    uint64_t key[2];
    int64_t now_ns;
    int64_t looked_ns; /* when the stalled ones were last looked at */
    int64_t timeouts_ns[N_FLOW_STATES];
    int64_t due_ns; /* nothing is due before; the head of a list may have moved on since */
    uint64_t n_sessions;
    SsFlowStats stats;
    GHashTable *uids;
    GQueue *uid_order;
    uint8_t is_port[65536 / 8];
};

static const char *const bucket_names[] = {
    "delivered", "retransmitted", "no_payload",    "other_port",
    "after_end", "stray",         "out_of_window", "discarded",
};
G_STATIC_ASSERT(G_N_ELEMENTS(bucket_names) == SS_N_FLOW_BUCKETS);

static const uint16_t default_ports[] = {25, 465, 587, 2525};

#define STALLED_LOOK_NS (SS_NS_PER_S / 4)

const char *
ss_flow_bucket_name(SsFlowBucket bucket)
{
    return bucket_names[bucket];
}

/* --- keys --- */

static guint
flow_hash(gconstpointer flow)
{
    return ((const Flow *)flow)->hash;
}

static gboolean
flow_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(&((const Flow *)a)->key, &((const Flow *)b)->key, sizeof(FlowKey)) == 0;
}

static guint
hash_of(const SsFlowTable *table, const FlowKey *key)
{
    uint8_t packed[2 * 16 + 2 * 2 + 1];
    size_t address_len = key->family == 4 ? 4 : 16, len = 0;

    for (int i = 0; i < 2; i++) {
        memcpy(packed + len, key->address[i], address_len);
        len += address_len;
    }
    memcpy(packed + len, key->port, sizeof key->port);
    len += sizeof key->port;
    packed[len++] = key->family;
    return (guint)ss_siphash(table->key, ss_slice(packed, len));
}

/* Fills in the key and its hash; returns which end of the key the segment is from. */
static uint8_t
make_key(const SsFlowTable *table, const SsSegment *segment, Flow *probe)
{
    const SsAddress *ends[2] = {&segment->from, &segment->to};
    int order = memcmp(segment->from.bytes, segment->to.bytes, sizeof segment->from.bytes);
    uint8_t from = order < 0 || (order == 0 && segment->from.port <= segment->to.port) ? 0 : 1;

    memset(&probe->key, 0, sizeof probe->key);
    for (int i = 0; i < 2; i++) {
        memcpy(probe->key.address[i ^ from], ends[i]->bytes, 16);
        probe->key.port[i ^ from] = ends[i]->port;
    }
    probe->key.family = segment->family;
    probe->hash = hash_of(table, &probe->key);
    return from;
}

static bool
is_server_port(const SsFlowTable *table, uint16_t port)
{
    return (table->is_port[port / 8] >> (port % 8)) & 1;
}

/* --- lists --- */

/* When the first of a list is due; INT64_MAX where there is none. */
static int64_t
due_ns(const SsFlowTable *table, FlowState state)
{
    const Flow *flow = table->lists[state].head;

    return flow ? flow->active_ns + table->timeouts_ns[state] : INT64_MAX;
}

static void
list_remove(SsFlowTable *table, Flow *flow)
{
    FlowList *list = &table->lists[flow->state];

    *(flow->prev ? &flow->prev->next : &list->head) = flow->next;
    *(flow->next ? &flow->next->prev : &list->tail) = flow->prev;
    flow->prev = flow->next = NULL;
    list->n--;
}

static void
list_append(SsFlowTable *table, Flow *flow, FlowState state)
{
    FlowList *list = &table->lists[state];

    flow->state = (uint8_t)state;
    flow->prev = list->tail;
    *(list->tail ? &list->tail->next : &list->head) = flow;
    list->tail = flow;
    list->n++;
    table->due_ns = MIN(table->due_ns, due_ns(table, state));
}

static void
touch(SsFlowTable *table, Flow *flow, FlowState state)
{
    flow->active_ns = table->now_ns;
    list_remove(table, flow);
    list_append(table, flow, state);
}

/* --- begin and end --- */

/* Of a segment that belongs to no flow: which end is the client. */
static bool
is_from_client(const SsFlowTable *table, const SsSegment *segment)
{
    bool to_server, from_server;

    if (segment->flags & SS_TCP_SYN) {
        return !(segment->flags & SS_TCP_ACK);
    }
    to_server = is_server_port(table, segment->to.port);
    from_server = is_server_port(table, segment->from.port);
    if (to_server != from_server) {
        return to_server;
    }
    return segment->from.port >= segment->to.port; /* servers sit on low ports */
}

static Flow *
flow_begin(SsFlowTable *table, const SsSegment *segment, const Flow *probe, uint8_t from)
{
    bool from_client = is_from_client(table, segment);
    Flow *flow = g_new0(Flow, 1);
    SsConnection *connection = &flow->connection;

    flow->key = probe->key;
    flow->hash = probe->hash;
    flow->client_end = from_client ? from : from ^ 1;
    flow->syn_ns = flow->syn_ack_ns = SS_TIME_NONE;
    *connection = (SsConnection){
        .family = segment->family,
        .first = segment->origin,
        .last = segment->origin,
        .connect_ns = SS_TIME_NONE,
        .round_trip_ns = SS_TIME_NONE,
        .ready_ns = SS_TIME_NONE,
        .memory = &table->stats.memory,
        .table = table,
    };
    for (int i = 0; i < 2; i++) {
        uint8_t end = i == SS_CLIENT ? flow->client_end : flow->client_end ^ 1;
        memcpy(connection->half[i].address, flow->key.address[end], 16);
        connection->half[i].port = flow->key.port[end];
    }
    connection->on_server_port = is_server_port(table, connection->half[SS_SERVER].port);
    if (table->options.n_ports || connection->on_server_port) {
        connection->session = ++table->n_sessions;
        table->stats.sessions++;
    }
    connection->frame = segment->origin.frame;
    flow->sink = table->factory->open(table->factory, connection);
    ss_reassembly_init(&flow->reassembly, connection, flow->sink, table->options.limits.reorder,
                       &table->stats.memory);
    table->stats.memory += sizeof *flow;
    flow->active_ns = table->now_ns;
    list_append(table, flow, FLOW_STARTING);
    g_hash_table_add(table->flows, flow);
    return flow;
}

static void
count_bytes(SsFlowTable *table, const SsReassemblyCount *count)
{
    table->stats.bytes[SS_FLOW_DELIVERED] += count->delivered;
    table->stats.bytes[SS_FLOW_RETRANSMITTED] += count->repeated;
    table->stats.bytes[SS_FLOW_OUT_OF_WINDOW] += count->refused;
}

static void
flow_unstall(SsFlowTable *table, Flow *flow)
{
    if (flow->is_stalled) {
        guint at = flow->stalled_at;
        g_ptr_array_remove_index_fast(table->stalled, at); /* the last one takes its place */
        if (at < table->stalled->len) {
            ((Flow *)table->stalled->pdata[at])->stalled_at = at;
        }
        flow->is_stalled = false;
    }
}

static void
flow_end(SsFlowTable *table, Flow *flow, SsCloseReason reason, SsDirection by, uint64_t frame)
{
    SsReassemblyCount count = {0};

    flow->connection.frame = frame;
    ss_reassembly_flush(&flow->reassembly, &count);
    count_bytes(table, &count);
    flow_unstall(table, flow);
    ss_reassembly_clear(&flow->reassembly);
    flow->sink->ops->close(flow->sink, reason, by);
    flow->sink = NULL;
    touch(table, flow, FLOW_ENDED);
}

static void
flow_free(SsFlowTable *table, Flow *flow)
{
    list_remove(table, flow);
    flow_unstall(table, flow);
    ss_reassembly_clear(&flow->reassembly);
    table->stats.memory -= sizeof *flow;
    g_hash_table_remove(table->flows, flow);
    g_free(flow);
}

/* The sink has said that these bytes are not what it looks for. */
static void
flow_ignore(SsFlowTable *table, Flow *flow)
{
    flow_unstall(table, flow);
    table->stats.bytes[SS_FLOW_OTHER_PORT] += ss_reassembly_clear(&flow->reassembly);
    flow->sink->ops->close(flow->sink, SS_CLOSE_EVICTED, SS_CLIENT);
    flow->sink = NULL;
    touch(table, flow, FLOW_IGNORED);
}

/* --- time --- */

static bool
has_both_fins(const Flow *flow)
{
    return flow->reassembly.half[0].fin != UINT64_MAX && flow->reassembly.half[1].fin != UINT64_MAX;
}

static void
expire(SsFlowTable *table, FlowState state, int64_t timeout_ns, uint64_t frame)
{
    Flow *flow;

    while ((flow = table->lists[state].head) && table->now_ns - flow->active_ns > timeout_ns) {
        if (flow->sink) {
            int64_t end_ns = flow->active_ns + timeout_ns;
            flow_end(table, flow, has_both_fins(flow) ? SS_CLOSE_FIN : SS_CLOSE_TIMEOUT, SS_CLIENT,
                     frame);
            /* It ended then, whenever that was noticed: other traffic must not matter. */
            flow->active_ns = end_ns;
        } else {
            flow_free(table, flow);
        }
    }
}

/* Holes that wait only for time to pass. */
static void
look_at_stalled(SsFlowTable *table, uint64_t frame)
{
    for (guint i = 0; i < table->stalled->len;) {
        Flow *flow = table->stalled->pdata[i];
        SsReassemblyCount count = {0};

        flow->connection.frame = frame;
        if (ss_reassembly_advance(&flow->reassembly, table->now_ns, &count)) {
            i++;
        } else {
            flow_unstall(table, flow);
        }
        count_bytes(table, &count);
        if (flow->connection.is_ignored) {
            flow_ignore(table, flow);
        } else if (ss_reassembly_is_closed(&flow->reassembly)) {
            flow_end(table, flow, SS_CLOSE_FIN, SS_CLIENT, frame);
        }
    }
    table->looked_ns = table->now_ns;
}

/* Unanswered attempts have a share of the room: so that a flood of them leaves the sessions alone,
 * and sessions that last leave room for new ones. */
#define STARTING_SHARE 4

static Flow *
choose_victim(const SsFlowTable *table)
{
    const FlowList *lists = table->lists;
    size_t all = g_hash_table_size(table->flows);

    if (lists[FLOW_ENDED].head) {
        return lists[FLOW_ENDED].head;
    }
    if (lists[FLOW_IGNORED].head) {
        return lists[FLOW_IGNORED].head;
    }
    if (!lists[FLOW_OPEN].head || lists[FLOW_STARTING].n > MAX(1, all / STARTING_SHARE)) {
        return lists[FLOW_STARTING].head;
    }
    return lists[FLOW_OPEN].head;
}

static void
evict_one(SsFlowTable *table, uint64_t frame)
{
    Flow *flow = choose_victim(table);

    if (flow->sink) {
        table->stats.evicted++;
        flow_end(table, flow, SS_CLOSE_EVICTED, SS_CLIENT, frame);
    }
    flow_free(table, flow);
}

/* Ends and forgets what is due. Most calls find that nothing is. */
static void
expire_all(SsFlowTable *table, uint64_t frame)
{
    if (table->now_ns <= table->due_ns) {
        return;
    }
    table->due_ns = INT64_MAX;
    for (int state = 0; state < N_FLOW_STATES; state++) {
        expire(table, (FlowState)state, table->timeouts_ns[state], frame);
    }
    for (int state = 0; state < N_FLOW_STATES; state++) {
        table->due_ns = MIN(table->due_ns, due_ns(table, (FlowState)state));
    }
}

void
ss_flow_table_advance(SsFlowTable *table, int64_t now_ns, uint64_t frame)
{
    table->now_ns = MAX(table->now_ns, now_ns);
    expire_all(table, frame);
    if (table->stalled->len && table->now_ns - table->looked_ns > STALLED_LOOK_NS) {
        look_at_stalled(table, frame);
    }
    while (g_hash_table_size(table->flows) &&
           (g_hash_table_size(table->flows) > table->options.limits.flows ||
            table->stats.memory > table->options.limits.memory)) {
        evict_one(table, frame);
    }
}

/* --- segments --- */

static void
note_syn(SsConnection *connection, SsDirection direction, uint32_t seq)
{
    if (!connection->half[direction].has_syn) {
        connection->half[direction].has_syn = true;
        connection->half[direction].initial_seq = seq;
    }
}

static void
see_handshake(Flow *flow, SsDirection direction, const SsSegment *segment)
{
    SsConnection *connection = &flow->connection;
    int64_t now = segment->origin.time_ns;

    if (segment->flags & SS_TCP_RST) {
        return;
    }
    if (segment->flags & SS_TCP_SYN) {
        int64_t *seen_ns = direction == SS_CLIENT ? &flow->syn_ns : &flow->syn_ack_ns;
        connection->from_start = true;
        *seen_ns = *seen_ns == SS_TIME_NONE ? now : *seen_ns;
        note_syn(connection, direction, segment->seq);
        if (segment->flags & SS_TCP_ACK) {
            note_syn(connection, ss_direction_other(direction), segment->ack - 1);
        }
        return;
    }
    if (flow->state != FLOW_STARTING) {
        return;
    }
    if (direction == SS_CLIENT && flow->syn_ack_ns != SS_TIME_NONE) {
        connection->ready_ns = now;
        if (flow->syn_ns != SS_TIME_NONE && now >= flow->syn_ns) {
            /* Wherever the capture was made: half of it before the SYN-ACK, half behind. */
            connection->connect_ns = now - flow->syn_ns;
            connection->round_trip_ns = connection->connect_ns;
        }
    }
}

/*
 * Whether a reset is to be believed: it must continue its sender's stream, or answer a SYN (RFC
 * 9293 section 3.10.7, RFC 5961 section 3). Others are counted as packets and change nothing.
 */
static bool
is_believable_reset(const Flow *flow, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = &flow->reassembly.half[direction];
    const SsHalf *other = &flow->reassembly.half[ss_direction_other(direction)];
    int64_t offset;

    if (!half->is_known) { /* it says by its acknowledgement what it refuses */
        return !other->is_known ||
               ((segment->flags & SS_TCP_ACK) && ss_half_offset(other, segment->ack) >= 0 &&
                ss_half_offset(other, segment->ack) <= (int64_t)other->next);
    }
    offset = ss_half_offset(half, segment->seq);
    return offset >= (int64_t)half->next - 1 && offset <= (int64_t)half->next + (INT64_C(1) << 26);
}

static SsFlowBucket
take_segment(SsFlowTable *table, Flow *flow, SsDirection direction, const SsSegment *segment)
{
    SsConnection *connection = &flow->connection;
    SsReassemblyCount count = {0};
    FlowState state = (FlowState)flow->state;

    connection->frame = segment->origin.frame;
    connection->last = segment->origin;
    connection->half[direction].packets++;
    see_handshake(flow, direction, segment);
    if (segment->flags & SS_TCP_RST) {
        bool is_believed = is_believable_reset(flow, direction, segment);
        table->stats.bytes[SS_FLOW_DISCARDED] += segment->payload.len;
        if (is_believed) {
            flow_end(table, flow, SS_CLOSE_RESET, direction, segment->origin.frame);
        } else {
            touch(table, flow, state);
        }
        return is_believed ? SS_FLOW_NO_PAYLOAD : SS_FLOW_OUT_OF_WINDOW;
    }
    if (state == FLOW_STARTING &&
        (segment->payload.len || segment->cut || !(segment->flags & SS_TCP_SYN))) {
        bool by_handshake = connection->ready_ns != SS_TIME_NONE;
        if (by_handshake || segment->payload.len || segment->cut || !connection->from_start) {
            connection->is_established = true;
            state = FLOW_OPEN;
            if (by_handshake && flow->sink->ops->connected) {
                flow->sink->ops->connected(flow->sink, &segment->origin);
            }
        }
    }
    touch(table, flow, state);
    ss_reassembly_feed(&flow->reassembly, direction, segment, &count);
    count_bytes(table, &count);
    if (connection->is_ignored) {
        flow_ignore(table, flow);
    } else if (ss_reassembly_is_closed(&flow->reassembly)) {
        flow_end(table, flow, SS_CLOSE_FIN, direction, segment->origin.frame);
    } else if (ss_reassembly_is_stalled(&flow->reassembly) && !flow->is_stalled) {
        flow->is_stalled = true;
        flow->stalled_at = table->stalled->len;
        g_ptr_array_add(table->stalled, flow);
    }
    if (!segment->payload.len) {
        return SS_FLOW_NO_PAYLOAD;
    }
    if (count.refused) {
        return SS_FLOW_OUT_OF_WINDOW;
    }
    return count.delivered || count.kept ? SS_FLOW_DELIVERED : SS_FLOW_RETRANSMITTED;
}

/* A SYN with another initial number: the ends have begun anew. */
static bool
is_new_start(const Flow *flow, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = &flow->reassembly.half[direction];

    if ((segment->flags & (SS_TCP_SYN | SS_TCP_ACK | SS_TCP_RST)) != SS_TCP_SYN) {
        return false;
    }
    if (half->is_known && half->base_seq == segment->seq + 1) {
        return false; /* seen again, or late in the capture */
    }
    if (flow->connection.half[direction].has_syn) {
        return flow->connection.half[direction].initial_seq != segment->seq;
    }
    /* Joined in the middle, or the other end was the client: bytes or an end already seen tell. */
    return flow->state != FLOW_STARTING || flow->connection.half[direction].packets > 0;
}

/* Its quiet time is over. The list of such is in the order in which ends were noticed, so its head
 * does not say it of all. */
static bool
is_gone(const SsFlowTable *table, const Flow *flow)
{
    return flow->state == FLOW_ENDED && table->now_ns - flow->active_ns > SS_QUIET_NS;
}

static SsFlowBucket
feed(SsFlowTable *table, const SsSegment *segment)
{
    Flow probe;
    uint8_t from;
    Flow *flow;
    SsDirection direction;

    if (table->options.n_ports && !is_server_port(table, segment->from.port) &&
        !is_server_port(table, segment->to.port)) {
        return SS_FLOW_OTHER_PORT;
    }
    from = make_key(table, segment, &probe);
    flow = g_hash_table_lookup(table->flows, &probe);
    if (flow) {
        direction = from == flow->client_end ? SS_CLIENT : SS_SERVER;
        if (is_new_start(flow, direction, segment) || is_gone(table, flow)) {
            if (flow->sink) {
                flow_end(table, flow, SS_CLOSE_REUSED, direction, segment->origin.frame);
            }
            flow_free(table, flow);
            flow = NULL;
        }
    }
    if (!flow) {
        bool from_client = is_from_client(table, segment);
        uint16_t server_port = from_client ? segment->to.port : segment->from.port;
        if (table->options.n_ports && !is_server_port(table, server_port)) {
            return SS_FLOW_OTHER_PORT; /* a client on a server's port */
        }
        if (segment->flags & SS_TCP_RST) {
            return SS_FLOW_STRAY;
        }
        flow = flow_begin(table, segment, &probe, from);
        direction = from_client ? SS_CLIENT : SS_SERVER;
    }
    if (flow->state == FLOW_ENDED) {
        return SS_FLOW_AFTER_END;
    }
    if (flow->state == FLOW_IGNORED) {
        touch(table, flow, FLOW_IGNORED);
        return SS_FLOW_OTHER_PORT;
    }
    return take_segment(table, flow, direction, segment);
}

SsFlowBucket
ss_flow_table_feed(SsFlowTable *table, const SsSegment *segment)
{
    SsFlowBucket bucket;
    bool is_taken;

    ss_flow_table_advance(table, segment->origin.time_ns, segment->origin.frame);
    bucket = feed(table, segment);
    table->stats.packets[bucket]++;
    is_taken = bucket == SS_FLOW_DELIVERED || bucket == SS_FLOW_RETRANSMITTED ||
               bucket == SS_FLOW_NO_PAYLOAD || bucket == SS_FLOW_OUT_OF_WINDOW;
    if (!is_taken) {
        table->stats.bytes[bucket] += segment->payload.len;
    }
    return bucket;
}

/* --- the table --- */

SsFlowTable *
ss_flow_table_new(const SsFlowOptions *options, SsStreamFactory *factory)
{
    SsFlowTable *table = g_new0(SsFlowTable, 1);
    const uint16_t *ports = options->n_ports ? options->ports : default_ports;
    size_t n_ports = options->n_ports ? options->n_ports : G_N_ELEMENTS(default_ports);

    table->options = *options;
    table->factory = factory;
    table->flows = g_hash_table_new(flow_hash, flow_equal);
    table->stalled = g_ptr_array_new();
    table->uids = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, NULL);
    table->uid_order = g_queue_new();
    table->now_ns = 0; /* packets from before 1970 are all of one time */
    table->looked_ns = 0;
    table->due_ns = INT64_MAX;
    table->timeouts_ns[FLOW_STARTING] = options->limits.handshake_ns;
    table->timeouts_ns[FLOW_OPEN] = options->limits.idle_ns;
    table->timeouts_ns[FLOW_ENDED] = SS_QUIET_NS;
    table->timeouts_ns[FLOW_IGNORED] = options->limits.idle_ns;
    for (size_t i = 0; i < n_ports; i++) {
        table->is_port[ports[i] / 8] |= (uint8_t)(1 << (ports[i] % 8));
    }
    if (getrandom(table->key, sizeof table->key, 0) != sizeof table->key) {
        table->key[0] =
            (uint64_t)(uintptr_t)table; /* no entropy: at least not the same each time */
        table->key[1] = (uint64_t)g_get_monotonic_time();
    }
    return table;
}

static gint
compare_sessions(gconstpointer a, gconstpointer b)
{
    const Flow *x = *(Flow *const *)a, *y = *(Flow *const *)b;

    return x->connection.first.frame < y->connection.first.frame
               ? -1
               : x->connection.first.frame > y->connection.first.frame;
}

/* Flows whose session is not over, in the order of their first packets. */
static GPtrArray *
list_open(const SsFlowTable *table)
{
    GPtrArray *open = g_ptr_array_new();

    for (int state = FLOW_STARTING; state <= FLOW_OPEN; state++) {
        for (Flow *flow = table->lists[state].head; flow; flow = flow->next) {
            g_ptr_array_add(open, flow);
        }
    }
    g_ptr_array_sort(open, compare_sessions);
    return open;
}

void
ss_flow_table_finish(SsFlowTable *table, uint64_t frame)
{
    g_autoptr(GPtrArray) open = list_open(table);

    for (guint i = 0; i < open->len; i++) {
        Flow *flow = open->pdata[i];
        flow_end(table, flow, has_both_fins(flow) ? SS_CLOSE_FIN : SS_CLOSE_CAPTURE, SS_CLIENT,
                 frame);
    }
}

void
ss_flow_table_foreach(const SsFlowTable *table,
                      void (*each)(const SsConnection *connection, void *user_data),
                      void *user_data)
{
    g_autoptr(GPtrArray) open = list_open(table);

    for (guint i = 0; i < open->len; i++) {
        const Flow *flow = open->pdata[i];
        if (flow->connection.session) {
            each(&flow->connection, user_data);
        }
    }
}

const SsFlowStats *
ss_flow_table_stats(const SsFlowTable *table)
{
    return &table->stats;
}

void
ss_flow_table_free(SsFlowTable *table)
{
    if (!table) {
        return;
    }
    for (int state = 0; state < N_FLOW_STATES; state++) {
        while (table->lists[state].head) {
            Flow *flow = table->lists[state].head;
            if (flow->sink) {
                flow->sink->ops->close(flow->sink, SS_CLOSE_CAPTURE, SS_CLIENT);
            }
            flow_free(table, flow);
        }
    }
    g_hash_table_unref(table->flows);
    g_ptr_array_unref(table->stalled);
    g_hash_table_unref(table->uids);
    g_queue_free_full(table->uid_order, g_free);
    g_free(table);
}

/* --- identity --- */

static uint64_t
uid_of(const SsConnection *connection, uint64_t recurrence)
{
    static const uint64_t public_key[2] = {0, 0};
    struct {
        uint8_t address[2][16];
        uint64_t family, ports[2], start[2], recurrence;
    } name = {.family = connection->family, .recurrence = recurrence};
    uint64_t uid;

    for (int i = 0; i < 2; i++) {
        memcpy(name.address[i], connection->half[i].address, 16);
        name.ports[i] = GUINT64_TO_LE((uint64_t)connection->half[i].port);
    }
    name.family = GUINT64_TO_LE(name.family);
    name.recurrence = GUINT64_TO_LE(name.recurrence);
    if (connection->half[SS_CLIENT].has_syn && connection->half[SS_SERVER].has_syn) {
        name.start[0] = GUINT64_TO_LE((uint64_t)connection->half[SS_CLIENT].initial_seq);
        name.start[1] = GUINT64_TO_LE((uint64_t)connection->half[SS_SERVER].initial_seq);
    } else {
        name.start[0] = GUINT64_TO_LE((uint64_t)connection->first.time_ns);
        name.start[1] = UINT64_MAX;
    }
    uid = ss_siphash(public_key, ss_slice(&name, sizeof name));
    return uid ? uid : 1;
}

/* One that was given out in this run, and how often it came again: so that a name that always comes
 * again costs no more each time. */
typedef struct {
    uint64_t uid; /* first, as the table's key */
    uint64_t recurrences;
} UsedUid;

/* Remembers it, and forgets the oldest past the cap. */
static void
use_uid(SsFlowTable *table, uint64_t uid)
{
    UsedUid *mine = g_new(UsedUid, 1);

    if (g_queue_get_length(table->uid_order) >= SS_UIDS_MAX) {
        UsedUid *oldest = g_queue_pop_head(table->uid_order);
        g_hash_table_remove(table->uids, oldest);
        g_free(oldest);
    }
    *mine = (UsedUid){uid, 0};
    g_queue_push_tail(table->uid_order, mine);
    g_hash_table_add(table->uids, mine);
}

uint64_t
ss_connection_identify(SsConnection *connection)
{
    SsFlowTable *table = connection->table;
    UsedUid *used;
    uint64_t uid;

    if (connection->uid) {
        return connection->uid;
    }
    if (!table) { /* a connection without a table: of a test, or of one stream alone */
        connection->uid = uid_of(connection, 0);
        return connection->uid;
    }
    if (!connection->session) {
        connection->session = ++table->n_sessions;
        table->stats.sessions++;
    }
    uid = uid_of(connection, 0);
    used = g_hash_table_lookup(table->uids, &uid);
    while (g_hash_table_contains(table->uids, &uid)) {
        uid = uid_of(connection, ++used->recurrences);
    }
    use_uid(table, uid);
    connection->uid = uid;
    return uid;
}

void
ss_connection_ip(const SsConnection *connection, SsDirection direction, char ret_text[46])
{
    int family = connection->family == 4 ? AF_INET : AF_INET6;

    inet_ntop(family, connection->half[direction].address, ret_text, 46);
}
