/*
 * Where the time went: stretches booked as they end.
 */
#include "dissect/smtp/timing.h"

#include "dissect/flow.h"
#include "dissect/smtp/session.h"

/* An acknowledgement later than this was not on its way for so long: it came with the reply (RFC
 * 1122 section 4.2.3.2 lets it wait half a second). */
#define TRIP_MAX_NS INT64_C(1000000000)

/* --- whose time --- */

/* From the capture to an end and back; 0 where it is not known. */
static int64_t
trip_ns(const SsSmtp *smtp, SsDirection asker)
{
    int64_t trip = smtp->connection->half[ss_smtp_turned(smtp, asker)].round_trip_ns;
    int64_t connect = ss_connection_connect_ns(smtp->connection);

    if (trip == SS_TIME_NONE) {
        return 0;
    }
    return MIN(trip, connect == SS_TIME_NONE ? TRIP_MAX_NS : connect);
}

/* Of the time from what `asker` said until the other spoke, the network's. */
static int64_t
network_ns(const SsSmtp *smtp, SsDirection asker, int64_t from_ns, int64_t to_ns)
{
    const SsTcpHealth *health = smtp->connection->health;
    int64_t again_ns = health ? health->half[ss_smtp_turned(smtp, asker)].resent_ns : 0;
    int64_t lost_ns = again_ns > from_ns && again_ns <= to_ns ? again_ns - from_ns : 0;
    int64_t settled_ns = ss_connection_settled_ns(smtp->connection, SS_CLIENT);

    if (asker == SS_CLIENT && settled_ns >= from_ns && settled_ns < again_ns) {
        lost_ns = 0; /* it had arrived before it was sent again */
    }
    return MIN(to_ns - from_ns, lost_ns + trip_ns(smtp, asker));
}

/* No acknowledgement told of a way there and back before it: the handshake must do. */
static int64_t
banner_network_ns(const SsSmtp *smtp, int64_t wait_ns)
{
    int64_t trip = trip_ns(smtp, SS_CLIENT);
    int64_t connect = ss_connection_connect_ns(smtp->connection);

    return MIN(wait_ns, trip ? trip : MAX(connect, 0));
}

/* --- stretches --- */

static SsMailTally *
tally(SsSmtp *smtp)
{
    if (!smtp->mail) {
        smtp->mail = g_new0(SsMailTally, 1);
    }
    return smtp->mail;
}

/* Ends the stretch that is under way; false where no time has passed. */
static bool
end_stretch(SsSmtp *smtp, int64_t now_ns, int64_t *ret_from_ns)
{
    SsSessionTimes *times = &smtp->times;
    const SsConnection *connection = smtp->connection;

    if (times->until_ns == SS_TIME_NONE) {
        times->until_ns =
            connection->ready_ns != SS_TIME_NONE ? connection->ready_ns : connection->first.time_ns;
    }
    *ret_from_ns = times->until_ns;
    times->until_ns = MAX(times->until_ns, now_ns);
    return times->until_ns > *ret_from_ns;
}

/* A wait for the reply to `pending`. */
static void
book_wait(SsSmtp *smtp, const SsPending *pending, int64_t from_ns, int64_t now_ns)
{
    SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);
    SsMessageTimes of_none = {0}, *message = transaction ? &transaction->times : &of_none;
    SsMailTimes before_mail = {0}, *mail = smtp->mail ? &smtp->mail->times : &before_mail;
    int64_t wait_ns = now_ns - from_ns, network = network_ns(smtp, SS_CLIENT, from_ns, now_ns);

    smtp->times.network_ns += network;
    smtp->times.server_ns += wait_ns - network;
    message->network_ns += network;
    message->server_ns += wait_ns - network;
    if (pending->kind == SS_PENDING_CONTENT) {
        mail->answer_ns += wait_ns;
        message->answer_ns += wait_ns;
        return;
    }
    switch (pending->verb->id) {
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_LHLO:
        smtp->times.hello_ns += wait_ns;
        break;
    case SS_VERB_MAIL:
        mail->envelope_ns += wait_ns;
        message->mail_ns += wait_ns;
        break;
    case SS_VERB_RCPT:
        mail->envelope_ns += wait_ns;
        message->rcpt_ns += wait_ns;
        break;
    case SS_VERB_DATA:
        mail->envelope_ns += wait_ns;
        message->data_ns += wait_ns;
        break;
    case SS_VERB_BDAT:
        mail->transfer_ns += wait_ns;
        break;
    default:
        break;
    }
}

/* Nothing was waited for: what is not booked here is the client's. */
static void
book_pause(SsSmtp *smtp, int64_t from_ns, int64_t now_ns)
{
    SsTransaction *transaction = ss_transaction_get(smtp, smtp->client.transaction);
    int64_t network = network_ns(smtp, SS_SERVER, from_ns, now_ns);
    int64_t own = now_ns - from_ns - network;

    smtp->times.network_ns += network;
    if (transaction) {
        transaction->times.network_ns += network;
        transaction->times.client_ns += own;
        tally(smtp)->times.envelope_ns += transaction->content_first.frame ? 0 : now_ns - from_ns;
    } else if (smtp->quit_answered || (smtp->n_messages && !smtp->n_open)) {
        tally(smtp)->times.idle_ns += own;
    }
}

/* Between two pieces of content. */
static void
book_transfer(SsSmtp *smtp, SsTransaction *transaction, int64_t from_ns, int64_t now_ns)
{
    const SsConnection *connection = smtp->connection;
    int64_t left_ns = now_ns - from_ns, closed_ns = 0, pause_ns = 0;
    int64_t settled_ns = ss_connection_settled_ns(connection, SS_CLIENT);

    if (connection->health) {
        closed_ns = connection->health->half[SS_SERVER].closed_ns - transaction->times.closed_ns;
        transaction->times.closed_ns += closed_ns;
        closed_ns = CLAMP(closed_ns, 0, left_ns);
        left_ns -= closed_ns;
    }
    if (settled_ns >= from_ns && settled_ns < now_ns) {
        pause_ns = now_ns - settled_ns - trip_ns(smtp, SS_SERVER);
        pause_ns = CLAMP(pause_ns, 0, left_ns);
    }
    tally(smtp)->times.transfer_ns += now_ns - from_ns;
    smtp->times.server_ns += closed_ns;
    smtp->times.network_ns += left_ns - pause_ns;
    transaction->times.server_ns += closed_ns;
    transaction->times.client_ns += pause_ns;
    transaction->times.network_ns += left_ns - pause_ns;
}

/* No reply was due: content on its way, or a pause. */
static void
book_client(SsSmtp *smtp, int64_t from_ns, int64_t now_ns)
{
    SsTransaction *transaction = ss_transaction_get(smtp, smtp->client.transaction);
    bool is_in_content = smtp->client.mode == SS_CLIENT_DATA || smtp->client.mode == SS_CLIENT_BDAT;

    if (is_in_content && transaction && transaction->content_first.frame) {
        book_transfer(smtp, transaction, from_ns, now_ns);
    } else {
        book_pause(smtp, from_ns, now_ns);
    }
}

/* --- slow replies --- */

static void
note_slow(SsSmtp *smtp, const SsPending *pending, int64_t from_ns, int64_t to_ns,
          const SsOrigin *origin, SsSlice text)
{
    int64_t wait_ns = to_ns - from_ns,
            settled_ns = ss_connection_settled_ns(smtp->connection, SS_CLIENT);
    const SsTransaction *transaction = ss_transaction_get(smtp, pending ? pending->transaction : 0);
    SsEvent event;

    if (wait_ns <= SS_SLOW_NS ||
        !ss_smtp_note_begin(smtp, &event, SS_NOTE_SLOW, SS_SERVER, origin)) {
        return;
    }
    event.note.verb = !pending                              ? SS_SLICE("banner")
                      : pending->kind == SS_PENDING_CONTENT ? SS_SLICE("data")
                                                            : ss_slice_str(pending->name);
    event.note.span = (uint64_t)wait_ns;
    event.note.first_ns = from_ns;
    event.note.text = text;
    event.note.asked = pending ? pending->origin.frame : 0;
    event.note.message = transaction ? transaction->event.index : 0;
    event.note.in_message = transaction != NULL;
    event.note.own_ns = wait_ns - (pending ? network_ns(smtp, SS_CLIENT, from_ns, to_ns)
                                           : banner_network_ns(smtp, wait_ns));
    event.note.acked_ns = pending && settled_ns >= pending->origin.time_ns && settled_ns < to_ns
                              ? settled_ns - pending->origin.time_ns
                              : SS_TIME_NONE;
    event.note.left_ns =
        pending && pending->left_ns ? pending->left_ns - pending->origin.time_ns : 0;
    ss_smtp_emit(smtp, &event);
}

/* A server works at a command when it has answered those before. */
static int64_t
waits_since(const SsPending *pending)
{
    return MAX(pending->since_ns, pending->origin.time_ns);
}

static void
see_reply(SsSmtp *smtp, const SsPending *pending)
{
    SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);

    if (!transaction) {
        return;
    }
    if (pending->kind == SS_PENDING_CONTENT) {
        transaction->times.has_answer = true;
        return;
    }
    transaction->times.has_mail |= pending->verb->id == SS_VERB_MAIL;
    transaction->times.has_rcpt |= pending->verb->id == SS_VERB_RCPT;
    transaction->times.has_data |= pending->verb->id == SS_VERB_DATA;
}

/* The server has said nothing: what the client says meanwhile ends no wait. */
static bool
awaits_banner(const SsSmtp *smtp)
{
    return !smtp->gave_banner && smtp->connection->ready_ns != SS_TIME_NONE &&
           smtp->connection->half[SS_SERVER].bytes == 0 && smtp->security == SS_SECURITY_NONE;
}

/* --- what is said --- */

void
ss_timing_client(SsSmtp *smtp, const SsOrigin *origin)
{
    const SsPending *oldest = ss_ledger_oldest(smtp);
    int64_t from_ns;

    if (!end_stretch(smtp, origin->time_ns, &from_ns)) {
        return;
    }
    if (awaits_banner(smtp)) {
        return; /* booked at the end, as the banner's */
    }
    if (oldest) {
        book_wait(smtp, oldest, from_ns, origin->time_ns);
    } else {
        book_pause(smtp, from_ns, origin->time_ns);
    }
}

void
ss_timing_content(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    int64_t from_ns;

    if (!transaction || !transaction->content_first.frame) {
        const SsTcpHealth *health = smtp->connection->health;
        if (transaction && health) {
            transaction->times.closed_ns = health->half[SS_SERVER].closed_ns;
        }
        ss_timing_client(smtp, origin);
    } else if (end_stretch(smtp, origin->time_ns, &from_ns)) {
        book_transfer(smtp, transaction, from_ns, origin->time_ns);
    }
}

void
ss_timing_reply(SsSmtp *smtp, SsPending *pending, const SsOrigin *origin, bool is_banner)
{
    int64_t now_ns = origin->time_ns, ready_ns = smtp->connection->ready_ns, from_ns;

    if (is_banner) {
        (void)end_stretch(smtp, now_ns, &from_ns); /* booked when the round trip is known */
        if (ready_ns != SS_TIME_NONE && !smtp->has_turned) {
            note_slow(smtp, NULL, ready_ns, now_ns, origin, SS_SLICE_NULL);
        }
        return;
    }
    if (pending) {
        note_slow(smtp, pending, waits_since(pending), now_ns, origin, SS_SLICE_NULL);
        see_reply(smtp, pending);
        pending->since_ns = now_ns; /* in LMTP it waits for more */
    }
    if (smtp->ledger.head) {
        smtp->ledger.head->since_ns = now_ns;
    }
    if (!end_stretch(smtp, now_ns, &from_ns)) {
        return;
    }
    if (pending) {
        book_wait(smtp, pending, from_ns, now_ns);
    } else {
        book_client(smtp, from_ns, now_ns);
    }
}

void
ss_timing_login(SsSmtp *smtp, const SsAuth *auth, const SsOrigin *origin)
{
    if (auth) {
        tally(smtp)->times.auth_ns += MAX(origin->time_ns - auth->origin.time_ns, 0);
    }
}

void
ss_timing_open(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    const SsConnection *connection = smtp->connection;

    (void)tally(smtp);
    if (smtp->n_messages || smtp->n_open) {
        transaction->times.before_ns = 0; /* the connection was there */
    } else {
        transaction->times.before_ns = connection->from_start
                                           ? MAX(origin->time_ns - connection->first.time_ns, 0)
                                           : SS_TIME_NONE;
    }
}

/* --- the end --- */

/* Nobody can say that what is waited for was not captured. */
static bool
is_certain(const SsSmtp *smtp)
{
    return !ss_smtp_is_one_way(smtp, SS_SERVER) && !smtp->server.is_gapped &&
           smtp->connection->half[SS_SERVER].missing_bytes == 0;
}

static bool
has_no_banner(const SsSmtp *smtp)
{
    return smtp->connection->on_server_port && smtp->connection->ready_ns != SS_TIME_NONE &&
           smtp->connection->half[SS_SERVER].bytes == 0 &&
           (smtp->connection->half[SS_CLIENT].bytes == 0 || smtp->speech == SS_SPEECH_SMTP);
}

/* Until when nothing came, as far as it is known. */
static int64_t
silent_until(const SsSmtp *smtp, SsCloseReason reason)
{
    int64_t last_ns = smtp->connection->last.time_ns;

    switch (reason) {
    case SS_CLOSE_FIN:
    case SS_CLOSE_RESET:
        return last_ns;
    case SS_CLOSE_TIMEOUT:
        return last_ns + smtp->factory->options.limits.idle_ns;
    default:
        return ss_connection_now_ns(smtp->connection);
    }
}

void
ss_timing_finish(SsSmtp *smtp, SsCloseReason reason)
{
    const SsPending *oldest = ss_ledger_oldest(smtp);
    const SsOrigin *last = &smtp->connection->last;
    int64_t now_ns = silent_until(smtp, reason), from_ns;
    bool is_cut_off = reason == SS_CLOSE_CAPTURE || reason == SS_CLOSE_EVICTED;
    SsSlice text = is_cut_off ? SS_SLICE("cut off") : SS_SLICE("unanswered");

    if ((smtp->tls && !smtp->server.is_plain) || !is_certain(smtp)) {
        return;
    }
    if (has_no_banner(smtp)) {
        note_slow(smtp, NULL, smtp->connection->ready_ns, now_ns, last, text);
    } else if (oldest) {
        note_slow(smtp, oldest, waits_since(oldest), now_ns, last, text);
    }
    if ((smtp->times.until_ns == SS_TIME_NONE && !has_no_banner(smtp)) ||
        !end_stretch(smtp, last->time_ns, &from_ns) || awaits_banner(smtp)) {
        return;
    }
    if (oldest) {
        book_wait(smtp, oldest, from_ns, last->time_ns);
    } else {
        book_client(smtp, from_ns, last->time_ns);
    }
}

static int64_t
known(int64_t ns)
{
    return ns > 0 ? ns : SS_TIME_NONE;
}

void
ss_timing_fill_session(const SsSmtp *smtp, SsEventSession *session)
{
    SsSessionTiming *timing = &session->timing;
    const SsMailTally *mail = smtp->mail && smtp->n_messages ? smtp->mail : NULL;
    int64_t connect_ns = MAX(ss_connection_connect_ns(smtp->connection), 0);
    int64_t banner_ns = MAX(smtp->banner_ns, 0);
    int64_t network;

    timing->hello_ns = known(smtp->times.hello_ns);
    timing->auth_ns = known(smtp->mail ? smtp->mail->times.auth_ns : 0);
    timing->envelope_ns = mail ? mail->times.envelope_ns : SS_TIME_NONE;
    timing->transfer_ns = mail ? mail->times.transfer_ns : SS_TIME_NONE;
    timing->answer_ns = mail ? mail->times.answer_ns : SS_TIME_NONE;
    timing->network_ns = timing->server_ns = timing->client_ns = timing->idle_ns = SS_TIME_NONE;
    if (smtp->times.until_ns == SS_TIME_NONE || ss_smtp_is_one_way(smtp, SS_CLIENT) ||
        ss_smtp_is_one_way(smtp, SS_SERVER)) {
        return;
    }
    if (awaits_banner(smtp)) {
        banner_ns = smtp->times.until_ns - smtp->connection->ready_ns;
    }
    network = banner_network_ns(smtp, banner_ns);
    timing->network_ns = smtp->times.network_ns + connect_ns + network;
    timing->server_ns = smtp->times.server_ns + banner_ns - network;
    timing->idle_ns = smtp->mail ? smtp->mail->times.idle_ns : 0;
    timing->client_ns = MAX(smtp->times.until_ns - session->time_ns - timing->network_ns -
                                timing->server_ns - timing->idle_ns,
                            0);
}

static int64_t
sum(int64_t a, int64_t b)
{
    return a == SS_TIME_NONE || b == SS_TIME_NONE ? SS_TIME_NONE : a + b;
}

void
ss_timing_fill_message(SsTransaction *transaction, const SsOrigin *decided)
{
    const SsMessageTimes *times = &transaction->times;
    SsEventMessage *event = &transaction->event;
    SsMessageTiming *timing = &event->timing;
    SsDelays *delays = &event->delays;
    const SsOrigin *content = transaction->content_first.frame ? &transaction->content_first : NULL;
    const SsOrigin *over = transaction->is_content_whole ? &transaction->content_last : decided;
    bool has_start = !ss_slice_is_null(event->from); /* else MAIL was lost */

    timing->mail_ns = times->has_mail ? times->mail_ns : SS_TIME_NONE;
    timing->rcpt_ns = times->has_rcpt ? times->rcpt_ns : SS_TIME_NONE;
    timing->data_ns = times->has_data ? times->data_ns : SS_TIME_NONE;
    timing->envelope_ns =
        has_start ? MAX((content ? content : decided)->time_ns - transaction->origin.time_ns, 0)
                  : SS_TIME_NONE;
    timing->transfer_ns = content ? MAX(over->time_ns - content->time_ns, 0) : SS_TIME_NONE;
    timing->answer_ns = event->server_time_ns;
    timing->network_ns = times->network_ns;
    timing->server_ns = times->server_ns;
    timing->client_ns = times->client_ns;
    delays->before_ns = has_start ? times->before_ns : SS_TIME_NONE;
    delays->envelope_ns = timing->envelope_ns;
    delays->transfer_ns = timing->transfer_ns;
    delays->answer_ns = timing->answer_ns;
    delays->total_ns = sum(delays->before_ns, delays->envelope_ns);
    delays->total_ns = sum(delays->total_ns, MAX(delays->transfer_ns, 0));
    delays->total_ns = sum(delays->total_ns, MAX(delays->answer_ns, 0));
}
