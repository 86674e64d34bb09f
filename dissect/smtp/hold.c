#include "dissect/smtp/hold.h"

typedef struct {
    size_t len; /* bytes left of it */
    uint64_t gap;
    SsOrigin origin;
} Piece;

G_STATIC_ASSERT(sizeof(Piece) <= SS_HOLD_PIECE_SIZE);

struct SsHoldStore {
    GByteArray *bytes;
    GQueue pieces;
    size_t taken; /* from the front of `bytes` */
};

static struct SsHoldStore *
store_of(SsHold *hold)
{
    if (!hold->store) {
        hold->store = g_new0(struct SsHoldStore, 1);
        hold->store->bytes = g_byte_array_new();
        g_queue_init(&hold->store->pieces);
    }
    return hold->store;
}

size_t
ss_hold_pieces(const SsHold *hold)
{
    return hold->store ? hold->store->pieces.length : 0;
}

bool
ss_hold_is_empty(const SsHold *hold)
{
    return !hold->store;
}

size_t
ss_hold_size(const SsHold *hold)
{
    return hold->store ? hold->store->bytes->len - hold->store->taken : 0;
}

static void
push(struct SsHoldStore *store, size_t len, uint64_t gap, const SsOrigin *origin)
{
    Piece *last = g_queue_peek_tail(&store->pieces);

    if (last && !gap && !last->gap && last->origin.frame == origin->frame) {
        last->len += len;
        return;
    }
    last = g_new(Piece, 1);
    *last = (Piece){len, gap, *origin};
    g_queue_push_tail(&store->pieces, last);
}

void
ss_hold_push(SsHold *hold, SsSlice bytes, const SsOrigin *origin)
{
    struct SsHoldStore *store;

    if (!bytes.len) {
        return;
    }
    store = store_of(hold);
    if (store->taken > store->bytes->len / 2) {
        g_byte_array_remove_range(store->bytes, 0, (guint)store->taken);
        store->taken = 0;
    }
    g_byte_array_append(store->bytes, bytes.data, (guint)bytes.len);
    push(store, bytes.len, 0, origin);
}

void
ss_hold_push_gap(SsHold *hold, uint64_t n, const SsOrigin *origin)
{
    push(store_of(hold), 0, n, origin);
}

bool
ss_hold_peek(const SsHold *hold, SsHeld *ret_held)
{
    const struct SsHoldStore *store = hold->store;
    const Piece *piece;

    if (!store) {
        return false;
    }
    piece = store->pieces.head->data;
    *ret_held = (SsHeld){ss_slice("", 0), piece->gap, piece->origin};
    if (!piece->gap) {
        ret_held->bytes = ss_slice(store->bytes->data + store->taken, piece->len);
    }
    return true;
}

void
ss_hold_take(SsHold *hold, size_t n)
{
    Piece *piece = hold->store->pieces.head->data;

    piece->len -= n;
    hold->store->taken += n;
    if (piece->len == 0) {
        g_free(g_queue_pop_head(&hold->store->pieces));
    }
    if (g_queue_is_empty(&hold->store->pieces)) {
        ss_hold_clear(hold);
    }
}

SsSlice
ss_hold_front(const SsHold *hold, size_t enough)
{
    const struct SsHoldStore *store = hold->store;
    size_t len = 0;

    for (GList *link = store ? store->pieces.head : NULL; link && len < enough; link = link->next) {
        const Piece *piece = link->data;
        if (piece->gap) {
            break;
        }
        len += piece->len;
    }
    return len ? ss_slice(store->bytes->data + store->taken, len) : ss_slice("", 0);
}

bool
ss_hold_has_gap(const SsHold *hold, size_t within)
{
    size_t len = 0;

    for (GList *link = hold->store ? hold->store->pieces.head : NULL; link && len < within;
         link = link->next) {
        const Piece *piece = link->data;
        if (piece->gap) {
            return true;
        }
        len += piece->len;
    }
    return false;
}

void
ss_hold_clear(SsHold *hold)
{
    struct SsHoldStore *store = g_steal_pointer(&hold->store);

    if (store) {
        g_byte_array_unref(store->bytes);
        g_queue_clear_full(&store->pieces, g_free);
        g_free(store);
    }
}
