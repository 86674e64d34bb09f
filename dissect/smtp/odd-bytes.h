/*
 * Where content is not plain lines of text: found without looking at each byte by itself, since
 * nearly all content is.
 */
#pragma once

#include "base/slice.h"

/* Lines of content longer than this, their CRLF counted, are over the limit (RFC 5321 section
 * 4.5.3.1.6), which does not count a dot put before them. */
#define SS_TEXT_LINE_MAX 1000

/*
 * A byte is odd by itself or by the one before it: a NUL; an LF without CR before it, or what
 * stands behind a CR and is no LF; a dot behind a control character, a blank or a byte over 0x7f,
 * which may begin a line; and, where they are looked for, any byte over 0x7f.
 */
static inline bool
ss_odd_is(uint8_t before, uint8_t byte, bool with_high)
{
    return byte == 0 || (byte == '\n') != (before == '\r') ||
           (byte == '.' && (before <= ' ' || before >= 0x80)) || (with_high && byte >= 0x80);
}

/* Index of the first odd byte from `from` on, which is not 0: the byte before it must be there. Or
 * the length. */
size_t ss_odd_find(SsSlice in, size_t from, bool with_high);

/* The same, whatever the processor can do; for tests. */
size_t ss_odd_find_plain(SsSlice in, size_t from, bool with_high);

/* How far a line has come. Zeroed at the start of the content. */
typedef struct {
    uint64_t len;
    bool has_dot;
} SsTextLine;

/* Takes all of `in`; returns how many lines in it have gone over the limit. */
uint64_t ss_text_line_take(SsTextLine *line, SsSlice in);
