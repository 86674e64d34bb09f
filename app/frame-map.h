/*
 * Which connection each frame belongs to, for the second look at the packets: kept in temporary
 * files, about three bytes a frame, so that memory stays flat.
 *
 * Frames are added in ascending order. Of a fragment it is told later, when its datagram is whole,
 * or never.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t frame; /* number, from 1 */
    uint64_t flow;  /* the connection's number, from 1 */
    uint32_t kind;  /* whatever the caller means by it */
} SsFrameEntry;

typedef struct SsFrameMap SsFrameMap;

SsFrameMap *ss_frame_map_new(GError **error);

/* Adds a frame; all are false with `error` where a file cannot be written or read. */
bool ss_frame_map_add(SsFrameMap *map, const SsFrameEntry *entry, GError **error);

/* Adds a fragment whose connection is not known yet: `flow` means nothing. */
bool ss_frame_map_add_fragment(SsFrameMap *map, const SsFrameEntry *entry, GError **error);

/* Tells it. A frame that was not added as a fragment is none: nothing happens. */
bool ss_frame_map_resolve(SsFrameMap *map, uint64_t frame, uint64_t flow, GError **error);

/* Ends the adding, and begins the reading, anew if it is called again. */
bool ss_frame_map_rewind(SsFrameMap *map, GError **error);

/* The next frame whose connection is known, in ascending order, in `ret_entry`; its `frame` is 0 at
 * the end. */
bool ss_frame_map_next(SsFrameMap *map, SsFrameEntry *ret_entry, GError **error);

void ss_frame_map_free(SsFrameMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsFrameMap, ss_frame_map_free)
