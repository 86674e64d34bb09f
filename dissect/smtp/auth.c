/*
 * AUTH (RFC 4954): the exchange is followed whatever the mechanism; PLAIN (RFC 4616) and LOGIN are
 * decoded. Secrets are masked here, where the event is made.
 */
#include "dissect/smtp/session.h"

#define MASK "********"
#define STEP_MAX 12288 /* RFC 4954 section 4: a base64 line may have 12288 octets */

void
ss_auth_free(SsAuth *auth)
{
    if (auth) {
        ss_arena_clear(&auth->arena);
        g_free(auth);
    }
}

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

static void
add_step(SsAuth *auth, SsSlice line)
{
    SsSlice copy;

    if (auth->steps.n >= SS_AUTH_STEPS_MAX) {
        auth->steps.total++;
        return; /* not even copied: an exchange may go on for ever */
    }
    copy = ss_arena_dup(&auth->arena, ss_slice_sub(line, 0, STEP_MAX));

    ss_list_append(&auth->arena, &auth->steps, &copy, sizeof copy, SS_AUTH_STEPS_MAX);
}

/*
 * Whether a word may be shown as the name of a mechanism (RFC 4422 section 3.1: 1 to 20 of
 * upper-case letters, digits, hyphen and underscore). One that is not known must keep to one case:
 * base64 seldom does.
 */
static bool
is_mechanism(SsSlice word, bool is_auth)
{
    bool has_upper = false, has_lower = false;

    if (ss_mechanism_is_known(word)) {
        return true;
    }
    for (size_t i = 0; i < word.len; i++) {
        uint8_t c = word.data[i];
        has_upper = has_upper || (c >= 'A' && c <= 'Z');
        has_lower = has_lower || (c >= 'a' && c <= 'z');
        if (!ss_ascii_is_alpha(c) && !ss_ascii_is_digit(c) && c != '-' && c != '_') {
            return false;
        }
    }
    return is_auth && word.len <= 20 && !(has_upper && has_lower);
}

static void
add_evidence(SsAuth *auth, const SsOrigin *origin)
{
    ss_list_append(&auth->arena, &auth->evidence, &origin->frame, sizeof origin->frame,
                   SS_AUTH_STEPS_MAX);
}

void
ss_auth_begin(SsSmtp *smtp, SsSlice argument, const SsOrigin *origin)
{
    SsAuth *auth = g_new0(SsAuth, 1);
    size_t end = word_end(argument);
    SsSlice initial = ss_slice_trim(ss_slice_from(argument, end));
    uint8_t *mechanism = ss_arena_alloc(&auth->arena, end + 1);

    ss_auth_free(smtp->auth);
    smtp->auth = auth;
    auth->origin = *origin;
    add_evidence(auth, origin);
    for (size_t i = 0; i < end; i++) {
        mechanism[i] = ss_ascii_upper(argument.data[i]);
    }
    auth->mechanism =
        is_mechanism(ss_slice_sub(argument, 0, end), true) || smtp->factory->options.show_secrets
            ? ss_slice(mechanism, end)
            : SS_SLICE(MASK);
    if (initial.len) {
        add_step(auth, ss_slice_eq(initial, SS_SLICE("=")) ? ss_slice("", 0) : initial);
    }
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
    if (smtp->auth && text.len && smtp->auth->n_challenges++ < SS_AUTH_STEPS_MAX) {
        smtp->auth->challenge = ss_arena_dup(&smtp->auth->arena, ss_slice_sub(text, 0, STEP_MAX));
    }
}

/* --- decoding --- */

static bool
decode(SsArena *arena, SsSlice text, SsSlice *ret_bytes)
{
    uint8_t *bytes = ss_arena_alloc(arena, text.len / 4 * 3 + 4);
    gint state = 0;
    guint save = 0;
    gsize len;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (!ss_ascii_is_alpha(c) && !ss_ascii_is_digit(c) && c != '+' && c != '/' && c != '=') {
            return false;
        }
    }
    len = g_base64_decode_step((const gchar *)text.data, text.len, bytes, &state, &save);
    *ret_bytes = ss_slice(bytes, len);
    return true;
}

/* `[authzid] NUL authcid NUL passwd` */
static void
read_plain(SsEventAuth *event, SsSlice bytes)
{
    size_t first = ss_slice_index(bytes, 0);
    SsSlice rest = ss_slice_from(bytes, first + 1);
    size_t second = ss_slice_index(rest, 0);

    if (first == bytes.len || second == rest.len) {
        return;
    }
    event->authzid = first ? ss_slice_sub(bytes, 0, first) : SS_SLICE_NULL;
    event->username = ss_slice_sub(rest, 0, second);
    event->secret = ss_slice_from(rest, second + 1);
    event->secret_kind = SS_SECRET_PASSWORD;
}

static void
read_login(const SsAuth *auth, SsArena *arena, SsEventAuth *event)
{
    const SsSlice *steps = auth->steps.items;
    SsSlice bytes;

    if (auth->steps.n >= 1 && decode(arena, steps[0], &bytes)) {
        event->username = bytes;
    }
    if (auth->steps.n >= 2 && decode(arena, steps[1], &bytes)) {
        event->secret = bytes;
        event->secret_kind = SS_SECRET_PASSWORD;
    }
}

/* `user SP digest`, the digest in hex; a user name may have blanks, a digest has none */
static void
read_cram(const SsAuth *auth, SsArena *arena, SsEventAuth *event, SsSlice bytes)
{
    size_t at = bytes.len;

    while (at > 0 && bytes.data[at - 1] != ' ') {
        at--;
    }
    if (!ss_slice_is_null(auth->challenge)) {
        SsSlice challenge;
        event->challenge = decode(arena, auth->challenge, &challenge) ? challenge : auth->challenge;
    }
    if (at == 0) {
        return;
    }
    event->username = ss_slice_sub(bytes, 0, at - 1);
    event->secret = ss_slice_from(bytes, at);
    event->secret_kind = SS_SECRET_HASH;
}

/* `user=` user ^A `auth=Bearer ` token ^A ^A */
static void
read_xoauth2(SsEventAuth *event, SsSlice bytes)
{
    const SsSlice user = SS_SLICE("user="), token = SS_SLICE("auth=Bearer ");

    while (bytes.len) {
        size_t end = ss_slice_index(bytes, 1);
        SsSlice field = ss_slice_sub(bytes, 0, end);
        if (ss_slice_starts_nocase(field, user)) {
            event->username = ss_slice_from(field, user.len);
        } else if (ss_slice_starts_nocase(field, token)) {
            event->secret = ss_slice_from(field, token.len);
            event->secret_kind = SS_SECRET_TOKEN;
        }
        bytes = ss_slice_from(bytes, end + 1);
    }
}

static void
read_exchange(const SsAuth *auth, SsArena *arena, SsEventAuth *event)
{
    const SsSlice *steps = auth->steps.items;
    SsSlice bytes;

    if (ss_slice_eq(auth->mechanism, SS_SLICE("LOGIN"))) {
        read_login(auth, arena, event);
        return;
    }
    if (!auth->steps.n) {
        return;
    }
    if (ss_slice_eq(auth->mechanism, SS_SLICE("PLAIN")) &&
        decode(arena, steps[auth->steps.n - 1], &bytes)) {
        read_plain(event, bytes);
    } else if (ss_slice_eq(auth->mechanism, SS_SLICE("CRAM-MD5")) &&
               decode(arena, steps[auth->steps.n - 1], &bytes)) {
        read_cram(auth, arena, event, bytes);
    } else if (ss_slice_eq(auth->mechanism, SS_SLICE("XOAUTH2")) &&
               decode(arena, steps[0], &bytes)) {
        read_xoauth2(event, bytes);
    }
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

void
ss_auth_end(SsSmtp *smtp, const SsReply *reply, const SsOrigin *origin)
{
    SsAuth *auth = g_steal_pointer(&smtp->auth);
    SsEvent event;
    char client_ip[46], server_ip[46];

    ss_timing_login(smtp, auth, origin);
    /* AUTH alone names nothing to log in by. */
    if (auth && (auth->mechanism.len || auth->steps.n) && ss_smtp_wants(smtp, SS_EVENT_AUTH)) {
        ss_smtp_event(smtp, &event, SS_EVENT_AUTH, origin);
        event.auth.mechanism =
            ss_slice_is_null(auth->mechanism) ? ss_slice("", 0) : auth->mechanism;
        event.auth.evidence = auth->evidence;
        event.auth.secret_kind = -1;
        read_exchange(auth, &auth->arena, &event.auth);
        if (!ss_slice_is_null(event.auth.secret) && !smtp->factory->options.show_secrets) {
            event.auth.secret = SS_SLICE(MASK);
        }
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

/* --- masks --- */

/* Verbs that are no SMTP and yet a login: `AUTH=PLAIN …`, `XAUTH …`, `PASS …`. */
static bool
is_login_verb(SsSlice name)
{
    const SsSlice auth = SS_SLICE("AUTH"), pass = SS_SLICE("PASS");

    for (size_t i = 0; i + auth.len <= name.len; i++) {
        SsSlice rest = ss_slice_from(name, i);
        if (ss_slice_starts_nocase(rest, auth) || ss_slice_starts_nocase(rest, pass)) {
            return true;
        }
    }
    return false;
}

SsSlice
ss_auth_mask_argument(const SsSmtp *smtp, SsArena *arena, const SsCommandLine *command)
{
    SsSlice argument = command->argument;
    bool is_login = command->verb->id == SS_VERB_AUTH || is_login_verb(command->name);
    size_t end = word_end(argument);
    SsSlice mechanism = ss_slice_sub(argument, 0, end);
    SsSlice initial = ss_slice_trim(ss_slice_from(argument, end));
    uint8_t *masked;

    if (smtp->factory->options.show_secrets || ss_slice_is_null(argument)) {
        return argument;
    }
    if (is_login && !is_mechanism(mechanism, command->verb->id == SS_VERB_AUTH)) {
        return SS_SLICE(MASK);
    }
    if (!initial.len) {
        return ss_auth_looks_like_step(argument) && !is_login ? SS_SLICE(MASK) : argument;
    }
    if (!is_login && !ss_mechanism_is_known(mechanism) && !ss_auth_looks_like_step(initial)) {
        return argument;
    }
    masked = ss_arena_alloc(arena, end + 1 + sizeof MASK);
    if (end) {
        memcpy(masked, mechanism.data, end);
    }
    masked[end] = ' ';
    memcpy(masked + end + 1, MASK, sizeof MASK - 1);
    return ss_slice(masked, end + sizeof MASK);
}

/* --- what a server says again --- */

#define SECRET_MIN 4 /* a shorter one stands in too many words */

/* How many bytes at the end of `text`, which was cut there, may be the beginning of `secret`. */
static size_t
begun_at_end(SsSlice text, SsSlice secret)
{
    size_t n = MIN(text.len, secret.len);

    while (n >= SECRET_MIN && memcmp(text.data + text.len - n, secret.data, n) != 0) {
        n--;
    }
    return n >= SECRET_MIN ? n : 0;
}

/* `text` with every `secret` in it masked; in `arena` where there was one. */
static SsSlice
mask_in(SsArena *arena, SsSlice text, SsSlice secret)
{
    uint8_t *masked = NULL;
    size_t len = 0, from = 0;

    for (size_t at = 0; secret.len >= SECRET_MIN && at + secret.len <= text.len; at++) {
        if (memcmp(text.data + at, secret.data, secret.len) != 0) {
            continue;
        }
        if (!masked) { /* a mask may be longer than what it covers */
            masked = ss_arena_alloc(arena, text.len * sizeof MASK / SECRET_MIN + sizeof MASK);
        }
        memcpy(masked + len, text.data + from, at - from);
        len += at - from;
        memcpy(masked + len, MASK, sizeof MASK - 1);
        len += sizeof MASK - 1;
        from = at + secret.len;
        at = from - 1;
    }
    if (!masked) {
        return text;
    }
    if (from < text.len) {
        memcpy(masked + len, text.data + from, text.len - from);
        len += text.len - from;
    }
    return ss_slice(masked, len);
}

static SsSlice
mask_line(SsArena *arena, SsSlice line, SsSlice secret, bool is_cut)
{
    SsSlice masked = mask_in(arena, line, secret);
    size_t n = is_cut ? begun_at_end(masked, secret) : 0;

    return n ? mask_in(arena, masked, ss_slice_sub(secret, 0, n)) : masked;
}

void
ss_auth_mask_reply(SsSmtp *smtp, SsReply *reply, SsArena *arena)
{
    SsSlice *lines = reply->lines.items;
    SsEventAuth read = {.secret_kind = -1};
    const SsAuth *auth = smtp->auth;
    const SsSlice *steps = auth ? auth->steps.items : NULL;
    bool is_login = auth && ss_slice_eq(auth->mechanism, SS_SLICE("LOGIN"));
    SsSlice masked = smtp->extra ? smtp->extra->masked : SS_SLICE_NULL;

    if (smtp->factory->options.show_secrets || (!auth && ss_slice_is_null(masked))) {
        return;
    }
    ss_tcp_note_secret(smtp, SS_SERVER);
    if (auth) {
        read_exchange(auth, arena, &read);
    }
    for (size_t i = 0; i < reply->lines.n; i++) {
        bool is_cut = ss_reply_is_line_cut(reply, i);
        lines[i] = mask_line(arena, lines[i], masked, is_cut);
        lines[i] = mask_line(arena, lines[i], read.secret, is_cut);
        /* LOGIN's first step is the user's name. */
        for (size_t step = is_login ? 1 : 0; auth && step < auth->steps.n; step++) {
            lines[i] = mask_line(arena, lines[i], steps[step], is_cut);
        }
    }
}

/* One word of base64, as a step of an exchange that was not recognised would be. */
bool
ss_auth_looks_like_step(SsSlice text)
{
    SsSlice line = ss_slice_trim(text);
    size_t padding = 0;

    if (line.len < 8 || line.len % 4 != 0) {
        return false;
    }
    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        if (c == '=') {
            padding++;
        } else if (padding ||
                   !(ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c == '+' || c == '/')) {
            return false;
        }
    }
    return padding <= 2;
}
