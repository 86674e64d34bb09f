/*
 * `auth.cleartext`: a login that shows the password or a bearer token outside TLS.
 */
#include "base/plugin.h"
#include "plugins/common/login.h"

typedef struct {
    SsSlice mechanism;
    SsSlice username;
    int outcome;
} Detail;

static const char *const outcome_names[] = {"success", "failure", "aborted", "unknown", NULL};
static const SsField detail_fields[] = {
    {.name = "mechanism",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, mechanism),
     .doc = "SASL mechanism, upper case"},
    {.name = "username",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, username),
     .nullable = true,
     .doc = "authentication identity"},
    {.name = "outcome",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, outcome),
     .names = outcome_names,
     .doc = "how the login ended"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "auth.cleartext",
     .severity = SS_SEVERITY_HIGH,
     .when = "a login that shows the password or a bearer token outside TLS",
     .reference = "RFC 4954 section 4",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
auth_cleartext_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

/* A secret that was refused opens nothing, at least here and now. */
static const char *
advice(int outcome, bool is_token)
{
    switch (outcome) {
    case SS_AUTH_FAILURE:
        return is_token ? "an old or wrong token" : "a wrong guess or an old password";
    case SS_AUTH_ABORTED:
        return NULL;
    default:
        return is_token ? "revoke it" : "change it";
    }
}

static bool
auth_cleartext_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    Detail detail = {auth->mechanism, auth->username, auth->outcome};
    bool is_token = auth->secret_kind == SS_SECRET_TOKEN;
    const char *todo = advice(auth->outcome, is_token);
    g_autoptr(GString) summary = NULL;

    (void)self, (void)session;
    if (auth->security != SS_SECURITY_NONE ||
        (auth->secret_kind != SS_SECRET_PASSWORD && !is_token)) {
        return true;
    }
    summary = g_string_new(is_token ? "the bearer token of " : "the password of ");
    ss_login_user(summary, host, auth->username);
    ss_login_crossed(summary, host, auth);
    g_string_append(summary, " (");
    ss_words_append(summary, host, auth->mechanism, SS_WORDS_MAX);
    g_string_append_printf(summary, "; %s): %s%srequire TLS for logins",
                           ss_login_outcome(auth->outcome), todo ? todo : "",
                           !todo                              ? ""
                           : auth->outcome == SS_AUTH_FAILURE ? "; "
                                                              : " and ");
    ss_login_report(host, event, &kinds[0], summary->str, &detail);
    return true;
}

const SsPlugin ss_plugin_auth_cleartext = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "auth-cleartext",
    .summary = "logins whose secret anyone on the path could read",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_AUTH),
    .open = auth_cleartext_open,
    .event = auth_cleartext_event,
};
