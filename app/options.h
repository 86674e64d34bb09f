/*
 * The command line (docs/man/smtpscope.1).
 */
#pragma once

#include <glib.h>
#include <stdio.h>

#include "base/limits.h"

typedef struct {
    char **files;    /* NULL-terminated; NULL: none were given */
    char *interface; /* NULL: read files */
    char *filter;    /* BPF, or NULL */
    GArray *ports;   /* of uint16_t; empty is all */
    char **outputs;  /* specs of -o, NULL-terminated, or NULL */
    char *select;    /* -Y, or NULL */
    char **expected; /* --expect, NULL-terminated, or NULL */
    char *write_to;  /* -w: where the sessions' packets go, or NULL */
    char *plugin_dir;
    char *fingerprint_key; /* --fingerprint-secrets: the key's file, or NULL */
    SsLimits limits;
    uint64_t held_max;    /* live with -Y: taken from `memory` for events that wait */
    uint64_t max_packets; /* 0: no limit */
    int64_t duration_ns;  /* 0: no limit */
    int snap_length;
    int buffer_mib;
    int color;   /* 0 auto, 1 always, -1 never */
    int workers; /* threads beside the reader; as many as there are cores less one */
    int verbosity;
    int overlap; /* SsOverlap */
    bool no_progress;
    bool show_secrets;
    bool hash_inputs;
    bool list_interfaces;
    bool list_plugins;
    bool print_help;
    bool print_version;
    char **words; /* the command line as it was given, for the `capture` event */
} SsAppOptions;

/* False with `error` where the command line is wrong. */
bool ss_app_options_parse(SsAppOptions *options, int argc, char **argv, GError **error);
void ss_app_options_print_help(FILE *to);
void ss_app_options_clear(SsAppOptions *options);
