/*
 * The verbs of SMTP and its extensions, as a table: what each opens, and where it is defined.
 */
#pragma once

#include "base/slice.h"

typedef enum {
    SS_VERB_UNKNOWN,
    SS_VERB_EHLO,
    SS_VERB_HELO,
    SS_VERB_LHLO,
    SS_VERB_MAIL,
    SS_VERB_RCPT,
    SS_VERB_DATA,
    SS_VERB_BDAT,
    SS_VERB_RSET,
    SS_VERB_VRFY,
    SS_VERB_EXPN,
    SS_VERB_HELP,
    SS_VERB_NOOP,
    SS_VERB_QUIT,
    /* From here on: of extensions, of which the verb is the keyword too. */
    SS_VERB_ETRN,
    SS_VERB_STARTTLS,
    SS_VERB_AUTH,
    SS_VERB_TURN,
    SS_VERB_ATRN,
    SS_VERB_BURL,
    SS_VERB_XCLIENT,
    SS_VERB_XFORWARD,
    SS_VERB_LINK2STATE,
    SS_VERB_XEXCH50,
    SS_N_VERBS,
} SsVerbId;

typedef struct {
    SsSlice name;
    SsVerbId id;
    /* What must follow the verb for a line to be this command beyond doubt, where the parser has
     * lost its place: NULL is nothing at all, "" is any argument, else the argument's beginning. A
     * verb that no text could be sure of is `is_vague`. */
    const char *sure;
    bool is_vague;
    const char *rfc;
} SsVerb;

/* A command line taken apart; slices into the line. */
typedef struct {
    const SsVerb *verb; /* never NULL: unknown verbs have a row too */
    SsSlice name;       /* as written */
    SsSlice argument; /* behind the blanks, without those at its end; absent where there is none */
    bool is_cut;      /* the line's rest is missing */
} SsCommandLine;

SsCommandLine ss_command_parse(SsSlice line);

/* Whether a line is a command beyond doubt, and not the tail of something lost, or a message's
 * text. */
bool ss_command_is_sure(SsSlice line);

/* Whether `bytes`, the beginning of a line whose end may not have come, could become such a line.
 */
bool ss_command_may_be_sure(SsSlice bytes);
