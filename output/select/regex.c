#include "output/select/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"

struct SsRegex {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

SsRegex *
ss_regex_new(SsSlice pattern, GString *why, size_t *ret_at)
{
    const uint32_t options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
                             PCRE2_NEVER_BACKSLASH_C | PCRE2_DOTALL;
    SsRegex *regex;
    PCRE2_SIZE at;
    PCRE2_UCHAR text[256];
    int number;
    pcre2_code *code = pcre2_compile(pattern.data, pattern.len, options, &number, &at, NULL);

    if (!code) {
        (void)pcre2_get_error_message(number, text, sizeof text);
        g_string_append(why, (const char *)text);
        *ret_at = at;
        return NULL;
    }
    regex = g_new0(SsRegex, 1);
    regex->code = code;
    regex->data = pcre2_match_data_create_from_pattern(code, NULL);
    regex->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(regex->context, SS_REGEX_STEPS_MAX);
    pcre2_set_depth_limit(regex->context, SS_REGEX_DEPTH_MAX);
    pcre2_set_heap_limit(regex->context, SS_REGEX_HEAP_MAX / 1024);
    return regex;
}

bool
ss_regex_matches(SsRegex *regex, SsSlice text, uint64_t *n_given_up)
{
    /* Text without bytes may be NULL, which PCRE2 takes for an error. */
    const uint8_t *bytes = text.len ? text.data : (const uint8_t *)"";
    int n = pcre2_match(regex->code, bytes, text.len, 0, 0, regex->data, regex->context);

    if (n < 0 && n != PCRE2_ERROR_NOMATCH) {
        (*n_given_up)++;
    }
    return n >= 0;
}

void
ss_regex_free(SsRegex *regex)
{
    if (regex) {
        pcre2_match_context_free(regex->context);
        pcre2_match_data_free(regex->data);
        pcre2_code_free(regex->code);
        g_free(regex);
    }
}
