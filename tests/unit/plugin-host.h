/*
 * A small host to drive one plugin in a test: options by name, findings and output kept, sessions'
 * state as the real host keeps it. And short forms to make events.
 */
#pragma once

#include <glib.h>

#include "base/plugin.h"

typedef struct {
    const SsFindingKind *kind;
    char *summary;
    void *detail; /* shallow: its texts are borrowed from the event */
    GArray *frames;
    uint64_t message;
} SsTestFinding;

typedef struct {
    SsHost host;
    const SsPlugin *plugin;
    void *self;
    GHashTable *options;  /* key to value */
    GHashTable *sessions; /* number to state */
    GPtrArray *findings;  /* of SsTestFinding */
    GString *out;         /* what was written to any file */
    unsigned flushes;
    unsigned width;
    bool color;
    bool fails_writing;
    bool is_blamed; /* by `blame_options`, the command line */
    char *failure;  /* of `fail`, or NULL */
    GString *told;  /* of `tell`, a line each */
    /* What events made by the short forms get. */
    uint64_t session;
    int64_t start_ns;
    uint64_t frame;
} SsTestHost;

SsTestHost *ss_test_host_new(const SsPlugin *plugin);
void ss_test_host_option(SsTestHost *test, const char *key, const char *value);
/* Opens the plugin; asserts that it works. Made at the first event where it was not called. */
void ss_test_host_open(SsTestHost *test);
bool ss_test_host_event(SsTestHost *test, const SsEvent *event);
void ss_test_host_free(SsTestHost *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsTestHost, ss_test_host_free)

const SsTestFinding *ss_test_finding(const SsTestHost *test, size_t i);
/* Whether findings of exactly these ids were made, separated by blanks; "" for none. */
bool ss_test_found(const SsTestHost *test, const char *ids);

/* --- events: `at_ms` since the start of the capture --- */

SsSlice ss_test_slice(const char *text); /* NULL is absent */
SsEvent ss_test_event(SsTestHost *test, SsEventType type, double at_ms);
void ss_test_command(SsTestHost *test, double at_ms, const char *verb, const char *argument);
void ss_test_pipelined(SsTestHost *test, double at_ms, const char *verb, const char *argument);
/* `lines` separated by LF; `latency_ms` below 0 is not known. */
void ss_test_reply(SsTestHost *test, double at_ms, uint64_t code, const char *enhanced,
                   const char *lines, const char *to, double latency_ms);
SsEvent ss_test_note(SsTestHost *test, SsNoteKind kind, double at_ms);
/* A message with nothing in it; lists are the caller's. */
SsEvent ss_test_message(SsTestHost *test, double at_ms, SsOutcome outcome, SsStage stage);
SsEvent ss_test_auth(SsTestHost *test, double at_ms, const char *mechanism, const char *username,
                     SsAuthOutcome outcome);
SsEvent ss_test_session(SsTestHost *test, double end_ms, SsSessionState state);
