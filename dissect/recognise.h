/*
 * What is spoken on a connection, by the first bytes of either side: a table of what begins as
 * nothing else does. It names what is not SMTP; nobody is asked to believe it further.
 */
#pragma once

#include "base/origin.h"
#include "base/slice.h"

/* As many bytes as any of the tests looks at. */
#define SS_RECOGNISE_MAX 24

/* The name of the protocol in which `direction` begins with `first`: `http`, `ssh` …; absent where
 * it is not known. */
SsSlice ss_recognise(SsDirection direction, SsSlice first);
