/*
 * Inside the excerpt: what its two halves share. Nothing else includes this.
 */
#pragma once

#include "app/again.h"
#include "app/excerpt.h"
#include "app/frame-map.h"
#include "app/spool.h"
#include "capture/writer.h"

/* What libpcap takes for no limit, and writes itself. */
#define SS_NO_SNAP_LENGTH 262144

/* Link type and resolution of frames, and what is known of those that were noted. */
typedef struct {
    SsCaptureKind kind;
    uint32_t snap_length; /* the largest */
    uint32_t longest;     /* captured bytes */
    int64_t last_s;       /* the latest second */
    bool is_kept;         /* a frame that is kept is of it */
    size_t interface;     /* its number in the file that is written */
} SsFrameKind;

/* Of a connection that is kept, for the comment. */
typedef struct {
    uint64_t session;
    uint64_t uid;
} SsKeptSession;

struct SsExcerpt {
    char *dest;
    bool is_quiet;
    bool is_pcapng; /* asked for by the name: with secrets and comments */
    GArray *kinds;  /* of SsFrameKind */
    uint32_t kind;  /* of the last frame */
    SsFrameMap *map;
    SsAgain *again;    /* the files can be read again, or … */
    SsSpool *spool;    /* … this holds what is needed */
    GByteArray *ended; /* connections of which it is known whether they are kept … */
    GByteArray *kept;  /* … and those that are, a bit each */
    int sessions;      /* file of SsKeptSession at the place of its connection's number; -1: nobody
                          asks for it */
    uint64_t n_secrets;
    bool has_failed;
    GError *error; /* NULL: nothing failed, or it was stolen */
};

/* Sets of connections, a bit each. */
bool ss_flow_set_has(const GByteArray *set, uint64_t flow);
void ss_flow_set_put(GByteArray *set, uint64_t flow);

/* The session that a connection which is kept is, where `sessions` is there. */
bool ss_excerpt_session(const SsExcerpt *excerpt, uint64_t flow, SsKeptSession *ret_session,
                        GError **error);

SsCaptureKind ss_excerpt_kind_of(const SsFrame *frame);
bool ss_excerpt_find_kind(const SsExcerpt *excerpt, SsCaptureKind wanted, uint32_t *ret_kind);
