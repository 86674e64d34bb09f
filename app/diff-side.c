/*
 * One dialogue as turns, from the events of its session. All texts are made safe where they are
 * taken.
 */
#include "app/diff.h"

#include <inttypes.h>

#include "base/limits.h"
#include "base/text.h"

/* Of one line; content of a reply beyond is not compared. */
#define TEXT_MAX 512

static void
turn_free(void *data)
{
    SsTurn *turn = data;

    g_free(turn->verb);
    g_free(turn->text);
    g_free(turn->reply);
    g_free(turn->enhanced);
    if (turn->offers) {
        g_ptr_array_unref(turn->offers);
    }
    g_free(turn);
}

void
ss_side_init(SsSide *side, const char *word)
{
    const char *hash = strrchr(word, '#');

    *side = (SsSide){.turns = g_ptr_array_new_with_free_func(turn_free)};
    if (hash && !g_file_test(word, G_FILE_TEST_EXISTS) &&
        g_ascii_string_to_unsigned(hash + 1, 10, 1, UINT64_MAX, &side->session, NULL)) {
        side->file = g_strndup(word, (gsize)(hash - word));
    } else {
        side->file = g_strdup(word);
    }
}

void
ss_side_clear(SsSide *side)
{
    g_free(side->file);
    g_free(side->ends);
    g_free(side->verdict);
    g_clear_pointer(&side->turns, g_ptr_array_unref);
}

/* --- texts --- */

static void
append_safe(GString *to, SsSlice text)
{
    ss_text_append_safe(to, ss_slice_sub(text, 0, TEXT_MAX));
    if (text.len > TEXT_MAX) {
        g_string_append(to, "…");
    }
}

static char *
safe(SsSlice text)
{
    GString *to = g_string_new(NULL);

    append_safe(to, text);
    return g_string_free(to, FALSE);
}

/* "550 5.1.1 no such user"; lines joined by blanks. */
static char *
words_of_reply(uint64_t code, SsSlice enhanced, const SsSlice *lines, size_t n)
{
    GString *to = g_string_new(NULL);
    size_t prefix = enhanced.len;

    g_string_append_printf(to, "%03" PRIu64, code);
    if (enhanced.len) {
        g_string_append_c(to, ' ');
        append_safe(to, enhanced);
    }
    for (size_t i = 0; i < n; i++) {
        SsSlice line = lines[i];
        if (prefix && line.len >= prefix &&
            ss_slice_eq(ss_slice_sub(line, 0, prefix), enhanced)) { /* it stands there already */
            line = ss_slice_trim(ss_slice_from(line, prefix));
        }
        g_string_append_c(to, ' ');
        append_safe(to, line);
    }
    return g_string_free(to, FALSE);
}

/* --- turns --- */

static SsTurn *
add_turn(SsSide *side, const SsEvent *event, char *verb, char *text)
{
    SsTurn *turn;

    if (side->turns->len >= SS_TURNS_MAX) {
        side->n_left_out++;
        g_free(verb);
        g_free(text);
        return NULL;
    }
    turn = g_new0(SsTurn, 1);
    turn->verb = verb;
    turn->text = text;
    turn->time_ns = event->time_ns;
    turn->latency_ns = SS_TIME_NONE;
    g_ptr_array_add(side->turns, turn);
    return turn;
}

static void
take_command(SsSide *side, const SsEvent *event)
{
    const SsEventCommand *command = &event->command;
    GString *text = g_string_new(NULL);

    append_safe(text, command->verb); /* in whatever case it was written */
    if (command->argument.len) {
        g_string_append_c(text, ' ');
        append_safe(text, command->argument);
    }
    add_turn(side, event, safe(command->verb), g_string_free(text, FALSE));
}

/* The oldest of its kind that waits, or the latest whose reply asked to go on. */
static SsTurn *
find_asked(const SsSide *side, const char *verb)
{
    SsTurn *latest = NULL;

    for (guint i = 0; i < side->turns->len; i++) {
        SsTurn *turn = g_ptr_array_index(side->turns, i);
        if (!g_str_equal(turn->verb, verb)) {
            continue;
        }
        if (!turn->reply && !turn->is_settled) {
            return turn;
        }
        latest = turn->code / 100 == 3 ? turn : NULL;
    }
    return latest;
}

/* The reply to a content is that to its last chunk. */
static void
settle_chunks(SsSide *side, const SsTurn *content)
{
    for (guint i = 0; i < side->turns->len; i++) {
        SsTurn *turn = g_ptr_array_index(side->turns, i);
        if (turn == content) {
            return;
        }
        turn->is_settled |= g_str_equal(turn->verb, "BDAT");
    }
}

static GPtrArray *
offers_of(const SsEventReply *reply)
{
    GPtrArray *offers = g_ptr_array_new_with_free_func(g_free);
    const SsSlice *lines = reply->lines.items;

    for (size_t i = 1; i < reply->lines.n; i++) {
        g_ptr_array_add(offers, safe(ss_slice_trim(lines[i])));
    }
    return offers;
}

static void
take_reply(SsSide *side, const SsEvent *event)
{
    const SsEventReply *reply = &event->reply;
    bool is_hello =
        ss_slice_eq(reply->to, SS_SLICE("EHLO")) || ss_slice_eq(reply->to, SS_SLICE("LHLO"));
    g_autofree char *to = ss_slice_is_null(reply->to) ? g_strdup("reply") : safe(reply->to);
    SsTurn *turn = find_asked(side, g_str_equal(to, "data") ? "content" : to);

    if (!turn) { /* its command was not seen, or it is the banner */
        turn = add_turn(side, event, g_steal_pointer(&to), NULL);
    }
    if (!turn) {
        return;
    }
    if (g_str_equal(turn->verb, "content")) {
        settle_chunks(side, turn);
    }
    g_free(turn->reply);
    g_free(turn->enhanced);
    turn->code = reply->code;
    turn->enhanced = reply->enhanced.len ? safe(reply->enhanced) : NULL;
    turn->latency_ns = reply->latency_ns;
    if (is_hello && reply->code / 100 == 2 && !turn->offers) {
        turn->offers = offers_of(reply);
    }
    turn->reply = words_of_reply(reply->code, reply->enhanced, reply->lines.items,
                                 turn->offers ? MIN(reply->lines.n, 1) : reply->lines.n);
}

static void
take_tls(SsSide *side, const SsEvent *event)
{
    GString *text = g_string_new("TLS handshake");

    if (event->tls.version.len) {
        g_string_append(text, ", ");
        append_safe(text, event->tls.version);
    }
    if (event->tls.cipher.len) {
        g_string_append(text, ", ");
        append_safe(text, event->tls.cipher);
    }
    add_turn(side, event, g_strdup("tls"), g_string_free(text, FALSE));
}

/* --- verdicts --- */

static void
take_message(SsSide *side, const SsEvent *event)
{
    static const char *const fates[] = {"accepted", "refused", "deferred", "cut off",
                                        "of unknown fate"};
    static const char *const stages[] = {"MAIL", "RCPT", "DATA", "the end of its content"};
    const SsEventMessage *message = &event->message;
    GString *text;

    side->n_messages++;
    if (side->is_refused || (message->outcome == SS_OUTCOME_ACCEPTED && side->verdict)) {
        return; /* the first that did not get through is told, else the first */
    }
    side->is_refused = message->outcome != SS_OUTCOME_ACCEPTED;
    text = g_string_new(fates[message->outcome]);
    if (side->is_refused) {
        g_string_append_printf(text, " at %s", stages[message->stage]);
    }
    if (side->is_refused && message->index > 1) {
        g_string_append_printf(text, " of message %" PRIu64, message->index);
    }
    if (side->is_refused && message->reply) {
        const SsReplyText *reply = message->reply;
        g_autofree char *words =
            words_of_reply(reply->code, reply->enhanced, &reply->text, reply->text.len > 0);
        g_string_append_printf(text, ": %s", words);
    }
    g_free(side->verdict);
    side->verdict = g_string_free(text, FALSE);
}

static void
take_session(SsSide *side, const SsEvent *event)
{
    static const char *const ends[] = {
        "ends with QUIT",
        "is closed without QUIT",
        "is reset",
        "is silent until a timeout",
        "is open as the capture ends",
        "cannot be read behind its TLS handshake",
        "is not SMTP",
    };
    static const char *const fates[] = {
        "without mail",
        "without mail",
        "reset without mail",
        "silent, without mail",
        "open, without mail so far",
        "encrypted",
        "not SMTP",
    };
    const SsEventSession *session = &event->session_end;
    g_autofree char *client = safe(session->client.at.ip), *server = safe(session->server.at.ip);
    SsEvent end = *event;

    side->session = event->session;
    side->time_ns = event->time_ns;
    side->ends = g_strdup_printf("%s:%" PRIu64 " → %s:%" PRIu64, client, session->client.at.port,
                                 server, session->server.at.port);
    end.time_ns = session->end_ns;
    add_turn(side, &end, g_strdup("end"), g_strdup_printf("the session %s", ends[session->state]));
    if (!side->verdict) {
        side->verdict = g_strdup(fates[session->state]);
    }
}

static void
see(void *to, const SsEvent *event)
{
    SsSide *side = to;

    if (event->session != MAX(side->session, 1)) {
        return;
    }
    switch (event->type) {
    case SS_EVENT_COMMAND:
        take_command(side, event);
        break;
    case SS_EVENT_REPLY:
        take_reply(side, event);
        break;
    case SS_EVENT_NOTE:
        add_turn(side, event, g_strdup("content"),
                 g_strdup_printf("content, %" PRIu64 " bytes", event->note.span));
        break;
    case SS_EVENT_TLS:
        take_tls(side, event);
        break;
    case SS_EVENT_MESSAGE:
        take_message(side, event);
        break;
    case SS_EVENT_SESSION:
        take_session(side, event);
        break;
    default:
        break;
    }
}

SsObserver
ss_side_observer(SsSide *side)
{
    SsObserver observer = {
        .wants = SS_WANT(SS_EVENT_COMMAND) | SS_WANT(SS_EVENT_REPLY) | SS_WANT(SS_EVENT_NOTE) |
                 SS_WANT(SS_EVENT_TLS) | SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_SESSION),
        .notes = SS_NOTES(SS_NOTE_CONTENT),
        .see = see,
        .to = side,
    };

    return observer;
}
