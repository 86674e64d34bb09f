#include "app/caps.h"

#include "dissect/smtp/smtp.h"

static void
add(SsArena *arena, SsList *list, const char *name, uint64_t n)
{
    SsTally tally = {ss_slice_str(name), n};

    if (n) {
        ss_list_append(arena, list, &tally, sizeof tally, SIZE_MAX);
    }
}

SsList
ss_caps_list(const SsFlowStats *flows, const uint64_t *smtp, SsArena *arena)
{
    SsList list = {NULL, 0, 0};

    add(arena, &list, "flows", flows->evicted_for_flows);
    add(arena, &list, "memory", flows->evicted_for_memory);
    add(arena, &list, "reorder", flows->reorder);
    add(arena, &list, "rivals", flows->rivals);
    for (int i = 0; i < SS_N_LIMITS; i++) {
        add(arena, &list, ss_smtp_limit_name(i), smtp[i]);
    }
    return list;
}

static bool
has(const SsTally *tallies, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (ss_slice_eq(tallies[i].key, ss_slice_str(name))) {
            return true;
        }
    }
    return false;
}

char *
ss_caps_describe(const SsFlowStats *flows, const uint64_t *smtp)
{
    uint64_t evicted = flows->evicted_for_flows + flows->evicted_for_memory;
    SsArena arena = {0};
    SsList list = ss_caps_list(flows, smtp, &arena);
    const SsTally *tallies = list.items;
    GString *text;

    if (!list.n) {
        return NULL;
    }
    text = g_string_new("limits met: ");
    for (size_t i = 0; i < list.n; i++) {
        g_string_append_printf(text, "%s%.*s %" G_GUINT64_FORMAT " time%s", i ? ", " : "",
                               (int)tallies[i].key.len, (const char *)tallies[i].key.data,
                               tallies[i].n, tallies[i].n == 1 ? "" : "s");
    }
    if (has(tallies, list.n, "reorder")) {
        g_string_append(text, ": bytes that had to wait for others were given up");
    }
    if (evicted) {
        g_string_append_printf(text, ": %" G_GUINT64_FORMAT " session%s ended early", evicted,
                               evicted == 1 ? " was" : "s were");
    }
    if (evicted || smtp[SS_LIMIT_LINE] || has(tallies, list.n, "reorder")) {
        g_string_append(text, "; see --limit");
    }
    ss_arena_clear(&arena);
    return g_string_free(text, FALSE);
}
