/*
 * The documents made from the field tables: docs/events.md, docs/events.schema.json and
 * docs/findings.md. A test compares them with what is printed here.
 *
 * `plugins` is NULL-terminated; of detectors it gives the kinds of findings.
 */
#pragma once

#include <stdio.h>

#include "base/plugin.h"

void ss_schema_print_events_md(FILE *to);

/* JSON Schema, draft 2020-12, for one line. */
void ss_schema_print_json_schema(FILE *to, const SsPlugin *const *plugins);

/* By id. */
void ss_schema_print_findings_md(FILE *to, const SsPlugin *const *plugins);
