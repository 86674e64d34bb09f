#include "dissect/message/boundaries.h"

#include <glib.h>

void
ss_boundaries_push(SsBoundaries *boundaries, const SsFrame *frame, SsSlice boundary)
{
    SsFrame *top;

    boundaries->frames = g_renew(SsFrame, boundaries->frames, boundaries->n + 1);
    top = &boundaries->frames[boundaries->n++];
    *top = *frame;
    top->boundary = NULL;
    top->boundary_len = 0;
    if (!ss_slice_is_null(boundary)) {
        top->boundary = g_memdup2(boundary.data, boundary.len);
        top->boundary_len = boundary.len;
        boundaries->n_boundaries++;
    }
}

void
ss_boundaries_pop(SsBoundaries *boundaries)
{
    SsFrame *top = &boundaries->frames[--boundaries->n];

    if (top->boundary) {
        boundaries->n_boundaries--;
        g_free(top->boundary);
    }
}

void
ss_boundaries_clear(SsBoundaries *boundaries)
{
    while (boundaries->n) {
        ss_boundaries_pop(boundaries);
    }
    g_free(boundaries->frames);
    boundaries->frames = NULL;
}

static bool
is_padding(SsSlice rest)
{
    return ss_slice_trim(rest).len == 0;
}

/* `line` without its line end. */
static bool
find_delimiter(const SsBoundaries *boundaries, SsSlice line, SsDelimiter *ret)
{
    for (size_t i = boundaries->n; i-- > 0;) {
        const SsFrame *frame = &boundaries->frames[i];
        SsSlice rest = ss_slice_from(line, 2 + frame->boundary_len);

        if (!frame->boundary || line.len < 2 + frame->boundary_len ||
            memcmp(line.data + 2, frame->boundary, frame->boundary_len) != 0) {
            continue;
        }
        ret->frame = i;
        ret->is_closing = rest.len >= 2 && rest.data[0] == '-' && rest.data[1] == '-' &&
                          is_padding(ss_slice_from(rest, 2));
        if (ret->is_closing || is_padding(rest)) {
            return true;
        }
    }
    return false;
}

static SsLineKind
delimiter_kind(const SsBoundaries *boundaries, SsSlice line, bool is_last, SsDelimiter *ret)
{
    size_t len = ss_slice_index(line, '\n');

    for (size_t i = 0; i < 2; i++) {
        if (i == line.len) {
            return is_last ? SS_LINE_TEXT : SS_LINE_MORE;
        }
        if (line.data[i] != '-') {
            return SS_LINE_TEXT;
        }
    }
    if (len == line.len && !is_last) {
        return line.len < SS_LINE_PREFIX ? SS_LINE_MORE : SS_LINE_TEXT;
    }
    line.len = len;
    if (line.len && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    return find_delimiter(boundaries, line, ret) ? SS_LINE_DELIMITER : SS_LINE_TEXT;
}

/* RFC 5322 section 2.2; 8-bit names are kept raw. */
static bool
is_name_char(uint8_t c)
{
    return c > ' ' && c != 0x7f && c != ':';
}

static SsLineKind
header_kind(SsSlice line, bool is_last)
{
    SsLineKind undecided = is_last || line.len == SS_LINE_PREFIX ? SS_LINE_TEXT : SS_LINE_MORE;
    size_t name_len = 0, at;

    if (line.len && ss_ascii_is_blank(line.data[0])) {
        return SS_LINE_FOLD;
    }
    while (name_len < line.len && is_name_char(line.data[name_len])) {
        name_len++;
    }
    at = name_len;
    while (at < line.len && ss_ascii_is_blank(line.data[at])) {
        at++;
    }
    if (at == line.len) {
        return undecided;
    }
    if (name_len == 0) {
        if (line.data[0] == '\r' && line.len == 1) {
            return undecided;
        }
        return line.data[line.data[0] == '\r'] == '\n' ? SS_LINE_BLANK : SS_LINE_TEXT;
    }
    if (line.data[at] == ':') {
        return SS_LINE_FIELD;
    }
    if (at > name_len && (ss_slice_eq(ss_slice_sub(line, 0, name_len), SS_SLICE("From")) ||
                          ss_slice_eq(ss_slice_sub(line, 0, name_len), SS_SLICE(">From")))) {
        return SS_LINE_MBOX;
    }
    return SS_LINE_TEXT;
}

SsLineKind
ss_line_kind(const SsBoundaries *boundaries, SsSlice line, bool in_header, bool is_last,
             SsDelimiter *ret)
{
    SsLineKind kind = SS_LINE_TEXT;

    line = ss_slice_sub(line, 0, SS_LINE_PREFIX);
    if (boundaries->n_boundaries) {
        kind = delimiter_kind(boundaries, line, is_last, ret);
    }
    return kind == SS_LINE_TEXT && in_header ? header_kind(line, is_last) : kind;
}
