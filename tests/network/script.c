/*
 * Reads packet scripts. A line says by its first word what it is: a packet (`C`, `S`, with the
 * number of the connection where there are several), a word that stands for several packets, a
 * setting, or a number that is expected. All other lines are a dialogue file's, and are given to
 * its reader at the end, each at its place, so that its complaints name the right line.
 */
#include <string.h>

#include "tests/network/script-parser.h"

/* --- words that stand for packets --- */

static bool take_line(SsScriptParser *parser, const char *text, bool *ret_is_ours, GError **error);

static const struct {
    const char *word;
    const char *lines[8];
} shorthands[] = {
    {"open", {"C SYN mss=1460", "S SYN ACK mss=1460", "C ACK"}},
    {"hello",
     {"S \"220 b ESMTP\\r\\n\"", "C \"EHLO a\\r\\n\"", "S \"250-b\\r\\n250 PIPELINING\\r\\n\""}},
    {"mail",
     {"C \"MAIL FROM:<ann@a.example>\\r\\n\"", "S \"250 ok\\r\\n\"",
      "C \"RCPT TO:<bob@b.example>\\r\\n\"", "S \"250 ok\\r\\n\"", "C \"DATA\\r\\n\"",
      "S \"354 go on\\r\\n\""}},
    {"bye", {"C \"QUIT\\r\\n\"", "S \"221 bye\\r\\n\"", "C FIN", "S FIN", "C ACK"}},
    {"fins", {"C FIN", "S FIN", "C ACK"}},
};

/* `open`, or `open 2` of another connection. */
static bool
take_shorthand(SsScriptParser *parser, const GPtrArray *words, bool *ret_is_ours, GError **error)
{
    const char *number = words->len > 1 ? words->pdata[1] : "";
    for (size_t i = 0; i < G_N_ELEMENTS(shorthands); i++) {
        if (strcmp(words->pdata[0], shorthands[i].word) != 0) {
            continue;
        }
        for (const char *const *line = shorthands[i].lines; *line; line++) {
            g_autofree char *text = g_strdup_printf("%c%s%s", **line, number, *line + 1);
            bool is_ours = true;
            if (!take_line(parser, text, &is_ours, error) || !is_ours) {
                return *error ? false : ss_script_fail(error, "a connection's number is 1 to 9");
            }
        }
        return true;
    }
    *ret_is_ours = false;
    return true;
}

/* --- settings --- */

/* `set C ttl=57 …`: of all packets of that side that follow. */
static bool
take_set(SsScriptParser *parser, const GPtrArray *words, GError **error)
{
    guint connection = 0;
    SsDirection direction = SS_CLIENT;
    if (words->len < 2 || !ss_script_parse_who(words->pdata[1], &connection, &direction)) {
        return ss_script_fail(error, "`set` is followed by a side");
    }
    for (guint i = 2; i < words->len; i++) {
        if (!ss_script_take_option(&parser->streams[connection].usual[direction], words->pdata[i],
                                   error)) {
            return *error ? false
                          : ss_script_fail(error, "`%s` says nothing of a packet",
                                           (char *)words->pdata[i]);
        }
    }
    return true;
}

/* `mark NAME C`: the offset behind all that the client said. */
static bool
take_mark(SsScriptParser *parser, const GPtrArray *words, GError **error)
{
    guint connection = 0;
    SsDirection direction = SS_CLIENT;
    if (words->len != 3 || !ss_script_parse_who(words->pdata[2], &connection, &direction)) {
        return ss_script_fail(error, "it is `mark NAME SIDE`");
    }
    int64_t *offset = g_new(int64_t, 1);
    *offset = parser->streams[connection].next[direction];
    g_hash_table_insert(parser->marks, g_strdup(words->pdata[1]), offset);
    return true;
}

/* `same 2 1`, `mapped 2`: whose addresses a connection has. */
static bool
take_connection(SsScriptParser *parser, const GPtrArray *words, GError **error)
{
    int64_t which = 0, like = 0;
    bool is_same = strcmp(words->pdata[0], "same") == 0;
    if (words->len != (is_same ? 3 : 2) ||
        !ss_script_parse_number(words->pdata[1], &which, error) ||
        (is_same && !ss_script_parse_number(words->pdata[2], &like, error)) || which < 1 ||
        which > 9 || like < 0 || like > 9) {
        return *error ? false
                      : ss_script_fail(error, "it is `same NUMBER NUMBER` or `mapped NUMBER`");
    }
    if (is_same) {
        parser->script->connections[which].like = (guint)like;
    } else {
        parser->script->connections[which].is_mapped = true;
    }
    return true;
}

static bool
take_limit(SsScriptParser *parser, const char *value, GError **error)
{
    SsLimits *limits = &parser->script->limits;
    g_auto(GStrv) sides = g_strsplit(value, "=", 2);
    int64_t n = 0;
    if (!sides[0] || !sides[1] || !ss_script_parse_number(sides[1], &n, error)) {
        return *error ? false : ss_script_fail(error, "it is `limit: NAME=NUMBER`");
    }
    if (strcmp(sides[0], "reorder") == 0) {
        limits->reorder = (uint64_t)n;
    } else if (strcmp(sides[0], "memory") == 0) {
        limits->memory = (uint64_t)n;
    } else if (strcmp(sides[0], "idle") == 0) {
        limits->idle_ns = n * SS_NS_PER_S;
    } else {
        return ss_script_fail(error, "`limit` is of reorder, memory or idle");
    }
    return true;
}

static bool
take_overlap(SsScriptParser *parser, const char *value, GError **error)
{
    static const char *const names[] = {"first", "last", "bsd", "linux", "windows", "solaris"};
    for (int i = 0; i < SS_N_OVERLAPS; i++) {
        if (strcmp(names[i], value) == 0) {
            parser->script->overlap = (SsOverlap)i;
            return true;
        }
    }
    return ss_script_fail(error, "no such overlap policy");
}

/* `key: value` lines that are not a dialogue's. */
static bool
take_header(SsScriptParser *parser, const char *text, bool *ret_is_ours, GError **error)
{
    const char *colon = strchr(text, ':');
    g_autofree char *key = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup("");
    g_autofree char *value = colon ? g_strstrip(g_strdup(colon + 1)) : NULL;
    if (strcmp(key, "whole") == 0 || strcmp(key, "once") == 0) {
        parser->script->is_whole = true;
        parser->script->is_once |= strcmp(key, "once") == 0;
        return *value || ss_script_fail(error, "`%s` is followed by its reason", key);
    }
    if (strcmp(key, "family") == 0) {
        parser->script->family = 4;
        return value[0] == '4' || ss_script_fail(error, "it is `family: 4 REASON`");
    }
    if (strcmp(key, "wrap") == 0) {
        int64_t at = 0;
        bool is_number = ss_script_parse_number(value, &at, error);
        parser->script->wrap = (uint32_t)at;
        return is_number;
    }
    if (strcmp(key, "limit") == 0) {
        return take_limit(parser, value, error);
    }
    if (strcmp(key, "overlap") == 0) {
        return take_overlap(parser, value, error);
    }
    *ret_is_ours = false;
    return true;
}

static bool
take_count(SsScriptParser *parser, const GPtrArray *words, SsScriptCountKind kind, GError **error)
{
    bool has_name = kind != SS_SCRIPT_SESSIONS;
    bool is_some = strcmp(words->pdata[words->len - 1], "+") == 0;
    int64_t n = 0;
    if (words->len != (has_name ? 3 : 2) ||
        (!is_some && !ss_script_parse_number(words->pdata[words->len - 1], &n, error))) {
        return *error ? false
                      : ss_script_fail(error, "it is `%s%s NUMBER`", (char *)words->pdata[0],
                                       has_name ? " NAME" : "");
    }
    SsScriptCount count = {kind, has_name ? g_strdup(words->pdata[1]) : NULL, (uint64_t)n, is_some};
    g_array_append_val(parser->script->counts, count);
    return true;
}

/* --- lines --- */

static bool
take_reverse(SsScriptParser *parser, bool is_end, GError **error)
{
    GPtrArray *packets = parser->script->packets;
    if (is_end != (parser->reversed_from != G_MAXUINT)) {
        return ss_script_fail(error, "`reverse` and `end` belong together");
    }
    if (!is_end) {
        parser->reversed_from = packets->len;
        return true;
    }
    for (guint i = parser->reversed_from, j = packets->len; i + 1 < j; i++) {
        SsScriptPacket *first = packets->pdata[i], *last = packets->pdata[--j];
        int64_t time_ns = first->time_ns;
        first->time_ns = last->time_ns;
        last->time_ns = time_ns;
        packets->pdata[i] = last;
        packets->pdata[j] = first;
    }
    parser->reversed_from = G_MAXUINT;
    return true;
}

static bool
take_wait(SsScriptParser *parser, const char *word, const GPtrArray *words, GError **error)
{
    int64_t ns = 0;
    if (words->len != 2 || !ss_script_parse_seconds(words->pdata[1], &ns, error)) {
        return *error ? false : ss_script_fail(error, "it is `%s SECONDS`", word);
    }
    parser->now_ns = (strcmp(word, "clock") == 0 ? 0 : parser->now_ns) + ns;
    return true;
}

/* `ret_is_ours` false: it is a dialogue's. */
static bool
take_words(SsScriptParser *parser, const GPtrArray *words, bool *ret_is_ours, GError **error)
{
    static const struct {
        const char *word;
        SsScriptCountKind kind;
    } counts[] = {
        {"bucket", SS_SCRIPT_BUCKET},     {"bytes", SS_SCRIPT_BYTES},
        {"artefact", SS_SCRIPT_ARTEFACT}, {"remark", SS_SCRIPT_REMARK},
        {"sessions", SS_SCRIPT_SESSIONS},
    };
    const char *word = words->pdata[0];
    guint connection;
    SsDirection direction;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        if (strcmp(word, counts[i].word) == 0) {
            return take_count(parser, words, counts[i].kind, error);
        }
    }
    if (ss_script_parse_who(word, &connection, &direction)) {
        return ss_script_take_packet(parser, words, error);
    }
    if (strcmp(word, "again") == 0) {
        return ss_script_take_again(parser, words, error);
    }
    if (strcmp(word, "set") == 0) {
        return take_set(parser, words, error);
    }
    if (strcmp(word, "mark") == 0) {
        return take_mark(parser, words, error);
    }
    if (strcmp(word, "same") == 0 || strcmp(word, "mapped") == 0) {
        return take_connection(parser, words, error);
    }
    if (strcmp(word, "reverse") == 0 || strcmp(word, "end") == 0) {
        return take_reverse(parser, *word == 'e', error);
    }
    if (strcmp(word, "wait") == 0 || strcmp(word, "clock") == 0) {
        return take_wait(parser, word, words, error);
    }
    return take_shorthand(parser, words, ret_is_ours, error);
}

static bool
take_line(SsScriptParser *parser, const char *text, bool *ret_is_ours, GError **error)
{
    if (text[0] == '\0' || strchr("# {", text[0]) || (text[0] == 'M' && strchr(text, ':'))) {
        *ret_is_ours = false;
        return true;
    }
    if (g_ascii_islower(text[0]) && text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == ':') {
        return take_header(parser, text, ret_is_ours, error);
    }
    g_autoptr(GPtrArray) words = ss_script_split(text, error);
    return words && take_words(parser, words, ret_is_ours, error);
}

static void
count_clear(gpointer p)
{
    g_free(((SsScriptCount *)p)->name);
}

static SsScript *
script_new(const char *name)
{
    SsScript *script = g_new0(SsScript, 1);
    script->name = g_strdup(name);
    script->packets = g_ptr_array_new_with_free_func((GDestroyNotify)ss_script_packet_free);
    script->counts = g_array_new(FALSE, FALSE, sizeof(SsScriptCount));
    g_array_set_clear_func(script->counts, count_clear);
    script->limits = (SsLimits)SS_LIMITS_DEFAULT;
    for (guint i = 0; i < SS_SCRIPT_CONNECTIONS; i++) {
        script->connections[i].like = i;
    }
    return script;
}

static void
parser_init(SsScriptParser *parser, SsScript *script)
{
    parser->script = script;
    parser->about = g_string_new(NULL);
    parser->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    parser->now_ns = SS_SCRIPT_START_NS;
    parser->reversed_from = G_MAXUINT;
    for (guint i = 0; i < SS_SCRIPT_CONNECTIONS; i++) {
        SsScriptStream *stream = &parser->streams[i];
        stream->usual[SS_CLIENT] = stream->usual[SS_SERVER] = ss_script_no_options;
        stream->ip_id[SS_CLIENT] = (guint16)(1000 + i * 100);
        stream->ip_id[SS_SERVER] = (guint16)(40000 + i * 100);
    }
}

static bool
parse_lines(SsScriptParser *parser, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        bool is_ours = true;
        GError *why = NULL;
        if (!take_line(parser, lines[i], &is_ours, &why)) {
            g_propagate_prefixed_error(error, why, "line %u: ", i + 1);
            return false;
        }
        g_string_append_printf(parser->about, "%s\n", is_ours ? "" : lines[i]);
    }
    return true;
}

SsScript *
ss_script_parse(const char *name, const char *text, GError **error)
{
    g_autoptr(SsScript) script = script_new(name);
    SsScriptParser parser = {0};
    parser_init(&parser, script);
    bool is_right = parse_lines(&parser, text, error);
    script->end_ns = parser.now_ns;
    script->about = is_right ? ss_dialogue_parse(name, parser.about->str, error) : NULL;
    g_string_free(parser.about, TRUE);
    g_hash_table_unref(parser.marks);
    return script->about ? g_steal_pointer(&script) : NULL;
}

SsScript *
ss_script_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error)) {
        return NULL;
    }
    g_autofree char *base = g_path_get_basename(path);
    if (g_str_has_suffix(base, ".p")) {
        base[strlen(base) - 2] = '\0';
    }
    SsScript *script = ss_script_parse(base, text, error);
    if (!script) {
        g_prefix_error(error, "%s: ", path);
    }
    return script;
}

void
ss_script_free(SsScript *script)
{
    if (script) {
        g_free(script->name);
        ss_dialogue_free(script->about);
        g_ptr_array_unref(script->packets);
        g_array_unref(script->counts);
        g_free(script);
    }
}
