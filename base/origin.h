/*
 * Where bytes came from: the packet that carried them. Every event can name its evidence by it.
 */
#pragma once

#include <stdint.h>

/* Packet time is signed nanoseconds since 1970-01-01 UTC; this one stands for "not known". */
#define SS_TIME_NONE INT64_MIN

typedef struct {
    uint64_t frame;      /* from 1, over all packets read */
    int64_t time_ns;     /* packet time */
    uint8_t time_digits; /* fraction digits the capture has: 6 or 9 */
} SsOrigin;

/* The direction of bytes in a session. It indexes `half[2]`. */
typedef enum {
    SS_CLIENT = 0,
    SS_SERVER = 1,
} SsDirection;

static inline SsDirection
ss_direction_other(SsDirection direction)
{
    return direction == SS_CLIENT ? SS_SERVER : SS_CLIENT;
}
