/*
 * Temporary files that have no name: they go with their descriptor, however the program ends.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* In TMPDIR, else /tmp; mode 0600. -1 with `error`. */
int ss_scratch_open(GError **error);

/* The same with a buffer, to be written, rewound once, and read. NULL with `error`. */
FILE *ss_scratch_open_stream(GError **error);

/* What errno says, and where there may be more room. Returns false. */
bool ss_scratch_fail(GError **error, int reason);
