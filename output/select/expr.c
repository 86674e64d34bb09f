#include "output/select/expr.h"

#include "output/select/parse.h"

/* --- what it asks for --- */

static void
note_needs(SsExpr *expr, const SsFieldPath *path)
{
    const SsField *first = path->steps[0];
    const SsField *last = path->steps[path->n_steps - 1];

    if (path->type != SS_EVENT_MESSAGE || path->is_common) {
        return;
    }
    if (g_str_equal(first->name, "headers") || g_str_equal(first->name, "parts")) {
        expr->needs |= SS_NEED_MIME;
    }
    if (g_str_equal(last->name, "sha256")) {
        expr->needs |= SS_NEED_HASHES;
    }
}

/* Addresses and ports of the ends are known from the first packet on. */
static bool
is_of_connection(const SsFieldPath *path)
{
    const char *first = path->steps[0]->name;
    const char *last = path->steps[path->n_steps - 1]->name;

    return path->type == SS_EVENT_SESSION && path->n_steps == 2 &&
           (g_str_equal(first, "client") || g_str_equal(first, "server")) &&
           (g_str_equal(last, "ip") || g_str_equal(last, "port"));
}

static void
note_comparison(SsExpr *expr, guint index)
{
    const SsSelectField *field = &g_array_index(expr->comparisons, SsComparison, index).field;
    uint64_t bit = UINT64_C(1) << index;
    bool is_early = true, has_count = false, has_finding = false;

    for (size_t i = 0; i < field->n_paths; i++) {
        const SsFieldPath *path = &field->paths[i];

        expr->of[path->type] |= bit;
        expr->wants |= SS_WANT(path->type);
        is_early = is_early && is_of_connection(path);
        note_needs(expr, path);
        has_finding |= path->type == SS_EVENT_FINDING;
        has_count |=
            path->type == SS_EVENT_SESSION && g_str_equal(path->steps[0]->name, "findings");
    }
    expr->needs_findings |= has_finding || has_count;
    expr->needs_finding_events |= has_finding && !has_count;
    if (field->paths[0].type == SS_EVENT_MESSAGE) {
        expr->of_message |= bit;
    } else {
        expr->of_session |= bit;
        expr->of_connection |= is_early ? bit : 0;
    }
}

/* --- at work --- */

uint64_t
ss_expr_compare(const SsExpr *expr, uint64_t mask, const SsEvent *event, uint64_t *n_given_up)
{
    uint64_t holds = 0;

    mask &= expr->of[event->type];
    for (guint i = 0; i < expr->comparisons->len; i++) {
        const SsComparison *comparison = &g_array_index(expr->comparisons, SsComparison, i);
        const SsSelectField *field = &comparison->field;
        bool is_it = false;

        if (!(mask >> i & 1)) {
            continue;
        }
        for (size_t j = 0; j < field->n_paths && !is_it; j++) {
            is_it = field->paths[j].type == event->type &&
                    ss_comparison_holds(comparison, &field->paths[j], event, n_given_up);
        }
        holds |= (uint64_t)is_it << i;
    }
    return holds;
}

uint64_t
ss_expr_compare_otherwise(const SsExpr *expr, const SsEvent *event, uint64_t *n_given_up)
{
    uint64_t holds = 0;

    for (guint i = 0; i < expr->comparisons->len; i++) {
        const SsComparison *comparison = &g_array_index(expr->comparisons, SsComparison, i);

        if (comparison->field.has_otherwise &&
            ss_comparison_holds(comparison, &comparison->field.otherwise, event, n_given_up)) {
            holds |= UINT64_C(1) << i;
        }
    }
    return holds;
}

static SsVerdict
not_of(SsVerdict a)
{
    return a == SS_VERDICT_UNKNOWN ? a : a == SS_VERDICT_NO ? SS_VERDICT_YES : SS_VERDICT_NO;
}

static SsVerdict
and_of(SsVerdict a, SsVerdict b)
{
    if (a == SS_VERDICT_NO || b == SS_VERDICT_NO) {
        return SS_VERDICT_NO;
    }
    return a == SS_VERDICT_YES ? b : a;
}

SsVerdict
ss_verdict_or(SsVerdict a, SsVerdict b)
{
    return not_of(and_of(not_of(a), not_of(b)));
}

SsVerdict
ss_expr_evaluate(const SsExpr *expr, uint64_t known, uint64_t holds)
{
    SsVerdict stack[SS_COMPARISONS_MAX];
    size_t n = 0;

    for (guint i = 0; i < expr->steps->len; i++) {
        const SsStep *step = &g_array_index(expr->steps, SsStep, i);

        switch (step->kind) {
        case SS_STEP_COMPARISON:
            stack[n++] = !(known >> step->comparison & 1)  ? SS_VERDICT_UNKNOWN
                         : (holds >> step->comparison & 1) ? SS_VERDICT_YES
                                                           : SS_VERDICT_NO;
            break;
        case SS_STEP_NOT:
            stack[n - 1] = not_of(stack[n - 1]);
            break;
        case SS_STEP_AND:
            n--;
            stack[n - 1] = and_of(stack[n - 1], stack[n]);
            break;
        case SS_STEP_OR:
            n--;
            stack[n - 1] = ss_verdict_or(stack[n - 1], stack[n]);
            break;
        }
    }
    return stack[0];
}

/* --- life --- */

static void
clear_comparison(void *comparison)
{
    ss_comparison_clear(comparison);
}

static SsExpr *
expr_alloc(const char *text)
{
    SsExpr *expr = g_new0(SsExpr, 1);

    expr->text = g_strdup(text);
    expr->comparisons = g_array_new(FALSE, TRUE, sizeof(SsComparison));
    g_array_set_clear_func(expr->comparisons, clear_comparison);
    expr->steps = g_array_new(FALSE, FALSE, sizeof(SsStep));
    expr->wants = SS_WANT(SS_EVENT_SESSION) | SS_WANT(SS_EVENT_MESSAGE);
    return expr;
}

SsExpr *
ss_expr_new(const char *text, SsExprError *error)
{
    g_autoptr(SsExpr) expr = expr_alloc(text);

    error->at = 0;
    /* It points into the text, which must stay. */
    if (!ss_expr_parse(expr->text, expr->comparisons, expr->steps, error)) {
        return NULL;
    }
    for (guint i = 0; i < expr->comparisons->len; i++) {
        note_comparison(expr, i);
    }
    return g_steal_pointer(&expr);
}

void
ss_expr_free(SsExpr *expr)
{
    if (expr) {
        g_array_unref(expr->comparisons);
        g_array_unref(expr->steps);
        g_free(expr->text);
        g_free(expr);
    }
}

/* --- errors --- */

/* Columns shown of a long expression before the place and behind it. */
#define AROUND 60

static size_t
cells_of(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* Each character of `text` up to `end`, one that people cannot be shown as `?`. */
static void
append_shown(GString *to, const char *text, const char *end)
{
    while (text < end) {
        gunichar c = g_utf8_get_char(text);
        g_string_append_unichar(to, g_unichar_isprint(c) ? c : '?');
        text = g_utf8_next_char(text);
    }
}

void
ss_expr_error_show(const SsExprError *error, const char *text, GString *to)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autoptr(GString) before = g_string_new(NULL);
    bool is_valid = g_utf8_validate(text, -1, NULL);
    const char *place = valid + (is_valid ? error->at : 0);
    const char *begin = place, *end = place;
    size_t column = 0;

    for (size_t i = 0; i < AROUND && begin > valid; i++) {
        begin = g_utf8_prev_char(begin);
    }
    for (size_t i = 0; i < AROUND && *end; i++) {
        end = g_utf8_next_char(end);
    }
    append_shown(before, begin, place);
    for (const char *c = before->str; *c; c = g_utf8_next_char(c)) {
        column += cells_of(g_utf8_get_char(c));
    }
    append_shown(to, error->what->str, error->what->str + error->what->len);
    g_string_append_printf(to, "\n  %s%s", begin > valid ? "…" : "", before->str);
    append_shown(to, place, end);
    g_string_append_printf(to, "%s\n  %*s^", *end ? "…" : "",
                           (int)(column + (begin > valid ? 1 : 0)), "");
}
