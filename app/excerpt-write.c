/*
 * The excerpt's second half: the packets are read again, and those of the connections that are kept
 * are copied.
 */
#include "app/excerpt-parts.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "app/scratch.h"
#include "output/tell.h"
#include "version.h"

#define SHOW_EVERY 1024 /* frames */

typedef struct {
    SsExcerpt *excerpt;
    SsCaptureWriter *writer;
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
    } while (ret_entry->frame && !ss_flow_set_has(excerpt->kept, ret_entry->flow));
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
            g_array_index(excerpt->kinds, SsFrameKind, entry.kind).is_kept = true;
        }
    } while (entry.frame);
    return ss_frame_map_rewind(excerpt->map, error);
}

/* Why pcap cannot hold the packets; NULL where it can. */
static const char *
why_not_pcap(const GArray *kinds)
{
    const SsFrameKind *first = NULL;

    for (guint i = 0; i < kinds->len; i++) {
        const SsFrameKind *kind = &g_array_index(kinds, SsFrameKind, i);
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
        const SsFrameKind *kind = &g_array_index(kinds, SsFrameKind, i);
        if (kind->is_kept) {
            snap_length = MAX(snap_length, MAX(kind->snap_length, kind->longest));
        }
    }
    return snap_length ? snap_length : SS_NO_SNAP_LENGTH;
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
        SsFrameKind *kind = &g_array_index(excerpt->kinds, SsFrameKind, i);
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
    SsKeptSession session;

    text[0] = 0;
    if (!copy->excerpt->is_pcapng || ss_flow_set_has(copy->begun, flow)) {
        return true;
    }
    ss_flow_set_put(copy->begun, flow);
    if (!ss_excerpt_session(copy->excerpt, flow, &session, error)) {
        return false;
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
    if (!ss_excerpt_find_kind(copy->excerpt, ss_excerpt_kind_of(frame), &kind) ||
        kind != copy->next.kind) {
        g_set_error(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_READ,
                    "packet %" PRIu64 " is another one than at the first reading",
                    copy->next.frame);
        return false;
    }
    if (!make_comment(copy, copy->next.flow, comment, error)) {
        return false;
    }
    copy->is_over |= !ss_capture_writer_packet(
        copy->writer, g_array_index(copy->excerpt->kinds, SsFrameKind, kind).interface, frame,
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
            if (copy->next.frame == 0) { /* the secrets were the last */
                return true;
            }
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
    Copy copy = {.excerpt = excerpt, .progress = progress, .begun = begun};
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
    is_done = copy_all(&copy, error) && (!excerpt->again || ss_again_finish(source, error));
    ss_progress_hide(progress);
    return is_done;
}
