/*
 * Inside of `credentials`.
 */
#pragma once

#include <glib.h>

#include "base/plugin.h"

/* Why a login has no line for hashcat. */
typedef enum {
    SS_HASHCAT_WRITTEN,
    SS_HASHCAT_NOTHING, /* it shows its password, or none */
    SS_HASHCAT_NO_MODE,
    SS_HASHCAT_NO_CHALLENGE,
    SS_HASHCAT_TOO_LONG,
    SS_HASHCAT_NAME,
    SS_N_HASHCATS,
} SsHashcat;

/* Appends the line of a login, with its line end; nothing where it has none. */
SsHashcat ss_hashcat_append(GString *to, const SsEventAuth *auth);

/* In words, of `n` logins. */
void ss_hashcat_explain(GString *to, SsHashcat why, uint64_t n);
