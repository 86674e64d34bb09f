#include "app/diff.h"

#include <inttypes.h>

#include "plugins/common/page.h"

/* Mark, two times, and then the words. */
#define TIME_WIDTH 9
#define WORDS_AT (2 + 2 * TIME_WIDTH + 2)

/* A reply that takes so much longer, and so many times as long, is told. */
#define APART_NS INT64_C(100000000)
#define APART_TIMES 3

static const SsInk inks[2] = {SS_INK_WARN, SS_INK_GOOD};

typedef struct {
    SsPage page;
    const SsSide *sides;
    const SsDiffStyle *style;
    unsigned n_same, n_other, n_only[2];
} Print;

static void
put_time(Print *print, size_t side, const SsTurn *turn)
{
    char text[32] = "";

    if (turn) {
        g_snprintf(text, sizeof text, "%*.3f", TIME_WIDTH - 1,
                   (double)(turn->time_ns - print->sides[side].time_ns) / 1e9);
    }
    ss_page_pad(&print->page, 1 + side * TIME_WIDTH);
    ss_page_put(&print->page, SS_INK_DIM, text);
}

/* A line of both, or of one, whose `side` it is. With times where turns are given. */
static void
put_line(Print *print, int side, const SsTurnPair *at, const char *arrow, const char *text)
{
    g_autofree char *words = g_strconcat(arrow, text, NULL);
    SsInk ink = side < 0 ? SS_INK_PLAIN : inks[side];

    ss_page_put(&print->page, ink, side < 0 ? " " : side ? "B" : "A");
    for (size_t i = 0; at && i < 2; i++) {
        put_time(print, i, side < 0 || (size_t)side == i ? at->turn[i] : NULL);
    }
    ss_page_pad(&print->page, WORDS_AT);
    ss_page_wrap(&print->page, ink, words, WORDS_AT + 3, SS_INK_PLAIN, NULL);
}

static const char *
arrow_of(const SsTurn *turn)
{
    return g_str_equal(turn->verb, "tls") || g_str_equal(turn->verb, "end") ? "-- " : "-> ";
}

/* --- offers --- */

static bool
has_offer(const GPtrArray *offers, const char *offer)
{
    for (guint i = 0; i < offers->len; i++) {
        if (g_ascii_strcasecmp(g_ptr_array_index(offers, i), offer) == 0) {
            return true;
        }
    }
    return false;
}

/* What `one` offers and `other` does not; all where that is NULL. */
static char *
join_offers(const GPtrArray *one, const GPtrArray *other)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < one->len; i++) {
        const char *offer = g_ptr_array_index(one, i);
        if (!other || !has_offer(other, offer)) {
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", offer);
        }
    }
    return g_string_free(text, FALSE);
}

/* Whether the offers differ. */
static bool
put_offers(Print *print, const SsTurnPair *pair)
{
    bool is_other = false;

    for (int side = 0; side < 2; side++) {
        const SsTurn *turn = pair->turn[side], *against = pair->turn[!side];
        g_autofree char *text = NULL;

        if (!turn || !turn->offers) {
            continue;
        }
        text = join_offers(turn->offers, against ? against->offers : NULL);
        if (*text) {
            is_other = true;
            put_line(print, side, NULL, against ? "   only here: " : "   offers ", text);
        }
    }
    return is_other;
}

/* --- pairs --- */

static bool
is_same_reply(const Print *print, const SsTurn *a, const SsTurn *b)
{
    return !a->reply == !b->reply && a->code == b->code &&
           g_strcmp0(a->enhanced, b->enhanced) == 0 &&
           (!print->style->is_verbose || g_strcmp0(a->reply, b->reply) == 0);
}

static void
put_apart(Print *print, const SsTurn *a, const SsTurn *b)
{
    int64_t longer = MAX(a->latency_ns, b->latency_ns);
    int64_t shorter = MIN(a->latency_ns, b->latency_ns);
    g_autoptr(GString) text = g_string_new("the reply took ");

    if (a->latency_ns == SS_TIME_NONE || b->latency_ns == SS_TIME_NONE ||
        longer - shorter < APART_NS || longer < APART_TIMES * shorter) {
        return;
    }
    ss_words_duration(text, a->latency_ns);
    g_string_append(text, " in A, ");
    ss_words_duration(text, b->latency_ns);
    g_string_append(text, " in B");
    ss_page_put(&print->page, SS_INK_STRONG, "!");
    ss_page_pad(&print->page, WORDS_AT);
    ss_page_wrap(&print->page, SS_INK_STRONG, text->str, WORDS_AT + 3, SS_INK_PLAIN, NULL);
}

static void
put_reply(Print *print, int side, const SsTurnPair *at, const SsTurn *turn)
{
    if (turn->reply || turn->text) {
        put_line(print, side, turn->text ? NULL : at, turn->reply ? "<- " : "   ",
                 turn->reply ? turn->reply : "no reply was seen");
    }
}

static void
put_both(Print *print, const SsTurnPair *pair)
{
    const SsTurn *a = pair->turn[0], *b = pair->turn[1];
    bool has_reply = a->reply || b->reply;
    bool is_same = g_strcmp0(a->text, b->text) == 0;

    if (is_same && a->text) {
        put_line(print, -1, pair, arrow_of(a), a->text);
    } else if (!is_same) {
        put_line(print, 0, pair, arrow_of(a), a->text ? a->text : "(not seen)");
        put_line(print, 1, pair, arrow_of(b), b->text ? b->text : "(not seen)");
    }
    if (has_reply && is_same_reply(print, a, b)) {
        put_reply(print, -1, pair, a);
    } else if (has_reply) {
        is_same = false;
        put_reply(print, 0, pair, a);
        put_reply(print, 1, pair, b);
    }
    is_same = !put_offers(print, pair) && is_same;
    put_apart(print, a, b);
    *(is_same ? &print->n_same : &print->n_other) += 1;
}

static void
put_one(Print *print, const SsTurnPair *pair, int side)
{
    const SsTurn *turn = pair->turn[side];

    if (turn->text) {
        put_line(print, side, pair, arrow_of(turn), turn->text);
    }
    if (turn->reply) {
        put_reply(print, side, pair, turn);
    }
    (void)put_offers(print, pair);
    print->n_only[side]++;
}

/* --- the page --- */

static void
put_verdict(Print *print)
{
    const SsSide *a = &print->sides[0], *b = &print->sides[1];
    g_autofree char *text = NULL;

    if (g_str_equal(a->verdict, b->verdict)) {
        text = g_strdup_printf("A and B are both %s", a->verdict);
    } else if (b->is_refused && !a->is_refused) { /* what went wrong first */
        text = g_strdup_printf("B is %s; A is %s", b->verdict, a->verdict);
    } else {
        text = g_strdup_printf("A is %s; B is %s", a->verdict, b->verdict);
    }
    ss_page_wrap(&print->page, SS_INK_STRONG, text, 4, SS_INK_PLAIN, NULL);
}

static void
put_heads(Print *print)
{
    for (int i = 0; i < 2; i++) {
        const SsSide *side = &print->sides[i];
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) name = g_string_new(NULL);

        g_string_append_printf(name, "%s#%" PRIu64, side->file, side->session);
        g_string_append_printf(text, "%s, ", side->ends);
        ss_words_time(text, side->time_ns);
        ss_page_put(&print->page, inks[i], i ? "B" : "A");
        ss_page_pad(&print->page, 2);
        ss_page_wrap(&print->page, SS_INK_PLAIN, name->str, 4, SS_INK_PLAIN, NULL);
        ss_page_pad(&print->page, 2);
        ss_page_wrap(&print->page, SS_INK_DIM, text->str, 4, SS_INK_PLAIN, NULL);
    }
}

static void
put_sum(Print *print)
{
    g_autofree char *text =
        g_strdup_printf("%u the same, %u otherwise, %u only in A, %u only in B", print->n_same,
                        print->n_other, print->n_only[0], print->n_only[1]);

    ss_page_end_line(&print->page);
    ss_page_wrap(&print->page, SS_INK_PLAIN, text, 4, SS_INK_PLAIN, NULL);
    for (int i = 0; i < 2; i++) {
        if (print->sides[i].n_left_out) {
            g_autofree char *more =
                g_strdup_printf("%s is longer: %" PRIu64 " turns are not compared", i ? "B" : "A",
                                print->sides[i].n_left_out);
            ss_page_wrap(&print->page, SS_INK_PLAIN, more, 4, SS_INK_PLAIN, NULL);
        }
    }
}

char *
ss_diff_print(const SsSide sides[2], const SsDiffStyle *style)
{
    GString *text = g_string_new(NULL);
    Print print = {
        .page = {.text = text, .width = style->width, .has_color = style->has_color},
        .sides = sides,
        .style = style,
    };
    g_autoptr(GArray) pairs = ss_turns_align(sides[0].turns, sides[1].turns);

    put_verdict(&print);
    put_heads(&print);
    ss_page_end_line(&print.page);
    for (guint i = 0; i < pairs->len; i++) {
        const SsTurnPair *pair = &g_array_index(pairs, SsTurnPair, i);
        if (pair->turn[0] && pair->turn[1]) {
            put_both(&print, pair);
        } else {
            put_one(&print, pair, pair->turn[0] ? 0 : 1);
        }
    }
    put_sum(&print);
    return g_string_free(text, FALSE);
}
