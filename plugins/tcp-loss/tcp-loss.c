/*
 * `tcp.loss`: more than a set share of what one side sent was sent again. Why is seldom known: the
 * packets or their acknowledgements were lost, came late, or the packets were too long for the way.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

typedef enum {
    CAUSE_NETWORK,
    CAUSE_PATH_MTU,
} Cause;

typedef struct {
    uint64_t share, packets;
} TcpLoss;

typedef struct {
    int direction;
    uint64_t packets, retransmitted_packets, retransmitted_bytes, share;
    int cause;
} Detail;

static const char *const cause_names[] = {"network", "path-mtu", NULL};
static const SsField detail_fields[] = {
    {.name = "direction",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, direction),
     .names = ss_tcp_end_names,
     .doc = "who sent again"},
    {.name = "packets",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, packets),
     .doc = "packets it sent in all"},
    {.name = "retransmitted_packets",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, retransmitted_packets),
     .doc = "of them sent again"},
    {.name = "retransmitted_bytes",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, retransmitted_bytes),
     .doc = "their payload"},
    {.name = "share",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, share),
     .doc = "share of packets sent again, in whole percents, rounded down"},
    {.name = "cause",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, cause),
     .names = cause_names,
     .doc = "`path-mtu` where only large segments were lost (see `tcp.path-mtu`)"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.loss",
     .severity = SS_SEVERITY_INFO,
     .when = "retransmissions over a set share, with the direction",
     .reference = "RFC 9293 section 3.8.1",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "share",
     .type = SS_OPTION_COUNT,
     .fallback = "5",
     .help = "percent of packets that may be sent again"},
    {.key = "min-packets",
     .type = SS_OPTION_COUNT,
     .fallback = "20",
     .help = "fewest packets of a direction that tell anything"},
    {.key = NULL},
};

static void *
tcp_loss_open(const SsHost *host, char *err, size_t errlen)
{
    TcpLoss *self = g_new0(TcpLoss, 1);

    (void)err, (void)errlen;
    self->share = host->option_count(host, "share");
    self->packets = host->option_count(host, "min-packets");
    return self;
}

/* Whether what was sent again is about as large as packets get. */
static bool
is_full_size(const SsEventSession *session, int direction)
{
    const SsPeer *peer = ss_tcp_peer(session, direction);

    return (session->trouble && session->trouble->end[direction].stuck_bytes >= SS_TCP_FULL_SIZE) ||
           (peer->retransmitted_packets &&
            peer->retransmitted_bytes / peer->retransmitted_packets >= SS_TCP_FULL_SIZE);
}

static void
tell(const SsHost *host, const SsEvent *event, int direction)
{
    const SsEventSession *session = &event->session_end;
    const SsPeer *peer = ss_tcp_peer(session, direction);
    bool is_black_hole = ss_tcp_is_black_hole(session, direction);
    Detail detail = {
        .direction = direction,
        .packets = peer->packets,
        .retransmitted_packets = peer->retransmitted_packets,
        .retransmitted_bytes = peer->retransmitted_bytes,
        .share = (uint64_t)((double)peer->retransmitted_packets * 100 / (double)peer->packets),
        .cause = is_black_hole ? CAUSE_PATH_MTU : CAUSE_NETWORK,
    };
    g_autoptr(GString) summary = g_string_new(NULL);

    g_string_append_printf(summary, "the %s sent ", ss_tcp_end_names[direction]);
    ss_words_count(summary, peer->retransmitted_packets);
    g_string_append(summary, " of ");
    ss_words_counted(summary, peer->packets, "packet", "packets");
    g_string_append(summary, " again (");
    ss_words_share(summary, peer->retransmitted_packets, peer->packets);
    g_string_append(summary, "): ");
    if (is_black_hole) {
        g_string_append(summary, "large ones do not come through, as tcp.path-mtu tells");
    } else {
        g_string_append_printf(summary,
                               "they were lost, late or too long on the way to the %s, or its "
                               "acknowledgements lost or late; look for a full, slow or faulty "
                               "link between them%s",
                               ss_tcp_end_names[!direction],
                               is_full_size(session, direction)
                                   ? ", and, as they were of full size, at the path MTU"
                                   : "");
    }
    host->report(host, event, &kinds[0], summary->str, &detail, session->frames, 2, 0);
}

static bool
tcp_loss_event(void *self_, void *state, const SsHost *host, const SsEvent *event)
{
    const TcpLoss *self = self_;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const SsPeer *peer = ss_tcp_peer(&event->session_end, i);
        double again = (double)peer->retransmitted_packets * 100;

        if (peer->packets >= self->packets && again > (double)self->share * (double)peer->packets) {
            tell(host, event, i);
        }
    }
    return true;
}

static bool
tcp_loss_close(void *self, const SsHost *host)
{
    (void)host;
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_tcp_loss = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-loss",
    .summary = "sessions with many retransmissions",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_SESSION),
    .open = tcp_loss_open,
    .event = tcp_loss_event,
    .close = tcp_loss_close,
};
