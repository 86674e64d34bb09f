/*
 * `smtp.enumeration`: a client that tries names to see which exist, by VRFY and EXPN, or by RCPT
 * and what is refused. Counted for each client address over all its sessions, within a time, and
 * told once: of VRFY and EXPN at the command that goes over the threshold, of recipients when the
 * session has ended, for only then is it known how many others it reached.
 */
#include "base/plugin.h"
#include "plugins/common/enhanced.h"
#include "plugins/common/known.h"
#include "plugins/common/sessions.h"
#include "plugins/common/words.h"

typedef struct {
    SsEndpoint client;
    uint64_t names;
    uint64_t recipients;
    uint64_t accepted;
    SsList uids;
} Detail;

/* Its ports are many. */
static const SsField client_fields[] = {
    {.name = "ip", .kind = SS_FIELD_TEXT, .offset = offsetof(SsEndpoint, ip), .doc = "address"},
    {.name = NULL},
};

static const SsField detail_fields[] = {
    {.name = "client",
     .kind = SS_FIELD_OBJECT,
     .offset = offsetof(Detail, client),
     .fields = client_fields,
     .doc = "who"},
    {.name = "names",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, names),
     .doc = "VRFY and EXPN commands"},
    {.name = "recipients",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, recipients),
     .doc = "RCPT commands refused because there is no such mailbox"},
    {.name = "accepted",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, accepted),
     .doc = "recipients accepted, at least"},
    {.name = "uids",
     .kind = SS_FIELD_TEXTS,
     .offset = offsetof(Detail, uids),
     .doc = "its sessions before this one that were counted"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "smtp.enumeration",
     .severity = SS_SEVERITY_MEDIUM,
     .when = "VRFY or EXPN of several names, or 20 refused RCPT, from one client",
     .reference = "RFC 5321 section 7.3",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "names",
     .type = SS_OPTION_COUNT,
     .fallback = "3",
     .help = "different names in VRFY and EXPN"},
    {.key = "recipients",
     .type = SS_OPTION_COUNT,
     .fallback = "20",
     .help = "different recipients refused because there is no such mailbox"},
    {.key = "window",
     .type = SS_OPTION_COUNT,
     .fallback = "3600",
     .help = "seconds within which they count together"},
    {.key = "clients",
     .type = SS_OPTION_COUNT,
     .fallback = "10000",
     .help = "clients remembered at once"},
    {.key = NULL},
};

#define THRESHOLD_MAX 1000 /* so that what is kept of a client has a bound */
#define FRAMES_MAX 10      /* packets named */

/* Names that were tried: how often, and which different ones, as many as the threshold. */
typedef struct {
    uint64_t n;
    GArray *hashes; /* of uint64_t; NULL: none */
} Tries;

/* Of a session's refused recipients, and of all of a client's over its sessions. */
typedef struct {
    Tries names, recipients;
    uint64_t accepted;
    uint64_t frames[FRAMES_MAX];
    uint64_t n_frames;
} Count;

typedef struct {
    Count count;
    SsUids uids;
    int64_t since_ns;
    bool is_told;
} Client;

typedef struct {
    SsKnown *clients;
    uint64_t min_names, min_recipients;
    int64_t window_ns;
} SmtpEnumeration;

typedef struct {
    Count count;
    bool has_probed;
} Session;

/* --- counting --- */

static void
count_clear(Count *count)
{
    g_clear_pointer(&count->names.hashes, g_array_unref);
    g_clear_pointer(&count->recipients.hashes, g_array_unref);
    *count = (Count){0};
}

static void
client_clear(void *client)
{
    count_clear(&((Client *)client)->count);
}

/* FNV-1a over the name without case. */
static uint64_t
hash_of(SsSlice name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ ss_ascii_lower(name.data[i])) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Sorted, so that a walk over many names does not cost the square of their number. */
static void
add_hash(Tries *tries, uint64_t hash, uint64_t max)
{
    guint low = 0, high;

    if (!tries->hashes) {
        tries->hashes = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    }
    high = tries->hashes->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(tries->hashes, uint64_t, middle) < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (tries->hashes->len < max &&
        (low == tries->hashes->len || g_array_index(tries->hashes, uint64_t, low) != hash)) {
        g_array_insert_val(tries->hashes, low, hash);
    }
}

static void
add_try(Count *count, Tries *tries, uint64_t max, SsSlice name, uint64_t frame)
{
    tries->n++;
    add_hash(tries, hash_of(name), max);
    if (count->n_frames < FRAMES_MAX && frame) {
        count->frames[count->n_frames++] = frame;
    }
}

static void
add_count(const SmtpEnumeration *self, Count *to, const Count *from)
{
    const GArray *hashes = from->recipients.hashes;

    to->recipients.n += from->recipients.n;
    for (guint i = 0; hashes && i < hashes->len; i++) {
        add_hash(&to->recipients, g_array_index(hashes, uint64_t, i), self->min_recipients);
    }
    to->accepted += from->accepted;
    for (uint64_t i = 0; i < from->n_frames && to->n_frames < FRAMES_MAX; i++) {
        to->frames[to->n_frames++] = from->frames[i];
    }
}

static uint64_t
n_different(const Tries *tries)
{
    return tries->hashes ? tries->hashes->len : 0;
}

/* --- the plugin --- */

static void *
smtp_enumeration_open(const SsHost *host, char *err, size_t errlen)
{
    SmtpEnumeration *self = g_new0(SmtpEnumeration, 1);

    (void)err, (void)errlen;
    self->clients = ss_known_new((size_t)MIN(host->option_count(host, "clients"), 1000000),
                                 sizeof(Client), client_clear);
    self->min_names = CLAMP(host->option_count(host, "names"), 1, THRESHOLD_MAX);
    self->min_recipients = CLAMP(host->option_count(host, "recipients"), 1, THRESHOLD_MAX);
    self->window_ns = (int64_t)MIN(host->option_count(host, "window"), 1u << 31) * 1000000000;
    return self;
}

static void
see_message(const SmtpEnumeration *self, Count *count, const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    bool has_refusal = false;

    for (size_t i = 0; i < message->rcpt.n; i++) {
        if (ss_enhanced_is_no_mailbox(&rcpt[i].reply)) {
            add_try(count, &count->recipients, self->min_recipients, rcpt[i].address,
                    rcpt[i].reply.frame);
            has_refusal = true;
        }
    }
    for (size_t i = 0; has_refusal && i < message->rcpt.n; i++) {
        count->accepted += rcpt[i].reply.code / 100 == 2;
    }
}

static void
tell(const Client *client, const SsEndpoint *at, const SsHost *host, const SsEvent *event)
{
    const Count *count = &client->count;
    SsUidTexts texts;
    Detail detail = {
        .client = *at,
        .names = count->names.n,
        .recipients = count->recipients.n,
        .accepted = count->accepted,
        .uids = ss_uids_list(&client->uids, &texts),
    };
    g_autoptr(GString) summary = g_string_new(NULL);

    ss_words_append(summary, host, detail.client.ip, 64);
    if (count->names.n) {
        g_string_append(summary, " asked for ");
        ss_words_counted(summary, count->names.n, "name", "names");
        g_string_append(summary, " with VRFY or EXPN");
    }
    if (count->recipients.n) {
        g_string_append(summary, count->names.n ? " and tried " : " tried ");
        ss_words_counted(summary, count->recipients.n, "recipient", "recipients");
        g_string_append(summary,
                        count->recipients.n == 1 ? " that does not exist" : " that do not exist");
    }
    g_string_append(summary,
                    ": it looks for addresses; block it, and let the server refuse VRFY and "
                    "slow such clients down");
    host->report(host, event, &kinds[0], summary->str, &detail, count->frames,
                 (size_t)count->n_frames, 0);
}

/* A sender of much mail meets mailboxes that are gone; one that guesses meets little else. */
static bool
is_over(const SmtpEnumeration *self, const Count *count)
{
    return n_different(&count->names) >= self->min_names ||
           (n_different(&count->recipients) >= self->min_recipients &&
            count->recipients.n > count->accepted);
}

static void
judge(const SmtpEnumeration *self, Client *client, const SsEndpoint *at, const SsHost *host,
      const SsEvent *event)
{
    if (!client->is_told && is_over(self, &client->count)) {
        client->is_told = true;
        tell(client, at, host, event);
    }
}

/* What is known of a client, forgotten when its time is over; NULL where there is nothing and
 * `is_new` does not ask for it. */
static Client *
client_of(SmtpEnumeration *self, SsSlice ip, int64_t now_ns, bool is_new)
{
    Client *client = is_new ? ss_known_add(self->clients, ip) : ss_known_find(self->clients, ip);

    /* A session that timed out ended before others that are known: its time may be the earlier. */
    if (client && (now_ns - client->since_ns > self->window_ns ||
                   client->since_ns - now_ns > self->window_ns)) {
        client_clear(client);
        *client = (Client){.since_ns = now_ns};
    }
    return client;
}

static void
see_probe(SmtpEnumeration *self, Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventNote *note = &event->note;
    Client *client = client_of(self, note->client.ip, event->time_ns, true);
    Count *count = &client->count;

    state->has_probed = true;
    add_try(count, &count->names, self->min_names, note->text, note->evidence);
    judge(self, client, &note->client, host, event);
}

static void
see_session(SmtpEnumeration *self, Session *state, const SsHost *host, const SsEvent *event)
{
    const SsEventSession *session = &event->session_end;
    bool has_refusals = state->count.recipients.n > 0;
    Client *client = client_of(self, session->client.at.ip, session->end_ns, has_refusals);

    if (!client) {
        return;
    }
    state->count.accepted += session->messages.accepted;
    add_count(self, &client->count, &state->count);
    judge(self, client, &session->client.at, host, event);
    if (has_refusals || state->has_probed) {
        ss_uids_add(&client->uids, event->uid);
    }
}

static bool
smtp_enumeration_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Session *state = session;

    switch (event->type) {
    case SS_EVENT_NOTE:
        see_probe(self, state, host, event);
        break;
    case SS_EVENT_MESSAGE:
        see_message(self, &state->count, &event->message);
        break;
    default:
        see_session(self, state, host, event);
        break;
    }
    return true;
}

static void
smtp_enumeration_session_free(void *self, void *session)
{
    (void)self;
    count_clear(&((Session *)session)->count);
}

static bool
smtp_enumeration_close(void *self_, const SsHost *host)
{
    SmtpEnumeration *self = self_;
    g_autofree char *what = NULL;

    if (ss_known_n_forgotten(self->clients)) {
        what =
            g_strdup_printf("%" PRIu64 " clients were forgotten to make room for others; see its "
                            "option `clients`",
                            ss_known_n_forgotten(self->clients));
        host->tell(host, what);
    }
    ss_known_free(self->clients);
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_smtp_enumeration = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "smtp-enumeration",
    .summary = "clients that try names to see which exist",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SESSION) | SS_WANT_REFUSALS,
    .session_state = sizeof(Session),
    .open = smtp_enumeration_open,
    .event = smtp_enumeration_event,
    .close = smtp_enumeration_close,
    .session_free = smtp_enumeration_session_free,
    .notes = SS_NOTES(SS_NOTE_PROBE),
};
