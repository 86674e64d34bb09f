/*
 * The fields that an expression can name: those of the events' table by their paths, and short
 * names for what is asked for most.
 *
 * A path is the event's type and the names down to the value: `message.headers.subject`; of an
 * object whose keys come off the wire, the rest is the key: `message.from_params.SIZE`,
 * `session.findings.tls.not-used`. Without its type a path is found where one event only has it.
 */
#pragma once

#include <glib.h>

#include "base/event.h"

typedef enum {
    SS_KIND_TEXT,
    SS_KIND_NUMBER,
    SS_KIND_SIGNED, /* a number that may be below 0 */
    SS_KIND_TIME,
    SS_KIND_DURATION,
    SS_KIND_BOOL,
    SS_KIND_NAME,    /* one of a few words: an enum's */
    SS_KIND_ADDRESS, /* IPv4 or IPv6, as text */
} SsSelectKind;

/* How deep the table goes. */
#define SS_PATH_STEPS_MAX 4

typedef struct {
    SsEventType type;
    const SsField *steps[SS_PATH_STEPS_MAX];
    size_t n_steps;
    bool is_common; /* the first is one of the fields that all events have */
    SsSlice key;    /* of a map or a tally this member; absent: its keys; borrowed from the name */
    bool is_attachment; /* of parts only those that are attachments */
} SsFieldPath;

#define SS_FIELD_PATHS_MAX 8

typedef struct {
    SsSelectKind kind;
    SsFieldPath paths[SS_FIELD_PATHS_MAX]; /* a list of all that they lead to */
    size_t n_paths;
    SsFieldPath otherwise; /* of a session without messages, where `has_otherwise` */
    bool has_otherwise;
} SsSelectField;

/* False with why, in words, for a name that is none. `name` is borrowed for the field's life. */
bool ss_select_field_find(SsSlice name, SsSelectField *ret_field, GString *why);

typedef struct {
    SsSlice text;    /* of TEXT, ADDRESS, NAME */
    uint64_t number; /* of NUMBER, BOOL */
    int64_t ns;      /* of TIME, DURATION, SIGNED */
} SsSelectValue;

/*
 * Calls `take` for each value that `path` leads to in `event`, until it gives true; absent values
 * are passed over. True where it did. Values are borrowed until `take` returns.
 */
bool ss_field_path_any(const SsFieldPath *path, const SsEvent *event,
                       bool (*take)(void *to, const SsSelectValue *value), void *to);

/* The short names and what they stand for, for tests; the last has no name. */
typedef struct {
    const char *name;
    const char *paths[SS_FIELD_PATHS_MAX];
    const char *otherwise;
    bool is_attachment;
} SsShortName;
const SsShortName *ss_select_short_names(void);
