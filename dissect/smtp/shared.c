/*
 * A list is one block: its head, then of each text the length and the bytes. All of it behind the
 * hash is what it is found by.
 */
#include "dissect/smtp/shared.h"

#include <sys/random.h>

#include "dissect/siphash.h"

#define ABSENT UINT32_MAX

struct SsShared {
    uint32_t owners;
    guint hash;
    uint32_t size; /* of `packed` */
    uint32_t n, total;
    uint8_t packed[];
};

#define PACKED_AT offsetof(SsShared, packed)
#define KEY_AT offsetof(SsShared, size)

/* What a list costs beside its own: the allocator's, and its place in the table. */
#define OVERHEAD 40

/* --- the table --- */

static SsSlice
key_of(const SsShared *shared)
{
    return ss_slice((const uint8_t *)shared + KEY_AT, PACKED_AT - KEY_AT + shared->size);
}

static guint
shared_hash(gconstpointer shared)
{
    return ((const SsShared *)shared)->hash;
}

static gboolean
shared_equal(gconstpointer a, gconstpointer b)
{
    return ss_slice_eq(key_of(a), key_of(b));
}

void
ss_shared_table_init(SsSharedTable *table)
{
    table->lists = g_hash_table_new(shared_hash, shared_equal);
    if (getrandom(table->key, sizeof table->key, 0) != sizeof table->key) {
        table->key[0] = (uint64_t)(uintptr_t)table; /* no entropy: at least not always the same */
        table->key[1] = ~table->key[0];
    }
}

void
ss_shared_table_clear(SsSharedTable *table)
{
    g_clear_pointer(&table->lists, g_hash_table_unref);
}

/* --- lists --- */

static SsShared *
pack(const SsSlice *texts, size_t n, uint64_t total)
{
    size_t size = 0;
    SsShared *shared;
    uint8_t *at;

    for (size_t i = 0; i < n; i++) {
        size += sizeof(uint32_t) + texts[i].len;
    }
    shared = g_malloc(PACKED_AT + size);
    *shared = (SsShared){
        .size = (uint32_t)size,
        .n = (uint32_t)n,
        .total = (uint32_t)MIN(total, UINT32_MAX),
    };
    at = shared->packed;
    for (size_t i = 0; i < n; i++) {
        uint32_t len = ss_slice_is_null(texts[i]) ? ABSENT : (uint32_t)texts[i].len;
        memcpy(at, &len, sizeof len);
        at += sizeof len;
        if (texts[i].len) {
            memcpy(at, texts[i].data, texts[i].len);
        }
        at += texts[i].len;
    }
    return shared;
}

static void
count(uint64_t *memory, const SsShared *shared, bool is_new)
{
    uint64_t size = PACKED_AT + shared->size + OVERHEAD;

    if (memory) {
        *memory += is_new ? size : -size;
    }
}

void
ss_shared_drop(SsSharedTable *table, SsShared **own, uint64_t *memory)
{
    SsShared *shared = g_steal_pointer(own);

    if (shared && --shared->owners == 0) {
        g_hash_table_remove(table->lists, shared);
        count(memory, shared, false);
        g_free(shared);
    }
}

void
ss_shared_set(SsSharedTable *table, SsShared **own, const SsSlice *texts, size_t n, uint64_t total,
              uint64_t *memory)
{
    SsShared *before = g_steal_pointer(own), *shared, *known;

    if (n) {
        shared = pack(texts, n, total);
        shared->hash = (guint)ss_siphash(table->key, key_of(shared));
        known = g_hash_table_lookup(table->lists, shared);
        if (known) {
            g_free(shared);
            shared = known;
        } else {
            g_hash_table_add(table->lists, shared);
            count(memory, shared, true);
        }
        shared->owners++;
        *own = shared;
    }
    ss_shared_drop(table, &before, memory);
}

/* The text that begins at `*at`, which moves to the next one. */
static SsSlice
next(const uint8_t **at)
{
    const uint8_t *bytes = *at + sizeof(uint32_t);
    uint32_t len;

    memcpy(&len, *at, sizeof len);
    *at = len == ABSENT ? bytes : bytes + len;
    return len == ABSENT ? SS_SLICE_NULL : ss_slice(bytes, len);
}

SsSlice
ss_shared_text(const SsShared *shared, size_t index)
{
    const uint8_t *at = shared ? shared->packed : NULL;
    SsSlice text = SS_SLICE_NULL;

    for (size_t i = 0; at && index < shared->n && i <= index; i++) {
        text = next(&at);
    }
    return text;
}

SsList
ss_shared_list(const SsShared *shared, SsArena *arena)
{
    SsList list = {NULL, shared ? shared->n : 0, shared ? shared->total : 0};
    const uint8_t *at = shared ? shared->packed : NULL;
    SsSlice *texts;

    if (!list.n) {
        return list;
    }
    list.items = texts = ss_arena_alloc(arena, list.n * sizeof *texts);
    for (size_t i = 0; i < list.n; i++) {
        texts[i] = next(&at);
    }
    return list;
}
