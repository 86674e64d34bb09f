/*
 * Events with random contents, made by the field tables, are written and read again by json-glib,
 * and must say the same.
 */
#include "tests/ss-test.h"

#include <json-glib/json-glib.h>

#include "base/limits.h"
#include "base/text.h"
#include "output/json.h"

#define N_RANDOM 400

/* --- random events --- */

static void fill(GRand *rand, SsArena *arena, const SsField *fields, uint8_t *body);

static SsSlice
random_text(GRand *rand, SsArena *arena)
{
    static const char *const texts[] = {
        "",
        "plain",
        "a longer text of plain letters and digits 0123456789",
        "quote \" backslash \\ slash / tab \t line \r\n end",
        "\x01\x1f\x7f",
        "Gru\xc3\x9f \xe2\x82\xac \xf0\x9f\x93\xa7",
        "\xe2\x80\xa8\xe2\x80\xa9\xc2\x85\xe2\x80\xae\xf3\xa0\x80\xa1",
        "\xff\xfe broken \xe2\x82",
        "Latin-1 gr\xfc\xdf",
    };
    const char *text = texts[g_rand_int_range(rand, 0, G_N_ELEMENTS(texts))];
    uint8_t bytes[40];

    if (g_rand_boolean(rand)) {
        return ss_arena_dup(arena, ss_slice_str(text));
    }
    /* No NUL: json-glib's strings end there. */
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 127 : 256);
    }
    return ss_arena_dup(arena,
                        ss_slice(bytes, (size_t)g_rand_int_range(rand, 0, (gint32)sizeof bytes)));
}

static uint64_t
random_count(GRand *rand)
{
    uint64_t count = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);

    return count >> g_rand_int_range(rand, 1, 64); /* json-glib's numbers are signed */
}

static void *
random_list(GRand *rand, SsArena *arena, SsList *list, size_t size)
{
    list->n = (size_t)g_rand_int_range(rand, 0, 4);
    list->total = list->n + (g_rand_int_range(rand, 0, 4) == 0 ? 5 : 0);
    list->items = ss_arena_alloc(arena, list->n * size + 1);
    return list->items;
}

static void
fill_list(GRand *rand, SsArena *arena, const SsField *field, SsList *list)
{
    if (field->kind == SS_FIELD_TEXTS) {
        SsSlice *texts = random_list(rand, arena, list, sizeof *texts);
        for (size_t i = 0; i < list->n; i++) {
            texts[i] = random_text(rand, arena);
        }
    } else if (field->kind == SS_FIELD_COUNTS) {
        uint64_t *counts = random_list(rand, arena, list, sizeof *counts);
        for (size_t i = 0; i < list->n; i++) {
            counts[i] = random_count(rand);
        }
    } else if (field->kind == SS_FIELD_MAP) {
        SsPair *pairs = random_list(rand, arena, list, sizeof *pairs);
        for (size_t i = 0; i < list->n; i++) {
            pairs[i].key = random_text(rand, arena);
            pairs[i].value = random_text(rand, arena);
        }
    } else if (field->kind == SS_FIELD_TALLY) {
        SsTally *tallies = random_list(rand, arena, list, sizeof *tallies);
        for (size_t i = 0; i < list->n; i++) {
            tallies[i].key = random_text(rand, arena);
            tallies[i].n = random_count(rand);
        }
    } else {
        uint8_t *items = random_list(rand, arena, list, field->size);
        for (size_t i = 0; i < list->n; i++) {
            fill(rand, arena, field->fields, items + i * field->size);
        }
    }
}

static void
fill_field(GRand *rand, SsArena *arena, const SsField *field, void *at)
{
    bool is_null = g_rand_int_range(rand, 0, 4) == 0;
    bool is_absent = is_null && field->nullable;
    int n = 0;

    switch (field->kind) {
    case SS_FIELD_TEXT:
        *(SsSlice *)at = is_absent ? SS_SLICE_NULL : random_text(rand, arena);
        break;
    case SS_FIELD_SIGNED:
        *(int64_t *)at = is_null ? SS_TIME_NONE : (int64_t)random_count(rand);
        break;
    case SS_FIELD_TIME:
    case SS_FIELD_DURATION:
        *(int64_t *)at = is_absent ? SS_TIME_NONE
                                   : (int64_t)random_count(rand) * (g_rand_boolean(rand) ? 1 : -1);
        break;
    case SS_FIELD_COUNT:
    case SS_FIELD_CODE:
    case SS_FIELD_UID:
        *(uint64_t *)at = random_count(rand);
        break;
    case SS_FIELD_OPTIONAL:
        *(uint64_t *)at = is_null ? SS_COUNT_NONE : random_count(rand);
        break;
    case SS_FIELD_BOOL:
        *(bool *)at = g_rand_boolean(rand);
        break;
    case SS_FIELD_TRISTATE:
        *(int8_t *)at = (int8_t)g_rand_int_range(rand, -1, 2);
        break;
    case SS_FIELD_ENUM:
        while (field->names[n]) {
            n++;
        }
        *(int *)at = is_absent ? -1 : g_rand_int_range(rand, 0, n);
        break;
    case SS_FIELD_OBJECT:
        fill(rand, arena, field->fields, at);
        break;
    case SS_FIELD_POINTER:
        if (!is_null) {
            *(void **)at = ss_arena_alloc(arena, field->size);
            fill(rand, arena, field->fields, *(void **)at);
        }
        break;
    case SS_FIELD_RANGE:
        ((uint64_t *)at)[0] = random_count(rand);
        ((uint64_t *)at)[1] = random_count(rand);
        break;
    case SS_FIELD_DETAIL:
        if (!is_null) {
            SsDetail *detail = at;
            detail->fields = ss_event_fields(SS_EVENT_TLS);
            detail->size = sizeof(SsEventTls);
            detail->value = ss_arena_alloc(arena, detail->size);
            fill(rand, arena, detail->fields, (uint8_t *)(uintptr_t)detail->value);
        }
        break;
    default:
        fill_list(rand, arena, field, at);
    }
}

static void
fill(GRand *rand, SsArena *arena, const SsField *fields, uint8_t *body)
{
    for (const SsField *field = fields; field->name; field++) {
        fill_field(rand, arena, field, body + field->offset);
    }
}

/* --- what was read must be what was written --- */

static void check_fields(JsonObject *object, const SsField *fields, const uint8_t *body,
                         unsigned digits);

static void
check_string(JsonNode *node, SsSlice text)
{
    g_autoptr(GString) utf8 = g_string_new(NULL);

    if (ss_slice_is_null(text)) {
        assert_true(JSON_NODE_HOLDS_NULL(node));
        return;
    }
    ss_text_append_utf8(utf8, text);
    assert_string_equal(json_node_get_string(node), utf8->str);
}

static void
check_base64(JsonNode *node, SsSlice text)
{
    g_autofree uint8_t *bytes = NULL;
    size_t len;

    bytes = g_base64_decode(json_node_get_string(node), &len);
    assert_true(ss_slice_eq(ss_slice(bytes, len), text));
}

static JsonNode *
side(JsonObject *object, const SsField *field, const char *suffix)
{
    g_autofree char *name = g_strconcat(field->name, suffix, NULL);

    return json_object_get_member(object, name);
}

static void
check_text(JsonObject *object, const SsField *field, SsSlice text)
{
    JsonNode *base64 = side(object, field, "_b64");

    check_string(json_object_get_member(object, field->name), text);
    assert_int_equal(base64 == NULL, ss_utf8_is_valid(text));
    if (base64) {
        check_base64(base64, text);
    }
}

static void
check_time(JsonNode *node, int64_t ns, unsigned digits)
{
    g_autoptr(GDateTime) time = NULL;
    const char *text;

    if (ns == SS_TIME_NONE) {
        assert_true(JSON_NODE_HOLDS_NULL(node));
        return;
    }
    text = json_node_get_string(node);
    assert_int_equal(strlen(text), strlen("2026-11-21T10:00:00.Z") + digits);
    time = g_date_time_new_from_iso8601(text, NULL);
    assert_non_null(time);
    assert_true(g_date_time_to_unix(time) == ns / SS_NS_PER_S - (ns % SS_NS_PER_S < 0));
    if (digits == 9) {
        int64_t fraction = g_ascii_strtoll(text + strlen("2026-11-21T10:00:00."), NULL, 10);
        assert_true(fraction == ((ns % SS_NS_PER_S) + SS_NS_PER_S) % SS_NS_PER_S);
    }
}

static void
check_duration(JsonNode *node, int64_t ns, unsigned digits)
{
    double unit = digits == 6 ? 1e-6 : 1e-9;
    double seconds = (double)ns / 1e9;

    if (ns == SS_TIME_NONE) {
        assert_true(JSON_NODE_HOLDS_NULL(node));
        return;
    }
    assert_true(ABS(json_node_get_double(node) - seconds) <= unit + ABS(seconds) * 1e-12);
}

static void
check_count(JsonNode *node, uint64_t count, bool is_null)
{
    if (is_null) {
        assert_true(JSON_NODE_HOLDS_NULL(node));
    } else {
        assert_true((uint64_t)json_node_get_int(node) == count);
    }
}

static void
check_enum(JsonNode *node, const SsField *field, int value)
{
    if (value < 0) {
        assert_true(JSON_NODE_HOLDS_NULL(node));
    } else {
        assert_string_equal(json_node_get_string(node), field->names[value]);
    }
}

static void
check_texts(JsonObject *object, const SsField *field, const SsList *list)
{
    JsonArray *array = json_object_get_array_member(object, field->name);
    JsonNode *base64 = side(object, field, "_b64");
    const SsSlice *texts = list->items;
    bool is_valid = true;

    assert_int_equal(json_array_get_length(array), list->n);
    for (guint i = 0; i < list->n; i++) {
        bool is_good = ss_utf8_is_valid(texts[i]);
        check_string(json_array_get_element(array, i), texts[i]);
        is_valid &= is_good;
        if (base64) {
            JsonNode *node = json_array_get_element(json_node_get_array(base64), i);
            if (is_good) {
                assert_true(JSON_NODE_HOLDS_NULL(node));
            } else {
                check_base64(node, texts[i]);
            }
        }
    }
    assert_int_equal(base64 == NULL, is_valid);
}

static void
check_map(JsonObject *object, const SsField *field, const SsList *list)
{
    JsonObject *map = json_object_get_object_member(object, field->name);
    JsonNode *base64 = side(object, field, "_b64");
    const SsPair *pairs = list->items;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (size_t i = 0; i < list->n; i++) {
        g_autoptr(GString) key = g_string_new(NULL);
        ss_text_append_utf8(key, pairs[i].key);
        if (!g_hash_table_add(seen, g_strdup(key->str))) {
            continue;
        }
        check_string(json_object_get_member(map, key->str), pairs[i].value);
        if (!ss_utf8_is_valid(pairs[i].value)) {
            JsonObject *bytes = json_node_get_object(base64);
            check_base64(json_object_get_member(bytes, key->str), pairs[i].value);
        }
    }
    assert_int_equal(json_object_get_size(map), g_hash_table_size(seen));
}

static void
check_tally(JsonObject *object, const SsField *field, const SsList *list)
{
    JsonObject *map = json_object_get_object_member(object, field->name);
    const SsTally *tallies = list->items;

    for (size_t i = list->n; i-- > 0;) {
        g_autoptr(GString) key = g_string_new(NULL);
        bool is_first = true;
        ss_text_append_utf8(key, tallies[i].key);
        for (size_t j = 0; j < i; j++) {
            g_autoptr(GString) other = g_string_new(NULL);
            ss_text_append_utf8(other, tallies[j].key);
            is_first &= !g_string_equal(key, other);
        }
        if (is_first) {
            check_count(json_object_get_member(map, key->str), tallies[i].n, false);
        }
    }
}

static void
check_list(JsonObject *object, const SsField *field, const SsList *list, unsigned digits)
{
    JsonNode *total = side(object, field, "_total");

    assert_int_equal(total == NULL, list->total == list->n);
    if (total) {
        check_count(total, list->total, false);
    }
    if (field->kind == SS_FIELD_TEXTS) {
        check_texts(object, field, list);
    } else if (field->kind == SS_FIELD_MAP) {
        check_map(object, field, list);
    } else if (field->kind == SS_FIELD_TALLY) {
        check_tally(object, field, list);
    } else {
        JsonArray *array = json_object_get_array_member(object, field->name);
        assert_int_equal(json_array_get_length(array), list->n);
        for (guint i = 0; i < list->n; i++) {
            JsonNode *node = json_array_get_element(array, i);
            if (field->kind == SS_FIELD_COUNTS) {
                check_count(node, ((const uint64_t *)list->items)[i], false);
            } else {
                check_fields(json_node_get_object(node), field->fields,
                             (const uint8_t *)list->items + i * field->size, digits);
            }
        }
    }
}

static void
check_field(JsonObject *object, const SsField *field, const void *at, unsigned digits)
{
    JsonNode *node = json_object_get_member(object, field->name);

    assert_non_null(node);
    switch (field->kind) {
    case SS_FIELD_TEXT:
        check_text(object, field, *(const SsSlice *)at);
        break;
    case SS_FIELD_TIME:
        check_time(node, *(const int64_t *)at, digits);
        break;
    case SS_FIELD_DURATION:
        check_duration(node, *(const int64_t *)at, digits);
        break;
    case SS_FIELD_COUNT:
        check_count(node, *(const uint64_t *)at, false);
        break;
    case SS_FIELD_CODE:
        check_count(node, *(const uint64_t *)at, *(const uint64_t *)at == 0);
        break;
    case SS_FIELD_OPTIONAL:
        check_count(node, *(const uint64_t *)at, *(const uint64_t *)at == SS_COUNT_NONE);
        break;
    case SS_FIELD_SIGNED:
        assert_int_equal(JSON_NODE_HOLDS_NULL(node), *(const int64_t *)at == SS_TIME_NONE);
        if (!JSON_NODE_HOLDS_NULL(node)) {
            assert_int_equal(json_node_get_int(node), *(const int64_t *)at);
        }
        break;
    case SS_FIELD_BOOL:
        assert_int_equal(json_node_get_boolean(node), *(const bool *)at);
        break;
    case SS_FIELD_TRISTATE:
        assert_int_equal(JSON_NODE_HOLDS_NULL(node), *(const int8_t *)at < 0);
        break;
    case SS_FIELD_ENUM:
        check_enum(node, field, *(const int *)at);
        break;
    case SS_FIELD_UID:
        if (*(const uint64_t *)at) {
            assert_true(g_ascii_strtoull(json_node_get_string(node), NULL, 16) ==
                        *(const uint64_t *)at);
        }
        break;
    case SS_FIELD_OBJECT:
        check_fields(json_node_get_object(node), field->fields, at, digits);
        break;
    case SS_FIELD_POINTER:
        if (*(void *const *)at) {
            check_fields(json_node_get_object(node), field->fields, *(void *const *)at, digits);
        } else {
            assert_true(JSON_NODE_HOLDS_NULL(node));
        }
        break;
    case SS_FIELD_RANGE:
        assert_int_equal(json_array_get_length(json_node_get_array(node)), 2);
        break;
    case SS_FIELD_DETAIL: {
        const SsDetail *detail = at;
        assert_true(JSON_NODE_HOLDS_OBJECT(node));
        if (detail->value) {
            check_fields(json_node_get_object(node), detail->fields, detail->value, digits);
        }
        break;
    }
    default:
        check_list(object, field, at, digits);
    }
}

static void
check_fields(JsonObject *object, const SsField *fields, const uint8_t *body, unsigned digits)
{
    for (const SsField *field = fields; field->name; field++) {
        if (field->is_internal) {
            continue;
        }
        check_field(object, field, body + field->offset, digits);
    }
}

static void
test_random_events(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    g_autoptr(GString) line = g_string_new(NULL);

    (void)state;
    for (int i = 0; i < N_RANDOM * SS_N_EVENT_TYPES; i++) {
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error = NULL;
        SsArena arena = {0};
        SsEvent event = {0};
        JsonObject *object;

        fill(rand, &arena, ss_event_common_fields(), (uint8_t *)&event);
        event.type = (SsEventType)(i % SS_N_EVENT_TYPES);
        event.time_digits = g_rand_boolean(rand) ? 6 : 9;
        fill(rand, &arena, ss_event_fields(event.type),
             (uint8_t *)(uintptr_t)ss_event_body(&event));
        g_string_truncate(line, 0);
        ss_json_event(line, &event);

        assert_true(g_utf8_validate_len(line->str, line->len, NULL));
        assert_null(strpbrk(line->str, "\n\r\x7f\x1b"));
        assert_true(json_parser_load_from_data(parser, line->str, (gssize)line->len, &error));
        object = json_node_get_object(json_parser_get_root(parser));
        check_fields(object, ss_event_common_fields(), (uint8_t *)&event, event.time_digits);
        check_fields(object, ss_event_fields(event.type), ss_event_body(&event), event.time_digits);
        ss_arena_clear(&arena);
    }
}

/* --- by example --- */

static void
check_written(GString *to, const char *text)
{
    assert_string_equal(to->str, text);
    g_string_truncate(to, 0);
}

static void
test_texts(void **state)
{
    g_autoptr(GString) to = g_string_new(NULL);
    SsJson json;

    (void)state;
    ss_json_init(&json, to);
    ss_json_list_begin(&json);
    assert_true(ss_json_text(&json, SS_SLICE("a\0b")));
    assert_true(ss_json_text(&json, SS_SLICE("\"\\/\b\f\n\r\t\v")));
    assert_true(ss_json_text(&json, SS_SLICE("\x7f\xc2\x85\xe2\x80\xa8\xf3\xa0\x80\xa1")));
    assert_false(ss_json_text(&json, SS_SLICE("\xe2\x82")));
    assert_true(ss_json_text(&json, SS_SLICE_NULL));
    ss_json_base64(&json, SS_SLICE("\xff\xfe"));
    ss_json_list_end(&json);
    check_written(to, "[\"a\\u0000b\",\"\\\"\\\\/\\b\\f\\n\\r\\t\\u000b\","
                      "\"\\u007f\\u0085\\u2028\\udb40\\udc21\",\"\xef\xbf\xbd\",null,\"//4=\"]");
}

/* An escape at every place of a text, so that the eight-byte steps meet it everywhere. */
static void
test_escape_at_every_place(void **state)
{
    (void)state;
    for (size_t at = 0; at < 40; at++) {
        g_autoptr(GString) to = g_string_new(NULL);
        g_autofree char *text = g_strnfill(40, 'x');
        g_autofree char *expected = NULL;
        SsJson json;

        text[at] = '"';
        expected = g_strdup_printf("\"%.*s\\\"%s\"", (int)at, text, text + at + 1);
        ss_json_init(&json, to);
        ss_json_text(&json, ss_slice_str(text));
        assert_string_equal(to->str, expected);
    }
}

static void
test_numbers(void **state)
{
    g_autoptr(GString) to = g_string_new(NULL);
    SsJson json;

    (void)state;
    ss_json_init(&json, to);
    ss_json_list_begin(&json);
    ss_json_count(&json, 0);
    ss_json_count(&json, UINT64_MAX);
    ss_json_uid(&json, 0xabc);
    ss_json_duration(&json, 10231000, 6);
    ss_json_duration(&json, 0, 6);
    ss_json_duration(&json, 12 * SS_NS_PER_S, 9);
    ss_json_duration(&json, 500000000, 9);
    ss_json_duration(&json, 1, 9);
    ss_json_duration(&json, -1, 6);
    ss_json_duration(&json, -1500000000, 6);
    ss_json_duration(&json, INT64_MIN + 1, 9);
    ss_json_list_end(&json);
    check_written(to, "[0,18446744073709551615,\"0000000000000abc\",0.010231,0,12,0.5,"
                      "0.000000001,0,-1.5,-9223372036.854775807]");
}

static void
test_times(void **state)
{
    g_autoptr(GString) to = g_string_new(NULL);
    SsJson json;

    (void)state;
    ss_json_init(&json, to);
    ss_json_list_begin(&json);
    ss_json_time(&json, 0, 6);
    ss_json_time(&json, INT64_C(1795255200123456789), 6);
    ss_json_time(&json, INT64_C(1795255200123456789), 9);
    ss_json_time(&json, INT64_C(951782400) * SS_NS_PER_S, 0);
    ss_json_time(&json, -1, 9);
    ss_json_time(&json, INT64_MAX, 9);
    ss_json_time(&json, INT64_MIN + 1, 9);
    ss_json_list_end(&json);
    check_written(to, "[\"1970-01-01T00:00:00.000000Z\",\"2026-11-21T10:00:00.123456Z\","
                      "\"2026-11-21T10:00:00.123456789Z\",\"2000-02-29T00:00:00Z\","
                      "\"1969-12-31T23:59:59.999999999Z\",\"2262-04-11T23:47:16.854775807Z\","
                      "\"1677-09-21T00:12:43.145224193Z\"]");
}

typedef struct {
    SsList map;
} Mapped;

static const SsField mapped_fields[] = {
    {.name = "map", .kind = SS_FIELD_MAP, .offset = offsetof(Mapped, map)},
    {.name = NULL},
};

static void
test_repeated_keys(void **state)
{
    g_autoptr(GString) to = g_string_new(NULL);
    SsPair pairs[200];
    Mapped mapped = {.map = {.items = pairs, .n = 4, .total = 4}};
    SsJson json;

    (void)state;
    pairs[0] = (SsPair){SS_SLICE("SIZE"), SS_SLICE("1")};
    pairs[1] = (SsPair){SS_SLICE("\xff"), SS_SLICE("x\xff")};
    pairs[2] = (SsPair){SS_SLICE("SIZE"), SS_SLICE("\xff")};
    pairs[3] = (SsPair){SS_SLICE("\xfe"), SS_SLICE("3")};
    ss_json_init(&json, to);
    ss_json_object_begin(&json);
    ss_json_fields(&json, mapped_fields, &mapped, 6);
    ss_json_object_end(&json);
    check_written(to, "{\"map\":{\"SIZE\":\"1\",\"\xef\xbf\xbd\":\"x\xef\xbf\xbd\"},"
                      "\"map_b64\":{\"\xef\xbf\xbd\":\"eP8=\"}}");

    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        pairs[i] = (SsPair){SS_SLICE("K"), SS_SLICE("v")};
    }
    mapped.map.n = mapped.map.total = G_N_ELEMENTS(pairs);
    ss_json_init(&json, to);
    ss_json_object_begin(&json);
    ss_json_fields(&json, mapped_fields, &mapped, 6);
    ss_json_object_end(&json);
    check_written(to, "{\"map\":{\"K\":\"v\"}}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_events),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_escape_at_every_place),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_repeated_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
