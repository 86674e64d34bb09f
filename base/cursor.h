/*
 * Bounded reading. Each accessor checks for itself and an attempt to read too far is remembered, so
 * that a parser reads a whole header and looks at `is_short` once. What could not be read is 0.
 */
#pragma once

#include "base/slice.h"

typedef struct {
    const uint8_t *at;
    size_t left;
    bool is_little; /* byte order of the numbers; network order unless set */
    bool is_short;  /* more was asked for than there was; nothing can be read any more */
} SsCursor;

static inline SsCursor
ss_cursor(SsSlice slice)
{
    SsCursor cursor = {slice.data, slice.len, false, false};
    return cursor;
}

/* The next `n` bytes, or NULL where there are not so many. */
static inline const uint8_t *
ss_cursor_take(SsCursor *cursor, size_t n)
{
    if (n > cursor->left) {
        cursor->is_short = true;
        cursor->left = 0;
        return NULL;
    }
    const uint8_t *at = cursor->at;
    cursor->at += n;
    cursor->left -= n;
    return at;
}

static inline void
ss_cursor_skip(SsCursor *cursor, size_t n)
{
    (void)ss_cursor_take(cursor, n);
}

static inline SsSlice
ss_cursor_slice(SsCursor *cursor, size_t n)
{
    const uint8_t *at = ss_cursor_take(cursor, n);
    return ss_slice(at, at ? n : 0);
}

/* All that is left. */
static inline SsSlice
ss_cursor_rest(const SsCursor *cursor)
{
    return ss_slice(cursor->at, cursor->left);
}

/* A number of `n` bytes, at most 8. */
static inline uint64_t
ss_cursor_number(SsCursor *cursor, size_t n)
{
    const uint8_t *at = ss_cursor_take(cursor, n);
    uint64_t value = 0;
    for (size_t i = 0; at && i < n; i++) {
        value = value << 8 | at[cursor->is_little ? n - 1 - i : i];
    }
    return value;
}

static inline uint8_t
ss_cursor_u8(SsCursor *cursor)
{
    const uint8_t *at = ss_cursor_take(cursor, 1);
    return at ? *at : 0;
}

static inline uint16_t
ss_cursor_u16(SsCursor *cursor)
{
    const uint8_t *at = ss_cursor_take(cursor, 2);
    if (!at) {
        return 0;
    }
    return cursor->is_little ? (uint16_t)(at[1] << 8 | at[0]) : (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
ss_cursor_u24(SsCursor *cursor)
{
    return (uint32_t)ss_cursor_number(cursor, 3);
}

static inline uint32_t
ss_cursor_u32(SsCursor *cursor)
{
    const uint8_t *at = ss_cursor_take(cursor, 4);
    if (!at) {
        return 0;
    }
    return cursor->is_little
               ? (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0]
               : (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t
ss_cursor_u64(SsCursor *cursor)
{
    return ss_cursor_number(cursor, 8);
}
