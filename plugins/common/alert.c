#include "plugins/common/alert.h"

#include <glib.h>
#include <string.h>

/* Stands in a meaning for whom the alert was sent to. */
#define OTHER "the other side"

typedef struct {
    SsSlice reason;
    const char *meaning, *advice;
} Row;

#define NO_COMMON "no common TLS version or cipher"
#define SEE_BOTH "compare the TLS settings of both"
#define BROKEN "what one sent, the other could not take"
#define SEE_SOFTWARE "look for software that is old, or something on the way that changes bytes"
#define CERTIFICATE OTHER "'s certificate was not accepted"
#define SEE_CERTIFICATE "check that certificate: names, dates, issuer"

static const Row rows[] = {
    {SS_SLICE_INIT("unexpected_message"), BROKEN, SEE_SOFTWARE},
    {SS_SLICE_INIT("bad_record_mac"), BROKEN, SEE_SOFTWARE},
    {SS_SLICE_INIT("decode_error"), BROKEN, SEE_SOFTWARE},
    {SS_SLICE_INIT("decrypt_error"), BROKEN, SEE_SOFTWARE},
    {SS_SLICE_INIT("illegal_parameter"), BROKEN, SEE_SOFTWARE},
    {SS_SLICE_INIT("record_overflow"), BROKEN, SEE_SOFTWARE},
    {SS_SLICE_INIT("handshake_failure"), NO_COMMON, SEE_BOTH},
    {SS_SLICE_INIT("protocol_version"), "no common TLS version", SEE_BOTH},
    {SS_SLICE_INIT("insufficient_security"), "the ciphers offered are too weak for the other side",
     SEE_BOTH},
    {SS_SLICE_INIT("inappropriate_fallback"), "the client tried an older version than it needs",
     SEE_BOTH},
    {SS_SLICE_INIT("bad_certificate"), CERTIFICATE, SEE_CERTIFICATE},
    {SS_SLICE_INIT("unsupported_certificate"), CERTIFICATE, SEE_CERTIFICATE},
    {SS_SLICE_INIT("certificate_unknown"), CERTIFICATE, SEE_CERTIFICATE},
    {SS_SLICE_INIT("certificate_revoked"), OTHER "'s certificate is revoked", "renew it"},
    {SS_SLICE_INIT("certificate_expired"), OTHER "'s certificate has expired", "renew it"},
    {SS_SLICE_INIT("unknown_ca"), "the issuer of " OTHER "'s certificate is not trusted",
     "have the chain sent whole, or the issuer trusted"},
    {SS_SLICE_INIT("certificate_required"), "the client has no certificate, and needs one",
     "give it one"},
    {SS_SLICE_INIT("access_denied"), OTHER "'s certificate gives it no access", SEE_CERTIFICATE},
    {SS_SLICE_INIT("unrecognized_name"), "the server does not know the name it was asked for",
     "check the name that the client sends (SNI)"},
    {SS_SLICE_INIT("no_application_protocol"), "no common protocol (ALPN)", SEE_BOTH},
    {SS_SLICE_INIT("internal_error"), "an error inside its software", "see its log"},
    {SS_SLICE_INIT("sealed-alert"), "why is encrypted: " OTHER "'s certificate, most often",
     SEE_CERTIFICATE},
};

char *
ss_alert_meaning(SsSlice reason, SsDirection by, const char **ret_advice)
{
    *ret_advice = "see its log";
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (ss_slice_eq(rows[i].reason, reason)) {
            const char *meaning = rows[i].meaning, *other = strstr(meaning, OTHER);
            *ret_advice = rows[i].advice;
            return other ? g_strdup_printf("%.*sthe %s%s", (int)(other - meaning), meaning,
                                           by == SS_CLIENT ? "server" : "client",
                                           other + strlen(OTHER))
                         : g_strdup(meaning);
        }
    }
    return NULL;
}
