/*
 * `tcp.reset`: a reset inside a dialogue. A reset behind an answered QUIT is how some stacks say
 * goodbye, and one that answers the first SYN is a refused connection: neither is one. Where TLS
 * hides whether QUIT was answered, nothing is said.
 *
 * Who sent it is told by its address, which can be forged, and by its TTL, which shows how far away
 * that was: few who forge resets take care of it. One that its receiver need not believe, and
 * behind which the dialogue went on or the receiver reset the connection itself, is told when the
 * session has ended: then the usual TTL is known.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

typedef struct {
    uint64_t idle_s;
} TcpReset;

typedef struct {
    int by;
    SsSlice command;
    uint64_t ttl, usual_ttl;
    SsSlice suspect;
    int64_t idle_ns;
    bool ended;
} Detail;

static const SsField detail_fields[] = {
    {.name = "by",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, by),
     .names = ss_tcp_end_names,
     .doc = "whose address the reset bears"},
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .nullable = true,
     .doc = "the command that waited for its reply"},
    {.name = "ttl",
     .kind = SS_FIELD_CODE,
     .offset = offsetof(Detail, ttl),
     .doc = "TTL of the reset; null where it is not known"},
    {.name = "usual_ttl",
     .kind = SS_FIELD_CODE,
     .offset = offsetof(Detail, usual_ttl),
     .doc = "that of its sender's other packets"},
    {.name = "suspect",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, suspect),
     .nullable = true,
     .doc = "`middlebox` where the TTLs differ: somebody in the middle sent it"},
    {.name = "idle",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, idle_ns),
     .nullable = true,
     .doc = "the pause before it, where it was long"},
    {.name = "ended",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, ended),
     .doc = "whether the connection ended by it; false where it was not believed"},
    {.name = NULL},
};

static const SsOption options[] = {
    {.key = "idle",
     .type = SS_OPTION_COUNT,
     .fallback = "60",
     .help = "pause in seconds from which on a connection was idle"},
    {.key = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.reset",
     .severity = SS_SEVERITY_LOW,
     .when = "a reset inside a dialogue",
     .reference = "RFC 9293 section 3.5.2",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

typedef struct {
    bool is_told;
    bool is_unread; /* encrypted: QUIT may have been answered */
    /* The first reset that need not be believed: where it came. */
    uint64_t doubted_frame; /* 0: none did */
    uint64_t answer_frame;  /* the reset of its receiver, which came behind; 0: none */
    uint64_t message;
    SsDirection direction;
    bool in_message, in_content;
    uint8_t verb_len;
    char verb[16];
} Session;

static void *
tcp_reset_open(const SsHost *host, char *err, size_t errlen)
{
    TcpReset *self = g_new0(TcpReset, 1);

    (void)err, (void)errlen;
    self->idle_s = host->option_count(host, "idle");
    return self;
}

static void
append_place(GString *to, const SsHost *host, const SsEventNote *note)
{
    if (note->in_content) {
        g_string_append(to, " in the middle of a message's content");
    } else if (note->verb.len) {
        bool is_content = ss_slice_eq(note->verb, SS_SLICE("data"));
        g_string_append(to, " while ");
        ss_words_append(to, host, is_content ? SS_SLICE("the content") : note->verb, 32);
        g_string_append(to, " waited for its reply");
    } else if (note->in_message) {
        g_string_append(to, " in the middle of a transaction");
    } else {
        g_string_append(to, " without QUIT");
    }
}

static void
append_middle(GString *to, const Detail *detail, const char *whose)
{
    const char *by = ss_tcp_end_names[detail->by];

    g_string_append_printf(to,
                           ": %s TTL is %" PRIu64 " and that of the %s's other packets %" PRIu64
                           ", so it was sent by something in the middle, not by the %s; look for a "
                           "firewall, a filter or a load balancer on the way",
                           whose, detail->ttl, by, detail->usual_ttl, by);
}

/* A client that resets while it waits has lost patience; any other pause was idle. */
static void
append_pause(GString *to, const SsEventNote *note, const Detail *detail)
{
    if (note->direction == SS_CLIENT && note->verb.len) {
        g_string_append(to, ", after ");
        ss_words_duration(to, detail->idle_ns);
        g_string_append(to, " without a reply: look at what kept the server");
    } else {
        g_string_append(to, ", after ");
        ss_words_duration(to, detail->idle_ns);
        g_string_append(to,
                        " without a packet: the connection was dropped while idle, by an end or "
                        "by a firewall or NAT on the way; look at their idle timeouts");
    }
}

/* A client that has said QUIT and closes at once: the reply meets nobody, and its own stack resets
 * the connection. */
static bool
is_leaving(const SsEventNote *note)
{
    return note->direction == SS_CLIENT && !note->in_content && !note->in_message &&
           ss_slice_eq(note->verb, SS_SLICE("QUIT"));
}

static void
tell(const TcpReset *self, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    uint64_t frame = note->evidence ? note->evidence : event->frame;
    bool is_middle = note->ttl[0] && note->ttl[1] && note->ttl[0] != note->ttl[1];
    bool is_idle = note->span / 1000000000 >= self->idle_s && note->span;
    const char *by = ss_tcp_end_names[note->direction];
    Detail detail = {
        .by = (int)note->direction,
        .command = note->verb,
        .ttl = note->ttl[0],
        .usual_ttl = note->ttl[1],
        .suspect = is_middle ? SS_SLICE("middlebox") : SS_SLICE_NULL,
        .idle_ns = is_idle ? (int64_t)note->span : SS_TIME_NONE,
        .ended = true,
    };
    g_autoptr(GString) summary = g_string_new(NULL);

    if (is_middle) {
        g_string_append_printf(summary, "a reset in the %s's name ended the connection", by);
    } else {
        g_string_append_printf(summary, "the %s reset the connection", by);
    }
    append_place(summary, host, note);
    if (is_middle) {
        append_middle(summary, &detail, "its");
    } else if (is_idle && !note->in_content) {
        append_pause(summary, note, &detail);
    } else if (is_leaving(note)) {
        g_string_append(summary, ": it was leaving, and did not wait for that");
    } else {
        g_string_append_printf(
            summary, ": look at the %s's log at that time, and for a firewall that forges resets",
            by);
    }
    host->report(host, event, &kinds[0], summary->str, &detail, &frame, 1,
                 note->in_message ? note->message : 0);
}

static void
remember_doubted(Session *state, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    SsSlice verb = ss_slice_sub(note->verb, 0, sizeof state->verb);

    state->doubted_frame = note->evidence ? note->evidence : event->frame;
    state->message = note->message;
    state->direction = note->direction;
    state->in_message = note->in_message;
    state->in_content = note->in_content;
    state->verb_len = (uint8_t)verb.len;
    if (verb.len) {
        memcpy(state->verb, verb.data, verb.len);
    }
}

static void
tell_doubted(const Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    const SsTcpTrouble *trouble = session->trouble;
    uint64_t usual = ss_tcp_peer(session, (int)state->direction)->ttl;
    Detail detail = {
        .by = (int)state->direction,
        .command = state->verb_len ? ss_slice(state->verb, state->verb_len) : SS_SLICE_NULL,
        .ttl = trouble ? trouble->end[state->direction].reset_ttl : 0,
        .usual_ttl = usual == SS_COUNT_NONE ? 0 : usual,
        .idle_ns = SS_TIME_NONE,
    };
    const SsEventNote place = {
        .in_content = state->in_content,
        .in_message = state->in_message,
        .verb = detail.command,
    };
    bool is_middle = detail.ttl && detail.usual_ttl && detail.ttl != detail.usual_ttl;
    const uint64_t frames[] = {state->doubted_frame, state->answer_frame};
    g_autoptr(GString) summary = g_string_new(NULL);

    detail.suspect = is_middle ? SS_SLICE("middlebox") : SS_SLICE_NULL;
    g_string_append_printf(summary, "a reset in the %s's name (packet %" PRIu64 ") came",
                           ss_tcp_end_names[state->direction], state->doubted_frame);
    append_place(summary, host, &place);
    if (state->answer_frame) {
        g_string_append_printf(summary,
                               ", and then the %s reset the connection (packet %" PRIu64 ")",
                               ss_tcp_end_names[!state->direction], state->answer_frame);
    } else {
        g_string_append(summary, ", and the connection went on");
    }
    if (is_middle) {
        append_middle(summary, &detail, state->answer_frame ? "the former's" : "its");
    } else {
        g_string_append(summary, ": it is not one that its receiver had to believe, so somebody "
                                 "may have forged it; compare it with its sender's other packets");
    }
    host->report(host, event, &kinds[0], summary->str, &detail, frames, state->answer_frame ? 2 : 1,
                 state->in_message ? state->message : 0);
}

static void
take_note(const TcpReset *self, Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;

    if (note->kind == SS_NOTE_ENCRYPTED) {
        state->is_unread = true;
    }
    if (!note->in_dialogue || state->is_unread) {
        return;
    }
    /* Stacks send one reset for each segment that still comes: the first tells all. */
    if (note->kind == SS_NOTE_RESET && state->doubted_frame && !state->is_told &&
        note->direction != state->direction) {
        state->is_told = true;
        state->answer_frame = note->evidence ? note->evidence : event->frame;
    } else if (note->kind == SS_NOTE_RESET && !state->is_told) {
        state->is_told = true;
        tell(self, host, event);
    } else if (note->kind == SS_NOTE_TCP && !state->doubted_frame &&
               ss_slice_eq(note->text, SS_SLICE("reset-doubted"))) {
        remember_doubted(state, event);
    }
}

static bool
tcp_reset_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    if (event->type == SS_EVENT_TLS) {
        state->is_unread = !event->tls.decrypted;
    } else if (event->type == SS_EVENT_NOTE) {
        take_note(self, state, host, event);
    } else if (state->answer_frame || (state->doubted_frame && !state->is_told &&
                                       event->session_end.state != SS_STATE_RESET)) {
        tell_doubted(state, host, event);
    }
    return true;
}

static bool
tcp_reset_close(void *self, const SsHost *host)
{
    (void)host;
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_tcp_reset = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-reset",
    .summary = "resets inside a dialogue, with who sent them",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_TLS) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tcp_reset_open,
    .event = tcp_reset_event,
    .close = tcp_reset_close,
};
