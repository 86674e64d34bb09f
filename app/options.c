#include "app/options.h"

#include <stdio.h>

#include "base/slice.h"
#include "dissect/flow.h"

/* What GLib's parser fills in, before it is checked. */
typedef struct {
    char **read_files;
    char **rest;
    char *ports;
    char *duration;
    char *packets;
    char *color;
    char *overlap;
    char **limits, **written, **selected;
    gboolean quiet, verbose, no_progress, show_secrets, hash_inputs;
    gboolean list_interfaces, list_plugins, help, version;
} Raw;

#define FAIL(error, ...) \
    (g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, __VA_ARGS__), false)

/* --- values --- */

static bool
parse_count(const char *text, uint64_t max, uint64_t *ret_count)
{
    return g_ascii_string_to_unsigned(text, 10, 0, max, ret_count, NULL);
}

/* A number with a unit: `table` is pairs of suffix and factor, ended by NULL; no suffix is the
 * first row's. */
typedef struct {
    const char *suffix;
    uint64_t factor;
} Unit;

static const Unit time_units[] = {
    {"", 1000000000},     {"ms", 1000000},       {"s", 1000000000}, {"m", 60000000000},
    {"h", 3600000000000}, {"d", 86400000000000}, {NULL, 0},
};
static const Unit size_units[] = {
    {"", 1},       {"K", 1024},          {"M", 1024 * 1024},          {"G", 1024 * 1024 * 1024},
    {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}, {NULL, 0},
};

static bool
parse_unit(const char *text, const Unit *units, uint64_t *ret_value)
{
    size_t n = strspn(text, "0123456789");
    g_autofree char *digits = g_strndup(text, n);
    uint64_t number;

    for (const Unit *unit = units; unit->suffix; unit++) {
        if (strcmp(text + n, unit->suffix) == 0) {
            if (!parse_count(digits, INT64_MAX / unit->factor, &number)) {
                return false;
            }
            *ret_value = number * unit->factor;
            return true;
        }
    }
    return false;
}

static bool
parse_ports(SsAppOptions *options, const char *list, GError **error)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);

    g_array_set_size(options->ports, 0);
    if (strcmp(list, "all") == 0) {
        return true;
    }
    if (!*words) {
        return FAIL(error, "--ports: give numbers such as 25,587, or all");
    }
    for (char **word = words; *word; word++) {
        uint64_t port;
        uint16_t value;
        if (!parse_count(*word, 65535, &port) || port == 0) { /* an empty word is none either */
            return FAIL(error, "--ports %s: \"%s\" is no port: give numbers such as 25,587, or all",
                        list, *word);
        }
        value = (uint16_t)port;
        g_array_append_val(options->ports, value);
    }
    return true;
}

static bool
parse_limit(SsLimits *limits, const char *text, GError **error)
{
    const struct {
        const char *name;
        const Unit *units;
        uint64_t min;
        uint64_t *count;
        int64_t *time;
    } known[] = {
        {"flows", size_units, 1, &limits->flows, NULL},
        {"idle", time_units, 1, NULL, &limits->idle_ns},
        {"handshake", time_units, 1, NULL, &limits->handshake_ns},
        {"line", size_units, 64, &limits->line, NULL},
        {"reorder", size_units, 1, &limits->reorder, NULL},
        {"message", size_units, 0, &limits->message, NULL},
        {"memory", size_units, 1 << 20, &limits->memory, NULL},
    };
    const char *equals = strchr(text, '=');
    size_t len = equals ? (size_t)(equals - text) : 0;

    for (size_t i = 0; equals && i < G_N_ELEMENTS(known); i++) {
        uint64_t value;
        if (strlen(known[i].name) != len || strncmp(text, known[i].name, len) != 0) {
            continue;
        }
        if (!parse_unit(equals + 1, known[i].units, &value) || value < known[i].min) {
            return FAIL(error, "--limit %s: \"%s\" is no %s this limit can have", text, equals + 1,
                        known[i].time ? "time (such as 90s, 10m)" : "size (such as 4096, 4MiB)");
        }
        if (known[i].time) {
            *known[i].time = (int64_t)value;
        } else {
            *known[i].count = value;
        }
        return true;
    }
    return FAIL(error,
                "--limit %s: write NAME=VALUE, with flows, idle, handshake, line, reorder, "
                "message or memory",
                text);
}

static bool
parse_color(SsAppOptions *options, const char *when, GError **error)
{
    if (!when || strcmp(when, "auto") == 0) {
        options->color = 0;
    } else if (strcmp(when, "always") == 0) {
        options->color = 1;
    } else if (strcmp(when, "never") == 0) {
        options->color = -1;
    } else {
        return FAIL(error, "--color %s: write auto, always or never", when);
    }
    return true;
}

static bool
parse_overlap(SsAppOptions *options, const char *policy, GError **error)
{
    static const char *const names[] = {"first", "last", "bsd", "linux", "windows", "solaris"};
    G_STATIC_ASSERT(G_N_ELEMENTS(names) == SS_N_OVERLAPS);

    for (size_t i = 0; policy && i < G_N_ELEMENTS(names); i++) {
        if (strcmp(policy, names[i]) == 0) {
            options->overlap = (int)i;
            return true;
        }
    }
    return !policy ||
           FAIL(error, "--overlap %s: write first, last, bsd, linux, windows or solaris", policy);
}

static bool
check_values(SsAppOptions *options, const Raw *raw, GError **error)
{
    uint64_t duration = 0;

    if (raw->ports && !parse_ports(options, raw->ports, error)) {
        return false;
    }
    if (raw->packets && (!parse_count(raw->packets, INT64_MAX, &options->max_packets) ||
                         options->max_packets == 0)) {
        return FAIL(error, "-c %s: give a number of packets, from 1", raw->packets);
    }
    if (raw->duration && (!parse_unit(raw->duration, time_units, &duration) || duration == 0)) {
        return FAIL(error, "--duration %s: give a time such as 90s, 10m, 2h", raw->duration);
    }
    options->duration_ns = (int64_t)duration;
    if (options->snap_length < 0 || options->buffer_mib < 0) {
        return FAIL(error, "-s and -B take numbers above 0");
    }
    if (options->workers < 0 || options->workers > SS_WORKERS_MAX) {
        return FAIL(error, "--workers %d: give a number from 0 to %d", options->workers,
                    SS_WORKERS_MAX);
    }
    for (char **limit = raw->limits; limit && *limit; limit++) {
        if (!parse_limit(&options->limits, *limit, error)) {
            return false;
        }
    }
    if (raw->quiet && raw->verbose) {
        return FAIL(error, "-q and -v contradict each other");
    }
    return parse_overlap(options, raw->overlap, error) && parse_color(options, raw->color, error);
}

/* --- the table --- */

static GOptionContext *
context_new(SsAppOptions *options, Raw *raw)
{
    const GOptionEntry entries[] = {
        {"read", 'r', 0, G_OPTION_ARG_FILENAME_ARRAY, &raw->read_files,
         "read a capture file; - is standard input", "FILE"},
        {"interface", 'i', 0, G_OPTION_ARG_STRING, &options->interface,
         "capture live; any works; - is packets from standard input as they come", "IFACE"},
        {"list-interfaces", 'D', 0, G_OPTION_ARG_NONE, &raw->list_interfaces, "list the interfaces",
         NULL},
        {"filter", 'f', 0, G_OPTION_ARG_STRING, &options->filter,
         "capture filter; -- BPF-FILTER is the same", "BPF"},
        {"ports", 0, 0, G_OPTION_ARG_STRING, &raw->ports,
         "server ports taken for SMTP (25,465,587,2525), or all", "LIST"},
        {"count", 'c', 0, G_OPTION_ARG_STRING, &raw->packets, "stop after N packets", "N"},
        {"duration", 0, 0, G_OPTION_ARG_STRING, &raw->duration, "stop after TIME (90s, 10m)",
         "TIME"},
        {"snaplen", 's', 0, G_OPTION_ARG_INT, &options->snap_length,
         "bytes captured of each packet", "N"},
        {"buffer", 'B', 0, G_OPTION_ARG_INT, &options->buffer_mib, "capture buffer", "MIB"},
        {"output", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &options->outputs,
         "add an output (timeline on standard output if none)", "NAME[:DEST][,KEY=VALUE…]"},
        /* In the bytes that were typed, whatever the locale: an expression is UTF-8. */
        {"select", 'Y', 0, G_OPTION_ARG_FILENAME_ARRAY, &raw->selected,
         "keep the sessions and messages that match, in every output and -w", "EXPR"},
        {"expect", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->expected,
         "end with 4 if nothing matches; 'all EXPR': if a message does not", "EXPR"},
        {"write", 'w', 0, G_OPTION_ARG_FILENAME_ARRAY, &raw->written,
         "write the packets of the sessions: pcap, or pcapng if it is named so", "FILE"},
        {"limit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &raw->limits,
         "set a limit: flows, idle, handshake, line, reorder, message, memory", "NAME=VALUE"},
        {"overlap", 0, 0, G_OPTION_ARG_STRING, &raw->overlap,
         "whose bytes count where segments overlap: first, last, bsd, linux, windows, solaris",
         "POLICY"},
        {"workers", 0, 0, G_OPTION_ARG_INT, &options->workers,
         "threads for contents beside the reader (cores less one); 0 is none", "N"},
        {"show-secrets", 0, 0, G_OPTION_ARG_NONE, &raw->show_secrets, "show passwords and tokens",
         NULL},
        {"fingerprint-secrets", 0, 0, G_OPTION_ARG_FILENAME, &options->fingerprint_key,
         "tell which passwords and tokens are the same, by a keyed fingerprint", "KEYFILE"},
        {"hash-inputs", 0, 0, G_OPTION_ARG_NONE, &raw->hash_inputs,
         "SHA-256 of the input files in the capture event", NULL},
        {"color", 0, 0, G_OPTION_ARG_STRING, &raw->color, "auto, always or never", "WHEN"},
        {"no-progress", 0, 0, G_OPTION_ARG_NONE, &raw->no_progress, "no progress line", NULL},
        {"list-plugins", 0, 0, G_OPTION_ARG_NONE, &raw->list_plugins,
         "list outputs and detectors with their options", NULL},
        {"plugin-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->plugin_dir,
         "load the plugins in DIR too", "DIR"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &raw->quiet,
         "no dialogue, only sessions with troubles, and the summary", NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &raw->verbose, "say more", NULL},
        {"help", 'h', 0, G_OPTION_ARG_NONE, &raw->help, "show this", NULL},
        {"version", 'V', 0, G_OPTION_ARG_NONE, &raw->version, "show the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &raw->rest, NULL, NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    GOptionContext *context = g_option_context_new("[FILE…] [-- BPF-FILTER]\n"
                                                   "  smtpscope diff [OPTION…] FILE[#N] FILE[#N]");

    g_option_context_set_summary(
        context, "Tells the story of the mail in captured packets: who said what, what became of\n"
                 "each message, and what should not be.");
    g_option_context_set_description(
        context,
        "Without FILE and -i it reads standard input.\n\n"
        "Exit status: 0 done; 1 could not do what was asked; 2 the command line is wrong;\n"
        "3 done, but an input file was cut short or corrupt; 4 done, but an expectation\n"
        "did not hold.\n\n"
        "Examples:\n"
        "  smtpscope mail.pcap\n"
        "  smtpscope mail.pcap -o json:events.jsonl -o eml:messages/\n"
        "  smtpscope mail.pcap -Y 'rcpt contains @example.org and outcome != accepted'\n"
        "  sudo smtpscope -i eth0");
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

/* Splits off what stands behind `--`: a capture filter. */
static char *
split_filter(char **words)
{
    for (int i = 1; words[i]; i++) {
        if (strcmp(words[i], "--") == 0) {
            char *filter = words[i + 1] ? g_strjoinv(" ", words + i + 1) : NULL;
            for (int j = i; words[j]; j++) {
                g_clear_pointer(&words[j], g_free);
            }
            return filter;
        }
    }
    return NULL;
}

static char **
join_files(const Raw *raw)
{
    g_autoptr(GStrvBuilder) builder = NULL;

    if (!raw->read_files && !raw->rest) {
        return NULL;
    }
    builder = g_strv_builder_new();
    if (raw->read_files) {
        g_strv_builder_addv(builder, (const char **)raw->read_files);
    }
    if (raw->rest) {
        g_strv_builder_addv(builder, (const char **)raw->rest);
    }
    return g_strv_builder_end(builder);
}

static void
raw_clear(Raw *raw)
{
    g_strfreev(raw->read_files);
    g_strfreev(raw->rest);
    g_strfreev(raw->limits);
    g_strfreev(raw->written);
    g_strfreev(raw->selected);
    g_free(raw->ports);
    g_free(raw->duration);
    g_free(raw->packets);
    g_free(raw->color);
    g_free(raw->overlap);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Raw, raw_clear)

/* Words that stand for commands where they come first. */
static bool
check_command(const char *word, GError **error)
{
    static const char *const commands[] = {"verify", NULL};

    if (word && g_strv_contains(commands, word)) {
        return FAIL(error, "this version has no command %s; a file of that name is ./%s", word,
                    word);
    }
    return true;
}

bool
ss_app_options_parse(SsAppOptions *options, int argc, char **argv, GError **error)
{
    static const uint16_t default_ports[] = {25, 465, 587, 2525};
    g_auto(Raw) raw = {0};
    g_auto(GStrv) words = g_strdupv(argv);
    g_autofree char *behind = split_filter(words);
    g_autoptr(GOptionContext) context = NULL;

    (void)argc;
    *options = (SsAppOptions){.limits = SS_LIMITS_DEFAULT,
                              .workers = MIN((int)g_get_num_processors() - 1, SS_WORKERS_MAX)};
    options->words = g_strdupv(argv + 1);
    options->ports = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    g_array_append_vals(options->ports, default_ports, G_N_ELEMENTS(default_ports));
    if (!check_command(words[0] ? words[1] : NULL, error)) {
        return false;
    }
    context = context_new(options, &raw);
    if (!g_option_context_parse_strv(context, &words, error)) {
        return false;
    }
    if (behind && options->filter) {
        return FAIL(error, "-f and -- both give a capture filter: give one");
    }
    if (behind) {
        options->filter = g_steal_pointer(&behind);
    }
    options->files = join_files(&raw);
    if (options->files && options->interface) {
        return FAIL(error, "-i %s and %s: read either files or an interface", options->interface,
                    options->files[0]);
    }
    if (raw.written && raw.written[1]) {
        return FAIL(error, "-w %s and -w %s: give one", raw.written[0], raw.written[1]);
    }
    if (raw.selected && raw.selected[1]) {
        return FAIL(error, "-Y is given twice: join the two with and, or with or");
    }
    options->select = raw.selected ? g_strdup(raw.selected[0]) : NULL;
    if (options->fingerprint_key && raw.show_secrets) {
        return FAIL(error, "--show-secrets and --fingerprint-secrets contradict each other: "
                           "give one");
    }
    options->write_to = raw.written ? g_strdup(raw.written[0]) : NULL;
    options->verbosity = raw.quiet ? -1 : raw.verbose;
    options->no_progress = raw.no_progress;
    options->show_secrets = raw.show_secrets;
    options->hash_inputs = raw.hash_inputs;
    options->list_interfaces = raw.list_interfaces;
    options->list_plugins = raw.list_plugins;
    options->print_help = raw.help;
    options->print_version = raw.version;
    if (!check_values(options, &raw, error)) {
        return false;
    }
    if (options->select && options->interface) {
        options->held_max = options->limits.memory / SS_HELD_SHARE;
        options->limits.memory -= options->held_max;
    }
    return true;
}

void
ss_app_options_print_help(FILE *to)
{
    SsAppOptions options = {0};
    Raw raw = {0};
    g_autoptr(GOptionContext) context = context_new(&options, &raw);
    g_autofree char *help = NULL;

    g_set_prgname("smtpscope");
    help = g_option_context_get_help(context, TRUE, NULL);
    fputs(help, to);
}

void
ss_app_options_clear(SsAppOptions *options)
{
    g_strfreev(options->files);
    g_strfreev(options->outputs);
    g_strfreev(options->words);
    g_free(options->interface);
    g_free(options->filter);
    g_free(options->plugin_dir);
    g_free(options->fingerprint_key);
    g_free(options->write_to);
    g_free(options->select);
    g_strfreev(options->expected);
    if (options->ports) {
        g_array_unref(options->ports);
    }
}
