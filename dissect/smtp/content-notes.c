/*
 * What is said of a message's content when it has ended: what is odd about its bytes, and where it
 * has a second reading, what the server made of it.
 *
 * A server that takes a look-alike for the end answers more than the client has asked: the content
 * up to there, each hidden command, the hidden content. These replies must not be taken for those
 * to the client's next commands. Which they are is told by there being no command that waits, or
 * none that such a reply can answer; the dialogue is read as the client means it.
 */
#include "dissect/smtp/session.h"

/* --- what was watched --- */

static SsSlice
param_of(const SsEventMessage *message, SsSlice key)
{
    const SsPair *pairs = message->from_params.items;

    for (size_t i = 0; i < message->from_params.n; i++) {
        if (ss_slice_eq(pairs[i].key, key)) {
            return pairs[i].value;
        }
    }
    return SS_SLICE_NULL;
}

bool
ss_transaction_has_param(const SsTransaction *transaction, SsSlice key)
{
    return !ss_slice_is_null(param_of(&transaction->event, key));
}

void
ss_content_watch(const SsSmtp *smtp, SsTransaction *transaction)
{
    SsSlice body = param_of(&transaction->event, SS_SLICE("BODY"));

    /* Of what is declared as binary (RFC 3030 section 3) no byte is odd. */
    transaction->is_watched =
        ss_smtp_wants(smtp, SS_EVENT_NOTE) && !ss_slice_eq_nocase(body, SS_SLICE("BINARYMIME"));
    if (transaction->is_watched) {
        ss_watch_init(&transaction->watch, transaction->event.transfer == SS_TRANSFER_BDAT);
    }
}

bool
ss_smtp_is_offered(const SsSmtp *smtp, SsSlice keyword)
{
    SsArena arena = {0};
    SsList list = ss_shared_list(smtp->extensions, &arena);
    const SsSlice *offers = list.items;
    bool is_offered = false;

    for (size_t i = 0; i < list.n && !is_offered; i++) {
        SsSlice word = ss_slice_sub(offers[i], 0, ss_slice_index(offers[i], ' '));
        is_offered = ss_slice_eq_nocase(word, keyword);
    }
    ss_arena_clear(&arena);
    return is_offered;
}

static bool
begin(SsSmtp *smtp, SsTransaction *transaction, SsNoteKind kind, const SsOrigin *origin,
      SsEvent *ret_event)
{
    if (!ss_smtp_note_begin(smtp, ret_event, kind, SS_CLIENT, origin)) {
        return false;
    }
    ret_event->note.message = transaction->event.index;
    ret_event->note.in_message = true;
    ret_event->note.in_content = true;
    ret_event->note.verb = SS_SLICE_NULL;
    return true;
}

static void
note_bare(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    const SsWatch *watch = &transaction->watch;
    const SsHidden *hidden = watch->hidden;
    SsEventBare bare = {0};
    uint64_t n = 0;
    SsEvent event;

    for (int i = 0; i < SS_N_BARE; i++) {
        bare.n[i] = watch->bare[i].n;
        bare.frames[i] = watch->bare[i].frame;
        n += watch->bare[i].n;
    }
    if (hidden && !ss_hidden_has_command(hidden)) {
        bare.look_alikes = watch->alikes.n;
        bare.look_alike = ss_slice_str(hidden->first.name);
        bare.look_alike_at = hidden->first.at;
        bare.look_alike_frame = hidden->first.frame;
        bare.is_line_behind = hidden->has_line;
        n += bare.look_alikes;
    }
    if (n && begin(smtp, transaction, SS_NOTE_BARE, origin, &event)) {
        event.note.span = n;
        event.note.bare = &bare;
        ss_smtp_emit(smtp, &event);
    }
}

static void
note_long_lines(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    const SsOddCount *lines = &transaction->watch.long_lines;
    SsEvent event;

    if (lines->n && begin(smtp, transaction, SS_NOTE_SYNTAX, origin, &event)) {
        event.note.text = SS_SLICE("long-line");
        event.note.span = lines->n;
        event.note.evidence = lines->frame;
        ss_smtp_emit(smtp, &event);
    }
}

/* Nothing is said where it is not known what the server offers. */
static void
note_high(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    const SsOddCount *high = &transaction->watch.high;
    bool is_known = !ss_smtp_is_one_way(smtp, SS_SERVER) && !transaction->has_lost &&
                    (smtp->knows_offer || smtp->was_greeted_plainly);
    SsEvent event;

    if (high->n && is_known && !ss_smtp_is_offered(smtp, SS_SLICE("8BITMIME")) &&
        begin(smtp, transaction, SS_NOTE_EIGHT_BIT, origin, &event)) {
        event.note.text = SS_SLICE("content");
        event.note.evidence = high->frame;
        ss_smtp_emit(smtp, &event);
    }
}

void
ss_content_tell(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    SsWatch *watch = &transaction->watch;

    if (!transaction->is_watched) {
        return;
    }
    ss_watch_end(watch, false, origin->frame);
    note_bare(smtp, transaction, origin);
    note_long_lines(smtp, transaction, origin);
    note_high(smtp, transaction, origin);
    if (watch->hidden && !ss_hidden_has_command(watch->hidden)) {
        ss_watch_clear(watch);
    }
}

/* --- the second reading --- */

static SsHidden *
hidden_of(const SsSmtp *smtp)
{
    return smtp->extra ? smtp->extra->hidden : NULL;
}

void
ss_hidden_settle(SsSmtp *smtp, const SsOrigin *origin)
{
    SsHidden *hidden = hidden_of(smtp);
    SsEventLookAlike told;
    SsEvent event;

    if (!hidden) {
        return;
    }
    smtp->extra->hidden = NULL;
    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_LOOK_ALIKE, SS_CLIENT, origin)) {
        told = ss_hidden_tell(hidden);
        event.note.message = hidden->message;
        event.note.in_message = true;
        event.note.evidence = hidden->told.frame;
        event.note.verb = ss_slice_str(hidden->verb);
        event.note.look_alike = &told;
        ss_smtp_emit(smtp, &event);
    }
    ss_hidden_free(hidden);
    ss_smtp_extra_trim(smtp);
}

void
ss_hidden_begin(SsSmtp *smtp, SsTransaction *transaction, const SsOrigin *origin)
{
    SsHidden *hidden = transaction->is_watched ? transaction->watch.hidden : NULL;
    const SsReplyText *reply = transaction->event.reply;

    if (!hidden || !ss_hidden_has_command(hidden)) {
        return;
    }
    ss_hidden_settle(smtp, origin);
    transaction->watch.hidden = NULL;
    hidden->message = transaction->event.index;
    hidden->is_early = transaction->has_early_reply;
    if (reply) {
        hidden->outer = ss_hidden_keep_reply(hidden, reply);
    }
    ss_smtp_extra(smtp)->hidden = hidden;
}

static SsReplyText
text_of(const SsReply *reply)
{
    return (SsReplyText){reply->code, reply->enhanced, reply->text, reply->origin.frame};
}

void
ss_hidden_see_early(SsTransaction *transaction, const SsReply *reply)
{
    SsHidden *hidden = transaction->is_watched ? transaction->watch.hidden : NULL;
    SsReplyText text = text_of(reply);

    if (hidden && ss_hidden_has_command(hidden)) {
        ss_hidden_add_reply(hidden, &text);
    }
}

/*
 * Whether a reply may be the one that the oldest command waits for. A server that has begun to
 * answer what is hidden goes on with that; and no server refuses QUIT.
 */
static bool
may_be_awaited(const SsHidden *hidden, const SsPending *oldest, uint64_t code)
{
    bool is_between = hidden->extra.total && hidden->extra.total < hidden->n_steps;

    return oldest && ss_ledger_fits(oldest, code) &&
           (code == 221 || !(is_between || oldest->verb->id == SS_VERB_QUIT));
}

bool
ss_hidden_takes_reply(SsSmtp *smtp, const SsReply *reply)
{
    SsHidden *hidden = hidden_of(smtp);
    const SsPending *oldest = ss_ledger_oldest(smtp);
    SsReplyText text = text_of(reply);

    if (!hidden || smtp->client.mode == SS_CLIENT_DATA) {
        return false;
    }
    if (reply->code == 421) { /* which needs no command (RFC 5321 section 3.8) */
        ss_hidden_settle(smtp, &reply->origin);
        return false;
    }
    if (may_be_awaited(hidden, oldest, reply->code)) {
        if (oldest->verb->id == SS_VERB_QUIT) {
            ss_hidden_settle(smtp, &reply->origin); /* nothing comes behind that */
        }
        return false;
    }
    ss_hidden_add_reply(hidden, &text);
    if (hidden->extra.total >= hidden->n_steps) {
        ss_hidden_settle(smtp, &reply->origin);
    }
    return true;
}
