/*
 * Rows for Timesketch. Both formats have the same columns; CSV shows all of them, JSONL those that
 * an event has. Texts off the wire are made safe first, so no cell has a control character.
 *
 * A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula: in CSV an
 * apostrophe stands before it.
 */
#include "plugins/timeline/rows.h"

/* Bytes of a text; more than 32,766 Timesketch's search would leave out. */
#define CELL_MAX 8192
/* Recipients named. */
#define RECIPIENTS_SHOWN 100

typedef enum {
    COLUMN_MESSAGE,
    COLUMN_DATETIME,
    COLUMN_DESC,
    COLUMN_TIMESTAMP,
    COLUMN_TYPE,
    COLUMN_UID,
    COLUMN_SESSION,
    COLUMN_FRAME,
    COLUMN_CLIENT_IP,
    COLUMN_CLIENT_PORT,
    COLUMN_SERVER_IP,
    COLUMN_SERVER_PORT,
    COLUMN_CLIENT_NAME,
    COLUMN_SERVER_NAME,
    COLUMN_SECURITY,
    COLUMN_INDEX,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_SUBJECT,
    COLUMN_MESSAGE_ID,
    COLUMN_QUEUE_ID,
    COLUMN_SIZE,
    COLUMN_OUTCOME,
    COLUMN_VERB,
    COLUMN_CODE,
    COLUMN_ENHANCED,
    COLUMN_MECHANISM,
    COLUMN_USER,
    COLUMN_ID,
    COLUMN_SEVERITY,
    COLUMN_DURATION,
    N_COLUMNS,
} Column;

static const struct {
    const char *name;
    bool is_number;
} columns[N_COLUMNS] = {
    [COLUMN_MESSAGE] = {"message", false},
    [COLUMN_DATETIME] = {"datetime", false},
    [COLUMN_DESC] = {"timestamp_desc", false},
    [COLUMN_TIMESTAMP] = {"timestamp", true},
    [COLUMN_TYPE] = {"data_type", false},
    [COLUMN_UID] = {"uid", false},
    [COLUMN_SESSION] = {"session", true},
    [COLUMN_FRAME] = {"frame", true},
    [COLUMN_CLIENT_IP] = {"client_ip", false},
    [COLUMN_CLIENT_PORT] = {"client_port", true},
    [COLUMN_SERVER_IP] = {"server_ip", false},
    [COLUMN_SERVER_PORT] = {"server_port", true},
    [COLUMN_CLIENT_NAME] = {"client_name", false},
    [COLUMN_SERVER_NAME] = {"server_name", false},
    [COLUMN_SECURITY] = {"security", false},
    [COLUMN_INDEX] = {"message_index", true},
    [COLUMN_FROM] = {"sender", false},
    [COLUMN_TO] = {"recipients", false},
    [COLUMN_SUBJECT] = {"subject", false},
    [COLUMN_MESSAGE_ID] = {"message_id", false},
    [COLUMN_QUEUE_ID] = {"queue_id", false},
    [COLUMN_SIZE] = {"size", true},
    [COLUMN_OUTCOME] = {"outcome", false},
    [COLUMN_VERB] = {"verb", false},
    [COLUMN_CODE] = {"code", true},
    [COLUMN_ENHANCED] = {"enhanced", false},
    [COLUMN_MECHANISM] = {"mechanism", false},
    [COLUMN_USER] = {"username", false},
    [COLUMN_ID] = {"finding", false},
    [COLUMN_SEVERITY] = {"severity", false},
    [COLUMN_DURATION] = {"duration", true},
};

static const char *const outcomes[] = {"accepted", "rejected", "deferred", "incomplete", "unknown"};
static const char *const securities[] = {"none", "starttls", "smtps"};

typedef struct {
    const SsTimeline *timeline;
    GString *cells[N_COLUMNS]; /* NULL: nothing */
} Row;

/* --- cells --- */

static GString *
cell(Row *row, Column column)
{
    if (!row->cells[column]) {
        row->cells[column] = g_string_new(NULL);
    }
    return row->cells[column];
}

static void
put_wire(Row *row, Column column, SsSlice text)
{
    if (text.len) {
        ss_words_append(cell(row, column), row->timeline->host, text, CELL_MAX);
    }
}

static void
put_word(Row *row, Column column, const char *word)
{
    g_string_append(cell(row, column), word);
}

static void
put_number(Row *row, Column column, uint64_t n)
{
    g_string_append_printf(cell(row, column), "%" PRIu64, n);
}

static void
put_seconds(Row *row, int64_t ns)
{
    if (ns != SS_TIME_NONE) {
        g_string_append_printf(cell(row, COLUMN_DURATION), "%" PRId64 ".%06d", ns / 1000000000,
                               (int)(ns % 1000000000 / 1000));
    }
}

static void
put_time(Row *row, int64_t ns)
{
    int64_t s = ns / 1000000000, us = ns % 1000000000 / 1000;
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(s);
    g_autofree char *text = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : NULL;

    g_string_append_printf(cell(row, COLUMN_DATETIME), "%s.%06d+00:00",
                           text ? text : "1970-01-01T00:00:00", (int)us);
    g_string_append_printf(cell(row, COLUMN_TIMESTAMP), "%" PRId64, s * 1000000 + us);
}

static void
put_endpoints(Row *row, const SsEndpoint *client, const SsEndpoint *server)
{
    put_wire(row, COLUMN_CLIENT_IP, client->ip);
    put_wire(row, COLUMN_SERVER_IP, server->ip);
    put_number(row, COLUMN_CLIENT_PORT, client->port);
    put_number(row, COLUMN_SERVER_PORT, server->port);
}

/* --- events --- */

static void
put_session(Row *row, const SsEventSession *session)
{
    static const char *const states[] = {"complete", "closed",    "reset",   "timeout",
                                         "open",     "encrypted", "not-smtp"};
    GString *text = cell(row, COLUMN_MESSAGE);
    uint64_t n = session->messages.accepted + session->messages.rejected +
                 session->messages.deferred + session->messages.incomplete +
                 session->messages.unknown;

    g_string_append(text, "session ");
    ss_words_endpoint(text, row->timeline->host, &session->client.at);
    g_string_append(text, " to ");
    ss_words_endpoint(text, row->timeline->host, &session->server.at);
    g_string_append_printf(text, ", %s, ", states[session->state % (int)G_N_ELEMENTS(states)]);
    ss_words_counted(text, n, "message", "messages");
    put_wire(row, COLUMN_CLIENT_NAME, session->client.name);
    put_wire(row, COLUMN_SERVER_NAME, session->server.name);
    put_word(row, COLUMN_SECURITY, securities[session->security % 3]);
    put_word(row, COLUMN_OUTCOME, states[session->state % (int)G_N_ELEMENTS(states)]);
    put_seconds(row, session->duration_ns);
}

static void
put_message(Row *row, const SsTold *told, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    GString *text = cell(row, COLUMN_MESSAGE);
    SsInk ink;
    g_autofree char *verdict = ss_verdict_of_message(row->timeline, told, message, &ink);

    put_wire(row, COLUMN_FROM, message->from);
    for (size_t i = 0; i < MIN(message->rcpt.n, RECIPIENTS_SHOWN); i++) {
        put_word(row, COLUMN_TO, i ? " " : "");
        put_wire(row, COLUMN_TO, rcpt[i].address);
    }
    g_string_append_printf(text, "message %" PRIu64 " from <", message->index);
    ss_words_append(text, row->timeline->host, message->from, CELL_MAX);
    g_string_append(text, "> to ");
    ss_words_counted(text, message->rcpt.total, "recipient", "recipients");
    g_string_append_printf(text, ": %s", verdict);
    put_number(row, COLUMN_INDEX, message->index);
    put_wire(row, COLUMN_SUBJECT, message->headers.subject);
    put_wire(row, COLUMN_MESSAGE_ID, message->headers.message_id);
    put_wire(row, COLUMN_QUEUE_ID, message->queue_id);
    put_number(row, COLUMN_SIZE, message->size);
    put_word(row, COLUMN_OUTCOME, outcomes[message->outcome % SS_N_OUTCOMES]);
    put_word(row, COLUMN_SECURITY, securities[message->security % 3]);
    if (message->reply) {
        put_number(row, COLUMN_CODE, message->reply->code);
        put_wire(row, COLUMN_ENHANCED, message->reply->enhanced);
    }
    put_seconds(row, message->delays.total_ns);
}

static void
put_auth(Row *row, const SsEventAuth *auth)
{
    static const char *const results[] = {"success", "failure", "aborted", "unknown"};
    GString *text = cell(row, COLUMN_MESSAGE);

    g_string_append(text, "login of ");
    ss_words_append(text, row->timeline->host,
                    auth->username.len ? auth->username : SS_SLICE("an unknown user"), CELL_MAX);
    g_string_append_printf(text, ": %s", results[auth->outcome & 3]);
    put_wire(row, COLUMN_MECHANISM, auth->mechanism);
    put_wire(row, COLUMN_USER, auth->username);
    put_word(row, COLUMN_OUTCOME, results[auth->outcome & 3]);
    put_word(row, COLUMN_SECURITY, securities[auth->security % 3]);
    if (auth->reply.code) {
        put_number(row, COLUMN_CODE, auth->reply.code);
        put_wire(row, COLUMN_ENHANCED, auth->reply.enhanced);
    }
}

static void
put_command(Row *row, const SsEventCommand *command)
{
    put_word(row, COLUMN_MESSAGE, "client: ");
    put_wire(row, COLUMN_MESSAGE, command->verb);
    put_word(row, COLUMN_MESSAGE, command->argument.len ? " " : "");
    put_wire(row, COLUMN_MESSAGE, command->argument);
    put_wire(row, COLUMN_VERB, command->verb);
}

static void
put_reply(Row *row, const SsEventReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    GString *text = cell(row, COLUMN_MESSAGE);

    g_string_append(text, "server: ");
    if (reply->code) {
        g_string_append_printf(text, "%03" PRIu64, reply->code);
        put_number(row, COLUMN_CODE, reply->code);
    }
    for (size_t i = 0; i < reply->lines.n && text->len < CELL_MAX; i++) {
        g_string_append(text, i ? " / " : " ");
        ss_words_append(text, row->timeline->host, lines[i], CELL_MAX - text->len);
    }
    put_wire(row, COLUMN_ENHANCED, reply->enhanced);
    put_wire(row, COLUMN_VERB, reply->to);
    put_seconds(row, reply->latency_ns);
}

static void
put_finding(Row *row, const SsEventFinding *finding)
{
    static const char *const names[] = {"info", "low", "medium", "high"};

    put_wire(row, COLUMN_MESSAGE, finding->id);
    put_word(row, COLUMN_MESSAGE, ": ");
    put_wire(row, COLUMN_MESSAGE, finding->summary);
    put_wire(row, COLUMN_ID, finding->id);
    put_word(row, COLUMN_SEVERITY, names[finding->severity & 3]);
    if (finding->message) {
        put_number(row, COLUMN_INDEX, finding->message);
    }
}

static void
put_tls(Row *row, const SsEventTls *tls)
{
    put_word(row, COLUMN_MESSAGE, "TLS established: ");
    put_wire(row, COLUMN_MESSAGE, tls->version.len ? tls->version : SS_SLICE("version not known"));
    put_word(row, COLUMN_MESSAGE, " ");
    put_wire(row, COLUMN_MESSAGE, tls->cipher);
    put_word(row, COLUMN_SECURITY, tls->started_by ? "smtps" : "starttls");
}

static void
put_delivery(Row *row, const SsEventDelivery *delivery)
{
    const SsDeliveryRecipient *rcpt = delivery->rcpt.items;
    g_autofree char *verdict = ss_delivery_verdict(delivery);

    g_string_append_printf(cell(row, COLUMN_MESSAGE), "delivery over %" PRIu64 " attempts: %s",
                           delivery->attempts.total, verdict);
    for (size_t i = 0; i < MIN(delivery->rcpt.n, RECIPIENTS_SHOWN); i++) {
        put_word(row, COLUMN_TO, i ? " " : "");
        put_wire(row, COLUMN_TO, rcpt[i].address);
    }
    put_wire(row, COLUMN_FROM, delivery->from);
    put_wire(row, COLUMN_MESSAGE_ID, delivery->message_id);
    put_word(row, COLUMN_OUTCOME, outcomes[delivery->outcome % SS_N_OUTCOMES]);
    put_seconds(row, delivery->total_delay_ns);
}

/* What the time of an event means, in its place in SsEventType; NULL: it has no row. */
static const char *const meanings[SS_N_EVENT_TYPES] = {
    [SS_EVENT_SESSION] = "Session Start",
    [SS_EVENT_MESSAGE] = "Message Sent",
    [SS_EVENT_AUTH] = "Login",
    [SS_EVENT_TLS] = "TLS Handshake",
    [SS_EVENT_COMMAND] = "Client Command",
    [SS_EVENT_REPLY] = "Server Reply",
    [SS_EVENT_FINDING] = "Finding Observed",
    [SS_EVENT_DELIVERY] = "Delivery Start",
};
static const char *const types[SS_N_EVENT_TYPES] = {
    [SS_EVENT_SESSION] = "smtp:session:event", [SS_EVENT_MESSAGE] = "smtp:message:event",
    [SS_EVENT_AUTH] = "smtp:auth:event",       [SS_EVENT_TLS] = "smtp:tls:event",
    [SS_EVENT_COMMAND] = "smtp:command:event", [SS_EVENT_REPLY] = "smtp:reply:event",
    [SS_EVENT_FINDING] = "smtp:finding:event", [SS_EVENT_DELIVERY] = "smtp:delivery:event",
};

static void
put_own(Row *row, const SsTold *told, const SsEvent *event)
{
    switch (event->type) {
    case SS_EVENT_SESSION:
        put_session(row, &event->session_end);
        break;
    case SS_EVENT_MESSAGE:
        put_message(row, told, &event->message);
        break;
    case SS_EVENT_AUTH:
        put_auth(row, &event->auth);
        break;
    case SS_EVENT_TLS:
        put_tls(row, &event->tls);
        break;
    case SS_EVENT_COMMAND:
        put_command(row, &event->command);
        break;
    case SS_EVENT_REPLY:
        put_reply(row, &event->reply);
        break;
    case SS_EVENT_FINDING:
        put_finding(row, &event->finding);
        break;
    case SS_EVENT_DELIVERY:
        put_delivery(row, &event->delivery);
        break;
    default:
        break;
    }
}

static void
put_common(Row *row, const SsTold *told, const SsEvent *event)
{
    put_time(row, MAX(event->time_ns, 0));
    put_word(row, COLUMN_DESC, meanings[event->type]);
    put_word(row, COLUMN_TYPE, types[event->type]);
    put_number(row, COLUMN_FRAME, event->frame);
    if (event->uid) {
        g_string_append_printf(cell(row, COLUMN_UID), "%016" PRIx64, event->uid);
    }
    if (event->session) {
        put_number(row, COLUMN_SESSION, event->session);
    }
    if (event->type == SS_EVENT_SESSION) {
        put_endpoints(row, &event->session_end.client.at, &event->session_end.server.at);
    } else if (event->type == SS_EVENT_AUTH) {
        put_endpoints(row, &event->auth.client, &event->auth.server);
    } else if (told && told->client_ip) {
        SsEndpoint client = {ss_slice_str(told->client_ip), told->client_port};
        SsEndpoint server = {ss_slice_str(told->server_ip), told->server_port};
        put_endpoints(row, &client, &server);
    }
}

/* --- how they are written --- */

static bool
is_formula(const GString *text)
{
    gunichar c = text->len ? g_utf8_get_char(text->str + strspn(text->str, " ")) : 0;

    return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xff1d || c == 0xff0b ||
           c == 0xff0d || c == 0xff20;
}

static void
append_csv(GString *out, const GString *text)
{
    bool is_quoted;

    if (!text) {
        return;
    }
    is_quoted = strpbrk(text->str, ",\"'\\") || is_formula(text);
    g_string_append(out, is_quoted ? "\"" : "");
    g_string_append(out, is_formula(text) ? "'" : "");
    for (const char *c = text->str; *c; c++) {
        g_string_append_c(out, *c);
        if (*c == '"') {
            g_string_append_c(out, '"');
        }
    }
    g_string_append(out, is_quoted ? "\"" : "");
}

static void
append_json(GString *out, const GString *text)
{
    g_string_append_c(out, '"');
    for (const char *c = text->str; *c; c++) {
        if (*c == '"' || *c == '\\') {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static void
append_row(GString *out, const Row *row, bool is_csv)
{
    bool is_first = true;

    g_string_append(out, is_csv ? "" : "{");
    for (int i = 0; i < N_COLUMNS; i++) {
        if (is_csv) {
            g_string_append(out, i ? "," : "");
            append_csv(out, row->cells[i]);
        } else if (row->cells[i]) {
            g_string_append_printf(out, "%s\"%s\":", is_first ? "" : ",", columns[i].name);
            is_first = false;
            if (columns[i].is_number) {
                g_string_append(out, row->cells[i]->str);
            } else {
                append_json(out, row->cells[i]);
            }
        }
    }
    g_string_append(out, is_csv ? "\r\n" : "}\n"); /* RFC 4180 section 2 */
}

bool
ss_rows_begin(SsTimeline *self)
{
    g_autoptr(GString) out = g_string_new(NULL);

    for (int i = 0; i < N_COLUMNS; i++) {
        g_string_append_printf(out, "%s%s", i ? "," : "", columns[i].name);
    }
    g_string_append(out, "\r\n");
    return self->host->file_write(self->host, self->file, out->str, out->len);
}

static void
see_note(SsTimeline *self, SsTold *told, const SsEventNote *note)
{
    if (note->kind == SS_NOTE_CONNECTED && !told->client_ip) {
        told->client_ip = ss_timeline_safe(self, note->client.ip, 64);
        told->server_ip = ss_timeline_safe(self, note->server.ip, 64);
        told->client_port = note->client.port;
        told->server_port = note->server.port;
    } else if (note->kind == SS_NOTE_SLOW) {
        ss_verdict_see_wait(told, note);
    } else if (note->kind == SS_NOTE_CLOSED) {
        g_free(told->end_reason);
        told->end_reason = ss_timeline_safe(self, note->text, 64);
    }
}

bool
ss_rows_event(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    Row row = {self, {NULL}};
    g_autoptr(GString) out = NULL;

    if (event->type == SS_EVENT_NOTE && told) {
        see_note(self, told, &event->note);
    }
    if (!meanings[event->type]) {
        return true;
    }
    out = g_string_new(NULL);
    put_common(&row, told, event);
    put_own(&row, told, event);
    append_row(out, &row, self->format == SS_FORMAT_CSV);
    for (int i = 0; i < N_COLUMNS; i++) {
        if (row.cells[i]) {
            g_string_free(row.cells[i], TRUE);
        }
    }
    return self->host->file_write(self->host, self->file, out->str, out->len);
}
