/*
 * What bytes of a session's streams mean, for those who show packets: SS_EVENT_SPAN. Nothing is
 * done, and nothing costs, where nobody wants them.
 *
 * Offsets are those of the TCP streams. Both parsers count what they read, so that bytes that were
 * held for a reply have theirs.
 */
#pragma once

#include "dissect/smtp/session.h"

/* The next byte to be read stands at `offset` of its stream … */
void ss_span_set_offset(SsSmtp *smtp, SsDirection direction, uint64_t offset);
/* … and `n` of them have been read, or were lost. */
void ss_span_advance(SsSmtp *smtp, SsDirection direction, uint64_t n);
/* Where that is now; 0 where nobody wants spans. */
uint64_t ss_span_offset(const SsSmtp *smtp, SsDirection direction);

/* A command line, as `shown`; the same slice as the line's text where nothing of it is masked. */
void ss_span_command(SsSmtp *smtp, const SsLine *line, const SsCommandLine *command,
                     SsSlice argument);

/* A line of a login exchange, as `shown`. */
void ss_span_step(SsSmtp *smtp, const SsLine *line, SsSlice shown);

/* A line that was passed over. */
void ss_span_passed(SsSmtp *smtp, const SsLine *line);

/* A line of a reply, or what stands in the place of one. */
void ss_span_reply(SsSmtp *smtp, const SsLine *line, bool is_reply);

/*
 * Content up to the client's place, read since `offset` when the content had `before` bytes;
 * `is_end`: the line with the lone dot is in it. `transaction` may be NULL.
 */
void ss_span_content(SsSmtp *smtp, const SsTransaction *transaction, uint64_t offset,
                     uint64_t before, bool is_end, const SsOrigin *origin);

/* Where the next byte of the content will stand. */
uint64_t ss_span_content_place(const SsTransaction *transaction);

/* Records of TLS from now on. */
void ss_span_watch_tls(SsSmtp *smtp);

/* The session's end: what has begun of a line, and that there is no more. */
void ss_span_finish(SsSmtp *smtp);
