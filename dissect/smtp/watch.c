#include "dissect/smtp/watch.h"

/* How far a line with nothing but a dot has come. */
enum {
    NO_DOT,
    DOT,
    DOT_PAD, /* and a NUL or the like */
    DOT_CR,
    DOT_CRCR,
};

/* What ends the line before a dot, or its own. */
enum {
    END_NONE,
    END_LF,
    END_CR,
    END_CRLF,
    END_CRCRLF,
};

static const char *const end_names[] = {"", "LF", "CR", "CRLF", "CRCRLF"};

void
ss_watch_init(SsWatch *watch, bool is_chunk)
{
    *watch = (SsWatch){.recent = {0, 0, '\r', '\n'}, .is_chunk = is_chunk};
}

void
ss_watch_clear(SsWatch *watch)
{
    ss_hidden_free(g_steal_pointer(&watch->hidden));
}

size_t
ss_watch_size(const SsWatch *watch)
{
    return ss_hidden_size(watch->hidden);
}

static void
count(SsOddCount *odd, uint64_t n, uint64_t frame)
{
    if (n && !odd->n) {
        odd->frame = frame;
    }
    odd->n += n;
}

/* --- look-alikes --- */

/* What a server may not see beside a dot, or take for part of the line's end: NUL, HT, VT, FF, a
 * blank, telnet's IAC. */
static const char *
pad_name(uint8_t byte)
{
    switch (byte) {
    case '\0':
        return "NUL";
    case '\t':
        return "HT";
    case '\v':
        return "VT";
    case '\f':
        return "FF";
    case ' ':
        return "SP";
    case 0xff:
        return "IAC";
    default:
        return NULL;
    }
}

/* Blanks behind a dot are text to everybody. */
static bool
is_pad_behind(uint8_t byte)
{
    return pad_name(byte) && !ss_ascii_is_blank(byte);
}

/* Which line end the last of these bytes is. */
static uint8_t
line_end(const uint8_t *bytes, size_t n)
{
    if (bytes[n - 1] == '\r') {
        return END_CR;
    }
    if (bytes[n - 1] != '\n') {
        return END_NONE;
    }
    if (bytes[n - 2] != '\r') {
        return END_LF;
    }
    return bytes[n - 3] == '\r' ? END_CRCRLF : END_CRLF;
}

static uint64_t
place(const SsWatch *watch)
{
    return watch->at - watch->undone;
}

/* A dot; the bytes before it are in `recent`. */
static void
see_dot(SsWatch *watch)
{
    uint8_t last = watch->recent[3];

    watch->dot_at = place(watch);
    watch->pad = watch->pad_behind = 'x';
    watch->before = line_end(watch->recent, 4);
    if (watch->before == END_NONE && pad_name(last)) {
        watch->pad = last;
        watch->before = line_end(watch->recent, 3);
    }
    watch->state = watch->before == END_NONE ? NO_DOT : DOT;
    if (!watch->is_chunk && watch->pad == 'x' && watch->before >= END_CRLF) {
        watch->undone++;
    }
}

static void
see_alike(SsWatch *watch, uint8_t end, uint64_t frame)
{
    bool has_pad = watch->pad != 'x', has_pad_behind = watch->pad_behind != 'x';
    SsAlike alike = {.at = watch->dot_at, .frame = frame};

    watch->state = NO_DOT;
    if (!has_pad && !has_pad_behind && watch->before >= END_CRLF && end == END_CRLF) {
        return; /* the true end */
    }
    g_snprintf(alike.name, sizeof alike.name, "%s%s%s .%s%s %s", end_names[watch->before],
               has_pad ? " " : "", has_pad ? pad_name(watch->pad) : "", has_pad_behind ? " " : "",
               has_pad_behind ? pad_name(watch->pad_behind) : "", end_names[end]);
    count(&watch->alikes, 1, frame);
    if (!watch->hidden) {
        watch->hidden = ss_hidden_new();
    }
    ss_hidden_alike(watch->hidden, &alike);
}

/* A byte behind a dot at a line's start, which may end its line. An LF that does belongs to the
 * look-alike; behind a bare CR the byte does not. */
static uint8_t
end_behind(SsWatch *watch, uint8_t byte)
{
    uint8_t state = watch->state;

    watch->state = NO_DOT;
    if (byte == '\n') {
        return state == DOT_CR ? END_CRLF : state == DOT_CRCR ? END_CRCRLF : END_LF;
    }
    if (state == DOT_CR && byte == '\r') {
        watch->state = DOT_CRCR;
    } else if (state == DOT_CR || state == DOT_CRCR) {
        return END_CR;
    } else if (byte == '\r') {
        watch->state = DOT_CR;
    } else if (state == DOT && is_pad_behind(byte)) {
        watch->state = DOT_PAD;
        watch->pad_behind = byte;
    }
    return END_NONE;
}

/* --- bytes --- */

static void
count_odd(SsWatch *watch, uint8_t byte, uint64_t frame)
{
    bool is_behind_cr = watch->recent[3] == '\r' && !watch->is_blind;

    if (byte == '\n' && !is_behind_cr && !watch->is_blind) {
        count(&watch->bare[SS_BARE_LF], 1, frame);
    } else if (byte != '\n' && is_behind_cr) {
        count(&watch->bare[SS_BARE_CR], 1, frame);
    }
    if (byte == 0) {
        count(&watch->bare[SS_BARE_NUL], 1, frame);
    } else if (byte >= 0x80 && !watch->high.n) {
        count(&watch->high, 1, frame);
    }
}

static void
see_byte(SsWatch *watch, uint8_t byte, uint64_t frame)
{
    uint8_t end = watch->state != NO_DOT ? end_behind(watch, byte) : END_NONE;

    if (end != END_NONE && byte != '\n') {
        see_alike(watch, end, frame);
    }
    count_odd(watch, byte, frame);
    if (byte == '.') {
        see_dot(watch);
    }
    if (watch->hidden && ss_hidden_is_reading(watch->hidden)) {
        ss_hidden_byte(watch->hidden, byte, place(watch), frame);
    }
    if (end != END_NONE && byte == '\n') {
        see_alike(watch, end, frame);
    }
    memmove(watch->recent, watch->recent + 1, 3);
    watch->recent[3] = byte;
    watch->is_blind = false;
    watch->at++;
}

/* So many plain bytes from the front of `in`. */
static void
pass(SsWatch *watch, SsSlice in, size_t n)
{
    if (n >= sizeof watch->recent) {
        memcpy(watch->recent, in.data + n - sizeof watch->recent, sizeof watch->recent);
    } else if (n) {
        memmove(watch->recent, watch->recent + n, sizeof watch->recent - n);
        memcpy(watch->recent + sizeof watch->recent - n, in.data, n);
    }
    watch->at += n;
}

static bool
is_each_seen(const SsWatch *watch)
{
    return watch->state != NO_DOT || watch->is_blind ||
           (watch->hidden && ss_hidden_is_reading(watch->hidden));
}

bool
ss_watch_take_plain(SsWatch *watch, SsSlice in, const SsOrigin *origin)
{
    bool with_high = !watch->high.n;

    if (!in.len || is_each_seen(watch) || ss_odd_is(watch->recent[3], in.data[0], with_high) ||
        ss_odd_find(in, 1, with_high) < in.len) {
        return false;
    }
    count(&watch->long_lines, ss_text_line_take(&watch->line, in), origin->frame);
    pass(watch, in, in.len);
    return true;
}

void
ss_watch_take(SsWatch *watch, SsSlice in, const SsOrigin *origin)
{
    count(&watch->long_lines, ss_text_line_take(&watch->line, in), origin->frame);
    while (in.len) {
        bool with_high = !watch->high.n;
        size_t n = 0;

        if (!is_each_seen(watch) && !ss_odd_is(watch->recent[3], in.data[0], with_high)) {
            n = ss_odd_find(in, 1, with_high);
            pass(watch, in, n);
        }
        if (n < in.len) {
            see_byte(watch, in.data[n++], origin->frame);
        }
        in = ss_slice_from(in, n);
    }
}

void
ss_watch_gap(SsWatch *watch)
{
    static const uint8_t unknown[] = {'x', 'x', 'x', 'x'};

    memcpy(watch->recent, unknown, sizeof unknown);
    watch->state = NO_DOT;
    watch->is_blind = true;
    watch->line = (SsTextLine){0};
    if (watch->hidden) {
        ss_hidden_stop(watch->hidden);
    }
}

void
ss_watch_end(SsWatch *watch, bool is_at_dot, uint64_t frame)
{
    if (watch->is_over) {
        return;
    }
    watch->is_over = true;
    if (watch->is_chunk && watch->recent[3] == '\r') {
        count(&watch->bare[SS_BARE_CR], 1, frame);
    }
    if (watch->hidden) {
        ss_hidden_end(watch->hidden, is_at_dot ? watch->dot_at : place(watch));
    }
}
