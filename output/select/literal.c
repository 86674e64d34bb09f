#include "output/select/literal.h"

#include <arpa/inet.h>

#include "base/limits.h"

/* Takes decimal digits off the front; false where there are none, or too many. */
static bool
take_digits(SsSlice *text, uint64_t max, uint64_t *ret_number)
{
    uint64_t number = 0;
    size_t n = 0;

    for (; n < text->len && ss_ascii_is_digit(text->data[n]); n++) {
        unsigned digit = text->data[n] - '0';
        if (number > (max - digit) / 10) {
            return false;
        }
        number = 10 * number + digit;
    }
    *text = ss_slice_from(*text, n);
    *ret_number = number;
    return n > 0;
}

typedef struct {
    const char *name;
    uint64_t factor;
} Unit;

static uint64_t
find_unit(const Unit *units, SsSlice name)
{
    for (; units->name; units++) {
        if (ss_slice_eq(name, ss_slice_str(units->name))) {
            return units->factor;
        }
    }
    return 0;
}

bool
ss_literal_number(SsSlice text, uint64_t *ret_number)
{
    static const Unit units[] = {
        {"", 1},          {"K", 1 << 10},   {"M", 1 << 20},   {"G", 1 << 30},
        {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0},
    };
    uint64_t number, factor;

    if (!take_digits(&text, UINT64_MAX, &number)) {
        return false;
    }
    factor = find_unit(units, text);
    if (factor == 0 || number > UINT64_MAX / factor) {
        return false;
    }
    *ret_number = number * factor;
    return true;
}

bool
ss_literal_signed(SsSlice text, int64_t *ret_number)
{
    bool is_negative = text.len && text.data[0] == '-';
    uint64_t number;

    if (!ss_literal_number(ss_slice_from(text, is_negative), &number) || number > INT64_MAX) {
        return false;
    }
    *ret_number = is_negative ? -(int64_t)number : (int64_t)number;
    return true;
}

/* `.` and up to nine digits, as billionths; none is 0. */
static bool
take_fraction(SsSlice *text, int64_t *ret_ns)
{
    int64_t ns = 0, unit = SS_NS_PER_S;
    size_t n = 1;

    *ret_ns = 0;
    if (text->len == 0 || text->data[0] != '.') {
        return true;
    }
    for (; n < text->len && ss_ascii_is_digit(text->data[n]); n++) {
        unit /= 10;
        ns += unit * (text->data[n] - '0');
    }
    *text = ss_slice_from(*text, n);
    *ret_ns = ns;
    return n > 1 && n <= 10;
}

bool
ss_literal_duration(SsSlice text, int64_t *ret_ns)
{
    static const Unit units[] = {
        {"", 1000000000},     {"ms", 1000000},       {"s", 1000000000}, {"m", 60000000000},
        {"h", 3600000000000}, {"d", 86400000000000}, {NULL, 0},
    };
    uint64_t whole, unit;
    int64_t fraction;

    if (!take_digits(&text, 100000000, &whole) || !take_fraction(&text, &fraction)) {
        return false;
    }
    unit = find_unit(units, text);
    if (unit == 0 || whole >= (uint64_t)INT64_MAX / unit - 1) {
        return false;
    }
    /* The fraction of a day in billionths does not fit by itself. */
    *ret_ns =
        (int64_t)(whole * unit) + (unit >= SS_NS_PER_S ? fraction * (int64_t)(unit / SS_NS_PER_S)
                                                       : fraction / (SS_NS_PER_S / (int64_t)unit));
    return true;
}

/* Exactly `n` digits. */
static bool
take_field(SsSlice *text, size_t n, int *ret_number)
{
    *ret_number = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= text->len || !ss_ascii_is_digit(text->data[i])) {
            return false;
        }
        *ret_number = 10 * *ret_number + text->data[i] - '0';
    }
    *text = ss_slice_from(*text, n);
    return true;
}

static bool
take_byte(SsSlice *text, uint8_t byte)
{
    bool is_there = text->len && text->data[0] == byte;

    *text = ss_slice_from(*text, is_there);
    return is_there;
}

/* Seconds since 1970. The years are those whose nanoseconds fit. */
static bool
take_date(SsSlice *text, int64_t *ret_s)
{
    int year, month, day;

    if (!take_field(text, 4, &year) || !take_byte(text, '-') || !take_field(text, 2, &month) ||
        !take_byte(text, '-') || !take_field(text, 2, &day) || year < 1678 || year > 2261 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year)) {
        return false;
    }
    g_autoptr(GDate) date = g_date_new_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
    *ret_s = ((int64_t)g_date_get_julian(date) - 719163) * 86400; /* GLib counts from year 1 */
    return true;
}

/* `10:00`, `10:00:00`, `10:00:00.5` */
static bool
take_clock(SsSlice *text, int64_t *ret_s, int64_t *ret_ns)
{
    int hour, minute, second = 0;

    *ret_ns = 0;
    if (!take_field(text, 2, &hour) || !take_byte(text, ':') || !take_field(text, 2, &minute)) {
        return false;
    }
    if (take_byte(text, ':') && (!take_field(text, 2, &second) || !take_fraction(text, ret_ns))) {
        return false;
    }
    *ret_s = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 61;
}

/* `Z`, `+02:00`, or nothing, which is UTC. */
static bool
take_zone(SsSlice *text, int64_t *ret_s)
{
    int hour, minute;
    bool is_east = text->len && text->data[0] == '+';

    *ret_s = 0;
    if (text->len == 0 || take_byte(text, 'Z') || take_byte(text, 'z')) {
        return true;
    }
    if ((!take_byte(text, '+') && !take_byte(text, '-')) || !take_field(text, 2, &hour) ||
        !take_byte(text, ':') || !take_field(text, 2, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    *ret_s = (is_east ? 1 : -1) * (hour * 3600 + minute * 60);
    return true;
}

bool
ss_literal_time(SsSlice text, int64_t *ret_ns)
{
    int64_t day, clock = 0, fraction = 0, zone = 0;

    if (!take_date(&text, &day)) {
        return false;
    }
    if (text.len && (take_byte(&text, 'T') || take_byte(&text, 't') || take_byte(&text, ' ')) &&
        (!take_clock(&text, &clock, &fraction) || !take_zone(&text, &zone))) {
        return false;
    }
    *ret_ns = (day + clock - zone) * SS_NS_PER_S + fraction;
    return text.len == 0;
}

bool
ss_literal_address(SsSlice text, uint8_t ret_bytes[16], uint8_t *ret_family)
{
    char copy[INET6_ADDRSTRLEN];

    if (text.len == 0 || text.len >= sizeof copy || memchr(text.data, 0, text.len)) {
        return false;
    }
    memcpy(copy, text.data, text.len);
    copy[text.len] = 0;
    *ret_family = memchr(copy, ':', text.len) ? 16 : 4;
    return inet_pton(*ret_family == 16 ? AF_INET6 : AF_INET, copy, ret_bytes) == 1;
}

bool
ss_literal_bool(SsSlice text, uint64_t *ret_value)
{
    bool is_true =
        ss_slice_eq_nocase(text, SS_SLICE("true")) || ss_slice_eq_nocase(text, SS_SLICE("yes"));

    *ret_value = is_true;
    return is_true || ss_slice_eq_nocase(text, SS_SLICE("false")) ||
           ss_slice_eq_nocase(text, SS_SLICE("no"));
}
