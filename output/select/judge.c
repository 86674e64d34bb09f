#include "output/select/judge.h"

/* Messages one after another of which the same is known. */
typedef struct {
    uint64_t first, last; /* indexes */
    uint64_t holds;       /* of the comparisons of messages */
} Run;

typedef struct {
    uint64_t session;
    uint64_t known, holds; /* of the comparisons of sessions */
    uint64_t otherwise;    /* of those of messages, by what stands in for them */
    bool is_over;
    GArray *runs; /* of Run; NULL: no message yet */
} Case;

struct SsJudge {
    SsExpr *expr;
    SsSelection *selection;
    GHashTable *cases; /* of Case, by session */
    SsJudgeCount count;
};

static void
case_free(void *data)
{
    Case *it = data;

    if (it->runs) {
        g_array_unref(it->runs);
    }
    g_free(it);
}

SsJudge *
ss_judge_new(SsExpr *expr, SsSelection *selection)
{
    SsJudge *judge = g_new0(SsJudge, 1);

    judge->expr = expr;
    judge->selection = selection;
    judge->cases = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, case_free);
    return judge;
}

const SsExpr *
ss_judge_expr(const SsJudge *judge)
{
    return judge->expr;
}

const SsJudgeCount *
ss_judge_count(const SsJudge *judge)
{
    return &judge->count;
}

void
ss_judge_free(SsJudge *judge)
{
    if (judge) {
        g_hash_table_unref(judge->cases);
        ss_expr_free(judge->expr);
        g_free(judge);
    }
}

/* --- events --- */

static Case *
find_case(const SsJudge *judge, uint64_t session)
{
    return g_hash_table_lookup(judge->cases, &session);
}

static Case *
case_of(SsJudge *judge, uint64_t session)
{
    Case *it = find_case(judge, session);

    if (!it) {
        it = g_new0(Case, 1);
        it->session = session;
        g_hash_table_add(judge->cases, it);
    }
    return it;
}

static void
take_message(SsJudge *judge, const SsEvent *event)
{
    Case *it = case_of(judge, event->session);
    uint64_t index = event->message.index;
    uint64_t holds =
        ss_expr_compare(judge->expr, judge->expr->of_message, event, &judge->count.given_up);
    Run run = {index, index, holds};
    Run *last;

    judge->count.messages++;
    if (!it->runs) {
        it->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    }
    last = it->runs->len ? &g_array_index(it->runs, Run, it->runs->len - 1) : NULL;
    if (last && last->holds == holds && last->last + 1 == index) {
        last->last = index;
    } else {
        g_array_append_val(it->runs, run);
    }
}

/* A login, a handshake, a finding: one that matches is enough, and none is known before the end. */
static void
take_item(SsJudge *judge, const SsEvent *event)
{
    uint64_t holds =
        ss_expr_compare(judge->expr, judge->expr->of_session, event, &judge->count.given_up);

    if (holds) {
        Case *it = case_of(judge, event->session);
        it->known |= holds;
        it->holds |= holds;
    }
}

/* Who speaks with whom, before anything is said. */
static void
take_connection(SsJudge *judge, const SsEvent *event)
{
    uint64_t mask = judge->expr->of_connection;
    SsEvent session = {.type = SS_EVENT_SESSION};

    if (mask == 0 || event->note.kind != SS_NOTE_CONNECTED) {
        return;
    }
    session.session_end.client.at = event->note.client;
    session.session_end.server.at = event->note.server;
    Case *it = case_of(judge, event->session);
    it->known |= mask;
    it->holds |= ss_expr_compare(judge->expr, mask, &session, &judge->count.given_up);
}

static void
take_session(SsJudge *judge, const SsEvent *event)
{
    Case *it = case_of(judge, event->session);

    it->holds |=
        ss_expr_compare(judge->expr, judge->expr->of_session, event, &judge->count.given_up);
    it->known |= judge->expr->of_session;
    it->otherwise = ss_expr_compare_otherwise(judge->expr, event, &judge->count.given_up);
    it->is_over = true;
}

void
ss_judge_event(SsJudge *judge, const SsEvent *event)
{
    switch (event->type) {
    case SS_EVENT_MESSAGE:
        take_message(judge, event);
        break;
    case SS_EVENT_AUTH:
    case SS_EVENT_TLS:
    case SS_EVENT_FINDING:
        take_item(judge, event);
        break;
    case SS_EVENT_NOTE:
        take_connection(judge, event);
        break;
    case SS_EVENT_SESSION:
        take_session(judge, event);
        break;
    default:
        break;
    }
}

/* --- verdicts --- */

static SsVerdict
verdict_of_run(const SsJudge *judge, const Case *it, const Run *run)
{
    return ss_expr_evaluate(judge->expr, it->known | judge->expr->of_message,
                            it->holds | run->holds);
}

static SsVerdict
verdict_of_none(const SsJudge *judge, const Case *it)
{
    return ss_expr_evaluate(judge->expr, it->known | judge->expr->of_message,
                            it->holds | it->otherwise);
}

SsVerdict
ss_judge_message(const SsJudge *judge, uint64_t session, uint64_t index)
{
    const Case *it = find_case(judge, session);

    for (guint i = it && it->runs ? it->runs->len : 0; i > 0; i--) {
        const Run *run = &g_array_index(it->runs, Run, i - 1);
        if (run->first <= index && index <= run->last) {
            return verdict_of_run(judge, it, run);
        }
    }
    return SS_VERDICT_UNKNOWN;
}

SsVerdict
ss_judge_session(const SsJudge *judge, uint64_t session)
{
    static const Case nothing;
    const Case *it = find_case(judge, session);
    SsVerdict rest = ss_expr_evaluate(judge->expr, it ? it->known : 0, it ? it->holds : 0);

    it = it ? it : &nothing;
    if (it->is_over && !it->runs) {
        return verdict_of_none(judge, it);
    }
    if (it->is_over) {
        rest = SS_VERDICT_NO; /* no message will come */
    }
    for (guint i = 0; it->runs && i < it->runs->len && rest != SS_VERDICT_YES; i++) {
        SsVerdict verdict = verdict_of_run(judge, it, &g_array_index(it->runs, Run, i));
        rest = verdict == SS_VERDICT_NO ? rest : verdict;
    }
    return rest;
}

/* --- the end of a session --- */

static int
compare_runs(const void *a, const void *b)
{
    const Run *one = a;
    const Run *other = b;

    return one->first < other->first ? -1 : one->first > other->first;
}

/* The runs that match, in order; those that touch as one. True where all do. */
static bool
find_matches(const SsJudge *judge, const Case *it, GArray *ranges, uint64_t *ret_n)
{
    bool is_all = true;

    *ret_n = 0;
    g_array_sort(it->runs, compare_runs);
    for (guint i = 0; i < it->runs->len; i++) {
        const Run *run = &g_array_index(it->runs, Run, i);
        SsRange range = {run->first, run->last};
        SsRange *last = ranges->len ? &g_array_index(ranges, SsRange, ranges->len - 1) : NULL;

        if (verdict_of_run(judge, it, run) != SS_VERDICT_YES) {
            is_all = false;
            continue;
        }
        *ret_n += run->last - run->first + 1;
        if (last && last->last + 1 == run->first) {
            last->last = run->last;
        } else {
            g_array_append_val(ranges, range);
        }
    }
    return is_all;
}

void
ss_judge_end(SsJudge *judge, const SsEvent *event)
{
    Case *it = case_of(judge, event->session);
    g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(SsRange));
    bool is_whole = true, is_match = ss_judge_session(judge, event->session) == SS_VERDICT_YES;
    uint64_t n = 0;

    judge->count.sessions++;
    if (it->runs) {
        is_whole = find_matches(judge, it, ranges, &n);
    }
    judge->count.messages_matched += n;
    judge->count.sessions_matched += is_match;
    if (judge->selection && is_match) {
        ss_selection_add(judge->selection, event, is_whole ? NULL : ranges);
    }
    g_hash_table_remove(judge->cases, &event->session);
}
