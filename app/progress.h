/*
 * The progress line of long work, on a terminal only: how much of the input has been read, how
 * fast, what was found, and how long it will take.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t done;  /* bytes of the input read */
    uint64_t total; /* bytes of all inputs, UINT64_MAX where not known */
    bool is_again;  /* read a second time, and written: the rest means nothing */
    uint64_t packets;
    uint64_t sessions;
    uint64_t messages;
} SsProgressCount;

typedef struct {
    bool is_on;
    bool is_shown;
    int64_t begin_us;
    int64_t next_us;
} SsProgress;

/* `is_wanted`: unless standard error is no terminal. */
void ss_progress_begin(SsProgress *progress, bool is_wanted);

/* Whether it is time to show the line again; cheap. */
bool ss_progress_is_due(const SsProgress *progress);
void ss_progress_show(SsProgress *progress, const SsProgressCount *count);

/* Takes the line away, before anything else is said and at the end. */
void ss_progress_hide(SsProgress *progress);
