#include "frames.h"

#define FRAME_NS 1000 /* between the fragments of a packet */

void
frames_add(GArray *frames, GBytes *bytes, uint32_t link_type, int64_t time_ns)
{
    FileFrame frame = {g_bytes_ref(bytes), link_type, time_ns};

    g_array_append_val(frames, frame);
}

static void
clear_frame(gpointer frame)
{
    g_bytes_unref(((FileFrame *)frame)->bytes);
}

GArray *
frames_new(void)
{
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(FileFrame));

    g_array_set_clear_func(frames, clear_frame);
    return frames;
}

/* Fragments come in any order, and some twice before the datagram is whole. */
static void
shuffle_fragments(GPtrArray *pieces, GRand *dice)
{
    for (guint i = pieces->len; i > 1; i--) {
        guint k = draw_below(dice, i);
        gpointer piece = pieces->pdata[i - 1];
        pieces->pdata[i - 1] = pieces->pdata[k];
        pieces->pdata[k] = piece;
    }
    if (pieces->len > 1 && draw_one_in(dice, 3)) {
        guint from = draw_below(dice, pieces->len - 1);
        guint to = from + draw_below(dice, pieces->len - from);
        g_ptr_array_insert(pieces, (gint)to, g_bytes_ref(g_ptr_array_index(pieces, from)));
    }
}

/* Frames that are captured a second time, some packets later. */
typedef struct {
    GPtrArray *pieces;
    guint due;
    uint32_t link_type;
} Echo;

static void
clear_echo(gpointer echo)
{
    g_ptr_array_unref(((Echo *)echo)->pieces);
}

static void
add_echoes(GArray *frames, GArray *echoes, guint at, int64_t time_ns)
{
    for (guint i = echoes->len; i-- > 0;) {
        const Echo *echo = &g_array_index(echoes, Echo, i);
        if (echo->due > at) {
            continue;
        }
        for (guint k = 0; k < echo->pieces->len; k++) {
            frames_add(frames, g_ptr_array_index(echo->pieces, k), echo->link_type, time_ns);
        }
        g_array_remove_index(echoes, i);
    }
}

/* Another wrapping for a packet, as far as the file can hold it. */
static EncapStack
draw_another(const FramesPlan *plan)
{
    EncapStack stack = draw_stack(plan->features, plan->dice);

    if (!file_takes_any_link(plan->format)) {
        stack.link = plan->stack.link;
        stack.tag = encap_has_tags(stack.link) ? stack.tag : TAG_NONE;
    }
    return stack;
}

/*
 * The frames of one packet. Where all but its last fragment come early, they mix with those of the
 * packet before, which is whole first nevertheless.
 */
static void
add_pieces(const FramesPlan *plan, GArray *frames, const GPtrArray *pieces, EncapLink link,
           int64_t time_ns, bool may_be_early)
{
    bool is_early = may_be_early && draw_one_in(plan->dice, 4);

    for (guint k = 0; k < pieces->len; k++) {
        int64_t piece_ns = time_ns + k * FRAME_NS;
        if (is_early && k + 1 < pieces->len) {
            piece_ns += FRAME_NS / 2 - FRAMES_STEP_NS;
        }
        frames_add(frames, g_ptr_array_index(pieces, k), encap_link_types[link], piece_ns);
    }
}

guint
frames_make(const FramesPlan *plan, const SsDriveCapture *capture, int64_t start_ns, guint client,
            GArray *frames)
{
    g_autoptr(GArray) echoes = g_array_new(FALSE, FALSE, sizeof(Echo));
    bool has_echoes = draw_one_in(plan->dice, 2);
    /* Two conversations go through the same tunnels: no datagram of one has the id of another's. */
    uint16_t id = (uint16_t)(draw_below(plan->dice, 0x8000) * 2 + client);
    int64_t time_ns = start_ns;

    g_array_set_clear_func(echoes, clear_echo);
    for (guint i = 0; i < capture->packets->len; i++, id = (uint16_t)(id + 2)) {
        EncapStack stack = plan->mixes_stacks ? draw_another(plan) : plan->stack;
        int64_t wait_ns = g_array_index(capture->packets, SsDrivePacket, i).wait_ns;
        SsSegment segment;

        time_ns += FRAMES_STEP_NS + wait_ns;
        ss_drive_segment(capture, i, time_ns, &segment);
        frames_name_client(&segment, client);
        g_autoptr(GPtrArray) pieces = encap_segment(&segment, &stack, id, plan->dice);
        shuffle_fragments(pieces, plan->dice);
        add_pieces(plan, frames, pieces, stack.link, time_ns, i > 0 && wait_ns == 0);
        if (has_echoes && draw_one_in(plan->dice, 6)) {
            Echo echo = {g_ptr_array_ref(pieces), i + draw_below(plan->dice, 4),
                         encap_link_types[stack.link]};
            g_array_append_val(echoes, echo);
        }
        add_echoes(frames, echoes, i, time_ns + FRAMES_STEP_NS / 2);
    }
    return capture->packets->len;
}

void
frames_name_client(SsSegment *segment, guint client)
{
    uint16_t *port =
        segment->from.port == FRAMES_CLIENT_PORT ? &segment->from.port : &segment->to.port;

    *port = (uint16_t)(FRAMES_CLIENT_PORT + client);
}
