/*
 * Expressions of `-Y` and `--expect`, compiled: comparisons of fields, joined by `not`, `and`, `or`
 * and parentheses.
 *
 *     expression = term *( "or" term )
 *     term       = factor *( "and" factor )
 *     factor     = "not" factor / "(" expression ")" / comparison
 *     comparison = field operator literal / field "in" "{" literal *( "," literal ) "}"
 *
 * An expression is about a record: a message with its session, or a session without messages. What
 * a comparison says of it is known bit by bit: some with the session's first packet, some with the
 * message's event, all when the session ends. So a program of comparisons is evaluated in three
 * values, and may be certain before all is known.
 */
#pragma once

#include "base/plugin.h"
#include "output/select/compare.h"

/* Comparisons of one expression: as many as a set of them has bits. */
#define SS_COMPARISONS_MAX 64

typedef enum {
    SS_VERDICT_NO,
    SS_VERDICT_YES,
    SS_VERDICT_UNKNOWN,
} SsVerdict;

typedef enum {
    SS_STEP_COMPARISON,
    SS_STEP_NOT,
    SS_STEP_AND,
    SS_STEP_OR,
} SsStepKind;

typedef struct {
    SsStepKind kind;
    guint comparison; /* of COMPARISON */
} SsStep;

typedef struct {
    char *text;
    GArray *comparisons;    /* of SsComparison */
    GArray *steps;          /* of SsStep, operands before operators */
    uint64_t of_message;    /* comparisons that a message's event decides, a bit each … */
    uint64_t of_session;    /* … and those that the session decides: its event, and others' */
    uint64_t of_connection; /* those of the latter that the addresses alone decide */
    uint64_t of[SS_N_EVENT_TYPES]; /* those that an event of the type says something of */
    uint64_t wants;                /* event types */
    uint32_t needs;                /* SS_NEED_* */
    bool needs_findings;           /* detectors must run … */
    bool needs_finding_events;     /* … and the session's count of what they find is not enough */
} SsExpr;

/* What is wrong, and where in the expression, in bytes. */
typedef struct {
    GString *what;
    size_t at;
} SsExprError;

/* NULL with `error`, whose text is the caller's. */
SsExpr *ss_expr_new(const char *text, SsExprError *error);

/*
 * Appends what people are shown: `what`, and the expression with a caret under the place, two lines
 * more. Of a long expression what is around it.
 */
void ss_expr_error_show(const SsExprError *error, const char *text, GString *to);

/* Which of the comparisons of `mask` hold for `event`. */
uint64_t ss_expr_compare(const SsExpr *expr, uint64_t mask, const SsEvent *event,
                         uint64_t *n_given_up);

/* The same of those of messages, for a session without: by what stands in for them. */
uint64_t ss_expr_compare_otherwise(const SsExpr *expr, const SsEvent *event, uint64_t *n_given_up);

SsVerdict ss_verdict_or(SsVerdict a, SsVerdict b);

/* What follows from the comparisons that are `known`; those of them in `holds` hold. */
SsVerdict ss_expr_evaluate(const SsExpr *expr, uint64_t known, uint64_t holds);
void ss_expr_free(SsExpr *expr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsExpr, ss_expr_free)
