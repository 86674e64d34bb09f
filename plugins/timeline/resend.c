/*
 * `swaks=yes`: for each message a command that sends it again, from the file that `-o eml` writes.
 * It goes through a shell, so each word that is not plain is in single quotes, and what no shell
 * or no option could carry (control characters, a leading `-`, a comma) is not told at all.
 * Passwords never stand in it: swaks asks for them.
 */
#include "plugins/timeline/timeline.h"

/* Bytes of such lines a session keeps. */
#define RESEND_MAX ((size_t)32 << 10)
/* Recipients that a command has room for. */
#define RECIPIENTS_MAX 100

/* Whether it can be given to swaks as it is: printable, not to be taken for a list, nor for an
 * option, as swaks does even behind `=`. */
static bool
is_safe(SsSlice text)
{
    if (text.len && text.data[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < 0x20 || text.data[i] >= 0x7f || text.data[i] == ',') {
            return false;
        }
    }
    return !ss_slice_is_null(text);
}

/* Appends `prefix` and `text` as one word of a POSIX shell. */
static void
append_word(GString *to, const char *prefix, SsSlice text)
{
    g_autoptr(GString) word = g_string_new(prefix);
    g_autofree char *quoted = NULL;
    bool is_plain = true;

    g_string_append_len(word, (const char *)text.data, (gssize)text.len);
    for (const char *c = word->str; *c; c++) {
        is_plain = is_plain && (g_ascii_isalnum(*c) || strchr("@%+=:,./-_", *c));
    }
    quoted = is_plain ? g_strdup(word->str) : g_shell_quote(word->str);
    g_string_append_c(to, ' ');
    g_string_append(to, quoted);
}

void
ss_resend_see_login(const SsTimeline *self, SsTold *told, const SsEventAuth *auth)
{
    if (self->has_resend && auth->outcome == SS_AUTH_SUCCESS && auth->username.len &&
        is_safe(auth->username)) {
        g_free(told->login);
        told->login = g_strndup((const char *)auth->username.data, auth->username.len);
    }
}

/* "addr,addr", or false where one of them cannot be told. */
static bool
append_recipients(GString *to, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    g_autoptr(GString) all = g_string_new(NULL);

    if (message->rcpt.total == 0 || message->rcpt.total > RECIPIENTS_MAX) {
        return false;
    }
    for (size_t i = 0; i < message->rcpt.n; i++) {
        if (!is_safe(rcpt[i].address) || rcpt[i].address.len == 0) {
            return false;
        }
        g_string_append(all, i ? "," : "");
        g_string_append_len(all, (const char *)rcpt[i].address.data, (gssize)rcpt[i].address.len);
    }
    append_word(to, "--to=", ss_slice(all->str, all->len));
    return true;
}

static const char *
why_not(const SsEventMessage *message)
{
    if (message->transfer < 0 || message->size == 0) {
        return "has no content";
    }
    if (message->missing_bytes || message->stage != SS_STAGE_END) {
        return "is not whole";
    }
    return NULL;
}

void
ss_resend_see_message(const SsTimeline *self, SsTold *told, const SsEvent *event)
{
    static const char *const tls[] = {"", " --tls", " --tls-on-connect"};
    const SsEventMessage *message = &event->message;
    const char *not = why_not(message);
    g_autoptr(GString) options = g_string_new(NULL);

    if (!self->has_resend) {
        return;
    }
    if (!told->resend) {
        told->resend = g_string_new(NULL);
    }
    if (told->resend->len > RESEND_MAX) {
        return;
    }
    if (!not &&(!is_safe(message->from) || !append_recipients(options, message))) {
        not = "has addresses that a command line cannot have, or too many";
    }
    if (not ) {
        g_string_append_printf(told->resend, "!message %" PRIu64 " %s\n", message->index, not );
        return;
    }
    append_word(options, "--from=", message->from.len ? message->from : SS_SLICE("<>"));
    if (told->login) {
        append_word(options, "--auth-user=", ss_slice_str(told->login));
    }
    g_string_append(options, tls[message->security % 3]);
    g_string_append_printf(options, " --data=@%016" PRIx64 "-%" PRIu64 ".eml\n", event->uid,
                           message->index);
    g_string_append(told->resend, options->str);
}

/* The lines are not broken, so that they can be copied. */
void
ss_resend_put(const SsTimeline *self, SsPage *page, const SsTold *told,
              const SsEventSession *session)
{
    g_auto(GStrv) lines = told->resend ? g_strsplit(told->resend->str, "\n", 0) : NULL;

    if (lines && *lines && **lines) {
        ss_page_end_line(page);
    }
    for (char **line = lines; line && *line && **line; line++) {
        g_autoptr(GString) command = g_string_new("  resend    ");
        if (**line == '!') {
            g_string_append_printf(command, "%s: no command", *line + 1);
        } else {
            g_string_append(command, "swaks");
            append_word(command, "--server=", session->server.at.ip);
            g_string_append_printf(command, " --port=%" PRIu64, session->server.at.port);
            if (is_safe(session->client.name) && session->client.name.len) {
                append_word(command, "--helo=", session->client.name);
            }
            g_string_append(command, *line);
        }
        ss_page_put(page, SS_INK_PLAIN, command->str);
        ss_page_end_line(page);
    }
    (void)self;
}
