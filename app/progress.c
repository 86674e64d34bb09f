#include "app/progress.h"

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#define INTERVAL_US (G_USEC_PER_SEC / 4)
#define FIRST_US G_USEC_PER_SEC

void
ss_progress_begin(SsProgress *progress, bool is_wanted)
{
    *progress = (SsProgress){.is_on = is_wanted && isatty(STDERR_FILENO)};
    progress->begin_us = g_get_monotonic_time();
    progress->next_us = progress->begin_us + FIRST_US;
}

bool
ss_progress_is_due(const SsProgress *progress)
{
    return progress->is_on && g_get_monotonic_time() >= progress->next_us;
}

static void
format_left(char text[32], const SsProgressCount *count, double elapsed_s)
{
    double left_s;

    text[0] = 0;
    if (count->total == UINT64_MAX || count->done == 0 || count->done > count->total) {
        return;
    }
    left_s = elapsed_s * (double)(count->total - count->done) / (double)count->done;
    if (left_s >= 3600) {
        g_snprintf(text, 32, ", %.0f h %02.0f min left", left_s / 3600,
                   (left_s - 3600 * (double)(int)(left_s / 3600)) / 60);
    } else if (left_s >= 60) {
        g_snprintf(text, 32, ", %.0f min left", left_s / 60);
    } else {
        g_snprintf(text, 32, ", %.0f s left", left_s);
    }
}

void
ss_progress_show(SsProgress *progress, const SsProgressCount *count)
{
    int64_t now = g_get_monotonic_time();
    double elapsed_s = (double)(now - progress->begin_us) / G_USEC_PER_SEC;
    double rate = elapsed_s > 0 ? (double)count->done / elapsed_s : 0;
    g_autofree char *done = g_format_size_full(count->done, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *speed = g_format_size_full((guint64)rate, G_FORMAT_SIZE_IEC_UNITS);
    char left[32], share[16] = "", found[64] = "";

    if (count->total != UINT64_MAX && count->total > 0) {
        g_snprintf(share, sizeof share, " (%d%%)", (int)(100 * count->done / count->total));
    }
    format_left(left, count, elapsed_s);
    if (!count->is_again) {
        g_snprintf(found, sizeof found,
                   ", %" G_GUINT64_FORMAT " sessions, %" G_GUINT64_FORMAT " messages",
                   count->sessions, count->messages);
    }
    fprintf(stderr, "\r\033[K%s%s%s, %s/s%s%s", count->is_again ? "writing packets: " : "", done,
            share, speed, found, left);
    fflush(stderr);
    progress->is_shown = true;
    progress->next_us = now + INTERVAL_US;
}

void
ss_progress_hide(SsProgress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", stderr);
        progress->is_shown = false;
    }
}
