/*
 * Events as lines of JSON, for programs.
 */
#include <glib.h>

#include "base/plugin.h"

typedef struct {
    SsFile *file;
} Json;

static const struct {
    const char *name;
    uint64_t wants;
} types[] = {
    {"session", SS_WANT(SS_EVENT_SESSION)}, {"message", SS_WANT(SS_EVENT_MESSAGE)},
    {"auth", SS_WANT(SS_EVENT_AUTH)},       {"tls", SS_WANT(SS_EVENT_TLS)},
    {"command", SS_WANT(SS_EVENT_COMMAND)}, {"reply", SS_WANT(SS_EVENT_REPLY)},
    {"finding", SS_WANT(SS_EVENT_FINDING)}, {"delivery", SS_WANT(SS_EVENT_DELIVERY)},
    {"capture", SS_WANT(SS_EVENT_CAPTURE)}, {"all", SS_WANT_ALL_WRITTEN},
};

static const SsOption json_options[] = {
    {.key = "events",
     .type = SS_OPTION_LIST,
     .fallback = "session+message+auth+tls+finding+delivery+capture",
     .choices = "session|message|auth|tls|command|reply|finding|delivery|capture|all",
     .help = "types of events to write"},
    {.key = NULL},
};

static uint64_t
wants_of(const char *list)
{
    g_auto(GStrv) names = g_strsplit(list, "+", -1);
    uint64_t wants = 0;

    for (size_t i = 0; names[i]; i++) {
        for (size_t type = 0; type < G_N_ELEMENTS(types); type++) {
            if (g_str_equal(names[i], types[type].name)) {
                wants |= types[type].wants;
            }
        }
    }
    return wants;
}

static void *
json_open(const SsHost *host, char *err, size_t errlen)
{
    uint64_t wants = wants_of(host->option_text(host, "events"));
    bool has_messages = (wants & SS_WANT(SS_EVENT_MESSAGE)) != 0;
    SsFile *file = host->file_open(host, host->dest, err, errlen);
    Json *json;

    if (!file) {
        return NULL;
    }
    host->want(host, wants, has_messages ? SS_NEED_MIME | SS_NEED_HASHES : 0);
    json = g_new0(Json, 1);
    json->file = file;
    return json;
}

static bool
json_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    Json *json = self;
    SsSlice line = host->event_json(host, event);

    (void)session;
    return host->file_write(host, json->file, line.data, line.len) &&
           host->file_write(host, json->file, "\n", 1);
}

static bool
json_close(void *self, const SsHost *host)
{
    Json *json = self;
    bool is_written = host->file_close(host, json->file);

    g_free(json);
    return is_written;
}

const SsPlugin ss_plugin_json = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "json",
    .summary = "events as newline-delimited JSON, for programs",
    .options = json_options,
    .wants = SS_WANT_ALL_WRITTEN,
    .needs = SS_NEED_MIME | SS_NEED_HASHES,
    .open = json_open,
    .event = json_event,
    .close = json_close,
    .dest = SS_DEST_FILE,
};
