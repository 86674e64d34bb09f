#include "app/excerpt.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "app/again.h"
#include "app/frame-map.h"
#include "app/scratch.h"
#include "app/spool.h"
#include "base/limits.h"
#include "capture/writer.h"
#include "output/tell.h"
#include "version.h"

/* What libpcap takes for no limit, and writes itself. */
#define NO_SNAP_LENGTH 262144

#define SHOW_EVERY 1024 /* frames */

/* Link type and resolution of frames, and what is known of those that were noted. */
typedef struct {
    SsCaptureKind kind;
    uint32_t snap_length; /* the largest */
    uint32_t longest;     /* captured bytes */
    int64_t last_s;       /* the latest second */
    bool is_kept;         /* a frame that is kept is of it */
    size_t interface;     /* its number in the file that is written */
} Kind;

/* Of a connection that is kept, for the comment. */
typedef struct {
    uint64_t session;
    uint64_t uid;
} Session;

struct SsExcerpt {
    char *dest;
    bool is_quiet;
    bool is_pcapng; /* asked for by the name: with secrets and comments */
    GArray *kinds;  /* of Kind */
    uint32_t kind;  /* of the last frame */
    SsFrameMap *map;
    SsAgain *again;    /* the files can be read again, or … */
    SsSpool *spool;    /* … this holds what is needed */
    GByteArray *ended; /* connections of which it is known whether they are kept … */
    GByteArray *kept;  /* … and those that are, a bit each */
    int sessions;      /* file of Session at the place of its connection's number; -1: none */
    uint64_t n_secrets;
    bool has_failed;
    GError *error; /* NULL: nothing failed, or it was stolen */
};

/* --- sets of connections --- */

static bool
has(const GByteArray *set, uint64_t flow)
{
    return flow / 8 < set->len && (set->data[flow / 8] >> (flow % 8) & 1);
}

static void
put(GByteArray *set, uint64_t flow)
{
    guint before = set->len;

    if (flow / 8 >= before) {
        g_byte_array_set_size(set, (guint)(flow / 8 + 1));
        memset(set->data + before, 0, set->len - before);
    }
    set->data[flow / 8] |= (uint8_t)(1 << (flow % 8));
}

/* --- while packets are read --- */

SsExcerpt *
ss_excerpt_new(const char *dest, bool is_quiet, GError **error)
{
    g_autoptr(SsExcerpt) excerpt = g_new0(SsExcerpt, 1);

    excerpt->dest = g_strdup(dest);
    excerpt->is_quiet = is_quiet;
    excerpt->is_pcapng = g_str_has_suffix(dest, ".pcapng");
    excerpt->kinds = g_array_new(FALSE, FALSE, sizeof(Kind));
    excerpt->ended = g_byte_array_new();
    excerpt->kept = g_byte_array_new();
    excerpt->sessions = excerpt->is_pcapng ? ss_scratch_open(error) : -1;
    if (excerpt->is_pcapng && excerpt->sessions < 0) {
        return NULL;
    }
    excerpt->map = ss_frame_map_new(error);
    return excerpt->map ? g_steal_pointer(&excerpt) : NULL;
}

void
ss_excerpt_begin(SsExcerpt *excerpt, const SsAppInputs *inputs)
{
    excerpt->again = ss_again_new(inputs);
    if (!excerpt->again) {
        excerpt->spool = ss_spool_new(&excerpt->error);
        excerpt->has_failed = !excerpt->spool;
    }
}

/*
 * What is finer than the capture's digits say (times in fractions of two) is kept too. Only frames
 * of IP are noted, so there are few kinds.
 */
static SsCaptureKind
kind_of(const SsFrame *frame)
{
    bool is_fine = frame->origin.time_digits == 9 || frame->origin.time_ns % 1000 != 0;

    return (SsCaptureKind){frame->link_type, is_fine ? 9 : 6};
}

static bool
find_kind(const SsExcerpt *excerpt, SsCaptureKind wanted, uint32_t *ret_kind)
{
    for (guint i = 0; i < excerpt->kinds->len; i++) {
        SsCaptureKind kind = g_array_index(excerpt->kinds, Kind, i).kind;
        if (kind.link_type == wanted.link_type && kind.time_digits == wanted.time_digits) {
            *ret_kind = i;
            return true;
        }
    }
    return false;
}

static uint32_t
note_kind(SsExcerpt *excerpt, const SsFrame *frame)
{
    Kind fresh = {.kind = kind_of(frame)};
    Kind *kind;

    if (!find_kind(excerpt, fresh.kind, &excerpt->kind)) {
        excerpt->kind = excerpt->kinds->len;
        g_array_append_val(excerpt->kinds, fresh);
    }
    kind = &g_array_index(excerpt->kinds, Kind, excerpt->kind);
    kind->snap_length =
        MAX(kind->snap_length, frame->snap_length ? frame->snap_length : NO_SNAP_LENGTH);
    kind->longest = MAX(kind->longest, (uint32_t)frame->bytes.len);
    kind->last_s = MAX(kind->last_s, frame->origin.time_ns / SS_NS_PER_S);
    return excerpt->kind;
}

static bool
is_dropped(const SsExcerpt *excerpt, uint64_t flow)
{
    return has(excerpt->ended, flow) && !has(excerpt->kept, flow);
}

void
ss_excerpt_add(SsExcerpt *excerpt, const SsFrame *frame, uint64_t flow, const uint64_t *fragments,
               size_t n_fragments)
{
    SsFrameEntry entry = {.frame = frame->origin.frame, .flow = flow};
    GError **error = &excerpt->error;

    if (excerpt->has_failed || flow == 0 || is_dropped(excerpt, flow)) {
        return;
    }
    entry.kind = note_kind(excerpt, frame);
    excerpt->has_failed = !ss_frame_map_add(excerpt->map, &entry, error) ||
                          (excerpt->spool && !ss_spool_add(excerpt->spool, frame, error));
    for (size_t i = 0; i < n_fragments && !excerpt->has_failed; i++) {
        excerpt->has_failed = !ss_frame_map_resolve(excerpt->map, fragments[i], flow, error);
    }
}

void
ss_excerpt_add_fragment(SsExcerpt *excerpt, const SsFrame *frame)
{
    SsFrameEntry entry = {.frame = frame->origin.frame};
    GError **error = &excerpt->error;

    if (excerpt->has_failed) {
        return;
    }
    entry.kind = note_kind(excerpt, frame);
    excerpt->has_failed = !ss_frame_map_add_fragment(excerpt->map, &entry, error) ||
                          (excerpt->spool && !ss_spool_add(excerpt->spool, frame, error));
}

void
ss_excerpt_add_secrets(void *user_data, SsSlice key_log)
{
    SsExcerpt *excerpt = user_data;

    excerpt->n_secrets++;
    if (excerpt->spool && excerpt->is_pcapng && !excerpt->has_failed) {
        excerpt->has_failed = !ss_spool_add_secrets(excerpt->spool, key_log, &excerpt->error);
    }
}

void
ss_excerpt_end_flow(void *user_data, uint64_t flow, const SsConnection *connection)
{
    SsExcerpt *excerpt = user_data;
    Session session = {connection->session, connection->uid};

    put(excerpt->ended, flow);
    if (!connection->session) {
        return;
    }
    put(excerpt->kept, flow);
    if (excerpt->sessions >= 0 && !excerpt->has_failed &&
        pwrite(excerpt->sessions, &session, sizeof session, (off_t)(flow * sizeof session)) !=
            sizeof session) {
        excerpt->has_failed = true;
        (void)ss_scratch_fail(&excerpt->error, errno ? errno : ENOSPC);
    }
}

bool
ss_excerpt_has_failed(const SsExcerpt *excerpt)
{
    return excerpt->has_failed;
}

bool
ss_excerpt_steal_error(SsExcerpt *excerpt, GError **error)
{
    if (!excerpt->error) {
        return false;
    }
    g_propagate_error(error, g_steal_pointer(&excerpt->error));
    return true;
}

void
ss_excerpt_free(SsExcerpt *excerpt)
{
    if (!excerpt) {
        return;
    }
    ss_frame_map_free(excerpt->map);
    ss_again_free(excerpt->again);
    ss_spool_free(excerpt->spool);
    g_array_unref(excerpt->kinds);
    g_byte_array_unref(excerpt->ended);
    g_byte_array_unref(excerpt->kept);
    if (excerpt->sessions >= 0) {
        close(excerpt->sessions);
    }
    g_clear_error(&excerpt->error);
    g_free(excerpt->dest);
    g_free(excerpt);
}

/* --- at the end --- */

typedef struct {
    SsExcerpt *excerpt;
    SsCaptureWriter *writer;
    SsFile *file;
    SsSource *source;
    SsProgress *progress;
    SsFrameEntry next;  /* to be written; its `frame` is 0 where there is none left */
    uint64_t n_secrets; /* met so far */
    GByteArray *begun;  /* connections whose first packet is written */
    bool is_over;       /* the file takes no more: it says why when it is closed */
} Copy;

/* The next frame whose connection is kept. */
static bool
next_entry(const SsExcerpt *excerpt, SsFrameEntry *ret_entry, GError **error)
{
    do {
        if (!ss_frame_map_next(excerpt->map, ret_entry, error)) {
            return false;
        }
    } while (ret_entry->frame && !has(excerpt->kept, ret_entry->flow));
    return true;
}

/* What the file's header must know of the packets. */
static bool
find_kept_kinds(SsExcerpt *excerpt, GError **error)
{
    SsFrameEntry entry;

    if (!ss_frame_map_rewind(excerpt->map, error)) {
        return false;
    }
    do {
        if (!next_entry(excerpt, &entry, error)) {
            return false;
        }
        if (entry.frame) {
            g_array_index(excerpt->kinds, Kind, entry.kind).is_kept = true;
        }
    } while (entry.frame);
    return ss_frame_map_rewind(excerpt->map, error);
}

/* Why pcap cannot hold the packets; NULL where it can. */
static const char *
why_not_pcap(const GArray *kinds)
{
    const Kind *first = NULL;

    for (guint i = 0; i < kinds->len; i++) {
        const Kind *kind = &g_array_index(kinds, Kind, i);
        if (!kind->is_kept) {
            continue;
        }
        if (first && kind->kind.link_type != first->kind.link_type) {
            return "its packets have different link types";
        }
        if (kind->last_s > SS_PCAP_SECONDS_MAX) {
            return "its packets are from after 2106";
        }
        first = kind;
    }
    return NULL;
}

/* One for all: there are readers that want it so. */
static uint32_t
snap_length_of(const GArray *kinds)
{
    uint32_t snap_length = 0;

    for (guint i = 0; i < kinds->len; i++) {
        const Kind *kind = &g_array_index(kinds, Kind, i);
        if (kind->is_kept) {
            snap_length = MAX(snap_length, MAX(kind->snap_length, kind->longest));
        }
    }
    return snap_length ? snap_length : NO_SNAP_LENGTH;
}

static bool
write_to_file(void *user_data, const void *bytes, size_t len)
{
    return ss_file_write(user_data, bytes, len);
}

static SsCaptureWriter *
open_writer(SsExcerpt *excerpt, SsFile *file)
{
    g_autoptr(GArray) interfaces = g_array_new(FALSE, FALSE, sizeof(SsCaptureKind));
    const char *why = why_not_pcap(excerpt->kinds);
    SsCaptureWriterOptions options = {
        .is_pcapng = excerpt->is_pcapng || why,
        .application = "smtpscope " SS_VERSION,
        .snap_length = snap_length_of(excerpt->kinds),
        .write = write_to_file,
        .user_data = file,
    };

    for (guint i = 0; i < excerpt->kinds->len; i++) {
        Kind *kind = &g_array_index(excerpt->kinds, Kind, i);
        if (kind->is_kept) {
            kind->interface = interfaces->len;
            g_array_append_val(interfaces, kind->kind);
        }
    }
    options.kinds = (const SsCaptureKind *)(void *)interfaces->data;
    options.n_kinds = interfaces->len;
    if (why && !excerpt->is_pcapng && !excerpt->is_quiet) {
        ss_tell("-w %s: written as pcapng: %s, which pcap cannot hold", excerpt->dest, why);
    }
    if (excerpt->n_secrets && !excerpt->is_pcapng && !excerpt->is_quiet) {
        ss_tell("-w %s: without the TLS secrets of the input: name it FILE.pcapng to keep them",
                excerpt->dest);
    }
    return ss_capture_writer_new(&options);
}

/* Secrets stand where they stood between the packets. */
static void
copy_secrets(void *user_data, SsSlice key_log)
{
    Copy *copy = user_data;

    copy->n_secrets++;
    if (copy->excerpt->is_pcapng) {
        copy->is_over |= !ss_capture_writer_secrets(copy->writer, key_log);
    }
}

/* With the first packet of a session; an empty text with others. */
static bool
make_comment(Copy *copy, uint64_t flow, char text[96], GError **error)
{
    Session session;
    ssize_t n;

    text[0] = 0;
    if (copy->excerpt->sessions < 0 || has(copy->begun, flow)) {
        return true;
    }
    put(copy->begun, flow);
    n = pread(copy->excerpt->sessions, &session, sizeof session, (off_t)(flow * sizeof session));
    if (n != sizeof session) {
        return ss_scratch_fail(error, n < 0 ? errno : EIO);
    }
    g_snprintf(text, 96, "smtpscope: session %" PRIu64 ", uid %016" PRIx64, session.session,
               session.uid);
    return true;
}

static bool
copy_frame(Copy *copy, const SsFrame *frame, GError **error)
{
    uint32_t kind;
    char comment[96];

    /* Where the files were exchanged for others, there can be anything. */
    if (!find_kind(copy->excerpt, kind_of(frame), &kind) || kind != copy->next.kind) {
        g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ,
                    "packet %" PRIu64 " is another one than at the first reading",
                    copy->next.frame);
        return false;
    }
    if (!make_comment(copy, copy->next.flow, comment, error)) {
        return false;
    }
    copy->is_over |= !ss_capture_writer_packet(
        copy->writer, g_array_index(copy->excerpt->kinds, Kind, kind).interface, frame,
        ss_slice_str(comment));
    return next_entry(copy->excerpt, &copy->next, error);
}

static void
show(Copy *copy, uint64_t n)
{
    SsProgressCount count = {
        .is_again = true,
        .done = copy->source->position,
        .total = copy->source->size,
    };

    if (n % SHOW_EVERY == 0 && ss_progress_is_due(copy->progress)) {
        ss_progress_show(copy->progress, &count);
    }
}

/* Reads as far as there is something to copy. */
static bool
copy_all(Copy *copy, GError **error)
{
    for (uint64_t n = 1;; n++) {
        bool wants_secrets = copy->excerpt->is_pcapng && copy->n_secrets < copy->excerpt->n_secrets;
        SsFrame frame;

        if (copy->is_over || (copy->next.frame == 0 && !wants_secrets)) {
            return true;
        }
        switch (copy->source->ops->next(copy->source, &frame, error)) {
        case SS_SOURCE_FRAME:
            if (frame.origin.frame == copy->next.frame && !copy_frame(copy, &frame, error)) {
                return false;
            }
            break;
        case SS_SOURCE_IDLE:
            break;
        case SS_SOURCE_END:
        case SS_SOURCE_DAMAGED:
            g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ,
                        "%s have fewer packets than at the first reading", copy->source->name);
            return false;
        case SS_SOURCE_ERROR:
            return false;
        }
        show(copy, n);
    }
}

bool
ss_excerpt_write(SsExcerpt *excerpt, SsFile *file, SsProgress *progress, GError **error)
{
    g_autoptr(SsCaptureWriter) writer = NULL;
    g_autoptr(SsSource) source = NULL;
    g_autoptr(GByteArray) begun = g_byte_array_new();
    Copy copy = {.excerpt = excerpt, .file = file, .progress = progress, .begun = begun};
    bool is_done;

    if (excerpt->has_failed) {
        (void)ss_excerpt_steal_error(excerpt, error);
        return false;
    }
    source = excerpt->again ? ss_again_read(excerpt->again, copy_secrets, &copy)
                            : ss_spool_read(excerpt->spool, copy_secrets, &copy, error);
    if (!source || !find_kept_kinds(excerpt, error) || !next_entry(excerpt, &copy.next, error)) {
        return false;
    }
    copy.source = source;
    copy.writer = writer = open_writer(excerpt, file);
    copy.is_over = !ss_capture_writer_begin(writer);
    is_done = copy_all(&copy, error);
    ss_progress_hide(progress);
    return is_done;
}
