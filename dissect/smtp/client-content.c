/*
 * The client's content: behind DATA up to the line with a lone dot, behind BDAT so many bytes.
 */
#include "dissect/smtp/session.h"
#include "dissect/smtp/span.h"

void
ss_client_end_chunk(SsSmtp *smtp, const SsOrigin *origin)
{
    SsTransaction *transaction = ss_client_transaction(smtp);
    SsPending *last = smtp->ledger.tail;

    if (last && last->is_chunk_open) {
        last->is_chunk_open = false;
        last->origin = *origin; /* the reply is to the whole of it */
    }
    if (smtp->client.chunk_is_last) {
        if (transaction) {
            ss_transaction_end_content(smtp, transaction, true, origin);
        }
        smtp->client.transaction = 0;
    }
    smtp->client.mode = SS_CLIENT_COMMANDS;
}

/* All of it, where it is nothing but plain text. */
static bool
take_plain(SsSmtp *smtp, SsTransaction *transaction, SsSlice *in, const SsOrigin *origin)
{
    SsTransparency *transparency = &smtp->client.transparency;

    if (!transaction || !transaction->is_watched || !ss_transparency_is_idle(transparency) ||
        !ss_watch_take_plain(&transaction->watch, *in, origin)) {
        return false;
    }
    ss_transparency_pass(transparency, *in);
    ss_transaction_content(transaction, *in, origin);
    *in = ss_slice_from(*in, in->len);
    return true;
}

void
ss_client_take_data(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin)
{
    static const SsVerb data = {SS_SLICE_INIT("DATA"), SS_VERB_DATA, NULL, false, ""};
    SsClientParser *client = &smtp->client;
    SsTransaction *transaction = ss_client_transaction(smtp);
    uint64_t offset = ss_span_offset(smtp, SS_CLIENT), before = ss_span_content_place(transaction);
    SsSlice all = *in;
    bool is_end = false, is_plain;

    ss_timing_content(smtp, transaction, origin);
    is_plain = take_plain(smtp, transaction, in, origin);
    while (in->len && !is_end) {
        SsSlice run;
        is_end = ss_transparency_next(&client->transparency, in, &run);
        if (transaction && run.len) {
            ss_transaction_content(transaction, run, origin);
        }
    }
    if (transaction && transaction->is_watched && !is_plain) {
        ss_watch_take(&transaction->watch, ss_slice_sub(all, 0, all.len - in->len), origin);
    }
    ss_span_advance(smtp, SS_CLIENT, all.len - in->len);
    ss_span_content(smtp, transaction, offset, before, is_end, origin);
    if (!is_end) {
        return;
    }
    client->mode = SS_CLIENT_COMMANDS;
    client->transaction = 0;
    if (transaction && transaction->is_watched) {
        ss_watch_end(&transaction->watch, true, origin->frame);
    }
    if (transaction && transaction->has_early_reply) {
        ss_transaction_end_content(smtp, transaction, true, origin);
        ss_transaction_decide(smtp, transaction, NULL, origin);
        return;
    }
    SsPending *pending = ss_ledger_push(smtp, SS_PENDING_CONTENT, &data, SS_SLICE("data"), origin);
    if (transaction) {
        pending->transaction = transaction->number;
        ss_transaction_end_content(smtp, transaction, true, origin);
    }
}

void
ss_client_take_chunk(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin)
{
    SsClientParser *client = &smtp->client;
    SsTransaction *transaction = ss_client_transaction(smtp);
    SsSlice piece = ss_slice_sub(*in, 0, (size_t)MIN(client->chunk_left, in->len));
    uint64_t offset = ss_span_offset(smtp, SS_CLIENT), before = ss_span_content_place(transaction);

    ss_timing_content(smtp, transaction, origin);
    if (transaction) {
        if (transaction->is_watched && !ss_watch_take_plain(&transaction->watch, piece, origin)) {
            ss_watch_take(&transaction->watch, piece, origin);
        }
        ss_transaction_content(transaction, piece, origin);
    }
    *in = ss_slice_from(*in, piece.len);
    client->chunk_left -= piece.len;
    ss_span_advance(smtp, SS_CLIENT, piece.len);
    ss_span_content(smtp, transaction, offset, before, false, origin);
    if (client->chunk_left == 0) {
        ss_client_end_chunk(smtp, origin);
    }
}

void
ss_client_end_blob(SsSmtp *smtp, const SsOrigin *origin)
{
    const SsVerb *verb = ss_command_parse(SS_SLICE("XEXCH50")).verb;

    ss_ledger_push(smtp, SS_PENDING_STEP, verb, verb->name, origin);
    smtp->client.mode = SS_CLIENT_COMMANDS;
}

SsClientMode
ss_client_begin_blob(SsSmtp *smtp, const SsOrigin *origin)
{
    if (smtp->client.chunk_left) {
        return SS_CLIENT_BLOB;
    }
    ss_client_end_blob(smtp, origin);
    return SS_CLIENT_COMMANDS;
}

void
ss_client_take_blob(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin)
{
    SsClientParser *client = &smtp->client;
    size_t n = (size_t)MIN(client->chunk_left, in->len);
    const SsLine piece = {.text = SS_SLICE("binary data"), .size = n, .last = *origin};

    *in = ss_slice_from(*in, n);
    client->chunk_left -= n;
    ss_span_advance(smtp, SS_CLIENT, n);
    ss_span_passed(smtp, &piece);
    if (client->chunk_left == 0) {
        ss_client_end_blob(smtp, origin);
    }
}

void
ss_client_infer_end(SsSmtp *smtp, const SsOrigin *origin)
{
    SsTransaction *transaction = ss_client_transaction(smtp);

    if (transaction) {
        ss_transaction_end_content(smtp, transaction, true, origin);
    }
    smtp->client.transaction = 0;
    smtp->client.mode = SS_CLIENT_COMMANDS;
    ss_line_reset(&smtp->client.line);
}
