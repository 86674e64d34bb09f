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

#include "frames.h"
#include "run.h"

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

typedef struct {
    GPtrArray *subjects;
    guint32 seed;
    FramesPlan plan;
    RunOptions options;
    GString *story; /* what was drawn, for people */
} Trial;

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
    SsDrivePlan plan = {.family = draw_one_in(trial->plan.dice, 2) ? 4 : 6};
    bool is_mixed = !draw_one_in(trial->plan.dice, 3);

    plan.mss = sizes[draw_below(trial->plan.dice, G_N_ELEMENTS(sizes))];
    plan.mss = MAX(plan.mss, size / PACKETS_MAX + 1);
    plan.dice = is_mixed ? trial->plan.dice : NULL;
    for (int side = 0; side < 2; side++) { /* the numbers wrap in the stream, or anywhere */
        uint32_t near = 0u - 1 - draw_below(trial->plan.dice, (guint)size + 2);
        plan.initial_seq[side] =
            draw_one_in(trial->plan.dice, 2) ? near : g_rand_int(trial->plan.dice);
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

/* How long a capture goes on behind what is open tells how long that has waited. */
static bool
is_left_alone(const SsDialogue *one, const SsDialogue *other)
{
    return ends_by_itself(one) || duration_of(other) < SS_NS_PER_S;
}

/* Whether both can be in one capture: whose end says nothing of the other's. */
static bool
go_together(const SsDialogue *one, const SsDialogue *other)
{
    return one->any_port == other->any_port && one->port == other->port &&
           duration_of(one) < SHORT_NS && duration_of(other) < SHORT_NS &&
           is_left_alone(one, other) && is_left_alone(other, one) &&
           (ends_by_itself(one) || ends_by_itself(other) || one->end == other->end);
}

static bool
check_session(const Trial *trial, const Subject *subject, const char *text, guint client,
              guint *ret_n_events)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *got = run_canonical(
        subject->dialogue, text, (uint16_t)(FRAMES_CLIENT_PORT + client), ret_n_events, &error);

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

    subjects[0] =
        g_ptr_array_index(trial->subjects, draw_below(trial->plan.dice, trial->subjects->len));
    subjects[1] =
        g_ptr_array_index(trial->subjects, draw_below(trial->plan.dice, trial->subjects->len));
    if (draw_one_in(trial->plan.dice, 3) &&
        go_together(subjects[0]->dialogue, subjects[1]->dialogue)) {
        n = 2;
    }
    trial->options.format = draw_one_in(trial->plan.dice, 2)
                                ? FILE_NONE
                                : (FileFormat)draw_below(trial->plan.dice, N_FILES);
    trial->plan.format = trial->options.format;
    trial->plan.mixes_stacks = draw_one_in(trial->plan.dice, 4);
    trial->plan.stack = draw_stack(trial->plan.features, trial->plan.dice);
    g_string_append_printf(trial->story, ": %s;%s", file_names[trial->options.format],
                           trial->plan.mixes_stacks ? " anything from" : "");
    draw_describe(&trial->plan.stack, trial->story);
    for (guint i = 0; i < n; i++) {
        const SsDialogue *dialogue = subjects[i]->dialogue;
        g_autoptr(SsDriveCapture) capture = draw_capture(trial, dialogue);
        int64_t start_ns =
            FRAMES_START_NS +
            (i ? (int64_t)draw_below(trial->plan.dice, 100) * FRAMES_STEP_NS + 7 : 0);

        n_segments += frames_make(&trial->plan, capture, start_ns, i, frames);
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
        int64_t time_ns = FRAMES_START_NS;
        g_autofree char *text = NULL;
        guint n_segments;

        for (guint i = 0; i < capture->packets->len; i++) {
            SsSegment segment;
            time_ns += FRAMES_STEP_NS + g_array_index(capture->packets, SsDrivePacket, i).wait_ns;
            ss_drive_segment(capture, i, time_ns, &segment);
            frames_name_client(&segment, client);
            g_autoptr(GPtrArray) pieces = encap_segment(&segment, &stack, (uint16_t)i, dice);
            frames_add(frames, g_ptr_array_index(pieces, 0), encap_link_types[LINK_RAW], time_ns);
        }
        text = run_frames(frames, &options, &n_segments, error);
        subject->plain[client] =
            text ? run_canonical(dialogue, text, (uint16_t)(FRAMES_CLIENT_PORT + client),
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
    guint32 shard = argc > 3 ? (guint32)g_ascii_strtoull(argv[2], NULL, 10) : 0;
    guint32 n_shards = argc > 3 ? (guint32)g_ascii_strtoull(argv[3], NULL, 10) : 1;
    g_autoptr(GError) error = NULL;
    guint n_wrong = 0;

    if (argc < 2 || n_shards == 0) {
        fprintf(stderr, "usage: property FOLDER [SHARD OF]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("SS_PROPERTY_SEED=%u SS_PROPERTY_TRIALS=%u, part %u of %u\n", seed, n_trials, shard + 1,
           n_shards);
    Features features = draw_probe();
    g_autoptr(GPtrArray) subjects = load_subjects(argv[1], &error);
    if (!subjects || subjects->len == 0) {
        fprintf(stderr, "property: %s\n", error ? error->message : "no dialogues");
        return 2;
    }
    for (guint32 i = shard; i < n_trials && n_wrong < 10; i += n_shards) {
        g_autoptr(GRand) dice = g_rand_new_with_seed(seed + i);
        g_autoptr(GString) story = g_string_new(NULL);
        Trial trial = {.subjects = subjects,
                       .seed = seed + i,
                       .plan = {.features = &features, .dice = dice},
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
