#include "tests/ss-test.h"

#include "output/options.h"
#include "output/output.h"

static const SsOption sample_options[] = {
    {.key = "all", .type = SS_OPTION_FLAG, .fallback = "no", .help = "h"},
    {.key = "max", .type = SS_OPTION_COUNT, .fallback = "10", .help = "h"},
    {.key = "title", .type = SS_OPTION_TEXT, .help = "h"},
    {.key = "format", .type = SS_OPTION_CHOICE, .fallback = "a", .choices = "a|b", .help = "h"},
    {.key = "events", .type = SS_OPTION_LIST, .fallback = "x", .choices = "x|y|z", .help = "h"},
    {.key = NULL},
};

static void *
no_open(const SsHost *host, char *err, size_t errlen)
{
    (void)host;
    (void)err;
    (void)errlen;
    return NULL;
}

static bool
no_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    (void)self;
    (void)session;
    (void)host;
    (void)event;
    return true;
}

#define SINK(name_, ...)                                                                 \
    {                                                                                    \
        .abi = SS_PLUGIN_ABI, .size = sizeof(SsPlugin), .name = (name_), .summary = "s", \
        .open = no_open, .event = no_event, __VA_ARGS__                                  \
    }

static const SsFindingKind finding_kinds[] = {
    {.id = "a.b", .severity = SS_SEVERITY_LOW, .when = "w"},
    {.id = NULL},
};
static const SsPlugin sample = SINK("sample", .options = sample_options);
static const SsPlugin files = SINK("files", .dest = SS_DEST_FOLDER);
static const SsPlugin finder = SINK("finder", .findings = finding_kinds);

const SsPlugin *const ss_plugins_built_in[] = {&sample, &files, &finder, NULL};

/* --- cutting --- */

static void
check_spec(const char *text, const char *name, const char *dest, const char *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SsOutputSpec) spec = ss_output_spec_parse(text, &error);
    g_autoptr(GString) found = g_string_new(NULL);

    assert_null(error);
    assert_string_equal(spec->name, name);
    if (dest) {
        assert_string_equal(spec->dest, dest);
    } else {
        assert_null(spec->dest);
    }
    for (size_t i = 0; i < spec->keys->len; i++) {
        g_string_append_printf(found, "%s=%s;", (char *)g_ptr_array_index(spec->keys, i),
                               (char *)g_ptr_array_index(spec->values, i));
    }
    assert_string_equal(found->str, options);
}

static void
test_cutting(void **state)
{
    (void)state;
    check_spec("json", "json", NULL, "");
    check_spec("json:out.json", "json", "out.json", "");
    check_spec("json:-", "json", "-", "");
    check_spec("json,events=a+b", "json", NULL, "events=a+b;");
    check_spec("json:dir/o,events=all,x=", "json", "dir/o", "events=all;x=;");
    check_spec("json:a\\,b\\:c", "json", "a,b:c", "");
    check_spec("json:C:a\\b\\\\", "json", "C:a\\b\\", "");
    check_spec("x,title=a\\,b=c:d", "x", NULL, "title=a,b=c:d;");
    check_spec("", "", NULL, "");
}

static void
check_bad_spec(const char *text)
{
    g_autoptr(GError) error = NULL;

    assert_null(ss_output_spec_parse(text, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE));
    assert_null(strchr(error->message, '\n'));
}

static void
test_bad_specs(void **state)
{
    (void)state;
    check_bad_spec("json:");
    check_bad_spec("json:,events=all");
    check_bad_spec("json,");
    check_bad_spec("json,all");
    check_bad_spec("json,=x");
    check_bad_spec("json:a,b");
    check_bad_spec("json,a=1,a=2");
}

/* --- values --- */

static void
test_values(void **state)
{
    g_autoptr(SsOutputSpec) spec =
        ss_output_spec_parse("sample,all=yes,max=7,format=b,events=z+x", NULL);
    SsOptionValues values;

    (void)state;
    assert_true(ss_option_values_init(&values, &sample, NULL, NULL));
    assert_false(ss_option_values_flag(&values, "all"));
    assert_true(ss_option_values_count(&values, "max") == 10);
    assert_null(ss_option_values_text(&values, "title"));
    assert_string_equal(ss_option_values_text(&values, "format"), "a");
    assert_null(ss_option_values_text(&values, "nothing"));
    assert_false(ss_option_values_flag(&values, "nothing"));
    ss_option_values_clear(&values);

    assert_true(ss_option_values_init(&values, &sample, spec, NULL));
    assert_true(ss_option_values_flag(&values, "all"));
    assert_true(ss_option_values_count(&values, "max") == 7);
    assert_string_equal(ss_option_values_text(&values, "events"), "z+x");
    ss_option_values_clear(&values);
}

/* --- as the command line meets it --- */

static void
check_add(SsOutput *output, const char *spec, const char *expected)
{
    g_autoptr(GError) error = NULL;
    bool is_added = ss_output_add(output, spec, &error);

    if (expected) {
        assert_false(is_added);
        assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE));
        assert_string_equal(error->message, expected);
    } else {
        assert_null(error);
        assert_true(is_added);
    }
}

static void
test_adding(void **state)
{
    SsOutputOptions options = {0};
    g_autoptr(SsOutput) output = ss_output_new(&options);

    (void)state;
    check_add(output, "jsn", "unknown output \"jsn\": there are files, sample");
    check_add(output, "sample:f,colour=red",
              "output \"sample\" has no option \"colour\": it takes all, max, title, format, "
              "events");
    check_add(output, "files:d,x=1", "output \"files\" has no option \"x\": it takes none");
    check_add(output, "sample:f,all=maybe", "output \"sample\": all=maybe: all is yes or no");
    check_add(output, "sample:f,max=-1", "output \"sample\": max=-1: max is a number");
    check_add(output, "sample:f,max=", "output \"sample\": max=: max is a number");
    check_add(output, "sample:f,format=c", "output \"sample\": format=c: format is one of a, b");
    check_add(output, "sample:f,events=x+q",
              "output \"sample\": events=x+q: events takes, joined by +: x, y, z");
    check_add(output,
              "sample:f,events=", "output \"sample\": events=: events takes, joined by +: x, y, z");
    check_add(output, "files", "output \"files\" needs a place to write to: files:FOLDER");
    check_add(output, "files:-", "output \"files\" needs a place to write to: files:FOLDER");
    check_add(output, "finder:f", "\"finder\" writes no file: leave out \":f\"");
    check_add(output, "finder,enabled=7", "\"finder\": enabled=7: enabled is yes or no");
    assert_false(ss_output_has_sinks(output));
    check_add(output, "finder,enabled=no", NULL);
    check_add(output, "finder,enabled=no", "\"finder\" is set twice");
    assert_false(ss_output_has_sinks(output));
    check_add(output, "files:d", NULL);
    check_add(output, "sample:f", NULL);
    check_add(output, "sample", NULL);
    check_add(output, "sample:-",
              "standard output is taken by \"sample\": give \"sample\" a file, sample:FILE");
    assert_true(ss_output_has_sinks(output));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_bad_specs),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_adding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
