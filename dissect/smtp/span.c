#include "dissect/smtp/span.h"

#define HTTP_STATUS_LEN (sizeof "HTTP/1.1 407" - 1)
#define TEXT_MAX 1024 /* of a line; no more of it is ever shown */

void
ss_span_set_offset(SsSmtp *smtp, SsDirection direction, uint64_t offset)
{
    if (ss_smtp_wants(smtp, SS_EVENT_SPAN)) {
        ss_smtp_extra(smtp)->offset[direction] = offset;
    }
}

void
ss_span_advance(SsSmtp *smtp, SsDirection direction, uint64_t n)
{
    if (ss_smtp_wants(smtp, SS_EVENT_SPAN)) {
        ss_smtp_extra(smtp)->offset[direction] += n;
    }
}

uint64_t
ss_span_offset(const SsSmtp *smtp, SsDirection direction)
{
    return smtp->extra ? smtp->extra->offset[direction] : 0;
}

static bool
is_wanted(const SsSmtp *smtp)
{
    return ss_smtp_wants(smtp, SS_EVENT_SPAN) &&
           (smtp->connection->on_server_port || smtp->speech == SS_SPEECH_SMTP);
}

static void
emit(SsSmtp *smtp, const SsEventSpan *span, const SsOrigin *origin)
{
    SsEvent event;

    ss_smtp_event(smtp, &event, SS_EVENT_SPAN, origin);
    event.span = *span;
    event.span.direction = (int)ss_smtp_turned(smtp, (SsDirection)span->direction);
    event.span.began = smtp->connection->first.frame;
    event.span.text = ss_slice_sub(span->text, 0, TEXT_MAX);
    ss_smtp_emit(smtp, &event);
}

static SsEventSpan
span_of_line(const SsSmtp *smtp, SsSpanKind kind, SsDirection direction, const SsLine *line)
{
    uint64_t end = ss_span_offset(smtp, direction);

    return (SsEventSpan){
        .kind = (int)kind,
        .direction = (int)direction,
        .offset = end - MIN(line->size, end),
        .len = line->size,
        .text = line->text,
    };
}

/* From byte `at` of the line to its end is secret. */
static void
hide_from(SsEventSpan *span, size_t at)
{
    span->secret = span->offset + MIN(at, span->len);
    span->secret_len = span->offset + span->len - span->secret;
}

/* --- lines of the client --- */

void
ss_span_command(SsSmtp *smtp, const SsLine *line, const SsCommandLine *command, SsSlice argument)
{
    SsArena arena = {0};
    SsEventSpan span;
    SsSlice name = command->name, raw = ss_command_parse(line->text).argument;
    bool is_name_shown = ss_slice_is_null(raw) || !ss_slice_is_null(command->argument);
    uint8_t *text;

    if (!is_wanted(smtp)) {
        return;
    }
    span = span_of_line(smtp, SS_SPAN_COMMAND, SS_CLIENT, line);
    is_name_shown = is_name_shown && ss_slice_eq(name, ss_slice_sub(line->text, 0, name.len));
    if (!is_name_shown || !ss_slice_eq(argument, raw)) {
        size_t same = 0;
        while (same < argument.len && same < raw.len && argument.data[same] == raw.data[same]) {
            same++;
        }
        hide_from(&span, is_name_shown ? (size_t)(raw.data - line->text.data) + same : 0);
        text = ss_arena_alloc(&arena, name.len + 1 + argument.len);
        if (name.len) {
            memcpy(text, name.data, name.len);
        }
        if (argument.len) {
            text[name.len] = ' ';
            memcpy(text + name.len + 1, argument.data, argument.len);
        }
        span.text = ss_slice(text, name.len + (argument.len ? 1 + argument.len : 0));
    }
    emit(smtp, &span, &line->last);
    ss_arena_clear(&arena);
}

void
ss_span_step(SsSmtp *smtp, const SsLine *line, SsSlice shown)
{
    SsEventSpan span;

    if (!is_wanted(smtp)) {
        return;
    }
    span = span_of_line(smtp, SS_SPAN_AUTH, SS_CLIENT, line);
    if (!ss_slice_eq(shown, line->text)) {
        hide_from(&span, 0);
    }
    span.text = shown;
    emit(smtp, &span, &line->last);
}

/* One word that may be base64: of what was not understood, as a step of a login may be. */
static bool
may_be_step(SsSlice text)
{
    SsSlice line = ss_slice_trim(text);

    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        if (!ss_ascii_is_alpha(c) && !ss_ascii_is_digit(c) && c != '+' && c != '/' && c != '=') {
            return false;
        }
    }
    return line.len > 0;
}

/* Hides of a line that was not understood what a login may have sent in it. */
static void
mask_unknown(SsSmtp *smtp, SsEventSpan *span, SsArena *arena)
{
    SsCommandLine command = ss_command_parse(span->text);

    if (smtp->factory->options.show_secrets) {
        return;
    }
    if (smtp->is_login_broken || smtp->client.is_behind_gap || smtp->client.is_contested ||
        smtp->client.mode == SS_CLIENT_AUTH || may_be_step(span->text) ||
        !ss_slice_eq(ss_auth_mask_argument(smtp, arena, &command), command.argument)) {
        hide_from(span, 0);
        span->text = SS_SLICE("********");
    }
}

void
ss_span_passed(SsSmtp *smtp, const SsLine *line)
{
    SsEventSpan span;
    SsArena arena = {0};

    if (!is_wanted(smtp)) {
        return;
    }
    span = span_of_line(smtp, SS_SPAN_OTHER, SS_CLIENT, line);
    mask_unknown(smtp, &span, &arena);
    emit(smtp, &span, &line->last);
    ss_arena_clear(&arena);
}

/* --- lines of the server --- */

void
ss_span_reply(SsSmtp *smtp, const SsLine *line, bool is_reply)
{
    SsEventSpan span;
    SsArena arena = {0};
    SsSlice text = line->text;
    SsReply reply = {.lines = {&text, 1, 1}, .cut_lines = line->is_cut};

    if (!is_wanted(smtp)) {
        return;
    }
    span = span_of_line(smtp, is_reply ? SS_SPAN_REPLY : SS_SPAN_OTHER, SS_SERVER, line);
    ss_auth_mask_reply(smtp, &reply, &arena);
    if (!is_reply && smtp->extra && smtp->extra->not_opened &&
        !smtp->factory->options.show_secrets) {
        /* A proxy's answer, with anything in it that the client has sent. */
        size_t shown = ss_slice_starts_nocase(text, SS_SLICE("HTTP/")) ? HTTP_STATUS_LEN : 0;
        hide_from(&span, shown);
        span.text = shown ? ss_slice_sub(text, 0, shown) : SS_SLICE(SS_AUTH_MASK);
    } else if (text.data != line->text.data) {
        hide_from(&span, is_reply ? 4 : 0);
        span.text = text;
    }
    emit(smtp, &span, &line->last);
    ss_arena_clear(&arena);
}

/* --- content --- */

uint64_t
ss_span_content_place(const SsTransaction *transaction)
{
    return transaction ? transaction->event.size + transaction->event.missing_bytes : 0;
}

void
ss_span_content(SsSmtp *smtp, const SsTransaction *transaction, uint64_t offset, uint64_t before,
                bool is_end, const SsOrigin *origin)
{
    uint64_t end = ss_span_offset(smtp, SS_CLIENT), dot = is_end ? MIN(end, 3) : 0; /* `.` CR LF */
    SsEventSpan span = {
        .kind = SS_SPAN_CONTENT,
        .direction = SS_CLIENT,
        .offset = offset,
        .message = transaction ? transaction->event.index : 0,
        .content = before,
        .content_len = ss_span_content_place(transaction) - before,
    };

    if (!is_wanted(smtp)) {
        return;
    }
    span.len = end - dot > offset ? end - dot - offset : 0;
    if (span.len) {
        emit(smtp, &span, origin);
    }
    if (is_end) {
        span.offset = end - dot;
        span.len = dot;
        span.content += span.content_len;
        span.content_len = 0;
        span.text = SS_SLICE(".");
        emit(smtp, &span, origin);
    }
}

/* --- TLS --- */

static const char *
name_of_message(uint8_t type)
{
    static const struct {
        uint8_t type;
        const char *name;
    } names[] = {
        {0, "hello request"},      {1, "client hello"},         {2, "server hello"},
        {4, "new session ticket"}, {5, "end of early data"},    {8, "encrypted extensions"},
        {11, "certificate"},       {12, "server key exchange"}, {13, "certificate request"},
        {14, "server hello done"}, {15, "certificate verify"},  {16, "client key exchange"},
        {20, "finished"},          {22, "certificate status"},  {24, "key update"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].type == type) {
            return names[i].name;
        }
    }
    return "unknown message";
}

static void
append_record(GString *text, const SsTlsRecord *record)
{
    static const char *const types[] = {"change cipher spec", "alert", "handshake",
                                        "application data"};
    unsigned bytes = (unsigned)(record->len - 5);

    if (record->type == 0) {
        g_string_append_printf(text, "not TLS, %u bytes", bytes + 5);
        return;
    }
    if (record->version[0] == 3 && record->version[1] == 0) {
        g_string_append(text, "SSLv3 ");
    } else {
        g_string_append_printf(text, "TLSv1.%d ", record->version[1] - 1);
    }
    g_string_append(text, types[(record->type - 20) & 3]);
    for (size_t i = 0; i < record->n_messages; i++) {
        g_string_append_printf(text, "%s%s", i ? ", " : ": ", name_of_message(record->messages[i]));
    }
    if (record->type == 23) {
        g_string_append_printf(text, ", %u bytes", bytes);
    } else if (record->type == 22 && record->n_messages == 0) {
        g_string_append_printf(text, ", encrypted, %u bytes", bytes);
    }
}

static void
on_record(void *user_data, SsDirection direction, const SsTlsRecord *record, const SsOrigin *origin)
{
    SsSmtp *smtp = user_data;
    g_autoptr(GString) text = g_string_new(NULL);
    SsEventSpan span = {
        .kind = SS_SPAN_TLS,
        .direction = (int)direction,
        .offset = record->offset,
        .len = record->len,
    };

    append_record(text, record);
    span.text = ss_slice(text->str, text->len);
    if (record->type == 0 && direction == SS_CLIENT && !smtp->factory->options.show_secrets) {
        hide_from(&span, 0); /* a login in the clear, perhaps */
    }
    emit(smtp, &span, origin);
}

void
ss_span_watch_tls(SsSmtp *smtp)
{
    if (is_wanted(smtp)) {
        ss_tls_watch(smtp->tls, on_record, smtp);
    }
}

/* --- the end --- */

static void
finish_line(SsSmtp *smtp, SsDirection direction, const SsLineBuffer *buffer)
{
    SsSlice begun = ss_line_begun(buffer);
    SsLine line = {.text = begun, .size = ss_line_size(buffer)};
    SsArena arena = {0};
    SsEventSpan span = span_of_line(smtp, SS_SPAN_OTHER, direction, &line);

    if (!begun.len) {
        return;
    }
    if (direction == SS_CLIENT) {
        SsVerbId verb = ss_command_parse(begun).verb->id;
        mask_unknown(smtp, &span, &arena);
        /* Too little of it has come to say that it was no login. */
        if ((verb == SS_VERB_UNKNOWN || verb == SS_VERB_AUTH || verb == SS_VERB_BURL) &&
            !smtp->factory->options.show_secrets) {
            hide_from(&span, 0);
            span.text = SS_SLICE("********");
        }
    }
    emit(smtp, &span, &smtp->connection->last);
    ss_arena_clear(&arena);
}

void
ss_span_finish(SsSmtp *smtp)
{
    const SsEventSpan end = {.kind = SS_SPAN_END};

    if (!is_wanted(smtp)) {
        return;
    }
    if (!smtp->tls) {
        finish_line(smtp, SS_CLIENT, &smtp->client.line);
        finish_line(smtp, SS_SERVER, &smtp->server.line);
    }
    emit(smtp, &end, &smtp->connection->last);
}
