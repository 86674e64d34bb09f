/*
 * BPF expressions on frames of files. What an expression compiles to depends on the link type, and
 * files may mix them: each type met gets a program of its own.
 */
#include "capture/source.h"

#include <pcap/pcap.h>

#define SNAP_LENGTH 262144

enum {
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_RAW = 101,
};

typedef struct {
    uint32_t link_type;
    bool has_program; /* else it did not compile: nothing matches */
    struct bpf_program program;
} Program;

struct SsFilter {
    char *expression;
    GArray *programs; /* of Program */
    guint last;       /* index of the one used last: most files have one link type */
    char *warning;
};

/* libpcap wants the values of DLT_*, which differ from those in files for raw IP. */
static int
dlt_of(uint32_t link_type)
{
    return link_type == LINKTYPE_RAW ? DLT_RAW : (int)link_type;
}

static bool
compile(const char *expression, uint32_t link_type, struct bpf_program *ret_program, GError **error)
{
    pcap_t *pcap = pcap_open_dead(dlt_of(link_type), SNAP_LENGTH);
    if (!pcap) {
        g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FILTER, "out of memory");
        return false;
    }
    bool is_ok = pcap_compile(pcap, ret_program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!is_ok) {
        g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FILTER, "filter `%s`: %s",
                    expression, pcap_geterr(pcap));
    }
    pcap_close(pcap);
    return is_ok;
}

static void
clear_program(gpointer data)
{
    Program *program = data;
    if (program->has_program) {
        pcap_freecode(&program->program);
    }
}

/* Adds the program for a link type; without one, where it does not compile. */
static bool
add_program(SsFilter *self, uint32_t link_type, GError **error)
{
    Program program = {.link_type = link_type};
    program.has_program = compile(self->expression, link_type, &program.program, error);
    g_array_append_val(self->programs, program);
    self->last = self->programs->len - 1;
    return program.has_program;
}

/* An expression is sound if it is for Ethernet, or else for bare IP packets. */
SsFilter *
ss_filter_new(const char *expression, GError **error)
{
    g_autoptr(SsFilter) self = g_new0(SsFilter, 1);
    self->expression = g_strdup(expression);
    self->programs = g_array_new(FALSE, FALSE, sizeof(Program));
    g_array_set_clear_func(self->programs, clear_program);

    g_autoptr(GError) reason = NULL;
    if (!add_program(self, LINKTYPE_ETHERNET, &reason) && !add_program(self, LINKTYPE_RAW, NULL)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    return g_steal_pointer(&self);
}

static const Program *
find_program(SsFilter *self, uint32_t link_type)
{
    for (guint i = 0; i < self->programs->len; i++) {
        if (g_array_index(self->programs, Program, i).link_type == link_type) {
            self->last = i;
            return &g_array_index(self->programs, Program, i);
        }
    }
    g_autoptr(GError) reason = NULL;
    if (!add_program(self, link_type, &reason)) {
        g_free(self->warning);
        self->warning = g_strdup_printf("packets of link type %u match nothing: %s", link_type,
                                        reason->message);
    }
    return &g_array_index(self->programs, Program, self->last);
}

bool
ss_filter_matches(SsFilter *filter, const SsFrame *frame)
{
    const Program *program = &g_array_index(filter->programs, Program, filter->last);
    if (program->link_type != frame->link_type) {
        program = find_program(filter, frame->link_type);
    }
    if (!program->has_program) {
        return false;
    }
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->bytes.len, .len = frame->len};
    return pcap_offline_filter(&program->program, &header, frame->bytes.data) != 0;
}

char *
ss_filter_steal_warning(SsFilter *filter)
{
    return g_steal_pointer(&filter->warning);
}

void
ss_filter_free(SsFilter *filter)
{
    if (filter) {
        g_array_unref(filter->programs);
        g_free(filter->expression);
        g_free(filter->warning);
        g_free(filter);
    }
}
