#include "plugins/common/known.h"

#include <stdalign.h>

typedef struct Entry Entry;
struct Entry {
    Entry *next; /* added behind it */
    SsSlice key; /* in the same block, behind `bytes` */
    alignas(max_align_t) uint8_t bytes[];
};

struct SsKnown {
    GTree *tree; /* of Entry by its key */
    Entry *first, *last;
    size_t max, size;
    uint64_t n_forgotten;
    void (*clear)(void *entry);
};

static gint
compare(gconstpointer a, gconstpointer b)
{
    const SsSlice *one = a, *other = b;
    size_t len = MIN(one->len, other->len);
    int order = len ? memcmp(one->data, other->data, len) : 0;

    return order ? order : (one->len > other->len) - (one->len < other->len);
}

SsKnown *
ss_known_new(size_t max, size_t size, void (*clear)(void *entry))
{
    SsKnown *known = g_new0(SsKnown, 1);

    known->tree = g_tree_new(compare);
    known->max = MAX(max, 1);
    known->size = size;
    known->clear = clear;
    return known;
}

static void
forget_first(SsKnown *known)
{
    Entry *entry = known->first;

    known->first = entry->next;
    if (!known->first) {
        known->last = NULL;
    }
    g_tree_remove(known->tree, &entry->key);
    if (known->clear) {
        known->clear(entry->bytes);
    }
    g_free(entry);
}

void *
ss_known_find(SsKnown *known, SsSlice key)
{
    Entry *entry = g_tree_lookup(known->tree, &key);

    return entry ? entry->bytes : NULL;
}

void *
ss_known_add(SsKnown *known, SsSlice key)
{
    void *found = ss_known_find(known, key);
    Entry *entry;

    if (found) {
        return found;
    }
    if ((size_t)g_tree_nnodes(known->tree) >= known->max) {
        forget_first(known);
        known->n_forgotten++;
    }
    entry = g_malloc0(sizeof *entry + known->size + key.len);
    entry->key = ss_slice(entry->bytes + known->size, key.len);
    if (key.len) {
        memcpy(entry->bytes + known->size, key.data, key.len);
    }
    *(known->last ? &known->last->next : &known->first) = entry;
    known->last = entry;
    g_tree_insert(known->tree, &entry->key, entry);
    return entry->bytes;
}

uint64_t
ss_known_n_forgotten(const SsKnown *known)
{
    return known->n_forgotten;
}

void
ss_known_free(SsKnown *known)
{
    if (known) {
        while (known->first) {
            forget_first(known);
        }
        g_tree_unref(known->tree);
        g_free(known);
    }
}
