#include "tests/network/run.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dissect/smtp/smtp.h"
#include "output/output.h"
#include "tests/dialogue/expect.h"

#define LINK_ETHERNET 1
#define LONG_AFTER (3 * 3600 * SS_NS_PER_S)

typedef struct {
    SsOutput *output;
    int fd;
    SsStreamFactory *factory;
    SsFlowTable *table;
    SsPacketDecoder *decoder;
} Rig;

static bool
rig_open(Rig *rig, const SsScript *script, const char *eml, GError **error)
{
    SsOutputOptions options = {.color = -1};
    rig->fd = memfd_create("events", MFD_CLOEXEC);
    rig->output = ss_output_new(&options);
    g_autofree char *json = g_strdup_printf("json:/proc/self/fd/%d,events=all", rig->fd);
    g_autofree char *files = eml ? g_strdup_printf("eml:%s", eml) : NULL;
    if (!ss_output_add(rig->output, json, error) ||
        !ss_output_add(rig->output, "timeline:/dev/null", error) ||
        (files && !ss_output_add(rig->output, files, error)) ||
        !ss_output_open(rig->output, error)) {
        return false;
    }
    static const uint16_t ports[] = {25, 465, 587, 2525};
    SsSmtpOptions smtp = {.limits = script->limits};
    SsFlowOptions flow = {
        .limits = script->limits,
        .overlap = script->overlap,
        .ports = ports,
        .n_ports = script->about->any_port ? 0 : G_N_ELEMENTS(ports),
    };
    rig->factory =
        ss_smtp_factory_new(&smtp, ss_output_sink(rig->output), ss_output_plan(rig->output));
    rig->table = ss_flow_table_new(&flow, rig->factory);
    rig->decoder = ss_packet_decoder_new(ss_flow_table_memory(rig->table));
    return true;
}

static void
rig_close(Rig *rig)
{
    ss_packet_decoder_free(rig->decoder);
    ss_flow_table_free(rig->table);
    if (rig->factory) {
        ss_smtp_factory_free(rig->factory);
    }
    ss_output_free(rig->output);
    close(rig->fd);
}

/* A copy of its own for each frame, so that what reads beyond it, or keeps it, is caught. */
static void
feed(Rig *rig, const SsWireFrame *wire, uint64_t number, SsRunResult *result)
{
    g_autofree uint8_t *copy = g_memdup2(wire->bytes->data, wire->bytes->len);
    SsFrame frame = {
        .origin = {.frame = number, .time_ns = wire->time_ns, .time_digits = 9},
        .link_type = LINK_ETHERNET,
        .len = wire->len,
        .bytes = ss_slice(copy, wire->bytes->len),
    };
    SsSegment segment;
    ss_output_advance(rig->output, number);
    SsPacketBucket bucket = ss_packet_decode(rig->decoder, &frame, &segment);
    result->decoded[bucket]++;
    result->packets++;
    if (bucket == SS_PACKET_SEGMENT) {
        result->bytes += segment.payload.len;
        ss_flow_table_feed(rig->table, &segment);
    } else {
        ss_flow_table_advance(rig->table, wire->time_ns, number);
    }
}

static GPtrArray *
read_events(const Rig *rig, GError **error)
{
    off_t size = lseek(rig->fd, 0, SEEK_END);
    g_autofree char *text = g_malloc0((gsize)size + 1);
    if (pread(rig->fd, text, (size_t)size, 0) != size) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot read the output back");
        return NULL;
    }
    return ss_expect_read(text, error);
}

SsRunResult *
ss_run(const SsScript *script, const GPtrArray *frames, const char *eml, GError **error)
{
    Rig rig = {.fd = -1};
    g_autoptr(SsRunResult) result = g_new0(SsRunResult, 1);
    if (!rig_open(&rig, script, eml, error)) {
        rig_close(&rig);
        return NULL;
    }
    for (guint i = 0; i < frames->len; i++) {
        feed(&rig, frames->pdata[i], i + 1, result);
    }
    ss_flow_table_advance(rig.table, script->end_ns, frames->len);
    ss_packet_decoder_finish(rig.decoder);
    ss_flow_table_finish(rig.table, frames->len);
    result->stats = *ss_flow_table_stats(rig.table);
    memcpy(result->met, ss_packet_decoder_met(rig.decoder), sizeof result->met);
    bool is_written = ss_output_close(rig.output, error);
    /* What is still known of those that have ended goes with time. */
    ss_flow_table_advance(rig.table, script->end_ns + LONG_AFTER, frames->len);
    result->memory = *ss_flow_table_memory(rig.table);
    result->events = is_written ? read_events(&rig, error) : NULL;
    rig_close(&rig);
    return result->events ? g_steal_pointer(&result) : NULL;
}

void
ss_run_result_free(SsRunResult *result)
{
    if (result) {
        g_clear_pointer(&result->events, g_ptr_array_unref);
        g_free(result);
    }
}
