/*
 * Two files. `frames` holds, for each frame, numbers of seven bits a byte, the last byte without
 * the top bit: how far it is from the frame before, doubled, and one more where the kind changes;
 * the kind, if so; the difference of the connection's number to the last one, folded so that small
 * ones of either sign are short.
 *
 * `fragments` holds a record of fixed size for each fragment, so that one is found by halving and
 * mended in place. Reading joins the two.
 */
#include "app/frame-map.h"

#include <errno.h>
#include <unistd.h>

#include "app/scratch.h"

#define NUMBER_MAX 10 /* bytes of 64 bits, seven a byte */

struct SsFrameMap {
    FILE *frames;
    SsFrameEntry last; /* of `frames`: written or read */
    bool is_at_end;    /* of `frames` */
    int fragments;     /* -1 until there is one */
    uint64_t n_fragments;
    uint64_t n_fragments_read;
    SsFrameEntry fragment; /* the next one read; its `frame` is 0 where there is none */
};

/* --- numbers --- */

static size_t
put_number(uint8_t *to, uint64_t value)
{
    size_t n = 0;

    while (value > 0x7f) {
        to[n++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    to[n++] = (uint8_t)value;
    return n;
}

/* False at the end of the file. */
static bool
read_number(FILE *file, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        int byte = getc_unlocked(file);
        if (byte == EOF) {
            return false;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            break;
        }
    }
    *ret_value = value;
    return true;
}

static uint64_t
fold(uint64_t difference)
{
    return difference << 1 ^ (difference >> 63 ? UINT64_MAX : 0);
}

static uint64_t
unfold(uint64_t folded)
{
    return folded >> 1 ^ (folded & 1 ? UINT64_MAX : 0);
}

/* --- frames --- */

SsFrameMap *
ss_frame_map_new(GError **error)
{
    FILE *frames = ss_scratch_open_stream(error);
    SsFrameMap *map;

    if (!frames) {
        return NULL;
    }
    map = g_new0(SsFrameMap, 1);
    map->frames = frames;
    map->fragments = -1;
    return map;
}

bool
ss_frame_map_add(SsFrameMap *map, const SsFrameEntry *entry, GError **error)
{
    bool is_other_kind = entry->kind != map->last.kind;
    uint8_t bytes[3 * NUMBER_MAX];
    size_t n = put_number(bytes, (entry->frame - map->last.frame) << 1 | is_other_kind);

    if (is_other_kind) {
        n += put_number(bytes + n, entry->kind);
    }
    n += put_number(bytes + n, fold(entry->flow - map->last.flow));
    map->last = *entry;
    return fwrite(bytes, 1, n, map->frames) == n || ss_scratch_fail(error, errno);
}

static bool
next_frame(SsFrameMap *map, GError **error)
{
    SsFrameEntry *last = &map->last;
    uint64_t step, kind = last->kind, folded;

    errno = 0;
    if (!read_number(map->frames, &step) || ((step & 1) && !read_number(map->frames, &kind)) ||
        !read_number(map->frames, &folded)) {
        map->is_at_end = true;
        return !ferror(map->frames) || ss_scratch_fail(error, errno);
    }
    last->frame += step >> 1;
    last->kind = (uint32_t)kind;
    last->flow += unfold(folded);
    return true;
}

/* --- fragments --- */

static bool
write_fragment(SsFrameMap *map, uint64_t i, const SsFrameEntry *entry, GError **error)
{
    ssize_t n = pwrite(map->fragments, entry, sizeof *entry, (off_t)(i * sizeof *entry));

    return n == sizeof *entry || ss_scratch_fail(error, n < 0 ? errno : ENOSPC);
}

static bool
read_fragment(SsFrameMap *map, uint64_t i, SsFrameEntry *ret_entry, GError **error)
{
    ssize_t n = pread(map->fragments, ret_entry, sizeof *ret_entry, (off_t)(i * sizeof *ret_entry));

    return n == sizeof *ret_entry || ss_scratch_fail(error, n < 0 ? errno : EIO);
}

bool
ss_frame_map_add_fragment(SsFrameMap *map, const SsFrameEntry *entry, GError **error)
{
    SsFrameEntry unknown = *entry;

    if (map->fragments < 0) {
        map->fragments = ss_scratch_open(error);
    }
    unknown.flow = 0;
    return map->fragments >= 0 && write_fragment(map, map->n_fragments++, &unknown, error);
}

bool
ss_frame_map_resolve(SsFrameMap *map, uint64_t frame, uint64_t flow, GError **error)
{
    uint64_t from = 0, to = map->n_fragments;
    SsFrameEntry entry;

    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        if (!read_fragment(map, middle, &entry, error)) {
            return false;
        }
        if (entry.frame == frame) {
            entry.flow = flow;
            return write_fragment(map, middle, &entry, error);
        }
        if (entry.frame < frame) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return true;
}

static bool
next_fragment(SsFrameMap *map, GError **error)
{
    do {
        map->fragment = (SsFrameEntry){0};
        if (map->n_fragments_read == map->n_fragments) {
            return true;
        }
        if (!read_fragment(map, map->n_fragments_read++, &map->fragment, error)) {
            return false;
        }
    } while (map->fragment.flow == 0);
    return true;
}

/* --- reading --- */

bool
ss_frame_map_rewind(SsFrameMap *map, GError **error)
{
    if (fflush(map->frames) != 0 || fseeko(map->frames, 0, SEEK_SET) != 0) {
        return ss_scratch_fail(error, errno);
    }
    map->last = (SsFrameEntry){0};
    map->is_at_end = false;
    map->n_fragments_read = 0;
    return next_frame(map, error) && next_fragment(map, error);
}

bool
ss_frame_map_next(SsFrameMap *map, SsFrameEntry *ret_entry, GError **error)
{
    bool has_fragment = map->fragment.frame != 0;

    *ret_entry = (SsFrameEntry){0};
    if (has_fragment && (map->is_at_end || map->fragment.frame < map->last.frame)) {
        *ret_entry = map->fragment;
        return next_fragment(map, error);
    }
    if (map->is_at_end) {
        return true;
    }
    *ret_entry = map->last;
    return next_frame(map, error);
}

void
ss_frame_map_free(SsFrameMap *map)
{
    if (!map) {
        return;
    }
    fclose(map->frames);
    if (map->fragments >= 0) {
        close(map->fragments);
    }
    g_free(map);
}
