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

bool
ss_flow_table_is_server_port(const SsFlowTable *table, uint16_t port)
{
    return (table->is_port[port / 8] >> (port % 8)) & 1;
}

/* --- begin and end --- */

SsOddFlow *
ss_flow_odd(SsFlow *flow)
{
    if (!flow->odd) {
        flow->odd = g_new0(SsOddFlow, 1);
        *flow->connection.memory += sizeof *flow->odd;
    }
    return flow->odd;
}

/* `owner` is the flow on the same addresses and ports that it begins beside, or NULL. */
static SsFlow *
flow_begin(SsFlowTable *table, const SsSegment *segment, guint hash, uint8_t from, SsFlow *owner)
{
    bool from_client = ss_segment_is_from_client(table, segment);
    const SsAddress *ends[2] = {from_client ? &segment->from : &segment->to,
                                from_client ? &segment->to : &segment->from};
    SsStreamSink *sink;
    SsFlow *flow = g_new0(SsFlow, 1);
    SsConnection *connection = &flow->connection;

    flow->number = ++table->n_flows;
    flow->hash = hash;
    flow->client_end = from_client ? from : from ^ 1;
    flow->is_role_sure = !ss_segment_leaves_roles_open(table, segment);
    *connection = (SsConnection){
        .family = segment->family,
        .first = segment->origin,
        .last = segment->origin,
        .syn_ns = SS_TIME_NONE,
        .ready_ns = SS_TIME_NONE,
        .settled_ns = SS_TIME_NONE,
        .memory = &table->stats.memory,
        .table = table,
    };
    for (int i = 0; i < 2; i++) {
        memcpy(connection->half[i].address, ends[i]->bytes, sizeof ends[i]->bytes);
        connection->half[i].port = ends[i]->port;
        connection->half[i].round_trip_ns = SS_TIME_NONE;
    }
    connection->on_server_port =
        ss_flow_table_is_server_port(table, connection->half[SS_SERVER].port);
    if (table->options.n_ports || connection->on_server_port) {
        connection->session = ++table->n_sessions;
        table->stats.sessions++;
    }
    connection->frame = segment->origin.frame;
    sink = table->factory->open(table->factory, connection);
    ss_reassembly_init(&flow->reassembly, connection, sink, &table->pool);
    table->stats.memory += SS_FLOW_SIZE;
    table->n_open++;
    flow->active_ns = table->now_ns;
    ss_flow_list_append(table, flow, SS_FLOW_STARTING);
    if (owner) {
        ss_flow_odd(flow)->owner = owner;
        flow->odd->rival = ss_flow_rival(owner);
        ss_flow_odd(owner)->rival = flow;
    } else {
        g_hash_table_add(table->flows, flow);
    }
    return flow;
}

void
ss_flow_table_count(SsFlowTable *table, const SsReassemblyCount *count)
{
    uint64_t *bytes = table->stats.bytes;

    bytes[SS_FLOW_DELIVERED] += count->delivered;
    bytes[SS_FLOW_RETRANSMITTED] += count->repeated;
    bytes[SS_FLOW_CONFLICTING] += count->conflicting;
    bytes[SS_FLOW_LATE] += count->late;
    bytes[SS_FLOW_KEEP_ALIVE] += count->keep_alive;
    bytes[SS_FLOW_OUT_OF_WINDOW] += count->refused;
    bytes[SS_FLOW_BEFORE_START] += count->before_start;
    bytes[SS_FLOW_AFTER_FIN] += count->after_fin;
    bytes[SS_FLOW_NOT_TAKEN] += count->not_taken;
    bytes[SS_FLOW_URGENT] += count->urgent;
    for (int i = 0; i < SS_N_ASIDES; i++) {
        table->stats.packets[ss_flow_bucket_of_aside((SsAside)i)] -= count->adopted[i];
        table->stats.packets[SS_FLOW_DELIVERED] += count->adopted[i];
    }
}

/* What its end shows of a connection. */
static void
sum_up(SsFlowTable *table, SsFlow *flow)
{
    for (int i = 0; i < 2; i++) {
        const SsHalf *half = &flow->reassembly.half[i];
        if (half->n_bad_checksums[0] * 2 > half->n_checksums[0] ||
            half->n_bad_checksums[1] * 2 > half->n_checksums[1] + 1) {
            table->stats.artefacts[SS_ARTEFACT_CHECKSUM_HOST]++;
        }
        if (flow->connection.health) {
            flow->connection.health->half[i].largest_acked = half->largest_acked;
        }
    }
}

static void
close_sink(SsFlowTable *table, SsFlow *flow, SsCloseReason reason, SsDirection by)
{
    flow->reassembly.sink->ops->close(flow->reassembly.sink, reason, by);
    flow->reassembly.sink = NULL;
    if (table->options.ended) {
        table->options.ended(table->options.user_data, flow->number, &flow->connection);
    }
}

void
ss_flow_end(SsFlowTable *table, SsFlow *flow, SsCloseReason reason, SsDirection by, uint64_t frame)
{
    SsReassemblyCount count = {0};

    flow->connection.frame = frame;
    ss_reassembly_flush(&flow->reassembly, &count);
    ss_flow_table_count(table, &count);
    ss_flow_unstall(table, flow);
    sum_up(table, flow);
    ss_reassembly_clear(&flow->reassembly);
    close_sink(table, flow, reason, by);
    ss_connection_drop_health(&flow->connection);
    ss_flow_touch(table, flow, SS_FLOW_ENDED);
}

/* Takes it out from among those on its addresses and ports. */
static void
unlink_rival(SsFlowTable *table, SsFlow *flow)
{
    SsFlow *heir = ss_flow_rival(flow);

    if (flow->odd && flow->odd->owner) {
        SsFlow *before = flow->odd->owner;
        while (before->odd->rival != flow) {
            before = before->odd->rival;
        }
        before->odd->rival = heir;
        return;
    }
    ss_flow_forget_recent(table, flow);
    g_hash_table_remove(table->flows, flow);
    if (heir) {
        heir->odd->owner = NULL;
        for (SsFlow *rival = heir->odd->rival; rival; rival = rival->odd->rival) {
            rival->odd->owner = heir;
        }
        g_hash_table_add(table->flows, heir);
    }
}

void
ss_flow_free(SsFlowTable *table, SsFlow *flow)
{
    ss_flow_list_remove(table, flow);
    ss_flow_unstall(table, flow);
    ss_reassembly_clear(&flow->reassembly);
    ss_connection_drop_health(&flow->connection);
    table->stats.memory -= SS_FLOW_SIZE;
    table->n_open--;
    unlink_rival(table, flow);
    if (flow->odd) {
        table->stats.memory -= sizeof *flow->odd;
        g_free(flow->odd);
    }
    g_free(flow);
}

void
ss_flow_ignore(SsFlowTable *table, SsFlow *flow)
{
    ss_flow_unstall(table, flow);
    table->stats.bytes[SS_FLOW_OTHER_PORT] += ss_reassembly_clear(&flow->reassembly);
    close_sink(table, flow, SS_CLOSE_EVICTED, SS_CLIENT);
    ss_connection_drop_health(&flow->connection);
    ss_flow_touch(table, flow, SS_FLOW_IGNORED);
}

/* --- segments --- */

/* Its quiet time is over. The list of such is in the order in which ends were noticed, so its head
 * does not say it of all. */
static bool
is_gone(const SsFlowTable *table, const SsFlow *flow)
{
    return flow->state == SS_FLOW_ENDED && table->now_ns - flow->active_ns > SS_QUIET_NS;
}

static SsDirection
direction_of(const SsFlow *flow, uint8_t from)
{
    return from == flow->client_end ? SS_CLIENT : SS_SERVER;
}

/* Far from where a stream is: of another connection's. */
#define FAR (INT64_C(1) << 24)

static bool
is_near(const SsHalf *half, uint32_t seq)
{
    int64_t offset = ss_half_offset(half, seq) - (int64_t)half->next;

    return half->is_known && offset > -FAR && offset < FAR;
}

static bool
fits(const SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = flow->reassembly.half;

    if ((segment->flags & SS_TCP_SYN) && (segment->flags & SS_TCP_ACK)) {
        return half[ss_direction_other(direction)].is_known &&
               half[ss_direction_other(direction)].base_seq == segment->ack;
    }
    return is_near(&half[direction], segment->seq);
}

/* Of those that stand beside each other, the one that a segment is of; `flow`, their owner, where
 * it is of none. */
static SsFlow *
choose_rival(SsFlow *flow, uint8_t from, const SsSegment *segment)
{
    for (SsFlow *each = flow; each; each = ss_flow_rival(each)) {
        if (fits(each, direction_of(each, from), segment)) {
            return each;
        }
    }
    return flow;
}

static SsFlow *
find_start(SsFlow *flow, uint8_t from, const SsSegment *segment)
{
    for (SsFlow *each = flow; each; each = ss_flow_rival(each)) {
        if (!ss_flow_is_new_start(each, direction_of(each, from), segment)) {
            return each;
        }
    }
    return NULL;
}

static unsigned
count_rivals(const SsFlow *flow)
{
    unsigned n = 0;

    for (const SsFlow *rival = ss_flow_rival(flow); rival; rival = ss_flow_rival(rival)) {
        n++;
    }
    return n;
}

/* Both ends go by `flow`, which began beside its owner: so that one is over. */
static void
take_over(SsFlowTable *table, SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    SsFlow *owner = flow->odd->owner;

    if (owner->reassembly.sink) {
        ss_connection_remark(&owner->connection, owner->reassembly.sink, direction,
                             SS_REMARKS(SS_REMARK_PORT_REUSED), &segment->origin);
        ss_flow_end(table, owner, SS_CLOSE_REUSED, direction, segment->origin.frame);
    }
    unlink_rival(table, flow); /* to the front, so that it inherits */
    flow->odd->rival = owner->odd->rival;
    owner->odd->rival = flow;
    ss_flow_free(table, owner);
}

/* A SYN-ACK to a SYN that had been refused: so the refusal was not the server's. */
static bool
is_late_answer(const SsFlow *flow, uint8_t from, const SsSegment *segment)
{
    const SsHalf *half = flow->reassembly.half;
    uint8_t both = SS_TCP_SYN | SS_TCP_ACK;

    return flow->state == SS_FLOW_ENDED && (segment->flags & (both | SS_TCP_RST)) == both &&
           direction_of(flow, from) == SS_SERVER && !half[SS_SERVER].is_known &&
           half[SS_CLIENT].is_known && half[SS_CLIENT].base_seq == segment->ack;
}

/* The flow that a segment is of; NULL where it begins one, beside `ret_owner` where that is set. */
static SsFlow *
find_flow(SsFlowTable *table, SsFlow *flow, uint8_t from, const SsSegment *segment,
          SsFlow **ret_owner)
{
    bool is_syn = (segment->flags & (SS_TCP_SYN | SS_TCP_ACK | SS_TCP_RST)) == SS_TCP_SYN;
    SsFlow *chosen;

    *ret_owner = NULL;
    if (is_syn || is_late_answer(flow, from, segment)) {
        chosen = is_syn ? find_start(flow, from, segment) : NULL;
        if (!chosen) {
            *ret_owner = flow;
        }
        return chosen;
    }
    if (!ss_flow_rival(flow)) {
        return flow;
    }
    chosen = choose_rival(flow, from, segment);
    if (chosen != flow && direction_of(chosen, from) == SS_SERVER) {
        take_over(table, chosen, SS_SERVER, segment); /* its server answers it */
    } else if (chosen != flow && !fits(flow, direction_of(flow, from), segment) &&
               segment->payload.len && !flow->connection.half[SS_SERVER].packets) {
        take_over(table, chosen, SS_CLIENT, segment);
    }
    return chosen;
}

/* A SYN with numbers of its own where a flow is: that one has ended, or they stand beside each
 * other until one is answered. False where there are too many. */
static bool
make_way(SsFlowTable *table, SsFlow **owner, SsDirection direction, const SsSegment *segment)
{
    while (*owner && !(*owner)->reassembly.sink) {
        SsFlow *heir = ss_flow_rival(*owner);
        ss_flow_free(table, *owner);
        *owner = heir;
    }
    if (*owner) {
        ss_connection_remark(&(*owner)->connection, (*owner)->reassembly.sink, direction,
                             SS_REMARKS(SS_REMARK_SYN_CONFLICT), &segment->origin);
    }
    return !*owner || count_rivals(*owner) < SS_RIVALS_MAX;
}

static SsFlowBucket
feed(SsFlowTable *table, const SsSegment *segment)
{
    SsFlow *flow, *owner = NULL;
    SsDirection direction;
    uint8_t from;
    guint hash;

    if (table->options.n_ports && !ss_flow_table_is_server_port(table, segment->from.port) &&
        !ss_flow_table_is_server_port(table, segment->to.port)) {
        return SS_FLOW_OTHER_PORT;
    }
    flow = ss_flow_look_up(table, segment, &from, &hash);
    if (flow && is_gone(table, flow) && !ss_flow_rival(flow)) {
        ss_flow_free(table, flow);
        flow = NULL;
    }
    if (flow) {
        flow = find_flow(table, flow, from, segment, &owner);
    }
    if (owner && !make_way(table, &owner, direction_of(owner, from), segment)) {
        table->stats.rivals++;
        return SS_FLOW_STRAY;
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
        flow = flow_begin(table, segment, hash, from, owner);
    }
    direction = direction_of(flow, from);
    if (flow->state == SS_FLOW_ENDED) {
        ss_flow_judge(table, flow, direction, segment);
        return SS_FLOW_AFTER_END;
    }
    if (flow->state == SS_FLOW_IGNORED) {
        ss_flow_touch(table, flow, SS_FLOW_IGNORED);
        return SS_FLOW_OTHER_PORT;
    }
    return ss_flow_take_segment(table, flow, direction, segment);
}

SsFlowBucket
ss_flow_table_feed(SsFlowTable *table, const SsSegment *segment)
{
    static const bool is_counted_whole[SS_N_FLOW_BUCKETS] = {
        [SS_FLOW_OTHER_PORT] = true, [SS_FLOW_AFTER_END] = true, [SS_FLOW_STRAY] = true,
        [SS_FLOW_DUPLICATE] = true,  [SS_FLOW_DISCARDED] = true,
    };
    SsFlowBucket bucket;

    ss_flow_table_advance(table, segment->origin.time_ns, segment->origin.frame);
    table->verdict = (SsFlowVerdict){.connection = NULL};
    bucket = feed(table, segment);
    if (!table->verdict.connection) { /* nothing more is known of it */
        table->verdict.window = segment->window;
        table->verdict.seq = segment->seq;
        table->verdict.ack = segment->ack;
    }
    table->verdict.bucket = bucket;
    table->stats.packets[bucket]++;
    if (is_counted_whole[bucket]) { /* of others reassembly counts the bytes */
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
    table->flows = g_hash_table_new(ss_flow_hash, ss_flow_equal);
    table->stalled = g_ptr_array_new();
    table->now_ns = 0; /* packets from before 1970 are all of one time */
    table->looked_ns = 0;
    table->due_ns = INT64_MAX;
    table->timeouts_ns[SS_FLOW_STARTING] = options->limits.handshake_ns;
    table->timeouts_ns[SS_FLOW_OPEN] = options->limits.idle_ns;
    table->timeouts_ns[SS_FLOW_MAIL] = options->limits.idle_ns;
    table->timeouts_ns[SS_FLOW_DOUBTED] = SS_DOUBTED_NS;
    table->timeouts_ns[SS_FLOW_ENDED] = SS_QUIET_NS;
    table->timeouts_ns[SS_FLOW_IGNORED] = options->limits.idle_ns;
    for (int state = 0; state < SS_N_FLOW_STATES; state++) { /* so that sums do not overflow */
        table->timeouts_ns[state] = MIN(table->timeouts_ns[state], SS_TIME_MAX / 2);
    }
    ss_reassembly_pool_init(&table->pool, options->overlap, options->limits.reorder,
                            &table->stats.reorder, &table->stats.memory);
    for (size_t i = 0; i < n_ports; i++) {
        table->is_port[ports[i] / 8] |= (uint8_t)(1 << (ports[i] % 8));
    }
    if (getrandom(table->key, sizeof table->key, 0) != sizeof table->key) {
        table->key[0] =
            (uint64_t)(uintptr_t)table; /* no entropy: at least not the same each time */
        table->key[1] = (uint64_t)g_get_monotonic_time();
    }
    ss_used_uids_init(&table->uids, table->key[0] ^ table->key[1]);
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

    for (int state = SS_FLOW_STARTING; state <= SS_FLOW_DOUBTED; state++) {
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
        SsDirection by;
        SsCloseReason reason = ss_flow_reason(flow, SS_CLOSE_CAPTURE, &by);
        ss_flow_end(table, flow, reason, by, frame);
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
            if (flow->reassembly.sink) {
                close_sink(table, flow, SS_CLOSE_CAPTURE, SS_CLIENT);
            }
            ss_flow_free(table, flow);
        }
    }
    ss_reassembly_pool_clear(&table->pool);
    g_hash_table_unref(table->flows);
    g_ptr_array_unref(table->stalled);
    ss_used_uids_clear(&table->uids);
    g_free(table);
}
