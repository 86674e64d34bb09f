/*
 * Header values decoded, by GMime: addresses, RFC 2047 words, RFC 2231 parameters, dates.
 *
 * Every function takes a field's value as it stands in the header, folds and all, of any bytes and
 * any length; the absent slice gives absent. Results are in `arena`: UTF-8, except where the value
 * itself held other bytes, which stay as they are. A word in a charset nobody knows stays as it
 * stands. What is longer than SS_VALUE_MAX is cut before it is decoded.
 */
#pragma once

#include "base/event.h"

/* Bytes decoded of one value; a line has 998 (RFC 5322 section 2.1.1). Lists of addresses are not
 * cut: the header block's cap bounds them, and GMime reads them in linear time. */
#define SS_VALUE_MAX (16 << 10)

/* Bytes kept of a text that names a part: type, charset, file name. */
#define SS_PART_TEXT_MAX 1024

/* Each address as `Name <address>`, or `address` where it has no name; members of groups in line
 * with the others. Past SS_ADDRESSES_MAX only `total` counts. */
void ss_values_addresses(SsArena *arena, SsSlice value, SsList *ret);

/* Unstructured text. */
SsSlice ss_values_text(SsArena *arena, SsSlice value);

/* The value as it stands, unfolded. */
SsSlice ss_values_unfolded(SsArena *arena, SsSlice value);

/* RFC 3339 with the zone the sender named, `-00:00` where that was `-0000`; absent where the value
 * is no date, or names no zone that is known. */
SsSlice ss_values_date(SsArena *arena, SsSlice value);

typedef struct {
    SsSlice type; /* `text/plain`, lower case; absent where the value does not begin with a type */
    SsSlice charset;
    SsSlice name;
    SsSlice boundary; /* absent if longer than SS_BOUNDARY_MAX */
} SsContentType;

void ss_values_content_type(SsArena *arena, SsSlice value, SsContentType *ret);

typedef struct {
    SsSlice disposition; /* lower case */
    SsSlice filename;
} SsDisposition;

void ss_values_disposition(SsArena *arena, SsSlice value, SsDisposition *ret);

/* Content-Transfer-Encoding: its first word, lower case. */
SsSlice ss_values_encoding(SsArena *arena, SsSlice value);
