/*
 * Runs a message through the chain and writes down all that came of it, so that two runs can be
 * compared as text.
 */
#pragma once

#include <glib.h>

#include "dissect/message/content.h"

/* A hole: `n` bytes are missing before the message's byte `at`. */
typedef struct {
    size_t at;
    uint64_t n;
} Hole;

/* Chunks of `step` bytes (0: whole). */
SsContent *run_open(SsSlice message, size_t step);
/* In two chunks. */
SsContent *run_open_cut(SsSlice message, size_t cut);
/* Bytes of holes are left out of what is fed: `message` is what was captured. */
SsContent *run_open_holes(SsSlice message, const Hole *holes, size_t n_holes, size_t step);

char *run_describe(SsContent *content);
/* run_open, run_describe. */
char *run_text(SsSlice message, size_t step);

const SsPart *run_part(SsContent *content, size_t i);
/* Fails where the slice is not that text; NULL stands for absent. */
void run_expect(SsSlice slice, const char *text);
char *run_sha256(SsSlice bytes);

/* Every cut gives the same: whole, in steps of 1, 2, 3, 7, in two at every place. */
void run_check_cuts(SsSlice message);

/* Seconds of processor time, for bounds on hostile input. */
double run_seconds(void);
/* KiB resident now. */
long run_rss_kib(void);
