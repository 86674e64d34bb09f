/*
 * A session: the stream joint's side, what is spoken on it, and its event.
 */
#include "dissect/smtp/session.h"

#include "dissect/flow.h"
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/span.h"

#define NAME_MAX_LEN 1024

/* --- events --- */

bool
ss_smtp_wants(const SsSmtp *smtp, SsEventType type)
{
    return ss_event_sink_wants(smtp->factory->sink, type);
}

void
ss_smtp_event(SsSmtp *smtp, SsEvent *ret_event, SsEventType type, const SsOrigin *origin)
{
    memset(ret_event, 0, sizeof *ret_event);
    ret_event->type = type;
    ret_event->time_ns = origin->time_ns;
    ret_event->time_digits = origin->time_digits;
    ret_event->uid = ss_connection_identify(smtp->connection);
    ret_event->session = smtp->connection->session;
    ret_event->frame = smtp->connection->frame;
    ret_event->slot = &smtp->connection->slot;
}

void
ss_smtp_emit(SsSmtp *smtp, const SsEvent *event)
{
    smtp->factory->sink->emit(smtp->factory->sink, event);
}

static void
describe_place(SsSmtp *smtp, SsEventNote *note)
{
    const SsPending *waiting = ss_ledger_oldest(smtp);
    const SsTransaction *transaction =
        smtp->transactions.tail ? smtp->transactions.tail->data : NULL;

    note->in_message = transaction != NULL;
    note->message = transaction ? transaction->event.index : 0;
    note->in_content = smtp->client.mode == SS_CLIENT_DATA || smtp->client.mode == SS_CLIENT_BDAT;
    note->in_dialogue = smtp->speech == SS_SPEECH_SMTP && !smtp->quit_answered;
    if (waiting) {
        note->verb =
            waiting->kind == SS_PENDING_CONTENT ? SS_SLICE("content") : ss_slice_str(waiting->name);
    }
}

bool
ss_smtp_note_begin(SsSmtp *smtp, SsEvent *ret_event, SsNoteKind kind, SsDirection direction,
                   const SsOrigin *origin)
{
    if (!ss_smtp_wants(smtp, SS_EVENT_NOTE)) {
        return false;
    }
    ss_smtp_event(smtp, ret_event, SS_EVENT_NOTE, origin);
    ret_event->note.kind = (int)kind;
    ret_event->note.direction = direction;
    ret_event->note.offset = ss_smtp_stream_end(smtp, direction);
    ret_event->note.first_ns = origin->time_ns;
    ret_event->note.evidence = origin->frame;
    describe_place(smtp, &ret_event->note);
    return true;
}

void
ss_smtp_note(SsSmtp *smtp, SsNoteKind kind, SsDirection direction, uint64_t span,
             const SsOrigin *origin)
{
    SsEvent event;

    if (ss_smtp_note_begin(smtp, &event, kind, direction, origin)) {
        event.note.span = span;
        ss_smtp_emit(smtp, &event);
    }
}

void
ss_smtp_limit(SsSmtp *smtp, SsSmtpLimit limit, SsDirection direction, uint64_t span,
              const SsOrigin *origin)
{
    smtp->factory->n_limits[limit]++;
    ss_smtp_note(smtp, SS_NOTE_LIMIT, direction, span, origin);
}

/* --- what is known of the session --- */

void
ss_smtp_endpoint(const SsSmtp *smtp, SsDirection direction, SsEndpoint *ret_endpoint, char ip[46])
{
    ss_connection_ip(smtp->connection, direction, ip);
    ret_endpoint->ip = ss_slice_str(ip);
    ret_endpoint->port = smtp->connection->half[direction].port;
}

uint64_t
ss_smtp_stream_end(const SsSmtp *smtp, SsDirection direction)
{
    const SsConnectionEnd *end = &smtp->connection->half[direction];

    return end->bytes + end->missing_bytes;
}

bool
ss_smtp_is_one_way(const SsSmtp *smtp, SsDirection direction)
{
    return smtp->connection->half[direction].packets == 0;
}

void
ss_smtp_set_name(SsSlice *own, SsSlice name)
{
    g_free((void *)own->data);
    *own = SS_SLICE_NULL;
    if (!ss_slice_is_null(name)) {
        size_t len = MIN(name.len, NAME_MAX_LEN);
        uint8_t *copy = g_malloc(len + 1);
        if (len) {
            memcpy(copy, name.data, len);
        }
        *own = ss_slice(copy, len);
    }
}

static void
note_connected(SsSmtp *smtp)
{
    int64_t round_trip_ns = smtp->connection->round_trip_ns;
    SsEvent event;
    char client_ip[46], server_ip[46];

    if (!ss_smtp_note_begin(smtp, &event, SS_NOTE_CONNECTED, SS_CLIENT, &smtp->connected)) {
        return;
    }
    event.note.span = round_trip_ns == SS_TIME_NONE ? SS_COUNT_NONE : (uint64_t)round_trip_ns;
    ss_smtp_endpoint(smtp, SS_CLIENT, &event.note.client, client_ip);
    ss_smtp_endpoint(smtp, SS_SERVER, &event.note.server, server_ip);
    ss_smtp_emit(smtp, &event);
}

void
ss_smtp_recognise(SsSmtp *smtp)
{
    if (smtp->speech == SS_SPEECH_SMTP) {
        return;
    }
    smtp->speech = SS_SPEECH_SMTP;
    ss_connection_identify(smtp->connection);
    if (!smtp->connection->on_server_port && smtp->connected.frame) {
        note_connected(smtp); /* only now is it known to matter */
    }
    ss_server_pump(smtp);
}

void
ss_smtp_refuse(SsSmtp *smtp)
{
    smtp->speech = SS_SPEECH_OTHER;
    smtp->connection->is_ignored = true;
}

void
ss_smtp_start_tls(SsSmtp *smtp, SsSecurity security, const SsOrigin *origin)
{
    if (!smtp->connection->on_server_port && smtp->speech != SS_SPEECH_SMTP) {
        ss_smtp_refuse(smtp); /* TLS of anything */
        return;
    }
    smtp->tls = ss_tls_new(origin);
    ss_span_watch_tls(smtp);
    smtp->security = security;
    smtp->starttls_agreed = false;
    smtp->client.mode = SS_CLIENT_TLS;
    g_queue_clear_full(&smtp->ledger, g_free);
    ss_smtp_note(smtp, SS_NOTE_ENCRYPTED, SS_CLIENT, 0, origin);
}

/* --- the accountant --- */

#define LINK_SIZE (sizeof(GList) + 16) /* with the allocator's own */

static uint64_t
size_of_hold(const SsHold *hold)
{
    return ss_hold_size(hold) + ss_hold_pieces(hold) * (SS_HOLD_PIECE_SIZE + LINK_SIZE);
}

/* What the session keeps now is charged, in place of what it kept before. */
static void
charge(SsSmtp *smtp)
{
    uint64_t size = sizeof *smtp + size_of_hold(&smtp->client.hold) +
                    size_of_hold(&smtp->server.hold) + ss_line_begun(&smtp->client.line).len +
                    ss_line_begun(&smtp->server.line).len + smtp->server.arena.size +
                    smtp->extensions_arena.size +
                    g_queue_get_length(&smtp->ledger) * (sizeof(SsPending) + LINK_SIZE) +
                    (smtp->auth ? sizeof *smtp->auth + smtp->auth->arena.size : 0);

    for (GList *link = smtp->transactions.head; link; link = link->next) {
        const SsTransaction *transaction = link->data;
        size += sizeof *transaction + LINK_SIZE + transaction->arena.size +
                transaction->last_arena.size + transaction->data_arena.size;
    }
    if (smtp->connection->memory) {
        *smtp->connection->memory += size - smtp->charged; /* which may wrap, and back */
        smtp->charged = size;
    }
}

/* --- the joint --- */

static void
on_data(SsStreamSink *sink, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;

    if (smtp->speech == SS_SPEECH_OTHER) {
        return;
    }
    if (direction == SS_SERVER) {
        ss_server_data(smtp, bytes, origin);
    } else if (smtp->tls) {
        ss_tls_set_offset(smtp->tls, direction, ss_smtp_stream_end(smtp, direction) - bytes.len);
        ss_tls_data(smtp->tls, direction, bytes, origin);
    } else {
        ss_client_data(smtp, bytes, origin);
    }
    charge(smtp);
}

static SsSlice
cause_word(SsGapCause cause)
{
    static const char *const words[] = {"capture", "snap-length", "network", "limit", "unknown"};

    return ss_slice_str(words[cause]);
}

static void
on_gap(SsStreamSink *sink, SsDirection direction, uint64_t n, SsGapCause cause,
       const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;
    SsEvent note;

    if (!smtp->connection->on_server_port && smtp->speech == SS_SPEECH_UNKNOWN) {
        ss_smtp_refuse(smtp);
    }
    if (smtp->speech == SS_SPEECH_OTHER) {
        return;
    }
    if (ss_smtp_note_begin(smtp, &note, SS_NOTE_GAP, direction, origin)) {
        note.note.span = n;
        note.note.text = cause_word(cause);
        ss_smtp_emit(smtp, &note);
    }
    if (smtp->tls) {
        ss_tls_gap(smtp->tls, direction, n);
    } else if (direction == SS_CLIENT) {
        ss_client_gap(smtp, n, origin);
    } else {
        ss_server_gap(smtp, n, origin);
    }
}

static void
on_connected(SsStreamSink *sink, const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;

    smtp->connected = *origin;
    if (smtp->connection->on_server_port) {
        note_connected(smtp);
    }
}

/* --- the end --- */

static SsSessionState
state_of(const SsSmtp *smtp, SsCloseReason reason)
{
    bool has_bytes = smtp->connection->half[0].bytes || smtp->connection->half[1].bytes;

    if (smtp->tls) {
        return SS_STATE_ENCRYPTED;
    }
    if (smtp->quit_answered) {
        return SS_STATE_COMPLETE;
    }
    if (has_bytes && smtp->speech != SS_SPEECH_SMTP) {
        return SS_STATE_NOT_SMTP;
    }
    switch (reason) {
    case SS_CLOSE_FIN:
        return SS_STATE_CLOSED;
    case SS_CLOSE_RESET:
        return SS_STATE_RESET;
    case SS_CLOSE_CAPTURE:
        return SS_STATE_OPEN;
    default:
        return SS_STATE_TIMEOUT;
    }
}

static void
fill_peer(const SsSmtp *smtp, SsPeer *peer, SsDirection direction, char ip[46])
{
    const SsConnectionEnd *end = &smtp->connection->half[direction];

    ss_smtp_endpoint(smtp, direction, &peer->at, ip);
    peer->packets = smtp->connection->half[direction].packets;
    peer->bytes = smtp->connection->half[direction].bytes;
    peer->retransmitted_bytes = smtp->connection->half[direction].retransmitted_bytes;
    peer->missing_bytes = smtp->connection->half[direction].missing_bytes;
    peer->retransmitted_packets = end->retransmitted_packets;
    peer->zero_windows = end->zero_windows;
    peer->mss = end->mss ? end->mss : SS_COUNT_NONE;
    peer->ttl = end->packets ? end->ttl : SS_COUNT_NONE;
    peer->round_trip_ns = end->round_trip_ns;
}

static void
emit_session(SsSmtp *smtp, SsCloseReason reason)
{
    const SsConnection *connection = smtp->connection;
    SsEvent event;
    SsEventSession *session = &event.session_end;
    char community_id[32], client_ip[46], server_ip[46];

    if (!ss_smtp_wants(smtp, SS_EVENT_SESSION)) {
        return;
    }
    ss_smtp_event(smtp, &event, SS_EVENT_SESSION, &connection->first);
    event.time_digits = MAX(connection->first.time_digits, connection->last.time_digits);
    ss_connection_community_id(connection, community_id);
    session->time_ns = connection->first.time_ns;
    session->end_ns = connection->last.time_ns;
    session->duration_ns = MAX(connection->last.time_ns - connection->first.time_ns, 0);
    session->community_id = ss_slice_str(community_id);
    fill_peer(smtp, &session->client, SS_CLIENT, client_ip);
    fill_peer(smtp, &session->server, SS_SERVER, server_ip);
    session->client.name = smtp->client_name;
    session->server.name = smtp->server_name;
    session->server.software = smtp->server_software;
    session->security = (int)smtp->security;
    session->decrypted = smtp->security == SS_SECURITY_NONE ? -1 : 0;
    session->extensions = smtp->extensions;
    session->state = (int)state_of(smtp, reason);
    session->from_start = connection->from_start;
    session->messages.accepted = smtp->by_outcome[SS_OUTCOME_ACCEPTED];
    session->messages.rejected = smtp->by_outcome[SS_OUTCOME_REJECTED];
    session->messages.deferred = smtp->by_outcome[SS_OUTCOME_DEFERRED];
    session->messages.incomplete = smtp->by_outcome[SS_OUTCOME_INCOMPLETE];
    session->messages.unknown = smtp->by_outcome[SS_OUTCOME_UNKNOWN];
    session->frames[0] = connection->first.frame;
    session->frames[1] = connection->last.frame;
    session->timing.connect_ns = connection->connect_ns;
    session->timing.banner_ns = smtp->banner_ns;
    session->timing.tls_ns = smtp->tls ? ss_tls_handshake_ns(smtp->tls) : SS_TIME_NONE;
    session->timing.slowest_reply_ns = smtp->slowest_ns;
    ss_smtp_emit(smtp, &event);
}

static SsSlice
reason_word(SsCloseReason reason)
{
    static const char *const words[] = {"fin", "reset", "timeout", "capture", "reused", "evicted"};

    return ss_slice_str(words[reason]);
}

static void
note_end(SsSmtp *smtp, SsCloseReason reason, SsDirection by)
{
    const SsOrigin *last = &smtp->connection->last;
    SsEvent event;

    if (reason == SS_CLOSE_RESET) {
        ss_smtp_note(smtp, SS_NOTE_RESET, by, 0, last);
    }
    if (!ss_smtp_note_begin(smtp, &event, SS_NOTE_CLOSED, by, last)) {
        return;
    }
    event.note.text = reason_word(reason);
    event.note.in_command = ss_client_is_inside(smtp) && !event.note.in_content;
    ss_smtp_emit(smtp, &event);
}

static void
smtp_free(SsSmtp *smtp)
{
    if (smtp->connection->memory) {
        *smtp->connection->memory -= smtp->charged;
    }
    ss_client_clear(&smtp->client);
    ss_server_clear(&smtp->server);
    g_queue_clear_full(&smtp->ledger, g_free);
    while (smtp->transactions.head) {
        ss_transaction_drop(smtp, smtp->transactions.head->data);
    }
    ss_auth_free(smtp->auth);
    ss_tls_free(smtp->tls);
    ss_smtp_set_name(&smtp->client_name, SS_SLICE_NULL);
    ss_smtp_set_name(&smtp->server_name, SS_SLICE_NULL);
    ss_smtp_set_name(&smtp->server_software, SS_SLICE_NULL);
    ss_smtp_set_name(&smtp->masked, SS_SLICE_NULL);
    ss_arena_clear(&smtp->extensions_arena);
    g_free(smtp);
}

/* A greeting alone, on a port that proves nothing: SMTP, unless it says that it is something else.
 */
static bool
is_greeting_smtp(const SsSmtp *smtp)
{
    SsSlice said = ss_hold_front(&smtp->server.hold, SIZE_MAX);

    for (size_t i = 0; i + 3 <= said.len; i++) {
        if (ss_slice_starts_nocase(ss_slice_from(said, i), SS_SLICE("FTP"))) {
            return false;
        }
    }
    return true;
}

static void
on_close(SsStreamSink *sink, SsCloseReason reason, SsDirection by)
{
    SsSmtp *smtp = (SsSmtp *)sink;

    if (smtp->speech == SS_SPEECH_GREETED && is_greeting_smtp(smtp)) {
        ss_smtp_recognise(smtp);
    }
    if (smtp->connection->on_server_port || smtp->speech == SS_SPEECH_SMTP) {
        smtp->is_cut_off =
            reason == SS_CLOSE_CAPTURE || reason == SS_CLOSE_EVICTED || reason == SS_CLOSE_TIMEOUT;
        ss_client_finish(smtp);
        ss_span_finish(smtp);
        note_end(smtp, reason, by);
        if (smtp->auth) {
            ss_auth_end(smtp, NULL, &smtp->connection->last);
        }
        ss_transaction_decide_before(smtp, UINT64_MAX, &smtp->connection->last);
        emit_session(smtp, reason);
    }
    smtp_free(smtp);
}

/* --- the factory --- */

static const SsStreamSinkOps stream_ops = {
    .data = on_data,
    .gap = on_gap,
    .connected = on_connected,
    .close = on_close,
};

static SsStreamSink *
open_session(SsStreamFactory *factory, SsConnection *connection)
{
    SsSmtp *smtp = g_new0(SsSmtp, 1);

    smtp->base.ops = &stream_ops;
    smtp->factory = (SsSmtpFactory *)factory;
    smtp->connection = connection;
    smtp->banner_ns = SS_TIME_NONE;
    smtp->slowest_ns = SS_TIME_NONE;
    g_queue_init(&smtp->ledger);
    g_queue_init(&smtp->transactions);
    charge(smtp);
    return &smtp->base;
}

SsStreamFactory *
ss_smtp_factory_new(const SsSmtpOptions *options, SsEventSink *sink, const SsContentPlan *plan)
{
    SsSmtpFactory *factory = g_new0(SsSmtpFactory, 1);

    factory->base.open = open_session;
    factory->options = *options;
    factory->sink = sink;
    factory->plan = plan;
    return &factory->base;
}

const char *
ss_smtp_limit_name(int limit)
{
    static const char *const names[] = {"line", "hold", "ledger", "transactions"};

    return names[limit];
}

const uint64_t *
ss_smtp_factory_limits(const SsStreamFactory *factory)
{
    return ((const SsSmtpFactory *)factory)->n_limits;
}

uint64_t
ss_smtp_factory_messages(const SsStreamFactory *factory)
{
    return ((const SsSmtpFactory *)factory)->n_messages;
}

void
ss_smtp_factory_free(SsStreamFactory *factory)
{
    g_free(factory);
}
