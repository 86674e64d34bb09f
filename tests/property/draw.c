#include <stdio.h>

#include "draw.h"

#include "capture/packet.h"

bool
draw_one_in(GRand *dice, gint n)
{
    return g_rand_int_range(dice, 0, n) == 0;
}

guint
draw_below(GRand *dice, guint n)
{
    return (guint)g_rand_int_range(dice, 0, (gint32)n);
}

/* --- drawing --- */

static EncapTag
draw_tag(const Features *features, GRand *dice)
{
    EncapTag tag = draw_one_in(dice, 2) ? TAG_NONE : (EncapTag)draw_below(dice, N_TAGS);

    return features->tags[tag] ? tag : TAG_NONE;
}

static void
draw_tunnels(const Features *features, EncapStack *stack, GRand *dice)
{
    size_t most = draw_one_in(dice, 2) ? 0 : 1 + draw_below(dice, TUNNELS_MAX);

    if (most > 1 && !features->nested) {
        most = 1;
    }
    for (size_t i = 0; i < most; i++) {
        EncapTunnel kind = (EncapTunnel)draw_below(dice, N_TUNNELS);
        EncapTag tag = draw_tag(features, dice);
        uint8_t family = draw_one_in(dice, 2) ? 4 : 6;
        if (features->tunnels[kind]) {
            stack->tunnel[stack->n_tunnels].kind = kind;
            stack->tunnel[stack->n_tunnels].tag = tag;
            stack->tunnel[stack->n_tunnels++].family = family;
        }
    }
}

static void
draw_fragments(const Features *features, EncapStack *stack, GRand *dice)
{
    size_t level = draw_below(dice, (guint)stack->n_tunnels + 1);
    bool is_readable = level == 0 ? features->fragments : features->outer_fragments;

    if (level == 0 && stack->n_tunnels) {
        is_readable = features->inner_fragments;
    }
    stack->fragmented = level;
    stack->n_fragments = is_readable && draw_one_in(dice, 2) ? 2 + draw_below(dice, 4) : 0;
}

EncapStack
draw_stack(const Features *features, GRand *dice)
{
    EncapStack stack = {.link = (EncapLink)draw_below(dice, N_LINKS)};

    if (!features->links[stack.link] || draw_one_in(dice, 2)) {
        stack.link = LINK_ETHERNET;
    }
    if (encap_has_tags(stack.link)) {
        stack.tag = draw_tag(features, dice);
    }
    stack.is_padded = draw_one_in(dice, 2);
    stack.has_ip_options = features->options && draw_one_in(dice, 8);
    draw_tunnels(features, &stack, dice);
    draw_fragments(features, &stack, dice);
    return stack;
}

void
draw_describe(const EncapStack *stack, GString *story)
{
    g_string_append_printf(story, " %s", encap_link_names[stack->link]);
    if (stack->tag != TAG_NONE) {
        g_string_append_printf(story, ", %s", encap_tag_names[stack->tag]);
    }
    for (size_t i = 0; i < stack->n_tunnels; i++) {
        g_string_append_printf(story, ", %s in IPv%u (%s)",
                               encap_tunnel_names[stack->tunnel[i].kind], stack->tunnel[i].family,
                               encap_tag_names[stack->tunnel[i].tag]);
    }
    if (stack->has_ip_options) {
        g_string_append(story, ", IP options");
    }
    if (stack->n_fragments) {
        g_string_append_printf(story, ", %zu fragments of level %zu", stack->n_fragments,
                               stack->fragmented);
    }
}

/* --- what is read --- */

static bool
is_read(uint8_t family, const EncapStack *stack)
{
    static const char text[] = "220 mx.example ESMTP with a name that is long enough to be cut";
    g_autoptr(GRand) dice = g_rand_new_with_seed(1);
    uint64_t memory = 0;
    g_autoptr(SsPacketDecoder) decoder = ss_packet_decoder_new(&memory);
    SsSegment sent = {.family = family,
                      .from = {.bytes = {198, 51, 100, 25}, .port = 25},
                      .to = {.bytes = {192, 0, 2, 1}, .port = 40000},
                      .flags = SS_TCP_ACK,
                      .payload = SS_SLICE(text)};
    SsSegment got = {0};
    g_autoptr(GPtrArray) frames = encap_segment(&sent, stack, 1, dice);
    SsPacketBucket bucket = SS_PACKET_NOT_IP;

    for (guint i = 0; i < frames->len; i++) {
        gsize len;
        gconstpointer bytes = g_bytes_get_data(g_ptr_array_index(frames, i), &len);
        SsFrame frame = {.origin = {.frame = i + 1, .time_ns = 0, .time_digits = 9},
                         .link_type = encap_link_types[stack->link],
                         .len = (uint32_t)len,
                         .bytes = ss_slice(bytes, len)};
        bucket = ss_packet_decode(decoder, &frame, &got);
    }
    return bucket == SS_PACKET_SEGMENT && ss_slice_eq(got.payload, sent.payload) &&
           got.family == family && got.from.port == 25;
}

static bool
probe(Features *features, const EncapStack *stack, const char *what)
{
    if (is_read(4, stack) && is_read(6, stack)) {
        return true;
    }
    printf("left out, since it is not read: %s\n", what);
    features->n_left_out++;
    return false;
}

Features
draw_probe(void)
{
    Features features = {0};
    EncapStack nested = {.n_tunnels = TUNNELS_MAX};

    for (int i = 0; i < N_LINKS; i++) {
        EncapStack stack = {.link = (EncapLink)i};
        features.links[i] = probe(&features, &stack, encap_link_names[i]);
    }
    for (int i = 0; i < N_TAGS; i++) {
        EncapStack stack = {.tag = (EncapTag)i};
        features.tags[i] = probe(&features, &stack, encap_tag_names[i]);
    }
    for (int i = 0; i < N_TUNNELS; i++) {
        EncapStack outer4 = {.n_tunnels = 1, .tunnel = {{(EncapTunnel)i, TAG_NONE, 4}}};
        EncapStack outer6 = {.n_tunnels = 1, .tunnel = {{(EncapTunnel)i, TAG_NONE, 6}}};
        features.tunnels[i] = probe(&features, &outer4, encap_tunnel_names[i]) &&
                              probe(&features, &outer6, encap_tunnel_names[i]);
    }
    for (int i = 0; i < TUNNELS_MAX; i++) {
        nested.tunnel[i].kind = TUNNEL_GENEVE_ETHERNET;
        nested.tunnel[i].tag = TAG_VLAN_MPLS;
        nested.tunnel[i].family = 4;
    }
    features.nested = probe(&features, &nested, "three tunnels, each with tags");
    features.options =
        probe(&features, &(EncapStack){.has_ip_options = true}, "IP options and option headers");
    features.fragments = probe(&features, &(EncapStack){.n_fragments = 3}, "fragments");
    nested.n_fragments = 3;
    features.inner_fragments = probe(&features, &nested, "fragments in tunnels");
    nested.fragmented = 2;
    features.outer_fragments = probe(&features, &nested, "fragments of tunnels");
    return features;
}
