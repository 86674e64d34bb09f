/* Bytes put together by hand, for the tests of capture/. */
#pragma once

#include <glib.h>

#include "base/slice.h"

static inline void
put(GByteArray *to, const void *data, size_t len)
{
    g_byte_array_append(to, data, (guint)len);
}

static inline void
put_array(GByteArray *to, const GByteArray *from)
{
    put(to, from->data, from->len);
}

static inline void
put_zeros(GByteArray *to, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        put(to, "", 1);
    }
}

/* A number of `n` bytes. */
static inline void
put_number(GByteArray *to, uint64_t value, unsigned n, bool is_little)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned shift = 8 * (is_little ? i : n - 1 - i);
        uint8_t byte = (uint8_t)(value >> shift);
        put(to, &byte, 1);
    }
}

static inline void
put8(GByteArray *to, unsigned value)
{
    put_number(to, value, 1, false);
}

static inline void
put16(GByteArray *to, unsigned value)
{
    put_number(to, value, 2, false);
}

static inline void
put32(GByteArray *to, uint32_t value)
{
    put_number(to, value, 4, false);
}
