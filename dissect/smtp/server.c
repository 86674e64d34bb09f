/*
 * The server's parser: lines to replies (RFC 5321 section 4.2).
 */
#include "dissect/smtp/order.h"
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

/* Whether it says what it is, as far as it goes: a line without its end might continue. */
static bool
is_code_known(const SsLine *line)
{
    return is_reply_line(line->text) && line->text.data[0] >= '2' && line->text.data[0] <= '5' &&
           (line->text.len > 3 || !line->is_cut);
}

/* --- replies --- */

/* Of its line, for one that ends where the line was cut may be longer. */
static size_t
enhanced_length(const SsReply *reply, size_t at)
{
    SsSlice line = ((const SsSlice *)reply->lines.items)[at];
    size_t n = ss_enhanced_length(line, reply->code);

    return n == line.len && ss_reply_is_line_cut(reply, at) ? 0 : n;
}

/* A line's text without that. */
static SsSlice
text_of(const SsReply *reply, size_t at)
{
    SsSlice line = ((const SsSlice *)reply->lines.items)[at];

    return enhanced_length(reply, at) ? ss_enhanced_skip(line, reply->code) : line;
}

/* The texts of all lines, without codes, as one. */
static SsSlice
join_lines(SsArena *arena, const SsReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    size_t size = 0;
    uint8_t *text, *at;

    if (reply->lines.n == 1) {
        return text_of(reply, 0);
    }
    for (size_t i = 0; i < reply->lines.n; i++) {
        size += lines[i].len + 1;
    }
    text = at = ss_arena_alloc(arena, size + 1);
    for (size_t i = 0; i < reply->lines.n; i++) {
        SsSlice line = text_of(reply, i);
        if (i) {
            *at++ = '\n';
        }
        if (line.len) {
            memcpy(at, line.data, line.len);
        }
        at += line.len;
    }
    return ss_slice(text, (size_t)(at - text));
}

/* All lines of it have come. */
static void
give_reply(SsSmtp *smtp, SsReply *reply, SsArena *arena)
{
    const SsSlice *lines = reply->lines.items;
    size_t enhanced;

    if (smtp->auth || smtp->extra) {
        ss_auth_mask_reply(smtp, reply, arena);
    }
    enhanced = reply->lines.n ? enhanced_length(reply, reply->lines.n - 1) : 0;
    reply->text = join_lines(arena, reply);
    reply->enhanced =
        enhanced ? ss_slice_sub(lines[reply->lines.n - 1], 0, enhanced) : SS_SLICE_NULL;
    ss_answer(smtp, reply);
    ss_arena_clear(arena);
}

/* Replies may be missing here. */
static void
doubt_ledger(SsSmtp *smtp)
{
    smtp->server.is_gapped = true;
    smtp->gave_banner = true;
    ss_order_lost(smtp);
    ss_ledger_gap(smtp);
}

static void
finish_reply(SsSmtp *smtp)
{
    SsReplyBegun *begun = g_steal_pointer(&smtp->server.begun);
    bool is_cut = begun->reply.is_cut;

    give_reply(smtp, &begun->reply, &begun->arena);
    g_free(begun);
    if (is_cut) {
        doubt_ledger(smtp);
    }
}

void
ss_server_settle(SsSmtp *smtp)
{
    const SsReplyBegun *begun = smtp->server.begun;

    if (begun && begun->reply.is_cut) {
        finish_reply(smtp);
    }
}

void
ss_server_finish(SsSmtp *smtp)
{
    const SsReplyBegun *begun = smtp->server.begun;

    ss_server_settle(smtp);
    if (smtp->server.begun && !smtp->is_cut_off) {
        ss_line_note(smtp, SS_SERVER, "unfinished-reply", SS_SLICE_NULL, &begun->reply.origin);
    }
}

static void
add_line(SsServerParser *server, uint64_t code, SsSlice text, const SsLine *line)
{
    SsReplyBegun *begun = server->begun;
    SsReply *reply;

    if (!begun) {
        begun = server->begun = g_new0(SsReplyBegun, 1);
    }
    reply = &begun->reply;
    reply->code = code;
    reply->origin = line->last;
    reply->is_cut |= line->is_cut;
    if (begun->bytes + text.len <= SS_REPLY_BYTES_MAX && reply->lines.n < SS_REPLY_LINES_MAX) {
        SsSlice copy = ss_arena_dup(&begun->arena, text);
        reply->cut_lines |= (uint64_t)line->is_cut << MIN(reply->lines.n, 63);
        ss_list_append(&begun->arena, &reply->lines, &copy, sizeof copy, SS_REPLY_LINES_MAX);
        begun->bytes += text.len;
    } else {
        reply->lines.total++;
    }
}

/* A reply of one line, which needs no copy. */
static void
take_only_line(SsSmtp *smtp, uint64_t code, SsSlice text, const SsLine *line)
{
    SsReply reply = {
        .code = code,
        .lines = {&text, 1, 1},
        .origin = line->last,
        .is_cut = line->is_cut,
        .cut_lines = line->is_cut,
    };
    SsArena arena = {0};

    give_reply(smtp, &reply, &arena);
}

static void
take_reply_line(SsSmtp *smtp, const SsLine *line, bool is_reply)
{
    SsServerParser *server = &smtp->server;
    uint64_t code = is_reply ? code_of(line->text) : server->begun ? server->begun->reply.code : 0;
    SsSlice text = is_reply ? ss_slice_from(line->text, 4) : line->text;
    /* Not a reply: the next line of one that has begun, else a line without a code. */
    bool is_last = is_reply ? line->text.len == 3 || line->text.data[3] != '-' : !server->begun;

    if (ss_slice_is_null(text)) {
        text = ss_slice("", 0);
    }
    if (is_last && !server->begun && text.len <= SS_REPLY_BYTES_MAX) {
        take_only_line(smtp, code, text, line);
        return;
    }
    add_line(server, code, text, line);
    if (is_last) {
        finish_reply(smtp);
    }
}

/*
 * Whether the first line behind a hole goes on with the reply that the hole cut: of the same code,
 * and the last one, or where no other reply is due.
 */
static bool
goes_on(const SsSmtp *smtp, SsSlice line)
{
    bool is_last = line.len == 3 || line.data[3] != '-';

    return code_of(line) == smtp->server.begun->reply.code && (is_last || smtp->n_pending <= 1);
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
    ss_line_note_bare(smtp, SS_SERVER, line);
    if (server->is_lost && !is_reply) {
        ss_smtp_note(smtp, SS_NOTE_RESYNC, SS_SERVER, line->size, &line->last);
        return;
    }
    if (server->is_lost && server->begun && !goes_on(smtp, line->text)) {
        ss_server_settle(smtp);
    }
    server->is_lost = false;
    ss_line_note_reply(smtp, line, is_reply ? code_of(line->text) : 0,
                       server->begun ? server->begun->reply.code : 0);
    take_reply_line(smtp, line, is_reply);
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
    if (ss_hold_is_empty(&server->hold)) {
        /* Behind what a tunnel said, perhaps. */
        ss_span_set_offset(smtp, SS_SERVER, ss_smtp_stream_end(smtp, SS_SERVER) - bytes.len);
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
    if (ss_line_is_open(&smtp->server.line)) {
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
            ss_tls_set_offset(smtp->tls, SS_SERVER, ss_span_offset(smtp, SS_SERVER));
            ss_tls_data(smtp->tls, SS_SERVER, in, origin);
            ss_span_advance(smtp, SS_SERVER, in.len);
            return;
        }
        left = in.len;
        is_whole =
            ss_line_take(&server->line, &in, origin, smtp->factory->options.limits.line, &line);
        ss_span_advance(smtp, SS_SERVER, left - in.len);
        if (is_whole) {
            take_line(smtp, &line);
            ss_line_done(&server->line);
            if (smtp->turn_agreed) {
                ss_smtp_turn(smtp, in, origin);
                return;
            }
        }
    }
}

/* So many bytes are missing here. */
static void
lose(SsSmtp *smtp, uint64_t n)
{
    SsServerParser *server = &smtp->server;

    SsLine line;

    if (ss_line_cut(&server->line, &line) && is_code_known(&line)) {
        take_line(smtp, &line);
    }
    ss_line_reset(&server->line);
    ss_span_advance(smtp, SS_SERVER, n);
    server->is_lost = true;
    if (server->begun) {
        server->begun->reply.is_cut = true; /* its end may stand behind the hole */
    } else {
        doubt_ledger(smtp);
    }
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
    ss_server_settle(smtp);
}

void
ss_server_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin)
{
    if (!hold_greeting(smtp, bytes, origin)) {
        ss_span_set_offset(smtp, SS_SERVER, ss_smtp_stream_end(smtp, SS_SERVER) - bytes.len);
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
    if (server->begun) {
        ss_arena_clear(&server->begun->arena);
        g_free(server->begun);
    }
}
