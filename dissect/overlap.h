/*
 * Whose bytes count where two segments that wait out of order overlap: what is known of the stacks
 * that a receiver may have.
 *
 * Sources: Shankar and Paxson, "Active Mapping: Resisting NIDS Evasion without Altering Traffic"
 * (2003); Novak and Sturges, "Target-Based TCP Stream Reassembly" (2007); and the stacks whose
 * source is open, named at each rule.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dissect/flow.h"

/*
 * Whether, of two segments that wait and overlap, each [start, end) in stream offsets, the
 * later-captured one's bytes count in the overlap. `old` is what is held now of the earlier one,
 * which others may have trimmed; `new` is the whole of the later one, whatever was decided between
 * it and other neighbours. So pieces that came as different segments must be asked about one by
 * one, even where one ends at the other's start. What only repeats a piece leaves it as it is.
 */
bool ss_overlap_takes_new(SsOverlap policy, uint64_t old_start, uint64_t old_end,
                          uint64_t new_start, uint64_t new_end);
