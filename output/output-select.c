/*
 * Who takes part in a reading: outputs, detectors, and those who judge what is selected and what
 * was expected.
 *
 * What dissectors build and what it is charged for is the same in two readings, whoever takes it:
 * so sessions have the same numbers in both, also where `--limit memory` is met.
 */
#include "output/output-parts.h"

#include "output/tell.h"

/* --- the command line --- */

static bool
add_judge(SsOutput *output, const char *option, const char *text, size_t skip, bool is_all,
          SsSelection *selection, GError **error)
{
    g_autoptr(GString) what = g_string_new(NULL);
    g_autoptr(GString) shown = g_string_new(NULL);
    SsExprError wrong = {what, 0};
    SsExpr *expr = ss_expr_new(text + skip, &wrong);

    if (!expr) {
        wrong.at += skip;
        ss_expr_error_show(&wrong, text, shown);
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE, "%s: %s", option, shown->str);
        return false;
    }
    g_ptr_array_add(output->judges, ss_judge_new(expr, selection));
    g_array_append_val(output->is_all, is_all);
    return true;
}

bool
ss_output_select(SsOutput *output, const char *expression, GError **error)
{
    g_assert(output->judges->len == 0);
    output->selection = ss_selection_new(!output->options.is_live);
    return add_judge(output, "-Y", expression, 0, false, output->selection, error);
}

bool
ss_output_expect(SsOutput *output, const char *expectation, GError **error)
{
    size_t blanks = strspn(expectation, " \t\n\r");
    bool is_all = g_ascii_strncasecmp(expectation + blanks, "all", 3) == 0 &&
                  (strchr(" \t\n\r(", expectation[blanks + 3]) || !expectation[blanks + 3]);

    return add_judge(output, "--expect", expectation, is_all ? blanks + 3 : 0, is_all, NULL, error);
}

bool
ss_output_reads_twice(const SsOutput *output)
{
    return output->selection && !output->options.is_live;
}

/* --- readings --- */

SsJudgesAsk
ss_output_judges_ask(const SsOutput *output)
{
    SsJudgesAsk ask = {0};

    for (guint i = 0; i < output->judges->len; i++) {
        const SsExpr *expr = ss_judge_expr(g_ptr_array_index(output->judges, i));
        ask.wants |= expr->wants;
        ask.needs |= expr->needs;
        ask.needs_findings |= expr->needs_findings;
        ask.needs_finding_events |= expr->needs_finding_events;
    }
    if (!ask.needs_finding_events && !output->options.is_live) {
        ask.wants &= ~SS_WANT(SS_EVENT_FINDING);
    }
    /* Live, what the addresses decide is decided at once. */
    if (output->selection && output->options.is_live &&
        ss_judge_expr(g_ptr_array_index(output->judges, 0))->of_connection) {
        ask.wants |= SS_WANT(SS_EVENT_NOTE);
        ask.notes = SS_NOTES(SS_NOTE_CONNECTED);
    }
    return ask;
}

static void
set_parties(GPtrArray *from, GPtrArray *to, bool takes_part)
{
    g_ptr_array_set_size(to, 0);
    for (guint i = 0; takes_part && i < from->len; i++) {
        g_ptr_array_add(to, g_ptr_array_index(from, i));
    }
}

static void
set_gate(SsOutput *output, SsReading reading)
{
    SsGateTarget target = {ss_delivery_show, ss_delivery_drop, &output->delivery};

    g_clear_pointer(&output->gate, ss_gate_free);
    if (reading == SS_READING_SECOND) {
        output->gate = ss_gate_new(output->selection, &target);
    } else if (output->selection && output->options.is_live) {
        output->gate = ss_gate_new_live(g_ptr_array_index(output->judges, 0),
                                        output->options.held_max, &target);
    }
    output->delivery.gate = output->gate;
}

/* On the reader's thread, before a content begins. */
static const SsContentPlan *
choose_plan(const SsContentPlan *plan, uint64_t session, uint64_t message)
{
    const SsOutput *output = (const void *)((const uint8_t *)plan - offsetof(SsOutput, plan));

    return ss_selection_has_message(output->selection, session, message) ? plan
                                                                         : &output->unshown_plan;
}

static void
set_plans(SsOutput *output, const SsJudgesAsk *ask)
{
    SsDelivery *delivery = &output->delivery;
    uint32_t detected = ss_instances_need(delivery->detectors);
    bool is_shown = output->reading != SS_READING_FIRST;
    uint32_t judged = output->reading == SS_READING_SECOND ? 0 : ask->needs;
    uint32_t traced = delivery->tracer ? SS_NEED_MIME : 0; /* Message-ID and Received, of all */

    output->plan.needs =
        detected | judged | traced | (is_shown ? ss_instances_need(output->sinks) : 0);
    output->unshown_plan.needs = detected | traced;
    output->plan.tap = output->unshown_plan.tap = NULL;
    delivery->has_taps = output->taps->len > 0;
    if (output->taps->len) {
        output->tap.n_states = output->taps->len + 1; /* and the count of bytes seen */
        output->unshown_tap.n_states = output->tap.n_states;
        output->plan.tap = is_shown ? &output->tap : &output->unshown_tap;
        output->unshown_plan.tap = &output->unshown_tap;
    }
    output->plan.choose = output->reading == SS_READING_SECOND ? choose_plan : NULL;
}

void
ss_output_begin_reading(SsOutput *output, SsReading reading)
{
    SsJudgesAsk ask = ss_output_judges_ask(output);
    SsDelivery *delivery = &output->delivery;
    uint64_t sinks = ss_instances_want(output->sinks), taken, all;
    bool is_first = reading == SS_READING_FIRST, is_judged = reading != SS_READING_SECOND;

    output->reading = reading;
    set_parties(output->sinks, delivery->sinks, !is_first);
    set_parties(output->detectors, delivery->detectors, !is_first || ask.needs_findings);
    set_parties(output->judges, delivery->judges, is_judged);
    delivery->is_muted = is_first;
    set_gate(output, reading);

    taken = (is_first ? 0 : sinks) | (is_judged ? ask.wants : 0);
    delivery->only_counts = !(taken & SS_WANT(SS_EVENT_FINDING));
    /* What is kept of a session goes with its event, as what is kept of a content goes with its
     * message's; findings about a message wait for it. */
    taken |= SS_WANT(SS_EVENT_SESSION);
    if (delivery->detectors->len) {
        taken |= ss_instances_want(delivery->detectors);
        taken |= delivery->only_counts ? 0 : SS_WANT(SS_EVENT_MESSAGE);
    }
    taken |= output->taps->len ? SS_WANT(SS_EVENT_MESSAGE) : 0;
    if (taken & SS_WANT(SS_EVENT_DELIVERY)) {
        taken |= SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_CAPTURE);
        ss_delivery_trace(delivery, output->options.explain);
    }
    all = taken;
    if (reading != SS_READING_ONLY) { /* the same in both */
        all |= sinks | ask.wants | ss_instances_want(output->detectors) | SS_WANT(SS_EVENT_MESSAGE);
    }
    if (is_first) { /* packets cost nothing that is charged */
        all &= ~SS_WANT(SS_EVENT_PACKET);
    }
    output->queued = taken;
    output->queued_notes = (is_first ? 0 : ss_instances_notes(output->sinks)) |
                           ss_instances_notes(delivery->detectors) | (is_judged ? ask.notes : 0);
    output->notes =
        ss_instances_notes(output->sinks) | ss_instances_notes(output->detectors) | ask.notes;
    output->sink.wants = all;
    set_plans(output, &ask);
    if (output->options.workers && output->plan.needs) {
        ss_output_start_threads(output);
    }
}

bool
ss_output_read_again(SsOutput *output, GError **error)
{
    ss_queue_flush(&output->queue);
    ss_output_stop_threads(output);
    ss_selection_finish(output->selection);
    ss_delivery_forget(&output->delivery);
    for (guint i = 0; i < output->detectors->len; i++) {
        if (!ss_instance_reopen(g_ptr_array_index(output->detectors, i), error)) {
            return false;
        }
    }
    output->queue.frame = 0;
    ss_output_begin_reading(output, SS_READING_SECOND);
    return true;
}

void
ss_output_clear_selection(SsOutput *output)
{
    g_clear_pointer(&output->gate, ss_gate_free);
    g_clear_pointer(&output->judges, g_ptr_array_unref);
    g_clear_pointer(&output->selection, ss_selection_free);
    g_clear_pointer(&output->is_all, g_array_unref);
}

bool
ss_output_keeps(const SsOutput *output, uint64_t session)
{
    return !output->selection || ss_selection_has(output->selection, session);
}

/* --- the end --- */

static char *
describe_seen(const SsJudgeCount *count)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT " session%s, %" G_GUINT64_FORMAT " message%s",
                           count->sessions, count->sessions == 1 ? "" : "s", count->messages,
                           count->messages == 1 ? "" : "s");
}

static void
tell_selected(const SsOutput *output)
{
    const SsJudge *judge = g_ptr_array_index(output->judges, 0);
    const SsJudgeCount *count = ss_judge_count(judge);
    g_autofree char *seen = describe_seen(count);
    uint64_t forced = output->gate ? ss_gate_forced(output->gate) : 0;

    if (count->sessions && !count->sessions_matched) {
        ss_tell("-Y %s: nothing matches: %s looked at", ss_judge_expr(judge)->text, seen);
    }
    if (forced) {
        ss_tell("-Y: %" G_GUINT64_FORMAT " session%s shown before it was certain whether %s "
                "match%s: give more --limit memory",
                forced, forced == 1 ? "" : "s", forced == 1 ? "it" : "they",
                forced == 1 ? "es" : "");
    }
}

static void
tell_given_up(const SsOutput *output)
{
    uint64_t n = 0;

    for (guint i = 0; i < output->judges->len; i++) {
        n += ss_judge_count(g_ptr_array_index(output->judges, i))->given_up;
    }
    if (n) {
        ss_tell("matches: %" G_GUINT64_FORMAT " text%s taken for no match, for the pattern needs "
                "too many steps: write a simpler one",
                n, n == 1 ? "" : "s");
    }
}

/* True where it holds. */
static bool
check_expectation(const SsJudge *judge, bool is_all)
{
    const SsJudgeCount *count = ss_judge_count(judge);
    const char *text = ss_judge_expr(judge)->text;
    uint64_t failed = count->messages - count->messages_matched;
    g_autofree char *seen = describe_seen(count);

    if (!is_all && !count->sessions_matched) {
        ss_tell("--expect %s: nothing matches: %s looked at", text, seen);
        return false;
    }
    if (is_all && !count->messages) {
        ss_tell("--expect all%s%s: there is no message", g_ascii_isspace(*text) ? "" : " ", text);
        return false;
    }
    if (is_all && failed) {
        ss_tell("--expect all%s%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                " message%s %s not match",
                g_ascii_isspace(*text) ? "" : " ", text, failed, count->messages,
                count->messages == 1 ? "" : "s", failed == 1 ? "does" : "do");
        return false;
    }
    return true;
}

bool
ss_output_tell_matches(const SsOutput *output)
{
    bool is_met = true;
    guint first = output->selection ? 1 : 0;

    if (output->selection && output->options.verbosity >= 0) {
        tell_selected(output);
    }
    if (output->options.verbosity >= 0) {
        tell_given_up(output);
    }
    for (guint i = first; i < output->judges->len; i++) {
        is_met &= check_expectation(g_ptr_array_index(output->judges, i),
                                    g_array_index(output->is_all, bool, i));
    }
    return is_met;
}
