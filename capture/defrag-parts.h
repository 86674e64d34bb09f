/*
 * Inside of the putting together of fragments: the parts of one datagram. Which bytes of it have
 * come is known at once; what they say is compared when it is whole.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define SS_PARTS_LEN_MAX 65535

typedef struct SsPart SsPart;

/* What has come, in units of 8 bytes, from `start` to before `end`. */
typedef struct {
    uint16_t start, end;
} SsPartsSpan;

/* All zeros is one of which nothing has come. */
typedef struct {
    SsPart *head, *tail;
    SsPart *first;      /* the one captured first of those that begin the datagram, or NULL */
    SsPartsSpan *spans; /* in order, apart from each other */
    uint32_t n_spans, spans_room;
    uint32_t n_parts;
    uint32_t bytes; /* of all parts as they were on the wire */
    uint32_t total; /* the datagram's length, 0 where the last part has not come */
    uint32_t end;   /* where the furthest part ends */
} SsParts;

/* A datagram in one piece; free `bytes`, `alternate` and `frames` with g_free(). */
typedef struct {
    uint8_t *bytes;
    uint8_t *alternate; /* as SsDatagram has it */
    uint64_t *frames;
    uint32_t len;   /* on the wire */
    uint32_t known; /* up to the first byte that was not captured */
    uint32_t n_frames;
    uint32_t first_len;
} SsPartsWhole;

/* Whether a part from `start` to `end` (bytes) would bring anything new. */
bool ss_parts_lack(const SsParts *parts, size_t start, size_t end);

/* Whether the beginning of the datagram came already, with other bytes. */
bool ss_parts_begin_otherwise(const SsParts *parts, SsSlice bytes);

/*
 * Adds a copy of a part that is at `offset`, a multiple of 8, and `len` long on the wire: a
 * multiple of 8 too, unless it is the last. Gives the bytes of memory that it took.
 */
size_t ss_parts_add(SsParts *parts, size_t offset, size_t len, bool is_last, SsSlice bytes,
                    uint64_t frame);

bool ss_parts_are_whole(const SsParts *parts);

/* In one piece, where what was captured first holds. Linear in the parts' bytes. */
void ss_parts_join(const SsParts *parts, SsPartsWhole *ret_whole);

void ss_parts_clear(SsParts *parts);
