/*
 * Whose sessions a finding is about: those it names beside its own, as `detail.uids` has them, and
 * their ends.
 */
#pragma once

#include <glib.h>
#include <inttypes.h>

#include "base/event.h"

#define SS_UIDS_TOLD 10

/* The first of them; `n` counts all. */
typedef struct {
    uint64_t uids[SS_UIDS_TOLD];
    uint64_t n;
} SsUids;

/* Of an SsEndpoint. */
static const SsField ss_endpoint_fields[] = {
    {.name = "ip", .kind = SS_FIELD_TEXT, .offset = offsetof(SsEndpoint, ip), .doc = "address"},
    {.name = "port", .kind = SS_FIELD_COUNT, .offset = offsetof(SsEndpoint, port), .doc = "port"},
    {.name = NULL},
};

/* Room for their texts. */
typedef struct {
    char texts[SS_UIDS_TOLD][17];
    SsSlice items[SS_UIDS_TOLD];
} SsUidTexts;

static inline void
ss_uids_add(SsUids *uids, uint64_t uid)
{
    if (uids->n < SS_UIDS_TOLD) {
        uids->uids[uids->n] = uid;
    }
    uids->n++;
}

/* Borrowed from `texts`. */
static inline SsList
ss_uids_list(const SsUids *uids, SsUidTexts *texts)
{
    size_t n = MIN(uids->n, SS_UIDS_TOLD);

    for (size_t i = 0; i < n; i++) {
        g_snprintf(texts->texts[i], sizeof texts->texts[i], "%016" PRIx64, uids->uids[i]);
        texts->items[i] = ss_slice_str(texts->texts[i]);
    }
    return (SsList){texts->items, n, uids->n};
}
