/*
 * What stands between the wire and a library that wants C strings of valid UTF-8.
 *
 * A header value is hostile: it may hold NUL, bytes that are no UTF-8, charset names that an iconv
 * would look up and a cache would keep for ever, groups nested a hundred thousand deep. The
 * shielded copy holds none of these: each byte to be kept from the library stands in it as a
 * private character U+10F800 + byte, an atom to every parser, and is put back in the result. So
 * what is not understood comes out as it stood in the header, rather than as somebody's guess.
 *
 * A decoded word that spells such a character itself turns into that byte; that is harmless.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

typedef enum {
    SS_SHIELD_TEXT,      /* unstructured */
    SS_SHIELD_ADDRESSES, /* with a bound on groups in groups */
    SS_SHIELD_PARAMS,    /* charsets of RFC 2231 values, too */
} SsShieldKind;

/* An unfolded, shielded copy of a header field's value. */
GString *ss_shield(SsSlice value, SsShieldKind kind);

/* Puts the shielded bytes back, in place; returns the new length. */
size_t ss_unshield(char *text, size_t len);

/* Whether text in that charset may be converted. */
bool ss_charset_is_known(SsSlice name);
