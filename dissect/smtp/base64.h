/*
 * Base64 undone (RFC 4648): tolerantly, for what clients send as a response (RFC 4954 section 4)
 * and what stands in tokens (RFC 7515 section 2).
 */
#pragma once

#include "base/arena.h"

/* A character's value, of either alphabet; -1 for any other. */
int ss_base64_value(uint8_t c);

/*
 * All of `text`, padded or not. False where it has other characters, or one too many to be whole
 * bytes. Into `arena`.
 */
bool ss_base64_decode(SsArena *arena, SsSlice text, SsSlice *ret_bytes);

/* The whole bytes that the characters from the front on make, up to the first that is none; `to`
 * has room for `text.len`. Gives their number. */
size_t ss_base64_undo(SsSlice text, uint8_t *to);
