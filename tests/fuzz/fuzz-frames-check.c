/*
 * Between reassembly and SMTP: whether the joint's promises (dissect/stream.h) are kept.
 */
#include "fuzz-frames.h"
#include "fuzz.h"

typedef struct {
    SsStreamFactory base;
    SsStreamFactory *inner;
    const uint64_t *frame;
    unsigned n_open;
} Factory;

typedef struct {
    SsStreamSink base;
    SsStreamSink *inner;
    Factory *factory;
    const SsConnection *connection;
    uint64_t bytes[2], missing[2];
    bool is_connected;
} Stream;

static void
check_origin(const Stream *stream, const SsOrigin *origin)
{
    if (origin->frame == 0 || origin->frame > *stream->factory->frame) {
        ss_fuzz_fail("an origin of packet %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
                     origin->frame, *stream->factory->frame);
    }
}

/* The connection counts before it tells. */
static void
check_counts(const Stream *stream)
{
    for (int i = 0; i < 2; i++) {
        const SsConnectionEnd *half = &stream->connection->half[i];
        if (half->packets == 0) {
            continue; /* not captured: what the other side acknowledged is missing, and no gap */
        }
        if (half->bytes != stream->bytes[i] || half->missing_bytes != stream->missing[i]) {
            ss_fuzz_fail("%" G_GUINT64_FORMAT " bytes and %" G_GUINT64_FORMAT
                         " missing were told, %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT
                         " counted",
                         stream->bytes[i], stream->missing[i], half->bytes, half->missing_bytes);
        }
    }
}

static void
on_data(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Stream *stream = (Stream *)self;

    check_origin(stream, origin);
    if (!bytes.len) {
        ss_fuzz_fail("no bytes");
    }
    stream->bytes[direction] += bytes.len;
    check_counts(stream);
    stream->inner->ops->data(stream->inner, direction, bytes, origin);
}

static void
on_gap(SsStreamSink *self, SsDirection direction, uint64_t n, SsGapCause cause,
       const SsOrigin *origin)
{
    Stream *stream = (Stream *)self;

    check_origin(stream, origin);
    if (n == 0 || n > UINT32_MAX || cause > SS_GAP_UNKNOWN) {
        ss_fuzz_fail("a gap of %" G_GUINT64_FORMAT " bytes, cause %d", n, (int)cause);
    }
    stream->missing[direction] += n;
    check_counts(stream);
    stream->inner->ops->gap(stream->inner, direction, n, cause, origin);
}

static void
on_connected(SsStreamSink *self, const SsOrigin *origin)
{
    Stream *stream = (Stream *)self;

    check_origin(stream, origin);
    if (stream->is_connected) {
        ss_fuzz_fail("connected twice");
    }
    stream->is_connected = true;
    stream->inner->ops->connected(stream->inner, origin);
}

static void
check_readings(const SsConflict *conflict)
{
    size_t n = conflict->taken.len;

    if (conflict->len == 0 || !conflict->other.len || conflict->other.len > conflict->len ||
        conflict->other.len > SS_CONFLICT_SHOWN || n > conflict->len) {
        ss_fuzz_fail("readings of %zu and %zu bytes of %" G_GUINT64_FORMAT, n, conflict->other.len,
                     conflict->len);
    }
    if (conflict->doubts & SS_REMARKS(SS_REMARK_URGENT) && n == 0) {
        return; /* one reading has the byte, the other does not */
    }
    if (n == 0 || n != conflict->other.len || conflict->taken.data[0] == conflict->other.data[0] ||
        (n == conflict->len && conflict->taken.data[n - 1] == conflict->other.data[n - 1])) {
        ss_fuzz_fail("two readings of %zu and %zu bytes of %" G_GUINT64_FORMAT ", alike at an end",
                     n, conflict->other.len, conflict->len);
    }
}

static void
on_conflict(SsStreamSink *self, SsDirection direction, const SsConflict *conflict)
{
    Stream *stream = (Stream *)self;

    check_origin(stream, &conflict->taken_from);
    check_origin(stream, &conflict->other_from);
    check_readings(conflict);
    if (conflict->doubts >> SS_N_REMARKS) {
        ss_fuzz_fail("doubts that are no remarks");
    }
    stream->inner->ops->conflict(stream->inner, direction, conflict);
}

static void
on_remark(SsStreamSink *self, SsDirection direction, SsRemark remark, const SsOrigin *origin)
{
    Stream *stream = (Stream *)self;

    check_origin(stream, origin);
    if (remark >= SS_N_REMARKS || direction > SS_SERVER) {
        ss_fuzz_fail("not a remark");
    }
    stream->inner->ops->remark(stream->inner, direction, remark, origin);
}

static void
on_close(SsStreamSink *self, SsCloseReason reason, SsDirection by)
{
    Stream *stream = (Stream *)self;

    if (!stream->connection->is_ignored) {
        check_counts(stream);
    }
    stream->factory->n_open--;
    stream->inner->ops->close(stream->inner, reason, by);
    g_free(stream);
}

static const SsStreamSinkOps ops = {
    .data = on_data,
    .gap = on_gap,
    .connected = on_connected,
    .conflict = on_conflict,
    .remark = on_remark,
    .close = on_close,
};

static SsStreamSink *
open_stream(SsStreamFactory *self, SsConnection *connection)
{
    Factory *factory = (Factory *)self;
    Stream *stream = g_new0(Stream, 1);

    stream->base.ops = &ops;
    stream->inner = factory->inner->open(factory->inner, connection);
    stream->factory = factory;
    stream->connection = connection;
    factory->n_open++;
    return &stream->base;
}

static int
who_says(const SsStreamFactory *self, SsSlice bytes)
{
    const Factory *factory = (const Factory *)self;

    return factory->inner->who_says(factory->inner, bytes);
}

SsStreamFactory *
ss_fuzz_checked_new(SsStreamFactory *inner, const uint64_t *frame)
{
    Factory *factory = g_new0(Factory, 1);

    factory->base.open = open_stream;
    factory->base.who_says = who_says;
    factory->inner = inner;
    factory->frame = frame;
    return &factory->base;
}

void
ss_fuzz_checked_free(SsStreamFactory *self)
{
    if (((Factory *)self)->n_open) {
        ss_fuzz_fail("streams that were never closed");
    }
    g_free(self);
}
