/*
 * The joint: what reassembly gives, TLS takes and gives again, and SMTP takes. In-order bytes of
 * two directions, with holes told as holes. Between the directions the order is that of cause and
 * effect as far as acknowledgements tell it: a reply comes after the bytes that its packet
 * acknowledged.
 */
#pragma once

#include "base/event.h"

typedef enum {
    SS_CLOSE_FIN,     /* both sides closed */
    SS_CLOSE_RESET,   /* `by` sent a reset */
    SS_CLOSE_TIMEOUT, /* idle too long, or never answered */
    SS_CLOSE_CAPTURE, /* the capture ended first */
    SS_CLOSE_REUSED,  /* the same addresses and ports began anew without a close */
    SS_CLOSE_EVICTED, /* a limit was met */
} SsCloseReason;

/* What is known of a TCP connection, whatever it carries. Owned by the flow table, lives as long as
 * its sink. */
typedef struct {
    uint8_t family; /* 4 or 6 */
    struct {
        uint8_t address[16];
        uint16_t port;
        uint64_t packets;
        uint64_t bytes;               /* delivered */
        uint64_t retransmitted_bytes; /* seen again */
        uint64_t missing_bytes;       /* told as gaps */
        uint32_t initial_seq;         /* of its SYN */
        bool has_syn;                 /* `initial_seq` was seen, or told by the SYN-ACK */
    } half[2];
    SsOrigin first, last;
    bool from_start;       /* a SYN was seen */
    bool is_established;   /* the handshake was seen, or data */
    int64_t connect_ns;    /* SYN to the ACK that ends the handshake; SS_TIME_NONE */
    int64_t round_trip_ns; /* of the handshake, as the capture point saw it; SS_TIME_NONE */
    int64_t ready_ns;      /* time of that ACK; SS_TIME_NONE */
    bool on_server_port;   /* its server port is one that is taken for SMTP without proof */
    bool is_ignored;       /* set by the sink: not what it looks for, no more bytes are wanted */
    uint64_t uid;          /* fixed when the first event needs it: ss_connection_identify() */
    uint64_t session;      /* number, from 1; 0 until the connection counts as a session */
    uint64_t frame;        /* the packet being processed: `frame` of events made now */
    uint64_t *memory;      /* the accountant's count; NULL where there is none */
    void *slot;            /* the output side's place for this session */
    struct SsFlowTable *table; /* whose it is, or NULL */
} SsConnection;

typedef struct SsStreamSink SsStreamSink;

typedef struct {
    /* `bytes` are borrowed until the call returns; they may end anywhere. */
    void (*data)(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin);
    /* `n` bytes of this direction that the capture lacks; `origin` is the packet that showed it. */
    void (*gap)(SsStreamSink *self, SsDirection direction, uint64_t n, const SsOrigin *origin);
    /* The handshake has ended; not called where it was not seen. May be NULL. */
    void (*connected)(SsStreamSink *self, const SsOrigin *origin);
    /* Last call: frees the sink. `by` is the side that ended it, where one did. */
    void (*close)(SsStreamSink *self, SsCloseReason reason, SsDirection by);
} SsStreamSinkOps;

struct SsStreamSink {
    const SsStreamSinkOps *ops;
};

/* Makes what reads a new connection's bytes; `connection` is borrowed for the sink's life. */
typedef struct SsStreamFactory SsStreamFactory;
struct SsStreamFactory {
    SsStreamSink *(*open)(SsStreamFactory *self, SsConnection *connection);
};
