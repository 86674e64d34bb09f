/*
 * Digests, the one place outside TLS that speaks to OpenSSL.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

#define SS_SHA256_HEX 64

typedef struct SsDigest SsDigest;

/* An incremental SHA-256. It can be started again and again, so that one object serves many parts.
 */
SsDigest *ss_digest_new(void);
void ss_digest_start(SsDigest *digest);
void ss_digest_update(SsDigest *digest, SsSlice bytes);
/* Lower-case hex, NUL-terminated; the digest must be started again before it takes more. */
void ss_digest_finish(SsDigest *digest, char ret_hex[SS_SHA256_HEX + 1]);
void ss_digest_free(SsDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsDigest, ss_digest_free)

/* SHA-1 in one go, for Community ID only. */
void ss_digest_sha1(SsSlice bytes, uint8_t ret_sum[20]);

/* A keyed fingerprint: the first digits of HMAC-SHA-256 (RFC 2104), lower-case hex,
 * NUL-terminated. */
#define SS_FINGERPRINT_HEX 16
void ss_digest_fingerprint(SsSlice key, SsSlice bytes, char ret_hex[SS_FINGERPRINT_HEX + 1]);
