/*
 * A dialogue file: an SMTP session as a text that a person can write, with what is expected of it.
 * README.md beside this file describes the format.
 */
#pragma once

#include <glib.h>

#include "base/event.h"
#include "dissect/stream.h"

/* Bytes that one side sent in one go, and of which the capture has all or nothing. */
typedef struct {
    SsDirection direction;
    GByteArray *bytes;
    bool is_lost;    /* sent, and not in the capture */
    int64_t wait_ns; /* silence before it, beside the usual millisecond */
} SsDialogueChunk;

/* What is expected of a message's content. */
typedef struct {
    uint64_t index;
    GByteArray *bytes; /* holes left out */
    uint64_t missing;
} SsDialogueContent;

typedef struct {
    char *name; /* the file's, without its folder and `.t` */
    GPtrArray *chunks;
    GPtrArray *contents;
    GPtrArray *expected; /* lines of JSON, as written */
    GPtrArray *secrets;  /* strings that no output may show */
    uint64_t types;      /* SS_WANT() of the events compared */
    GStrv findings;      /* the ids compared; NULL is all */
    uint16_t port;
    bool any_port;
    bool from_middle;   /* the capture began after the handshake */
    bool is_seen[2];    /* the directions that the capture has */
    SsCloseReason end;  /* how it ended */
    SsDirection end_by; /* and by whom */
} SsDialogue;

/* NULL with `error`, which names the line, where the text is none. */
SsDialogue *ss_dialogue_parse(const char *name, const char *text, GError **error);
SsDialogue *ss_dialogue_load(const char *path, GError **error);
void ss_dialogue_free(SsDialogue *dialogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsDialogue, ss_dialogue_free)

/* The captured bytes of both directions. */
size_t ss_dialogue_size(const SsDialogue *dialogue);
