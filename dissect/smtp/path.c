#include "dissect/smtp/path.h"

#include "base/limits.h"

/* Index behind the `>` that closes a path, or 0: quoted strings and quoted pairs may hold one (RFC
 * 5321 section 4.1.2). */
static size_t
bracket_end(SsSlice text, bool is_cut)
{
    size_t first = ss_slice_index(text, '>');
    bool in_quotes = false;

    if (first < text.len && !memchr(text.data, '"', first) && !memchr(text.data, '\\', first)) {
        return first + 1;
    }
    for (size_t i = 1; i < text.len; i++) {
        if (text.data[i] == '\\') {
            i++;
        } else if (text.data[i] == '"') {
            in_quotes = !in_quotes;
        } else if (text.data[i] == '>' && !in_quotes) {
            return i + 1;
        }
    }
    /* A quote that is never closed hides the bracket: take the first one there is. */
    return first < text.len && !is_cut ? first + 1 : 0;
}

static SsSlice
skip_keyword(SsSlice argument, SsSlice keyword, unsigned *odd)
{
    SsSlice text, rest;

    if (!ss_slice_starts_nocase(argument, keyword)) {
        *odd |= SS_PATH_MISSING_COLON;
        return argument;
    }
    rest = ss_slice_from(argument, keyword.len);
    text = ss_slice_trim(rest);
    if (text.len == 0 || text.data[0] != ':') {
        *odd |= SS_PATH_MISSING_COLON;
        return text;
    }
    *odd |= text.data != rest.data ? SS_PATH_SPACE_BEFORE_COLON : 0;
    rest = ss_slice_from(text, 1);
    text = ss_slice_trim(rest);
    *odd |= text.data != rest.data ? SS_PATH_SPACE_AFTER_COLON : 0;
    return text;
}

SsPath
ss_path_parse(SsSlice argument, SsSlice keyword)
{
    SsPath path = {.odd = 0};
    SsSlice text = skip_keyword(argument, keyword, &path.odd);
    size_t end;

    if (text.len && text.data[0] == '<' && (end = bracket_end(text, false))) {
        path.address = ss_slice_sub(text, 1, end - 2);
    } else {
        end = 0;
        while (end < text.len && !ss_ascii_is_blank(text.data[end])) {
            end++;
        }
        path.address = ss_slice_sub(text, 0, end);
        path.odd |= SS_PATH_NO_BRACKETS;
        if (path.address.len && path.address.data[0] == '<') {
            path.address = ss_slice_from(path.address, 1);
        }
    }
    if (ss_slice_is_null(path.address)) {
        path.address = ss_slice("", 0);
    }
    path.rest = ss_slice_trim(ss_slice_from(text, end));
    return path;
}

SsPath
ss_path_parse_cut(SsSlice argument, SsSlice keyword)
{
    SsPath path = {.rest = ss_slice("", 0)};
    SsSlice text = skip_keyword(argument, keyword, &path.odd);
    size_t end = 0, n = text.len;

    if (text.len && text.data[0] == '<') {
        end = bracket_end(text, true);
        path.address = end ? ss_slice_sub(text, 1, end - 2) : SS_SLICE_NULL;
    } else {
        while (end < text.len && !ss_ascii_is_blank(text.data[end])) {
            end++;
        }
        path.address = end < text.len ? ss_slice_sub(text, 0, end) : SS_SLICE_NULL;
    }
    while (n > end && !ss_ascii_is_blank(text.data[n - 1])) {
        n--; /* a parameter that was cut */
    }
    if (!ss_slice_is_null(path.address)) {
        path.rest = ss_slice_trim(ss_slice_sub(text, end, n - end));
    }
    return path;
}

bool
ss_bdat_parse(SsSlice argument, uint64_t *ret_size, bool *ret_last)
{
    uint64_t size = 0;
    size_t i = 0;
    SsSlice rest;

    for (; i < argument.len && ss_ascii_is_digit(argument.data[i]); i++) {
        uint64_t digit = (uint64_t)(argument.data[i] - '0');
        if (size > (INT64_MAX - digit) / 10) {
            return false;
        }
        size = size * 10 + digit;
    }
    if (i == 0 || (i < argument.len && !ss_ascii_is_blank(argument.data[i]))) {
        return false;
    }
    rest = ss_slice_trim(ss_slice_from(argument, i));
    if (rest.len && !ss_slice_eq_nocase(rest, SS_SLICE("LAST"))) {
        return false;
    }
    *ret_size = size;
    *ret_last = rest.len > 0;
    return true;
}
