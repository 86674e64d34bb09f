/*
 * A session's head: what a person wants to know first. Its first line is the verdict; below it who,
 * when, and what else matters.
 */
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 4
#define VALUE_COLUMN 14
/* Names are not cut shorter than this. */
#define NAME_CELLS_MIN 12

static void
put_row(SsPage *page, SsInk ink, const char *label, const char *value)
{
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, label);
    ss_page_pad(page, VALUE_COLUMN);
    ss_page_wrap(page, ink, value, VALUE_COLUMN, SS_INK_PLAIN, NULL);
}

/* A name in at most `cells`, and how long it was where it is cut. */
static void
append_name(GString *text, const SsTimeline *self, SsSlice name, uint64_t true_len, size_t cells)
{
    g_autofree char *safe = NULL;
    g_autofree char *shown = NULL;
    g_autoptr(GString) size = g_string_new(NULL);

    if (name.len == 0) {
        g_string_append(text, "(no name)");
        return;
    }
    safe = ss_timeline_safe(self, name, SS_SHOWN_NAME_MAX);
    true_len = MAX(true_len, name.len);
    if (ss_page_cells(safe) > cells || true_len > name.len) {
        g_string_append(size, " (");
        ss_words_counted(size, true_len, "byte", "bytes");
        g_string_append_c(size, ')');
        cells = MAX(cells, size->len + NAME_CELLS_MIN) - size->len;
    }
    shown = ss_page_shorten(safe, cells, 0);
    g_string_append_printf(text, "%s%s", shown, size->str);
}

static void
append_names(GString *text, const SsTimeline *self, const SsEventSession *session,
             uint64_t hello_len, size_t room)
{
    g_autoptr(GString) software = g_string_new(NULL);
    g_autofree char *server = ss_timeline_safe(self, session->server.name, SS_SHOWN_NAME_MAX);
    size_t server_cells = ss_page_cells(server), rest;

    if (session->client.name.len == 0 && session->server.name.len == 0) {
        g_string_append(text, "no names given");
        return;
    }
    if (session->server.software.len) {
        g_autofree char *safe =
            ss_timeline_safe(self, session->server.software, SS_SHOWN_FIELD_MAX);
        g_autofree char *shown = ss_page_shorten(safe, SS_SHOWN_CELLS / 2, 0);
        g_string_append_printf(software, " (%s)", shown);
    }
    rest = room - MIN(room, ss_page_cells(software->str) + 3);
    append_name(text, self, session->client.name, hello_len,
                rest - MIN(rest, MIN(MAX(server_cells, 9), rest / 2)));
    rest = room - MIN(room, ss_page_cells(text->str) + ss_page_cells(software->str) + 3);
    g_string_append(text, " → ");
    append_name(text, self, session->server.name, 0, rest);
    g_string_append(text, software->str);
}

static void
put_ends(const SsTimeline *self, SsPage *page, const SsTold *told, const SsEventSession *session)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) when = g_string_new(NULL);

    ss_words_endpoint(text, self->host, &session->client.at);
    g_string_append(text, " → ");
    ss_words_endpoint(text, self->host, &session->server.at);
    ss_words_time(when, session->time_ns);
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN, SS_INK_PLAIN, when->str);
    g_string_truncate(text, 0);
    g_string_truncate(when, 0);
    ss_words_duration(when, session->duration_ns);
    append_names(text, self, session, told->hello_len,
                 page->width - LABEL_COLUMN - 2 - ss_page_cells(when->str));
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_wrap(page, SS_INK_PLAIN, text->str, LABEL_COLUMN, SS_INK_PLAIN, when->str);
}

static void
put_unread(SsPage *page, const SsEventSession *session)
{
    g_autoptr(GString) text = g_string_new("the client sent ");

    ss_words_counted(text, session->client.bytes, "byte", "bytes");
    g_string_append(text, ", the server ");
    ss_words_count(text, session->server.bytes);
    g_string_append(text,
                    "; dialogue, addresses and mail are encrypted, and are not decrypted here");
    put_row(page, SS_INK_PLAIN, "unseen", text->str);
}

static void
put_missing(SsPage *page, const SsTold *told, const SsEventSession *session)
{
    g_autoptr(GString) text = g_string_new(NULL);
    uint64_t client = MAX(told->missing_bytes[SS_CLIENT], session->client.missing_bytes);
    uint64_t server = MAX(told->missing_bytes[SS_SERVER], session->server.missing_bytes);

    if (!session->from_start) {
        g_string_append(text, "the session's start");
    }
    if (ss_judge_is_unheard(&session->client, &session->server) ||
        ss_judge_is_unheard(&session->server, &session->client)) {
        g_string_append_printf(text, "%severything of the %s", text->len ? ", " : "",
                               session->client.packets == 0 ? "client" : "server");
    }
    client = ss_judge_is_unheard(&session->client, &session->server) ? 0 : client;
    server = ss_judge_is_unheard(&session->server, &session->client) ? 0 : server;
    if (client) {
        g_string_append(text, text->len ? ", " : "");
        ss_words_counted(text, client, "byte", "bytes");
        g_string_append(text, " of the client");
    }
    if (server) {
        g_string_append(text, text->len ? ", " : "");
        ss_words_counted(text, server, "byte", "bytes");
        g_string_append(text, " of the server");
    }
    if (text->len) {
        g_string_append(text, told->lost_bytes[0] || told->lost_bytes[1]
                                  ? ": not captured, or lost on the way"
                                  : " not captured");
        put_row(page, SS_INK_WARN, "missing", text->str);
    }
}

static void
put_end(SsPage *page, const SsTold *told, const SsEventSession *session)
{
    const char *by = told->end_by == SS_CLIENT ? "client" : "server";
    g_autofree char *text = NULL;

    if (told->quit_answered) {
        return;
    }
    switch (session->state) {
    case SS_STATE_CLOSED:
        text = told->end_reason ? g_strdup_printf("the %s closed, without QUIT", by)
                                : g_strdup("closed without QUIT");
        break;
    case SS_STATE_RESET:
        text = told->end_reason
                   ? g_strdup_printf(told->reset_ttl[0]
                                         ? "reset in the %s's name by something in the middle"
                                         : "the %s reset the connection",
                                     by)
                   : g_strdup("reset");
        break;
    case SS_STATE_TIMEOUT:
        text = g_strdup(g_strcmp0(told->end_reason, "reused") == 0
                            ? "replaced by a new connection on the same ports"
                            : "no packets any more, the end was not captured");
        break;
    case SS_STATE_OPEN:
        text = g_strdup("still open when the capture ended");
        break;
    default:
        return;
    }
    put_row(page, SS_INK_PLAIN, "end", text);
}

static void
put_remarks(SsPage *page, const SsTold *told)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; told->remarks && i < told->remarks->len; i++) {
        const SsRemark *remark = g_ptr_array_index(told->remarks, i);
        g_string_truncate(text, 0);
        if (remark->n > 1) {
            ss_words_count(text, remark->n);
            g_string_append(text, " × ");
        }
        g_string_append(text, remark->text);
        put_row(page, strstr(remark->text, "VISIBLE") ? SS_INK_BAD : SS_INK_PLAIN, remark->label,
                text->str);
    }
    if (told->n_remarks_left_out) {
        g_string_assign(text, "… and ");
        ss_words_count(text, told->n_remarks_left_out);
        g_string_append(text, " more");
        put_row(page, SS_INK_PLAIN, "", text->str);
    }
}

void
ss_verdict_put_head(SsTimeline *self, SsPage *page, SsTold *told, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    static const char *const protections[] = {"in the clear", "STARTTLS", "TLS"};
    bool is_talk = session->client.bytes || session->server.bytes;
    g_autofree char *number = g_strdup_printf("#%" PRIu64 " ", event->session);
    const char *protection =
        is_talk && session->state != SS_STATE_NOT_SMTP ? protections[session->security % 3] : NULL;

    ss_page_put(page, SS_INK_STRONG, number);
    ss_page_pad(page, LABEL_COLUMN);
    ss_judge_put(self, page, told, session, protection);
    put_ends(self, page, told, session);
    put_remarks(page, told);
    if (told->tls_alert) {
        put_row(page, SS_INK_WARN, "tls", told->tls_alert_by);
    } else if (ss_judge_has_no_handshake(told, session)) {
        put_row(page, SS_INK_WARN, "tls",
                "the handshake was not finished: look at the server's certificate, and at the TLS "
                "versions and ciphers that both sides allow");
    } else if (told->is_unread || session->state == SS_STATE_ENCRYPTED) {
        put_unread(page, session);
    }
    put_missing(page, told, session);
    put_end(page, told, session);
    ss_time_put(self, page, told, session);
}
