/*
 * The uids given out in a run, so that one that comes again is noticed: the latest SS_UIDS_MAX of
 * them, at about 24 bytes each.
 */
#pragma once

#include <stdint.h>

typedef struct {
    uint64_t *uids;        /* a ring, in the order in which they were given out */
    uint32_t *recurrences; /* beside each, how often it came again: so that a name that always
                              comes again costs no more each time */
    uint32_t *slots;       /* open addressing: places in the ring, from 1; 0 is free */
    uint32_t room;         /* of the ring, a power of 2; twice as many slots */
    uint32_t first, n;     /* of the ring: place of the oldest, and how many */
    uint64_t key;          /* odd */
    uint8_t shift;         /* the upper bits of a product that are a slot */
} SsUsedUids;

/* `secret` decides where uids go, so that nobody can choose some that collide. */
void ss_used_uids_init(SsUsedUids *self, uint64_t secret);
void ss_used_uids_clear(SsUsedUids *self);

/* Its recurrences, to be read and changed until the next one is added; NULL where it is not used.
 */
uint32_t *ss_used_uids_find(SsUsedUids *self, uint64_t uid);

/* Adds one that is not there; forgets the oldest past the cap. */
void ss_used_uids_add(SsUsedUids *self, uint64_t uid);
