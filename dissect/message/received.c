#include "dissect/message/received.h"

/* Of a host's name (RFC 1035 section 2.3.4); queue ids are shorter. */
#define WORD_MAX 255

static bool
is_space(uint8_t c)
{
    return ss_ascii_is_blank(c) || c == '\r' || c == '\n';
}

/* Behind the comment at the front of `value`, which may hold others (RFC 5322 section 3.2.2). */
static SsSlice
skip_comment(SsSlice value)
{
    size_t depth = 0, i = 0;

    for (; i < value.len; i++) {
        if (value.data[i] == '\\') {
            i++;
        } else if (value.data[i] == '(') {
            depth++;
        } else if (value.data[i] == ')' && --depth == 0) {
            i++;
            break;
        }
    }
    return ss_slice_from(value, i);
}

/* The next word outside comments, taken off `value`; empty at the date or the end. */
static SsSlice
next_word(SsSlice *value)
{
    SsSlice word;
    size_t len = 0;

    while (value->len && (is_space(value->data[0]) || value->data[0] == '(')) {
        *value = value->data[0] == '(' ? skip_comment(*value) : ss_slice_from(*value, 1);
    }
    while (len < value->len && !is_space(value->data[len]) && value->data[len] != '(' &&
           value->data[len] != ';') {
        len++;
    }
    word = ss_slice_sub(*value, 0, len);
    *value = ss_slice_from(*value, len);
    return word;
}

static SsSlice
take(SsArena *arena, SsSlice word)
{
    if (word.len >= 2 && word.data[0] == '<' && word.data[word.len - 1] == '>') {
        word = ss_slice_sub(word, 1, word.len - 2);
    }
    return word.len && word.len <= WORD_MAX ? ss_arena_dup(arena, word) : SS_SLICE_NULL;
}

void
ss_received_read(SsArena *arena, SsSlice value, SsHeaders *ret)
{
    SsSlice word;

    while ((word = next_word(&value)).len) {
        if (ss_slice_is_null(ret->received_by) && ss_slice_eq_nocase(word, SS_SLICE("by"))) {
            ret->received_by = take(arena, next_word(&value));
        } else if (ss_slice_is_null(ret->received_id) && ss_slice_eq_nocase(word, SS_SLICE("id"))) {
            ret->received_id = take(arena, next_word(&value));
        }
    }
}
