/*
 * The other reading of a content with look-alikes of its end in it: what a server would see that
 * takes them for the end. Behind each are lines, which for such a server are commands, and may end
 * with CR or LF alone; behind DATA is content up to the next look-alike, or the true end.
 *
 * Nothing of it is done: it only tells what is there. All lists have caps; beyond them is counted.
 */
#pragma once

#include <glib.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/limits.h"

/* What a reply of such a server answers. */
typedef enum {
    SS_HIDDEN_OTHER,
    SS_HIDDEN_RCPT,
    SS_HIDDEN_DATA,
    SS_HIDDEN_CONTENT,
} SsHiddenKind;

typedef struct {
    uint8_t kind; /* SsHiddenKind */
    uint8_t mail; /* which of the messages, from 1; 0: none that is kept */
} SsHiddenStep;

typedef struct {
    char name[28];  /* in words: `LF . CRLF` */
    uint64_t at;    /* where its dot stands in the content */
    uint64_t frame; /* of its last byte */
} SsAlike;

typedef struct {
    SsArena arena;
    SsAlike first, last; /* of all */
    SsAlike told;        /* the first that a command follows */
    char verb[16];       /* of that command; "" while there is none */
    uint64_t verb_frame;
    uint8_t state;
    uint8_t line[SS_HIDDEN_LINE_MAX];
    uint64_t line_len;   /* bytes of it, kept or not */
    uint64_t junk;       /* bytes that are no command since the last one, or the look-alike */
    bool has_line;       /* of such bytes a line was */
    bool is_mail_open;   /* the last message takes recipients */
    uint64_t content_at; /* where its content begins */
    SsList mails;        /* of SsHiddenMessage */
    uint64_t n_steps;    /* replies that such a server gives, behind that to the content … */
    uint64_t n_certain;  /* … of them those up to the last command */
    SsHiddenStep steps[SS_HIDDEN_STEPS_MAX];
    /* When the content has ended: what the server made of it. */
    uint64_t message; /* index of the one it stands in */
    SsReplyText outer;
    bool is_early;
    SsList extra; /* of SsReplyText: replies that answer no command of the client's */
} SsHidden;

SsHidden *ss_hidden_new(void);
void ss_hidden_free(SsHidden *hidden);
size_t ss_hidden_size(const SsHidden *hidden);

/* A look-alike ends here. */
void ss_hidden_alike(SsHidden *hidden, const SsAlike *alike);

/* Whether it is to be given each byte. */
bool ss_hidden_is_reading(const SsHidden *hidden);

/* `at` is the byte's place in the content. */
void ss_hidden_byte(SsHidden *hidden, uint8_t byte, uint64_t at, uint64_t frame);

/* Bytes are missing here, or nothing more comes. */
void ss_hidden_stop(SsHidden *hidden);

/* The true end; `at` is the length of the content. */
void ss_hidden_end(SsHidden *hidden, uint64_t at);

/* Whether a command follows one of the look-alikes. */
bool ss_hidden_has_command(const SsHidden *hidden);

/* A copy of a reply, cut. */
SsReplyText ss_hidden_keep_reply(SsHidden *hidden, const SsReplyText *reply);

/* One more than there are commands for. */
void ss_hidden_add_reply(SsHidden *hidden, const SsReplyText *reply);

/* All of it as an event has it, borrowed; the replies are put to what they answer. */
SsEventLookAlike ss_hidden_tell(SsHidden *hidden);
