/*
 * A dialogue straight into a stream sink. Each chunk is one frame, also where it is cut, so that
 * what comes out can be compared byte by byte.
 */
#include "drive.h"

#define START_NS (INT64_C(1700000000) * SS_NS_PER_S)
#define STEP_NS (SS_NS_PER_S / 1000)

static void
connection_init(SsConnection *connection, const SsDialogue *dialogue)
{
    static const uint8_t addresses[2][4] = {{192, 0, 2, 1}, {198, 51, 100, 25}};
    connection->family = 4;
    for (int side = 0; side < 2; side++) {
        memcpy(connection->half[side].address, addresses[side], 4);
        /* The handshake's: that a silent side was there at all. */
        connection->half[side].packets = dialogue->is_seen[side] && !dialogue->from_middle;
    }
    connection->half[SS_CLIENT].port = 40000;
    connection->half[SS_SERVER].port = dialogue->port;
    connection->from_start = !dialogue->from_middle;
    connection->on_server_port = !dialogue->any_port;
    connection->syn_ns = SS_TIME_NONE;
    connection->ready_ns = dialogue->from_middle ? SS_TIME_NONE : START_NS;
    connection->uid = UINT64_C(0x5353000000000001);
    connection->session = 1;
    connection->first = (SsOrigin){.frame = 1, .time_ns = START_NS, .time_digits = 9};
    connection->last = connection->first;
}

typedef struct {
    SsConnection *connection;
    SsStreamSink *sink;
    const SsDriveClock *clock;
} Player;

static void
begin_frame(Player *player, int64_t wait_ns)
{
    SsOrigin *last = &player->connection->last;
    last->frame++;
    last->time_ns += STEP_NS + wait_ns;
    player->connection->frame = last->frame;
    player->clock->begin(player->clock->user_data, last->frame);
}

static void
play_bytes(Player *player, SsDirection direction, SsSlice bytes)
{
    player->connection->half[direction].bytes += bytes.len;
    player->sink->ops->data(player->sink, direction, bytes, &player->connection->last);
}

static void
play_chunk(Player *player, const SsDialogueChunk *chunk, SsDriveCut cut)
{
    SsDirection direction = chunk->direction;
    begin_frame(player, chunk->wait_ns);
    if (chunk->is_lost) {
        player->connection->half[direction].missing_bytes += chunk->bytes->len;
        player->sink->ops->gap(player->sink, direction, chunk->bytes->len, SS_GAP_UNKNOWN,
                               &player->connection->last);
        return;
    }
    player->connection->half[direction].packets++;
    /* In memory of its own size, so that a sanitizer sees a parser that reads on. */
    g_autofree uint8_t *copy = g_memdup2(chunk->bytes->data, chunk->bytes->len);
    SsSlice all = ss_slice(copy, chunk->bytes->len);
    if (cut.every_byte) {
        for (size_t i = 0; i < all.len; i++) {
            play_bytes(player, direction, ss_slice_sub(all, i, 1));
        }
    } else if (cut.offset > 0) {
        play_bytes(player, direction, ss_slice_sub(all, 0, cut.offset));
        play_bytes(player, direction, ss_slice_from(all, cut.offset));
    } else {
        play_bytes(player, direction, all);
    }
}

void
ss_drive_stream(const SsDialogue *dialogue, SsStreamFactory *factory, const SsDriveClock *clock,
                SsDriveCut cut, SsConnection *connection)
{
    Player player = {.connection = connection, .clock = clock};
    connection_init(connection, dialogue);
    begin_frame(&player, 0);
    player.sink = factory->open(factory, connection);
    if (player.sink->ops->connected && !dialogue->from_middle && dialogue->is_seen[SS_CLIENT] &&
        dialogue->is_seen[SS_SERVER]) {
        player.sink->ops->connected(player.sink, &player.connection->last);
    }
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        const SsDialogueChunk *chunk = g_ptr_array_index(dialogue->chunks, i);
        SsDriveCut own = {.every_byte = cut.every_byte, .offset = i == cut.chunk ? cut.offset : 0};
        if (dialogue->is_seen[chunk->direction]) {
            play_chunk(&player, chunk, own);
        }
    }
    if (dialogue->end != SS_CLOSE_CAPTURE) {
        begin_frame(&player, 0);
    }
    player.sink->ops->close(player.sink, dialogue->end, dialogue->end_by);
}
