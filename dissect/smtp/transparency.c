#include "dissect/smtp/transparency.h"

void
ss_transparency_init(SsTransparency *self)
{
    *self = (SsTransparency){.before = {'\r', '\n'}};
}

void
ss_transparency_gap(SsTransparency *self)
{
    *self = (SsTransparency){.after_gap = true};
}

bool
ss_transparency_is_alike(const SsTransparency *self)
{
    return self->dot == SS_DOT_ALIKE;
}

/* `run` has been passed on: remember its last two bytes. */
static void
remember(SsTransparency *self, SsSlice run)
{
    for (size_t i = run.len > 2 ? run.len - 2 : 0; i < run.len; i++) {
        self->before[0] = self->before[1];
        self->before[1] = run.data[i];
    }
}

/* The byte that stands `back` (1 or 2) before `at`. */
static uint8_t
byte_before(const SsTransparency *self, SsSlice in, size_t at, size_t back)
{
    return at >= back ? in.data[at - back] : self->before[2 - (back - at)];
}

bool
ss_transparency_is_idle(const SsTransparency *self)
{
    return self->dot == SS_DOT_NONE && !self->after_gap;
}

void
ss_transparency_pass(SsTransparency *self, SsSlice in)
{
    remember(self, in);
}

/* A dot at a line's start: behind CRLF it is stuffed or the end, else it is content, kept for now.
 */
static void
begin_dot(SsTransparency *self, bool is_content)
{
    self->dot = SS_DOT_ALONE;
    self->n_held = 0;
    if (is_content) {
        self->held[self->n_held++] = '.';
    }
}

/* It was not the end: what was held is content. */
static SsSlice
give_held(SsTransparency *self)
{
    SsSlice run = ss_slice(self->held, self->n_held);

    self->before[0] = self->before[1] = '.'; /* a stuffed dot begins no line */
    remember(self, run);
    self->dot = SS_DOT_NONE;
    self->after_gap = false;
    return run;
}

/* One byte behind a dot at a line's start. True at the end of data. */
static bool
take_behind_dot(SsTransparency *self, SsSlice *in, SsSlice *ret_run)
{
    uint8_t byte = in->data[0];
    bool is_line_end = byte == '\n' && self->dot != SS_DOT_ALIKE;

    *ret_run = ss_slice_sub(*in, 0, 0);
    if (self->dot == SS_DOT_ALONE && byte == '\r') {
        self->dot = SS_DOT_CR;
    } else if (is_line_end && self->dot == SS_DOT_CR && !self->is_bare) {
        *in = ss_slice_from(*in, 1);
        return true;
    } else if (is_line_end) {
        self->dot = SS_DOT_ALIKE;
    } else {
        *ret_run = give_held(self);
        return false;
    }
    self->held[self->n_held++] = byte;
    *in = ss_slice_from(*in, 1);
    return false;
}

typedef uint8_t Block __attribute__((vector_size(16)));

/* Where a dot follows a line feed: not 0 in that place. */
static inline Block
line_dots(const uint8_t *at)
{
    Block here, before;

    memcpy(&here, at, sizeof here);
    memcpy(&before, at - 1, sizeof before);
    return (Block)((here == '.') & (before == '\n'));
}

static inline bool
is_any(Block block)
{
    uint64_t halves[sizeof(Block) / sizeof(uint64_t)];

    memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/*
 * Where a dot follows a line feed inside `in`, else its length. Prose is full of dots, and a memchr
 * for each cost more than looking at all bytes.
 */
static size_t
index_line_dot(SsSlice in)
{
    enum {
        STEP = sizeof(Block),
    };
    size_t at = 1;

    for (; at + 4 * STEP <= in.len; at += 4 * STEP) {
        const uint8_t *from = in.data + at;
        if (is_any(line_dots(from) | line_dots(from + STEP) | line_dots(from + 2 * STEP) |
                   line_dots(from + 3 * STEP))) {
            break;
        }
    }
    for (; at + STEP <= in.len && !is_any(line_dots(in.data + at)); at += STEP) {
    }
    while (at < in.len && (in.data[at] != '.' || in.data[at - 1] != '\n')) {
        at++;
    }
    return at < in.len ? at : in.len;
}

bool
ss_transparency_next(SsTransparency *self, SsSlice *in, SsSlice *ret_run)
{
    size_t at;

    if (self->dot != SS_DOT_NONE) {
        *ret_run = ss_slice_sub(*in, 0, 0);
        return in->len && take_behind_dot(self, in, ret_run);
    }
    if (self->after_gap && in->len) {
        self->after_gap = in->data[0] == '.';
        if (self->after_gap) {
            self->is_bare = false;
            begin_dot(self, true);
            *ret_run = ss_slice_sub(*in, 0, 0);
            *in = ss_slice_from(*in, 1);
            return false;
        }
    }
    at = in->len && in->data[0] == '.' && byte_before(self, *in, 0, 1) == '\n'
             ? 0
             : index_line_dot(*in);
    if (at < in->len) {
        self->is_bare = byte_before(self, *in, at, 2) != '\r';
        *ret_run = ss_slice_sub(*in, 0, at);
        remember(self, *ret_run);
        *in = ss_slice_from(*in, at + 1);
        begin_dot(self, self->is_bare);
        return false;
    }
    *ret_run = *in;
    remember(self, *in);
    *in = ss_slice_from(*in, in->len);
    return false;
}
