/*
 * Mail transactions (RFC 5321 section 3.3): what the commands, the replies and the content say of
 * one message.
 */
#include "dissect/flow.h"
#include "dissect/smtp/address.h"
#include "dissect/smtp/order.h"
#include "dissect/smtp/params.h"
#include "dissect/smtp/path.h"
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/session.h"

/* --- life --- */

static void
append(SsSmtp *smtp, SsTransaction *transaction)
{
    SsTransactions *list = &smtp->transactions;

    transaction->prev = list->tail;
    *(list->tail ? &list->tail->next : &list->head) = transaction;
    list->tail = transaction;
    smtp->n_open++;
    smtp->connection->has_mail = true;
}

static void
take_out(SsSmtp *smtp, SsTransaction *transaction)
{
    SsTransactions *list = &smtp->transactions;

    *(transaction->prev ? &transaction->prev->next : &list->head) = transaction->next;
    *(transaction->next ? &transaction->next->prev : &list->tail) = transaction->prev;
    smtp->n_open--;
    smtp->connection->has_mail = smtp->n_open || smtp->n_messages;
}

SsTransaction *
ss_transaction_open(SsSmtp *smtp, const SsOrigin *origin, bool is_implicit)
{
    SsTransaction *transaction = g_new0(SsTransaction, 1);

    if (smtp->n_open >= SS_TRANSACTIONS_MAX) {
        ss_transaction_decide(smtp, smtp->transactions.head, NULL, origin);
        ss_smtp_limit(smtp, SS_LIMIT_TRANSACTIONS, SS_CLIENT, 0, origin);
    }
    ss_timing_open(smtp, transaction, origin);
    transaction->number = ++smtp->n_transactions;
    transaction->origin = *origin;
    transaction->event.time_ns = origin->time_ns;
    transaction->event.frames[0] = origin->frame;
    transaction->event.transfer = -1;
    transaction->event.transfer_time_ns = SS_TIME_NONE;
    transaction->event.server_time_ns = SS_TIME_NONE;
    transaction->event.security = (int)smtp->security;
    transaction->event.turned = smtp->is_turned;
    append(smtp, transaction);
    if (is_implicit) {
        ss_transaction_count(smtp, transaction);
    }
    return transaction;
}

SsTransaction *
ss_transaction_get(SsSmtp *smtp, uint64_t number)
{
    SsTransaction *transaction = number ? smtp->transactions.tail : NULL;

    /* Commands ask for the newest one, replies for the oldest. */
    if (smtp->transactions.head && smtp->transactions.head->number == number) {
        return smtp->transactions.head;
    }
    while (transaction && transaction->number > number) {
        transaction = transaction->prev;
    }
    return transaction && transaction->number == number ? transaction : NULL;
}

/* The newest one that commands can still belong to, or NULL. */
SsTransaction *
ss_transaction_current(SsSmtp *smtp)
{
    SsTransaction *last = smtp->transactions.tail;

    return last && !last->is_content_over ? last : NULL;
}

void
ss_transactions_lose(SsSmtp *smtp)
{
    /* Those before the newest are over, but for their replies. */
    SsTransaction *last = ss_transaction_current(smtp);

    if (last) {
        last->has_lost = true;
    }
}

void
ss_transaction_count(SsSmtp *smtp, SsTransaction *transaction)
{
    if (!transaction->event.index) {
        transaction->event.index = ++smtp->n_messages;
    }
}

static void
transaction_free(SsTransaction *transaction)
{
    if (transaction->event.content) {
        ss_content_free(transaction->event.content);
    }
    ss_watch_clear(&transaction->watch);
    ss_arena_clear(&transaction->arena);
    ss_arena_clear(&transaction->last_arena);
    ss_arena_clear(&transaction->data_arena);
    g_free(transaction);
}

static SsList
dup_params(SsArena *arena, const SsList *params)
{
    const SsPair *pairs = params->items;
    SsList list = {NULL, 0, 0};

    for (size_t i = 0; i < params->n; i++) {
        SsPair pair = {ss_arena_dup(arena, pairs[i].key), ss_arena_dup(arena, pairs[i].value)};
        ss_list_append(arena, &list, &pair, sizeof pair, SS_PARAMS_MAX);
    }
    list.total = params->total;
    return list;
}

/* A recipient of one that is dropped, which waits for its reply still; its index there. */
static size_t
take_over(SsTransaction *to, const SsRecipient *recipient)
{
    SsRecipient copy = *recipient;
    SsList *list = &to->event.rcpt;

    if (list->n >= SS_RECIPIENTS_MAX) {
        list->total++;
        return SIZE_MAX;
    }
    copy.address = ss_arena_dup(&to->arena, copy.address);
    copy.params = dup_params(&to->arena, &copy.params);
    copy.requested = ss_params_of_rcpt(&to->arena, &copy.params, &(SsParamsSeen){0});
    copy.reply = (SsReplyText){0};
    copy.final = NULL;
    ss_list_append(&to->arena, list, &copy, sizeof copy, SS_RECIPIENTS_MAX);
    return list->n - 1;
}

/* Commands pipelined behind a MAIL that was out of sequence belong to the transaction that was open
 * before it. */
static void
hand_over(SsSmtp *smtp, const SsTransaction *from, SsTransaction *to)
{
    const SsRecipient *recipients = from->event.rcpt.items;

    for (SsPending *pending = smtp->ledger.head; pending; pending = pending->next) {
        if (pending->transaction != from->number) {
            continue;
        }
        pending->transaction = to ? to->number : 0;
        if (to && pending->rcpt != SIZE_MAX) {
            pending->rcpt = take_over(to, &recipients[pending->rcpt]);
        }
    }
}

void
ss_transaction_drop(SsSmtp *smtp, SsTransaction *transaction)
{
    SsTransaction *before;

    take_out(smtp, transaction);
    before = ss_transaction_current(smtp);
    hand_over(smtp, transaction, before);
    if (smtp->client.transaction == transaction->number) {
        smtp->client.transaction = before ? before->number : 0;
    }
    transaction_free(transaction);
}

/* --- envelope --- */

static SsPath
path_of(const SsCommandLine *command, SsSlice keyword)
{
    SsSlice argument = ss_slice_is_null(command->argument) ? ss_slice("", 0) : command->argument;

    return command->is_cut ? ss_path_parse_cut(argument, keyword)
                           : ss_path_parse(argument, keyword);
}

/* The form of a forward-path, -1 where it is not known. */
static int
form_of(SsSlice address)
{
    return ss_slice_is_null(address) ? -1 : (int)ss_address_form(address);
}

void
ss_transaction_mail(SsSmtp *smtp, SsTransaction *transaction, const SsCommandLine *command,
                    const SsOrigin *origin)
{
    SsPath path = path_of(command, SS_SLICE("FROM"));
    SsEventMessage *message = &transaction->event;
    SsParamsSeen seen;

    message->from = ss_arena_dup(&transaction->arena, path.address);
    message->from_params = ss_params_parse(&transaction->arena, path.rest);
    message->requested = ss_params_of_mail(&transaction->arena, &message->from_params, &seen);
    ss_forwarded_give(smtp, transaction);
    ss_offer_use(smtp, seen.uses);
    ss_offer_check_mail(smtp, command, origin);
    ss_syntax_path(smtp, command, &path, seen.malformed, origin);
    ss_line_note_address(smtp, transaction, command, path.address, origin);
}

size_t
ss_transaction_rcpt(SsSmtp *smtp, SsTransaction *transaction, const SsCommandLine *command,
                    const SsOrigin *origin)
{
    SsPath path = path_of(command, SS_SLICE("TO"));
    SsList *list = &transaction->event.rcpt;
    SsRecipient recipient = {.address = SS_SLICE_NULL};
    SsParamsSeen seen = {0};
    size_t index = list->n;

    if (list->n >= SS_RECIPIENTS_MAX) {
        list->total++;
        index = SIZE_MAX;
    } else {
        recipient.address = ss_arena_dup(&transaction->arena, path.address);
        recipient.form = form_of(path.address);
        recipient.params = ss_params_parse(&transaction->arena, path.rest);
        recipient.requested = ss_params_of_rcpt(&transaction->arena, &recipient.params, &seen);
        ss_list_append(&transaction->arena, list, &recipient, sizeof recipient, SS_RECIPIENTS_MAX);
    }
    ss_offer_use(smtp, seen.uses);
    ss_offer_check_rcpt(smtp, command, list->total, path.address, origin);
    ss_syntax_path(smtp, command, &path, seen.malformed, origin);
    ss_line_note_address(smtp, transaction, command, path.address, origin);
    return index;
}

SsReplyText
ss_reply_text_borrow(const SsReply *reply)
{
    SsReplyText text = {
        .code = reply->code,
        .enhanced = reply->enhanced,
        .text = reply->text,
        .frame = reply->origin.frame,
    };

    return text;
}

SsReplyText
ss_reply_text_dup(SsArena *arena, const SsReply *reply)
{
    SsReplyText text = {
        .code = reply->code,
        .enhanced = ss_arena_dup(arena, reply->enhanced),
        .text = ss_arena_dup(arena, reply->text),
        .frame = reply->origin.frame,
    };

    return text;
}

void
ss_transaction_rcpt_reply(SsTransaction *transaction, size_t rcpt, const SsReply *reply)
{
    SsRecipient *recipients = transaction->event.rcpt.items;

    if (rcpt != SIZE_MAX) {
        recipients[rcpt].reply = ss_reply_text_dup(&transaction->arena, reply);
    }
    if (ss_reply_is_positive(reply)) {
        transaction->n_accepted++;
    } else if (ss_reply_is_refusal(reply)) {
        transaction->n_refused++;
        ss_arena_clear(&transaction->last_arena);
        transaction->last_refusal = ss_reply_text_dup(&transaction->last_arena, reply);
    }
}

void
ss_transaction_refuse_data(SsTransaction *transaction, const SsReply *reply)
{
    ss_arena_clear(&transaction->data_arena);
    transaction->data_reply = ss_reply_text_dup(&transaction->data_arena, reply);
}

bool
ss_transaction_rcpt_final(SsTransaction *transaction, const SsReply *reply)
{
    SsRecipient *recipients = transaction->event.rcpt.items;

    transaction->has_refused_final |= ss_reply_is_refusal(reply);
    transaction->has_cut_reply |= reply->cut_lines != 0;
    while (transaction->next_final < transaction->event.rcpt.n) {
        SsRecipient *recipient = &recipients[transaction->next_final++];
        if (recipient->reply.code / 100 == 2) {
            SsReplyText *final = ss_arena_alloc(&transaction->arena, sizeof *final);
            *final = ss_reply_text_dup(&transaction->arena, reply);
            recipient->final = final;
            break;
        }
    }
    return ++transaction->n_final >= transaction->n_accepted;
}

/* --- content --- */

void
ss_transaction_begin_content(SsSmtp *smtp, SsTransaction *transaction, SsTransfer transfer)
{
    const SsContentPlan *plan = smtp->factory->plan;

    if (transaction->has_content) {
        return; /* a further chunk */
    }
    ss_transaction_count(smtp, transaction);
    transaction->has_content = true;
    transaction->event.transfer = (int)transfer;
    transaction->event.security = (int)smtp->security;
    ss_content_watch(smtp, transaction);
    if (plan && plan->choose) {
        plan = plan->choose(plan, smtp->connection->session, transaction->event.index);
    }
    if (plan && plan->needs && ss_smtp_wants(smtp, SS_EVENT_MESSAGE)) {
        transaction->event.content = ss_content_new(plan, ss_connection_identify(smtp->connection),
                                                    smtp->connection->session);
    }
}

void
ss_transaction_fetch_content(SsTransaction *transaction, SsSlice url)
{
    SsList *fetched = &transaction->event.fetched;

    transaction->is_partly_remote = true;
    if (fetched->n < SS_FETCHED_MAX) {
        SsSlice copy = ss_arena_dup(&transaction->arena, url);
        ss_list_append(&transaction->arena, fetched, &copy, sizeof copy, SS_FETCHED_MAX);
    } else {
        fetched->total++;
    }
}

static void
see_content(SsTransaction *transaction, const SsOrigin *origin)
{
    if (!transaction->content_first.frame) {
        transaction->content_first = *origin;
    }
    transaction->content_last = *origin;
}

void
ss_transaction_content(SsTransaction *transaction, SsSlice bytes, const SsOrigin *origin)
{
    see_content(transaction, origin);
    transaction->event.size += bytes.len;
    if (transaction->event.content) {
        ss_content_data(transaction->event.content, bytes);
    }
}

void
ss_transaction_content_gap(SsTransaction *transaction, uint64_t n)
{
    transaction->event.missing_bytes += n;
    if (transaction->is_watched) {
        ss_watch_gap(&transaction->watch);
    }
    if (transaction->event.content) {
        ss_content_gap(transaction->event.content, n);
    }
}

static void
finish_content(SsSmtp *smtp, SsTransaction *transaction, bool is_whole, const SsOrigin *origin)
{
    if (!transaction->has_content || transaction->is_content_over) {
        return;
    }
    transaction->is_content_over = true;
    transaction->is_content_whole = is_whole;
    ss_content_tell(smtp, transaction, origin);
    if (transaction->event.content) {
        ss_content_end(transaction->event.content, is_whole && !transaction->is_partly_remote);
    }
}

void
ss_transaction_end_content(SsSmtp *smtp, SsTransaction *transaction, bool is_whole,
                           const SsOrigin *origin)
{
    SsEvent event;

    see_content(transaction, origin);
    finish_content(smtp, transaction, is_whole, origin);
    if (!ss_smtp_wants(smtp, SS_EVENT_NOTE)) {
        return;
    }
    ss_smtp_event(smtp, &event, SS_EVENT_NOTE, &transaction->content_last);
    event.note.kind = SS_NOTE_CONTENT;
    event.note.span = transaction->event.size;
    event.note.first_ns = transaction->content_first.time_ns;
    event.note.message = transaction->event.index;
    event.note.evidence = origin->frame;
    event.note.in_message = true;
    ss_smtp_emit(smtp, &event);
}

/* --- the verdict --- */

static int
outcome_of(uint64_t code)
{
    switch (code / 100) {
    case 2:
        return SS_OUTCOME_ACCEPTED;
    case 4:
        return SS_OUTCOME_DEFERRED;
    case 5:
        return SS_OUTCOME_REJECTED;
    default:
        return SS_OUTCOME_UNKNOWN;
    }
}

/* Of replies for each recipient, the message was accepted if one was; else the last refusal
 * decides. */
static const SsReplyText *
best_final(const SsTransaction *transaction, const SsReplyText *last)
{
    const SsRecipient *recipients = transaction->event.rcpt.items;

    for (size_t i = 0; i < transaction->event.rcpt.n; i++) {
        if (recipients[i].final && recipients[i].final->code / 100 == 2) {
            return recipients[i].final;
        }
    }
    return last;
}

/* Chunks may follow the recipients without waiting, so that content is there which the server never
 * asked for. */
static bool
is_every_recipient_refused(const SsTransaction *transaction, const SsReplyText *final)
{
    const SsReplyText *answer = final ? final : &transaction->data_reply;
    bool is_unasked = transaction->event.transfer == SS_TRANSFER_BDAT && answer->code / 100 >= 4;

    return transaction->n_refused && !transaction->n_accepted &&
           transaction->n_refused == transaction->event.rcpt.total &&
           (!transaction->has_content || is_unasked);
}

static void
judge(const SsSmtp *smtp, SsTransaction *transaction, const SsReplyText *final)
{
    SsEventMessage *event = &transaction->event;
    bool is_mail_refused = transaction->is_mail_answered && transaction->mail_reply.code / 100 >= 4;

    event->reply = NULL;
    if (is_mail_refused && !final) {
        event->stage = SS_STAGE_MAIL;
        event->reply = &transaction->mail_reply;
    } else if (is_every_recipient_refused(transaction, final)) {
        event->stage = SS_STAGE_RCPT;
        event->reply = &transaction->last_refusal;
    } else if (transaction->data_reply.code && (!final || final->code / 100 != 2)) {
        event->stage = SS_STAGE_DATA;
        event->reply = &transaction->data_reply;
    } else if (final) {
        event->stage = SS_STAGE_END;
        event->reply = transaction->is_prdr ? final : best_final(transaction, final);
    } else if (transaction->has_content && transaction->is_content_whole) {
        event->stage = SS_STAGE_END;
    } else if (transaction->has_early_reply && transaction->early_reply.code / 100 >= 4) {
        event->stage = SS_STAGE_DATA; /* refused before it was all there */
        event->reply = &transaction->early_reply;
    } else {
        event->stage = transaction->has_content ? SS_STAGE_DATA
                       : event->rcpt.total      ? SS_STAGE_RCPT
                                                : SS_STAGE_MAIL;
    }
    if (event->reply) {
        event->outcome = outcome_of(event->reply->code);
    } else if (transaction->has_lost ||
               (event->stage == SS_STAGE_END &&
                (smtp->is_cut_off || ss_smtp_is_one_way(smtp, SS_SERVER) ||
                 smtp->connection->half[ss_smtp_turned(smtp, SS_SERVER)].missing_bytes))) {
        event->outcome = SS_OUTCOME_UNKNOWN;
    } else {
        event->outcome = SS_OUTCOME_INCOMPLETE;
    }
}

/* A capture's clock may run backwards; what passed does not. */
static int64_t
since(const SsOrigin *first, const SsOrigin *last)
{
    return MAX(last->time_ns - first->time_ns, 0);
}

static bool
is_wanted(const SsSmtp *smtp, const SsTransaction *transaction)
{
    bool has_refusal = transaction->n_refused || transaction->has_refused_final ||
                       transaction->event.outcome == SS_OUTCOME_REJECTED ||
                       transaction->event.outcome == SS_OUTCOME_DEFERRED;

    return ss_smtp_wants(smtp, SS_EVENT_MESSAGE) ||
           ((smtp->factory->sink->wants & SS_WANT_REFUSALS) &&
            (has_refusal || ss_put_off_may_be_again(&smtp->factory->put_off, &transaction->event)));
}

void
ss_transaction_decide(SsSmtp *smtp, SsTransaction *transaction, const SsReply *final,
                      const SsOrigin *origin)
{
    SsEventMessage *message = &transaction->event;
    SsReplyText final_text = {0};
    bool is_told;
    SsEvent event;

    take_out(smtp, transaction);
    if (smtp->client.transaction == transaction->number) {
        smtp->client.transaction = 0;
    }
    ss_transaction_count(smtp, transaction);
    finish_content(smtp, transaction, false, origin);
    if (final) {
        final_text = ss_reply_text_borrow(final);
        transaction->has_cut_reply |= final->cut_lines != 0;
    } else if (transaction->is_content_whole && transaction->has_early_reply) {
        final_text = transaction->early_reply;
    }
    judge(smtp, transaction, final_text.code ? &final_text : NULL);
    is_told = is_wanted(smtp, transaction);
    ss_put_off_add(&smtp->factory->put_off, message);
    if (is_told && message->reply && message->outcome == SS_OUTCOME_ACCEPTED) {
        message->queue_id = ss_queue_id_find(message->reply->text, transaction->has_cut_reply);
    }
    message->frames[1] =
        MAX(message->reply ? message->reply->frame : origin->frame, message->frames[0]);
    if (transaction->is_content_whole) {
        message->transfer_time_ns = since(&transaction->content_first, &transaction->content_last);
        if (final) {
            message->server_time_ns = since(&transaction->content_last, &final->origin);
        }
    }
    if (message->outcome == SS_OUTCOME_ACCEPTED) {
        ss_order_taken(smtp, transaction, origin);
    }
    message->end_ns = final ? final->origin.time_ns : origin->time_ns;
    ss_timing_fill_message(transaction, final ? &final->origin : origin);
    smtp->mail->by_outcome[message->outcome]++;
    smtp->factory->n_messages++;
    if (is_told) {
        ss_smtp_event(smtp, &event, SS_EVENT_MESSAGE, &transaction->origin);
        event.message = *message;
        message->content = NULL; /* taken over by who takes the event */
        ss_smtp_emit(smtp, &event);
    }
    ss_hidden_begin(smtp, transaction, origin);
    transaction_free(transaction);
}

void
ss_transaction_decide_before(SsSmtp *smtp, uint64_t number, const SsOrigin *origin)
{
    while (smtp->transactions.head) {
        SsTransaction *oldest = smtp->transactions.head;
        if (oldest->number > number) {
            return;
        }
        ss_transaction_decide(smtp, oldest, NULL, origin);
    }
}
