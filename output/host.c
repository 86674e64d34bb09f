#include "output/host.h"

#include <gmodule.h>

#include "output/tell.h"

#define SYMBOL "ss_plugin"

/* The first shape of SsPlugin; later members are appended, and 0 in a plugin that is older. */
#define PLUGIN_SIZE_MIN (offsetof(SsPlugin, message_free))

static void
close_module(void *module)
{
    g_module_close(module);
}

void
ss_registry_init(SsRegistry *registry)
{
    registry->plugins = g_ptr_array_new_with_free_func(g_free);
    registry->modules = g_ptr_array_new_with_free_func(close_module);
    for (size_t i = 0; ss_plugins_built_in[i]; i++) {
        const char *reason;
        bool is_good = ss_registry_add(registry, ss_plugins_built_in[i], &reason);
        g_assert(is_good);
    }
}

void
ss_registry_clear(SsRegistry *registry)
{
    g_clear_pointer(&registry->plugins, g_ptr_array_unref);
    g_clear_pointer(&registry->modules, g_ptr_array_unref);
}

static bool
is_name_good(const char *name)
{
    size_t len = name ? strlen(name) : 0;

    for (size_t i = 0; i < len; i++) {
        if (!g_ascii_islower(name[i]) && !g_ascii_isdigit(name[i]) && name[i] != '-') {
            return false;
        }
    }
    return len > 0;
}

static int
compare_names(const void *a, const void *b)
{
    const SsPlugin *one = *(SsPlugin *const *)a;
    const SsPlugin *other = *(SsPlugin *const *)b;

    return strcmp(one->name, other->name);
}

bool
ss_registry_add(SsRegistry *registry, const SsPlugin *plugin, const char **ret_reason)
{
    SsPlugin *copy;

    /* Nothing but these two members has its place before the ABI is known. */
    if (plugin->abi != SS_PLUGIN_ABI) {
        *ret_reason = "was made for another version of smtpscope";
        return false;
    }
    if (plugin->size < PLUGIN_SIZE_MIN) {
        *ret_reason = "is not a whole plugin";
        return false;
    }
    if (!is_name_good(plugin->name) || !plugin->summary || !plugin->open || !plugin->event) {
        *ret_reason = "lacks a name, a summary or a function";
        return false;
    }
    if (ss_registry_find(registry, plugin->name)) {
        *ret_reason = "has the name of another plugin";
        return false;
    }
    copy = g_new0(SsPlugin, 1);
    memcpy(copy, plugin, MIN(plugin->size, sizeof *copy));
    g_ptr_array_add(registry->plugins, copy);
    g_ptr_array_sort(registry->plugins, compare_names);
    return true;
}

/* NULL, or why the file is no plugin; to be freed. */
static char *
load_file(SsRegistry *registry, const char *path)
{
    GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);
    const char *reason;
    void *symbol;

    if (!module) {
        return g_strdup(g_module_error());
    }
    if (!g_module_symbol(module, SYMBOL, &symbol) || !symbol) {
        g_module_close(module);
        return g_strdup("has no symbol " SYMBOL);
    }
    if (!ss_registry_add(registry, symbol, &reason)) {
        g_module_close(module);
        return g_strdup(reason);
    }
    g_ptr_array_add(registry->modules, module);
    return NULL;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool
ss_registry_load(SsRegistry *registry, const char *folder, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) reason = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &reason);
    const char *name;

    if (!dir) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN, "plugins: %s", reason->message);
        return false;
    }
    while ((name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, "." G_MODULE_SUFFIX)) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_ptr_array_sort(names, compare_texts);
    for (size_t i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        g_autofree char *why = load_file(registry, path);
        if (why) {
            ss_tell("plugin '%s': %s", path, why);
        }
    }
    return true;
}

const SsPlugin *
ss_registry_find(const SsRegistry *registry, const char *name)
{
    for (size_t i = 0; i < registry->plugins->len; i++) {
        const SsPlugin *plugin = g_ptr_array_index(registry->plugins, i);
        if (g_str_equal(plugin->name, name)) {
            return plugin;
        }
    }
    return NULL;
}

/* --- the list for people --- */

static void
print_options(const SsPlugin *plugin, FILE *to)
{
    for (const SsOption *option = plugin->options; option && option->key; option++) {
        const char *value = option->type == SS_OPTION_FLAG    ? "yes|no"
                            : option->type == SS_OPTION_COUNT ? "N"
                            : option->choices                 ? option->choices
                                                              : "TEXT";
        fprintf(to, "      %s=%s\n          %s", option->key, value, option->help);
        if (option->fallback && *option->fallback) {
            fprintf(to, " (default %s)", option->fallback);
        }
        fputc('\n', to);
    }
}

static void
print_plugins(const SsRegistry *registry, bool detectors, FILE *to)
{
    static const char *const dests[] = {":FILE", ":FOLDER", ""};

    for (size_t i = 0; i < registry->plugins->len; i++) {
        const SsPlugin *plugin = g_ptr_array_index(registry->plugins, i);
        if (ss_plugin_is_detector(plugin) != detectors) {
            continue;
        }
        fprintf(to, "  %s%s\n      %s\n", plugin->name, detectors ? "" : dests[plugin->dest],
                plugin->summary);
        for (const SsFindingKind *kind = plugin->findings; kind && kind->id; kind++) {
            fprintf(to, "      %s (%s): %s\n", kind->id, ss_severity_name((int)kind->severity),
                    kind->when);
        }
        print_options(plugin, to);
    }
}

void
ss_registry_print(const SsRegistry *registry, FILE *to)
{
    fprintf(to, "Outputs, -o NAME[:DEST][,KEY=VALUE...]; a list joins its members with +\n");
    print_plugins(registry, false, to);
    fprintf(to, "\nDetectors, -o NAME,KEY=VALUE sets one, -o NAME,enabled=no turns it off\n");
    print_plugins(registry, true, to);
}
