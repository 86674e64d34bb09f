/*
 * What is the capture's doing, said once at the end in words, with a remedy.
 */
#pragma once

#include "base/event.h"

/* "412 packets were cut by the snap length: capture with -s 0; …", or NULL where there is nothing
 * to say; free with g_free(). Drops and damage have lines of their own and are not in it. */
char *ss_artefacts_describe(const SsEventCapture *capture);
