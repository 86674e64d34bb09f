/*
 * Reads packet scripts. A line says by its first word what it is: a packet (`C`, `S`, with the
 * number of the connection where there are several), a word that stands for several packets, a
 * setting, or a number that is expected. All other lines are a dialogue file's, and are given to
 * its reader at the end, each at its place, so that its complaints name the right line.
 */
#include "tests/network/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REPEAT 10000000

typedef struct {
    int64_t next[2];       /* offset behind all that was said */
    uint32_t timestamp[2]; /* the last one sent */
    SsScriptOptions usual[2];
    guint16 ip_id[2];
} Stream;

typedef struct {
    SsScript *script;
    GString *about; /* the lines that are a dialogue's */
    Stream streams[SS_SCRIPT_CONNECTIONS];
    GHashTable *marks; /* names to offsets */
    int64_t now_ns;
    guint reversed_from; /* index of the first packet of the block, G_MAXUINT outside */
} Parser;

static GQuark
script_error_quark(void)
{
    return g_quark_from_static_string("ss-script-error");
}

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool
fail(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, script_error_quark(), 0, what);
    return false;
}

/* --- words --- */

static bool
unescape(GByteArray *to, const char *text, const char *end, GError **error)
{
    static const char letters[] = "rnt0\\\"";
    static const uint8_t meant[] = {'\r', '\n', '\t', 0, '\\', '"'};
    for (const char *p = text; p < end; p++) {
        uint8_t byte = (uint8_t)*p;
        if (byte == '\\') {
            const char *letter = p + 1 < end ? strchr(letters, *++p) : NULL;
            if (letter && *letter) {
                byte = meant[letter - letters];
            } else if (p + 2 < end && *p == 'x' && g_ascii_isxdigit(p[1]) &&
                       g_ascii_isxdigit(p[2])) {
                byte = (uint8_t)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2]));
                p += 2;
            } else {
                return fail(error, "unknown escape; there are \\r \\n \\t \\0 \\\\ \\\" \\xNN");
            }
        }
        g_byte_array_append(to, &byte, 1);
    }
    return true;
}

/* The line's words; one that has a quoted text in it goes on to the next blank behind it. */
static GPtrArray *
split_words(const char *line, GError **error)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    const char *p = line;
    while (*p) {
        if (*p == ' ') {
            p++;
            continue;
        }
        if (*p == '#') {
            break;
        }
        const char *start = p;
        bool is_quoted = false;
        for (; *p && (is_quoted || *p != ' '); p++) {
            if (*p == '\\' && is_quoted && p[1]) {
                p++;
            } else if (*p == '"') {
                is_quoted = !is_quoted;
            }
        }
        if (is_quoted) {
            fail(error, "a quoted text has no end");
            return NULL;
        }
        g_ptr_array_add(words, g_strndup(start, (gsize)(p - start)));
    }
    return g_steal_pointer(&words);
}

static bool
parse_number(const char *text, int64_t *ret_n, GError **error)
{
    char *end = NULL;
    int64_t n = g_ascii_strtoll(text, &end, 0);
    if (end == text || *end) {
        return fail(error, "`%s` is no number", text);
    }
    *ret_n = n;
    return true;
}

static bool
parse_seconds(const char *text, int64_t *ret_ns, GError **error)
{
    char *end = NULL;
    double seconds = g_ascii_strtod(text, &end);
    if (end == text || *end) {
        return fail(error, "`%s` is no time", text);
    }
    *ret_ns = (int64_t)(seconds * 1e9);
    return true;
}

/* `12`, `+3` or `-3` from `next`, `NAME`, `NAME+3`. */
static bool
parse_offset(const Parser *parser, const char *text, int64_t next, int64_t *ret_offset,
             GError **error)
{
    int64_t base = *text == '+' || *text == '-' ? next : 0;
    if (g_ascii_isalpha(*text)) {
        size_t len = strcspn(text, "+-");
        g_autofree char *name = g_strndup(text, len);
        const int64_t *mark = g_hash_table_lookup(parser->marks, name);
        if (!mark) {
            return fail(error, "no mark is called `%s`", name);
        }
        base = *mark;
        text += len;
        if (!*text) {
            *ret_offset = base;
            return true;
        }
    }
    int64_t n = 0;
    if (!parse_number(text, &n, error)) {
        return false;
    }
    *ret_offset = base + n;
    return true;
}

static bool
parse_link(const char *text, SsScriptOptions *options, GError **error)
{
    unsigned byte[6];
    if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &byte[0], &byte[1], &byte[2], &byte[3], &byte[4],
               &byte[5]) != 6) {
        return fail(error, "`%s` is no MAC address", text);
    }
    for (int i = 0; i < 6; i++) {
        options->link[i] = (uint8_t)byte[i];
    }
    options->has_link = true;
    return true;
}

/* --- options of packets --- */

static const SsScriptOptions no_options = {
    .ttl = -1,
    .vlan = -1,
    .window = -1,
    .urgent = -1,
    .mss = -1,
    .window_scale = -1,
    .ip_id = -1,
    .timestamp = -1,
    .cut = -1,
};

/* `key=value`, or a word alone. False without `error` where it is none of these. */
static bool
take_option(SsScriptOptions *options, const char *word, GError **error)
{
    const struct {
        const char *key;
        int *value;
    } numbers[] = {
        {"ttl=", &options->ttl},     {"vlan=", &options->vlan}, {"win=", &options->window},
        {"urg=", &options->urgent},  {"mss=", &options->mss},   {"wscale=", &options->window_scale},
        {"ip-id=", &options->ip_id}, {"cut=", &options->cut},   {"frag=", &options->fragment},
    };
    const struct {
        const char *word;
        bool *is_set;
        bool value;
    } words[] = {
        {"ts", &options->has_timestamps, true},
        {"no-ts", &options->has_timestamps, false},
        {"md5", &options->is_signed, true},
        {"fast-open", &options->is_fast_open, true},
        {"bad-checksum", &options->has_bad_checksum, true},
        {"bad-ip-checksum", &options->has_bad_ip_checksum, true},
        {"bad-option", &options->has_bad_option, true},
        {"backwards", &options->is_backwards, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(word, words[i].word) == 0) {
            *words[i].is_set = words[i].value;
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (g_str_has_prefix(word, numbers[i].key)) {
            int64_t n = 0;
            if (!parse_number(word + strlen(numbers[i].key), &n, error)) {
                return false;
            }
            *numbers[i].value = (int)n;
            return true;
        }
    }
    if (g_str_has_prefix(word, "ts=")) {
        options->has_timestamps = true;
        return parse_number(word + 3, &options->timestamp, error);
    }
    if (g_str_has_prefix(word, "mac=")) {
        return parse_link(word + 4, options, error);
    }
    return false;
}

/* --- packets --- */

SsScriptPacket *
ss_script_packet_part(const SsScriptPacket *packet, size_t from, size_t len)
{
    SsScriptPacket *part = g_memdup2(packet, sizeof *packet);
    part->payload = g_byte_array_new();
    if (len) {
        g_byte_array_append(part->payload, packet->payload->data + from, (guint)len);
    }
    return part;
}

void
ss_script_packet_free(SsScriptPacket *packet)
{
    if (packet) {
        g_byte_array_unref(packet->payload);
        g_free(packet);
    }
}

/* What a packet's line says, before it is known where in the streams that is. */
typedef struct {
    guint connection;
    SsDirection direction;
    uint8_t flags;
    bool has_flags, is_aside, is_lost, has_no_ack;
    const char *at; /* an offset's text, or NULL */
    const char *ack;
    int64_t seq_shift, ack_shift;
    int64_t segment; /* bytes in each packet, 0: all in one */
    int64_t times;
    int64_t wait_ns;
    GByteArray *payload;
    SsScriptOptions options;
} Line;

static bool
take_flag(Line *line, const char *word)
{
    static const struct {
        const char *word;
        uint8_t flags;
    } flags[] = {
        {"SYN", SS_TCP_SYN}, {"ACK", SS_TCP_ACK},
        {"RST", SS_TCP_RST}, {"FIN", SS_TCP_FIN | SS_TCP_ACK},
        {"PSH", SS_TCP_PSH}, {"URG", SS_TCP_URG},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        if (strcmp(word, flags[i].word) == 0) {
            line->flags |= flags[i].flags;
            line->has_flags = true;
            return true;
        }
    }
    return false;
}

/* `"TEXT"`, `"TEXT"*N`. */
static bool
take_payload(Line *line, const char *word, GError **error)
{
    const char *end = strrchr(word, '"');
    int64_t n = 1;
    if (end[1] && (end[1] != '*' || !parse_number(end + 2, &n, error))) {
        return *error ? false : fail(error, "behind a text stands `*N` or nothing");
    }
    if (n < 1 || n > MAX_REPEAT) {
        return fail(error, "a text is repeated once at least");
    }
    g_autoptr(GByteArray) once = g_byte_array_new();
    if (!unescape(once, word + 1, end, error)) {
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        g_byte_array_append(line->payload, once->data, once->len);
    }
    return true;
}

static bool
take_word(Line *line, const char *word, GError **error)
{
    const struct {
        const char *key;
        int64_t *n;
    } numbers[] = {
        {"seq=", &line->seq_shift},
        {"seg=", &line->segment},
        {"times=", &line->times},
    };
    if (*word == '"') {
        return take_payload(line, word, error);
    }
    if (take_flag(line, word)) {
        return true;
    }
    if (*word == '@') {
        line->at = word + 1;
        return true;
    }
    if (strcmp(word, "aside") == 0) {
        line->is_aside = true;
        return true;
    }
    if (strcmp(word, "lost") == 0) {
        line->is_lost = true;
        return true;
    }
    if (g_str_has_prefix(word, "wait=")) {
        return parse_seconds(word + 5, &line->wait_ns, error);
    }
    if (strcmp(word, "ack=none") == 0) {
        line->has_no_ack = true;
        return true;
    }
    if (g_str_has_prefix(word, "ack=")) {
        line->ack = word + 4;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (g_str_has_prefix(word, numbers[i].key)) {
            return parse_number(word + strlen(numbers[i].key), numbers[i].n, error);
        }
    }
    return take_option(&line->options, word, error) ||
           (*error ? false : fail(error, "`%s` says nothing of a packet", word));
}

static void
settle_flags(Line *line)
{
    if (!line->has_flags) {
        line->flags = SS_TCP_ACK | (line->payload->len ? SS_TCP_PSH : 0);
    }
    if (line->options.urgent >= 0) {
        line->flags |= SS_TCP_URG | SS_TCP_ACK;
    }
    if (line->ack) {
        line->flags |= SS_TCP_ACK;
    }
    if (line->has_no_ack) {
        line->flags &= (uint8_t)~SS_TCP_ACK;
    }
}

static void
add_packet(Parser *parser, const Line *line, int64_t offset, int64_t ack, size_t from, size_t len)
{
    Stream *stream = &parser->streams[line->connection];
    SsDirection direction = line->direction;
    bool is_last = from + len == line->payload->len;
    SsScriptPacket *packet = g_new0(SsScriptPacket, 1);
    packet->connection = line->connection;
    packet->direction = direction;
    packet->flags = is_last ? line->flags : line->flags & (uint8_t)~SS_TCP_FIN;
    packet->offset = offset + (int64_t)from;
    packet->ack = ack;
    packet->seq_shift = (uint32_t)line->seq_shift;
    packet->ack_shift = (uint32_t)line->ack_shift;
    packet->options = line->options;
    packet->time_ns = parser->now_ns;
    packet->ip_id =
        line->options.ip_id >= 0 ? (guint16)line->options.ip_id : stream->ip_id[direction];
    packet->payload = g_byte_array_new();
    if (len) {
        g_byte_array_append(packet->payload, line->payload->data + from, (guint)len);
    }
    if (packet->options.has_timestamps) {
        int64_t clock = (parser->now_ns - SS_SCRIPT_START_NS) / 1000000 + 100000;
        packet->timestamp =
            (uint32_t)(packet->options.timestamp >= 0 ? packet->options.timestamp : clock);
        packet->timestamp_echo = stream->timestamp[ss_direction_other(direction)];
        if (packet->options.timestamp < 0) {
            stream->timestamp[direction] = packet->timestamp;
        }
    }
    /* So many numbers that each byte may become a packet of its own. */
    stream->ip_id[direction] = (guint16)(stream->ip_id[direction] + MAX(len, 1));
    parser->now_ns += SS_SCRIPT_STEP_NS;
    if (line->is_lost) {
        ss_script_packet_free(packet);
    } else {
        g_ptr_array_add(parser->script->packets, packet);
    }
}

static bool
add_line(Parser *parser, const Line *line, GError **error)
{
    Stream *stream = &parser->streams[line->connection];
    SsDirection other = ss_direction_other(line->direction);
    int64_t offset = stream->next[line->direction];
    int64_t ack = stream->next[other];
    if ((line->at && !parse_offset(parser, line->at, offset, &offset, error)) ||
        (line->ack && !parse_offset(parser, line->ack, ack, &ack, error))) {
        return false;
    }
    size_t len = line->payload->len;
    size_t step = line->segment > 0 ? (size_t)line->segment : MAX(len, 1);
    for (size_t from = 0; from == 0 || from < len; from += step) {
        add_packet(parser, line, offset, ack, from, MIN(step, len - from));
    }
    int64_t end = offset + (int64_t)len + ((line->flags & SS_TCP_FIN) != 0);
    if (!line->is_aside && line->seq_shift == 0) {
        stream->next[line->direction] = MAX(stream->next[line->direction], end);
    }
    return true;
}

/* `C`, `S`, `C2` …: which connection, and which side. */
static bool
parse_who(const char *word, guint *ret_connection, SsDirection *ret_direction)
{
    if ((word[0] != 'C' && word[0] != 'S') ||
        (word[1] && (word[1] < '1' || word[1] > '9' || word[2]))) {
        return false;
    }
    *ret_connection = word[1] ? (guint)(word[1] - '0') : 1;
    *ret_direction = word[0] == 'C' ? SS_CLIENT : SS_SERVER;
    return true;
}

static bool
take_packet(Parser *parser, const GPtrArray *words, GError **error)
{
    Line line = {.times = 1};
    g_autoptr(GByteArray) payload = line.payload = g_byte_array_new();
    parse_who(words->pdata[0], &line.connection, &line.direction);
    line.options = parser->streams[line.connection].usual[line.direction];
    for (guint i = 1; i < words->len; i++) {
        if (!take_word(&line, words->pdata[i], error)) {
            return false;
        }
    }
    settle_flags(&line);
    for (int64_t i = 0; i < line.times; i++) {
        parser->now_ns += line.wait_ns;
        if (!add_line(parser, &line, error)) {
            return false;
        }
    }
    return true;
}

/* The last packet once more, as another place on its way saw it. */
static bool
take_again(Parser *parser, const GPtrArray *words, GError **error)
{
    GPtrArray *packets = parser->script->packets;
    if (packets->len == 0) {
        return fail(error, "no packet comes before");
    }
    const SsScriptPacket *last = packets->pdata[packets->len - 1];
    SsScriptPacket *copy = ss_script_packet_part(last, 0, last->payload->len);
    copy->time_ns = parser->now_ns;
    parser->now_ns += SS_SCRIPT_STEP_NS;
    g_ptr_array_add(packets, copy);
    for (guint i = 1; i < words->len; i++) {
        if (!take_option(&copy->options, words->pdata[i], error)) {
            return *error ? false
                          : fail(error, "`%s` says nothing of a packet", (char *)words->pdata[i]);
        }
    }
    return true;
}

/* --- words that stand for packets --- */

static bool take_line(Parser *parser, const char *text, bool *ret_is_ours, GError **error);

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
take_shorthand(Parser *parser, const GPtrArray *words, bool *ret_is_ours, GError **error)
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
                return *error ? false : fail(error, "a connection's number is 1 to 9");
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
take_set(Parser *parser, const GPtrArray *words, GError **error)
{
    guint connection = 0;
    SsDirection direction = SS_CLIENT;
    if (words->len < 2 || !parse_who(words->pdata[1], &connection, &direction)) {
        return fail(error, "`set` is followed by a side");
    }
    for (guint i = 2; i < words->len; i++) {
        if (!take_option(&parser->streams[connection].usual[direction], words->pdata[i], error)) {
            return *error ? false
                          : fail(error, "`%s` says nothing of a packet", (char *)words->pdata[i]);
        }
    }
    return true;
}

/* `mark NAME C`: the offset behind all that the client said. */
static bool
take_mark(Parser *parser, const GPtrArray *words, GError **error)
{
    guint connection = 0;
    SsDirection direction = SS_CLIENT;
    if (words->len != 3 || !parse_who(words->pdata[2], &connection, &direction)) {
        return fail(error, "it is `mark NAME SIDE`");
    }
    int64_t *offset = g_new(int64_t, 1);
    *offset = parser->streams[connection].next[direction];
    g_hash_table_insert(parser->marks, g_strdup(words->pdata[1]), offset);
    return true;
}

/* `same 2 1`, `mapped 2`: whose addresses a connection has. */
static bool
take_connection(Parser *parser, const GPtrArray *words, GError **error)
{
    int64_t which = 0, like = 0;
    bool is_same = strcmp(words->pdata[0], "same") == 0;
    if (words->len != (is_same ? 3 : 2) || !parse_number(words->pdata[1], &which, error) ||
        (is_same && !parse_number(words->pdata[2], &like, error)) || which < 1 || which > 9 ||
        like < 0 || like > 9) {
        return *error ? false : fail(error, "it is `same NUMBER NUMBER` or `mapped NUMBER`");
    }
    if (is_same) {
        parser->script->connections[which].like = (guint)like;
    } else {
        parser->script->connections[which].is_mapped = true;
    }
    return true;
}

static bool
take_limit(Parser *parser, const char *value, GError **error)
{
    SsLimits *limits = &parser->script->limits;
    g_auto(GStrv) sides = g_strsplit(value, "=", 2);
    int64_t n = 0;
    if (!sides[0] || !sides[1] || !parse_number(sides[1], &n, error)) {
        return *error ? false : fail(error, "it is `limit: NAME=NUMBER`");
    }
    if (strcmp(sides[0], "reorder") == 0) {
        limits->reorder = (uint64_t)n;
    } else if (strcmp(sides[0], "memory") == 0) {
        limits->memory = (uint64_t)n;
    } else if (strcmp(sides[0], "idle") == 0) {
        limits->idle_ns = n * SS_NS_PER_S;
    } else {
        return fail(error, "`limit` is of reorder, memory or idle");
    }
    return true;
}

static bool
take_overlap(Parser *parser, const char *value, GError **error)
{
    static const char *const names[] = {"first", "last", "bsd", "linux", "windows", "solaris"};
    for (int i = 0; i < SS_N_OVERLAPS; i++) {
        if (strcmp(names[i], value) == 0) {
            parser->script->overlap = (SsOverlap)i;
            return true;
        }
    }
    return fail(error, "no such overlap policy");
}

/* `key: value` lines that are not a dialogue's. */
static bool
take_header(Parser *parser, const char *text, bool *ret_is_ours, GError **error)
{
    const char *colon = strchr(text, ':');
    g_autofree char *key = colon ? g_strndup(text, (gsize)(colon - text)) : g_strdup("");
    g_autofree char *value = colon ? g_strstrip(g_strdup(colon + 1)) : NULL;
    if (strcmp(key, "whole") == 0 || strcmp(key, "once") == 0) {
        parser->script->is_whole = true;
        parser->script->is_once |= strcmp(key, "once") == 0;
        return *value || fail(error, "`%s` is followed by its reason", key);
    }
    if (strcmp(key, "family") == 0) {
        parser->script->family = 4;
        return value[0] == '4' || fail(error, "it is `family: 4 REASON`");
    }
    if (strcmp(key, "wrap") == 0) {
        int64_t at = 0;
        bool is_number = parse_number(value, &at, error);
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
take_count(Parser *parser, const GPtrArray *words, SsScriptCountKind kind, GError **error)
{
    bool has_name = kind != SS_SCRIPT_SESSIONS;
    bool is_some = strcmp(words->pdata[words->len - 1], "+") == 0;
    int64_t n = 0;
    if (words->len != (has_name ? 3 : 2) ||
        (!is_some && !parse_number(words->pdata[words->len - 1], &n, error))) {
        return *error ? false
                      : fail(error, "it is `%s%s NUMBER`", (char *)words->pdata[0],
                             has_name ? " NAME" : "");
    }
    SsScriptCount count = {kind, has_name ? g_strdup(words->pdata[1]) : NULL, (uint64_t)n, is_some};
    g_array_append_val(parser->script->counts, count);
    return true;
}

/* --- lines --- */

static bool
take_reverse(Parser *parser, bool is_end, GError **error)
{
    GPtrArray *packets = parser->script->packets;
    if (is_end != (parser->reversed_from != G_MAXUINT)) {
        return fail(error, "`reverse` and `end` belong together");
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
take_wait(Parser *parser, const char *word, const GPtrArray *words, GError **error)
{
    int64_t ns = 0;
    if (words->len != 2 || !parse_seconds(words->pdata[1], &ns, error)) {
        return *error ? false : fail(error, "it is `%s SECONDS`", word);
    }
    parser->now_ns = (strcmp(word, "clock") == 0 ? 0 : parser->now_ns) + ns;
    return true;
}

/* `ret_is_ours` false: it is a dialogue's. */
static bool
take_words(Parser *parser, const GPtrArray *words, bool *ret_is_ours, GError **error)
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
    if (parse_who(word, &connection, &direction)) {
        return take_packet(parser, words, error);
    }
    if (strcmp(word, "again") == 0) {
        return take_again(parser, words, error);
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
take_line(Parser *parser, const char *text, bool *ret_is_ours, GError **error)
{
    if (text[0] == '\0' || strchr("# {", text[0]) || (text[0] == 'M' && strchr(text, ':'))) {
        *ret_is_ours = false;
        return true;
    }
    if (g_ascii_islower(text[0]) && text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == ':') {
        return take_header(parser, text, ret_is_ours, error);
    }
    g_autoptr(GPtrArray) words = split_words(text, error);
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
parser_init(Parser *parser, SsScript *script)
{
    parser->script = script;
    parser->about = g_string_new(NULL);
    parser->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    parser->now_ns = SS_SCRIPT_START_NS;
    parser->reversed_from = G_MAXUINT;
    for (guint i = 0; i < SS_SCRIPT_CONNECTIONS; i++) {
        Stream *stream = &parser->streams[i];
        stream->usual[SS_CLIENT] = stream->usual[SS_SERVER] = no_options;
        stream->ip_id[SS_CLIENT] = (guint16)(1000 + i * 100);
        stream->ip_id[SS_SERVER] = (guint16)(40000 + i * 100);
    }
}

static bool
parse_lines(Parser *parser, const char *text, GError **error)
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
    Parser parser = {0};
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
