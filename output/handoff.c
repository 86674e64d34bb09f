#include "output/handoff.h"

#define UNDER_WAY 8 /* bundles */

typedef struct {
    GPtrArray *events; /* NULL: a tick, or the end */
    gint64 tick_ns;
    bool is_end;
} Bundle;

struct SsHandoff {
    SsHandoffTarget target;
    GThread *thread;
    GAsyncQueue *full, *empty; /* of Bundle */
};

static gpointer
work(gpointer data)
{
    SsHandoff *handoff = data;
    bool is_end = false;

    while (!is_end) {
        Bundle *bundle = g_async_queue_pop(handoff->full);
        is_end = bundle->is_end;
        if (bundle->events) {
            handoff->target.deliver(handoff->target.to, g_steal_pointer(&bundle->events));
        } else if (!is_end) {
            handoff->target.tick(handoff->target.to, bundle->tick_ns);
        }
        g_async_queue_push(handoff->empty, bundle);
    }
    return NULL;
}

SsHandoff *
ss_handoff_new(const SsHandoffTarget *target)
{
    SsHandoff *handoff = g_new0(SsHandoff, 1);

    handoff->target = *target;
    handoff->full = g_async_queue_new();
    handoff->empty = g_async_queue_new_full(g_free);
    for (int i = 0; i < UNDER_WAY; i++) {
        g_async_queue_push(handoff->empty, g_new0(Bundle, 1));
    }
    handoff->thread = g_thread_new("output", work, handoff);
    return handoff;
}

static void
put(SsHandoff *handoff, GPtrArray *events, gint64 tick_ns, bool is_end)
{
    Bundle *bundle = g_async_queue_pop(handoff->empty);

    *bundle = (Bundle){events, tick_ns, is_end};
    g_async_queue_push(handoff->full, bundle);
}

void
ss_handoff_put(SsHandoff *handoff, GPtrArray *events)
{
    put(handoff, events, 0, false);
}

void
ss_handoff_tick(SsHandoff *handoff, gint64 now_ns)
{
    put(handoff, NULL, now_ns, false);
}

void
ss_handoff_free(SsHandoff *handoff)
{
    if (!handoff) {
        return;
    }
    put(handoff, NULL, 0, true);
    g_thread_join(handoff->thread);
    g_async_queue_unref(handoff->full);
    g_async_queue_unref(handoff->empty);
    g_free(handoff);
}
