/*
 * Regular expressions of people, on bytes of strangers: PCRE2 without case, in UTF-8 where the
 * bytes are, and with bounds on the work of one match. A match that meets them counts as none.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

typedef struct SsRegex SsRegex;

/* NULL with why, and where in the pattern, in bytes. */
SsRegex *ss_regex_new(SsSlice pattern, GString *why, size_t *ret_at);

/* `n_given_up` counts the matches that met a bound. */
bool ss_regex_matches(SsRegex *regex, SsSlice text, uint64_t *n_given_up);
void ss_regex_free(SsRegex *regex);
