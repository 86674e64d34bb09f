/*
 * A flow table with a sink that writes down what it is told, and segments made by hand.
 */
#pragma once

#include "dissect/flow.h"

#define SYN SS_TCP_SYN
#define ACK SS_TCP_ACK
#define FIN SS_TCP_FIN
#define RST SS_TCP_RST

#define SECOND SS_NS_PER_S

typedef struct {
    SsStreamFactory base;
    SsFlowTable *table;
    GString *said; /* `1+` opened, `1:>text`, `1:<[n]` a gap, `1:fin` closed; NULL: count only */
    int64_t now_ns;
    uint64_t frame;
    uint64_t packets, bytes; /* fed */
    uint64_t n_open;         /* sinks there are */
    uint64_t delivered, missing;
    uint64_t last_uid;
    int64_t connect_ns; /* of the last that closed */
    bool ignores;       /* what it is given */
} Rig;

/* `limits` may be NULL. */
void rig_open(Rig *rig, const SsLimits *limits);
/* Frees the table, the ledger checked. */
void rig_close(Rig *rig);
void rig_check_ledger(const Rig *rig);

/* A connection as the wire has it: sequence numbers count up by themselves. */
typedef struct {
    Rig *rig;
    uint8_t family;
    SsAddress address[2];
    uint32_t seq[2]; /* of the next byte */
} Wire;

void wire_open(Wire *wire, Rig *rig, uint32_t client, uint16_t port);

/* One segment, a second after the one before; `text` may be NULL. */
SsFlowBucket wire_send(Wire *wire, SsDirection from, uint8_t flags, const char *text);
/* The same with numbers of its own, at the same time as the one before; nothing counts up. */
SsFlowBucket wire_raw(Wire *wire, SsDirection from, uint8_t flags, uint32_t seq, uint32_t ack,
                      SsSlice payload);
void wire_handshake(Wire *wire);
void wire_fins(Wire *wire);
