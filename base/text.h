/*
 * Wire bytes made safe for people.
 *
 * What goes to a terminal or a log is valid UTF-8 in which control characters (C0, DEL, C1) and
 * bytes that are not UTF-8 stand as `\xNN`, so that nothing off the wire can act on the reader.
 * What hides or turns the writing's direction stands as `\u{NNNN}`. A backslash is left as it is.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

/* Length of the UTF-8 sequence `bytes` begins with (RFC 3629: no overlongs, no surrogates), 0 where
 * it is none. */
size_t ss_utf8_length(SsSlice bytes);
bool ss_utf8_is_valid(SsSlice bytes);

/* Appends `bytes` made safe for people. */
void ss_text_append_safe(GString *to, SsSlice bytes);

/* Appends valid UTF-8: U+FFFD for each maximal part that is not (Unicode 15, section 3.9). */
void ss_text_append_utf8(GString *to, SsSlice bytes);

/* What `ss_utf8_decode` gives for bytes that are not UTF-8. */
#define SS_UTF8_INVALID UINT32_MAX

/*
 * The first character of `bytes`, which is not empty, and how many bytes it takes; or
 * SS_UTF8_INVALID and the length of the maximal part that is not one.
 */
size_t ss_utf8_decode(SsSlice bytes, uint32_t *ret_character);

/*
 * Whether a character may act on its reader or hide from them: controls, the marks that turn the
 * direction of writing, characters without width, line separators, tags.
 */
bool ss_text_is_hidden(uint32_t character);
