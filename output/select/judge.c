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
    GArray *runs;      /* of Run, in order; NULL: no message yet */
    SsVerdict of_runs; /* whether one of them matches, by what is known */
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

static SsVerdict
verdict_of_run(const SsJudge *judge, const Case *it, const Run *run)
{
    return ss_expr_evaluate(judge->expr, it->known | judge->expr->of_message,
                            it->holds | run->holds);
}

/* More is known of the session. It becomes so a few times, once a comparison at most; messages
 * come by the thousand, and each is looked at by itself. */
static void
learn(SsJudge *judge, Case *it, uint64_t known, uint64_t holds)
{
    bool is_news = (known & ~it->known) | (holds & ~it->holds);

    it->known |= known;
    it->holds |= holds;
    if (!is_news || !it->runs) {
        return;
    }
    it->of_runs = SS_VERDICT_NO;
    for (guint i = 0; i < it->runs->len && it->of_runs != SS_VERDICT_YES; i++) {
        it->of_runs =
            ss_verdict_or(it->of_runs, verdict_of_run(judge, it, &g_array_index(it->runs, Run, i)));
    }
}

static void
take_message(SsJudge *judge, const SsEvent *event)
{
    Case *it = case_of(judge, event->session);
    uint64_t index = event->message.index;
    uint64_t holds =
        ss_expr_compare(judge->expr, judge->expr->of_message, event, &judge->count.given_up);
    Run run = {index, index, holds};
    Run *before;
    guint at;

    judge->count.messages++;
    if (!it->runs) {
        it->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    }
    at = it->runs->len;
    while (at && g_array_index(it->runs, Run, at - 1).first > index) { /* it ended late */
        at--;
    }
    before = at ? &g_array_index(it->runs, Run, at - 1) : NULL;
    if (before && before->holds == holds && before->last + 1 == index) {
        before->last = index;
    } else {
        g_array_insert_val(it->runs, at, run);
        it->of_runs = ss_verdict_or(it->of_runs, verdict_of_run(judge, it, &run));
    }
}

/* A login, a handshake, a finding: one that matches is enough, and none is known before the end. */
static void
take_item(SsJudge *judge, const SsEvent *event)
{
    uint64_t holds =
        ss_expr_compare(judge->expr, judge->expr->of_session, event, &judge->count.given_up);

    if (holds) {
        learn(judge, case_of(judge, event->session), holds, holds);
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
    learn(judge, case_of(judge, event->session), mask,
          ss_expr_compare(judge->expr, mask, &session, &judge->count.given_up));
}

static void
take_session(SsJudge *judge, const SsEvent *event)
{
    Case *it = case_of(judge, event->session);

    learn(judge, it, judge->expr->of_session,
          ss_expr_compare(judge->expr, judge->expr->of_session, event, &judge->count.given_up));
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
verdict_of_none(const SsJudge *judge, const Case *it)
{
    return ss_expr_evaluate(judge->expr, it->known | judge->expr->of_message,
                            it->holds | it->otherwise);
}

static int
compare_runs(const void *a, const void *b)
{
    const Run *one = a;
    const Run *other = b;

    return one->last < other->first ? -1 : one->first > other->last;
}

SsVerdict
ss_judge_message(const SsJudge *judge, uint64_t session, uint64_t index)
{
    const Case *it = find_case(judge, session);
    Run wanted = {index, index, 0};
    guint at;

    if (!it || !it->runs || !g_array_binary_search(it->runs, &wanted, compare_runs, &at)) {
        return SS_VERDICT_UNKNOWN;
    }
    return verdict_of_run(judge, it, &g_array_index(it->runs, Run, at));
}

SsVerdict
ss_judge_session(const SsJudge *judge, uint64_t session)
{
    static const Case nothing;
    const Case *it = find_case(judge, session);

    it = it ? it : &nothing;
    if (it->is_over) { /* no message will come */
        return it->runs ? it->of_runs : verdict_of_none(judge, it);
    }
    return ss_verdict_or(ss_expr_evaluate(judge->expr, it->known, it->holds), it->of_runs);
}

uint64_t
ss_judge_known(const SsJudge *judge, uint64_t session)
{
    const Case *it = find_case(judge, session);

    return it ? it->known : 0;
}

/* --- the end of a session --- */

/* The runs that match, in order; those that touch as one. True where all do. */
static bool
find_matches(const SsJudge *judge, const Case *it, GArray *ranges, uint64_t *ret_n)
{
    bool is_all = true;

    *ret_n = 0;
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
