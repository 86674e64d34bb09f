/*
 * `auth.weak`: a login outside TLS whose challenge and response allow passwords to be tried
 * offline, fast. SCRAM is not among them: each guess costs thousands of rounds.
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
    {.id = "auth.weak",
     .severity = SS_SEVERITY_MEDIUM,
     .when = "CRAM-MD5, DIGEST-MD5 or NTLM outside TLS",
     .reference = "RFC 6331",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static void *
auth_weak_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host, (void)err, (void)errlen;
    return (void *)kinds; /* no state */
}

static bool
is_weak(SsSlice mechanism)
{
    static const SsSlice weak[] = {
        SS_SLICE_INIT("CRAM-MD5"),
        SS_SLICE_INIT("DIGEST-MD5"),
        SS_SLICE_INIT("NTLM"),
    };

    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        if (ss_slice_eq(mechanism, weak[i])) {
            return true;
        }
    }
    return false;
}

static bool
auth_weak_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    Detail detail = {auth->mechanism, auth->username, auth->outcome};
    g_autoptr(GString) summary = NULL;

    (void)self, (void)session;
    /* Given up before the response was sent, it gave nothing away. */
    if (auth->security != SS_SECURITY_NONE || auth->secret_kind != SS_SECRET_HASH ||
        !is_weak(auth->mechanism)) {
        return true;
    }
    summary = g_string_new("the ");
    ss_words_append(summary, host, auth->mechanism, SS_WORDS_MAX);
    g_string_append(summary, " response of ");
    ss_login_user(summary, host, auth->username);
    ss_login_crossed(summary, host, auth);
    g_string_append_printf(summary,
                           " (%s): whoever recorded it can try passwords on it; require TLS for "
                           "logins",
                           ss_login_outcome(auth->outcome));
    ss_login_report(host, event, &kinds[0], summary->str, &detail);
    return true;
}

const SsPlugin ss_plugin_auth_weak = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "auth-weak",
    .summary = "logins in the clear whose password can be guessed from what was recorded",
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_AUTH),
    .open = auth_weak_open,
    .event = auth_weak_event,
};
