/*
 * A DEST that a person typed, opened as a shell's redirection would: made with mode 0600 if it is
 * not there, else emptied; devices and pipes work; `-` or none is standard output.
 *
 * Writing is buffered. The first error stays: every later call fails with it.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

#include "base/plugin.h"

/* What makes two names one file. */
typedef struct {
    dev_t device;
    ino_t number;
} SsFileId;

/*
 * NULL with `error` (SS_OUTPUT_ERROR_OPEN). `dest` may be NULL. A regular file that is in `taken`
 * (of SsFileId) is refused before anything is done to it; else it is added there.
 */
SsFile *ss_file_open(const char *dest, GArray *taken, GError **error);

/* False where this or an earlier write has failed. */
bool ss_file_write(SsFile *file, const void *bytes, size_t len);
bool ss_file_flush(SsFile *file);

/* The reader of the pipe has gone away: writing fails, but that is not an error. */
bool ss_file_is_abandoned(const SsFile *file);

/* What went wrong, or NULL; borrowed until the file is closed. */
const char *ss_file_error(const SsFile *file);

bool ss_file_is_terminal(const SsFile *file);
/* Columns of the terminal; 80 where it has none, or does not tell. */
unsigned ss_file_width(const SsFile *file);

/* Flushes, closes and frees; false with `error` (SS_OUTPUT_ERROR_WRITE) where anything was not
 * written. A reader that went away is no error. NULL is done. */
bool ss_file_close(SsFile *file, GError **error);

/* Writes all of `bytes` to a descriptor; 0, or what errno said. */
int ss_file_write_all(int fd, const void *bytes, size_t len);
