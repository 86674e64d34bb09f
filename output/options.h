/*
 * What stands behind `-o`: `NAME[:DEST][,KEY=VALUE…]`, where `\` takes the meaning off a `,`, a `:`
 * and a `\` behind it, and a VALUE that is a list joins its members with `+`.
 */
#pragma once

#include <glib.h>

#include "base/plugin.h"

typedef struct {
    char *name;
    char *dest;        /* NULL where none was given */
    GPtrArray *keys;   /* of char * */
    GPtrArray *values; /* likewise, as many */
} SsOutputSpec;

/* Cut into its members; nothing is known yet of what they may be. NULL with `error`
 * (SS_OUTPUT_ERROR_USAGE). */
SsOutputSpec *ss_output_spec_parse(const char *spec, GError **error);
void ss_output_spec_free(SsOutputSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsOutputSpec, ss_output_spec_free)

/* The values of a plugin's options, in the order of its table. */
typedef struct {
    const SsOption *options; /* borrowed from the plugin */
    char **texts;            /* NULL where there is neither value nor default */
    size_t n;
} SsOptionValues;

/* Checks keys and values of `spec`, which may be NULL, against the table; what was not given gets
 * its default. False with `error` (SS_OUTPUT_ERROR_USAGE). */
bool ss_option_values_init(SsOptionValues *values, const SsPlugin *plugin, const SsOutputSpec *spec,
                           GError **error);
void ss_option_values_clear(SsOptionValues *values);

/* A key that the plugin does not declare gives false, 0 and NULL. */
bool ss_option_values_flag(const SsOptionValues *values, const char *key);
uint64_t ss_option_values_count(const SsOptionValues *values, const char *key);
const char *ss_option_values_text(const SsOptionValues *values, const char *key);
