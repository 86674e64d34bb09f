/*
 * A message's block: what became of it, for whom, why not, what it was, and what took time.
 */
#include "plugins/common/enhanced.h"
#include "plugins/timeline/timeline.h"

#define LABEL_COLUMN 4
#define VALUE_COLUMN 14
#define NS_PER_MS INT64_C(1000000)
/* Addresses longer than this stand on a line of their own. */
#define ADDRESS_CELLS 34
/* Recipients shown of each fate, and attachments; with -v all. */
#define SHOWN_ROWS 20

static void
put_label(SsPage *page, const char *label)
{
    ss_page_pad(page, LABEL_COLUMN);
    ss_page_put(page, SS_INK_DIM, label);
    ss_page_pad(page, VALUE_COLUMN);
}

static void
put_row(SsPage *page, const char *label, const char *value)
{
    put_label(page, label);
    ss_page_wrap(page, SS_INK_PLAIN, value, VALUE_COLUMN, SS_INK_PLAIN, NULL);
}

static void
put_field(const SsTimeline *self, SsPage *page, const char *label, SsSlice text)
{
    if (text.len) {
        g_autofree char *safe = ss_timeline_safe(self, text, SS_SHOWN_FIELD_MAX);
        put_row(page, label, safe);
    }
}

/* The server's own words, and below them ours. */
static void
put_refusal(const SsTimeline *self, SsPage *page, const SsReplyText *reply, SsStage stage)
{
    SsAdvice advice = ss_enhanced_explain(reply, stage);
    g_autoptr(GString) words = g_string_new(NULL);

    if (reply->text.len) {
        g_string_append_c(words, '"');
        ss_words_append(words, self->host, reply->text, SS_SHOWN_MAX);
        g_string_append_c(words, '"');
        ss_page_pad(page, VALUE_COLUMN + 2);
        ss_page_wrap(page, SS_INK_PLAIN, words->str, VALUE_COLUMN + 3, SS_INK_PLAIN, NULL);
    }
    g_string_printf(words, "= %s%s%s", advice.meaning, advice.advice ? ": " : "",
                    advice.advice ? advice.advice : "");
    ss_page_pad(page, VALUE_COLUMN + 2);
    ss_page_wrap(page, SS_INK_STRONG, words->str, VALUE_COLUMN + 4, SS_INK_PLAIN, NULL);
}

static const char *
fate_of(const SsReplyText *reply, SsInk *ret_ink)
{
    *ret_ink = SS_INK_PLAIN;
    switch (reply->code / 100) {
    case 2:
        *ret_ink = SS_INK_GOOD;
        return "accepted";
    case 4:
        *ret_ink = SS_INK_WARN;
        return "DEFERRED";
    case 5:
        *ret_ink = SS_INK_BAD;
        return "REFUSED";
    case 0:
        return "reply not captured";
    default:
        return "answered";
    }
}

static void
put_code(const SsTimeline *self, SsPage *page, const SsReplyText *reply)
{
    g_autoptr(GString) code = g_string_new(NULL);

    if (reply->code) {
        g_string_printf(code, "%03" PRIu64, reply->code);
        if (reply->enhanced.len) {
            g_string_append_c(code, ' ');
            ss_words_append(code, self->host, reply->enhanced, 16);
        }
    }
    ss_page_put(page, SS_INK_PLAIN, code->str);
}

static void
put_recipient(const SsTimeline *self, SsPage *page, const SsRecipient *rcpt, size_t fate_column,
              bool is_mail_refused)
{
    const SsReplyText *reply = ss_recipient_reply(rcpt);
    g_autofree char *address = ss_timeline_address(self, rcpt->address);
    SsInk ink;
    const char *fate = fate_of(reply, &ink);

    ss_page_pad(page, VALUE_COLUMN);
    if (VALUE_COLUMN + ss_page_cells(address) + 2 > fate_column) {
        ss_page_wrap(page, SS_INK_PLAIN, address, VALUE_COLUMN + 2, SS_INK_PLAIN, NULL);
    } else {
        ss_page_put(page, SS_INK_PLAIN, address);
    }
    ss_page_pad(page, fate_column);
    ss_page_put(page, ink, fate);
    if (reply->code) {
        ss_page_pad(page, fate_column + 10);
        put_code(self, page, reply);
    }
    ss_page_end_line(page);
    if (ss_reply_is_refusal(reply) && !is_mail_refused) {
        put_refusal(self, page, reply, rcpt->final ? SS_STAGE_END : SS_STAGE_RCPT);
    }
}

static size_t
fate_column_of(const SsTimeline *self, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    size_t widest = 8;

    for (size_t i = 0; i < message->rcpt.n; i++) {
        g_autofree char *address = ss_timeline_address(self, rcpt[i].address);
        size_t cells = ss_page_cells(address);
        if (cells <= ADDRESS_CELLS) {
            widest = MAX(widest, cells);
        }
    }
    return VALUE_COLUMN + widest + 2;
}

static void
put_recipients(const SsTimeline *self, SsPage *page, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    size_t fate_column = fate_column_of(self, message);
    uint64_t shown[2] = {0}, hidden[2] = {0};
    g_autoptr(GString) more = g_string_new(NULL);

    if (message->rcpt.n == 0) {
        return;
    }
    put_label(page, "to");
    for (size_t i = 0; i < message->rcpt.n; i++) {
        bool is_refused = ss_reply_is_refusal(ss_recipient_reply(&rcpt[i]));
        if (shown[is_refused] < SHOWN_ROWS || self->host->verbosity > 0) {
            shown[is_refused]++;
            put_recipient(self, page, &rcpt[i], fate_column, message->stage == SS_STAGE_MAIL);
        } else {
            hidden[is_refused]++;
        }
    }
    hidden[0] += message->rcpt.total - message->rcpt.n;
    for (int is_refused = 0; is_refused < 2; is_refused++) {
        if (hidden[is_refused]) {
            g_string_assign(more, "… and ");
            ss_words_count(more, hidden[is_refused]);
            g_string_append(more,
                            is_refused ? " more refused (-v shows them)" : " more (-v shows them)");
            ss_page_pad(page, VALUE_COLUMN);
            ss_page_wrap(page, SS_INK_PLAIN, more->str, VALUE_COLUMN, SS_INK_PLAIN, NULL);
        }
    }
}

/* Where the message as a whole was refused: at MAIL, DATA, or after its content. */
static void
put_reply(const SsTimeline *self, SsPage *page, const SsEventMessage *message)
{
    static const char *const to[] = {"to MAIL FROM", "to RCPT TO", "to DATA", "to the content"};

    if (!ss_message_is_refused_whole(message)) {
        return;
    }
    put_label(page, "reply");
    put_code(self, page, message->reply);
    ss_page_put(page, SS_INK_PLAIN, " ");
    ss_page_put(page, SS_INK_PLAIN,
                message->stage == SS_STAGE_DATA && message->size ? "inside the content"
                                                                 : to[message->stage & 3]);
    ss_page_end_line(page);
    put_refusal(self, page, message->reply, (SsStage)message->stage);
}

static void
put_content(const SsTimeline *self, SsPage *page, const SsEventMessage *message)
{
    const SsPart *part = message->parts.items;
    g_autoptr(GString) text = g_string_new(NULL);
    uint64_t n_shown = 0, n_named = 0;

    if (message->transfer < 0 || (message->size == 0 && message->missing_bytes == 0)) {
        return;
    }
    ss_words_counted(text, message->size, "byte", "bytes");
    if (message->parts.total > 1) {
        g_string_append(text, " in ");
        ss_words_counted(text, message->parts.total, "part", "parts");
    }
    if (message->missing_bytes) {
        g_string_append(text, " captured, ");
        ss_words_count(text, message->missing_bytes);
        g_string_append(text, " more are missing");
    }
    put_row(page, "content", text->str);
    for (size_t i = 0; i < message->parts.n; i++) {
        if (ss_slice_is_null(part[i].filename)) {
            continue;
        }
        n_named++;
        if (n_shown == SHOWN_ROWS && self->host->verbosity <= 0) {
            continue;
        }
        g_string_truncate(text, 0);
        ss_words_append(text, self->host, part[i].filename, SS_SHOWN_FIELD_MAX);
        g_string_append(text, ", ");
        ss_words_counted(text, part[i].size, "byte", "bytes");
        if (part[i].content_type.len) {
            g_string_append(text, ", ");
            ss_words_append(text, self->host, part[i].content_type, SS_SHOWN_FIELD_MAX);
        }
        put_row(page, n_shown++ ? "" : "attached", text->str);
    }
    if (n_named > n_shown) {
        g_string_assign(text, "… and ");
        ss_words_count(text, n_named - n_shown);
        g_string_append(text, " more (-v shows them)");
        put_row(page, "", text->str);
    }
}

static void
append_stretch(GString *to, const char *name, int64_t ns)
{
    if (ns >= NS_PER_MS) {
        g_string_append_printf(to, "%s%s ", to->len ? ", " : "", name);
        ss_words_duration(to, ns);
    }
}

static void
put_time(SsPage *page, const SsTold *told, const SsEventMessage *message)
{
    const SsToldContent *content = &told->contents[message->index % G_N_ELEMENTS(told->contents)];
    g_autoptr(GString) text = g_string_new(NULL);

    if (message->transfer < 0) {
        return;
    }
    if (content->message == message->index && message->time_ns != SS_TIME_NONE) {
        append_stretch(text, "envelope", MAX(content->first_ns - message->time_ns, 0));
    }
    append_stretch(text, "content", message->transfer_time_ns);
    append_stretch(text, "the server's answer to it", message->server_time_ns);
    if (text->len) {
        put_row(page, "time", text->str);
    }
}

void
ss_message_put(const SsTimeline *self, SsPage *page, const SsTold *told,
               const SsEventMessage *message)
{
    SsInk ink;
    g_autofree char *verdict = ss_verdict_of_message(self, told, message, &ink);
    g_autofree char *title = g_strdup_printf("message %" PRIu64, message->index);

    ss_page_pad(page, 2);
    ss_page_put(page, SS_INK_STRONG, title);
    ss_page_pad(page, VALUE_COLUMN);
    ss_page_wrap(page, ink, verdict, VALUE_COLUMN, SS_INK_PLAIN, NULL);
    if (ss_slice_is_null(message->from)) {
        put_row(page, "from", "not captured");
    } else if (message->from.len == 0) {
        put_row(page, "from", "<> (nobody: a delivery report or the like)");
    } else {
        put_field(self, page, "from", message->from);
    }
    if (message->stage == SS_STAGE_MAIL) { /* what decided stands first */
        put_reply(self, page, message);
        put_recipients(self, page, message);
    } else {
        put_recipients(self, page, message);
        put_reply(self, page, message);
    }
    put_field(self, page, "subject", message->headers.subject);
    put_field(self, page, "id", message->headers.message_id);
    put_content(self, page, message);
    put_time(page, told, message);
}
