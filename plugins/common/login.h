/*
 * Logins in words, for the `auth-*` detectors.
 */
#pragma once

#include "plugins/common/words.h"

/* "alice@a.example", or that there is no name. */
static inline void
ss_login_user(GString *to, const SsHost *host, SsSlice username)
{
    if (username.len) {
        ss_words_append(to, host, username, SS_WORDS_MAX);
    } else {
        g_string_append(to, "a user without a name");
    }
}

/* " crossed in the clear from 192.0.2.10 to 198.51.100.25 port 25" */
static inline void
ss_login_crossed(GString *to, const SsHost *host, const SsEventAuth *auth)
{
    g_string_append(to, " crossed in the clear from ");
    ss_words_append(to, host, auth->client.ip, SS_WORDS_MAX);
    g_string_append(to, " to ");
    ss_words_append(to, host, auth->server.ip, SS_WORDS_MAX);
    g_string_append_printf(to, " port %" PRIu64, auth->server.port);
}

static inline const char *
ss_login_outcome(int outcome)
{
    switch (outcome) {
    case SS_AUTH_SUCCESS:
        return "the server accepted it";
    case SS_AUTH_FAILURE:
        return "the server refused it";
    case SS_AUTH_ABORTED:
        return "the exchange was given up";
    default:
        return "its outcome was not captured";
    }
}

/* The packets that carried the exchange, or the one that ended it where these are not known. */
static inline void
ss_login_report(const SsHost *host, const SsEvent *event, const SsFindingKind *kind,
                const char *summary, const void *detail)
{
    const SsList *evidence = &event->auth.evidence;

    host->report(host, event, kind, summary, detail, evidence->n ? evidence->items : &event->frame,
                 evidence->n ? evidence->n : 1, 0);
}
