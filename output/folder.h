/*
 * A DEST folder, and files made in it safely.
 *
 * The folder is opened once; whatever becomes of its path afterwards, files go into that folder. A
 * file begins under a temporary name that nobody can foresee (`.part-…`, mode 0600, never through a
 * link) and gets its final name in one step when it is whole, never over another file: an
 * identical one that is there already is kept, a different one is a conflict, unless the folder was
 * opened to overwrite. Any number of files may be in the making; only SS_FOLDER_FDS_MAX have a
 * descriptor and a buffer, the least recently written give theirs up.
 *
 * Different files of a folder may be written by different threads at once.
 */
#pragma once

#include <glib.h>

#include "base/plugin.h"

#define SS_FOLDER_FDS_MAX 256

typedef enum {
    SS_PART_WRITTEN,  /* has its final name, or an identical file has */
    SS_PART_CONFLICT, /* another file has that name; the part is gone */
    SS_PART_FAILED,
} SsPartResult;

/* Made with mode 0700 if it is not there. NULL with `error` (SS_OUTPUT_ERROR_OPEN). */
SsFolder *ss_folder_open(const char *path, bool overwrite, GError **error);

/* Drops the files that were never finished. NULL is done. */
void ss_folder_close(SsFolder *folder);

/* NULL with `error` (SS_OUTPUT_ERROR_WRITE). */
SsPartFile *ss_part_open(SsFolder *folder, GError **error);

/* False with `error` where this write fails; a part that has failed once only gives false. */
bool ss_part_write(SsPartFile *part, const void *bytes, size_t len, GError **error);

/*
 * Gives the file its final name and frees it; NULL drops it. The name is made of 0-9, a-z, `.` and
 * `-` and begins with none of the two last; any other fails.
 */
SsPartResult ss_part_finish(SsPartFile *part, const char *name, GError **error);
