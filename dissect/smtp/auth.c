/*
 * AUTH (RFC 4954): the exchange, turn by turn, whatever the mechanism, and the event at its end.
 * What the turns say is read by sasl.c; what may be shown is decided here and in auth-mask.c, where
 * the events are made.
 */
#include "dissect/digest.h"
#include "dissect/smtp/session.h"

#define STEP_MAX 12288 /* RFC 4954 section 4: a base64 line may have 12288 octets */

void
ss_auth_free(SsAuth *auth)
{
    if (auth) {
        ss_arena_clear(&auth->arena);
        g_free(auth);
    }
}

/* --- turns --- */

bool
ss_auth_is_cut(SsSlice kept)
{
    return kept.len == STEP_MAX;
}

/* Past a cap nothing more is kept: an exchange may go on for ever. */
static bool
has_room(const SsAuth *auth, SsSlice text)
{
    return auth->turns.total == auth->turns.n &&
           auth->bytes + MIN(text.len, STEP_MAX) <= SS_AUTH_BYTES_MAX;
}

static SsSlice
keep(SsAuth *auth, SsSlice text)
{
    SsSlice kept = ss_slice_sub(text, 0, STEP_MAX);

    auth->bytes += kept.len;
    return ss_arena_dup(&auth->arena, kept);
}

static void
add_turn(SsAuth *auth, SsSlice asked, SsSlice said)
{
    SsSaslTurn turn = {SS_SLICE_NULL, SS_SLICE_NULL};

    if (has_room(auth, ss_slice_is_null(asked) ? said : asked)) {
        turn.asked = keep(auth, asked);
        turn.said = keep(auth, said);
        ss_list_append(&auth->arena, &auth->turns, &turn, sizeof turn, SS_AUTH_STEPS_MAX);
    } else {
        auth->turns.total++;
    }
}

static void
add_step(SsAuth *auth, SsSlice said)
{
    SsSaslTurn *turns = auth->turns.items;
    SsSaslTurn *last = auth->turns.n ? &turns[auth->turns.n - 1] : NULL;

    auth->n_steps++;
    if (!last || !ss_slice_is_null(last->said)) {
        add_turn(auth, SS_SLICE_NULL, said);
    } else if (has_room(auth, said)) {
        last->said = keep(auth, said);
    } else {
        auth->turns.total++;
    }
}

static void
add_evidence(SsAuth *auth, const SsOrigin *origin)
{
    ss_list_append(&auth->arena, &auth->evidence, &origin->frame, sizeof origin->frame,
                   SS_AUTH_STEPS_MAX);
}

/* --- its course --- */

/* Where the first word ends: at a blank of either kind. */
static size_t
word_end(SsSlice text)
{
    size_t end = 0;

    while (end < text.len && !ss_ascii_is_blank(text.data[end])) {
        end++;
    }
    return end;
}

/*
 * RFC 4422 section 3.1: 1 to 20 of upper-case letters, digits, hyphen and underscore. Clients write
 * those that are known in any case; what is not known and not written so may be a secret.
 */
bool
ss_auth_is_mechanism(SsSlice word, bool is_auth)
{
    if (ss_sasl_is_known(word)) {
        return true;
    }
    for (size_t i = 0; i < word.len; i++) {
        uint8_t c = word.data[i];
        if (!(c >= 'A' && c <= 'Z') && !ss_ascii_is_digit(c) && c != '-' && c != '_') {
            return false;
        }
    }
    return is_auth && word.len <= 20;
}

/* The initial response (RFC 4954 section 4); of LOGIN some clients send both at once. */
static void
take_initial(SsAuth *auth, SsSlice initial)
{
    bool is_login = ss_slice_eq(auth->mechanism, SS_SLICE("LOGIN"));

    if (ss_slice_eq(initial, SS_SLICE("="))) {
        add_step(auth, ss_slice("", 0));
        return;
    }
    while (initial.len) {
        size_t end = is_login ? word_end(initial) : initial.len;
        add_step(auth, ss_slice_sub(initial, 0, end));
        initial = ss_slice_trim(ss_slice_from(initial, end));
    }
}

void
ss_auth_begin(SsSmtp *smtp, SsSlice argument, const SsOrigin *origin)
{
    SsAuth *auth = g_new0(SsAuth, 1);
    size_t end = word_end(argument);
    uint8_t *mechanism = ss_arena_alloc(&auth->arena, end + 1);
    bool is_shown;

    ss_auth_free(smtp->auth);
    smtp->auth = auth;
    auth->origin = *origin;
    add_evidence(auth, origin);
    for (size_t i = 0; i < end; i++) {
        mechanism[i] = ss_ascii_upper(argument.data[i]);
    }
    is_shown = ss_auth_is_mechanism(ss_slice_sub(argument, 0, end), true) ||
               smtp->factory->options.show_secrets;
    auth->mechanism = is_shown ? ss_slice(mechanism, end) : SS_SLICE(SS_AUTH_MASK);
    /* What is no mechanism may be a response that was sent in its place. */
    take_initial(auth, is_shown ? ss_slice_trim(ss_slice_from(argument, end)) : argument);
}

void
ss_auth_step(SsSmtp *smtp, SsSlice line, const SsOrigin *origin)
{
    if (!smtp->auth) { /* its beginning was lost */
        smtp->auth = g_new0(SsAuth, 1);
        smtp->auth->origin = *origin;
        smtp->auth->mechanism = SS_SLICE_NULL;
    }
    add_evidence(smtp->auth, origin);
    ss_timing_client(smtp, origin);
    if (ss_slice_eq(line, SS_SLICE("*"))) {
        smtp->auth->is_aborted = true;
    } else {
        add_step(smtp->auth, ss_slice_trim(line));
    }
}

void
ss_auth_challenge(SsSmtp *smtp, SsSlice text)
{
    if (smtp->auth) {
        add_turn(smtp->auth, ss_slice_is_null(text) ? ss_slice("", 0) : text, SS_SLICE_NULL);
    }
}

/* --- its end --- */

SsSaslLogin
ss_auth_read(const SsAuth *auth, const SsReply *reply, SsArena *arena)
{
    SsSaslExchange exchange = {
        .mechanism = auth->mechanism,
        .turns = auth->turns.items,
        .n_turns = auth->turns.n,
        .is_accepted = reply && ss_reply_is_positive(reply),
    };

    return ss_sasl_read(&exchange, arena);
}

static int
outcome_of(const SsAuth *auth, const SsReply *reply)
{
    if (reply && ss_reply_is_positive(reply)) {
        return SS_AUTH_SUCCESS;
    }
    if (auth->is_aborted) {
        return SS_AUTH_ABORTED;
    }
    return reply ? SS_AUTH_FAILURE : SS_AUTH_UNKNOWN;
}

/* Of what a password or a token is; what is made from a challenge differs each time. */
static SsSlice
fingerprint(const SsSmtp *smtp, SsArena *arena, const SsSaslLogin *login)
{
    SsSlice key = smtp->factory->options.fingerprint_key;
    char *hex;

    if (ss_slice_is_null(key) || ss_slice_is_null(login->secret) ||
        login->secret_kind == SS_SECRET_HASH) {
        return SS_SLICE_NULL;
    }
    hex = ss_arena_alloc(arena, SS_FINGERPRINT_HEX + 1);
    ss_digest_fingerprint(key, login->secret, hex);
    return ss_slice(hex, SS_FINGERPRINT_HEX);
}

static void
fill_login(const SsSmtp *smtp, SsAuth *auth, const SsReply *reply, SsEventAuth *event)
{
    SsSaslLogin login = ss_auth_read(auth, reply, &auth->arena);

    event->username = login.username;
    event->authzid = login.authzid;
    event->secret_kind = login.secret_kind;
    event->fingerprint = fingerprint(smtp, &auth->arena, &login);
    event->challenge = ss_auth_mask_text(smtp, auth, &login, &auth->arena, login.challenge);
    event->realm = login.realm;
    event->workstation = login.workstation;
    event->claims = login.claims;
    event->error = ss_auth_mask_text(smtp, auth, &login, &auth->arena, login.error);
    event->secret = ss_slice_is_null(login.secret) || smtp->factory->options.show_secrets
                        ? login.secret
                        : SS_SLICE(SS_AUTH_MASK);
}

void
ss_auth_end(SsSmtp *smtp, const SsReply *reply, const SsOrigin *origin)
{
    SsAuth *auth = g_steal_pointer(&smtp->auth);
    SsEvent event;
    char client_ip[46], server_ip[46];

    ss_timing_login(smtp, auth, origin);
    /* AUTH alone names nothing to log in by. */
    if (auth && (auth->mechanism.len || auth->n_steps) && ss_smtp_wants(smtp, SS_EVENT_AUTH)) {
        ss_smtp_event(smtp, &event, SS_EVENT_AUTH, origin);
        event.auth.mechanism =
            ss_slice_is_null(auth->mechanism) ? ss_slice("", 0) : auth->mechanism;
        event.auth.evidence = auth->evidence;
        event.auth.steps = auth->n_steps;
        fill_login(smtp, auth, reply, &event.auth);
        event.auth.outcome = outcome_of(auth, reply);
        if (reply) {
            event.auth.reply.code = reply->code;
            event.auth.reply.enhanced = reply->enhanced;
            event.auth.reply.text = reply->text;
        }
        event.auth.security = (int)smtp->security;
        ss_smtp_endpoint(smtp, SS_CLIENT, &event.auth.client, client_ip);
        ss_smtp_endpoint(smtp, SS_SERVER, &event.auth.server, server_ip);
        ss_smtp_emit(smtp, &event);
    }
    ss_auth_free(auth);
}
