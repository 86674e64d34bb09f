/*
 * Three tables, asked in this order: phrases (phrases.c), because "550 5.7.1" is said of a block
 * list as of a closed relay; enhanced codes by subject and detail, whose class only tells whether
 * trying again may help; reply codes.
 *
 * A phrase counts only where the code leaves it open (no enhanced code, a policy one, or one that
 * says no more than "other"), so that a mailbox named "spam" does not become a verdict on content.
 */
#include "plugins/common/enhanced.h"

#include "plugins/common/phrases.h"

#define PLAIN_550_MEANING "mailbox not available, or refused by policy"
#define RETRY "nothing to do yet: the client should try again later"

/* `later` is the advice for the class 4, RETRY where it is NULL. */
typedef struct {
    unsigned subject, first, last; /* details from `first` to `last` */
    const char *meaning, *advice, *later;
} EnhancedRow;

static const EnhancedRow enhanced_rows[] = {
    {0, 0, 0, "the server gave no reason", "ask the postmaster of the receiving side", NULL},
    {1, 0, 0, "something is wrong with the address", "check the address", NULL},
    {1, 1, 1, "no such mailbox", "check the address", "check the address if it goes on"},
    {1, 2, 2, "no such mail domain", "check the domain of the address", NULL},
    {1, 3, 3, "malformed recipient address", "mend the address", NULL},
    {1, 4, 4, "the address is ambiguous there", "use the full address", NULL},
    {1, 6, 6, "the mailbox has moved, and left no new address", "find the new address", NULL},
    {1, 7, 7, "malformed sender address", "mend the sender address", NULL},
    {1, 8, 8, "the sender's domain cannot be resolved",
     "check that the sender's domain exists and has MX or A records",
     "check the sender's domain in DNS if it goes on"},
    {1, 5, 5, "the address is valid, and refused nevertheless", "see the server's text", NULL},
    {1, 9, 9, "the message went to a relay that cannot pass it on", "ask the server's postmaster",
     NULL},
    {1, 10, 10, "the recipient's domain takes no mail (null MX)", "check the domain", NULL},
    {2, 0, 0, "something is wrong with the mailbox", "ask the recipient's postmaster", NULL},
    {2, 1, 1, "the mailbox is disabled", "ask the recipient's postmaster", NULL},
    {2, 2, 2, "the mailbox is full", "tell the recipient to make room",
     "tell the recipient to make room; the client tries again for some days, then the sender gets "
     "it back"},
    {2, 3, 3, "the message is too large for this mailbox", "send less, or a link", NULL},
    {2, 4, 4, "the mailing list cannot be expanded", "tell the list's owner", NULL},
    {3, 0, 0, "trouble in the receiving mail system", "ask its postmaster", NULL},
    {3, 1, 1, "the server is out of disk space", "tell its postmaster", NULL},
    {3, 2, 2, "the server takes no messages at present", "tell its postmaster", NULL},
    {3, 3, 3, "the server lacks a feature that the message needs", NULL, NULL},
    {3, 4, 4, "the message is too large for the server",
     "stay below the SIZE it announces, or send a link", NULL},
    {3, 5, 5, "the server is misconfigured", "tell its postmaster", NULL},
    {3, 6, 6, "the priority that was asked for was changed", NULL, NULL},
    {4, 0, 0, "trouble on the network or in routing", "ask the server's postmaster", NULL},
    {4, 1, 1, "the next host does not answer", "tell the server's postmaster", NULL},
    {4, 2, 2, "the connection on the way broke", NULL, NULL},
    {4, 3, 3, "the server could not look up a name or a route", "check DNS on the server",
     "check DNS on the server if it goes on"},
    {4, 4, 4, "no route to the recipient's domain", "check its MX and A records", NULL},
    {4, 5, 5, "the mail system is congested", NULL, NULL},
    {4, 6, 6, "a mail loop", "look for forwarding in circles", NULL},
    {4, 7, 7, "the message waited too long and was given up", "send it again", NULL},
    {5, 0, 0, "a protocol error", "check what the client sends", NULL},
    {5, 1, 1, "command not allowed here or not known", "check what the client sends", NULL},
    {5, 2, 2, "syntax error in a command", "check what the client sends", NULL},
    {5, 3, 3, "too many recipients", "send to fewer at once",
     "the client should send the rest in a further message"},
    {5, 4, 4, "a command's arguments are not valid", "check what the client sends", NULL},
    {5, 5, 5, "wrong protocol version", NULL, NULL},
    {5, 6, 6, "the login exchange was too long", NULL, NULL},
    {6, 0, 0, "something is wrong with the content", "ask the recipient's postmaster", NULL},
    {6, 1, 1, "the server does not take this kind of content", NULL, NULL},
    {6, 2, 2, "the content would have to be converted, and may not be", NULL, NULL},
    {6, 3, 3, "the content would have to be converted, and cannot be", NULL, NULL},
    {6, 4, 4, "the content was converted with losses", NULL, NULL},
    {6, 5, 5, "conversion of the content failed", NULL, NULL},
    {6, 6, 6, "the content is not available", NULL, NULL},
    {6, 7, 7, "the recipient's server cannot take a non-ASCII address (no SMTPUTF8)",
     "use an ASCII address", NULL},
    {6, 8, 8, "the reply would need UTF-8", NULL, NULL},
    {6, 9, 9, "the header cannot be downgraded to ASCII", NULL, NULL},
    {6, 10, 10, "the reply would need UTF-8", NULL, NULL},
    {7, 0, 0, "refused for security or policy", "ask the recipient's postmaster",
     "if it goes on, ask the recipient's postmaster"},
    {7, 1, 1, "not permitted by the server's policy",
     "see the server's text; a login, another route or its postmaster may help",
     "see the server's text if it goes on"},
    {7, 2, 2, "the sender may not write to this mailing list", "ask the list's owner", NULL},
    {7, 3, 3, "a security conversion is needed and not possible", NULL, NULL},
    {7, 4, 4, "the server does not have the security feature asked for", "choose another mechanism",
     NULL},
    {7, 5, 5, "cryptographic failure", NULL, NULL},
    {7, 6, 6, "an encryption algorithm is not supported", NULL, NULL},
    {7, 7, 7, "the message was altered on the way", NULL, NULL},
    {7, 8, 8, "wrong user name or password", "check the client's login", NULL},
    {7, 9, 9, "this login mechanism is too weak for the server", "choose a stronger mechanism",
     NULL},
    {7, 10, 10, "encryption needed", "let the client use STARTTLS", NULL},
    {7, 11, 11, "encryption needed for this login mechanism", "let the client use STARTTLS first",
     NULL},
    {7, 12, 12, "the password must be changed first", "log in elsewhere and change it", NULL},
    {7, 13, 13, "the account is disabled", "ask the server's administrator", NULL},
    {7, 14, 14, "no trust relationship with the server that is needed", NULL, NULL},
    {7, 15, 15, "the priority is too low at present", NULL, NULL},
    {7, 16, 16, "too large for this priority", NULL, NULL},
    {7, 17, 17, "the mailbox has changed hands", "check the address with its owner", NULL},
    {7, 18, 18, "the domain has changed hands", "check the domain with its owner", NULL},
    {7, 19, 19, "the server cannot tell whether the mailbox changed hands", NULL, NULL},
    {7, 20, 20, "no valid DKIM signature", "mend the sender's DKIM signing", NULL},
    {7, 21, 21, "no acceptable DKIM signature", "mend the sender's DKIM signing", NULL},
    {7, 22, 22, "no DKIM signature of the author's domain", "mend the sender's DKIM signing", NULL},
    {7, 23, 23, "SPF failed", "add the sending address to the domain's SPF record", NULL},
    {7, 24, 24, "SPF could not be checked", "mend the domain's SPF record",
     "mend the domain's SPF record if it goes on"},
    {7, 25, 25, "no matching reverse DNS", "give the client's address a PTR record that matches",
     "give the client's address a PTR record that matches"},
    {7, 26, 26, "several authentication checks failed (SPF, DKIM, DMARC)",
     "mend the sending domain's SPF and DKIM", NULL},
    {7, 27, 27, "the sender's domain takes no mail (null MX)", "use a sender address that works",
     NULL},
    {7, 28, 28, "the client sends too much", "send less at once", "the client should slow down"},
    {7, 29, 29, "the ARC chain is not valid", NULL, NULL},
    {7, 30, 30, "TLS needed all the way, and not to be had (REQUIRETLS)", NULL, NULL},

    /* Not in the registry: Gmail, https://support.google.com/a/answer/3726730 */
    {7, 31, 31, "the domain's DMARC policy refused it", "mend the sending domain's SPF and DKIM",
     NULL},
    {7, 32, 32, "the From address is not of the domain that SPF or DKIM vouch for",
     "sign with DKIM in the name of the From address's domain", NULL},

    /* Nor these: Exchange and Exchange Online, the page on its non-delivery reports */
    {1, 20, 20, "several From addresses without a Sender", "mend the message's header", NULL},
    {1, 90, 90, "the sender has used up its recipients of the day", "send to fewer", NULL},
    {2, 121, 122, "the mailbox gets more mail than it may take", "send it less", NULL},
    {3, 190, 190, "the server takes no journal reports", NULL, NULL},
    {4, 8, 8, "the next server is not the one that the domain's MTA-STS policy names",
     "tell the domain's postmaster", NULL},
    {4, 14, 14, "a mail loop", "look for forwarding in circles", NULL},
    {4, 20, 20, "a mail loop", "look for forwarding in circles", NULL},
    {4, 62, 62, "the message went to the wrong region of Microsoft 365",
     "send to the MX of the recipient's domain", NULL},
    {4, 300, 300, "the message waited too long and was given up", "send it again", NULL},
    {4, 310, 312, "the recipient's domain cannot be looked up", "check the domain's DNS",
     "check the domain's DNS if it goes on"},
    {4, 316, 316, "the next server refuses connections", "tell its postmaster",
     "tell the next server's postmaster if it goes on"},
    {6, 11, 11, "invalid characters in the message (bare line feeds)",
     "let the client end its lines with CR LF", NULL},
    {7, 57, 57, "a login is needed first", "let the client log in", NULL},
    {7, 64, 64, "the server does not relay for this client",
     "mend the connector for the client's address or certificate", NULL},
    {7, 124, 124, "the sender may not write to this group", "ask the group's owner", NULL},
    {7, 129, 129, "the sender may not write to this group", "ask the group's owner", NULL},
    {7, 133, 136, "the recipient takes mail only from senders in its organization",
     "ask the recipient's administrator to allow the sender", NULL},
    {7, 193, 193, "the sender may not message this recipient", NULL, NULL},
    {7, 321, 321, "the next server has no STARTTLS, or its handshake fails (DANE)",
     "tell its postmaster", NULL},
    {7, 322, 322, "the next server's certificate has expired", "tell its postmaster", NULL},
    {7, 323, 323, "the next server's certificate is not that of its TLSA record (DANE)",
     "tell its postmaster", NULL},
    {7, 324, 324, "the domain's DNSSEC records are not valid", "tell its postmaster", NULL},
    {7, 325, 325, "the next server's certificate has another name (DANE)", "tell its postmaster",
     NULL},
    {7, 350, 350, "taken for spam by the next server", "check the content", NULL},
    {7, 500, 500, "the server is busy, or slows down a client it does not know", NULL, NULL},
    {7, 501, 503, "the sending account was banned for spam",
     "secure the account, then have it unbanned by Microsoft's support",
     "secure the account; it ends by itself where the client is honest"},
    {7, 504, 505, "no such mailbox", "check the address", NULL},
    {7, 506, 506, "the client greets with a name that is not its own",
     "let the client greet with its own full name", NULL},
    {7, 507, 507, "the recipient's side has blocked the client",
     "ask the recipient's administrator", NULL},
    {7, 508, 508, "the client's IPv6 network sends too much", "send less at once",
     "the client should slow down"},
    {7, 509, 509, "the domain's DMARC policy refused it", "mend the sending domain's SPF and DKIM",
     NULL},
    {7, 510, 510, "the domain takes no mail over IPv6", "send over IPv4", NULL},
    {7, 511, 511, "the client is on Microsoft 365's block list",
     "write to delist@microsoft.com with the whole reply", NULL},
    {7, 512, 512, "the header has no valid From", "mend the From field", NULL},
    {7, 513, 513, "the recipient's side has blocked the client's address",
     "ask the recipient's administrator", NULL},
    {7, 515, 515, "SPF, DKIM and DMARC do not all pass, which is asked of large senders",
     "mend the sending domain's SPF, DKIM and DMARC", NULL},
    {7, 520, 520, "the sender's organization lets nobody forward to others",
     "ask the sender's administrator", NULL},
    {7, 606, 649, "the client is on Microsoft 365's block list",
     "ask for removal at https://sender.office.com", NULL},
    {7, 650, 699, "slowed down for the reputation of the client's address",
     "send less; mend SPF, DKIM and reverse DNS", "the client should slow down"},
    {7, 703, 703, "the sender's organization has blocked the recipient",
     "ask the sender's administrator", NULL},
    {7, 705, 705, "the sender's organization has sent too much",
     "look for misused accounts, then ask Microsoft's support", NULL},
    {7, 708, 708, "Microsoft 365 takes no mail of this organization from that address",
     "ask Microsoft's support", NULL},
    {7, 750, 750, "the sender's organization sent from domains that are not registered",
     "register the domains, or look for misuse", NULL},
    {7, 800, 800, "the sender's domain was banned for spam", "ask Microsoft's support", NULL},
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

static const char *const greylist_words[] = {
    "greylist", "graylist", "grey list", "gray list", "grey-list", "gray-list",
};
static const char *const later_words[] = {
    "try again later", "try later", "come back later", "retry later", "try again in",
};

static bool
mentions_any(const SsPhraseText *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ss_phrases_mention(text, words[i])) {
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
greylisting(uint64_t code, SsSlice detail, const SsPhraseText *text, SsAdvice *ret_advice)
{
    if (code / 100 != 4) {
        return false;
    }
    if (mentions_any(text, greylist_words, sizeof greylist_words / sizeof *greylist_words)) {
        *ret_advice = (SsAdvice){.meaning = "greylisted",
                                 .advice = "the server puts off senders it does not know yet; the "
                                           "client should try again in some minutes",
                                 .is_greylisting = true,
                                 .wait_s = ss_phrases_wait_s(text)};
        return true;
    }
    if ((code == 450 || code == 451) &&
        (detail.len == 0 || detail.data[0] == '7' || ss_slice_eq(detail, SS_SLICE("2.0"))) &&
        mentions_any(text, later_words, sizeof later_words / sizeof *later_words)) {
        *ret_advice = (SsAdvice){.meaning = "put off, probably greylisted",
                                 .advice = "the client should try again in some minutes",
                                 .is_greylisting = true,
                                 .wait_s = ss_phrases_wait_s(text)};
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

/* At most three digits (RFC 3463 section 2), taken off `text`. */
static bool
take_number(SsSlice *text, unsigned *ret)
{
    size_t len = 0;

    *ret = 0;
    while (len < text->len && len < 3 && ss_ascii_is_digit(text->data[len])) {
        *ret = *ret * 10 + (unsigned)(text->data[len++] - '0');
    }
    *text = ss_slice_from(*text, len);
    return len > 0;
}

static const EnhancedRow *
find_enhanced(SsSlice detail)
{
    unsigned subject, number;

    if (!take_number(&detail, &subject) || !detail.len || detail.data[0] != '.') {
        return NULL;
    }
    detail = ss_slice_from(detail, 1);
    if (!take_number(&detail, &number) || detail.len) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof enhanced_rows / sizeof *enhanced_rows; i++) {
        const EnhancedRow *row = &enhanced_rows[i];
        if (row->subject == subject && row->first <= number && number <= row->last) {
            return row;
        }
    }
    return NULL;
}

/* What the codes alone say. */
static SsAdvice
explain_codes(uint64_t code, const EnhancedRow *row)
{
    bool is_later = code / 100 == 4;

    if (row) {
        const char *later = row->later ? row->later : RETRY;
        return (SsAdvice){.meaning = row->meaning, .advice = is_later ? later : row->advice};
    }
    for (size_t i = 0; i < sizeof code_rows / sizeof *code_rows; i++) {
        if (code_rows[i].code == code) {
            return (SsAdvice){.meaning = code_rows[i].meaning, .advice = code_rows[i].advice};
        }
    }
    return is_later ? (SsAdvice){.meaning = "refused for now", .advice = RETRY}
                    : (SsAdvice){.meaning = "refused", .advice = "see the server's text"};
}

SsAdvice
ss_enhanced_explain(const SsReplyText *reply, SsStage stage)
{
    SsSlice detail = without_class(reply->enhanced);
    uint64_t code = reply->code;
    bool is_later = code / 100 == 4;
    bool is_misused = stage != SS_STAGE_RCPT && ss_slice_eq(detail, SS_SLICE("2.1"));
    const SsRefusalPhrase *phrase;
    SsPhraseText text;
    SsAdvice advice;

    ss_phrases_read(&text, reply->text);
    if (greylisting(code, detail, &text, &advice)) {
        return advice;
    }
    phrase = ss_phrases_find(&text, detail, code, is_misused || leaves_it_open(detail));
    if (phrase) {
        return (SsAdvice){.meaning = phrase->meaning,
                          .advice = phrase->advice,
                          .is_greylisting = phrase->is_greylisting,
                          .wait_s = is_later ? ss_phrases_wait_s(&text) : 0};
    }
    if (is_text_better(code, detail, reply->text, stage, is_misused)) {
        return (SsAdvice){.meaning = is_later ? "refused for now" : "refused",
                          .advice = is_later ? RETRY : "see the server's text",
                          .is_text_better = true};
    }
    advice = explain_codes(code, is_misused ? NULL : find_enhanced(detail));
    advice.wait_s = is_later ? ss_phrases_wait_s(&text) : 0;
    return advice;
}

bool
ss_enhanced_mentions(SsSlice text, const char *word)
{
    SsPhraseText read;

    ss_phrases_read(&read, text);
    return ss_phrases_mention(&read, word);
}

static bool
mentions_phrase_of(SsSlice reply, const char *meaning)
{
    size_t n;
    const SsRefusalPhrase *phrases = ss_phrases(&n);
    SsPhraseText text;

    ss_phrases_read(&text, reply);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(phrases[i].meaning, meaning) == 0 &&
            ss_phrases_mention(&text, phrases[i].word)) {
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
    if (is_mailbox_detail(detail) || mentions_phrase_of(reply->text, SS_MEANING_NO_MAILBOX)) {
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
           mentions_phrase_of(reply->text, SS_MEANING_NO_RELAY);
}
