#include "dissect/smtp/verb.h"

#include "dissect/smtp/sasl.h"

static const SsVerb verbs[] = {
    {SS_SLICE_INIT("EHLO"), SS_VERB_EHLO, "", false, "RFC 5321 section 4.1.1.1"},
    {SS_SLICE_INIT("HELO"), SS_VERB_HELO, "", false, "RFC 5321 section 4.1.1.1"},
    {SS_SLICE_INIT("LHLO"), SS_VERB_LHLO, "", false, "RFC 2033 section 4.1"},
    {SS_SLICE_INIT("MAIL"), SS_VERB_MAIL, "FROM:", false, "RFC 5321 section 4.1.1.2"},
    {SS_SLICE_INIT("RCPT"), SS_VERB_RCPT, "TO:", false, "RFC 5321 section 4.1.1.3"},
    {SS_SLICE_INIT("DATA"), SS_VERB_DATA, NULL, false, "RFC 5321 section 4.1.1.4"},
    {SS_SLICE_INIT("BDAT"), SS_VERB_BDAT, "", false, "RFC 3030 section 2"},
    {SS_SLICE_INIT("RSET"), SS_VERB_RSET, NULL, false, "RFC 5321 section 4.1.1.5"},
    {SS_SLICE_INIT("VRFY"), SS_VERB_VRFY, "", true, "RFC 5321 section 4.1.1.6"},
    {SS_SLICE_INIT("EXPN"), SS_VERB_EXPN, "", true, "RFC 5321 section 4.1.1.7"},
    {SS_SLICE_INIT("HELP"), SS_VERB_HELP, "", true, "RFC 5321 section 4.1.1.8"},
    {SS_SLICE_INIT("NOOP"), SS_VERB_NOOP, NULL, false, "RFC 5321 section 4.1.1.9"},
    {SS_SLICE_INIT("QUIT"), SS_VERB_QUIT, NULL, false, "RFC 5321 section 4.1.1.10"},
    {SS_SLICE_INIT("ETRN"), SS_VERB_ETRN, "", true, "RFC 1985 section 5"},
    {SS_SLICE_INIT("STARTTLS"), SS_VERB_STARTTLS, NULL, false, "RFC 3207 section 4"},
    {SS_SLICE_INIT("AUTH"), SS_VERB_AUTH, "", false, "RFC 4954 section 4"},
    {SS_SLICE_INIT("SEND"), SS_VERB_MAIL, "FROM:", false, "RFC 821 section 3.4"},
    {SS_SLICE_INIT("SOML"), SS_VERB_MAIL, "FROM:", false, "RFC 821 section 3.4"},
    {SS_SLICE_INIT("SAML"), SS_VERB_MAIL, "FROM:", false, "RFC 821 section 3.4"},
    {SS_SLICE_INIT("TURN"), SS_VERB_TURN, NULL, true, "RFC 821 section 3.8"},
    {SS_SLICE_INIT("ATRN"), SS_VERB_ATRN, "", true, "RFC 2645 section 5.2.1"},
    {SS_SLICE_INIT("BURL"), SS_VERB_BURL, "imap:", false, "RFC 4468 section 3.2"},
    {SS_SLICE_INIT("XCLIENT"), SS_VERB_XCLIENT, "", true, "Postfix, XCLIENT_README"},
    {SS_SLICE_INIT("XFORWARD"), SS_VERB_XFORWARD, "", true, "Postfix, XFORWARD_README"},
    {SS_SLICE_INIT("X-EXPS"), SS_VERB_AUTH, "", false, "Exchange, AUTH between its servers"},
    {SS_SLICE_INIT("X-ANONYMOUSTLS"), SS_VERB_STARTTLS, NULL, false,
     "Exchange, STARTTLS between its servers"},
    {SS_SLICE_INIT("X-LINK2STATE"), SS_VERB_LINK2STATE, "", true, "Exchange, link states"},
    {SS_SLICE_INIT("XEXCH50"), SS_VERB_XEXCH50, "", true, "Exchange, properties of a message"},
};

static const SsVerb unknown = {SS_SLICE_INIT(""), SS_VERB_UNKNOWN, "", true, ""};

SsCommandLine
ss_command_parse(SsSlice line)
{
    SsCommandLine command = {&unknown, {NULL, 0}, {NULL, 0}, false};
    SsSlice trimmed = ss_slice_trim(line);
    size_t end = 0;

    while (end < trimmed.len && !ss_ascii_is_blank(trimmed.data[end])) {
        end++;
    }
    command.name = ss_slice_sub(trimmed, 0, end);
    if (end < trimmed.len) {
        command.argument = ss_slice_trim(ss_slice_from(trimmed, end));
    }
    for (size_t i = 0; command.name.len && i < sizeof verbs / sizeof verbs[0]; i++) {
        const SsVerb *verb = &verbs[i];
        if (ss_ascii_upper(command.name.data[0]) == verb->name.data[0] &&
            ss_slice_eq_nocase(command.name, verb->name)) {
            command.verb = verb;
            break;
        }
    }
    return command;
}

bool
ss_command_is_sure(SsSlice line)
{
    SsCommandLine command = ss_command_parse(line);
    const SsVerb *verb = command.verb;

    if (verb->is_vague || line.len == 0 || ss_ascii_is_blank(line.data[0])) {
        return false;
    }
    if (!verb->sure) {
        return ss_slice_is_null(command.argument);
    }
    if (verb->id == SS_VERB_AUTH) {
        size_t end = ss_slice_index(command.argument, ' ');
        return ss_sasl_is_known(ss_slice_sub(command.argument, 0, end));
    }
    if (verb->id == SS_VERB_BDAT) {
        return command.argument.len && ss_ascii_is_digit(command.argument.data[0]);
    }
    if (!*verb->sure) {
        /* One word: a sentence that begins with it has more. */
        return command.argument.len &&
               ss_slice_index(command.argument, ' ') == command.argument.len;
    }
    return ss_slice_starts_nocase(command.argument, ss_slice_str(verb->sure));
}

bool
ss_command_may_be_sure(SsSlice bytes)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        size_t n = bytes.len < verbs[i].name.len ? bytes.len : verbs[i].name.len;
        if (!verbs[i].is_vague &&
            ss_slice_eq_nocase(ss_slice_sub(bytes, 0, n), ss_slice_sub(verbs[i].name, 0, n))) {
            return true;
        }
    }
    return false;
}
