/*
 * What of a command is not as its RFC has it. Nothing comes of it but a note: the command is read
 * as real servers read it.
 */
#include "dissect/smtp/address.h"
#include "dissect/smtp/session.h"

void
ss_syntax_note(SsSmtp *smtp, const SsCommandLine *command, const char *word, const SsOrigin *origin)
{
    SsEvent event;

    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_SYNTAX, SS_CLIENT, origin)) {
        event.note.verb = command->verb->name;
        event.note.text = ss_slice_str(word);
        ss_smtp_emit(smtp, &event);
    }
}

/* Whether the verb takes no argument, and has one; or needs one, and has none. */
static bool
is_argument_odd(const SsCommandLine *command)
{
    bool has_argument = !ss_slice_is_null(command->argument);

    switch (command->verb->id) {
    case SS_VERB_DATA:
    case SS_VERB_RSET:
    case SS_VERB_QUIT:
    case SS_VERB_STARTTLS:
    case SS_VERB_TURN:
        return has_argument;
    case SS_VERB_EHLO:
    case SS_VERB_HELO:
    case SS_VERB_LHLO:
    case SS_VERB_VRFY:
    case SS_VERB_EXPN:
    case SS_VERB_ETRN:
    case SS_VERB_AUTH:
    case SS_VERB_XCLIENT:
    case SS_VERB_XFORWARD:
        return !has_argument;
    default:
        return false;
    }
}

void
ss_syntax_line(SsSmtp *smtp, const SsLine *line, const SsCommandLine *command)
{
    SsSlice text = line->text;

    if (command->verb->id == SS_VERB_UNKNOWN || line->is_cut ||
        !ss_smtp_wants(smtp, SS_EVENT_NOTE)) {
        return;
    }
    if (ss_ascii_is_blank(text.data[0])) {
        ss_syntax_note(smtp, command, "leading-space", &line->last);
    }
    if (ss_slice_index(text, '\t') < text.len) {
        ss_syntax_note(smtp, command, "tab", &line->last);
    }
    if (ss_ascii_is_blank(text.data[text.len - 1])) {
        ss_syntax_note(smtp, command, "trailing-space", &line->last);
    }
    if (is_argument_odd(command)) {
        ss_syntax_note(smtp, command, "bad-argument", &line->last);
    }
}

void
ss_syntax_path(SsSmtp *smtp, const SsCommandLine *command, const SsPath *path, unsigned malformed,
               const SsOrigin *origin)
{
    static const struct {
        unsigned odd;
        const char *word;
    } words[] = {
        {SS_PATH_MISSING_COLON, "missing-colon"},
        {SS_PATH_SPACE_BEFORE_COLON, "space-before-colon"},
        {SS_PATH_SPACE_AFTER_COLON, "space-after-colon"},
        {SS_PATH_NO_BRACKETS, "no-brackets"},
    };
    bool may_be_empty = command->verb->id == SS_VERB_MAIL;

    if (command->is_cut || !ss_smtp_wants(smtp, SS_EVENT_NOTE)) {
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (path->odd & words[i].odd) {
            ss_syntax_note(smtp, command, words[i].word, origin);
        }
    }
    if (!(may_be_empty && path->address.len == 0) && !ss_address_is_wellformed(path->address)) {
        ss_syntax_note(smtp, command, "bad-address", origin);
    }
    if (malformed) {
        ss_syntax_note(smtp, command, "bad-parameter", origin);
    }
}
