/*
 * Addresses as MAIL and RCPT have them, without their brackets (RFC 5321 section 4.1.2). They stay
 * as they were written; here it is only told what they look like.
 */
#pragma once

#include "base/event.h"

/* A relay's form comes before a plain one's: of `@a:b%c@d` it is the route. */
SsAddressForm ss_address_form(SsSlice address);

/* Whether it keeps to the grammar. UTF-8 may stand wherever a letter may (RFC 6531 section 3.3); so
 * may an underscore in a host's name, which many have. */
bool ss_address_is_wellformed(SsSlice address);

/* Behind the last `@` that is not quoted; absent where there is none. */
SsSlice ss_address_domain(SsSlice address);
