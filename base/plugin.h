/*
 * The contract with plugins: sinks write events, detectors turn events into findings. Both are an
 * `SsPlugin`, a const struct that is the plugin's only exported symbol, named `ss_plugin`. A plugin
 * links nothing of smtpscope: what it needs comes through SsHost. See docs/plugins.md.
 */
#pragma once

#include <stdio.h>

#include "base/event.h"

#define SS_PLUGIN_ABI 1

/* --- options, KEY=VALUE --- */

typedef enum {
    SS_OPTION_FLAG,  /* yes or no */
    SS_OPTION_COUNT, /* decimal */
    SS_OPTION_TEXT,
    SS_OPTION_CHOICE, /* one of `choices`, separated by `|` */
    SS_OPTION_LIST,   /* some of `choices`, joined with `+` */
} SsOptionType;

typedef struct {
    const char *key; /* NULL ends the list */
    SsOptionType type;
    const char *fallback; /* the default, in the form a person would type */
    const char *choices;
    const char *help;
} SsOption;

/* --- findings a detector makes --- */

typedef struct {
    const char *id; /* NULL ends the list */
    SsSeverity severity;
    const char *when;      /* one clause, for docs/findings.md */
    const char *reference; /* RFC section or CVE, or NULL */
    const SsField *detail; /* the shape of its `detail`, or NULL */
    size_t detail_size;
} SsFindingKind;

/* --- where it writes --- */

typedef enum {
    SS_DEST_FILE,   /* a file; `-` or none is standard output, which one output at most may take */
    SS_DEST_FOLDER, /* must be given, and is never standard output */
    SS_DEST_NONE,   /* it writes nowhere of its own; so do detectors */
} SsDestKind;

/* --- content of a message on its way --- */

typedef enum {
    SS_CHUNK_DATA,
    SS_CHUNK_GAP, /* `gap` bytes that the capture lacks */
    SS_CHUNK_END, /* the last call; `whole` tells whether the content arrived to its end */
} SsChunkKind;

typedef struct {
    SsChunkKind kind;
    uint64_t uid;
    uint64_t session;
    uint64_t offset; /* in the content, holes left out */
    SsSlice bytes;   /* borrowed until the call returns */
    uint64_t gap;
    bool whole;
} SsChunk;

/* --- files made safely (output/file) --- */

typedef struct SsFile SsFile;         /* a DEST typed on the command line, or standard output */
typedef struct SsFolder SsFolder;     /* a DEST folder */
typedef struct SsPartFile SsPartFile; /* a file in it that has no final name yet */

/* --- what a plugin needs computed --- */

#define SS_NEED_CONTENT (1u << 0) /* its `content` is called */
#define SS_NEED_MIME (1u << 1)    /* `headers` and `parts` of messages */
#define SS_NEED_HASHES (1u << 2)  /* `sha256` of messages and parts */
#define SS_NEED_LAYERS (1u << 3)  /* the layers and bytes of packets */

typedef struct SsPlugin SsPlugin;
typedef struct SsHost SsHost;

/*
 * Services. `host` is borrowed for the plugin's life, and is the plugin's own: it knows which
 * plugin asks. Members are appended, never moved.
 */
struct SsHost {
    uint32_t abi, size;
    void *priv;

    /* The value of one of the plugin's options; typed, checked, or its default. */
    bool (*option_flag)(const SsHost *host, const char *key);
    uint64_t (*option_count)(const SsHost *host, const char *key);
    const char *(*option_text)(const SsHost *host, const char *key);
    const char *dest; /* DEST of `-o NAME:DEST`, NULL for none */

    /* What this instance asks for, at most what the plugin declares; called in `open`. */
    void (*want)(const SsHost *host, uint64_t events, uint32_t needs);

    bool is_live;      /* packets come from an interface or a pipe */
    bool show_secrets; /* --show-secrets */
    int verbosity;     /* -1 quiet, 0, 1 verbose */

    /* Whether text to `file` may be coloured (--color, NO_COLOR, a terminal), and its width, 80
     * where it has none. */
    bool (*file_color)(const SsHost *host, SsFile *file);
    unsigned (*file_width)(const SsHost *host, SsFile *file);

    /*
     * Makes a finding. `kind` is an entry of the plugin's `findings`; `cause` the event that
     * revealed it; `summary` one sentence, UTF-8; `detail` of the kind's type or NULL; `frames`
     * evidence. All copied. `message` is an index or 0; a finding about a message that has not
     * ended is released behind the message's event.
     */
    void (*report)(const SsHost *host, const SsEvent *cause, const SsFindingKind *kind,
                   const char *summary, const void *detail, const uint64_t *frames, size_t n_frames,
                   uint64_t message);

    /* `dest` of the command line opened as a shell would, NULL or "-" is standard output; NULL on
     * error. What goes wrong with a file, later too, is told by the host: the plugin only gives
     * false. Live, files are flushed behind the events of each packet. */
    SsFile *(*file_open)(const SsHost *host, const char *dest, char *err, size_t errlen);
    bool (*file_write)(const SsHost *host, SsFile *file, const void *bytes, size_t len);
    bool (*file_flush)(const SsHost *host, SsFile *file);
    bool (*file_close)(const SsHost *host, SsFile *file);

    /* A folder for files with names of ours; made if it is not there. */
    SsFolder *(*folder_open)(const SsHost *host, const char *dest, bool overwrite, char *err,
                             size_t errlen);
    void (*folder_close)(const SsHost *host, SsFolder *folder);
    /* Begins a file, written under a temporary name. May be called on a worker. */
    SsPartFile *(*part_open)(const SsHost *host, SsFolder *folder);
    bool (*part_write)(const SsHost *host, SsPartFile *part, const void *bytes, size_t len);
    /* Gives it its final `name` (of 0-9, a-z, `.` and `-`), or drops it where `name` is NULL. Frees
     * it. False where it has no name: told, and where only this name was taken the output may go
     * on. */
    bool (*part_finish)(const SsHost *host, SsPartFile *part, const char *name);

    /* Appends wire bytes made safe for people: valid UTF-8, control characters as \xNN. */
    void (*text_safe)(const SsHost *host, SsSlice text,
                      void (*put)(void *to, const char *s, size_t len), void *to);

    /* One event as a line of JSON without its line end; borrowed until the next call of this
     * plugin. */
    SsSlice (*event_json)(const SsHost *host, const SsEvent *event);

    /* What the plugin's `content` calls left for this message in `*message`, or NULL. */
    void *(*message_state)(const SsHost *host, const SsEvent *event);

    /* An error of the environment that ends this output: told once on standard error, exit
     * status 1. */
    void (*fail)(const SsHost *host, const char *what);

    /* In `open`, before it gives NULL: what is wrong is the command line, so exit status 2. */
    void (*blame_options)(const SsHost *host);

    /* The tables of fields, as base/event.h has them, for plugins that serialise. */
    const SsField *(*event_common_fields)(const SsHost *host);
    const SsField *(*event_fields)(const SsHost *host, SsEventType type);

    /* A line on standard error, headed by the plugin's name: what an option asked for and the
     * capture does not have. No failure. */
    void (*tell)(const SsHost *host, const char *what);
};

struct SsPlugin {
    uint32_t abi, size; /* SS_PLUGIN_ABI, sizeof(SsPlugin): members are appended, never moved */
    const char *name, *summary;
    const SsOption *options;       /* or NULL */
    const SsFindingKind *findings; /* of a detector; NULL for a sink */
    uint64_t wants;                /* event types, the most it may ask for */
    uint32_t needs;                /* SS_NEED_*, likewise */
    size_t session_state; /* bytes a session, given zeroed at first use, freed after its session
                             event; where they are all zero behind an event, there already */
    /* NULL with `err` filled in where it cannot work. A plugin without state returns any non-NULL
     * pointer. */
    void *(*open)(const SsHost *host, char *err, size_t errlen);
    /* `session` is the session's state, NULL for `capture`; false: an output failed, told by
     * `fail`. */
    bool (*event)(void *self, void *session, const SsHost *host, const SsEvent *event);
    /*
     * A message's content; its calls come in order, on its worker: two messages' calls may overlap,
     * so only
     * `*message` (NULL at first) may be touched.
     */
    bool (*content)(void *self, void **message, const SsHost *host, const SsChunk *chunk);
    /* Live, about twice a second: `now_ns` is the clock in packet time. */
    bool (*tick)(void *self, const SsHost *host, int64_t now_ns);
    bool (*close)(void *self, const SsHost *host);
    /* Frees what `session` owns, before the host frees the state itself; or NULL. */
    void (*session_free)(void *self, void *session);
    /*
     * Frees what `content` left for a message, if anything: after its event has been delivered, or
     * without one where the output has failed. On the thread of `event`. NULL where `content` is.
     */
    void (*message_free)(void *self, void *message);
    SsDestKind dest; /* what DEST is to this plugin */
    /* Of notes only these kinds, SS_NOTES(); 0: all. For a note that is not among them a session
     * gets no room, so what few sessions have costs nothing in the others. */
    uint64_t notes;
    /*
     * Of a sink that keeps more of its sessions than a little: how many bytes more it will keep of
     * the session of `event` for it, about; the host adds `session_state`. These bytes count for
     * `--limit memory`. `session` and `all` are what was said before, of this session and of all
     * that have not ended, so that what has a bound is counted up to it. Called on another thread
     * than `event`, before it: the answer must depend on the arguments and on what `open` has set.
     * NULL: nothing.
     */
    size_t (*session_cost)(const void *self, const SsEvent *event, size_t session, size_t all);
};
