/*
 * `smtp.bare-newline`: CR and LF that do not stand together, and NUL, in commands, replies or
 * content (RFC 5321 section 2.3.8). What one server takes for a line's end is text to the next; in
 * content that is how a second message is smuggled in, so look-alikes of the end of data count here
 * too, where no command stands behind them (else see smtp-smuggling).
 *
 * Content is told once a message. Lines of the dialogue are told at the first of each kind, for a
 * client that ends one line so ends all so, and its server often answers alike.
 */
#include "plugins/common/words.h"

static const char *const where_names[] = {"command", "reply", "content", NULL};
static const char *const kind_names[SS_N_BARE] = {"bare LF", "bare CR", "NUL"};

enum {
    IN_COMMAND,
    IN_REPLY,
    IN_CONTENT,
};

typedef struct {
    int where;
    uint64_t bare_lf, bare_cr, nul;
    uint64_t look_alikes;
    SsSlice look_alike;
    uint64_t look_alike_offset; /* SS_COUNT_NONE: none */
} Detail;

#define FIELD(member, kind_, ...)                                                       \
    {                                                                                   \
        .name = #member, .kind = kind_, .offset = offsetof(Detail, member), __VA_ARGS__ \
    }

static const SsField detail_fields[] = {
    FIELD(where, SS_FIELD_ENUM, .names = where_names,
          .doc = "in the content of `message`, or in the first such line of the dialogue"),
    FIELD(bare_lf, SS_FIELD_COUNT, .doc = "LF without CR before it, in that line or content"),
    FIELD(bare_cr, SS_FIELD_COUNT, .doc = "CR without LF behind it"),
    FIELD(nul, SS_FIELD_COUNT, .doc = "NUL"),
    FIELD(look_alikes, SS_FIELD_COUNT,
          .doc = "look-alikes of the end of data, with no command behind any of them"),
    FIELD(look_alike, SS_FIELD_TEXT, .nullable = true, .doc = "the first: `LF . LF`"),
    FIELD(look_alike_offset, SS_FIELD_OPTIONAL, .doc = "where its dot stands in the content"),
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.bare-newline",
     .severity = SS_SEVERITY_LOW,
     .when = "bare CR or LF in commands, replies or content; NUL likewise",
     .reference = "RFC 5321 section 2.3.8",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    bool is_told[SS_N_BARE]; /* of lines */
} Session;

static void *
smtp_bare_newline_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state but the sessions' */
}

/* Whether there is one among them that was not told of a line before. */
static bool
is_new(Session *state, const SsEventBare *bare)
{
    bool is_any_new = false;

    for (int i = 0; i < SS_N_BARE; i++) {
        is_any_new = is_any_new || (bare->n[i] && !state->is_told[i]);
        state->is_told[i] = state->is_told[i] || bare->n[i];
    }
    return is_any_new;
}

static void
append_counts(GString *to, const SsEventBare *bare)
{
    const char *between = "";

    for (int i = 0; i < SS_N_BARE; i++) {
        if (bare->n[i]) {
            g_string_append(to, between);
            ss_words_counted(to, bare->n[i], kind_names[i], kind_names[i]);
            between = ", ";
        }
    }
    if (bare->look_alikes) {
        g_string_append(to, between);
        ss_words_counted(to, bare->look_alikes, "look-alike", "look-alikes");
        g_string_append_printf(to, " of the end of data (the first is %.*s)",
                               (int)bare->look_alike.len, (const char *)bare->look_alike.data);
    }
}

static size_t
list_frames(const SsEventBare *bare, uint64_t frames[SS_N_BARE + 1])
{
    size_t n = 0;

    for (int i = 0; i <= SS_N_BARE; i++) {
        uint64_t frame = i < SS_N_BARE ? bare->frames[i] : bare->look_alike_frame;
        bool is_there = frame == 0;
        for (size_t k = 0; k < n; k++) {
            is_there = is_there || frames[k] == frame;
        }
        if (!is_there) {
            frames[n++] = frame;
        }
    }
    return n;
}

static bool
smtp_bare_newline_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    static const char *const advice[] = {
        [IN_COMMAND] = "let the client end its lines with CRLF",
        [IN_REPLY] = "let the server end its lines with CRLF",
        [IN_CONTENT] = ("let the client send CRLF for each line's end; servers may refuse it, or "
                        "read it in their own way"),
    };
    const SsEventNote *note = &event->note;
    const SsEventBare *bare = note->bare;
    g_autoptr(GString) summary = NULL;
    uint64_t frames[SS_N_BARE + 1];
    Detail detail;

    (void)self;
    if (!bare) {
        return true;
    }
    detail = (Detail){
        .where = note->in_content               ? IN_CONTENT
                 : note->direction == SS_CLIENT ? IN_COMMAND
                                                : IN_REPLY,
        .bare_lf = bare->n[SS_BARE_LF],
        .bare_cr = bare->n[SS_BARE_CR],
        .nul = bare->n[SS_BARE_NUL],
        .look_alikes = bare->look_alikes,
        .look_alike = bare->look_alike,
        .look_alike_offset = bare->look_alikes ? bare->look_alike_at : SS_COUNT_NONE,
    };
    if (detail.where != IN_CONTENT && !is_new(session, bare)) {
        return true;
    }
    summary = g_string_new(NULL);
    append_counts(summary, bare);
    if (detail.where == IN_CONTENT) {
        g_string_append_printf(summary, " in the content of message %" PRIu64, note->message);
    } else {
        g_string_append_printf(summary, " in a line of the %s, perhaps in more",
                               detail.where == IN_COMMAND ? "client's" : "server's");
    }
    g_string_append_printf(summary, ": %s", advice[detail.where]);
    host->report(host, event, &kinds[0], summary->str, &detail, frames, list_frames(bare, frames),
                 detail.where == IN_CONTENT ? note->message : 0);
    return true;
}

const SsPlugin ss_plugin_smtp_bare_newline = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-bare-newline",
    .summary = "CR and LF that do not stand together, and NUL",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .session_state = sizeof(Session),
    .open = smtp_bare_newline_open,
    .event = smtp_bare_newline_event,
    .notes = SS_NOTES(SS_NOTE_BARE),
};
