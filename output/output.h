/*
 * The output side: takes events from the dissectors, puts them in order, lets detectors see them,
 * and hands them with the findings to the sinks.
 *
 * Order: by frame; within a frame replies, commands and notes as they came, then auth, tls,
 * message, findings, session. So the events of one frame are gathered until the next frame's begin.
 * Detectors see every event before any sink does. A message whose content is still on its way holds
 * up what is behind it.
 */
#pragma once

#include <glib.h>

#include "base/event.h"
#include "base/plugin.h"
#include "dissect/message/content.h"
#include "output/trace.h"

typedef struct {
    bool is_live;
    bool show_secrets;
    int verbosity;
    int color;        /* 0 auto, 1 always, -1 never */
    unsigned workers; /* threads for contents beside the reader; with some, another one writes */
    GArray *taken;    /* of SsFileId: files no output may write over; the output's own */
    SsExplainRefusal explain; /* what a refusal means, for deliveries; or NULL */
    uint64_t message_limit;   /* bytes of one message that sinks get; 0: no limit */
    uint64_t held_max;        /* live with a selection: bytes of events that wait */
} SsOutputOptions;

#define SS_OUTPUT_ERROR (ss_output_error_quark())
GQuark ss_output_error_quark(void);

typedef enum {
    SS_OUTPUT_ERROR_USAGE, /* unknown output, key or value: exit status 2 */
    SS_OUTPUT_ERROR_OPEN,  /* could not be opened: 1 */
    SS_OUTPUT_ERROR_WRITE, /* could not be written: 1 */
    SS_OUTPUT_ERROR_TOLD,  /* could not be written, and standard error has it already: 1 */
} SsOutputError;

typedef struct SsOutput SsOutput;

SsOutput *ss_output_new(const SsOutputOptions *options);

/* Loads every plugin in a folder, beside those built in. */
bool ss_output_load(SsOutput *output, const char *folder, GError **error);

/* An input: no output may write over it. A name that is not there is none. */
void ss_output_protect(SsOutput *output, const char *path);

/* `NAME[:DEST][,KEY=VALUE…]`, see docs/plugins.md; checked, nothing is opened yet. */
bool ss_output_add(SsOutput *output, const char *spec, GError **error);

/* Something that is no output of ours, `name`, is to write to standard output, which one alone may
 * take: false with `error` (SS_OUTPUT_ERROR_USAGE) where it is taken. */
bool ss_output_take_stdout(SsOutput *output, const char *name, GError **error);

/* Opens a file for it as those of outputs are: see ss_file_open(). */
SsFile *ss_output_open_file(SsOutput *output, const char *dest, GError **error);

/* --- selection --- */

/* `-Y`: outputs get what matches. False with `error` (SS_OUTPUT_ERROR_USAGE), whose message has the
 * expression and a caret in two lines behind the first. */
bool ss_output_select(SsOutput *output, const char *expression, GError **error);

/* `--expect`, of all that is read, whatever is selected; likewise. */
bool ss_output_expect(SsOutput *output, const char *expectation, GError **error);

/* Whether what is selected is found in a first reading, in which no output gets anything. */
bool ss_output_reads_twice(const SsOutput *output);

/* The first reading is over, and all its events were put: what comes now is the same again, and
 * goes to the outputs. */
bool ss_output_read_again(SsOutput *output, GError **error);

/* Whether the session of that number is selected; all are where nothing is. When all has been
 * delivered. */
bool ss_output_keeps(const SsOutput *output, uint64_t session);

/* At the end: tells what nothing matched, and what was not certain. False where an expectation does
 * not hold, each told. */
bool ss_output_tell_matches(const SsOutput *output);

/* --- at work --- */

/* Whether something was added that writes; a spec may also only set a detector. */
bool ss_output_has_sinks(const SsOutput *output);

/*
 * Opens all outputs that were added, and the detectors if somebody takes findings or sessions, for
 * a session's event counts the findings in it.
 */
bool ss_output_open(SsOutput *output, GError **error);

/* Where dissectors send events; `wants` is right after `open`. */
SsEventSink *ss_output_sink(SsOutput *output);

/* What contents have to compute, and the tap that feeds the sinks. */
const SsContentPlan *ss_output_plan(SsOutput *output);

/* What outputs keep of sessions from now on counts in `*memory`, which is borrowed until it is set
 * to another, or to NULL: nobody counts. Only while an event comes is it touched. */
void ss_output_charge(SsOutput *output, uint64_t *memory);

/* No event of a frame before `frame` can come any more: what waited for its frame's end goes out.
 */
void ss_output_advance(SsOutput *output, uint64_t frame);

/* Live, about twice a second and between two frames: what waits goes out, also what a timeout ended
 * long after its last frame. */
void ss_output_tick(SsOutput *output, int64_t now_ns);

/* Every sink has failed, or its reader has gone away (`| head`): nothing more need be read for
 * them. One that fails while others go on is told on standard error at once. */
bool ss_output_is_done(const SsOutput *output);

/* Delivers what is left and closes all. False with `error` where an output could not be written;
 * of several errors all but the last are told here. */
bool ss_output_close(SsOutput *output, GError **error);
void ss_output_free(SsOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsOutput, ss_output_free)

/* Prints names, summaries and options of all plugins to `to`, for --list-plugins and the docs. */
void ss_output_list(const SsOutput *output, FILE *to);

/* The plugins built in, NULL-terminated: generated from plugins/meson.build. */
extern const SsPlugin *const ss_plugins_built_in[];
