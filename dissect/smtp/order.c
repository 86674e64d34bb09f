/*
 * What is out of order in a dialogue, told as notes: who speaks too early, does not wait, asks for
 * what cannot come now, says in the clear what TLS should hide. Nothing here changes how the bytes
 * are read; and where bytes are missing nothing is said, for what was lost may have put it in
 * order.
 */
#include "dissect/smtp/order.h"

#include "dissect/smtp/session.h"

/* A client that sends its next command so late did not pipeline it: it gave the reply up. */
#define PATIENCE_NS (10 * SS_NS_PER_S)

static bool
is_doubtful(const SsSmtp *smtp)
{
    return !smtp->connection->from_start || ss_smtp_is_one_way(smtp, SS_CLIENT) ||
           ss_smtp_is_one_way(smtp, SS_SERVER) || smtp->server.is_gapped || smtp->client.is_gapped;
}

static bool
has_all_bytes(const SsSmtp *smtp)
{
    const SsConnectionEnd *half = smtp->connection->half;

    return smtp->connection->from_start && half[0].packets && half[1].packets &&
           !half[0].missing_bytes && !half[1].missing_bytes;
}

/* --- before the banner (RFC 5321 section 3.1) --- */

void
ss_order_speaks(SsSmtp *smtp, const SsOrigin *origin)
{
    if (smtp->connection->from_start && ss_hold_is_empty(&smtp->server.hold)) {
        ss_smtp_extra(smtp)->early = *origin;
    }
}

static void
forget_early(SsSmtp *smtp)
{
    smtp->extra->early = (SsOrigin){0};
    smtp->extra->early_verb = NULL;
    ss_smtp_extra_trim(smtp);
}

static void
note_early(SsSmtp *smtp, SsSlice text, const SsOrigin *origin)
{
    const SsOrigin *early = &smtp->extra->early;
    const SsVerb *verb = smtp->extra->early_verb;
    SsEvent event;

    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_EARLY, SS_CLIENT, origin)) {
        event.note.verb = verb ? verb->name : SS_SLICE_NULL;
        event.note.text = text;
        event.note.first_ns = early->time_ns;
        event.note.evidence = early->frame;
        ss_smtp_emit(smtp, &event);
    }
}

void
ss_order_banner(SsSmtp *smtp, const SsReply *reply)
{
    if (smtp->extra && smtp->extra->early.frame) {
        /* With another code it answers the client, and the banner is not to be seen. */
        if (!is_doubtful(smtp) && (reply->code == 220 || ss_reply_is_refusal(reply))) {
            note_early(smtp, SS_SLICE_NULL, &reply->origin);
        }
        forget_early(smtp);
    }
}

/* --- pipelining (RFC 2920 section 3.1) --- */

static bool
is_pipelined(const SsSmtp *smtp, const SsOrigin *origin)
{
    const SsPending *last = smtp->ledger.tail;

    if (smtp->pipelining != SS_OFFER_NONE || smtp->has_pipelined || smtp->starttls_agreed ||
        is_doubtful(smtp)) {
        return false;
    }
    return last ? !last->may_be_answered && origin->time_ns - last->origin.time_ns < PATIENCE_NS
                : smtp->client.is_held_line;
}

static void
see_pipelining(SsSmtp *smtp, const SsVerb *verb, const SsOrigin *origin)
{
    SsEvent event;

    if (verb->id == SS_VERB_UNKNOWN || !is_pipelined(smtp, origin)) {
        return;
    }
    smtp->has_pipelined = true;
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_PIPELINED, SS_CLIENT, origin)) {
        event.note.verb = verb->name;
        ss_smtp_emit(smtp, &event);
    }
}

/* --- STARTTLS (RFC 3207 section 4.2: nothing may be taken over from before TLS) --- */

/* A line in the clear behind STARTTLS that was agreed to: the first tells. */
static void
see_plain(SsSmtp *smtp, const SsCommandLine *command, SsSlice shown, const SsOrigin *origin)
{
    bool is_early = smtp->client.is_held_line;
    SsEvent event;

    if (!smtp->starttls_agreed || smtp->is_plain_told ||
        (!is_early && command->verb->id == SS_VERB_UNKNOWN)) {
        return;
    }
    smtp->is_plain_told = true;
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_INJECTION, SS_CLIENT, origin)) {
        event.note.verb = command->name;
        event.note.text = shown;
        event.note.span = is_early;
        ss_smtp_emit(smtp, &event);
    }
}

static SsSlice
keyword_of(SsSlice offer)
{
    return ss_slice_sub(offer, 0, ss_slice_index(offer, ' '));
}

/* What a filter writes over a keyword that it does not like, or over a part of it. */
static bool
is_masked(SsSlice word)
{
    static const SsSlice keyword = SS_SLICE_INIT("STARTTLS");
    size_t n_crosses = 0, n_right = 0;

    if (word.len != keyword.len) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        n_crosses += ss_ascii_upper(word.data[i]) == 'X';
        n_right += ss_ascii_upper(word.data[i]) == keyword.data[i];
    }
    return n_right < word.len && (n_crosses >= 6 || n_right >= 5);
}

static void
note_masked(SsSmtp *smtp, SsDirection whose, SsSlice word, const SsOrigin *origin)
{
    SsEvent event;

    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_MASKED, whose, origin)) {
        event.note.text = word;
        ss_smtp_emit(smtp, &event);
    }
}

void
ss_order_starttls_refused(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsReplyText words = ss_reply_text_borrow(reply);
    SsEvent event;

    if (!pending->may_be_answered &&
        ss_smtp_note_begin(smtp, &event, SS_NOTE_TLS_REFUSED, SS_SERVER, &reply->origin)) {
        event.note.span = pending->origin.frame;
        event.note.reply = &words;
        ss_smtp_emit(smtp, &event);
    }
}

void
ss_order_unasked(SsSmtp *smtp, const SsReply *reply)
{
    SsEvent event;

    /* 421 may come at any time (RFC 5321 section 3.8). */
    if (!smtp->starttls_agreed || smtp->tls || smtp->is_plain_told || reply->code < 200 ||
        reply->code == 421 || is_doubtful(smtp)) {
        return;
    }
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_INJECTION, SS_SERVER, &reply->origin)) {
        SsReplyText words = ss_reply_text_borrow(reply);
        event.note.reply = &words;
        event.note.text = reply->text;
        ss_smtp_emit(smtp, &event);
    }
}

/* How a handshake failed, in a fixed word; absent where it did not, or nobody knows. */
static SsSlice
failure_of(const SsSmtp *smtp, SsCloseReason reason, const SsTlsAlertSeen *alert)
{
    if (alert->frame) {
        return alert->is_sealed ? SS_SLICE("sealed-alert")
                                : ss_slice_str(ss_tls_alert_name(alert->description));
    }
    if (!has_all_bytes(smtp) || ss_tls_is_lost(smtp->tls)) {
        return SS_SLICE_NULL;
    }
    if (smtp->server.is_plain) {
        return SS_SLICE("in-clear");
    }
    return reason == SS_CLOSE_FIN     ? SS_SLICE("closed")
           : reason == SS_CLOSE_RESET ? SS_SLICE("reset")
                                      : SS_SLICE_NULL;
}

static void
see_handshake(SsSmtp *smtp, SsCloseReason reason, SsDirection by)
{
    SsTlsAlertSeen alert = ss_tls_alert(smtp->tls);
    SsSlice failure = failure_of(smtp, reason, &alert);
    SsEvent event;

    if (ss_slice_is_null(failure) || ss_tls_handshake_ns(smtp->tls) != SS_TIME_NONE) {
        return;
    }
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_TLS_REFUSED, alert.frame ? alert.by : by,
                           &smtp->connection->last)) {
        event.note.text = failure;
        if (alert.frame) {
            event.note.evidence = alert.frame;
        } else if (smtp->server.is_plain) {
            event.note.direction = SS_SERVER;
        }
        ss_smtp_emit(smtp, &event);
    }
}

/* --- commands and replies --- */

/* VRFY and EXPN (RFC 5321 section 3.5). */
static void
note_probe(SsSmtp *smtp, const SsCommandLine *command, SsSlice name, const SsOrigin *origin)
{
    char client_ip[46];
    SsEvent event;

    if (!command->is_cut && ss_smtp_note_begin(smtp, &event, SS_NOTE_PROBE, SS_CLIENT, origin)) {
        event.note.verb = command->verb->name;
        event.note.text = name;
        ss_smtp_endpoint(smtp, SS_CLIENT, &event.note.client, client_ip);
        ss_smtp_emit(smtp, &event);
    }
}

static void
see_unknown(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin)
{
    /* Such letters look like a step of a login, too. */
    bool is_hidden = smtp->extra && smtp->extra->masked.len;
    SsSlice word = is_hidden ? ss_smtp_last_masked(smtp) : command->name;

    if (is_masked(word) && ss_slice_is_null(command->argument)) {
        note_masked(smtp, SS_CLIENT, word, origin);
    }
}

void
ss_order_command(SsSmtp *smtp, const SsCommandLine *command, SsSlice shown, const SsOrigin *origin)
{
    if (smtp->extra && smtp->extra->early.frame && !smtp->extra->early_verb &&
        command->verb->id != SS_VERB_UNKNOWN) {
        smtp->extra->early_verb = command->verb;
    }
    see_plain(smtp, command, shown, origin);
    see_pipelining(smtp, command->verb, origin);
    switch (command->verb->id) {
    case SS_VERB_VRFY:
    case SS_VERB_EXPN:
        note_probe(smtp, command, shown, origin);
        break;
    case SS_VERB_UNKNOWN:
        see_unknown(smtp, command, origin);
        break;
    case SS_VERB_AUTH:
        smtp->login = MAX(smtp->login, SS_LOGIN_TRIED);
        break;
    default:
        break;
    }
}

/* The word that stands where STARTTLS was offered; absent where there is none. */
static SsSlice
find_masked(const SsSlice *offers, size_t n)
{
    SsSlice masked = SS_SLICE_NULL;
    size_t n_masked = 0, n_chunking = 0;
    bool has_binary = false;

    for (size_t i = 0; i < n; i++) {
        SsSlice keyword = keyword_of(offers[i]);
        if (is_masked(keyword)) {
            masked = keyword;
            n_masked++;
        }
        n_chunking += ss_slice_eq_nocase(keyword, SS_SLICE("CHUNKING"));
        has_binary |= ss_slice_eq_nocase(keyword, SS_SLICE("BINARYMIME"));
    }
    /* BINARYMIME does not come without CHUNKING (RFC 3030 section 3), which is as long. */
    return n_masked > (size_t)(has_binary && !n_chunking) ? masked : SS_SLICE_NULL;
}

void
ss_order_hello(SsSmtp *smtp, const SsSlice *offers, size_t n, bool is_whole, const SsOrigin *origin)
{
    SsSlice masked;

    smtp->has_greeted = true;
    smtp->has_pipelined = false;
    smtp->pipelining = is_whole ? SS_OFFER_NONE : SS_OFFER_UNKNOWN;
    for (size_t i = 0; i < n; i++) {
        if (ss_slice_eq_nocase(keyword_of(offers[i]), SS_SLICE("PIPELINING"))) {
            smtp->pipelining = SS_OFFER_MADE;
        }
    }
    masked = smtp->offers_tls || !is_whole ? SS_SLICE_NULL : find_masked(offers, n);
    if (!ss_slice_is_null(masked)) {
        note_masked(smtp, SS_SERVER, masked, origin);
    }
}

void
ss_order_begin(SsSmtp *smtp)
{
    smtp->has_greeted = smtp->has_pipelined = false;
    smtp->pipelining = SS_OFFER_NONE;
    smtp->login = SS_LOGIN_NONE;
}

void
ss_order_lost(SsSmtp *smtp)
{
    smtp->pipelining = SS_OFFER_UNKNOWN; /* what was lost may have been the offer */
}

/* What was out of order, absent where the dialogue does not show it: the server has its reasons. */
static SsSlice
disorder_of(SsSmtp *smtp, const SsPending *pending)
{
    const SsTransaction *of = ss_transaction_get(smtp, pending->transaction);
    bool is_open = of && of->is_mail_answered && of->mail_reply.code / 100 == 2;

    switch (pending->verb->id) {
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_LHLO:
        return smtp->has_greeted ? SS_SLICE("again") : SS_SLICE_NULL;
    case SS_VERB_AUTH:
        if (smtp->login == SS_LOGIN_DONE || is_open) {
            return smtp->login == SS_LOGIN_DONE ? SS_SLICE("again") : SS_SLICE("in-mail");
        }
        break;
    case SS_VERB_STARTTLS:
        if (is_open) {
            return SS_SLICE("in-mail");
        }
        break;
    case SS_VERB_MAIL:
        if (of && of->prev && !of->prev->is_content_over) {
            return SS_SLICE("nested");
        }
        break;
    case SS_VERB_RCPT:
    case SS_VERB_DATA:
    case SS_VERB_BDAT:
        if (!of) {
            return SS_SLICE("no-mail");
        }
        if (of->is_mail_answered && of->mail_reply.code >= 400) {
            return SS_SLICE("mail-refused");
        }
        if (pending->verb->id != SS_VERB_RCPT && !of->n_accepted) {
            return of->event.rcpt.total ? SS_SLICE("rcpt-refused") : SS_SLICE("no-rcpt");
        }
        return SS_SLICE_NULL;
    default:
        break;
    }
    return smtp->has_greeted ? SS_SLICE_NULL : SS_SLICE("no-hello");
}

/* Sent before it could be known that what stood before it is refused. */
static bool
is_consequence(const SsPending *pending, SsSlice disorder)
{
    bool is_of_mail = pending->verb->id == SS_VERB_RCPT || pending->verb->id == SS_VERB_DATA ||
                      pending->verb->id == SS_VERB_BDAT;

    return is_of_mail && pending->is_behind && !ss_slice_is_null(disorder) &&
           !ss_slice_eq(disorder, SS_SLICE("no-rcpt"));
}

void
ss_order_out_of_sequence(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsSlice disorder = disorder_of(smtp, pending);
    SsReplyText words = ss_reply_text_borrow(reply);
    SsEvent event;

    if (pending->may_be_answered || is_doubtful(smtp) || is_consequence(pending, disorder)) {
        return;
    }
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_SEQUENCE, SS_CLIENT, &reply->origin)) {
        event.note.verb = ss_slice_str(pending->name);
        event.note.span = pending->origin.frame;
        event.note.text = disorder;
        event.note.reply = &words;
        ss_smtp_emit(smtp, &event);
    }
}

/* --- whose mail is taken --- */

/* FNV-1a: the same in every run, so that the same input gives the same notes. */
static uint64_t
mix(uint64_t hash, SsSlice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        hash = (hash ^ bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* What stands behind the last @, in lower case; absent where there is none. */
static SsSlice
domain_of(SsSlice address, uint8_t room[SS_DOMAIN_MAX])
{
    size_t at = address.len;

    while (at > 0 && address.data[at - 1] != '@') {
        at--;
    }
    if (at == 0 || at == address.len || address.len - at > SS_DOMAIN_MAX) {
        return SS_SLICE_NULL;
    }
    for (size_t i = at; i < address.len; i++) {
        room[i - at] = ss_ascii_lower(address.data[i]);
    }
    return ss_slice(room, address.len - at);
}

/* A server may take for its own network what it refuses others. So of a client counts its first
 * byte, and the second too where that tells a private address from others (RFC 1918, RFC 3927,
 * RFC 4193, RFC 6598). */
static size_t
len_of_network(const uint8_t address[16])
{
    static const uint8_t shared[] = {100, 169, 172, 192, 0xfe};

    return memchr(shared, address[0], sizeof shared) ? 2 : 1;
}

static void
take_domain(SsSmtp *smtp, const SsTransaction *transaction, SsSlice domain, const SsOrigin *origin)
{
    const SsConnectionEnd *server = &smtp->connection->half[SS_SERVER];
    const SsConnectionEnd *client = &smtp->connection->half[SS_CLIENT];
    uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), ss_slice(server->address, 16));
    uint64_t *place;
    char client_ip[46], server_ip[46];
    SsEvent event;

    hash = mix(hash, ss_slice(&server->port, sizeof server->port));
    hash = mix(hash, ss_slice(client->address, len_of_network(client->address)));
    hash = mix(hash, domain);
    place = &smtp->factory->taken[hash % SS_TAKEN_MAX];
    if (*place == hash || !ss_smtp_note_begin(smtp, &event, SS_NOTE_TAKEN, SS_CLIENT, origin)) {
        return;
    }
    *place = hash;
    event.note.text = domain;
    event.note.message = transaction->event.index;
    ss_smtp_endpoint(smtp, SS_CLIENT, &event.note.client, client_ip);
    ss_smtp_endpoint(smtp, SS_SERVER, &event.note.server, server_ip);
    ss_smtp_emit(smtp, &event);
}

void
ss_order_taken(SsSmtp *smtp, const SsTransaction *transaction, const SsOrigin *origin)
{
    const SsRecipient *recipients = transaction->event.rcpt.items;
    uint8_t room[SS_DOMAIN_MAX];

    if (smtp->login != SS_LOGIN_NONE || smtp->has_turned || !ss_smtp_wants(smtp, SS_EVENT_NOTE) ||
        !has_all_bytes(smtp)) {
        return;
    }
    for (size_t i = 0; i < transaction->event.rcpt.n; i++) {
        const SsReplyText *reply = recipients[i].final ? recipients[i].final : &recipients[i].reply;
        SsSlice domain =
            reply->code / 100 == 2 ? domain_of(recipients[i].address, room) : SS_SLICE_NULL;
        if (!ss_slice_is_null(domain)) {
            take_domain(smtp, transaction, domain, origin);
        }
    }
}

/* --- the end --- */

void
ss_order_close(SsSmtp *smtp, SsCloseReason reason, SsDirection by)
{
    if (smtp->tls) {
        see_handshake(smtp, reason, by);
    }
    if (smtp->extra && smtp->extra->early.frame) {
        const SsVerb *verb = smtp->extra->early_verb;
        bool has_left = verb && verb->id == SS_VERB_QUIT; /* it had waited in vain */
        if (smtp->speech == SS_SPEECH_SMTP && has_all_bytes(smtp) && !has_left) {
            note_early(smtp, SS_SLICE("no-banner"), &smtp->connection->last);
        }
        forget_early(smtp);
    }
}
