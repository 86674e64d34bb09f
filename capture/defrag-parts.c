#include "capture/defrag-parts.h"

#include <glib.h>

#define UNIT 8
#define N_UNITS_MAX ((SS_PARTS_LEN_MAX + UNIT) / UNIT)

struct SsPart {
    SsPart *next; /* in order of capture */
    uint64_t frame;
    uint32_t offset;
    uint32_t len; /* on the wire */
    uint32_t captured;
    uint8_t bytes[];
};

/* The first span that ends at or behind a unit: it touches what begins there. */
static uint32_t
find_span(const SsParts *parts, size_t unit)
{
    uint32_t from = 0, to = parts->n_spans;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (parts->spans[middle].end < unit) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

bool
ss_parts_lack(const SsParts *parts, size_t start, size_t end)
{
    size_t first = start / UNIT, last = (end + UNIT - 1) / UNIT;
    uint32_t i = find_span(parts, first);

    return i == parts->n_spans || parts->spans[i].start > first || parts->spans[i].end < last;
}

/* Spans that touch become one. There are at most half as many as units, so that moving them costs
 * the same whatever the datagrams. Gives the memory it took more. */
static size_t
cover(SsParts *parts, size_t start, size_t end)
{
    SsPartsSpan span = {(uint16_t)(start / UNIT), (uint16_t)((end + UNIT - 1) / UNIT)};
    uint32_t from = find_span(parts, span.start), to = from;

    for (; to < parts->n_spans && parts->spans[to].start <= span.end; to++) {
        span.start = MIN(span.start, parts->spans[to].start);
        span.end = MAX(span.end, parts->spans[to].end);
    }
    size_t more = 0;
    if (parts->n_spans == parts->spans_room) {
        uint32_t room = parts->spans_room ? 2 * parts->spans_room : 4;
        more = (room - parts->spans_room) * sizeof(SsPartsSpan);
        parts->spans = g_renew(SsPartsSpan, parts->spans, room);
        parts->spans_room = room;
    }
    memmove(&parts->spans[from + 1], &parts->spans[to],
            (parts->n_spans - to) * sizeof(SsPartsSpan));
    parts->spans[from] = span;
    parts->n_spans += 1 - (to - from);
    return more;
}

bool
ss_parts_begin_otherwise(const SsParts *parts, SsSlice bytes)
{
    const SsPart *first = parts->first;
    return first && memcmp(first->bytes, bytes.data, MIN(first->captured, bytes.len)) != 0;
}

size_t
ss_parts_add(SsParts *parts, size_t offset, size_t len, bool is_last, SsSlice bytes, uint64_t frame)
{
    SsPart *part = g_malloc(sizeof *part + bytes.len);
    *part = (SsPart){NULL, frame, (uint32_t)offset, (uint32_t)len, (uint32_t)bytes.len};
    memcpy(part->bytes, bytes.data, bytes.len);

    if (parts->tail) {
        parts->tail->next = part;
    } else {
        parts->head = part;
    }
    parts->tail = part;
    if (offset == 0 && !parts->first) {
        parts->first = part;
    }
    if (is_last) {
        parts->total = (uint32_t)(offset + len);
    }
    parts->end = MAX(parts->end, (uint32_t)(offset + len));
    parts->n_parts++;
    parts->bytes += (uint32_t)len;
    /* The allocator's own share is about two words. */
    return sizeof *part + bytes.len + 2 * sizeof(void *) + cover(parts, offset, offset + len);
}

bool
ss_parts_are_whole(const SsParts *parts)
{
    return parts->total && parts->n_spans == 1 && parts->spans[0].start == 0 &&
           parts->spans[0].end == (parts->total + UNIT - 1) / UNIT;
}

/* Puts a part where nothing is yet, and into the other reading where something else is. False if
 * it brought nothing. `have` has a bit for each unit. */
static bool
join_part(SsPartsWhole *whole, uint8_t *have, const SsPart *part)
{
    uint32_t end = MIN(part->offset + part->captured, whole->known);
    bool is_used = false;

    for (uint32_t at = part->offset; at < end; at += UNIT) {
        uint32_t unit = at / UNIT;
        uint32_t n = MIN(UNIT, end - at);
        uint8_t bit = (uint8_t)(1u << (unit & 7));
        const uint8_t *bytes = part->bytes + (at - part->offset);
        if (!(have[unit >> 3] & bit)) {
            have[unit >> 3] |= bit;
            memcpy(whole->bytes + at, bytes, n);
            if (whole->alternate) {
                memcpy(whole->alternate + at, bytes, n);
            }
            is_used = true;
        } else if (memcmp(whole->bytes + at, bytes, n) != 0) {
            if (!whole->alternate) {
                whole->alternate = g_memdup2(whole->bytes, whole->len);
            }
            memcpy(whole->alternate + at, bytes, n);
            is_used = true;
        }
    }
    return is_used;
}

void
ss_parts_join(const SsParts *parts, SsPartsWhole *ret_whole)
{
    uint8_t have[(N_UNITS_MAX + 7) / 8] = {0};
    SsPartsWhole whole = {.len = parts->total,
                          .known = parts->total,
                          .bytes = g_malloc0(parts->total),
                          .frames = g_new(uint64_t, parts->n_parts),
                          .first_len = parts->first->len};

    for (const SsPart *part = parts->head; part; part = part->next) {
        if (part->captured < part->len) {
            whole.known = MIN(whole.known, part->offset + part->captured);
        }
    }
    for (const SsPart *part = parts->head; part; part = part->next) {
        /* One of which only bytes behind a hole were captured belongs to it nevertheless. */
        bool is_behind = part->offset + part->captured > whole.known || part->captured == 0;
        if (join_part(&whole, have, part) || is_behind) {
            whole.frames[whole.n_frames++] = part->frame;
        }
    }
    *ret_whole = whole;
}

void
ss_parts_clear(SsParts *parts)
{
    for (SsPart *part = parts->head; part;) {
        SsPart *next = part->next;
        g_free(part);
        part = next;
    }
    g_free(parts->spans);
    *parts = (SsParts){0};
}
