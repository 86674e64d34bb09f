/*
 * Header fields as spans of the block they stand in (RFC 5322 section 2.2), and what a block says
 * of a message or a part.
 */
#pragma once

#include "base/event.h"
#include "dissect/message/values.h"

typedef struct {
    SsSlice name;
    SsSlice value; /* folds and all, blanks at the ends trimmed */
} SsHeaderField;

/* Takes the next field off the start of `block`; false at its end. A byte order mark before the
 * first is passed over. */
bool ss_header_next(SsSlice *block, SsHeaderField *ret);

/*
 * Both decode what a block says, texts into `arena`; of fields that may stand once (RFC 5322
 * section 3.6) and stand twice, the first. They return SS_ODD_*.
 */
uint32_t ss_header_read_message(SsArena *arena, SsSlice block, SsHeaders *ret);

/* All of `ret` but `size` and `sha256`. `default_type` is that of a part which does not tell. */
uint32_t ss_header_read_part(SsArena *arena, SsSlice block, SsSlice default_type, SsPart *ret,
                             SsContentType *ret_type);
