/*
 * `auth.bruteforce`: somebody tries passwords. Refused logins are gathered over all sessions, by
 * client and by user; as many as `attempts` within `window` seconds are an attack.
 *
 * An attack is told once, when it is one, and once more if a login follows it that the server
 * accepted. It is over when nothing came for as long as the window. What is one client's doing is
 * told of the client, so of a user only what comes from several.
 *
 * Both tables have a bound: the entry that has been quiet longest goes, which is always the same
 * one. An attacker with more addresses than that gets by unseen here, if not by the user's entry.
 */
#include "base/plugin.h"
#include "plugins/common/login.h"

#define ENTRIES_MAX 4096 /* of each table; one with ten attempts has some 700 bytes */
#define ATTEMPTS_MAX 100 /* that may be asked for */
#define KEY_MAX 256      /* bytes of a user's name that tell it from others */
#define NS_PER_S INT64_C(1000000000)

typedef struct {
    int64_t time_ns;
    uint64_t uid, frame;
    guint other; /* hash of the user, of a client's entry; of the client, of a user's */
} Attempt;

/* What was refused one client, or one user. */
typedef struct {
    char *key;
    GList link;       /* in the table's order of use */
    GArray *attempts; /* of Attempt, those within the window, at most as many as make an attack */
    uint64_t total;   /* since it was quiet */
    int64_t first_ns;
    bool is_told, is_success_told;
} Entry;

typedef struct {
    GHashTable *by_key;
    GQueue by_use; /* of Entry, the longest quiet first */
} Table;

typedef struct {
    guint attempts;
    int64_t window_ns;
    Table clients, users;
} Bruteforce;

/* --- the finding --- */

typedef enum {
    GUESSING,
    SPRAYING,
    DISTRIBUTED,
} Kind;

typedef struct {
    int kind; /* Kind */
    SsSlice client, username;
    uint64_t attempts, users, clients;
    int64_t duration_ns;
    bool is_success;
    SsList uids; /* of SsSlice */
} Detail;

static const char *const kind_names[] = {"guessing", "spraying", "distributed", NULL};
static const SsField detail_fields[] = {
    {.name = "kind",
     .kind = SS_FIELD_ENUM,
     .offset = offsetof(Detail, kind),
     .names = kind_names,
     .doc = "many passwords for few users, few for many users, or one user from many clients"},
    {.name = "client",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, client),
     .nullable = true,
     .doc = "its address, null where they are several; of a success the one that logged in"},
    {.name = "username",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, username),
     .nullable = true,
     .doc = "the user, null where they are several; of a success the one that was logged in"},
    {.name = "attempts",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, attempts),
     .doc = "refused logins so far"},
    {.name = "users",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, users),
     .doc = "users among the last of them"},
    {.name = "clients",
     .kind = SS_FIELD_COUNT,
     .offset = offsetof(Detail, clients),
     .doc = "clients among the last of them"},
    {.name = "duration",
     .kind = SS_FIELD_DURATION,
     .offset = offsetof(Detail, duration_ns),
     .doc = "from the first of them to now"},
    {.name = "success",
     .kind = SS_FIELD_BOOL,
     .offset = offsetof(Detail, is_success),
     .doc = "whether a login was accepted behind them"},
    {.name = "uids",
     .kind = SS_FIELD_TEXTS,
     .offset = offsetof(Detail, uids),
     .doc = "the other sessions among the last of them"},
    {.name = NULL},
};

static const SsFindingKind kinds[] = {
    {.id = "auth.bruteforce",
     .severity = SS_SEVERITY_HIGH,
     .when = "10 refused logins in 5 minutes from one client or for one user",
     .reference = "RFC 4954 section 9",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = NULL},
};

static const SsOption options[] = {
    {.key = "attempts",
     .type = SS_OPTION_COUNT,
     .fallback = "10",
     .help = "refused logins that make an attack, from 2 to 100"},
    {.key = "window", .type = SS_OPTION_COUNT, .fallback = "300", .help = "within so many seconds"},
    {.key = NULL},
};

/* --- the tables --- */

static void
entry_free(void *data)
{
    Entry *entry = data;

    g_array_unref(entry->attempts);
    g_free(entry->key);
    g_free(entry);
}

static void
table_init(Table *table)
{
    table->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    g_queue_init(&table->by_use);
}

static void
table_remove(Table *table, Entry *entry)
{
    g_queue_unlink(&table->by_use, &entry->link);
    g_hash_table_remove(table->by_key, entry->key);
}

/* Takes `key`. */
static Entry *
table_get(Table *table, char *key)
{
    Entry *entry = g_hash_table_lookup(table->by_key, key);

    if (entry) {
        g_free(key);
        g_queue_unlink(&table->by_use, &entry->link);
    } else {
        if (table->by_use.length >= ENTRIES_MAX) {
            table_remove(table, table->by_use.head->data);
        }
        entry = g_new0(Entry, 1);
        entry->key = key;
        entry->link.data = entry;
        entry->attempts = g_array_new(FALSE, FALSE, sizeof(Attempt));
        g_hash_table_insert(table->by_key, entry->key, entry);
    }
    g_queue_push_tail_link(&table->by_use, &entry->link);
    return entry;
}

/* Names are the same in either case; of very long ones the beginning counts. Hex, for what is in
 * them is the client's choice. */
static char *
key_of(SsSlice name)
{
    GString *key = g_string_new(NULL);

    for (size_t i = 0; i < MIN(name.len, KEY_MAX); i++) {
        g_string_append_printf(key, "%02x", ss_ascii_lower(name.data[i]));
    }
    return g_string_free(key, FALSE);
}

static guint
hash_of(SsSlice name)
{
    g_autofree char *key = key_of(name);

    return g_str_hash(key);
}

static const Attempt *
last_of(const Entry *entry)
{
    return entry->attempts->len ? &g_array_index(entry->attempts, Attempt, entry->attempts->len - 1)
                                : NULL;
}

static void
forget_old(const Bruteforce *self, Entry *entry, int64_t now_ns)
{
    guint n = 0;

    while (n < entry->attempts->len &&
           now_ns - g_array_index(entry->attempts, Attempt, n).time_ns > self->window_ns) {
        n++;
    }
    g_array_remove_range(entry->attempts, 0, n);
}

static void
add(const Bruteforce *self, Entry *entry, const SsEvent *event, guint other)
{
    Attempt attempt = {event->time_ns, event->uid, event->frame, other};

    forget_old(self, entry, event->time_ns);
    if (!entry->attempts->len) { /* it was quiet: what comes is another attack */
        entry->total = 0;
        entry->first_ns = event->time_ns;
        entry->is_told = entry->is_success_told = false;
    }
    if (entry->attempts->len >= self->attempts) {
        g_array_remove_index(entry->attempts, 0);
    }
    g_array_append_val(entry->attempts, attempt);
    entry->total++;
}

/* Told of its client, an attempt does not count for the user too. */
static void
forget_client(Entry *entry, guint client)
{
    for (guint i = entry->attempts->len; i-- > 0;) {
        if (g_array_index(entry->attempts, Attempt, i).other == client) {
            g_array_remove_index(entry->attempts, i);
            entry->total--;
        }
    }
}

static guint
count_others(const Entry *entry)
{
    guint n = 0;

    for (guint i = 0; i < entry->attempts->len; i++) {
        guint other = g_array_index(entry->attempts, Attempt, i).other, before = 0;
        while (g_array_index(entry->attempts, Attempt, before).other != other) {
            before++;
        }
        n += before == i;
    }
    return n;
}

static bool
has_other(const Entry *entry, guint other)
{
    for (guint i = 0; i < entry->attempts->len; i++) {
        if (g_array_index(entry->attempts, Attempt, i).other == other) {
            return true;
        }
    }
    return false;
}

/* --- telling --- */

/* Behind a load balancer all would be one. */
static SsSlice
client_of(const SsEventAuth *auth)
{
    return ss_slice_is_null(auth->true_client) ? auth->client.ip : auth->true_client;
}

static void
append_summary(GString *to, const SsHost *host, const Detail *detail)
{
    int64_t s = (detail->duration_ns + NS_PER_S / 2) / NS_PER_S;

    if (detail->is_success) {
        ss_words_append(to, host, detail->client, SS_WORDS_MAX);
        g_string_append(to, " logged in as ");
        ss_login_user(to, host, detail->username);
        g_string_append(to, " behind ");
        ss_words_counted(to, detail->attempts, "refused login", "refused logins");
        g_string_append(to, ": take the account for broken into, lock it and change its password");
        return;
    }
    ss_words_counted(to, detail->attempts, "login", "logins");
    if (detail->kind == DISTRIBUTED || detail->users == 1) {
        g_string_append(to, " as ");
        ss_login_user(to, host, detail->username);
    } else if (detail->users) {
        g_string_append(to, " as ");
        ss_words_counted(to, detail->users, "user", "users");
    }
    g_string_append(to, " from ");
    if (detail->kind == DISTRIBUTED) {
        ss_words_counted(to, detail->clients, "client", "clients");
    } else {
        ss_words_append(to, host, detail->client, SS_WORDS_MAX);
    }
    g_string_append_printf(
        to, " were refused in %" PRId64 " s: %s", s,
        detail->kind == SPRAYING ? "it tries a few passwords on many accounts; "
                                   "block it"
        : detail->kind == GUESSING
            ? "it tries passwords; block it, or mend the client"
            : "they try passwords for one account; see that it has a strong one");
}

/* The sessions among the attempts, but for that of `event`; gives their number. */
static size_t
list_uids(const Entry *entry, uint64_t own, char texts[ATTEMPTS_MAX][17],
          SsSlice uids[ATTEMPTS_MAX])
{
    size_t n = 0;

    for (guint i = 0; i < entry->attempts->len; i++) {
        char text[17];
        size_t before = 0;
        uint64_t uid = g_array_index(entry->attempts, Attempt, i).uid;
        g_snprintf(text, sizeof text, "%016" PRIx64, uid);
        while (before < n && strcmp(texts[before], text) != 0) {
            before++;
        }
        if (uid != own && before == n) {
            memcpy(texts[n], text, sizeof text);
            uids[n] = ss_slice(texts[n], 16);
            n++;
        }
    }
    return n;
}

static void
report(const SsHost *host, const SsEvent *event, const Entry *entry, Detail *detail)
{
    SsSlice uids[ATTEMPTS_MAX];
    char texts[ATTEMPTS_MAX][17];
    uint64_t frames[ATTEMPTS_MAX + 1];
    size_t n_uids = list_uids(entry, event->uid, texts, uids), n_frames = entry->attempts->len;
    g_autoptr(GString) summary = g_string_new(NULL);

    for (guint i = 0; i < entry->attempts->len; i++) {
        frames[i] = g_array_index(entry->attempts, Attempt, i).frame;
    }
    if (detail->is_success) {
        frames[n_frames++] = event->frame;
    }
    detail->uids = (SsList){uids, n_uids, n_uids};
    detail->attempts = entry->total;
    detail->duration_ns = MAX(event->time_ns - entry->first_ns, 0);
    append_summary(summary, host, detail);
    host->report(host, event, &kinds[0], summary->str, detail, frames, n_frames, 0);
}

/* Of one client: as many users as half the attempts, and not a typo or two. */
static Kind
kind_of(guint users, guint attempts)
{
    return users >= 3 && users * 2 >= attempts ? SPRAYING : GUESSING;
}

static void
report_client(const SsHost *host, const SsEvent *event, const Entry *client, bool is_success)
{
    const SsEventAuth *auth = &event->auth;
    guint users = count_others(client);
    Detail detail = {
        .kind = (int)kind_of(users, client->attempts->len),
        .client = client_of(auth),
        .username = users == 1 || is_success ? auth->username : SS_SLICE_NULL,
        .users = users,
        .clients = 1,
        .is_success = is_success,
    };

    report(host, event, client, &detail);
}

static void
report_user(const SsHost *host, const SsEvent *event, const Entry *user, bool is_success)
{
    const SsEventAuth *auth = &event->auth;
    Detail detail = {
        .kind = DISTRIBUTED,
        .client = is_success ? client_of(auth) : SS_SLICE_NULL,
        .username = auth->username,
        .users = 1,
        .clients = count_others(user),
        .is_success = is_success,
    };

    report(host, event, user, &detail);
}

/* --- logins --- */

/* Whether a guess was tried: not where the server is not able, or does not let anybody try. */
static bool
is_guess(const SsReplyText *reply)
{
    static const uint64_t others[] = {500, 502, 503, 504, 530, 538};

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (reply->code == others[i]) {
            return false;
        }
    }
    return reply->code / 100 == 5;
}

static void
see_failure(Bruteforce *self, const SsHost *host, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    guint client_hash = hash_of(client_of(auth));
    Entry *client = table_get(&self->clients, key_of(client_of(auth)));
    Entry *user = NULL;

    add(self, client, event, hash_of(auth->username));
    if (!client->is_told && auth->username.len) {
        user = table_get(&self->users, key_of(auth->username));
        add(self, user, event, client_hash);
    }
    if (!client->is_told && client->attempts->len >= self->attempts) {
        client->is_told = true;
        if (user) {
            forget_client(user, client_hash);
        }
        report_client(host, event, client, false);
    } else if (user && !user->is_told && user->attempts->len >= self->attempts &&
               count_others(user) > 1) {
        user->is_told = true;
        report_user(host, event, user, false);
    }
}

/* A login that is accepted in the middle of an attack, or soon behind it. */
static bool
is_behind(const Bruteforce *self, const Entry *entry, int64_t now_ns)
{
    const Attempt *last = entry ? last_of(entry) : NULL;

    return last && entry->is_told && !entry->is_success_told &&
           now_ns - last->time_ns <= self->window_ns;
}

static void
see_success(Bruteforce *self, const SsHost *host, const SsEvent *event)
{
    const SsEventAuth *auth = &event->auth;
    g_autofree char *client_key = key_of(client_of(auth)), *user_key = key_of(auth->username);
    Entry *client = g_hash_table_lookup(self->clients.by_key, client_key);
    Entry *user = g_hash_table_lookup(self->users.by_key, user_key);

    if (is_behind(self, client, event->time_ns)) {
        client->is_success_told = true;
        report_client(host, event, client, true);
    } else if (is_behind(self, user, event->time_ns) && has_other(user, hash_of(client_of(auth)))) {
        user->is_success_told = true;
        report_user(host, event, user, true);
    }
}

/* --- the plugin --- */

static void *
auth_bruteforce_open(const SsHost *host, char *err, size_t errlen)
{
    Bruteforce *self = g_new0(Bruteforce, 1);
    uint64_t attempts = host->option_count(host, "attempts");

    if (attempts < 2 || attempts > ATTEMPTS_MAX) {
        g_snprintf(err, errlen, "attempts=%" PRIu64 ": give a number from 2 to %d", attempts,
                   ATTEMPTS_MAX);
        host->blame_options(host);
        g_free(self);
        return NULL;
    }
    self->attempts = (guint)attempts;
    self->window_ns = (int64_t)MIN(host->option_count(host, "window"), 1000000000) * NS_PER_S;
    table_init(&self->clients);
    table_init(&self->users);
    return self;
}

static bool
auth_bruteforce_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    (void)session;
    if (event->auth.outcome == SS_AUTH_FAILURE && is_guess(&event->auth.reply)) {
        see_failure(self, host, event);
    } else if (event->auth.outcome == SS_AUTH_SUCCESS) {
        see_success(self, host, event);
    }
    return true;
}

static bool
auth_bruteforce_close(void *data, const SsHost *host)
{
    Bruteforce *self = data;

    (void)host;
    g_hash_table_unref(self->clients.by_key);
    g_hash_table_unref(self->users.by_key);
    g_free(self);
    return true;
}

const SsPlugin ss_plugin_auth_bruteforce = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "auth-bruteforce",
    .summary = "passwords tried, from one client or for one user",
    .options = options,
    .findings = kinds,
    .wants = SS_WANT(SS_EVENT_AUTH),
    .open = auth_bruteforce_open,
    .event = auth_bruteforce_event,
    .close = auth_bruteforce_close,
};
