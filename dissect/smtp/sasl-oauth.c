/*
 * Bearer tokens: XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628 section 3.1).
 *
 *     XOAUTH2      user=…^A auth=Bearer token^A ^A
 *     OAUTHBEARER  n,a=user,^A host=…^A port=…^A auth=Bearer token^A ^A
 *
 * A token that is refused is answered by a 334 with JSON, which says why.
 */
#include "dissect/smtp/sasl.h"

#define SEPARATOR 1

static void
read_token(SsSlice token, SsSaslLogin *login)
{
    const SsSlice bearer = SS_SLICE("Bearer ");

    login->secret = ss_slice_starts_nocase(token, bearer)
                        ? ss_slice_trim(ss_slice_from(token, bearer.len))
                        : token;
    login->secret_kind = SS_SECRET_TOKEN;
}

/* A name; some clients get the separator behind it wrong, and their token is none of it. */
static void
read_user(SsSlice field, SsSaslLogin *login)
{
    const SsSlice auth = SS_SLICE("auth=");
    size_t at = 0, end = 0;

    while (at < field.len && !ss_slice_starts_nocase(ss_slice_from(field, at), auth)) {
        at++;
    }
    while (end < at && field.data[end] > ' ') {
        end++;
    }
    login->username = ss_slice_sub(field, 0, end);
    if (at < field.len) {
        read_token(ss_slice_from(field, at + auth.len), login);
    }
}

/* GS2 header: `n,a=user,` or `n,,`. */
static void
read_header(SsSlice header, SsSaslLogin *login)
{
    while (header.len) {
        size_t end = ss_slice_index(header, ',');
        SsSlice word = ss_slice_sub(header, 0, end);
        if (ss_slice_starts_nocase(word, SS_SLICE("a="))) {
            read_user(ss_slice_from(word, 2), login);
        }
        header = ss_slice_from(header, end + 1);
    }
}

static void
read_field(SsSlice field, SsSaslLogin *login)
{
    const SsSlice user = SS_SLICE("user="), auth = SS_SLICE("auth=");

    if (ss_slice_starts_nocase(field, user)) {
        read_user(ss_slice_from(field, user.len), login);
    } else if (ss_slice_starts_nocase(field, auth)) {
        read_token(ss_slice_from(field, auth.len), login);
    }
}

static void
read_response(SsSlice bytes, SsSaslLogin *login)
{
    bool is_first = true;

    while (bytes.len) {
        size_t end = ss_slice_index(bytes, SEPARATOR);
        SsSlice field = ss_slice_sub(bytes, 0, end);
        if (is_first && field.len > 1 && field.data[1] == ',') {
            read_header(field, login);
        }
        is_first = false;
        read_field(field, login);
        bytes = ss_slice_from(bytes, end + 1);
    }
}

void
ss_sasl_read_oauth(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes;

    for (size_t i = 0; i < exchange->n_turns && ss_slice_is_null(login->secret); i++) {
        if (ss_sasl_answer(exchange, i, arena, &bytes)) {
            read_response(bytes, login);
        }
    }
    for (size_t i = 0; i < exchange->n_turns; i++) {
        if (ss_sasl_question(exchange, i, arena, &bytes) && bytes.len && bytes.data[0] == '{') {
            login->error = bytes;
        }
    }
    if (!ss_slice_is_null(login->secret)) {
        login->claims = ss_sasl_claims(arena, login->secret);
    }
}
