/*
 * `summary`: one page on all that was read, for people, problems first.
 */
#include "plugins/summary/summary.h"

#define TOP_MAX 1000
#define SECTION_WIDTH_MAX 160

static const SsOption summary_options[] = {
    {.key = "top",
     .type = SS_OPTION_COUNT,
     .fallback = "10",
     .help = "rows of each table of hosts, domains and reasons"},
    {.key = "addresses",
     .type = SS_OPTION_COUNT,
     .fallback = "5",
     .help = "rows of each table of senders and recipients; 0 for none"},
    {.key = "sort",
     .type = SS_OPTION_CHOICE,
     .fallback = "count",
     .choices = "count|size",
     .help = "what the tables of hosts, domains and addresses are sorted by"},
    {.key = NULL},
};

static void *
summary_open(const SsHost *host, char *err, size_t errlen)
{
    SsFile *file = host->file_open(host, host->dest, err, errlen);
    SsSummary *self;

    if (!file) {
        return NULL;
    }
    self = g_new0(SsSummary, 1);
    self->host = host;
    self->file = file;
    ss_words_head_secrets(host, file);
    self->width = CLAMP(host->file_width(host, file), 80, SECTION_WIDTH_MAX);
    self->has_color = host->file_color(host, file);
    self->top = (size_t)CLAMP(host->option_count(host, "top"), 1, TOP_MAX);
    self->addresses = (size_t)MIN(host->option_count(host, "addresses"), TOP_MAX);
    self->is_by_size = g_str_equal(host->option_text(host, "sort"), "size");
    ss_top_init(&self->from, SS_TABLE_MAX);
    ss_top_init(&self->to, SS_TABLE_MAX);
    self->spans = g_array_new(FALSE, TRUE, sizeof(SsSpanRow));
    ss_top_init(&self->clients, SS_TABLE_MAX);
    ss_top_init(&self->servers, SS_TABLE_MAX);
    ss_top_init(&self->senders, SS_TABLE_MAX);
    ss_top_init(&self->recipients, SS_TABLE_MAX);
    ss_top_init(&self->refusals, SS_TABLE_MAX);
    ss_top_init(&self->findings, SS_IDS_MAX);
    ss_top_init(&self->remarks, SS_IDS_MAX);
    return self;
}

static bool
summary_event(void *data, void *session, const SsHost *host, const SsEvent *event)
{
    SsSummary *self = data;
    SsPage page;
    bool ok;

    (void)session;
    if (event->type != SS_EVENT_CAPTURE) {
        ss_summary_count(self, event);
        return true;
    }
    page = (SsPage){g_string_new(NULL), 0, self->width, self->has_color};
    ss_report_put(self, &page, &event->capture);
    ok = host->file_write(host, self->file, page.text->str, page.text->len);
    g_string_free(page.text, TRUE);
    return ok;
}

static bool
summary_close(void *data, const SsHost *host)
{
    SsSummary *self = data;
    SsTop *tops[] = {&self->clients,    &self->servers,  &self->senders,
                     &self->recipients, &self->refusals, &self->findings,
                     &self->remarks,    &self->from,     &self->to};
    bool ok = host->file_close(host, self->file);

    for (size_t i = 0; i < G_N_ELEMENTS(tops); i++) {
        ss_top_clear(tops[i]);
    }
    for (size_t i = 0; i < self->n_slowest; i++) {
        g_free(self->slowest[i].to);
    }
    g_array_unref(self->spans);
    g_free(self);
    return ok;
}

const SsPlugin ss_plugin_summary = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "summary",
    .summary = "for people: totals, hours, hosts, refusals, findings, and how good the capture is",
    .options = summary_options,
    .wants = SS_WANT(SS_EVENT_SESSION) | SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_AUTH) |
             SS_WANT(SS_EVENT_REPLY) | SS_WANT(SS_EVENT_FINDING) | SS_WANT(SS_EVENT_DELIVERY) |
             SS_WANT(SS_EVENT_CAPTURE) | SS_WANT(SS_EVENT_NOTE),
    .open = summary_open,
    .event = summary_event,
    .close = summary_close,
    .dest = SS_DEST_FILE,
    .notes = SS_NOTES(SS_NOTE_GAP) | SS_NOTES(SS_NOTE_RESET) | SS_NOTES(SS_NOTE_CONFLICT),
};
