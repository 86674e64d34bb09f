#include "output/options.h"

#include "output/output.h"

/* --- the line a person typed --- */

/* Up to the next of `ends` that no `\` precedes; `*at` is left on it. */
static char *
take_until(const char **at, const char *ends)
{
    GString *text = g_string_new(NULL);

    while (**at && !strchr(ends, **at)) {
        if (**at == '\\' && (*at)[1] && strchr(",:\\", (*at)[1])) {
            (*at)++;
        }
        g_string_append_c(text, **at);
        (*at)++;
    }
    return g_string_free(text, FALSE);
}

static bool
take_option(SsOutputSpec *spec, const char **at, GError **error)
{
    g_autofree char *key = take_until(at, "=,");
    bool is_repeated = g_ptr_array_find_with_equal_func(spec->keys, key, g_str_equal, NULL);

    if (**at != '=' || !*key) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "output \"%s\": \"%s\" is not KEY=VALUE: join the members of a list with +, "
                    "write a comma in DEST as \\,",
                    spec->name, key);
        return false;
    }
    if (is_repeated) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "output \"%s\": %s= is there twice", spec->name, key);
        return false;
    }
    (*at)++;
    g_ptr_array_add(spec->keys, g_steal_pointer(&key));
    g_ptr_array_add(spec->values, take_until(at, ","));
    return true;
}

SsOutputSpec *
ss_output_spec_parse(const char *text, GError **error)
{
    g_autoptr(SsOutputSpec) spec = g_new0(SsOutputSpec, 1);
    const char *at = text;

    spec->keys = g_ptr_array_new_with_free_func(g_free);
    spec->values = g_ptr_array_new_with_free_func(g_free);
    spec->name = take_until(&at, ":,");
    if (*at == ':') {
        at++;
        spec->dest = take_until(&at, ",");
        if (!*spec->dest) {
            g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                        "output \"%s\": nothing after the colon, which is for a file or folder",
                        spec->name);
            return NULL;
        }
    }
    while (*at == ',') {
        at++;
        if (!take_option(spec, &at, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&spec);
}

void
ss_output_spec_free(SsOutputSpec *spec)
{
    if (!spec) {
        return;
    }
    g_free(spec->name);
    g_free(spec->dest);
    g_ptr_array_unref(spec->keys);
    g_ptr_array_unref(spec->values);
    g_free(spec);
}

/* --- values --- */

static bool
parse_flag(const char *text, bool *ret_flag)
{
    static const char *const yes[] = {"yes", "1", "true", "on", NULL};
    static const char *const no[] = {"no", "0", "false", "off", NULL};

    *ret_flag = g_strv_contains(yes, text);
    return *ret_flag || g_strv_contains(no, text);
}

static bool
is_choice(const SsOption *option, const char *text)
{
    g_auto(GStrv) choices = g_strsplit(option->choices, "|", -1);

    return g_strv_contains((const char *const *)choices, text);
}

static bool
are_choices(const SsOption *option, const char *text)
{
    g_auto(GStrv) members = g_strsplit(text, "+", -1);

    for (size_t i = 0; members[i]; i++) {
        if (!is_choice(option, members[i])) {
            return false;
        }
    }
    return members[0] != NULL;
}

/* NULL where the value is good, else what it should be; to be freed. */
static char *
find_fault(const SsOption *option, const char *text)
{
    g_auto(GStrv) choices = NULL;
    g_autofree char *known = NULL;
    bool flag;

    switch (option->type) {
    case SS_OPTION_FLAG:
        return parse_flag(text, &flag) ? NULL : g_strdup("is yes or no");
    case SS_OPTION_COUNT:
        return g_ascii_string_to_unsigned(text, 10, 0, UINT64_MAX, NULL, NULL)
                   ? NULL
                   : g_strdup("is a number");
    case SS_OPTION_TEXT:
        return NULL;
    case SS_OPTION_CHOICE:
    case SS_OPTION_LIST:
        break;
    }
    if (option->type == SS_OPTION_LIST ? are_choices(option, text) : is_choice(option, text)) {
        return NULL;
    }
    choices = g_strsplit(option->choices, "|", -1);
    known = g_strjoinv(", ", choices);
    return g_strdup_printf(
        option->type == SS_OPTION_LIST ? "takes, joined by +: %s" : "is one of %s", known);
}

static bool
find_option(const SsOption *options, const char *key, size_t *ret_index)
{
    for (size_t i = 0; options && options[i].key; i++) {
        if (g_str_equal(options[i].key, key)) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static char *
known_keys(const SsPlugin *plugin)
{
    GString *known = g_string_new(NULL);

    for (size_t i = 0; plugin->options && plugin->options[i].key; i++) {
        g_string_append_printf(known, "%s%s", i ? ", " : "", plugin->options[i].key);
    }
    return g_string_free(known, FALSE);
}

static bool
set_value(SsOptionValues *values, const SsPlugin *plugin, const char *key, const char *text,
          GError **error)
{
    g_autofree char *fault = NULL;
    size_t index;

    if (!find_option(values->options, key, &index)) {
        g_autofree char *known = known_keys(plugin);
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE,
                    "output \"%s\" has no option \"%s\": it takes %s", plugin->name, key,
                    *known ? known : "none");
        return false;
    }
    fault = find_fault(&values->options[index], text);
    if (fault) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE, "output \"%s\": %s=%s: %s %s",
                    plugin->name, key, text, key, fault);
        return false;
    }
    g_free(values->texts[index]);
    values->texts[index] = g_strdup(text);
    return true;
}

bool
ss_option_values_init(SsOptionValues *values, const SsPlugin *plugin, const SsOutputSpec *spec,
                      GError **error)
{
    values->options = plugin->options;
    values->n = 0;
    while (plugin->options && plugin->options[values->n].key) {
        values->n++;
    }
    values->texts = g_new0(char *, values->n + 1);
    for (size_t i = 0; i < values->n; i++) {
        values->texts[i] = g_strdup(plugin->options[i].fallback);
    }
    for (size_t i = 0; spec && i < spec->keys->len; i++) {
        if (!set_value(values, plugin, g_ptr_array_index(spec->keys, i),
                       g_ptr_array_index(spec->values, i), error)) {
            ss_option_values_clear(values);
            return false;
        }
    }
    return true;
}

void
ss_option_values_clear(SsOptionValues *values)
{
    for (size_t i = 0; i < values->n; i++) {
        g_free(values->texts[i]);
    }
    g_clear_pointer(&values->texts, g_free);
    values->n = 0;
    values->options = NULL;
}

const char *
ss_option_values_text(const SsOptionValues *values, const char *key)
{
    size_t index;

    return find_option(values->options, key, &index) ? values->texts[index] : NULL;
}

bool
ss_option_values_flag(const SsOptionValues *values, const char *key)
{
    const char *text = ss_option_values_text(values, key);
    bool flag = false;

    return text && parse_flag(text, &flag) && flag;
}

uint64_t
ss_option_values_count(const SsOptionValues *values, const char *key)
{
    const char *text = ss_option_values_text(values, key);
    guint64 count = 0;

    if (text) {
        g_ascii_string_to_unsigned(text, 10, 0, UINT64_MAX, &count, NULL);
    }
    return count;
}
