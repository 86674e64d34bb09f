/*
 * What of a line, be it a command or a reply, is not as RFC 5321 has it. Nothing comes of it but a
 * note: the line is read as real programs read it.
 */
#include "dissect/smtp/session.h"

/* RFC 5321 sections 4.5.3.1.4 and 4.5.3.1.5, CRLF counted. */
#define DIALOGUE_LINE_MAX 512
/* Of an AUTH command and its steps: RFC 4954 section 4. */
#define AUTH_LINE_MAX 12288

void
ss_line_note(SsSmtp *smtp, SsDirection direction, const char *word, SsSlice verb,
             const SsOrigin *origin)
{
    SsEvent event;

    if (ss_smtp_note_begin(smtp, &event, SS_NOTE_SYNTAX, direction, origin)) {
        event.note.verb = verb;
        event.note.text = ss_slice_str(word);
        event.note.in_content = false;
        ss_smtp_emit(smtp, &event);
    }
}

/* --- bare CR, LF, NUL --- */

void
ss_line_note_bare(SsSmtp *smtp, SsDirection direction, const SsLine *line)
{
    SsSlice text = line->text;
    SsEventBare bare = {.n[SS_BARE_LF] = line->is_bare_lf && !line->is_cut};
    uint64_t n = bare.n[SS_BARE_LF];
    SsEvent event;

    if (text.len && (memchr(text.data, '\r', text.len) || memchr(text.data, '\0', text.len))) {
        for (size_t i = 0; i < text.len; i++) {
            bare.n[SS_BARE_CR] += text.data[i] == '\r';
            bare.n[SS_BARE_NUL] += text.data[i] == '\0';
        }
        n += bare.n[SS_BARE_CR] + bare.n[SS_BARE_NUL];
    }
    if (!n || !ss_smtp_note_begin(smtp, &event, SS_NOTE_BARE, direction, &line->last)) {
        return;
    }
    for (int i = 0; i < SS_N_BARE; i++) {
        bare.frames[i] = bare.n[i] ? line->last.frame : 0;
    }
    event.note.span = n;
    event.note.in_content = false;
    event.note.bare = &bare;
    ss_smtp_emit(smtp, &event);
}

/* --- length --- */

/* What extensions on offer add to a command's length. */
static uint64_t
allowance(const SsSmtp *smtp, SsVerbId id)
{
    static const struct {
        SsSlice keyword;
        SsVerbId verb;
        uint64_t more;
    } extensions[] = {
        {SS_SLICE_INIT("SIZE"), SS_VERB_MAIL, 26},          /* RFC 1870 section 3 */
        {SS_SLICE_INIT("8BITMIME"), SS_VERB_MAIL, 17},      /* RFC 6152 section 2 */
        {SS_SLICE_INIT("DSN"), SS_VERB_MAIL, 100},          /* RFC 3461 section 4 */
        {SS_SLICE_INIT("DSN"), SS_VERB_RCPT, 500},          /* the same */
        {SS_SLICE_INIT("AUTH"), SS_VERB_MAIL, 500},         /* RFC 4954 section 3 */
        {SS_SLICE_INIT("DELIVERBY"), SS_VERB_MAIL, 17},     /* RFC 2852 section 3 */
        {SS_SLICE_INIT("SMTPUTF8"), SS_VERB_MAIL, 10},      /* RFC 6531 section 3.1 */
        {SS_SLICE_INIT("FUTURERELEASE"), SS_VERB_MAIL, 34}, /* RFC 4865 section 4 */
        {SS_SLICE_INIT("MT-PRIORITY"), SS_VERB_MAIL, 15},   /* RFC 6710 section 3 */
        {SS_SLICE_INIT("RRVS"), SS_VERB_RCPT, 33},          /* RFC 7293 section 3.1 */
    };
    uint64_t more = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++) {
        if (extensions[i].verb == id && ss_smtp_is_offered(smtp, extensions[i].keyword)) {
            more += extensions[i].more;
        }
    }
    return more;
}

/* --- commands --- */

void
ss_line_note_command(SsSmtp *smtp, const SsLine *line, const SsCommandLine *command)
{
    const SsVerb *verb = command->verb;

    if (!ss_smtp_wants(smtp, SS_EVENT_NOTE) || line->is_cut) {
        return;
    }
    if (line->size > DIALOGUE_LINE_MAX &&
        !(verb->id == SS_VERB_AUTH && line->size <= AUTH_LINE_MAX) &&
        line->size > DIALOGUE_LINE_MAX + allowance(smtp, verb->id)) {
        ss_line_note(smtp, SS_CLIENT, "long-command", verb->name, &line->last);
    }
    if (verb->id != SS_VERB_UNKNOWN) {
        return;
    }
    if (!ss_slice_trim(line->text).len) {
        ss_line_note(smtp, SS_CLIENT, "empty-command", SS_SLICE_NULL, &line->last);
    } else if (!ss_smtp_is_offered(smtp, command->name)) {
        ss_line_note(smtp, SS_CLIENT, "unknown-command", SS_SLICE_NULL, &line->last);
    }
}

void
ss_line_note_step(SsSmtp *smtp, const SsLine *line)
{
    if (line->size > AUTH_LINE_MAX) {
        ss_line_note(smtp, SS_CLIENT, "long-command", SS_SLICE("AUTH"), &line->last);
    }
}

/* --- replies --- */

void
ss_line_note_reply(SsSmtp *smtp, const SsLine *line, uint64_t code, uint64_t begun)
{
    bool is_first = begun == 0;

    if (!ss_smtp_wants(smtp, SS_EVENT_NOTE) || line->is_cut) {
        return;
    }
    if (line->size > DIALOGUE_LINE_MAX) {
        ss_line_note(smtp, SS_SERVER, "long-reply", SS_SLICE_NULL, &line->last);
    }
    if (code < 200 || code > 599) {
        ss_line_note(smtp, SS_SERVER, "bad-code", SS_SLICE_NULL, &line->last);
    } else if (!is_first && code != begun) {
        ss_line_note(smtp, SS_SERVER, "changing-code", SS_SLICE_NULL, &line->last);
    }
}

/* --- addresses --- */

void
ss_line_note_address(SsSmtp *smtp, const SsTransaction *transaction, const SsCommandLine *command,
                     SsSlice address, const SsOrigin *origin)
{
    bool is_ascii = true;
    SsEvent event;

    for (size_t i = 0; i < address.len && is_ascii; i++) {
        is_ascii = address.data[i] < 0x80;
    }
    if (is_ascii || ss_transaction_has_param(transaction, SS_SLICE("SMTPUTF8")) ||
        !ss_smtp_note_begin(smtp, &event, SS_NOTE_EIGHT_BIT, SS_CLIENT, origin)) {
        return;
    }
    event.note.verb = command->verb->name;
    event.note.text = SS_SLICE("address");
    event.note.message = 0; /* which may not have its index yet */
    event.note.span = ss_smtp_is_offered(smtp, SS_SLICE("SMTPUTF8"));
    ss_smtp_emit(smtp, &event);
}
