/*
 * What people write: times, durations, numbers with units, addresses with the length of a prefix.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

/* Decimal, with K, M, G or KiB, MiB, GiB behind it. */
bool ss_literal_number(SsSlice text, uint64_t *ret_number);

/* The same, and `-` before it. */
bool ss_literal_signed(SsSlice text, int64_t *ret_number);

/* Seconds with fractions, or with ms, s, m, h, d behind it. */
bool ss_literal_duration(SsSlice text, int64_t *ret_ns);

/* RFC 3339, to a day, a minute, a second or a fraction; without a zone it is UTC. */
bool ss_literal_time(SsSlice text, int64_t *ret_ns);

/* IPv4 or IPv6, `ret_family` 4 or 16 bytes. */
bool ss_literal_address(SsSlice text, uint8_t ret_bytes[16], uint8_t *ret_family);

/* `false`, `no`, `true`, `yes`. */
bool ss_literal_bool(SsSlice text, uint64_t *ret_value);
