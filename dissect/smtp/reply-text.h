/*
 * What the texts of replies say: enhanced status codes, queue ids, and the names in a banner.
 */
#pragma once

#include "base/slice.h"

/* Length of the enhanced status code that `line` begins with, for a reply of `code` (RFC 2034
 * section 4), or 0. */
size_t ss_enhanced_length(SsSlice line, uint64_t code);

/* `line` behind its enhanced status code and the blanks or colon after it. */
SsSlice ss_enhanced_skip(SsSlice line, uint64_t code);

/*
 * The queue id in the text of a 250 to content, in the forms of Postfix, Exim, Sendmail, OpenSMTPD,
 * Exchange, Gmail and qmail; absent where there is none. A slice of `text`. Where that `is_cut`,
 * one at the end of a line may go on, and is none.
 */
SsSlice ss_queue_id_find(SsSlice text, bool is_cut);

/* Whether a greeting is that of FTP, whose codes are those of SMTP (RFC 959 section 4.2). */
bool ss_text_says_ftp(SsSlice text);

/* The host name a banner's text begins with, absent where it is none. */
SsSlice ss_banner_host(SsSlice text);

/* The same where the text behind `words` was lost: one word alone may be any. */
SsSlice ss_banner_host_cut(SsSlice words);

/* The words of a text whose end was lost: those behind which a blank stands. */
SsSlice ss_text_whole_words(SsSlice text);

/* The mail software a banner names, with its version where it stands behind; absent where none is
 * known. */
SsSlice ss_banner_software(SsSlice text);
