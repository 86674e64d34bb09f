/*
 * `tcp.window-closed`: one side took no more bytes for a while (RFC 9293 section 3.8.6.1). What it
 * was sent waited for a slow disk, a busy content filter or a program that hangs.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

typedef struct {
    uint64_t seconds;
} TcpWindowClosed;

typedef struct {
    int receiver;
    int64_t closed_ns;
    uint64_t times;
} Detail;

static const SsField detail_fields[] = {
    {.name = "receiver",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, receiver),
     .names = ss_tcp_end_names,
     .doc = "who took no more bytes"},
    {.name = "closed",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, closed_ns),
     .doc = "for how long, in all"},
    {.name = "times",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, times),
     .doc = "how often its window closed"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.window-closed",
     .severity = SS_SEVERITY_LOW,
     .when = "a side that took no more bytes for 5 s or more in all",
     .reference = "RFC 9293 section 3.8.6.1",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "seconds",
     .type = SS_OPTION_COUNT,
     .fallback = "5",
     .help = "how long a window may be closed in all"},
    {.key = NULL},
};

typedef struct {
    uint64_t frame[2]; /* the first packet of each side that closed its window */
} Session;

static void *
tcp_window_closed_open(const SsHost *host, char *err, size_t errlen)
{
    TcpWindowClosed *self = g_new0(TcpWindowClosed, 1);

    (void)err, (void)errlen;
    self->seconds = host->option_count(host, "seconds");
    return self;
}

static void
tell(const Session *state, const SsHost *host, const SsEvent *event, int receiver)
{
    const SsEventSession *session = &event->session_end;
    Detail detail = {
        .receiver = receiver,
        .closed_ns = session->trouble->end[receiver].window_closed_ns,
        .times = ss_tcp_peer(session, receiver)->zero_windows,
    };
    const uint64_t *frames = state->frame[receiver] ? &state->frame[receiver] : session->frames;
    size_t n_frames = state->frame[receiver] ? 1 : 2;
    g_autoptr(GString) summary = g_string_new(NULL);

    g_string_append_printf(summary, "the %s took no more bytes for ", ss_tcp_end_names[receiver]);
    ss_words_duration(summary, detail.closed_ns);
    if (detail.times > 1) {
        g_string_append(summary, " in all, ");
        ss_words_count(summary, detail.times);
        g_string_append(summary, " times");
    }
    g_string_append_printf(summary,
                           " (its window was closed): it is slower than what it is sent; look at "
                           "%s on the %s",
                           receiver == SS_SERVER ? "load, disk and content filters" : "load",
                           ss_tcp_end_names[receiver]);
    host->report(host, event, &kinds[0], summary->str, &detail, frames, n_frames, 0);
}

static bool
tcp_window_closed_event(void *self_, void *session, const SsHost *host, const SsEvent *event)
{
    const TcpWindowClosed *self = self_;
    Session *state = session;

    if (event->type == SS_EVENT_NOTE) {
        uint64_t *frame = &state->frame[event->note.direction];
        if (event->note.kind == SS_NOTE_TCP && *frame == 0 &&
            ss_slice_eq(event->note.text, SS_SLICE("zero-window"))) {
            *frame = event->note.evidence;
        }
        return true;
    }
    for (int i = 0; event->session_end.trouble && i < 2; i++) {
        int64_t closed_ns = event->session_end.trouble->end[i].window_closed_ns;
        if (closed_ns > 0 && (uint64_t)closed_ns / 1000000000 >= self->seconds) {
            tell(state, host, event, i);
        }
    }
    return true;
}

static bool
tcp_window_closed_close(void *self, const SsHost *host)
{
    (void)host;
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_tcp_window_closed = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-window-closed",
    .summary = "receivers that took no more bytes for a while",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tcp_window_closed_open,
    .event = tcp_window_closed_event,
    .close = tcp_window_closed_close,
};
