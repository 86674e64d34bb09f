/*
 * BURL (RFC 4468): in place of a chunk the client names an IMAP URL, and the server fetches that
 * part of the content itself. It is not on the wire.
 */
#include "dissect/smtp/session.h"

#define MASK "********"

/* The URL: behind it stands LAST, or nothing. */
static SsSlice
url_of(SsSlice argument, SsSlice *ret_rest)
{
    size_t end = 0;

    while (end < argument.len && !ss_ascii_is_blank(argument.data[end])) {
        end++;
    }
    *ret_rest = ss_slice_from(argument, end);
    return ss_slice_sub(argument, 0, end);
}

/* Where a password stands behind a user's name, which no IMAP URL has (RFC 5092 section 3.2.2) and
 * yet some have. */
static size_t
password_at(SsSlice url)
{
    const SsSlice mark = SS_SLICE("://");
    size_t at = 0, end;
    SsSlice user;

    while (at < url.len && !ss_slice_starts_nocase(ss_slice_from(url, at), mark)) {
        at++;
    }
    at = MIN(at + mark.len, url.len);
    end = ss_slice_index(ss_slice_from(url, at), '/');
    user = ss_slice_sub(url, at, end);
    end = user.len;
    while (end > 0 && user.data[end - 1] != '@') {
        end--;
    }
    user.len = end;
    end = ss_slice_index(user, ':');
    return end < user.len ? at + end + 1 : url.len;
}

/*
 * Where in a URL stands what gives access: `;URLAUTH=submit+ann:internal:` and then a token (RFC
 * 4467 section 3). Its length where there is none.
 */
static size_t
token_at(SsSlice url)
{
    const SsSlice mark = SS_SLICE(";urlauth=");
    size_t at = 0;

    while (at + mark.len <= url.len && !ss_slice_starts_nocase(ss_slice_from(url, at), mark)) {
        at++;
    }
    if (at + mark.len > url.len) {
        return url.len;
    }
    at += mark.len;
    for (int colons = 0; colons < 2; colons++) {
        size_t colon = ss_slice_index(ss_slice_from(url, at), ':');
        if (at + colon == url.len) {
            return at; /* not as it should be: all of it, then */
        }
        at += colon + 1;
    }
    return at;
}

static size_t
secret_at(SsSlice url)
{
    size_t token = token_at(url), password = password_at(url);

    return MIN(token, password);
}

SsSlice
ss_burl_secret(SsSlice argument)
{
    SsSlice rest, url = url_of(argument, &rest);

    return ss_slice_from(url, secret_at(url));
}

SsSlice
ss_burl_mask(const SsSmtp *smtp, SsArena *arena, SsSlice argument)
{
    SsSlice rest, url = url_of(argument, &rest);
    size_t at = secret_at(url);
    const size_t mask_len = sizeof MASK - 1;
    uint8_t *shown;

    if (smtp->factory->options.show_secrets || at == url.len) {
        return argument;
    }
    shown = ss_arena_alloc(arena, at + mask_len + rest.len);
    memcpy(shown, url.data, at);
    memcpy(shown + at, MASK, mask_len);
    if (rest.len) {
        memcpy(shown + at + mask_len, rest.data, rest.len);
    }
    return ss_slice(shown, at + mask_len + rest.len);
}

void
ss_burl_take(SsSmtp *smtp, SsPending *pending, SsSlice argument, const SsOrigin *origin)
{
    SsTransaction *transaction = ss_command_transaction(smtp, origin);
    SsArena arena = {0};
    SsSlice rest, url = url_of(ss_burl_mask(smtp, &arena, argument), &rest);
    bool is_last = ss_slice_eq_nocase(ss_slice_trim(rest), SS_SLICE("LAST"));

    if (transaction) {
        pending->transaction = transaction->number;
        ss_transaction_begin_content(smtp, transaction, SS_TRANSFER_BDAT);
        ss_transaction_fetch_content(transaction, url);
    }
    if (is_last) {
        pending->kind = SS_PENDING_CONTENT;
        if (transaction) {
            ss_transaction_end_content(smtp, transaction, true, origin);
        }
        smtp->client.transaction = 0;
    }
    ss_arena_clear(&arena);
}
