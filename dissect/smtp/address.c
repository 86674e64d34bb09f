#include "dissect/smtp/address.h"

/* Behind the source route `@a,@b:` that obsolete paths begin with (RFC 5321 appendix C); 0 where
 * there is none. */
static size_t
route_length(SsSlice address)
{
    size_t end = ss_slice_index(address, ':');

    return address.len && address.data[0] == '@' && end < address.len ? end + 1 : 0;
}

/* Behind a quoted string, which `text` begins with; 0 where it is never closed. */
static size_t
quoted_length(SsSlice text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.data[i] == '\\') {
            i++;
        } else if (text.data[i] == '"') {
            return i + 1;
        }
    }
    return 0;
}

/* Index of the `@` between local part and domain, or the mailbox's length. */
static size_t
at_sign(SsSlice mailbox)
{
    size_t at = mailbox.len;
    size_t quoted = mailbox.len && mailbox.data[0] == '"' ? quoted_length(mailbox) : 0;

    if (quoted) {
        return quoted + ss_slice_index(ss_slice_from(mailbox, quoted), '@');
    }
    while (at > 0 && mailbox.data[at - 1] != '@') {
        at--;
    }
    return at ? at - 1 : mailbox.len;
}

SsSlice
ss_address_domain(SsSlice address)
{
    SsSlice mailbox = ss_slice_from(address, route_length(address));
    size_t at = at_sign(mailbox);

    return at < mailbox.len ? ss_slice_from(mailbox, at + 1) : SS_SLICE_NULL;
}

SsAddressForm
ss_address_form(SsSlice address)
{
    size_t route = route_length(address), at;
    SsSlice mailbox = ss_slice_from(address, route), local;

    if (route) {
        return SS_FORM_ROUTE;
    }
    if (mailbox.len && mailbox.data[0] == '"') {
        return SS_FORM_QUOTED;
    }
    at = at_sign(mailbox);
    local = ss_slice_sub(mailbox, 0, at);
    if (ss_slice_index(local, '%') < local.len) {
        return SS_FORM_PERCENT;
    }
    if (ss_slice_index(local, '!') < local.len) {
        return SS_FORM_BANG;
    }
    if (ss_slice_index(local, '@') < local.len) {
        return SS_FORM_PERCENT; /* `a@b@c`, which is read like `a%b@c` */
    }
    return at + 1 < mailbox.len && mailbox.data[at + 1] == '[' ? SS_FORM_LITERAL : SS_FORM_PLAIN;
}

/* --- the grammar --- */

static bool
is_atext(uint8_t c)
{
    static const char others[] = "!#$%&'*+-/=?^_`{|}~";

    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c >= 0x80 ||
           memchr(others, c, sizeof others - 1);
}

static bool
is_host(uint8_t c)
{
    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c >= 0x80 || c == '-' || c == '_';
}

static bool
is_printed(uint8_t c)
{
    return c > ' ' && c < 0x7f;
}

/* Words joined by single dots. */
static bool
is_dotted(SsSlice text, bool (*is_of_word)(uint8_t))
{
    bool is_behind_dot = true;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '.' ? is_behind_dot : !is_of_word(text.data[i])) {
            return false;
        }
        is_behind_dot = text.data[i] == '.';
    }
    return !is_behind_dot;
}

static bool
is_quoted(SsSlice text)
{
    if (text.len == 0 || text.data[0] != '"' || quoted_length(text) != text.len) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

/* `[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321 section 4.1.3), looked at from outside only. */
static bool
is_literal(SsSlice text)
{
    if (text.len < 3 || text.data[0] != '[' || text.data[text.len - 1] != ']') {
        return false;
    }
    for (size_t i = 1; i + 1 < text.len; i++) {
        uint8_t c = text.data[i];
        if (!is_printed(c) || c == '[' || c == '\\' || c == ']') {
            return false;
        }
    }
    return true;
}

static bool
is_domain(SsSlice text)
{
    return is_dotted(text, is_host) || is_literal(text);
}

/* `@a,@b:` */
static bool
is_route(SsSlice text)
{
    SsSlice rest = ss_slice_sub(text, 0, text.len - 1);

    while (rest.len) {
        size_t end = ss_slice_index(rest, ',');
        if (rest.data[0] != '@' || !is_domain(ss_slice_sub(rest, 1, end ? end - 1 : 0)) ||
            end + 1 == rest.len) {
            return false;
        }
        rest = ss_slice_from(rest, end + 1);
    }
    return true;
}

bool
ss_address_is_wellformed(SsSlice address)
{
    size_t route = route_length(address);
    SsSlice mailbox = ss_slice_from(address, route);
    size_t at = at_sign(mailbox);
    SsSlice local = ss_slice_sub(mailbox, 0, at);

    if (route && !is_route(ss_slice_sub(address, 0, route))) {
        return false;
    }
    if (at == mailbox.len) {
        return !route && ss_slice_eq_nocase(mailbox, SS_SLICE("postmaster"));
    }
    return (is_dotted(local, is_atext) || is_quoted(local)) &&
           is_domain(ss_slice_from(mailbox, at + 1));
}
