#include "output/select/field.h"

#include <inttypes.h>

/* What can be named by a path without its type, in this order. */
static const SsEventType types[] = {
    SS_EVENT_SESSION, SS_EVENT_MESSAGE, SS_EVENT_AUTH, SS_EVENT_TLS, SS_EVENT_FINDING,
};

/* `message` and `mail_reply` of a message: the replies to MAIL and to DATA are no fields that are
 * written, but replies of the transaction. */
static const SsShortName short_names[] = {
    {"ip", {"session.client.ip", "session.server.ip"}, NULL, false},
    {"client.ip", {"session.client.ip"}, NULL, false},
    {"server.ip", {"session.server.ip"}, NULL, false},
    {"port", {"session.client.port", "session.server.port"}, NULL, false},
    {"client.port", {"session.client.port"}, NULL, false},
    {"server.port", {"session.server.port"}, NULL, false},
    {"helo", {"session.client.name"}, NULL, false},
    {"from", {"message.from"}, NULL, false},
    {"rcpt", {"message.rcpt.address"}, NULL, false},
    {"user", {"auth.username"}, NULL, false},
    {"subject", {"message.headers.subject"}, NULL, false},
    {"header.from", {"message.headers.from"}, NULL, false},
    {"message_id", {"message.headers.message_id"}, NULL, false},
    {"attachment.name", {"message.parts.filename"}, NULL, true},
    {"attachment.sha256", {"message.parts.sha256"}, NULL, true},
    {"size", {"message.size"}, NULL, false},
    {"code",
     {"message.rcpt.code", "message.rcpt.final.code", "message.reply.code", "message.mail_code",
      "message.data_code"},
     NULL,
     false},
    {"enhanced",
     {"message.rcpt.enhanced", "message.rcpt.final.enhanced", "message.reply.enhanced",
      "message.mail_enhanced"},
     NULL,
     false},
    {"outcome", {"message.outcome"}, NULL, false},
    {"security", {"message.security"}, "session.security", false},
    {"finding", {"finding.id", "session.findings"}, NULL, false},
    {"software", {"session.server.software"}, NULL, false},
    {"time", {"message.time"}, "session.time", false},
    {"session", {"session.session"}, NULL, false},
    {"uid", {"session.uid"}, NULL, false},
    {NULL, {NULL}, NULL, false},
};

const SsShortName *
ss_select_short_names(void)
{
    return short_names;
}

/* --- names to paths --- */

static const SsField *
find_field(const SsField *table, SsSlice name)
{
    for (const SsField *field = table; field->name; field++) {
        if (ss_slice_eq(ss_slice_str(field->name), name)) {
            return field;
        }
    }
    return NULL;
}

static bool
has_keys(const SsField *field)
{
    return field->kind == SS_FIELD_MAP || field->kind == SS_FIELD_TALLY;
}

static bool
has_members(const SsField *field)
{
    return field->kind == SS_FIELD_OBJECT || field->kind == SS_FIELD_POINTER ||
           field->kind == SS_FIELD_LIST;
}

static void
append_name(GString *to, SsSlice name)
{
    g_string_append_len(to, (const char *)name.data, (gssize)name.len);
}

static void
append_members(GString *to, const SsField *table)
{
    const char *join = "";

    for (const SsField *field = table; field->name; field++) {
        if (!field->is_internal) {
            g_string_append_printf(to, "%s%s", join, field->name);
            join = ", ";
        }
    }
}

/* The field of `type` that `rest` leads to. False with `why`, or with `why` left empty where there
 * is no such field. Only short names lead to what is not written (`with_internal`). */
static bool
walk_name(SsEventType type, SsSlice rest, bool with_internal, SsFieldPath *ret_path, GString *why)
{
    const SsField *table = ss_event_fields(type);
    SsFieldPath path = {.type = type};

    for (;;) {
        SsSlice name = ss_slice_sub(rest, 0, ss_slice_index(rest, '.'));
        const SsField *field = find_field(table, name);

        if (!field && path.n_steps == 0) {
            field = find_field(ss_event_common_fields(), name);
            path.is_common = field != NULL;
        }
        if (!field || (field->is_internal && !with_internal) || path.n_steps == SS_PATH_STEPS_MAX) {
            return false;
        }
        path.steps[path.n_steps++] = field;
        rest = ss_slice_from(rest, name.len);
        if (has_keys(field) && rest.len > 1) {
            path.key = ss_slice_from(rest, 1);
            *ret_path = path;
            return true;
        }
        if (rest.len == 0 && has_members(field)) {
            g_string_append(why, "has fields of its own: ");
            append_members(why, field->fields);
            return false;
        }
        if (rest.len == 0 && field->kind == SS_FIELD_DETAIL) {
            g_string_append(why, "cannot be compared");
            return false;
        }
        if (rest.len == 0) {
            *ret_path = path;
            return true;
        }
        if (!has_members(field)) {
            return false;
        }
        table = field->fields;
        rest = ss_slice_from(rest, 1);
    }
}

static SsSelectKind
kind_of(const SsFieldPath *path)
{
    const SsField *field = path->steps[path->n_steps - 1];

    switch (field->kind) {
    case SS_FIELD_TIME:
        return SS_KIND_TIME;
    case SS_FIELD_DURATION:
        return SS_KIND_DURATION;
    case SS_FIELD_SIGNED:
        return SS_KIND_SIGNED;
    case SS_FIELD_BOOL:
    case SS_FIELD_TRISTATE:
        return SS_KIND_BOOL;
    case SS_FIELD_ENUM:
        return SS_KIND_NAME;
    case SS_FIELD_COUNT:
    case SS_FIELD_CODE:
    case SS_FIELD_OPTIONAL:
    case SS_FIELD_COUNTS:
    case SS_FIELD_RANGE:
        return SS_KIND_NUMBER;
    case SS_FIELD_TALLY:
        return path->key.len ? SS_KIND_NUMBER : SS_KIND_TEXT;
    default:
        return g_str_equal(field->name, "ip") ? SS_KIND_ADDRESS : SS_KIND_TEXT;
    }
}

/* A path that begins with its type. */
static bool
walk_typed(SsSlice name, bool with_internal, SsFieldPath *ret_path, GString *why)
{
    size_t dot = ss_slice_index(name, '.');

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (ss_slice_eq(ss_slice_sub(name, 0, dot), ss_slice_str(ss_event_type_name(types[i])))) {
            return dot < name.len &&
                   walk_name(types[i], ss_slice_from(name, dot + 1), with_internal, ret_path, why);
        }
    }
    return false;
}

static void
set_short(const SsShortName *row, SsSelectField *ret_field)
{
    SsSelectField field = {.n_paths = 0};
    g_autoptr(GString) why = g_string_new(NULL);
    bool is_good = true;

    for (; field.n_paths < SS_FIELD_PATHS_MAX && row->paths[field.n_paths]; field.n_paths++) {
        SsFieldPath *path = &field.paths[field.n_paths];
        is_good &= walk_typed(ss_slice_str(row->paths[field.n_paths]), true, path, why);
        path->is_attachment = row->is_attachment;
    }
    if (row->otherwise) {
        field.has_otherwise = true;
        is_good &= walk_typed(ss_slice_str(row->otherwise), true, &field.otherwise, why);
    }
    g_assert(is_good); /* the rows are ours */
    field.kind = kind_of(&field.paths[0]);
    *ret_field = field;
}

/* --- names that are none --- */

/* Longer names are no misspelt ones. */
#define NAME_MAX_LEN 64

static bool
is_same_letter(SsSlice a, size_t i, SsSlice b, size_t j)
{
    return ss_ascii_lower(a.data[i]) == ss_ascii_lower(b.data[j]);
}

/* How many letters must be put in, taken out, changed, or swapped with the next. */
static size_t
distance(SsSlice a, SsSlice b)
{
    size_t rows[3][NAME_MAX_LEN + 1]; /* of `b`, which is no longer than that */

    for (size_t i = 0; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            if (i == 0) {
                row[j] = j;
                continue;
            }
            row[j] = MIN(above[j - 1] + !is_same_letter(a, i - 1, b, j - 1),
                         MIN(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && is_same_letter(a, i - 1, b, j - 2) &&
                is_same_letter(a, i - 2, b, j - 1)) {
                row[j] = MIN(row[j], before[j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

typedef struct {
    SsSlice name;
    size_t best; /* worse than this is no suggestion */
    GString *text;
} Guess;

static void
try_guess(Guess *guess, const char *candidate)
{
    size_t it = distance(ss_slice_str(candidate), guess->name);

    if (it < guess->best) {
        guess->best = it;
        g_string_assign(guess->text, candidate);
    }
}

/* All fields below `table`; as deep as the table is. */
static void
try_table(Guess *guess, GString *prefix, const SsField *table)
{
    gsize len = prefix->len;

    for (const SsField *field = table; field->name; field++) {
        if (field->is_internal) {
            continue;
        }
        g_string_append(prefix, field->name);
        if (has_members(field)) {
            g_string_append_c(prefix, '.');
            try_table(guess, prefix, field->fields);
        } else {
            try_guess(guess, prefix->str);
            try_guess(guess, prefix->str + ss_slice_index(ss_slice_str(prefix->str), '.') + 1);
        }
        g_string_truncate(prefix, len);
    }
}

static void
append_guess(GString *why, SsSlice name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) prefix = g_string_new(NULL);
    Guess guess = {name, MIN(name.len / 3 + 2, 4), text};

    if (name.len > NAME_MAX_LEN) {
        return;
    }
    for (const SsShortName *row = short_names; row->name; row++) {
        try_guess(&guess, row->name);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        g_string_printf(prefix, "%s.", ss_event_type_name(types[i]));
        try_table(&guess, prefix, ss_event_fields(types[i]));
    }
    if (text->len) {
        g_string_append_printf(why, ": did you mean %s?", text->str);
    } else {
        g_string_append(why, ": docs/events.md and the man page list them");
    }
}

static bool
find_untyped(SsSlice name, SsSelectField *ret_field, GString *why)
{
    g_autoptr(GString) where = g_string_new(NULL);
    g_autoptr(GString) reason = g_string_new(NULL); /* of the first event that has the name */
    size_t n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(types) && (n || reason->len == 0); i++) {
        SsFieldPath path;
        if (walk_name(types[i], name, false, &path, reason)) {
            g_string_append_printf(where, "%s%s.", n++ ? " or " : "", ss_event_type_name(types[i]));
            append_name(where, name);
            ret_field->paths[0] = path;
        }
    }
    if (n > 1) {
        g_string_append_printf(why, "\"%.*s\" is in several events: write %s", (int)name.len,
                               (const char *)name.data, where->str);
    } else if (n == 0 && reason->len) {
        g_string_append_printf(why, "\"%.*s\" %s", (int)name.len, (const char *)name.data,
                               reason->str);
    }
    return n == 1;
}

bool
ss_select_field_find(SsSlice name, SsSelectField *ret_field, GString *why)
{
    g_autoptr(GString) reason = g_string_new(NULL);

    *ret_field = (SsSelectField){.n_paths = 1};
    for (const SsShortName *row = short_names; row->name; row++) {
        if (ss_slice_eq(ss_slice_str(row->name), name)) {
            set_short(row, ret_field);
            return true;
        }
    }
    if (walk_typed(name, false, &ret_field->paths[0], reason) ||
        (reason->len == 0 && find_untyped(name, ret_field, why))) {
        ret_field->kind = kind_of(&ret_field->paths[0]);
        return true;
    }
    if (reason->len) {
        g_string_append_printf(why, "\"%.*s\" %s", (int)name.len, (const char *)name.data,
                               reason->str);
    } else if (why->len == 0) {
        g_string_append_printf(why, "unknown field \"%.*s\"", (int)name.len,
                               (const char *)name.data);
        append_guess(why, name);
    }
    return false;
}

/* --- paths to values --- */

typedef struct {
    const SsFieldPath *path;
    bool (*take)(void *to, const SsSelectValue *value);
    void *to;
} Walk;

static bool
take_text(const Walk *walk, SsSlice text)
{
    SsSelectValue value = {.text = text};

    return !ss_slice_is_null(text) && walk->take(walk->to, &value);
}

static bool
take_number(const Walk *walk, uint64_t number)
{
    SsSelectValue value = {.number = number};

    return walk->take(walk->to, &value);
}

static bool
take_ns(const Walk *walk, int64_t ns)
{
    SsSelectValue value = {.ns = ns};

    return ns != SS_TIME_NONE && walk->take(walk->to, &value);
}

static bool
take_uid(const Walk *walk, uint64_t uid)
{
    char text[17];

    g_snprintf(text, sizeof text, "%016" PRIx64, uid);
    return uid && take_text(walk, ss_slice(text, 16));
}

static bool
take_texts(const Walk *walk, const SsList *list)
{
    const SsSlice *texts = list->items;

    for (size_t i = 0; i < list->n; i++) {
        if (take_text(walk, texts[i])) {
            return true;
        }
    }
    return false;
}

static bool
take_numbers(const Walk *walk, const uint64_t *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (take_number(walk, numbers[i])) {
            return true;
        }
    }
    return false;
}

static bool
take_map(const Walk *walk, const SsList *list)
{
    const SsPair *pairs = list->items;

    for (size_t i = 0; i < list->n; i++) {
        bool is_it = walk->path->key.len && ss_slice_eq_nocase(pairs[i].key, walk->path->key);
        if (is_it || walk->path->key.len == 0) {
            if (take_text(walk, is_it ? pairs[i].value : pairs[i].key)) {
                return true;
            }
        }
    }
    return false;
}

static bool
take_tally(const Walk *walk, const SsList *list)
{
    const SsTally *tallies = list->items;
    SsSlice key = walk->path->key;

    for (size_t i = 0; i < list->n; i++) {
        if (key.len == 0
                ? take_text(walk, tallies[i].key)
                : ss_slice_eq_nocase(tallies[i].key, key) && take_number(walk, tallies[i].n)) {
            return true;
        }
    }
    return false;
}

static bool
take_leaf(const Walk *walk, const SsField *field, const void *at)
{
    switch (field->kind) {
    case SS_FIELD_TEXT:
        return take_text(walk, *(const SsSlice *)at);
    case SS_FIELD_TIME:
    case SS_FIELD_DURATION:
    case SS_FIELD_SIGNED:
        return take_ns(walk, *(const int64_t *)at);
    case SS_FIELD_COUNT:
        return take_number(walk, *(const uint64_t *)at);
    case SS_FIELD_CODE:
        return *(const uint64_t *)at && take_number(walk, *(const uint64_t *)at);
    case SS_FIELD_OPTIONAL:
        return *(const uint64_t *)at != SS_COUNT_NONE && take_number(walk, *(const uint64_t *)at);
    case SS_FIELD_BOOL:
        return take_number(walk, *(const bool *)at);
    case SS_FIELD_TRISTATE:
        return *(const int8_t *)at >= 0 && take_number(walk, (uint64_t) * (const int8_t *)at);
    case SS_FIELD_ENUM: {
        int index = *(const int *)at;
        return index >= 0 && take_text(walk, ss_slice_str(field->names[index]));
    }
    case SS_FIELD_UID:
        return take_uid(walk, *(const uint64_t *)at);
    case SS_FIELD_TEXTS:
        return take_texts(walk, at);
    case SS_FIELD_COUNTS:
        return take_numbers(walk, ((const SsList *)at)->items, ((const SsList *)at)->n);
    case SS_FIELD_RANGE:
        return take_numbers(walk, at, 2);
    case SS_FIELD_MAP:
        return take_map(walk, at);
    case SS_FIELD_TALLY:
        return take_tally(walk, at);
    default:
        return false;
    }
}

/* A part with a name, or one that says it is one. */
static bool
is_attachment(const SsPart *part)
{
    return !ss_slice_is_null(part->filename) ||
           ss_slice_eq_nocase(part->disposition, SS_SLICE("attachment"));
}

/* From `step` on; as deep as the path has steps. */
static bool
take_from(const Walk *walk, size_t step, const void *body)
{
    const SsField *field = walk->path->steps[step];
    const void *at = (const uint8_t *)body + field->offset;
    const SsList *list = at;

    switch (field->kind) {
    case SS_FIELD_OBJECT:
        return take_from(walk, step + 1, at);
    case SS_FIELD_POINTER:
        at = *(void *const *)at;
        return at && take_from(walk, step + 1, at);
    case SS_FIELD_LIST:
        for (size_t i = 0; i < list->n; i++) {
            const void *item = (const uint8_t *)list->items + i * field->size;
            if ((!walk->path->is_attachment || is_attachment(item)) &&
                take_from(walk, step + 1, item)) {
                return true;
            }
        }
        return false;
    default:
        return take_leaf(walk, field, at);
    }
}

bool
ss_field_path_any(const SsFieldPath *path, const SsEvent *event,
                  bool (*take)(void *to, const SsSelectValue *value), void *to)
{
    Walk walk = {path, take, to};

    return take_from(&walk, 0, path->is_common ? (const void *)event : ss_event_body(event));
}
