/*
 * Two streams straight into the SMTP dissector, twice: in the chunks of the input, and byte by
 * byte. The events must be the same.
 *
 *     settings, then chunks: tag, length (two bytes, low one first), bytes
 *     settings  1 the handshake was not seen, 2 any port, 4 no server, 8 no client, 16… the end
 *     tag       1 the server's, 2 lost: a length alone, 252 seconds since the last one
 */
#include "dissect/smtp/smtp.h"
#include "fuzz.h"

enum {
    FROM_MIDDLE = 1,
    ANY_PORT = 2,
    NO_SERVER = 4,
    NO_CLIENT = 8,
    END_SHIFT = 4,
};

enum {
    IS_SERVER = 1,
    IS_LOST = 2,
    WAIT_SHIFT = 2,
};

typedef struct {
    SsConnection connection;
    SsStreamSink *stream;
    bool every_byte;
} Player;

static void
player_init(Player *player, uint8_t settings, SsStreamFactory *factory, bool every_byte)
{
    SsConnection *connection = &player->connection;

    *player = (Player){.every_byte = every_byte};
    connection->family = 4;
    connection->half[SS_CLIENT].port = 40000;
    connection->half[SS_SERVER].port = 25;
    connection->half[SS_CLIENT].packets = !(settings & NO_CLIENT);
    connection->half[SS_SERVER].packets = !(settings & NO_SERVER);
    connection->from_start = !(settings & FROM_MIDDLE);
    connection->on_server_port = !(settings & ANY_PORT);
    connection->syn_ns = SS_TIME_NONE;
    connection->ready_ns = settings & FROM_MIDDLE ? SS_TIME_NONE : SS_NS_PER_S;
    connection->uid = connection->session = 1;
    connection->first = (SsOrigin){.frame = 1, .time_ns = SS_NS_PER_S, .time_digits = 9};
    connection->last = connection->first;
    connection->frame = 1;
    player->stream = factory->open(factory, connection);
    if (connection->from_start) {
        player->stream->ops->connected(player->stream, &connection->last);
    }
}

/* In memory of its own, so that a sanitizer sees who reads on. */
static void
play_bytes(Player *player, SsDirection direction, SsSlice bytes)
{
    g_autofree uint8_t *copy = g_memdup2(bytes.data, bytes.len);

    player->connection.half[direction].bytes += bytes.len;
    if (!player->connection.is_ignored) {
        player->stream->ops->data(player->stream, direction, ss_slice(copy, bytes.len),
                                  &player->connection.last);
    }
}

static void
play_chunk(Player *player, uint8_t tag, SsSlice bytes, size_t len)
{
    SsDirection direction = tag & IS_SERVER ? SS_SERVER : SS_CLIENT;
    SsConnection *connection = &player->connection;

    if (!connection->half[direction].packets || connection->is_ignored) {
        return;
    }
    connection->frame = ++connection->last.frame;
    connection->last.time_ns += (tag >> WAIT_SHIFT) * SS_NS_PER_S + 1000000;
    connection->half[direction].packets++;
    if (tag & IS_LOST) {
        connection->half[direction].missing_bytes += len;
        if (len) {
            player->stream->ops->gap(player->stream, direction, len, SS_GAP_UNKNOWN,
                                     &connection->last);
        }
    } else if (player->every_byte) {
        for (size_t i = 0; i < bytes.len; i++) {
            play_bytes(player, direction, ss_slice_sub(bytes, i, 1));
        }
    } else if (bytes.len) {
        play_bytes(player, direction, bytes);
    }
}

static void
play(SsSlice input, bool every_byte, SsFuzzSink *sink)
{
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};
    SsStreamFactory *factory = ss_smtp_factory_new(&options, &sink->base, NULL);
    uint8_t settings = input.len ? input.data[0] : 0;
    Player player;

    player_init(&player, settings, factory, every_byte);
    for (size_t at = 1; at + 3 <= input.len;) {
        uint8_t tag = input.data[at];
        size_t len = input.data[at + 1] | (size_t)input.data[at + 2] << 8;
        at += 3;
        play_chunk(&player, tag, ss_slice_sub(input, at, tag & IS_LOST ? 0 : len), len);
        at += tag & IS_LOST ? 0 : len;
    }
    player.stream->ops->close(player.stream, (SsCloseReason)((settings >> END_SHIFT) % 6),
                              SS_CLIENT);
    if (sink->n_messages != ss_smtp_factory_messages(factory)) {
        ss_fuzz_fail("messages do not add up");
    }
    ss_smtp_factory_free(factory);
}

static void
fail_difference(const char *a, const char *b)
{
    g_auto(GStrv) left = g_strsplit(a, "\n", -1);
    g_auto(GStrv) right = g_strsplit(b, "\n", -1);
    guint i = 0;

    while (left[i] && right[i] && strcmp(left[i], right[i]) == 0) {
        i++;
    }
    ss_fuzz_fail("other events byte by byte:\n  %s\n  %s", left[i] ? left[i] : "nothing",
                 right[i] ? right[i] : "nothing");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    SsFuzzSink whole, bytes;

    ss_fuzz_sink_init(&whole);
    ss_fuzz_sink_init(&bytes);
    play(ss_slice(data, len), false, &whole);
    play(ss_slice(data, len), true, &bytes);
    if (strcmp(whole.text->str, bytes.text->str) != 0) {
        fail_difference(whole.text->str, bytes.text->str);
    }
    ss_fuzz_sink_clear(&whole);
    ss_fuzz_sink_clear(&bytes);
    return 0;
}

static void
put_chunk(GByteArray *to, uint8_t tag, SsSlice bytes)
{
    uint8_t header[3] = {tag, (uint8_t)bytes.len, (uint8_t)(bytes.len >> 8)};

    g_byte_array_append(to, header, sizeof header);
    if (!(tag & IS_LOST)) {
        g_byte_array_append(to, bytes.data, (guint)bytes.len);
    }
}

bool
ss_fuzz_seed(const char *path, GByteArray *ret_input)
{
    g_autoptr(SsDialogue) dialogue = ss_fuzz_dialogue(path);
    uint8_t settings;

    if (!dialogue) {
        return false;
    }
    settings =
        (uint8_t)((dialogue->from_middle ? FROM_MIDDLE : 0) | (dialogue->any_port ? ANY_PORT : 0) |
                  (dialogue->is_seen[SS_SERVER] ? 0 : NO_SERVER) |
                  (dialogue->is_seen[SS_CLIENT] ? 0 : NO_CLIENT) | (int)dialogue->end << END_SHIFT);
    g_byte_array_append(ret_input, &settings, 1);
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        const SsDialogueChunk *chunk = g_ptr_array_index(dialogue->chunks, i);
        SsSlice bytes = ss_slice(chunk->bytes->data, chunk->bytes->len);
        int64_t wait_s = MIN(chunk->wait_ns / SS_NS_PER_S, 63);
        uint8_t tag = (uint8_t)((chunk->direction == SS_SERVER ? IS_SERVER : 0) |
                                (chunk->is_lost ? IS_LOST : 0) | (int)wait_s << WAIT_SHIFT);
        for (size_t at = 0; at < bytes.len; at += 60000) {
            put_chunk(ret_input, tag, ss_slice_sub(bytes, at, 60000));
        }
    }
    return true;
}
