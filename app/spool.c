/*
 * A record is its head as it stands in memory, for nobody else ever reads it, and the bytes.
 */
#include "app/spool.h"

#include <errno.h>

#include "app/scratch.h"
#include "base/event.h"

typedef struct {
    uint64_t frame; /* 0: TLS secrets */
    int64_t time_ns;
    uint32_t link_type;
    uint32_t len;
    uint32_t snap_length;
    uint32_t n_bytes;
    uint8_t time_digits;
} Record;

struct SsSpool {
    FILE *file;
    uint64_t size;
};

typedef struct {
    SsSource base;
    FILE *file; /* the spool's */
    GByteArray *bytes;
    SsSecretsFn on_secrets;
    void *user_data;
} SpoolSource;

/* --- writing --- */

SsSpool *
ss_spool_new(GError **error)
{
    FILE *file = ss_scratch_open_stream(error);
    SsSpool *spool;

    if (!file) {
        return NULL;
    }
    spool = g_new0(SsSpool, 1);
    spool->file = file;
    return spool;
}

static bool
add(SsSpool *spool, const Record *record, SsSlice bytes, GError **error)
{
    if (fwrite(record, sizeof *record, 1, spool->file) != 1 ||
        (bytes.len && fwrite(bytes.data, bytes.len, 1, spool->file) != 1)) {
        return ss_scratch_fail(error, errno);
    }
    spool->size += sizeof *record + bytes.len;
    return true;
}

bool
ss_spool_add(SsSpool *spool, const SsFrame *frame, GError **error)
{
    Record record;

    memset(&record, 0, sizeof record); /* the padding too: no memory of ours goes to the disk */
    record.frame = frame->origin.frame;
    record.time_ns = frame->origin.time_ns;
    record.time_digits = frame->origin.time_digits;
    record.link_type = frame->link_type;
    record.len = frame->len;
    record.snap_length = frame->snap_length;
    record.n_bytes = (uint32_t)frame->bytes.len;
    return add(spool, &record, frame->bytes, error);
}

bool
ss_spool_add_secrets(SsSpool *spool, SsSlice key_log, GError **error)
{
    Record record;

    memset(&record, 0, sizeof record);
    record.n_bytes = (uint32_t)key_log.len;
    return add(spool, &record, key_log, error);
}

uint64_t
ss_spool_size(const SsSpool *spool)
{
    return spool->size;
}

/* --- reading --- */

static SsSourceStatus
fail(GError **error)
{
    g_autoptr(GError) reason = NULL;

    (void)ss_scratch_fail(&reason, errno ? errno : EIO);
    g_set_error_literal(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ, reason->message);
    return SS_SOURCE_ERROR;
}

static SsSourceStatus
spool_next(SsSource *base, SsFrame *ret_frame, GError **error)
{
    SpoolSource *self = (SpoolSource *)base;

    for (;;) {
        Record record;
        SsSlice bytes;

        errno = 0;
        if (fread(&record, sizeof record, 1, self->file) != 1) {
            return ferror(self->file) ? fail(error) : SS_SOURCE_END;
        }
        g_byte_array_set_size(self->bytes, record.n_bytes);
        if (record.n_bytes && fread(self->bytes->data, record.n_bytes, 1, self->file) != 1) {
            return fail(error);
        }
        base->position += sizeof record + record.n_bytes;
        bytes = ss_slice(self->bytes->data, record.n_bytes);
        if (record.frame) {
            ret_frame->origin = (SsOrigin){.frame = record.frame,
                                           .time_ns = record.time_ns,
                                           .time_digits = record.time_digits};
            ret_frame->link_type = record.link_type;
            ret_frame->len = record.len;
            ret_frame->snap_length = record.snap_length;
            ret_frame->bytes = bytes;
            return SS_SOURCE_FRAME;
        }
        if (self->on_secrets) {
            self->on_secrets(self->user_data, bytes);
        }
    }
}

static bool
spool_stats(SsSource *base, SsSourceStats *ret_stats)
{
    (void)base;
    (void)ret_stats;
    return false;
}

static void
spool_close(SsSource *base)
{
    SpoolSource *self = (SpoolSource *)base;

    g_byte_array_unref(self->bytes);
    g_free(base->name);
    g_free(self);
}

static const SsSourceOps SPOOL_OPS = {spool_next, spool_stats, spool_close};

SsSource *
ss_spool_read(SsSpool *spool, SsSecretsFn on_secrets, void *user_data, GError **error)
{
    SpoolSource *self;

    if (fflush(spool->file) != 0 || fseeko(spool->file, 0, SEEK_SET) != 0) {
        (void)ss_scratch_fail(error, errno);
        return NULL;
    }
    self = g_new0(SpoolSource, 1);
    self->base.ops = &SPOOL_OPS;
    self->base.fd = -1;
    self->base.name = g_strdup("what was kept of the packets");
    self->base.size = spool->size;
    self->file = spool->file;
    self->bytes = g_byte_array_new();
    self->on_secrets = on_secrets;
    self->user_data = user_data;
    return &self->base;
}

void
ss_spool_free(SsSpool *spool)
{
    if (spool) {
        fclose(spool->file);
        g_free(spool);
    }
}
