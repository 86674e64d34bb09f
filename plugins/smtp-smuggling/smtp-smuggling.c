/*
 * `smtp.smuggling`: in a message's content something looks like the end of data, and commands stand
 * behind it. A server that takes it for the end sees a second message, which nobody has checked
 * (CVE-2023-51764, CVE-2023-51765, CVE-2023-51766).
 *
 * What the server made of it is told by its replies: a server that split the content answers more
 * than it was asked.
 */
#include "plugins/common/words.h"

#define CODES_MAX 64

enum {
    COMMAND_FOLLOWS,
    SPLIT,
    REFUSED,
};

static const char *const grade_names[] = {"command-follows", "split", "refused", NULL};

typedef struct {
    int grade;
    SsSlice look_alike;
    uint64_t offset;
    SsSlice command;
    SsSlice from;
    SsList rcpt; /* of SsSlice */
    uint64_t hidden_messages;
    uint64_t hidden_commands;
    uint64_t hidden_offset, hidden_size; /* SS_COUNT_NONE where there is no content */
    bool hidden_accepted;
    uint64_t code;
    uint64_t extra_replies;
    SsList extra_codes; /* of uint64_t */
} Detail;

#define FIELD(member, kind_, ...)                                                       \
    {                                                                                   \
        .name = #member, .kind = kind_, .offset = offsetof(Detail, member), __VA_ARGS__ \
    }

static const SsField detail_fields[] = {
    FIELD(grade, SS_FIELD_ENUM, .names = grade_names,
          .doc = "`split`: the server took it for the end; `refused`: it refused the message; "
                 "`command-follows`: neither is seen"),
    FIELD(look_alike, SS_FIELD_TEXT, .doc = "what looks like the end, in words: `LF . CRLF`"),
    FIELD(offset, SS_FIELD_COUNT, .doc = "where its dot stands in the content"),
    FIELD(command, SS_FIELD_TEXT, .doc = "the verb behind it"),
    FIELD(from, SS_FIELD_TEXT, .nullable = true,
          .doc = "reverse-path of the first hidden message; null where there is none"),
    FIELD(rcpt, SS_FIELD_TEXTS, .doc = "its recipients, the first 10"),
    FIELD(hidden_messages, SS_FIELD_COUNT, .doc = "messages that a server sees which splits there"),
    FIELD(hidden_commands, SS_FIELD_COUNT,
          .doc = "replies that it gives behind the one to the "
                 "content"),
    FIELD(hidden_offset, SS_FIELD_OPTIONAL,
          .doc = "where the first hidden message's content begins in that of the message; null "
                 "where it has none"),
    FIELD(hidden_size, SS_FIELD_OPTIONAL, .doc = "its size in bytes"),
    FIELD(hidden_accepted, SS_FIELD_BOOL, .doc = "whether the server accepted a hidden message"),
    FIELD(code, SS_FIELD_CODE, .doc = "reply to the message as it was meant"),
    FIELD(extra_replies, SS_FIELD_COUNT, .doc = "replies that answer no command of the client's"),
    FIELD(extra_codes, SS_FIELD_COUNTS, .doc = "their codes, the first 64"),
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.smuggling",
     .severity = SS_SEVERITY_HIGH,
     .when = "an end-of-data look-alike inside content, with an SMTP command line after it",
     .reference = "CVE-2023-51764",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
smtp_smuggling_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

/* The first hidden message that the server accepted, or NULL. */
static const SsHiddenMessage *
find_accepted(const SsEventLookAlike *alike)
{
    const SsHiddenMessage *messages = alike->messages.items;

    for (size_t i = 0; i < alike->messages.n; i++) {
        if (messages[i].reply.code / 100 == 2) {
            return &messages[i];
        }
    }
    return NULL;
}

static int
grade_of(const SsEventLookAlike *alike)
{
    bool is_taken = alike->outer.code / 100 == 2;

    if (alike->extra.total || (alike->is_early && is_taken)) {
        return SPLIT;
    }
    return alike->outer.code >= 400 ? REFUSED : COMMAND_FOLLOWS;
}

static void
append_envelope(GString *to, const SsHost *host, const SsHiddenMessage *message)
{
    const SsSlice *rcpt = message->rcpt.items;

    g_string_append(to, " from <");
    ss_words_append(to, host, message->from, SS_WORDS_MAX);
    g_string_append_c(to, '>');
    if (message->rcpt.n) {
        g_string_append(to, " to <");
        ss_words_append(to, host, rcpt[0], SS_WORDS_MAX);
        g_string_append_c(to, '>');
    }
    if (message->rcpt.total > 1) {
        g_string_append(to, " and ");
        ss_words_counted(to, message->rcpt.total - 1, "more", "more");
    }
}

static void
append_verdict(GString *to, const SsHost *host, const SsEventLookAlike *alike, int grade)
{
    const SsHiddenMessage *accepted = find_accepted(alike);
    const SsHiddenMessage *first = alike->messages.n ? alike->messages.items : NULL;

    if (grade == SPLIT && accepted) {
        g_string_append(to, "the server took it for the end and accepted a hidden message");
        append_envelope(to, host, accepted);
        g_string_append(to, " (");
        ss_words_append_reply(to, host, &accepted->reply);
        g_string_append(to, "): look for that message, and let the server end content at CRLF . "
                            "CRLF only");
        return;
    }
    if (grade == SPLIT) {
        g_string_append(to, "the server took it for the end, and gave ");
        ss_words_counted(to, alike->extra.total, "reply", "replies");
        g_string_append(to, " to what is behind it: let it end content at CRLF . CRLF only");
        return;
    }
    if (first) {
        g_string_append(to, "a server that takes it for the end sees a hidden message");
        append_envelope(to, host, first);
        g_string_append(to, "; ");
    }
    if (grade == REFUSED) {
        g_string_append(to, "this one refused the message (");
        ss_words_append_reply(to, host, &alike->outer);
        g_string_append(to, "): find out who sends such messages");
    } else {
        g_string_append(to, "make sure that this server, and those it passes mail on to, end "
                            "content at CRLF . CRLF only");
    }
}

/* The look-alike, the command, the reply to the content, the first and the last one too many. */
static size_t
list_frames(const SsEventLookAlike *alike, uint64_t frames[5])
{
    const SsReplyText *extra = alike->extra.items;
    const uint64_t all[] = {
        alike->frame,
        alike->verb_frame,
        alike->outer.frame,
        alike->extra.n ? extra[0].frame : 0,
        alike->extra.n ? extra[alike->extra.n - 1].frame : 0,
    };
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        if (all[i] && (n == 0 || frames[n - 1] != all[i])) {
            frames[n++] = all[i];
        }
    }
    return n;
}

static bool
smtp_smuggling_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    const SsEventLookAlike *alike = note->look_alike;
    const SsHiddenMessage *first;
    const SsReplyText *extra;
    g_autoptr(GString) summary = NULL;
    uint64_t frames[5], codes[CODES_MAX];
    Detail detail = {.from = SS_SLICE_NULL};

    (void)self, (void)session;
    if (!alike) {
        return true;
    }
    first = alike->messages.n ? alike->messages.items : NULL;
    extra = alike->extra.items;
    detail.grade = grade_of(alike);
    detail.look_alike = alike->name;
    detail.offset = alike->at;
    detail.command = note->verb;
    detail.hidden_offset = first && first->has_data ? first->at : SS_COUNT_NONE;
    detail.hidden_size = first && first->has_data ? first->size : SS_COUNT_NONE;
    if (first) {
        detail.from = first->from;
        detail.rcpt = first->rcpt;
    }
    detail.hidden_messages = alike->messages.total;
    detail.hidden_commands = alike->commands;
    detail.hidden_accepted = find_accepted(alike) != NULL;
    detail.code = alike->outer.code;
    detail.extra_replies = alike->extra.total;
    for (size_t i = 0; i < MIN(alike->extra.n, G_N_ELEMENTS(codes)); i++) {
        codes[i] = extra[i].code;
    }
    detail.extra_codes =
        (SsList){codes, MIN(alike->extra.n, G_N_ELEMENTS(codes)), alike->extra.total};

    summary = g_string_new(NULL);
    g_string_append_printf(summary,
                           "message %" PRIu64 " has %.*s in its content, which looks like "
                           "the end of data, and %.*s behind it: ",
                           note->message, (int)alike->name.len, (const char *)alike->name.data,
                           (int)note->verb.len, (const char *)note->verb.data);
    append_verdict(summary, host, alike, detail.grade);
    host->report(host, event, &kinds[0], summary->str, &detail, frames, list_frames(alike, frames),
                 note->message);
    return true;
}

const SsPlugin ss_plugin_smtp_smuggling = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-smuggling",
    .summary = "look-alikes of the end of data with commands behind them",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = smtp_smuggling_open,
    .event = smtp_smuggling_event,
    .notes = SS_NOTES(SS_NOTE_LOOK_ALIKE),
};
