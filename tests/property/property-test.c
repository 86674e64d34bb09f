/*
 * However a conversation was captured, the events are the same. Each trial takes a dialogue
 * (tests/dialogue), draws how it is cut, mixed, repeated, fragmented, wrapped, interleaved with
 * another one and stored, and compares the events with those of a plain capture of it.
 *
 *     property FOLDER [SHARD OF]
 *
 * README.md beside this file says more.
 */
#include <stdio.h>
#include <stdlib.h>

#include "encap.h"
#include "run.h"
#include "tests/dialogue/drive.h"

#define START_NS (INT64_C(1700000000) * SS_NS_PER_S)
#define STEP_NS (SS_NS_PER_S / 10000)
#define FRAME_NS 1000 /* between the fragments of a packet */
#define CLIENT_PORT 40000
#define PACKETS_MAX 2000             /* about so many, however small the pieces */
#define SHORT_NS (600 * SS_NS_PER_S) /* dialogues that are interleaved take no longer */

#ifndef DEFAULT_TRIALS
#define DEFAULT_TRIALS 10000
#endif

/* A dialogue, and what its plain capture says, as the first and as the second client. */
typedef struct {
    SsDialogue *dialogue;
    char *plain[2];
    guint n_events[2];
} Subject;

/* What the program reads: what it does not is left out, and told. */
typedef struct {
    bool links[N_LINKS];
    bool tags[N_TAGS];
    bool tunnels[N_TUNNELS];
    bool nested, options, fragments, outer_fragments, inner_fragments;
    guint n_left_out;
} Features;

typedef struct {
    const Features *features;
    GPtrArray *subjects;
    GRand *dice;
    guint32 seed;
    RunOptions options;
    bool mixes_stacks; /* another wrapping for each packet */
    EncapStack stack;
    GString *story; /* what was drawn, for people */
} Trial;

static bool
one_in(GRand *dice, gint n)
{
    return g_rand_int_range(dice, 0, n) == 0;
}

static guint
any(GRand *dice, guint below)
{
    return (guint)g_rand_int_range(dice, 0, (gint32)below);
}

/* --- drawing how packets are wrapped --- */

static EncapTag
draw_tag(const Trial *trial)
{
    EncapTag tag = one_in(trial->dice, 2) ? TAG_NONE : (EncapTag)any(trial->dice, N_TAGS);

    return trial->features->tags[tag] ? tag : TAG_NONE;
}

static void
draw_tunnels(const Trial *trial, EncapStack *stack)
{
    size_t most = one_in(trial->dice, 2) ? 0 : 1 + any(trial->dice, TUNNELS_MAX);

    if (most > 1 && !trial->features->nested) {
        most = 1;
    }
    for (size_t i = 0; i < most; i++) {
        EncapTunnel kind = (EncapTunnel)any(trial->dice, N_TUNNELS);
        EncapTag tag = draw_tag(trial);
        uint8_t family = one_in(trial->dice, 2) ? 4 : 6;
        if (trial->features->tunnels[kind]) {
            stack->tunnel[stack->n_tunnels].kind = kind;
            stack->tunnel[stack->n_tunnels].tag = tag;
            stack->tunnel[stack->n_tunnels++].family = family;
        }
    }
}

static void
draw_fragments(const Trial *trial, EncapStack *stack)
{
    size_t level = any(trial->dice, (guint)stack->n_tunnels + 1);
    bool is_readable = level == 0 ? trial->features->fragments : trial->features->outer_fragments;

    if (level == 0 && stack->n_tunnels) {
        is_readable = trial->features->inner_fragments;
    }
    stack->fragmented = level;
    stack->n_fragments = is_readable && one_in(trial->dice, 2) ? 2 + any(trial->dice, 4) : 0;
}

static EncapStack
draw_stack(const Trial *trial)
{
    EncapStack stack = {.link = (EncapLink)any(trial->dice, N_LINKS)};

    if (!trial->features->links[stack.link] || one_in(trial->dice, 2)) {
        stack.link = LINK_ETHERNET;
    }
    if (encap_has_tags(stack.link)) {
        stack.tag = draw_tag(trial);
    }
    stack.is_padded = one_in(trial->dice, 2);
    stack.has_ip_options = trial->features->options && one_in(trial->dice, 8);
    draw_tunnels(trial, &stack);
    draw_fragments(trial, &stack);
    return stack;
}

static void
describe_stack(const EncapStack *stack, GString *story)
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

/* --- from a dialogue to frames --- */

static void
add_frame(GArray *frames, GBytes *bytes, uint32_t link_type, int64_t time_ns)
{
    FileFrame frame = {g_bytes_ref(bytes), link_type, time_ns};

    g_array_append_val(frames, frame);
}

static void
clear_frame(gpointer frame)
{
    g_bytes_unref(((FileFrame *)frame)->bytes);
}

static GArray *
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
        guint k = any(dice, i);
        gpointer piece = pieces->pdata[i - 1];
        pieces->pdata[i - 1] = pieces->pdata[k];
        pieces->pdata[k] = piece;
    }
    if (pieces->len > 1 && one_in(dice, 3)) {
        guint from = any(dice, pieces->len - 1);
        guint to = from + any(dice, pieces->len - from);
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
            add_frame(frames, g_ptr_array_index(echo->pieces, k), echo->link_type, time_ns);
        }
        g_array_remove_index(echoes, i);
    }
}

/* Another wrapping for a packet, as far as the file can hold it. */
static EncapStack
draw_another(const Trial *trial)
{
    EncapStack stack = draw_stack(trial);

    if (!file_takes_any_link(trial->options.format)) {
        stack.link = trial->stack.link;
        stack.tag = encap_has_tags(stack.link) ? stack.tag : TAG_NONE;
    }
    return stack;
}

/*
 * The frames of one packet. Where all but its last fragment come early, they mix with those of the
 * packet before, which is whole first nevertheless.
 */
static void
add_pieces(const Trial *trial, GArray *frames, const GPtrArray *pieces, EncapLink link,
           int64_t time_ns, bool may_be_early)
{
    bool is_early = may_be_early && one_in(trial->dice, 4);

    for (guint k = 0; k < pieces->len; k++) {
        int64_t piece_ns = time_ns + k * FRAME_NS;
        if (is_early && k + 1 < pieces->len) {
            piece_ns += FRAME_NS / 2 - STEP_NS;
        }
        add_frame(frames, g_ptr_array_index(pieces, k), encap_link_types[link], piece_ns);
    }
}

/* The frames of a conversation. Returns how many segments they are, echoes not counted. */
static guint
make_frames(const Trial *trial, const SsDriveCapture *capture, int64_t start_ns, guint client,
            GArray *frames)
{
    g_autoptr(GArray) echoes = g_array_new(FALSE, FALSE, sizeof(Echo));
    bool has_echoes = one_in(trial->dice, 2);
    /* Two conversations go through the same tunnels: no datagram of one has the id of another's. */
    uint16_t id = (uint16_t)(any(trial->dice, 0x8000) * 2 + client);
    int64_t time_ns = start_ns;

    g_array_set_clear_func(echoes, clear_echo);
    for (guint i = 0; i < capture->packets->len; i++, id = (uint16_t)(id + 2)) {
        EncapStack stack = trial->mixes_stacks ? draw_another(trial) : trial->stack;
        int64_t wait_ns = g_array_index(capture->packets, SsDrivePacket, i).wait_ns;
        SsSegment segment;

        time_ns += STEP_NS + wait_ns;
        ss_drive_segment(capture, i, time_ns, &segment);
        *(segment.from.port == CLIENT_PORT ? &segment.from.port : &segment.to.port) =
            (uint16_t)(CLIENT_PORT + client);
        g_autoptr(GPtrArray) pieces = encap_segment(&segment, &stack, id, trial->dice);
        shuffle_fragments(pieces, trial->dice);
        add_pieces(trial, frames, pieces, stack.link, time_ns, i > 0 && wait_ns == 0);
        if (has_echoes && one_in(trial->dice, 6)) {
            Echo echo = {g_ptr_array_ref(pieces), i + any(trial->dice, 4),
                         encap_link_types[stack.link]};
            g_array_append_val(echoes, echo);
        }
        add_echoes(frames, echoes, i, time_ns + STEP_NS / 2);
    }
    return capture->packets->len;
}

static gint
compare_frames(gconstpointer a, gconstpointer b)
{
    int64_t x = ((const FileFrame *)a)->time_ns, y = ((const FileFrame *)b)->time_ns;

    return x < y ? -1 : x > y;
}

/* --- drawing a capture --- */

static SsDriveCapture *
draw_capture(Trial *trial, const SsDialogue *dialogue)
{
    static const size_t sizes[] = {1, 2, 7, 60, 536, 1460};
    size_t size = ss_dialogue_size(dialogue);
    SsDrivePlan plan = {.family = one_in(trial->dice, 2) ? 4 : 6};
    bool is_mixed = !one_in(trial->dice, 3);

    plan.mss = sizes[any(trial->dice, G_N_ELEMENTS(sizes))];
    plan.mss = MAX(plan.mss, size / PACKETS_MAX + 1);
    plan.dice = is_mixed ? trial->dice : NULL;
    for (int side = 0; side < 2; side++) { /* the numbers wrap in the stream, or anywhere */
        uint32_t near = 0u - 1 - any(trial->dice, (guint)size + 2);
        plan.initial_seq[side] = one_in(trial->dice, 2) ? near : g_rand_int(trial->dice);
    }
    g_string_append_printf(trial->story, "; %s over IPv%u, %s, pieces of %zu", dialogue->name,
                           plan.family, is_mixed ? "mixed" : "in order", plan.mss);
    return ss_drive_capture_new(dialogue, &plan);
}

static int64_t
duration_of(const SsDialogue *dialogue)
{
    int64_t wait_ns = 0;

    for (guint i = 0; i < dialogue->chunks->len; i++) {
        wait_ns += ((const SsDialogueChunk *)g_ptr_array_index(dialogue->chunks, i))->wait_ns;
    }
    return wait_ns;
}

static bool
ends_by_itself(const SsDialogue *dialogue)
{
    return dialogue->end == SS_CLOSE_FIN || dialogue->end == SS_CLOSE_RESET;
}

/* Whether both can be in one capture: whose end says nothing of the other's. */
static bool
go_together(const SsDialogue *one, const SsDialogue *other)
{
    return one->any_port == other->any_port && one->port == other->port &&
           duration_of(one) < SHORT_NS && duration_of(other) < SHORT_NS &&
           (ends_by_itself(one) || ends_by_itself(other) || one->end == other->end);
}

static bool
check_session(const Trial *trial, const Subject *subject, const char *text, guint client,
              guint *ret_n_events)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *got = run_canonical(subject->dialogue, text, (uint16_t)(CLIENT_PORT + client),
                                         ret_n_events, &error);

    if (got && strcmp(got, subject->plain[client]) == 0) {
        return true;
    }
    printf("not the same: SS_PROPERTY_SEED=%u SS_PROPERTY_TRIALS=1%s\n", trial->seed,
           trial->story->str);
    if (!got) {
        printf("  %s\n", error->message);
        return false;
    }
    g_auto(GStrv) expected = g_strsplit(subject->plain[client], "\n", -1);
    g_auto(GStrv) lines = g_strsplit(got, "\n", -1);
    guint i = 0;
    while (expected[i] && lines[i] && strcmp(expected[i], lines[i]) == 0) {
        i++;
    }
    printf("  %s\n    plain: %s\n    here:  %s\n", subject->dialogue->name,
           expected[i] ? expected[i] : "nothing", lines[i] ? lines[i] : "nothing");
    return false;
}

static bool
check_frames(Trial *trial, const Subject *const *subjects, guint n, const GArray *frames,
             guint n_segments)
{
    g_autoptr(GError) error = NULL;
    guint n_decoded, n_events = 0;
    bool is_same = true;
    g_autofree char *text = run_frames(frames, &trial->options, &n_decoded, &error);

    if (!text || n_decoded < n_segments) {
        printf("SS_PROPERTY_SEED=%u SS_PROPERTY_TRIALS=1%s: %u of %u segments read%s%s\n",
               trial->seed, trial->story->str, n_decoded, n_segments, error ? ": " : "",
               error ? error->message : "");
        return false;
    }
    for (guint i = 0; i < n; i++) {
        guint own = 0;
        is_same &= check_session(trial, subjects[i], text, i, &own);
        n_events += own;
    }
    if (is_same && run_count(text) != n_events) {
        printf("SS_PROPERTY_SEED=%u SS_PROPERTY_TRIALS=1%s: %u events, %u of the sessions\n%s\n",
               trial->seed, trial->story->str, run_count(text), n_events, text);
        is_same = false;
    }
    return is_same;
}

static bool
run_trial(Trial *trial)
{
    const Subject *subjects[2];
    g_autoptr(GArray) frames = frames_new();
    guint n = 1, n_segments = 0;

    subjects[0] = g_ptr_array_index(trial->subjects, any(trial->dice, trial->subjects->len));
    subjects[1] = g_ptr_array_index(trial->subjects, any(trial->dice, trial->subjects->len));
    if (one_in(trial->dice, 3) && go_together(subjects[0]->dialogue, subjects[1]->dialogue)) {
        n = 2;
    }
    trial->options.format =
        one_in(trial->dice, 2) ? FILE_NONE : (FileFormat)any(trial->dice, N_FILES);
    trial->mixes_stacks = one_in(trial->dice, 4);
    trial->stack = draw_stack(trial);
    g_string_append_printf(trial->story, ": %s;%s", file_names[trial->options.format],
                           trial->mixes_stacks ? " anything from" : "");
    describe_stack(&trial->stack, trial->story);
    for (guint i = 0; i < n; i++) {
        const SsDialogue *dialogue = subjects[i]->dialogue;
        g_autoptr(SsDriveCapture) capture = draw_capture(trial, dialogue);
        int64_t start_ns = START_NS + (i ? (int64_t)any(trial->dice, 100) * STEP_NS + 7 : 0);

        n_segments += make_frames(trial, capture, start_ns, i, frames);
        trial->options.port = dialogue->port;
        trial->options.any_port = dialogue->any_port;
        trial->options.has_timeouts |= dialogue->end == SS_CLOSE_TIMEOUT;
    }
    g_array_sort(frames, compare_frames); /* stable, so fragments of one time keep their order */
    return check_frames(trial, subjects, n, frames, n_segments);
}

/* --- what is plain --- */

static bool
take_plain(Subject *subject, GError **error)
{
    static const EncapStack stack = {.link = LINK_RAW};
    static const SsDrivePlan plan = {.family = 4, .mss = 1460, .initial_seq = {1000, 2000000000}};
    const SsDialogue *dialogue = subject->dialogue;

    for (guint client = 0; client < 2; client++) {
        g_autoptr(SsDriveCapture) capture = ss_drive_capture_new(dialogue, &plan);
        g_autoptr(GArray) frames = frames_new();
        g_autoptr(GRand) dice = g_rand_new_with_seed(1);
        RunOptions options = {dialogue->port, dialogue->any_port, dialogue->end == SS_CLOSE_TIMEOUT,
                              FILE_NONE};
        int64_t time_ns = START_NS;
        g_autofree char *text = NULL;
        guint n_segments;

        for (guint i = 0; i < capture->packets->len; i++) {
            SsSegment segment;
            time_ns += STEP_NS + g_array_index(capture->packets, SsDrivePacket, i).wait_ns;
            ss_drive_segment(capture, i, time_ns, &segment);
            *(segment.from.port == CLIENT_PORT ? &segment.from.port : &segment.to.port) =
                (uint16_t)(CLIENT_PORT + client);
            g_autoptr(GPtrArray) pieces = encap_segment(&segment, &stack, (uint16_t)i, dice);
            add_frame(frames, g_ptr_array_index(pieces, 0), encap_link_types[LINK_RAW], time_ns);
        }
        text = run_frames(frames, &options, &n_segments, error);
        subject->plain[client] =
            text ? run_canonical(dialogue, text, (uint16_t)(CLIENT_PORT + client),
                                 &subject->n_events[client], error)
                 : NULL;
        if (!subject->plain[client]) {
            return false;
        }
    }
    return true;
}

static void
free_subject(gpointer subject)
{
    Subject *own = subject;

    ss_dialogue_free(own->dialogue);
    g_free(own->plain[0]);
    g_free(own->plain[1]);
    g_free(own);
}

static gint
compare_subjects(gconstpointer a, gconstpointer b)
{
    return strcmp((*(Subject *const *)a)->dialogue->name, (*(Subject *const *)b)->dialogue->name);
}

/* The dialogues of a folder; NULL with `error`. */
static GPtrArray *
load_subjects(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) subjects = g_ptr_array_new_with_free_func(free_subject);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        Subject *subject;
        if (!g_str_has_suffix(name, ".t")) {
            continue;
        }
        subject = g_new0(Subject, 1);
        g_ptr_array_add(subjects, subject);
        subject->dialogue = ss_dialogue_load(path, error);
        if (!subject->dialogue) {
            return NULL;
        }
        if (!take_plain(subject, error)) {
            return NULL;
        }
    }
    g_ptr_array_sort(subjects, compare_subjects);
    return dir ? g_steal_pointer(&subjects) : NULL;
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
                      .to = {.bytes = {192, 0, 2, 1}, .port = CLIENT_PORT},
                      .flags = SS_TCP_ACK,
                      .payload = SS_SLICE(text)};
    SsSegment got = {0};
    g_autoptr(GPtrArray) frames = encap_segment(&sent, stack, 1, dice);
    SsPacketBucket bucket = SS_PACKET_NOT_IP;

    for (guint i = 0; i < frames->len; i++) {
        gsize len;
        gconstpointer bytes = g_bytes_get_data(g_ptr_array_index(frames, i), &len);
        SsFrame frame = {.origin = {.frame = i + 1, .time_ns = START_NS, .time_digits = 9},
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

static Features
probe_features(void)
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

/* --- */

static guint32
number_of_environment(const char *name, guint32 fallback)
{
    const char *value = g_getenv(name);

    return value ? (guint32)g_ascii_strtoull(value, NULL, 10) : fallback;
}

int
main(int argc, char **argv)
{
    guint32 n_trials = number_of_environment("SS_PROPERTY_TRIALS", DEFAULT_TRIALS);
    guint32 seed = number_of_environment("SS_PROPERTY_SEED", 1);
    guint32 shard = argc > 3 ? (guint32)atoi(argv[2]) : 0;
    guint32 n_shards = argc > 3 ? (guint32)atoi(argv[3]) : 1;
    g_autoptr(GError) error = NULL;
    guint n_wrong = 0;

    if (argc < 2 || n_shards == 0) {
        fprintf(stderr, "usage: property FOLDER [SHARD OF]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("SS_PROPERTY_SEED=%u SS_PROPERTY_TRIALS=%u, part %u of %u\n", seed, n_trials, shard + 1,
           n_shards);
    Features features = probe_features();
    g_autoptr(GPtrArray) subjects = load_subjects(argv[1], &error);
    if (!subjects || subjects->len == 0) {
        fprintf(stderr, "property: %s\n", error ? error->message : "no dialogues");
        return 2;
    }
    for (guint32 i = shard; i < n_trials && n_wrong < 10; i += n_shards) {
        g_autoptr(GRand) dice = g_rand_new_with_seed(seed + i);
        g_autoptr(GString) story = g_string_new(NULL);
        Trial trial = {.features = &features,
                       .subjects = subjects,
                       .dice = dice,
                       .seed = seed + i,
                       .story = story};
        n_wrong += !run_trial(&trial);
    }
    if (n_wrong) {
        printf("%u trials differ\n", n_wrong);
    }
    if (features.n_left_out && !g_getenv("SS_PROPERTY_PARTIAL")) {
        printf("%u things were left out: set SS_PROPERTY_PARTIAL to pass without them\n",
               features.n_left_out);
        return 1;
    }
    return n_wrong ? 1 : 0;
}
