#include "dissect/message/values.h"

#include <gmime/gmime.h>

#include "base/limits.h"
#include "dissect/message/shield.h"

/* A date and its comment; GMime counts a year in an int. */
#define DATE_MAX 128
#define YEAR_DIGITS 4

static void
init_gmime(void)
{
    static gsize done = 0;

    if (g_once_init_enter(&done)) {
        g_mime_init();
        g_once_init_leave(&done, 1);
    }
}

static GString *
shield(SsSlice value, SsShieldKind kind)
{
    init_gmime();
    return ss_shield(kind == SS_SHIELD_ADDRESSES ? value : ss_slice_sub(value, 0, SS_VALUE_MAX),
                     kind);
}

/* Copies what GMime gave, which is ours and freed here, with the shielded bytes put back. */
static SsSlice
take(SsArena *arena, char *text, size_t max)
{
    g_autofree char *owned = text;
    size_t len;

    if (!owned) {
        return SS_SLICE_NULL;
    }
    len = ss_unshield(owned, strlen(owned));
    if (len > max) {
        /* At a character's edge. */
        for (len = max; len && ((uint8_t)owned[len] & 0xc0) == 0x80;) {
            len--;
        }
    }
    return ss_arena_dup(arena, ss_slice(owned, len));
}

static SsSlice
lower(SsSlice slice)
{
    for (size_t i = 0; i < slice.len; i++) {
        ((uint8_t *)slice.data)[i] = ss_ascii_lower(slice.data[i]);
    }
    return slice;
}

static void
append_address(SsArena *arena, InternetAddress *address, SsList *ret)
{
    const char *name = internet_address_get_name(address);
    const char *addr = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    SsSlice text;

    if (ret->n == SS_ADDRESSES_MAX) {
        ret->total++;
        return;
    }
    addr = addr ? addr : "";
    text = take(arena, name && *name ? g_strdup_printf("%s <%s>", name, addr) : g_strdup(addr),
                SIZE_MAX);
    ss_list_append(arena, ret, &text, sizeof text, SS_ADDRESSES_MAX);
}

/* Groups in groups are few: see ss_shield. */
static void
append_addresses(SsArena *arena, InternetAddressList *list, SsList *ret)
{
    int n = internet_address_list_length(list);

    for (int i = 0; i < n; i++) {
        InternetAddress *address = internet_address_list_get_address(list, i);

        if (INTERNET_ADDRESS_IS_GROUP(address)) {
            append_addresses(
                arena, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), ret);
        } else {
            append_address(arena, address, ret);
        }
    }
}

void
ss_values_addresses(SsArena *arena, SsSlice value, SsList *ret)
{
    InternetAddressList *list;
    GString *text;

    if (ss_slice_is_null(value)) {
        return;
    }
    text = shield(value, SS_SHIELD_ADDRESSES);
    list = internet_address_list_parse(NULL, text->str);
    g_string_free(text, TRUE);
    if (list) {
        append_addresses(arena, list, ret);
        g_object_unref(list);
    }
}

SsSlice
ss_values_text(SsArena *arena, SsSlice value)
{
    GString *text;
    SsSlice ret;

    if (ss_slice_is_null(value)) {
        return value;
    }
    text = shield(value, SS_SHIELD_TEXT);
    ret = take(arena, g_mime_utils_header_decode_text(NULL, text->str), SIZE_MAX);
    g_string_free(text, TRUE);
    return ret;
}

SsSlice
ss_values_unfolded(SsArena *arena, SsSlice value)
{
    uint8_t *to;
    size_t len = 0;

    if (ss_slice_is_null(value)) {
        return value;
    }
    value = ss_slice_sub(value, 0, SS_VALUE_MAX);
    to = ss_arena_alloc(arena, value.len + 1);
    for (size_t i = 0; i < value.len; i++) {
        bool is_cr_of_fold =
            value.data[i] == '\r' && i + 1 < value.len && value.data[i + 1] == '\n';
        if (value.data[i] != '\n' && !is_cr_of_fold) {
            to[len++] = value.data[i];
        }
    }
    return ss_slice(to, len);
}

/* Zones GMime knows by name (RFC 5322 section 4.3), and what stands for UTC. */
static bool
is_zone_name(SsSlice word)
{
    static const char *const names[] = {
        "UT", "GMT", "UTC", "Z", "EDT", "EST", "CDT", "CST", "MDT", "MST", "PDT", "PST",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (ss_slice_eq(word, ss_slice_str(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool
is_zone_number(SsSlice word)
{
    if (word.len != 5 || (word.data[0] != '+' && word.data[0] != '-')) {
        return false;
    }
    for (size_t i = 1; i < 5; i++) {
        if (!ss_ascii_is_digit(word.data[i])) {
            return false;
        }
    }
    return (word.data[1] - '0') * 10 + word.data[2] - '0' < 24 && word.data[3] < '6';
}

/* The zone among a date's words; absent if there is none, or a number too large to be part of a
 * date. */
static SsSlice
find_zone(SsSlice date)
{
    SsSlice zone = SS_SLICE_NULL;

    while (date.len) {
        size_t len = ss_slice_index(date, ' ');
        SsSlice word = ss_slice_sub(date, 0, len);
        size_t digits = 0;

        for (size_t i = 0; i < word.len; i++) {
            digits = ss_ascii_is_digit(word.data[i]) ? digits + 1 : 0;
            if (digits > YEAR_DIGITS) {
                return SS_SLICE_NULL;
            }
        }
        if (ss_slice_is_null(zone) && (is_zone_number(word) || is_zone_name(word))) {
            zone = word;
        }
        date = ss_slice_from(date, len + 1);
    }
    return zone;
}

SsSlice
ss_values_date(SsArena *arena, SsSlice value)
{
    SsSlice text, zone;
    GDateTime *date;
    char *out;

    if (ss_slice_is_null(value) || value.len > DATE_MAX || memchr(value.data, '\0', value.len)) {
        return SS_SLICE_NULL;
    }
    init_gmime();
    /* Zeroed behind its end, so that it is a C string. */
    text = ss_values_unfolded(arena, value);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\t') {
            ((uint8_t *)text.data)[i] = ' ';
        }
    }
    zone = find_zone(text);
    if (ss_slice_is_null(zone)) {
        return SS_SLICE_NULL;
    }
    date = g_mime_utils_header_decode_date((const char *)text.data);
    if (!date) {
        return SS_SLICE_NULL;
    }
    out = g_date_time_format(date, ss_slice_eq(zone, SS_SLICE("-0000")) ? "%Y-%m-%dT%H:%M:%S-00:00"
                                                                        : "%Y-%m-%dT%H:%M:%S%:z");
    g_date_time_unref(date);
    return take(arena, out, SIZE_MAX);
}

void
ss_values_content_type(SsArena *arena, SsSlice value, SsContentType *ret)
{
    GMimeContentType *type;
    GString *text;
    const char *boundary;

    memset(ret, 0, sizeof *ret);
    if (ss_slice_is_null(value)) {
        return;
    }
    text = shield(value, SS_SHIELD_PARAMS);
    type = g_mime_content_type_parse(NULL, text->str);
    g_string_free(text, TRUE);
    /* GMime's own word for what it could not read. */
    if (!g_mime_content_type_is_type(type, "application", "octet-stream") ||
        ss_slice_starts_nocase(value, SS_SLICE("application"))) {
        ret->type = lower(take(arena, g_mime_content_type_get_mime_type(type), SS_PART_TEXT_MAX));
    }
    ret->charset = lower(take(arena, g_strdup(g_mime_content_type_get_parameter(type, "charset")),
                              SS_PART_TEXT_MAX));
    ret->name =
        take(arena, g_strdup(g_mime_content_type_get_parameter(type, "name")), SS_PART_TEXT_MAX);
    boundary = g_mime_content_type_get_parameter(type, "boundary");
    if (boundary) {
        ret->boundary = take(arena, g_strdup(boundary), SIZE_MAX);
        if (ret->boundary.len > SS_BOUNDARY_MAX) {
            ret->boundary = SS_SLICE_NULL;
        }
    }
    g_object_unref(type);
}

void
ss_values_disposition(SsArena *arena, SsSlice value, SsDisposition *ret)
{
    GMimeContentDisposition *disposition;
    GString *text;

    memset(ret, 0, sizeof *ret);
    if (ss_slice_is_null(value)) {
        return;
    }
    text = shield(value, SS_SHIELD_PARAMS);
    disposition = g_mime_content_disposition_parse(NULL, text->str);
    g_string_free(text, TRUE);
    ret->disposition =
        lower(take(arena, g_strdup(g_mime_content_disposition_get_disposition(disposition)),
                   SS_PART_TEXT_MAX));
    ret->filename =
        take(arena, g_strdup(g_mime_content_disposition_get_parameter(disposition, "filename")),
             SS_PART_TEXT_MAX);
    g_object_unref(disposition);
}

SsSlice
ss_values_encoding(SsArena *arena, SsSlice value)
{
    size_t len = 0;

    if (ss_slice_is_null(value)) {
        return value;
    }
    while (len < value.len && len < SS_PART_TEXT_MAX && value.data[len] > ' ' &&
           value.data[len] != '(' && value.data[len] != ';') {
        len++;
    }
    return lower(ss_arena_dup(arena, ss_slice_sub(value, 0, len)));
}
