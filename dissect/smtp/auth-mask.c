/*
 * What of a login may be shown: of command lines all but the mechanism; of what a server says, all
 * but what the client kept secret, as it is, in base64 or in hex, alone or within something longer.
 */
#include "dissect/smtp/base64.h"
#include "dissect/smtp/session.h"

/* --- command lines --- */

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
    bool is_auth = command->verb->id == SS_VERB_AUTH;
    bool is_login = is_auth || is_login_verb(command->name);
    size_t end = MIN(ss_slice_index(argument, ' '), ss_slice_index(argument, '\t'));
    SsSlice mechanism = ss_slice_sub(argument, 0, end);
    SsSlice initial = ss_slice_trim(ss_slice_from(argument, end));
    uint8_t *masked;

    if (smtp->factory->options.show_secrets || ss_slice_is_null(argument)) {
        return argument;
    }
    if (is_login && !ss_auth_is_mechanism(mechanism, is_auth)) {
        return SS_SLICE(SS_AUTH_MASK);
    }
    if (!initial.len) {
        return ss_auth_looks_like_step(argument) && !is_login ? SS_SLICE(SS_AUTH_MASK) : argument;
    }
    if (!is_login && !ss_sasl_is_known(mechanism) && !ss_auth_looks_like_step(initial)) {
        return argument;
    }
    masked = ss_arena_alloc(arena, end + 1 + sizeof SS_AUTH_MASK);
    if (end) {
        memcpy(masked, mechanism.data, end);
    }
    masked[end] = ' ';
    memcpy(masked + end + 1, SS_AUTH_MASK, sizeof SS_AUTH_MASK - 1);
    return ss_slice(masked, end + sizeof SS_AUTH_MASK);
}

/* One word of base64, as a step of an exchange that was not recognised would be; not what a filter
 * writes over STARTTLS, which is no secret. */
bool
ss_auth_looks_like_step(SsSlice text)
{
    SsSlice line = ss_slice_trim(text);
    size_t padding = 0;

    if (line.len < 8 || line.len % 4 != 0 || ss_slice_eq_nocase(line, SS_SLICE("XXXXXXXX"))) {
        return false;
    }
    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        if (c == '=') {
            padding++;
        } else if (padding || ss_base64_value(c) < 0 || c == '-' || c == '_') {
            return false;
        }
    }
    return padding <= 2;
}

/* --- what is looked for --- */

#define SHORT 4     /* a shorter one counts as a word of its own only */
#define COMPARED 32 /* so much of one is enough to know it by */
#define NEEDLES_MAX 64

typedef struct {
    SsSlice items[NEEDLES_MAX];
    size_t n;
} Needles;

static void
add(Needles *needles, SsSlice secret)
{
    if (secret.len && needles->n < NEEDLES_MAX) {
        needles->items[needles->n++] = secret;
    }
}

typedef bool (*IsEdge)(uint8_t c);

static bool
is_blank_or_control(uint8_t c)
{
    return c <= ' ';
}

/* What parts a token, or the responses of NTLM. */
static bool
is_dot_or_colon(uint8_t c)
{
    return c == '.' || c == ':';
}

/* Each part of at least `least` bytes between edges, from the `skip`th on. */
static void
add_parts(Needles *needles, SsSlice text, IsEdge is_edge, size_t least, size_t skip)
{
    for (size_t from = 0; from < text.len;) {
        size_t end = from;
        while (end < text.len && !is_edge(text.data[end])) {
            end++;
        }
        if (end > from && skip) {
            skip--;
        } else if (end - from >= least) {
            add(needles, ss_slice_sub(text, from, end - from));
        }
        from = end + 1;
    }
}

/* What base64 says, word by word. */
static void
add_decoded(Needles *needles, SsArena *arena, SsSlice text)
{
    SsSlice bytes;

    if (ss_base64_decode(arena, text, &bytes)) {
        add_parts(needles, bytes, is_blank_or_control, 1, 0);
    }
}

static bool
is_hex(SsSlice text)
{
    size_t n = 0;

    while (n < text.len && g_ascii_isxdigit(text.data[n])) {
        n++;
    }
    return n == text.len;
}

static size_t
undo_hex(SsSlice text, uint8_t *to)
{
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        to[i / 2] = (uint8_t)(g_ascii_xdigit_value((char)text.data[i]) << 4 |
                              g_ascii_xdigit_value((char)text.data[i + 1]));
    }
    return text.len / 2;
}

/* A server may say only a part of it again, or the bytes that stand in it in hex or base64. */
static void
add_secret(Needles *needles, SsArena *arena, const SsSaslLogin *login)
{
    size_t first = needles->n, last;

    add(needles, login->secret);
    if (login->secret_kind != SS_SECRET_PASSWORD) {
        add_parts(needles, login->secret, is_dot_or_colon, 8, 0);
    }
    last = needles->n;
    for (size_t i = first; i < last && login->secret_kind == SS_SECRET_HASH; i++) {
        SsSlice text = needles->items[i];
        uint8_t *bytes = ss_arena_alloc(arena, text.len / 2 + 1);
        if (is_hex(text)) {
            add(needles, ss_slice(bytes, undo_hex(text, bytes)));
        } else {
            add_decoded(needles, arena, text);
        }
    }
}

/* Whether it is no more than the name that LOGIN begins with. */
static bool
is_name_of_login(const SsAuth *auth, const SsSaslLogin *login, SsArena *arena, SsSlice said)
{
    SsSlice bytes;

    return ss_slice_eq(auth->mechanism, SS_SLICE("LOGIN")) && login->username.len &&
           (ss_slice_eq(said, login->username) ||
            (ss_base64_decode(arena, said, &bytes) && ss_slice_eq(bytes, login->username)));
}

static void
add_exchange(Needles *needles, SsArena *arena, const SsAuth *auth, const SsSaslLogin *login)
{
    const SsSaslTurn *turns = auth->turns.items;
    bool is_read = ss_sasl_is_read(auth->mechanism);

    add_secret(needles, arena, login);
    for (size_t i = 0; i < auth->turns.n; i++) {
        SsSlice said = turns[i].said;
        if (said.len && !is_name_of_login(auth, login, arena, said)) {
            add(needles, said);
            if (ss_slice_index(said, ' ') < said.len) {
                add_parts(needles, said, is_blank_or_control, 1, 0);
            }
            if (!is_read) {
                add_decoded(needles, arena, said);
            }
        }
    }
}

/* The last command, where it was masked: all behind its verb, and what that says. */
static void
add_command(Needles *needles, SsArena *arena, SsSlice masked)
{
    bool has_words = ss_slice_index(masked, ' ') < masked.len;
    size_t first = 0, last;

    add(needles, masked);
    if (has_words) {
        first = needles->n;
        add_parts(needles, masked, is_blank_or_control, 1, 1);
    }
    last = needles->n;
    for (size_t i = first; i < last; i++) {
        add_decoded(needles, arena, needles->items[i]);
    }
}

/* --- where it stands --- */

static bool
is_word_byte(SsSlice text, size_t at)
{
    return at < text.len && (ss_ascii_is_alpha(text.data[at]) || ss_ascii_is_digit(text.data[at]));
}

/* How much of `text` at `at` is `needle`, 0 for none: what follows its beginning may differ. */
static size_t
length_at(SsSlice text, size_t at, SsSlice needle)
{
    size_t most = MIN(needle.len, text.len - at), len = MIN(needle.len, COMPARED);

    if (len > most || memcmp(text.data + at, needle.data, len) != 0) {
        return 0;
    }
    if (needle.len < SHORT &&
        (is_word_byte(text, at + len) || (at > 0 && is_word_byte(text, at - 1)))) {
        return 0;
    }
    while (len < most && text.data[at + len] == needle.data[len]) {
        len++;
    }
    return len;
}

/* Where `needle` stands next, from `at` on; `text.len` for nowhere. */
static size_t
find(SsSlice text, size_t at, SsSlice needle, size_t *ret_len)
{
    for (; at < text.len; at++) {
        at += ss_slice_index(ss_slice_from(text, at), needle.data[0]);
        *ret_len = at < text.len ? length_at(text, at, needle) : 0;
        if (*ret_len) {
            return at;
        }
    }
    return text.len;
}

static bool
has_any(SsSlice text, const Needles *needles)
{
    size_t len;

    for (size_t i = 0; i < needles->n; i++) {
        if (find(text, 0, needles->items[i], &len) < text.len) {
            return true;
        }
    }
    return false;
}

/* Whether a run of base64 or hex has a secret in it, wherever it begins. */
static bool
run_has_any(SsSlice run, const Needles *needles, bool is_hex, uint8_t *room)
{
    for (size_t skip = 0; skip < (is_hex ? 2u : 4u) && skip < run.len; skip++) {
        SsSlice text = ss_slice_from(run, skip);
        size_t len = is_hex ? undo_hex(text, room) : ss_base64_undo(text, room);
        if (has_any(ss_slice(room, len), needles)) {
            return true;
        }
    }
    return false;
}

static void
mark_runs(SsSlice line, const Needles *needles, bool is_hex, uint8_t *room, uint8_t *marks)
{
    for (size_t from = 0; from < line.len;) {
        size_t end = from;
        while (end < line.len &&
               (is_hex ? g_ascii_isxdigit(line.data[end]) : ss_base64_value(line.data[end]) >= 0)) {
            end++;
        }
        if (end - from >= 4 &&
            run_has_any(ss_slice_sub(line, from, end - from), needles, is_hex, room)) {
            while (!is_hex && end < line.len && line.data[end] == '=') {
                end++;
            }
            memset(marks + from, 1, end - from);
        }
        from = end + 1;
    }
}

/* How many bytes at the end of `text`, which was cut there, may be the beginning of `secret`. */
static size_t
begun_at_end(SsSlice text, SsSlice secret)
{
    size_t n = MIN(text.len, secret.len);

    while (n >= SHORT && memcmp(text.data + text.len - n, secret.data, n) != 0) {
        n--;
    }
    return n >= SHORT ? n : 0;
}

static void
mark_plain(SsSlice line, SsSlice needle, bool is_cut, uint8_t *marks)
{
    size_t len = 0, n = is_cut ? begun_at_end(line, needle) : 0;

    for (size_t at = find(line, 0, needle, &len); at < line.len;
         at = find(line, at + len, needle, &len)) {
        memset(marks + at, 1, len);
    }
    memset(marks + line.len - n, 1, n);
}

/* --- masked --- */

static SsSlice
replace_marked(SsArena *arena, SsSlice line, const uint8_t *marks)
{
    const size_t mask = sizeof SS_AUTH_MASK - 1;
    size_t n_runs = 0, len = 0;
    uint8_t *masked;

    for (size_t i = 0; i < line.len; i++) {
        n_runs += marks[i] && (i == 0 || !marks[i - 1]);
    }
    if (!n_runs) {
        return line;
    }
    masked = ss_arena_alloc(arena, line.len + n_runs * mask);
    for (size_t i = 0; i < line.len; i++) {
        if (!marks[i]) {
            masked[len++] = line.data[i];
        } else if (i == 0 || !marks[i - 1]) {
            memcpy(masked + len, SS_AUTH_MASK, mask);
            len += mask;
        }
    }
    return ss_slice(masked, len);
}

static SsSlice
mask_line(SsArena *arena, SsSlice line, const Needles *needles, bool is_cut)
{
    uint8_t *marks, *room;

    if (!needles->n || !line.len) {
        return line;
    }
    marks = ss_arena_alloc(arena, line.len);
    room = ss_arena_alloc(arena, line.len);
    for (size_t i = 0; i < needles->n; i++) {
        mark_plain(line, needles->items[i], is_cut, marks);
    }
    mark_runs(line, needles, false, room, marks);
    mark_runs(line, needles, true, room, marks);
    return replace_marked(arena, line, marks);
}

void
ss_auth_mask_reply(SsSmtp *smtp, SsReply *reply, SsArena *arena)
{
    SsSlice *lines = reply->lines.items;
    const SsAuth *auth = smtp->auth;
    SsSlice masked = smtp->extra ? smtp->extra->masked : SS_SLICE_NULL;
    Needles needles = {.n = 0};

    if (smtp->factory->options.show_secrets || (!auth && ss_slice_is_null(masked))) {
        return;
    }
    ss_tcp_note_secret(smtp, SS_SERVER);
    add_command(&needles, arena, masked);
    if (auth) {
        SsSaslLogin login = ss_auth_read(auth, reply, arena);
        add_exchange(&needles, arena, auth, &login);
    }
    for (size_t i = 0; i < reply->lines.n; i++) {
        lines[i] = mask_line(arena, lines[i], &needles, ss_reply_is_line_cut(reply, i));
    }
}

SsSlice
ss_auth_mask_text(const SsSmtp *smtp, const SsAuth *auth, const SsSaslLogin *login, SsArena *arena,
                  SsSlice text)
{
    Needles needles = {.n = 0};

    if (smtp->factory->options.show_secrets) {
        return text;
    }
    add_exchange(&needles, arena, auth, login);
    return mask_line(arena, text, &needles, false);
}
