#include "dissect/used-uids.h"

#include <glib.h>

#include "base/limits.h"

#define ROOM_MIN 64

G_STATIC_ASSERT((SS_UIDS_MAX & (SS_UIDS_MAX - 1)) == 0 && SS_UIDS_MAX >= ROOM_MIN);

void
ss_used_uids_init(SsUsedUids *self, uint64_t secret)
{
    *self = (SsUsedUids){.key = secret | 1};
}

void
ss_used_uids_clear(SsUsedUids *self)
{
    g_free(self->uids);
    g_free(self->recurrences);
    g_free(self->slots);
    *self = (SsUsedUids){.key = self->key};
}

static uint32_t
mask_of(const SsUsedUids *self)
{
    return self->room * 2 - 1;
}

/* Where a uid belongs, by the upper bits of a product (Dietzfelbinger et al.: "A reliable
 * randomized algorithm for the closest-pair problem", 1997). */
static uint32_t
home_of(const SsUsedUids *self, uint64_t uid)
{
    return (uint32_t)((uid * self->key) >> self->shift);
}

/* The slot of a uid, or the free one where it would go. */
static uint32_t
slot_of(const SsUsedUids *self, uint64_t uid)
{
    uint32_t slot = home_of(self, uid);

    while (self->slots[slot] && self->uids[self->slots[slot] - 1] != uid) {
        slot = (slot + 1) & mask_of(self);
    }
    return slot;
}

uint32_t *
ss_used_uids_find(SsUsedUids *self, uint64_t uid)
{
    uint32_t place = self->room ? self->slots[slot_of(self, uid)] : 0;

    return place ? &self->recurrences[place - 1] : NULL;
}

/* Those behind the slot that is freed move up, as far as they are not where they belong. */
static void
forget_oldest(SsUsedUids *self)
{
    uint32_t mask = mask_of(self);
    uint32_t hole = slot_of(self, self->uids[self->first]);

    for (uint32_t slot = (hole + 1) & mask; self->slots[slot]; slot = (slot + 1) & mask) {
        uint32_t home = home_of(self, self->uids[self->slots[slot] - 1]);
        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            self->slots[hole] = self->slots[slot];
            hole = slot;
        }
    }
    self->slots[hole] = 0;
    self->first = (self->first + 1) & (self->room - 1);
    self->n--;
}

/* It grows while nothing was forgotten yet, so that the ring's oldest is at its start. */
static void
grow(SsUsedUids *self)
{
    self->room = self->room ? self->room * 2 : ROOM_MIN;
    self->shift = (uint8_t)(64 - g_bit_storage(mask_of(self)));
    self->uids = g_renew(uint64_t, self->uids, self->room);
    self->recurrences = g_renew(uint32_t, self->recurrences, self->room);
    g_free(self->slots);
    self->slots = g_new0(uint32_t, (size_t)self->room * 2);
    for (uint32_t i = 0; i < self->n; i++) {
        self->slots[slot_of(self, self->uids[i])] = i + 1;
    }
}

void
ss_used_uids_add(SsUsedUids *self, uint64_t uid)
{
    uint32_t place;

    if (self->n == SS_UIDS_MAX) {
        forget_oldest(self);
    } else if (self->n == self->room) {
        grow(self);
    }
    place = (self->first + self->n++) & (self->room - 1);
    self->uids[place] = uid;
    self->recurrences[place] = 0;
    self->slots[slot_of(self, uid)] = place + 1;
}
