#include "app/diff.h"

#include "app/pipeline.h"
#include "output/file.h"
#include "output/tell.h"

enum {
    DONE = 0,
    FAILED = 1,
    USAGE = 2,
    DAMAGED = 3,
};

/* Reads the whole file: a session may be anywhere in it. */
static int
read_side(SsSide *side, const SsAppOptions *options, volatile sig_atomic_t *stop,
          volatile sig_atomic_t *report)
{
    SsAppOptions its = *options;
    char *files[] = {side->file, NULL};
    SsOutputOptions output_options = {.show_secrets = options->show_secrets, .verbosity = -1};
    g_autoptr(SsOutput) output = ss_output_new(&output_options);
    g_autoptr(GError) error = NULL;
    SsObserver observer = ss_side_observer(side);
    SsAppInputs inputs = {0};
    SsPipelineResult result = {.is_failed = true};

    its.files = files;
    its.verbosity = -1;
    ss_output_observe(output, &observer);
    if (ss_app_inputs_open(&inputs, &its, NULL, NULL, &error) && ss_output_open(output, &error)) {
        SsPipelineSetup setup = {
            .options = &its, .inputs = &inputs, .output = output, .stop = stop, .report = report};
        result = ss_pipeline_run(&setup);
        (void)ss_output_close(output, NULL);
    }
    ss_app_inputs_clear(&inputs);
    if (error) {
        ss_tell("%s", error->message);
    } else if (!result.is_failed && !side->ends) {
        ss_tell("%s: there is no session %" G_GUINT64_FORMAT ": smtpscope %s lists them%s",
                side->file, MAX(side->session, 1), side->file,
                options->ports->len ? ", or try --ports all" : "");
        return FAILED;
    }
    return result.is_failed ? FAILED : result.is_damaged ? DAMAGED : DONE;
}

static bool
print(const SsSide sides[2], const SsAppOptions *options)
{
    g_autoptr(GError) error = NULL;
    SsFile *file = ss_file_open(NULL, NULL, &error);
    const char *no_color = g_getenv("NO_COLOR");
    SsDiffStyle style = {.is_verbose = options->verbosity > 0};
    g_autofree char *text = NULL;

    if (file) {
        style.width = ss_file_width(file);
        style.has_color = options->color > 0 || (options->color == 0 && ss_file_is_terminal(file) &&
                                                 !(no_color && *no_color));
        text = ss_diff_print(sides, &style);
        (void)ss_file_write(file, text, strlen(text));
        (void)ss_file_close(file, &error);
    }
    if (error) {
        ss_tell("%s", error->message);
    }
    return error == NULL;
}

static bool
check_options(const SsAppOptions *options, GError **error)
{
    const char *wrong = NULL;

    if (!options->files || g_strv_length(options->files) != 2) {
        wrong = "give two sessions, each as FILE or FILE#N";
    } else if (options->outputs || options->write_to || options->select || options->expected ||
               options->interface || options->filter) {
        wrong = "it takes only the options that say how packets are read, --color and -v";
    }
    if (wrong) {
        g_set_error(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE, "diff: %s", wrong);
    }
    return wrong == NULL;
}

static int
compare(const SsAppOptions *options, volatile sig_atomic_t *stop, volatile sig_atomic_t *report)
{
    SsSide sides[2];
    int status[2];
    int worst;

    for (int i = 0; i < 2; i++) {
        ss_side_init(&sides[i], options->files[i]);
    }
    for (int i = 0; i < 2; i++) {
        status[i] = read_side(&sides[i], options, stop, report);
    }
    worst = status[0] == FAILED || status[1] == FAILED ? FAILED : MAX(status[0], status[1]);
    if (worst != FAILED && !print(sides, options)) {
        worst = FAILED;
    }
    for (int i = 0; i < 2; i++) {
        ss_side_clear(&sides[i]);
    }
    return worst;
}

int
ss_diff_main(int argc, char **argv, volatile sig_atomic_t *stop, volatile sig_atomic_t *report)
{
    SsAppOptions options;
    g_autoptr(GError) error = NULL;
    int status = USAGE;

    if (!ss_app_options_parse(&options, argc, argv, &error)) {
        ss_tell("%s (see smtpscope --help)", error->message);
    } else if (options.print_help) {
        ss_app_options_print_help(stdout);
        status = DONE;
    } else if (!check_options(&options, &error)) {
        ss_tell("%s (see smtpscope --help)", error->message);
    } else {
        status = compare(&options, stop, report);
    }
    ss_app_options_clear(&options);
    return status;
}
