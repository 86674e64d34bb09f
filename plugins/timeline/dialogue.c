/*
 * The conversation: an event becomes a line.
 *
 *        0.042  -> EHLO client.a.example
 *        0.063  <- 250 mx.b.example: PIPELINING, STARTTLS            1.71 s  slow
 *
 * `->` is the client and `<-` the server, `~>` and `<~` the same through TLS (swaks' manner); `--`
 * tells a fact about the connection, `!!` one that casts doubt on what is shown. The time is left
 * blank where a line came in the same packet as the one above. A wait stands beside a reply only
 * where it says something: well above the round trip, which every reply takes.
 */
#include "plugins/timeline/timeline.h"

#define NS_PER_MS INT64_C(1000000)
#define TELL_NS (100 * NS_PER_MS)
#define SLOW_NS (1000 * NS_PER_MS)
#define VERY_SLOW_NS (5000 * NS_PER_MS)

void
ss_line_free(SsLine *line)
{
    if (line) {
        g_free(line->text);
        g_free(line->aside);
        g_free(line);
    }
}

/* --- layout --- */

static const char *
mark_text(const SsLine *line)
{
    switch (line->mark) {
    case SS_MARK_SENT:
        return line->is_protected ? "~>" : "->";
    case SS_MARK_GOT:
        return line->is_protected ? "<~" : "<-";
    case SS_MARK_ALARM:
        return "!!";
    default:
        return "--";
    }
}

void
ss_dialogue_put(SsPage *page, const SsLine *line, int64_t start_ns, size_t indent)
{
    int64_t ms = (line->time_ns - start_ns) / NS_PER_MS;
    g_autofree char *time = NULL;

    ms = MAX(ms, 0);
    time = g_strdup_printf("%4" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
    ss_page_pad(page, indent);
    ss_page_put(page, SS_INK_DIM, line->is_together ? "        " : time);
    ss_page_put(page, SS_INK_PLAIN, "  ");
    ss_page_put(page, line->mark == SS_MARK_ALARM ? SS_INK_WARN : SS_INK_DIM, mark_text(line));
    ss_page_put(page, SS_INK_PLAIN, " ");
    ss_page_wrap(page, line->ink, line->text, page->column + 4, line->aside_ink, line->aside);
}

/* --- time --- */

/* The stretch since the event before, which ended with something of this kind. */
void
ss_dialogue_spend(SsTold *told, SsSpent on, int64_t until_ns)
{
    if (until_ns > told->last_ns) {
        told->spent_ns[on] += until_ns - told->last_ns;
        told->last_ns = until_ns;
    }
}

static char *
wait_aside(const SsTold *told, int64_t latency_ns, bool is_verbose, SsInk *ret_ink)
{
    GString *aside;

    *ret_ink = SS_INK_DIM;
    if (latency_ns == SS_TIME_NONE ||
        (!is_verbose && (latency_ns < TELL_NS || latency_ns < 2 * told->round_trip_ns))) {
        return NULL;
    }
    aside = g_string_new(NULL);
    ss_words_duration(aside, latency_ns);
    if (latency_ns >= VERY_SLOW_NS) {
        g_string_append(aside, "  VERY SLOW");
        *ret_ink = SS_INK_BAD;
    } else if (latency_ns >= SLOW_NS) {
        g_string_append(aside, "  slow");
        *ret_ink = SS_INK_WARN;
    }
    return g_string_free(aside, FALSE);
}

/* --- events to lines --- */

/* A session's end that no packet brought has the time of its last packet, and waits may have been
 * told since. */
static bool
is_cut_off(const SsEvent *event)
{
    return event->type == SS_EVENT_NOTE && event->note.kind == SS_NOTE_CLOSED &&
           !ss_slice_eq(event->note.text, SS_SLICE("fin")) &&
           !ss_slice_eq(event->note.text, SS_SLICE("reset"));
}

/* After TURN it is the other end that sends commands. */
static SsMark
mark_of_end(const SsTold *told, SsMark mark)
{
    if (!told->is_turned || (mark != SS_MARK_SENT && mark != SS_MARK_GOT)) {
        return mark;
    }
    return mark == SS_MARK_SENT ? SS_MARK_GOT : SS_MARK_SENT;
}

bool
ss_dialogue_say(SsTimeline *self, SsTold *told, const SsEvent *event, SsMark mark, SsInk ink,
                char *text, SsInk aside_ink, char *aside)
{
    SsLine *line = g_new0(SsLine, 1);
    bool has_voice = mark == SS_MARK_SENT || mark == SS_MARK_GOT;

    /* A message's time is that of its MAIL, a finding's that of its cause: here they stand where
     * they became known. */
    line->time_ns = MAX(event->time_ns, told->heard_ns);
    if (self->is_live && is_cut_off(event)) {
        line->time_ns = MAX(line->time_ns, told->wait_ns);
    }
    line->mark = mark_of_end(told, mark);
    line->is_protected = has_voice && told->is_encrypted;
    line->is_together =
        has_voice && told->has_line && told->last_mark == mark && told->last_frame == event->frame;
    line->ink = ink;
    line->text = text;
    line->aside_ink = aside_ink;
    line->aside = aside;
    line->size = SS_LINE_SIZE + strlen(text) + (aside ? strlen(aside) : 0);
    told->has_line = true;
    told->last_mark = mark;
    told->last_frame = event->frame;
    return ss_lines_add(self, told, line);
}

bool
ss_dialogue_fact(SsTimeline *self, SsTold *told, const SsEvent *event, char *text)
{
    return ss_dialogue_say(self, told, event, SS_MARK_FACT, SS_INK_DIM, text, SS_INK_PLAIN, NULL);
}

bool
ss_dialogue_alarm(SsTimeline *self, SsTold *told, const SsEvent *event, char *text)
{
    return ss_dialogue_say(self, told, event, SS_MARK_ALARM, SS_INK_WARN, text, SS_INK_PLAIN, NULL);
}

/* Bytes of one text: some rows of it, behind the time and the mark. */
size_t
ss_dialogue_shown_max(const SsTimeline *self)
{
    return self->is_verbatim ? 16 * SS_SHOWN_MAX
                             : MIN(SS_SHOWN_ROWS * (size_t)(self->width - 20) - 24, SS_SHOWN_MAX);
}

/* --- chunks of one size, on one line --- */

void
ss_dialogue_end_chunks(SsTold *told)
{
    g_free(told->chunks.reply);
    told->chunks = (SsToldChunks){NULL, NULL, 0, 0, 0, NULL};
}

/* "BDAT 129": one of maybe many. */
static bool
is_chunk(const SsEventCommand *command, uint64_t *ret_size)
{
    SsSlice digits = command->argument;
    uint64_t size = 0;

    if (!ss_slice_eq(command->verb, SS_SLICE("BDAT")) || digits.len == 0 || digits.len > 18) {
        return false;
    }
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9') {
            return false;
        }
        size = size * 10 + (digits.data[i] - '0');
    }
    *ret_size = size;
    return true;
}

/* Whether a further chunk needs no line of its own. */
static bool
fold_chunk(SsTimeline *self, SsTold *told, const SsEventCommand *command, bool has_aside)
{
    SsToldChunks *chunks = &told->chunks;
    uint64_t size;
    GString *text;

    if (self->is_live || self->is_verbatim || has_aside || !chunks->sent ||
        !is_chunk(command, &size) || size != chunks->size) {
        return false;
    }
    chunks->n++;
    text = g_string_new("BDAT ");
    g_string_append_printf(text, "%" PRIu64 " … ", size);
    ss_words_count(text, chunks->n);
    g_string_append(text, " times, ");
    ss_words_counted(text, size * chunks->n, "byte", "bytes");
    g_free(chunks->sent->text);
    chunks->sent->text = g_string_free(text, FALSE);
    return true;
}

/* The line just said is a chunk's, and may be the first of many; another command ends them, BDAT
 * LAST when the replies to those before it have come. */
static void
begin_chunks(SsTold *told, const SsEventCommand *command)
{
    uint64_t size;

    if (is_chunk(command, &size)) {
        ss_dialogue_end_chunks(told);
        told->chunks.sent = told->last_line;
        told->chunks.size = size;
        told->chunks.n = 1;
    } else if (ss_slice_eq(command->verb, SS_SLICE("BDAT"))) {
        told->chunks.sent = NULL;
    } else {
        ss_dialogue_end_chunks(told);
    }
}

/* `text` is the reply as it would be shown. Whether it needs no line of its own. */
static bool
fold_chunk_reply(SsTold *told, const char *text)
{
    SsToldChunks *chunks = &told->chunks;
    GString *all;

    if (!chunks->got) {
        return false;
    }
    chunks->n_replies++;
    if (chunks->reply && strcmp(chunks->reply, text) != 0) {
        g_clear_pointer(&chunks->reply, g_free);
    }
    all = g_string_new(chunks->reply ? chunks->reply : "250");
    g_string_append(all, " … ");
    ss_words_count(all, chunks->n_replies);
    g_string_append(all, " times");
    g_free(chunks->got->text);
    chunks->got->text = g_string_free(all, FALSE);
    return true;
}

/* `verbs` ends with NULL. */
static bool
is_one_of(SsSlice verb, const char *const *verbs)
{
    for (; *verbs; verbs++) {
        if (ss_slice_eq(verb, ss_slice_str(*verbs))) {
            return true;
        }
    }
    return false;
}

static const char *const hellos[] = {"EHLO", "HELO", "LHLO", NULL};
static const char *const giving_up[] = {"RSET", "QUIT", "EHLO", "HELO", "LHLO", "STARTTLS", NULL};

/* What the client did not wait out any longer is a wait all the same. */
static SsSpent
command_spends(const SsTold *told, const SsEventCommand *command)
{
    if (!told->has_banner && told->is_connected) {
        return SS_SPENT_BANNER;
    }
    if (!command->pipelined) {
        return SS_SPENT_CLIENT;
    }
    return told->awaits_answer ? SS_SPENT_ANSWER : SS_SPENT_REPLIES;
}

static bool
command(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventCommand *command = &event->command;
    GString *text = g_string_new(NULL);
    int64_t idle_ns = event->time_ns - told->last_ns;
    bool is_same_packet =
        told->has_line && told->last_mark == SS_MARK_SENT && told->last_frame == event->frame;
    /* Within AUTH a line has no verb; it is masked whole also where what asked for it was lost. */
    bool is_answer = ss_slice_eq(command->verb, SS_SLICE("AUTH")) &&
                     (told->in_login || ss_slice_eq(command->argument, SS_SLICE("********")));
    char *aside = NULL;
    bool ok;

    if (!is_answer) {
        ss_words_append(text, self->host, command->verb, SS_SHOWN_FIELD_MAX);
        g_string_append(text, command->argument.len ? " " : "");
    }
    ss_words_append(text, self->host, command->argument, ss_dialogue_shown_max(self));
    told->in_login = false;
    if (text->len == 0) {
        g_string_append(text, "(an empty line)");
    }
    if (!command->pipelined) {
        told->is_told_together = false;
        if (idle_ns >= SLOW_NS && told->has_dialogue) {
            GString *idle = g_string_new("client idle ");
            ss_words_duration(idle, idle_ns);
            aside = g_string_free(idle, FALSE);
        }
    } else if (!told->is_told_together) {
        told->is_told_together = true;
        aside = g_strdup(is_same_packet ? "sent together" : "sent without waiting");
    }
    ss_dialogue_spend(told, command_spends(told, command), event->time_ns);
    told->has_dialogue = true;
    told->has_banner = true;
    told->in_content = false;
    if (!is_answer) {
        if (self->is_live) {
            ss_wait_begin(told, command->verb);
        }
        told->has_given_up = is_one_of(command->verb, giving_up);
        if (is_one_of(command->verb, hellos)) {
            told->hello_len = command->argument.len;
        }
    }
    if (fold_chunk(self, told, command, aside != NULL)) {
        g_string_free(text, TRUE);
        return true;
    }
    ok = ss_dialogue_say(self, told, event, SS_MARK_SENT, SS_INK_PLAIN, g_string_free(text, FALSE),
                         SS_INK_DIM, aside);
    begin_chunks(told, command);
    return ok;
}

static SsInk
reply_ink(uint64_t code)
{
    switch (code / 100) {
    case 4:
        return SS_INK_WARN;
    case 5:
        return SS_INK_BAD;
    default:
        return SS_INK_PLAIN;
    }
}

/* A line that begins with the enhanced code its fellow lines repeat, without it. */
static SsSlice
without_enhanced(SsSlice line, SsSlice enhanced)
{
    if (enhanced.len && line.len > enhanced.len &&
        ss_slice_eq(ss_slice_sub(line, 0, enhanced.len), enhanced) &&
        line.data[enhanced.len] == ' ') {
        return ss_slice_from(line, enhanced.len + 1);
    }
    return line;
}

/* What has no code is shown as it came. */
static void
append_code(GString *text, const SsEventReply *reply, char separator)
{
    if (reply->code) {
        g_string_append_printf(text, "%03" PRIu64 "%c", reply->code, separator);
    }
}

/*
 * EHLO's as "250 mx.b.example: PIPELINING, SIZE 10485760"; another's lines run on.
 */
static char *
fold(const SsTimeline *self, const SsEventReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    bool is_list = reply->code == 250 && (ss_slice_eq(reply->to, SS_SLICE("EHLO")) ||
                                          ss_slice_eq(reply->to, SS_SLICE("LHLO")));
    size_t max = is_list ? SS_SHOWN_MAX : ss_dialogue_shown_max(self), n_shown = 0;
    GString *text = g_string_new(NULL);

    append_code(text, reply, ' ');
    for (; n_shown < reply->lines.n && text->len < max; n_shown++) {
        SsSlice line = lines[n_shown];
        if (n_shown > 0) {
            line = ss_slice_trim(without_enhanced(line, reply->enhanced));
            g_string_append(text, !is_list ? " " : n_shown == 1 ? ": " : ", ");
        }
        ss_words_append(text, self->host, line, max - MIN(max, text->len));
    }
    if (reply->lines.total > n_shown) {
        g_string_append(text, " … (");
        ss_words_counted(text, reply->lines.total - n_shown, "more line", "more lines");
        g_string_append_c(text, ')');
    }
    while (text->len && text->str[text->len - 1] == ' ') {
        g_string_truncate(text, text->len - 1);
    }
    return g_string_free(text, FALSE);
}

/* The question of a login in words: `334 VXNlcm5hbWU6` asks "Username:". */
static char *
question_of(const SsTimeline *self, const SsEventReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    char base64[128];
    gsize len = 0;
    g_autofree guchar *bytes = NULL;
    g_autofree char *safe = NULL;

    if (reply->code != 334 || reply->lines.n != 1 || lines[0].len == 0 ||
        lines[0].len >= sizeof base64) {
        return NULL;
    }
    memcpy(base64, lines[0].data, lines[0].len);
    base64[lines[0].len] = '\0';
    bytes = g_base64_decode(base64, &len);
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < 0x20 || bytes[i] > 0x7e) {
            return NULL;
        }
    }
    safe = ss_timeline_safe(self, ss_slice(bytes, len), sizeof base64);
    return len ? g_strdup_printf("asks \"%s\"", safe) : NULL;
}

static bool
reply_as_sent(SsTimeline *self, SsTold *told, const SsEvent *event, SsInk aside_ink, char *aside)
{
    const SsEventReply *reply = &event->reply;
    const SsSlice *lines = reply->lines.items;
    bool ok = true;

    for (size_t i = 0; i < reply->lines.n && ok; i++) {
        bool is_last = i + 1 == reply->lines.total;
        GString *text = g_string_new(NULL);
        append_code(text, reply, is_last ? ' ' : '-');
        ss_words_append(text, self->host, lines[i], ss_dialogue_shown_max(self));
        ok = ss_dialogue_say(self, told, event, SS_MARK_GOT, reply_ink(reply->code),
                             g_string_free(text, FALSE), aside_ink,
                             i == 0 ? g_steal_pointer(&aside) : NULL);
    }
    g_free(aside);
    return ok;
}

static SsSpent
reply_spends(const SsTold *told, const SsEventReply *reply)
{
    if (ss_slice_eq(reply->to, SS_SLICE("banner"))) {
        return SS_SPENT_BANNER;
    }
    if (ss_slice_eq(reply->to, SS_SLICE("data"))) {
        return SS_SPENT_ANSWER;
    }
    return told->in_content ? SS_SPENT_CONTENT : SS_SPENT_REPLIES;
}

static bool
reply(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventReply *reply = &event->reply;
    bool is_verbose = self->is_verbatim, is_chunk_reply, is_early, ok;
    char *text;
    SsInk aside_ink;
    char *aside = wait_aside(told, reply->latency_ns, is_verbose, &aside_ink);

    if (ss_slice_eq(reply->to, SS_SLICE("banner")) && reply->code >= 400) {
        g_free(told->turned_away);
        told->turned_away = fold(self, reply);
    }
    if (ss_slice_eq(reply->to, SS_SLICE("STARTTLS")) && reply->code >= 400) {
        g_free(told->tls_refused);
        told->tls_refused = fold(self, reply);
    }
    ss_dialogue_spend(told, reply_spends(told, reply), event->time_ns);
    ss_time_see_reply(told, reply);
    told->has_dialogue = true;
    told->has_banner = true;
    told->in_login = reply->code == 334;
    if (!told->in_login) {
        ss_wait_end(told, reply->to);
    }
    is_early = told->in_content && reply->code != 354;
    if (reply->code == 354) {
        told->in_content = true;
        told->early_line = NULL;
    }
    told->quit_answered |= ss_slice_eq(reply->to, SS_SLICE("QUIT")) || reply->code == 221;
    if (told->is_354 && reply->code / 100 < G_N_ELEMENTS(told->n_answers)) {
        told->n_answers[reply->code / 100]++;
    }
    told->is_354 = reply->code == 354;
    if (is_verbose && reply->lines.n > 1) {
        return reply_as_sent(self, told, event, aside_ink, aside);
    }
    if (!aside) {
        aside = question_of(self, reply);
    }
    text = fold(self, reply);
    is_chunk_reply = !self->is_live && !self->is_quiet && !is_verbose && !aside &&
                     reply->code == 250 && told->chunks.n &&
                     ss_slice_eq(reply->to, SS_SLICE("BDAT"));
    if (is_chunk_reply && fold_chunk_reply(told, text)) {
        g_free(text);
        return true;
    }
    ok = ss_dialogue_say(self, told, event, SS_MARK_GOT, reply_ink(reply->code), text, aside_ink,
                         aside);
    if (is_early && !told->early_line) {
        told->early_line = told->last_line;
    }
    if (is_chunk_reply) {
        told->chunks.got = told->last_line;
        told->chunks.reply = g_strdup(text);
        told->chunks.n_replies = 1;
    }
    return ok;
}

static bool
tls(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventTls *tls = &event->tls;
    GString *text = g_string_new(NULL);

    ss_dialogue_spend(told, SS_SPENT_TLS, event->time_ns);
    told->is_encrypted = true;
    told->is_unread = !tls->decrypted;
    ss_words_append(text, self->host, tls->version.len ? tls->version : SS_SLICE("TLS"), 32);
    if (tls->cipher.len) {
        g_string_append_c(text, ' ');
        ss_words_append(text, self->host, tls->cipher, 64);
    }
    g_string_append(text, tls->decrypted ? ", read with the session's keys" : ", not decrypted");
    return ss_dialogue_fact(self, told, event, g_string_free(text, FALSE));
}

static bool
auth(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    bool is_shown =
        auth->security == SS_SECURITY_NONE &&
        (auth->secret_kind == SS_SECRET_PASSWORD || auth->secret_kind == SS_SECRET_TOKEN);

    if (!is_shown) {
        return true; /* the dialogue tells it */
    }
    return ss_dialogue_alarm(
        self, told, event,
        g_strdup_printf("the %s above was readable by anyone on the way",
                        auth->secret_kind == SS_SECRET_TOKEN ? "token" : "password"));
}

/* Live and in a transcript; else a finding stands above the dialogue. */
static bool
finding(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    g_autofree char *id = ss_timeline_safe(self, event->finding.id, 64);
    g_autofree char *summary = ss_timeline_safe(self, event->finding.summary, SS_SHOWN_MAX);
    static const char *const names[] = {"info", "low", "medium", "HIGH"};
    int severity = CLAMP(event->finding.severity, SS_SEVERITY_INFO, SS_SEVERITY_HIGH);
    char *text = g_strdup_printf("%s %s: %s", names[severity], id, summary);

    return severity == SS_SEVERITY_INFO ? ss_dialogue_fact(self, told, event, text)
                                        : ss_dialogue_alarm(self, told, event, text);
}

static bool
message(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    SsInk ink;
    g_autofree char *verdict = ss_verdict_of_message(self, told, &event->message, &ink);

    return ss_dialogue_say(self, told, event, SS_MARK_FACT, ink,
                           g_strdup_printf("message %" PRIu64 " %s", event->message.index, verdict),
                           SS_INK_PLAIN, NULL);
}

bool
ss_dialogue_event(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    bool tells_all = self->is_live || self->format == SS_FORMAT_TRANSCRIPT;

    switch (event->type) {
    case SS_EVENT_COMMAND:
        return command(self, told, event);
    case SS_EVENT_REPLY:
        return reply(self, told, event);
    case SS_EVENT_NOTE:
        return ss_dialogue_note(self, told, event);
    case SS_EVENT_TLS:
        return tls(self, told, event);
    case SS_EVENT_AUTH:
        return auth(self, told, event);
    case SS_EVENT_FINDING:
        return !tells_all || finding(self, told, event);
    case SS_EVENT_MESSAGE:
        return tells_all ? message(self, told, event)
                         : ss_dialogue_content_so_far(self, told, &event->message);
    default:
        return true;
    }
}
