/*
 * What the program says on standard error: one line each, `smtpscope: WHAT: WHY`. Names of files
 * and words of libraries are made safe for a terminal, for anybody can name a file.
 */
#pragma once

#include <glib.h>

void ss_tell(const char *format, ...) G_GNUC_PRINTF(1, 2);
