/*
 * `smtp.relay`: a message of a client that had not logged in was accepted for a domain that the
 * same server refused to relay for in another session. So the domain is not the server's own, and
 * the client got what others did not.
 *
 * Known by server and domain is who was accepted first, and who was refused. Either may come first;
 * the finding is made once, when both are known.
 */
#include "base/plugin.h"
#include "plugins/common/enhanced.h"
#include "plugins/common/known.h"
#include "plugins/common/sessions.h"
#include "plugins/common/words.h"

#include <arpa/inet.h>

typedef struct {
    SsSlice domain;
    SsEndpoint server;
    SsEndpoint client;
    SsList uids;
} Detail;

static const SsField detail_fields[] = {
    {.name = "domain",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, domain),
     .doc = "of the recipient"},
    {.name = "server",
     .kind = SS_FIELD_OBJECT,
     .offset = offsetof(Detail, server),
     .fields = ss_endpoint_fields,
     .doc = "who accepted and refused"},
    {.name = "client",
     .kind = SS_FIELD_OBJECT,
     .offset = offsetof(Detail, client),
     .fields = ss_endpoint_fields,
     .doc = "whose message was accepted"},
    {.name = "uids",
     .kind = SS_FIELD_TEXTS,
     .offset = offsetof(Detail, uids),
     .doc = "the other sessions: those that were refused, or the one that was accepted"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.relay",
     .severity = SS_SEVERITY_HIGH,
     .when = "an unauthenticated client's message accepted for domains that the server's other "
             "sessions refuse with a relay error",
     .reference = "RFC 5321 section 3.6.2",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "domains",
     .type = SS_OPTION_COUNT,
     .fallback = "10000",
     .help = "domains of servers remembered at once"},
    {.key = NULL},
};

#define REFUSED_MAX 16 /* domains of one session */
#define IP_MAX 46

/* What is known of a domain at a server. */
typedef struct {
    uint64_t accepted_uid, accepted_frame, message; /* uid 0: nobody was */
    char accepted_ip[IP_MAX];
    uint64_t accepted_port;
    bool is_accepted_inside; /* its address is a private one */
    SsUids refused;
    uint64_t refused_frame;
    bool is_refused_inside; /* one of them has a private address */
    bool is_told;
} Place;

typedef struct {
    SsKnown *places;
} SmtpRelay;

typedef struct {
    GPtrArray *domains; /* refused, of char *; or NULL */
    uint64_t frame;     /* of the first refusal */
} Session;

static void *
smtp_relay_open(const SsHost *host, char *err, size_t errlen)
{
    SmtpRelay *self = g_new0(SmtpRelay, 1);

    (void)err, (void)errlen;
    self->places = ss_known_new((size_t)MIN(host->option_count(host, "domains"), 1000000),
                                sizeof(Place), NULL);
    return self;
}

/* --- addresses --- */

/* Of a network of one's own: RFC 1918, RFC 4193, RFC 6598, loopback, link-local. */
static bool
is_private(const char *ip)
{
    uint8_t at[16];

    if (inet_pton(AF_INET, ip, at) == 1) {
        return at[0] == 10 || at[0] == 127 || (at[0] == 172 && (at[1] & 0xf0) == 16) ||
               (at[0] == 192 && at[1] == 168) || (at[0] == 169 && at[1] == 254) ||
               (at[0] == 100 && (at[1] & 0xc0) == 64);
    }
    if (inet_pton(AF_INET6, ip, at) == 1) {
        static const uint8_t loopback[16] = {[15] = 1};
        return (at[0] & 0xfe) == 0xfc || (at[0] == 0xfe && (at[1] & 0xc0) == 0x80) ||
               memcmp(at, loopback, sizeof loopback) == 0;
    }
    return false;
}

static void
copy_ip(char to[IP_MAX], SsSlice ip)
{
    size_t len = MIN(ip.len, IP_MAX - 1);

    if (len) {
        memcpy(to, ip.data, len);
    }
    to[len] = '\0';
}

static Place *
place_of(SmtpRelay *self, const SsHost *host, const SsEndpoint *server, SsSlice domain)
{
    g_autoptr(GString) key = g_string_new(NULL);

    ss_words_endpoint(key, host, server);
    g_string_append_c(key, ' ');
    g_string_append_len(key, (const char *)domain.data, (gssize)domain.len);
    return ss_known_add(self->places, ss_slice(key->str, key->len));
}

/* --- the verdict --- */

/* `is_later`: the event is of the session that was accepted. */
static void
judge(Place *place, const SsHost *host, const SsEvent *event, const SsEndpoint *at, SsSlice domain,
      bool is_later)
{
    const uint64_t frames[] = {place->accepted_frame, place->refused_frame};
    SsUids others = {.n = 0};
    SsUidTexts texts;
    g_autoptr(GString) server = NULL, summary = NULL;
    Detail detail = {.domain = domain,
                     .server = *at,
                     .client = {ss_slice_str(place->accepted_ip), place->accepted_port}};

    /* What a server takes from its own network and not from outside is as it should be. */
    if (place->is_told || !place->accepted_uid || !place->refused.n ||
        (place->is_accepted_inside && !place->is_refused_inside)) {
        return;
    }
    place->is_told = true;
    ss_uids_add(&others, place->accepted_uid);
    detail.uids = ss_uids_list(is_later ? &place->refused : &others, &texts);
    server = g_string_new(NULL);
    ss_words_endpoint(server, host, at);
    summary = g_string_new(server->str);
    g_string_append(summary, " took mail for ");
    ss_words_append(summary, host, domain, 255);
    g_string_append_printf(summary,
                           " from %s, which had not logged in, and refused to relay there "
                           "for others: see why; a relay that is open to this client "
                           "sends spam for it",
                           place->accepted_ip);
    host->report(host, event, &kinds[0], summary->str, &detail, frames, 2,
                 is_later ? place->message : 0);
}

static void
see_taken(SmtpRelay *self, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    Place *place = place_of(self, host, &note->server, note->text);
    char ip[IP_MAX];

    copy_ip(ip, note->client.ip);
    /* Of the sessions that were accepted one is enough; one from outside says more. */
    if (!place->accepted_uid || (place->is_accepted_inside && !is_private(ip))) {
        memcpy(place->accepted_ip, ip, sizeof ip);
        place->accepted_port = note->client.port;
        place->is_accepted_inside = is_private(ip);
        place->accepted_uid = event->uid;
        place->accepted_frame = note->evidence;
        place->message = note->message;
        judge(place, host, event, &note->server, note->text, true);
    }
}

/* --- refusals: which server's they are is known when the session ends --- */

static void
see_message(Session *state, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;

    for (size_t i = 0; i < message->rcpt.n; i++) {
        SsSlice address = rcpt[i].address;
        size_t at = address.len;
        g_autofree char *domain = NULL;

        while (at > 0 && address.data[at - 1] != '@') {
            at--;
        }
        if (at == 0 || at == address.len || address.len - at > 255 ||
            !ss_enhanced_is_no_relay(&rcpt[i].reply) ||
            (state->domains && state->domains->len >= REFUSED_MAX)) {
            continue;
        }
        domain = g_strndup((const char *)address.data + at, address.len - at);
        for (char *c = domain; *c; c++) {
            *c = (char)ss_ascii_lower((uint8_t)*c);
        }
        if (!state->domains) {
            state->domains = g_ptr_array_new_with_free_func(g_free);
            state->frame = rcpt[i].reply.frame ? rcpt[i].reply.frame : message->frames[0];
        }
        if (!g_ptr_array_find_with_equal_func(state->domains, domain, g_str_equal, NULL)) {
            g_ptr_array_add(state->domains, g_steal_pointer(&domain));
        }
    }
}

static void
see_session(SmtpRelay *self, const Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    char ip[IP_MAX];

    copy_ip(ip, session->client.at.ip);
    for (guint i = 0; state->domains && i < state->domains->len; i++) {
        SsSlice domain = ss_slice_str(g_ptr_array_index(state->domains, i));
        Place *place = place_of(self, host, &session->server.at, domain);
        if (place->accepted_uid == event->uid) {
            continue; /* refused at first, and then not: another session is to show it */
        }
        if (!place->refused.n) {
            place->refused_frame = state->frame;
        }
        ss_uids_add(&place->refused, event->uid);
        place->is_refused_inside |= is_private(ip);
        judge(place, host, event, &session->server.at, domain, false);
    }
}

static bool
smtp_relay_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    switch (event->type) {
    case SS_EVENT_NOTE:
        see_taken(self, host, event);
        break;
    case SS_EVENT_MESSAGE:
        see_message(session, &event->message);
        break;
    default:
        see_session(self, session, host, event);
        break;
    }
    return true;
}

static void
smtp_relay_session_free(void *self, void *session)
{
    (void)self;
    g_clear_pointer(&((Session *)session)->domains, g_ptr_array_unref);
}

static bool
smtp_relay_close(void *self_, const SsHost *host)
{
    SmtpRelay *self = self_;
    g_autofree char *what = NULL;

    if (ss_known_n_forgotten(self->places)) {
        what =
            g_strdup_printf("%" PRIu64 " domains were forgotten to make room for others; see its "
                            "option `domains`",
                            ss_known_n_forgotten(self->places));
        host->tell(host, what);
    }
    ss_known_free(self->places);
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_smtp_relay = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-relay",
    .summary = "servers that relay for a client that has not logged in, and not for others",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION) | SS_WANT_REFUSALS,
    .session_state = sizeof(Session),
    .open = smtp_relay_open,
    .event = smtp_relay_event,
    .close = smtp_relay_close,
    .session_free = smtp_relay_session_free,
    .notes = SS_NOTES(SS_NOTE_TAKEN),
};
