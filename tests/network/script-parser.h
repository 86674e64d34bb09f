/*
 * Inside the reader of packet scripts: what its parts share. Nothing else includes this.
 */
#pragma once

#include "tests/network/script.h"

typedef struct {
    int64_t next[2];       /* offset behind all that was said */
    uint32_t timestamp[2]; /* the last one sent */
    SsScriptOptions usual[2];
    guint16 ip_id[2];
} SsScriptStream;

typedef struct {
    SsScript *script;
    GString *about; /* the lines that are a dialogue's */
    SsScriptStream streams[SS_SCRIPT_CONNECTIONS];
    GHashTable *marks; /* names to offsets */
    int64_t now_ns;
    guint reversed_from; /* index of the first packet of the block, G_MAXUINT outside */
} SsScriptParser;

/* --- script-words.c --- */

/* Sets `error`; false. */
bool ss_script_fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The line's words, to a `#`; one that has a quoted text in it goes on to the next blank behind it.
 * NULL with `error` where a text has no end. */
GPtrArray *ss_script_split(const char *line, GError **error);
bool ss_script_parse_number(const char *text, int64_t *ret_n, GError **error);
bool ss_script_parse_seconds(const char *text, int64_t *ret_ns, GError **error);

/* Undoes the escapes from `text` to `end`. */
bool ss_script_unescape(GByteArray *to, const char *text, const char *end, GError **error);

/* What packets have that say nothing of it. */
extern const SsScriptOptions ss_script_no_options;

/* `key=value`, or a word alone. False without `error` where it is none of these. */
bool ss_script_take_option(SsScriptOptions *options, const char *word, GError **error);

/* --- script-packet.c --- */

/* `C`, `S`, `C2` …: which connection, and which side. */
bool ss_script_parse_who(const char *word, guint *ret_connection, SsDirection *ret_direction);

/* A packet's line. */
bool ss_script_take_packet(SsScriptParser *parser, const GPtrArray *words, GError **error);

/* The last packet once more, as another place on its way saw it. */
bool ss_script_take_again(SsScriptParser *parser, const GPtrArray *words, GError **error);
