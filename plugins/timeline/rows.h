/*
 * `format=csv` and `format=jsonl`: one row an event, as Timesketch imports them: `message`,
 * `datetime`, `timestamp_desc`, `timestamp`, and columns of ours behind them.
 */
#pragma once

#include "plugins/timeline/timeline.h"

/* The line that names the columns; of CSV. */
bool ss_rows_begin(SsTimeline *self);
/* Writes the event's row. `told` is NULL for what belongs to no session. */
bool ss_rows_event(SsTimeline *self, SsTold *told, const SsEvent *event);
