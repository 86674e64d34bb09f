/*
 * `tcp.one-way`: of a session only what one side sent is in the capture. A SYN that nobody answers
 * is no such session: the other side must have spoken, as payload or an acknowledgement shows.
 */
#include "base/plugin.h"
#include "plugins/common/tcp.h"

/* An excerpt of one or two packets says nothing of what else there was. */
#define PACKETS_MIN 3

typedef struct {
    int captured;
    uint64_t packets, bytes;
} Detail;

static const SsField detail_fields[] = {
    {.name = "captured",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, captured),
     .names = ss_tcp_end_names,
     .doc = "whose packets are there"},
    {.name = "packets",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, packets),
     .doc = "how many"},
    {.name = "bytes",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, bytes),
     .doc = "and their payload"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tcp.one-way",
     .severity = SS_SEVERITY_INFO,
     .when = "one direction only",
     .reference = "RFC 9293 section 3.4",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
tcp_one_way_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
has_remark(const SsEventSession *session, const char *name)
{
    const SsTally *remarks = session->remarks.items;

    for (size_t i = 0; i < session->remarks.n; i++) {
        if (ss_slice_eq(remarks[i].key, ss_slice_str(name))) {
            return true;
        }
    }
    return false;
}

static bool
tcp_one_way_event(void *self, void *state, const SsHost *host, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    int captured = session->client.packets ? SS_CLIENT : SS_SERVER;
    const SsPeer *peer = ss_tcp_peer(session, captured);
    Detail detail = {captured, peer->packets, peer->bytes};

    (void)self, (void)state;
    if (peer->packets < PACKETS_MIN || ss_tcp_peer(session, !captured)->packets ||
        (!peer->bytes && !has_remark(session, "ack-unseen"))) {
        return true;
    }
    host->report(
        host, event, &kinds[0],
        captured == SS_CLIENT
            ? "only what the client sent was captured: replies, and so what became of messages and "
              "logins, are not known; capture where both directions pass, or mirror both of the "
              "port"
            : "only what the server sent was captured: there are replies, but no commands and no "
              "mail; capture where both directions pass, or mirror both of the port",
        &detail, session->frames, 2, 0);
    return true;
}

const SsPlugin ss_plugin_tcp_one_way = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tcp-one-way",
    .summary = "sessions of which one direction was captured",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_SESSION),
    .open = tcp_one_way_open,
    .event = tcp_one_way_event,
};
