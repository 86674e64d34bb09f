/*
 * Included by odd-bytes.c once for each width of vector: `Block` is the type, `IS_ANY` tells
 * whether one has a bit set, `TARGET` is for whom, `FIND` is the name of the function, which is the
 * same but for that.
 *
 * Bytes that cannot be odd are passed over in steps; what is left is looked at one by one. Vectors
 * are never arguments, for how these are passed depends on the processor.
 */

#define ADD_ODD(hits, at, with_high)                                    \
    do {                                                                \
        Block here, before;                                             \
        memcpy(&here, (at), sizeof here);                               \
        memcpy(&before, (at)-1, sizeof before);                         \
        (hits) |= (Block)((here == '\n') ^ (before == '\r'));           \
        (hits) |= (Block)((here == '.') & (before < ' ' + 1));          \
        (hits) |= (with_high) ? (Block)(here < 1) : (Block)(here == 0); \
    } while (0)

static inline TARGET __attribute__((always_inline)) size_t
FIND(SsSlice in, size_t from, bool with_high)
{
    enum {
        STEP = sizeof(Block),
    };
    size_t at = from;

    for (; at + 4 * STEP <= in.len; at += 4 * STEP) {
        Block hits = {0};
        ADD_ODD(hits, in.data + at, with_high);
        ADD_ODD(hits, in.data + at + STEP, with_high);
        ADD_ODD(hits, in.data + at + 2 * STEP, with_high);
        ADD_ODD(hits, in.data + at + 3 * STEP, with_high);
        if (IS_ANY(hits)) {
            break;
        }
    }
    for (; at + STEP <= in.len; at += STEP) {
        Block hits = {0};
        ADD_ODD(hits, in.data + at, with_high);
        if (IS_ANY(hits)) {
            break;
        }
    }
    if (at < in.len && at + STEP > in.len && in.len > STEP) {
        Block hits = {0}; /* the last bytes, some of them for the second time */
        ADD_ODD(hits, in.data + in.len - STEP, with_high);
        if (!IS_ANY(hits)) {
            return in.len;
        }
    }
    while (at < in.len && !ss_odd_is(in.data[at - 1], in.data[at], with_high)) {
        at++;
    }
    return at;
}

#undef ADD_ODD
