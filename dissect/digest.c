#include "dissect/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

struct SsDigest {
    EVP_MD_CTX *ctx;
};

/*
 * Looked up once: OpenSSL 3 searches its providers by name at each EVP_sha256(), which costs more
 * than hashing a short part.
 */
static const EVP_MD *
look_up_once(gsize *md, const char *name)
{
    if (g_once_init_enter(md)) {
        EVP_MD *fetched = EVP_MD_fetch(NULL, name, NULL);
        g_assert(fetched);
        g_once_init_leave(md, (gsize)fetched);
    }
    return (const EVP_MD *)*md;
}

static const EVP_MD *
sha256(void)
{
    static gsize md = 0;

    return look_up_once(&md, "SHA256");
}

static const EVP_MD *
sha1(void)
{
    static gsize md = 0;

    return look_up_once(&md, "SHA1");
}

SsDigest *
ss_digest_new(void)
{
    SsDigest *digest = g_new0(SsDigest, 1);

    digest->ctx = EVP_MD_CTX_new();
    g_assert(digest->ctx);
    ss_digest_start(digest);
    return digest;
}

void
ss_digest_start(SsDigest *digest)
{
    int ok = EVP_DigestInit_ex2(digest->ctx, sha256(), NULL);

    g_assert(ok == 1);
}

void
ss_digest_update(SsDigest *digest, SsSlice bytes)
{
    if (bytes.len) {
        int ok = EVP_DigestUpdate(digest->ctx, bytes.data, bytes.len);
        g_assert(ok == 1);
    }
}

/* `n` bytes as 2 `n` digits and a NUL. */
static void
write_hex(const uint8_t *bytes, size_t n, char *to)
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        to[2 * i] = hex[bytes[i] >> 4];
        to[2 * i + 1] = hex[bytes[i] & 15];
    }
    to[2 * n] = '\0';
}

void
ss_digest_finish(SsDigest *digest, char ret_hex[SS_SHA256_HEX + 1])
{
    uint8_t sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    int ok = EVP_DigestFinal_ex(digest->ctx, sum, &len);

    g_assert(ok == 1 && len == SS_SHA256_HEX / 2);
    write_hex(sum, len, ret_hex);
}

void
ss_digest_free(SsDigest *digest)
{
    if (!digest) {
        return;
    }
    EVP_MD_CTX_free(digest->ctx);
    g_free(digest);
}

void
ss_digest_sha1(SsSlice bytes, uint8_t ret_sum[20])
{
    unsigned len = 0;
    int ok = EVP_Digest(bytes.data, bytes.len, ret_sum, &len, sha1(), NULL);

    g_assert(ok == 1 && len == 20);
}

void
ss_digest_fingerprint(SsSlice key, SsSlice bytes, char ret_hex[SS_FINGERPRINT_HEX + 1])
{
    uint8_t sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    const uint8_t *made = HMAC(sha256(), key.data, (int)key.len,
                               bytes.len ? bytes.data : (const uint8_t *)"", bytes.len, sum, &len);

    g_assert(made && len == SS_SHA256_HEX / 2);
    write_hex(sum, SS_FINGERPRINT_HEX / 2, ret_hex);
}
