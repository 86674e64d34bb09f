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

/* Why bytes are missing. */
typedef enum {
    SS_GAP_CAPTURE,     /* the receiver has acknowledged them: only the capture lacks them */
    SS_GAP_SNAP_LENGTH, /* they were cut off their packet */
    SS_GAP_NETWORK,     /* nobody has acknowledged them: lost on their way */
    SS_GAP_LIMIT,       /* not waited for any longer, since too much was kept behind them */
    SS_GAP_UNKNOWN,     /* no acknowledgements were captured that would tell */
} SsGapCause;

/* What is said of a packet of TCP, beside its header; SS_REMARK_* of ss_remark_name(). */
typedef enum {
    SS_REMARK_RETRANSMISSION, /* all of its bytes were seen before */
    SS_REMARK_OVERLAP,        /* some of its bytes were */
    SS_REMARK_OUT_OF_ORDER,   /* ahead of bytes that are still missing */
    SS_REMARK_FILLS_GAP,      /* the bytes that others waited for */
    SS_REMARK_LATE,           /* bytes that had been given up as missing */
    SS_REMARK_CONFLICT,       /* bytes that differ from those seen before */
    SS_REMARK_DUPLICATE,      /* the same packet, captured twice */
    SS_REMARK_KEEP_ALIVE,
    SS_REMARK_WINDOW_PROBE,    /* a byte at the edge of a closed window */
    SS_REMARK_ZERO_WINDOW,     /* the sender takes no more bytes */
    SS_REMARK_DUPLICATE_ACK,   /* acknowledges again what the last one did */
    SS_REMARK_ACK_UNSEEN,      /* acknowledges bytes that were not captured */
    SS_REMARK_OUT_OF_WINDOW,   /* bytes the receiver does not take */
    SS_REMARK_BEFORE_START,    /* bytes before the start of the stream */
    SS_REMARK_WINDOW_UNKNOWN,  /* the window's scale was not seen, so windows are not checked */
    SS_REMARK_AFTER_FIN,       /* bytes behind the end */
    SS_REMARK_FIN_MOVED,       /* a FIN elsewhere than the one before */
    SS_REMARK_RESET_DOUBTED,   /* a reset that its receiver need not believe */
    SS_REMARK_AFTER_RESET,     /* goes on behind a reset */
    SS_REMARK_SYN_CONFLICT,    /* a SYN, or its answer, with other numbers */
    SS_REMARK_SYN_AGAIN,       /* on a connection that stands */
    SS_REMARK_SYN_DATA,        /* bytes with the SYN */
    SS_REMARK_SPLIT_HANDSHAKE, /* a SYN answered by a SYN */
    SS_REMARK_PORT_REUSED,     /* begins anew without a close */
    SS_REMARK_MIDSTREAM,       /* the capture began in the middle */
    SS_REMARK_BAD_CHECKSUM,    /* of one whose packets otherwise have good ones */
    SS_REMARK_OLD_TIMESTAMP,   /* RFC 7323 section 5 */
    SS_REMARK_SIGNATURE,       /* an option that the connection's other packets do not have */
    SS_REMARK_URGENT,          /* a byte that receivers read in two ways */
    SS_REMARK_CUT,             /* by the snap length */
    SS_REMARK_OFFLOADED,       /* longer than the receiver takes: captured before it was cut up */
    SS_REMARK_NOT_TAKEN,       /* its bytes are kept aside, until the receiver acknowledges them */
    SS_N_REMARKS,
} SsRemark;

#define SS_REMARKS(remark) (UINT64_C(1) << (remark))

/* In words, as people and JSON have it: "retransmission". */
const char *ss_remark_name(int remark);

/* Two readings of the same bytes. All is borrowed until the call returns. */
typedef struct {
    uint64_t offset; /* of the first byte that differs, in the stream of its direction */
    uint64_t len;    /* to the last one that differs */
    SsSlice taken;   /* what counts, from `offset` on: SS_CONFLICT_SHOWN bytes at most */
    SsSlice other;   /* what does not */
    SsOrigin taken_from, other_from;
    bool is_late; /* the receiver had it before the other came */
    uint8_t taken_ttl, other_ttl;
    bool has_links;
    uint8_t taken_link[6], other_link[6]; /* MAC addresses they came from */
    uint64_t doubts; /* SS_REMARKS of the other: why it does not count, where there is a reason */
} SsConflict;

/* As much as a segment on Ethernet has. */
#define SS_CONFLICT_SHOWN 1500

/* One end of a connection. */
typedef struct {
    uint8_t address[16];
    uint64_t packets;
    uint64_t bytes;         /* delivered */
    uint64_t missing_bytes; /* told as gaps */
    int64_t round_trip_ns;  /* the shortest time from bytes of this end to their acknowledgement, as
                               the capture point saw it; SS_TIME_NONE */
    uint32_t initial_seq;   /* of its SYN */
    uint16_t port;
    uint16_t mss;     /* of its SYN; 0: not seen */
    uint8_t ttl;      /* of its first packet */
    bool has_syn;     /* `initial_seq` was seen, or told by the SYN-ACK */
    uint32_t settled; /* when all it had sent was last acknowledged: ss_connection_settled_ns() */
} SsConnectionEnd;

/* What is kept of an end where there is something to tell. */
typedef struct {
    uint64_t retransmitted_bytes; /* seen again */
    int64_t resent_ns;            /* when it last sent again what it had sent; 0: never */
    uint32_t retransmitted_packets;
    uint32_t zero_windows;    /* times it closed its window */
    int64_t closed_ns;        /* how long that was, in all */
    uint32_t largest_acked;   /* largest segment that was acknowledged behind the handshake */
    uint32_t stuck_len;       /* the segment that stayed unacknowledged … */
    uint32_t stuck_times;     /* … and how often it was sent */
    uint64_t stuck_frames[2]; /* first and last time */
    uint32_t resets;
    uint8_t reset_ttl; /* of the last one */
} SsEndHealth;

/* What is kept only of connections that have something to tell. */
typedef struct {
    uint32_t remarks[SS_N_REMARKS]; /* packets */
    SsEndHealth half[2];
    int64_t idle_ns; /* the pause before the last packets: what a device between may have dropped */
} SsTcpHealth;

/* What is known of a TCP connection, whatever it carries. Owned by the flow table, lives as long as
 * its sink. There may be very many: what few of them have is in `health`. */
typedef struct {
    SsConnectionEnd half[2];
    SsOrigin first, last;
    int64_t syn_ns;            /* time of the client's first SYN; SS_TIME_NONE */
    int64_t ready_ns;          /* of the ACK that ends the handshake; SS_TIME_NONE */
    uint64_t uid;              /* fixed when the first event needs it: ss_connection_identify() */
    uint64_t session;          /* number, from 1; 0 until the connection counts as a session */
    uint64_t frame;            /* the packet being processed: `frame` of events made now */
    uint64_t *memory;          /* the accountant's count; NULL where there is none */
    SsTcpHealth *health;       /* NULL: nothing odd was seen */
    void *slot;                /* the output side's place for this session */
    struct SsFlowTable *table; /* whose it is, or NULL */
    uint8_t family;            /* 4 or 6 */
    bool from_start;           /* a SYN was seen */
    bool on_server_port;       /* its server port is one that is taken for SMTP without proof */
    bool has_mail;             /* set by the sink: what must be given up last */
    bool is_ignored; /* set by the sink: not what it looks for, no more bytes are wanted */
} SsConnection;

/* The handshake's time, from the SYN to the ACK that ends it; SS_TIME_NONE. Wherever the capture
 * was made it is a round trip: half of it before the SYN-ACK, half behind. */
static inline int64_t
ss_connection_connect_ns(const SsConnection *connection)
{
    bool is_known = connection->syn_ns != SS_TIME_NONE && connection->ready_ns != SS_TIME_NONE &&
                    connection->ready_ns >= connection->syn_ns;

    return is_known ? connection->ready_ns - connection->syn_ns : SS_TIME_NONE;
}

/* Since the connection's first packet, in what 32 bits tell half a day of. */
#define SS_SETTLED_UNIT_NS 10000

/* All that this end has sent is acknowledged. */
static inline void
ss_connection_settle(SsConnection *connection, SsDirection direction, int64_t now_ns)
{
    int64_t units = (now_ns - connection->first.time_ns) / SS_SETTLED_UNIT_NS;

    connection->half[direction].settled =
        units >= 0 && units < UINT32_MAX ? (uint32_t)units + 1 : 0;
}

/* When that was last; SS_TIME_NONE where it was not seen. */
static inline int64_t
ss_connection_settled_ns(const SsConnection *connection, SsDirection direction)
{
    uint32_t settled = connection->half[direction].settled;

    return settled ? connection->first.time_ns + (int64_t)(settled - 1) * SS_SETTLED_UNIT_NS
                   : SS_TIME_NONE;
}

typedef struct SsStreamSink SsStreamSink;

typedef struct {
    /* `bytes` are borrowed until the call returns; they may end anywhere. */
    void (*data)(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin);
    /* `n` bytes of this direction that the capture lacks; `origin` is the packet that showed it. */
    void (*gap)(SsStreamSink *self, SsDirection direction, uint64_t n, SsGapCause cause,
                const SsOrigin *origin);
    /* The handshake has ended; not called where it was not seen. May be NULL. */
    void (*connected)(SsStreamSink *self, const SsOrigin *origin);
    /* Two readings of bytes. They may have been given, or come later. May be NULL. */
    void (*conflict)(SsStreamSink *self, SsDirection direction, const SsConflict *conflict);
    /* Something odd about a packet of this direction. May be NULL. */
    void (*remark)(SsStreamSink *self, SsDirection direction, SsRemark remark,
                   const SsOrigin *origin);
    /* The end of this direction's stream was seen: its side sends no more. Bytes of it may still
     * come. May be NULL. */
    void (*finished)(SsStreamSink *self, SsDirection direction, const SsOrigin *origin);
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
    /* Who would say so, where the handshake does not tell: SS_CLIENT, SS_SERVER, or -1. May be
     * NULL. */
    int (*who_says)(const SsStreamFactory *self, SsSlice bytes);
};

/* What is kept of a connection that has something to tell; made at first use, owned by it. */
SsTcpHealth *ss_connection_health(SsConnection *connection);
void ss_connection_drop_health(SsConnection *connection);

/* Counts bytes of `direction` that were seen again. */
static inline void
ss_connection_count_again(SsConnection *connection, SsDirection direction, uint64_t n)
{
    if (n) {
        ss_connection_health(connection)->half[direction].retransmitted_bytes += n;
    }
}

/* Counts remarks, SS_REMARKS of one packet, and tells `sink` (which may be NULL) the first of each
 * kind. */
void ss_connection_remark(SsConnection *connection, SsStreamSink *sink, SsDirection direction,
                          uint64_t remarks, const SsOrigin *origin);
