/*
 * The oracle: what GMime's own parser makes of a message, as a list of leaves.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

typedef struct {
    char *type, *filename, *sha256;
    size_t size;
    bool is_message; /* its bytes are not GMime's to tell: it writes messages anew */
} TreeLeaf;

void tree_leaf_free(TreeLeaf *leaf);

/* NULL where GMime makes no message of it. */
GPtrArray *tree_read(SsSlice message);

/* NULL where both see the same leaves, else what differs. */
char *tree_compare(SsSlice message);
