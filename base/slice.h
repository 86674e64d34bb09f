/*
 * Borrowed bytes.
 *
 * Everything that came off the wire is an SsSlice: it never owns, and whoever hands one out says
 * until when the bytes live. A slice with NULL data stands for "absent"; an empty slice has data
 * and no length.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const uint8_t *data;
    size_t len;
} SsSlice;

/* For static initialisers and for expressions; `lit` is a string literal. */
#define SS_SLICE_INIT(lit)                      \
    {                                           \
        (const uint8_t *)(lit), sizeof(lit) - 1 \
    }
#define SS_SLICE(lit) (ss_slice((lit), sizeof(lit) - 1))
#define SS_SLICE_NULL (ss_slice(NULL, 0))

static inline SsSlice
ss_slice(const void *data, size_t len)
{
    SsSlice slice = {(const uint8_t *)data, len};
    return slice;
}

/* Of a C string of our own making (an option, a constant), never of wire bytes; NULL gives the
 * absent slice. */
static inline SsSlice
ss_slice_str(const char *str)
{
    return ss_slice(str, str ? strlen(str) : 0);
}

static inline bool
ss_slice_is_null(SsSlice slice)
{
    return slice.data == NULL;
}

/* The bytes from `from` on, at most `len` of them; past the end gives an empty slice. */
static inline SsSlice
ss_slice_sub(SsSlice slice, size_t from, size_t len)
{
    if (from > slice.len) {
        from = slice.len;
    }
    if (len > slice.len - from) {
        len = slice.len - from;
    }
    return ss_slice(slice.data ? slice.data + from : NULL, len);
}

static inline SsSlice
ss_slice_from(SsSlice slice, size_t from)
{
    return ss_slice_sub(slice, from, slice.len);
}

static inline bool
ss_slice_eq(SsSlice a, SsSlice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline uint8_t
ss_ascii_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static inline uint8_t
ss_ascii_upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c;
}

static inline bool
ss_ascii_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool
ss_ascii_is_alpha(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static inline bool
ss_ascii_is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* ASCII letters compare without case. */
static inline bool
ss_slice_eq_nocase(SsSlice a, SsSlice b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (ss_ascii_lower(a.data[i]) != ss_ascii_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

static inline bool
ss_slice_starts_nocase(SsSlice slice, SsSlice prefix)
{
    return slice.len >= prefix.len &&
           ss_slice_eq_nocase(ss_slice_sub(slice, 0, prefix.len), prefix);
}

/* Index of the first `byte`, or `slice.len`. */
static inline size_t
ss_slice_index(SsSlice slice, uint8_t byte)
{
    const uint8_t *at = slice.len ? memchr(slice.data, byte, slice.len) : NULL;
    return at ? (size_t)(at - slice.data) : slice.len;
}

/* Without blanks (SP, HT) at either end. */
static inline SsSlice
ss_slice_trim(SsSlice slice)
{
    while (slice.len && ss_ascii_is_blank(slice.data[0])) {
        slice = ss_slice_from(slice, 1);
    }
    while (slice.len && ss_ascii_is_blank(slice.data[slice.len - 1])) {
        slice.len--;
    }
    return slice;
}
