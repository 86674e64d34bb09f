/*
 * The arguments of MAIL and RCPT: path and parameters (RFC 5321 sections 4.1.1.2, 4.1.1.3, 4.1.2).
 * What real servers live with is read too: no brackets, blanks around the colon, lower case.
 */
#pragma once

#include "base/arena.h"
#include "base/event.h"

/* What is not as the RFC has it. */
#define SS_PATH_MISSING_COLON (1u << 0) /* also where FROM or TO is missing */
#define SS_PATH_SPACE_BEFORE_COLON (1u << 1)
#define SS_PATH_SPACE_AFTER_COLON (1u << 2)
#define SS_PATH_NO_BRACKETS (1u << 3) /* or only one of them */

typedef struct {
    SsSlice address; /* without brackets; borrowed from the argument */
    SsSlice rest;    /* the parameters */
    unsigned odd;    /* SS_PATH_* */
} SsPath;

/* `keyword` is FROM or TO. */
SsPath ss_path_parse(SsSlice argument, SsSlice keyword);

/* The same of an argument whose end was lost: an address that may go on is absent, and so is a
 * parameter. */
SsPath ss_path_parse_cut(SsSlice argument, SsSlice keyword);

/* BDAT's `size [LAST]`: strict decimal digits (RFC 3030 section 2). False where it is malformed. */
bool ss_bdat_parse(SsSlice argument, uint64_t *ret_size, bool *ret_last);
