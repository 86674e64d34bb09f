/*
 * A streaming JSON writer over a growing buffer, and the events' form in it (docs/events.md).
 *
 * What it writes is always valid UTF-8, and holds no character that acts on a terminal or hides
 * from a reader: those stand as `\u00XX`. Numbers are written by integer arithmetic alone.
 */
#pragma once

#include <glib.h>

#include "base/event.h"

/* The writer: where a comma is due is all it remembers, so the calls must nest by themselves. */
typedef struct {
    GString *to; /* borrowed */
    bool is_comma_due;
} SsJson;

void ss_json_init(SsJson *json, GString *to);
void ss_json_object_begin(SsJson *json);
void ss_json_object_end(SsJson *json);
void ss_json_list_begin(SsJson *json);
void ss_json_list_end(SsJson *json);

/* `name` is ours: ASCII that needs no escape. */
void ss_json_key(SsJson *json, const char *name);

void ss_json_null(SsJson *json);
void ss_json_bool(SsJson *json, bool value);
void ss_json_count(SsJson *json, uint64_t value);
void ss_json_signed(SsJson *json, int64_t value);
/* 16 hex digits. */
void ss_json_uid(SsJson *json, uint64_t uid);
/* RFC 3339 in UTC with `digits` (0 to 9) digits of the second's fraction, the rest cut off. */
void ss_json_time(SsJson *json, int64_t time_ns, unsigned digits);
/* Seconds, with as many of `digits` as it takes. */
void ss_json_duration(SsJson *json, int64_t duration_ns, unsigned digits);
/* Any bytes; false where they were not UTF-8 and U+FFFD stands in them. Absent is null. */
bool ss_json_text(SsJson *json, SsSlice text);
/* Bytes in base64 (RFC 4648 section 4). */
void ss_json_base64(SsJson *json, SsSlice bytes);

/*
 * The members of an object by their table, relative to `body`. Beside a field whose bytes are not
 * UTF-8 stands `NAME_b64`: of a text its bytes in base64; of a list of texts a list, null for the
 * members that are valid; of a map an object of those members only. Beside a list that was cut
 * stands `NAME_total`. What is not known is null. Of a key that comes twice the first is kept.
 */
void ss_json_fields(SsJson *json, const SsField *fields, const void *body, unsigned time_digits);

/* Appends an event as one line, without its line end. */
void ss_json_event(GString *to, const SsEvent *event);
