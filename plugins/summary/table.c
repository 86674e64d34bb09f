/*
 * Names and their counts in bounded memory. Where a table is full the half with the smaller counts
 * is given up, and told as others: what is often in a capture is kept, whenever it begins to be. A
 * name that was given up and comes back counts anew, so that its count is a lower bound.
 */
#include "plugins/summary/summary.h"

static void
row_free(void *data)
{
    SsTopRow *row = data;

    g_free(row->name);
    g_free(row->also);
    g_free(row);
}

void
ss_top_init(SsTop *top, size_t max)
{
    *top = (SsTop){.max = max};
    top->rows = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, row_free);
}

void
ss_top_clear(SsTop *top)
{
    g_clear_pointer(&top->rows, g_hash_table_unref);
}

static int
compare(const void *a, const void *b)
{
    const SsTopRow *x = *(SsTopRow *const *)a;
    const SsTopRow *y = *(SsTopRow *const *)b;

    if (x->n != y->n) {
        return x->n < y->n ? 1 : -1;
    }
    if (x->bytes != y->bytes) {
        return x->bytes < y->bytes ? 1 : -1;
    }
    return strcmp(x->name, y->name);
}

GPtrArray *
ss_top_sorted(const SsTop *top)
{
    GPtrArray *rows = g_ptr_array_new();
    GHashTableIter iter;
    void *row;

    g_hash_table_iter_init(&iter, top->rows);
    while (g_hash_table_iter_next(&iter, NULL, &row)) {
        g_ptr_array_add(rows, row);
    }
    g_ptr_array_sort(rows, compare);
    return rows;
}

static void
give_up_half(SsTop *top)
{
    g_autoptr(GPtrArray) rows = ss_top_sorted(top);

    for (guint i = rows->len / 2; i < rows->len; i++) {
        const SsTopRow *row = g_ptr_array_index(rows, i);
        top->n_given_up += row->n;
        top->names_given_up++;
        g_hash_table_remove(top->rows, row->name);
    }
}

SsTopRow *
ss_top_row(SsTop *top, const char *name)
{
    SsTopRow *row = g_hash_table_lookup(top->rows, name);

    if (!row) {
        if (g_hash_table_size(top->rows) >= top->max) {
            give_up_half(top);
        }
        row = g_new0(SsTopRow, 1);
        row->name = g_strdup(name);
        g_hash_table_insert(top->rows, row->name, row);
    }
    return row;
}
