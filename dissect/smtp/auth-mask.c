/*
 * What of a login may be shown: of command lines all but the mechanism; of what a server says, all
 * but what the client kept secret, in either case, as it is, in base64, in hex, with escapes or in
 * UTF-16, alone or within something longer. Where more was said than is kept, nothing.
 */
#include "dissect/smtp/base64.h"
#include "dissect/smtp/reply-text.h"
#include "dissect/smtp/session.h"

/* All but its first `n` bytes. */
static SsSlice
mask_behind(SsArena *arena, SsSlice line, size_t n)
{
    const size_t mask = sizeof SS_AUTH_MASK - 1;
    uint8_t *masked = ss_arena_alloc(arena, n + mask);

    if (n) {
        memcpy(masked, line.data, n);
    }
    memcpy(masked + n, SS_AUTH_MASK, mask);
    return ss_slice(masked, n + mask);
}

/* --- command lines --- */

/* Verbs that are no SMTP and yet a login: `AUTH=PLAIN …`, `XAUTH …`, `PASS …`, `LOGIN …`. */
static bool
is_login_verb(SsSlice name)
{
    for (size_t i = 0; i < name.len; i++) {
        SsSlice rest = ss_slice_from(name, i);
        if (ss_slice_starts_nocase(rest, SS_SLICE("AUTH")) ||
            ss_slice_starts_nocase(rest, SS_SLICE("PASS")) ||
            ss_slice_starts_nocase(rest, SS_SLICE("LOGIN"))) {
            return true;
        }
    }
    return false;
}

/* CR ends no line, and yet a client may mean it so: what follows one may be a login. */
SsSlice
ss_auth_mask_behind_cr(const SsSmtp *smtp, SsArena *arena, SsSlice argument)
{
    if (smtp->factory->options.show_secrets) {
        return argument;
    }
    for (size_t at = ss_slice_index(argument, '\r'); at < argument.len;
         at += 1 + ss_slice_index(ss_slice_from(argument, at + 1), '\r')) {
        SsCommandLine command = ss_command_parse(ss_slice_from(argument, at + 1));
        if (is_login_verb(command.name)) {
            return mask_behind(arena, argument, at + 1);
        }
    }
    return argument;
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
    return mask_behind(arena, argument, end + 1);
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
    SsArena *arena;
    SsSlice items[NEEDLES_MAX]; /* in lower case */
    size_t n;
    bool is_over; /* there are more */
} Needles;

static void
fold(uint8_t *to, SsSlice text)
{
    for (size_t i = 0; i < text.len; i++) {
        to[i] = ss_ascii_lower(text.data[i]);
    }
}

static void
add(Needles *needles, SsSlice secret)
{
    uint8_t *folded;

    if (secret.len && needles->n == NEEDLES_MAX) {
        needles->is_over = true;
    } else if (secret.len) {
        folded = ss_arena_alloc(needles->arena, secret.len);
        fold(folded, secret);
        needles->items[needles->n++] = ss_slice(folded, secret.len);
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

static bool
is_not_printable(uint8_t c)
{
    return c < ' ' || c >= 0x7f;
}

/* What parts words; of other bytes that are no text there are a few, or it is none. */
static bool
is_binary(SsSlice bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        n += is_not_printable(bytes.data[i]);
    }
    return n > 8 && n > bytes.len / 8;
}

/* What base64 says, word by word. */
static void
add_decoded(Needles *needles, SsSlice text)
{
    SsSlice bytes;

    if (!ss_base64_decode(needles->arena, text, &bytes)) {
        return;
    }
    add(needles, bytes);
    if (is_binary(bytes)) {
        add_parts(needles, bytes, is_not_printable, 8, 0);
    } else {
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
add_hash(Needles *needles, SsSlice text)
{
    uint8_t *bytes = ss_arena_alloc(needles->arena, text.len / 2 + 1);

    if (is_hex(text)) {
        add(needles, ss_slice(bytes, undo_hex(text, bytes)));
    } else {
        add_decoded(needles, text);
    }
}

static void
add_secret(Needles *needles, const SsSaslLogin *login)
{
    SsSlice secret = login->secret;

    add(needles, secret);
    if (login->secret_kind != SS_SECRET_PASSWORD) {
        add_parts(needles, secret, is_dot_or_colon, 8, 0);
    }
    if (login->secret_kind == SS_SECRET_HASH) {
        size_t colon = ss_slice_index(secret, ':'); /* parts the responses of NTLM */
        add_hash(needles, ss_slice_sub(secret, 0, colon));
        add_hash(needles, ss_slice_from(secret, colon + 1));
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
add_exchange(Needles *needles, const SsAuth *auth, const SsSaslLogin *login)
{
    const SsSaslTurn *turns = auth->turns.items;
    bool is_read = ss_sasl_is_read(auth->mechanism);

    needles->is_over |= auth->turns.total > auth->turns.n;
    add_secret(needles, login);
    for (size_t i = 0; i < auth->turns.n; i++) {
        SsSlice said = turns[i].said;
        needles->is_over |= ss_auth_is_cut(said);
        if (said.len && !is_name_of_login(auth, login, needles->arena, said)) {
            add(needles, said);
            if (ss_slice_index(said, ' ') < said.len) {
                add_parts(needles, said, is_blank_or_control, 1, 0);
            }
            if (!is_read) {
                add_decoded(needles, said);
            }
        }
    }
}

/* A command that was masked: all behind its verb, and what that says. */
static void
add_command(Needles *needles, SsSlice line)
{
    SsSlice rest = ss_slice_trim(ss_slice_from(line, ss_slice_index(line, ' ')));

    add(needles, line);
    add_parts(needles, line, is_blank_or_control, 1, 1);
    if (!rest.len) {
        add_decoded(needles, line);
    }
    while (rest.len) {
        size_t end = ss_slice_index(rest, ' ');
        add_decoded(needles, ss_slice_sub(rest, 0, end));
        rest = ss_slice_trim(ss_slice_from(rest, end));
    }
}

/* Those that may not have been answered yet. */
static void
add_commands(Needles *needles, const SsSmtp *smtp)
{
    SsSlice lines = smtp->extra ? smtp->extra->masked : SS_SLICE_NULL;

    needles->is_over |= lines.len + 1 >= SS_MASKED_MAX;
    while (lines.len) {
        size_t end = ss_slice_index(lines, '\n');
        add_command(needles, ss_slice_sub(lines, 0, end));
        lines = ss_slice_from(lines, end + 1);
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
        fold(room, ss_slice(room, len));
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
mark_plain(SsSlice folded, const Needles *needles, bool is_cut, uint8_t *marks)
{
    for (size_t i = 0; i < needles->n; i++) {
        SsSlice needle = needles->items[i];
        size_t len = 0, n = is_cut ? begun_at_end(folded, needle) : 0;

        for (size_t at = find(folded, 0, needle, &len); at < folded.len;
             at = find(folded, at + len, needle, &len)) {
            memset(marks + at, 1, len);
        }
        memset(marks + folded.len - n, 1, n);
    }
}

/* What it says without percent-encoding, quoted-printable and the zeros of UTF-16, and where each
 * byte of that begins. */
static size_t
undo_escapes(SsSlice line, uint8_t *to, size_t *begins)
{
    size_t len = 0;

    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        if (!c) {
            continue;
        }
        begins[len] = i;
        if ((c == '%' || c == '=') && i + 2 < line.len && g_ascii_isxdigit(line.data[i + 1]) &&
            g_ascii_isxdigit(line.data[i + 2])) {
            (void)undo_hex(ss_slice_sub(line, i + 1, 2), &c);
            i += 2;
        }
        to[len++] = ss_ascii_lower(c);
    }
    begins[len] = line.len;
    return len;
}

static void
mark_escaped(SsArena *arena, SsSlice line, const Needles *needles, uint8_t *room, uint8_t *marks)
{
    size_t *begins;
    SsSlice undone;

    if (!memchr(line.data, '%', line.len) && !memchr(line.data, '=', line.len) &&
        !memchr(line.data, '\0', line.len)) {
        return;
    }
    begins = ss_arena_alloc(arena, (line.len + 1) * sizeof *begins);
    undone = ss_slice(room, undo_escapes(line, room, begins));
    for (size_t i = 0; i < needles->n; i++) {
        size_t len = 0;
        for (size_t at = find(undone, 0, needles->items[i], &len); at < undone.len;
             at = find(undone, at + len, needles->items[i], &len)) {
            memset(marks + begins[at], 1, begins[at + len] - begins[at]);
        }
    }
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
    fold(room, line);
    mark_plain(ss_slice(room, line.len), needles, is_cut, marks);
    mark_escaped(arena, line, needles, room, marks);
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
    Needles needles = {.arena = arena};

    if (smtp->factory->options.show_secrets || (!auth && ss_slice_is_null(masked))) {
        return;
    }
    ss_tcp_note_secret(smtp, SS_SERVER);
    add_commands(&needles, smtp);
    if (auth) {
        SsSaslLogin login = ss_auth_read(auth, reply, arena);
        add_exchange(&needles, auth, &login);
    }
    for (size_t i = 0; i < reply->lines.n; i++) {
        size_t n = needles.is_over ? ss_enhanced_length(lines[i], reply->code) : 0;
        if (needles.is_over && lines[i].len > n) {
            lines[i] = mask_behind(arena, lines[i], n + (n > 0));
        } else {
            lines[i] = mask_line(arena, lines[i], &needles, ss_reply_is_line_cut(reply, i));
        }
    }
}

SsSlice
ss_auth_mask_text(const SsSmtp *smtp, const SsAuth *auth, const SsSaslLogin *login, SsArena *arena,
                  SsSlice text)
{
    Needles needles = {.arena = arena};

    if (smtp->factory->options.show_secrets) {
        return text;
    }
    add_exchange(&needles, auth, login);
    return needles.is_over && text.len ? mask_behind(arena, text, 0)
                                       : mask_line(arena, text, &needles, false);
}
