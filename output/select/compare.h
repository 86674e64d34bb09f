/*
 * One comparison of an expression: a field, an operator, and what it is compared with, read once
 * for the kind of its field.
 */
#pragma once

#include "output/select/field.h"
#include "output/select/regex.h"

typedef enum {
    SS_OP_EQ,
    SS_OP_NE,
    SS_OP_LT,
    SS_OP_LE,
    SS_OP_GT,
    SS_OP_GE,
    SS_OP_CONTAINS,
    SS_OP_MATCHES,
    SS_OP_IN,
} SsOp;

typedef struct {
    char *text; /* without case */
    size_t len;
    uint64_t number;
    int64_t ns;
    uint8_t address[16];
    uint8_t family; /* bytes of the address, 4 or 16 */
    uint8_t prefix; /* bits of it that count */
} SsLiteral;

typedef struct {
    SsSelectField field;
    SsOp op;
    GArray *literals; /* of SsLiteral; one, but of IN */
    SsRegex *regex;   /* of MATCHES */
} SsComparison;

/* Whether the operator makes sense of the field; `name` is the field's, for `why`. */
bool ss_comparison_init(SsComparison *comparison, const SsSelectField *field, SsSlice name, SsOp op,
                        GString *why);

/* What is compared with, as it stands in the expression, quotes undone. False with `why`, and where
 * in it. */
bool ss_comparison_add(SsComparison *comparison, SsSlice literal, GString *why, size_t *ret_at);
void ss_comparison_clear(SsComparison *comparison);

/* Whether a value that `path` of `event` leads to makes it true. */
bool ss_comparison_holds(const SsComparison *comparison, const SsFieldPath *path,
                         const SsEvent *event, uint64_t *n_given_up);
