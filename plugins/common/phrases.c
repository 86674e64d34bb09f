/*
 * From pages of the providers and from logs, as the test has them with their source (smtp-refusal).
 * Lists and addresses are named where the text names no better place to go to.
 */
#include "plugins/common/phrases.h"

/* A wait longer than a day is another number. */
#define WAIT_MAX_S 86400

#define ON_LIST(who) "the client is on " who "'s block list"
#define DELIST(where) "look it up and ask for removal at " where
#define RELAY_ADVICE "log in first, or send to the server that is responsible for the recipient"
#define RDNS_MEANING "no matching reverse DNS"
#define RDNS_ADVICE "give the client's address a PTR record that matches"
#define RATE_MEANING "the client sends too much"
#define RATE_ADVICE "the client should slow down and try again later"
#define SPAM_MEANING "taken for spam"
#define SPAM_ADVICE "check the content and the sender's reputation"
#define REPUTATION_MEANING "the client's address or domain has a bad reputation"
#define REPUTATION_ADVICE "send less and only what is asked for; mend SPF, DKIM and reverse DNS"
#define UNKNOWN_ADVICE "check the address"
#define FULL_MEANING "the mailbox is full"
#define FULL_ADVICE "tell the recipient to make room"
#define MALWARE_MEANING "taken for malware"
#define MALWARE_ADVICE "check the attachments"
#define ATTACHMENT_MEANING "an attachment of a kind that the server does not take"
#define ATTACHMENT_ADVICE "send a link, or another kind of file"
#define SPF_MEANING "SPF failed"
#define SPF_ADVICE "add the sending address to the domain's SPF record"
#define DKIM_MEANING "no valid DKIM signature"
#define DKIM_ADVICE "mend the sender's DKIM signing"
#define DMARC_MEANING "the domain's DMARC policy refused it"
#define DMARC_ADVICE "mend the sending domain's SPF and DKIM"
#define TLS_MEANING "encryption needed"
#define TLS_ADVICE "let the client use STARTTLS"
#define LOGIN_MEANING "a login is needed first"
#define LOGIN_ADVICE "let the client log in, or send to the server that is responsible"
#define HELO_MEANING "the client's HELO name is not acceptable"
#define HELO_ADVICE "let the client greet with its own full name, which resolves to its address"
#define SENDER_DOMAIN_MEANING "the sender's domain cannot be resolved"
#define SENDER_DOMAIN_ADVICE "check that the sender's domain exists and has MX or A records"
#define SENDER_MEANING "the sender's address is not acceptable to the server"
#define SENDER_ADVICE "check that it exists and may be used by this client"
#define SIZE_MEANING "the message is too large"
#define SIZE_ADVICE "stay below the SIZE that the server announces, or send a link"
#define PRIVATE_MEANING "the recipient takes mail only from senders it knows"
#define PRIVATE_ADVICE "ask the recipient's administrator to allow the sender"
#define BUSY_MEANING "the server is busy"
#define BUSY_ADVICE "nothing to do yet: the client should try again later"

static const SsRefusalPhrase phrases[] = {
    /* --- where a code means something else to one server than to the registry --- */
    {"not found by smtp address", "1.10", 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"recipientnotfound", "1.10", 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"recipient address rejected: access denied", "4.1", 0, false, SS_MEANING_NO_MAILBOX,
     UNKNOWN_ADVICE},
    {"relay access denied", "4.1", 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"daily", "4.5", 0, false, "the account has used up what it may send a day",
     "wait for the next day, or look for misuse of the account"},
    {"receiving mail", "2.1", 0, false, "the mailbox gets more mail than it may take",
     "the client should try again later, and slower"},
    {"service currently unavailable", "3.2", 4, true,
     "put off by a test of new clients (postscreen)",
     "the client should try again at once, or in some minutes"},
    {"all server ports are busy", "3.2", 4, false, BUSY_MEANING, BUSY_ADVICE},
    {"protocol error", "5.1", 0, false, "the client spoke out of turn",
     "let the client wait for each reply, and for the banner"},
    {"mailbox unavailable", "5.0", 5, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"policy reasons", "7.9", 0, false, DMARC_MEANING, DMARC_ADVICE},
    {"not authenticated by organization", "7.12", 0, false, PRIVATE_MEANING, PRIVATE_ADVICE},
    {"not authenticated", "7.13", 0, false, PRIVATE_MEANING, PRIVATE_ADVICE},
    {"spf", "7.27", 0, false, SPF_MEANING, SPF_ADVICE},
    {"tls", "7.29", 0, false, TLS_MEANING, TLS_ADVICE},
    {"dkim", "7.30", 0, false, DKIM_MEANING, DKIM_ADVICE},

    /* --- block lists --- */
    {"domain is listed in spamhaus", NULL, 0, false,
     "a domain of the client is on Spamhaus's block list", DELIST("https://check.spamhaus.org")},
    {"spamhaus", NULL, 0, false, ON_LIST("Spamhaus"), DELIST("https://check.spamhaus.org")},
    {"abuseat.org", NULL, 0, false, ON_LIST("Spamhaus"), DELIST("https://check.spamhaus.org")},
    {"barracuda", NULL, 0, false, ON_LIST("Barracuda"),
     DELIST("https://www.barracudacentral.org/lookups")},
    {"spamcop", NULL, 0, false, ON_LIST("SpamCop"), DELIST("https://www.spamcop.net/bl.shtml")},
    {"sorbs", NULL, 0, false, ON_LIST("SORBS"),
     "the list was closed in 2024: the server's administrator has to stop asking it"},
    {"uceprotect", NULL, 0, false, ON_LIST("UCEPROTECT"),
     DELIST("https://www.uceprotect.net/en/rblcheck.php")},
    {"mailspike", NULL, 0, false, ON_LIST("Mailspike"), DELIST("https://mailspike.org")},
    {"psbl", NULL, 0, false, ON_LIST("PSBL"), DELIST("https://psbl.org")},
    {"cloudmark", NULL, 0, false, ON_LIST("Cloudmark"), DELIST("https://csi.cloudmark.com")},
    {"[cs01]", NULL, 0, false, "the client is on Cloudmark's block list (asked by iCloud)",
     DELIST("https://csi.cloudmark.com")},
    {"proofpoint", NULL, 0, false, ON_LIST("Proofpoint"), DELIST("https://ipcheck.proofpoint.com")},
    {"(s3140)", NULL, 0, false, "the client's network is on Outlook.com's block list",
     DELIST("https://sendersupport.olc.protection.outlook.com")},
    {"(s3150)", NULL, 0, false, "the client's network is on Outlook.com's block list",
     DELIST("https://sendersupport.olc.protection.outlook.com")},
    {"their network is on our block list", NULL, 0, false,
     "the client's network is on Outlook.com's block list",
     DELIST("https://sendersupport.olc.protection.outlook.com")},
    {"banned sending ip", NULL, 0, false, ON_LIST("Microsoft 365"),
     DELIST("https://sender.office.com")},
    {"nemesis esmtp service", NULL, 0, false, ON_LIST("GMX and WEB.DE"),
     "follow the link in the server's text, or see https://postmaster.gmx.net"},
    {"ask your postmaster for help", NULL, 0, false,
     "T-Online does not know the client's address, or blocks it",
     "write to tosa@rx.t-online.de; see https://postmaster.t-online.de"},
    {"uribl", NULL, 0, false, "a link in the message is on a block list", "check its links"},
    {"surbl", NULL, 0, false, "a link in the message is on a block list", "check its links"},
    {"dnsbl", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"rbl", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"blocked using", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"is listed by", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"block list", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"blocklist", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"blacklist", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},
    {"black list", NULL, 0, false, "the client's address is on a block list",
     "have it removed from the list that the server names"},

    /* --- greylisting by other names --- */
    {"internal resource", NULL, 4, true, "put off by Mimecast: greylisted, or of bad reputation",
     "the client should try again in some minutes"},

    /* --- relaying and logins --- */
    {"relay access denied", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"relay not permitted", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"relaying denied", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"relaying not allowed", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"unable to relay", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"not permitted to relay", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"open relay not allowed", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"list of allowed rcpthosts", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"relay denied", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"do not relay", NULL, 0, false, SS_MEANING_NO_RELAY, RELAY_ADVICE},
    {"not logged in", NULL, 0, false, LOGIN_MEANING, LOGIN_ADVICE},
    {"not owned by user", NULL, 0, false, "the sender's address is not that of who logged in",
     "let the client use its own address, or a login that owns this one"},
    {"authentication required", NULL, 0, false, LOGIN_MEANING, LOGIN_ADVICE},
    {"client was not authenticated", NULL, 0, false, LOGIN_MEANING, LOGIN_ADVICE},

    /* --- encryption --- */
    {"must issue a starttls", NULL, 0, false, TLS_MEANING, TLS_ADVICE},
    {"tls required", NULL, 0, false, TLS_MEANING, TLS_ADVICE},
    {"encryption required", NULL, 0, false, TLS_MEANING, TLS_ADVICE},

    /* --- who the client is --- */
    {"dmarc", NULL, 0, false, DMARC_MEANING, DMARC_ADVICE},
    {"unauthenticated", NULL, 0, false,
     "neither SPF nor DKIM says that the sender is who it claims", DMARC_ADVICE},
    {"dkim", NULL, 0, false, DKIM_MEANING, DKIM_ADVICE},
    {"spf", NULL, 0, false, SPF_MEANING, SPF_ADVICE},
    {"sender policy framework", NULL, 0, false, SPF_MEANING, SPF_ADVICE},
    {"reverse dns", NULL, 0, false, RDNS_MEANING, RDNS_ADVICE},
    {"reverse hostname", NULL, 0, false, RDNS_MEANING, RDNS_ADVICE},
    {"cannot find your hostname", NULL, 0, false, RDNS_MEANING, RDNS_ADVICE},
    {"ptr record", NULL, 0, false, RDNS_MEANING, RDNS_ADVICE},
    {"ptr resource record", NULL, 0, false, RDNS_MEANING, RDNS_ADVICE},
    {"possibly forged", NULL, 0, false, RDNS_MEANING, RDNS_ADVICE},
    {"helo command rejected", NULL, 0, false, HELO_MEANING, HELO_ADVICE},
    {"bad helo", NULL, 0, false, HELO_MEANING, HELO_ADVICE},
    {"sender verify failed", NULL, 0, false, SENDER_MEANING, SENDER_ADVICE},
    {"domain not found", NULL, 0, false, SENDER_DOMAIN_MEANING, SENDER_DOMAIN_ADVICE},
    {"domain of sender address", NULL, 0, false, SENDER_DOMAIN_MEANING, SENDER_DOMAIN_ADVICE},
    {"anti-spoofing", NULL, 0, false, "taken for a forgery of an address of the recipient's own",
     "ask the recipient's administrator to allow the sender"},
    {"envelope blocked", NULL, 0, false, "the recipient's side has blocked the sender",
     "ask the recipient's administrator to allow the sender"},
    {"blocked senders", NULL, 0, false, "the recipient's side has blocked the sender",
     "ask the recipient's administrator to allow the sender"},

    /* --- rates --- */
    {"unusual rate", NULL, 0, false, RATE_MEANING, RATE_ADVICE},
    {"unexpected volume", NULL, 0, false, "the client sends too much, or users complained (Yahoo)",
     "the client should slow down; see https://senders.yahooinc.com"},
    {"user complaints", NULL, 0, false, "users complained of mail from this client (Yahoo)",
     "send only what is asked for; see https://senders.yahooinc.com"},
    {"rate limit", NULL, 0, false, RATE_MEANING, RATE_ADVICE},
    {"ratelimit", NULL, 0, false, RATE_MEANING, RATE_ADVICE},
    {"too many connections", NULL, 0, false, "too many connections at once", RATE_ADVICE},
    {"concurrent connections", NULL, 0, false, "too many connections at once", RATE_ADVICE},
    {"too many messages", NULL, 0, false, RATE_MEANING, RATE_ADVICE},
    {"too much mail", NULL, 0, false, RATE_MEANING, RATE_ADVICE},
    {"too many recipients", NULL, 0, false, "too many recipients", "send to fewer at once"},
    {"server busy", NULL, 0, false, BUSY_MEANING, BUSY_ADVICE},
    {"temporary system problem", NULL, 4, false, "trouble on the server", BUSY_ADVICE},
    {"qq trouble", NULL, 4, false, "trouble on the server (qmail's queue)", BUSY_ADVICE},
    {"qq temporary", NULL, 4, false, "trouble on the server (qmail's queue)", BUSY_ADVICE},

    /* --- content --- */
    {"virus", NULL, 0, false, MALWARE_MEANING, MALWARE_ADVICE},
    {"malware", NULL, 0, false, MALWARE_MEANING, MALWARE_ADVICE},
    {"security issue", NULL, 0, false, ATTACHMENT_MEANING, ATTACHMENT_ADVICE},
    {"attachment", NULL, 0, false, ATTACHMENT_MEANING, ATTACHMENT_ADVICE},
    {"reputation", NULL, 0, false, REPUTATION_MEANING, REPUTATION_ADVICE},
    {"unsolicited", NULL, 0, false, SPAM_MEANING, SPAM_ADVICE},
    {"spam", NULL, 0, false, SPAM_MEANING, SPAM_ADVICE},
    {"message size exceeds", NULL, 0, false, SIZE_MEANING, SIZE_ADVICE},
    {"message too large", NULL, 0, false, SIZE_MEANING, SIZE_ADVICE},
    {"message too big", NULL, 0, false, SIZE_MEANING, SIZE_ADVICE},

    /* --- mailboxes --- */
    {"quota", NULL, 0, false, FULL_MEANING, FULL_ADVICE},
    {"mailbox full", NULL, 0, false, FULL_MEANING, FULL_ADVICE},
    {"mailbox is full", NULL, 0, false, FULL_MEANING, FULL_ADVICE},
    {"storage space", NULL, 0, false, FULL_MEANING, FULL_ADVICE},
    {"user unknown", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"unknown user", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"no such user", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"no mailbox here", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"does not exist", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"doesn't have a", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"mailbox not found", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"invalid recipient", NULL, 0, false, SS_MEANING_NO_MAILBOX, UNKNOWN_ADVICE},
    {"unrouteable address", NULL, 0, false, "the server knows no way to this address",
     UNKNOWN_ADVICE},
    {"account has been disabled", NULL, 0, false, "the mailbox is disabled",
     "ask the recipient's postmaster"},
    {"unverified address", NULL, 0, false, "the server could not verify the address",
     UNKNOWN_ADVICE},

    /* --- policies without a name --- */
    {"[hm08]", NULL, 0, false, "refused by iCloud's policy",
     "check SPF, DKIM and reverse DNS; its postmaster is icloudadmin@apple.com"},
    {"local policy", NULL, 0, false, "refused by the server's own policy",
     "check SPF, DKIM and reverse DNS, and ask its postmaster"},
    {"administrative prohibition", NULL, 0, false,
     "refused by a rule of the server's administrator", "ask the server's postmaster"},
};

const SsRefusalPhrase *
ss_phrases(size_t *ret_n)
{
    *ret_n = sizeof phrases / sizeof *phrases;
    return phrases;
}

static bool
is_edge(uint8_t c)
{
    return ss_ascii_is_blank(c) || c == '\n' || c == '<' || c == '>' || c == '(' || c == ')';
}

void
ss_phrases_read(SsPhraseText *to, SsSlice text)
{
    size_t begin = 0;
    bool is_address = false;

    to->len = text.len < SS_PHRASE_TEXT_MAX ? text.len : SS_PHRASE_TEXT_MAX;
    for (size_t i = 0; i <= to->len; i++) {
        uint8_t c = i < to->len ? ss_ascii_lower(text.data[i]) : ' ';

        if (is_edge(c)) {
            if (is_address) {
                memset(to->bytes + begin, ' ', i - begin);
            }
            is_address = false;
            begin = i + 1;
        }
        is_address |= c == '@';
        if (i < to->len) {
            to->bytes[i] = c;
        }
    }
}

static bool
is_letter_or_digit(uint8_t c)
{
    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c);
}

/* A short word is meant as a whole, but for an s; others may go on. */
#define SHORT_WORD 4

bool
ss_phrases_mention(const SsPhraseText *text, const char *word)
{
    SsSlice needle = ss_slice_str(word);
    const uint8_t *at = text->bytes, *end = text->bytes + text->len;

    while ((at = memmem(at, (size_t)(end - at), needle.data, needle.len))) {
        const uint8_t *behind = at + needle.len;
        bool is_begun =
            at > text->bytes && is_letter_or_digit(needle.data[0]) && is_letter_or_digit(at[-1]);
        bool goes_on = needle.len <= SHORT_WORD && behind < end && ss_ascii_is_alpha(*behind) &&
                       *behind != 's';
        if (!is_begun && !goes_on) {
            return true;
        }
        at++;
    }
    return false;
}

const SsRefusalPhrase *
ss_phrases_find(const SsPhraseText *text, SsSlice detail, uint64_t code, bool is_open)
{
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        const SsRefusalPhrase *row = &phrases[i];
        bool is_asked = row->detail ? ss_slice_eq(detail, ss_slice_str(row->detail)) : is_open;

        if (is_asked && (row->class_ == 0 || row->class_ == code / 100) &&
            ss_phrases_mention(text, row->word)) {
            return row;
        }
    }
    return NULL;
}

/* --- how long to wait --- */

/* The number at the front of `text`, taken off it; none where it is too long to be one. */
static bool
take_number(SsSlice *text, uint64_t *ret)
{
    size_t len = 0;

    *ret = 0;
    while (len < text->len && ss_ascii_is_digit(text->data[len])) {
        *ret = len < 9 ? *ret * 10 + (uint64_t)(text->data[len] - '0') : *ret;
        len++;
    }
    *text = ss_slice_from(*text, len);
    return len > 0 && len < 9;
}

/* What the number in front of `text` counts, in seconds; 0: nothing of the kind. */
static uint64_t
unit_s(SsSlice text)
{
    static const struct {
        const char *word;
        uint64_t s;
    } units[] = {{"sec", 1}, {"min", 60}, {"hour", 3600}};

    text = ss_slice_trim(ss_slice_sub(text, 0, 8));
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ss_slice_starts_nocase(text, ss_slice_str(units[i].word))) {
            return units[i].s;
        }
    }
    return 0;
}

/* Of `04:59` or `00:04:59`, whose first number has been taken. */
static bool
take_clock(SsSlice *text, uint64_t first, uint64_t *ret_s)
{
    uint64_t parts[3] = {first, 0, 0};
    size_t n = 1;

    while (n < 3 && text->len > 1 && text->data[0] == ':' && ss_ascii_is_digit(text->data[1])) {
        *text = ss_slice_from(*text, 1);
        if (!take_number(text, &parts[n++])) {
            return false;
        }
    }
    *ret_s = n == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : parts[0] * 60 + parts[1];
    return n > 1;
}

uint64_t
ss_phrases_wait_s(const SsPhraseText *text)
{
    SsSlice rest = ss_slice(text->bytes, text->len);
    uint8_t before = ' ';
    uint64_t number, wait_s;

    while (rest.len) {
        if (!ss_ascii_is_digit(rest.data[0]) || (!ss_ascii_is_blank(before) && before != '(')) {
            /* A number that goes on from something else is none of its own. */
            before = rest.data[0];
            rest = ss_slice_from(rest, 1);
            continue;
        }
        before = '0';
        if (take_number(&rest, &number)) {
            if (!take_clock(&rest, number, &wait_s)) {
                wait_s = number * unit_s(rest);
            }
            if (wait_s && wait_s <= WAIT_MAX_S) {
                return wait_s;
            }
        }
    }
    return 0;
}
