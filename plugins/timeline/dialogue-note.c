/*
 * Lines of the conversation that nobody said: how the connection began and ended, the content, what
 * the capture lacks.
 */
#include "plugins/timeline/timeline.h"

#define NS_PER_S INT64_C(1000000000)

static const char *const side_names[] = {"client", "server"};

static bool
content(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    int64_t first_ns = note->first_ns == SS_TIME_NONE ? event->time_ns : note->first_ns;
    int64_t took_ns = MAX(event->time_ns - first_ns, 0);
    GString *text = g_string_new("content, ");
    GString *aside = NULL;

    ss_words_counted(text, note->span, "byte", "bytes");
    if (took_ns > 0) {
        g_string_append(text, " in ");
        ss_words_duration(text, took_ns);
    }
    if (took_ns >= NS_PER_S) {
        aside = g_string_new(NULL);
        ss_words_count(aside, (uint64_t)((double)note->span / ((double)took_ns / 1e9)));
        g_string_append(aside, " bytes/s");
    }
    ss_dialogue_spend(told, SS_SPENT_CLIENT, first_ns);
    ss_dialogue_spend(told, SS_SPENT_CONTENT, event->time_ns);
    told->contents[note->message % G_N_ELEMENTS(told->contents)] =
        (SsToldContent){note->message, first_ns, event->time_ns};
    told->has_dialogue = true;
    told->in_content = false;
    told->awaits_answer = true;
    return ss_dialogue_say(self, told, event, SS_MARK_SENT, SS_INK_PLAIN,
                           g_string_free(text, FALSE), SS_INK_DIM,
                           aside ? g_string_free(aside, FALSE) : NULL);
}

static bool
connected(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    bool has_trip = (int64_t)note->span >= 0;
    GString *text = g_string_new("connected");

    if (self->is_live) { /* offline the head tells it */
        if (note->client.ip.len) {
            g_string_append_c(text, ' ');
            ss_words_endpoint(text, self->host, &note->client);
            g_string_append(text, " → ");
            ss_words_endpoint(text, self->host, &note->server);
        }
        g_string_append(text, ", ");
        ss_words_time(text, event->time_ns);
    }
    if (has_trip) {
        told->round_trip_ns = (int64_t)note->span;
        g_string_append(text, ", round trip ");
        ss_words_duration(text, told->round_trip_ns);
    }
    told->is_connected = true;
    ss_dialogue_spend(told, SS_SPENT_CONNECT, event->time_ns);
    return ss_dialogue_fact(self, told, event, g_string_free(text, FALSE));
}

static bool
closed(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    g_autofree char *reason = ss_timeline_safe(self, note->text, 64);
    const char *side = side_names[note->direction];

    g_free(told->end_reason);
    told->end_reason = g_strdup(reason);
    told->end_by = note->direction;
    if (strcmp(reason, "reset") == 0) {
        return true; /* has a line of its own */
    }
    if (told->quit_answered && strcmp(reason, "fin") != 0) {
        return ss_dialogue_fact(self, told, event, g_strdup("the close was not captured"));
    }
    if (strcmp(reason, "fin") == 0) {
        return ss_dialogue_fact(self, told, event,
                                g_strdup_printf("closed, by the %s first", side));
    }
    if (strcmp(reason, "timeout") == 0) {
        return ss_dialogue_alarm(self, told, event,
                                 g_strdup("silence: given up waiting for packets"));
    }
    if (strcmp(reason, "capture") == 0) {
        return ss_dialogue_alarm(self, told, event,
                                 g_strdup("the capture ends here, the session did not"));
    }
    if (strcmp(reason, "reused") == 0) {
        return ss_dialogue_alarm(self, told, event,
                                 g_strdup("replaced by a new connection on the same ports"));
    }
    if (strcmp(reason, "evicted") == 0) {
        return ss_dialogue_alarm(self, told, event,
                                 g_strdup("no longer followed, for want of memory"));
    }
    return ss_dialogue_fact(self, told, event, g_strdup_printf("ended (%s)", reason));
}

/* Whether the end of this message's content was told. */
static bool
has_end(const SsTold *told, const SsEventMessage *message)
{
    return told->contents[message->index % G_N_ELEMENTS(told->contents)].message == message->index;
}

bool
ss_dialogue_content_so_far(SsTimeline *self, SsTold *told, const SsEventMessage *message)
{
    SsLine *line;
    GString *text;

    if (!told->end_reason || message->transfer < 0 || message->stage != SS_STAGE_DATA ||
        message->size == 0 || has_end(told, message)) {
        return true;
    }
    text = g_string_new("content, ");
    ss_words_counted(text, message->size, "byte", "bytes");
    g_string_append(text, " so far");
    line = g_new0(SsLine, 1);
    line->mark = SS_MARK_SENT;
    line->is_protected = told->is_encrypted;
    line->is_together = true; /* it came in the course of time */
    line->size = SS_LINE_SIZE + text->len;
    line->text = g_string_free(text, FALSE);
    ss_lines_add_before(self, told, line, told->early_line ? told->early_line : told->end_line);
    return true;
}

static char *
counted_line(const char *before, uint64_t n, const char *after)
{
    GString *text = g_string_new(before);

    ss_words_counted(text, n, "byte", "bytes");
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

/* What is missing, and whose doing that is. */
static bool
gap(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    static const struct {
        const char *cause, *words;
    } causes[] = {
        {"capture", "not captured, though they arrived"},
        {"snap-length", "cut off by the snap length"},
        {"network", "lost on the way, never acknowledged"},
        {"limit", "not waited for any longer: too much had come behind them"},
    };
    const SsEventNote *note = &event->note;
    const char *words = "not captured";
    bool is_inside = note->in_content && note->direction == SS_CLIENT;
    g_autofree char *after = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(causes); i++) {
        if (ss_slice_eq(note->text, ss_slice_str(causes[i].cause))) {
            words = causes[i].words;
        }
    }
    told->is_354 = false;
    told->missing_bytes[note->direction] += note->span;
    self->totals.gaps++;
    self->totals.gap_bytes += note->span;
    if (ss_slice_eq(note->text, SS_SLICE("network"))) {
        told->lost_bytes[note->direction] += note->span;
        self->totals.lost_bytes += note->span;
    }
    after = g_strdup_printf(" of the %s %s%s", side_names[note->direction], words,
                            is_inside ? ", inside the content" : "");
    return ss_dialogue_alarm(self, told, event, counted_line("", note->span, after));
}

/* The wait ends with the session; those that an answer ended stand beside it. */
static bool
unanswered(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    GString *text = g_string_new("no ");

    if (ss_slice_eq(note->verb, SS_SLICE("banner"))) {
        g_string_append(text, "banner");
    } else if (ss_slice_eq(note->verb, SS_SLICE("data"))) {
        g_string_append(text, "answer to the content");
    } else {
        g_string_append(text, "reply to ");
        ss_words_append(text, self->host, note->verb, 32);
    }
    g_string_append(text, " for ");
    ss_words_duration(text, (int64_t)note->span);
    g_free(told->unanswered);
    told->unanswered = g_strdup(text->str);
    if (note->acked_ns != SS_TIME_NONE) {
        g_string_append(text, ", though the server had it");
    }
    return ss_dialogue_alarm(self, told, event, g_string_free(text, FALSE));
}

static bool
note_line(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const char *side = side_names[note->direction];
    g_autofree char *after = NULL;

    switch ((SsNoteKind)note->kind) {
    case SS_NOTE_CONNECTED:
        return connected(self, told, event);
    case SS_NOTE_CONTENT:
        return content(self, told, event);
    case SS_NOTE_CLOSED:
        return closed(self, told, event);
    case SS_NOTE_GAP:
        return gap(self, told, event);
    case SS_NOTE_RESYNC:
        told->has_resync = true;
        after = g_strdup_printf(" of the %s could not be read and were passed over", side);
        return ss_dialogue_alarm(self, told, event, counted_line("", note->span, after));
    case SS_NOTE_LIMIT:
        after = g_strdup(" not looked at: a limit was met");
        return ss_dialogue_alarm(self, told, event, counted_line("", note->span, after));
    case SS_NOTE_ENCRYPTED:
        told->is_encrypted = true;
        return ss_dialogue_fact(self, told, event, g_strdup("encrypted from here on"));
    case SS_NOTE_TURNED:
        told->is_turned = note->direction == SS_SERVER;
        return ss_dialogue_fact(
            self, told, event,
            g_strdup_printf("the roles turn: from here on the %s sends the commands", side));
    case SS_NOTE_SLOW:
        ss_verdict_see_wait(told, note);
        return !note->text.len || unanswered(self, told, event);
    case SS_NOTE_TLS_REFUSED:
        ss_verdict_see_alert(told, note);
        return true;
    case SS_NOTE_RESET:
    case SS_NOTE_CONFLICT:
    case SS_NOTE_TCP:
        return ss_dialogue_tcp(self, told, event);
    default:
        return true;
    }
}

bool
ss_dialogue_note(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    bool is_end = event->note.kind == SS_NOTE_RESET || event->note.kind == SS_NOTE_CLOSED;
    const SsLine *before = told->last_line;
    bool ok = note_line(self, told, event);

    if (is_end && !told->end_line && told->last_line != before) {
        told->end_line = told->last_line;
    }
    return ok;
}
