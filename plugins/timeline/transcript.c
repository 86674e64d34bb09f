/*
 * A dialogue as swaks shows one: a line each, as it was sent, without times. `->` is the client and
 * `<-` the server, `~>` and `<~` the same through TLS, `**` tells what nobody said.
 */
#include "plugins/timeline/timeline.h"

static const char *
mark_of(const SsLine *line)
{
    switch (line->mark) {
    case SS_MARK_SENT:
        return line->is_protected ? "~> " : "-> ";
    case SS_MARK_GOT:
        return line->is_protected ? "<~ " : "<- ";
    default:
        return "** ";
    }
}

void
ss_transcript_put(SsPage *page, const SsLine *line)
{
    ss_page_put(page, SS_INK_DIM, mark_of(line));
    ss_page_put(page, line->ink, line->text);
    ss_page_end_line(page);
}

static void
put_lines(SsPage *page, const GQueue *lines)
{
    for (const GList *link = lines->head; link; link = link->next) {
        ss_transcript_put(page, link->data);
    }
}

void
ss_transcript_put_session(const SsTimeline *self, SsPage *page, const SsTold *told,
                          const SsEventSession *session)
{
    g_autoptr(GString) head = g_string_new(NULL);

    g_string_printf(head, "** #%" PRIu64 " ", told->number);
    ss_words_endpoint(head, self->host, &session->client.at);
    g_string_append(head, " → ");
    ss_words_endpoint(head, self->host, &session->server.at);
    g_string_append(head, ", ");
    ss_words_time(head, session->time_ns);
    ss_page_put(page, SS_INK_STRONG, head->str);
    ss_page_end_line(page);
    put_lines(page, &told->head);
    if (told->left_out) {
        g_string_assign(head, "** … ");
        ss_words_counted(head, told->left_out, "line", "lines");
        g_string_append(head, " left out …");
        ss_page_put(page, SS_INK_WARN, head->str);
        ss_page_end_line(page);
    }
    put_lines(page, &told->tail);
}
