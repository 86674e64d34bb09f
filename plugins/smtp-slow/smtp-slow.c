/*
 * `smtp.slow`: a banner or a reply that took long, or never came; whose time that was, and what
 * patience the RFC asks of a client. The dissector has measured it: what is the network's of a wait
 * (round trips, what was sent again) is not the server's.
 */
#include "base/plugin.h"
#include "plugins/common/page.h"
#include "plugins/common/words.h"

#define NS_PER_S INT64_C(1000000000)

typedef enum {
    WHOSE_SERVER,
    WHOSE_NETWORK,
} Whose;

typedef enum {
    TIMEOUT_WITHIN,
    TIMEOUT_NEAR, /* three quarters of it */
    TIMEOUT_OVER,
} Timeout;

typedef struct {
    SsSlice command;
    int64_t wait_ns, server_ns, acked_ns, left_ns;
    int whose;
    bool is_answered;
    int64_t timeout_ns;
    int timeout;
} Detail;

static const char *const whose_names[] = {"server", "network", NULL};
static const char *const timeout_names[] = {"within", "near", "over", NULL};
static const SsField detail_fields[] = {
    {.name = "command",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, command),
     .doc = "what was waited for: the reply to this verb, `banner`, or `data` for the content's"},
    {.name = "wait",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, wait_ns),
     .doc = "how long, from the command, or the reply before where that came later"},
    {.name = "server_time",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, server_ns),
     .doc = "of it the server's own"},
    {.name = "ack_time",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, acked_ns),
     .nullable = true,
     .doc = "how long after the command the server acknowledged it; null where the reply did"},
    {.name = "whose",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, whose),
     .names = whose_names,
     .doc = "whose most of the wait was"},
    {.name = "answered",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, is_answered),
     .doc = "false where the session ended first, or its capture"},
    {.name = "gave_up",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, left_ns),
     .nullable = true,
     .doc =
         "how long the client waited for the reply to content before it took its leave (QUIT, its "
         "end of the connection) or dropped the message (RSET); null where it waited on"},
    {.name = "timeout",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, timeout_ns),
     .nullable = true,
     .doc = "how long a client should wait at least; null where the RFC does not say"},
    {.name = "timeout_state",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, timeout),
     .names = timeout_names,
     .nullable = true,
     .doc = "the wait beside that: `near` is three quarters of it"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.slow",
     .severity = SS_SEVERITY_LOW,
     .when = "a banner, a reply or the reply to content slower than 5 s, or none at all",
     .reference = "RFC 5321 section 4.5.3.2",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "seconds",
     .type = SS_OPTION_COUNT,
     .fallback = "5",
     .help = "a reply that takes longer is slow; 1 at least"},
    {.key = NULL},
};

#define LOOK_AT_CONTENT(whose) "look at " whose " content filters and its queue's disk"

/* RFC 5321 section 4.5.3.2, and where such a wait usually comes from. */
typedef struct {
    const char *verb, *object; /* "to answer MAIL" */
    int64_t timeout_s;         /* 0: the RFC does not say */
    const char *section;
    const char *advice;
} Step;

static const Step steps[] = {
    {"banner", "the banner", 300, "4.5.3.2.1",
     "look at its name look-ups and block lists, its load, or a greet delay"},
    {"MAIL", "MAIL", 300, "4.5.3.2.2", "look at its checks of the sender"},
    {"RCPT", "RCPT", 300, "4.5.3.2.3",
     "look at its checks of recipients: directory, policy service, call-out"},
    {"DATA", "DATA", 120, "4.5.3.2.4", "look at its policy service and its disk"},
    {"data", "the content", 600, "4.5.3.2.6", LOOK_AT_CONTENT("its")},
    {"AUTH", "the login", 0, NULL, "look at what it asks about logins, or a delay for failed ones"},
    {"EHLO", "EHLO", 0, NULL, "look at its name look-ups, or a greet delay"},
    {"HELO", "HELO", 0, NULL, "look at its name look-ups, or a greet delay"},
};

typedef struct {
    int64_t least_ns;
} SmtpSlow;

static void *
smtp_slow_open(const SsHost *host, char *err, size_t errlen)
{
    SmtpSlow *self = g_new0(SmtpSlow, 1);
    uint64_t seconds = host->option_count(host, "seconds");

    (void)err, (void)errlen;
    self->least_ns = (int64_t)CLAMP(seconds, 1, 86400) * NS_PER_S;
    return self;
}

static const Step *
step_of(SsSlice verb)
{
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (ss_slice_eq(verb, ss_slice_str(steps[i].verb))) {
            return &steps[i];
        }
    }
    return NULL;
}

static Detail
detail_of(const SsEventNote *note, const Step *step)
{
    Detail detail = {
        .command = note->verb,
        .wait_ns = (int64_t)note->span,
        .server_ns = note->own_ns,
        .acked_ns = note->acked_ns,
        .left_ns = note->left_ns ? note->left_ns : SS_TIME_NONE,
        .whose = note->own_ns * 2 < (int64_t)note->span ? WHOSE_NETWORK : WHOSE_SERVER,
        .is_answered = note->text.len == 0,
        .timeout_ns = SS_TIME_NONE,
        .timeout = -1,
    };

    if (step && step->timeout_s) {
        detail.timeout_ns = step->timeout_s * NS_PER_S;
        detail.timeout = detail.wait_ns >= detail.timeout_ns           ? TIMEOUT_OVER
                         : detail.wait_ns >= detail.timeout_ns / 4 * 3 ? TIMEOUT_NEAR
                                                                       : TIMEOUT_WITHIN;
    }
    return detail;
}

static void
append_wait(GString *to, const SsHost *host, const SsEventNote *note, const Step *step,
            const Detail *detail)
{
    g_autoptr(GString) object = g_string_new(step ? step->object : NULL);

    if (!step) {
        ss_words_append(object, host, note->verb, 32);
    }
    if (!detail->is_answered) {
        bool is_cut = ss_slice_eq(note->text, SS_SLICE("cut off"));
        g_string_append_printf(to, "%s was not %s for ", object->str,
                               step == &steps[0] ? "sent" : "answered");
        ss_words_duration(to, detail->wait_ns);
        g_string_append(to, is_cut ? ", when the capture ended" : ", until the session ended");
    } else if (detail->whose == WHOSE_SERVER) {
        g_string_append_printf(to, "the server took ");
        ss_words_duration(to, detail->wait_ns);
        g_string_append_printf(to, step == &steps[0] ? " to send %s" : " to answer %s",
                               object->str);
    } else {
        g_string_append_printf(
            to, step == &steps[0] ? "%s came after " : "the reply to %s came after ", object->str);
        ss_words_duration(to, detail->wait_ns);
        g_string_append(to, ", ");
        ss_words_duration(to, detail->wait_ns - detail->server_ns);
        g_string_append(to, " of it the network's: what was asked was lost and sent again");
    }
}

/* The proof that it was the server: it had what it was to answer. */
static void
append_proof(GString *to, const Detail *detail)
{
    if (detail->acked_ns == SS_TIME_NONE || detail->whose != WHOSE_SERVER) {
        return;
    }
    if (detail->acked_ns * 2 > detail->wait_ns) {
        return;
    }
    g_string_append(to, " (acknowledged after ");
    ss_words_duration(to, detail->acked_ns);
    g_string_append_c(to, ')');
}

/* A client that gives up while the server works at a message sends that message twice. */
static void
append_given_up(GString *to, const Step *step, const Detail *detail)
{
    bool is_hasty = detail->left_ns < detail->timeout_ns;

    g_string_append_printf(to, "; the client %s after ",
                           detail->is_answered ? "had given up" : "gave up");
    ss_words_duration(to, detail->left_ns);
    if (is_hasty) {
        g_string_append_printf(to, ", and should wait %" PRId64 " min (RFC 5321 section %s)",
                               step->timeout_s / 60, step->section);
    }
    g_string_append(to, ": what the server took all the same will be sent again, a duplicate");
    g_string_append(to, is_hasty ? "; raise the client's timeout" : "");
}

static void
append_timeout(GString *to, const Step *step, const Detail *detail)
{
    static const char *const beside[] = {"", "close to ", "over "};

    if (detail->timeout < 0) {
        return;
    }
    if (detail->timeout == TIMEOUT_WITHIN) {
        g_string_append(to, "; a client should wait ");
    } else {
        g_string_append_printf(to, ", %sthe time a client should wait, ", beside[detail->timeout]);
    }
    g_string_append_printf(to, "%" PRId64 " min (RFC 5321 section %s)", step->timeout_s / 60,
                           step->section);
    if (detail->timeout == TIMEOUT_OVER && ss_slice_eq(detail->command, SS_SLICE("data"))) {
        g_string_append(to, ", and one that gives up will send the message again");
    }
}

static bool
smtp_slow_event(void *self_, void *session, const SsHost *host, const SsEvent *event)
{
    const SmtpSlow *self = self_;
    const SsEventNote *note = &event->note;
    const Step *step = step_of(note->verb);
    const uint64_t frames[] = {note->asked, note->evidence};
    size_t from = note->asked ? 0 : 1;
    g_autoptr(GString) summary = NULL;
    bool is_given_up;
    Detail detail;

    (void)session;
    if (note->kind != SS_NOTE_SLOW || (int64_t)note->span <= self->least_ns) {
        return true;
    }
    detail = detail_of(note, step);
    summary = g_string_new(NULL);
    append_wait(summary, host, note, step, &detail);
    append_proof(summary, &detail);
    is_given_up = step && detail.left_ns != SS_TIME_NONE;
    if (is_given_up) {
        append_given_up(summary, step, &detail);
    } else {
        append_timeout(summary, step, &detail);
    }
    if (is_given_up && detail.whose == WHOSE_SERVER) {
        g_string_append(summary, "; " LOOK_AT_CONTENT("the server's"));
    } else if (step && detail.whose == WHOSE_SERVER) {
        g_string_append_printf(summary, ": %s", step->advice);
    } else if (detail.whose == WHOSE_NETWORK) {
        g_string_append(summary, "; look at the way to the server");
    }
    host->report(host, event, &kinds[0], summary->str, &detail, frames + from, 2 - from,
                 note->message);
    return true;
}

static bool
smtp_slow_close(void *self, const SsHost *host)
{
    (void)host;
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_smtp_slow = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-slow",
    .summary = "banners and replies that took long or never came, and whose time that was",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE),
    .open = smtp_slow_open,
    .event = smtp_slow_event,
    .close = smtp_slow_close,
    .notes = SS_NOTES(SS_NOTE_SLOW),
};
