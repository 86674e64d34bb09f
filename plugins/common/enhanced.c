/*
 * Three tables, asked in this order: phrases, because "550 5.7.1" is said of a block list as of a
 * closed relay; enhanced codes by subject and detail, whose class only tells whether trying again
 * may help; reply codes.
 *
 * A phrase counts only where the code leaves it open (no enhanced code, a policy one, or one that
 * says no more than "other"), so that a mailbox named "spam" does not become a verdict on content.
 */
#include "plugins/common/enhanced.h"

#define NO_MAILBOX_MEANING "no such mailbox"
#define PLAIN_550_MEANING "mailbox not available, or refused by policy"
#define RETRY "nothing to do yet: the client should try again later"

/* `later` is the advice for the class 4, RETRY where it is NULL. */
typedef struct {
    const char *code; /* subject.detail */
    const char *meaning, *advice, *later;
} EnhancedRow;

static const EnhancedRow enhanced_rows[] = {
    {"0.0", "the server gave no reason", "ask the postmaster of the receiving side", NULL},
    {"1.0", "something is wrong with the address", "check the address", NULL},
    {"1.1", "no such mailbox", "check the address", "check the address if it goes on"},
    {"1.2", "no such mail domain", "check the domain of the address", NULL},
    {"1.3", "malformed recipient address", "mend the address", NULL},
    {"1.4", "the address is ambiguous there", "use the full address", NULL},
    {"1.6", "the mailbox has moved, and left no new address", "find the new address", NULL},
    {"1.7", "malformed sender address", "mend the sender address", NULL},
    {"1.8", "the sender's domain cannot be resolved",
     "check that the sender's domain exists and has MX or A records",
     "check the sender's domain in DNS if it goes on"},
    {"1.9", "the message went to a relay that cannot pass it on", NULL, NULL},
    {"1.10", "the recipient's domain takes no mail (null MX)", "check the domain", NULL},
    {"2.0", "something is wrong with the mailbox", "ask the recipient's postmaster", NULL},
    {"2.1", "the mailbox is disabled", "ask the recipient's postmaster", NULL},
    {"2.2", "the mailbox is full", "the recipient has to make room", NULL},
    {"2.3", "the message is too large for this mailbox", "send less, or a link", NULL},
    {"2.4", "the mailing list cannot be expanded", "tell the list's owner", NULL},
    {"3.0", "trouble in the receiving mail system", "ask its postmaster", NULL},
    {"3.1", "the server is out of disk space", "tell its postmaster", NULL},
    {"3.2", "the server takes no messages at present", "tell its postmaster", NULL},
    {"3.3", "the server lacks a feature that the message needs", NULL, NULL},
    {"3.4", "the message is too large for the server",
     "stay below the SIZE it announces, or send a link", NULL},
    {"3.5", "the server is misconfigured", "tell its postmaster", NULL},
    {"4.0", "trouble on the network or in routing", "ask the server's postmaster", NULL},
    {"4.1", "the next host does not answer", "tell the server's postmaster", NULL},
    {"4.2", "the connection on the way broke", NULL, NULL},
    {"4.3", "the server could not look up a name or a route", "check DNS on the server",
     "check DNS on the server if it goes on"},
    {"4.4", "no route to the recipient's domain", "check its MX and A records", NULL},
    {"4.5", "the mail system is congested", NULL, NULL},
    {"4.6", "a mail loop", "look for forwarding in circles", NULL},
    {"4.7", "the message waited too long and was given up", "send it again", NULL},
    {"5.0", "a protocol error", "check what the client sends", NULL},
    {"5.1", "command not allowed here or not known", "check what the client sends", NULL},
    {"5.2", "syntax error in a command", "check what the client sends", NULL},
    {"5.3", "too many recipients", "send to fewer at once",
     "the client should send the rest in a further message"},
    {"5.4", "a command's arguments are not valid", "check what the client sends", NULL},
    {"5.5", "wrong protocol version", NULL, NULL},
    {"5.6", "the login exchange was too long", NULL, NULL},
    {"6.0", "something is wrong with the content", "ask the recipient's postmaster", NULL},
    {"6.1", "the server does not take this kind of content", NULL, NULL},
    {"6.2", "the content would have to be converted, and may not be", NULL, NULL},
    {"6.3", "the content would have to be converted, and cannot be", NULL, NULL},
    {"6.4", "the content was converted with losses", NULL, NULL},
    {"6.5", "conversion of the content failed", NULL, NULL},
    {"6.6", "the content is not available", NULL, NULL},
    {"6.7", "the recipient's server cannot take a non-ASCII address (no SMTPUTF8)",
     "use an ASCII address", NULL},
    {"6.8", "the reply would need UTF-8", NULL, NULL},
    {"6.9", "the header cannot be downgraded to ASCII", NULL, NULL},
    {"7.0", "refused for security or policy", "ask the recipient's postmaster",
     "if it goes on, ask the recipient's postmaster"},
    {"7.1", "not permitted by the server's policy",
     "see the server's text; a login, another route or its postmaster may help",
     "see the server's text if it goes on"},
    {"7.2", "the sender may not write to this mailing list", "ask the list's owner", NULL},
    {"7.3", "a security conversion is needed and not possible", NULL, NULL},
    {"7.4", "the server does not have the security feature asked for", "choose another mechanism",
     NULL},
    {"7.5", "cryptographic failure", NULL, NULL},
    {"7.6", "an encryption algorithm is not supported", NULL, NULL},
    {"7.7", "the message was altered on the way", NULL, NULL},
    {"7.8", "wrong user name or password", "check the client's login", NULL},
    {"7.9", "this login mechanism is too weak for the server", "choose a stronger mechanism", NULL},
    {"7.10", "encryption needed", "let the client use STARTTLS", NULL},
    {"7.11", "encryption needed for this login mechanism", "let the client use STARTTLS first",
     NULL},
    {"7.12", "the password must be changed first", "log in elsewhere and change it", NULL},
    {"7.13", "the account is disabled", "ask the server's administrator", NULL},
    {"7.14", "no trust relationship with the server that is needed", NULL, NULL},
    {"7.15", "the priority is too low at present", NULL, NULL},
    {"7.16", "too large for this priority", NULL, NULL},
    {"7.17", "the mailbox has changed hands", "check the address with its owner", NULL},
    {"7.18", "the domain has changed hands", "check the domain with its owner", NULL},
    {"7.19", "the server cannot tell whether the mailbox changed hands", NULL, NULL},
    {"7.20", "no valid DKIM signature", "mend the sender's DKIM signing", NULL},
    {"7.21", "no acceptable DKIM signature", "mend the sender's DKIM signing", NULL},
    {"7.22", "no DKIM signature of the author's domain", "mend the sender's DKIM signing", NULL},
    {"7.23", "SPF failed", "add the sending address to the domain's SPF record", NULL},
    {"7.24", "SPF could not be checked", "mend the domain's SPF record",
     "mend the domain's SPF record if it goes on"},
    {"7.25", "no matching reverse DNS", "give the client's address a PTR record that matches",
     "give the client's address a PTR record that matches"},
    {"7.26", "several authentication checks failed (SPF, DKIM, DMARC)",
     "mend the sending domain's SPF and DKIM", NULL},
    {"7.27", "the sender's domain takes no mail (null MX)", "use a sender address that works",
     NULL},
    {"7.28", "the client sends too much", "send less at once", "the client should slow down"},
    {"7.29", "the ARC chain is not valid", NULL, NULL},
    {"7.30", "TLS needed all the way, and not to be had (REQUIRETLS)", NULL, NULL},
};

typedef struct {
    uint64_t code;
    const char *meaning, *advice;
} CodeRow;

static const CodeRow code_rows[] = {
    {421, "the server closes the connection", RETRY},
    {432, "the password must be changed first", "log in elsewhere and change it"},
    {450, "the mailbox is not available at present", RETRY},
    {451, "trouble on the server", RETRY},
    {452, "too little room or too many recipients", RETRY},
    {454, "not available at present", RETRY},
    {455, "the server cannot take these parameters at present", RETRY},
    {500, "command not known", "check what the client sends"},
    {501, "syntax error in arguments", "check what the client sends"},
    {502, "command not implemented", "check what the client sends"},
    {503, "command out of sequence", "check what the client sends"},
    {504, "argument not implemented", "check what the client sends"},
    {521, "this host takes no mail", "check the MX record of the domain"},
    {523, "the message is too large", "send less, or a link"},
    {530, "a login or encryption is needed first", "let the client use STARTTLS and log in"},
    {534, "this login mechanism is too weak for the server", "choose a stronger mechanism"},
    {535, "the login was refused", "check the client's user name and password"},
    {538, "encryption needed for this login mechanism", "let the client use STARTTLS first"},
    {550, PLAIN_550_MEANING, "check the address and the server's text"},
    {551, "the user is not local there", "send to the address in the server's text"},
    {552, "more than the mailbox or the server takes", "send less, or have room made"},
    {553, "address not allowed", "check the syntax of the address, and the sender's right to it"},
    {554, "refused", "see the server's text"},
    {555, "the server does not know a parameter of the command", "check what the client sends"},
    {556, "the domain takes no mail", "check the domain"},
};

typedef struct {
    const char *word; /* lower case */
    const char *meaning, *advice;
} PhraseRow;

#define BLOCKED_MEANING "the client's address is on a block list"
#define BLOCKED_ADVICE "have it removed from the list that the server names"
#define RELAY_MEANING "the server does not relay for this client"
#define RELAY_ADVICE "log in first, or send to the server that is responsible for the recipient"
#define RDNS_MEANING "no matching reverse DNS"
#define RDNS_ADVICE "give the client's address a PTR record that matches"
#define RATE_MEANING "the client sends too much"
#define RATE_ADVICE "the client should slow down and try again later"
#define SPAM_MEANING "taken for spam"
#define SPAM_ADVICE "check the content and the sender's reputation"

static const PhraseRow phrase_rows[] = {
    {"dnsbl", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"spamhaus", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"spamcop", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"blocked using", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"block list", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"blocklist", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"blacklist", BLOCKED_MEANING, BLOCKED_ADVICE},
    {"relay access denied", RELAY_MEANING, RELAY_ADVICE},
    {"relay not permitted", RELAY_MEANING, RELAY_ADVICE},
    {"relaying denied", RELAY_MEANING, RELAY_ADVICE},
    {"unable to relay", RELAY_MEANING, RELAY_ADVICE},
    {"not permitted to relay", RELAY_MEANING, RELAY_ADVICE},
    {"relaying not allowed", RELAY_MEANING, RELAY_ADVICE},
    {"relaying prohibited", RELAY_MEANING, RELAY_ADVICE},
    {"relay denied", RELAY_MEANING, RELAY_ADVICE},
    {"not allowed to relay", RELAY_MEANING, RELAY_ADVICE},
    {"do not relay", RELAY_MEANING, RELAY_ADVICE},
    {"rcpthosts", RELAY_MEANING, RELAY_ADVICE},
    {"reverse dns", RDNS_MEANING, RDNS_ADVICE},
    {"reverse hostname", RDNS_MEANING, RDNS_ADVICE},
    {"ptr record", RDNS_MEANING, RDNS_ADVICE},
    {"dmarc", "the domain's DMARC policy refused it", "mend the sending domain's SPF and DKIM"},
    {"spf", "SPF failed", "add the sending address to the domain's SPF record"},
    {"rate limit", RATE_MEANING, RATE_ADVICE},
    {"too many connections", "too many connections at once", RATE_ADVICE},
    {"too many messages", RATE_MEANING, RATE_ADVICE},
    {"virus", "taken for malware", "check the attachments"},
    {"malware", "taken for malware", "check the attachments"},
    {"spam", SPAM_MEANING, SPAM_ADVICE},
    {"user unknown", NO_MAILBOX_MEANING, "check the address"},
    {"unknown user", NO_MAILBOX_MEANING, "check the address"},
    {"no such user", NO_MAILBOX_MEANING, "check the address"},
    {"does not exist", NO_MAILBOX_MEANING, "check the address"},
    {"quota", "the mailbox is full", "the recipient has to make room"},
};

static const char *const greylist_words[] = {
    "greylist", "graylist", "grey list", "gray list", "grey-list", "gray-list",
};
static const char *const later_words[] = {
    "try again later", "try later", "come back later", "retry later", "try again in",
};

bool
ss_enhanced_mentions(SsSlice text, const char *word)
{
    SsSlice needle = ss_slice_str(word);

    for (size_t i = 0; i + needle.len <= text.len; i++) {
        if (ss_slice_eq_nocase(ss_slice_sub(text, i, needle.len), needle)) {
            return true;
        }
    }
    return false;
}

static bool
mentions_any(SsSlice text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ss_enhanced_mentions(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* Subject and detail: what is behind the first dot. */
static SsSlice
without_class(SsSlice enhanced)
{
    return ss_slice_from(enhanced, ss_slice_index(enhanced, '.') + 1);
}

static bool
leaves_it_open(SsSlice detail)
{
    static const char *const open[] = {"0.0", "1.0", "2.0", "3.0", "5.0", "6.0", "7.0", "7.1"};

    if (detail.len == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        if (ss_slice_eq(detail, ss_slice_str(open[i]))) {
            return true;
        }
    }
    return false;
}

/* Only 450 and 451 are said by greylisting servers; "try again later" alone is a guess. */
static bool
greylisting(uint64_t code, SsSlice detail, SsSlice text, SsAdvice *ret_advice)
{
    if (code / 100 != 4) {
        return false;
    }
    if (mentions_any(text, greylist_words, sizeof greylist_words / sizeof *greylist_words)) {
        *ret_advice = (SsAdvice){"greylisted",
                                 "the server puts off senders it does not know yet; the client "
                                 "should try again in some minutes",
                                 true, false};
        return true;
    }
    if ((code == 450 || code == 451) &&
        (detail.len == 0 || detail.data[0] == '7' || ss_slice_eq(detail, SS_SLICE("2.0"))) &&
        mentions_any(text, later_words, sizeof later_words / sizeof *later_words)) {
        *ret_advice = (SsAdvice){"put off, probably greylisted",
                                 "the client should try again in some minutes", true, false};
        return true;
    }
    return false;
}

static bool
is_general_code(uint64_t code)
{
    return code == 450 || code == 451 || code == 521 || code == 550 || code == 553 || code == 554;
}

/*
 * Where the content is refused (RFC 5321 section 4.2.5), a code made for addresses and mailboxes or
 * for nothing in particular tells less than the text behind it. x.2.1 is used for anything.
 */
static bool
is_text_better(uint64_t code, SsSlice detail, SsSlice text, SsStage stage, bool is_misused)
{
    if (text.len == 0) {
        return false;
    }
    return is_misused || (stage >= SS_STAGE_DATA &&
                          (detail.len ? leaves_it_open(detail) : is_general_code(code)));
}

SsAdvice
ss_enhanced_explain(const SsReplyText *reply, SsStage stage)
{
    SsSlice detail = without_class(reply->enhanced), text = reply->text;
    uint64_t code = reply->code;
    bool is_later = code / 100 == 4;
    bool is_misused = stage != SS_STAGE_RCPT && ss_slice_eq(detail, SS_SLICE("2.1"));
    bool is_open = is_misused || leaves_it_open(detail);
    SsAdvice advice;

    if (greylisting(code, detail, text, &advice)) {
        return advice;
    }
    for (size_t i = 0; is_open && i < sizeof phrase_rows / sizeof *phrase_rows; i++) {
        if (ss_enhanced_mentions(text, phrase_rows[i].word)) {
            return (SsAdvice){phrase_rows[i].meaning, phrase_rows[i].advice, false, false};
        }
    }
    if (is_text_better(code, detail, text, stage, is_misused)) {
        return (SsAdvice){is_later ? "refused for now" : "refused",
                          is_later ? RETRY : "see the server's text", false, true};
    }
    for (size_t i = 0;
         detail.len && !is_misused && i < sizeof enhanced_rows / sizeof *enhanced_rows; i++) {
        const EnhancedRow *row = &enhanced_rows[i];
        if (ss_slice_eq(detail, ss_slice_str(row->code))) {
            const char *later = row->later ? row->later : RETRY;
            return (SsAdvice){row->meaning, is_later ? later : row->advice, false, false};
        }
    }
    for (size_t i = 0; i < sizeof code_rows / sizeof *code_rows; i++) {
        if (code_rows[i].code == code) {
            return (SsAdvice){code_rows[i].meaning, code_rows[i].advice, false, false};
        }
    }
    return is_later ? (SsAdvice){"refused for now", RETRY, false, false}
                    : (SsAdvice){"refused", "see the server's text", false, false};
}

static bool
mentions_phrase_of(SsSlice text, const char *meaning)
{
    for (size_t i = 0; i < sizeof phrase_rows / sizeof *phrase_rows; i++) {
        if (strcmp(phrase_rows[i].meaning, meaning) == 0 &&
            ss_enhanced_mentions(text, phrase_rows[i].word)) {
            return true;
        }
    }
    return false;
}

/* Codes that speak of the mailbox, and of nothing else (RFC 3463 sections 3.2 and 3.3). */
static bool
is_mailbox_detail(SsSlice detail)
{
    static const char *const details[] = {"1.1", "1.6", "2.1"};

    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        if (ss_slice_eq(detail, ss_slice_str(details[i]))) {
            return true;
        }
    }
    return false;
}

bool
ss_enhanced_is_no_mailbox(const SsReplyText *reply)
{
    SsSlice detail = without_class(reply->enhanced);

    if (reply->code / 100 != 5 || ss_enhanced_is_no_relay(reply)) {
        return false;
    }
    if (is_mailbox_detail(detail) || mentions_phrase_of(reply->text, NO_MAILBOX_MEANING)) {
        return true;
    }
    /* 550 alone is what RFC 5321 section 4.2.3 has for it, if the words name no policy. */
    return detail.len == 0 && reply->code == 550 &&
           strcmp(ss_enhanced_explain(reply, SS_STAGE_RCPT).meaning, PLAIN_550_MEANING) == 0;
}

bool
ss_enhanced_is_no_relay(const SsReplyText *reply)
{
    return (reply->code / 100 == 4 || reply->code / 100 == 5) &&
           mentions_phrase_of(reply->text, RELAY_MEANING);
}
