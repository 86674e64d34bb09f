/*
 * `smtpscope diff A B`: two sessions command by command.
 *
 * A dialogue is taken as turns: a command with the reply it got, content with its reply, the
 * banner, a TLS handshake, the end. Turns of both are aligned by what is said, whatever was
 * answered; so the first difference in the answers stands where it came, and what only one of them
 * says does not move the rest.
 */
#pragma once

#include <glib.h>
#include <signal.h>

#include "app/options.h"
#include "output/output.h"

typedef struct {
    char *verb;        /* what it is aligned by: a command's, or a word of ours in lower case */
    char *text;        /* as it is shown, NULL of the banner */
    char *reply;       /* NULL: there was none */
    uint64_t code;     /* of the reply */
    char *enhanced;    /* or NULL */
    GPtrArray *offers; /* of char *: what a reply to EHLO offers; or NULL */
    int64_t time_ns;
    bool is_settled;    /* without a reply of its own */
    int64_t latency_ns; /* of the reply; SS_TIME_NONE */
} SsTurn;

typedef struct {
    char *file;
    uint64_t session; /* its number, 0: the first */
    char *ends;       /* addresses, once the session was found */
    char *verdict;    /* "accepted", "refused at RCPT: 550 …" */
    bool is_refused;  /* a message did not get through */
    unsigned n_messages;
    int64_t time_ns;  /* its first packet */
    GPtrArray *turns; /* of SsTurn */
    uint64_t n_left_out;
} SsSide;

/* --- diff-side.c --- */

/* `FILE` or `FILE#N`; a file whose own name ends so goes first. */
void ss_side_init(SsSide *side, const char *word);
void ss_side_clear(SsSide *side);

/* What it sees of the session it is about; an SsObserver whose `to` is an SsSide. */
SsObserver ss_side_observer(SsSide *side);

/* --- diff-align.c --- */

/* One of each, or NULL where only the other has it. */
typedef struct {
    const SsTurn *turn[2];
} SsTurnPair;

/* Of SsTurnPair, in order of both. */
GArray *ss_turns_align(const GPtrArray *a, const GPtrArray *b);

/* --- diff-print.c --- */

typedef struct {
    size_t width;
    bool has_color;
    bool is_verbose; /* texts too that only differ in their words */
} SsDiffStyle;

char *ss_diff_print(const SsSide sides[2], const SsDiffStyle *style);

/* --- diff.c --- */

/* The exit status; `argv[0]` is the word `diff`. */
int ss_diff_main(int argc, char **argv, volatile sig_atomic_t *stop, volatile sig_atomic_t *report);
