/*
 * Bytes that their receiver need not take: with a wrong checksum, an old timestamp, outside its
 * window, with a SYN, behind the end. An attacker sends such to an analyser alone; networks
 * produce them too. They are kept aside, a few of them, until the receiver has acknowledged them
 * and nothing else came in their place; so whoever believes what the receiver believed is right.
 */
#pragma once

#include "dissect/reassembly-parts.h"

/* Why this payload is doubtful, in SS_REMARKS; 0 where it is not. `offset` is that of its first
 * byte. */
uint64_t ss_doubt_of(const SsReassembly *self, SsDirection direction, const SsSegment *segment,
                     uint64_t offset);

/* Keeps `piece` aside, copied. */
void ss_doubt_keep(SsReassembly *self, const SsPiece *piece, uint64_t doubts,
                   SsReassemblyCount *count);

/* What has become of those kept: taken where they are acknowledged, compared where others came in
 * their place. */
void ss_doubt_settle(SsReassembly *self, SsDirection direction, SsReassemblyCount *count);

/* Before a hole is given up: takes one of those that would be taken at the end. False where there
 * is none. */
bool ss_doubt_spare(SsReassembly *self, SsDirection direction, SsReassemblyCount *count);

/* The connection has ended: what was not acknowledged was not taken. */
void ss_doubt_finish(SsReassembly *self, SsDirection direction, SsReassemblyCount *count);

/* Drops them; returns how many bytes that was. */
uint64_t ss_doubt_clear(SsReassembly *self, SsDirection direction);
