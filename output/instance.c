/*
 * One plugin at work: its options, its files, its errors. Errors of the environment are noted where
 * they happen, whatever the plugin then does, so that none is lost or told twice.
 */
#include "output/file.h"
#include "output/folder.h"
#include "output/host.h"
#include "output/json.h"
#include "output/tell.h"

#include "base/text.h"

static SsInstance *
instance_of(const SsHost *host)
{
    return host->priv;
}

/* --- errors --- */

bool
ss_instance_is_over(SsInstance *instance)
{
    return g_atomic_int_get(&instance->is_over) != 0;
}

static void
set_over(SsInstance *instance)
{
    g_atomic_int_set(&instance->is_over, 1);
}

/* The first error is the one that is told. */
static void
note_error(SsInstance *instance, const char *what)
{
    g_mutex_lock(&instance->lock);
    if (!instance->error) {
        instance->error = g_strdup(what);
    }
    g_mutex_unlock(&instance->lock);
}

char *
ss_instance_error(SsInstance *instance)
{
    char *line = NULL;

    g_mutex_lock(&instance->lock);
    if (instance->error && instance->n_conflicts > 1) {
        line = g_strdup_printf("%s: %s (and %u more)", instance->plugin->name, instance->error,
                               instance->n_conflicts - 1);
    } else if (instance->error) {
        line = g_strdup_printf("%s: %s", instance->plugin->name, instance->error);
    }
    g_mutex_unlock(&instance->lock);
    return line;
}

static void
service_fail(const SsHost *host, const char *what)
{
    note_error(instance_of(host), what);
    set_over(instance_of(host));
}

static void
service_tell(const SsHost *host, const char *what)
{
    ss_tell("%s: %s", instance_of(host)->plugin->name, what);
}

static void
service_blame_options(const SsHost *host)
{
    instance_of(host)->is_to_blame = true;
}

/* --- options and wishes --- */

static bool
service_option_flag(const SsHost *host, const char *key)
{
    return ss_option_values_flag(&instance_of(host)->values, key);
}

static uint64_t
service_option_count(const SsHost *host, const char *key)
{
    return ss_option_values_count(&instance_of(host)->values, key);
}

static const char *
service_option_text(const SsHost *host, const char *key)
{
    return ss_option_values_text(&instance_of(host)->values, key);
}

static void
service_want(const SsHost *host, uint64_t events, uint32_t needs)
{
    SsInstance *instance = instance_of(host);

    if (!instance->has_asked) {
        instance->has_asked = true;
        instance->wants = 0;
        instance->needs = 0;
    }
    instance->wants |= events & instance->plugin->wants;
    instance->needs |= needs & instance->plugin->needs;
}

/* --- files --- */

static SsFile *
service_file_open(const SsHost *host, const char *dest, char *err, size_t errlen)
{
    g_autoptr(GError) error = NULL;
    SsFile *file = ss_file_open(dest, instance_of(host)->options->taken, &error);

    if (!file) {
        g_strlcpy(err, error->message, errlen);
        return NULL;
    }
    g_ptr_array_add(instance_of(host)->files, file);
    return file;
}

/* A reader that went away ends the output, and is no error. */
static bool
is_file_sound(SsInstance *instance, const SsFile *file, bool is_sound)
{
    if (is_sound) {
        return true;
    }
    if (ss_file_error(file)) {
        note_error(instance, ss_file_error(file));
    }
    set_over(instance);
    return false;
}

static bool
service_file_write(const SsHost *host, SsFile *file, const void *bytes, size_t len)
{
    return is_file_sound(instance_of(host), file, ss_file_write(file, bytes, len));
}

static bool
service_file_flush(const SsHost *host, SsFile *file)
{
    return is_file_sound(instance_of(host), file, ss_file_flush(file));
}

static bool
close_file(SsInstance *instance, SsFile *file)
{
    g_autoptr(GError) error = NULL;

    if (!ss_file_close(file, &error)) {
        note_error(instance, error->message);
        return false;
    }
    return true;
}

static bool
service_file_close(const SsHost *host, SsFile *file)
{
    SsInstance *instance = instance_of(host);

    if (!g_ptr_array_remove_fast(instance->files, file)) {
        return false;
    }
    return close_file(instance, file);
}

static bool
service_file_color(const SsHost *host, SsFile *file)
{
    const SsInstance *instance = instance_of(host);
    const char *no_color = g_getenv("NO_COLOR");
    const char *term = g_getenv("TERM");

    if (instance->options->color != 0) {
        return instance->options->color > 0;
    }
    return ss_file_is_terminal(file) && !(no_color && *no_color) && term &&
           !g_str_equal(term, "dumb");
}

static unsigned
service_file_width(const SsHost *host, SsFile *file)
{
    (void)host;
    return ss_file_width(file);
}

static SsFolder *
service_folder_open(const SsHost *host, const char *dest, bool overwrite, char *err, size_t errlen)
{
    g_autoptr(GError) error = NULL;
    SsFolder *folder = ss_folder_open(dest, overwrite, &error);

    (void)host;
    if (!folder) {
        g_strlcpy(err, error->message, errlen);
    }
    return folder;
}

static void
service_folder_close(const SsHost *host, SsFolder *folder)
{
    (void)host;
    ss_folder_close(folder);
}

static SsPartFile *
service_part_open(const SsHost *host, SsFolder *folder)
{
    g_autoptr(GError) error = NULL;
    SsPartFile *part = ss_part_open(folder, &error);

    if (!part) {
        service_fail(host, error->message);
    }
    return part;
}

static bool
service_part_write(const SsHost *host, SsPartFile *part, const void *bytes, size_t len)
{
    g_autoptr(GError) error = NULL;

    if (ss_part_write(part, bytes, len, &error)) {
        return true;
    }
    if (error) {
        service_fail(host, error->message);
    }
    return false;
}

static bool
service_part_finish(const SsHost *host, SsPartFile *part, const char *name)
{
    SsInstance *instance = instance_of(host);
    g_autoptr(GError) error = NULL;

    switch (ss_part_finish(part, name, &error)) {
    case SS_PART_WRITTEN:
        return true;
    case SS_PART_CONFLICT:
        note_error(instance, error->message);
        instance->n_conflicts++;
        return false;
    case SS_PART_FAILED:
        break;
    }
    if (error) {
        service_fail(host, error->message);
    }
    return false;
}

/* --- events --- */

static void
service_report(const SsHost *host, const SsEvent *cause, const SsFindingKind *kind,
               const char *summary, const void *detail, const uint64_t *frames, size_t n_frames,
               uint64_t message)
{
    SsInstance *instance = instance_of(host);
    SsEvent finding = *cause;

    if (!instance->on_finding) {
        return;
    }
    finding.type = SS_EVENT_FINDING;
    finding.finding = (SsEventFinding){
        .id = ss_slice_str(kind->id),
        .severity = (int)kind->severity,
        .summary = ss_slice_str(summary),
        .detail = {.fields = kind->detail, .size = kind->detail_size, .value = detail},
        .frames = {.items = (void *)(uintptr_t)frames, .n = n_frames, .total = n_frames},
        .reference = ss_slice_str(kind->reference),
        .message = message,
    };
    if (!kind->detail) {
        finding.finding.detail.value = NULL;
    }
    instance->on_finding(instance->to, &finding);
}

static void
service_text_safe(const SsHost *host, SsSlice text,
                  void (*put)(void *to, const char *s, size_t len), void *to)
{
    g_autoptr(GString) safe = g_string_sized_new(text.len + 1);

    (void)host;
    ss_text_append_safe(safe, text);
    put(to, safe->str, safe->len);
}

static SsSlice
service_event_json(const SsHost *host, const SsEvent *event)
{
    GString *json = instance_of(host)->json;

    g_string_truncate(json, 0);
    ss_json_event(json, event);
    return ss_slice(json->str, json->len);
}

static void *
service_message_state(const SsHost *host, const SsEvent *event)
{
    const SsInstance *instance = instance_of(host);
    void **states;

    if (event->type != SS_EVENT_MESSAGE || !event->message.content ||
        instance->tap_index == SS_TAP_NONE) {
        return NULL;
    }
    states = ss_content_states(event->message.content); /* none of what is kept from all plugins */
    return states ? states[instance->tap_index] : NULL;
}

static const SsField *
service_event_common_fields(const SsHost *host)
{
    (void)host;
    return ss_event_common_fields();
}

static const SsField *
service_event_fields(const SsHost *host, SsEventType type)
{
    (void)host;
    return ss_event_fields(type);
}

static const SsHost services = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsHost),
    .option_flag = service_option_flag,
    .option_count = service_option_count,
    .option_text = service_option_text,
    .want = service_want,
    .file_color = service_file_color,
    .file_width = service_file_width,
    .report = service_report,
    .file_open = service_file_open,
    .file_write = service_file_write,
    .file_flush = service_file_flush,
    .file_close = service_file_close,
    .folder_open = service_folder_open,
    .folder_close = service_folder_close,
    .part_open = service_part_open,
    .part_write = service_part_write,
    .part_finish = service_part_finish,
    .text_safe = service_text_safe,
    .event_json = service_event_json,
    .message_state = service_message_state,
    .fail = service_fail,
    .blame_options = service_blame_options,
    .event_common_fields = service_event_common_fields,
    .event_fields = service_event_fields,
    .tell = service_tell,
};

/* --- an instance's life --- */

SsInstance *
ss_instance_new(const SsPlugin *plugin, const SsOutputSpec *spec, const SsOutputOptions *options,
                GError **error)
{
    g_autoptr(SsInstance) instance = g_new0(SsInstance, 1);

    instance->plugin = plugin;
    instance->options = options;
    instance->dest = g_strdup(spec ? spec->dest : NULL);
    instance->wants = plugin->wants;
    instance->needs = plugin->needs;
    instance->tap_index = SS_TAP_NONE;
    instance->files = g_ptr_array_new();
    instance->json = g_string_new(NULL);
    g_mutex_init(&instance->lock);
    instance->host = services;
    instance->host.priv = instance;
    instance->host.dest = instance->dest;
    instance->host.is_live = options->is_live;
    instance->host.show_secrets = options->show_secrets;
    instance->host.verbosity = options->verbosity;
    if (!ss_option_values_init(&instance->values, plugin, spec, error)) {
        return NULL;
    }
    return g_steal_pointer(&instance);
}

uint64_t
ss_instance_notes(const SsInstance *instance)
{
    if (!(instance->wants & SS_WANT(SS_EVENT_NOTE))) {
        return 0;
    }
    return instance->plugin->notes ? instance->plugin->notes : UINT64_MAX;
}

bool
ss_instance_open(SsInstance *instance, GError **error)
{
    const char *name = instance->plugin->name;
    char err[512] = "cannot be opened";

    instance->self = instance->plugin->open(&instance->host, err, sizeof err);
    if (!instance->self) {
        g_set_error(error, SS_OUTPUT_ERROR,
                    instance->is_to_blame ? SS_OUTPUT_ERROR_USAGE : SS_OUTPUT_ERROR_OPEN, "%s: %s",
                    name, err);
        return false;
    }
    return true;
}

void
ss_instance_close(SsInstance *instance)
{
    if (instance->self && instance->plugin->close) {
        instance->plugin->close(instance->self, &instance->host);
    }
    instance->self = NULL;
    while (instance->files->len) {
        close_file(instance, g_ptr_array_steal_index(instance->files, instance->files->len - 1));
    }
    set_over(instance);
}

bool
ss_instance_reopen(SsInstance *instance, GError **error)
{
    ss_instance_close(instance);
    instance->has_asked = false;
    instance->wants = instance->plugin->wants;
    instance->needs = instance->plugin->needs;
    g_atomic_int_set(&instance->is_over, 0);
    return ss_instance_open(instance, error);
}

void
ss_instance_free(SsInstance *instance)
{
    if (!instance) {
        return;
    }
    ss_instance_close(instance);
    ss_option_values_clear(&instance->values);
    g_mutex_clear(&instance->lock);
    g_ptr_array_unref(instance->files);
    g_string_free(instance->json, TRUE);
    g_free(instance->error);
    g_free(instance->dest);
    g_free(instance);
}

/* --- what it gets --- */

void
ss_instance_event(SsInstance *instance, void *session, const SsEvent *event)
{
    if (!ss_instance_is_over(instance) &&
        !instance->plugin->event(instance->self, session, &instance->host, event)) {
        set_over(instance);
    }
}

void
ss_instance_content(SsInstance *instance, void **message, const SsChunk *chunk)
{
    if (!ss_instance_is_over(instance) &&
        !instance->plugin->content(instance->self, message, &instance->host, chunk)) {
        set_over(instance);
    }
}

void
ss_instance_tick(SsInstance *instance, int64_t now_ns)
{
    if (instance->plugin->tick && !ss_instance_is_over(instance) &&
        !instance->plugin->tick(instance->self, &instance->host, now_ns)) {
        set_over(instance);
    }
    ss_instance_flush(instance);
}

void
ss_instance_flush(SsInstance *instance)
{
    for (size_t i = 0; i < instance->files->len && !ss_instance_is_over(instance); i++) {
        service_file_flush(&instance->host, g_ptr_array_index(instance->files, i));
    }
}
