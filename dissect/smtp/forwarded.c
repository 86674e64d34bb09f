/*
 * What a proxy before a server says of the client before it: XCLIENT in place of what the server
 * sees itself, XFORWARD for the next message, to be logged (Postfix, XCLIENT_README and
 * XFORWARD_README). Both have attributes, `NAME=value` with the values in xtext; a later command
 * adds to them.
 */
#include "dissect/smtp/params.h"
#include "dissect/smtp/session.h"

/* Bytes that may pile up of what was said before. */
#define PILE_MAX 4096

/* --- attributes --- */

static void
clear_attributes(SsAttributes *attributes)
{
    ss_arena_clear(&attributes->arena);
    *attributes = (SsAttributes){0};
}

static void
put(SsAttributes *to, const SsPair *pair)
{
    SsPair *pairs = to->list.items;
    SsPair copy = {pair->key, ss_arena_dup(&to->arena, pair->value)};

    for (size_t i = 0; i < to->list.n; i++) {
        if (ss_slice_eq(pairs[i].key, pair->key)) {
            pairs[i].value = copy.value;
            return;
        }
    }
    copy.key = ss_arena_dup(&to->arena, pair->key);
    ss_list_append(&to->arena, &to->list, &copy, sizeof copy, SS_PARAMS_MAX);
}

static void
put_all(SsAttributes *to, const SsList *more)
{
    const SsPair *pairs = more->items;

    for (size_t i = 0; i < more->n; i++) {
        put(to, &pairs[i]);
    }
}

/* Made anew when it has doubled, so that what holds no longer does not pile up, nor is all of it
 * copied each time. */
static void
merge(SsAttributes *to, const SsList *more)
{
    put_all(to, more);
    if (to->arena.size > 2 * to->made + PILE_MAX) {
        SsAttributes anew = {0};
        put_all(&anew, &to->list);
        anew.made = anew.arena.size;
        clear_attributes(to);
        *to = anew;
    }
}

static void
add(SsAttributes *to, SsSlice argument)
{
    SsArena arena = {0};
    SsList params = ss_params_parse(&arena, argument);
    SsPair *pairs = params.items;

    for (size_t i = 0; i < params.n; i++) {
        SsSlice decoded = ss_xtext_decode(&arena, pairs[i].value);
        pairs[i].value = ss_slice_is_null(decoded) ? pairs[i].value : decoded;
    }
    merge(to, &params);
    ss_arena_clear(&arena);
}

/* --- what is kept --- */

static SsForwarded *
forwarded(SsSmtp *smtp)
{
    SsSmtpExtra *extra = ss_smtp_extra(smtp);

    if (!extra->forwarded) {
        extra->forwarded = g_new0(SsForwarded, 1);
    }
    return extra->forwarded;
}

void
ss_forwarded_free(SsForwarded *kept)
{
    if (kept) {
        clear_attributes(&kept->client);
        clear_attributes(&kept->asked);
        clear_attributes(&kept->message);
        g_free(kept);
    }
}

uint64_t
ss_forwarded_size(const SsForwarded *kept)
{
    return kept ? sizeof *kept + kept->client.arena.size + kept->asked.arena.size +
                      kept->message.arena.size
                : 0;
}

static void
trim(SsSmtp *smtp)
{
    SsForwarded *kept = smtp->extra->forwarded;

    if (!kept->client.list.n && !kept->asked.list.n && !kept->message.list.n) {
        ss_forwarded_free(g_steal_pointer(&smtp->extra->forwarded));
        ss_smtp_extra_trim(smtp);
    }
}

/* --- XCLIENT --- */

void
ss_forwarded_ask(SsSmtp *smtp, SsSlice argument)
{
    SsForwarded *kept = forwarded(smtp);

    clear_attributes(&kept->asked);
    add(ss_smtp_is_one_way(smtp, SS_SERVER) ? &kept->client : &kept->asked, argument);
    trim(smtp);
}

void
ss_forwarded_answer(SsSmtp *smtp, bool is_taken)
{
    SsForwarded *kept = smtp->extra ? smtp->extra->forwarded : NULL;

    if (kept) {
        if (is_taken) {
            merge(&kept->client, &kept->asked.list);
        }
        clear_attributes(&kept->asked);
        trim(smtp);
    }
}

/* --- XFORWARD --- */

void
ss_forwarded_add(SsSmtp *smtp, SsSlice argument)
{
    add(&forwarded(smtp)->message, argument);
    trim(smtp);
}

void
ss_forwarded_give(SsSmtp *smtp, SsTransaction *transaction)
{
    SsForwarded *kept = smtp->extra ? smtp->extra->forwarded : NULL;

    if (kept && kept->message.list.n) {
        const SsPair *pairs = kept->message.list.items;
        SsList *list = &transaction->event.xforward;

        for (size_t i = 0; i < kept->message.list.n; i++) {
            SsPair pair = {ss_arena_dup(&transaction->arena, pairs[i].key),
                           ss_arena_dup(&transaction->arena, pairs[i].value)};
            ss_list_append(&transaction->arena, list, &pair, sizeof pair, SS_PARAMS_MAX);
        }
        ss_forwarded_drop(smtp);
    }
}

void
ss_forwarded_drop(SsSmtp *smtp)
{
    if (smtp->extra && smtp->extra->forwarded) {
        clear_attributes(&smtp->extra->forwarded->message);
        trim(smtp);
    }
}

void
ss_forwarded_refuse(SsSmtp *smtp, const SsPending *pending)
{
    /* MAIL may have been pipelined behind it. */
    SsTransaction *transaction = ss_transaction_get(smtp, pending->before + 1);

    if (transaction) {
        transaction->event.xforward = (SsList){NULL, 0, 0};
    }
    ss_forwarded_drop(smtp);
}
