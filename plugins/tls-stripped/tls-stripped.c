/*
 * `tls.stripped`: somebody on the way took the offer of STARTTLS out. Either it shows, where
 * letters of the same number stand over it; or the same server made the offer in another session.
 *
 * A server is its address and port. Of each is kept who was offered STARTTLS first, and which
 * sessions were not, until one shows that they should have been. A finding is the later session's,
 * whichever of the two that is, and names the others.
 */
#include "base/plugin.h"
#include "plugins/common/known.h"
#include "plugins/common/sessions.h"
#include "plugins/common/words.h"

typedef struct {
    int how;
    SsSlice written;
    const SsEndpoint *server;
    SsList uids;
    uint64_t sessions;
} Detail;

enum {
    WRITTEN_OVER,
    LEFT_OUT
};

static const char *const how_names[] = {"written-over", "left-out", NULL};
static const SsField detail_fields[] = {
    {.name = "how",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, how),
     .names = how_names,
     .doc = "letters stand over the offer, or it is not there, and was in another session"},
    {.name = "written",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, written),
     .nullable = true,
     .doc = "what stands in its place"},
    {.name = "server",
     .kind = SS_FIELD_POINTER,
     .offset = offsetof(Detail, server),
     .fields = ss_endpoint_fields,
     .size = sizeof(SsEndpoint),
     .doc = "whose offer is missing; null where letters show it"},
    {.name = "uids",
     .kind = SS_FIELD_TEXTS,
     .offset = offsetof(Detail, uids),
     .doc = "the other session that was offered STARTTLS, or those that were not"},
    {.name = "sessions",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, sessions),
     .doc = "sessions without the offer that this finding is about"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "tls.stripped",
     .severity = SS_SEVERITY_HIGH,
     .when = "the offer of STARTTLS overwritten, or missing where the same server made it in "
             "another session",
     .reference = "RFC 3207 section 6",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "servers",
     .type = SS_OPTION_COUNT,
     .fallback = "10000",
     .help = "servers remembered at once"},
    {.key = NULL},
};

/* What is known of a server. */
typedef struct {
    uint64_t offered_uid, offered_frame; /* the first session that was offered STARTTLS; uid 0 */
    SsUids without;                      /* those that were not, before that */
    uint64_t without_frame;
} Server;

typedef struct {
    SsKnown *servers;
} TlsStripped;

typedef struct {
    uint64_t offered_frame; /* of a reply to EHLO with the offer … */
    uint64_t without_frame; /* … and of one without */
} Session;

static void *
tls_stripped_open(const SsHost *host, char *err, size_t errlen)
{
    TlsStripped *self = g_new0(TlsStripped, 1);

    (void)err, (void)errlen;
    self->servers = ss_known_new((size_t)MIN(host->option_count(host, "servers"), 1000000),
                                 sizeof(Server), NULL);
    return self;
}

/* --- it shows --- */

static void
tell_masked(const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    Detail detail = {.how = WRITTEN_OVER, .written = note->text, .sessions = 1};
    g_autoptr(GString) summary = g_string_new("`");

    ss_words_append(summary, host, note->text, 64);
    g_string_append(summary,
                    note->direction == SS_SERVER
                        ? "` stands where the server offered STARTTLS: a filter on the way took "
                          "TLS out; look for a firewall that inspects SMTP, or an attacker"
                        : "` stands where the client said STARTTLS: a filter on the way took TLS "
                          "out; look for a firewall that inspects SMTP, or an attacker");
    host->report(host, event, &kinds[0], summary->str, &detail, &note->evidence, 1, 0);
}

/* --- another session shows it --- */

static void
tell_left_out(const SsHost *host, const SsEvent *event, const SsUids *others, uint64_t n,
              bool is_offer, const uint64_t *frames, size_t n_frames)
{
    SsUidTexts texts;
    const SsEndpoint *at = &event->session_end.server.at;
    g_autoptr(GString) server = g_string_new(NULL), summary = g_string_new(NULL);
    Detail detail = {
        .how = LEFT_OUT, .server = at, .uids = ss_uids_list(others, &texts), .sessions = n};

    ss_words_endpoint(server, host, at);
    if (is_offer) {
        ss_words_counted(summary, n, "earlier session", "earlier sessions");
        g_string_append_printf(summary, " with %s had no offer of STARTTLS, and this one had it",
                               server->str);
    } else {
        g_string_append_printf(
            summary, "%s did not offer STARTTLS here, and did in another session", server->str);
    }
    g_string_append(summary,
                    ": somebody on the way may have taken it out; compare the clients' ways "
                    "to the server");
    host->report(host, event, &kinds[0], summary->str, &detail, frames, n_frames, 0);
}

static bool
offers_tls(const SsEventSession *session)
{
    const SsSlice *offers = session->extensions.items;

    for (size_t i = 0; i < session->extensions.n; i++) {
        if (ss_slice_eq_nocase(offers[i], SS_SLICE("STARTTLS"))) {
            return true;
        }
    }
    return session->security == SS_SECURITY_STARTTLS;
}

/* The whole reply to EHLO was seen, and nothing hides another. */
static bool
lacks_tls(const SsEventSession *session, const Session *state)
{
    bool is_whole = session->from_start && session->server.missing_bytes == 0 &&
                    session->client.missing_bytes == 0;

    return session->security == SS_SECURITY_NONE && session->state != SS_STATE_NOT_SMTP &&
           (state->without_frame || (is_whole && session->extensions.n));
}

static void
see_offer(Server *server, const SsHost *host, const SsEvent *event, uint64_t frame)
{
    const uint64_t frames[] = {frame, server->without_frame};

    if (server->offered_uid) {
        return;
    }
    server->offered_uid = event->uid;
    server->offered_frame = frame;
    if (server->without.n) {
        tell_left_out(host, event, &server->without, server->without.n, true, frames, 2);
    }
}

static void
see_lack(Server *server, const SsHost *host, const SsEvent *event, uint64_t frame)
{
    const uint64_t frames[] = {frame, server->offered_frame};
    SsUids other = {.n = 0};

    if (server->offered_uid) {
        ss_uids_add(&other, server->offered_uid);
        tell_left_out(host, event, &other, 1, false, frames, 2);
        return;
    }
    ss_uids_add(&server->without, event->uid);
    if (!server->without_frame) {
        server->without_frame = frame;
    }
}

static void
see_session(TlsStripped *self, const Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    bool is_offered = state->offered_frame || offers_tls(session);
    bool is_lacking = !is_offered && lacks_tls(session, state);
    g_autoptr(GString) key = NULL;
    Server *server;

    if (!is_offered && !is_lacking) {
        return;
    }
    key = g_string_new(NULL);
    ss_words_endpoint(key, host, &session->server.at);
    server = ss_known_add(self->servers, ss_slice(key->str, key->len));
    if (is_offered) {
        see_offer(server, host, event,
                  state->offered_frame ? state->offered_frame : session->frames[0]);
    } else {
        see_lack(server, host, event,
                 state->without_frame ? state->without_frame : session->frames[0]);
    }
}

static void
see_note(Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;

    switch (note->kind) {
    case SS_NOTE_MASKED:
        tell_masked(host, event);
        break;
    case SS_NOTE_USE:
        if (ss_slice_eq(note->text, SS_SLICE("STARTTLS"))) {
            state->offered_frame = state->offered_frame ? state->offered_frame : note->span;
        } else if (note->span && !state->offered_frame) {
            /* Behind an offer a hello may lack it: within TLS, or behind a login. */
            state->without_frame = note->span;
        }
        break;
    case SS_NOTE_ENCRYPTED:
        *state = (Session){0}; /* what the session's event says is enough */
        break;
    default:
        break;
    }
}

static bool
tls_stripped_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    if (event->type == SS_EVENT_NOTE) {
        see_note(session, host, event);
    } else {
        see_session(self, session, host, event);
    }
    return true;
}

static bool
tls_stripped_close(void *self_, const SsHost *host)
{
    TlsStripped *self = self_;
    g_autofree char *what = NULL;

    if (ss_known_n_forgotten(self->servers)) {
        what =
            g_strdup_printf("%" PRIu64 " servers were forgotten to make room for others; see its "
                            "option `servers`",
                            ss_known_n_forgotten(self->servers));
        host->tell(host, what);
    }
    ss_known_free(self->servers);
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_tls_stripped = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "tls-stripped",
    .summary = "offers of STARTTLS that somebody on the way took out",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION),
    .session_state = sizeof(Session),
    .open = tls_stripped_open,
    .event = tls_stripped_event,
    .close = tls_stripped_close,
    .notes = SS_NOTES(SS_NOTE_MASKED) | SS_NOTES(SS_NOTE_USE) | SS_NOTES(SS_NOTE_ENCRYPTED),
};
