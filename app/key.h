/*
 * The key of --fingerprint-secrets.
 */
#pragma once

#include <glib.h>

/* All bytes of a regular file, of which there are enough for a key. NULL with `error`. */
GBytes *ss_app_key_read(const char *path, GError **error);
