#include "capture/inflate.h"

#define ZLIB_CONST /* its input is const, if asked */

#include <glib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

/* Memory for xz; its strongest preset needs 65 MiB, zstd stops at 128 MiB by itself. */
#define XZ_MEMORY_MAX (UINT64_C(128) << 20)

/* Keeps lengths within the `unsigned` that zlib counts in. */
#define STEP_MAX ((size_t)1 << 30)

typedef struct {
    const char *name;
    SsSlice magic;
    bool (*init)(SsInflate *self);
    SsInflateStatus (*step)(SsInflate *self, SsSlice *in, bool is_last, uint8_t *out, size_t room,
                            size_t *ret_n);
    void (*clear)(SsInflate *self);
} Format;

struct SsInflate {
    const Format *format;
    const char *why;
    bool is_between; /* members: the input may end here */
    union {
        z_stream gzip;
        ZSTD_DStream *zstd;
        lzma_stream xz;
    };
};

static SsInflateStatus
corrupt(SsInflate *self, const char *why)
{
    self->why = why ? why : "not in its format";
    return SS_INFLATE_CORRUPT;
}

/* Neither input nor output went on: the end, if no input is to come. */
static SsInflateStatus
stalled(const SsInflate *self, bool is_last)
{
    if (!is_last) {
        return SS_INFLATE_MORE;
    }
    return self->is_between ? SS_INFLATE_END : SS_INFLATE_CUT;
}

/* --- gzip, RFC 1952 --- */

static bool
gzip_init(SsInflate *self)
{
    return inflateInit2(&self->gzip, 15 + 16) == Z_OK;
}

/* What follows a member: another one, or the zeros that tapes are filled up with. */
static SsInflateStatus
gzip_begin_member(SsInflate *self, SsSlice *in, bool is_last)
{
    while (in->len > 0 && in->data[0] == 0) {
        *in = ss_slice_from(*in, 1);
    }
    if (in->len == 0) {
        return stalled(self, is_last);
    }
    if (in->data[0] != 0x1f) {
        return corrupt(self, "bytes behind its end");
    }
    self->is_between = false;
    return inflateReset(&self->gzip) == Z_OK ? SS_INFLATE_MORE : corrupt(self, NULL);
}

static SsInflateStatus
gzip_step(SsInflate *self, SsSlice *in, bool is_last, uint8_t *out, size_t room, size_t *ret_n)
{
    if (self->is_between) {
        SsInflateStatus status = gzip_begin_member(self, in, is_last);
        if (status != SS_INFLATE_MORE || in->len == 0) {
            return status;
        }
    }
    z_stream *z = &self->gzip;
    z->next_in = in->data;
    z->avail_in = (uInt)in->len;
    z->next_out = out;
    z->avail_out = (uInt)room;
    int rc = inflate(z, Z_NO_FLUSH);
    *ret_n = room - z->avail_out;
    *in = ss_slice_from(*in, in->len - z->avail_in);

    if (rc == Z_STREAM_END) {
        self->is_between = true;
        return SS_INFLATE_MORE;
    }
    if (rc != Z_OK && rc != Z_BUF_ERROR) {
        return corrupt(self, z->msg);
    }
    return *ret_n == 0 && in->len == 0 ? stalled(self, is_last) : SS_INFLATE_MORE;
}

static void
gzip_clear(SsInflate *self)
{
    inflateEnd(&self->gzip);
}

/* --- zstd, RFC 8878 --- */

static bool
zstd_init(SsInflate *self)
{
    self->zstd = ZSTD_createDStream();
    return self->zstd != NULL;
}

static SsInflateStatus
zstd_step(SsInflate *self, SsSlice *in, bool is_last, uint8_t *out, size_t room, size_t *ret_n)
{
    if (self->is_between && in->len == 0) {
        return stalled(self, is_last);
    }
    ZSTD_inBuffer from = {in->data, in->len, 0};
    ZSTD_outBuffer to = {out, room, 0};
    size_t rc = ZSTD_decompressStream(self->zstd, &to, &from);
    *ret_n = to.pos;
    *in = ss_slice_from(*in, from.pos);

    if (ZSTD_isError(rc)) {
        return corrupt(self, ZSTD_getErrorName(rc));
    }
    self->is_between = rc == 0;
    return to.pos == 0 && in->len == 0 ? stalled(self, is_last) : SS_INFLATE_MORE;
}

static void
zstd_clear(SsInflate *self)
{
    ZSTD_freeDStream(self->zstd);
}

/* --- xz --- */

static bool
xz_init(SsInflate *self)
{
    self->xz = (lzma_stream)LZMA_STREAM_INIT;
    return lzma_stream_decoder(&self->xz, XZ_MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK;
}

static SsInflateStatus
xz_step(SsInflate *self, SsSlice *in, bool is_last, uint8_t *out, size_t room, size_t *ret_n)
{
    lzma_stream *xz = &self->xz;
    xz->next_in = in->data;
    xz->avail_in = in->len;
    xz->next_out = out;
    xz->avail_out = room;
    lzma_ret rc = lzma_code(xz, is_last ? LZMA_FINISH : LZMA_RUN);
    *ret_n = room - xz->avail_out;
    *in = ss_slice_from(*in, in->len - xz->avail_in);

    switch (rc) {
    case LZMA_OK:
        return SS_INFLATE_MORE;
    case LZMA_BUF_ERROR:
        return stalled(self, is_last);
    case LZMA_STREAM_END:
        return SS_INFLATE_END;
    case LZMA_MEMLIMIT_ERROR:
    case LZMA_MEM_ERROR:
        return corrupt(self, "needs too much memory");
    case LZMA_OPTIONS_ERROR:
        return corrupt(self, "packed in a way that is not known");
    case LZMA_FORMAT_ERROR:
        return corrupt(self, "bytes behind its end");
    default:
        return corrupt(self, "data do not fit their checks");
    }
}

static void
xz_clear(SsInflate *self)
{
    lzma_end(&self->xz);
}

/* --- */

static const Format FORMATS[] = {
    {"gzip", SS_SLICE_INIT("\x1f\x8b"), gzip_init, gzip_step, gzip_clear},
    {"zstd", SS_SLICE_INIT("\x28\xb5\x2f\xfd"), zstd_init, zstd_step, zstd_clear},
    {"xz",
     SS_SLICE_INIT("\xfd"
                   "7zXZ\0"),
     xz_init, xz_step, xz_clear},
};

SsInflate *
ss_inflate_new(SsSlice head)
{
    for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
        const Format *format = &FORMATS[i];
        if (!ss_slice_eq(ss_slice_sub(head, 0, format->magic.len), format->magic)) {
            continue;
        }
        SsInflate *self = g_new0(SsInflate, 1);
        self->format = format;
        if (!format->init(self)) {
            g_error("no memory to unpack %s", format->name);
        }
        return self;
    }
    return NULL;
}

const char *
ss_inflate_format(const SsInflate *self)
{
    return self->format->name;
}

const char *
ss_inflate_why(const SsInflate *self)
{
    return self->why;
}

SsInflateStatus
ss_inflate_step(SsInflate *self, SsSlice *in, bool is_last, uint8_t *out, size_t room,
                size_t *ret_n)
{
    *ret_n = 0;
    return self->format->step(self, in, is_last, out, MIN(room, STEP_MAX), ret_n);
}

void
ss_inflate_free(SsInflate *self)
{
    if (self) {
        self->format->clear(self);
        g_free(self);
    }
}
