#include "dissect/smtp/hold.h"

typedef struct {
    size_t len; /* bytes left of it */
    uint64_t gap;
    SsOrigin origin;
} Piece;

G_STATIC_ASSERT(sizeof(Piece) <= SS_HOLD_PIECE_SIZE);

size_t
ss_hold_pieces(const SsHold *hold)
{
    return hold->pieces ? g_queue_get_length(hold->pieces) : 0;
}

bool
ss_hold_is_empty(const SsHold *hold)
{
    return !hold->pieces || g_queue_is_empty(hold->pieces);
}

size_t
ss_hold_size(const SsHold *hold)
{
    return hold->bytes ? hold->bytes->len - hold->taken : 0;
}

static void
push(SsHold *hold, size_t len, uint64_t gap, const SsOrigin *origin)
{
    Piece *last = ss_hold_is_empty(hold) ? NULL : g_queue_peek_tail(hold->pieces);

    if (last && !gap && !last->gap && last->origin.frame == origin->frame) {
        last->len += len;
        return;
    }
    if (!hold->pieces) {
        hold->pieces = g_queue_new();
    }
    last = g_new(Piece, 1);
    *last = (Piece){len, gap, *origin};
    g_queue_push_tail(hold->pieces, last);
}

void
ss_hold_push(SsHold *hold, SsSlice bytes, const SsOrigin *origin)
{
    if (!bytes.len) {
        return;
    }
    if (!hold->bytes) {
        hold->bytes = g_byte_array_new();
    }
    if (hold->taken > hold->bytes->len / 2) {
        g_byte_array_remove_range(hold->bytes, 0, (guint)hold->taken);
        hold->taken = 0;
    }
    g_byte_array_append(hold->bytes, bytes.data, (guint)bytes.len);
    push(hold, bytes.len, 0, origin);
}

void
ss_hold_push_gap(SsHold *hold, uint64_t n, const SsOrigin *origin)
{
    push(hold, 0, n, origin);
}

bool
ss_hold_peek(const SsHold *hold, SsHeld *ret_held)
{
    const Piece *piece;

    if (ss_hold_is_empty(hold)) {
        return false;
    }
    piece = g_queue_peek_head(hold->pieces);
    *ret_held = (SsHeld){ss_slice("", 0), piece->gap, piece->origin};
    if (!piece->gap) {
        ret_held->bytes = ss_slice(hold->bytes->data + hold->taken, piece->len);
    }
    return true;
}

void
ss_hold_take(SsHold *hold, size_t n)
{
    Piece *piece = g_queue_peek_head(hold->pieces);

    piece->len -= n;
    hold->taken += n;
    if (piece->len == 0) {
        g_free(g_queue_pop_head(hold->pieces));
    }
    if (ss_hold_is_empty(hold)) {
        ss_hold_clear(hold);
    }
}

SsSlice
ss_hold_front(const SsHold *hold, size_t enough)
{
    size_t len = 0;

    for (GList *link = hold->pieces ? hold->pieces->head : NULL; link && len < enough;
         link = link->next) {
        const Piece *piece = link->data;
        if (piece->gap) {
            break;
        }
        len += piece->len;
    }
    return len ? ss_slice(hold->bytes->data + hold->taken, len) : ss_slice("", 0);
}

void
ss_hold_clear(SsHold *hold)
{
    g_clear_pointer(&hold->bytes, g_byte_array_unref);
    if (hold->pieces) {
        g_queue_free_full(hold->pieces, g_free);
        hold->pieces = NULL;
    }
    hold->taken = 0;
}
