#include "tests/ss-test.h"

#include <json-glib/json-glib.h>

#include "output/output.h"
#include "tests/unit/output/scratch.h"

typedef struct {
    char *folder;
    char *path;
    void *slot;
} Bench;

static int
set_up(void **state)
{
    Bench *bench = g_new0(Bench, 1);

    bench->folder = scratch_new();
    bench->path = scratch_path(bench->folder, "out");
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    Bench *bench = *state;

    scratch_free(bench->folder);
    g_free(bench->path);
    g_free(bench);
    return 0;
}

static SsOutput *
open_json(const Bench *bench, const SsOutputOptions *options, const char *more)
{
    g_autofree char *spec = g_strconcat("json:", bench->path, more, NULL);
    SsOutput *output = ss_output_new(options);

    assert_true(ss_output_add(output, spec, NULL));
    assert_true(ss_output_open(output, NULL));
    return output;
}

static void
emit(SsOutput *output, Bench *bench, SsEventType type, uint64_t frame)
{
    SsEvent event = {
        .type = type,
        .time_digits = 6,
        .uid = 7,
        .session = 1,
        .frame = frame,
        .slot = type == SS_EVENT_CAPTURE ? NULL : &bench->slot,
    };

    ss_output_sink(output)->emit(ss_output_sink(output), &event);
}

static void
emit_all(SsOutput *output, Bench *bench)
{
    emit(output, bench, SS_EVENT_REPLY, 1);
    emit(output, bench, SS_EVENT_COMMAND, 2);
    emit(output, bench, SS_EVENT_TLS, 3);
    emit(output, bench, SS_EVENT_AUTH, 4);
    emit(output, bench, SS_EVENT_NOTE, 5);
    emit(output, bench, SS_EVENT_MESSAGE, 6);
    emit(output, bench, SS_EVENT_SESSION, 7);
    emit(output, bench, SS_EVENT_CAPTURE, 8);
}

/* The types of the lines, which must each be an object; findings are for the detectors' tests. */
static void
check_types(const Bench *bench, const char *expected)
{
    g_autofree char *text = scratch_get(bench->folder, "out");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) types = g_string_new(NULL);

    for (size_t i = 0; lines[i] && *lines[i]; i++) {
        g_autoptr(JsonNode) node = json_from_string(lines[i], NULL);
        const char *type;
        assert_true(node && JSON_NODE_HOLDS_OBJECT(node));
        type = json_object_get_string_member(json_node_get_object(node), "type");
        if (!g_str_equal(type, "finding")) {
            g_string_append_printf(types, "%s ", type);
        }
    }
    assert_string_equal(types->str, expected);
}

static void
check_events(Bench *bench, const char *option, const char *expected)
{
    static const SsOutputOptions options;
    SsOutput *output = open_json(bench, &options, option);

    emit_all(output, bench);
    assert_true(ss_output_close(output, NULL));
    ss_output_free(output);
    assert_null(bench->slot);
    check_types(bench, expected);
}

static void
test_types(void **state)
{
    check_events(*state, "", "tls auth message session capture ");
    check_events(*state, ",events=all", "reply command tls auth message session capture ");
    check_events(*state, ",events=auth+reply", "reply auth ");
}

static void
test_unknown_type(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(ss_output_add(output, "json,events=session+mail", &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE));
    assert_non_null(strstr(error->message, "session, message, auth"));
}

static void
test_asks_for_what_it_needs(void **state)
{
    static const SsOutputOptions options;
    SsOutput *output = open_json(*state, &options, ",events=auth+reply");

    assert_true(ss_output_sink(output)->wants ==
                (SS_WANT(SS_EVENT_AUTH) | SS_WANT(SS_EVENT_REPLY) | SS_WANT(SS_EVENT_SESSION)));
    assert_int_equal(ss_output_plan(output)->needs, 0);
    ss_output_free(output);
    output = open_json(*state, &options, ",events=message");
    assert_true(ss_output_sink(output)->wants ==
                (SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_SESSION)));
    assert_int_equal(ss_output_plan(output)->needs, SS_NEED_MIME | SS_NEED_HASHES);
    ss_output_free(output);
}

/* Live, a line is there as soon as its frame is over. */
static void
test_live(void **state)
{
    SsOutputOptions options = {.is_live = true};
    Bench *bench = *state;
    SsOutput *output = open_json(bench, &options, ",events=auth+reply");

    emit(output, bench, SS_EVENT_AUTH, 1);
    ss_output_advance(output, 2);
    check_types(bench, "auth ");
    ss_output_free(output);
}

static void
test_cannot_open(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(ss_output_add(output, "json:/no/such/folder/out", NULL));
    assert_false(ss_output_open(output, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN));
    assert_string_equal(error->message,
                        "json: cannot open '/no/such/folder/out': No such file or directory");
}

static void
test_full_disk(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    g_autoptr(GError) error = NULL;

    assert_true(ss_output_add(output, "json:/dev/full,events=auth", NULL));
    assert_true(ss_output_open(output, NULL));
    emit(output, *state, SS_EVENT_AUTH, 1);
    assert_false(ss_output_close(output, &error));
    assert_string_equal(error->message, "json: writing '/dev/full': No space left on device");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_types, set_up, tear_down),
        cmocka_unit_test(test_unknown_type),
        cmocka_unit_test_setup_teardown(test_asks_for_what_it_needs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_live, set_up, tear_down),
        cmocka_unit_test(test_cannot_open),
        cmocka_unit_test_setup_teardown(test_full_disk, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
