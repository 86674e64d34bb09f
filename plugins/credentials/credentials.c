/*
 * `credentials`: one line a login, in columns, as JSON, or for hashcat. In columns no value has a
 * blank in it (a blank stands as \x20, an absent value as `-`), so that a line can be read by
 * column number as well as by eye. Widths are minimums: lines go out as they come, and a long value
 * moves the rest of its line. Secrets that are shown may be of any length, and so stand last.
 */
#include "plugins/credentials/credentials.h"

#include "plugins/common/words.h"

#define NS_PER_S INT64_C(1000000000)

typedef enum {
    TABLE,
    JSON,
    HASHCAT,
} Format;

typedef struct {
    SsFile *file;
    Format format;
    bool has_header;
    uint64_t by_hashcat[SS_N_HASHCATS];
} Credentials;

static const SsOption credentials_options[] = {
    {.key = "format",
     .type = SS_OPTION_CHOICE,
     .fallback = "table",
     .choices = "table|json|hashcat",
     .help = "columns, a line of JSON a login, or challenges and responses for hashcat"},
    {.key = NULL},
};

static const struct {
    const char *name;
    size_t width;
} columns[] = {
    {"TIME", 27}, {"CLIENT", 21}, {"SERVER", 21}, {"MECHANISM", 10},
    {"USER", 24}, {"SECRET", 12}, {"OUTCOME", 8}, {"PROTECTION", 10},
};
#define SECRET_COLUMN 5

static void *
credentials_open(const SsHost *host, char *err, size_t errlen)
{
    const char *name = host->option_text(host, "format");
    Format format = g_str_equal(name, "json")      ? JSON
                    : g_str_equal(name, "hashcat") ? HASHCAT
                                                   : TABLE;
    SsFile *file;
    Credentials *self;

    if (format == HASHCAT && !host->show_secrets) {
        g_snprintf(err, errlen, "format=hashcat writes secrets: give --show-secrets");
        host->blame_options(host);
        return NULL;
    }
    file = host->file_open(host, host->dest, err, errlen);
    if (!file) {
        return NULL;
    }
    self = g_new0(Credentials, 1);
    self->file = file;
    self->format = format;
    if (format == TABLE) {
        ss_words_head_secrets(host, file);
    }
    return self;
}

/* Ends column `i`, which began at byte `start` of the line. */
static void
end_column(GString *line, size_t i, size_t start, bool is_last)
{
    size_t cells = (size_t)g_utf8_strlen(line->str + start, (gssize)(line->len - start));

    if (is_last) {
        g_string_append_c(line, '\n');
        return;
    }
    do {
        g_string_append_c(line, ' ');
    } while (++cells < columns[i].width + 1);
}

static void
append_value(GString *line, const SsHost *host, SsSlice text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    if (text.len == 0) {
        g_string_append(line, ss_slice_is_null(text) ? "-" : "\"\"");
        return;
    }
    host->text_safe(host, text, ss_words_put, safe);
    for (size_t i = 0; i < safe->len; i++) {
        if (safe->str[i] == ' ') {
            g_string_append(line, "\\x20");
        } else {
            g_string_append_c(line, safe->str[i]);
        }
    }
}

/* RFC 3339, to the microsecond. */
static void
append_time(GString *line, int64_t time_ns)
{
    int64_t s = time_ns / NS_PER_S, rest = time_ns % NS_PER_S;
    g_autoptr(GDateTime) time = NULL;

    if (rest < 0) {
        rest += NS_PER_S;
        s--;
    }
    time = g_date_time_new_from_unix_utc(s);
    g_string_append_printf(line, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", g_date_time_get_year(time),
                           g_date_time_get_month(time), g_date_time_get_day_of_month(time),
                           g_date_time_get_hour(time), g_date_time_get_minute(time),
                           g_date_time_get_second(time), (int)(rest / 1000));
}

static void
append_column(GString *line, const SsHost *host, const SsEvent *event, size_t i)
{
    static const char *const outcomes[] = {"success", "failure", "aborted", "unknown"};
    static const char *const protections[] = {"none", "starttls", "smtps"};
    const SsEventAuth *auth = &event->auth;

    switch (i) {
    case 0:
        append_time(line, event->time_ns);
        break;
    case 1:
        ss_words_endpoint(line, host, &auth->client);
        break;
    case 2:
        ss_words_endpoint(line, host, &auth->server);
        break;
    case 3:
        append_value(line, host, auth->mechanism);
        break;
    case 4:
        append_value(line, host, auth->username);
        break;
    case 5:
        append_value(line, host,
                     ss_slice_is_null(auth->fingerprint) ? auth->secret : auth->fingerprint);
        break;
    case 6:
        g_string_append(line, outcomes[auth->outcome & 3]);
        break;
    default:
        g_string_append(line, protections[auth->security % 3]);
        break;
    }
}

/* The column that stands `nth`: shown, secrets may be of any length, and stand last. */
static size_t
column_at(const SsHost *host, size_t nth)
{
    if (!host->show_secrets || nth < SECRET_COLUMN) {
        return nth;
    }
    return nth + 1 == G_N_ELEMENTS(columns) ? SECRET_COLUMN : nth + 1;
}

/* A line: of `event`, or the header where it is NULL. */
static void
append_line(GString *line, const SsHost *host, const SsEvent *event)
{
    for (size_t nth = 0; nth < G_N_ELEMENTS(columns); nth++) {
        size_t i = column_at(host, nth), start = line->len;
        if (event) {
            append_column(line, host, event, i);
        } else {
            g_string_append(line, columns[i].name);
        }
        end_column(line, i, start, nth + 1 == G_N_ELEMENTS(columns));
    }
}

static void
append_login(Credentials *self, GString *to, const SsHost *host, const SsEvent *event)
{
    SsSlice line;

    switch (self->format) {
    case JSON:
        line = host->event_json(host, event);
        g_string_append_len(to, (const char *)line.data, (gssize)line.len);
        g_string_append_c(to, '\n');
        break;
    case HASHCAT:
        self->by_hashcat[ss_hashcat_append(to, &event->auth)]++;
        break;
    default:
        if (!self->has_header) {
            self->has_header = true;
            append_line(to, host, NULL);
        }
        append_line(to, host, event);
    }
}

static bool
credentials_event(void *data, void *session, const SsHost *host, const SsEvent *event)
{
    Credentials *self = data;
    g_autoptr(GString) text = g_string_new(NULL);

    (void)session;
    append_login(self, text, host, event);
    return !text->len || (host->file_write(host, self->file, text->str, text->len) &&
                          (!host->is_live || host->file_flush(host, self->file)));
}

/* What hashcat would not take is not passed over in silence. */
static void
tell_left_out(const Credentials *self, const SsHost *host)
{
    g_autoptr(GString) text = g_string_new(NULL);
    uint64_t n = 0;

    for (int why = SS_HASHCAT_NO_MODE; why < SS_N_HASHCATS; why++) {
        if (self->by_hashcat[why]) {
            g_string_append(text, n ? "; " : ": ");
            ss_hashcat_explain(text, (SsHashcat)why, self->by_hashcat[why]);
            n += self->by_hashcat[why];
        }
    }
    if (n) {
        g_autoptr(GString) line = g_string_new(NULL);
        ss_words_counted(line, n, "login has", "logins have");
        g_string_append_printf(line, " no line for hashcat%s", text->str);
        host->tell(host, line->str);
    }
}

static bool
credentials_close(void *data, const SsHost *host)
{
    Credentials *self = data;
    g_autoptr(GString) line = g_string_new(NULL);
    bool ok = true;

    if (self->format == TABLE && !self->has_header) {
        /* a file without logins still says what it would hold */
        append_line(line, host, NULL);
        ok = host->file_write(host, self->file, line->str, line->len);
    }
    tell_left_out(self, host);
    ok = host->file_close(host, self->file) && ok;
    g_free(self);
    return ok;
}

const SsPlugin ss_plugin_credentials = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "credentials",
    .summary = "one line a login: who, where, how, and over what protection",
    .options = credentials_options,
    .wants = SS_WANT(SS_EVENT_AUTH),
    .open = credentials_open,
    .event = credentials_event,
    .close = credentials_close,
};
