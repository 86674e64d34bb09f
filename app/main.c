#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/key.h"
#include "app/options.h"
#include "app/pipeline.h"
#include "output/tell.h"
#include "plugins/common/enhanced.h"
#include "version.h"

/* Exit statuses (docs/man/smtpscope.1). */
enum {
    DONE = 0,
    FAILED = 1,
    USAGE = 2,
    DAMAGED = 3,
    UNMET = 4,
};

static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t report_asked;

static void
on_signal(int number)
{
    if (number == SIGUSR1) {
        report_asked = 1;
    } else {
        stop_asked = 1;
    }
}

static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    action.sa_flags = (int)SA_RESETHAND; /* a second one ends it at once */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is told by the write */
}

/* A message of several lines shows in the others the place that the first one speaks of. */
static int
fail(const GError *error, int status)
{
    const char *end = strchrnul(error->message, '\n');
    g_autofree char *line = g_strndup(error->message, (gsize)(end - error->message));

    ss_tell("%s%s", line, status == USAGE && !*end ? " (see smtpscope --help)" : "");
    if (*end) {
        fprintf(stderr, "%s\n", end + 1);
    }
    return status;
}

static int
status_of(const GError *error)
{
    bool is_usage = g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE) ||
                    g_error_matches(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FILTER);

    return is_usage ? USAGE : FAILED;
}

/* What the command line asks for is looked at in full before any input is opened. */
static bool
add_outputs(SsOutput *output, const SsAppOptions *options, GError **error)
{
    if (options->plugin_dir && !ss_output_load(output, options->plugin_dir, error)) {
        return false;
    }
    for (char **spec = options->outputs; spec && *spec; spec++) {
        if (!ss_output_add(output, *spec, error)) {
            return false;
        }
    }
    if (options->select && !ss_output_select(output, options->select, error)) {
        return false;
    }
    for (char **expected = options->expected; expected && *expected; expected++) {
        if (!ss_output_expect(output, *expected, error)) {
            return false;
        }
    }
    if (options->write_to && strcmp(options->write_to, "-") == 0) {
        return ss_output_take_stdout(output, "-w", error); /* and there is no timeline unasked */
    }
    return ss_output_has_sinks(output) || ss_output_add(output, "timeline", error);
}

/* No output may write over what is read. The packets' file is opened first, so that nothing else is
 * made where it cannot be. */
static bool
open_outputs(SsOutput *output, const SsAppOptions *options, SsFile **ret_packets, GError **error)
{
    for (char **file = options->files; file && *file; file++) {
        ss_output_protect(output, *file);
    }
    if (!options->files) {
        ss_output_protect(output, "-");
    }
    if (options->fingerprint_key) {
        ss_output_protect(output, options->fingerprint_key);
    }
    if (options->write_to) {
        *ret_packets = ss_output_open_file(output, options->write_to, error);
    }
    return (!options->write_to || *ret_packets) && ss_output_open(output, error);
}

/* What -w asks for, when all outputs have been written. */
static bool
write_packets(const SsAppOptions *options, SsExcerpt *excerpt, SsFile *packets)
{
    g_autoptr(GError) error = NULL;
    SsProgress progress;
    bool is_written;

    ss_progress_begin(&progress, !options->no_progress && options->verbosity >= 0);
    is_written = ss_excerpt_write(excerpt, packets, &progress, &error);
    if (error) {
        ss_tell("-w %s: %s", options->write_to, error->message);
        g_clear_error(&error);
    }
    if (!ss_file_close(packets, &error)) {
        (void)fail(error, FAILED);
        is_written = false;
    }
    return is_written;
}

/* With -Y all is read twice, but live: first to find what matches, then to write it. */
static SsPipelineResult
read_inputs(const SsPipelineSetup *setup)
{
    SsPipelineResult result = ss_pipeline_run(setup);
    g_autoptr(GError) error = NULL;

    if (!setup->reread || !ss_output_has_sinks(setup->output)) {
        return result;
    }
    *setup->stop = 0; /* what had been read when it was asked for is written */
    if (!ss_output_read_again(setup->output, &error)) {
        (void)fail(error, FAILED);
        result.is_failed = true;
        return result;
    }
    return ss_pipeline_run_again(setup, &result);
}

static bool
is_kept(const void *output, uint64_t session)
{
    return ss_output_keeps(output, session);
}

static int
run(const SsAppOptions *options, SsOutput *output)
{
    SsAppInputs inputs = {0};
    g_autoptr(SsReread) reread = NULL;
    g_autoptr(SsFilter) filter = NULL;
    g_autoptr(SsExcerpt) excerpt = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) key = NULL;
    SsFile *packets = NULL;
    int status;

    if (options->fingerprint_key) {
        key = ss_app_key_read(options->fingerprint_key, &error);
    }
    if (options->filter && !options->interface && !error) {
        filter = ss_filter_new(options->filter, &error);
    }
    if (options->write_to && !error) {
        excerpt = ss_excerpt_new(options->write_to, options->verbosity < 0, options->select != NULL,
                                 &error);
    }
    if (error ||
        !ss_app_inputs_open(&inputs, options, excerpt ? ss_excerpt_add_secrets : NULL, excerpt,
                            &error) ||
        (ss_output_reads_twice(output) && !(reread = ss_reread_new(&inputs, &error))) ||
        !open_outputs(output, options, &packets, &error)) {
        status = fail(error, status_of(error));
        (void)ss_file_close(packets, NULL);
    } else {
        SsPipelineSetup setup = {options,     &inputs,       filter, output, excerpt,
                                 &stop_asked, &report_asked, reread, key};
        SsPipelineResult result;
        bool is_met;
        if (options->show_secrets && options->verbosity >= 0) {
            ss_tell("--show-secrets: passwords and tokens are written as they were sent");
        }
        result = read_inputs(&setup);
        if (!ss_output_close(output, &error)) {
            result.is_failed = true;
            if (error && !g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_TOLD)) {
                (void)fail(error, FAILED);
            }
        }
        is_met = ss_output_tell_matches(output);
        if (excerpt) {
            ss_excerpt_choose(excerpt, is_kept, output);
        }
        if (excerpt && !write_packets(options, excerpt, packets)) {
            result.is_failed = true;
        }
        status = result.is_failed ? FAILED : !is_met ? UNMET : result.is_damaged ? DAMAGED : DONE;
    }
    ss_app_inputs_clear(&inputs);
    return status;
}

static int
list_interfaces(void)
{
    g_autoptr(GError) error = NULL;

    return ss_source_live_list(&error) ? DONE : fail(error, FAILED);
}

static SsRefusalWords
explain_refusal(const SsReplyText *reply, SsStage stage)
{
    SsAdvice advice = ss_enhanced_explain(reply, stage);

    return (SsRefusalWords){advice.meaning, advice.is_greylisting};
}

static int
start(const SsAppOptions *options)
{
    SsOutputOptions output_options = {
        .is_live = options->interface != NULL,
        .show_secrets = options->show_secrets,
        .verbosity = options->verbosity,
        .color = options->color,
        .workers = (unsigned)options->workers,
        .explain = explain_refusal,
        .message_limit = options->limits.message,
        .held_max = options->held_max,
    };
    g_autoptr(SsOutput) output = NULL;
    g_autoptr(GError) error = NULL;

    if (options->print_help) {
        ss_app_options_print_help(stdout);
        return DONE;
    }
    if (options->print_version) {
        puts("smtpscope " SS_VERSION);
        return DONE;
    }
    if (options->list_interfaces) {
        return list_interfaces();
    }
    output = ss_output_new(&output_options);
    if (!add_outputs(output, options, &error)) {
        return fail(error, status_of(error));
    }
    if (options->list_plugins) {
        ss_output_list(output, stdout);
        return DONE;
    }
    if (!options->files && !options->interface && isatty(STDIN_FILENO)) {
        ss_app_options_print_help(stderr);
        return USAGE;
    }
    return run(options, output);
}

int
main(int argc, char **argv)
{
    SsAppOptions options;
    g_autoptr(GError) error = NULL;
    int status;

    catch_signals();
    if (ss_app_options_parse(&options, argc, argv, &error)) {
        status = start(&options);
    } else {
        status = fail(error, USAGE);
    }
    ss_app_options_clear(&options);
    return status;
}
