#include <sys/mman.h>
#include <unistd.h>

#include "run.h"

#include "dissect/smtp/smtp.h"
#include "output/output.h"
#include "tests/dialogue/expect.h"

/* --- events --- */

typedef struct {
    SsOutput *output;
    SsStreamFactory *factory;
    SsFlowTable *table;
    SsPacketDecoder *decoder;
    int fd;
    uint64_t frame;
    int64_t now_ns;
    guint n_segments;
} Rig;

static bool
rig_open(Rig *rig, const RunOptions *options, GError **error)
{
    SsOutputOptions output_options = {.color = -1};
    SsSmtpOptions smtp_options = {.limits = SS_LIMITS_DEFAULT};
    uint16_t ports[] = {25, 465, 587, 2525, options->port};
    SsFlowOptions flow_options = {
        .limits = SS_LIMITS_DEFAULT,
        .ports = ports,
        .n_ports = options->any_port ? 0 : G_N_ELEMENTS(ports),
    };
    g_autofree char *json = NULL;

    rig->fd = memfd_create("events", MFD_CLOEXEC);
    rig->output = ss_output_new(&output_options);
    json = g_strdup_printf("json:/proc/self/fd/%d,events=all", rig->fd);
    /* Sessions of other dialogues with the same envelope would be taken for attempts before. */
    if (!ss_output_add(rig->output, "smtp-refusal,retries=no", error) ||
        !ss_output_add(rig->output, json, error) || !ss_output_open(rig->output, error)) {
        return false;
    }
    rig->factory = ss_smtp_factory_new(&smtp_options, ss_output_sink(rig->output),
                                       ss_output_plan(rig->output));
    rig->table = ss_flow_table_new(&flow_options, rig->factory);
    rig->decoder = ss_packet_decoder_new(ss_flow_table_memory(rig->table));
    return true;
}

static void
rig_take(Rig *rig, SsFrame *frame)
{
    SsSegment segment;

    frame->origin.frame = ++rig->frame;
    rig->now_ns = frame->origin.time_ns;
    ss_output_advance(rig->output, rig->frame);
    if (ss_packet_decode(rig->decoder, frame, &segment) == SS_PACKET_SEGMENT) {
        rig->n_segments++;
        ss_flow_table_feed(rig->table, &segment);
    } else {
        ss_flow_table_advance(rig->table, rig->now_ns, rig->frame);
    }
}

static char *
read_back(int fd, GError **error)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *text = g_malloc0((gsize)size + 1);

    if (pread(fd, text, (size_t)size, 0) != size) {
        g_clear_pointer(&text, g_free);
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot read the output back");
    }
    return text;
}

static char *
rig_close(Rig *rig, bool has_timeouts, GError **error)
{
    char *text = NULL;

    if (has_timeouts) {
        ss_flow_table_advance(rig->table, rig->now_ns + 2 * 3600 * SS_NS_PER_S, rig->frame);
    }
    ss_packet_decoder_finish(rig->decoder);
    ss_flow_table_finish(rig->table, rig->frame);
    if (ss_output_close(rig->output, error)) {
        text = read_back(rig->fd, error);
    }
    ss_output_free(rig->output);
    ss_packet_decoder_free(rig->decoder);
    ss_flow_table_free(rig->table);
    ss_smtp_factory_free(rig->factory);
    close(rig->fd);
    return text;
}

/* --- frames --- */

static void
take_frames(Rig *rig, const GArray *frames)
{
    for (guint i = 0; i < frames->len; i++) {
        const FileFrame *each = &g_array_index(frames, FileFrame, i);
        gsize len;
        gconstpointer bytes = g_bytes_get_data(each->bytes, &len);
        SsFrame frame = {
            .origin = {.time_ns = each->time_ns, .time_digits = 9},
            .link_type = each->link_type,
            .len = (uint32_t)len,
            .bytes = ss_slice(bytes, len),
        };
        rig_take(rig, &frame);
    }
}

static bool
take_file(Rig *rig, FileFormat format, const GArray *frames, GError **error)
{
    g_autoptr(GByteArray) bytes = file_write(format, frames);
    int fd = memfd_create("capture", MFD_CLOEXEC);
    bool is_written = write(fd, bytes->data, bytes->len) == (ssize_t)bytes->len;
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autoptr(SsSource) source = is_written ? ss_source_file_open(path, NULL, NULL, error) : NULL;
    SsSourceStatus status = source ? SS_SOURCE_FRAME : SS_SOURCE_ERROR;
    SsFrame frame;

    while (status == SS_SOURCE_FRAME) {
        status = source->ops->next(source, &frame, error);
        if (status == SS_SOURCE_FRAME) {
            rig_take(rig, &frame);
        }
    }
    close(fd);
    if (status == SS_SOURCE_END && rig->frame != frames->len) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "%" G_GUINT64_FORMAT " frames read of %u", rig->frame, frames->len);
        return false;
    }
    return status == SS_SOURCE_END;
}

char *
run_frames(const GArray *frames, const RunOptions *options, guint *ret_segments, GError **error)
{
    Rig rig = {0};
    bool is_read = true;
    g_autofree char *text = NULL;

    if (!rig_open(&rig, options, error)) {
        return NULL;
    }
    if (options->format == FILE_NONE) {
        take_frames(&rig, frames);
    } else {
        is_read = take_file(&rig, options->format, frames, error);
    }
    *ret_segments = rig.n_segments;
    text = rig_close(&rig, options->has_timeouts, is_read ? error : NULL);
    return is_read ? g_steal_pointer(&text) : NULL;
}

/* --- what was said --- */

static const char *
text_of(JsonNode *event, const char *member)
{
    JsonObject *object = json_node_get_object(event);
    JsonNode *node = json_object_get_member(object, member);

    return node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
}

static bool
is_session_of(JsonNode *event, uint16_t client_port)
{
    JsonObject *client;

    if (g_strcmp0(text_of(event, "type"), "session") != 0) {
        return false;
    }
    client = json_object_get_object_member(json_node_get_object(event), "client");
    return json_object_get_int_member_with_default(client, "port", 0) == client_port;
}

/* Over IPv6 the ends have other addresses, also within sentences. */
static char *
rename_addresses(const char *text)
{
    GString *renamed = g_string_new(text);

    g_string_replace(renamed, "2001:db8::19", "198.51.100.25", 0);
    g_string_replace(renamed, "2001:db8::1", "192.0.2.1", 0);
    return g_string_free(renamed, FALSE);
}

/* The session's name in this run: NULL where there is none. False where one became two. */
static bool
find_uid(GPtrArray *events, uint16_t client_port, const char **ret_uid)
{
    guint n = 0;

    *ret_uid = NULL;
    for (guint i = 0; i < events->len; i++) {
        JsonNode *event = g_ptr_array_index(events, i);
        if (is_session_of(event, client_port)) {
            *ret_uid = text_of(event, "uid");
            n++;
        }
    }
    return n <= 1;
}

/* Findings that one session shows of another are a matter of what stands beside it. */
static const char *const of_others[] = {"auth.bruteforce", "smtp.enumeration", "smtp.relay",
                                        "tls.stripped", NULL};

/* False where it is such a finding. */
static bool
leave_out_others(JsonNode *event)
{
    JsonObject *object = json_node_get_object(event);
    const char *id = text_of(event, "id");

    if (g_strcmp0(text_of(event, "type"), "session") == 0) {
        for (const char *const *each = of_others; *each; each++) {
            json_object_remove_member(json_object_get_object_member(object, "findings"), *each);
        }
    }
    return !id || !g_strv_contains(of_others, id);
}

char *
run_canonical(const SsDialogue *dialogue, const char *json_lines, uint16_t client_port,
              guint *ret_n_events, GError **error)
{
    g_autofree char *text = rename_addresses(json_lines);
    g_autoptr(GPtrArray) events = ss_expect_read(text, error);
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    const char *uid;
    guint n = 0;

    if (!events) {
        return NULL;
    }
    if (!find_uid(events, client_port, &uid)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "two sessions of client port %u",
                    client_port);
        return NULL;
    }
    for (guint i = 0; uid && i < events->len; i++) {
        JsonNode *event = g_ptr_array_index(events, i);
        if (g_strcmp0(text_of(event, "uid"), uid) != 0) {
            continue;
        }
        n++;
        if (leave_out_others(event)) {
            json_object_set_int_member(json_node_get_object(event), "session", 1);
            g_ptr_array_add(own, event);
        }
    }
    *ret_n_events = n;
    return ss_expect_canonical(dialogue, own);
}

guint
run_count(const char *json_lines)
{
    guint n = 0;

    for (const char *at = json_lines; (at = strchr(at, '\n')); at++) {
        n++;
    }
    for (const char *at = json_lines; (at = strstr(at, "{\"type\":\"capture\"")); at++) {
        n--;
    }
    return n;
}
