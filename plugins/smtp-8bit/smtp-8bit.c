/*
 * `smtp.8bit`: bytes over 0x7f that the server has not offered to take: content without 8BITMIME
 * (RFC 6152), an address without SMTPUTF8 (RFC 6531).
 */
#include "plugins/common/words.h"

static const char *const where_names[] = {"content", "address", NULL};

typedef struct {
    int where;
    SsSlice command;
    bool offered;
} Detail;

static const SsField detail_fields[] = {
    {.name = "where",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, where),
     .names = where_names,
     .doc = "where the first of these bytes is"},
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .nullable = true,
     .doc = "of an address: MAIL or RCPT"},
    {.name = "offered",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, offered),
     .doc = "whether the server offers the extension, and the client has not asked for it"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.8bit",
     .severity = SS_SEVERITY_LOW,
     .when = "8-bit content without 8BITMIME, non-ASCII address without SMTPUTF8",
     .reference = "RFC 6152 section 3",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
smtp_8bit_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
smtp_8bit_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    Detail detail = {
        .where = ss_slice_eq(note->text, SS_SLICE("address")),
        .offered = note->span != 0,
    };
    g_autofree char *summary = NULL;

    (void)self, (void)session;
    if (!detail.where) {
        summary =
            g_strdup_printf("message %" PRIu64
                            " has 8-bit content, and the server does not offer 8BITMIME, so some "
                            "server on its way may refuse or mangle it: let the client encode it",
                            note->message);
    } else {
        detail.command = note->verb;
        summary = g_strdup_printf("the address in %.*s is not ASCII, and %s: let the client %s",
                                  (int)note->verb.len, (const char *)note->verb.data,
                                  detail.offered ? "the client did not ask for SMTPUTF8"
                                                 : "the server does not offer SMTPUTF8",
                                  detail.offered ? "say SMTPUTF8 in MAIL"
                                                 : "use another address, or another server");
    }
    host->report(host, event, &kinds[0], summary, &detail, &note->evidence, 1, note->message);
    return true;
}

const SsPlugin ss_plugin_smtp_8bit = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-8bit",
    .summary = "8-bit content and addresses that nobody offered to take",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = smtp_8bit_open,
    .event = smtp_8bit_event,
    .notes = SS_NOTES(SS_NOTE_EIGHT_BIT),
};
