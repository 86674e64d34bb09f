/*
 * The ledger: commands sent and not yet answered, oldest first. A reply takes the oldest, so
 * pipelining, refusals inside a pipeline and latency are settled here and nowhere else.
 */
#include "dissect/smtp/session.h"

/* --- which codes answer what --- */

/* Which of those codes that answer few commands can answer this one: a bit each. It stays so while
 * it waits. */
static unsigned
tellings_of(const SsPending *pending)
{
    bool is_command = pending->kind == SS_PENDING_COMMAND;

    switch (pending->verb->id) {
    case SS_VERB_AUTH:
        return 1u << SS_TELLING_AUTH;
    case SS_VERB_DATA:
        return 1u << (is_command ? SS_TELLING_354 : SS_TELLING_250);
    case SS_VERB_XEXCH50:
        return (is_command ? 1u << SS_TELLING_354 : 0) | 1u << SS_TELLING_250;
    case SS_VERB_QUIT:
        return 1u << SS_TELLING_221;
    case SS_VERB_STARTTLS:
        return 0;
    default:
        return 1u << SS_TELLING_250;
    }
}

/* SS_N_TELLING where the code may answer any. */
static SsTelling
telling(uint64_t code)
{
    switch (code) {
    case 354:
        return SS_TELLING_354;
    case 334:
    case 235:
        return SS_TELLING_AUTH;
    case 221:
        return SS_TELLING_221;
    case 250:
        return SS_TELLING_250;
    default:
        return SS_N_TELLING;
    }
}

bool
ss_ledger_fits(const SsPending *pending, uint64_t code)
{
    SsTelling of = telling(code);

    return of == SS_N_TELLING || (tellings_of(pending) >> of & 1);
}

/* Whether a reply of this code can answer one of them. */
static bool
has_fitting(const SsSmtp *smtp, uint64_t code)
{
    const SsPending *last = smtp->ledger.tail;

    switch (telling(code)) {
    case SS_TELLING_354:
    case SS_TELLING_AUTH: /* behind these commands the client waits */
        return last && ss_ledger_fits(last, code);
    case SS_TELLING_221:
        return smtp->n_221 > 0;
    case SS_TELLING_250:
        return smtp->n_250 > 0;
    default:
        return last != NULL;
    }
}

static void
count(SsSmtp *smtp, const SsPending *pending, int n)
{
    unsigned tellings = tellings_of(pending);

    smtp->n_pending = (uint16_t)(smtp->n_pending + n);
    smtp->n_221 = (uint16_t)(smtp->n_221 + (tellings >> SS_TELLING_221 & 1 ? n : 0));
    smtp->n_250 = (uint16_t)(smtp->n_250 + (tellings >> SS_TELLING_250 & 1 ? n : 0));
}

/* --- the queue --- */

static void
append(SsSmtp *smtp, SsPending *pending)
{
    SsLedger *ledger = &smtp->ledger;

    pending->prev = ledger->tail;
    *(ledger->tail ? &ledger->tail->next : &ledger->head) = pending;
    ledger->tail = pending;
    count(smtp, pending, 1);
}

void
ss_ledger_push_front(SsSmtp *smtp, SsPending *pending)
{
    SsLedger *ledger = &smtp->ledger;

    pending->prev = NULL;
    pending->next = ledger->head;
    *(ledger->head ? &ledger->head->prev : &ledger->tail) = pending;
    ledger->head = pending;
    count(smtp, pending, 1);
}

/* The oldest, which is the caller's then; NULL where there is none. */
static SsPending *
pop(SsSmtp *smtp)
{
    SsLedger *ledger = &smtp->ledger;
    SsPending *pending = ledger->head;

    if (pending) {
        ledger->head = pending->next;
        *(ledger->head ? &ledger->head->prev : &ledger->tail) = NULL;
        count(smtp, pending, -1);
        pending->next = NULL;
    }
    return pending;
}

void
ss_ledger_clear(SsSmtp *smtp)
{
    while (smtp->ledger.head) {
        g_free(pop(smtp));
    }
}

SsPending *
ss_ledger_push(SsSmtp *smtp, SsPendingKind kind, const SsVerb *verb, SsSlice name,
               const SsOrigin *origin)
{
    SsPending *pending = g_new0(SsPending, 1);

    pending->kind = kind;
    pending->verb = verb;
    pending->origin = *origin;
    pending->rcpt = SIZE_MAX;
    pending->is_behind = smtp->ledger.head || smtp->client.is_held_line;
    for (size_t i = 0; i < name.len && i + 1 < sizeof pending->name; i++) {
        pending->name[i] = (char)ss_ascii_upper(name.data[i]);
    }
    if (smtp->n_pending >= SS_LEDGER_MAX) {
        g_free(pop(smtp));
        ss_smtp_limit(smtp, SS_LIMIT_LEDGER, SS_CLIENT, 0, origin);
    }
    append(smtp, pending);
    return pending;
}

void
ss_ledger_leave(SsSmtp *smtp, const SsOrigin *origin)
{
    SsPending *oldest = smtp->ledger.head;

    if (oldest && oldest->kind == SS_PENDING_CONTENT && !oldest->left_ns &&
        origin->time_ns - oldest->origin.time_ns > SS_SLOW_NS) {
        oldest->left_ns = origin->time_ns;
    }
}

const SsPending *
ss_ledger_oldest(const SsSmtp *smtp)
{
    return smtp->ledger.head;
}

void
ss_ledger_gap(SsSmtp *smtp)
{
    for (SsPending *pending = smtp->ledger.tail; pending; pending = pending->prev) {
        if (pending->may_be_answered) {
            break; /* so are all before it */
        }
        SsTransaction *transaction = ss_transaction_get(smtp, pending->transaction);
        pending->may_be_answered = true;
        if (transaction && !transaction->has_content) {
            transaction->has_lost = true;
        }
    }
}

/* --- replies --- */

/* The reply to the oldest was lost. What the client went on with says that LHLO was taken. */
static void
give_up_oldest(SsSmtp *smtp)
{
    g_autofree SsPending *pending = pop(smtp);

    switch (pending->verb->id) {
    case SS_VERB_LHLO:
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
        smtp->is_lmtp = pending->verb->id == SS_VERB_LHLO;
        break;
    default:
        break;
    }
}

/* Gives up all before the first that a reply of this code can answer, where there is one. */
static void
skip_to(SsSmtp *smtp, uint64_t code)
{
    /* Without a look at them all for nothing, be it for each of a thousand replies. */
    while (has_fitting(smtp, code) && !ss_ledger_fits(smtp->ledger.head, code)) {
        give_up_oldest(smtp);
    }
}

/*
 * Replies were lost behind some of what waits. What was sent after the loss was sent because its
 * forerunners had been answered, unless it was pipelined; so those go first, and then whatever the
 * code cannot answer.
 */
static void
skip_lost(SsSmtp *smtp, const SsReply *reply)
{
    const SsPending *last = smtp->ledger.tail;

    if (last && !last->may_be_answered) { /* so the loop ends there at the latest */
        while (smtp->ledger.head->may_be_answered) {
            give_up_oldest(smtp);
        }
    }
    skip_to(smtp, reply->code);
    smtp->server.is_gapped = false;
}

SsPending *
ss_ledger_take(SsSmtp *smtp, const SsReply *reply)
{
    const SsPending *oldest;

    if (smtp->server.is_gapped) {
        skip_lost(smtp, reply);
    }
    if (telling(reply->code) <= SS_TELLING_AUTH) {
        skip_to(smtp, reply->code); /* the replies to those before it were lost in some way */
    }
    oldest = ss_ledger_oldest(smtp);
    if (oldest && smtp->client.is_gapped && !ss_ledger_fits(oldest, reply->code)) {
        return NULL; /* of a command that was lost */
    }
    return pop(smtp);
}
