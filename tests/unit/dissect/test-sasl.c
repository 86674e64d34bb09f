/*
 * Exchanges as the RFCs print them, and as hostile clients might: what is read of each.
 */
#include <glib.h>

#include "base/limits.h"
#include "dissect/smtp/base64.h"
#include "dissect/smtp/sasl.h"
#include "tests/ss-test.h"

/* A turn a row, in plain: `asked` NULL is none. */
typedef struct {
    const char *asked, *said;
} Row;

typedef struct {
    SsArena arena;
    SsSaslTurn turns[SS_AUTH_STEPS_MAX];
} Bench;

static SsSlice
encode(SsArena *arena, SsSlice bytes)
{
    g_autofree char *text = bytes.len ? g_base64_encode(bytes.data, bytes.len) : g_strdup("");

    return ss_arena_dup(arena, ss_slice_str(text));
}

static SsSaslLogin
read_turns(Bench *bench, const char *mechanism, const Row *rows, size_t n, bool is_accepted)
{
    SsSaslExchange exchange = {ss_slice_str(mechanism), bench->turns, n, is_accepted};

    for (size_t i = 0; i < n; i++) {
        bench->turns[i].asked =
            rows[i].asked ? encode(&bench->arena, ss_slice_str(rows[i].asked)) : SS_SLICE_NULL;
        bench->turns[i].said =
            rows[i].said ? encode(&bench->arena, ss_slice_str(rows[i].said)) : SS_SLICE_NULL;
    }
    return ss_sasl_read(&exchange, &bench->arena);
}

static SsSaslLogin
read_raw(Bench *bench, const char *mechanism, SsSlice said, bool is_accepted)
{
    SsSaslExchange exchange = {ss_slice_str(mechanism), bench->turns, 1, is_accepted};

    bench->turns[0] = (SsSaslTurn){SS_SLICE_NULL, said};
    return ss_sasl_read(&exchange, &bench->arena);
}

static void
assert_text(SsSlice slice, const char *expected)
{
    if (!expected) {
        assert_true(ss_slice_is_null(slice));
        return;
    }
    assert_false(ss_slice_is_null(slice));
    if (!ss_slice_eq(slice, ss_slice_str(expected))) {
        fail_msg("\"%.*s\" is not \"%s\"", (int)slice.len, (const char *)slice.data, expected);
    }
}

static int
set_up(void **state)
{
    *state = g_new0(Bench, 1);
    return 0;
}

static int
tear_down(void **state)
{
    Bench *bench = *state;

    ss_arena_clear(&bench->arena);
    g_free(bench);
    return 0;
}

static void
test_base64(void **state)
{
    static const struct {
        const char *text, *bytes;
    } rows[] = {
        {"", ""},        {"YQ==", "a"},   {"YQ", "a"},        {"YWI=", "ab"},  {"YWI", "ab"},
        {"YWJj", "abc"}, {"fn5-", "~~~"}, {"fn5+", "~~~"},    {"Pz8_", "???"}, {"YQ=", NULL},
        {"YWJjZ", NULL}, {"Y Q==", NULL}, {"YQ==YQ==", NULL}, {"YQ===", NULL}, {"=", ""},
    };
    Bench *bench = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsSlice bytes = SS_SLICE_NULL;
        bool ok = ss_base64_decode(&bench->arena, ss_slice_str(rows[i].text), &bytes);
        if (ok != (rows[i].bytes != NULL)) {
            fail_msg("%s", rows[i].text);
        }
        assert_text(bytes, rows[i].bytes);
    }
}

/* PLAIN has NUL bytes: written out. */
static void
test_plain(void **state)
{
    Bench *bench = *state;
    SsSaslLogin login =
        read_raw(bench, "PLAIN", encode(&bench->arena, SS_SLICE("root\0tim\0tanstaaf\xe9")), false);

    assert_text(login.authzid, "root");
    assert_text(login.username, "tim");
    assert_text(login.secret, "tanstaaf\xe9");
    assert_int_equal(login.secret_kind, SS_SECRET_PASSWORD);
    login = read_raw(bench, "PLAIN", encode(&bench->arena, SS_SLICE("no-nul")), true);
    assert_text(login.secret, NULL);
    assert_int_equal(login.secret_kind, -1);
    login = read_raw(bench, "PLAIN", encode(&bench->arena, SS_SLICE("\0\0")), true);
    assert_text(login.username, "");
    assert_text(login.secret, "");
}

static void
test_login(void **state)
{
    const Row asked[] = {{"Benutzername:", "ann"}, {"", "s3cret"}};
    const Row initial[] = {{NULL, "ann"}, {"Password:", "s3cret"}};
    const Row wrong[] = {{"Password:", "ann"}, {"Password:", "s3cret"}};
    const Row one[] = {{"User:", "ann"}};
    const Row all[] = {{"User:", "ann:s3cret"}};
    const Row nameless[] = {{"User:", "s3cret"}};
    const Row *twos[] = {asked, initial, wrong};
    Bench *bench = *state;
    SsSaslLogin login;

    for (size_t i = 0; i < G_N_ELEMENTS(twos); i++) {
        login = read_turns(bench, "LOGIN", twos[i], 2, i == 0);
        assert_text(login.username, "ann");
        assert_text(login.secret, "s3cret");
    }
    login = read_turns(bench, "LOGIN", one, 1, false);
    assert_text(login.username, "ann");
    assert_text(login.secret, NULL);
    assert_int_equal(login.secret_kind, -1);
    /* A server that is content with one response has had both in it. */
    login = read_turns(bench, "LOGIN", all, 1, true);
    assert_text(login.username, "ann");
    assert_text(login.secret, "s3cret");
    login = read_turns(bench, "LOGIN", nameless, 1, true);
    assert_text(login.username, NULL);
    assert_text(login.secret, "s3cret");
    login = read_raw(bench, "LOGIN", encode(&bench->arena, SS_SLICE("\0ann\0s3cret")), false);
    assert_text(login.username, "ann");
    assert_text(login.secret, "s3cret");
    login = read_raw(bench, "LOGIN", encode(&bench->arena, SS_SLICE("ann\0s3cret")), false);
    assert_text(login.username, "ann");
    assert_text(login.secret, "s3cret");
    /* Not in base64 at all. */
    login = read_raw(bench, "LOGIN", SS_SLICE("ann@a.example"), false);
    assert_text(login.username, "ann@a.example");
    login = read_raw(bench, "LOGIN", SS_SLICE("hunter2"), false);
    assert_text(login.username, "hunter2");
}

/* RFC 2195 section 2, RFC 2831 section 4, RFC 5802 section 5, RFC 7677 section 3. */
static void
test_challenges(void **state)
{
    const Row cram[] = {
        {"<1896.697170952@postoffice.reston.mci.net>", "tim b913a602c7eda7a495b4e6e7334d3890"}};
    const Row digest[] = {
        {"realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\","
         "algorithm=md5-sess,charset=utf-8",
         "charset=utf-8,username=\"ch\\\"ris\",realm=\"elwood.innosoft.com\",authzid=\"root\","
         "nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\","
         "digest-uri=\"imap/elwood.innosoft.com\","
         "response=d388dad90d4bbd760a152321f2143af7,qop=auth"},
        {"rspauth=ea40f60335c427b5527b84dbabcdfffd", ""}};
    const Row scram[] = {
        {"", "n,a=ro=2Cot,n=us=3Der,r=fyko+d2lbbFgONRv9qkxdawL"},
        {"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
         "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="},
        {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", ""}};
    const Row plus[] = {{NULL, "p=tls-unique,,n=user,r=abc"}};
    Bench *bench = *state;
    SsSaslLogin login = read_turns(bench, "CRAM-MD5", cram, 1, true);

    assert_text(login.username, "tim");
    assert_text(login.secret, "b913a602c7eda7a495b4e6e7334d3890");
    assert_text(login.challenge, cram[0].asked);
    assert_int_equal(login.secret_kind, SS_SECRET_HASH);
    login = read_turns(bench, "DIGEST-MD5", digest, 2, true);
    assert_text(login.username, "ch\"ris");
    assert_text(login.authzid, "root");
    assert_text(login.realm, "elwood.innosoft.com");
    assert_text(login.secret, "d388dad90d4bbd760a152321f2143af7");
    assert_text(login.challenge, digest[0].asked);
    login = read_turns(bench, "SCRAM-SHA-1", scram, 3, true);
    assert_text(login.username, "us=er");
    assert_text(login.authzid, "ro,ot");
    assert_text(login.secret, "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
    assert_text(login.challenge, scram[1].asked);
    login = read_turns(bench, "SCRAM-SHA-256-PLUS", plus, 1, false);
    assert_text(login.username, "user");
    assert_text(login.authzid, NULL);
    assert_text(login.secret, NULL);
    assert_int_equal(login.secret_kind, -1);
}

/* --- NTLM --- */

static void
put(GByteArray *to, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = i < sizeof value ? (uint8_t)(value >> (8 * i)) : 0;
        g_byte_array_append(to, &byte, 1);
    }
}

static GByteArray *
ntlm(uint32_t type)
{
    GByteArray *message = g_byte_array_new();

    g_byte_array_append(message, (const uint8_t *)"NTLMSSP", 8);
    put(message, type, 4);
    return message;
}

static void
put_field(GByteArray *head, GByteArray *body, const void *bytes, size_t len)
{
    put(head, len, 2);
    put(head, len, 2);
    put(head, 64 + body->len, 4);
    g_byte_array_append(body, bytes, (guint)len);
}

static GByteArray *
ntlm_answer(bool is_unicode)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    GByteArray *message = ntlm(3);

    put_field(message, body, "\x01\x02\x03", 3);
    put_field(message, body, "\xaa\xbb\xcc\xdd", 4);
    if (is_unicode) {
        put_field(message, body, "D\0O\0M\0", 6);
        put_field(message, body, "m\0\xfc\0\x3d\xd8\x00\xde\x00\xd8", 10);
        put_field(message, body, "P\0C\0", 4);
    } else {
        put_field(message, body, "DOM", 3);
        put_field(message, body, "m\xfc", 2);
        put_field(message, body, "PC", 2);
    }
    put_field(message, body, "", 0); /* session key */
    put(message, is_unicode ? 1 : 2, 4);
    g_byte_array_append(message, body->data, body->len);
    return message;
}

static SsSaslLogin
read_ntlm(Bench *bench, const GByteArray *challenge, const uint8_t *answer, size_t len)
{
    SsSaslExchange exchange = {SS_SLICE("NTLM"), bench->turns, 2, false};

    bench->turns[0] = (SsSaslTurn){SS_SLICE(""), SS_SLICE("TlRMTVNTUAABAAAABoIIAA==")};
    bench->turns[1].asked = encode(&bench->arena, ss_slice(challenge->data, challenge->len));
    bench->turns[1].said = encode(&bench->arena, ss_slice(answer, len));
    return ss_sasl_read(&exchange, &bench->arena);
}

static void
test_ntlm(void **state)
{
    Bench *bench = *state;
    g_autoptr(GByteArray) challenge = ntlm(2);
    g_autoptr(GByteArray) wide = ntlm_answer(true), narrow = ntlm_answer(false);
    SsSaslLogin login;

    put(challenge, 0, 12);
    put(challenge, UINT64_C(0x8877665544332211), 8);
    login = read_ntlm(bench, challenge, wide->data, wide->len);
    assert_text(login.username, "m\xc3\xbc\xf0\x9f\x98\x80\xef\xbf\xbd");
    assert_text(login.realm, "DOM");
    assert_text(login.workstation, "PC");
    assert_text(login.secret, "010203:aabbccdd");
    assert_true(ss_slice_eq(login.challenge, ss_slice(challenge->data, challenge->len)));
    login = read_ntlm(bench, challenge, narrow->data, narrow->len);
    assert_text(login.username, "m\xfc");
    assert_text(login.realm, "DOM");
    /* Cut anywhere, with offsets anywhere: whatever is read lies in it. */
    for (size_t len = 0; len <= wide->len; len++) {
        g_autofree uint8_t *exact = g_memdup2(wide->data, len);
        (void)read_ntlm(bench, challenge, exact, len);
    }
    for (size_t at = 12; at < 60; at++) {
        g_autofree uint8_t *bent = g_memdup2(wide->data, wide->len);
        bent[at] = 0xff;
        (void)read_ntlm(bench, challenge, bent, wide->len);
    }
}

/* --- OAuth --- */

static const char *
claim(const SsSaslLogin *login, const char *key)
{
    const SsPair *claims = login->claims.items;
    static char text[256];

    for (size_t i = 0; i < login->claims.n; i++) {
        if (ss_slice_eq(claims[i].key, ss_slice_str(key))) {
            g_snprintf(text, sizeof text, "%.*s", (int)claims[i].value.len,
                       (const char *)claims[i].value.data);
            return text;
        }
    }
    return NULL;
}

static SsSaslLogin
read_token(Bench *bench, const char *json)
{
    g_autofree char *body = g_base64_encode((const guchar *)json, strlen(json));
    g_autofree char *response = g_strdup_printf("user=ann@a.example\x01"
                                                "auth=Bearer e30.%s.c2ln\x01\x01",
                                                body);
    SsSaslLogin login;

    body[strcspn(body, "=")] = '\0';
    g_free(response);
    response = g_strdup_printf("user=ann@a.example\x01"
                               "auth=Bearer e30.%s.c2ln\x01\x01",
                               body);
    login = read_raw(bench, "XOAUTH2", encode(&bench->arena, ss_slice_str(response)), false);
    assert_text(login.username, "ann@a.example");
    assert_int_equal(login.secret_kind, SS_SECRET_TOKEN);
    return login;
}

static void
test_oauth(void **state)
{
    const Row refused[] = {{NULL, "n,a=user@a.example,\x01host=mx\x01port=587\x01"
                                  "auth=Bearer vF9dft4qmT\x01\x01"},
                           {"{\"status\":\"invalid_token\"}", "\x01"}};
    Bench *bench = *state;
    SsSaslLogin login = read_turns(bench, "OAUTHBEARER", refused, 2, false);

    assert_text(login.username, "user@a.example");
    assert_text(login.secret, "vF9dft4qmT");
    assert_text(login.error, "{\"status\":\"invalid_token\"}");
    assert_int_equal(login.claims.n, 0);
    login =
        read_token(bench, "{\"iss\": \"https://i.example\", \"exp\":1795255200 ,\"x\":{\"a\":[1,"
                          "{\"sub\":\"]no\"}]},\"aud\":[\"a\",\"b\"],\"scp\":[[1]],"
                          "\"email\":\"\\u0061\\n\\ud83d\\ude00\\\"\",\"secret\":\"s\"}");
    assert_string_equal(claim(&login, "iss"), "https://i.example");
    assert_string_equal(claim(&login, "exp"), "1795255200");
    assert_string_equal(claim(&login, "aud"), "a b");
    assert_string_equal(claim(&login, "email"), "a\n\xf0\x9f\x98\x80\"");
    assert_int_equal(login.claims.n, 4);
}

static void
test_bad_tokens(void **state)
{
    static const char *const bodies[] = {"",
                                         "{",
                                         "[]",
                                         "{\"iss\"",
                                         "{\"iss\":",
                                         "{\"iss\":}",
                                         "{\"iss\":\"\\u12\"}",
                                         "{\"iss\":\"\\",
                                         "{\"iss\":\"\\u",
                                         "{\"iss\":[",
                                         "{\"iss\":[\"a\"",
                                         "{\"iss\":[\"a\" \"b\"]}",
                                         "{\"iss\":{",
                                         "{\"iss\":\"\\ud800\\u0041\"}",
                                         "{\"iss\":\"\\udfff\"}",
                                         "{\"iss\":\"\\u0000\"}",
                                         "{\"iss\":1,,}",
                                         "{\"iss\":\"a",
                                         "{\"iss\":[\"\\u12\",\"\\u1\"]}",
                                         "\\",
                                         "{\"\\u12\":1}"};
    Bench *bench = *state;
    g_autofree char *deep = g_strnfill(8000, '[');
    g_autoptr(GString) many = g_string_new("{");

    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        (void)read_token(bench, bodies[i]);
    }
    memcpy(deep, "{\"iss\":", 7);
    (void)read_token(bench, deep);
    for (int i = 0; i < 1000; i++) {
        g_string_append(many, "\"aud\":[1,2],");
    }
    assert_int_equal(read_token(bench, many->str).claims.n, SS_CLAIMS_MAX);
    assert_true(bench->arena.size < 1 << 20); /* what it takes does not grow with the square */
}

static void
test_no_secret(void **state)
{
    const Row trace[] = {{"", "sirhc"}};
    const Row empty[] = {{"", ""}};
    Bench *bench = *state;
    SsSaslLogin login = read_turns(bench, "ANONYMOUS", trace, 1, true);

    assert_text(login.username, "sirhc");
    assert_int_equal(login.secret_kind, -1);
    login = read_turns(bench, "EXTERNAL", trace, 1, true);
    assert_text(login.authzid, "sirhc");
    login = read_turns(bench, "EXTERNAL", empty, 1, true);
    assert_text(login.authzid, NULL);
    login = read_turns(bench, "GSSAPI", trace, 1, true);
    assert_text(login.username, NULL);
    assert_true(ss_sasl_is_known(SS_SLICE("gssapi")));
    assert_false(ss_sasl_is_read(SS_SLICE("GSSAPI")));
    assert_false(ss_sasl_is_known(SS_SLICE("XYZZY")));
}

/* Whatever comes, nothing is read that is not there. */
static void
test_random(void **state)
{
    static const char *const names[] = {"PLAIN",       "LOGIN",    "CRAM-MD5", "DIGEST-MD5",
                                        "SCRAM-SHA-1", "NTLM",     "XOAUTH2",  "OAUTHBEARER",
                                        "EXTERNAL",    "ANONYMOUS"};
    static const char alphabet[] = "user=\x01,=\"\\anp:. {}[]u0dAQ";
    GRand *rand = g_rand_new_with_seed(7);
    Bench *bench = *state;

    for (int i = 0; i < 20000; i++) {
        SsSaslExchange exchange = {SS_SLICE_NULL, bench->turns, 0, g_rand_boolean(rand)};
        size_t n = (size_t)g_rand_int_range(rand, 0, 4);
        for (size_t turn = 0; turn < n; turn++) {
            uint8_t bytes[48];
            size_t len = (size_t)g_rand_int_range(rand, 0, sizeof bytes);
            for (size_t at = 0; at < len; at++) {
                bytes[at] = (uint8_t)alphabet[g_rand_int_range(rand, 0, sizeof alphabet)];
            }
            bench->turns[turn].asked = encode(&bench->arena, ss_slice(bytes, len / 2));
            bench->turns[turn].said = encode(&bench->arena, ss_slice(bytes, len));
        }
        exchange.n_turns = n;
        for (size_t name = 0; name < G_N_ELEMENTS(names); name++) {
            exchange.mechanism = ss_slice_str(names[name]);
            (void)ss_sasl_read(&exchange, &bench->arena);
        }
        ss_arena_clear(&bench->arena);
    }
    g_rand_free(rand);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_base64, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_login, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_challenges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ntlm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_oauth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_tokens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_secret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("sasl", tests, NULL, NULL);
}
