/*
 * A folder of a test's own, and what lies in it.
 */
#pragma once

#include <glib.h>

/* A new folder under the system's for temporary files; to be freed. */
char *scratch_new(void);
/* Removes it with the files in it, and frees the name. */
void scratch_free(char *folder);

char *scratch_path(const char *folder, const char *name);
void scratch_put(const char *folder, const char *name, const char *text);
/* NULL where there is no such file; to be freed. */
char *scratch_get(const char *folder, const char *name);
/* The names in it, sorted, with blanks between; to be freed. */
char *scratch_list(const char *folder);
