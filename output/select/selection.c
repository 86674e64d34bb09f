/*
 * Most sessions are kept whole or not at all: two bits for each. Of the rest there is a row for
 * each stretch of messages.
 */
#include "output/select/selection.h"

struct SsSelection {
    bool is_read_again;
    GByteArray *kept;  /* a bit a session */
    GByteArray *whole; /* of those kept, whether all its messages are */
    GArray *partial;   /* of Partial, sorted at the end */
    GArray *began;     /* of uint64_t: first packets, sorted at the end */
};

typedef struct {
    uint64_t session;
    SsRange messages;
} Partial;

SsSelection *
ss_selection_new(bool is_read_again)
{
    SsSelection *selection = g_new0(SsSelection, 1);

    selection->is_read_again = is_read_again;
    selection->kept = g_byte_array_new();
    selection->whole = g_byte_array_new();
    selection->partial = g_array_new(FALSE, FALSE, sizeof(Partial));
    selection->began = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    return selection;
}

void
ss_selection_free(SsSelection *selection)
{
    if (selection) {
        g_byte_array_unref(selection->kept);
        g_byte_array_unref(selection->whole);
        g_array_unref(selection->partial);
        g_array_unref(selection->began);
        g_free(selection);
    }
}

bool
ss_session_set_has(const GByteArray *set, uint64_t n)
{
    return n / 8 < set->len && (set->data[n / 8] >> (n % 8) & 1);
}

void
ss_session_set_put(GByteArray *set, uint64_t n)
{
    guint before = set->len;

    if (n / 8 >= before) {
        g_byte_array_set_size(set, (guint)(n / 8 + 1));
        memset(set->data + before, 0, set->len - before);
    }
    set->data[n / 8] |= (uint8_t)(1 << (n % 8));
}

void
ss_selection_add(SsSelection *selection, const SsEvent *event, const GArray *messages)
{
    ss_session_set_put(selection->kept, event->session);
    if (!selection->is_read_again) {
        return;
    }
    g_array_append_val(selection->began, event->session_end.frames[0]);
    if (!messages) {
        ss_session_set_put(selection->whole, event->session);
        return;
    }
    for (guint i = 0; i < messages->len; i++) {
        Partial partial = {event->session, g_array_index(messages, SsRange, i)};
        g_array_append_val(selection->partial, partial);
    }
}

static int
compare_frames(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

    return one < other ? -1 : one > other;
}

static int
compare_partial(const void *a, const void *b)
{
    const Partial *one = a;
    const Partial *other = b;

    if (one->session != other->session) {
        return one->session < other->session ? -1 : 1;
    }
    return one->messages.last < other->messages.first   ? -1
           : one->messages.first > other->messages.last ? 1
                                                        : 0;
}

void
ss_selection_finish(SsSelection *selection)
{
    g_array_sort(selection->began, compare_frames);
    g_array_sort(selection->partial, compare_partial);
}

bool
ss_selection_has(const SsSelection *selection, uint64_t session)
{
    return ss_session_set_has(selection->kept, session);
}

bool
ss_selection_has_message(const SsSelection *selection, uint64_t session, uint64_t index)
{
    Partial wanted = {session, {index, index}};

    return ss_session_set_has(selection->whole, session) ||
           g_array_binary_search(selection->partial, &wanted, compare_partial, NULL);
}

bool
ss_selection_has_began(const SsSelection *selection, uint64_t frame)
{
    return g_array_binary_search(selection->began, &frame, compare_frames, NULL);
}
