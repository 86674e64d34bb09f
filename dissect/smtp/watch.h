/*
 * What is odd about a message's content as it crosses the wire: bare CR and LF, NUL, bytes over
 * 0x7f, lines over the limit, and look-alikes of the end of data with what stands behind them.
 *
 * A look-alike is a dot alone on its line, where what ends that line or the one before is not just
 * CRLF (LF `.` LF, CR `.` CRLF, CRLF `.` CRCRLF …), or where a NUL, a blank or the like stands
 * beside the dot. Some server has taken each of these for the end, and what follows for commands
 * (SMTP smuggling: CVE-2023-51764, CVE-2023-51765, CVE-2023-51766).
 *
 * However the content is cut into pieces, what is found is the same. Content with nothing of this
 * costs one look at its bytes.
 */
#pragma once

#include "base/origin.h"
#include "dissect/smtp/hidden.h"
#include "dissect/smtp/odd-bytes.h"

/* How often something was met, and the packet of the first. */
typedef struct {
    uint64_t n, frame;
} SsOddCount;

typedef struct {
    uint8_t recent[4]; /* the last bytes, oldest first */
    uint8_t state;     /* of a dot that may be alone on its line */
    uint8_t before, pad, pad_behind;
    bool is_chunk; /* BDAT: dots are not doubled, and CRLF `.` CRLF is nothing special */
    bool is_blind; /* the byte before the next one is missing */
    bool is_over;
    uint64_t at;     /* bytes so far */
    uint64_t undone; /* dots among them that were doubled, and so are not in the content */
    uint64_t dot_at; /* that dot's place in the content */
    SsOddCount bare[SS_N_BARE], high, long_lines, alikes;
    SsTextLine line;
    SsHidden *hidden; /* NULL before the first look-alike */
} SsWatch;

void ss_watch_init(SsWatch *watch, bool is_chunk);

/* True where the next bytes are all plain text, and no dot begins a line in them: they have been
 * taken then. Else nothing has. */
bool ss_watch_take_plain(SsWatch *watch, SsSlice in, const SsOrigin *origin);
void ss_watch_take(SsWatch *watch, SsSlice in, const SsOrigin *origin);
void ss_watch_gap(SsWatch *watch);

/* The content is over, which only the first of these calls tells; `is_at_dot`: by the line with a
 * lone dot, which was taken too. */
void ss_watch_end(SsWatch *watch, bool is_at_dot, uint64_t frame);
void ss_watch_clear(SsWatch *watch);
size_t ss_watch_size(const SsWatch *watch);
