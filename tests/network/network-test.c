/*
 * Runs every packet script in every way, and compares what the program says: `network FILE…`, where
 * a folder stands for the `.p` files in it. TAP on standard output, a line for each file.
 *
 *   whole   the packets as they are written
 *   ipv6    the same over IPv6
 *   wrap    the same with initial sequence numbers that wrap at each of twenty bytes
 *   bytes   every payload byte in a packet of its own
 *
 * `--print` prints what comes out instead, `--pcap DIR` writes each script as a capture file.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "dissect/digest.h"
#include "tests/dialogue/expect.h"
#include "tests/network/run.h"

#define WRAPS 20

static const SsFrameWay plain = {.label = "whole", .family = 4, .initial_seq = {1000, 2000000000}};

/* --- counts --- */

static uint64_t
count_of_ledger(const SsRunResult *result, const SsScriptCount *count, bool *ret_is_known)
{
    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        if (strcmp(ss_flow_bucket_name((SsFlowBucket)i), count->name) == 0) {
            *ret_is_known = true;
            return count->kind == SS_SCRIPT_BYTES ? result->stats.bytes[i]
                                                  : result->stats.packets[i];
        }
    }
    for (int i = 0; i < SS_N_PACKET_BUCKETS; i++) {
        if (strcmp(ss_packet_bucket_name((SsPacketBucket)i), count->name) == 0) {
            *ret_is_known = count->kind == SS_SCRIPT_BUCKET;
            return result->decoded[i];
        }
    }
    return 0;
}

static uint64_t
count_of_artefacts(const SsRunResult *result, const SsScriptCount *count, bool *ret_is_known)
{
    for (int i = 0; i < SS_N_ARTEFACTS; i++) {
        if (strcmp(ss_artefact_name(i), count->name) == 0) {
            *ret_is_known = true;
            return result->stats.artefacts[i];
        }
    }
    for (int i = 0; i < SS_N_MET; i++) {
        if (strcmp(ss_met_name((SsMet)i), count->name) == 0) {
            *ret_is_known = true;
            return result->met[i];
        }
    }
    return 0;
}

/* Of all sessions. */
static uint64_t
count_of_remarks(const SsRunResult *result, const SsScriptCount *count, bool *ret_is_known)
{
    uint64_t n = 0;
    for (int i = 0; i < SS_N_REMARKS; i++) {
        *ret_is_known |= strcmp(ss_remark_name(i), count->name) == 0;
    }
    for (guint i = 0; i < result->events->len; i++) {
        JsonObject *event = json_node_get_object(result->events->pdata[i]);
        if (strcmp(json_object_get_string_member_with_default(event, "type", ""), "session") == 0 &&
            json_object_has_member(event, "remarks")) {
            JsonObject *remarks = json_object_get_object_member(event, "remarks");
            n += (uint64_t)json_object_get_int_member_with_default(remarks, count->name, 0);
        }
    }
    return n;
}

static uint64_t
count_of(const SsRunResult *result, const SsScriptCount *count, bool *ret_is_known)
{
    switch (count->kind) {
    case SS_SCRIPT_BUCKET:
    case SS_SCRIPT_BYTES:
        return count_of_ledger(result, count, ret_is_known);
    case SS_SCRIPT_ARTEFACT:
        return count_of_artefacts(result, count, ret_is_known);
    case SS_SCRIPT_REMARK:
        return count_of_remarks(result, count, ret_is_known);
    case SS_SCRIPT_SESSIONS:
        *ret_is_known = true;
        return result->stats.sessions;
    }
    return 0;
}

/* Cut into bytes there are more packets of a kind, but not of one of which there were none. */
static bool
is_right_count(const SsScriptCount *count, uint64_t got, bool is_cut)
{
    bool is_of_packets = count->kind != SS_SCRIPT_BYTES && count->kind != SS_SCRIPT_SESSIONS;
    if (count->is_some || (is_cut && is_of_packets)) {
        return (got > 0) == (count->is_some || count->n > 0);
    }
    return got == count->n;
}

static bool
check_counts(const SsScript *script, const SsRunResult *result, bool is_cut, GString *why)
{
    static const char *const kinds[] = {"bucket", "bytes", "artefact", "remark", "sessions"};
    bool is_right = true;
    for (guint i = 0; i < script->counts->len; i++) {
        const SsScriptCount *count = &g_array_index(script->counts, SsScriptCount, i);
        bool is_known = false;
        uint64_t got = count_of(result, count, &is_known);
        if (!is_known || !is_right_count(count, got, is_cut)) {
            g_string_append_printf(
                why, "%s %s: %s%" G_GUINT64_FORMAT " expected, got %" G_GUINT64_FORMAT "%s\n",
                kinds[count->kind], count->name ? count->name : "", count->is_some ? "not " : "",
                count->n, got, is_known ? "" : " (no such name)");
            is_right = false;
        }
    }
    return is_right;
}

/* Every packet and every byte is in exactly one bucket, and nothing is kept. */
static bool
check_ledger(const SsRunResult *result, GString *why)
{
    uint64_t packets = 0, bytes = 0;
    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += result->stats.packets[i];
        bytes += result->stats.bytes[i];
    }
    for (int i = SS_PACKET_SEGMENT + 1; i < SS_N_PACKET_BUCKETS; i++) {
        packets += result->decoded[i];
    }
    if (packets != result->packets || bytes != result->bytes) {
        g_string_append_printf(why,
                               "the ledger has %" G_GUINT64_FORMAT " packets of %" G_GUINT64_FORMAT
                               ", %" G_GUINT64_FORMAT " bytes of %" G_GUINT64_FORMAT "\n",
                               packets, result->packets, bytes, result->bytes);
        return false;
    }
    if (result->memory) {
        g_string_append_printf(why, "%" G_GUINT64_FORMAT " bytes are kept when all is over\n",
                               result->memory);
    }
    return result->memory == 0;
}

/* --- events --- */

static const char *
id_of(JsonNode *event)
{
    return json_object_get_string_member_with_default(json_node_get_object(event), "id", "");
}

static bool
has_finding(GPtrArray *events, const char *id)
{
    for (guint i = 0; i < events->len; i++) {
        if (strcmp(id_of(events->pdata[i]), id) == 0) {
            return true;
        }
    }
    return false;
}

/* What is about packets and not about what they say is another when they are cut up. */
static void
strip(JsonObject *object)
{
    static const char *const left_out[] = {"frame", "frames", "packets", "remarks", "findings"};
    for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++) {
        json_object_remove_member(object, left_out[i]);
    }
    g_autoptr(GList) values = json_object_get_values(object);
    for (GList *at = values; at; at = at->next) {
        if (JSON_NODE_HOLDS_OBJECT(at->data)) {
            strip(json_node_get_object(at->data));
        }
    }
}

/*
 * The findings of a list, or what is no finding: what is expected of both is in order, but not
 * between them, for a finding waits for the event it is about.
 */
static GPtrArray *
part_of(GPtrArray *events, bool wants_findings)
{
    GPtrArray *part = g_ptr_array_new();
    for (guint i = 0; i < events->len; i++) {
        if ((*id_of(events->pdata[i]) != '\0') == wants_findings) {
            g_ptr_array_add(part, events->pdata[i]);
        }
    }
    return part;
}

/* What is expected, of JsonNode; NULL where that is no JSON. */
static GPtrArray *
read_expected(const SsScript *script, bool is_cut, GString *why)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);
    for (guint i = 0; i < script->about->expected->len; i++) {
        JsonNode *node = json_from_string(script->about->expected->pdata[i], NULL);
        if (!node || !JSON_NODE_HOLDS_OBJECT(node)) {
            g_string_append_printf(why, "not JSON: %s\n",
                                   (char *)script->about->expected->pdata[i]);
            g_clear_pointer(&node, json_node_unref);
            return NULL;
        }
        g_ptr_array_add(nodes, node);
        if (is_cut) {
            strip(json_node_get_object(node));
        }
    }
    return g_steal_pointer(&nodes);
}

static bool
check_part(const SsScript *script, GPtrArray *expected, GPtrArray *events, GString *why)
{
    SsDialogue about = *script->about;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < expected->len; i++) {
        g_ptr_array_add(lines, json_to_string(expected->pdata[i], FALSE));
    }
    about.expected = lines;
    return ss_expect_events(&about, events, why);
}

/* Cut up there may be more findings about packets; but of each id there are some, or none, as
 * there should be. */
static bool
check_ids(GPtrArray *expected, GPtrArray *findings, GString *why)
{
    bool is_right = true;
    for (guint i = 0; i < expected->len; i++) {
        if (!has_finding(findings, id_of(expected->pdata[i]))) {
            g_string_append_printf(why, "%s was not found\n", id_of(expected->pdata[i]));
            is_right = false;
        }
    }
    for (guint i = 0; i < findings->len; i++) {
        if (!has_finding(expected, id_of(findings->pdata[i]))) {
            g_string_append_printf(why, "%s was found\n", id_of(findings->pdata[i]));
            is_right = false;
        }
    }
    return is_right;
}

static bool
check_events(const SsScript *script, GPtrArray *events, bool is_cut, GString *why)
{
    g_autoptr(GPtrArray) expected = read_expected(script, is_cut, why);
    if (!expected) {
        return false;
    }
    g_autoptr(GPtrArray) selected = ss_expect_select(script->about, events);
    bool is_right = true;
    for (int wants_findings = 0; wants_findings < 2; wants_findings++) {
        g_autoptr(GPtrArray) wanted = part_of(expected, wants_findings);
        g_autoptr(GPtrArray) got = part_of(selected, wants_findings);
        is_right &= is_cut && wants_findings ? check_ids(wanted, got, why)
                                             : check_part(script, wanted, got, why);
    }
    return is_right;
}

/* --- contents --- */

/* `M1:` is of the first message with that index, `M2001:` of the first message of session 2. */
static JsonObject *
find_message(GPtrArray *events, uint64_t index)
{
    uint64_t session = index / 1000;
    for (guint i = 0; i < events->len; i++) {
        JsonObject *event = json_node_get_object(events->pdata[i]);
        if (strcmp(json_object_get_string_member_with_default(event, "type", ""), "message") == 0 &&
            (uint64_t)json_object_get_int_member_with_default(event, "index", 0) == index % 1000 &&
            (!session ||
             (uint64_t)json_object_get_int_member_with_default(event, "session", 0) == session)) {
            return event;
        }
    }
    return NULL;
}

static bool
has_file(const char *eml, JsonObject *message, uint64_t index, SsSlice content)
{
    static const char *const ends[] = {"", ".partial"};
    const char *uid = json_object_get_string_member_with_default(message, "uid", "");
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *bytes = NULL;
        gsize len = 0;
        g_autofree char *path =
            g_strdup_printf("%s/%s-%" G_GUINT64_FORMAT "%s.eml", eml, uid, index % 1000, ends[i]);
        if (g_file_get_contents(path, &bytes, &len, NULL)) {
            return ss_slice_eq(ss_slice(bytes, len), content);
        }
    }
    return false;
}

static bool
check_content(const SsDialogueContent *content, GPtrArray *events, const char *eml, GString *why)
{
    SsSlice bytes = ss_slice(content->bytes->data, content->bytes->len);
    JsonObject *message = find_message(events, content->index);
    char expected[SS_SHA256_HEX + 1];
    if (!message) {
        g_string_append_printf(why, "message %" G_GUINT64_FORMAT " is not there\n", content->index);
        return false;
    }
    g_autoptr(SsDigest) digest = ss_digest_new();
    ss_digest_start(digest);
    ss_digest_update(digest, bytes);
    ss_digest_finish(digest, expected);
    int64_t size = json_object_get_int_member_with_default(message, "size", -1);
    int64_t missing = json_object_get_int_member_with_default(message, "missing_bytes", -1);
    const char *sha256 = json_object_get_string_member_with_default(message, "sha256", NULL);
    if (size != (int64_t)bytes.len || missing != (int64_t)content->missing ||
        g_strcmp0(sha256, content->missing ? NULL : expected) != 0 ||
        !has_file(eml, message, content->index, bytes)) {
        g_string_append_printf(why,
                               "message %" G_GUINT64_FORMAT ": %" G_GINT64_FORMAT
                               " bytes, %" G_GINT64_FORMAT
                               " missing; expected %zu, %" G_GUINT64_FORMAT ", or others\n",
                               content->index, size, missing, bytes.len, content->missing);
        return false;
    }
    return true;
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

/* --- one script --- */

static bool
check_way(const SsScript *script, const SsFrameWay *way, const char *eml, GString *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) frames = ss_frames_of(script, way);
    g_autoptr(SsRunResult) result = ss_run(script, frames, eml, &error);
    if (!result) {
        g_string_append_printf(why, "%s: %s\n", way->label, error->message);
        return false;
    }
    g_autoptr(GString) differences = g_string_new(NULL);
    bool is_right = check_events(script, result->events, way->is_cut, differences);
    is_right &= check_counts(script, result, way->is_cut, differences);
    is_right &= check_ledger(result, differences);
    for (guint i = 0; i < script->about->contents->len; i++) {
        is_right &=
            check_content(script->about->contents->pdata[i], result->events, eml, differences);
    }
    remove_files(eml);
    if (!is_right) {
        g_string_append_printf(why, "%s (initial numbers %u, %u):\n%s", way->label,
                               way->initial_seq[0], way->initial_seq[1], differences->str);
    }
    return is_right;
}

static bool
check_script(const SsScript *script, const char *eml, GString *why)
{
    SsFrameWay way = plain;
    if (!check_way(script, &way, eml, why)) {
        return false;
    }
    if (script->is_once) {
        return true;
    }
    bool is_right = true;
    if (!script->family) {
        way.label = "ipv6";
        way.family = 6;
        is_right &= check_way(script, &way, eml, why);
        way.family = 4;
    }
    if (!script->is_whole) {
        way.label = "bytes";
        way.is_cut = true;
        is_right &= check_way(script, &way, eml, why);
        way.is_cut = false;
    }
    way.label = "wrap";
    for (uint32_t i = 0; i < WRAPS && is_right; i++) {
        way.initial_seq[SS_CLIENT] = UINT32_MAX - script->wrap - i;
        way.initial_seq[SS_SERVER] = UINT32_MAX - script->wrap - (i * 7 + 3) % WRAPS;
        is_right = check_way(script, &way, eml, why);
    }
    return is_right;
}

static bool
test_script(const char *path, const char *eml, guint number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) why = g_string_new(NULL);
    g_autoptr(SsScript) script = ss_script_load(path, &error);
    bool is_right = false;
    if (script) {
        is_right = check_script(script, eml, why);
    } else {
        g_string_append_printf(why, "%s\n", error->message);
    }
    printf("%s %u - %s\n", is_right ? "ok" : "not ok", number, script ? script->name : path);
    g_auto(GStrv) lines = g_strsplit(why->str, "\n", -1);
    for (guint i = 0; lines[i] && *lines[i]; i++) {
        printf("#   %s\n", lines[i]);
    }
    fflush(stdout);
    return is_right;
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
    const char *name;
    if (!dir) {
        g_ptr_array_add(paths, g_strdup(path));
        return;
    }
    while ((name = g_dir_read_name(dir))) {
        if (g_str_has_suffix(name, ".p")) {
            g_ptr_array_add(paths, g_build_filename(path, name, NULL));
        }
    }
}

static int
test_all(const GPtrArray *paths)
{
    g_autofree char *eml = g_dir_make_tmp("smtpscope-network-XXXXXX", NULL);
    int status = 0;
    printf("1..%u\n", paths->len);
    for (guint i = 0; i < paths->len; i++) {
        status |= !test_script(paths->pdata[i], eml, i + 1);
    }
    g_rmdir(eml);
    return status;
}

static void
print_result(const SsScript *script, const SsRunResult *result)
{
    g_autoptr(GPtrArray) selected = ss_expect_select(script->about, result->events);
    for (guint i = 0; i < selected->len; i++) {
        g_autofree char *line = json_to_string(selected->pdata[i], FALSE);
        printf("%s\n", line);
    }
    for (int i = 0; i < SS_N_PACKET_BUCKETS; i++) {
        if (result->decoded[i] && i != SS_PACKET_SEGMENT) {
            printf("bucket %s %" G_GUINT64_FORMAT "\n", ss_packet_bucket_name((SsPacketBucket)i),
                   result->decoded[i]);
        }
    }
    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        if (result->stats.packets[i] || result->stats.bytes[i]) {
            printf("bucket %s %" G_GUINT64_FORMAT "\nbytes %s %" G_GUINT64_FORMAT "\n",
                   ss_flow_bucket_name((SsFlowBucket)i), result->stats.packets[i],
                   ss_flow_bucket_name((SsFlowBucket)i), result->stats.bytes[i]);
        }
    }
    printf("sessions %" G_GUINT64_FORMAT "\n", result->stats.sessions);
}

static bool
print_or_write(const char *path, const char *folder, GError **error)
{
    g_autoptr(SsScript) script = ss_script_load(path, error);
    if (!script) {
        return false;
    }
    g_autoptr(GPtrArray) frames = ss_frames_of(script, &plain);
    if (folder) {
        g_autofree char *file = g_strdup_printf("%s/%s.pcap", folder, script->name);
        return ss_frames_write_pcap(frames, file, error);
    }
    g_autoptr(SsRunResult) result = ss_run(script, frames, NULL, error);
    if (result) {
        print_result(script, result);
    }
    return result != NULL;
}

int
main(int argc, char **argv)
{
    gboolean prints = FALSE;
    g_autofree char *pcap = NULL;
    g_auto(GStrv) files = NULL;
    GOptionEntry entries[] = {
        {"print", 0, 0, G_OPTION_ARG_NONE, &prints, "Print what comes out of the files", NULL},
        {"pcap", 0, 0, G_OPTION_ARG_FILENAME, &pcap, "Write the scripts as captures", "DIR"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files, NULL, "FILE…"},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !files) {
        fprintf(stderr, "network: %s\n", error ? error->message : "no file named");
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
    for (guint i = 0; i < paths->len; i++) {
        if (!print_or_write(paths->pdata[i], pcap, &error)) {
            fprintf(stderr, "network: %s\n", error->message);
            return 1;
        }
    }
    return 0;
}
