/*
 * Transparency undone (RFC 5321 section 4.5.2): the content behind DATA as runs of bytes, without
 * the dots that were stuffed and without the line that ends it.
 *
 * Only CRLF `.` CRLF ends the content, and only a dot behind CRLF is a stuffed one. A look-alike
 * with a bare LF is content too, unless nothing follows it and the server answers: so it is held
 * back until the next byte. Chunks may end anywhere. Dots are rarer than line ends, so dots are
 * what is searched for.
 */
#pragma once

#include "base/slice.h"

/* How far a line that begins with a dot has come. */
typedef enum {
    SS_DOT_NONE,
    SS_DOT_ALONE, /* `.` */
    SS_DOT_CR,    /* `.` CR */
    SS_DOT_ALIKE, /* a whole look-alike of the end */
} SsDotState;

typedef struct {
    uint8_t before[2]; /* the last two bytes, CRLF at the start of a line */
    uint8_t dot;       /* SsDotState */
    uint8_t held[3];   /* what goes out if this is not the end */
    uint8_t n_held;
    bool is_bare;   /* the dot stands behind a bare LF */
    bool after_gap; /* the next byte follows a hole */
} SsTransparency;

/* At the start of the content. */
void ss_transparency_init(SsTransparency *self);

/*
 * Takes bytes from the front of `in` and gives a run of content, which may be empty and is borrowed
 * like `in`. True when the end of data has been met: `in` then holds what is behind it.
 */
bool ss_transparency_next(SsTransparency *self, SsSlice *in, SsSlice *ret_run);

/* Whether the next bytes are content unless a dot begins a line among them. */
bool ss_transparency_is_idle(const SsTransparency *self);

/* Bytes that are content, no dot beginning a line among them. */
void ss_transparency_pass(SsTransparency *self, SsSlice in);

/* The last bytes so far look like the end of data, with a bare LF in it: a server that answers now
 * took them for it. */
bool ss_transparency_is_alike(const SsTransparency *self);

/* Bytes are missing here. A line with a lone dot right behind the hole is taken for the end of
 * data. */
void ss_transparency_gap(SsTransparency *self);
