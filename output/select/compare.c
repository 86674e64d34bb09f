#include "output/select/compare.h"

#include "base/text.h"
#include "output/select/literal.h"

/* --- text without case --- */

static bool
is_ascii(SsSlice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* As letters compare without case in any writing; bytes that are not UTF-8 stand as U+FFFD. */
static char *
fold(SsSlice text, size_t *ret_len)
{
    GString *valid = g_string_sized_new(text.len);
    char *folded;

    ss_text_append_utf8(valid, text);
    /* A NUL may stand in a text, and ends none of ours. */
    for (gsize i = 0; i < valid->len; i++) {
        valid->str[i] = valid->str[i] ? valid->str[i] : ' ';
    }
    folded = g_utf8_casefold(valid->str, (gssize)valid->len);
    *ret_len = strlen(folded);
    g_string_free(valid, TRUE);
    return folded;
}

/* Below, at or above. `b` is folded, and so is `a` where it is not ASCII. */
static int
order_folded(SsSlice a, SsSlice b)
{
    size_t n = MIN(a.len, b.len);

    for (size_t i = 0; i < n; i++) {
        uint8_t c = ss_ascii_lower(a.data[i]);
        if (c != b.data[i]) {
            return c < b.data[i] ? -1 : 1;
        }
    }
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static bool
contains_folded(SsSlice text, SsSlice part)
{
    if (part.len == 0) {
        return true;
    }
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (ss_ascii_lower(text.data[i]) == part.data[0] &&
            order_folded(ss_slice_sub(text, i, part.len), part) == 0) {
            return true;
        }
    }
    return false;
}

static bool
holds_order(SsOp op, int order)
{
    switch (op) {
    case SS_OP_EQ:
    case SS_OP_IN:
        return order == 0;
    case SS_OP_NE:
        return order != 0;
    case SS_OP_LT:
        return order < 0;
    case SS_OP_LE:
        return order <= 0;
    case SS_OP_GT:
        return order > 0;
    case SS_OP_GE:
        return order >= 0;
    default:
        return false;
    }
}

/* --- made --- */

static bool
is_order(SsOp op)
{
    return op == SS_OP_LT || op == SS_OP_LE || op == SS_OP_GT || op == SS_OP_GE;
}

static const SsField *
last_step(const SsComparison *comparison)
{
    const SsFieldPath *path = &comparison->field.paths[0];

    return path->steps[path->n_steps - 1];
}

static void
clear_literal(void *literal)
{
    g_free(((SsLiteral *)literal)->text);
}

bool
ss_comparison_init(SsComparison *comparison, const SsSelectField *field, SsSlice name, SsOp op,
                   GString *why)
{
    static const char *const kinds[] = {
        "a text",     "a number",  "a number",           "a time",
        "a duration", "yes or no", "one of a few words", "an address",
    };
    bool is_text = op == SS_OP_CONTAINS || op == SS_OP_MATCHES;
    bool is_measure = field->kind == SS_KIND_TIME || field->kind == SS_KIND_DURATION ||
                      field->kind == SS_KIND_SIGNED;
    bool has_order = field->kind == SS_KIND_TEXT || field->kind == SS_KIND_NUMBER || is_measure;

    *comparison = (SsComparison){.field = *field, .op = op};
    /* Of words only how grave a finding is has an order. */
    if (field->kind == SS_KIND_NAME) {
        has_order = g_str_equal(last_step(comparison)->name, "severity");
    }
    if ((is_text && (is_measure || field->kind == SS_KIND_BOOL)) || (is_order(op) && !has_order)) {
        g_string_append_printf(why, "%.*s is %s: compare it with %s", (int)name.len,
                               (const char *)name.data, kinds[field->kind],
                               has_order ? "==, !=, <, <=, >, >= or in" : "==, != or in");
        return false;
    }
    comparison->literals = g_array_new(FALSE, TRUE, sizeof(SsLiteral));
    g_array_set_clear_func(comparison->literals, clear_literal);
    return true;
}

static bool
is_word_of(const SsField *field, const SsLiteral *literal, uint64_t *ret_index)
{
    for (size_t i = 0; field->names[i]; i++) {
        SsSlice name = ss_slice_str(field->names[i]);
        if (ss_slice_eq_nocase(name, ss_slice(literal->text, literal->len))) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static void
append_words(GString *why, const SsField *field)
{
    g_string_append_printf(why, "%s is", field->name);
    for (size_t i = 0; field->names[i]; i++) {
        g_string_append_printf(why, "%s %s",
                               i == 0                ? ""
                               : field->names[i + 1] ? ","
                                                     : " or",
                               field->names[i]);
    }
}

/* `192.0.2.0/24`, or an address. */
static bool
read_network(SsLiteral *literal, SsSlice text)
{
    size_t slash = ss_slice_index(text, '/');
    uint64_t prefix;

    if (!ss_literal_address(ss_slice_sub(text, 0, slash), literal->address, &literal->family)) {
        return false;
    }
    prefix = 8 * (uint64_t)literal->family;
    if (slash < text.len && (!ss_literal_number(ss_slice_from(text, slash + 1), &prefix) ||
                             prefix > 8 * (uint64_t)literal->family)) {
        return false;
    }
    literal->prefix = (uint8_t)prefix;
    return true;
}

/* Reads `text` as the field's kind wants it. */
static bool
read_literal(const SsComparison *comparison, SsSlice text, SsLiteral *literal, GString *why)
{
    const SsField *field = last_step(comparison);
    const char *wanted = NULL;

    switch (comparison->field.kind) {
    case SS_KIND_TEXT:
        return true;
    case SS_KIND_NAME:
        if (!is_word_of(field, literal, &literal->number)) {
            append_words(why, field);
            return false;
        }
        return true;
    case SS_KIND_NUMBER:
        wanted = ss_literal_number(text, &literal->number) ? NULL : "a number (such as 25, 10MiB)";
        break;
    case SS_KIND_SIGNED:
        wanted = ss_literal_signed(text, &literal->ns) ? NULL : "a number (such as 3, -3)";
        break;
    case SS_KIND_TIME:
        wanted = ss_literal_time(text, &literal->ns)
                     ? NULL
                     : "a time (such as 2026-11-21, 2026-11-21T10:00:00Z)";
        break;
    case SS_KIND_DURATION:
        wanted = ss_literal_duration(text, &literal->ns) ? NULL : "a duration (such as 1.5, 500ms)";
        break;
    case SS_KIND_BOOL:
        wanted = ss_literal_bool(text, &literal->number) ? NULL : "true or false";
        break;
    case SS_KIND_ADDRESS:
        wanted =
            read_network(literal, text) ? NULL : "an address (such as 192.0.2.1, 192.0.2.0/24)";
        break;
    }
    if (wanted) {
        g_string_append_printf(why, "\"%.*s\" is not %s", (int)text.len, (const char *)text.data,
                               wanted);
    }
    return wanted == NULL;
}

bool
ss_comparison_add(SsComparison *comparison, SsSlice text, GString *why, size_t *ret_at)
{
    SsLiteral literal = {.prefix = 0};
    bool is_good = true;

    *ret_at = 0;
    if (comparison->op == SS_OP_MATCHES) {
        comparison->regex = ss_regex_new(text, why, ret_at);
        return comparison->regex != NULL;
    }
    literal.text = fold(text, &literal.len);
    if (comparison->op != SS_OP_CONTAINS) {
        is_good = read_literal(comparison, text, &literal, why);
    }
    g_array_append_val(comparison->literals, literal);
    return is_good;
}

void
ss_comparison_clear(SsComparison *comparison)
{
    g_clear_pointer(&comparison->literals, g_array_unref);
    g_clear_pointer(&comparison->regex, ss_regex_free);
}

/* --- at work --- */

typedef struct {
    const SsComparison *comparison;
    uint64_t *n_given_up;
} Test;

static const SsLiteral *
literal_at(const SsComparison *comparison, guint i)
{
    return &g_array_index(comparison->literals, SsLiteral, i);
}

static bool
is_in_network(const SsLiteral *literal, const uint8_t address[16], uint8_t family)
{
    size_t bytes = literal->prefix / 8, bits = literal->prefix % 8;

    return literal->family == family && memcmp(literal->address, address, bytes) == 0 &&
           (bits == 0 || ((literal->address[bytes] ^ address[bytes]) >> (8 - bits)) == 0);
}

static bool
test_address(const SsComparison *comparison, SsSlice text)
{
    uint8_t address[16], family;
    bool is_in = false;

    if (!ss_literal_address(text, address, &family)) {
        return false; /* what is no address (of a PROXY header) is absent */
    }
    for (guint i = 0; i < comparison->literals->len && !is_in; i++) {
        is_in = is_in_network(literal_at(comparison, i), address, family);
    }
    return is_in == (comparison->op != SS_OP_NE);
}

/* `text` is ASCII, or folded. */
static bool
test_folded(const SsComparison *comparison, SsSlice text)
{
    for (guint i = 0; i < comparison->literals->len; i++) {
        const SsLiteral *literal = literal_at(comparison, i);
        SsSlice other = ss_slice(literal->text, literal->len);

        if (comparison->op == SS_OP_CONTAINS
                ? contains_folded(text, other)
                : holds_order(comparison->op, order_folded(text, other))) {
            return true;
        }
    }
    return false;
}

static bool
test_text(const Test *test, SsSlice text)
{
    const SsComparison *comparison = test->comparison;
    g_autofree char *folded = NULL;
    size_t len;

    if (comparison->op == SS_OP_MATCHES) {
        return ss_regex_matches(comparison->regex, text, test->n_given_up);
    }
    if (is_ascii(text)) {
        return test_folded(comparison, text);
    }
    folded = fold(text, &len);
    return test_folded(comparison, ss_slice(folded, len));
}

static int
order_of_names(const SsComparison *comparison, SsSlice text, const SsLiteral *literal)
{
    const SsField *field = last_step(comparison);
    uint64_t index = 0;

    while (!ss_slice_eq(ss_slice_str(field->names[index]), text)) {
        index++;
    }
    return index == literal->number ? 0 : index < literal->number ? -1 : 1;
}

static bool
test_value(void *to, const SsSelectValue *value)
{
    const Test *test = to;
    const SsComparison *comparison = test->comparison;
    SsSelectKind kind = comparison->field.kind;
    char digits[24];

    if (comparison->op == SS_OP_CONTAINS || comparison->op == SS_OP_MATCHES) {
        SsSlice text = value->text;
        if (kind == SS_KIND_NUMBER) {
            g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, value->number);
            text = ss_slice_str(digits);
        }
        return test_text(test, text);
    }
    if (kind == SS_KIND_TEXT) {
        return test_text(test, value->text);
    }
    if (kind == SS_KIND_ADDRESS) {
        return test_address(comparison, value->text);
    }
    for (guint i = 0; i < comparison->literals->len; i++) {
        const SsLiteral *literal = literal_at(comparison, i);
        int order;

        if (kind == SS_KIND_NAME) {
            order = order_of_names(comparison, value->text, literal);
        } else if (kind == SS_KIND_TIME || kind == SS_KIND_DURATION || kind == SS_KIND_SIGNED) {
            order = (value->ns > literal->ns) - (value->ns < literal->ns);
        } else {
            order = (value->number > literal->number) - (value->number < literal->number);
        }
        if (holds_order(comparison->op, order)) {
            return true;
        }
    }
    return false;
}

bool
ss_comparison_holds(const SsComparison *comparison, const SsFieldPath *path, const SsEvent *event,
                    uint64_t *n_given_up)
{
    Test test = {comparison, n_given_up};

    return ss_field_path_any(path, event, test_value, &test);
}
