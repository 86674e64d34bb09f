/*
 * The ledger: commands sent and not yet answered, oldest first. A reply takes the oldest, so
 * pipelining, refusals inside a pipeline and latency are settled here and nowhere else.
 */
#include "dissect/smtp/session.h"

static void
append(SsSmtp *smtp, SsPending *pending)
{
    SsLedger *ledger = &smtp->ledger;

    pending->prev = ledger->tail;
    *(ledger->tail ? &ledger->tail->next : &ledger->head) = pending;
    ledger->tail = pending;
    smtp->n_pending++;
}

void
ss_ledger_push_front(SsSmtp *smtp, SsPending *pending)
{
    SsLedger *ledger = &smtp->ledger;

    pending->prev = NULL;
    pending->next = ledger->head;
    *(ledger->head ? &ledger->head->prev : &ledger->tail) = pending;
    ledger->head = pending;
    smtp->n_pending++;
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
        smtp->n_pending--;
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

bool
ss_ledger_fits(const SsPending *pending, uint64_t code)
{
    bool is_auth = pending->verb->id == SS_VERB_AUTH;

    switch (code) {
    case 354:
        return pending->kind == SS_PENDING_COMMAND &&
               (pending->verb->id == SS_VERB_DATA || pending->verb->id == SS_VERB_XEXCH50);
    case 334:
    case 235:
        return is_auth;
    case 221:
        return pending->verb->id == SS_VERB_QUIT;
    case 250:
        return pending->kind == SS_PENDING_CONTENT ||
               (!is_auth && pending->verb->id != SS_VERB_DATA &&
                pending->verb->id != SS_VERB_QUIT && pending->verb->id != SS_VERB_STARTTLS);
    default:
        return true;
    }
}

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
    const SsPending *pending = smtp->ledger.head;

    while (pending && !ss_ledger_fits(pending, code)) {
        pending = pending->next;
    }
    while (pending && smtp->ledger.head != pending) {
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

/* Codes that answer one command and no other (RFC 5321 section 4.2.3, RFC 4954 section 6). */
static bool
is_telling(uint64_t code)
{
    return code == 354 || code == 334 || code == 235;
}

SsPending *
ss_ledger_take(SsSmtp *smtp, const SsReply *reply)
{
    const SsPending *oldest;

    if (smtp->server.is_gapped) {
        skip_lost(smtp, reply);
    }
    if (is_telling(reply->code)) {
        skip_to(smtp, reply->code); /* the replies to those before it were lost in some way */
    }
    oldest = ss_ledger_oldest(smtp);
    if (oldest && smtp->client.is_gapped && !ss_ledger_fits(oldest, reply->code)) {
        return NULL; /* of a command that was lost */
    }
    return pop(smtp);
}
