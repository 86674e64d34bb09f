/*
 * An exchange of SASL, read by every mechanism in turn, accepted and refused. What is told lies in
 * memory that is the exchange's or the arena's (a sanitizer sees), and is the same twice; where
 * something is a secret its kind is known; no claim has the token or its signature in it.
 *
 *     lines, with LF between: the server's and the client's in turn; one that is `-` is absent
 */
#include "dissect/smtp/base64.h"
#include "dissect/smtp/sasl.h"
#include "fuzz.h"

#define TURNS_MAX 16
#define SIGNATURE_MIN 16 /* a shorter one may stand anywhere by chance */

bool
ss_fuzz_seed(const char *path, GByteArray *ret_input)
{
    g_autofree char *text = NULL;
    gsize len;

    if (!g_file_get_contents(path, &text, &len, NULL)) {
        return false;
    }
    g_byte_array_append(ret_input, (const guint8 *)text, (guint)len);
    return true;
}

static size_t
split(SsSlice in, SsSaslTurn turns[TURNS_MAX])
{
    size_t n = 0;

    for (; n < TURNS_MAX && in.len; n++) {
        SsSlice *places[] = {&turns[n].asked, &turns[n].said};
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
            size_t end = ss_slice_index(in, '\n');
            SsSlice line = ss_slice_sub(in, 0, end);
            bool is_absent = !in.len || ss_slice_eq(line, SS_SLICE("-"));
            *places[i] = is_absent ? SS_SLICE_NULL : line;
            in = ss_slice_from(in, end + 1);
        }
    }
    return n;
}

static bool
has(SsSlice text, SsSlice word)
{
    for (size_t i = 0; word.len && i + word.len <= text.len; i++) {
        if (memcmp(text.data + i, word.data, word.len) == 0) {
            return true;
        }
    }
    return false;
}

static void
check_claims(const SsSaslLogin *login)
{
    const SsPair *claims = login->claims.items;
    SsSlice signature = login->secret;

    for (size_t at; (at = ss_slice_index(signature, '.')) < signature.len;) {
        signature = ss_slice_from(signature, at + 1);
    }
    for (size_t i = 0; i < login->claims.n; i++) {
        if (has(claims[i].value, login->secret) ||
            (signature.len >= SIGNATURE_MIN && has(claims[i].value, signature))) {
            ss_fuzz_fail("claim %zu tells the token", i);
        }
        if (ss_slice_is_null(claims[i].key) || ss_slice_is_null(claims[i].value)) {
            ss_fuzz_fail("claim %zu is not whole", i);
        }
    }
}

static void
check_same(const SsSaslLogin *one, const SsSaslLogin *two)
{
    if (!ss_slice_eq(one->username, two->username) || !ss_slice_eq(one->authzid, two->authzid) ||
        !ss_slice_eq(one->realm, two->realm) || !ss_slice_eq(one->secret, two->secret) ||
        !ss_slice_eq(one->challenge, two->challenge) || !ss_slice_eq(one->error, two->error) ||
        !ss_slice_eq(one->workstation, two->workstation) || one->claims.n != two->claims.n ||
        one->secret_kind != two->secret_kind) {
        ss_fuzz_fail("told otherwise the second time");
    }
}

static void
read_as(const char *mechanism, const SsSaslTurn *turns, size_t n, bool is_accepted)
{
    SsSaslExchange exchange = {ss_slice_str(mechanism), turns, n, is_accepted};
    SsArena arenas[2] = {{0}};
    SsSaslLogin logins[2];

    for (size_t i = 0; i < 2; i++) {
        logins[i] = ss_sasl_read(&exchange, &arenas[i]);
    }
    check_same(&logins[0], &logins[1]);
    check_claims(&logins[0]);
    if ((logins[0].secret_kind >= 0) == ss_slice_is_null(logins[0].secret)) {
        ss_fuzz_fail("%s: a secret without a kind, or a kind of none", mechanism);
    }
    ss_arena_clear(&arenas[0]);
    ss_arena_clear(&arenas[1]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const mechanisms[] = {
        "PLAIN", "LOGIN",       "XOAUTH2",  "OAUTHBEARER", "CRAM-MD5", "DIGEST-MD5",
        "NTLM",  "SCRAM-SHA-1", "EXTERNAL", "ANONYMOUS",   "GSSAPI",   "XYZZY",
    };
    SsSlice in = ss_slice(len ? data : (const uint8_t *)"", len);
    SsSaslTurn turns[TURNS_MAX];
    size_t n = split(in, turns), at = ss_slice_index(in, '\n');
    SsSaslLogin login = {.secret_kind = -1};
    SsArena arena = {0};
    g_autofree char *body = NULL, *token = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
        read_as(mechanisms[i], turns, n, false);
        read_as(mechanisms[i], turns, n, true);
    }
    /* The first line as it is, too: as an answer, and as what a token says of itself. */
    body = g_base64_encode(in.data, at);
    turns[0] = (SsSaslTurn){SS_SLICE_NULL, ss_slice_str(body)};
    for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
        read_as(mechanisms[i], turns, 1, true);
    }
    token = g_strconcat("e30.", body, ".c2lnbmF0dXJlLXNpZ25hdHVyZQ", NULL);
    login.secret = ss_slice_str(token);
    login.claims = ss_sasl_claims(&arena, login.secret);
    check_claims(&login);
    ss_arena_clear(&arena);
    return 0;
}
