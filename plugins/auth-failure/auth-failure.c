/*
 * `auth.failure`: a login refused, with the code explained (RFC 4954 sections 4 and 6, RFC 5248).
 * The codes of logins have a table of their own: servers use them otherwise than for mail.
 */
#include "base/plugin.h"
#include "plugins/common/enhanced.h"
#include "plugins/common/login.h"

typedef struct {
    SsSlice mechanism, username;
    uint64_t code;
    SsSlice enhanced, text, error, explanation;
    bool is_temporary;
} Detail;

#define TEXT(member, name_, nullable_, doc_)                                      \
    {                                                                             \
        .name = name_, .kind = SS_FIELD_TEXT, .offset = offsetof(Detail, member), \
        .nullable = nullable_, .doc = doc_                                        \
    }

static const SsField detail_fields[] = {
    TEXT(mechanism, "mechanism", false, "SASL mechanism, upper case"),
    TEXT(username, "username", true, "authentication identity"),
    {.name = "code", .kind = SS_FIELD_CODE, .offset = offsetof(Detail, code), .doc = "reply code"},
    TEXT(enhanced, "enhanced", true, "enhanced status code"),
    TEXT(text, "text", true, "the server's words"),
    TEXT(error, "error", true, "what it said of a token before"),
    TEXT(explanation, "explanation", false, "what the code means, and what to do"),
    {.name = "temporary",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, is_temporary),
     .doc = "whether the same login may succeed later (4yz)"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "auth.failure",
     .severity = SS_SEVERITY_LOW,
     .when = "a login refused",
     .reference = "RFC 4954 section 6",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

/* The first that fits: 0 is any code, NULL any detail of the enhanced code and any words. */
static const struct {
    uint64_t code;
    const char *detail; /* subject and detail */
    const char *words;  /* lower case, of the server's text */
    const char *meaning, *advice;
} rows[] = {
    {0, NULL, "application-specific password", "the account needs a password made for this client",
     "make one in the account's settings"},
    {0, NULL, "too many", "the server takes no more attempts for now",
     "let the client wait, and see who guesses"},
    {0, NULL, "is disabled", "this way to log in, or the account, is switched off",
     "see the server's text"},
    {0, NULL, "locked", "the account is locked", "ask the server's administrator"},
    {0, NULL, "not enabled", "the server takes no logins here",
     "use the submission port, or switch logins on at the server"},
    {0, "7.11", NULL, "encryption needed for this mechanism", "let the client use TLS first"},
    {0, "7.12", NULL, "the password must be changed first", "log in elsewhere and change it"},
    {0, "7.13", NULL, "the account is disabled", "ask the server's administrator"},
    {0, "7.9", NULL, "the mechanism is too weak for the server", "choose a stronger mechanism"},
    {0, "5.6", NULL, "the response was too long", "check what the client sends"},
    {432, NULL, NULL, "the password must be changed first", "log in elsewhere and change it"},
    {454, NULL, NULL, "the server could not check it just now",
     "the client should try again later; see the server's log if it goes on"},
    {500, NULL, NULL, "the server did not understand it", "check what the client sends"},
    {501, NULL, NULL, "the response was malformed, or the exchange given up",
     "check what the client sends"},
    {502, NULL, NULL, "the server takes no logins", "use the submission port"},
    {503, NULL, NULL, "no login is allowed here: logged in already, inside a mail, or not at all",
     "check the order of the client's commands"},
    {504, NULL, NULL, "the server does not know this mechanism",
     "choose one that its EHLO reply names"},
    {530, NULL, NULL, "encryption needed first", "let the client use STARTTLS"},
    {534, NULL, NULL, "the mechanism is too weak for the server", "choose a stronger mechanism"},
    {535, NULL, NULL, "wrong user name or password", "check what the client is set to"},
    {538, NULL, NULL, "encryption needed for this mechanism", "let the client use TLS first"},
    {0, "7.8", NULL, "wrong user name or password", "check what the client is set to"},
};

static void *
auth_failure_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static void
explain(GString *to, const SsReplyText *reply)
{
    SsSlice enhanced = reply->enhanced;
    SsSlice detail = ss_slice_from(enhanced, ss_slice_index(enhanced, '.') + 1);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if ((!rows[i].code || rows[i].code == reply->code) &&
            (!rows[i].detail || ss_slice_eq(detail, ss_slice_str(rows[i].detail))) &&
            (!rows[i].words || ss_enhanced_mentions(reply->text, rows[i].words))) {
            g_string_append_printf(to, "%s; %s", rows[i].meaning, rows[i].advice);
            return;
        }
    }
    g_string_append(to, reply->code / 100 == 4
                            ? "refused for now; the client should try again later"
                            : "refused; see the server's text");
}

static bool
auth_failure_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    const SsReplyText *reply = &auth->reply;
    Detail detail = {auth->mechanism, auth->username, reply->code,   reply->enhanced,
                     reply->text,     auth->error,    SS_SLICE_NULL, reply->code / 100 == 4};
    g_autoptr(GString) explanation = NULL;
    g_autoptr(GString) summary = NULL;

    (void)self, (void)session;
    if (auth->outcome != SS_AUTH_FAILURE) {
        return true;
    }
    explanation = g_string_new(NULL);
    explain(explanation, reply);
    detail.explanation = ss_slice(explanation->str, explanation->len);
    summary = g_string_new("the login of ");
    ss_login_user(summary, host, auth->username);
    g_string_append(summary, " at ");
    ss_words_endpoint(summary, host, &auth->server);
    g_string_append_printf(summary, " was refused: %s (", explanation->str);
    ss_words_append_reply(summary, host, reply);
    g_string_append_c(summary, ')');
    ss_login_report(host, event, &kinds[0], summary->str, &detail);
    return true;
}

const SsPlugin ss_plugin_auth_failure = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "auth-failure",
    .summary = "logins that were refused, with the reason explained",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_AUTH),
    .open = auth_failure_open,
    .event = auth_failure_event,
};
