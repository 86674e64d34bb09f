/*
 * Events by their tables: a field is written by its kind, and nothing here knows a field's name.
 */
#include "output/json.h"

#include "base/text.h"

/* Up to here a map's keys are compared one with another; past it by a hash table. */
#define FEW_KEYS 32

/* --- keys that come off the wire --- */

/* Whether the key of item `index` stands before it; `stride` is an item's size, its key comes
 * first. */
static bool
is_repeated(const SsList *list, size_t stride, size_t index)
{
    const uint8_t *items = list->items;
    SsSlice key = *(const SsSlice *)(const void *)(items + index * stride);

    for (size_t i = 0; i < index; i++) {
        if (ss_slice_eq(*(const SsSlice *)(const void *)(items + i * stride), key)) {
            return true;
        }
    }
    return false;
}

typedef struct {
    const SsList *list;
    size_t stride;
    GHashTable *seen; /* of keys as written, where they are many or not plain */
} Keys;

static SsSlice
key_at(const Keys *keys, size_t index)
{
    return *(const SsSlice *)(const void *)((const uint8_t *)keys->list->items +
                                            index * keys->stride);
}

static void
keys_init(Keys *keys, const SsList *list, size_t stride)
{
    bool is_simple = list->n <= FEW_KEYS;

    keys->list = list;
    keys->stride = stride;
    keys->seen = NULL;
    /* Two keys that are not UTF-8 may become one as U+FFFD is put in. */
    for (size_t i = 0; is_simple && i < list->n; i++) {
        is_simple = ss_utf8_is_valid(key_at(keys, i));
    }
    if (!is_simple) {
        keys->seen =
            g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    }
}

static void
keys_clear(Keys *keys)
{
    g_clear_pointer(&keys->seen, g_hash_table_unref);
}

/* Whether item `index` is the first of its key; asked once for each, in order. */
static bool
keys_take(Keys *keys, size_t index)
{
    GString *written;

    if (!keys->seen) {
        return !is_repeated(keys->list, keys->stride, index);
    }
    written = g_string_new(NULL);
    ss_text_append_utf8(written, key_at(keys, index));
    return g_hash_table_add(keys->seen, g_string_free_to_bytes(written));
}

static void
write_wire_key(SsJson *json, SsSlice key)
{
    ss_json_text(json, ss_slice_is_null(key) ? SS_SLICE("") : key);
    g_string_append_c(json->to, ':');
    json->is_comma_due = false;
}

/* --- fields --- */

static void
write_side_key(SsJson *json, const SsField *field, const char *suffix)
{
    char name[64];

    g_snprintf(name, sizeof name, "%s%s", field->name, suffix);
    ss_json_key(json, name);
}

static void
write_text(SsJson *json, const SsField *field, SsSlice text)
{
    ss_json_key(json, field->name);
    if (!ss_json_text(json, text)) {
        write_side_key(json, field, "_b64");
        ss_json_base64(json, text);
    }
}

static void
write_texts(SsJson *json, const SsField *field, const SsList *list)
{
    const SsSlice *texts = list->items;
    bool is_valid = true;

    ss_json_key(json, field->name);
    ss_json_list_begin(json);
    for (size_t i = 0; i < list->n; i++) {
        is_valid &= ss_json_text(json, texts[i]);
    }
    ss_json_list_end(json);
    if (is_valid) {
        return;
    }
    write_side_key(json, field, "_b64");
    ss_json_list_begin(json);
    for (size_t i = 0; i < list->n; i++) {
        if (ss_utf8_is_valid(texts[i])) {
            ss_json_null(json);
        } else {
            ss_json_base64(json, texts[i]);
        }
    }
    ss_json_list_end(json);
}

/* The members of a map whose values are not UTF-8, in base64. */
static void
write_map_base64(SsJson *json, const SsField *field, const SsList *list)
{
    const SsPair *pairs = list->items;
    Keys keys;

    keys_init(&keys, list, sizeof *pairs);
    write_side_key(json, field, "_b64");
    ss_json_object_begin(json);
    for (size_t i = 0; i < list->n; i++) {
        if (keys_take(&keys, i) && !ss_utf8_is_valid(pairs[i].value)) {
            write_wire_key(json, pairs[i].key);
            ss_json_base64(json, pairs[i].value);
        }
    }
    ss_json_object_end(json);
    keys_clear(&keys);
}

static void
write_map(SsJson *json, const SsField *field, const SsList *list)
{
    const SsPair *pairs = list->items;
    bool is_valid = true;
    Keys keys;

    keys_init(&keys, list, sizeof *pairs);
    ss_json_key(json, field->name);
    ss_json_object_begin(json);
    for (size_t i = 0; i < list->n; i++) {
        if (keys_take(&keys, i)) {
            write_wire_key(json, pairs[i].key);
            is_valid &= ss_json_text(json, pairs[i].value);
        }
    }
    ss_json_object_end(json);
    keys_clear(&keys);
    if (!is_valid) {
        write_map_base64(json, field, list);
    }
}

static void
write_tally(SsJson *json, const SsField *field, const SsList *list)
{
    const SsTally *tallies = list->items;
    Keys keys;

    keys_init(&keys, list, sizeof *tallies);
    ss_json_key(json, field->name);
    ss_json_object_begin(json);
    for (size_t i = 0; i < list->n; i++) {
        if (keys_take(&keys, i)) {
            write_wire_key(json, tallies[i].key);
            ss_json_count(json, tallies[i].n);
        }
    }
    ss_json_object_end(json);
    keys_clear(&keys);
}

static void
write_object(SsJson *json, const SsField *fields, const void *body, unsigned time_digits)
{
    ss_json_object_begin(json);
    if (fields && body) {
        ss_json_fields(json, fields, body, time_digits);
    }
    ss_json_object_end(json);
}

static void
write_list(SsJson *json, const SsField *field, const SsList *list, unsigned time_digits)
{
    const uint8_t *item = list->items;

    ss_json_key(json, field->name);
    ss_json_list_begin(json);
    for (size_t i = 0; i < list->n; i++, item += field->size) {
        write_object(json, field->fields, item, time_digits);
    }
    ss_json_list_end(json);
}

static void
write_counts(SsJson *json, const SsField *field, const uint64_t *counts, size_t n)
{
    ss_json_key(json, field->name);
    ss_json_list_begin(json);
    for (size_t i = 0; i < n; i++) {
        ss_json_count(json, counts[i]);
    }
    ss_json_list_end(json);
}

static void
write_number(SsJson *json, const SsField *field, uint64_t value, uint64_t null)
{
    ss_json_key(json, field->name);
    if (value == null) {
        ss_json_null(json);
    } else {
        ss_json_count(json, value);
    }
}

static void
write_enum(SsJson *json, const SsField *field, int value)
{
    int n = 0;

    ss_json_key(json, field->name);
    while (n < value && field->names[n]) {
        n++;
    }
    ss_json_text(json, value < 0 ? SS_SLICE_NULL : ss_slice_str(field->names[n]));
}

static void
write_time(SsJson *json, const SsField *field, int64_t value_ns, unsigned time_digits)
{
    ss_json_key(json, field->name);
    if (value_ns == SS_TIME_NONE) {
        ss_json_null(json);
    } else if (field->kind == SS_FIELD_TIME) {
        ss_json_time(json, value_ns, time_digits);
    } else {
        ss_json_duration(json, value_ns, time_digits);
    }
}

/* What is one value: false where the kind is a composite. */
static bool
write_scalar(SsJson *json, const SsField *field, const void *at, unsigned time_digits)
{
    switch (field->kind) {
    case SS_FIELD_TEXT:
        write_text(json, field, *(const SsSlice *)at);
        return true;
    case SS_FIELD_TIME:
    case SS_FIELD_DURATION:
        write_time(json, field, *(const int64_t *)at, time_digits);
        return true;
    case SS_FIELD_COUNT:
        ss_json_key(json, field->name);
        ss_json_count(json, *(const uint64_t *)at);
        return true;
    case SS_FIELD_CODE:
        write_number(json, field, *(const uint64_t *)at, 0);
        return true;
    case SS_FIELD_OPTIONAL:
        write_number(json, field, *(const uint64_t *)at, SS_COUNT_NONE);
        return true;
    case SS_FIELD_SIGNED:
        ss_json_key(json, field->name);
        if (*(const int64_t *)at == SS_TIME_NONE) {
            ss_json_null(json);
        } else {
            ss_json_signed(json, *(const int64_t *)at);
        }
        return true;
    case SS_FIELD_BOOL:
        ss_json_key(json, field->name);
        ss_json_bool(json, *(const bool *)at);
        return true;
    case SS_FIELD_TRISTATE:
        ss_json_key(json, field->name);
        if (*(const int8_t *)at < 0) {
            ss_json_null(json);
        } else {
            ss_json_bool(json, *(const int8_t *)at != 0);
        }
        return true;
    case SS_FIELD_ENUM:
        write_enum(json, field, *(const int *)at);
        return true;
    case SS_FIELD_UID:
        ss_json_key(json, field->name);
        if (*(const uint64_t *)at == 0) {
            ss_json_null(json);
        } else {
            ss_json_uid(json, *(const uint64_t *)at);
        }
        return true;
    default:
        return false;
    }
}

static void
write_composite(SsJson *json, const SsField *field, const void *at, unsigned time_digits)
{
    switch (field->kind) {
    case SS_FIELD_OBJECT:
        ss_json_key(json, field->name);
        write_object(json, field->fields, at, time_digits);
        break;
    case SS_FIELD_POINTER: {
        const void *body = *(const void *const *)at;
        ss_json_key(json, field->name);
        if (body) {
            write_object(json, field->fields, body, time_digits);
        } else {
            ss_json_null(json);
        }
        break;
    }
    case SS_FIELD_RANGE:
        write_counts(json, field, at, 2);
        break;
    case SS_FIELD_DETAIL: {
        const SsDetail *detail = at;
        ss_json_key(json, field->name);
        write_object(json, detail->fields, detail->value, time_digits);
        break;
    }
    case SS_FIELD_LIST:
        write_list(json, field, at, time_digits);
        break;
    case SS_FIELD_TEXTS:
        write_texts(json, field, at);
        break;
    case SS_FIELD_COUNTS: {
        const SsList *list = at;
        write_counts(json, field, list->items, list->n);
        break;
    }
    case SS_FIELD_MAP:
        write_map(json, field, at);
        break;
    case SS_FIELD_TALLY:
        write_tally(json, field, at);
        break;
    default: /* a kind that a newer plugin knows */
        ss_json_key(json, field->name);
        ss_json_null(json);
    }
}

static bool
is_list_kind(SsFieldKind kind)
{
    return kind == SS_FIELD_LIST || kind == SS_FIELD_TEXTS || kind == SS_FIELD_COUNTS ||
           kind == SS_FIELD_MAP || kind == SS_FIELD_TALLY;
}

void
ss_json_fields(SsJson *json, const SsField *fields, const void *body, unsigned time_digits)
{
    for (const SsField *field = fields; field->name; field++) {
        if (field->is_internal) {
            continue;
        }
        const void *at = (const uint8_t *)body + field->offset;

        if (write_scalar(json, field, at, time_digits)) {
            continue;
        }
        write_composite(json, field, at, time_digits);
        if (is_list_kind(field->kind)) {
            const SsList *list = at;
            if (list->total > list->n) {
                write_side_key(json, field, "_total");
                ss_json_count(json, list->total);
            }
        }
    }
}

void
ss_json_event(GString *to, const SsEvent *event)
{
    SsJson json;

    ss_json_init(&json, to);
    ss_json_object_begin(&json);
    ss_json_fields(&json, ss_event_common_fields(), event, event->time_digits);
    ss_json_fields(&json, ss_event_fields(event->type), ss_event_body(event), event->time_digits);
    ss_json_object_end(&json);
}
