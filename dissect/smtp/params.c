#include "dissect/smtp/params.h"

#include <glib.h>

#include "base/limits.h"

/* --- as they were written --- */

static bool
has_key(const SsList *list, SsSlice key)
{
    const SsPair *pairs = list->items;

    for (size_t i = 0; i < list->n; i++) {
        if (ss_slice_eq_nocase(pairs[i].key, key)) {
            return true;
        }
    }
    return false;
}

static SsSlice
upper_dup(SsArena *arena, SsSlice text)
{
    uint8_t *copy = ss_arena_alloc(arena, text.len ? text.len : 1);

    for (size_t i = 0; i < text.len; i++) {
        copy[i] = ss_ascii_upper(text.data[i]);
    }
    return ss_slice(copy, text.len);
}

SsList
ss_params_parse(SsArena *arena, SsSlice rest)
{
    SsList list = {NULL, 0, 0};

    while (rest.len) {
        size_t end = 0;
        SsSlice word, key, value;

        while (end < rest.len && !ss_ascii_is_blank(rest.data[end])) {
            end++;
        }
        word = ss_slice_sub(rest, 0, end);
        rest = ss_slice_trim(ss_slice_from(rest, end));
        key = ss_slice_sub(word, 0, ss_slice_index(word, '='));
        value = ss_slice_from(word, key.len < word.len ? key.len + 1 : key.len);
        if (has_key(&list, key)) {
            continue;
        }
        if (list.n < SS_PARAMS_MAX) {
            SsPair pair = {upper_dup(arena, key), ss_arena_dup(arena, value)};
            ss_list_append(arena, &list, &pair, sizeof pair, SS_PARAMS_MAX);
        } else {
            list.total++;
        }
    }
    return list;
}

/* --- values --- */

bool
ss_number_parse(SsSlice text, uint64_t *ret_number)
{
    uint64_t number = 0;

    if (text.len == 0 || text.len > 20) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        uint64_t digit = (uint64_t)text.data[i] - '0';
        if (digit > 9 || number > (UINT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

/* With a sign, perhaps, and digits so few that seconds in nanoseconds fit. */
static bool
parse_signed(SsSlice text, int64_t *ret_number)
{
    bool is_negative = text.len && text.data[0] == '-';
    bool has_sign = is_negative || (text.len && text.data[0] == '+');
    SsSlice digits = ss_slice_from(text, has_sign);
    uint64_t number;

    if (digits.len > 9 || !ss_number_parse(digits, &number)) {
        return false;
    }
    *ret_number = is_negative ? -(int64_t)number : (int64_t)number;
    return true;
}

static int
hex_value(uint8_t c)
{
    return ss_ascii_is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

SsSlice
ss_xtext_decode(SsArena *arena, SsSlice text)
{
    uint8_t *decoded = ss_arena_alloc(arena, text.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '+') {
            decoded[n++] = text.data[i];
            continue;
        }
        if (text.len - i < 3 || hex_value(text.data[i + 1]) < 0 ||
            hex_value(text.data[i + 2]) < 0) {
            return SS_SLICE_NULL;
        }
        decoded[n++] = (uint8_t)(hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2]));
        i += 2;
    }
    return ss_slice(decoded, n);
}

/* RFC 3339, in whole seconds and UTC, as HOLDUNTIL and RRVS have it: `2014-04-03T23:01:00Z`. */
static bool
parse_time(SsSlice text, int64_t *ret_time_ns)
{
    static const uint8_t form[] = "dddd-dd-ddTdd:dd:ddZ";
    gint field[6] = {0};
    size_t n = 0;
    g_autoptr(GDateTime) date = NULL;

    if (text.len != sizeof form - 1) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (form[i] != 'd') {
            n++;
            if (ss_ascii_upper(c) != form[i]) {
                return false;
            }
        } else if (ss_ascii_is_digit(c)) {
            field[n] = field[n] * 10 + (c - '0');
        } else {
            return false;
        }
    }
    if (field[0] < 1970 || field[0] > 2115) { /* what packet times can be: SS_TIME_MAX */
        return false;
    }
    date = g_date_time_new_utc(field[0], field[1], field[2], field[3], field[4], field[5]);
    if (!date) {
        return false;
    }
    *ret_time_ns = g_date_time_to_unix(date) * SS_NS_PER_S;
    return true;
}

/* The one of `words`, separated by `|` and in the case that is told, that the value is. */
static SsSlice
choose(SsSlice value, const char *words)
{
    SsSlice rest = ss_slice_str(words);

    while (rest.len) {
        SsSlice word = ss_slice_sub(rest, 0, ss_slice_index(rest, '|'));
        if (ss_slice_eq_nocase(value, word)) {
            return word;
        }
        rest = ss_slice_from(rest, word.len + 1);
    }
    return SS_SLICE_NULL;
}

/* --- those of MAIL --- */

typedef bool TakeMail(SsArena *arena, SsMailRequest *request, SsSlice value);

static bool
take_size(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    (void)arena;
    return ss_number_parse(value, &request->size) && request->size != SS_COUNT_NONE;
}

static bool
take_body(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    (void)arena;
    request->body = choose(value, "7BIT|8BITMIME|BINARYMIME");
    return !ss_slice_is_null(request->body);
}

static bool
take_smtputf8(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    (void)arena;
    request->smtputf8 = true;
    return value.len == 0;
}

static bool
take_requiretls(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    (void)arena;
    request->requiretls = true;
    return value.len == 0;
}

static bool
take_ret(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    (void)arena;
    request->ret = choose(value, "full|hdrs");
    return !ss_slice_is_null(request->ret);
}

static bool
take_envid(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    request->envid = value.len ? ss_xtext_decode(arena, value) : SS_SLICE_NULL;
    return !ss_slice_is_null(request->envid);
}

static bool
take_auth(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    if (ss_slice_eq(value, SS_SLICE("<>"))) {
        request->auth = ss_slice("", 0);
        return true;
    }
    request->auth = value.len ? ss_xtext_decode(arena, value) : SS_SLICE_NULL;
    return !ss_slice_is_null(request->auth);
}

static bool
take_mt_priority(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    int64_t priority;

    (void)arena;
    if (!parse_signed(value, &priority) || priority < -9 || priority > 9) {
        return false;
    }
    request->mt_priority = priority;
    return true;
}

/* `by-time ";" by-mode ["T"]` (RFC 2852 section 4). */
static bool
take_by(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    SsSlice seconds = ss_slice_sub(value, 0, ss_slice_index(value, ';'));
    SsSlice mode = ss_slice_from(value, seconds.len + 1);
    SsDeliverBy *by = ss_arena_alloc(arena, sizeof *by);
    int64_t within_s;

    by->has_trace = mode.len == 2 && ss_ascii_upper(mode.data[1]) == 'T';
    if (mode.len != (by->has_trace ? 2u : 1u) || !parse_signed(seconds, &within_s)) {
        return false;
    }
    by->within_ns = within_s * SS_NS_PER_S;
    switch (ss_ascii_upper(mode.data[0])) {
    case 'R':
        by->mode = SS_SLICE("return");
        break;
    case 'N':
        by->mode = SS_SLICE("notify");
        break;
    default:
        return false;
    }
    request->by = by;
    return true;
}

static bool
take_hold_for(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    uint64_t hold_s;

    (void)arena;
    if (value.len > 9 || !ss_number_parse(value, &hold_s)) {
        return false;
    }
    request->hold_for_ns = (int64_t)hold_s * SS_NS_PER_S;
    return true;
}

static bool
take_hold_until(SsArena *arena, SsMailRequest *request, SsSlice value)
{
    (void)arena;
    return parse_time(value, &request->hold_until_ns);
}

static const struct {
    SsSlice keyword;
    SsExtension extension;
    TakeMail *take; /* NULL: nothing is told of it but its use */
} of_mail[] = {
    {SS_SLICE_INIT("SIZE"), SS_EXTENSION_SIZE, take_size},
    {SS_SLICE_INIT("BODY"), SS_EXTENSION_8BITMIME, take_body},
    {SS_SLICE_INIT("SMTPUTF8"), SS_EXTENSION_SMTPUTF8, take_smtputf8},
    {SS_SLICE_INIT("RET"), SS_EXTENSION_DSN, take_ret},
    {SS_SLICE_INIT("ENVID"), SS_EXTENSION_DSN, take_envid},
    {SS_SLICE_INIT("AUTH"), SS_EXTENSION_AUTH, take_auth},
    {SS_SLICE_INIT("REQUIRETLS"), SS_EXTENSION_REQUIRETLS, take_requiretls},
    {SS_SLICE_INIT("MT-PRIORITY"), SS_EXTENSION_MT_PRIORITY, take_mt_priority},
    {SS_SLICE_INIT("BY"), SS_EXTENSION_DELIVERBY, take_by},
    {SS_SLICE_INIT("HOLDFOR"), SS_EXTENSION_FUTURERELEASE, take_hold_for},
    {SS_SLICE_INIT("HOLDUNTIL"), SS_EXTENSION_FUTURERELEASE, take_hold_until},
    {SS_SLICE_INIT("MTRK"), SS_EXTENSION_MTRK, NULL},
    {SS_SLICE_INIT("SOLICIT"), SS_EXTENSION_NO_SOLICITING, NULL},
    {SS_SLICE_INIT("SUBMITTER"), SS_EXTENSION_SUBMITTER, NULL},
    {SS_SLICE_INIT("PRDR"), SS_EXTENSION_PRDR, NULL},
    {SS_SLICE_INIT("XVERP"), SS_EXTENSION_XVERP, NULL},
};

const SsMailRequest *
ss_params_of_mail(SsArena *arena, const SsList *params, SsParamsSeen *ret_seen)
{
    const SsPair *pairs = params->items;
    SsMailRequest *request = NULL;

    *ret_seen = (SsParamsSeen){0};
    for (size_t i = 0; i < params->n; i++) {
        size_t at = 0;

        while (at < G_N_ELEMENTS(of_mail) && !ss_slice_eq(pairs[i].key, of_mail[at].keyword)) {
            at++;
        }
        if (at == G_N_ELEMENTS(of_mail)) {
            continue;
        }
        ret_seen->uses |= SS_EXTENSIONS(of_mail[at].extension);
        if (!of_mail[at].take) {
            continue;
        }
        if (!request) {
            request = ss_arena_alloc(arena, sizeof *request);
            request->size = SS_COUNT_NONE;
            request->mt_priority = SS_TIME_NONE;
            request->hold_for_ns = request->hold_until_ns = SS_TIME_NONE;
        }
        ret_seen->malformed += !of_mail[at].take(arena, request, pairs[i].value);
    }
    if (request && ss_slice_eq(request->body, SS_SLICE("BINARYMIME"))) {
        ret_seen->uses |= SS_EXTENSIONS(SS_EXTENSION_BINARYMIME);
        ret_seen->uses &= ~SS_EXTENSIONS(SS_EXTENSION_8BITMIME);
    }
    return request;
}

/* --- those of RCPT --- */

/* `NEVER`, or some of the others joined by commas (RFC 3461 section 4.1). */
static bool
take_notify(SsArena *arena, SsRcptRequest *request, SsSlice value)
{
    SsList words = {NULL, 0, 0};
    SsSlice rest = value;

    do {
        SsSlice word = ss_slice_sub(rest, 0, ss_slice_index(rest, ','));
        SsSlice known = choose(word, "never|success|failure|delay");
        if (ss_slice_is_null(known) ||
            !ss_list_append(arena, &words, &known, sizeof known, SS_PARAMS_MAX)) {
            return false;
        }
        if (word.len == rest.len) {
            request->notify = words;
            return true;
        }
        rest = ss_slice_from(rest, word.len + 1);
    } while (true);
}

/* `addr-type ";" xtext` (RFC 3461 section 4.2). */
static bool
take_orcpt(SsArena *arena, SsRcptRequest *request, SsSlice value)
{
    SsSlice type = ss_slice_sub(value, 0, ss_slice_index(value, ';'));
    SsSlice address;
    uint8_t *lower;

    if (type.len == 0 || type.len == value.len) {
        return false;
    }
    address = ss_xtext_decode(arena, ss_slice_from(value, type.len + 1));
    if (ss_slice_is_null(address)) {
        return false;
    }
    lower = ss_arena_alloc(arena, type.len);
    for (size_t i = 0; i < type.len; i++) {
        lower[i] = ss_ascii_lower(type.data[i]);
    }
    request->orcpt_type = ss_slice(lower, type.len);
    request->orcpt = address;
    return true;
}

/* `date-time [";" ("C" / "R")]` (RFC 7293 section 5.1). */
static bool
take_rrvs(SsArena *arena, SsRcptRequest *request, SsSlice value)
{
    SsSlice time = ss_slice_sub(value, 0, ss_slice_index(value, ';'));
    SsSlice action = ss_slice_from(value, time.len + 1);
    bool is_whole = time.len == value.len || !ss_slice_is_null(choose(action, "C|R"));

    (void)arena;
    return is_whole && parse_time(time, &request->rrvs_ns);
}

static const struct {
    SsSlice keyword;
    SsExtension extension;
    bool (*take)(SsArena *arena, SsRcptRequest *request, SsSlice value);
} of_rcpt[] = {
    {SS_SLICE_INIT("NOTIFY"), SS_EXTENSION_DSN, take_notify},
    {SS_SLICE_INIT("ORCPT"), SS_EXTENSION_DSN, take_orcpt},
    {SS_SLICE_INIT("RRVS"), SS_EXTENSION_RRVS, take_rrvs},
};

const SsRcptRequest *
ss_params_of_rcpt(SsArena *arena, const SsList *params, SsParamsSeen *ret_seen)
{
    const SsPair *pairs = params->items;
    SsRcptRequest *request = NULL;

    *ret_seen = (SsParamsSeen){0};
    for (size_t i = 0; i < params->n; i++) {
        for (size_t at = 0; at < G_N_ELEMENTS(of_rcpt); at++) {
            if (!ss_slice_eq(pairs[i].key, of_rcpt[at].keyword)) {
                continue;
            }
            ret_seen->uses |= SS_EXTENSIONS(of_rcpt[at].extension);
            if (!request) {
                request = ss_arena_alloc(arena, sizeof *request);
                request->rrvs_ns = SS_TIME_NONE;
            }
            ret_seen->malformed += !of_rcpt[at].take(arena, request, pairs[i].value);
        }
    }
    return request;
}
