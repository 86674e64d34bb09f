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

/* `run` has been passed on: remember its last two bytes. */
static void
remember(SsTransparency *self, SsSlice run)
{
    for (size_t i = run.len > 2 ? run.len - 2 : 0; i < run.len; i++) {
        self->before[0] = self->before[1];
        self->before[1] = run.data[i];
    }
}

/* Whether the byte at `at` begins a line; `after_gap` is for the first byte of all only. */
static bool
begins_line(const SsTransparency *self, SsSlice in, size_t at)
{
    uint8_t one = at >= 1 ? in.data[at - 1] : self->before[1];
    uint8_t two = at >= 2 ? in.data[at - 2] : self->before[1 - (at == 0 ? 1 : 0)];

    return one == '\n' && two == '\r';
}

/* A dot at a line's start was the last byte seen, or a dot and CR: goes on from there. */
static bool
next_held(SsTransparency *self, SsSlice *in, SsSlice *ret_run)
{
    static const uint8_t dot_cr[] = {'.', '\r'};
    uint8_t byte = in->data[0];
    bool was_gap = self->after_gap;

    *ret_run = ss_slice_sub(*in, 0, 0);
    if (self->held == 1 && byte == '\r') {
        *in = ss_slice_from(*in, 1);
        self->held = 2;
        return false;
    }
    if (self->held == 2 && byte == '\n') {
        *in = ss_slice_from(*in, 1);
        return true;
    }
    /* Not the end: the dot was stuffed, or behind a hole it is content. */
    *ret_run = ss_slice(dot_cr + (was_gap ? 0 : 1), (was_gap ? 1u : 0u) + (self->held == 2));
    self->before[0] = '.';
    self->before[1] = self->held == 2 ? '\r' : '.';
    self->held = 0;
    self->after_gap = false;
    return false;
}

bool
ss_transparency_next(SsTransparency *self, SsSlice *in, SsSlice *ret_run)
{
    size_t from = 0;

    if (self->held) {
        *ret_run = ss_slice_sub(*in, 0, 0);
        return in->len && next_held(self, in, ret_run);
    }
    if (self->after_gap) {
        if (in->len && in->data[0] == '.') {
            self->held = 1;
            *in = ss_slice_from(*in, 1);
            *ret_run = ss_slice_sub(*in, 0, 0);
            return false;
        }
        self->after_gap = self->after_gap && in->len == 0;
    }
    while (from < in->len) {
        size_t at = from + ss_slice_index(ss_slice_from(*in, from), '.');
        if (at < in->len && begins_line(self, *in, at)) {
            *ret_run = ss_slice_sub(*in, 0, at);
            remember(self, *ret_run);
            *in = ss_slice_from(*in, at + 1);
            self->held = 1;
            return false;
        }
        from = at + 1;
    }
    *ret_run = *in;
    remember(self, *in);
    *in = ss_slice_from(*in, in->len);
    return false;
}
