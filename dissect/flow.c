/*
 * The life of a connection here:
 *
 *     (first packet) → STARTING → OPEN → ENDED → (two quiet minutes) → gone
 *                          └────────┴──→ IGNORED → …
 *
 * Time is packet time and never runs backwards here: a capture's clock may.
 */
#include "dissect/flow-table.h"

#include <sys/random.h>

#include "dissect/siphash.h"

static const char *const bucket_names[] = {
    "delivered",  "retransmitted", "conflicting", "duplicate", "late",          "keep_alive",
    "no_payload", "other_port",    "after_end",   "stray",     "out_of_window", "before_start",
    "after_fin",  "not_taken",     "urgent",      "discarded",
};
G_STATIC_ASSERT(G_N_ELEMENTS(bucket_names) == SS_N_FLOW_BUCKETS);

static const uint16_t default_ports[] = {25, 465, 587, 2525};

const char *
ss_flow_bucket_name(SsFlowBucket bucket)
{
    return bucket_names[bucket];
}

const char *
ss_artefact_name(int artefact)
{
    static const char *const names[] = {
        "duplicate",
        "offloaded",
        "bad_checksum",
        "checksum_offload_hosts",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(names) == SS_N_ARTEFACTS);

    return names[artefact];
}

/* --- keys --- */

static guint
flow_hash(gconstpointer flow)
{
    return ((const SsFlow *)flow)->hash;
}

static gboolean
flow_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(&((const SsFlow *)a)->key, &((const SsFlow *)b)->key, sizeof(SsFlowKey)) == 0;
}

static guint
hash_of(const SsFlowTable *table, const SsFlowKey *key)
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
make_key(const SsFlowTable *table, const SsSegment *segment, SsFlow *probe)
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

bool
ss_flow_table_is_server_port(const SsFlowTable *table, uint16_t port)
{
    return (table->is_port[port / 8] >> (port % 8)) & 1;
}

/* --- begin and end --- */

static SsFlow *
flow_begin(SsFlowTable *table, const SsSegment *segment, const SsFlow *probe, uint8_t from)
{
    bool from_client = ss_segment_is_from_client(table, segment);
    SsFlow *flow = g_new0(SsFlow, 1);
    SsConnection *connection = &flow->connection;

    flow->number = ++table->n_flows;
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
        connection->half[i].round_trip_ns = SS_TIME_NONE;
    }
    connection->on_server_port =
        ss_flow_table_is_server_port(table, connection->half[SS_SERVER].port);
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
    ss_flow_list_append(table, flow, SS_FLOW_STARTING);
    g_hash_table_add(table->flows, flow);
    return flow;
}

void
ss_flow_table_count(SsFlowTable *table, const SsReassemblyCount *count)
{
    table->stats.bytes[SS_FLOW_DELIVERED] += count->delivered;
    table->stats.bytes[SS_FLOW_RETRANSMITTED] += count->repeated;
    table->stats.bytes[SS_FLOW_OUT_OF_WINDOW] += count->refused;
}

void
ss_flow_end(SsFlowTable *table, SsFlow *flow, SsCloseReason reason, SsDirection by, uint64_t frame)
{
    SsReassemblyCount count = {0};

    flow->connection.frame = frame;
    ss_reassembly_flush(&flow->reassembly, &count);
    ss_flow_table_count(table, &count);
    ss_flow_unstall(table, flow);
    ss_reassembly_clear(&flow->reassembly);
    flow->sink->ops->close(flow->sink, reason, by);
    flow->sink = NULL;
    ss_flow_touch(table, flow, SS_FLOW_ENDED);
}

void
ss_flow_free(SsFlowTable *table, SsFlow *flow)
{
    ss_flow_list_remove(table, flow);
    ss_flow_unstall(table, flow);
    ss_reassembly_clear(&flow->reassembly);
    table->stats.memory -= sizeof *flow;
    g_hash_table_remove(table->flows, flow);
    g_free(flow);
}

void
ss_flow_ignore(SsFlowTable *table, SsFlow *flow)
{
    ss_flow_unstall(table, flow);
    table->stats.bytes[SS_FLOW_OTHER_PORT] += ss_reassembly_clear(&flow->reassembly);
    flow->sink->ops->close(flow->sink, SS_CLOSE_EVICTED, SS_CLIENT);
    flow->sink = NULL;
    ss_flow_touch(table, flow, SS_FLOW_IGNORED);
}

/* --- segments --- */

static SsFlowBucket
take_segment(SsFlowTable *table, SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    SsConnection *connection = &flow->connection;
    SsReassemblyCount count = {0};
    SsFlowState state = (SsFlowState)flow->state;

    connection->frame = segment->origin.frame;
    connection->last = segment->origin;
    connection->half[direction].packets++;
    table->verdict.connection = connection;
    table->verdict.flow = flow->number;
    table->verdict.direction = direction;
    ss_flow_see_handshake(flow, direction, segment);
    if (segment->flags & SS_TCP_RST) {
        bool is_believed = ss_flow_is_believable_reset(flow, direction, segment);
        table->stats.bytes[SS_FLOW_DISCARDED] += segment->payload.len;
        if (is_believed) {
            ss_flow_end(table, flow, SS_CLOSE_RESET, direction, segment->origin.frame);
        } else {
            ss_flow_touch(table, flow, state);
        }
        return is_believed ? SS_FLOW_NO_PAYLOAD : SS_FLOW_OUT_OF_WINDOW;
    }
    if (state == SS_FLOW_STARTING &&
        (segment->payload.len || segment->cut || !(segment->flags & SS_TCP_SYN))) {
        bool by_handshake = connection->ready_ns != SS_TIME_NONE;
        if (by_handshake || segment->payload.len || segment->cut || !connection->from_start) {
            state = SS_FLOW_OPEN;
            if (by_handshake && flow->sink->ops->connected) {
                flow->sink->ops->connected(flow->sink, &segment->origin);
            }
        }
    }
    ss_flow_touch(table, flow, state);
    ss_reassembly_feed(&flow->reassembly, direction, segment, &count);
    ss_flow_table_count(table, &count);
    if (connection->is_ignored) {
        ss_flow_ignore(table, flow);
    } else if (ss_reassembly_is_closed(&flow->reassembly)) {
        ss_flow_end(table, flow, SS_CLOSE_FIN, direction, segment->origin.frame);
    } else if (ss_reassembly_is_stalled(&flow->reassembly)) {
        ss_flow_stall(table, flow);
    }
    if (!segment->payload.len) {
        return SS_FLOW_NO_PAYLOAD;
    }
    if (count.refused) {
        return SS_FLOW_OUT_OF_WINDOW;
    }
    return count.delivered || count.kept ? SS_FLOW_DELIVERED : SS_FLOW_RETRANSMITTED;
}

/* Where the segment stands in its streams. */
static void
fill_verdict(SsFlowVerdict *verdict, const SsFlow *flow, const SsSegment *segment)
{
    const SsHalf *half = &flow->reassembly.half[verdict->direction];
    const SsConnectionEnd *end = &flow->connection.half[verdict->direction];
    const SsConnectionEnd *other = &flow->connection.half[ss_direction_other(verdict->direction)];
    bool is_syn = (segment->flags & SS_TCP_SYN) != 0;
    int64_t offset = half->is_known ? ss_half_offset(half, segment->seq + is_syn) : 0;

    verdict->offset = offset > 0 ? (uint64_t)offset : 0;
    verdict->is_relative = end->has_syn;
    if (end->has_syn) {
        verdict->seq = segment->seq - end->initial_seq;
        verdict->ack = other->has_syn ? segment->ack - other->initial_seq : segment->ack;
    }
}

/* Its quiet time is over. The list of such is in the order in which ends were noticed, so its head
 * does not say it of all. */
static bool
is_gone(const SsFlowTable *table, const SsFlow *flow)
{
    return flow->state == SS_FLOW_ENDED && table->now_ns - flow->active_ns > SS_QUIET_NS;
}

static SsFlowBucket
feed(SsFlowTable *table, const SsSegment *segment)
{
    SsFlow probe;
    uint8_t from;
    SsFlow *flow;
    SsDirection direction;
    SsFlowBucket bucket;

    if (table->options.n_ports && !ss_flow_table_is_server_port(table, segment->from.port) &&
        !ss_flow_table_is_server_port(table, segment->to.port)) {
        return SS_FLOW_OTHER_PORT;
    }
    from = make_key(table, segment, &probe);
    flow = g_hash_table_lookup(table->flows, &probe);
    if (flow) {
        direction = from == flow->client_end ? SS_CLIENT : SS_SERVER;
        if (ss_flow_is_new_start(flow, direction, segment) || is_gone(table, flow)) {
            if (flow->sink) {
                ss_flow_end(table, flow, SS_CLOSE_REUSED, direction, segment->origin.frame);
            }
            ss_flow_free(table, flow);
            flow = NULL;
        }
    }
    if (!flow) {
        bool from_client = ss_segment_is_from_client(table, segment);
        uint16_t server_port = from_client ? segment->to.port : segment->from.port;
        if (table->options.n_ports && !ss_flow_table_is_server_port(table, server_port)) {
            return SS_FLOW_OTHER_PORT; /* a client on a server's port */
        }
        if (segment->flags & SS_TCP_RST) {
            return SS_FLOW_STRAY;
        }
        flow = flow_begin(table, segment, &probe, from);
        direction = from_client ? SS_CLIENT : SS_SERVER;
    }
    if (flow->state == SS_FLOW_ENDED) {
        return SS_FLOW_AFTER_END;
    }
    if (flow->state == SS_FLOW_IGNORED) {
        ss_flow_touch(table, flow, SS_FLOW_IGNORED);
        return SS_FLOW_OTHER_PORT;
    }
    bucket = take_segment(table, flow, direction, segment);
    fill_verdict(&table->verdict, flow, segment);
    return bucket;
}

SsFlowBucket
ss_flow_table_feed(SsFlowTable *table, const SsSegment *segment)
{
    SsFlowBucket bucket;
    bool is_taken;

    ss_flow_table_advance(table, segment->origin.time_ns, segment->origin.frame);
    table->verdict =
        (SsFlowVerdict){.window = segment->window, .seq = segment->seq, .ack = segment->ack};
    bucket = feed(table, segment);
    table->verdict.bucket = bucket;
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
    table->timeouts_ns[SS_FLOW_STARTING] = options->limits.handshake_ns;
    table->timeouts_ns[SS_FLOW_OPEN] = options->limits.idle_ns;
    table->timeouts_ns[SS_FLOW_ENDED] = SS_QUIET_NS;
    table->timeouts_ns[SS_FLOW_IGNORED] = options->limits.idle_ns;
    for (int state = 0; state < SS_N_FLOW_STATES; state++) { /* so that sums do not overflow */
        table->timeouts_ns[state] = MIN(table->timeouts_ns[state], SS_TIME_MAX / 2);
    }
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
    const SsFlow *x = *(SsFlow *const *)a, *y = *(SsFlow *const *)b;

    return x->connection.first.frame < y->connection.first.frame
               ? -1
               : x->connection.first.frame > y->connection.first.frame;
}

/* Flows whose session is not over, in the order of their first packets. */
static GPtrArray *
list_open(const SsFlowTable *table)
{
    GPtrArray *open = g_ptr_array_new();

    for (int state = SS_FLOW_STARTING; state <= SS_FLOW_OPEN; state++) {
        for (SsFlow *flow = table->lists[state].head; flow; flow = flow->next) {
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
        SsFlow *flow = open->pdata[i];
        ss_flow_end(table, flow, ss_flow_has_both_fins(flow) ? SS_CLOSE_FIN : SS_CLOSE_CAPTURE,
                    SS_CLIENT, frame);
    }
}

void
ss_flow_table_foreach(const SsFlowTable *table,
                      void (*each)(const SsConnection *connection, void *user_data),
                      void *user_data)
{
    g_autoptr(GPtrArray) open = list_open(table);

    for (guint i = 0; i < open->len; i++) {
        const SsFlow *flow = open->pdata[i];
        if (flow->connection.session) {
            each(&flow->connection, user_data);
        }
    }
}

const SsFlowVerdict *
ss_flow_table_verdict(const SsFlowTable *table)
{
    return &table->verdict;
}

uint64_t *
ss_flow_table_memory(SsFlowTable *table)
{
    return &table->stats.memory;
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
    for (int state = 0; state < SS_N_FLOW_STATES; state++) {
        while (table->lists[state].head) {
            SsFlow *flow = table->lists[state].head;
            if (flow->sink) {
                flow->sink->ops->close(flow->sink, SS_CLOSE_CAPTURE, SS_CLIENT);
            }
            ss_flow_free(table, flow);
        }
    }
    g_hash_table_unref(table->flows);
    g_ptr_array_unref(table->stalled);
    g_hash_table_unref(table->uids);
    g_queue_free_full(table->uid_order, g_free);
    g_free(table);
}
