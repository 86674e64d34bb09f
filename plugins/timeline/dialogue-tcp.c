/*
 * Lines that TCP gives to the conversation: a reset and who may have sent it, bytes that came in
 * two readings, packets that a person should know of.
 */
#include "plugins/common/tcp.h"
#include "plugins/timeline/timeline.h"

/* Sent this often, a segment was not lost by chance. */
#define STUCK_TIMES 3

/* Bytes of a reading that are shown. */
#define READING_MAX 64

static const char *const side_names[] = {"client", "server"};

/* --- resets --- */

static bool
reset(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const char *side = side_names[note->direction];
    const char *where = note->in_content ? ", inside the content" : "";

    if (note->ttl[0] == 0 || note->ttl[1] == 0 || note->ttl[0] == note->ttl[1]) {
        return ss_dialogue_alarm(self, told, event,
                                 g_strdup_printf("connection reset by the %s%s", side, where));
    }
    told->reset_ttl[0] = note->ttl[0];
    told->reset_ttl[1] = note->ttl[1];
    return ss_dialogue_alarm(
        self, told, event,
        g_strdup_printf("connection reset in the %s's name by something in the middle (TTL %" PRIu64
                        ", the %s's is %" PRIu64 ")%s",
                        side, note->ttl[0], side, note->ttl[1], where));
}

/* --- two readings --- */

static const SsTcpNaming naming = {"packet", " (", ")"};

static void
append_doubts(GString *to, const SsTimeline *self, const SsList *doubts)
{
    const SsSlice *doubt = doubts->items;

    for (size_t i = 0; i < doubts->n; i++) {
        g_string_append(to, i ? ", " : "; the other does not count: ");
        ss_words_append(to, self->host, doubt[i], 32);
    }
}

static bool
conflict(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const SsEventConflict *about = note->conflict;
    const char *receiver = side_names[ss_direction_other(note->direction)];
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "TWO READINGS of the %s's bytes: ", side_names[note->direction]);
    if (about) {
        ss_tcp_reading(text, self->host, about->taken, about->taken_frame, &naming, READING_MAX);
        g_string_append(text, " is shown, not ");
        ss_tcp_reading(text, self->host, about->other, about->other_frame, &naming, READING_MAX);
        if (about->is_late) {
            g_string_append_printf(text, ", which came when the %s had the first", receiver);
        }
        if (about->taken_ttl != about->other_ttl) {
            g_string_append_printf(text, "; TTL %" PRIu64 " and %" PRIu64, about->taken_ttl,
                                   about->other_ttl);
        }
        if (about->taken_link.len && about->other_link.len) {
            g_string_append(text, "; from ");
            ss_words_append(text, self->host, about->taken_link, 32);
            g_string_append(text, " and ");
            ss_words_append(text, self->host, about->other_link, 32);
        }
        append_doubts(text, self, &about->doubts);
    }
    return ss_dialogue_alarm(self, told, event, g_string_free(text, FALSE));
}

/* --- odd packets --- */

/* Those that a person should know of; the others are in the session's event. Between the two texts
 * stands the sender. */
static const struct {
    const char *name;
    const char *before, *behind;
    bool is_fact;
} remarks[] = {
    {"zero-window", "the ", " takes no more bytes for the moment (its window is closed)", true},
    {"port-reused", "the ", " began a new connection on the same ports", true},
    {"reset-doubted", "a reset in the ", "'s name that its receiver need not believe", false},
    {"after-reset", "the ", " goes on behind the reset", false},
    {"syn-conflict", "the ", "'s handshake with other numbers: two connections in one", false},
    {"split-handshake", "the ", " answered a SYN with a SYN: the roles may be swapped", false},
    {"syn-data", "the ", " sent bytes with its SYN", false},
    {"after-fin", "the ", " sent bytes behind its end", false},
    {"fin-moved", "the ", "'s end came at another place before", false},
    {"urgent", "the ", " sent an urgent byte, which receivers read in two ways", false},
    {"bad-checksum", "the ", "'s packet has a wrong checksum, unlike its others", false},
    {"old-timestamp", "the ", "'s packet has a timestamp older than the last one", false},
    {"signature", "the ", "'s packet is signed (MD5 or AO), unlike its others", false},
    {"out-of-window", "the ", " sent bytes beyond what its receiver takes", false},
    {"not-taken", "the ", "'s bytes are doubtful: not read before they are acknowledged", false},
};

static bool
odd_packet(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    const SsEventNote *note = &event->note;

    for (size_t i = 0; i < G_N_ELEMENTS(remarks); i++) {
        if (ss_slice_eq(note->text, ss_slice_str(remarks[i].name))) {
            char *text = g_strdup_printf("%s%s%s (packet %" PRIu64 ")", remarks[i].before,
                                         side_names[note->direction], remarks[i].behind,
                                         note->evidence ? note->evidence : event->frame);
            bool ok = remarks[i].is_fact ? ss_dialogue_fact(self, told, event, text)
                                         : ss_dialogue_alarm(self, told, event, text);
            if (!told->doubted_line && !self->is_live &&
                ss_slice_eq(note->text, SS_SLICE("reset-doubted"))) {
                told->doubted_line = told->last_line;
                told->doubted_by = note->direction;
            }
            return ok;
        }
    }
    return true;
}

/* Its sender's usual TTL is known only at the end. With more than one reset it is that of the last.
 */
void
ss_dialogue_explain_reset(SsTold *told, const SsEventSession *session)
{
    const SsPeer *peer = told->doubted_by == SS_CLIENT ? &session->client : &session->server;
    uint64_t ttl = session->trouble ? session->trouble->end[told->doubted_by].reset_ttl : 0;
    char *text;

    if (!told->doubted_line || ttl == 0 || session->trouble->end[told->doubted_by].resets > 1 ||
        peer->ttl == SS_COUNT_NONE || peer->ttl == 0 || peer->ttl == ttl) {
        return;
    }
    text = g_strdup_printf("%s: its TTL is %" PRIu64 ", the %s's is %" PRIu64,
                           told->doubted_line->text, ttl, side_names[told->doubted_by], peer->ttl);
    g_free(told->doubted_line->text);
    told->doubted_line->text = text;
}

bool
ss_dialogue_tcp(SsTimeline *self, SsTold *told, const SsEvent *event)
{
    switch (event->note.kind) {
    case SS_NOTE_RESET:
        return reset(self, told, event);
    case SS_NOTE_CONFLICT:
        return conflict(self, told, event);
    default:
        return odd_packet(self, told, event);
    }
}

void
ss_dialogue_tell_stuck(SsTimeline *self, SsTold *told, const SsEventSession *session)
{
    for (int i = 0; session->trouble && i < 2; i++) {
        uint64_t times = session->trouble->end[i].stuck_times;
        GString *text;
        SsLine *line;

        if (times < STUCK_TIMES) {
            continue;
        }
        text = g_string_new("a segment of ");
        ss_words_counted(text, session->trouble->end[i].stuck_bytes, "byte", "bytes");
        g_string_append_printf(text, " of the %s, sent ", side_names[i]);
        ss_words_count(text, times);
        g_string_append(text, " times, was never acknowledged");
        line = g_new0(SsLine, 1);
        line->mark = SS_MARK_ALARM;
        line->ink = SS_INK_WARN;
        line->is_together = true; /* it lasted from there on */
        line->size = SS_LINE_SIZE + text->len;
        line->text = g_string_free(text, FALSE);
        ss_lines_add_before(self, told, line, told->early_line ? told->early_line : told->end_line);
    }
}
