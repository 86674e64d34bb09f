/*
 * Plays every dialogue file in every way, and compares what the program says: `dialogue FILE…`,
 * where a folder stands for the `.t` files in it. TAP on standard output, a line for each file.
 *
 *   stream   straight into the SMTP dissector; compared with what the file expects
 *   bytes    the same, each byte by itself     } the output must be the
 *   cuts     the same, cut at every place      } same, byte by byte
 *   packets  as a capture, in order            }
 *   mixed    cut anew, repeated, reordered,    } the events must be the same but for what
 *            sequence numbers about to wrap    } belongs to packets
 *   ipv6     as a capture over IPv6            }
 *
 * `--print` prints the events instead, `--pcap DIR` writes each dialogue as a capture file.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dissect/digest.h"
#include "dissect/smtp/smtp.h"
#include "drive.h"
#include "expect.h"
#include "output/output.h"

/* Chunks longer than this are cut at each place near their ends, and at some between. */
#define LONG_CHUNK 3000
#define LONG_CHUNK_ENDS 700
#define LONG_CHUNK_STEP 97

typedef struct {
    guint trials;    /* of mixed packets for each file */
    guint32 seed;    /* of the first trial */
    bool every_cut;  /* also in long chunks */
    const char *eml; /* a folder for the files of one file's messages */
} Settings;

/* --- one run --- */

typedef struct {
    SsOutput *output;
    int fd;
} Rig;

static void
rig_begin(void *user_data, uint64_t frame)
{
    Rig *rig = user_data;
    ss_output_advance(rig->output, frame);
}

static bool
rig_open(Rig *rig, const char *eml, GError **error)
{
    SsOutputOptions options = {.color = -1};
    rig->fd = memfd_create("events", MFD_CLOEXEC);
    rig->output = ss_output_new(&options);
    g_autofree char *json = g_strdup_printf("json:/proc/self/fd/%d,events=all", rig->fd);
    g_autofree char *files = eml ? g_strdup_printf("eml:%s", eml) : NULL;
    return ss_output_add(rig->output, json, error) &&
           (!files || ss_output_add(rig->output, files, error)) &&
           ss_output_open(rig->output, error);
}

/* What was written; the rig is gone afterwards. */
static char *
rig_close(Rig *rig, GError **error)
{
    char *text = NULL;
    if (ss_output_close(rig->output, error)) {
        off_t size = lseek(rig->fd, 0, SEEK_END);
        text = g_malloc0((gsize)size + 1);
        if (pread(rig->fd, text, (size_t)size, 0) != size) {
            g_clear_pointer(&text, g_free);
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot read the output back");
        }
    }
    ss_output_free(rig->output);
    close(rig->fd);
    return text;
}

static SsStreamFactory *
rig_factory(Rig *rig)
{
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};
    return ss_smtp_factory_new(&options, ss_output_sink(rig->output), ss_output_plan(rig->output));
}

static char *
run_stream(const SsDialogue *dialogue, SsDriveCut cut, const char *eml, GError **error)
{
    Rig rig = {0};
    if (!rig_open(&rig, eml, error)) {
        return NULL;
    }
    SsDriveClock clock = {rig_begin, &rig};
    SsStreamFactory *factory = rig_factory(&rig);
    SsConnection connection = {0};
    ss_drive_stream(dialogue, factory, &clock, cut, &connection);
    char *text = rig_close(&rig, error);
    ss_smtp_factory_free(factory);
    return text;
}

/* A run over IPv6 names other addresses, also within sentences. */
static char *
rename_addresses(char *text)
{
    GString *renamed = g_string_new(text);
    g_string_replace(renamed, "2001:db8::19", "198.51.100.25", 0);
    g_string_replace(renamed, "2001:db8::1", "192.0.2.1", 0);
    g_free(text);
    return g_string_free(renamed, FALSE);
}

static char *
run_packets(const SsDialogue *dialogue, const SsDrivePlan *plan, const char *eml, GError **error)
{
    Rig rig = {0};
    if (!rig_open(&rig, eml, error)) {
        return NULL;
    }
    SsDriveClock clock = {rig_begin, &rig};
    SsStreamFactory *factory = rig_factory(&rig);
    uint16_t ports[] = {25, 465, 587, 2525, dialogue->port};
    SsFlowOptions flow_options = {
        .limits = SS_LIMITS_DEFAULT,
        .ports = ports,
        .n_ports = dialogue->any_port ? 0 : G_N_ELEMENTS(ports),
    };
    SsFlowTable *table = ss_flow_table_new(&flow_options, factory);
    g_autoptr(SsDriveCapture) capture = ss_drive_capture_new(dialogue, plan);
    ss_drive_table(dialogue, capture, table, &clock);
    char *text = rig_close(&rig, error);
    ss_flow_table_free(table);
    ss_smtp_factory_free(factory);
    return text && plan->family == 6 ? rename_addresses(text) : text;
}

/* --- content --- */

static void
describe_content(SsSlice bytes, char ret_hex[SS_SHA256_HEX + 1])
{
    g_autoptr(SsDigest) digest = ss_digest_new();
    ss_digest_start(digest);
    ss_digest_update(digest, bytes);
    ss_digest_finish(digest, ret_hex);
}

static bool
check_file(const SsDialogueContent *content, JsonObject *message, const char *eml, GString *why)
{
    const char *uid = json_object_get_string_member_with_default(message, "uid", "");
    g_autofree char *whole =
        g_strdup_printf("%s/%s-%" G_GUINT64_FORMAT ".eml", eml, uid, content->index);
    g_autofree char *partial =
        g_strdup_printf("%s/%s-%" G_GUINT64_FORMAT ".partial.eml", eml, uid, content->index);
    bool has_whole = g_file_test(whole, G_FILE_TEST_EXISTS);
    bool has_partial = g_file_test(partial, G_FILE_TEST_EXISTS);
    if (has_whole == has_partial) {
        g_string_append_printf(why, "message %" G_GUINT64_FORMAT ": %s EML file\n", content->index,
                               has_whole ? "more than one" : "no");
        return false;
    }
    const char *stage = json_object_get_string_member_with_default(message, "stage", "");
    bool is_partial = content->missing > 0 || strcmp(stage, "end") != 0;
    bool is_unasked = strcmp(stage, "rcpt") == 0; /* chunks, which may be all there */
    if (has_partial != is_partial && !is_unasked) {
        g_string_append_printf(why, "message %" G_GUINT64_FORMAT ": its EML file is %spartial\n",
                               content->index, has_partial ? "" : "not ");
        return false;
    }
    g_autofree char *bytes = NULL;
    gsize len = 0;
    if (!g_file_get_contents(has_whole ? whole : partial, &bytes, &len, NULL) ||
        !ss_slice_eq(ss_slice(bytes, len), ss_slice(content->bytes->data, content->bytes->len))) {
        g_string_append_printf(why,
                               "message %" G_GUINT64_FORMAT
                               ": its EML file has %zu bytes, %u expected, or others\n",
                               content->index, len, content->bytes->len);
        return false;
    }
    return true;
}

static bool
check_content(const SsDialogueContent *content, GPtrArray *events, const char *eml, GString *why)
{
    JsonObject *message = ss_expect_message(events, content->index);
    if (!message) {
        g_string_append_printf(why, "message %" G_GUINT64_FORMAT " is not there\n", content->index);
        return false;
    }
    int64_t size = json_object_get_int_member_with_default(message, "size", -1);
    int64_t missing = json_object_get_int_member_with_default(message, "missing_bytes", -1);
    const char *sha256 = json_object_get_string_member_with_default(message, "sha256", NULL);
    char expected[SS_SHA256_HEX + 1];
    describe_content(ss_slice(content->bytes->data, content->bytes->len), expected);
    bool same_digest = content->missing ? sha256 == NULL : g_strcmp0(sha256, expected) == 0;
    if (size != (int64_t)content->bytes->len || missing != (int64_t)content->missing ||
        !same_digest) {
        g_string_append_printf(
            why,
            "message %" G_GUINT64_FORMAT ": content of %" G_GINT64_FORMAT " bytes (%s), "
            "%" G_GINT64_FORMAT " missing; expected %u (%s), %" G_GUINT64_FORMAT " missing\n",
            content->index, size, sha256 ? sha256 : "null", missing, content->bytes->len, expected,
            content->missing);
        return false;
    }
    return check_file(content, message, eml, why);
}

/* --- secrets --- */

static void
add_forms(GPtrArray *forms, const char *secret)
{
    size_t len = strlen(secret);
    g_ptr_array_add(forms, g_strdup(secret));
    GString *hex = g_string_new(NULL);
    for (size_t i = 0; i < len; i++) {
        g_string_append_printf(hex, "%02x", (uint8_t)secret[i]);
    }
    g_ptr_array_add(forms, g_string_free(hex, FALSE));
    /* In the middle of other base64 it stands in one of three ways; the characters at its ends
     * depend on the neighbours. */
    for (size_t skip = 0; skip < 3; skip++) {
        g_autofree char *padded = g_strdup_printf("%.*s%s", (int)skip, "xx", secret);
        g_autofree char *encoded = g_base64_encode((const guchar *)padded, strlen(padded));
        size_t from = skip == 0 ? 0 : skip + 1;
        size_t to = strlen(padded) * 8 / 6;
        g_ptr_array_add(forms, g_strndup(encoded + from, to - from));
    }
}

static bool
check_secrets(const SsDialogue *dialogue, const char *text, GString *why)
{
    g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < dialogue->secrets->len; i++) {
        add_forms(forms, g_ptr_array_index(dialogue->secrets, i));
    }
    bool is_clean = true;
    for (guint i = 0; i < forms->len; i++) {
        if (strstr(text, g_ptr_array_index(forms, i))) {
            g_string_append_printf(why, "the output shows %s\n",
                                   (char *)g_ptr_array_index(forms, i));
            is_clean = false;
        }
    }
    return is_clean;
}

/* --- one file --- */

static void
append_first_difference(GString *why, const char *expected, const char *got)
{
    g_auto(GStrv) left = g_strsplit(expected, "\n", -1);
    g_auto(GStrv) right = g_strsplit(got, "\n", -1);
    guint i = 0;
    while (left[i] && right[i] && strcmp(left[i], right[i]) == 0) {
        i++;
    }
    g_string_append_printf(why, "  expected %s\n  got      %s\n",
                           left[i] && *left[i] ? left[i] : "nothing",
                           right[i] && *right[i] ? right[i] : "nothing");
}

/* As the file says, and as the first run did. */
static bool
check_first(const SsDialogue *dialogue, const Settings *settings, const char *text, GString *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) events = ss_expect_read(text, &error);
    if (!events) {
        g_string_append_printf(why, "not JSON: %s\n", error->message);
        return false;
    }
    bool is_right = ss_expect_events(dialogue, events, why);
    for (guint i = 0; i < dialogue->contents->len; i++) {
        const SsDialogueContent *content = g_ptr_array_index(dialogue->contents, i);
        is_right &= check_content(content, events, settings->eml, why);
    }
    return check_secrets(dialogue, text, why) && is_right;
}

static bool
check_cut(const SsDialogue *dialogue, SsDriveCut cut, const char *expected, GString *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *got = run_stream(dialogue, cut, NULL, &error);
    if (got && strcmp(expected, got) == 0) {
        return true;
    }
    if (cut.every_byte) {
        g_string_append(why, "other events byte by byte\n");
    } else {
        g_string_append_printf(why, "other events with chunk %u cut at %zu\n", cut.chunk + 1,
                               cut.offset);
    }
    append_first_difference(why, expected, got ? got : error->message);
    return false;
}

static size_t
next_cut(size_t offset, size_t len, bool every_cut)
{
    bool is_inside = offset >= LONG_CHUNK_ENDS && offset + LONG_CHUNK_ENDS < len;
    return offset + (len > LONG_CHUNK && is_inside && !every_cut ? LONG_CHUNK_STEP : 1);
}

static bool
check_cuts(const SsDialogue *dialogue, const Settings *settings, const char *expected, GString *why)
{
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        const SsDialogueChunk *chunk = g_ptr_array_index(dialogue->chunks, i);
        if (chunk->is_lost || !dialogue->is_seen[chunk->direction]) {
            continue;
        }
        size_t len = chunk->bytes->len;
        for (size_t at = 1; at < len; at = next_cut(at, len, settings->every_cut)) {
            if (!check_cut(dialogue, (SsDriveCut){.chunk = i, .offset = at}, expected, why)) {
                return false;
            }
        }
    }
    return true;
}

static bool
check_packets(const SsDialogue *dialogue, const SsDrivePlan *plan, const char *canonical,
              const char *label, GString *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = run_packets(dialogue, plan, NULL, &error);
    g_autoptr(GPtrArray) events = text ? ss_expect_read(text, &error) : NULL;
    g_autofree char *got =
        events ? ss_expect_canonical(dialogue, events) : g_strdup(error->message);
    if (strcmp(canonical, got) == 0) {
        return true;
    }
    g_string_append_printf(why, "other events with %s\n", label);
    append_first_difference(why, canonical, got);
    return false;
}

static bool
check_mixed(const SsDialogue *dialogue, const Settings *settings, const char *canonical,
            GString *why)
{
    for (guint32 i = 0; i < settings->trials; i++) {
        guint32 seed = settings->seed + i;
        GRand *dice = g_rand_new_with_seed(seed);
        SsDrivePlan plan = {.family = 4, .mss = 1460, .dice = dice};
        /* The numbers wrap somewhere in the stream, or soon after it. */
        gint32 span = (gint32)ss_dialogue_size(dialogue) + 2;
        for (int side = 0; side < 2; side++) {
            plan.initial_seq[side] = (guint32)(0 - g_rand_int_range(dice, 1, span + 1));
        }
        g_autofree char *label = g_strdup_printf("packets mixed by seed %u", seed);
        bool is_same = check_packets(dialogue, &plan, canonical, label, why);
        g_rand_free(dice);
        if (!is_same) {
            return false;
        }
    }
    return true;
}

static bool
check_dialogue(const SsDialogue *dialogue, const Settings *settings, GString *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *first = run_stream(dialogue, (SsDriveCut){0}, settings->eml, &error);
    g_autoptr(GPtrArray) events = first ? ss_expect_read(first, &error) : NULL;
    if (!events) {
        g_string_append_printf(why, "%s\n", error->message);
        return false;
    }
    bool is_right = check_first(dialogue, settings, first, why);
    is_right &= check_cut(dialogue, (SsDriveCut){.every_byte = true}, first, why);
    is_right &= check_cuts(dialogue, settings, first, why);

    g_autofree char *canonical = ss_expect_canonical(dialogue, events);
    SsDrivePlan plan = {.family = 4, .mss = 1460, .initial_seq = {1000, 2000000000}};
    is_right &= check_packets(dialogue, &plan, canonical, "packets in order", why);
    plan.family = 6;
    is_right &= check_packets(dialogue, &plan, canonical, "packets over IPv6", why);
    is_right &= check_mixed(dialogue, settings, canonical, why);
    return is_right;
}

static void
remove_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
}

/* --- many files --- */

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_paths(GPtrArray *paths, const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    if (!dir) {
        g_ptr_array_add(paths, g_strdup(path));
        return;
    }
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, ".t")) {
            g_ptr_array_add(paths, g_build_filename(path, name, NULL));
        }
    }
}

static int
print_events(const SsDialogue *dialogue)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = run_stream(dialogue, (SsDriveCut){0}, NULL, &error);
    g_autoptr(GPtrArray) events = text ? ss_expect_read(text, &error) : NULL;
    if (!events) {
        fprintf(stderr, "%s: %s\n", dialogue->name, error->message);
        return 1;
    }
    g_autoptr(GPtrArray) selected = ss_expect_select(dialogue, events);
    for (guint i = 0; i < selected->len; i++) {
        g_autofree char *line = json_to_string(g_ptr_array_index(selected, i), FALSE);
        printf("%s\n", line);
    }
    return 0;
}

static int
write_pcap(const SsDialogue *dialogue, const char *folder)
{
    g_autoptr(GError) error = NULL;
    SsDrivePlan plan = {.family = 4, .mss = 1460, .initial_seq = {1000, 2000000000}};
    g_autoptr(SsDriveCapture) capture = ss_drive_capture_new(dialogue, &plan);
    g_autofree char *path = g_strdup_printf("%s/%s.pcap", folder, dialogue->name);
    if (!ss_drive_write_pcap(capture, path, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    return 0;
}

static bool
test_dialogue(const SsDialogue *dialogue, const Settings *settings, guint number)
{
    g_autoptr(GString) why = g_string_new(NULL);
    bool is_right = check_dialogue(dialogue, settings, why);
    remove_files(settings->eml);
    printf("%s %u - %s\n", is_right ? "ok" : "not ok", number, dialogue->name);
    g_auto(GStrv) lines = g_strsplit(why->str, "\n", -1);
    for (guint i = 0; lines[i] && *lines[i]; i++) {
        printf("#   %s\n", lines[i]);
    }
    fflush(stdout);
    return is_right;
}

static guint32
number_of_environment(const char *name, guint32 fallback)
{
    const char *value = g_getenv(name);
    return value ? (guint32)g_ascii_strtoull(value, NULL, 10) : fallback;
}

static bool
is_made(const char *id)
{
    for (size_t i = 0; ss_plugins_built_in[i]; i++) {
        const SsFindingKind *kind = ss_plugins_built_in[i]->findings;
        for (; kind && kind->id; kind++) {
            if (strcmp(kind->id, id) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Findings are expected only where there is a detector for them. */
static void
drop_unmade(SsDialogue *dialogue)
{
    for (guint i = dialogue->expected->len; i > 0; i--) {
        g_autoptr(JsonNode) node =
            json_from_string(g_ptr_array_index(dialogue->expected, i - 1), NULL);
        const char *id =
            node && JSON_NODE_HOLDS_OBJECT(node)
                ? json_object_get_string_member_with_default(json_node_get_object(node), "id", NULL)
                : NULL;
        if (id && !is_made(id)) {
            printf("# %s: nothing detects %s yet\n", dialogue->name, id);
            g_ptr_array_remove_index(dialogue->expected, i - 1);
        }
    }
}

static int
test_all(GPtrArray *paths)
{
    g_autofree char *eml = g_dir_make_tmp("smtpscope-dialogue-XXXXXX", NULL);
    Settings settings = {
        .trials = number_of_environment("SS_DIALOGUE_TRIALS", 50),
        .seed = number_of_environment("SS_DIALOGUE_SEED", 1),
        .every_cut = g_getenv("SS_DIALOGUE_EVERY_CUT") != NULL,
        .eml = eml,
    };
    printf("1..%u\n# %u trials, first seed %u\n", paths->len, settings.trials, settings.seed);
    int status = 0;
    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SsDialogue) dialogue = ss_dialogue_load(g_ptr_array_index(paths, i), &error);
        if (!dialogue) {
            printf("not ok %u - %s\n", i + 1, error->message);
            status = 1;
            continue;
        }
        drop_unmade(dialogue);
        if (!test_dialogue(dialogue, &settings, i + 1)) {
            status = 1;
        }
    }
    g_rmdir(eml);
    return status;
}

int
main(int argc, char **argv)
{
    gboolean prints = FALSE;
    g_autofree char *pcap = NULL;
    g_auto(GStrv) files = NULL;
    GOptionEntry entries[] = {
        {"print", 0, 0, G_OPTION_ARG_NONE, &prints, "Print the events that files compare", NULL},
        {"pcap", 0, 0, G_OPTION_ARG_FILENAME, &pcap, "Write the dialogues as captures", "DIR"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE…"},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !files) {
        fprintf(stderr, "dialogue: %s\n", error ? error->message : "no file named");
        return 2;
    }
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (char **file = files; *file; file++) {
        add_paths(paths, *file);
    }
    g_ptr_array_sort(paths, compare_paths);
    if (!prints && !pcap) {
        return test_all(paths);
    }
    int status = 0;
    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(SsDialogue) dialogue = ss_dialogue_load(g_ptr_array_index(paths, i), &error);
        if (!dialogue) {
            fprintf(stderr, "dialogue: %s\n", error->message);
            return 1;
        }
        status |= prints ? print_events(dialogue) : write_pcap(dialogue, pcap);
    }
    return status;
}
