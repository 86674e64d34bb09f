/*
 * `smtp.syntax`: lines that are not as the RFC has them: unknown or malformed commands and replies,
 * and lines over the limits. What is wrong is told in a fixed word; of each word the first in a
 * session is told when the session ends, with how many there were.
 */
#include "plugins/common/words.h"

typedef struct {
    SsSlice word;
    const char *what; /* "what, where: what to do" */
    const char *advice;
} Problem;

static const Problem problems[] = {
    {SS_SLICE_INIT("unknown-command"), "a command that is in no RFC",
     "find out what the client is: it may not speak SMTP"},
    {SS_SLICE_INIT("empty-command"), "an empty line for a command",
     "look at what the client sends"},
    {SS_SLICE_INIT("long-command"), "a command longer than 512 bytes and what extensions add",
     "some servers cut or refuse it: look at who sends it"},
    {SS_SLICE_INIT("long-reply"), "a line of a reply longer than 512 bytes",
     "let the server use several lines"},
    {SS_SLICE_INIT("long-line"), "a line of content longer than 1000 bytes",
     "let the client fold or encode it: servers may break it, which breaks signatures"},
    {SS_SLICE_INIT("bad-code"), "a reply without a code from 200 to 599",
     "look at the server, and at what stands between"},
    {SS_SLICE_INIT("changing-code"), "a reply whose lines have different codes",
     "clients go by one of them: mend the server"},
    {SS_SLICE_INIT("unfinished-reply"), "a reply of several lines without its last",
     "clients wait for it: look at why the server stopped"},
    {SS_SLICE_INIT("no-brackets"), "an address without angle brackets", "mend the client"},
    {SS_SLICE_INIT("missing-colon"), "MAIL FROM or RCPT TO without a colon", "mend the client"},
    {SS_SLICE_INIT("space-before-colon"), "a blank before the colon", "mend the client"},
    {SS_SLICE_INIT("space-after-colon"), "a blank behind the colon",
     "servers that are strict refuse it: mend the client"},
    {SS_SLICE_INIT("leading-space"), "a blank before the command", "mend the client"},
    {SS_SLICE_INIT("trailing-space"), "a blank behind the command", "mend the client"},
    {SS_SLICE_INIT("tab"), "a tab in a command", "mend the client"},
    {SS_SLICE_INIT("bad-address"), "an address that is none",
     "look at where the client has it from"},
    {SS_SLICE_INIT("bad-argument"),
     "an argument where none belongs, none where one does, or a "
     "malformed one",
     "mend the client"},
    {SS_SLICE_INIT("bad-parameter"), "a malformed parameter of MAIL or RCPT", "mend the client"},
    {SS_SLICE_INIT("over-limit"), "more messages, recipients or domains than the server allows",
     "let the client keep to what LIMITS says"},
};

#define N_PROBLEMS G_N_ELEMENTS(problems)

static const char *const direction_names[] = {"client", "server", NULL};

typedef struct {
    SsSlice problem;
    int direction;
    SsSlice command;
    uint64_t count;
} Detail;

static const SsField detail_fields[] = {
    {.name = "problem",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, problem),
     .doc = "a word: see the detector's README"},
    {.name = "direction",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, direction),
     .names = direction_names,
     .doc = "whose line it is"},
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .nullable = true,
     .doc = "the verb of the first, where it is known"},
    {.name = "count",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, count),
     .doc = "how often in the session"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.syntax",
     .severity = SS_SEVERITY_LOW,
     .when = "an unknown or malformed command or reply, or a line over the RFC's limit",
     .reference = "RFC 5321 section 4.5.3.1",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    uint64_t n, frame, message;
    char verb[16]; /* of the first; "" where it is not known */
    int direction;
} Seen;

typedef struct {
    Seen *seen; /* of N_PROBLEMS, made at the first */
} Session;

static void *
smtp_syntax_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

static void
see_note(Session *state, const SsEventNote *note)
{
    for (size_t i = 0; i < N_PROBLEMS; i++) {
        if (ss_slice_eq(note->text, problems[i].word)) {
            Seen *seen;
            if (!state->seen) {
                state->seen = g_new0(Seen, N_PROBLEMS);
            }
            seen = &state->seen[i];
            if (!seen->n) {
                seen->frame = note->evidence;
                seen->message = note->in_content ? note->message : 0;
                seen->direction = (int)note->direction;
                memcpy(seen->verb, note->verb.data ? note->verb.data : (const uint8_t *)"",
                       MIN(note->verb.len, sizeof seen->verb - 1));
            }
            seen->n += note->span ? note->span : 1;
            return;
        }
    }
}

static void
tell(const SsHost *host, const SsEvent *event, const Problem *problem, const Seen *seen)
{
    Detail detail = {
        .problem = problem->word,
        .direction = seen->direction,
        .command = seen->verb[0] ? ss_slice_str(seen->verb) : SS_SLICE_NULL,
        .count = seen->n,
    };
    g_autoptr(GString) summary = g_string_new(NULL);

    g_string_append_printf(summary, "the %s sent %s", direction_names[seen->direction],
                           problem->what);
    if (seen->n > 1) {
        g_string_append(summary, ", ");
        ss_words_counted(summary, seen->n, "time", "times");
    }
    if (seen->verb[0]) {
        g_string_append(summary, seen->n > 1 ? ", first in " : ", in ");
        ss_words_append(summary, host, detail.command, sizeof seen->verb);
    }
    g_string_append_printf(summary, ": %s", problem->advice);
    host->report(host, event, &kinds[0], summary->str, &detail, &seen->frame, 1, seen->message);
}

static bool
smtp_syntax_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    (void)self;
    if (event->type == SS_EVENT_NOTE) {
        if (event->note.kind == SS_NOTE_SYNTAX) {
            see_note(state, &event->note);
        }
        return true;
    }
    for (size_t i = 0; state->seen && i < N_PROBLEMS; i++) {
        if (state->seen[i].n) {
            tell(host, event, &problems[i], &state->seen[i]);
        }
    }
    return true;
}

static void
smtp_syntax_session_free(void *self, void *session)
{
    Session *state = session;

    (void)self;
    g_clear_pointer(&state->seen, g_free);
}

const SsPlugin ss_plugin_smtp_syntax = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-syntax",
    .summary = "lines that are not as the RFC has them",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = smtp_syntax_open,
    .event = smtp_syntax_event,
    .session_free = smtp_syntax_session_free,
    .notes = SS_NOTES(SS_NOTE_SYNTAX),
};
