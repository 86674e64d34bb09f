/*
 * From an expression's text to its program. Nothing here goes deeper for what is written: what is
 * open (parentheses, operators) lies on a stack of a fixed size.
 */
#pragma once

#include "output/select/expr.h"

/* Fills in `comparisons` and `steps`, which point into `text`. */
bool ss_expr_parse(const char *text, GArray *comparisons, GArray *steps, SsExprError *error);
