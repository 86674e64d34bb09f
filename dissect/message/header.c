#include "dissect/message/header.h"

#include <glib.h>

#include "dissect/message/content.h"
#include "dissect/message/received.h"

/* The length of the first line with its folds, line end and all. */
static size_t
field_len(SsSlice block)
{
    size_t at = 0;

    do {
        at += ss_slice_index(ss_slice_from(block, at), '\n');
        if (at == block.len) {
            return at;
        }
        at++;
    } while (at < block.len && ss_ascii_is_blank(block.data[at]));
    return at;
}

static bool
is_space(uint8_t c)
{
    return ss_ascii_is_blank(c) || c == '\r' || c == '\n';
}

static SsSlice
trim(SsSlice value)
{
    while (value.len && is_space(value.data[0])) {
        value = ss_slice_from(value, 1);
    }
    while (value.len && is_space(value.data[value.len - 1])) {
        value.len--;
    }
    return value;
}

bool
ss_header_next(SsSlice *block, SsHeaderField *ret)
{
    while (block->len) {
        SsSlice line = ss_slice_sub(*block, 0, field_len(*block));
        size_t colon;

        *block = ss_slice_from(*block, line.len);
        if (line.len >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0) {
            line = ss_slice_from(line, 3);
        }
        colon = ss_slice_index(line, ':');
        if (colon < line.len) {
            ret->name = ss_slice_trim(ss_slice_sub(line, 0, colon));
            ret->value = trim(ss_slice_from(line, colon + 1));
            return true;
        }
    }
    return false;
}

/* Keeps the first. */
static uint32_t
keep(SsSlice *kept, SsSlice value)
{
    if (!ss_slice_is_null(*kept)) {
        return SS_ODD_DOUBLE_FIELD;
    }
    *kept = value;
    return value.len > SS_VALUE_MAX ? SS_ODD_VALUE_CUT : 0;
}

typedef enum {
    FIELD_FROM,
    FIELD_SENDER,
    FIELD_TO,
    FIELD_CC,
    FIELD_REPLY_TO,
    FIELD_SUBJECT,
    FIELD_MESSAGE_ID,
    FIELD_IN_REPLY_TO,
    FIELD_DATE,
    FIELD_USER_AGENT,
    FIELD_X_MAILER,
    FIELD_RECEIVED,
    N_FIELDS,
} Field;

static const SsSlice field_names[N_FIELDS] = {
    [FIELD_FROM] = SS_SLICE_INIT("From"),
    [FIELD_SENDER] = SS_SLICE_INIT("Sender"),
    [FIELD_TO] = SS_SLICE_INIT("To"),
    [FIELD_CC] = SS_SLICE_INIT("Cc"),
    [FIELD_REPLY_TO] = SS_SLICE_INIT("Reply-To"),
    [FIELD_SUBJECT] = SS_SLICE_INIT("Subject"),
    [FIELD_MESSAGE_ID] = SS_SLICE_INIT("Message-ID"),
    [FIELD_IN_REPLY_TO] = SS_SLICE_INIT("In-Reply-To"),
    [FIELD_DATE] = SS_SLICE_INIT("Date"),
    [FIELD_USER_AGENT] = SS_SLICE_INIT("User-Agent"),
    [FIELD_X_MAILER] = SS_SLICE_INIT("X-Mailer"),
    [FIELD_RECEIVED] = SS_SLICE_INIT("Received"),
};

static Field
field_of_name(SsSlice name)
{
    Field i = 0;

    while (i < N_FIELDS && !ss_slice_eq_nocase(name, field_names[i])) {
        i++;
    }
    return i;
}

static SsSlice
first_address(SsArena *arena, SsSlice value)
{
    SsList list = {0};

    ss_values_addresses(arena, value, &list);
    return list.n ? *(SsSlice *)list.items : SS_SLICE_NULL;
}

uint32_t
ss_header_read_message(SsArena *arena, SsSlice block, SsHeaders *ret)
{
    SsSlice values[N_FIELDS] = {{0}};
    SsHeaderField field;
    uint32_t odd = 0;

    while (ss_header_next(&block, &field)) {
        Field i = field_of_name(field.name);

        if (i == FIELD_RECEIVED) {
            if (ret->received++ == 0) {
                ss_received_read(arena, field.value, ret);
            }
        } else if (i < N_FIELDS) {
            uint32_t found = keep(&values[i], field.value);
            /* Senders name their software as often as they please; lists of addresses are not
             * cut. */
            odd |= i >= FIELD_USER_AGENT ? found & ~SS_ODD_DOUBLE_FIELD
                   : i <= FIELD_REPLY_TO ? found & ~SS_ODD_VALUE_CUT
                                         : found;
        }
    }
    ss_values_addresses(arena, values[FIELD_FROM], &ret->from);
    ss_values_addresses(arena, values[FIELD_TO], &ret->to);
    ss_values_addresses(arena, values[FIELD_CC], &ret->cc);
    ss_values_addresses(arena, values[FIELD_REPLY_TO], &ret->reply_to);
    ret->sender = first_address(arena, values[FIELD_SENDER]);
    ret->subject = ss_values_text(arena, values[FIELD_SUBJECT]);
    ret->message_id = ss_values_unfolded(arena, values[FIELD_MESSAGE_ID]);
    ret->in_reply_to = ss_values_unfolded(arena, values[FIELD_IN_REPLY_TO]);
    ret->mailer = ss_values_text(arena, values[FIELD_USER_AGENT]);
    if (ss_slice_is_null(ret->mailer)) {
        ret->mailer = ss_values_text(arena, values[FIELD_X_MAILER]);
    }
    ret->date = ss_values_date(arena, values[FIELD_DATE]);
    return odd;
}

uint32_t
ss_header_read_part(SsArena *arena, SsSlice block, SsSlice default_type, SsPart *ret,
                    SsContentType *ret_type)
{
    SsSlice type = SS_SLICE_NULL, encoding = SS_SLICE_NULL, disposition = SS_SLICE_NULL;
    SsDisposition how;
    SsHeaderField field;
    uint32_t odd = 0;

    while (ss_header_next(&block, &field)) {
        if (ss_slice_eq_nocase(field.name, SS_SLICE("Content-Type"))) {
            odd |= keep(&type, field.value);
        } else if (ss_slice_eq_nocase(field.name, SS_SLICE("Content-Transfer-Encoding"))) {
            odd |= keep(&encoding, field.value);
        } else if (ss_slice_eq_nocase(field.name, SS_SLICE("Content-Disposition"))) {
            odd |= keep(&disposition, field.value);
        }
    }
    ss_values_content_type(arena, type, ret_type);
    ss_values_disposition(arena, disposition, &how);
    ret->content_type = ss_slice_is_null(ret_type->type) ? default_type : ret_type->type;
    ret->charset = ret_type->charset;
    ret->encoding = ss_values_encoding(arena, encoding);
    ret->disposition = how.disposition;
    ret->filename = ss_slice_is_null(how.filename) ? ret_type->name : how.filename;
    return odd;
}
