/*
 * The parameters of MAIL and RCPT: as they were written, and those that are known taken apart.
 */
#pragma once

#include "base/arena.h"
#include "base/event.h"
#include "dissect/smtp/extension.h"

/* Parameters as pairs in `arena`: upper-case keyword, value ("" if none); of a keyword given twice
 * the first. */
SsList ss_params_parse(SsArena *arena, SsSlice rest);

/* What was seen of known parameters beside their values. */
typedef struct {
    SsExtensions uses;  /* extensions that define them */
    unsigned malformed; /* how many of them have a value that cannot be */
} SsParamsSeen;

/* NULL where none of `params` is known; in `arena`. */
const SsMailRequest *ss_params_of_mail(SsArena *arena, const SsList *params,
                                       SsParamsSeen *ret_seen);
const SsRcptRequest *ss_params_of_rcpt(SsArena *arena, const SsList *params,
                                       SsParamsSeen *ret_seen);

/* With the encoding of xtext undone (RFC 3461 section 4); absent where it is malformed. */
SsSlice ss_xtext_decode(SsArena *arena, SsSlice text);

/* Decimal digits and nothing else, 20 at most. False where they are not, or too large a number. */
bool ss_number_parse(SsSlice text, uint64_t *ret_number);
