/*
 * Challenges and responses in the forms that hashcat takes:
 *
 *     10200 CRAM-MD5   $cram_md5$CHALLENGE$RESPONSE, both in base64 as they crossed the wire
 *     5500 NetNTLMv1   user::domain:LM:NT:challenge
 *     5600 NetNTLMv2   user::domain:challenge:proof:rest, the NT response cut behind 16 bytes
 *
 * A line that its mode would refuse is not written: the mode's bounds are ours. SCRAM and
 * DIGEST-MD5 have no mode for what crosses the wire.
 */
#include "plugins/common/words.h"
#include "plugins/credentials/credentials.h"

/* CRAM-MD5: characters of the response. */
#define CRAM_MIN 44
#define CRAM_MAX 132
/* NTLM: bytes of names; hex digits of a response of the first version, of the second one's proof,
 * and of what follows it. */
#define USER_MAX 60
#define DOMAIN_MAX 45
#define NTLM1_HEX 48
#define PROOF_HEX 32
#define REST_MAX 1024
/* Of the server's message ([MS-NLMP] section 2.2.1.2). */
#define AT_CHALLENGE 24
#define CHALLENGE_LEN 8

static SsHashcat
append_cram(GString *to, const SsEventAuth *auth)
{
    g_autoptr(GByteArray) said = g_byte_array_new();
    g_autofree char *challenge = NULL, *response = NULL;
    size_t len;

    g_byte_array_append(said, auth->username.data, (guint)auth->username.len);
    g_byte_array_append(said, (const uint8_t *)" ", 1);
    g_byte_array_append(said, auth->secret.data, (guint)auth->secret.len);
    challenge = g_base64_encode(auth->challenge.data, auth->challenge.len);
    response = g_base64_encode(said->data, said->len);
    len = strlen(response);
    if (len < CRAM_MIN || len > CRAM_MAX) {
        return SS_HASHCAT_TOO_LONG;
    }
    g_string_append_printf(to, "$cram_md5$%s$%s\n", challenge, response);
    return SS_HASHCAT_WRITTEN;
}

/* A name that stands between colons; hashcat widens it byte by byte. */
static bool
is_plain_name(SsSlice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] <= ' ' || name.data[i] >= 0x7f || name.data[i] == ':') {
            return false;
        }
    }
    return true;
}

static void
append_slice(GString *to, SsSlice text)
{
    g_string_append_len(to, (const char *)text.data, (gssize)text.len);
}

static void
append_hex(GString *to, SsSlice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        g_string_append_printf(to, "%02x", bytes.data[i]);
    }
}

static SsHashcat
append_ntlm(GString *to, const SsEventAuth *auth)
{
    size_t colon = ss_slice_index(auth->secret, ':');
    SsSlice lm = ss_slice_sub(auth->secret, 0, colon), nt = ss_slice_from(auth->secret, colon + 1);
    SsSlice challenge = ss_slice_sub(auth->challenge, AT_CHALLENGE, CHALLENGE_LEN);
    bool is_first = nt.len == NTLM1_HEX;

    if (!nt.len) {
        return SS_HASHCAT_NOTHING; /* nobody by name */
    }
    if (challenge.len < CHALLENGE_LEN) {
        return SS_HASHCAT_NO_CHALLENGE;
    }
    if (auth->username.len > USER_MAX || auth->realm.len > DOMAIN_MAX ||
        (is_first ? lm.len > NTLM1_HEX : nt.len <= PROOF_HEX || nt.len > PROOF_HEX + REST_MAX)) {
        return SS_HASHCAT_TOO_LONG;
    }
    if (!is_plain_name(auth->username) || !is_plain_name(auth->realm)) {
        return SS_HASHCAT_NAME;
    }
    append_slice(to, auth->username);
    g_string_append(to, "::");
    append_slice(to, auth->realm);
    g_string_append_c(to, ':');
    if (is_first) {
        append_slice(to, lm);
        g_string_append_c(to, ':');
        append_slice(to, nt);
        g_string_append_c(to, ':');
        append_hex(to, challenge);
    } else {
        append_hex(to, challenge);
        g_string_append_c(to, ':');
        append_slice(to, ss_slice_sub(nt, 0, PROOF_HEX));
        g_string_append_c(to, ':');
        append_slice(to, ss_slice_from(nt, PROOF_HEX));
    }
    g_string_append_c(to, '\n');
    return SS_HASHCAT_WRITTEN;
}

SsHashcat
ss_hashcat_append(GString *to, const SsEventAuth *auth)
{
    bool is_cram = ss_slice_eq(auth->mechanism, SS_SLICE("CRAM-MD5"));

    if (auth->secret_kind != SS_SECRET_HASH || ss_slice_is_null(auth->secret)) {
        return SS_HASHCAT_NOTHING;
    }
    if (is_cram && !auth->challenge.len) {
        return SS_HASHCAT_NO_CHALLENGE;
    }
    if (is_cram) {
        return append_cram(to, auth);
    }
    /* NTLM, or Exchange's way to it: no other secret has a colon in it. */
    return ss_slice_index(auth->secret, ':') < auth->secret.len ? append_ntlm(to, auth)
                                                                : SS_HASHCAT_NO_MODE;
}

void
ss_hashcat_explain(GString *to, SsHashcat why, uint64_t n)
{
    static const char *const words[SS_N_HASHCATS] = {
        [SS_HASHCAT_NO_MODE] = "of a mechanism that no mode takes (SCRAM, DIGEST-MD5)",
        [SS_HASHCAT_NO_CHALLENGE] = "whose challenge was not captured",
        [SS_HASHCAT_TOO_LONG] = "too long or too short for its mode",
        [SS_HASHCAT_NAME] = "with a name that its mode cannot take",
    };

    ss_words_count(to, n);
    g_string_append_printf(to, " %s", words[why]);
}
