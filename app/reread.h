/*
 * All that is read, to be read a second time: the files themselves, or, of what can be read only
 * once, a copy in a temporary file.
 */
#pragma once

#include "app/inputs.h"

typedef struct SsReread SsReread;

/* Before the first reading; `inputs` is borrowed for its life. NULL with `error` where no temporary
 * file can be made. */
SsReread *ss_reread_new(const SsAppInputs *inputs, GError **error);

/* A packet of the first reading, its number set. False with `error` where it cannot be kept. */
bool ss_reread_add(SsReread *reread, const SsFrame *frame, GError **error);

/* The second reading: the same packets with the same numbers. Bytes in all are its `size`. */
SsSource *ss_reread_open(SsReread *reread, GError **error);
/* Behind the last packet that was wanted. False with `error` where files changed meanwhile. */
bool ss_reread_finish(const SsReread *reread, SsSource *source, GError **error);
void ss_reread_free(SsReread *reread);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsReread, ss_reread_free)
