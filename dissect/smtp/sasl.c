/*
 * The table of mechanisms, and those that need no more than a cut: PLAIN, LOGIN, EXTERNAL,
 * ANONYMOUS.
 */
#include "dissect/smtp/sasl.h"

#include "dissect/smtp/base64.h"

/* --- turns --- */

static bool
nth_of(const SsSaslExchange *exchange, size_t nth, bool is_answer, SsSlice *ret_text)
{
    for (size_t i = 0; i < exchange->n_turns; i++) {
        const SsSaslTurn *turn = &exchange->turns[i];
        SsSlice text = is_answer ? turn->said : turn->asked;
        if (!ss_slice_is_null(text) && nth-- == 0) {
            *ret_text = text;
            return true;
        }
    }
    return false;
}

bool
ss_sasl_answer(const SsSaslExchange *exchange, size_t nth, SsArena *arena, SsSlice *ret_bytes)
{
    SsSlice text;

    return nth_of(exchange, nth, true, &text) && ss_base64_decode(arena, text, ret_bytes);
}

bool
ss_sasl_question(const SsSaslExchange *exchange, size_t nth, SsArena *arena, SsSlice *ret_bytes)
{
    SsSlice text;

    return nth_of(exchange, nth, false, &text) && ss_base64_decode(arena, text, ret_bytes);
}

/* --- PLAIN --- */

/* RFC 4616 section 2: `[authzid] NUL authcid NUL passwd` */
static bool
split_plain(SsSlice bytes, SsSaslLogin *login)
{
    size_t first = ss_slice_index(bytes, 0);
    SsSlice rest = ss_slice_from(bytes, first + 1);
    size_t second = ss_slice_index(rest, 0);

    if (first == bytes.len || second == rest.len) {
        return false;
    }
    login->authzid = first ? ss_slice_sub(bytes, 0, first) : SS_SLICE_NULL;
    login->username = ss_slice_sub(rest, 0, second);
    login->secret = ss_slice_from(rest, second + 1);
    login->secret_kind = SS_SECRET_PASSWORD;
    return true;
}

static void
read_plain(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes;

    for (size_t i = exchange->n_turns; i-- > 0;) {
        if (ss_sasl_answer(exchange, i, arena, &bytes) && split_plain(bytes, login)) {
            return;
        }
    }
}

/* --- LOGIN (draft-murchison-sasl-login): first the name, then the password, whatever is asked ---
 */

/* A client may send it as it is: what is no base64, or without its padding and makes no text. */
static SsSlice
login_text(SsArena *arena, SsSlice said)
{
    SsSlice bytes;

    if (!ss_base64_decode(arena, said, &bytes)) {
        return said;
    }
    for (size_t i = 0; said.len % 4 != 0 && i < bytes.len; i++) {
        if (bytes.data[i] < ' ' || bytes.data[i] >= 0x7f) {
            return said;
        }
    }
    return bytes;
}

/* Both in one response: parted as PLAIN does, or by a colon or a blank; where there is none of
 * these and the server was content, nobody can say which of them it is. */
static bool
split_login(const SsSaslExchange *exchange, SsSlice text, bool is_alone, SsSaslLogin *login)
{
    size_t end = ss_slice_index(text, 0);

    if (end < text.len) {
        if (split_plain(text, login)) {
            return true;
        }
    } else if (is_alone) {
        for (end = 0; end < text.len; end++) {
            if (text.data[end] == ':' || ss_ascii_is_blank(text.data[end])) {
                break;
            }
        }
    }
    if (end == text.len && !(is_alone && exchange->is_accepted)) {
        return false;
    }
    login->secret_kind = SS_SECRET_PASSWORD;
    if (end == text.len) {
        login->secret = text;
    } else {
        login->username = ss_slice_sub(text, 0, end);
        login->secret = ss_slice_from(text, end + 1);
    }
    return true;
}

/* Whether what the server asks first is the password: it has the name from elsewhere. */
static bool
asks_password_first(const SsSaslExchange *exchange, SsArena *arena)
{
    SsSlice asked;

    return exchange->n_turns && !ss_slice_is_null(exchange->turns[0].asked) &&
           ss_base64_decode(arena, exchange->turns[0].asked, &asked) &&
           ss_slice_starts_nocase(asked, SS_SLICE("pass"));
}

static void
read_login(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice name, password;
    bool has_password;

    if (!nth_of(exchange, 0, true, &name)) {
        return;
    }
    has_password = nth_of(exchange, 1, true, &password);
    name = login_text(arena, name);
    if (!has_password && asks_password_first(exchange, arena)) {
        login->secret = name;
        login->secret_kind = SS_SECRET_PASSWORD;
        return;
    }
    if (split_login(exchange, name, !has_password, login)) {
        return;
    }
    login->username = name;
    if (has_password) {
        login->secret = login_text(arena, password);
        login->secret_kind = SS_SECRET_PASSWORD;
    }
}

/* --- without a secret --- */

/* What PLAIN sends, under another name: it has a password. */
static bool
is_plain(SsSlice bytes)
{
    return ss_slice_index(bytes, 0) < bytes.len;
}

/* RFC 4422 appendix A: whom to act for; who it is the TLS certificate says. */
static void
read_external(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes;

    if (ss_sasl_answer(exchange, 0, arena, &bytes) && bytes.len && !is_plain(bytes)) {
        login->authzid = bytes;
    }
}

/* RFC 4505: a trace, such as an address. */
static void
read_anonymous(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes;

    if (ss_sasl_answer(exchange, 0, arena, &bytes) && !is_plain(bytes)) {
        login->username = bytes;
    }
}

/* --- the table --- */

static const struct {
    SsSlice name;
    SsSaslReader read; /* NULL: only its name is known */
} mechanisms[] = {
    {SS_SLICE_INIT("PLAIN"), read_plain},
    {SS_SLICE_INIT("LOGIN"), read_login},
    {SS_SLICE_INIT("XOAUTH2"), ss_sasl_read_oauth},
    {SS_SLICE_INIT("OAUTHBEARER"), ss_sasl_read_oauth},
    {SS_SLICE_INIT("CRAM-MD5"), ss_sasl_read_cram},
    {SS_SLICE_INIT("DIGEST-MD5"), ss_sasl_read_digest},
    {SS_SLICE_INIT("NTLM"), ss_sasl_read_ntlm},
    {SS_SLICE_INIT("SCRAM-SHA-1"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA-1-PLUS"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA-256"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA-256-PLUS"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA-512"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA-512-PLUS"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA3-512"), ss_sasl_read_scram},
    {SS_SLICE_INIT("SCRAM-SHA3-512-PLUS"), ss_sasl_read_scram},
    {SS_SLICE_INIT("EXTERNAL"), read_external},
    {SS_SLICE_INIT("ANONYMOUS"), read_anonymous},
    {SS_SLICE_INIT("GSSAPI"), NULL},
    {SS_SLICE_INIT("GSS-SPNEGO"), NULL},
    {SS_SLICE_INIT("GS2-KRB5"), NULL},
    {SS_SLICE_INIT("GS2-KRB5-PLUS"), NULL},
    {SS_SLICE_INIT("KERBEROS_V4"), NULL},
    {SS_SLICE_INIT("KERBEROS_V5"), NULL},
    {SS_SLICE_INIT("OTP"), NULL},
    {SS_SLICE_INIT("SKEY"), NULL},
    {SS_SLICE_INIT("SECURID"), NULL},
    {SS_SLICE_INIT("SRP"), NULL},
    {SS_SLICE_INIT("XOAUTH"), NULL},
    {SS_SLICE_INIT("OAUTH10A"), NULL},
    {SS_SLICE_INIT("OPENID20"), NULL},
    {SS_SLICE_INIT("SAML20"), NULL},
    {SS_SLICE_INIT("EAP-AES128"), NULL},
    {SS_SLICE_INIT("EAP-AES128-PLUS"), NULL},
    {SS_SLICE_INIT("ECDSA-NIST256P-CHALLENGE"), NULL},
    {SS_SLICE_INIT("MSN"), NULL},
};
#define N_MECHANISMS (sizeof mechanisms / sizeof mechanisms[0])

static size_t
find(SsSlice name)
{
    size_t i = 0;

    while (i < N_MECHANISMS && !ss_slice_eq_nocase(name, mechanisms[i].name)) {
        i++;
    }
    return i;
}

bool
ss_sasl_is_known(SsSlice name)
{
    return find(name) < N_MECHANISMS;
}

bool
ss_sasl_is_read(SsSlice name)
{
    size_t i = find(name);

    return i < N_MECHANISMS && mechanisms[i].read;
}

SsSaslLogin
ss_sasl_read(const SsSaslExchange *exchange, SsArena *arena)
{
    SsSaslLogin login = {.secret_kind = -1};
    size_t i = find(exchange->mechanism);

    if (i < N_MECHANISMS && mechanisms[i].read) {
        mechanisms[i].read(exchange, arena, &login);
    }
    return login;
}
