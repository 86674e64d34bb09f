/*
 * Commands: what each means for the ledger, the transactions, and for what the client's next bytes
 * are.
 */
#include "dissect/smtp/params.h"
#include "dissect/smtp/path.h"
#include "dissect/smtp/session.h"

SsTransaction *
ss_command_transaction(SsSmtp *smtp, const SsOrigin *origin)
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
    event.command.turned = smtp->is_turned;
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
begin_chunk(SsSmtp *smtp, SsPending *pending, const SsCommandLine *command, SsSlice argument,
            const SsOrigin *origin)
{
    SsTransaction *transaction;
    uint64_t size;
    bool is_last;

    if (!ss_bdat_parse(argument, &size, &is_last)) {
        ss_syntax_note(smtp, command, "bad-argument", origin);
        return; /* the server will say so; no chunk follows that could be counted */
    }
    transaction = ss_command_transaction(smtp, origin);
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

/* `XEXCH50 n m`: behind a 354 come n bytes, and then there is another reply. */
static void
take_xexch50(SsSmtp *smtp, SsSlice argument)
{
    uint64_t size;

    if (ss_number_parse(ss_slice_sub(argument, 0, ss_slice_index(argument, ' ')), &size)) {
        smtp->client.chunk_left = size;
        ss_client_wait(smtp, SS_WAIT_BLOB);
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
    SsTransaction *transaction = ss_command_transaction(smtp, origin);

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

/* Sent while the one before it waited for its reply, as far as can be known. */
static bool
is_pipelined(const SsSmtp *smtp)
{
    const SsPending *before = smtp->ledger.tail;

    return (before && !before->may_be_answered && !ss_smtp_is_one_way(smtp, SS_SERVER)) ||
           smtp->client.is_held_line;
}

void
ss_command_take(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin)
{
    bool was_pipelined = is_pipelined(smtp);
    SsPending *pending;
    SsSlice argument = ss_slice_is_null(command->argument) ? ss_slice("", 0) : command->argument;

    ss_timing_client(smtp, origin);
    pending = ss_ledger_push(smtp, SS_PENDING_COMMAND, command->verb, command->name, origin);
    pending->transaction = smtp->client.transaction;
    pending->before = smtp->n_transactions;
    note_use(smtp, command->verb, origin);
    ss_offer_use_verb(smtp, command->verb);
    if (was_pipelined) {
        ss_offer_use(smtp, SS_EXTENSIONS(SS_EXTENSION_PIPELINING));
    }
    switch (command->verb->id) {
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_LHLO:
        if (smtp->is_turned) {
            /* The session's client is who has connected. */
        } else if (command->is_cut) {
            g_clear_pointer(&smtp->client_name, g_free); /* nobody knows where it ends */
        } else if (argument.len) { /* one without a name is refused, and changes nothing */
            ss_smtp_set_client_name(smtp, argument);
        }
        smtp->client.transaction = 0;
        ss_forwarded_drop(smtp);
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
        begin_chunk(smtp, pending, command, argument, origin);
        break;
    case SS_VERB_BURL:
        ss_burl_take(smtp, pending, argument, origin);
        break;
    case SS_VERB_XEXCH50:
        take_xexch50(smtp, argument);
        break;
    case SS_VERB_TURN:
    case SS_VERB_ATRN:
        ss_client_wait(smtp, SS_WAIT_TURN);
        break;
    case SS_VERB_XCLIENT:
        ss_forwarded_ask(smtp, argument);
        break;
    case SS_VERB_XFORWARD:
        ss_forwarded_add(smtp, argument);
        break;
    case SS_VERB_RSET:
        ss_forwarded_drop(smtp);
        ss_ledger_leave(smtp, origin);
        smtp->client.transaction = 0;
        break;
    case SS_VERB_QUIT:
        ss_ledger_leave(smtp, origin);
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
