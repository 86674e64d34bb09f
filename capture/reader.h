/*
 * Inside of capture/: the bytes of a capture file, unpacked, as a window that the formats look
 * into.
 *
 * A format asks for the next n bytes to stand together, and takes them off when it is done with
 * them: nothing is copied, and a call that could not be answered yet changes nothing. So reading
 * from a pipe may be interrupted at any byte and taken up again. (libpcap's reading of files
 * loses what it has of a record when a signal comes, cannot say at which byte a file is damaged,
 * and copies.) Whatever is asked for, the window is bounded by the formats' own limits.
 */
#pragma once

#include <glib.h>

#include "capture/inflate.h"

typedef enum {
    SS_READ_OK,
    SS_READ_IDLE,    /* a pipe: nothing came for a while, or a signal did */
    SS_READ_END,     /* the bytes end before; what is left is in ss_reader_rest() */
    SS_READ_DAMAGED, /* they end because the packing is cut short or corrupt; likewise */
    SS_READ_FAILED,  /* the device failed: see `failure` */
} SsReadStatus;

typedef struct {
    int fd;
    bool is_live;        /* a pipe or the like */
    bool is_interrupted; /* the last SS_READ_IDLE was for a signal */
    uint64_t size;       /* of the file, SS_COUNT_NONE where not known */
    uint64_t position;   /* bytes of it read */
    uint64_t offset;     /* of the window's start in the unpacked bytes */
    int failure;         /* errno */
    bool has_begun;
    SsReadStatus end; /* OK, or why there is no more */
    uint8_t *window;
    size_t start, stop, room;
    SsInflate *inflate; /* NULL: not packed */
    uint8_t *packed;
    SsSlice packed_rest;
    bool is_packed_end; /* no more bytes of the file will come */
    SsInflateStatus packed_status;
} SsReader;

/* Opens `path`, `-` for standard input, which is not closed in the end. */
bool ss_reader_open(SsReader *self, const char *path, GError **error);

/* Recognises a packed file: to be called until it says other than SS_READ_IDLE, before all else. */
SsReadStatus ss_reader_begin(SsReader *self);

SsReadStatus ss_reader_fill(SsReader *self, size_t n);
void ss_reader_close(SsReader *self);

/* What the window holds now; borrowed until the next bytes are asked for. */
static inline SsSlice
ss_reader_rest(const SsReader *self)
{
    return ss_slice(self->window + self->start, self->stop - self->start);
}

/* The next `n` bytes, borrowed until the next are asked for. */
static inline SsReadStatus
ss_reader_peek(SsReader *self, size_t n, SsSlice *ret_bytes)
{
    if (self->stop - self->start < n) {
        SsReadStatus status = ss_reader_fill(self, n);
        if (status != SS_READ_OK) {
            return status;
        }
    }
    *ret_bytes = ss_slice(self->window + self->start, n);
    return SS_READ_OK;
}

/* Takes off `n` bytes that were peeked at; they stay in place until the next peek. */
static inline void
ss_reader_take(SsReader *self, size_t n)
{
    self->start += n;
    self->offset += n;
}
