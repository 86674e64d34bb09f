/*
 * What a reply means for the command it answers.
 */
#include "dissect/smtp/order.h"
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/session.h"

/* --- the reply's event --- */

static SsSlice
answered(const SsPending *pending, bool is_banner)
{
    if (is_banner) {
        return SS_SLICE("banner");
    }
    if (!pending || !pending->name[0]) {
        return SS_SLICE_NULL;
    }
    return pending->kind == SS_PENDING_CONTENT ? SS_SLICE("data") : ss_slice_str(pending->name);
}

static int64_t
latency_of(const SsSmtp *smtp, const SsPending *pending, const SsReply *reply, bool is_banner)
{
    int64_t since = is_banner ? (smtp->has_turned ? SS_TIME_NONE : smtp->connection->ready_ns)
                    : pending ? pending->origin.time_ns
                              : SS_TIME_NONE;

    if (since == SS_TIME_NONE || reply->origin.time_ns < since) {
        return SS_TIME_NONE;
    }
    return reply->origin.time_ns - since;
}

static void
emit_reply(SsSmtp *smtp, SsPending *pending, const SsReply *reply, bool is_banner)
{
    int64_t latency_ns = latency_of(smtp, pending, reply, is_banner);
    SsEvent event;

    if (is_banner) {
        smtp->banner_ns = smtp->has_turned ? smtp->banner_ns : latency_ns;
    } else if (latency_ns > smtp->slowest_ns) {
        smtp->slowest_ns = latency_ns;
    }
    ss_timing_reply(smtp, pending, &reply->origin, is_banner);
    if (!ss_smtp_wants(smtp, SS_EVENT_REPLY)) {
        return;
    }
    ss_smtp_event(smtp, &event, SS_EVENT_REPLY, &reply->origin);
    event.reply.code = reply->code;
    event.reply.enhanced = reply->enhanced;
    event.reply.lines = reply->lines;
    event.reply.to = answered(pending, is_banner);
    event.reply.latency_ns = latency_ns;
    event.reply.turned = smtp->is_turned;
    ss_smtp_emit(smtp, &event);
}

/* --- by command --- */

static void
take_banner(SsSmtp *smtp, const SsReply *reply)
{
    const SsSlice *lines = reply->lines.items;

    if (reply->lines.n && !smtp->is_turned) {
        smtp->says_ftp = ss_text_says_ftp(lines[0]);
        if (ss_reply_is_line_cut(reply, 0)) {
            SsSlice text = ss_text_whole_words(lines[0]);
            ss_smtp_set_server_names(smtp, ss_banner_host_cut(text), ss_banner_software(text));
        } else {
            ss_smtp_set_server_names(smtp, ss_banner_host(lines[0]), ss_banner_software(lines[0]));
        }
    }
}

/* Refused, the command leaves the transaction as it was. */
static void
keep_transaction(SsSmtp *smtp)
{
    const SsTransaction *last = ss_transaction_current(smtp);

    if (!smtp->client.transaction && last) {
        smtp->client.transaction = last->number;
    }
}

/* What a reply to EHLO says of STARTTLS: what is missing of it may have offered it. */
static void
keep_offer(SsSmtp *smtp, const SsSlice *offers, size_t n, bool is_whole, const SsOrigin *origin)
{
    smtp->has_used = false;
    smtp->offers_tls = false;
    for (size_t i = 0; i < n; i++) {
        SsSlice keyword = ss_slice_sub(offers[i], 0, ss_slice_index(offers[i], ' '));
        smtp->offers_tls = smtp->offers_tls || ss_slice_eq_nocase(keyword, SS_SLICE("STARTTLS"));
    }
    smtp->hello_frame = is_whole || smtp->offers_tls ? origin->frame : 0;
    ss_order_hello(smtp, offers, n, is_whole, origin);
}

static void
answer_hello(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    const SsSlice *lines = reply->lines.items;
    SsSlice offers[SS_EXTENSIONS_MAX];
    size_t n = 0;
    bool is_whole;

    if (!ss_reply_is_positive(reply)) {
        keep_transaction(smtp);
        return;
    }
    smtp->is_lmtp = pending->verb->id == SS_VERB_LHLO;
    smtp->was_greeted_plainly = pending->verb->id == SS_VERB_HELO;
    ss_transaction_decide_before(smtp, pending->before, &reply->origin);
    if (pending->verb->id == SS_VERB_HELO) {
        ss_offer_forget(smtp);
        ss_order_hello(smtp, NULL, 0, true, &reply->origin);
        return;
    }
    for (size_t i = 1; i < reply->lines.n && n < SS_EXTENSIONS_MAX; i++) {
        bool is_cut = ss_reply_is_line_cut(reply, i);
        SsSlice offer = ss_slice_trim(is_cut ? ss_text_whole_words(lines[i]) : lines[i]);
        if (offer.len || !is_cut) {
            offers[n++] = offer;
        }
    }
    ss_shared_set(&smtp->factory->shared, &smtp->extensions, offers, n,
                  reply->lines.total ? reply->lines.total - 1 : 0, smtp->connection->memory);
    /* Where replies were lost while it was due, the lines before may have been. */
    is_whole = !reply->is_cut && !pending->may_be_answered;
    keep_offer(smtp, offers, n, is_whole, &reply->origin);
    ss_offer_take(smtp, offers, n, is_whole && n + 1 >= reply->lines.total);
}

static void
answer_mail(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);

    if (!transaction) {
        return;
    }
    if (reply->code == 503 && !transaction->has_content) {
        ss_transaction_drop(smtp, transaction);
        return;
    }
    ss_transaction_decide_before(smtp, transaction->number - 1, &reply->origin);
    ss_transaction_count(smtp, transaction);
    transaction->is_mail_answered = true;
    transaction->mail_reply.code = reply->code;
    transaction->event.mail_code = reply->code;
    transaction->event.mail_enhanced = ss_arena_dup(&transaction->arena, reply->enhanced);
    if (reply->code >= 400) { /* else no text is told */
        transaction->mail_reply = ss_reply_text_dup(&transaction->arena, reply);
    }
}

static void
answer_data(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);

    if (reply->code == 354) {
        if (transaction) {
            smtp->client.transaction = transaction->number;
            transaction->event.data_code = reply->code;
            transaction->data_reply = (SsReplyText){0}; /* refused before, it is taken now */
            ss_transaction_begin_content(smtp, transaction, SS_TRANSFER_DATA);
        }
        ss_client_resume(smtp, SS_CLIENT_DATA);
        return;
    }
    if (transaction && ss_reply_is_refusal(reply)) {
        ss_transaction_refuse_data(transaction, reply);
    }
    ss_client_resume(smtp, SS_CLIENT_COMMANDS);
}

/*
 * True where further replies to the same content are due: in LMTP one for each recipient that was
 * accepted (RFC 2033 section 4.2); in PRDR the same behind a 353, and then one for all
 * (draft-hall-prdr).
 */
static bool
answer_content(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);

    if (!transaction) {
        return false;
    }
    if (!transaction->is_content_over) { /* a chunk refused while it was still on its way */
        ss_transaction_refuse_data(transaction, reply);
        return false;
    }
    if (reply->code == 353 && !transaction->is_prdr) {
        transaction->is_prdr = true;
        return true;
    }
    if (transaction->is_prdr && transaction->n_final < transaction->n_accepted) {
        (void)ss_transaction_rcpt_final(transaction, reply);
        return true;
    }
    if (smtp->is_lmtp && transaction->n_accepted &&
        !ss_transaction_rcpt_final(transaction, reply)) {
        return true;
    }
    ss_transaction_decide(smtp, transaction, reply, &reply->origin);
    return false;
}

/* The server begins anew, as if another client had connected: with its banner. */
static void
answer_xclient(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    bool is_taken = ss_reply_is_positive(reply);

    ss_forwarded_answer(smtp, is_taken);
    if (is_taken) {
        ss_transaction_decide_before(smtp, pending->before, &reply->origin);
        ss_offer_forget(smtp);
        take_banner(smtp, reply);
    }
}

static void
answer_turn(SsSmtp *smtp, const SsReply *reply)
{
    if (ss_reply_is_positive(reply)) {
        smtp->turn_agreed = true; /* when this reply has been read */
    } else {
        ss_client_resume(smtp, SS_CLIENT_COMMANDS);
    }
}

static void
answer_xexch50(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    if (pending->kind != SS_PENDING_COMMAND || smtp->client.mode != SS_CLIENT_WAIT ||
        smtp->client.wait != SS_WAIT_BLOB) {
        return; /* to its bytes, or to a command that could not be read */
    }
    ss_client_resume(smtp, reply->code == 354 ? ss_client_begin_blob(smtp, &reply->origin)
                                              : SS_CLIENT_COMMANDS);
}

static void
answer_chunk(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);

    if (transaction && ss_reply_is_refusal(reply) && !transaction->data_reply.code) {
        ss_transaction_refuse_data(transaction, reply);
    }
}

static void
answer_auth(SsSmtp *smtp, const SsReply *reply)
{
    if (reply->code == 334) {
        if (!reply->is_cut) { /* else what it asks is not known */
            ss_auth_challenge(smtp, reply->text);
        }
        ss_client_resume(smtp, SS_CLIENT_AUTH);
        return;
    }
    smtp->is_login_broken = !ss_reply_is_positive(reply);
    if (ss_reply_is_positive(reply)) {
        smtp->login = SS_LOGIN_DONE;
    } else if (smtp->login == SS_LOGIN_TRIED && ss_reply_is_refusal(reply)) {
        smtp->login = SS_LOGIN_NONE;
    }
    ss_auth_end(smtp, reply, &reply->origin);
    ss_client_resume(smtp, SS_CLIENT_COMMANDS);
}

static void
answer_starttls(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    if (reply->code == 220) {
        ss_transaction_decide_before(smtp, pending->before, &reply->origin);
        smtp->starttls_agreed = true;
        ss_offer_forget(smtp); /* RFC 3207 section 4.2 */
        smtp->is_plain_told = false;
    } else if (ss_reply_is_refusal(reply)) {
        ss_order_starttls_refused(smtp, pending, reply);
    }
    ss_client_resume(smtp, SS_CLIENT_COMMANDS);
}

static void
answer_command(SsSmtp *smtp, const SsPending *pending, const SsReply *reply)
{
    SsTransaction *transaction;

    if (reply->code == 503) {
        ss_order_out_of_sequence(smtp, pending, reply);
    }
    switch (pending->verb->id) {
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_LHLO:
        answer_hello(smtp, pending, reply);
        break;
    case SS_VERB_MAIL:
        answer_mail(smtp, pending, reply);
        break;
    case SS_VERB_RCPT:
        transaction = ss_transaction_get(smtp, pending->transaction);
        if (transaction) {
            ss_transaction_rcpt_reply(transaction, pending->rcpt, reply);
        }
        break;
    case SS_VERB_DATA:
        answer_data(smtp, pending, reply);
        break;
    case SS_VERB_TURN:
    case SS_VERB_ATRN:
        answer_turn(smtp, reply);
        break;
    case SS_VERB_XCLIENT:
        answer_xclient(smtp, pending, reply);
        break;
    case SS_VERB_XFORWARD:
        if (ss_reply_is_refusal(reply)) {
            ss_forwarded_refuse(smtp, pending);
        }
        break;
    case SS_VERB_XEXCH50:
        answer_xexch50(smtp, pending, reply);
        break;
    case SS_VERB_BURL:
    case SS_VERB_BDAT:
        answer_chunk(smtp, pending, reply);
        break;
    case SS_VERB_RSET:
        if (ss_reply_is_positive(reply)) {
            ss_transaction_decide_before(smtp, pending->before, &reply->origin);
        } else {
            keep_transaction(smtp);
        }
        break;
    case SS_VERB_QUIT:
        ss_transaction_decide_before(smtp, pending->before, &reply->origin);
        smtp->quit_answered = true;
        break;
    case SS_VERB_STARTTLS:
        answer_starttls(smtp, pending, reply);
        break;
    case SS_VERB_AUTH:
        answer_auth(smtp, reply);
        break;
    default:
        break;
    }
}

/* --- replies that answer no command we know of --- */

/* The reply came while content is on its way: the content's end was lost, or the server does not
 * wait for it. */
static SsPending *
answer_inside_content(SsSmtp *smtp, const SsReply *reply)
{
    SsTransaction *transaction = ss_transaction_get(smtp, smtp->client.transaction);
    bool is_taken =
        ss_reply_is_positive(reply) && ss_transparency_is_alike(&smtp->client.transparency);
    SsPending *content;

    if (!transaction) {
        return NULL;
    }
    if (!is_taken && (transaction->event.missing_bytes == 0 || reply->code == 421)) {
        if (transaction->has_early_reply) {
            ss_hidden_see_early(transaction, reply);
        } else {
            transaction->has_early_reply = true;
            transaction->has_cut_reply |= reply->cut_lines != 0;
            transaction->early_reply = ss_reply_text_dup(&transaction->arena, reply);
        }
        return NULL;
    }
    ss_client_infer_end(smtp, &reply->origin);
    content = g_new0(SsPending, 1);
    content->kind = SS_PENDING_CONTENT;
    content->verb = ss_command_parse(SS_SLICE("DATA")).verb;
    g_strlcpy(content->name, "data", sizeof content->name);
    content->origin = transaction->content_last;
    content->transaction = transaction->number;
    return content;
}

/* A 354 whose DATA was lost. */
static void
begin_lost_data(SsSmtp *smtp, const SsReply *reply)
{
    SsTransaction *transaction = ss_transaction_get(smtp, smtp->client.transaction);

    if (!transaction) {
        transaction = ss_transaction_open(smtp, &reply->origin, true);
        smtp->client.transaction = transaction->number;
    }
    ss_transaction_begin_content(smtp, transaction, SS_TRANSFER_DATA);
    ss_client_resume(smtp, SS_CLIENT_DATA);
}

void
ss_answer(SsSmtp *smtp, const SsReply *reply)
{
    bool may_be_banner =
        smtp->connection->from_start
            ? !smtp->gave_banner
            : !smtp->server.has_replied && reply->code == 220 && !smtp->ledger.head;
    g_autofree SsPending *pending = NULL;

    if (!reply->code) {
        /* A line that is no reply, where one may have been due: what the client does next tells. */
        emit_reply(smtp, NULL, reply, false);
        ss_ledger_gap(smtp);
        smtp->server.is_gapped = true;
        return;
    }
    smtp->server.has_replied = true;
    smtp->gave_banner = true;
    if (may_be_banner) {
        emit_reply(smtp, NULL, reply, true);
        ss_order_banner(smtp, reply);
        take_banner(smtp, reply);
        return;
    }
    if (reply->code != 421) { /* which needs no command */
        ss_client_take_cr_lines(smtp);
    }
    if (ss_hidden_takes_reply(smtp, reply)) {
        emit_reply(smtp, NULL, reply, false);
        return;
    }
    pending = ss_ledger_take(smtp, reply);
    if (!pending && smtp->client.mode == SS_CLIENT_DATA) {
        pending = answer_inside_content(smtp, reply);
    }
    emit_reply(smtp, pending, reply, false);
    if (!pending) {
        bool is_lost = smtp->client.is_gapped || !smtp->connection->from_start;
        ss_order_unasked(smtp, reply);
        if (reply->code == 354 && is_lost && smtp->client.mode != SS_CLIENT_DATA) {
            begin_lost_data(smtp, reply);
        }
        return;
    }
    if (pending->kind != SS_PENDING_CONTENT) {
        answer_command(smtp, pending, reply);
    } else if (answer_content(smtp, pending, reply)) {
        ss_ledger_push_front(smtp, g_steal_pointer(&pending));
    }
}
