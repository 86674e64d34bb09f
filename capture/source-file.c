/*
 * Capture files: what is the same for all formats. The formats themselves are in source-pcap.c and
 * source-pcapng.c, unpacking and waiting for pipes in reader.c.
 *
 * A pipe whose header has not come when a signal interrupts the wait is opened nevertheless, and
 * its header is read by `next`: the caller can then end in good order.
 */
#include "capture/source-file.h"

#include "base/event.h"

#define MAGIC_LEN 4
#define REMEDY "(pcap or pcapng, plain or gzip, zstd, xz)"

/* Files that people mistake for a capture we can read, and what to do. */
static const struct {
    SsSlice magic;
    const char *what;
} OTHERS[] = {
    {SS_SLICE_INIT("BZh"), "compressed with bzip2: unpack it first"},
    {SS_SLICE_INIT("\x04\x22\x4d\x18"), "compressed with lz4: unpack it first"},
    {SS_SLICE_INIT("PK\x03\x04"), "a zip archive: unpack it first"},
    {SS_SLICE_INIT("Rar!"), "a rar archive: unpack it first"},
    {SS_SLICE_INIT("7z\xbc\xaf"), "a 7z archive: unpack it first"},
    {SS_SLICE_INIT("snoo"), "a snoop file: convert it with `editcap -F pcapng`"},
    {SS_SLICE_INIT("RTSS"), "a Network Monitor file: convert it with `editcap -F pcapng`"},
    {SS_SLICE_INIT("GMBU"), "a Network Monitor file: convert it with `editcap -F pcapng`"},
};

GQuark
ss_source_error_quark(void)
{
    return g_quark_from_static_string("ss-source-error");
}

/* --- how a file ends --- */

/* A damaged packing, in words; NULL where it is not that. */
static char *
describe_packing(const SsReader *reader)
{
    if (!reader->inflate || reader->end != SS_READ_DAMAGED) {
        return NULL;
    }
    const char *format = ss_inflate_format(reader->inflate);
    if (reader->packed_status == SS_INFLATE_CUT) {
        return g_strdup_printf("its %s data are cut short", format);
    }
    return g_strdup_printf("its %s data are corrupt (%s)", format, ss_inflate_why(reader->inflate));
}

/* Where in the file, as a person would look for it. */
static char *
describe_place(const SsFileSource *self, uint64_t offset)
{
    const char *of = self->reader.inflate ? " of the unpacked data" : "";
    if (!self->has_begun) {
        return g_strdup_printf("in its header at byte %" G_GUINT64_FORMAT "%s", offset, of);
    }
    uint64_t number = self->n_packets + (self->is_beside_packets ? 0 : 1);
    return g_strdup_printf("%s packet %" G_GUINT64_FORMAT " at byte %" G_GUINT64_FORMAT "%s",
                           self->is_beside_packets ? "after" : "in", number, offset, of);
}

SsSourceStatus
ss_file_source_end(SsFileSource *self, SsReadStatus status, GError **error)
{
    const SsReader *reader = &self->reader;
    if (status == SS_READ_IDLE) {
        return SS_SOURCE_IDLE;
    }
    self->has_ended = true;
    if (status == SS_READ_FAILED) {
        g_set_error_literal(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ,
                            g_strerror(reader->failure));
        return SS_SOURCE_ERROR;
    }
    size_t rest = ss_reader_rest(reader).len;
    if (status == SS_READ_END && rest == 0) {
        return SS_SOURCE_END;
    }
    g_autofree char *place = describe_place(self, reader->offset + rest);
    g_autofree char *packing = describe_packing(reader);
    g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_DAMAGED, "%s %s",
                packing ? packing : "cut short", place);
    return SS_SOURCE_DAMAGED;
}

SsSourceStatus
ss_file_source_corrupt(SsFileSource *self, const char *how, GError **error)
{
    self->has_ended = true;
    g_autofree char *place = describe_place(self, self->reader.offset);
    g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_DAMAGED, "corrupt %s: %s", place,
                how);
    return SS_SOURCE_DAMAGED;
}

/* --- how it begins --- */

static SsSourceStatus
refuse(GError **error, const char *why)
{
    g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FORMAT, "%s", why);
    return SS_SOURCE_ERROR;
}

static SsSourceStatus
refuse_unknown(SsSlice head, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(OTHERS); i++) {
        SsSlice magic = OTHERS[i].magic;
        if (ss_slice_eq(ss_slice_sub(head, 0, magic.len), magic)) {
            g_autofree char *why = g_strdup_printf("not a capture file but %s", OTHERS[i].what);
            return refuse(error, why);
        }
    }
    return refuse(error, "not a capture file " REMEDY);
}

/* The file is over, or nearly, before its format is known. */
static SsSourceStatus
refuse_short(SsFileSource *self, SsReadStatus status, GError **error)
{
    g_autofree char *packing = describe_packing(&self->reader);
    if (packing) {
        return refuse(error, packing);
    }
    if (status != SS_READ_END) {
        return ss_file_source_end(self, status, error);
    }
    SsSlice rest = ss_reader_rest(&self->reader);
    return rest.len == 0 ? refuse(error, "empty file") : refuse_unknown(rest, error);
}

static SsSourceStatus
find_format(SsFileSource *self, GError **error)
{
    SsReadStatus status = ss_reader_begin(&self->reader);
    SsSlice magic = SS_SLICE_NULL;
    if (status == SS_READ_OK) {
        status = ss_reader_peek(&self->reader, MAGIC_LEN, &magic);
    }
    if (status != SS_READ_OK) {
        return refuse_short(self, status, error);
    }
    self->format = ss_pcap_format(magic);
    if (!self->format) {
        self->format = ss_pcapng_format(magic);
    }
    return self->format ? SS_SOURCE_FRAME : refuse_unknown(magic, error);
}

/* A header that is damaged makes the file one that is no capture. */
static SsSourceStatus
begin(SsFileSource *self, GError **error)
{
    SsSourceStatus status = self->format ? SS_SOURCE_FRAME : find_format(self, error);
    if (status != SS_SOURCE_FRAME) {
        return status;
    }
    g_autoptr(GError) reason = NULL;
    status = self->format->begin(self, &reason);
    if (status == SS_SOURCE_DAMAGED) {
        g_autofree char *why = g_strdup_printf("not a usable capture file: %s", reason->message);
        return refuse(error, why);
    }
    if (reason) {
        g_propagate_error(error, g_steal_pointer(&reason));
    }
    self->has_begun = status == SS_SOURCE_FRAME;
    return status;
}

/* --- the source --- */

static SsSourceStatus
file_next(SsSource *base, SsFrame *ret_frame, GError **error)
{
    SsFileSource *self = (SsFileSource *)base;
    if (self->has_ended) {
        return SS_SOURCE_END;
    }
    SsSourceStatus status = self->has_begun ? SS_SOURCE_FRAME : begin(self, error);
    if (status == SS_SOURCE_FRAME) {
        status = self->format->next(self, ret_frame, error);
    }
    base->position = self->reader.position;
    self->n_packets += status == SS_SOURCE_FRAME;
    self->has_ended = status != SS_SOURCE_FRAME && status != SS_SOURCE_IDLE;
    return status;
}

static bool
file_stats(SsSource *base, SsSourceStats *ret_stats)
{
    (void)base;
    (void)ret_stats;
    return false;
}

static void
file_close(SsSource *base)
{
    SsFileSource *self = (SsFileSource *)base;
    ss_reader_close(&self->reader);
    if (self->pcapng.interfaces) {
        g_array_unref(self->pcapng.interfaces);
    }
    g_free(base->name);
    g_free(self);
}

static const SsSourceOps FILE_OPS = {file_next, file_stats, file_close};

SsSource *
ss_source_file_open(const char *path, SsSecretsFn on_secrets, void *user_data, GError **error)
{
    SsFileSource *self = g_new0(SsFileSource, 1);
    self->base.ops = &FILE_OPS;
    self->base.fd = -1;
    self->base.name = g_strdup(path);
    self->on_secrets = on_secrets;
    self->user_data = user_data;
    g_autoptr(SsSource) source = &self->base;

    if (!ss_reader_open(&self->reader, path, error)) {
        return NULL;
    }
    source->is_live = self->reader.is_live;
    source->size = self->reader.size;

    SsSourceStatus status = SS_SOURCE_IDLE;
    while (status == SS_SOURCE_IDLE && !self->reader.is_interrupted) {
        status = begin(self, error);
    }
    source->position = self->reader.position;
    bool is_open = status == SS_SOURCE_FRAME || status == SS_SOURCE_IDLE;
    return is_open ? g_steal_pointer(&source) : NULL;
}
