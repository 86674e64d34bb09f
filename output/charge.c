#include "output/charge.h"

#include "output/host.h"

/* What the allocator and delivery's table add to a state. */
#define KEEPING_SIZE 64

/* Detectors keep nothing of most sessions, and of others some words each. */
#define DETECTORS_SIZE 96
/* Of what was refused and of what is odd they keep more until the session's end, and so does the
 * count of findings: measured, two refused messages make 1.3 KB. All that has a bound. */
#define REFUSED_SIZE 448
#define NOTED_SIZE 64
#define DETECTED_MAX 8192

void
ss_charge_init(SsCharge *charge)
{
    *charge = (SsCharge){.sinks = g_ptr_array_new()};
}

void
ss_charge_clear(SsCharge *charge)
{
    g_clear_pointer(&charge->sinks, g_ptr_array_unref);
}

void
ss_charge_begin(SsCharge *charge, GPtrArray *instances, size_t n_detectors)
{
    charge->has_detectors = n_detectors > 0;
    charge->state = n_detectors ? DETECTORS_SIZE : 0;
    for (size_t i = 0; i < instances->len; i++) {
        SsInstance *instance = g_ptr_array_index(instances, i);
        if (instance->plugin->session_state) {
            charge->state += instance->plugin->session_state + KEEPING_SIZE;
        }
        if (instance->plugin->session_cost) {
            g_ptr_array_add(charge->sinks, instance);
        }
    }
}

/* Each sink is asked as if it were alone: where there are several, most often they are alike. */
static size_t
ask(const SsCharge *charge, const SsEvent *event, size_t session)
{
    size_t n = charge->sinks->len, cost = 0;

    for (size_t i = 0; i < n; i++) {
        const SsInstance *instance = g_ptr_array_index(charge->sinks, i);
        cost += instance->plugin->session_cost(instance->self, event, session / n, charge->all / n);
    }
    return cost;
}

static size_t
detectors_keep(const SsCharge *charge, const SsEvent *event, size_t session)
{
    if (!charge->has_detectors || session >= DETECTED_MAX) {
        return 0;
    }
    switch (event->type) {
    case SS_EVENT_MESSAGE:
        return event->message.outcome == SS_OUTCOME_ACCEPTED ? 0 : REFUSED_SIZE;
    case SS_EVENT_AUTH:
        return REFUSED_SIZE;
    case SS_EVENT_NOTE:
        return NOTED_SIZE;
    default:
        return 0;
    }
}

void
ss_charge_event(SsCharge *charge, const SsEvent *event)
{
    uintptr_t charged;
    size_t cost;

    if (!charge->memory || !event->slot || charge->state == 0) {
        return;
    }
    charged = (uintptr_t)*event->slot;
    if (event->type == SS_EVENT_SESSION) {
        *charge->memory -= charged;
        charge->all -= charged ? charged - charge->state : 0;
        *event->slot = NULL;
        return;
    }
    if (charged == 0) {
        charged = charge->state;
        *charge->memory += charged;
    }
    cost = ask(charge, event, charged - charge->state) +
           detectors_keep(charge, event, charged - charge->state);
    *charge->memory += cost;
    charge->all += cost;
    *event->slot = (void *)(charged + cost);
}
