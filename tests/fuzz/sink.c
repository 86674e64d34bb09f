#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "dissect/flow.h"
#include "fuzz.h"
#include "output/json.h"

void
ss_fuzz_fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

/* Bytes of its own, and a secret that lies in them. */
static void
check_span(const SsEventSpan *span)
{
    if ((span->len == 0) != (span->kind == SS_SPAN_END)) {
        ss_fuzz_fail("a span of %" G_GUINT64_FORMAT " bytes", span->len);
    }
    if (span->offset + span->len < span->offset ||
        (span->secret_len && (span->secret < span->offset ||
                              span->secret + span->secret_len > span->offset + span->len))) {
        ss_fuzz_fail("a span's bytes are not its own");
    }
}

static void
emit(SsEventSink *self, const SsEvent *event)
{
    SsFuzzSink *sink = (SsFuzzSink *)self;
    size_t start = sink->text->len;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = NULL;

    if (g_hash_table_contains(sink->ended, &event->uid)) {
        ss_fuzz_fail("an event after its session's");
    }
    if (event->type == SS_EVENT_SPAN) {
        check_span(&event->span);
        return;
    }
    sink->n_messages += event->type == SS_EVENT_MESSAGE;
    if (event->type == SS_EVENT_SESSION) {
        sink->n_sessions++;
        g_hash_table_add(sink->ended, g_memdup2(&event->uid, sizeof event->uid));
    }
    if (event->type == SS_EVENT_NOTE) {
        g_string_append_printf(sink->text, "note %d %" G_GUINT64_FORMAT "\n", event->note.kind,
                               event->frame);
        return;
    }
    ss_json_event(sink->text, event);
    node = json_from_string(sink->text->str + start, &error);
    if (!node || strchr(sink->text->str + start, '\n')) {
        ss_fuzz_fail("not a line of JSON: %s", sink->text->str + start);
    }
    g_string_append_c(sink->text, '\n');
}

void
ss_fuzz_sink_init(SsFuzzSink *sink)
{
    *sink = (SsFuzzSink){
        .base = {.wants = SS_WANT_ALL_WRITTEN | SS_WANT(SS_EVENT_NOTE) | SS_WANT(SS_EVENT_SPAN),
                 .emit = emit},
        .text = g_string_new(NULL),
        .ended = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
    };
}

void
ss_fuzz_sink_clear(SsFuzzSink *sink)
{
    g_string_free(sink->text, TRUE);
    g_hash_table_unref(sink->ended);
}
