/*
 * A page of text: columns, wrapping, colour. The only place that knows how wide things are.
 *
 * Texts given to it are safe UTF-8 already (the host's text_safe). Colour is put around a text and
 * takes no room; without it the same bytes remain, so nothing may be told by colour alone.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

typedef enum {
    SS_INK_PLAIN,
    SS_INK_DIM,
    SS_INK_STRONG,
    SS_INK_GOOD,
    SS_INK_WARN,
    SS_INK_BAD,
} SsInk;

typedef struct {
    GString *text;
    size_t column;
    size_t width;
    bool has_color;
} SsPage;

/* Columns a text takes on a terminal. */
size_t ss_page_cells(const char *text);

/* A copy of at most `cells` columns: what is too long is left out (`…`) before its last `tail`. */
char *ss_page_shorten(const char *text, size_t cells, size_t tail);

/* Appends `text`, which has no line end in it. */
void ss_page_put(SsPage *page, SsInk ink, const char *text);

/* Blanks up to `column`; none where the line is longer already. */
void ss_page_pad(SsPage *page, size_t column);
void ss_page_end_line(SsPage *page);

/*
 * Appends `text`, broken between words where it is too long (inside a word that is longer than a
 * line), going on at column `indent`; with `aside` (or NULL) at the right edge of its first line.
 * Ends the line.
 */
void ss_page_wrap(SsPage *page, SsInk ink, const char *text, size_t indent, SsInk aside_ink,
                  const char *aside);

/* Times for people: "4 ms", "1.71 s", "2 min 05 s". */
void ss_words_duration(GString *to, int64_t ns);
/* "2026-11-21 10:00:00.123 UTC" */
void ss_words_time(GString *to, int64_t time_ns);
