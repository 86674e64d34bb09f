/*
 * Reads dialogue files. Every line says by its first characters what it is, so there is no state
 * but the chunk that still grows: lines of one side join until the other side speaks, `--` stands
 * between them, or the capture begins or stops to have them.
 */
#include "dialogue.h"

#include <stdlib.h>

#define MAX_REPEAT 10000000

static GQuark
dialogue_error_quark(void)
{
    return g_quark_from_static_string("ss-dialogue-error");
}

typedef struct {
    SsDialogue *dialogue;
    SsDialogueChunk *open; /* takes further lines of its side; NULL: the next one is a new chunk */
    GString *expected;     /* an expectation that following lines may continue, or NULL */
    int64_t wait_ns;
} Parser;

static void
chunk_free(gpointer p)
{
    SsDialogueChunk *chunk = p;
    g_byte_array_unref(chunk->bytes);
    g_free(chunk);
}

static void
content_free(gpointer p)
{
    SsDialogueContent *content = p;
    g_byte_array_unref(content->bytes);
    g_free(content);
}

static bool
fail(GError **error, const char *what)
{
    g_set_error_literal(error, dialogue_error_quark(), 0, what);
    return false;
}

/* Appends `text` with its escapes undone: \r \n \t \0 \\ \xNN. */
static bool
append_escaped(GByteArray *to, const char *text, GError **error)
{
    for (const char *p = text; *p; p++) {
        uint8_t byte = (uint8_t)*p;
        if (byte == '\\') {
            p++;
            switch (*p) {
            case 'r':
                byte = '\r';
                break;
            case 'n':
                byte = '\n';
                break;
            case 't':
                byte = '\t';
                break;
            case '0':
                byte = 0;
                break;
            case '\\':
                break;
            case 'x':
                if (!g_ascii_isxdigit(p[1]) || !g_ascii_isxdigit(p[2])) {
                    return fail(error, "\\x takes two hexadecimal digits");
                }
                byte = (uint8_t)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2]));
                p += 2;
                break;
            default:
                return fail(error, "unknown escape; there are \\r \\n \\t \\0 \\\\ \\xNN");
            }
        }
        g_byte_array_append(to, &byte, 1);
    }
    return true;
}

/* What follows the side's letter: `[!][*N]:TEXT` or `[!][*N]=TEXT`. */
typedef struct {
    bool is_lost;
    GByteArray *bytes;
} Said;

static bool
parse_said(const char *rest, Said *ret_said, GError **error)
{
    bool is_lost = false;
    uint64_t n = 1;
    if (*rest == '!') {
        is_lost = true;
        rest++;
    }
    if (*rest == '*') {
        char *end = NULL;
        n = g_ascii_strtoull(rest + 1, &end, 10);
        if (end == rest + 1 || n == 0 || n > MAX_REPEAT) {
            return fail(error, "* takes a number of repetitions");
        }
        rest = end;
    }
    if (*rest != ':' && *rest != '=') {
        return fail(error, "a side's letter is followed by `:` (CRLF added) or `=` (bytes as they "
                           "are), with `!` and `*N` before it");
    }
    bool adds_crlf = *rest == ':';
    rest++;
    if (*rest == ' ') {
        rest++;
    }
    g_autoptr(GByteArray) once = g_byte_array_new();
    if (!append_escaped(once, rest, error)) {
        return false;
    }
    if (adds_crlf) {
        g_byte_array_append(once, (const uint8_t *)"\r\n", 2);
    }
    GByteArray *bytes = g_byte_array_sized_new((guint)(once->len * n));
    for (uint64_t i = 0; i < n; i++) {
        g_byte_array_append(bytes, once->data, once->len);
    }
    ret_said->is_lost = is_lost;
    ret_said->bytes = bytes;
    return true;
}

static bool
take_spoken(Parser *parser, SsDirection direction, const char *rest, GError **error)
{
    Said said = {0};
    if (!parse_said(rest, &said, error)) {
        return false;
    }
    SsDialogueChunk *chunk = parser->open;
    if (!chunk || chunk->direction != direction || chunk->is_lost != said.is_lost) {
        chunk = g_new0(SsDialogueChunk, 1);
        chunk->direction = direction;
        chunk->bytes = g_byte_array_new();
        chunk->is_lost = said.is_lost;
        chunk->wait_ns = parser->wait_ns;
        g_ptr_array_add(parser->dialogue->chunks, chunk);
        parser->wait_ns = 0;
        parser->open = chunk;
    }
    g_byte_array_append(chunk->bytes, said.bytes->data, said.bytes->len);
    g_byte_array_unref(said.bytes);
    return true;
}

static bool
take_content(Parser *parser, const char *rest, GError **error)
{
    char *end = NULL;
    uint64_t index = g_ascii_strtoull(rest, &end, 10);
    Said said = {0};
    if (end == rest || index == 0) {
        return fail(error, "M is followed by a message's index");
    }
    if (!parse_said(end, &said, error)) {
        return false;
    }
    GPtrArray *contents = parser->dialogue->contents;
    SsDialogueContent *content = NULL;
    for (guint i = 0; i < contents->len && !content; i++) {
        SsDialogueContent *at = g_ptr_array_index(contents, i);
        content = at->index == index ? at : NULL;
    }
    if (!content) {
        content = g_new0(SsDialogueContent, 1);
        content->index = index;
        content->bytes = g_byte_array_new();
        g_ptr_array_add(contents, content);
    }
    if (said.is_lost) {
        content->missing += said.bytes->len;
    } else {
        g_byte_array_append(content->bytes, said.bytes->data, said.bytes->len);
    }
    g_byte_array_unref(said.bytes);
    return true;
}

static bool
parse_types(SsDialogue *dialogue, const char *value, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(value, " ", -1);
    dialogue->types = 0;
    for (char **word = words; *word; word++) {
        SsEventType type = ss_event_type_of_name(ss_slice_str(*word));
        if (type == SS_N_EVENT_TYPES) {
            return fail(error, "unknown event type");
        }
        dialogue->types |= SS_WANT(type);
    }
    return true;
}

static bool
parse_end(SsDialogue *dialogue, const char *value, GError **error)
{
    static const struct {
        const char *name;
        SsCloseReason reason;
        SsDirection by;
    } ends[] = {
        {"client fin", SS_CLOSE_FIN, SS_CLIENT},     {"server fin", SS_CLOSE_FIN, SS_SERVER},
        {"client reset", SS_CLOSE_RESET, SS_CLIENT}, {"server reset", SS_CLOSE_RESET, SS_SERVER},
        {"timeout", SS_CLOSE_TIMEOUT, SS_CLIENT},    {"capture", SS_CLOSE_CAPTURE, SS_CLIENT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (strcmp(value, ends[i].name) == 0) {
            dialogue->end = ends[i].reason;
            dialogue->end_by = ends[i].by;
            return true;
        }
    }
    return fail(error, "`end` is `client fin`, `server fin`, `client reset`, `server reset`, "
                       "`timeout` or `capture`");
}

static bool
take_header(Parser *parser, const char *key, const char *value, GError **error)
{
    SsDialogue *dialogue = parser->dialogue;
    if (strcmp(key, "events") == 0) {
        return parse_types(dialogue, value, error);
    }
    if (strcmp(key, "findings") == 0) {
        dialogue->types |= SS_WANT(SS_EVENT_FINDING);
        dialogue->findings = strcmp(value, "all") == 0 ? NULL : g_strsplit(value, " ", -1);
        return true;
    }
    if (strcmp(key, "port") == 0) {
        dialogue->port = (uint16_t)g_ascii_strtoull(value, NULL, 10);
        return dialogue->port != 0 || fail(error, "`port` takes a number");
    }
    if (strcmp(key, "ports") == 0 && strcmp(value, "all") == 0) {
        dialogue->any_port = true;
        return true;
    }
    if (strcmp(key, "start") == 0 && strcmp(value, "middle") == 0) {
        dialogue->from_middle = true;
        return true;
    }
    if (strcmp(key, "captured") == 0) {
        dialogue->is_seen[SS_CLIENT] = strcmp(value, "server") != 0;
        dialogue->is_seen[SS_SERVER] = strcmp(value, "client") != 0;
        return true;
    }
    if (strcmp(key, "end") == 0) {
        return parse_end(dialogue, value, error);
    }
    if (strcmp(key, "secret") == 0) {
        g_ptr_array_add(dialogue->secrets, g_strdup(value));
        return true;
    }
    if (strcmp(key, "wait") == 0) {
        parser->wait_ns += (int64_t)g_ascii_strtoull(value, NULL, 10) * 1000000000;
        parser->open = NULL;
        return true;
    }
    return fail(error, "unknown key");
}

static void
end_expected(Parser *parser)
{
    if (parser->expected) {
        g_ptr_array_add(parser->dialogue->expected, g_string_free(parser->expected, FALSE));
        parser->expected = NULL;
    }
}

static bool
take_line(Parser *parser, char *line, GError **error)
{
    if (parser->expected && (line[0] == ' ' || line[0] == '\t')) {
        g_string_append(parser->expected, line);
        return true;
    }
    end_expected(parser);
    if (line[0] == '\0' || line[0] == '#') {
        return true;
    }
    if (strcmp(line, "--") == 0) {
        parser->open = NULL;
        return true;
    }
    if (line[0] == '{') {
        parser->expected = g_string_new(line);
        return true;
    }
    if (line[0] == 'C' || line[0] == 'S') {
        return take_spoken(parser, line[0] == 'C' ? SS_CLIENT : SS_SERVER, line + 1, error);
    }
    if (line[0] == 'M') {
        return take_content(parser, line + 1, error);
    }
    char *colon = strchr(line, ':');
    if (!colon) {
        return fail(error, "neither C, S, M, `--`, {…}, # nor `key: value`");
    }
    *colon = '\0';
    return take_header(parser, line, g_strstrip(colon + 1), error);
}

SsDialogue *
ss_dialogue_parse(const char *name, const char *text, GError **error)
{
    g_autoptr(SsDialogue) dialogue = g_new0(SsDialogue, 1);
    dialogue->name = g_strdup(name);
    dialogue->chunks = g_ptr_array_new_with_free_func(chunk_free);
    dialogue->contents = g_ptr_array_new_with_free_func(content_free);
    dialogue->expected = g_ptr_array_new_with_free_func(g_free);
    dialogue->secrets = g_ptr_array_new_with_free_func(g_free);
    dialogue->types = SS_WANT(SS_EVENT_MESSAGE);
    dialogue->port = 25;
    dialogue->is_seen[SS_CLIENT] = true;
    dialogue->is_seen[SS_SERVER] = true;
    dialogue->end = SS_CLOSE_FIN;

    Parser parser = {.dialogue = dialogue};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!take_line(&parser, lines[i], error)) {
            g_prefix_error(error, "line %u: ", i + 1);
            if (parser.expected) {
                g_string_free(parser.expected, TRUE);
            }
            return NULL;
        }
    }
    end_expected(&parser);
    return g_steal_pointer(&dialogue);
}

SsDialogue *
ss_dialogue_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error)) {
        return NULL;
    }
    g_autofree char *base = g_path_get_basename(path);
    if (g_str_has_suffix(base, ".t")) {
        base[strlen(base) - 2] = '\0';
    }
    SsDialogue *dialogue = ss_dialogue_parse(base, text, error);
    if (!dialogue) {
        g_prefix_error(error, "%s: ", path);
    }
    return dialogue;
}

void
ss_dialogue_free(SsDialogue *dialogue)
{
    if (!dialogue) {
        return;
    }
    g_free(dialogue->name);
    g_ptr_array_unref(dialogue->chunks);
    g_ptr_array_unref(dialogue->contents);
    g_ptr_array_unref(dialogue->expected);
    g_ptr_array_unref(dialogue->secrets);
    g_strfreev(dialogue->findings);
    g_free(dialogue);
}

size_t
ss_dialogue_size(const SsDialogue *dialogue)
{
    size_t size = 0;
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        const SsDialogueChunk *chunk = g_ptr_array_index(dialogue->chunks, i);
        if (!chunk->is_lost && dialogue->is_seen[chunk->direction]) {
            size += chunk->bytes->len;
        }
    }
    return size;
}
