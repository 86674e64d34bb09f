/*
 * What is said of packets of TCP, in words.
 */
#include <glib.h>

#include "dissect/stream.h"

static const char *const names[] = {
    [SS_REMARK_RETRANSMISSION] = "retransmission",
    [SS_REMARK_OVERLAP] = "overlap",
    [SS_REMARK_OUT_OF_ORDER] = "out-of-order",
    [SS_REMARK_FILLS_GAP] = "fills-gap",
    [SS_REMARK_LATE] = "late",
    [SS_REMARK_CONFLICT] = "conflict",
    [SS_REMARK_DUPLICATE] = "duplicate",
    [SS_REMARK_KEEP_ALIVE] = "keep-alive",
    [SS_REMARK_WINDOW_PROBE] = "window-probe",
    [SS_REMARK_ZERO_WINDOW] = "zero-window",
    [SS_REMARK_DUPLICATE_ACK] = "duplicate-ack",
    [SS_REMARK_ACK_UNSEEN] = "ack-unseen",
    [SS_REMARK_OUT_OF_WINDOW] = "out-of-window",
    [SS_REMARK_BEFORE_START] = "before-start",
    [SS_REMARK_WINDOW_UNKNOWN] = "window-unknown",
    [SS_REMARK_AFTER_FIN] = "after-fin",
    [SS_REMARK_FIN_MOVED] = "fin-moved",
    [SS_REMARK_RESET_DOUBTED] = "reset-doubted",
    [SS_REMARK_AFTER_RESET] = "after-reset",
    [SS_REMARK_SYN_CONFLICT] = "syn-conflict",
    [SS_REMARK_SYN_AGAIN] = "syn-again",
    [SS_REMARK_SYN_DATA] = "syn-data",
    [SS_REMARK_SPLIT_HANDSHAKE] = "split-handshake",
    [SS_REMARK_PORT_REUSED] = "port-reused",
    [SS_REMARK_MIDSTREAM] = "midstream",
    [SS_REMARK_BAD_CHECKSUM] = "bad-checksum",
    [SS_REMARK_OLD_TIMESTAMP] = "old-timestamp",
    [SS_REMARK_SIGNATURE] = "signature",
    [SS_REMARK_URGENT] = "urgent",
    [SS_REMARK_CUT] = "cut",
    [SS_REMARK_OFFLOADED] = "offloaded",
    [SS_REMARK_NOT_TAKEN] = "not-taken",
};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == SS_N_REMARKS);
G_STATIC_ASSERT(SS_N_REMARKS <= 64);

SsTcpHealth *
ss_connection_health(SsConnection *connection)
{
    if (!connection->health) {
        connection->health = g_new0(SsTcpHealth, 1);
        if (connection->memory) {
            *connection->memory += sizeof *connection->health;
        }
    }
    return connection->health;
}

void
ss_connection_drop_health(SsConnection *connection)
{
    if (connection->health && connection->memory) {
        *connection->memory -= sizeof *connection->health;
    }
    g_clear_pointer(&connection->health, g_free);
}

void
ss_connection_remark(SsConnection *connection, SsStreamSink *sink, SsDirection direction,
                     uint64_t remarks, const SsOrigin *origin)
{
    for (int kind = 0; remarks; kind++, remarks >>= 1) {
        if ((remarks & 1) && ss_connection_health(connection)->remarks[kind]++ == 0 && sink &&
            sink->ops->remark) {
            sink->ops->remark(sink, direction, (SsRemark)kind, origin);
        }
    }
}

const char *
ss_remark_name(int remark)
{
    return names[remark];
}
