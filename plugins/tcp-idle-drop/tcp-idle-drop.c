/*
 * `tcp.idle-drop`: nothing was sent for a long while, and then nothing got through any more: what
 * was sent stayed unanswered, or was answered by a reset. Firewalls, NAT and load balancers forget
 * connections that are idle and tell neither end (RFC 5382 section 5).
 *
 * It is known when the session ends. A client that resets while it waits for a reply has lost
 * patience with the server: that pause was no idle one.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

typedef struct {
    uint64_t idle_s;
} TcpIdleDrop;

typedef struct {
    int64_t idle_ns;
    int reset_by;
    int unanswered;
    uint64_t times;
} Detail;

static const SsField detail_fields[] = {
    {.name = "idle",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, idle_ns),
     .doc = "the pause"},
    {.name = "reset_by",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, reset_by),
     .names = ss_tcp_end_names,
     .nullable = true,
     .doc = "whose address the reset behind it bears, if there was one"},
    {.name = "unanswered",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, unanswered),
     .names = ss_tcp_end_names,
     .nullable = true,
     .doc = "whose bytes behind it were never acknowledged, if there were any"},
    {.name = "times",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, times),
     .doc = "how often these were sent"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.idle-drop",
     .severity = SS_SEVERITY_LOW,
     .when = "a connection dropped while it was idle",
     .reference = "RFC 5382 section 5",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "idle",
     .type = SS_OPTION_COUNT,
     .fallback = "60",
     .help = "pause in seconds from which on a connection was idle"},
    {.key = NULL},
};

typedef struct {
    bool is_encrypted; /* what a reset means is not known */
    bool has_reset;
    SsDirection reset_by;
    uint64_t reset_frame;
} Session;

static void *
tcp_idle_drop_open(const SsHost *host, char *err, size_t errlen)
{
    TcpIdleDrop *self = g_new0(TcpIdleDrop, 1);

    (void)err, (void)errlen;
    self->idle_s = host->option_count(host, "idle");
    return self;
}

static void
take_note(Session *state, const SsEventNote *note, uint64_t frame)
{
    bool is_impatient = note->direction == SS_CLIENT && note->verb.len;

    if (note->kind == SS_NOTE_ENCRYPTED) {
        state->is_encrypted = true;
    } else if (note->kind == SS_NOTE_RESET && note->in_dialogue && !note->in_content &&
               !state->is_encrypted && !is_impatient) {
        state->has_reset = true;
        state->reset_by = note->direction;
        state->reset_frame = note->evidence ? note->evidence : frame;
    }
}

/* Whose bytes stayed unanswered to the end, or -1. */
static int
unanswered(const SsEventSession *session)
{
    for (int i = 0; i < 2; i++) {
        if (session->trouble->end[i].stuck_times >= SS_TCP_STUCK_TIMES &&
            ss_tcp_peer(session, !i)->packets && !ss_tcp_is_black_hole(session, i)) {
            return i;
        }
    }
    return -1;
}

static void
tell(const Session *state, const SsHost *host, const SsEvent *event, const Detail *detail)
{
    const SsEventSession *session = &event->session_end;
    uint64_t frames[3];
    size_t n_frames = 0;
    g_autoptr(GString) summary = g_string_new("nothing was sent for ");

    ss_words_duration(summary, detail->idle_ns);
    g_string_append(summary, ", and then ");
    if (detail->unanswered >= 0) {
        g_string_append_printf(summary, "what the %s sent was never acknowledged, though sent ",
                               ss_tcp_end_names[detail->unanswered]);
        ss_words_count(summary, detail->times);
        g_string_append(summary, " times");
        frames[n_frames++] = session->trouble->end[detail->unanswered].stuck_frames[0];
        frames[n_frames++] = session->trouble->end[detail->unanswered].stuck_frames[1];
    }
    if (detail->reset_by >= 0) {
        g_string_append_printf(summary, "%sa reset in the %s's name came", n_frames ? ", and " : "",
                               ss_tcp_end_names[detail->reset_by]);
        frames[n_frames++] = state->reset_frame;
    }
    g_string_append(summary,
                    ": the connection was dropped while idle, most likely by a firewall, NAT or "
                    "load balancer on the way; raise its idle timeout, or have the client close "
                    "idle connections sooner");
    host->report(host, event, &kinds[0], summary->str, detail, frames, n_frames, 0);
}

static bool
tcp_idle_drop_event(void *self_, void *session, const SsHost *host, const SsEvent *event)
{
    const TcpIdleDrop *self = self_;
    const SsTcpTrouble *trouble = event->session_end.trouble;
    Session *state = session;
    Detail detail;

    if (event->type == SS_EVENT_NOTE) {
        take_note(state, &event->note, event->frame);
        return true;
    }
    if (!trouble || trouble->idle_ns <= 0 ||
        (uint64_t)trouble->idle_ns / 1000000000 < self->idle_s ||
        event->session_end.state == SS_STATE_COMPLETE) {
        return true;
    }
    detail = (Detail){
        .idle_ns = trouble->idle_ns,
        .reset_by = state->has_reset ? (int)state->reset_by : -1,
        .unanswered = unanswered(&event->session_end),
    };
    if (detail.unanswered >= 0) {
        detail.times = trouble->end[detail.unanswered].stuck_times;
    }
    if (detail.unanswered >= 0 || detail.reset_by >= 0) {
        tell(state, host, event, &detail);
    }
    return true;
}

static bool
tcp_idle_drop_close(void *self, const SsHost *host)
{
    (void)host;
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_tcp_idle_drop = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-idle-drop",
    .summary = "connections dropped while they were idle",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tcp_idle_drop_open,
    .event = tcp_idle_drop_event,
    .close = tcp_idle_drop_close,
};
