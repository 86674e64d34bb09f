#include "dissect/smtp/extension.h"

static const SsSlice keywords[SS_N_EXTENSIONS] = {
    [SS_EXTENSION_NONE] = SS_SLICE_INIT(""),
    [SS_EXTENSION_PIPELINING] = SS_SLICE_INIT("PIPELINING"),       /* RFC 2920 */
    [SS_EXTENSION_SIZE] = SS_SLICE_INIT("SIZE"),                   /* RFC 1870 */
    [SS_EXTENSION_8BITMIME] = SS_SLICE_INIT("8BITMIME"),           /* RFC 6152 */
    [SS_EXTENSION_BINARYMIME] = SS_SLICE_INIT("BINARYMIME"),       /* RFC 3030 */
    [SS_EXTENSION_CHUNKING] = SS_SLICE_INIT("CHUNKING"),           /* RFC 3030 */
    [SS_EXTENSION_DSN] = SS_SLICE_INIT("DSN"),                     /* RFC 3461 */
    [SS_EXTENSION_SMTPUTF8] = SS_SLICE_INIT("SMTPUTF8"),           /* RFC 6531 */
    [SS_EXTENSION_STARTTLS] = SS_SLICE_INIT("STARTTLS"),           /* RFC 3207 */
    [SS_EXTENSION_AUTH] = SS_SLICE_INIT("AUTH"),                   /* RFC 4954 */
    [SS_EXTENSION_REQUIRETLS] = SS_SLICE_INIT("REQUIRETLS"),       /* RFC 8689 */
    [SS_EXTENSION_DELIVERBY] = SS_SLICE_INIT("DELIVERBY"),         /* RFC 2852 */
    [SS_EXTENSION_MT_PRIORITY] = SS_SLICE_INIT("MT-PRIORITY"),     /* RFC 6710 */
    [SS_EXTENSION_FUTURERELEASE] = SS_SLICE_INIT("FUTURERELEASE"), /* RFC 4865 */
    [SS_EXTENSION_RRVS] = SS_SLICE_INIT("RRVS"),                   /* RFC 7293 */
    [SS_EXTENSION_BURL] = SS_SLICE_INIT("BURL"),                   /* RFC 4468 */
    [SS_EXTENSION_ETRN] = SS_SLICE_INIT("ETRN"),                   /* RFC 1985 */
    [SS_EXTENSION_ATRN] = SS_SLICE_INIT("ATRN"),                   /* RFC 2645 */
    [SS_EXTENSION_TURN] = SS_SLICE_INIT("TURN"),                   /* RFC 821 */
    [SS_EXTENSION_MTRK] = SS_SLICE_INIT("MTRK"),                   /* RFC 3885 */
    [SS_EXTENSION_NO_SOLICITING] = SS_SLICE_INIT("NO-SOLICITING"), /* RFC 3865 */
    [SS_EXTENSION_SUBMITTER] = SS_SLICE_INIT("SUBMITTER"),         /* RFC 4405 */
    [SS_EXTENSION_PRDR] = SS_SLICE_INIT("PRDR"),                   /* draft-hall-prdr */
    [SS_EXTENSION_XVERP] = SS_SLICE_INIT("XVERP"),                 /* Postfix, as those below */
    [SS_EXTENSION_XCLIENT] = SS_SLICE_INIT("XCLIENT"),
    [SS_EXTENSION_XFORWARD] = SS_SLICE_INIT("XFORWARD"),
    [SS_EXTENSION_X_EXPS] = SS_SLICE_INIT("X-EXPS"), /* Exchange, as those below */
    [SS_EXTENSION_X_ANONYMOUSTLS] = SS_SLICE_INIT("X-ANONYMOUSTLS"),
    [SS_EXTENSION_X_LINK2STATE] = SS_SLICE_INIT("X-LINK2STATE"),
    [SS_EXTENSION_XEXCH50] = SS_SLICE_INIT("XEXCH50"),
};

_Static_assert(SS_N_EXTENSIONS <= 32, "an SsExtensions has a bit for each");

SsExtension
ss_extension_of_offer(SsSlice offer)
{
    size_t end = 0;
    SsSlice keyword;

    /* Servers of before RFC 2554 say `AUTH=LOGIN`. */
    while (end < offer.len && !ss_ascii_is_blank(offer.data[end]) && offer.data[end] != '=') {
        end++;
    }
    keyword = ss_slice_sub(offer, 0, end);
    for (int i = SS_EXTENSION_NONE + 1; i < SS_N_EXTENSIONS; i++) {
        if (ss_slice_eq_nocase(keyword, keywords[i])) {
            return (SsExtension)i;
        }
    }
    return SS_EXTENSION_NONE;
}

SsSlice
ss_extension_keyword(SsExtension extension)
{
    return keywords[extension];
}
