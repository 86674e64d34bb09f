/* A module made for another ABI: nothing in it may be called. */
#include <stdlib.h>

#include "base/plugin.h"

static void *
die(const SsHost *host, char *err, size_t errlen)
{
    (void)host;
    (void)err;
    (void)errlen;
    abort();
}

const SsPlugin ss_plugin = {
    .abi = SS_PLUGIN_ABI + 1,
    .size = sizeof(SsPlugin),
    .name = "old",
    .summary = "never used",
    .open = die,
};
