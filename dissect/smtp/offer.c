/*
 * What a server offers in its reply to EHLO, and what of it its client uses: by whether it had been
 * offered at that time, for behind STARTTLS or a second EHLO the offer may be another. And how much
 * it says that it takes (LIMITS, RFC 9422).
 */
#include "dissect/siphash.h"
#include "dissect/smtp/address.h"
#include "dissect/smtp/params.h"
#include "dissect/smtp/session.h"

/* --- LIMITS --- */

/* A keyword of the reply, with what follows it. */
static bool
is_limits(SsSlice offer)
{
    return ss_slice_eq_nocase(ss_slice_sub(offer, 0, ss_slice_index(offer, ' ')),
                              SS_SLICE("LIMITS"));
}

static void
read_limit(SsQuota *quota, SsSlice word)
{
    SsSlice name = ss_slice_sub(word, 0, ss_slice_index(word, '='));
    uint64_t most;

    if (!ss_number_parse(ss_slice_from(word, name.len + 1), &most)) {
        return;
    }
    if (ss_slice_eq_nocase(name, SS_SLICE("MAILMAX"))) {
        quota->mail_max = most;
    } else if (ss_slice_eq_nocase(name, SS_SLICE("RCPTMAX"))) {
        quota->rcpt_max = most;
    } else if (ss_slice_eq_nocase(name, SS_SLICE("RCPTDOMAINMAX"))) {
        quota->domain_max = most;
    }
}

/* What was counted still counts. */
static void
lift_limits(SsSmtp *smtp)
{
    SsQuota *quota = smtp->extra ? smtp->extra->quota : NULL;

    if (quota) {
        quota->mail_max = quota->rcpt_max = quota->domain_max = UINT64_MAX;
    }
}

static void
take_limits(SsSmtp *smtp, SsSlice offer)
{
    SsSmtpExtra *extra = ss_smtp_extra(smtp);
    SsSlice rest = ss_slice_trim(ss_slice_from(offer, ss_slice_index(offer, ' ')));

    if (!extra->quota) {
        extra->quota = g_new0(SsQuota, 1);
    }
    lift_limits(smtp);
    while (rest.len) {
        SsSlice word = ss_slice_sub(rest, 0, ss_slice_index(rest, ' '));
        read_limit(extra->quota, word);
        rest = ss_slice_trim(ss_slice_from(rest, word.len));
    }
}

/* Whether the domain of this address is one more than those before. */
static bool
is_new_domain(const SsSmtp *smtp, SsQuota *quota, SsSlice address)
{
    SsSlice domain = ss_address_domain(address);
    uint8_t lower[256];
    uint64_t name;

    if (ss_slice_is_null(domain) || quota->n_domains >= SS_QUOTA_DOMAINS_MAX) {
        return false;
    }
    domain = ss_slice_sub(domain, 0, sizeof lower);
    for (size_t i = 0; i < domain.len; i++) {
        lower[i] = ss_ascii_lower(domain.data[i]);
    }
    name = ss_siphash(smtp->factory->shared.key, ss_slice(lower, domain.len));
    for (size_t i = 0; i < quota->n_domains; i++) {
        if (quota->domains[i] == name) {
            return false;
        }
    }
    quota->domains[quota->n_domains++] = name;
    return true;
}

void
ss_offer_check_mail(SsSmtp *smtp, const SsCommandLine *command, const SsOrigin *origin)
{
    SsQuota *quota = smtp->extra ? smtp->extra->quota : NULL;

    if (quota && ++quota->n_mail > quota->mail_max) {
        ss_syntax_note(smtp, command, "over-limit", origin);
    }
}

void
ss_offer_check_rcpt(SsSmtp *smtp, const SsCommandLine *command, uint64_t n, SsSlice address,
                    const SsOrigin *origin)
{
    SsQuota *quota = smtp->extra ? smtp->extra->quota : NULL;
    bool is_over;

    if (!quota) {
        return;
    }
    is_over = n && n - 1 == quota->rcpt_max; /* the first one, of each message */
    if (is_new_domain(smtp, quota, address) && quota->n_domains > quota->domain_max) {
        is_over = true;
    }
    if (is_over) {
        ss_syntax_note(smtp, command, "over-limit", origin);
    }
}

/* --- extensions --- */

void
ss_offer_take(SsSmtp *smtp, const SsSlice *offers, size_t n, bool is_whole)
{
    smtp->offered = 0;
    smtp->knows_offer = is_whole;
    lift_limits(smtp);
    for (size_t i = 0; i < n; i++) {
        smtp->offered |= SS_EXTENSIONS(ss_extension_of_offer(offers[i]));
        if (is_limits(offers[i])) {
            take_limits(smtp, offers[i]);
        }
    }
    smtp->ever_offered |= smtp->offered;
}

void
ss_offer_forget(SsSmtp *smtp)
{
    smtp->offered = 0;
    smtp->knows_offer = false;
    if (smtp->extra) {
        g_clear_pointer(&smtp->extra->quota, g_free);
        ss_smtp_extra_trim(smtp);
    }
}

void
ss_offer_use(SsSmtp *smtp, SsExtensions uses)
{
    smtp->used |= uses;
    if (smtp->knows_offer) {
        smtp->not_offered |= uses & ~smtp->offered;
    }
}

void
ss_offer_use_verb(SsSmtp *smtp, const SsVerb *verb)
{
    if (verb->id == SS_VERB_BDAT) {
        ss_offer_use(smtp, SS_EXTENSIONS(SS_EXTENSION_CHUNKING));
    } else if (verb->id >= SS_VERB_ETRN) {
        ss_offer_use(smtp, SS_EXTENSIONS(ss_extension_of_offer(verb->name)));
    }
}

static SsList
list_keywords(SsArena *arena, SsExtensions set)
{
    SsList list = {NULL, 0, 0};

    for (int i = SS_EXTENSION_NONE + 1; i < SS_N_EXTENSIONS; i++) {
        if (set & SS_EXTENSIONS(i)) {
            SsSlice keyword = ss_extension_keyword((SsExtension)i);
            ss_list_append(arena, &list, &keyword, sizeof keyword, SS_N_EXTENSIONS);
        }
    }
    return list;
}

void
ss_offer_fill(const SsSmtp *smtp, SsArena *arena, SsEventSession *session)
{
    session->used = list_keywords(arena, smtp->used);
    session->not_offered = list_keywords(arena, smtp->not_offered);
    session->not_used = list_keywords(arena, smtp->ever_offered & ~smtp->used);
}
