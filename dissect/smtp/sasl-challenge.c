/*
 * Mechanisms that answer a challenge with what is made from it and the password: CRAM-MD5,
 * DIGEST-MD5, SCRAM.
 */
#include "dissect/smtp/sasl.h"

/* --- CRAM-MD5 (RFC 2195 section 2) --- */

static bool
is_hex(SsSlice text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = ss_ascii_lower(text.data[i]);
        if (!ss_ascii_is_digit(c) && !(c >= 'a' && c <= 'f')) {
            return false;
        }
    }
    return true;
}

/* `user SP digest`, the digest in hex; a user name may have blanks, a digest has none. What is no
 * digest may be a password, with blanks. */
void
ss_sasl_read_cram(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes;
    size_t at;

    for (size_t i = 0; i < exchange->n_turns; i++) {
        if (ss_sasl_question(exchange, i, arena, &bytes) && bytes.len) {
            login->challenge = bytes;
            break;
        }
    }
    for (size_t i = exchange->n_turns; i-- > 0;) {
        if (!ss_sasl_answer(exchange, i, arena, &bytes)) {
            continue;
        }
        for (at = bytes.len; at > 0 && bytes.data[at - 1] != ' ';) {
            at--;
        }
        if (at > 0 && !is_hex(ss_slice_from(bytes, at))) {
            at = ss_slice_index(bytes, ' ') + 1;
        }
        if (at > 0) {
            login->username = ss_slice_sub(bytes, 0, at - 1);
            login->secret = ss_slice_from(bytes, at);
            login->secret_kind = SS_SECRET_HASH;
            return;
        }
    }
}

/* --- DIGEST-MD5 (RFC 2831 section 2.1) --- */

static bool
is_space(uint8_t c)
{
    return ss_ascii_is_blank(c) || c == '\r' || c == '\n';
}

/* A value in quotes, from behind the first of them at `from`; gives where the last one stands. */
static size_t
unquote(SsSlice text, size_t from, SsArena *arena, SsSlice *ret_value)
{
    size_t end = from, len = 0;
    uint8_t *to;

    while (end < text.len && text.data[end] != '"') {
        end += text.data[end] == '\\' ? 2 : 1;
    }
    end = end < text.len ? end : text.len;
    to = ss_arena_alloc(arena, end - from + 1);
    for (size_t at = from; at < end; at++) {
        if (text.data[at] == '\\' && at + 1 < end) {
            at++;
        }
        to[len++] = text.data[at];
    }
    *ret_value = ss_slice(to, len);
    return end;
}

/* Takes `key=value`, or `key="value"`, and what parts it from the next. */
static bool
take_directive(SsSlice *in, SsArena *arena, SsPair *ret_directive)
{
    size_t at = 0, from;

    while (at < in->len && (is_space(in->data[at]) || in->data[at] == ',')) {
        at++;
    }
    from = at;
    while (at < in->len && in->data[at] != '=' && in->data[at] != ',') {
        at++;
    }
    if (at >= in->len) {
        return false;
    }
    ret_directive->key = ss_slice_trim(ss_slice_sub(*in, from, at - from));
    ret_directive->value = ss_slice("", 0);
    if (in->data[at] == '=') {
        at++;
        if (at < in->len && in->data[at] == '"') {
            at = unquote(*in, at + 1, arena, &ret_directive->value);
        } else {
            from = at;
            while (at < in->len && in->data[at] != ',') {
                at++;
            }
            ret_directive->value = ss_slice_trim(ss_slice_sub(*in, from, at - from));
        }
    }
    while (at < in->len && in->data[at] != ',') {
        at++;
    }
    *in = ss_slice_from(*in, at);
    return true;
}

void
ss_sasl_read_digest(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes;
    SsPair directive;

    if (ss_sasl_question(exchange, 0, arena, &bytes)) {
        login->challenge = bytes;
        while (take_directive(&bytes, arena, &directive)) {
            if (ss_slice_eq_nocase(directive.key, SS_SLICE("realm"))) {
                login->realm = directive.value;
                break;
            }
        }
    }
    if (!ss_sasl_answer(exchange, 0, arena, &bytes)) {
        return;
    }
    while (take_directive(&bytes, arena, &directive)) {
        if (ss_slice_eq_nocase(directive.key, SS_SLICE("username"))) {
            login->username = directive.value;
        } else if (ss_slice_eq_nocase(directive.key, SS_SLICE("realm"))) {
            login->realm = directive.value;
        } else if (ss_slice_eq_nocase(directive.key, SS_SLICE("authzid"))) {
            login->authzid = directive.value;
        } else if (ss_slice_eq_nocase(directive.key, SS_SLICE("response"))) {
            login->secret = directive.value;
            login->secret_kind = SS_SECRET_HASH;
        }
    }
}

/* --- SCRAM (RFC 5802 section 7) --- */

/* saslname: `=2C` stands for a comma, `=3D` for an equals sign. */
static SsSlice
undo_saslname(SsArena *arena, SsSlice name)
{
    uint8_t *to;
    size_t len = 0;

    if (ss_slice_index(name, '=') == name.len) {
        return name;
    }
    to = ss_arena_alloc(arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++) {
        SsSlice code = ss_slice_sub(name, i, 3);
        if (ss_slice_eq_nocase(code, SS_SLICE("=2C"))) {
            to[len++] = ',';
            i += 2;
        } else if (ss_slice_eq_nocase(code, SS_SLICE("=3D"))) {
            to[len++] = '=';
            i += 2;
        } else {
            to[len++] = name.data[i];
        }
    }
    return ss_slice(to, len);
}

/* The next `x=value` of a list with commas; false at its end. */
static bool
take_attribute(SsSlice *in, SsSlice *ret_value, uint8_t *ret_name)
{
    size_t end = ss_slice_index(*in, ',');
    SsSlice attribute = ss_slice_sub(*in, 0, end);

    if (!in->len) {
        return false;
    }
    *in = ss_slice_from(*in, end + 1);
    *ret_name = attribute.len >= 2 && attribute.data[1] == '=' ? attribute.data[0] : 0;
    *ret_value = ss_slice_from(attribute, 2);
    return true;
}

void
ss_sasl_read_scram(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login)
{
    SsSlice bytes, value;
    uint8_t name;

    for (size_t i = 0; i < exchange->n_turns; i++) { /* the first may ask for nothing */
        if (ss_sasl_question(exchange, i, arena, &bytes) && bytes.len) {
            login->challenge = bytes;
            break;
        }
    }
    if (ss_sasl_answer(exchange, 0, arena, &bytes)) { /* `n,a=authzid,n=user,r=nonce` */
        while (take_attribute(&bytes, &value, &name)) {
            if (name == 'a') {
                login->authzid = undo_saslname(arena, value);
            } else if (name == 'n' && ss_slice_is_null(login->username)) {
                login->username = undo_saslname(arena, value);
            }
        }
    }
    if (ss_sasl_answer(exchange, 1, arena, &bytes)) { /* `c=…,r=nonce,p=proof` */
        while (take_attribute(&bytes, &value, &name)) {
            if (name == 'p') {
                login->secret = value;
                login->secret_kind = SS_SECRET_HASH;
            }
        }
    }
}
