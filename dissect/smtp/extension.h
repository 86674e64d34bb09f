/*
 * The extensions whose use by a client can be seen, as a table: a keyword of the reply to EHLO, a
 * bit in a set.
 */
#pragma once

#include "base/slice.h"

typedef enum {
    SS_EXTENSION_NONE, /* what needs no offer */
    SS_EXTENSION_PIPELINING,
    SS_EXTENSION_SIZE,
    SS_EXTENSION_8BITMIME,
    SS_EXTENSION_BINARYMIME,
    SS_EXTENSION_CHUNKING,
    SS_EXTENSION_DSN,
    SS_EXTENSION_SMTPUTF8,
    SS_EXTENSION_STARTTLS,
    SS_EXTENSION_AUTH,
    SS_EXTENSION_REQUIRETLS,
    SS_EXTENSION_DELIVERBY,
    SS_EXTENSION_MT_PRIORITY,
    SS_EXTENSION_FUTURERELEASE,
    SS_EXTENSION_RRVS,
    SS_EXTENSION_BURL,
    SS_EXTENSION_ETRN,
    SS_EXTENSION_ATRN,
    SS_EXTENSION_TURN,
    SS_EXTENSION_MTRK,
    SS_EXTENSION_NO_SOLICITING,
    SS_EXTENSION_SUBMITTER,
    SS_EXTENSION_PRDR,
    SS_EXTENSION_XVERP,
    SS_EXTENSION_XCLIENT,
    SS_EXTENSION_XFORWARD,
    SS_EXTENSION_X_EXPS,
    SS_EXTENSION_X_ANONYMOUSTLS,
    SS_EXTENSION_X_LINK2STATE,
    SS_EXTENSION_XEXCH50,
    SS_N_EXTENSIONS,
} SsExtension;

/* A set of them, without SS_EXTENSION_NONE. */
typedef uint32_t SsExtensions;
#define SS_EXTENSIONS(extension) ((SsExtensions)1 << (extension) & ~(SsExtensions)1)

/* That of a line of the reply to EHLO, of which parameters follow the keyword; NONE where it is not
 * in the table. */
SsExtension ss_extension_of_offer(SsSlice offer);
SsSlice ss_extension_keyword(SsExtension extension);
