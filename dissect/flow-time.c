/*
 * Time in the flow table: a list for each state in order of last activity, so that a timeout looks
 * at the list's head only; holes that wait for time to pass; and who goes where there is no room.
 */
#include "dissect/flow-table.h"

#define STALLED_LOOK_NS (SS_NS_PER_S / 4)

/* --- lists --- */

/* When the first of a list is due; INT64_MAX where there is none. */
static int64_t
due_ns(const SsFlowTable *table, SsFlowState state)
{
    const SsFlow *flow = table->lists[state].head;

    return flow ? flow->active_ns + table->timeouts_ns[state] : INT64_MAX;
}

void
ss_flow_list_remove(SsFlowTable *table, SsFlow *flow)
{
    SsFlowList *list = &table->lists[flow->state];

    *(flow->prev ? &flow->prev->next : &list->head) = flow->next;
    *(flow->next ? &flow->next->prev : &list->tail) = flow->prev;
    flow->prev = flow->next = NULL;
    list->n--;
}

void
ss_flow_list_append(SsFlowTable *table, SsFlow *flow, SsFlowState state)
{
    SsFlowList *list = &table->lists[state];

    flow->state = (uint8_t)state;
    flow->prev = list->tail;
    *(list->tail ? &list->tail->next : &list->head) = flow;
    list->tail = flow;
    list->n++;
    table->due_ns = MIN(table->due_ns, due_ns(table, state));
}

void
ss_flow_touch(SsFlowTable *table, SsFlow *flow, SsFlowState state)
{
    if (state == SS_FLOW_OPEN && flow->connection.has_mail) {
        state = SS_FLOW_MAIL;
    }
    flow->active_ns = table->now_ns;
    ss_flow_list_remove(table, flow);
    ss_flow_list_append(table, flow, state);
}

void
ss_flow_stall(SsFlowTable *table, SsFlow *flow)
{
    if (!flow->is_stalled) {
        flow->is_stalled = true;
        flow->stalled_at = table->stalled->len;
        g_ptr_array_add(table->stalled, flow);
    }
}

void
ss_flow_unstall(SsFlowTable *table, SsFlow *flow)
{
    if (flow->is_stalled) {
        guint at = flow->stalled_at;
        g_ptr_array_remove_index_fast(table->stalled, at); /* the last one takes its place */
        if (at < table->stalled->len) {
            ((SsFlow *)table->stalled->pdata[at])->stalled_at = at;
        }
        flow->is_stalled = false;
    }
}

/* --- time --- */

SsCloseReason
ss_flow_reason(const SsFlow *flow, SsCloseReason otherwise, SsDirection *ret_by)
{
    *ret_by = SS_CLIENT;
    if (flow->state == SS_FLOW_DOUBTED) {
        *ret_by = (SsDirection)flow->reset_by;
        return SS_CLOSE_RESET;
    }
    if (flow->reassembly.half[0].fin != UINT64_MAX && flow->reassembly.half[1].fin != UINT64_MAX) {
        return SS_CLOSE_FIN;
    }
    return otherwise;
}

static void
expire(SsFlowTable *table, SsFlowState state, int64_t timeout_ns, uint64_t frame)
{
    SsFlow *flow;

    while ((flow = table->lists[state].head) && table->now_ns - flow->active_ns > timeout_ns) {
        if (flow->reassembly.sink) {
            int64_t end_ns = flow->active_ns + timeout_ns;
            SsDirection by;
            SsCloseReason reason = ss_flow_reason(flow, SS_CLOSE_TIMEOUT, &by);
            ss_flow_end(table, flow, reason, by, frame);
            /* It ended then, whenever that was noticed: other traffic must not matter. */
            flow->active_ns = end_ns;
        } else {
            ss_flow_free(table, flow);
        }
    }
}

/* Holes that wait only for time to pass. */
static void
look_at_stalled(SsFlowTable *table, uint64_t frame)
{
    for (guint i = 0; i < table->stalled->len;) {
        SsFlow *flow = table->stalled->pdata[i];
        SsReassemblyCount count = {0};

        flow->connection.frame = frame;
        if (!ss_reassembly_advance(&flow->reassembly, table->now_ns, &count)) {
            ss_flow_unstall(table, flow);
        }
        ss_flow_table_count(table, &count);
        if (flow->connection.is_ignored) {
            ss_flow_ignore(table, flow);
        } else if (ss_reassembly_is_closed(&flow->reassembly)) {
            ss_flow_end(table, flow, SS_CLOSE_FIN, SS_CLIENT, frame);
        }
        if (i < table->stalled->len && table->stalled->pdata[i] == flow) {
            i++; /* else another has taken its place */
        }
    }
    table->looked_ns = table->now_ns;
}

/* Unanswered attempts have a share of the room: so that a flood of them leaves the sessions alone,
 * and sessions that last leave room for new ones. */
#define STARTING_SHARE 4

static SsFlow *
choose_victim(const SsFlowTable *table)
{
    static const SsFlowState order[] = {
        SS_FLOW_DOUBTED,
        SS_FLOW_OPEN,
        SS_FLOW_MAIL,
        SS_FLOW_STARTING,
    };
    const SsFlowList *lists = table->lists;
    size_t all = table->n_open;

    if (lists[SS_FLOW_ENDED].head) {
        return lists[SS_FLOW_ENDED].head;
    }
    if (lists[SS_FLOW_IGNORED].head) {
        return lists[SS_FLOW_IGNORED].head;
    }
    if (lists[SS_FLOW_STARTING].n > MAX(1, all / STARTING_SHARE)) {
        return lists[SS_FLOW_STARTING].head;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        if (lists[order[i]].head) {
            return lists[order[i]].head;
        }
    }
    return NULL; /* there is none */
}

static void
evict_one(SsFlowTable *table, uint64_t *counter, uint64_t frame)
{
    SsFlow *flow = choose_victim(table);

    if (flow->reassembly.sink) {
        ++*counter;
        ss_flow_end(table, flow, SS_CLOSE_EVICTED, SS_CLIENT, frame);
    }
    ss_flow_free(table, flow);
}

/* Ends and forgets what is due. Most calls find that nothing is. */
static void
expire_all(SsFlowTable *table, uint64_t frame)
{
    if (table->now_ns <= table->due_ns) {
        return;
    }
    table->due_ns = INT64_MAX;
    for (int state = 0; state < SS_N_FLOW_STATES; state++) {
        expire(table, (SsFlowState)state, table->timeouts_ns[state], frame);
    }
    for (int state = 0; state < SS_N_FLOW_STATES; state++) {
        table->due_ns = MIN(table->due_ns, due_ns(table, (SsFlowState)state));
    }
}

int64_t
ss_connection_now_ns(const SsConnection *connection)
{
    return connection->table ? MAX(connection->table->now_ns, connection->last.time_ns)
                             : connection->last.time_ns;
}

void
ss_flow_table_advance(SsFlowTable *table, int64_t now_ns, uint64_t frame)
{
    table->now_ns = MAX(table->now_ns, now_ns);
    expire_all(table, frame);
    if (table->stalled->len && table->now_ns - table->looked_ns > STALLED_LOOK_NS) {
        look_at_stalled(table, frame);
    }
    while (table->n_open > table->options.limits.flows) {
        evict_one(table, &table->stats.evicted_for_flows, frame);
    }
    while (table->n_open && table->stats.memory > table->options.limits.memory) {
        evict_one(table, &table->stats.evicted_for_memory, frame);
    }
}
