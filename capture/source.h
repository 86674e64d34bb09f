/*
 * Where packets come from: a file (source-file.c) or an interface (source-live.c), behind one small
 * vtable.
 */
#pragma once

#include <glib.h>

#include "base/origin.h"
#include "base/slice.h"

typedef struct {
    SsOrigin origin;      /* `frame` is filled in by the caller, who counts over all sources */
    uint32_t link_type;   /* LINKTYPE_* as in files: see https://www.tcpdump.org/linktypes.html */
    uint32_t len;         /* bytes on the wire */
    uint32_t snap_length; /* bytes that were captured of a packet at most; 0: no limit is known */
    SsSlice bytes;        /* captured bytes, borrowed until the next call */
} SsFrame;

typedef enum {
    SS_SOURCE_FRAME,   /* `ret_frame` is set */
    SS_SOURCE_IDLE,    /* live: no packet for a moment, or a signal came; the caller may look at the
                          clock and at its flags */
    SS_SOURCE_END,     /* no more packets */
    SS_SOURCE_DAMAGED, /* the file is cut short or corrupt from here on: `error` says where and how
                        */
    SS_SOURCE_ERROR,   /* reading failed: `error` says why */
} SsSourceStatus;

typedef struct {
    uint64_t received;
    uint64_t dropped;           /* by the kernel, for want of buffer */
    uint64_t dropped_interface; /* by the interface */
} SsSourceStats;

typedef struct SsSource SsSource;

typedef struct {
    SsSourceStatus (*next)(SsSource *self, SsFrame *ret_frame, GError **error);
    /* False where the source keeps no such figures (files). */
    bool (*stats)(SsSource *self, SsSourceStats *ret_stats);
    void (*close)(SsSource *self);
} SsSourceOps;

struct SsSource {
    const SsSourceOps *ops;
    char *name;        /* as a person named it: path, `-`, interface */
    bool is_live;      /* an interface, or a pipe: packets may still come */
    uint64_t size;     /* bytes of the file, SS_COUNT_NONE where not known */
    uint64_t position; /* bytes of the file read so far, for progress */
    int fd;            /* of an interface; -1 else. Nobody need poll it: `next` waits by itself */
};

#define SS_SOURCE_ERROR_DOMAIN (ss_source_error_quark())
GQuark ss_source_error_quark(void);

/* Messages say why, with a remedy where there is one, and leave it to the caller to put `name`
 * before. */
typedef enum {
    SS_SOURCE_ERROR_OPEN,    /* not there, no permission */
    SS_SOURCE_ERROR_FORMAT,  /* not a capture file, or an empty one */
    SS_SOURCE_ERROR_READ,    /* the device failed */
    SS_SOURCE_ERROR_DAMAGED, /* cut short or corrupt */
    SS_SOURCE_ERROR_FILTER,  /* a BPF expression that does not compile */
} SsSourceError;

/* `next` waits no longer than this for a packet. */
#define SS_SOURCE_WAIT_MS 250

/* TLS secrets found in a file (pcapng Decryption Secrets Block, type 0x544c534b): SSLKEYLOGFILE
 * text, borrowed. */
typedef void (*SsSecretsFn)(void *user_data, SsSlice key_log);

/*
 * Opens a capture file, `-` for standard input, and checks its header: pcap (µs, ns, either byte
 * order), pcapng, each plain or compressed with gzip, zstd or xz. `on_secrets` may be NULL. NULL
 * with `error` where it is no capture. If a signal interrupts the wait for a pipe's header, it is
 * checked by `next`.
 */
SsSource *ss_source_file_open(const char *path, SsSecretsFn on_secrets, void *user_data,
                              GError **error);

typedef struct {
    const char *interface; /* `any` works where the system has it */
    const char *filter;    /* BPF; NULL takes the built-in one for `ports` */
    const uint16_t *ports; /* server ports; n_ports 0 is all */
    size_t n_ports;
    int snap_length; /* bytes, 0 is the default, 262144 */
    int buffer_mib;  /* 0 is the default, 16 */
} SsLiveOptions;

SsSource *ss_source_live_open(const SsLiveOptions *options, GError **error);

/* Prints the interfaces, one a line, in the manner of `tcpdump -D`. */
bool ss_source_live_list(GError **error);

/* A BPF filter for frames of files; compiled anew for each link type it meets. */
typedef struct SsFilter SsFilter;
SsFilter *ss_filter_new(const char *expression, GError **error);
/* Frames of a link type for which the expression makes no sense match nothing: see
 * ss_filter_steal_warning(). */
bool ss_filter_matches(SsFilter *filter, const SsFrame *frame);
/* One line on such a link type, told once each; the caller's to free; NULL if there is none. */
char *ss_filter_steal_warning(SsFilter *filter);
void ss_filter_free(SsFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsFilter, ss_filter_free)

/* Owns nothing but the source itself; NULL is fine. */
void ss_source_close(SsSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsSource, ss_source_close)
