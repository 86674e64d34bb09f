/*
 * The client's parser: which of its bytes are lines of commands (command.c), steps of AUTH
 * (auth.c), or content (client-content.c).
 *
 * What the bytes behind DATA, AUTH and STARTTLS mean is the server's to say, so they are held until
 * its reply. Where no reply can come (it was lost, or that direction was not captured) the bytes
 * themselves decide.
 */
#include "dissect/smtp/order.h"
#include "dissect/smtp/session.h"
#include "dissect/smtp/span.h"

SsTransaction *
ss_client_transaction(SsSmtp *smtp)
{
    return ss_transaction_get(smtp, smtp->client.transaction);
}

/* --- lines --- */

/* What a line says of the protocol, while that is not known. False: the line is to be passed over.
 */
static bool
recognise_by_line(SsSmtp *smtp, SsSlice line)
{
    SsVerbId id = ss_command_parse(line).verb->id;
    bool is_hello = id == SS_VERB_EHLO || id == SS_VERB_HELO || id == SS_VERB_LHLO;
    /* AUTH is a command of POP3 and of IMAP's kin too, and so is QUIT. */
    bool is_sure = is_hello || (id != SS_VERB_AUTH && ss_command_is_sure(line) &&
                                ss_slice_is_null(ss_prelude_server_protocol(smtp)));

    if (smtp->connection->on_server_port
            ? is_sure
            : is_hello || (is_sure && smtp->speech != SS_SPEECH_UNKNOWN)) {
        ss_smtp_recognise(smtp);
        return true;
    }
    if (!smtp->connection->on_server_port) {
        ss_smtp_refuse(smtp);
    }
    return false;
}

static void
take_step(SsSmtp *smtp, const SsLine *whole)
{
    static const SsVerb auth = {SS_SLICE_INIT("AUTH"), SS_VERB_AUTH, "", true, ""};
    SsSlice line = whole->text;
    const SsOrigin *origin = &whole->last;
    bool is_abort = ss_slice_eq(line, SS_SLICE("*"));
    SsSlice shown = smtp->factory->options.show_secrets || is_abort ? line : SS_SLICE(SS_AUTH_MASK);

    ss_tcp_note_secret(smtp, SS_CLIENT);
    ss_span_step(smtp, whole, shown);
    ss_command_emit(smtp, auth.name, shown, origin);
    ss_auth_step(smtp, line, origin);
    ss_ledger_push(smtp, SS_PENDING_STEP, &auth, auth.name, origin);
    ss_client_wait(smtp, SS_WAIT_AUTH);
}

static void
pass_over(SsSmtp *smtp, uint64_t size)
{
    smtp->client.passed_over += size;
    ss_tcp_note_secret(smtp, SS_CLIENT); /* nobody knows what it was */
}

static void
pass_over_line(SsSmtp *smtp, const SsLine *line)
{
    SsCommandLine command = ss_command_parse(line->text);
    SsArena arena = {0};

    if (smtp->connection->on_server_port &&
        ss_auth_mask_argument(smtp, &arena, &command).data != command.argument.data) {
        ss_smtp_add_masked(smtp, ss_slice_trim(line->text));
    }
    ss_arena_clear(&arena);
    pass_over(smtp, line->size);
    ss_span_passed(smtp, line);
    smtp->client.is_behind_gap = false;
}

/* Whether a line that is no command may be the rest of a login: one that failed, that the server
 * ended while the client had sent more, or that another reading has cut. */
static bool
may_be_rest(const SsSmtp *smtp)
{
    return smtp->is_login_broken || smtp->client.is_contested ||
           (smtp->client.is_held_line && smtp->client.wait == SS_WAIT_AUTH);
}

/* Of a line with its end, CR and NUL before that are none of the command. */
static SsLine
without_odd_end(const SsLine *whole)
{
    SsLine line = *whole;

    while (
        line.text.len && !line.is_cut && !line.dropped &&
        (line.text.data[line.text.len - 1] == '\r' || line.text.data[line.text.len - 1] == '\0')) {
        line.text.len--;
    }
    return line;
}

/*
 * What may be shown of a command's argument, and its name where that is hidden too. Gives what the
 * server may say again, the steps of AUTH apart.
 */
static SsSlice
mask(SsSmtp *smtp, SsArena *arena, SsSlice line, SsCommandLine *command, SsSlice *ret_shown)
{
    SsVerbId id = command->verb->id;
    SsSlice argument;

    if (id == SS_VERB_UNKNOWN && !smtp->factory->options.show_secrets &&
        (may_be_rest(smtp) || ss_auth_looks_like_step(line))) {
        /* a step of an AUTH that was not understood */
        command->name = SS_SLICE(SS_AUTH_MASK);
        command->argument = *ret_shown = SS_SLICE_NULL;
        return ss_slice_trim(line);
    }
    argument = command->argument;
    if (id == SS_VERB_AUTH || id == SS_VERB_UNKNOWN) {
        *ret_shown = ss_auth_mask_argument(smtp, arena, command);
    } else if (id == SS_VERB_BURL) {
        *ret_shown = ss_burl_mask(smtp, arena, argument);
    } else {
        command->argument = *ret_shown = ss_auth_mask_behind_cr(smtp, arena, argument);
    }
    if (id == SS_VERB_AUTH || ret_shown->data == argument.data) {
        return SS_SLICE_NULL;
    }
    return id == SS_VERB_BURL ? ss_burl_secret(argument) : ss_slice_trim(line);
}

static void
take_line(SsSmtp *smtp, const SsLine *whole)
{
    const SsLine cleaned = without_odd_end(whole), *line = &cleaned;
    SsClientParser *client = &smtp->client;
    SsCommandLine command;
    SsArena arena = {0};
    SsSlice shown, secret;

    if (smtp->speech != SS_SPEECH_SMTP && !recognise_by_line(smtp, line->text)) {
        pass_over_line(smtp, line);
        return;
    }
    if (line->dropped) {
        ss_smtp_limit(smtp, SS_LIMIT_LINE, SS_CLIENT, line->dropped, &line->last);
    }
    if (client->mode == SS_CLIENT_AUTH) {
        ss_line_note_bare(smtp, SS_CLIENT, whole);
        ss_line_note_step(smtp, line);
        take_step(smtp, line);
        return;
    }
    if (client->mode == SS_CLIENT_LOST) {
        if (!ss_command_is_sure(line->text)) {
            pass_over_line(smtp, line);
            return;
        }
        client->mode = SS_CLIENT_COMMANDS;
        client->is_behind_gap = false;
    }
    if (client->passed_over) {
        ss_smtp_note(smtp, SS_NOTE_RESYNC, SS_CLIENT, client->passed_over, &line->first);
        client->passed_over = 0;
    }
    command = ss_command_parse(line->text);
    command.is_cut = line->is_cut;
    smtp->is_login_broken = smtp->is_login_broken && command.verb->id == SS_VERB_UNKNOWN;
    client->is_contested = client->is_contested && command.verb->id == SS_VERB_UNKNOWN;
    secret = mask(smtp, &arena, line->text, &command, &shown);
    if (smtp->extra && !smtp->ledger.head) {
        ss_smtp_forget_masked(smtp); /* all have been answered */
    }
    if (secret.len) {
        ss_smtp_add_masked(smtp, secret); /* the server may say it again */
    }
    if (secret.len || command.verb->id == SS_VERB_AUTH) {
        ss_tcp_note_secret(smtp, SS_CLIENT);
    }
    ss_span_command(smtp, line, &command, shown);
    ss_command_emit(smtp, command.name, shown, &line->last);
    ss_order_command(smtp, &command, shown, &line->last);
    ss_line_note_bare(smtp, SS_CLIENT, whole);
    ss_line_note_command(smtp, line, &command);
    ss_syntax_line(smtp, line, &command);
    ss_command_take(smtp, &command, &line->last);
    ss_arena_clear(&arena); /* a masked argument lay in it */
}

/*
 * CR ends no line (RFC 5321 section 2.3.8), but a reply to a command that has no other end is
 * evidence that the server took it for one.
 */
void
ss_client_take_cr_lines(SsSmtp *smtp)
{
    SsClientParser *client = &smtp->client;
    g_autofree uint8_t *copy = NULL;
    SsSlice text;
    SsLine line;

    if (client->mode != SS_CLIENT_COMMANDS || smtp->ledger.head ||
        !ss_line_cut(&client->line, &line) || line.is_cut || line.dropped) {
        return;
    }
    text = ss_line_begun(&client->line);
    copy = g_memdup2(text.data, text.len);
    text.data = copy;
    ss_line_reset(&client->line);
    while (text.len && client->mode == SS_CLIENT_COMMANDS) {
        SsSlice one = ss_slice_sub(text, 0, ss_slice_index(text, '\r') + 1);
        text = ss_slice_from(text, one.len);
        line.text = one;
        line.size = one.len;
        take_line(smtp, &line);
    }
}

/* Whether a line without its end says what it is. Content behind it could not be counted. */
static bool
is_cut_command(const SsLine *line)
{
    SsCommandLine command = ss_command_parse(line->text);
    const uint8_t *end = line->text.data + line->text.len;

    switch (command.verb->id) {
    case SS_VERB_UNKNOWN:
    case SS_VERB_DATA:
    case SS_VERB_BDAT:
    case SS_VERB_BURL:
    case SS_VERB_XEXCH50:
        return false;
    case SS_VERB_STARTTLS:
    case SS_VERB_RSET:
    case SS_VERB_QUIT:
        return !line->is_cut; /* nothing but CR follows them */
    default:
        return !line->is_cut || command.name.data + command.name.len < end;
    }
}

/* A hole follows: what has come of a line is read, as far as it goes. */
static void
take_cut_line(SsSmtp *smtp)
{
    SsClientParser *client = &smtp->client;
    SsLine line;

    if ((client->mode != SS_CLIENT_COMMANDS && client->mode != SS_CLIENT_LOST) ||
        !ss_line_cut(&client->line, &line) || !is_cut_command(&line) ||
        (client->mode == SS_CLIENT_LOST && !ss_command_is_sure(line.text))) {
        return;
    }
    take_line(smtp, &line);
    ss_line_reset(&client->line);
}

/* --- bytes --- */

/* TLS records begin with a byte that no command begins with (RFC 8446 section 5.1). */
static bool
is_tls_start(const SsSmtp *smtp, uint8_t byte)
{
    bool is_in_content = smtp->client.mode == SS_CLIENT_DATA ||
                         smtp->client.mode == SS_CLIENT_BDAT || smtp->client.mode == SS_CLIENT_BLOB;

    if (smtp->starttls_agreed) { /* at once, or behind what was sent in the clear all the same */
        return !is_in_content && !ss_line_is_open(&smtp->client.line) && ss_tls_is_handshake(byte);
    }
    return smtp->speech == SS_SPEECH_UNKNOWN && !ss_line_is_open(&smtp->client.line) &&
           !smtp->client.passed_over && byte >= 0x14 && byte <= 0x17;
}

static void
consume(SsSmtp *smtp, SsSlice *in, const SsOrigin *origin)
{
    SsClientParser *client = &smtp->client;

    while (in->len && client->mode != SS_CLIENT_WAIT && smtp->speech != SS_SPEECH_OTHER) {
        SsLine line;
        size_t left = in->len;

        if (is_tls_start(smtp, in->data[0])) {
            ss_smtp_start_tls(
                smtp, smtp->starttls_agreed ? SS_SECURITY_STARTTLS : SS_SECURITY_SMTPS, origin);
        }
        switch (client->mode) {
        case SS_CLIENT_DATA:
            ss_client_take_data(smtp, in, origin);
            break;
        case SS_CLIENT_BDAT:
            ss_client_take_chunk(smtp, in, origin);
            break;
        case SS_CLIENT_BLOB:
            ss_client_take_blob(smtp, in, origin);
            break;
        case SS_CLIENT_TLS:
            ss_tls_set_offset(smtp->tls, SS_CLIENT, ss_span_offset(smtp, SS_CLIENT));
            ss_tls_data(smtp->tls, SS_CLIENT, *in, origin);
            *in = ss_slice_from(*in, in->len);
            ss_span_advance(smtp, SS_CLIENT, left);
            break;
        default: {
            bool is_whole =
                ss_line_take(&client->line, in, origin, smtp->factory->options.limits.line, &line);
            ss_span_advance(smtp, SS_CLIENT, left - in->len);
            if (is_whole) {
                take_line(smtp, &line);
                ss_line_done(&client->line);
            }
        }
        }
    }
}

static void do_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin);

/* Reads what is held, as far as it goes. `is_early`: it was sent before the reply it waited for. */
static void
pump(SsSmtp *smtp, bool is_early)
{
    SsClientParser *client = &smtp->client;
    SsHeld held;

    client->is_held_line = is_early;
    while (client->mode != SS_CLIENT_WAIT && ss_hold_peek(&client->hold, &held)) {
        if (held.gap) {
            take_cut_line(smtp);
            if (client->mode == SS_CLIENT_WAIT) {
                break;
            }
            ss_hold_take(&client->hold, 0);
            do_gap(smtp, held.gap, &held.origin);
        } else {
            SsSlice in = held.bytes;
            consume(smtp, &in, &held.origin);
            ss_hold_take(&client->hold, held.bytes.len - in.len);
            if (smtp->speech == SS_SPEECH_OTHER) {
                break;
            }
        }
    }
    client->is_held_line = false;
}

static void
resume(SsSmtp *smtp, SsClientMode mode, bool is_early)
{
    SsClientParser *client = &smtp->client;

    if (client->mode == SS_CLIENT_TLS) {
        return;
    }
    client->mode = (uint8_t)mode;
    if (mode == SS_CLIENT_DATA) {
        ss_transparency_init(&client->transparency);
        ss_line_reset(&client->line);
    }
    pump(smtp, is_early);
}

void
ss_client_resume(SsSmtp *smtp, SsClientMode mode)
{
    resume(smtp, mode, true);
}

/* --- where no reply will say --- */

/* Bytes that tell whether a line is a command beyond doubt; no more are looked at, and no fewer
 * where more may come, so that it is the same however the bytes were cut. */
#define SIGHT 512

/*
 * Whether the reply that is waited for can no more come: that direction was not captured, or was
 * lost, or too much is held already.
 */
static bool
is_reply_lost(const SsSmtp *smtp)
{
    const SsPending *last = smtp->ledger.tail;

    return smtp->is_closing || ss_smtp_is_one_way(smtp, SS_SERVER) || !last ||
           last->may_be_answered || ss_hold_size(&smtp->client.hold) > SS_HOLD_MAX;
}

#define BANNER_LEN 4

/* What a server begins with: who says so behind TURN is one now. */
static bool
is_banner(SsSlice front)
{
    return ss_slice_starts_nocase(front, SS_SLICE("220 ")) ||
           ss_slice_starts_nocase(front, SS_SLICE("220-"));
}

static void
decide_by_sight(SsSmtp *smtp)
{
    SsClientParser *client = &smtp->client;

    while (client->mode == SS_CLIENT_WAIT && !ss_hold_is_empty(&client->hold) &&
           is_reply_lost(smtp)) {
        SsSlice front = ss_slice_sub(ss_hold_front(&client->hold, SIGHT), 0, SIGHT);
        size_t end = ss_slice_index(front, '\n');
        bool may_go_on =
            !smtp->is_closing && front.len < SIGHT && !ss_hold_has_gap(&client->hold, SIGHT);
        bool is_command;

        if (end == front.len && may_go_on && ss_command_may_be_sure(front)) {
            return; /* too little to tell */
        }
        if (end > 0 && end < front.len && front.data[end - 1] == '\r') {
            end--;
        }
        is_command = ss_command_is_sure(ss_slice_sub(front, 0, end));
        if (client->wait == SS_WAIT_TURN && may_go_on && front.len < BANNER_LEN &&
            end == front.len) {
            return;
        }
        if (ss_hold_size(&client->hold) > SS_HOLD_MAX) {
            ss_smtp_limit(smtp, SS_LIMIT_HOLD, SS_CLIENT, 0, &smtp->connection->last);
        }
        ss_ledger_clear(smtp);
        if (client->wait == SS_WAIT_STARTTLS) {
            smtp->starttls_agreed = front.len && ss_tls_is_handshake(front.data[0]);
            resume(smtp, SS_CLIENT_COMMANDS, false);
        } else if (client->wait == SS_WAIT_DATA) {
            SsTransaction *transaction = is_command ? NULL : ss_client_transaction(smtp);
            if (transaction) {
                ss_transaction_begin_content(smtp, transaction, SS_TRANSFER_DATA);
            }
            resume(smtp, is_command ? SS_CLIENT_COMMANDS : SS_CLIENT_DATA, false);
        } else if (client->wait == SS_WAIT_TURN && is_banner(front)) {
            ss_smtp_turn(smtp, SS_SLICE_NULL, &smtp->connection->last);
        } else if (client->wait == SS_WAIT_TURN) {
            resume(smtp, SS_CLIENT_COMMANDS, false);
        } else if (client->wait == SS_WAIT_BLOB) {
            resume(smtp,
                   is_command ? SS_CLIENT_COMMANDS
                              : ss_client_begin_blob(smtp, &smtp->connection->last),
                   false);
        } else {
            if (is_command) {
                ss_auth_end(smtp, NULL, &smtp->connection->last);
            }
            resume(smtp, is_command ? SS_CLIENT_COMMANDS : SS_CLIENT_AUTH, false);
        }
    }
}

/* TLS has begun behind a command in the clear, whose reply will not come in the clear. */
static bool
is_tls_behind(const SsSmtp *smtp, uint8_t byte)
{
    return smtp->client.mode == SS_CLIENT_WAIT && smtp->starttls_agreed &&
           ss_hold_is_empty(&smtp->client.hold) && ss_tls_is_handshake(byte);
}

/* --- the joint's side --- */

void
ss_client_data(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin)
{
    SsClientParser *client = &smtp->client;

    if (client->mode == SS_CLIENT_COMMANDS && !smtp->connection->from_start &&
        smtp->speech == SS_SPEECH_UNKNOWN) {
        client->mode = SS_CLIENT_LOST; /* joined in the middle */
    }
    if (bytes.len && is_tls_behind(smtp, bytes.data[0])) {
        ss_smtp_start_tls(smtp, SS_SECURITY_STARTTLS, origin);
    }
    if (!smtp->has_spoken && bytes.len) {
        smtp->has_spoken = true;
        if (!smtp->gave_banner && !is_tls_start(smtp, bytes.data[0])) {
            ss_order_speaks(smtp, origin);
        }
    }
    if (ss_hold_is_empty(&client->hold)) {
        ss_span_set_offset(smtp, SS_CLIENT, ss_smtp_stream_end(smtp, SS_CLIENT) - bytes.len);
        consume(smtp, &bytes, origin);
    }
    if (bytes.len && smtp->speech != SS_SPEECH_OTHER) {
        ss_hold_push(&client->hold, bytes, origin);
        decide_by_sight(smtp);
    }
}

static void
do_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin)
{
    SsClientParser *client = &smtp->client;
    SsTransaction *transaction = ss_client_transaction(smtp);
    uint64_t of_chunk;

    client->is_gapped = true;
    ss_order_lost(smtp);
    ss_span_advance(smtp, SS_CLIENT, n);
    switch (client->mode) {
    case SS_CLIENT_DATA:
        if (transaction) {
            ss_transaction_content_gap(transaction, n);
        }
        ss_transparency_gap(&client->transparency);
        return;
    case SS_CLIENT_BDAT:
        of_chunk = MIN(n, client->chunk_left);
        if (transaction && of_chunk) {
            ss_transaction_content_gap(transaction, of_chunk);
        }
        client->chunk_left -= of_chunk;
        if (client->chunk_left) {
            return;
        }
        ss_client_end_chunk(smtp, origin);
        if (n == of_chunk) {
            return; /* the hole ends where the chunk does */
        }
        break;
    case SS_CLIENT_BLOB:
        of_chunk = MIN(n, client->chunk_left);
        client->chunk_left -= of_chunk;
        if (client->chunk_left) {
            return;
        }
        ss_client_end_blob(smtp, origin);
        if (n == of_chunk) {
            return;
        }
        break;
    case SS_CLIENT_TLS:
        return;
    default:
        break;
    }
    pass_over(smtp, ss_line_reset(&client->line));
    ss_transactions_lose(smtp);
    client->mode = SS_CLIENT_LOST;
    client->is_behind_gap = true;
}

void
ss_client_gap(SsSmtp *smtp, uint64_t n, const SsOrigin *origin)
{
    SsClientParser *client = &smtp->client;

    if (client->mode != SS_CLIENT_WAIT) {
        take_cut_line(smtp);
    }
    if (client->mode == SS_CLIENT_WAIT) {
        ss_hold_push_gap(&client->hold, n, origin);
        decide_by_sight(smtp);
    } else {
        do_gap(smtp, n, origin);
    }
}

void
ss_client_finish(SsSmtp *smtp)
{
    smtp->is_closing = true;
    decide_by_sight(smtp);
}

bool
ss_client_is_inside(const SsSmtp *smtp)
{
    const SsClientParser *client = &smtp->client;

    return ss_line_is_open(&client->line) || client->mode == SS_CLIENT_DATA ||
           client->mode == SS_CLIENT_BDAT || client->mode == SS_CLIENT_BLOB ||
           client->mode == SS_CLIENT_AUTH;
}

void
ss_client_clear(SsClientParser *client)
{
    ss_hold_clear(&client->hold);
    ss_line_clear(&client->line);
}
