/*
 * The excerpt's first half: what is noted while packets are read.
 */
#include "app/excerpt-parts.h"

#include <errno.h>
#include <unistd.h>

#include "app/scratch.h"
#include "base/limits.h"

/* --- sets of connections --- */

bool
ss_flow_set_has(const GByteArray *set, uint64_t flow)
{
    return flow / 8 < set->len && (set->data[flow / 8] >> (flow % 8) & 1);
}

void
ss_flow_set_put(GByteArray *set, uint64_t flow)
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
ss_excerpt_new(const char *dest, bool is_quiet, bool has_choice, GError **error)
{
    g_autoptr(SsExcerpt) excerpt = g_new0(SsExcerpt, 1);

    excerpt->dest = g_strdup(dest);
    excerpt->is_quiet = is_quiet;
    excerpt->is_pcapng = g_str_has_suffix(dest, ".pcapng");
    excerpt->kinds = g_array_new(FALSE, FALSE, sizeof(SsFrameKind));
    excerpt->ended = g_byte_array_new();
    excerpt->kept = g_byte_array_new();
    excerpt->sessions = -1;
    if (excerpt->is_pcapng || has_choice) {
        excerpt->sessions = ss_scratch_open(error);
        if (excerpt->sessions < 0) {
            return NULL;
        }
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
SsCaptureKind
ss_excerpt_kind_of(const SsFrame *frame)
{
    bool is_fine = frame->origin.time_digits == 9 || frame->origin.time_ns % 1000 != 0;

    return (SsCaptureKind){frame->link_type, is_fine ? 9 : 6};
}

bool
ss_excerpt_find_kind(const SsExcerpt *excerpt, SsCaptureKind wanted, uint32_t *ret_kind)
{
    for (guint i = 0; i < excerpt->kinds->len; i++) {
        SsCaptureKind kind = g_array_index(excerpt->kinds, SsFrameKind, i).kind;
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
    SsFrameKind fresh = {.kind = ss_excerpt_kind_of(frame)};
    SsFrameKind *kind;

    if (!ss_excerpt_find_kind(excerpt, fresh.kind, &excerpt->kind)) {
        excerpt->kind = excerpt->kinds->len;
        g_array_append_val(excerpt->kinds, fresh);
    }
    kind = &g_array_index(excerpt->kinds, SsFrameKind, excerpt->kind);
    kind->snap_length =
        MAX(kind->snap_length, frame->snap_length ? frame->snap_length : SS_NO_SNAP_LENGTH);
    kind->longest = MAX(kind->longest, (uint32_t)frame->bytes.len);
    kind->last_s = MAX(kind->last_s, frame->origin.time_ns / SS_NS_PER_S);
    return excerpt->kind;
}

static bool
is_dropped(const SsExcerpt *excerpt, uint64_t flow)
{
    return ss_flow_set_has(excerpt->ended, flow) && !ss_flow_set_has(excerpt->kept, flow);
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
    SsKeptSession session = {connection->session, connection->uid};

    ss_flow_set_put(excerpt->ended, flow);
    if (!connection->session) {
        return;
    }
    ss_flow_set_put(excerpt->kept, flow);
    if (excerpt->sessions >= 0 && !excerpt->has_failed &&
        pwrite(excerpt->sessions, &session, sizeof session, (off_t)(flow * sizeof session)) !=
            sizeof session) {
        excerpt->has_failed = true;
        (void)ss_scratch_fail(&excerpt->error, errno ? errno : ENOSPC);
    }
}

bool
ss_excerpt_session(const SsExcerpt *excerpt, uint64_t flow, SsKeptSession *ret_session,
                   GError **error)
{
    off_t at = (off_t)(flow * sizeof *ret_session);
    ssize_t n = pread(excerpt->sessions, ret_session, sizeof *ret_session, at);

    return n == sizeof *ret_session || ss_scratch_fail(error, n < 0 ? errno : EIO);
}

void
ss_excerpt_choose(SsExcerpt *excerpt, bool (*keeps)(const void *from, uint64_t session),
                  const void *from)
{
    GByteArray *kept = excerpt->kept;

    for (uint64_t flow = 0; excerpt->sessions >= 0 && flow / 8 < kept->len && !excerpt->has_failed;
         flow++) {
        SsKeptSession session;
        if (!ss_flow_set_has(kept, flow)) {
            continue;
        }
        if (!ss_excerpt_session(excerpt, flow, &session, &excerpt->error)) {
            excerpt->has_failed = true;
        } else if (!keeps(from, session.session)) {
            kept->data[flow / 8] &= (uint8_t) ~(1 << (flow % 8));
        }
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
