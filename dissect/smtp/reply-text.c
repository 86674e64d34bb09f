#include "dissect/smtp/reply-text.h"

static size_t
digits(SsSlice text, size_t from, size_t max)
{
    size_t n = 0;

    while (n < max && from + n < text.len && ss_ascii_is_digit(text.data[from + n])) {
        n++;
    }
    return n;
}

size_t
ss_enhanced_length(SsSlice line, uint64_t code)
{
    size_t at = 2, n;

    if (line.len < 5 || line.data[0] != '0' + code / 100 || line.data[1] != '.' ||
        !(line.data[0] == '2' || line.data[0] == '4' || line.data[0] == '5')) {
        return 0;
    }
    n = digits(line, at, 3);
    if (!n || at + n >= line.len || line.data[at + n] != '.') {
        return 0;
    }
    at += n + 1;
    n = digits(line, at, 3);
    at += n;
    if (!n ||
        (at < line.len && line.data[at] != ' ' && line.data[at] != ':' && line.data[at] != '\t')) {
        return 0;
    }
    return at;
}

SsSlice
ss_enhanced_skip(SsSlice line, uint64_t code)
{
    size_t n = ss_enhanced_length(line, code);

    if (n == 0) {
        return line;
    }
    if (n < line.len && line.data[n] == ':') {
        n++;
    }
    return ss_slice_trim(ss_slice_from(line, n));
}

/* --- searching --- */

/* Index of `needle`, without case, or `text.len`. */
static size_t
find(SsSlice text, SsSlice needle)
{
    for (size_t i = 0; i + needle.len <= text.len; i++) {
        if (ss_slice_starts_nocase(ss_slice_from(text, i), needle)) {
            return i;
        }
    }
    return text.len;
}

bool
ss_text_says_ftp(SsSlice text)
{
    return find(text, SS_SLICE("FTP")) < text.len && find(text, SS_SLICE("SMTP")) == text.len;
}

/* The bytes up to a blank, or one of `stops`. */
static SsSlice
word(SsSlice text, const char *stops)
{
    size_t n = 0;

    while (n < text.len && text.data[n] > ' ' && !strchr(stops, text.data[n])) {
        n++;
    }
    return ss_slice_sub(text, 0, n);
}

static bool
is_id(SsSlice id, size_t min)
{
    bool has_digit = false;

    for (size_t i = 0; i < id.len; i++) {
        uint8_t c = id.data[i];
        if (!ss_ascii_is_digit(c) && !ss_ascii_is_alpha(c) && c != '-' && c != '_' && c != '.') {
            return false;
        }
        has_digit = has_digit || ss_ascii_is_digit(c);
    }
    return id.len >= min && id.len <= 128 && has_digit;
}

/* --- queue ids --- */

/* `Ok: queued as 4F5D2A01`, `OK id=1rAbCd-000123-4E`, `ok 1700000000 qp 12345`, `[InternalId=123,
 * Hostname=…]` */
static const struct {
    SsSlice before;
    const char *stops;
} marks[] = {
    {SS_SLICE_INIT("queued as "), ",;)>"},
    {SS_SLICE_INIT("[InternalId="), ",]"},
    {SS_SLICE_INIT(" id="), ",;)>"},
    {SS_SLICE_INIT(" qp "), ",;)>"},
};

static SsSlice
find_queue_id(SsSlice text)
{
    SsSlice id;
    size_t at;

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        at = find(text, marks[i].before);
        if (at < text.len) {
            id = word(ss_slice_from(text, at + marks[i].before.len), marks[i].stops);
            if (id.len && id.len <= 128) {
                return id;
            }
        }
    }
    /* Exim after PRDR: `id=1rAbCd-000123-4E message accepted for some recipients` */
    if (ss_slice_starts_nocase(text, SS_SLICE("id="))) {
        id = word(ss_slice_from(text, 3), ",;)>");
        if (is_id(id, 8)) {
            return id;
        }
    }
    /* Sendmail and OpenSMTPD: `4AL9abcd012345 Message accepted for delivery` */
    at = find(text, SS_SLICE(" Message accepted for delivery"));
    if (at < text.len) {
        id = ss_slice_sub(text, 0, at);
        if (is_id(id, 8)) {
            return id;
        }
    }
    /* Gmail: `OK  1700000000 d2e1a72fcca58-6c4c0b5si123.45 - gsmtp` */
    at = find(text, SS_SLICE(" - gsmtp"));
    if (at < text.len) {
        size_t start = at;
        while (start > 0 && text.data[start - 1] != ' ') {
            start--;
        }
        id = ss_slice_sub(text, start, at - start);
        if (is_id(id, 8)) {
            return id;
        }
    }
    return SS_SLICE_NULL;
}

SsSlice
ss_queue_id_find(SsSlice text, bool is_cut)
{
    SsSlice id = find_queue_id(text);

    if (is_cut && id.len) {
        const uint8_t *behind = id.data + id.len;
        bool is_at_end = behind == text.data + text.len || *behind == '\n';
        return is_at_end ? SS_SLICE_NULL : id;
    }
    return id;
}

/* --- banners --- */

static const SsSlice software[] = {
    SS_SLICE_INIT("Microsoft ESMTP MAIL Service"),
    SS_SLICE_INIT("Postfix"),
    SS_SLICE_INIT("Exim"),
    SS_SLICE_INIT("Sendmail"),
    SS_SLICE_INIT("OpenSMTPD"),
    SS_SLICE_INIT("smtp-sink"),
    SS_SLICE_INIT("qmail"),
    SS_SLICE_INIT("gsmtp"),
    SS_SLICE_INIT("Haraka"),
    SS_SLICE_INIT("MailEnable"),
    SS_SLICE_INIT("hMailServer"),
    SS_SLICE_INIT("MDaemon"),
    SS_SLICE_INIT("CommuniGate Pro"),
    SS_SLICE_INIT("Lotus Domino"),
    SS_SLICE_INIT("IBM Domino"),
    SS_SLICE_INIT("HCL Domino"),
    SS_SLICE_INIT("Zimbra"),
    SS_SLICE_INIT("Stalwart"),
    SS_SLICE_INIT("Dovecot"),
    SS_SLICE_INIT("Cyrus"),
    SS_SLICE_INIT("Courier"),
    SS_SLICE_INIT("MailHog"),
    SS_SLICE_INIT("Mailpit"),
    SS_SLICE_INIT("PowerMTA"),
    SS_SLICE_INIT("GroupWise"),
    SS_SLICE_INIT("Kerio Connect"),
    SS_SLICE_INIT("IceWarp"),
    SS_SLICE_INIT("Axigen"),
    SS_SLICE_INIT("XMail"),
    SS_SLICE_INIT("Mercury"),
    SS_SLICE_INIT("MailMarshal"),
    SS_SLICE_INIT("aiosmtpd"),
    SS_SLICE_INIT("Python SMTP"),
};

static bool
is_protocol(SsSlice text)
{
    return ss_slice_eq_nocase(text, SS_SLICE("ESMTP")) ||
           ss_slice_eq_nocase(text, SS_SLICE("SMTP")) || ss_slice_eq_nocase(text, SS_SLICE("LMTP"));
}

SsSlice
ss_banner_host(SsSlice text)
{
    SsSlice host = word(ss_slice_trim(text), ",;");
    bool has_alpha_or_digit = false;

    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.data[i];
        bool is_alnum = ss_ascii_is_alpha(c) || ss_ascii_is_digit(c);
        if (!is_alnum && c != '.' && c != '-' && c != '_' && c != '[' && c != ']' && c != ':') {
            return SS_SLICE_NULL;
        }
        has_alpha_or_digit = has_alpha_or_digit || is_alnum;
    }
    if (!has_alpha_or_digit || is_protocol(host)) {
        return SS_SLICE_NULL;
    }
    /* A word without a dot may be any: the protocol's name behind it tells that it is a host's. */
    if (ss_slice_index(host, '.') == host.len && host.data[0] != '[' &&
        !ss_slice_eq_nocase(host, SS_SLICE("localhost"))) {
        SsSlice trimmed = ss_slice_trim(text);
        SsSlice behind = word(ss_slice_trim(ss_slice_from(trimmed, host.len)), ",;");
        return is_protocol(behind) || behind.len == 0 ? host : SS_SLICE_NULL;
    }
    return host;
}

SsSlice
ss_banner_host_cut(SsSlice words)
{
    SsSlice host = ss_banner_host(words);
    bool is_alone = host.len == ss_slice_trim(words).len;
    bool is_plain = ss_slice_index(host, '.') == host.len && ss_slice_index(host, ':') == host.len;

    return is_alone && is_plain ? SS_SLICE_NULL : host;
}

SsSlice
ss_text_whole_words(SsSlice text)
{
    size_t n = text.len;

    while (n > 0 && !ss_ascii_is_blank(text.data[n - 1])) {
        n--;
    }
    return ss_slice_sub(text, 0, n);
}

SsSlice
ss_banner_software(SsSlice text)
{
    size_t host = ss_banner_host(text).len;

    for (size_t i = 0; i < sizeof software / sizeof software[0]; i++) {
        SsSlice rest = ss_slice_from(text, host);
        size_t at = find(rest, software[i]);
        if (at < rest.len) {
            size_t n = software[i].len;
            SsSlice after = ss_slice_from(rest, at + n);
            SsSlice version;
            if (after.len && (after.data[0] == ' ' || after.data[0] == '/')) {
                version = word(ss_slice_from(after, 1), ",;)");
                if (version.len && ss_ascii_is_digit(version.data[0])) {
                    n += 1 + version.len;
                }
            }
            return ss_slice_sub(rest, at, n);
        }
    }
    return SS_SLICE_NULL;
}
