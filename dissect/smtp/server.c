/*
 * The server's parser: lines to replies (RFC 5321 section 4.2).
 */
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/session.h"
#include "dissect/smtp/span.h"

/* What may be said before the client speaks, on a port that proves nothing. */
#define GREETING_MAX 4096

/* `NNN`, then a blank, a hyphen or the line's end. */
static bool
is_reply_line(SsSlice line)
{
    return line.len >= 3 && ss_ascii_is_digit(line.data[0]) && ss_ascii_is_digit(line.data[1]) &&
           ss_ascii_is_digit(line.data[2]) &&
           (line.len == 3 || line.data[3] == ' ' || line.data[3] == '-');
}

static uint64_t
code_of(SsSlice line)
{
    return (uint64_t)(line.data[0] - '0') * 100 + (uint64_t)(line.data[1] - '0') * 10 +
           (uint64_t)(line.data[2] - '0');
}

/* --- replies --- */

static void
finish_text(SsServerParser *server, SsReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    size_t size = 0, enhanced;
    uint8_t *text, *at;

    for (size_t i = 0; i < reply->lines.n; i++) {
        size += lines[i].len + 1;
    }
    text = at = ss_arena_alloc(&server->arena, size + 1);
    for (size_t i = 0; i < reply->lines.n; i++) {
        SsSlice line = ss_enhanced_skip(lines[i], reply->code);
        if (i) {
            *at++ = '\n';
        }
        if (line.len) {
            memcpy(at, line.data, line.len);
        }
        at += line.len;
    }
    reply->text = ss_slice(text, (size_t)(at - text));
    enhanced = reply->lines.n ? ss_enhanced_length(lines[reply->lines.n - 1], reply->code) : 0;
    reply->enhanced =
        enhanced ? ss_slice_sub(lines[reply->lines.n - 1], 0, enhanced) : SS_SLICE_NULL;
}

static void
finish_reply(SsSmtp *smtp)
{
    SsServerParser *server = &smtp->server;

    ss_auth_mask_reply(smtp, &server->reply, &server->arena);
    finish_text(server, &server->reply);
    server->in_reply = false;
    ss_answer(smtp, &server->reply);
    ss_arena_clear(&server->arena);
    server->reply = (SsReply){0};
    server->reply_bytes = 0;
}

static void
add_line(SsSmtp *smtp, SsSlice text, const SsLine *line)
{
    SsServerParser *server = &smtp->server;
    SsReply *reply = &server->reply;
    SsSlice copy = {NULL, 0};

    if (!server->in_reply) {
        server->in_reply = true;
    }
    reply->origin = line->last;
    if (server->reply_bytes + text.len <= SS_REPLY_BYTES_MAX &&
        reply->lines.n < SS_REPLY_LINES_MAX) {
        copy = ss_arena_dup(&server->arena, ss_slice_is_null(text) ? ss_slice("", 0) : text);
        ss_list_append(&server->arena, &reply->lines, &copy, sizeof copy, SS_REPLY_LINES_MAX);
        server->reply_bytes += text.len;
    } else {
        reply->lines.total++;
    }
}

static void
take_line(SsSmtp *smtp, const SsLine *line)
{
    SsServerParser *server = &smtp->server;
    bool is_reply = is_reply_line(line->text);

    if (smtp->speech != SS_SPEECH_SMTP) {
        if (!is_reply) {
            ss_span_reply(smtp, line, false);
            return; /* something else is spoken, so far */
        }
        ss_smtp_recognise(smtp);
    }
    if (line->dropped) {
        ss_smtp_limit(smtp, SS_LIMIT_LINE, SS_SERVER, line->dropped, &line->last);
    }
    ss_span_reply(smtp, line, is_reply);
    if (server->is_lost && !is_reply) {
        ss_smtp_note(smtp, SS_NOTE_RESYNC, SS_SERVER, line->size, &line->last);
        return;
    }
    server->is_lost = false;
    if (!is_reply) {
        /* Not a reply: the next line of one that has begun, else a line without a code. */
        bool was_in_reply = server->in_reply;
        add_line(smtp, line->text, line);
        if (!was_in_reply) {
            finish_reply(smtp);
        }
        return;
    }
    server->reply.code = code_of(line->text);
    add_line(smtp, ss_slice_from(line->text, 4), line);
    if (line->text.len == 3 || line->text.data[3] != '-') {
        finish_reply(smtp);
    }
}

/* --- before it is known what is spoken --- */

/* Holds what a server says first on a port that proves nothing. False: go on reading. */
static bool
hold_greeting(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin)
{
    SsServerParser *server = &smtp->server;
    SsSlice said;

    if (smtp->connection->on_server_port || smtp->speech == SS_SPEECH_SMTP) {
        return false;
    }
    ss_hold_push(&server->hold, bytes, origin);
    said = ss_hold_front(&server->hold, GREETING_MAX + 1);
    if (smtp->speech == SS_SPEECH_UNKNOWN && said.len >= 4) {
        bool is_greeting = is_reply_line(ss_slice_sub(said, 0, 4)) &&
                           (code_of(said) == 220 || code_of(said) == 554);
        if (is_greeting) {
            smtp->speech = SS_SPEECH_GREETED;
        } else {
            ss_smtp_refuse(smtp);
        }
    } else if (said.len > GREETING_MAX) {
        ss_smtp_refuse(smtp);
    }
    return true;
}

/* Where a record may stand: behind an agreement to STARTTLS whose other half was lost or not
 * captured, or before anything else was said. */
static bool
is_tls_record(const SsSmtp *smtp, uint8_t byte)
{
    if (smtp->server.line.is_open) {
        return false;
    }
    return smtp->speech == SS_SPEECH_SMTP && !smtp->tls
               ? smtp->starttls_agreed && ss_tls_is_handshake(byte)
               : byte >= 0x14 && byte <= 0x17;
}

static void
consume(SsSmtp *smtp, SsSlice in, const SsOrigin *origin)
{
    SsServerParser *server = &smtp->server;

    while (in.len) {
        SsLine line;
        size_t left;
        bool is_whole;

        if (smtp->tls && !server->has_begun_tls) {
            /* A server that does not speak TLS greets in the clear all the same. */
            server->has_begun_tls = true;
            server->is_plain = !is_tls_record(smtp, in.data[0]);
        }
        if (is_tls_record(smtp, in.data[0])) {
            /* The client's half was not captured, or was lost, or this is TLS from its first byte.
             */
            if (!smtp->tls) {
                ss_smtp_start_tls(
                    smtp, smtp->speech == SS_SPEECH_SMTP ? SS_SECURITY_STARTTLS : SS_SECURITY_SMTPS,
                    origin);
            }
        }
        if (smtp->tls && !server->is_plain) {
            server->has_begun_tls = true;
            ss_tls_set_offset(smtp->tls, SS_SERVER, server->offset);
            ss_tls_data(smtp->tls, SS_SERVER, in, origin);
            server->offset += in.len;
            return;
        }
        left = in.len;
        is_whole =
            ss_line_take(&server->line, &in, origin, smtp->factory->options.limits.line, &line);
        server->offset += left - in.len;
        if (is_whole) {
            take_line(smtp, &line);
        }
    }
}

/* So many bytes are missing here. */
static void
lose(SsSmtp *smtp, uint64_t n)
{
    SsServerParser *server = &smtp->server;

    server->offset += n;
    ss_line_reset(&server->line);
    if (server->in_reply) {
        finish_reply(smtp); /* as far as it came */
    }
    server->is_lost = true;
    server->is_gapped = true;
    smtp->gave_banner = true;
    ss_ledger_gap(smtp);
}

void
ss_server_pump(SsSmtp *smtp)
{
    SsHeld held;

    while (ss_hold_peek(&smtp->server.hold, &held)) {
        if (held.gap) {
            lose(smtp, held.gap);
        } else {
            consume(smtp, held.bytes, &held.origin);
        }
        ss_hold_take(&smtp->server.hold, held.bytes.len);
    }
}

void
ss_server_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin)
{
    if (!hold_greeting(smtp, bytes, origin)) {
        smtp->server.offset = ss_smtp_stream_end(smtp, SS_SERVER) - bytes.len;
        consume(smtp, bytes, origin);
    }
}

void
ss_server_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin)
{
    SsServerParser *server = &smtp->server;

    if (ss_hold_is_empty(&server->hold)) {
        lose(smtp, n);
    } else {
        ss_hold_push_gap(&server->hold, n, origin);
    }
}

void
ss_server_clear(SsServerParser *server)
{
    ss_hold_clear(&server->hold);
    ss_line_clear(&server->line);
    ss_arena_clear(&server->arena);
}
