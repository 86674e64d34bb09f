/*
 * The excerpt: the packets of some connections out of all that was read (`-w`).
 *
 * While packets are read it is noted to which connection each belongs; which connections are kept
 * is known only later. Then the files are read again and the packets that belong to those kept are
 * copied. Of what can be read only once, the packets that may be kept wait in a temporary file.
 */
#pragma once

#include "app/inputs.h"
#include "app/progress.h"
#include "capture/segment.h"
#include "dissect/stream.h"
#include "output/file.h"

typedef struct SsExcerpt SsExcerpt;

/* `dest` as it was typed: its name chooses the format. `is_quiet`: what is written otherwise than
 * one may expect is not told. `has_choice`: not all sessions may be kept, see ss_excerpt_choose().
 * NULL with `error` where no temporary file can be made. */
SsExcerpt *ss_excerpt_new(const char *dest, bool is_quiet, bool has_choice, GError **error);

/* --- while packets are read --- */

/* What fails here is remembered, and all that comes after it passed over: see
 * ss_excerpt_steal_error(). */

/* The inputs are open, and nothing is read from them yet; they are borrowed till it is freed. */
void ss_excerpt_begin(SsExcerpt *excerpt, const SsAppInputs *inputs);

/* A frame, and the connection it belongs to, or 0; `fragments` are the earlier packets that its
 * datagram was put together from. */
void ss_excerpt_add(SsExcerpt *excerpt, const SsFrame *frame, uint64_t flow,
                    const uint64_t *fragments, size_t n_fragments);

/* A fragment, which may turn out to belong to one. */
void ss_excerpt_add_fragment(SsExcerpt *excerpt, const SsFrame *frame);

/* TLS secrets that stand in an input: an SsSecretsFn. */
void ss_excerpt_add_secrets(void *excerpt, SsSlice key_log);

/* A connection has ended: it is kept if it is a session. For SsFlowOptions. */
void ss_excerpt_end_flow(void *excerpt, uint64_t flow, const SsConnection *connection);

/* Whether something has failed: then nothing will be written. */
bool ss_excerpt_has_failed(const SsExcerpt *excerpt);

/* Why, once; false where there is nothing new. */
bool ss_excerpt_steal_error(SsExcerpt *excerpt, GError **error);

/* --- at the end --- */

/* Of the sessions only those are kept for which `keeps` is true. Errors as while reading. */
void ss_excerpt_choose(SsExcerpt *excerpt, bool (*keeps)(const void *from, uint64_t session),
                       const void *from);

/*
 * Writes the packets of the connections that are kept. False where that is not possible, with
 * `error` unless it was stolen before. What the file says of its writing is told when it is closed.
 */
bool ss_excerpt_write(SsExcerpt *excerpt, SsFile *file, SsProgress *progress, GError **error);

void ss_excerpt_free(SsExcerpt *excerpt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsExcerpt, ss_excerpt_free)
