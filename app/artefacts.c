#include "app/artefacts.h"

#include "plugins/common/health.h"

char *
ss_artefacts_describe(const SsEventCapture *capture)
{
    SsEventCapture about = *capture;
    g_autoptr(GPtrArray) lines = NULL;
    GString *text;

    about.dropped = SS_COUNT_NONE;
    lines = ss_health_of(&about);
    text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++) {
        const SsHealthLine *line = g_ptr_array_index(lines, i);
        g_string_append_printf(text, "%s%s", text->len ? "; " : "", line->text);
    }
    return g_string_free(text, text->len == 0);
}
