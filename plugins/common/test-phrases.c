/* What servers really say, and what is made of it: every row of the table has a text it is for. */
#include <glib.h>

#include "plugins/common/enhanced.h"
#include "plugins/common/phrases.h"
#include "tests/ss-test.h"

/*
 * The texts are from:
 *   Gmail               support.google.com/a/answer/3726730
 *   Microsoft           learn.microsoft.com: non-delivery reports in Exchange Online;
 * smtp.codes/exchangeonline Outlook.com         virtbiz.com and sevencreative.co.uk on S3140 and
 * S3150 Yahoo               secuserve.zammad.com on TSS04; smtp-error-codes.info iCloud, Cloudmark
 * suped.com on CS01; spamhaus.org/lookup.lasso Mimecast            mimecastsupport.zendesk.com:
 * SMTP error codes GMX, T-Online       postmaster.gmx.com: error messages;
 * smtp.codes/unitedinternet; spamresource.com, June 2020 block lists         logs on pastebin.com
 * (chVg5jPF, mnbNnBMS, yn3Tetbx), docs of OSSEC mail servers        sources and default messages of
 * Postfix, Exim, OpenSMTPD, qmail, Sendmail, milter-greylist, postgrey, rspamd; bytecamp.net,
 * support.onesystems.ch, sitepackage.de with addresses of documentation in place of theirs.
 */
typedef struct {
    const char *word; /* of the row that is to decide; NULL: none */
    SsStage stage;
    uint64_t code;
    const char *enhanced, *text, *meaning;
} Case;

#define BLOCKED "the client's address is on a block list"
#define RELAY "the server does not relay for this client"
#define RDNS "no matching reverse DNS"

static const Case cases[] = {
    {"not found by smtp address", SS_STAGE_RCPT, 550, "5.1.10",
     "RESOLVER.ADR.NotFound; Recipient bob@b.example not found by SMTP address lookup",
     "no such mailbox"},
    {"recipientnotfound", SS_STAGE_RCPT, 550, "5.1.10", "RESOLVER.ADR.RecipientNotFound",
     "no such mailbox"},
    {"recipient address rejected: access denied", SS_STAGE_RCPT, 550, "5.4.1",
     "Recipient address rejected: Access denied. "
     "[DB5EUR01FT.eop-EUR01.prod.protection.outlook.com]",
     "no such mailbox"},
    {"relay access denied", SS_STAGE_RCPT, 550, "5.4.1", "Relay Access Denied", RELAY},
    {"daily", SS_STAGE_MAIL, 550, "5.4.5", "Daily user sending limit exceeded. gsmtp",
     "the account has used up what it may send a day"},
    {"receiving mail", SS_STAGE_RCPT, 450, "4.2.1",
     "The user you are trying to contact is receiving mail too quickly. gsmtp",
     "the mailbox gets more mail than it may take"},
    {"service currently unavailable", SS_STAGE_RCPT, 450, "4.3.2", "Service currently unavailable",
     "put off by a test of new clients (postscreen)"},
    {"all server ports are busy", SS_STAGE_RCPT, 421, "4.3.2", "All server ports are busy",
     "the server is busy"},
    {"protocol error", SS_STAGE_RCPT, 550, "5.5.1", "Protocol error",
     "the client spoke out of turn"},
    {"mailbox unavailable", SS_STAGE_RCPT, 550, "5.5.0",
     "Requested action not taken: mailbox unavailable", "no such mailbox"},
    {"policy reasons", SS_STAGE_END, 554, "5.7.9", "Message not accepted for policy reasons.",
     "the domain's DMARC policy refused it"},
    {"not authenticated by organization", SS_STAGE_RCPT, 550, "5.7.12",
     "Sender was not authenticated by organization",
     "the recipient takes mail only from senders it knows"},
    {"not authenticated", SS_STAGE_RCPT, 550, "5.7.13",
     "Sender was not authenticated for public folder",
     "the recipient takes mail only from senders it knows"},
    {"spf", SS_STAGE_END, 550, "5.7.27",
     "Your email has been blocked because the sender is unauthenticated. SPF did not pass",
     "SPF failed"},
    {"tls", SS_STAGE_END, 421, "4.7.29",
     "Your email has been rate limited because this message wasn't sent over a TLS connection",
     "encryption needed"},
    {"dkim", SS_STAGE_END, 550, "5.7.30",
     "Your email has been blocked because DKIM authentication did not pass",
     "no valid DKIM signature"},

    {"domain is listed in spamhaus", SS_STAGE_MAIL, 550, "5.7.1",
     "Service unavailable, Helo domain is listed in Spamhaus. To request removal from this list "
     "see https://www.spamhaus.org/query/lookup/ (S8001)",
     "a domain of the client is on Spamhaus's block list"},
    {"spamhaus", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; "
     "https://www.spamhaus.org/sbl/query/SBL468702",
     "the client is on Spamhaus's block list"},
    {"abuseat.org", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using cbl.abuseat.org; Blocked - see "
     "http://cbl.abuseat.org/lookup.cgi?ip=192.0.2.1",
     "the client is on Spamhaus's block list"},
    {"barracuda", SS_STAGE_RCPT, 550, "5.7.1",
     "Service unavailable; client [192.0.2.1] blocked using b.barracudacentral.org",
     "the client is on Barracuda's block list"},
    {"spamcop", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net; Blocked - see "
     "https://www.spamcop.net/bl.shtml?192.0.2.1",
     "the client is on SpamCop's block list"},
    {"sorbs", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using dnsbl.sorbs.net; Currently "
     "Sending Spam See: http://www.sorbs.net/lookup.shtml?192.0.2.1",
     "the client is on SORBS's block list"},
    {"uceprotect", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using dnsbl-1.uceprotect.net",
     "the client is on UCEPROTECT's block list"},
    {"mailspike", SS_STAGE_RCPT, 550, NULL, "blocked using bl.mailspike.net",
     "the client is on Mailspike's block list"},
    {"psbl", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using psbl.surriel.com",
     "the client is on PSBL's block list"},
    {"cloudmark", SS_STAGE_MAIL, 550, NULL,
     "192.0.2.1 blocked, see https://csi.cloudmark.com/en/reset/?ip=192.0.2.1",
     "the client is on Cloudmark's block list"},
    {"[cs01]", SS_STAGE_END, 550, "5.7.1", "[CS01] Message rejected due to local policy.",
     "the client is on Cloudmark's block list (asked by iCloud)"},
    {"proofpoint", SS_STAGE_MAIL, 550, "5.7.0",
     "Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
     "the client is on Proofpoint's block list"},
    {"(s3140)", SS_STAGE_MAIL, 550, "5.7.1",
     "Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service "
     "provider since part of their network is on our block list (S3140).",
     "the client's network is on Outlook.com's block list"},
    {"(s3150)", SS_STAGE_MAIL, 550, "5.7.1",
     "Please contact your Internet service provider since part of their network is on our block "
     "list (S3150).",
     "the client's network is on Outlook.com's block list"},
    {"their network is on our block list", SS_STAGE_MAIL, 550, NULL,
     "SC-001 (BAY004-MC4F49) Unfortunately, messages from 192.0.2.1 weren't sent. Please contact "
     "your Internet service provider since part of their network is on our block list.",
     "the client's network is on Outlook.com's block list"},
    {"banned sending ip", SS_STAGE_RCPT, 550, "5.7.1",
     "Access denied, banned sending IP [192.0.2.1]. To request removal from this list please "
     "visit https://sender.office.com/",
     "the client is on Microsoft 365's block list"},
    {"nemesis esmtp service", SS_STAGE_MAIL, 554, NULL,
     "gmx.net (mxgmx104) Nemesis ESMTP Service not available\nNo SMTP service\nIP address is block "
     "listed.",
     "the client is on GMX and WEB.DE's block list"},
    {"ask your postmaster for help", SS_STAGE_MAIL, 554, NULL,
     "IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact "
     "tosa@rx.t-online.de to clarify.) (BL)",
     "T-Online does not know the client's address, or blocks it"},
    {"uribl", SS_STAGE_END, 554, "5.7.1", "Message contains a link listed in black.uribl.com",
     "a link in the message is on a block list"},
    {"surbl", SS_STAGE_END, 554, NULL, "URL listed on multi.surbl.org",
     "a link in the message is on a block list"},
    {"dnsbl", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using ix.dnsbl.manitu.net", BLOCKED},
    {"rbl", SS_STAGE_MAIL, 550, NULL, "192.0.2.1 was found on one or more RBLs", BLOCKED},
    {"blocked using", SS_STAGE_RCPT, 554, "5.7.1",
     "Service unavailable; Client host [192.0.2.1] blocked using bl.b.example", BLOCKED},
    {"is listed by", SS_STAGE_RCPT, 550, "5.7.1",
     "Email rejected because 192.0.2.1 is listed by bl.b.example", BLOCKED},
    {"block list", SS_STAGE_MAIL, 550, NULL, "192.0.2.1 is on our block list", BLOCKED},
    {"blocklist", SS_STAGE_MAIL, 550, "5.7.1", "Client host blocked by local blocklist", BLOCKED},
    {"blacklist", SS_STAGE_MAIL, 550, NULL, "Your IP is blacklisted", BLOCKED},
    {"black list", SS_STAGE_RCPT, 550, NULL,
     "rejected because 192.0.2.1 is in a black list at bl.b.example", BLOCKED},

    {"internal resource", SS_STAGE_RCPT, 451, NULL,
     "Internal resource temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451",
     "put off by Mimecast: greylisted, or of bad reputation"},

    {"relay access denied", SS_STAGE_RCPT, 554, "5.7.1", "<bob@b.example>: Relay access denied",
     RELAY},
    {"relay not permitted", SS_STAGE_RCPT, 550, NULL, "relay not permitted", RELAY},
    {"relaying denied", SS_STAGE_RCPT, 550, "5.7.1",
     "<bob@b.example>... Relaying denied. Proper authentication required.", RELAY},
    {"relaying not allowed", SS_STAGE_RCPT, 550, NULL, "Relaying not allowed", RELAY},
    {"unable to relay", SS_STAGE_RCPT, 550, "5.7.1", "Unable to relay", RELAY},
    {"not permitted to relay", SS_STAGE_RCPT, 550, NULL,
     "not permitted to relay through this server", RELAY},
    {"open relay not allowed", SS_STAGE_RCPT, 550, NULL, "Open relay not allowed", RELAY},
    {"list of allowed rcpthosts", SS_STAGE_RCPT, 553, NULL,
     "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", RELAY},
    {"relay denied", SS_STAGE_RCPT, 550, NULL, "<bob@b.example> Relay denied", RELAY},
    {"do not relay", SS_STAGE_RCPT, 551, NULL, "we do not relay", RELAY},
    {"not logged in", SS_STAGE_RCPT, 553, "5.7.1",
     "<ann@a.example>: Sender address rejected: not logged in", "a login is needed first"},
    {"not owned by user", SS_STAGE_RCPT, 553, "5.7.1",
     "<ann@a.example>: Sender address rejected: not owned by user bob",
     "the sender's address is not that of who logged in"},
    {"authentication required", SS_STAGE_MAIL, 530, "5.7.0", "Authentication Required. gsmtp",
     "a login is needed first"},
    {"client was not authenticated", SS_STAGE_MAIL, 530, "5.7.1", "Client was not authenticated",
     "a login is needed first"},
    {"must issue a starttls", SS_STAGE_MAIL, 530, "5.7.0", "Must issue a STARTTLS command first",
     "encryption needed"},
    {"tls required", SS_STAGE_RCPT, 421, "4.7.0",
     "TLS required for RCPT domain, closing connection", "encryption needed"},
    {"encryption required", SS_STAGE_MAIL, 550, NULL, "Encryption required", "encryption needed"},

    {"dmarc", SS_STAGE_END, 550, "5.7.1",
     "Unauthenticated email from a.example is not accepted due to domain's DMARC policy.",
     "the domain's DMARC policy refused it"},
    {"unauthenticated", SS_STAGE_END, 550, "5.7.0",
     "This mail is unauthenticated, which poses a security risk to the sender and Gmail users",
     "neither SPF nor DKIM says that the sender is who it claims"},
    {"dkim", SS_STAGE_END, 550, "5.7.0", "message has no valid DKIM signature",
     "no valid DKIM signature"},
    {"spf", SS_STAGE_MAIL, 550, NULL,
     "<ann@a.example>: Reject due to SPF policy. The originating IP of the message is not "
     "permitted by the domain owner",
     "SPF failed"},
    {"sender policy framework", SS_STAGE_RCPT, 550, "5.7.1",
     "The message was rejected because of Sender Policy Framework violation", "SPF failed"},
    {"reverse dns", SS_STAGE_MAIL, 550, NULL, "reverse DNS entry missing", RDNS},
    {"reverse hostname", SS_STAGE_RCPT, 450, "4.7.1",
     "Client host rejected: cannot find your reverse hostname, [192.0.2.1]", RDNS},
    {"cannot find your hostname", SS_STAGE_RCPT, 450, "4.7.1",
     "Client host rejected: cannot find your hostname, [192.0.2.1]", RDNS},
    {"ptr record", SS_STAGE_END, 550, "5.7.1",
     "The sending IP does not have a PTR record. As a policy, Gmail does not accept it", RDNS},
    {"ptr resource record", SS_STAGE_MAIL, 554, NULL, "Bad DNS PTR resource record.", RDNS},
    {"possibly forged", SS_STAGE_RCPT, 451, "4.7.1",
     "<bob@b.example>... IP name possibly forged [192.0.2.1]", RDNS},
    {"helo command rejected", SS_STAGE_RCPT, 504, NULL,
     "<pc>: Helo command rejected: need fully-qualified hostname",
     "the client's HELO name is not acceptable"},
    {"bad helo", SS_STAGE_RCPT, 550, NULL, "Access Denied, Bad HELO",
     "the client's HELO name is not acceptable"},
    {"sender verify failed", SS_STAGE_RCPT, 550, NULL, "Sender verify failed",
     "the sender's address is not acceptable to the server"},
    {"domain not found", SS_STAGE_RCPT, 450, NULL, "Sender address rejected: Domain not found",
     "the sender's domain cannot be resolved"},
    {"domain of sender address", SS_STAGE_MAIL, 501, NULL,
     "Domain of sender address does not resolve", "the sender's domain cannot be resolved"},
    {"anti-spoofing", SS_STAGE_MAIL, 550, NULL, "Anti-Spoofing policy - Inbound not allowed",
     "taken for a forgery of an address of the recipient's own"},
    {"envelope blocked", SS_STAGE_MAIL, 550, NULL, "Envelope blocked - User Entry",
     "the recipient's side has blocked the sender"},
    {"blocked senders", SS_STAGE_END, 550, NULL,
     "Rejected by header based manually blocked senders",
     "the recipient's side has blocked the sender"},

    {"unusual rate", SS_STAGE_END, 421, "4.7.0",
     "Our system has detected an unusual rate of unsolicited mail originating from your IP address",
     "the client sends too much"},
    {"unexpected volume", SS_STAGE_MAIL, 421, "4.7.0",
     "[TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user "
     "complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
     "the client sends too much, or users complained (Yahoo)"},
    {"user complaints", SS_STAGE_MAIL, 421, "4.7.0",
     "Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55",
     "users complained of mail from this client (Yahoo)"},
    {"rate limit", SS_STAGE_MAIL, 421, NULL, "Rate limit reached. Please try again later",
     "the client sends too much"},
    {"ratelimit", SS_STAGE_MAIL, 450, "4.7.1", "Ratelimit \"bounce_to\" exceeded",
     "the client sends too much"},
    {"too many connections", SS_STAGE_MAIL, 421, "4.7.0",
     "mx.b.example Error: too many connections from 192.0.2.1", "too many connections at once"},
    {"concurrent connections", SS_STAGE_MAIL, 421, NULL,
     "The maximum number of concurrent connections has been exceeded",
     "too many connections at once"},
    {"too many messages", SS_STAGE_MAIL, 421, NULL, "too many messages in this connection",
     "the client sends too much"},
    {"too much mail", SS_STAGE_MAIL, 450, "4.7.1", "Error: too much mail from 192.0.2.1",
     "the client sends too much"},
    {"too many recipients", SS_STAGE_RCPT, 452, NULL, "Too many recipients received this hour",
     "too many recipients"},
    {"server busy", SS_STAGE_MAIL, 421, NULL, "Server busy, try again later.",
     "the server is busy"},
    {"temporary system problem", SS_STAGE_RCPT, 421, "4.3.0",
     "Temporary System Problem. Try again later.", "trouble on the server"},
    {"qq temporary", SS_STAGE_END, 451, NULL, "qq temporary problem (#4.3.0)",
     "trouble on the server (qmail's queue)"},
    {"qq trouble", SS_STAGE_END, 451, NULL, "qq trouble in home directory (#4.3.0)",
     "trouble on the server (qmail's queue)"},

    {"virus", SS_STAGE_END, 554, "5.7.1", "Message contains virus: rejected.", "taken for malware"},
    {"malware", SS_STAGE_END, 550, NULL, "This message contains malware", "taken for malware"},
    {"security issue", SS_STAGE_END, 552, "5.7.0",
     "This message was blocked because its content presents a potential security issue.",
     "an attachment of a kind that the server does not take"},
    {"attachment", SS_STAGE_END, 550, NULL,
     "This message contains an attachment of a type that is not allowed here",
     "an attachment of a kind that the server does not take"},
    {"reputation", SS_STAGE_END, 550, "5.7.1",
     "this message is suspicious due to the very low reputation of the sending domain",
     "the client's address or domain has a bad reputation"},
    {"unsolicited", SS_STAGE_END, 550, "5.7.1",
     "Our system has detected that this message is likely unsolicited mail.", "taken for spam"},
    {"spam", SS_STAGE_END, 571, "5.7.1", "message classified as spam", "taken for spam"},
    {"message size exceeds", SS_STAGE_MAIL, 552, NULL, "message size exceeds maximum permitted",
     "the message is too large"},
    {"message too large", SS_STAGE_END, 552, NULL, "Error: message too large",
     "the message is too large"},
    {"message too big", SS_STAGE_END, 552, NULL, "Message too big for system",
     "the message is too large"},

    {"quota", SS_STAGE_RCPT, 552, NULL, "Requested mailbox exceeds quota.", "the mailbox is full"},
    {"mailbox full", SS_STAGE_RCPT, 452, NULL, "mailbox full", "the mailbox is full"},
    {"mailbox is full", SS_STAGE_RCPT, 452, "4.2.0", "The mailbox is full", "the mailbox is full"},
    {"storage space", SS_STAGE_RCPT, 550, NULL,
     "Benutzer hat das Speichervolumen ueberschritten. / User has exhausted allowed storage space.",
     "the mailbox is full"},
    {"user unknown", SS_STAGE_RCPT, 550, NULL,
     "<bob@b.example>: Recipient address rejected: User unknown in virtual mailbox table",
     "no such mailbox"},
    {"unknown user", SS_STAGE_RCPT, 550, NULL, "Unknown user", "no such mailbox"},
    {"no such user", SS_STAGE_RCPT, 550, NULL, "No Such User Here", "no such mailbox"},
    {"no mailbox here", SS_STAGE_RCPT, 550, NULL, "sorry, no mailbox here by that name. (#5.1.1)",
     "no such mailbox"},
    {"does not exist", SS_STAGE_RCPT, 550, NULL,
     "The email account that you tried to reach does not exist.", "no such mailbox"},
    {"doesn't have a", SS_STAGE_RCPT, 554, NULL,
     "delivery error: dd This user doesn't have a yahoo.de account", "no such mailbox"},
    {"mailbox not found", SS_STAGE_RCPT, 550, NULL, "MAILBOX NOT FOUND", "no such mailbox"},
    {"invalid recipient", SS_STAGE_RCPT, 550, NULL, "Invalid recipient: <bob@b.example>",
     "no such mailbox"},
    {"unrouteable address", SS_STAGE_RCPT, 550, NULL, "Unrouteable address",
     "the server knows no way to this address"},
    {"account has been disabled", SS_STAGE_RCPT, 554, NULL,
     "delivery error: dd This account has been disabled or discontinued",
     "the mailbox is disabled"},
    {"unverified address", SS_STAGE_RCPT, 450, NULL,
     "<bob@b.example>: Recipient address rejected: unverified address: Address verification in "
     "progress",
     "the server could not verify the address"},
    {"[hm08]", SS_STAGE_END, 550, "5.7.1", "[HM08] Message rejected due to local policy.",
     "refused by iCloud's policy"},
    {"local policy", SS_STAGE_END, 550, "5.7.1", "Message rejected due to local policy.",
     "refused by the server's own policy"},
    {"administrative prohibition", SS_STAGE_RCPT, 550, NULL, "Administrative prohibition",
     "refused by a rule of the server's administrator"},

    /* No phrase: the code decides, or the word is another or part of an address. */
    {NULL, SS_STAGE_RCPT, 550, "5.1.1", "<spam@b.example>: blocked using dnsbl", "no such mailbox"},
    {NULL, SS_STAGE_RCPT, 550, NULL, "<rbl@spamhaus.org>: not here",
     "mailbox not available, or refused by policy"},
    {NULL, SS_STAGE_RCPT, 550, "5.7.1", "marble herbal", "not permitted by the server's policy"},
    {NULL, SS_STAGE_RCPT, 552, "5.2.2", "spam folder over quota", "the mailbox is full"},
    {NULL, SS_STAGE_RCPT, 550, "5.7.606", "Access denied, banned sending IP [192.0.2.1].",
     "the client is on Microsoft 365's block list"},
    {NULL, SS_STAGE_RCPT, 550, "5.7.649", "", "the client is on Microsoft 365's block list"},
    {NULL, SS_STAGE_MAIL, 451, "4.7.500", "Server busy. (AS77712344)",
     "the server is busy, or slows down a client it does not know"},
    {NULL, SS_STAGE_RCPT, 451, "4.4.316", "Connection refused [Message=Socket error code 10061]",
     "the next server refuses connections"},
    {NULL, SS_STAGE_RCPT, 550, "5.1.10", "", "the recipient's domain takes no mail (null MX)"},
    {NULL, SS_STAGE_END, 550, "5.7.30", "REQUIRETLS support required",
     "TLS needed all the way, and not to be had (REQUIRETLS)"},
    {NULL, SS_STAGE_RCPT, 550, "5.7.1000", "", "mailbox not available, or refused by policy"},
    {NULL, SS_STAGE_RCPT, 550, "5.7.", "", "mailbox not available, or refused by policy"},
    {NULL, SS_STAGE_RCPT, 550, "5", "", "mailbox not available, or refused by policy"},
};

static SsSlice
slice(const char *text)
{
    return text ? ss_slice_str(text) : SS_SLICE_NULL;
}

/* A full mailbox: trying again is not all there is to do. */
static void
test_full(void **state)
{
    SsReplyText later = {452, SS_SLICE("4.2.2"), SS_SLICE("over quota"), 0};
    SsReplyText now = {552, SS_SLICE("5.2.2"), SS_SLICE("over quota"), 0};

    (void)state;
    assert_string_equal(ss_enhanced_explain(&later, SS_STAGE_RCPT).advice,
                        "tell the recipient to make room; the client tries again for some days, "
                        "then the sender gets it back");
    assert_string_equal(ss_enhanced_explain(&now, SS_STAGE_RCPT).advice,
                        "tell the recipient to make room");
}

static void
test_each_row(void **state)
{
    size_t n_rows;
    const SsRefusalPhrase *rows = ss_phrases(&n_rows);
    g_autofree bool *is_met = g_new0(bool, n_rows);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SsReplyText reply = {cases[i].code, slice(cases[i].enhanced), slice(cases[i].text), 0};
        SsAdvice advice = ss_enhanced_explain(&reply, cases[i].stage);
        bool is_found = cases[i].word == NULL;

        assert_string_equal(advice.meaning, cases[i].meaning);
        for (size_t row = 0; row < n_rows && cases[i].word; row++) {
            if (g_str_equal(rows[row].word, cases[i].word) &&
                g_str_equal(rows[row].meaning, advice.meaning) &&
                g_strcmp0(rows[row].advice, advice.advice) == 0) {
                is_found = is_met[row] = true;
            }
        }
        if (!is_found) {
            fail_msg("\"%s\" was not decided by \"%s\"", cases[i].text, cases[i].word);
        }
    }
    for (size_t row = 0; row < n_rows; row++) {
        if (!is_met[row]) {
            fail_msg("no text for \"%s\"", rows[row].word);
        }
    }
}

static void
test_waits(void **state)
{
    static const struct {
        const char *text;
        uint64_t wait_s;
    } waits[] = {
        {"Greylisted for 300 seconds, see http://postgrey.schweikert.ch/help/b.example.html", 300},
        {"Greylisting in action, please come back in 00:04:59", 299},
        {"Greylisting in action, please come back in 00:02:00 [minutes]", 120},
        {"greylisted, try again in 5 minutes", 300},
        {"Greylisted, please try again in 1 hour", 3600},
        {"Greylisted (300s) try again in 05:00", 300},
        {"Greylisted for 120sec", 120},
        {"Greylisted, see http://b.example/300 seconds", 0},
        {"Greylisted, try again later", 0},
        {"Greylisted 192.0.2.1 for 60 seconds", 60},
        {"Greylisted 99999999999999999999 seconds", 0},
        {"Greylisted for 100000 seconds", 0},
        {"Greylisted 5", 0},
        {"Greylisted 5:", 0},
        {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(waits); i++) {
        SsReplyText reply = {451, SS_SLICE("4.7.1"), slice(waits[i].text), 0};
        assert_int_equal(ss_enhanced_explain(&reply, SS_STAGE_RCPT).wait_s, waits[i].wait_s);
    }
}

/* Longer than what is looked at, of one word, of addresses only: in bounded time and memory. */
static void
test_long(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);
    SsReplyText reply = {550, SS_SLICE_NULL, SS_SLICE_NULL, 0};

    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        g_string_append(text, i % 2 ? "spa" : "@");
    }
    reply.text = ss_slice(text->str, text->len);
    assert_string_equal(ss_enhanced_explain(&reply, SS_STAGE_RCPT).meaning,
                        "mailbox not available, or refused by policy");
    g_string_prepend(text, "user unknown ");
    reply.text = ss_slice(text->str, text->len);
    assert_string_equal(ss_enhanced_explain(&reply, SS_STAGE_RCPT).meaning, "no such mailbox");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_each_row),
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_long),
    };

    return cmocka_run_group_tests_name("phrases", tests, NULL, NULL);
}
