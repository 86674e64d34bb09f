/*
 * The lines of packet scripts that are packets.
 */
#include <string.h>

#include "tests/network/script-parser.h"

#define MAX_REPEAT 10000000

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

/* `12`, `+3` or `-3` from `next`, `NAME`, `NAME+3`. */
static bool
parse_offset(const SsScriptParser *parser, const char *text, int64_t next, int64_t *ret_offset,
             GError **error)
{
    int64_t base = *text == '+' || *text == '-' ? next : 0;
    if (g_ascii_isalpha(*text)) {
        size_t len = strcspn(text, "+-");
        g_autofree char *name = g_strndup(text, len);
        const int64_t *mark = g_hash_table_lookup(parser->marks, name);
        if (!mark) {
            return ss_script_fail(error, "no mark is called `%s`", name);
        }
        base = *mark;
        text += len;
        if (!*text) {
            *ret_offset = base;
            return true;
        }
    }
    int64_t n = 0;
    if (!ss_script_parse_number(text, &n, error)) {
        return false;
    }
    *ret_offset = base + n;
    return true;
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
    if (end[1] && (end[1] != '*' || !ss_script_parse_number(end + 2, &n, error))) {
        return *error ? false : ss_script_fail(error, "behind a text stands `*N` or nothing");
    }
    if (n < 1 || n > MAX_REPEAT) {
        return ss_script_fail(error, "a text is repeated once at least");
    }
    g_autoptr(GByteArray) once = g_byte_array_new();
    if (!ss_script_unescape(once, word + 1, end, error)) {
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
        return ss_script_parse_seconds(word + 5, &line->wait_ns, error);
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
            return ss_script_parse_number(word + strlen(numbers[i].key), numbers[i].n, error);
        }
    }
    return ss_script_take_option(&line->options, word, error) ||
           (*error ? false : ss_script_fail(error, "`%s` says nothing of a packet", word));
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
add_packet(SsScriptParser *parser, const Line *line, int64_t offset, int64_t ack, size_t from,
           size_t len)
{
    SsScriptStream *stream = &parser->streams[line->connection];
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
add_line(SsScriptParser *parser, const Line *line, GError **error)
{
    SsScriptStream *stream = &parser->streams[line->connection];
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
bool
ss_script_parse_who(const char *word, guint *ret_connection, SsDirection *ret_direction)
{
    if ((word[0] != 'C' && word[0] != 'S') ||
        (word[1] && (word[1] < '1' || word[1] > '9' || word[2]))) {
        return false;
    }
    *ret_connection = word[1] ? (guint)(word[1] - '0') : 1;
    *ret_direction = word[0] == 'C' ? SS_CLIENT : SS_SERVER;
    return true;
}

bool
ss_script_take_packet(SsScriptParser *parser, const GPtrArray *words, GError **error)
{
    Line line = {.times = 1};
    g_autoptr(GByteArray) payload = g_byte_array_new();
    line.payload = payload;
    ss_script_parse_who(words->pdata[0], &line.connection, &line.direction);
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
bool
ss_script_take_again(SsScriptParser *parser, const GPtrArray *words, GError **error)
{
    GPtrArray *packets = parser->script->packets;
    if (packets->len == 0) {
        return ss_script_fail(error, "no packet comes before");
    }
    const SsScriptPacket *last = packets->pdata[packets->len - 1];
    SsScriptPacket *copy = ss_script_packet_part(last, 0, last->payload->len);
    copy->time_ns = parser->now_ns;
    copy->is_copy = true;
    parser->now_ns += SS_SCRIPT_STEP_NS;
    g_ptr_array_add(packets, copy);
    for (guint i = 1; i < words->len; i++) {
        if (!ss_script_take_option(&copy->options, words->pdata[i], error)) {
            return *error ? false
                          : ss_script_fail(error, "`%s` says nothing of a packet",
                                           (char *)words->pdata[i]);
        }
    }
    return true;
}
