/*
 * A session: the stream joint's side, what is spoken on it, and its event.
 */
#include "dissect/smtp/session.h"

#include "dissect/flow.h"
#include "dissect/smtp/order.h"
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/span.h"

/* --- events --- */

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
    const SsTransaction *transaction = smtp->transactions.tail;

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
    ret_event->note.direction = ss_smtp_turned(smtp, direction);
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
    SsDirection end = ss_smtp_turned(smtp, direction);

    ss_connection_ip(smtp->connection, end, ip);
    ret_endpoint->ip = ss_slice_str(ip);
    ret_endpoint->port = smtp->connection->half[end].port;
}

uint64_t
ss_smtp_stream_end(const SsSmtp *smtp, SsDirection direction)
{
    const SsConnectionEnd *end = &smtp->connection->half[ss_smtp_turned(smtp, direction)];

    return end->bytes + end->missing_bytes - (smtp->extra ? smtp->extra->behind[direction] : 0);
}

bool
ss_smtp_is_one_way(const SsSmtp *smtp, SsDirection direction)
{
    return smtp->connection->half[ss_smtp_turned(smtp, direction)].packets == 0;
}

static void
note_connected(SsSmtp *smtp, const SsOrigin *origin)
{
    int64_t round_trip_ns = ss_connection_connect_ns(smtp->connection);
    SsEvent event;
    char client_ip[46], server_ip[46];

    if (!ss_smtp_note_begin(smtp, &event, SS_NOTE_CONNECTED, SS_CLIENT, origin)) {
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
    if (smtp->extra) {
        smtp->extra->n_first[0] = smtp->extra->n_first[1] = 0;
        smtp->extra->not_opened = SS_TUNNEL_NONE;
        ss_smtp_extra_trim(smtp);
    }
    ss_connection_identify(smtp->connection);
    if (smtp->extra && smtp->extra->connected.frame) {
        note_connected(smtp, &smtp->extra->connected); /* only now is it known to matter */
        smtp->extra->connected.frame = 0;
        ss_smtp_extra_trim(smtp);
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
    ss_timing_client(smtp, origin);
    smtp->tls = ss_tls_new(origin);
    ss_span_watch_tls(smtp);
    smtp->security = (uint8_t)security;
    smtp->starttls_agreed = false;
    smtp->client.mode = SS_CLIENT_TLS;
    ss_ledger_clear(smtp);
    ss_smtp_note(smtp, SS_NOTE_ENCRYPTED, SS_CLIENT, 0, origin);
}

/* --- the joint --- */

void
ss_smtp_read(SsSmtp *smtp, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    if (direction == SS_CLIENT) {
        ss_server_settle(smtp);
    }
    if (direction == SS_SERVER) {
        ss_server_data(smtp, bytes, origin);
    } else if (smtp->tls) {
        ss_tls_set_offset(smtp->tls, direction, ss_smtp_stream_end(smtp, direction) - bytes.len);
        ss_tls_data(smtp->tls, direction, bytes, origin);
    } else {
        ss_client_data(smtp, bytes, origin);
    }
    if (smtp->turn_agreed) {
        ss_smtp_turn(smtp, SS_SLICE_NULL, origin);
    }
}

/* Of content nothing is kept, but what a look-alike of its end hides. */
static bool
is_hiding(SsSmtp *smtp)
{
    const SsTransaction *transaction = ss_client_transaction(smtp);

    return transaction && transaction->watch.hidden;
}

static void
on_data(SsStreamSink *sink, SsDirection from, SsSlice bytes, const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;
    SsDirection direction = ss_smtp_turned(smtp, from);
    bool was_in_content = direction == SS_CLIENT && smtp->client.mode == SS_CLIENT_DATA;
    bool was_in_tls = smtp->tls && !smtp->server.is_plain;

    if (smtp->speech == SS_SPEECH_OTHER) {
        return;
    }
    if (smtp->speech == SS_SPEECH_SMTP && smtp->prelude == SS_PRELUDE_OVER) {
        ss_smtp_read(smtp, direction, bytes, origin);
    } else {
        ss_prelude_data(smtp, direction, bytes, origin);
    }
    if (was_in_tls || (was_in_content && smtp->client.mode == SS_CLIENT_DATA && !is_hiding(smtp))) {
        return;
    }
    ss_smtp_charge(smtp);
}

static SsSlice
cause_word(SsGapCause cause)
{
    static const char *const words[] = {"capture", "snap-length", "network", "limit", "unknown"};

    return ss_slice_str(words[cause]);
}

static void
on_gap(SsStreamSink *sink, SsDirection from, uint64_t n, SsGapCause cause, const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;
    SsDirection direction = ss_smtp_turned(smtp, from);
    SsEvent note;

    if (smtp->prelude == SS_PRELUDE_READING || direction == SS_CLIENT) {
        ss_prelude_finish(smtp);
    }
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
        ss_server_settle(smtp);
        ss_client_gap(smtp, n, origin);
    } else {
        ss_server_gap(smtp, n, origin);
    }
    if (smtp->turn_agreed) {
        ss_smtp_turn(smtp, SS_SLICE_NULL, origin);
    }
}

static void
on_connected(SsStreamSink *sink, const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;

    if (smtp->connection->on_server_port) {
        note_connected(smtp, origin);
    } else {
        ss_smtp_extra(smtp)->connected = *origin;
    }
}

static void
on_finished(SsStreamSink *sink, SsDirection from, const SsOrigin *origin)
{
    SsSmtp *smtp = (SsSmtp *)sink;

    if (ss_smtp_turned(smtp, from) == SS_CLIENT) {
        ss_ledger_leave(smtp, origin);
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
    if (has_bytes && (smtp->speech != SS_SPEECH_SMTP || ss_prelude_protocol(smtp).len)) {
        return SS_STATE_NOT_SMTP;
    }
    if (smtp->quit_answered) {
        return SS_STATE_COMPLETE;
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
    const SsTcpHealth *health = smtp->connection->health;

    ss_smtp_endpoint(smtp, ss_smtp_turned(smtp, direction), &peer->at, ip);
    peer->packets = smtp->connection->half[direction].packets;
    peer->bytes = smtp->connection->half[direction].bytes;
    peer->missing_bytes = smtp->connection->half[direction].missing_bytes;
    if (health) {
        peer->retransmitted_bytes = health->half[direction].retransmitted_bytes;
        peer->retransmitted_packets = health->half[direction].retransmitted_packets;
        peer->zero_windows = health->half[direction].zero_windows;
    }
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
    SsTcpTold told;
    char community_id[32], client_ip[46], server_ip[46];
    SsArena arena = {0};
    SsProxied proxied;
    SsTunneled tunneled;

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
    if (smtp->client_name) {
        session->client.name = ss_slice(smtp->client_name->bytes, smtp->client_name->len);
    }
    session->server.name = ss_shared_text(smtp->server_says, SS_SAYS_NAME);
    session->server.software = ss_shared_text(smtp->server_says, SS_SAYS_SOFTWARE);
    session->security = (int)smtp->security;
    session->decrypted = smtp->security == SS_SECURITY_NONE ? -1 : 0;
    session->extensions = ss_shared_list(smtp->extensions, &arena);
    ss_offer_fill(smtp, &arena, session);
    if (smtp->extra && smtp->extra->forwarded) {
        session->xclient = smtp->extra->forwarded->client.list;
    }
    session->state = (int)state_of(smtp, reason);
    session->from_start = connection->from_start;
    session->turned = smtp->has_turned;
    session->protocol = ss_prelude_protocol(smtp);
    ss_prelude_fill(smtp, session, &proxied, &tunneled);
    if (smtp->mail) {
        session->messages.accepted = smtp->mail->by_outcome[SS_OUTCOME_ACCEPTED];
        session->messages.rejected = smtp->mail->by_outcome[SS_OUTCOME_REJECTED];
        session->messages.deferred = smtp->mail->by_outcome[SS_OUTCOME_DEFERRED];
        session->messages.incomplete = smtp->mail->by_outcome[SS_OUTCOME_INCOMPLETE];
        session->messages.unknown = smtp->mail->by_outcome[SS_OUTCOME_UNKNOWN];
    }
    session->frames[0] = connection->first.frame;
    session->frames[1] = connection->last.frame;
    session->timing.connect_ns = ss_connection_connect_ns(connection);
    session->timing.banner_ns = smtp->banner_ns;
    session->timing.tls_ns = smtp->tls ? ss_tls_handshake_ns(smtp->tls) : SS_TIME_NONE;
    session->timing.slowest_reply_ns = smtp->slowest_ns;
    ss_timing_fill_session(smtp, session);
    ss_tcp_note_session(smtp, &told, session);
    ss_smtp_emit(smtp, &event);
    ss_arena_clear(&arena);
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
        ss_tcp_note_reset(smtp, by);
    }
    if (!ss_smtp_note_begin(smtp, &event, SS_NOTE_CLOSED, ss_smtp_turned(smtp, by), last)) {
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
    ss_ledger_clear(smtp);
    while (smtp->transactions.head) {
        ss_transaction_drop(smtp, smtp->transactions.head);
    }
    ss_auth_free(smtp->auth);
    ss_tls_free(smtp->tls);
    ss_smtp_forget(smtp);
    g_free(smtp);
}

/* A greeting alone, on a port that proves nothing: SMTP, unless it says that it is something else.
 */
static bool
is_greeting_smtp(const SsSmtp *smtp)
{
    return !ss_text_says_ftp(ss_hold_front(&smtp->server.hold, SIZE_MAX));
}

static void
on_close(SsStreamSink *sink, SsCloseReason reason, SsDirection by)
{
    SsSmtp *smtp = (SsSmtp *)sink;

    ss_prelude_finish(smtp);
    if (smtp->speech == SS_SPEECH_GREETED && is_greeting_smtp(smtp)) {
        ss_smtp_recognise(smtp);
    }
    if (smtp->connection->on_server_port || smtp->speech == SS_SPEECH_SMTP) {
        smtp->is_cut_off =
            reason == SS_CLOSE_CAPTURE || reason == SS_CLOSE_EVICTED || reason == SS_CLOSE_TIMEOUT;
        ss_server_finish(smtp);
        ss_client_finish(smtp);
        ss_span_finish(smtp);
        ss_timing_finish(smtp, reason);
        ss_order_close(smtp, reason, by);
        note_end(smtp, reason, by);
        if (smtp->auth) {
            ss_auth_end(smtp, NULL, &smtp->connection->last);
        }
        ss_transaction_decide_before(smtp, UINT64_MAX, &smtp->connection->last);
        ss_hidden_settle(smtp, &smtp->connection->last);
        emit_session(smtp, reason);
    }
    smtp_free(smtp);
}

/* --- the factory --- */

static const SsStreamSinkOps stream_ops = {
    .data = on_data,
    .gap = on_gap,
    .connected = on_connected,
    .finished = on_finished,
    .conflict = ss_tcp_note_conflict,
    .remark = ss_tcp_note_remark,
    .close = on_close,
};

static SsStreamSink *
open_session(SsStreamFactory *factory, SsConnection *connection)
{
    SsSmtp *smtp = g_new0(SsSmtp, 1);

    smtp->base.ops = &stream_ops;
    smtp->factory = (SsSmtpFactory *)factory;
    smtp->connection = connection;
    smtp->times.until_ns = SS_TIME_NONE;
    smtp->banner_ns = SS_TIME_NONE;
    smtp->slowest_ns = SS_TIME_NONE;
    ss_smtp_charge(smtp);
    return &smtp->base;
}

SsStreamFactory *
ss_smtp_factory_new(const SsSmtpOptions *options, SsEventSink *sink, const SsContentPlan *plan)
{
    SsSmtpFactory *factory = g_new0(SsSmtpFactory, 1);

    factory->base.open = open_session;
    factory->base.who_says = ss_smtp_who_says;
    factory->options = *options;
    factory->sink = sink;
    factory->plan = plan;
    ss_shared_table_init(&factory->shared);
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
    if (factory) {
        ss_shared_table_clear(&((SsSmtpFactory *)factory)->shared);
        g_free(factory);
    }
}
