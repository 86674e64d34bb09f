/*
 * What the timeline will keep of a session, event by event: the bounds of timeline.c, counted ahead
 * of it. It is a little more than what is kept, for texts are cut and lines left out.
 */
#include "plugins/timeline/timeline.h"

/* Of a session in any case: lists that nothing stands in yet. */
#define LISTS_SIZE 256

/* Words of a fact, beside what the wire has. */
#define FACT_SIZE 128

/* A message's block, and each recipient's row in it. */
#define BLOCK_SIZE 1024
#define RECIPIENT_SIZE 96

/* What a login or a handshake leaves in the head. */
#define REMARK_SIZE 512

static size_t
size_of_reply(const SsTimeline *self, const SsEventReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    size_t size = SS_LINE_SIZE, max = ss_dialogue_shown_max(self);

    for (size_t i = 0; i < reply->lines.n; i++) {
        size += MIN(lines[i].len, max) + 2;
        size += self->host->verbosity > 0 ? SS_LINE_SIZE : 0;
    }
    return self->host->verbosity > 0 ? size : MIN(size, SS_LINE_SIZE + SS_SHOWN_MAX);
}

static size_t
size_of_note(const SsEventNote *note)
{
    switch ((SsNoteKind)note->kind) {
    case SS_NOTE_CONNECTED:
    case SS_NOTE_GAP:
    case SS_NOTE_CONTENT:
    case SS_NOTE_ENCRYPTED:
    case SS_NOTE_RESYNC:
    case SS_NOTE_LIMIT:
    case SS_NOTE_RESET:
    case SS_NOTE_CONFLICT:
    case SS_NOTE_TCP:
        return SS_LINE_SIZE + FACT_SIZE;
    default: /* told by findings alone, or near the session's event */
        return 0;
    }
}

/* Of what is noted here most often something is found. */
static size_t
size_of_findings(const SsEventNote *note)
{
    return SS_NOTES(note->kind) &
                   (SS_NOTES(SS_NOTE_GAP) | SS_NOTES(SS_NOTE_RESET) | SS_NOTES(SS_NOTE_CONFLICT))
               ? SS_TOLD_FINDING_SIZE
               : 0;
}

/* Live, lines are written and not kept. */
static size_t
size_of_line(const SsTimeline *self, size_t size)
{
    return self->is_live ? 0 : size;
}

static size_t
size_of(const SsTimeline *self, const SsEvent *event)
{
    size_t max = ss_dialogue_shown_max(self);

    switch (event->type) {
    case SS_EVENT_COMMAND:
        return size_of_line(
            self, SS_LINE_SIZE + MIN(event->command.verb.len + event->command.argument.len, max));
    case SS_EVENT_REPLY:
        return size_of_line(self, size_of_reply(self, &event->reply));
    case SS_EVENT_NOTE:
        return size_of_line(self, size_of_note(&event->note)) + size_of_findings(&event->note);
    case SS_EVENT_MESSAGE:
        return BLOCK_SIZE + event->message.rcpt.n * RECIPIENT_SIZE;
    case SS_EVENT_AUTH:
    case SS_EVENT_TLS:
        return REMARK_SIZE;
    default:
        return 0;
    }
}

size_t
ss_timeline_cost(const void *data, const SsEvent *event, size_t session, size_t all)
{
    const SsTimeline *self = data;
    size_t max =
        all > SS_TOLD_ALL_MAX ? 2 * SS_TOLD_MAX_CROWDED : SS_TOLD_MAX + SS_TOLD_MESSAGES_MAX;

    return MIN(size_of(self, event) + (session == 0 ? LISTS_SIZE : 0), max - MIN(max, session));
}
