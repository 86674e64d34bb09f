/*
 * Prints one of the pages that are made from tables: events.md, events.schema.json, findings.md.
 */
#include <glib.h>

#include "output/output.h"
#include "output/schema.h"

int
main(int argc, char **argv)
{
    const char *page = argc == 2 ? argv[1] : "";

    if (g_str_equal(page, "events.md")) {
        ss_schema_print_events_md(stdout);
    } else if (g_str_equal(page, "events.schema.json")) {
        ss_schema_print_json_schema(stdout, ss_plugins_built_in);
    } else if (g_str_equal(page, "findings.md")) {
        ss_schema_print_findings_md(stdout, ss_plugins_built_in);
    } else {
        fprintf(stderr, "usage: print-docs events.md|events.schema.json|findings.md\n");
        return 2;
    }
    return 0;
}
