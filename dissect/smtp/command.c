/*
 * Commands: what each means for the ledger, the transactions, and for what the client's next bytes
 * are.
 */
#include "dissect/smtp/path.h"
#include "dissect/smtp/session.h"

static SsTransaction *
current_or_implicit(SsSmtp *smtp, const SsOrigin *origin)
{
    SsTransaction *transaction = ss_client_transaction(smtp);

    if (!transaction && (smtp->client.is_gapped || !smtp->connection->from_start)) {
        transaction = ss_transaction_open(smtp, origin, true); /* its MAIL was lost */
        smtp->client.transaction = transaction->number;
    }
    return transaction;
}

void
ss_command_emit(SsSmtp *smtp, SsSlice name, SsSlice argument, const SsOrigin *origin)
{
    SsEvent event;
    SsArena arena = {0};
    uint8_t *verb;

    if (!ss_smtp_wants(smtp, SS_EVENT_COMMAND)) {
        return;
    }
    ss_smtp_event(smtp, &event, SS_EVENT_COMMAND, origin);
    verb = ss_arena_alloc(&arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++) {
        verb[i] = ss_ascii_upper(name.data[i]);
    }
    event.command.verb = ss_slice(verb, name.len);
    event.command.argument = argument;
    event.command.name = name;
    event.command.pipelined =
        !ss_smtp_is_one_way(smtp, SS_SERVER) && (smtp->client.is_held_line || smtp->ledger.head);
    ss_smtp_emit(smtp, &event);
    ss_arena_clear(&arena);
}

void
ss_client_wait(SsSmtp *smtp, SsWaitKind kind)
{
    smtp->client.mode = SS_CLIENT_WAIT;
    smtp->client.wait = (uint8_t)kind;
}

static void
begin_chunk(SsSmtp *smtp, SsPending *pending, SsSlice argument, const SsOrigin *origin)
{
    SsTransaction *transaction;
    uint64_t size;
    bool is_last;

    if (!ss_bdat_parse(argument, &size, &is_last)) {
        return; /* the server will say so; no chunk follows that could be counted */
    }
    transaction = current_or_implicit(smtp, origin);
    if (transaction) {
        pending->transaction = transaction->number;
        ss_transaction_begin_content(smtp, transaction, SS_TRANSFER_BDAT);
    }
    pending->is_chunk_open = true;
    pending->kind = is_last ? SS_PENDING_CONTENT : SS_PENDING_COMMAND;
    smtp->client.mode = SS_CLIENT_BDAT;
    smtp->client.chunk_left = size;
    smtp->client.chunk_is_last = is_last;
    if (size == 0) {
        ss_client_end_chunk(smtp, origin);
    }
}

static void
take_mail(SsSmtp *smtp, SsPending *pending, const SsCommandLine *command, const SsOrigin *origin)
{
    SsTransaction *transaction = ss_transaction_open(smtp, origin, false);

    ss_transaction_mail(smtp, transaction, command, origin);
    pending->transaction = transaction->number;
    smtp->client.transaction = transaction->number;
    smtp->client.is_gapped = false;
}

static void
take_rcpt(SsSmtp *smtp, SsPending *pending, const SsCommandLine *command, const SsOrigin *origin)
{
    SsTransaction *transaction = current_or_implicit(smtp, origin);

    if (transaction) {
        pending->transaction = transaction->number;
        pending->rcpt = ss_transaction_rcpt(smtp, transaction, command, origin);
    }
}

/* What a session does in the clear, as far as it matters whether TLS was on offer. */
static void
note_use(SsSmtp *smtp, const SsVerb *verb, const SsOrigin *origin)
{
    bool is_use = verb->id == SS_VERB_MAIL || verb->id == SS_VERB_AUTH;
    SsEvent event;

    if (!(is_use && !smtp->has_used) && verb->id != SS_VERB_STARTTLS) {
        return;
    }
    smtp->has_used = smtp->has_used || is_use;
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_USE, SS_CLIENT, origin)) {
        event.note.verb = verb->name;
        event.note.span = smtp->hello_frame;
        event.note.text = smtp->offers_tls ? SS_SLICE("STARTTLS") : SS_SLICE_NULL;
        ss_smtp_emit(smtp, &event);
    }
}

/* Of AUTH cut short: part of an initial response is none. */
static SsSlice
whole_mechanism(SsSlice argument)
{
    size_t end = 0;

    while (end < argument.len && !ss_ascii_is_blank(argument.data[end])) {
        end++;
    }
    return ss_slice_sub(argument, 0, end < argument.len ? end : 0);
}

void
ss_command_take(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin)
{
    SsPending *pending =
        ss_ledger_push(smtp, SS_PENDING_COMMAND, command->verb, command->name, origin);
    SsSlice argument = ss_slice_is_null(command->argument) ? ss_slice("", 0) : command->argument;

    pending->transaction = smtp->client.transaction;
    pending->before = smtp->n_transactions;
    note_use(smtp, command->verb, origin);
    switch (command->verb->id) {
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_LHLO:
        if (command->is_cut) {
            g_clear_pointer(&smtp->client_name, g_free); /* nobody knows where it ends */
        } else {
            ss_smtp_set_client_name(smtp, argument);
        }
        smtp->client.transaction = 0;
        break;
    case SS_VERB_MAIL:
        take_mail(smtp, pending, command, origin);
        break;
    case SS_VERB_RCPT:
        take_rcpt(smtp, pending, command, origin);
        break;
    case SS_VERB_DATA:
        ss_client_wait(smtp, SS_WAIT_DATA);
        break;
    case SS_VERB_BDAT:
        begin_chunk(smtp, pending, argument, origin);
        break;
    case SS_VERB_RSET:
    case SS_VERB_QUIT:
        smtp->client.transaction = 0;
        break;
    case SS_VERB_STARTTLS:
        ss_client_wait(smtp, SS_WAIT_STARTTLS);
        break;
    case SS_VERB_AUTH:
        ss_auth_begin(smtp, command->is_cut ? whole_mechanism(argument) : argument, origin);
        ss_client_wait(smtp, SS_WAIT_AUTH);
        break;
    default:
        break;
    }
}
