#include "dissect/smtp/odd-bytes.h"

#include <sys/param.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Signed, so that bytes over 0x7f are less than all others. Wider ones than the processor has would
 * be done byte by byte. */
typedef int8_t Block16 __attribute__((vector_size(16)));
typedef int8_t Block32 __attribute__((vector_size(32)));

static inline bool
is_any(Block16 block)
{
    uint64_t halves[2];

    memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

#define TARGET
#define Block Block16
#define IS_ANY(block) is_any(block)
#define FIND find16
#include "dissect/smtp/odd-find.h"
#undef TARGET
#undef Block
#undef IS_ANY
#undef FIND

size_t
ss_odd_find_plain(SsSlice in, size_t from, bool with_high)
{
    return with_high ? find16(in, from, true) : find16(in, from, false);
}

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2")))
#define Block Block32
#define IS_ANY(block) (!_mm256_testz_si256((__m256i)(block), (__m256i)(block)))
#define FIND find32
#include "dissect/smtp/odd-find.h"
#undef TARGET
#undef Block
#undef IS_ANY
#undef FIND

__attribute__((target("avx2"))) static size_t
find_avx2(SsSlice in, size_t from, bool with_high)
{
    return with_high ? find32(in, from, true) : find32(in, from, false);
}

size_t
ss_odd_find(SsSlice in, size_t from, bool with_high)
{
    return __builtin_cpu_supports("avx2") ? find_avx2(in, from, with_high)
                                          : ss_odd_find_plain(in, from, with_high);
}

#else

size_t
ss_odd_find(SsSlice in, size_t from, bool with_high)
{
    return ss_odd_find_plain(in, from, with_high);
}

#endif

/* --- lines over the limit --- */

/* More than a line that was folded at 76 characters, so that few have no LF. */
#define WINDOW 96

static inline bool
has_line_end(const uint8_t *at)
{
    Block16 hits = {0}, block;

    for (size_t i = 0; i < WINDOW; i += sizeof block) {
        memcpy(&block, at + i, sizeof block);
        hits |= (Block16)(block == '\n');
    }
    return is_any(hits);
}

/*
 * Whether surely no line in `in` goes over the limit. Lines are short, so 96 bytes of every
 * thousand tell: where each such window has an LF in it, and from the start of one to the end of
 * the next is no more than the limit, so is no line between.
 */
static bool
is_short(const SsTextLine *line, SsSlice in)
{
    size_t at = line->len < SS_TEXT_LINE_MAX ? (size_t)(SS_TEXT_LINE_MAX - line->len) : 0;

    for (; at >= WINDOW && at <= in.len; at += SS_TEXT_LINE_MAX - WINDOW) {
        if (!has_line_end(in.data + at - WINDOW)) {
            return false;
        }
    }
    return at >= WINDOW;
}

/* What is behind the last LF begins a line. */
static void
begin_last(SsTextLine *line, SsSlice in)
{
    const uint8_t *end = memrchr(in.data, '\n', in.len);

    if (end) {
        in = ss_slice_from(in, (size_t)(end - in.data) + 1);
        line->len = 0;
    }
    if (line->len == 0) {
        line->has_dot = in.len && in.data[0] == '.';
    }
    line->len += in.len;
}

uint64_t
ss_text_line_take(SsTextLine *line, SsSlice in)
{
    uint64_t n_over = 0;

    if (is_short(line, in)) {
        begin_last(line, in);
        return 0;
    }
    while (in.len) {
        size_t end = ss_slice_index(in, '\n');
        uint64_t size = line->len + MIN(end + 1, in.len), limit;

        if (line->len == 0) {
            line->has_dot = in.data[0] == '.';
        }
        limit = SS_TEXT_LINE_MAX + (line->has_dot ? 1 : 0);
        n_over += line->len <= limit && size > limit;
        line->len = end < in.len ? 0 : size;
        in = ss_slice_from(in, end + 1);
    }
    return n_over;
}
