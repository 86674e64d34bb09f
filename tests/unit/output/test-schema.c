#include "tests/ss-test.h"

#include <json-glib/json-glib.h>

#include "output/output.h"
#include "output/schema.h"

typedef struct {
    SsSlice name;
    uint64_t n;
} Detail;

static const SsField detail_fields[] = {
    {.name = "name",
     .kind = SS_FIELD_TEXT,
     .offset = offsetof(Detail, name),
     .doc = "its name, with \"quotes\" and a \\"},
    {.name = "n", .kind = SS_FIELD_COUNT, .offset = offsetof(Detail, n), .doc = "how many"},
    {.name = NULL},
};
static const SsFindingKind kinds[] = {
    {.id = "test.two",
     .severity = SS_SEVERITY_HIGH,
     .when = "two came",
     .reference = "RFC 5321",
     .detail = detail_fields,
     .detail_size = sizeof(Detail)},
    {.id = "test.one", .severity = SS_SEVERITY_INFO, .when = "one came"},
    {.id = NULL},
};
static const SsPlugin finder = {.name = "finder", .findings = kinds};
static const SsPlugin sink = {.name = "sink"};
static const SsPlugin *const plugins[] = {&finder, &sink, NULL};

const SsPlugin *const ss_plugins_built_in[] = {NULL};

typedef void (*Print)(FILE *to);

static void
print_schema(FILE *to)
{
    ss_schema_print_json_schema(to, plugins);
}

static void
print_findings(FILE *to)
{
    ss_schema_print_findings_md(to, plugins);
}

/* To be freed. */
static char *
printed(Print print)
{
    char *text = NULL;
    char *copy;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    print(to);
    fclose(to);
    copy = g_strdup(text);
    free(text);
    return copy;
}

static void
check_object(JsonObject *schema, const SsField *const *tables)
{
    JsonObject *properties = json_object_get_object_member(schema, "properties");
    JsonArray *required = json_object_get_array_member(schema, "required");
    guint n = 0;

    assert_false(json_object_get_boolean_member(schema, "additionalProperties"));
    for (size_t i = 0; tables[i]; i++) {
        for (const SsField *field = tables[i]; field->name; field++) {
            if (field->is_internal) {
                continue;
            }
            assert_true(json_object_has_member(properties, field->name));
            assert_string_equal(json_array_get_string_element(required, n++), field->name);
        }
    }
    assert_int_equal(json_array_get_length(required), n);
}

static void
test_schema(void **state)
{
    g_autofree char *text = printed(print_schema);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = json_from_string(text, &error);
    JsonObject *defs;
    JsonObject *detail;
    JsonArray *all;

    (void)state;
    assert_null(error);
    defs = json_object_get_object_member(json_node_get_object(node), "$defs");
    for (int type = 0; type < SS_EVENT_NOTE; type++) {
        const SsField *tables[] = {ss_event_common_fields(), ss_event_fields((SsEventType)type),
                                   NULL};
        check_object(json_object_get_object_member(defs, ss_event_type_name((SsEventType)type)),
                     tables);
    }
    all = json_object_get_array_member(json_object_get_object_member(defs, "finding"), "allOf");
    assert_int_equal(json_array_get_length(all), 2);
    detail = json_array_get_object_element(all, 1);
    detail = json_object_get_object_member(detail, "then");
    detail = json_object_get_object_member(detail, "properties");
    detail = json_object_get_object_member(detail, "detail");
    {
        const SsField *tables[] = {detail_fields, NULL};
        check_object(detail, tables);
    }
}

static void
test_pages(void **state)
{
    g_autofree char *events = printed(ss_schema_print_events_md);
    g_autofree char *findings = printed(print_findings);

    (void)state;
    assert_non_null(strstr(events, "\n## message\n"));
    assert_non_null(strstr(events, "\n| `rcpt[].final.code` | number | reply code |\n"));
    assert_non_null(strstr(events, "\n| `transfer` | `DATA`, `BDAT` or null | "));
    assert_null(strstr(events, "`note`"));
    assert_non_null(strstr(findings, "\n| `test.one` | info | one came |  |\n"
                                     "| `test.two` | high | two came | RFC 5321 |\n"));
    assert_non_null(strstr(findings, "\n| `n` | number | how many |\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema),
        cmocka_unit_test(test_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
