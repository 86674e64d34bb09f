#include "dissect/smtp/hidden.h"

#include "dissect/smtp/path.h"
#include "dissect/smtp/verb.h"

enum {
    IDLE,     /* nothing that was looked for is near */
    LOOK,     /* behind a look-alike, for a command */
    COMMANDS, /* behind one */
    DATA_CR,  /* behind CR of a DATA line, whose LF may follow */
    CONTENT,
};

SsHidden *
ss_hidden_new(void)
{
    return g_new0(SsHidden, 1);
}

void
ss_hidden_free(SsHidden *hidden)
{
    if (hidden) {
        ss_arena_clear(&hidden->arena);
        g_free(hidden);
    }
}

size_t
ss_hidden_size(const SsHidden *hidden)
{
    return hidden ? sizeof *hidden + hidden->arena.size : 0;
}

bool
ss_hidden_is_reading(const SsHidden *hidden)
{
    return hidden->state != IDLE && hidden->state != CONTENT;
}

bool
ss_hidden_has_command(const SsHidden *hidden)
{
    return hidden->verb[0] != '\0';
}

/* --- what is kept --- */

static SsHiddenMessage *
last_mail(SsHidden *hidden)
{
    SsHiddenMessage *mails = hidden->mails.items;

    return hidden->mails.n == hidden->mails.total && hidden->mails.n ? &mails[hidden->mails.n - 1]
                                                                     : NULL;
}

static void
add_step(SsHidden *hidden, SsHiddenKind kind)
{
    if (hidden->n_steps < SS_HIDDEN_STEPS_MAX) {
        SsHiddenStep *step = &hidden->steps[hidden->n_steps];
        step->kind = (uint8_t)kind;
        step->mail = kind != SS_HIDDEN_OTHER && last_mail(hidden) ? (uint8_t)hidden->mails.n : 0;
    }
    hidden->n_steps++;
}

static void
end_content(SsHidden *hidden, uint64_t at)
{
    SsHiddenMessage *mail = last_mail(hidden);

    if (mail) {
        mail->size = at > hidden->content_at ? at - hidden->content_at : 0;
    }
    add_step(hidden, SS_HIDDEN_CONTENT);
    hidden->n_certain = hidden->n_steps;
    hidden->is_mail_open = false;
}

/* --- lines --- */

static void
take_mail(SsHidden *hidden, const SsCommandLine *command)
{
    SsHiddenMessage mail = {.from = SS_SLICE_NULL};
    SsPath path = ss_path_parse(command->argument, SS_SLICE("FROM"));

    if (hidden->mails.n < SS_HIDDEN_MAILS_MAX) {
        mail.from = ss_arena_dup(&hidden->arena, path.address);
    }
    ss_list_append(&hidden->arena, &hidden->mails, &mail, sizeof mail, SS_HIDDEN_MAILS_MAX);
    hidden->is_mail_open = true;
    add_step(hidden, SS_HIDDEN_OTHER);
}

static void
take_rcpt(SsHidden *hidden, const SsCommandLine *command)
{
    SsHiddenMessage *mail = hidden->is_mail_open ? last_mail(hidden) : NULL;

    if (mail && mail->rcpt.n < SS_HIDDEN_RECIPIENTS_MAX) {
        SsPath path = ss_path_parse(command->argument, SS_SLICE("TO"));
        SsSlice address = ss_arena_dup(&hidden->arena, path.address);
        ss_list_append(&hidden->arena, &mail->rcpt, &address, sizeof address,
                       SS_HIDDEN_RECIPIENTS_MAX);
    } else if (mail) {
        mail->rcpt.total++;
    }
    add_step(hidden, mail ? SS_HIDDEN_RCPT : SS_HIDDEN_OTHER);
}

/* `at` is the place of what follows the line. */
static void
take_command(SsHidden *hidden, const SsCommandLine *command, bool ends_cr, uint64_t at)
{
    SsHiddenMessage *mail = last_mail(hidden);

    hidden->state = COMMANDS;
    switch (command->verb->id) {
    case SS_VERB_MAIL:
        take_mail(hidden, command);
        break;
    case SS_VERB_RCPT:
        take_rcpt(hidden, command);
        break;
    case SS_VERB_DATA:
        if (!hidden->is_mail_open) {
            add_step(hidden, SS_HIDDEN_OTHER);
            break;
        }
        add_step(hidden, SS_HIDDEN_DATA);
        hidden->state = ends_cr ? DATA_CR : CONTENT;
        hidden->content_at = at;
        if (mail) {
            mail->has_data = true;
            mail->at = at;
        }
        break;
    case SS_VERB_QUIT:
        add_step(hidden, SS_HIDDEN_OTHER);
        hidden->state = IDLE;
        break;
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_RSET:
        hidden->is_mail_open = false;
        add_step(hidden, SS_HIDDEN_OTHER);
        break;
    default:
        add_step(hidden, SS_HIDDEN_OTHER);
        break;
    }
    hidden->n_certain = hidden->n_steps;
    hidden->junk = 0;
}

/* A line that is a command for a server that is not strict about it, and hardly a line of text. */
static bool
is_command(SsSlice line, const SsCommandLine *command)
{
    return ss_command_is_sure(line) ||
           (command->verb->id == SS_VERB_MAIL &&
            ss_slice_starts_nocase(command->argument, SS_SLICE("FROM"))) ||
           (command->verb->id == SS_VERB_RCPT &&
            ss_slice_starts_nocase(command->argument, SS_SLICE("TO")));
}

static void
begin_told(SsHidden *hidden, const SsCommandLine *command, uint64_t frame)
{
    if (ss_hidden_has_command(hidden)) {
        return;
    }
    hidden->told = hidden->last;
    hidden->verb_frame = frame;
    for (size_t i = 0; i < command->name.len && i + 1 < sizeof hidden->verb; i++) {
        hidden->verb[i] = (char)ss_ascii_upper(command->name.data[i]);
    }
}

static void
give_up(SsHidden *hidden)
{
    hidden->state = IDLE;
    hidden->n_steps = hidden->n_certain;
}

static void
take_line(SsHidden *hidden, bool ends_cr, uint64_t at, uint64_t frame)
{
    SsSlice line =
        ss_slice(hidden->line, (size_t)MIN(hidden->line_len, (uint64_t)sizeof hidden->line));
    SsCommandLine command = ss_command_parse(line);

    if (hidden->state == LOOK ? is_command(line, &command) : command.verb->id != SS_VERB_UNKNOWN) {
        begin_told(hidden, &command, frame);
        take_command(hidden, &command, ends_cr, at);
        return;
    }
    add_step(hidden, SS_HIDDEN_OTHER); /* which it answers all the same */
    if (hidden->state == LOOK && !ss_slice_eq(line, SS_SLICE("."))) {
        hidden->has_line = true; /* text, and what comes behind it is the same text's */
        give_up(hidden);
    }
}

/* --- bytes --- */

void
ss_hidden_byte(SsHidden *hidden, uint8_t byte, uint64_t at, uint64_t frame)
{
    bool is_end = byte == '\r' || byte == '\n';

    if (hidden->state == DATA_CR) {
        SsHiddenMessage *mail = last_mail(hidden);
        hidden->content_at += byte == '\n';
        if (mail) {
            mail->at = hidden->content_at;
        }
        hidden->state = CONTENT;
        return;
    }
    hidden->junk++;
    if (!is_end) {
        if (hidden->line_len < sizeof hidden->line) {
            hidden->line[hidden->line_len] = byte;
        }
        hidden->line_len++;
    } else if (hidden->line_len) {
        take_line(hidden, byte == '\r', at + 1, frame);
        hidden->line_len = 0;
    }
    if (hidden->junk > SS_HIDDEN_SIGHT && ss_hidden_is_reading(hidden)) {
        hidden->has_line = true;
        give_up(hidden);
    }
}

void
ss_hidden_alike(SsHidden *hidden, const SsAlike *alike)
{
    if (!hidden->first.frame) {
        hidden->first = *alike;
    }
    if (hidden->state == COMMANDS) {
        return; /* to such a server a line like any other */
    }
    if (hidden->state == CONTENT || hidden->state == DATA_CR) {
        end_content(hidden, alike->at);
    }
    hidden->last = *alike;
    hidden->state = LOOK;
    hidden->line_len = hidden->junk = 0;
}

void
ss_hidden_stop(SsHidden *hidden)
{
    hidden->line_len = 0;
    if (ss_hidden_is_reading(hidden)) {
        give_up(hidden);
    }
}

void
ss_hidden_end(SsHidden *hidden, uint64_t at)
{
    if (hidden->state == CONTENT || hidden->state == DATA_CR) {
        end_content(hidden, at);
        hidden->state = IDLE;
    } else if (hidden->state == COMMANDS) {
        hidden->state = IDLE; /* the line with the dot was one more for it */
    } else {
        ss_hidden_stop(hidden);
    }
}

/* --- what the server made of it --- */

SsReplyText
ss_hidden_keep_reply(SsHidden *hidden, const SsReplyText *reply)
{
    SsReplyText kept = *reply;

    kept.enhanced = ss_arena_dup(&hidden->arena, ss_slice_sub(reply->enhanced, 0, 16));
    kept.text = ss_arena_dup(&hidden->arena, ss_slice_sub(reply->text, 0, SS_HIDDEN_REPLY_MAX));
    return kept;
}

void
ss_hidden_add_reply(SsHidden *hidden, const SsReplyText *reply)
{
    SsReplyText kept = {0};

    if (hidden->extra.n < SS_HIDDEN_STEPS_MAX) {
        kept = ss_hidden_keep_reply(hidden, reply);
    }
    ss_list_append(&hidden->arena, &hidden->extra, &kept, sizeof kept, SS_HIDDEN_STEPS_MAX);
}

SsEventLookAlike
ss_hidden_tell(SsHidden *hidden)
{
    SsHiddenMessage *mails = hidden->mails.items;
    const SsReplyText *extra = hidden->extra.items;

    for (size_t i = 0; i < MIN(hidden->extra.n, (size_t)hidden->n_steps); i++) {
        const SsHiddenStep *step = &hidden->steps[i];
        if (step->mail && step->kind == SS_HIDDEN_CONTENT) {
            mails[step->mail - 1].reply = extra[i];
        }
    }
    return (SsEventLookAlike){
        .name = ss_slice_str(hidden->told.name),
        .at = hidden->told.at,
        .frame = hidden->told.frame,
        .verb_frame = hidden->verb_frame,
        .messages = hidden->mails,
        .commands = hidden->n_steps,
        .outer = hidden->outer,
        .is_early = hidden->is_early,
        .extra = hidden->extra,
    };
}
