/*
 * The boundaries that are open, and what kind of line begins here.
 *
 * A delimiter is `--boundary`, a closing one `--boundary--`, each followed by nothing but blanks up
 * to the line's end (RFC 2046 section 5.1.1, with its transport padding). Any open boundary may
 * come, the innermost is tried first: an outer one closes the inner.
 *
 * A line is told by its first SS_LINE_PREFIX bytes at most, so what is told does not depend on how
 * the bytes were cut.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"

/* Longer than `--`, a boundary, `--` and some padding; no line of mail that anyone sends on purpose
 * is longer (RFC 5322 section 2.1.1). */
#define SS_LINE_PREFIX 1024

typedef enum {
    SS_LINE_MORE,      /* cannot be told from so few bytes */
    SS_LINE_DELIMITER, /* `ret` is filled in */
    SS_LINE_BLANK,     /* ends a header */
    SS_LINE_FIELD,     /* `name:`, blanks before the colon allowed */
    SS_LINE_FOLD,      /* begins with a blank */
    SS_LINE_MBOX,      /* `From ` or `>From `, where a mailbox file was sent as it is */
    SS_LINE_TEXT,      /* none of these */
} SsLineKind;

/* An open multipart, or an embedded message, which has no boundary. */
typedef struct SsFrame SsFrame;
struct SsFrame {
    uint8_t *boundary; /* NULL: a message */
    size_t boundary_len;
    bool is_digest;  /* its parts are messages unless they say otherwise */
    size_t n_leaves; /* leaves open around it */
};

typedef struct {
    SsFrame *frames;
    size_t n;
    size_t n_boundaries; /* frames that have one */
} SsBoundaries;

void ss_boundaries_push(SsBoundaries *boundaries, const SsFrame *frame, SsSlice boundary);
void ss_boundaries_pop(SsBoundaries *boundaries);
void ss_boundaries_clear(SsBoundaries *boundaries);

typedef struct {
    size_t frame; /* index */
    bool is_closing;
} SsDelimiter;

/*
 * `line` begins at a line's start and may go on behind its end. `in_header`: a header is being read
 * (else only delimiters are told from text). `is_last`: nothing follows it.
 */
SsLineKind ss_line_kind(const SsBoundaries *boundaries, SsSlice line, bool in_header, bool is_last,
                        SsDelimiter *ret);
