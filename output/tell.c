#include "output/tell.h"

#include "base/text.h"

void
ss_tell(const char *format, ...)
{
    g_autofree char *words = NULL;
    g_autoptr(GString) line = g_string_new("smtpscope: ");
    va_list list;

    va_start(list, format);
    words = g_strdup_vprintf(format, list);
    va_end(list);
    ss_text_append_safe(line, ss_slice_str(words));
    g_string_append_c(line, '\n');
    g_printerr("%s", line->str);
}
