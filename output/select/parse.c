/*
 * Operators wait on a stack until one that binds less, or the end, comes behind their operands
 * (Dijkstra's shunting yard): the program has them behind what they join.
 */
#include "output/select/parse.h"

#include <stdarg.h>

/* Operators and parentheses that are open at once. */
#define OPEN_MAX 256

/* A field's name is not longer than the longest path and key by much. */
#define FIELD_LEN_MAX 256

typedef enum {
    OPEN_PAREN, /* in order of binding */
    OPEN_OR,
    OPEN_AND,
    OPEN_NOT,
} Open;

typedef struct {
    SsSlice text;
    size_t at;
    GArray *comparisons, *steps;
    uint8_t open[OPEN_MAX];
    size_t parens[OPEN_MAX]; /* where the one at that place stands */
    size_t n_open;
    SsExprError *error;
} Parser;

static bool fail(Parser *parser, size_t at, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool
fail(Parser *parser, size_t at, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    g_string_append_vprintf(parser->error->what, format, list);
    va_end(list);
    parser->error->at = at;
    return false;
}

/* --- words --- */

static bool
is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_blanks(Parser *parser)
{
    while (parser->at < parser->text.len && is_blank(parser->text.data[parser->at])) {
        parser->at++;
    }
}

static uint8_t
peek(const Parser *parser)
{
    return parser->at < parser->text.len ? parser->text.data[parser->at] : 0;
}

static bool
is_name_byte(uint8_t c)
{
    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c == '_' || c == '.' || c == '-';
}

/* The name that begins here; empty where none does. Behind its first letter a map's key may have
 * more in it than our own names. */
static SsSlice
peek_name(const Parser *parser)
{
    SsSlice rest = ss_slice_from(parser->text, parser->at);
    size_t n = 0;

    while (n < rest.len && is_name_byte(rest.data[n])) {
        n++;
    }
    return ss_slice_sub(rest, 0, rest.len && ss_ascii_is_alpha(rest.data[0]) ? n : 0);
}

/* A word that joins: and, or, not, in, contains, matches; in either case. */
static bool
take_word(Parser *parser, const char *word)
{
    SsSlice name = peek_name(parser);
    bool is_it = ss_slice_eq_nocase(name, ss_slice_str(word));

    parser->at += is_it ? name.len : 0;
    return is_it;
}

static bool
is_in(uint8_t c, const char *set)
{
    return c && memchr(set, c, strlen(set));
}

/* `"…"`; a backslash stands before a quote or a backslash that is meant itself. */
static bool
take_quoted(Parser *parser, GString *to)
{
    size_t begin = parser->at++;

    for (; parser->at < parser->text.len; parser->at++) {
        uint8_t c = parser->text.data[parser->at];
        if (c == '"') {
            parser->at++;
            return true;
        }
        if (c == '\\' && parser->at + 1 < parser->text.len &&
            is_in(parser->text.data[parser->at + 1], "\"\\")) {
            c = parser->text.data[++parser->at];
        }
        g_string_append_c(to, (char)c);
    }
    return fail(parser, begin, "a quote is not closed");
}

/* In a list a comma ends a bare word. */
static bool
take_literal(Parser *parser, bool is_listed, GString *to)
{
    size_t begin = parser->at;

    if (peek(parser) == '"') {
        return take_quoted(parser, to);
    }
    while (parser->at < parser->text.len) {
        uint8_t c = peek(parser);
        if (is_blank(c) || is_in(c, "\"'(){}") || (is_listed && c == ',')) {
            break;
        }
        g_string_append_c(to, (char)c);
        parser->at++;
    }
    if (is_in(peek(parser), "\"'") || (parser->at == begin && peek(parser) == '(')) {
        return fail(parser, parser->at, "blanks, quotes, braces and parentheses stand in \"…\"");
    }
    return parser->at > begin || fail(parser, begin, "a value is missing: a word, or one in \"…\"");
}

/* --- comparisons --- */

static bool
take_operator(Parser *parser, SsOp *ret_op)
{
    static const struct {
        const char *sign;
        SsOp op;
    } signs[] = {
        {"==", SS_OP_EQ}, {"!=", SS_OP_NE}, {"<=", SS_OP_LE},
        {">=", SS_OP_GE}, {"<", SS_OP_LT},  {">", SS_OP_GT},
    };
    static const struct {
        const char *word;
        SsOp op;
    } words[] = {{"contains", SS_OP_CONTAINS}, {"matches", SS_OP_MATCHES}, {"in", SS_OP_IN}};

    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        SsSlice sign = ss_slice_str(signs[i].sign);
        if (ss_slice_eq(ss_slice_sub(parser->text, parser->at, sign.len), sign)) {
            parser->at += sign.len;
            *ret_op = signs[i].op;
            return true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (take_word(parser, words[i].word)) {
            *ret_op = words[i].op;
            return true;
        }
    }
    return fail(parser, parser->at,
                peek(parser) == '='
                    ? "write == to compare"
                    : "a comparison is missing: ==, !=, <, <=, >, >=, contains, matches or in");
}

/* Where byte `n` of a literal stands in the text: behind its quote, where it has one. Backslashes
 * that were taken out are not counted: near enough. */
static size_t
place_in(const Parser *parser, size_t begin, size_t n)
{
    return MIN(begin + (parser->text.data[begin] == '"') + n, parser->at);
}

static bool
add_literal(Parser *parser, SsComparison *comparison, bool is_listed)
{
    g_autoptr(GString) literal = g_string_new(NULL);
    size_t begin = parser->at, at;

    if (!take_literal(parser, is_listed, literal)) {
        return false;
    }
    if (!ss_comparison_add(comparison, ss_slice(literal->str, literal->len), parser->error->what,
                           &at)) {
        parser->error->at = at ? place_in(parser, begin, at) : begin;
        return false;
    }
    return true;
}

/* `{a, b}` */
static bool
add_list(Parser *parser, SsComparison *comparison)
{
    size_t begin = parser->at;

    if (peek(parser) != '{') {
        return fail(parser, begin, "a list is missing: in {a, b}");
    }
    do {
        parser->at++;
        skip_blanks(parser);
        if (!add_literal(parser, comparison, true)) {
            return false;
        }
        skip_blanks(parser);
    } while (peek(parser) == ',');
    if (peek(parser) != '}') {
        return parser->at == parser->text.len ? fail(parser, begin, "a list is not closed")
                                              : fail(parser, parser->at, "a comma is missing");
    }
    parser->at++;
    return true;
}

static bool
take_comparison(Parser *parser)
{
    size_t begin = parser->at;
    SsSlice name = peek_name(parser);
    SsStep step = {SS_STEP_COMPARISON, parser->comparisons->len};
    SsComparison comparison;
    SsSelectField field;
    size_t op_at;
    SsOp op = SS_OP_EQ;

    if (name.len == 0) {
        return fail(parser, begin,
                    begin == parser->text.len ? "a comparison is missing" : "a field is missing");
    }
    if (parser->comparisons->len == SS_COMPARISONS_MAX || name.len > FIELD_LEN_MAX) {
        return fail(parser, begin,
                    name.len > FIELD_LEN_MAX ? "no field has so long a name"
                                             : "more than 64 comparisons: use in {a, b}");
    }
    if (!ss_select_field_find(name, &field, parser->error->what)) {
        parser->error->at = begin;
        return false;
    }
    parser->at += name.len;
    skip_blanks(parser);
    op_at = parser->at;
    if (!take_operator(parser, &op)) {
        return false;
    }
    if (!ss_comparison_init(&comparison, &field, name, op, parser->error->what)) {
        parser->error->at = op_at;
        return false;
    }
    g_array_append_val(parser->comparisons, comparison);
    g_array_append_val(parser->steps, step);
    skip_blanks(parser);
    return op == SS_OP_IN
               ? add_list(parser,
                          &g_array_index(parser->comparisons, SsComparison, step.comparison))
               : add_literal(parser,
                             &g_array_index(parser->comparisons, SsComparison, step.comparison),
                             false);
}

/* --- the yard --- */

static bool
push(Parser *parser, Open open, size_t at)
{
    if (parser->n_open == OPEN_MAX) {
        return fail(parser, at, "nested too deep");
    }
    parser->parens[parser->n_open] = at;
    parser->open[parser->n_open++] = (uint8_t)open;
    return true;
}

/* What binds as much as `open` or more has its operands. */
static void
reduce(Parser *parser, Open open)
{
    static const SsStepKind kinds[] = {
        [OPEN_OR] = SS_STEP_OR, [OPEN_AND] = SS_STEP_AND, [OPEN_NOT] = SS_STEP_NOT};

    while (parser->n_open && parser->open[parser->n_open - 1] >= open) {
        SsStep step = {kinds[parser->open[--parser->n_open]], 0};
        g_array_append_val(parser->steps, step);
    }
}

/* Opens what may stand before a comparison, and takes it. */
static bool
take_operand(Parser *parser)
{
    for (;;) {
        size_t at;

        skip_blanks(parser);
        at = parser->at;
        if (peek(parser) == '(') {
            parser->at++;
            if (!push(parser, OPEN_PAREN, at)) {
                return false;
            }
        } else if (take_word(parser, "not")) {
            if (!push(parser, OPEN_NOT, at)) {
                return false;
            }
        } else {
            return take_comparison(parser);
        }
    }
}

static bool
close_parens(Parser *parser)
{
    skip_blanks(parser);
    while (peek(parser) == ')') {
        reduce(parser, OPEN_OR);
        if (parser->n_open == 0) {
            return fail(parser, parser->at, "a parenthesis is closed that was not opened");
        }
        parser->n_open--;
        parser->at++;
        skip_blanks(parser);
    }
    return true;
}

/* Behind an operand; `ret_is_end` where nothing may follow. */
static bool
take_join(Parser *parser, bool *ret_is_end)
{
    size_t at;

    if (!close_parens(parser)) {
        return false;
    }
    at = parser->at;
    *ret_is_end = at == parser->text.len;
    if (*ret_is_end) {
        return true;
    }
    if (take_word(parser, "and")) {
        reduce(parser, OPEN_AND);
        return push(parser, OPEN_AND, at);
    }
    if (take_word(parser, "or")) {
        reduce(parser, OPEN_OR);
        return push(parser, OPEN_OR, at);
    }
    return fail(parser, at, "and, or or the end is missing; text with blanks stands in \"…\"");
}

bool
ss_expr_parse(const char *text, GArray *comparisons, GArray *steps, SsExprError *error)
{
    Parser parser = {
        .text = ss_slice_str(text),
        .comparisons = comparisons,
        .steps = steps,
        .error = error,
    };
    bool is_end = false;

    if (!g_utf8_validate(text, -1, NULL)) {
        return fail(&parser, 0, "it is not UTF-8");
    }
    while (!is_end) {
        if (!take_operand(&parser) || !take_join(&parser, &is_end)) {
            return false;
        }
    }
    reduce(&parser, OPEN_OR);
    return parser.n_open == 0 ||
           fail(&parser, parser.parens[parser.n_open - 1], "a parenthesis is not closed");
}
