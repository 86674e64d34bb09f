/*
 * Three layers in one pass.
 *
 * Lines. At a line's start bytes are gathered until it is told what the line is (boundaries.h);
 * mostly the whole line lies in the chunk and nothing is copied. Inside content only line starts
 * that begin with `--` are looked at, found by memchr.
 *
 * Spans. A line's end is held back until the next line is told: before a delimiter it belongs to
 * that (RFC 2046 section 5.1.1), so the parts which the delimiter closes never see it, and the
 * messages around them do. `n_held_leaves` says who is to see it.
 *
 * Leaves. A stack: embedded messages, each of which sees everything in it, delimiters and headers
 * of its parts too, and on top the part whose content is being read.
 */
#include "dissect/message/mime-scan.h"

#include "base/limits.h"
#include "dissect/message/boundaries.h"
#include "dissect/message/content.h"
#include "dissect/message/header.h"
#include "dissect/message/leaf.h"

/* Above this a block's memory is given back when it has been read. */
#define BLOCK_KEEP 4096

#define LEAVES_MAX (SS_MESSAGE_DEPTH_MAX + 1)

typedef enum {
    MODE_MESSAGE_HEADER,  /* the message's own */
    MODE_EMBEDDED_HEADER, /* of a message in it */
    MODE_PART_HEADER,
    MODE_CONTENT, /* of a leaf, or before and after the parts of a multipart */
} Mode;

/* What a fold would belong to. */
typedef enum {
    FIELD_NONE, /* no line of this header was seen */
    FIELD_KEPT, /* a field in the block */
    FIELD_LOST, /* one that a hole took */
} FieldState;

struct SsMimeScan {
    SsArena *arena;
    bool hash;
    uint32_t odd;
    Mode mode;

    bool at_start; /* of a line, which is not told yet */
    uint8_t line[SS_LINE_PREFIX];
    size_t line_len; /* its bytes so far, where the cut fell into it */
    bool keep_line;  /* inside a header line that goes to the block */

    GByteArray *block; /* header lines */
    size_t field_at;   /* where the last field begins in it */
    FieldState field;
    uint64_t header_missing;

    uint8_t held[2]; /* a line end, or the CR that may begin one */
    size_t n_held;
    size_t n_held_leaves;

    SsBoundaries boundaries;
    SsLeaf leaves[LEAVES_MAX];
    size_t n_leaves;

    SsHeaders headers;
    SsList parts;
};

SsMimeScan *
ss_mime_scan_new(SsArena *arena, bool hash)
{
    SsMimeScan *scan = g_new0(SsMimeScan, 1);

    scan->arena = arena;
    scan->hash = hash;
    scan->at_start = true;
    scan->block = g_byte_array_new();
    return scan;
}

void
ss_mime_scan_free(SsMimeScan *scan)
{
    if (!scan) {
        return;
    }
    g_byte_array_free(scan->block, TRUE);
    ss_boundaries_clear(&scan->boundaries);
    for (size_t i = 0; i < LEAVES_MAX; i++) {
        ss_leaf_clear(&scan->leaves[i]);
    }
    g_free(scan);
}

/* --- spans --- */

static void
feed_leaves(SsMimeScan *scan, SsSlice bytes, size_t n_leaves)
{
    for (size_t i = 0; i < n_leaves; i++) {
        ss_leaf_feed(&scan->leaves[i], bytes);
    }
}

static void
release_held(SsMimeScan *scan)
{
    if (scan->n_held) {
        feed_leaves(scan, ss_slice(scan->held, scan->n_held),
                    MIN(scan->n_held_leaves, scan->n_leaves));
        scan->n_held = 0;
    }
}

/* How many bytes at the end are a line end, or may become one. */
static size_t
line_end_len(SsSlice bytes)
{
    const uint8_t *end = bytes.data + bytes.len;

    if (bytes.len && end[-1] == '\n') {
        return bytes.len > 1 && end[-2] == '\r' ? 2 : 1;
    }
    return bytes.len && end[-1] == '\r';
}

/* Hands on the next bytes of the message, all but the line end they may end with. */
static void
deliver(SsMimeScan *scan, SsSlice bytes)
{
    size_t n = line_end_len(bytes);

    if (scan->boundaries.n_boundaries == 0) {
        /* No delimiter can come. */
        release_held(scan);
        feed_leaves(scan, bytes, scan->n_leaves);
        return;
    }
    if (bytes.len == 1 && bytes.data[0] == '\n' && scan->n_held == 1 && scan->held[0] == '\r') {
        scan->held[scan->n_held++] = '\n';
        return;
    }
    release_held(scan);
    feed_leaves(scan, ss_slice_sub(bytes, 0, bytes.len - n), scan->n_leaves);
    memcpy(scan->held, bytes.data + bytes.len - n, n);
    scan->n_held = n;
    scan->n_held_leaves = scan->n_leaves;
}

/* --- leaves --- */

static void
open_leaf(SsMimeScan *scan, const SsPart *part, SsEncoding encoding)
{
    SsLeaf *leaf = &scan->leaves[scan->n_leaves++];
    SsPart kept = *part;

    ss_leaf_open(leaf, encoding, scan->hash);
    leaf->missing = scan->header_missing;
    leaf->index = scan->parts.n;
    leaf->is_kept = scan->parts.n < SS_PARTS_MAX;
    if (leaf->is_kept) {
        kept.content_type = ss_arena_dup(scan->arena, part->content_type);
        kept.charset = ss_arena_dup(scan->arena, part->charset);
        kept.encoding = ss_arena_dup(scan->arena, part->encoding);
        kept.filename = ss_arena_dup(scan->arena, part->filename);
        kept.disposition = ss_arena_dup(scan->arena, part->disposition);
    }
    ss_list_append(scan->arena, &scan->parts, &kept, sizeof kept, SS_PARTS_MAX);
}

static void
close_leaves(SsMimeScan *scan, size_t down_to)
{
    while (scan->n_leaves > down_to) {
        SsLeaf *leaf = &scan->leaves[--scan->n_leaves];

        if (leaf->is_kept) {
            ss_leaf_close(leaf, scan->arena, (SsPart *)scan->parts.items + leaf->index);
        }
    }
}

/* --- headers --- */

static void
start_header(SsMimeScan *scan, Mode mode)
{
    scan->mode = mode;
    scan->field = FIELD_NONE;
    scan->header_missing = 0;
    if (scan->block->len > BLOCK_KEEP) {
        g_byte_array_free(scan->block, TRUE);
        scan->block = g_byte_array_new();
    }
    g_byte_array_set_size(scan->block, 0);
}

static void
append_block(SsMimeScan *scan, SsSlice bytes)
{
    size_t max = scan->mode == MODE_MESSAGE_HEADER ? SS_HEADER_BLOCK_MAX : SS_PART_HEADER_MAX;
    size_t n = MIN(bytes.len, max - scan->block->len);

    if (n < bytes.len) {
        scan->odd |= SS_ODD_HEADER_CUT;
    }
    g_byte_array_append(scan->block, bytes.data, (guint)n);
}

static bool
is_multipart(SsSlice type)
{
    return ss_slice_starts_nocase(type, SS_SLICE("multipart/"));
}

/* RFC 2046 section 5.2.1, RFC 6532 section 3.7, RFC 5537 section 4.1. */
static bool
is_message(SsSlice type)
{
    return ss_slice_eq(type, SS_SLICE("message/rfc822")) ||
           ss_slice_eq(type, SS_SLICE("message/global")) ||
           ss_slice_eq(type, SS_SLICE("message/news"));
}

/* The type of a part that does not tell (RFC 2045 section 5.2, RFC 2046 section 5.1.5). */
static SsSlice
default_type(const SsMimeScan *scan)
{
    const SsBoundaries *open = &scan->boundaries;

    if (scan->mode == MODE_PART_HEADER && open->n && open->frames[open->n - 1].is_digest) {
        return SS_SLICE("message/rfc822");
    }
    return SS_SLICE("text/plain");
}

static bool
open_multipart(SsMimeScan *scan, const SsContentType *type)
{
    SsFrame frame = {.n_leaves = scan->n_leaves};

    if (scan->boundaries.n == SS_MIME_DEPTH_MAX) {
        scan->odd |= SS_ODD_DEPTH;
        return false;
    }
    if (type->boundary.len == 0) {
        scan->odd |= SS_ODD_NO_BOUNDARY;
        return false;
    }
    frame.is_digest = ss_slice_eq(type->type, SS_SLICE("multipart/digest"));
    ss_boundaries_push(&scan->boundaries, &frame, type->boundary);
    scan->mode = MODE_CONTENT;
    return true;
}

static bool
open_message(SsMimeScan *scan, const SsPart *part)
{
    SsFrame frame = {.n_leaves = scan->n_leaves};

    if (scan->boundaries.n == SS_MIME_DEPTH_MAX || scan->n_leaves == SS_MESSAGE_DEPTH_MAX) {
        scan->odd |= SS_ODD_DEPTH;
        return false;
    }
    open_leaf(scan, part, SS_ENCODING_IDENTITY);
    ss_boundaries_push(&scan->boundaries, &frame, SS_SLICE_NULL);
    start_header(scan, MODE_EMBEDDED_HEADER);
    return true;
}

/* The block is complete: what it heads begins here. */
static void
end_header(SsMimeScan *scan)
{
    SsSlice block = ss_slice(scan->block->data, scan->block->len);
    SsArena texts = {0};
    SsPart part = {.size = 0};
    SsContentType type;
    SsEncoding encoding;
    bool is_known = true, is_open = false;

    if (scan->mode == MODE_MESSAGE_HEADER) {
        scan->odd |= ss_header_read_message(scan->arena, block, &scan->headers);
    }
    scan->odd |= ss_header_read_part(&texts, block, default_type(scan), &part, &type);
    encoding = ss_encoding_of_name(part.encoding, &is_known);
    if (part.encoding.len && (!is_known || (is_multipart(part.content_type) && encoding))) {
        scan->odd |= SS_ODD_ENCODING;
    }
    if (is_multipart(part.content_type)) {
        is_open = open_multipart(scan, &type);
        encoding = SS_ENCODING_IDENTITY;
    } else if (is_message(part.content_type) && encoding == SS_ENCODING_IDENTITY) {
        is_open = open_message(scan, &part);
    }
    if (!is_open) {
        open_leaf(scan, &part, encoding);
        scan->mode = MODE_CONTENT;
    }
    ss_arena_clear(&texts);
}

/* A header that no blank line ended. An embedded message of which nothing came has no leaf. */
static void
end_header_early(SsMimeScan *scan)
{
    if (scan->mode != MODE_CONTENT &&
        (scan->mode == MODE_PART_HEADER || scan->field != FIELD_NONE)) {
        end_header(scan);
    }
}

/* --- lines --- */

/* `line` is whole, with its line end. */
static void
take_delimiter(SsMimeScan *scan, SsSlice line, SsDelimiter delimiter)
{
    SsBoundaries *open = &scan->boundaries;

    end_header_early(scan);
    close_leaves(scan, open->frames[delimiter.frame].n_leaves);
    while (open->n > delimiter.frame + 1) {
        if (open->frames[open->n - 1].boundary) {
            scan->odd |= SS_ODD_NOT_CLOSED;
        }
        ss_boundaries_pop(open);
    }
    /* The messages around see the delimiter, and the line end before it. */
    deliver(scan, line);
    if (delimiter.is_closing) {
        ss_boundaries_pop(open);
        scan->mode = MODE_CONTENT;
    } else {
        start_header(scan, MODE_PART_HEADER);
    }
}

/* Bytes of a header line, its start included. */
static void
take_header_bytes(SsMimeScan *scan, SsSlice bytes)
{
    if (scan->keep_line) {
        append_block(scan, bytes);
    }
    deliver(scan, bytes);
    scan->at_start = bytes.data[bytes.len - 1] == '\n';
}

static void
take_field(SsMimeScan *scan, SsSlice bytes, SsLineKind kind)
{
    if (kind == SS_LINE_FIELD) {
        scan->field = FIELD_KEPT;
        scan->field_at = scan->block->len;
    }
    scan->keep_line = scan->field == FIELD_KEPT && kind != SS_LINE_MBOX;
    take_header_bytes(scan, bytes);
}

/* Whether `;` ends what was read of the last field, so that more of it must come. */
static bool
is_field_open(const SsMimeScan *scan)
{
    const GByteArray *block = scan->block;
    size_t n = block->len;

    while (n && (ss_ascii_is_blank(block->data[n - 1]) || block->data[n - 1] == '\r' ||
                 block->data[n - 1] == '\n')) {
        n--;
    }
    return scan->field == FIELD_KEPT && n && block->data[n - 1] == ';';
}

/* Content up to the next line that may be a delimiter; returns how many bytes it took. */
static size_t
take_content(SsMimeScan *scan, SsSlice in)
{
    size_t at = 0;

    if (scan->boundaries.n_boundaries == 0) {
        deliver(scan, in);
        return in.len;
    }
    for (;;) {
        at += ss_slice_index(ss_slice_from(in, at), '\n') + 1;
        if (at > in.len) {
            deliver(scan, in);
            scan->at_start = false;
            return in.len;
        }
        if (in.len - at < 2 || (in.data[at] == '-' && in.data[at + 1] == '-')) {
            deliver(scan, ss_slice_sub(in, 0, at));
            scan->at_start = true;
            return at;
        }
    }
}

/*
 * `bytes` begins at a line's start and is told: takes what of it belongs to the line, or more of
 * content. Returns how many bytes that was; 0 where the line ended the header, and is to be told
 * again as content.
 */
static size_t
take_line(SsMimeScan *scan, SsSlice bytes, SsLineKind kind, SsDelimiter delimiter)
{
    SsSlice line = ss_slice_sub(bytes, 0, ss_slice_index(bytes, '\n') + 1);

    if (kind == SS_LINE_DELIMITER) {
        take_delimiter(scan, line, delimiter);
        return line.len;
    }
    if (scan->mode == MODE_CONTENT) {
        return take_content(scan, bytes);
    }
    if (kind == SS_LINE_BLANK) {
        deliver(scan, line);
        end_header(scan);
        return line.len;
    }
    if (kind == SS_LINE_FIELD || (kind == SS_LINE_FOLD && scan->field != FIELD_NONE) ||
        (kind == SS_LINE_MBOX && scan->field == FIELD_NONE)) {
        take_field(scan, line, kind);
        return line.len;
    }
    if (ss_ascii_is_alpha(line.data[0]) && is_field_open(scan)) {
        /* `Content-Type: text/html;` CRLF `charset=utf-8`: mail readers go on, so do we. */
        scan->odd |= SS_ODD_NO_FOLD;
        append_block(scan, SS_SLICE(" "));
        take_field(scan, line, SS_LINE_FOLD);
        return line.len;
    }
    scan->odd |= SS_ODD_NO_BLANK_LINE;
    end_header(scan);
    return 0;
}

/* At a line's start that was cut: goes on gathering. Returns how many bytes of `in` it took. */
static size_t
gather_line(SsMimeScan *scan, SsSlice in, bool is_last)
{
    size_t room = SS_LINE_PREFIX - scan->line_len;
    SsSlice more = ss_slice_sub(in, 0, MIN(ss_slice_index(in, '\n') + 1, room));
    SsDelimiter delimiter = {0};
    SsLineKind kind;
    size_t at = 0;

    if (more.len) {
        memcpy(scan->line + scan->line_len, more.data, more.len);
        scan->line_len += more.len;
    }
    while (at < scan->line_len) {
        SsSlice line = ss_slice(scan->line + at, scan->line_len - at);

        kind =
            ss_line_kind(&scan->boundaries, line, scan->mode != MODE_CONTENT, is_last, &delimiter);
        if (kind == SS_LINE_MORE) {
            return more.len;
        }
        at += take_line(scan, line, kind, delimiter);
    }
    scan->line_len = 0;
    return more.len;
}

/* Inside a line, which was told. */
static size_t
take_rest(SsMimeScan *scan, SsSlice in)
{
    SsSlice line;

    if (scan->mode == MODE_CONTENT) {
        return take_content(scan, in);
    }
    line = ss_slice_sub(in, 0, ss_slice_index(in, '\n') + 1);
    take_header_bytes(scan, line);
    return line.len;
}

void
ss_mime_scan_data(SsMimeScan *scan, SsSlice in)
{
    while (in.len) {
        SsDelimiter delimiter = {0};
        size_t used;

        if (!scan->at_start) {
            used = take_rest(scan, in);
        } else if (scan->line_len) {
            used = gather_line(scan, in, false);
        } else {
            SsLineKind kind =
                ss_line_kind(&scan->boundaries, in, scan->mode != MODE_CONTENT, false, &delimiter);
            used = kind == SS_LINE_MORE ? gather_line(scan, in, false)
                                        : take_line(scan, in, kind, delimiter);
        }
        in = ss_slice_from(in, used);
    }
}

void
ss_mime_scan_gap(SsMimeScan *scan, uint64_t n)
{
    if (n == 0) {
        return;
    }
    if (scan->mode != MODE_CONTENT) {
        /* The start of a line that cannot be told is no use; a field cut in its middle is worse. */
        if (!scan->at_start && scan->keep_line) {
            g_byte_array_set_size(scan->block, (guint)scan->field_at);
        }
        scan->field = FIELD_LOST;
        scan->keep_line = false;
        scan->header_missing =
            scan->header_missing > UINT64_MAX - n ? UINT64_MAX : scan->header_missing + n;
    }
    if (scan->line_len) {
        deliver(scan, ss_slice(scan->line, scan->line_len));
        scan->line_len = 0;
    }
    release_held(scan);
    for (size_t i = 0; i < scan->n_leaves; i++) {
        ss_leaf_gap(&scan->leaves[i], n);
    }
    scan->at_start = false;
}

void
ss_mime_scan_end(SsMimeScan *scan, SsHeaders *ret_headers, SsList *ret_parts, uint32_t *ret_odd)
{
    if (scan->line_len) {
        gather_line(scan, SS_SLICE_NULL, true);
    }
    end_header_early(scan);
    release_held(scan);
    close_leaves(scan, 0);
    if (scan->boundaries.n_boundaries) {
        scan->odd |= SS_ODD_NOT_CLOSED;
    }
    *ret_headers = scan->headers;
    *ret_parts = scan->parts;
    *ret_odd = scan->odd;
}
