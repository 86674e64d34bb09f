/*
 * Content-Transfer-Encodings undone as the bytes come (RFC 2045 section 6).
 *
 * Lenient as mail readers are. base64: what is not of the alphabet is passed over, the first `=`
 * ends it, and what no quartet holds at the end is dropped. quoted-printable: `=` that is followed
 * by neither two hex digits nor a line end stands for itself, at the end it is dropped; line ends
 * and blanks before them stay as they are. uuencode: from the `begin` line to the line of length 0.
 * On any input base64 and quoted-printable give what GMime's decoders give, for they are GMime's.
 */
#pragma once

#include "base/slice.h"

typedef enum {
    SS_ENCODING_IDENTITY, /* 7bit, 8bit, binary, none, and what nobody knows */
    SS_ENCODING_BASE64,
    SS_ENCODING_QUOTED,
    SS_ENCODING_UUENCODE,
} SsEncoding;

typedef struct {
    SsEncoding encoding;
    int state;     /* the decoder's own */
    uint32_t save; /* likewise */
} SsDecode;

/* The encoding of that name, ASCII letters without case. `ret_known` tells whether it is one at
 * all; NULL if nobody asks. */
SsEncoding ss_encoding_of_name(SsSlice name, bool *ret_known);

/* A zeroed SsDecode is ready for identity. */
void ss_decode_start(SsDecode *decode, SsEncoding encoding);

/* Goes on behind a hole: what was kept of bytes before it is dropped. */
void ss_decode_resume(SsDecode *decode);

/* Decodes all of `in`; `put` gets the decoded bytes, borrowed until it returns. */
void ss_decode_feed(SsDecode *decode, SsSlice in, void (*put)(void *to, SsSlice bytes), void *to);
