/*
 * Live capture by libpcap.
 *
 * The handle does not block: `next` takes what is there and else polls, so that a signal or a quiet
 * network never holds the caller for longer than SS_SOURCE_WAIT_MS. Linux hands packets over in
 * blocks; the timeout given to libpcap is the longest that a block waits to be filled.
 */
#include "capture/source.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>

#include "base/event.h"
#include "base/limits.h"

#define SNAP_LENGTH_DEFAULT 262144
#define BUFFER_MIB_DEFAULT 16
#define BUFFER_MIB_MAX 2047 /* libpcap counts bytes in an int */
#define BLOCK_WAIT_MS 100

#define LINKTYPE_RAW 101

#define REMEDY_RIGHTS "run it as root or give it the capability CAP_NET_RAW"

typedef struct {
    SsSource base;
    pcap_t *pcap;
    uint32_t link_type;
    bool has_nanoseconds;
} SsLiveSource;

static void
set_error(GError **error, int code, const char *why, const char *remedy)
{
    g_set_error(error, SS_SOURCE_ERROR_DOMAIN, code, "%s%s%s", why, remedy ? ": " : "",
                remedy ? remedy : "");
}

/* --- the built-in filter --- */

/* TCP to or from the ports, and what can belong to it without showing its ports. */
static char *
wanted_packets(const uint16_t *ports, size_t n_ports)
{
    g_autoptr(GString) out = g_string_new("tcp");
    for (size_t i = 0; i < n_ports; i++) {
        g_string_append_printf(out, "%sport %u", i ? " or " : " and (", ports[i]);
    }
    g_string_append(out, n_ports ? ")" : "");
    /* Later fragments of IPv4; all of IPv6, whose ports BPF does not find; TCP behind another
     * extension header. */
    g_string_append(out, " or (ip[6:2] & 0x1fff != 0 and ip[9] = 6) or ip6[6] = 44"
                         " or ((ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 60) and ip6[40] = 6)");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* `vlan` moves the offsets of all that follows it, so it stands last, and the second inside the
 * first. */
static char *
wanted_packets_tagged(const char *wanted)
{
    return g_strdup_printf("%s or (vlan and (%s or (vlan and (%s))))", wanted, wanted, wanted);
}

static bool
set_filter(SsLiveSource *self, const char *expression, GError **error)
{
    struct bpf_program program;
    if (pcap_compile(self->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FILTER, "filter `%s`: %s",
                    expression, pcap_geterr(self->pcap));
        return false;
    }
    bool is_set = pcap_setfilter(self->pcap, &program) == 0;
    pcap_freecode(&program);
    if (!is_set) {
        set_error(error, SS_SOURCE_ERROR_OPEN, "its filter cannot be set", pcap_geterr(self->pcap));
    }
    return is_set;
}

/* Link types without VLAN tags, and those without IP, refuse the expressions that speak of them. */
static bool
set_built_in_filter(SsLiveSource *self, const SsLiveOptions *options, GError **error)
{
    g_autofree char *wanted = wanted_packets(options->ports, options->n_ports);
    g_autofree char *tagged = wanted_packets_tagged(wanted);
    return set_filter(self, tagged, NULL) || set_filter(self, wanted, error);
}

/* --- opening --- */

static bool
activate(SsLiveSource *self, GError **error)
{
    int rc = pcap_activate(self->pcap);
    if (rc >= 0) { /* above 0 is a warning: no promiscuous mode, and the like */
        return true;
    }
    switch (rc) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        set_error(error, SS_SOURCE_ERROR_OPEN, "there is no such interface",
                  "-D lists those there are");
        break;
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        set_error(error, SS_SOURCE_ERROR_OPEN, "no permission to capture", REMEDY_RIGHTS);
        break;
    case PCAP_ERROR_IFACE_NOT_UP:
        set_error(error, SS_SOURCE_ERROR_OPEN, "the interface is not up", NULL);
        break;
    default: {
        const char *why = pcap_geterr(self->pcap);
        set_error(error, SS_SOURCE_ERROR_OPEN, *why ? why : pcap_statustostr(rc), NULL);
        break;
    }
    }
    return false;
}

static bool
configure(SsLiveSource *self, const SsLiveOptions *options, GError **error)
{
    int buffer_mib = options->buffer_mib > 0 ? options->buffer_mib : BUFFER_MIB_DEFAULT;
    pcap_set_snaplen(self->pcap,
                     options->snap_length > 0 ? options->snap_length : SNAP_LENGTH_DEFAULT);
    pcap_set_promisc(self->pcap, 1);
    pcap_set_timeout(self->pcap, BLOCK_WAIT_MS);
    pcap_set_buffer_size(self->pcap, MIN(buffer_mib, BUFFER_MIB_MAX) << 20);
    pcap_set_tstamp_precision(self->pcap, PCAP_TSTAMP_PRECISION_NANO); /* else it stays at µs */
    if (!activate(self, error)) {
        return false;
    }
    char reason[PCAP_ERRBUF_SIZE] = "";
    if (pcap_setnonblock(self->pcap, 1, reason) != 0) {
        set_error(error, SS_SOURCE_ERROR_OPEN, reason, NULL);
        return false;
    }
    int dlt = pcap_datalink(self->pcap);
    self->link_type = dlt == DLT_RAW ? LINKTYPE_RAW : (uint32_t)dlt;
    self->has_nanoseconds = pcap_get_tstamp_precision(self->pcap) == PCAP_TSTAMP_PRECISION_NANO;
    self->base.fd = pcap_get_selectable_fd(self->pcap);
    return options->filter ? set_filter(self, options->filter, error)
                           : set_built_in_filter(self, options, error);
}

/* --- the source --- */

static SsSourceStatus
fail_read(SsLiveSource *self, GError **error)
{
    set_error(error, SS_SOURCE_ERROR_READ, pcap_geterr(self->pcap), NULL);
    return SS_SOURCE_ERROR;
}

static SsSourceStatus
take_packet(SsLiveSource *self, SsFrame *ret_frame, GError **error)
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int rc = pcap_next_ex(self->pcap, &header, &bytes);
    if (rc == 0) {
        return SS_SOURCE_IDLE;
    }
    if (rc < 0) {
        return fail_read(self, error);
    }
    int64_t fraction = header->ts.tv_usec;
    ret_frame->origin.time_ns =
        (int64_t)header->ts.tv_sec * SS_NS_PER_S + fraction * (self->has_nanoseconds ? 1 : 1000);
    ret_frame->origin.time_digits = self->has_nanoseconds ? 9 : 6;
    ret_frame->link_type = self->link_type;
    ret_frame->len = MAX(header->len, header->caplen);
    ret_frame->snap_length = (uint32_t)pcap_snapshot(self->pcap);
    ret_frame->bytes = ss_slice(bytes, header->caplen);
    self->base.position += header->caplen;
    return SS_SOURCE_FRAME;
}

static SsSourceStatus
live_next(SsSource *base, SsFrame *ret_frame, GError **error)
{
    SsLiveSource *self = (SsLiveSource *)base;
    SsSourceStatus status = take_packet(self, ret_frame, error);
    if (status != SS_SOURCE_IDLE) {
        return status;
    }
    struct pollfd poll_fd = {.fd = base->fd, .events = POLLIN};
    return poll(&poll_fd, 1, SS_SOURCE_WAIT_MS) > 0 ? take_packet(self, ret_frame, error)
                                                    : SS_SOURCE_IDLE;
}

static bool
live_stats(SsSource *base, SsSourceStats *ret_stats)
{
    SsLiveSource *self = (SsLiveSource *)base;
    struct pcap_stat stat;
    if (pcap_stats(self->pcap, &stat) != 0) {
        return false;
    }
    ret_stats->received = stat.ps_recv;
    ret_stats->dropped = stat.ps_drop;
    ret_stats->dropped_interface = stat.ps_ifdrop;
    return true;
}

static void
live_close(SsSource *base)
{
    SsLiveSource *self = (SsLiveSource *)base;
    if (self->pcap) {
        pcap_close(self->pcap);
    }
    g_free(base->name);
    g_free(self);
}

static const SsSourceOps LIVE_OPS = {live_next, live_stats, live_close};

SsSource *
ss_source_live_open(const SsLiveOptions *options, GError **error)
{
    SsLiveSource *self = g_new0(SsLiveSource, 1);
    self->base.ops = &LIVE_OPS;
    self->base.fd = -1;
    self->base.name = g_strdup(options->interface);
    self->base.is_live = true;
    self->base.size = SS_COUNT_NONE;
    g_autoptr(SsSource) source = &self->base;

    char reason[PCAP_ERRBUF_SIZE] = "";
    self->pcap = pcap_create(options->interface, reason);
    if (!self->pcap) {
        set_error(error, SS_SOURCE_ERROR_OPEN, reason, NULL);
        return NULL;
    }
    return configure(self, options, error) ? g_steal_pointer(&source) : NULL;
}

/* --- the list --- */

static const char *
connection_word(bpf_u_int32 flags)
{
    if (flags & PCAP_IF_LOOPBACK) {
        return NULL;
    }
    switch (flags & PCAP_IF_CONNECTION_STATUS) {
    case PCAP_IF_CONNECTION_STATUS_CONNECTED:
        return "Connected";
    case PCAP_IF_CONNECTION_STATUS_DISCONNECTED:
        return "Disconnected";
    case PCAP_IF_CONNECTION_STATUS_UNKNOWN:
        return "Connection status unknown";
    default:
        return NULL;
    }
}

static void
print_interface(unsigned number, const pcap_if_t *interface)
{
    const char *words[5];
    size_t n = 0;
    if (interface->flags & PCAP_IF_UP) {
        words[n++] = "Up";
    }
    if (interface->flags & PCAP_IF_RUNNING) {
        words[n++] = "Running";
    }
    if (interface->flags & PCAP_IF_LOOPBACK) {
        words[n++] = "Loopback";
    }
    if (interface->flags & PCAP_IF_WIRELESS) {
        words[n++] = "Wireless";
    }
    const char *connection = connection_word(interface->flags);
    if (connection) {
        words[n++] = connection;
    }

    g_print("%u.%s", number, interface->name);
    if (interface->description) {
        g_print(" (%s)", interface->description);
    }
    for (size_t i = 0; i < n; i++) {
        g_print("%s%s", i ? ", " : " [", words[i]);
    }
    g_print("%s\n", n ? "]" : " [none]");
}

bool
ss_source_live_list(GError **error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    pcap_if_t *interfaces = NULL;
    if (pcap_findalldevs(&interfaces, reason) != 0) {
        set_error(error, SS_SOURCE_ERROR_OPEN, "interfaces cannot be listed", reason);
        return false;
    }
    unsigned number = 1;
    for (const pcap_if_t *interface = interfaces; interface; interface = interface->next) {
        print_interface(number++, interface);
    }
    pcap_freealldevs(interfaces);
    return true;
}
