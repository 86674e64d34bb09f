/*
 * Plugins: found, loaded, opened, and served.
 *
 * An SsInstance is one output of the command line, or one detector. What a plugin asks of its
 * SsHost is answered here; findings go on to whoever delivers.
 */
#pragma once

#include <glib.h>

#include "output/options.h"
#include "output/output.h"

/* --- the plugins there are --- */

typedef struct {
    GPtrArray *plugins; /* of const SsPlugin *, by name; ours, whatever their size was */
    GPtrArray *modules;
} SsRegistry;

void ss_registry_init(SsRegistry *registry);
void ss_registry_clear(SsRegistry *registry);

/* False with the reason where `plugin` cannot be used: another ABI, parts missing, a name taken. */
bool ss_registry_add(SsRegistry *registry, const SsPlugin *plugin, const char **ret_reason);

/* All `*.so` of a folder, in order of name. A file that cannot be used is told on standard error.
 */
bool ss_registry_load(SsRegistry *registry, const char *folder, GError **error);

/* NULL where there is none. */
const SsPlugin *ss_registry_find(const SsRegistry *registry, const char *name);
void ss_registry_print(const SsRegistry *registry, FILE *to);

static inline bool
ss_plugin_is_detector(const SsPlugin *plugin)
{
    return plugin->findings != NULL;
}

/* --- a plugin at work --- */

#define SS_TAP_NONE SIZE_MAX

typedef struct SsInstance SsInstance;
struct SsInstance {
    SsHost host; /* what the plugin sees */
    const SsPlugin *plugin;
    const SsOutputOptions *options; /* borrowed */
    SsOptionValues values;
    char *dest;
    void *self;
    uint64_t wants;
    uint32_t needs;
    bool has_asked;     /* by host->want */
    bool is_to_blame;   /* the command line, for a failed open */
    bool is_told;       /* its error is on standard error */
    int is_over;        /* gets nothing any more; atomic */
    size_t state_index; /* among those with a state a session */
    size_t tap_index;   /* among those that take content, or SS_TAP_NONE */
    GMutex lock;        /* of the error, which workers set too */
    char *error;
    unsigned n_conflicts;
    GPtrArray *files; /* of SsFile, open ones */
    GString *json;
    /* Takes a finding the plugin made; `finding` is borrowed. */
    void (*on_finding)(void *to, const SsEvent *finding);
    void *to;
};

/* Not opened yet. `spec` may be NULL. NULL with `error` (SS_OUTPUT_ERROR_USAGE). */
SsInstance *ss_instance_new(const SsPlugin *plugin, const SsOutputSpec *spec,
                            const SsOutputOptions *options, GError **error);

/* Closes its files if it is still open. */
void ss_instance_free(SsInstance *instance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsInstance, ss_instance_free)

bool ss_instance_open(SsInstance *instance, GError **error);

/* Closes a detector and opens it anew: it has seen nothing. */
bool ss_instance_reopen(SsInstance *instance, GError **error);

/* Lets the plugin finish and closes its files. What went wrong is in `error`. */
void ss_instance_close(SsInstance *instance);

/* The kinds of notes it wants, SS_NOTES(). */
uint64_t ss_instance_notes(const SsInstance *instance);

void ss_instance_event(SsInstance *instance, void *session, const SsEvent *event);

/* On any thread. */
void ss_instance_content(SsInstance *instance, void **message, const SsChunk *chunk);

void ss_instance_tick(SsInstance *instance, int64_t now_ns);

/* Writes out what is buffered. */
void ss_instance_flush(SsInstance *instance);

/* The output has failed or its reader has gone away. */
bool ss_instance_is_over(SsInstance *instance);

/* What went wrong, as one line, or NULL; to be freed. */
char *ss_instance_error(SsInstance *instance);
