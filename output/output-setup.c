/*
 * What the command line asks for, checked and opened; what the dissectors must build for it, told.
 */
#include "output/output-parts.h"

#include <sys/stat.h>
#include <unistd.h>

#include "output/file.h"

bool
ss_output_load(SsOutput *output, const char *folder, GError **error)
{
    return ss_registry_load(&output->registry, folder, error);
}

void
ss_output_protect(SsOutput *output, const char *path)
{
    struct stat about;
    SsFileId id;

    if ((g_str_equal(path, "-") ? fstat(STDIN_FILENO, &about) : stat(path, &about)) == 0) {
        id = (SsFileId){about.st_dev, about.st_ino};
        g_array_append_val(output->options.taken, id);
    }
}

void
ss_output_list(const SsOutput *output, FILE *to)
{
    ss_registry_print(&output->registry, to);
}

/* --- the command line --- */

static bool
set_unknown(GError **error, const SsOutput *output, const char *name)
{
    GString *known = g_string_new(NULL);

    for (size_t i = 0; i < output->registry.plugins->len; i++) {
        const SsPlugin *plugin = g_ptr_array_index(output->registry.plugins, i);
        if (!ss_plugin_is_detector(plugin)) {
            g_string_append_printf(known, "%s%s", known->len ? ", " : "", plugin->name);
        }
    }
    g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                "unknown output \"%s\": there are %s", name, known->str);
    g_string_free(known, TRUE);
    return false;
}

static bool
check_dest(SsOutput *output, const SsPlugin *plugin, const char *dest, GError **error)
{
    bool is_stdout = !dest || g_str_equal(dest, "-");

    if (ss_plugin_is_detector(plugin) || plugin->dest == SS_DEST_NONE) {
        if (dest) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                        "\"%s\" writes no file: leave out \":%s\"", plugin->name, dest);
        }
        return dest == NULL;
    }
    if (plugin->dest == SS_DEST_FOLDER) {
        if (is_stdout) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                        "output \"%s\" needs a place to write to: %s:FOLDER", plugin->name,
                        plugin->name);
        }
        return !is_stdout;
    }
    if (is_stdout && output->stdout_taken_by) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "standard output is taken by \"%s\": give \"%s\" a file, %s:FILE",
                    output->stdout_taken_by, plugin->name, plugin->name);
        return false;
    }
    if (is_stdout) {
        output->stdout_taken_by = plugin->name;
    }
    return true;
}

/* `enabled=no` is for every detector, so it is no option of theirs. */
static bool
take_enabled(SsOutputSpec *spec, bool *ret_enabled, GError **error)
{
    guint index;
    const char *value;

    *ret_enabled = true;
    if (!g_ptr_array_find_with_equal_func(spec->keys, "enabled", g_str_equal, &index)) {
        return true;
    }
    value = g_ptr_array_index(spec->values, index);
    if (!g_str_equal(value, "yes") && !g_str_equal(value, "no")) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "\"%s\": enabled=%s: enabled is yes or no", spec->name, value);
        return false;
    }
    *ret_enabled = g_str_equal(value, "yes");
    g_ptr_array_remove_index(spec->keys, index);
    g_ptr_array_remove_index(spec->values, index);
    return true;
}

static bool
is_set_already(const SsOutput *output, const SsPlugin *plugin)
{
    for (size_t i = 0; i < output->detectors->len; i++) {
        const SsInstance *instance = g_ptr_array_index(output->detectors, i);
        if (instance->plugin == plugin) {
            return true;
        }
    }
    return g_hash_table_contains(output->disabled, plugin->name);
}

static bool
add_detector(SsOutput *output, const SsPlugin *plugin, SsOutputSpec *spec, GError **error)
{
    g_autoptr(SsInstance) instance = NULL;
    bool is_enabled;

    if (is_set_already(output, plugin)) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE, "\"%s\" is set twice",
                    plugin->name);
        return false;
    }
    if (!take_enabled(spec, &is_enabled, error)) {
        return false;
    }
    instance = ss_instance_new(plugin, spec, &output->options, error);
    if (!instance) {
        return false;
    }
    if (is_enabled) {
        g_ptr_array_add(output->detectors, g_steal_pointer(&instance));
    } else {
        g_hash_table_add(output->disabled, (void *)(uintptr_t)plugin->name);
    }
    return true;
}

bool
ss_output_add(SsOutput *output, const char *text, GError **error)
{
    g_autoptr(SsOutputSpec) spec = ss_output_spec_parse(text, error);
    const SsPlugin *plugin;
    SsInstance *instance;

    if (!spec) {
        return false;
    }
    plugin = ss_registry_find(&output->registry, spec->name);
    if (!plugin) {
        return set_unknown(error, output, spec->name);
    }
    if (!check_dest(output, plugin, spec->dest, error)) {
        return false;
    }
    if (ss_plugin_is_detector(plugin)) {
        return add_detector(output, plugin, spec, error);
    }
    instance = ss_instance_new(plugin, spec, &output->options, error);
    if (instance) {
        g_ptr_array_add(output->sinks, instance);
    }
    return instance != NULL;
}

bool
ss_output_take_stdout(SsOutput *output, const char *name, GError **error)
{
    if (output->stdout_taken_by) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "standard output is taken by \"%s\": give %s a file", output->stdout_taken_by,
                    name);
        return false;
    }
    output->stdout_taken_by = name;
    return true;
}

SsFile *
ss_output_open_file(SsOutput *output, const char *dest, GError **error)
{
    return ss_file_open(dest, output->options.taken, error);
}

bool
ss_output_has_sinks(const SsOutput *output)
{
    return output->sinks->len > 0;
}

/* --- opening --- */

uint64_t
ss_instances_want(GPtrArray *instances)
{
    uint64_t wants = 0;

    for (size_t i = 0; i < instances->len; i++) {
        wants |= ((const SsInstance *)g_ptr_array_index(instances, i))->wants;
    }
    return wants;
}

uint32_t
ss_instances_need(GPtrArray *instances)
{
    uint32_t needs = 0;

    for (size_t i = 0; i < instances->len; i++) {
        needs |= ((const SsInstance *)g_ptr_array_index(instances, i))->needs;
    }
    return needs;
}

uint64_t
ss_instances_notes(GPtrArray *instances)
{
    uint64_t notes = 0;

    for (size_t i = 0; i < instances->len; i++) {
        notes |= ss_instance_notes(g_ptr_array_index(instances, i));
    }
    return notes;
}

static int
compare_plugins(const void *a, const void *b)
{
    const SsInstance *one = *(SsInstance *const *)a;
    const SsInstance *other = *(SsInstance *const *)b;

    return strcmp(one->plugin->name, other->plugin->name);
}

/* Beside those the command line sets, all others that it does not turn off; by name, so that
 * findings come in the same order every time. */
static bool
add_detectors(SsOutput *output, GError **error)
{
    for (size_t i = 0; i < output->registry.plugins->len; i++) {
        const SsPlugin *plugin = g_ptr_array_index(output->registry.plugins, i);
        SsInstance *instance;

        if (!ss_plugin_is_detector(plugin) || is_set_already(output, plugin)) {
            continue;
        }
        instance = ss_instance_new(plugin, NULL, &output->options, error);
        if (!instance) {
            return false;
        }
        g_ptr_array_add(output->detectors, instance);
    }
    g_ptr_array_sort(output->detectors, compare_plugins);
    return true;
}

static bool
open_instances(SsOutput *output, GPtrArray *instances, GError **error)
{
    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);

        instance->on_finding =
            ss_plugin_is_detector(instance->plugin) ? ss_output_take_finding : NULL;
        instance->to = output;
        if (!ss_instance_open(instance, error)) {
            return false;
        }
        if (instance->plugin->session_state) {
            instance->state_index = output->delivery.n_states++;
        }
        if ((instance->needs & SS_NEED_CONTENT) && instance->plugin->content) {
            instance->tap_index = output->taps->len;
            g_ptr_array_add(output->taps, instance);
        }
    }
    return true;
}

bool
ss_output_open(SsOutput *output, GError **error)
{
    SsJudgesAsk ask = ss_output_judges_ask(output);
    uint64_t wants;
    bool has_detectors;

    if (!open_instances(output, output->sinks, error)) {
        return false;
    }
    wants = ss_instances_want(output->sinks);
    /* A session's event counts the findings in it. */
    has_detectors = ask.needs_findings ||
                    (wants & (SS_WANT(SS_EVENT_FINDING) | SS_WANT(SS_EVENT_SESSION))) != 0;
    if (!has_detectors) {
        g_ptr_array_set_size(output->detectors, 0);
    } else if (!add_detectors(output, error) || !open_instances(output, output->detectors, error)) {
        return false;
    }
    ss_charge_begin(&output->charge, output->sinks, output->detectors->len);
    ss_output_begin_reading(output,
                            ss_output_reads_twice(output) ? SS_READING_FIRST : SS_READING_ONLY);
    return true;
}

SsEventSink *
ss_output_sink(SsOutput *output)
{
    return &output->sink;
}

const SsContentPlan *
ss_output_plan(SsOutput *output)
{
    return &output->plan;
}
