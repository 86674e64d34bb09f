/*
 * Packets kept in a temporary file, for a second look at what can be read only once: standard
 * input, pipes, interfaces.
 */
#pragma once

#include "capture/source.h"

typedef struct SsSpool SsSpool;

SsSpool *ss_spool_new(GError **error);

/* Appends a packet, its `origin.frame` set; both are false with `error` where the file cannot be
 * written. */
bool ss_spool_add(SsSpool *spool, const SsFrame *frame, GError **error);
bool ss_spool_add_secrets(SsSpool *spool, SsSlice key_log, GError **error);

/* What is in it so far, in bytes. */
uint64_t ss_spool_size(const SsSpool *spool);

/*
 * What has been added, to be read as a source is, once and in the same order; nothing is added any
 * more. Frames have their numbers. The spool must outlive it.
 */
SsSource *ss_spool_read(SsSpool *spool, SsSecretsFn on_secrets, void *user_data, GError **error);

void ss_spool_free(SsSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsSpool, ss_spool_free)
