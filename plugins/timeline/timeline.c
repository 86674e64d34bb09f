/*
 * `timeline`: the default output, for people.
 *
 * Offline a session's lines are kept until its event, so that the verdict can stand above them; the
 * first and the last are kept of a session that is too long. Live each line goes out at once,
 * headed by its session's number, and the verdict follows when the session has ended.
 *
 * The order is that of the questions: did the mail get through, if not why, where did the time go,
 * is anything wrong; below that the dialogue itself.
 */
#include "plugins/timeline/timeline.h"
#include "plugins/timeline/rows.h"

#define NS_PER_S INT64_C(1000000000)

static SsFormat
format_of(const SsHost *host)
{
    static const char *const names[] = {"text", "transcript", "csv", "jsonl"};
    const char *name = host->option_text(host, "format");

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return (SsFormat)i;
        }
    }
    return SS_FORMAT_TEXT;
}

static void *
timeline_open(const SsHost *host, char *err, size_t errlen)
{
    SsFile *file = host->file_open(host, host->dest, err, errlen);
    SsTimeline *self;

    if (!file) {
        return NULL;
    }
    self = g_new0(SsTimeline, 1);
    self->host = host;
    self->file = file;
    self->width = CLAMP(host->file_width(host, file), 60, 240);
    self->has_color = host->file_color(host, file);
    self->format = format_of(host);
    if (self->format == SS_FORMAT_TEXT || self->format == SS_FORMAT_TRANSCRIPT) {
        ss_words_head_secrets(host, file); /* rows have no room for it */
    }
    self->is_verbatim = host->verbosity > 0 || self->format == SS_FORMAT_TRANSCRIPT;
    self->has_resend = host->option_flag(host, "swaks");
    self->is_live = host->is_live;
    self->is_quiet = host->verbosity < 0;
    self->totals.reasons = g_ptr_array_new_with_free_func(ss_reason_free);
    self->totals.ids = g_ptr_array_new_with_free_func(ss_reason_free);
    if (self->format == SS_FORMAT_CSV && !ss_rows_begin(self)) {
        g_snprintf(err, errlen, "it cannot be written");
        (void)host->file_close(host, self->file);
        ss_totals_clear(&self->totals);
        g_free(self);
        return NULL;
    }
    return self;
}

SsPage
ss_timeline_page(const SsTimeline *self)
{
    return (SsPage){g_string_new(NULL), 0, self->width, self->has_color};
}

char *
ss_timeline_safe(const SsTimeline *self, SsSlice text, size_t max)
{
    GString *safe = g_string_new(NULL);

    ss_words_append(safe, self->host, text, max);
    return g_string_free(safe, FALSE);
}

char *
ss_timeline_address(const SsTimeline *self, SsSlice address)
{
    return ss_timeline_safe(self, ss_slice_is_null(address) ? SS_SLICE("(not captured)") : address,
                            SS_SHOWN_FIELD_MAX);
}

bool
ss_timeline_write(SsTimeline *self, SsPage *page)
{
    bool ok = self->host->file_write(self->host, self->file, page->text->str, page->text->len) &&
              (!self->is_live || self->host->file_flush(self->host, self->file));

    g_string_free(page->text, TRUE);
    return ok;
}

/* --- sessions --- */

static void
finding_free(void *data)
{
    SsToldFinding *finding = data;

    g_free(finding->id);
    g_free(finding->summary);
    g_free(finding->frames);
    g_free(finding);
}

static void
begin(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    told->is_begun = true;
    told->number = event->session;
    told->round_trip_ns = -1;
    told->first_ns = event->time_ns;
    told->findings = g_ptr_array_new_with_free_func(finding_free);
    if (event->type == SS_EVENT_NOTE && event->note.kind == SS_NOTE_CONNECTED &&
        (int64_t)event->note.span > 0) {
        told->first_ns -= (int64_t)event->note.span; /* its SYN */
    }
    told->last_ns = told->heard_ns = told->first_ns;
    if (self->is_live && !self->is_quiet && self->watched.length < SS_WATCHED_MAX) {
        told->link.data = told;
        told->is_watched = true;
        g_queue_push_tail_link(&self->watched, &told->link);
    }
}

static void
timeline_session_free(void *data, void *session)
{
    SsTimeline *self = data;
    SsTold *told = session;

    g_free(told->client_ip);
    g_free(told->server_ip);
    g_free(told->end_reason);
    g_free(told->login);
    if (told->resend) {
        g_string_free(told->resend, TRUE);
    }
    if (!told->is_begun) {
        return;
    }
    if (told->is_watched) {
        g_queue_unlink(&self->watched, &told->link);
    }
    ss_lines_clear(self, told);
    self->kept -= told->findings->len * SS_TOLD_FINDING_SIZE;
    g_ptr_array_unref(told->findings);
    g_clear_pointer(&told->remarks, g_ptr_array_unref);
    g_clear_pointer(&told->reasons, g_ptr_array_unref);
    ss_dialogue_end_chunks(told);
    if (told->messages) {
        self->kept -= told->messages->len;
        g_string_free(told->messages, TRUE);
    }
    g_free(told->from);
    g_free(told->to);
    g_free(told->why);
    g_free(told->login_why);
    g_free(told->turned_away);
    g_free(told->unanswered);
    g_free(told->tls_refused);
    g_free(told->tls_alert);
    g_free(told->tls_alert_by);
    g_free(told->awaited);
}

static void
put_messages(SsPage *page, const SsTold *told)
{
    if (!told->messages) {
        return;
    }
    ss_page_end_line(page);
    g_string_append_len(page->text, told->messages->str, (gssize)told->messages->len);
    if (told->messages_left_out) {
        g_autoptr(GString) text = g_string_new("… ");
        ss_words_counted(text, told->messages_left_out, "message", "messages");
        g_string_append(text, " left out …");
        ss_page_pad(page, 2);
        ss_page_wrap(page, SS_INK_WARN, text->str, 2, SS_INK_PLAIN, NULL);
    }
}

static bool
write_session(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    SsPage page = ss_timeline_page(self);
    SsTotals *totals = &self->totals;

    /* What lies before the first event and behind the last one is time spent, too. */
    if (told->first_ns > session->time_ns) {
        told->spent_ns[SS_SPENT_CONNECT] += told->first_ns - session->time_ns;
    }
    if (session->end_ns > told->last_ns) {
        told->spent_ns[told->in_content ? SS_SPENT_CONTENT : SS_SPENT_END] +=
            session->end_ns - told->last_ns;
    }
    totals->sessions++;
    if (session->client.bytes == 0 && session->server.bytes == 0) {
        totals->wordless++;
    } else if (session->state == SS_STATE_NOT_SMTP) {
        totals->not_smtp++;
    } else {
        totals->by_security[session->security % 3]++;
    }
    totals->unread += told->is_unread || session->state == SS_STATE_ENCRYPTED;
    ss_dialogue_explain_reset(told, session);
    if (!self->is_live) {
        ss_dialogue_tell_stuck(self, told, session);
    }
    ss_verdict_count_findings(self, told, session);
    if (self->is_quiet && ss_verdict_is_plain(self, told, session)) {
        return ss_timeline_write(self, &page);
    }
    if (self->format == SS_FORMAT_TRANSCRIPT && self->is_live && !self->is_quiet) {
        return ss_timeline_write(self, &page); /* it stands there */
    }
    if (self->has_written || (self->is_live && !self->is_quiet)) {
        ss_page_end_line(&page);
    }
    if (self->format == SS_FORMAT_TRANSCRIPT) {
        ss_transcript_put_session(self, &page, told, session);
        self->has_written = true;
        return ss_timeline_write(self, &page);
    }
    ss_verdict_put_head(self, &page, told, event);
    self->has_written = true;
    if (self->is_quiet) {
        ss_verdict_put_findings(&page, told, session, true);
        return ss_timeline_write(self, &page);
    }
    put_messages(&page, told);
    ss_resend_put(self, &page, told, session);
    ss_verdict_put_findings(&page, told, session, false);
    ss_lines_put(&page, told, MIN(session->time_ns, told->first_ns));
    return ss_timeline_write(self, &page);
}

static bool
write_summary(SsTimeline *self, const SsEvent *event)
{
    SsPage page = ss_timeline_page(self);

    if (self->has_written || (self->is_live && !self->is_quiet)) {
        ss_page_end_line(&page);
    }
    ss_summary_put(self, &page, event);
    return ss_timeline_write(self, &page);
}

/* -q tells only what did not arrive. */
static bool
write_delivery(SsTimeline *self, const SsEvent *event)
{
    SsPage page;

    if (self->is_quiet && event->delivery.outcome == SS_OUTCOME_ACCEPTED) {
        return true;
    }
    page = ss_timeline_page(self);
    if (self->has_written || (self->is_live && !self->is_quiet)) {
        ss_page_end_line(&page);
    }
    ss_delivery_put(self, &page, event);
    self->has_written = true;
    return ss_timeline_write(self, &page);
}

static bool
timeline_event(void *data, void *session, const SsHost *host, const SsEvent *event)
{
    SsTimeline *self = data;
    SsTold *told = session;

    (void)host;
    if (self->format == SS_FORMAT_CSV || self->format == SS_FORMAT_JSONL) {
        return ss_rows_event(self, told, event);
    }
    if (event->type == SS_EVENT_CAPTURE) {
        return self->format == SS_FORMAT_TRANSCRIPT || write_summary(self, event);
    }
    if (event->type == SS_EVENT_DELIVERY) {
        return self->format == SS_FORMAT_TRANSCRIPT || write_delivery(self, event);
    }
    if (!told) {
        return true;
    }
    if (!told->is_begun) {
        begin(self, told, event);
    }
    told->heard_ns = MAX(told->heard_ns, event->time_ns);
    told->n_waits_told = 0;
    switch (event->type) {
    case SS_EVENT_SESSION:
        return write_session(self, told, event);
    case SS_EVENT_MESSAGE:
        ss_verdict_message(self, told, event);
        ss_resend_see_message(self, told, event);
        break;
    case SS_EVENT_AUTH:
        ss_verdict_auth(self, told, event);
        ss_resend_see_login(self, told, &event->auth);
        break;
    case SS_EVENT_TLS:
        ss_verdict_tls(self, told, event);
        break;
    case SS_EVENT_FINDING:
        ss_verdict_finding(self, told, event);
        break;
    default:
        break;
    }
    return ss_dialogue_event(self, told, event);
}

/* --- waits, live --- */

/* 5, 10, 20, 40, 60 s, then each minute. */
static int64_t
wait_ns(unsigned n_told)
{
    static const int64_t first_s[] = {5, 10, 20, 40};

    return NS_PER_S * (n_told < G_N_ELEMENTS(first_s)
                           ? first_s[n_told]
                           : 60 * (int64_t)(n_told - G_N_ELEMENTS(first_s) + 1));
}

static bool
tell_wait(SsTimeline *self, SsTold *told, int64_t now_ns)
{
    int64_t waited_ns = now_ns - told->heard_ns;
    g_autofree char *what = NULL;
    SsLine line = {.time_ns = now_ns, .mark = SS_MARK_FACT, .ink = SS_INK_WARN};
    bool ok = true;

    if (waited_ns < wait_ns(told->n_waits_told)) {
        return true;
    }
    while (waited_ns >= wait_ns(told->n_waits_told)) {
        told->n_waits_told++;
    }
    what = ss_wait_text(told);
    if (what) {
        told->wait_ns = now_ns;
        line.text = g_strdup_printf("waiting %" PRId64 " s for %s", waited_ns / NS_PER_S, what);
        ok = ss_lines_write(self, told, &line);
        g_free(line.text);
    }
    return ok;
}

static bool
timeline_tick(void *data, const SsHost *host, int64_t now_ns)
{
    SsTimeline *self = data;
    bool ok = true;

    (void)host;
    for (const GList *link = self->watched.head; link && ok; link = link->next) {
        ok = tell_wait(self, link->data, now_ns);
    }
    return ok;
}

static bool
timeline_close(void *data, const SsHost *host)
{
    SsTimeline *self = data;
    bool ok = host->file_close(host, self->file);

    ss_totals_clear(&self->totals);
    g_free(self);
    return ok;
}

static const SsOption timeline_options[] = {
    {.key = "format",
     .type = SS_OPTION_CHOICE,
     .fallback = "text",
     .choices = "text|transcript|csv|jsonl",
     .help = "`transcript`: the dialogues in swaks' manner; `csv`, `jsonl`: one row an event, as "
             "Timesketch imports them"},
    {.key = "swaks",
     .type = SS_OPTION_FLAG,
     .fallback = "no",
     .help = "for each message a swaks command that sends it again, from the file that `eml` "
             "writes (`text` only)"},
    {.key = NULL},
};

const SsPlugin ss_plugin_timeline = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "timeline",
    .summary = "for people: each session as a conversation, its verdict first",
    .options = timeline_options,
    .wants = SS_WANT(SS_EVENT_SESSION) | SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_AUTH) |
             SS_WANT(SS_EVENT_TLS) | SS_WANT(SS_EVENT_COMMAND) | SS_WANT(SS_EVENT_REPLY) |
             SS_WANT(SS_EVENT_FINDING) | SS_WANT(SS_EVENT_DELIVERY) | SS_WANT(SS_EVENT_CAPTURE) |
             SS_WANT(SS_EVENT_NOTE),
    .needs = SS_NEED_MIME,
    .session_state = sizeof(SsTold),
    .open = timeline_open,
    .event = timeline_event,
    .tick = timeline_tick,
    .close = timeline_close,
    .session_free = timeline_session_free,
    .session_cost = ss_timeline_cost,
};
