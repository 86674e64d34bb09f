/*
 * Wire bytes made safe for people.
 *
 * What goes to a terminal or a log is valid UTF-8 in which control characters (C0, DEL, C1) and
 * bytes that are not UTF-8 stand as `\xNN`, so that nothing off the wire can act on the reader.
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
