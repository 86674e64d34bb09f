#include "dissect/overlap.h"

bool
ss_overlap_takes_new(SsOverlap policy, uint64_t old_start, uint64_t old_end, uint64_t new_start,
                     uint64_t new_end)
{
    switch (policy) {
    case SS_OVERLAP_LAST:
        return true;
    case SS_OVERLAP_BSD:     /* tcp_reass() since 4.2BSD: one that starts at or before the new one
                                trims its front; those that start later make way for it */
    case SS_OVERLAP_WINDOWS: /* 95 to Server 2003, as measured; Vista and later are `first` */
        return new_start < old_start;
    case SS_OVERLAP_LINUX: /* tcp_data_queue_ofo(): a longer one with the same start replaces */
        return new_start < old_start || (new_start == old_start && new_end > old_end);
    case SS_OVERLAP_SOLARIS: /* tcp_reass_elim_overlap() of illumos: in order of their starts, the
                                new one before an old one with the same, each keeps what the one
                                before it does not reach behind; one that it does not outlast
                                goes */
        return new_end > old_end || (new_end == old_end && new_start <= old_start);
    case SS_OVERLAP_FIRST:
    default:
        return false;
    }
}
