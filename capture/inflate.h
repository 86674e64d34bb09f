/*
 * Inside of capture/: unpacks gzip, zstd and xz as the bytes come. Memory is the format's window
 * and no more, however much a file unpacks to; members that follow one another are one stream.
 */
#pragma once

#include "base/slice.h"

/* What is enough to recognise a packed file by. */
#define SS_INFLATE_MAGIC_LEN 6

typedef enum {
    SS_INFLATE_MORE,    /* go on: more input, or more room */
    SS_INFLATE_END,     /* the input has ended, and where it may */
    SS_INFLATE_CUT,     /* the input has ended within a member */
    SS_INFLATE_CORRUPT, /* what could be unpacked before has been given */
} SsInflateStatus;

typedef struct SsInflate SsInflate;

/* For a file that begins with `head`; NULL where that is not packed. */
SsInflate *ss_inflate_new(SsSlice head);

/* The format's name, and a word on what is corrupt. */
const char *ss_inflate_format(const SsInflate *self);
const char *ss_inflate_why(const SsInflate *self);

/*
 * Takes bytes off the front of `in` and writes up to `room` bytes to `out`, which is not 0.
 * `is_last`: no input comes after `in`. To be called until it says other than MORE.
 */
SsInflateStatus ss_inflate_step(SsInflate *self, SsSlice *in, bool is_last, uint8_t *out,
                                size_t room, size_t *ret_n);

void ss_inflate_free(SsInflate *self);
