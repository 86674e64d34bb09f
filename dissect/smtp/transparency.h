/*
 * Transparency undone (RFC 5321 section 4.5.2): the content behind DATA as runs of bytes, without
 * the dots that were stuffed and without the line that ends it.
 *
 * Only CRLF `.` CRLF ends the content, and only a dot behind CRLF is a stuffed one; look-alikes
 * with bare CR or LF are content. Chunks may end anywhere. Dots are rarer than line ends, so dots
 * are what is searched for.
 */
#pragma once

#include "base/slice.h"

typedef struct {
    uint8_t before[2]; /* the last two bytes, CRLF at the start of a line */
    uint8_t held;      /* of a line that begins with a dot: 1 for `.`, 2 for `.` CR */
    bool after_gap;    /* the next byte follows a hole */
} SsTransparency;

/* At the start of the content. */
void ss_transparency_init(SsTransparency *self);

/*
 * Takes bytes from the front of `in` and gives a run of content, which may be empty and is borrowed
 * like `in`. True when the end of data has been met: `in` then holds what is behind it.
 */
bool ss_transparency_next(SsTransparency *self, SsSlice *in, SsSlice *ret_run);

/* Bytes are missing here. A line with a lone dot right behind the hole is taken for the end of
 * data. */
void ss_transparency_gap(SsTransparency *self);
