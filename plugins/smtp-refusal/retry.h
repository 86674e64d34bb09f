/*
 * What was put off and may be tried again: a bounded table by envelope, so that a later session's
 * attempt is known as a retry.
 *
 * There is one entry for a sender and a recipient: of two clients with one envelope only the later
 * is remembered. The entry that was changed longest ago goes when there are too many.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

/* Entries, and sessions told of each. */
#define SS_RETRIES_MAX 1024
#define SS_RETRY_UIDS_MAX 10

/* One recipient of a message, and who sent it. */
typedef struct {
    SsSlice from, address;
    SsSlice size; /* as MAIL declared it; absent */
    SsSlice client_ip, client_name;
} SsEnvelope;

typedef struct {
    GList link; /* in SsRetries.order */
    GBytes *key;
    GBytes *size, *client_ip, *client_name; /* or NULL */
    int64_t first_ns;
    const char *meaning; /* why it was put off at first */
    uint64_t n_attempts, last_uid;
    uint64_t uids[SS_RETRY_UIDS_MAX]; /* of the first of them */
} SsRetry;

typedef struct {
    GHashTable *by_key;
    GQueue order; /* the latest last */
} SsRetries;

void ss_retries_init(SsRetries *retries);
void ss_retries_clear(SsRetries *retries);

/* Whether anything of this envelope was put off, by whatever client. */
bool ss_retries_may_have(const SsRetries *retries, SsSlice from, SsSlice address);

/* What the same client (by address, name, or network) was put off with in another session; NULL for
 * nothing. Borrowed until the next change. */
SsRetry *ss_retries_find(const SsRetries *retries, const SsEnvelope *envelope, uint64_t uid);

/* It was put off in session `uid` at `time_ns`. `meaning` is a constant. */
void ss_retries_put(SsRetries *retries, const SsEnvelope *envelope, uint64_t uid, int64_t time_ns,
                    const char *meaning);
void ss_retries_remove(SsRetries *retries, SsRetry *retry);
