/*
 * The alignment with the most turns of the same kind, and of those the one with the most of the
 * same words: a longest common subsequence, by the table of all beginnings. SS_TURNS_MAX bounds it.
 */
#include "app/diff.h"

static bool
is_same(const char *a, const char *b)
{
    return g_strcmp0(a, b) == 0;
}

/* 0: they cannot stand beside each other. */
static guint16
weight(const SsTurn *a, const SsTurn *b)
{
    return !is_same(a->verb, b->verb) ? 0 : is_same(a->text, b->text) ? 4 : 3;
}

static const SsTurn *
turn_at(const GPtrArray *turns, guint i)
{
    return g_ptr_array_index(turns, i);
}

/* The best that comes behind `i` turns of one and `j` of the other. */
static guint16 *
make_table(const GPtrArray *a, const GPtrArray *b)
{
    gsize stride = b->len + 1;
    guint16 *best = g_new0(guint16, (a->len + 1) * stride);

    for (guint i = a->len; i-- > 0;) {
        for (guint j = b->len; j-- > 0;) {
            guint16 *cell = &best[i * stride + j];
            guint16 both = weight(turn_at(a, i), turn_at(b, j));
            guint16 skip = MAX(cell[stride], cell[1]);
            *cell = both ? MAX((guint16)(both + cell[stride + 1]), skip) : skip;
        }
    }
    return best;
}

GArray *
ss_turns_align(const GPtrArray *a, const GPtrArray *b)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(SsTurnPair));
    g_autofree guint16 *best = make_table(a, b);
    gsize stride = b->len + 1;
    guint i = 0, j = 0;

    while (i < a->len || j < b->len) {
        SsTurnPair pair = {{NULL, NULL}};
        guint16 here = best[i * stride + j];
        guint16 both = i < a->len && j < b->len ? weight(turn_at(a, i), turn_at(b, j)) : 0;

        if (both && here == both + best[(i + 1) * stride + j + 1]) {
            pair.turn[0] = turn_at(a, i++);
            pair.turn[1] = turn_at(b, j++);
        } else if (i < a->len && (j == b->len || here == best[(i + 1) * stride + j])) {
            pair.turn[0] = turn_at(a, i++);
        } else {
            pair.turn[1] = turn_at(b, j++);
        }
        g_array_append_val(pairs, pair);
    }
    return pairs;
}
