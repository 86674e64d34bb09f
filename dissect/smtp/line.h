/*
 * Lines out of chunks of any size (RFC 5321 section 2.3.8).
 *
 * A line that lies whole in one chunk is not copied. CRLF ends a line, and so does a bare LF, which
 * real servers live with; the reader is told.
 */
#pragma once

#include <glib.h>

#include "base/origin.h"
#include "base/slice.h"

/* What a line that has begun costs beside its bytes. */
#define SS_LINE_START_SIZE 160

/* A zeroed SsLineBuffer is ready to use. */
typedef struct {
    struct SsLineStart *start; /* of a line cut by a chunk's end; NULL while there is none */
} SsLineBuffer;

typedef struct {
    SsSlice text; /* without its end; borrowed until the buffer is used again, or ss_line_done(), or
                     the chunk goes */
    uint64_t dropped; /* bytes behind `text` that were over the cap */
    uint64_t size;    /* bytes on the wire, with the line end */
    bool is_bare_lf;
    bool is_cut;    /* its rest is missing, from ss_line_cut() */
    SsOrigin first; /* of its first byte */
    SsOrigin last;  /* of its LF */
} SsLine;

/*
 * Takes bytes from the front of `in` up to the end of a line, or all of them. True when a line is
 * complete. Of a longer line `max` bytes are kept.
 */
bool ss_line_take(SsLineBuffer *buffer, SsSlice *in, const SsOrigin *origin, size_t max,
                  SsLine *ret_line);

/* The line that was taken last has been read: nothing is kept of it. */
void ss_line_done(SsLineBuffer *buffer);

/* Whether a line has begun whose end has not come. */
bool ss_line_is_open(const SsLineBuffer *buffer);

/* Bytes that have come of such a line, kept or not; 0 where there is none. */
uint64_t ss_line_size(const SsLineBuffer *buffer);

/* Forgets a line that has begun; returns how many bytes that was. */
uint64_t ss_line_reset(SsLineBuffer *buffer);

/*
 * A line whose end will not come, as far as it has: all of it but the LF where a CR came last.
 * False where none has begun. It stays until ss_line_reset().
 */
bool ss_line_cut(const SsLineBuffer *buffer, SsLine *ret_line);

/* What has come of a line whose end has not; valid until the buffer is used again. */
SsSlice ss_line_begun(const SsLineBuffer *buffer);
void ss_line_clear(SsLineBuffer *buffer);
