/*
 * The structure of a message, read as it streams (RFC 5322, RFC 2046): header blocks kept until
 * they are decoded, leaf parts handed on to their decoders, nothing else held.
 *
 * What it promises: the result does not depend on how the bytes were cut; memory does not depend on
 * the message's length; time is linear. Any bytes have a reading:
 *
 *   a line that is no field          ends the header, and is content; after a field that ended in
 *                                    `;` it is more of that
 *   CRLF or LF                       ends a line; a bare CR does not
 *   a delimiter of an outer part     closes the inner ones
 *   a multipart without a boundary,
 *   or nested too deep               is a leaf of its raw bytes
 *   message/rfc822                   is a leaf, and its own leaves follow it; if it is encoded,
 *                                    which RFC 2046 section 5.2.1 forbids, only a leaf
 *   a hole in a header               takes the field it cuts with it
 *   a hole in content                goes to the part it is in; the next delimiter is found again
 */
#pragma once

#include <glib.h>

#include "base/arena.h"
#include "base/event.h"

/* Bytes of a part's header block kept; a few hundred is usual. */
#define SS_PART_HEADER_MAX (64 << 10)

/* Messages in messages that are read into: each one's bytes are hashed again. Deeper ones are
 * leaves only. */
#define SS_MESSAGE_DEPTH_MAX 16

typedef struct SsMimeScan SsMimeScan;

/* Texts and lists of the result are in `arena`, which outlives the scan. `hash`: parts get their
 * `sha256`. */
SsMimeScan *ss_mime_scan_new(SsArena *arena, bool hash);
void ss_mime_scan_data(SsMimeScan *scan, SsSlice bytes);
void ss_mime_scan_gap(SsMimeScan *scan, uint64_t n);
/* `ret_odd`: SS_ODD_*, see content.h. */
void ss_mime_scan_end(SsMimeScan *scan, SsHeaders *ret_headers, SsList *ret_parts,
                      uint32_t *ret_odd);
void ss_mime_scan_free(SsMimeScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsMimeScan, ss_mime_scan_free)
