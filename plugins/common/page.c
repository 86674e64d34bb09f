#include "plugins/common/page.h"

#include <inttypes.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* Room that a text must find beside an aside; with less the aside gets a line of its own. */
#define BESIDE_MIN 24

static const char *const ink_codes[] = {
    [SS_INK_PLAIN] = NULL,      [SS_INK_DIM] = "\033[2m",   [SS_INK_STRONG] = "\033[1m",
    [SS_INK_GOOD] = "\033[32m", [SS_INK_WARN] = "\033[33m", [SS_INK_BAD] = "\033[1;31m",
};

static size_t
cells_of(gunichar c)
{
    if (g_unichar_iszerowidth(c)) {
        return 0;
    }
    return g_unichar_iswide(c) ? 2 : 1;
}

size_t
ss_page_cells(const char *text)
{
    size_t cells = 0;

    for (; *text; text = g_utf8_next_char(text)) {
        cells += cells_of(g_utf8_get_char(text));
    }
    return cells;
}

char *
ss_page_shorten(const char *text, size_t cells, size_t tail)
{
    size_t before = 0, behind = ss_page_cells(text), room = cells > 1 ? cells - 1 : 0;
    const char *end = text, *rest = text;

    if (behind <= cells) {
        return g_strdup(text);
    }
    tail = MIN(tail, room);
    while (before + cells_of(g_utf8_get_char(end)) + tail <= room) {
        before += cells_of(g_utf8_get_char(end));
        end = g_utf8_next_char(end);
    }
    while (behind > tail) {
        behind -= cells_of(g_utf8_get_char(rest));
        rest = g_utf8_next_char(rest);
    }
    return g_strdup_printf("%.*s…%s", (int)(end - text), text, rest);
}

static void
put_bytes(SsPage *page, SsInk ink, const char *text, size_t len)
{
    const char *code = page->has_color ? ink_codes[ink] : NULL;

    if (len == 0) {
        return;
    }
    if (code) {
        g_string_append(page->text, code);
    }
    g_string_append_len(page->text, text, (gssize)len);
    if (code) {
        g_string_append(page->text, "\033[0m");
    }
}

void
ss_page_put(SsPage *page, SsInk ink, const char *text)
{
    put_bytes(page, ink, text, strlen(text));
    page->column += ss_page_cells(text);
}

void
ss_page_pad(SsPage *page, size_t column)
{
    for (; page->column < column; page->column++) {
        g_string_append_c(page->text, ' ');
    }
}

void
ss_page_end_line(SsPage *page)
{
    while (page->text->len && page->text->str[page->text->len - 1] == ' ') {
        g_string_truncate(page->text, page->text->len - 1);
    }
    g_string_append_c(page->text, '\n');
    page->column = 0;
}

/* How many bytes of `text` fit into `room` cells, broken at a blank if there is one. */
static size_t
line_len(const char *text, size_t room)
{
    size_t cells = 0, blank = 0;
    const char *at = text;

    while (*at) {
        size_t more = cells_of(g_utf8_get_char(at));
        if (cells + more > room) {
            break;
        }
        if (*at == ' ' && at > text) {
            blank = (size_t)(at - text);
        }
        cells += more;
        at = g_utf8_next_char(at);
    }
    if (*at == '\0' || *at == ' ') {
        return (size_t)(at - text);
    }
    if (blank) {
        return blank;
    }
    /* One character at least, whatever the room. */
    return at > text ? (size_t)(at - text) : (size_t)(g_utf8_next_char(text) - text);
}

static void
put_aside(SsPage *page, SsInk ink, const char *aside)
{
    size_t cells = ss_page_cells(aside);

    if (page->column + 2 + cells > page->width && page->column > 0) {
        ss_page_end_line(page);
    }
    if (page->width > cells + page->column) {
        ss_page_pad(page, page->width - cells);
    }
    ss_page_put(page, ink, aside);
}

void
ss_page_wrap(SsPage *page, SsInk ink, const char *text, size_t indent, SsInk aside_ink,
             const char *aside)
{
    size_t reserve = aside ? ss_page_cells(aside) + 2 : 0;
    bool is_first = true;

    if (reserve && page->column + BESIDE_MIN + reserve > page->width &&
        page->column + ss_page_cells(text) + reserve > page->width) {
        reserve = 0; /* put_aside() takes a line of its own */
    }
    while (*text || is_first) {
        size_t taken = page->column + (is_first ? reserve : 0);
        size_t room = page->width > taken ? page->width - taken : 1;
        size_t len = line_len(text, room);
        g_autofree char *line = g_strchomp(g_strndup(text, len));

        ss_page_put(page, ink, line);
        text += len;
        while (*text == ' ') {
            text++;
        }
        if (is_first && aside) {
            put_aside(page, aside_ink, aside);
        }
        is_first = false;
        ss_page_end_line(page);
        if (*text) {
            ss_page_pad(page, indent);
        }
    }
}

void
ss_words_duration(GString *to, int64_t ns)
{
    int64_t s = ns / NS_PER_S;

    if (ns < 0) {
        g_string_append(to, "0 µs");
    } else if (ns < NS_PER_MS) {
        g_string_append_printf(to, "%d µs", (int)(ns / 1000));
    } else if (ns < NS_PER_S) {
        g_string_append_printf(to, "%d ms", (int)(ns / NS_PER_MS));
    } else if (ns < 10 * NS_PER_S) {
        g_string_append_printf(to, "%d.%02d s", (int)s, (int)(ns % NS_PER_S / (10 * NS_PER_MS)));
    } else if (s < 60) {
        g_string_append_printf(to, "%d.%d s", (int)s, (int)(ns % NS_PER_S / (100 * NS_PER_MS)));
    } else if (s < 3600) {
        g_string_append_printf(to, "%d min %02d s", (int)(s / 60), (int)(s % 60));
    } else {
        g_string_append_printf(to, "%" PRId64 " h %02d min", s / 3600, (int)(s % 3600 / 60));
    }
}

void
ss_words_time(GString *to, int64_t time_ns)
{
    int64_t s = time_ns / NS_PER_S, rest = time_ns % NS_PER_S;
    g_autoptr(GDateTime) time = NULL;

    if (rest < 0) {
        rest += NS_PER_S;
        s--;
    }
    time = g_date_time_new_from_unix_utc(s);
    g_string_append_printf(to, "%04d-%02d-%02d %02d:%02d:%02d.%03d UTC", g_date_time_get_year(time),
                           g_date_time_get_month(time), g_date_time_get_day_of_month(time),
                           g_date_time_get_hour(time), g_date_time_get_minute(time),
                           g_date_time_get_second(time), (int)(rest / NS_PER_MS));
}
