/*
 * A packet as one line:
 *
 *      NO 2026-11-21 UTC  CLIENT AND SERVER                   FLAGS  SEQ    ACK   LEN
 *       4 10:00:00.010000 192.0.2.10:40112 ← 198.51.100.25:25 P.       1      1    42  220
 * mx.b.exa…
 *
 * The client of a session stands left, and the arrow says who sent. Numbers have columns, words
 * stand last. Colour adds nothing that is not said.
 */
#include "plugins/packets/packets.h"

#define NS_PER_S INT64_C(1000000000)
#define S_PER_DAY 86400
#define ADDRESS_WIDTH_MAX 64
#define WORDS_MIN 48 /* cells that the meaning has at least, however long the rest is */

static const char *const ink_codes[] = {
    [SS_INK_PLAIN] = NULL,      [SS_INK_DIM] = "\033[2m",   [SS_INK_STRONG] = "\033[1m",
    [SS_INK_GOOD] = "\033[32m", [SS_INK_WARN] = "\033[33m", [SS_INK_BAD] = "\033[1;31m",
    [SS_INK_SENT] = "\033[36m",
};

void
ss_packets_ink(const SsPackets *self, GString *to, SsInk ink, const char *text)
{
    const char *code = self->has_color ? ink_codes[ink] : NULL;

    g_string_append_printf(to, "%s%s%s", code ? code : "", text, code ? "\033[0m" : "");
}

/* --- cells of a terminal --- */

static size_t
cells_of(gunichar c)
{
    if (g_unichar_iszerowidth(c)) {
        return 0;
    }
    return g_unichar_iswide(c) ? 2 : 1;
}

static size_t
count_cells(const char *text)
{
    size_t cells = 0;

    for (; *text; text = g_utf8_next_char(text)) {
        cells += cells_of(g_utf8_get_char(text));
    }
    return cells;
}

/* Cuts `text` to so many cells, with an ellipsis. */
static void
shorten(GString *text, size_t cells)
{
    size_t have = 0;
    const char *at = text->str;

    if (count_cells(text->str) <= cells) {
        return;
    }
    while (*at && have + cells_of(g_utf8_get_char(at)) + 1 <= cells) {
        have += cells_of(g_utf8_get_char(at));
        at = g_utf8_next_char(at);
    }
    g_string_truncate(text, (gsize)(at - text->str));
    g_string_append(text, "…");
}

static void
append_padded(GString *to, const char *text, size_t width)
{
    size_t cells = count_cells(text);

    g_string_append(to, text);
    for (; cells < width; cells++) {
        g_string_append_c(to, ' ');
    }
}

/* --- times --- */

static int64_t
day_of(int64_t time_ns)
{
    int64_t s = time_ns / NS_PER_S - (time_ns % NS_PER_S < 0);

    return s / S_PER_DAY - (s % S_PER_DAY < 0);
}

static void
append_seconds(GString *to, int64_t ns, unsigned digits)
{
    bool is_negative = ns < 0;
    uint64_t size = is_negative ? 0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t fraction = size % (uint64_t)NS_PER_S;
    g_autofree char *text =
        g_strdup_printf("%s%" PRIu64, is_negative ? "-" : "", size / (uint64_t)NS_PER_S);

    for (unsigned i = digits; i < 9; i++) {
        fraction /= 10;
    }
    g_string_append_printf(to, "%*s.%0*" PRIu64, digits > 6 ? 5 : 8, text, (int)digits, fraction);
}

void
ss_packets_time(const SsPackets *self, GString *to, const SsEvent *event)
{
    unsigned digits = CLAMP(event->time_digits, 6, 9);
    int64_t last_ns = self->last_ns == INT64_MIN ? event->time_ns : self->last_ns;
    int64_t base = self->times == SS_TIMES_RELATIVE ? self->first_ns : last_ns;
    int64_t rest = event->time_ns % NS_PER_S, s = event->time_ns / NS_PER_S;

    if (self->times != SS_TIMES_ABSOLUTE) {
        append_seconds(to, event->time_ns - base, digits);
        return;
    }
    if (rest < 0) {
        rest += NS_PER_S;
        s--;
    }
    s -= day_of(event->time_ns) * S_PER_DAY;
    for (unsigned i = digits; i < 9; i++) {
        rest /= 10;
    }
    g_string_append_printf(to, "%02d:%02d:%02d.%0*" PRId64, (int)(s / 3600), (int)(s / 60 % 60),
                           (int)(s % 60), (int)digits, rest);
}

/* --- what it means --- */

static void
put_range(GString *to, uint64_t first, uint64_t n)
{
    ss_words_count(to, first);
    if (n > 1) {
        g_string_append(to, "–");
        ss_words_count(to, first + n - 1);
    }
}

static void
append_content(GString *to, const SsPacketsPart *part)
{
    const SsEventSpan *about = &part->span->about;
    uint64_t first = about->content + (part->begin < about->len ? part->begin : 0);
    uint64_t n = MIN(part->end - part->begin, about->content_len);

    g_string_append(to, about->text.len ? "end of " : "content of ");
    if (about->message) {
        g_string_append_printf(to, "message %" PRIu64, about->message);
    } else {
        g_string_append(to, "a message");
    }
    if (about->text.len) {
        g_string_append(to, ", ");
        ss_words_counted(to, about->content, "byte", "bytes");
    } else {
        g_string_append(to, n > 1 ? ", bytes " : ", byte ");
        put_range(to, first + 1, MAX(n, 1));
    }
}

/* The packets that hold the rest. */
static void
append_rest(GString *to, const SsPacketsPart *part)
{
    const SsPacketsSpan *span = part->span;
    bool has_begun = part->begin > 0, goes_on = part->end < span->about.len;

    if (!has_begun && !goes_on) {
        return;
    }
    g_string_append(to, " (");
    if (has_begun && span->first_frame) {
        g_string_append_printf(to, "began in %" PRIu64, span->first_frame);
    } else if (has_begun) {
        g_string_append(to, "began earlier");
    }
    g_string_append(to, has_begun && goes_on ? ", " : "");
    if (goes_on && span->last_frame) {
        g_string_append_printf(to, "rest in %" PRIu64, span->last_frame);
    } else if (goes_on) {
        g_string_append(to, "rest not captured");
    }
    g_string_append_c(to, ')');
}

/* The part of a line that is in the packet; where it is masked, the whole of it. */
static void
append_line(const SsPackets *self, GString *to, const SsPacketsPart *part)
{
    const SsEventSpan *about = &part->span->about;
    SsSlice text = about->text;
    bool is_as_sent = !about->secret_len && text.len <= about->len;
    size_t from = is_as_sent ? (size_t)MIN(part->begin, text.len) : 0;
    size_t end = is_as_sent ? (size_t)MIN(part->end, text.len) : text.len;

    if (from && from == text.len) {
        g_string_append(to, "line end");
        return;
    }
    g_string_append(to, from ? "…" : "");
    ss_words_append(to, self->host, ss_slice_sub(text, from, end - from), SS_WORDS_MAX);
    g_string_append(to, end < text.len ? "…" : "");
}

void
ss_packets_part(const SsPackets *self, GString *to, const SsPacketsPart *part)
{
    const SsEventSpan *about = &part->span->about;

    if (about->kind == SS_SPAN_CONTENT) {
        append_content(to, part);
    } else if (about->kind == SS_SPAN_TLS) {
        ss_words_append(to, self->host, about->text, SS_WORDS_MAX);
    } else {
        g_string_append(to, about->kind == SS_SPAN_OTHER  ? "not understood: "
                            : about->kind == SS_SPAN_AUTH ? "login: "
                                                          : "");
        append_line(self, to, part);
    }
    if (about->kind != SS_SPAN_CONTENT || about->text.len) {
        append_rest(to, part);
    }
}

/* One content, though it came to its reader in pieces. */
static size_t
append_content_run(GString *to, const SsShown *shown, size_t i)
{
    const SsPacketsPart *part = &g_array_index(shown->parts, SsPacketsPart, i);
    const SsEventSpan *about = &part->span->about;
    uint64_t first = about->content + MIN(part->begin, about->len), end = first;
    size_t n = 0;

    g_string_append(to, "message");
    if (about->message) {
        g_string_append_printf(to, " %" PRIu64, about->message);
    }
    for (; i + n < shown->parts->len; n++) {
        const SsPacketsPart *next = &g_array_index(shown->parts, SsPacketsPart, i + n);
        const SsEventSpan *its = &next->span->about;
        if (its->kind != SS_SPAN_CONTENT || its->message != about->message || its->text.len) {
            break;
        }
        end = its->content + MIN(next->end, its->content_len);
    }
    if (n == 0) {
        g_string_append(to, ", its end");
        return 1;
    }
    if (end > first) {
        g_string_append(to, end - first > 1 ? ", bytes " : ", byte ");
        put_range(to, first + 1, end - first);
    }
    if (i + n < shown->parts->len) {
        const SsPacketsPart *next = &g_array_index(shown->parts, SsPacketsPart, i + n);
        const SsEventSpan *its = &next->span->about;
        if (its->kind == SS_SPAN_CONTENT && its->message == about->message) {
            g_string_append(to, end > first ? " and its end" : ", its end");
            n++;
        }
    }
    return n;
}

/* Of a reply's further lines the code need not be said again. */
static bool
is_continued(const SsShown *shown, size_t i)
{
    const SsEventSpan *about = &g_array_index(shown->parts, SsPacketsPart, i).span->about;
    const SsEventSpan *before = &g_array_index(shown->parts, SsPacketsPart, i - 1).span->about;

    return about->kind == SS_SPAN_REPLY && about->text.len > 4 && before->text.len > 3 &&
           before->text.data[3] == '-';
}

/* Where the rest of a part is must not be cut off with its text. */
static void
append_first(const SsPackets *self, GString *to, const SsPacketsPart *part, size_t room)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) rest = g_string_new(NULL);

    ss_packets_part(self, text, part);
    append_rest(rest, part);
    if (g_str_has_suffix(text->str, rest->str)) {
        g_string_truncate(text, text->len - rest->len);
    }
    shorten(text, room > count_cells(rest->str) + 8 ? room - count_cells(rest->str) : 8);
    g_string_append(to, text->str);
    g_string_append(to, rest->str);
}

/* The first part, and of those behind it what there is room for. */
static void
append_meaning(const SsPackets *self, GString *to, const SsShown *shown, size_t room)
{
    guint n_parts = shown->parts->len;

    for (size_t i = 0, n; i < n_parts; i += n) {
        const SsPacketsPart *part = &g_array_index(shown->parts, SsPacketsPart, i);
        g_autoptr(GString) text = g_string_new(NULL);
        size_t tail;

        n = 1;
        if (part->span->about.kind == SS_SPAN_CONTENT) {
            n = append_content_run(text, shown, i);
        } else if (i == 0) {
            append_first(self, text, part, n_parts > 1 && room > 14 ? room - 6 : room);
        } else {
            ss_packets_part(self, text, part);
            if (is_continued(shown, i)) {
                g_string_erase(text, 0, 4);
            }
        }
        tail = i + n < n_parts ? 6 : 0; /* what is said of those left out */
        if (i && count_cells(to->str) + 3 + count_cells(text->str) + tail > room) {
            g_string_append(to, g_str_has_suffix(to->str, "…") ? " +" : " … +");
            g_string_append_printf(to, "%u", (unsigned)(n_parts - i));
            return;
        }
        g_string_append_printf(to, "%s%s", i ? " · " : "", text->str);
    }
}

static bool
is_told(const SsEventPacket *packet, const char *bucket)
{
    const SsSlice *remarks = packet->remarks.items;
    const char *root = g_str_equal(bucket, "retransmitted") ? "retransmission"
                       : g_str_equal(bucket, "conflicting") ? "conflict"
                                                            : bucket;

    for (size_t i = 0; i < packet->remarks.n; i++) {
        if (ss_slice_starts_nocase(remarks[i], ss_slice_str(root))) {
            return true;
        }
    }
    return g_str_equal(bucket, "delivered") || g_str_equal(bucket, "no-payload") ||
           g_str_equal(bucket, "not-tcp") || g_str_equal(bucket, "not-ip");
}

void
ss_packets_remarks(const SsPackets *self, GString *to, const SsEventPacket *packet)
{
    const SsSlice *remarks = packet->remarks.items;
    g_autofree char *bucket = g_strndup((const char *)packet->bucket.data, packet->bucket.len);

    for (size_t i = 0; i < packet->remarks.n; i++) {
        g_string_append(to, i ? ", " : "");
        ss_words_append(to, self->host, remarks[i], 64);
    }
    g_strdelimit(bucket, "_", '-');
    if (!is_told(packet, bucket)) {
        g_string_append_printf(to, "%s%s", packet->remarks.n ? ", " : "", bucket);
    }
}

static SsInk
ink_of(const SsShown *shown)
{
    const SsPacketsPart *first =
        shown->parts->len ? &g_array_index(shown->parts, SsPacketsPart, 0) : NULL;
    SsSlice text = first ? first->span->about.text : SS_SLICE_NULL;

    if (!first) {
        SsSlice flags = shown->about->flags;
        return ss_slice_index(flags, 'R') < flags.len ? SS_INK_BAD : SS_INK_DIM;
    }
    if (first->span->about.kind == SS_SPAN_REPLY && text.len && first->begin == 0) {
        return text.data[0] == '5' ? SS_INK_BAD : text.data[0] == '4' ? SS_INK_WARN : SS_INK_GOOD;
    }
    return first->span->about.kind == SS_SPAN_COMMAND ? SS_INK_SENT : SS_INK_PLAIN;
}

static void
append_words(const SsPackets *self, GString *to, const SsShown *shown, size_t room)
{
    g_autoptr(GString) remarks = g_string_new(NULL);
    g_autoptr(GString) meaning = g_string_new(NULL);

    ss_packets_remarks(self, remarks, shown->about);
    if (remarks->len) {
        g_string_prepend_c(remarks, '[');
        g_string_append(remarks,
                        shown->parts->len || shown->state || !shown->about->is_tcp ? "] " : "]");
        room = room > count_cells(remarks->str) + 8 ? room - count_cells(remarks->str) : 8;
    }
    append_meaning(self, meaning, shown, room);
    if (shown->state) {
        g_string_append_printf(meaning, "%s%s", meaning->len ? "; " : "", shown->state);
    } else if (!shown->parts->len && shown->about->payload) {
        g_string_append(meaning, shown->flow && !remarks->len ? "not read" : "");
    }
    if (!shown->about->is_tcp) {
        ss_words_append(meaning, self->host, shown->about->protocol, 32);
        g_string_append(meaning, ", ");
        ss_words_counted(meaning, shown->about->len, "byte", "bytes");
    }
    if (remarks->len || meaning->len) {
        g_string_append(to, "  ");
    }
    ss_packets_ink(self, to, SS_INK_WARN, remarks->str);
    ss_packets_ink(self, to, ink_of(shown), meaning->str);
}

/* --- the columns --- */

static void
append_ends(SsPackets *self, GString *to, const SsShown *shown)
{
    const SsEventPacket *packet = shown->about;
    bool is_back = packet->direction == SS_SERVER;
    const SsEndpoint *left = is_back ? &packet->to : &packet->from;
    const SsEndpoint *right = is_back ? &packet->from : &packet->to;
    g_autoptr(GString) ends = g_string_new(NULL);

    if (ss_slice_is_null(left->ip)) {
        g_string_append(ends, "–");
    } else if (packet->from.port || packet->to.port) {
        ss_words_endpoint(ends, self->host, left);
        g_string_append(ends, is_back ? " ← " : " → ");
        ss_words_endpoint(ends, self->host, right);
    } else {
        ss_words_append(ends, self->host, left->ip, 64);
        g_string_append(ends, " → ");
        ss_words_append(ends, self->host, right->ip, 64);
    }
    self->address_width =
        MAX(self->address_width, (unsigned)MIN(count_cells(ends->str), ADDRESS_WIDTH_MAX));
    append_padded(to, ends->str, self->address_width);
}

static void
append_heading(SsPackets *self, GString *to, const SsEvent *event)
{
    static const char *const words[] = {NULL, "SINCE THE START", "SINCE THE LAST"};
    g_autoptr(GString) line = g_string_new("    NO ");
    g_autofree char *date = NULL;
    int64_t day = self->times == SS_TIMES_ABSOLUTE ? day_of(event->time_ns) : 0;

    if (day == self->day) {
        return;
    }
    self->day = day;
    if (self->times == SS_TIMES_ABSOLUTE) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(day * S_PER_DAY);
        date = g_strdup_printf("%04d-%02d-%02d UTC", g_date_time_get_year(time),
                               g_date_time_get_month(time), g_date_time_get_day_of_month(time));
    }
    append_padded(line, date ? date : words[self->times], event->time_digits > 6 ? 18 : 15);
    g_string_append_c(line, ' ');
    append_padded(line, "CLIENT AND SERVER", self->address_width);
    g_string_append(line, " FLAGS SEQ    ACK   LEN  WHAT");
    ss_packets_ink(self, to, SS_INK_DIM, line->str);
    g_string_append_c(to, '\n');
}

void
ss_packets_line(SsPackets *self, GString *to, const SsShown *shown)
{
    const SsEventPacket *packet = shown->about;
    g_autoptr(GString) head = g_string_new(NULL);
    g_autoptr(GString) ends = g_string_new(NULL);
    g_autoptr(GString) numbers = g_string_new(NULL);
    size_t used;

    append_ends(self, ends, shown);
    append_heading(self, to, shown->event);
    g_string_append_printf(head, "%6" PRIu64 " ", shown->event->frame);
    ss_packets_time(self, head, shown->event);
    g_string_append_c(head, ' ');
    if (packet->is_tcp) {
        g_string_append_c(numbers, ' ');
        ss_words_append(numbers, self->host, packet->flags, 8);
        for (size_t i = packet->flags.len; i < 3; i++) {
            g_string_append_c(numbers, ' ');
        }
        g_string_append_printf(numbers, " %6" PRIu64, packet->seq);
        if (packet->has_ack) {
            g_string_append_printf(numbers, " %6" PRIu64, packet->ack);
        } else {
            g_string_append(numbers, "      –");
        }
        g_string_append_printf(numbers, " %5" PRIu64, packet->payload);
    }
    used = count_cells(head->str) + count_cells(ends->str) + count_cells(numbers->str) + 2;
    ss_packets_ink(self, to, SS_INK_DIM, head->str);
    g_string_append(to, ends->str);
    g_string_append(to, numbers->str);
    append_words(self, to, shown, self->width > used + WORDS_MIN ? self->width - used : WORDS_MIN);
    while (to->len && to->str[to->len - 1] == ' ') {
        g_string_truncate(to, to->len - 1);
    }
    g_string_append_c(to, '\n');
}
