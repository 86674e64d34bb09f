#include "output/schema.h"

#include "output/json.h"

static const char *const type_docs[SS_EVENT_NOTE] = {
    [SS_EVENT_SESSION] = "One a TCP connection to a server port, when it has ended.",
    [SS_EVENT_MESSAGE] = "One a MAIL command, when it is decided what became of the message.",
    [SS_EVENT_AUTH] = "One a login, at the reply that ends the exchange.",
    [SS_EVENT_TLS] = "One a TLS handshake, when it is over.",
    [SS_EVENT_COMMAND] = "One a command of the client. Secrets are masked.",
    [SS_EVENT_REPLY] = "One a reply of the server.",
    [SS_EVENT_FINDING] = ("What a detector found, behind the event that revealed it; see "
                          "[findings.md](findings.md)."),
    [SS_EVENT_DELIVERY] =
        ("One message over more than one connection: tried again, or passed on by a relay. "
         "Known again by its Message-ID or\nENVID with a recipient, by a queue id in the next "
         "hop's Received, or, where no content was seen, by its envelope\nand client. `uid` and "
         "`session` are those of its last attempt, whose session's event may stand before. Before\n"
         "`capture`, by time; sooner where it is five days old or too many are remembered "
         "(`deliveries` "
         "in `limits`)."),
    [SS_EVENT_CAPTURE] = "The last line.",
};

/* --- JSON Schema --- */

static void write_object(SsJson *json, const SsField *const *tables, const char *type,
                         bool is_nullable);

static void
write_member(SsJson *json, const char *name, const char *text)
{
    ss_json_key(json, name);
    ss_json_text(json, ss_slice_str(text));
}

static void
write_type(SsJson *json, const char *type, bool is_nullable)
{
    ss_json_key(json, "type");
    if (!is_nullable) {
        ss_json_text(json, ss_slice_str(type));
        return;
    }
    ss_json_list_begin(json);
    ss_json_text(json, ss_slice_str(type));
    ss_json_text(json, SS_SLICE("null"));
    ss_json_list_end(json);
}

static void
write_number(SsJson *json, bool is_nullable)
{
    write_type(json, "integer", is_nullable);
    ss_json_key(json, "minimum");
    ss_json_count(json, 0);
}

static void
write_enum(SsJson *json, const SsField *field)
{
    ss_json_key(json, "enum");
    ss_json_list_begin(json);
    for (const char *const *name = field->names; *name; name++) {
        ss_json_text(json, ss_slice_str(*name));
    }
    if (field->nullable) {
        ss_json_null(json);
    }
    ss_json_list_end(json);
}

/* `{"KEY": {"type": …}}` inside a list's or an object's schema. */
static void
write_inner(SsJson *json, const char *key, const char *type, bool is_nullable)
{
    ss_json_key(json, key);
    ss_json_object_begin(json);
    write_type(json, type, is_nullable);
    ss_json_object_end(json);
}

static void
write_list(SsJson *json, const SsField *field)
{
    const SsField *tables[] = {field->fields, NULL};

    write_type(json, "array", false);
    if (field->kind == SS_FIELD_LIST) {
        ss_json_key(json, "items");
        ss_json_object_begin(json);
        write_object(json, tables, NULL, false);
        ss_json_object_end(json);
        return;
    }
    write_inner(json, "items", field->kind == SS_FIELD_TEXTS ? "string" : "integer", false);
    if (field->kind == SS_FIELD_RANGE) {
        ss_json_key(json, "minItems");
        ss_json_count(json, 2);
        ss_json_key(json, "maxItems");
        ss_json_count(json, 2);
    }
}

static void
write_scalar(SsJson *json, const SsField *field)
{
    switch (field->kind) {
    case SS_FIELD_TEXT:
        write_type(json, "string", field->nullable);
        break;
    case SS_FIELD_TIME:
        write_type(json, "string", field->nullable);
        write_member(json, "format", "date-time");
        break;
    case SS_FIELD_DURATION:
        write_type(json, "number", field->nullable);
        break;
    case SS_FIELD_COUNT:
        write_number(json, false);
        break;
    case SS_FIELD_CODE:
    case SS_FIELD_OPTIONAL:
        write_number(json, true);
        break;
    case SS_FIELD_SIGNED:
        write_type(json, "integer", true);
        break;
    case SS_FIELD_BOOL:
        write_type(json, "boolean", false);
        break;
    case SS_FIELD_TRISTATE:
        write_type(json, "boolean", true);
        break;
    case SS_FIELD_ENUM:
        write_enum(json, field);
        break;
    default: /* SS_FIELD_UID */
        write_type(json, "string", true);
        write_member(json, "pattern", "^[0-9a-f]{16}$");
    }
}

static void
write_field(SsJson *json, const SsField *field)
{
    const SsField *tables[] = {field->fields, NULL};

    switch (field->kind) {
    case SS_FIELD_OBJECT:
    case SS_FIELD_POINTER:
        write_object(json, tables, NULL, field->kind == SS_FIELD_POINTER);
        break;
    case SS_FIELD_LIST:
    case SS_FIELD_TEXTS:
    case SS_FIELD_COUNTS:
    case SS_FIELD_RANGE:
        write_list(json, field);
        break;
    case SS_FIELD_MAP:
    case SS_FIELD_TALLY:
        write_type(json, "object", false);
        write_inner(json, "additionalProperties",
                    field->kind == SS_FIELD_MAP ? "string" : "integer", false);
        break;
    case SS_FIELD_DETAIL:
        write_type(json, "object", false);
        break;
    default:
        write_scalar(json, field);
    }
    write_member(json, "description", field->doc ? field->doc : "");
}

/* What may stand beside a field: its bytes, its true length. */
static void
write_beside(SsJson *json, const SsField *field)
{
    bool is_text = field->kind == SS_FIELD_TEXT;
    bool is_list = field->kind == SS_FIELD_LIST || field->kind == SS_FIELD_TEXTS ||
                   field->kind == SS_FIELD_COUNTS || field->kind == SS_FIELD_MAP ||
                   field->kind == SS_FIELD_TALLY;
    char name[64];

    g_snprintf(name, sizeof name, "%s_b64", field->name);
    if (is_text) {
        ss_json_key(json, name);
        ss_json_object_begin(json);
        write_type(json, "string", false);
        write_member(json, "contentEncoding", "base64");
        ss_json_object_end(json);
    } else if (field->kind == SS_FIELD_TEXTS || field->kind == SS_FIELD_MAP) {
        bool is_map = field->kind == SS_FIELD_MAP;
        ss_json_key(json, name);
        ss_json_object_begin(json);
        write_type(json, is_map ? "object" : "array", false);
        write_inner(json, is_map ? "additionalProperties" : "items", "string", !is_map);
        ss_json_object_end(json);
    }
    if (is_list) {
        g_snprintf(name, sizeof name, "%s_total", field->name);
        write_inner(json, name, "integer", false);
    }
}

/* The members that describe an object with the fields of `tables`, which end with NULL; `type` is
 * the one value its own field of that name has. */
static void
write_object(SsJson *json, const SsField *const *tables, const char *type, bool is_nullable)
{
    write_type(json, "object", is_nullable);
    ss_json_key(json, "properties");
    ss_json_object_begin(json);
    for (size_t i = 0; tables[i]; i++) {
        for (const SsField *field = tables[i]; field->name; field++) {
            if (field->is_internal) {
                continue;
            }
            ss_json_key(json, field->name);
            ss_json_object_begin(json);
            if (type && g_str_equal(field->name, "type")) {
                write_member(json, "const", type);
            } else {
                write_field(json, field);
            }
            ss_json_object_end(json);
            write_beside(json, field);
        }
    }
    ss_json_object_end(json);
    ss_json_key(json, "required");
    ss_json_list_begin(json);
    for (size_t i = 0; tables[i]; i++) {
        for (const SsField *field = tables[i]; field->name; field++) {
            if (field->is_internal) {
                continue;
            }
            ss_json_text(json, ss_slice_str(field->name));
        }
    }
    ss_json_list_end(json);
    ss_json_key(json, "additionalProperties");
    ss_json_bool(json, false);
}

/* All kinds of findings, by id; of const SsFindingKind *. */
static int
compare_kinds(const void *a, const void *b)
{
    const SsFindingKind *one = *(const SsFindingKind *const *)a;
    const SsFindingKind *other = *(const SsFindingKind *const *)b;

    return strcmp(one->id, other->id);
}

static GPtrArray *
kinds_of(const SsPlugin *const *plugins)
{
    GPtrArray *kinds = g_ptr_array_new();

    for (; *plugins; plugins++) {
        for (const SsFindingKind *kind = (*plugins)->findings; kind && kind->id; kind++) {
            g_ptr_array_add(kinds, (void *)(uintptr_t)kind);
        }
    }
    g_ptr_array_sort(kinds, compare_kinds);
    return kinds;
}

/* If the id is this one, then `detail` has this shape. */
static void
write_detail(SsJson *json, const SsFindingKind *kind)
{
    static const SsField none[] = {{.name = NULL}};
    const SsField *tables[] = {kind->detail ? kind->detail : none, NULL};

    ss_json_object_begin(json);
    ss_json_key(json, "if");
    ss_json_object_begin(json);
    ss_json_key(json, "properties");
    ss_json_object_begin(json);
    ss_json_key(json, "id");
    ss_json_object_begin(json);
    write_member(json, "const", kind->id);
    ss_json_object_end(json);
    ss_json_object_end(json);
    ss_json_object_end(json);
    ss_json_key(json, "then");
    ss_json_object_begin(json);
    ss_json_key(json, "properties");
    ss_json_object_begin(json);
    ss_json_key(json, "detail");
    ss_json_object_begin(json);
    write_object(json, tables, NULL, false);
    ss_json_object_end(json);
    ss_json_object_end(json);
    ss_json_object_end(json);
    ss_json_object_end(json);
}

static void
write_event(SsJson *json, SsEventType type, const GPtrArray *kinds)
{
    const SsField *tables[] = {ss_event_common_fields(), ss_event_fields(type), NULL};

    ss_json_key(json, ss_event_type_name(type));
    ss_json_object_begin(json);
    write_member(json, "description", type_docs[type]);
    write_object(json, tables, ss_event_type_name(type), false);
    if (type == SS_EVENT_FINDING && kinds->len) {
        ss_json_key(json, "allOf");
        ss_json_list_begin(json);
        for (size_t i = 0; i < kinds->len; i++) {
            write_detail(json, g_ptr_array_index(kinds, i));
        }
        ss_json_list_end(json);
    }
    ss_json_object_end(json);
}

/* The string that begins at `at`, as it is; gives its last character. */
static const char *
print_string(FILE *to, const char *at)
{
    fputc(*at, to);
    do {
        at++;
        fputc(*at, to);
        if (*at == '\\') {
            at++;
            fputc(*at, to);
        }
    } while (*at != '"');
    return at;
}

/* Compact JSON for people: a member a line; what is empty stays on its line. */
static void
print_indented(FILE *to, const char *text)
{
    int depth = 0;

    for (const char *at = text; *at; at++) {
        bool is_opening = *at == '{' || *at == '[';
        bool is_closing = *at == '}' || *at == ']';

        if (*at == '"') {
            at = print_string(to, at);
            continue;
        }
        depth -= is_closing;
        if (is_closing && at[-1] != '{' && at[-1] != '[') {
            fprintf(to, "\n%*s", 2 * depth, "");
        }
        fputc(*at, to);
        depth += is_opening;
        if (*at == ':') {
            fputc(' ', to);
        } else if ((is_opening && at[1] != '}' && at[1] != ']') || *at == ',') {
            fprintf(to, "\n%*s", 2 * depth, "");
        }
    }
    fputc('\n', to);
}

void
ss_schema_print_json_schema(FILE *to, const SsPlugin *const *plugins)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) kinds = kinds_of(plugins);
    SsJson json;

    ss_json_init(&json, text);
    ss_json_object_begin(&json);
    write_member(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    write_member(&json, "title", "One line of smtpscope's JSON events");
    write_member(&json, "$comment",
                 "Made from the table of fields. NAME_b64 stands beside a field whose bytes are "
                 "not UTF-8, NAME_total beside a list that was cut.");
    ss_json_key(&json, "oneOf");
    ss_json_list_begin(&json);
    for (int type = 0; type < SS_EVENT_NOTE; type++) {
        g_autofree char *ref = g_strconcat("#/$defs/", ss_event_type_name((SsEventType)type), NULL);
        ss_json_object_begin(&json);
        write_member(&json, "$ref", ref);
        ss_json_object_end(&json);
    }
    ss_json_list_end(&json);
    ss_json_key(&json, "$defs");
    ss_json_object_begin(&json);
    for (int type = 0; type < SS_EVENT_NOTE; type++) {
        write_event(&json, (SsEventType)type, kinds);
    }
    ss_json_object_end(&json);
    ss_json_object_end(&json);
    print_indented(to, text->str);
}

/* --- tables for people --- */

static bool
may_be_null(const SsField *field)
{
    return field->nullable || field->kind == SS_FIELD_CODE || field->kind == SS_FIELD_OPTIONAL ||
           field->kind == SS_FIELD_SIGNED || field->kind == SS_FIELD_TRISTATE ||
           field->kind == SS_FIELD_UID || field->kind == SS_FIELD_POINTER;
}

static void
print_kind(FILE *to, const SsField *field)
{
    static const char *const kinds[SS_N_FIELD_KINDS] = {
        [SS_FIELD_TEXT] = "string",
        [SS_FIELD_TIME] = "time",
        [SS_FIELD_DURATION] = "seconds",
        [SS_FIELD_COUNT] = "number",
        [SS_FIELD_CODE] = "number",
        [SS_FIELD_OPTIONAL] = "number",
        [SS_FIELD_SIGNED] = "number",
        [SS_FIELD_BOOL] = "boolean",
        [SS_FIELD_TRISTATE] = "boolean",
        [SS_FIELD_UID] = "string",
        [SS_FIELD_OBJECT] = "object",
        [SS_FIELD_POINTER] = "object",
        [SS_FIELD_LIST] = "list of objects",
        [SS_FIELD_TEXTS] = "list of strings",
        [SS_FIELD_COUNTS] = "list of numbers",
        [SS_FIELD_RANGE] = "list `[first, last]`",
        [SS_FIELD_MAP] = "object of strings",
        [SS_FIELD_TALLY] = "object of numbers",
        [SS_FIELD_DETAIL] = "object",
    };

    if (field->kind == SS_FIELD_ENUM) {
        for (const char *const *name = field->names; *name; name++) {
            if (ss_event_type_of_name(ss_slice_str(*name)) != SS_N_EVENT_TYPES ||
                field->names[0] !=
                    ss_event_type_name(SS_EVENT_SESSION)) { /* internal ones are never written */
                fprintf(to, "%s`%s`", name == field->names ? "" : ", ", *name);
            }
        }
    } else {
        fputs(kinds[field->kind], to);
    }
    fputs(may_be_null(field) ? " or null" : "", to);
}

/* A row a field, those of nested objects by their path. */
static void
print_rows(FILE *to, const SsField *fields, const char *path)
{
    for (const SsField *field = fields; field->name; field++) {
        if (field->is_internal) {
            continue;
        }
        const char *mark = field->kind == SS_FIELD_LIST ? "[]" : "";

        fprintf(to, "| `%s%s` | ", path, field->name);
        print_kind(to, field);
        fprintf(to, " | %s |\n", field->doc ? field->doc : "");
        if (field->fields) {
            g_autofree char *inner = g_strconcat(path, field->name, mark, ".", NULL);
            print_rows(to, field->fields, inner);
        }
    }
}

static void
print_table(FILE *to, const SsField *fields)
{
    fputs("| field | type | meaning |\n| --- | --- | --- |\n", to);
    print_rows(to, fields, "");
}

void
ss_schema_print_events_md(FILE *to)
{
    fputs("# Events\n\n"
          "One JSON object a line. This page is made from the table of fields that also writes the "
          "events;\n[events.schema.json](events.schema.json) says the same for programs.\n\n"
          "A value that is not known is null, a list that is empty is `[]`. Times are RFC 3339 in "
          "UTC with as many\nfraction digits as the capture has. Beside a field whose bytes are "
          "not UTF-8 stands `NAME_b64`: of a string its\nbytes in base64; of a list of strings a "
          "list as long, null for its valid members; of an object of strings an\nobject of those "
          "members only. Beside a list that was cut stands `NAME_total`, its true length.\n\n"
          "Events come by `frame`; within a frame replies and commands, auth, tls, message, the "
          "findings that these\nrevealed, session. A session's event comes after all others of its "
          "`uid`. Where one frame has more than 512\nevents, as at the capture's end, this is kept "
          "for each session, and no longer for all of them together.\n\n"
          "## Every event\n\n",
          to);
    print_table(to, ss_event_common_fields());
    for (int type = 0; type < SS_EVENT_NOTE; type++) {
        fprintf(to, "\n## %s\n\n%s\n\n", ss_event_type_name((SsEventType)type), type_docs[type]);
        print_table(to, ss_event_fields((SsEventType)type));
    }
}

void
ss_schema_print_findings_md(FILE *to, const SsPlugin *const *plugins)
{
    g_autoptr(GPtrArray) kinds = kinds_of(plugins);

    fputs("# Findings\n\n"
          "What the detectors look for. This page is made from their tables.\n\n"
          "| id | severity | when | reference |\n| --- | --- | --- | --- |\n",
          to);
    for (size_t i = 0; i < kinds->len; i++) {
        const SsFindingKind *kind = g_ptr_array_index(kinds, i);
        fprintf(to, "| `%s` | %s | %s | %s |\n", kind->id, ss_severity_name((int)kind->severity),
                kind->when, kind->reference ? kind->reference : "");
    }
    fputs("\n## What `detail` holds\n", to);
    for (size_t i = 0; i < kinds->len; i++) {
        const SsFindingKind *kind = g_ptr_array_index(kinds, i);
        fprintf(to, "\n### %s\n\n", kind->id);
        if (kind->detail && kind->detail->name) {
            print_table(to, kind->detail);
        } else {
            fputs("Nothing.\n", to);
        }
    }
}
