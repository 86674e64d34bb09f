/*
 * TURN (RFC 821 section 3.8) and ATRN (RFC 2645): behind a 250 the roles turn. Who has connected is
 * the server from then on, greets, and is sent mail to.
 *
 * The two parsers stay what they are, one of commands and one of replies; what turns is which
 * direction of the connection each of them reads. So inside of the dissector a direction is a role,
 * SS_CLIENT who sends commands, and is translated where bytes come in and events go out.
 */
#include "dissect/smtp/order.h"
#include "dissect/smtp/session.h"

/* What was said before holds no longer: the dialogue begins anew, with a banner. */
static void
begin_anew(SsSmtp *smtp)
{
    uint64_t secret_to = smtp->secret_to[SS_CLIENT];

    smtp->is_turned = !smtp->is_turned;
    smtp->has_turned = true;
    smtp->turn_agreed = false;
    ss_ledger_clear(smtp);
    ss_client_clear(&smtp->client);
    ss_server_clear(&smtp->server);
    smtp->client = (SsClientParser){.mode = SS_CLIENT_COMMANDS};
    smtp->server = (SsServerParser){.is_lost = false};
    smtp->gave_banner = false;
    smtp->quit_answered = false;
    smtp->is_lmtp = false;
    smtp->is_login_broken = false;
    smtp->hello_frame = 0;
    smtp->offers_tls = false;
    smtp->has_used = false;
    smtp->has_spoken = false;
    ss_offer_forget(smtp);
    ss_order_begin(smtp);
    smtp->secret_to[SS_CLIENT] = smtp->secret_to[SS_SERVER];
    smtp->secret_to[SS_SERVER] = secret_to;
}

/* What was held of the client's, until it was known that the roles turn, are replies. */
static void
read_held(SsSmtp *smtp, SsHold *hold)
{
    SsHeld held;

    while (ss_hold_peek(hold, &held)) {
        uint64_t left = ss_hold_size(hold) - held.bytes.len;

        if (held.gap) {
            ss_server_gap(smtp, held.gap, &held.origin);
        } else {
            ss_smtp_extra(smtp)->behind[SS_SERVER] = left;
            ss_server_data(smtp, held.bytes, &held.origin);
        }
        ss_hold_take(hold, held.bytes.len);
    }
    if (smtp->extra) {
        smtp->extra->behind[SS_SERVER] = 0;
        ss_smtp_extra_trim(smtp);
    }
    ss_hold_clear(hold);
}

void
ss_smtp_turn(SsSmtp *smtp, SsSlice rest, const SsOrigin *origin)
{
    SsHold hold = smtp->client.hold;

    smtp->client.hold = (SsHold){0};
    ss_transaction_decide_before(smtp, smtp->n_transactions, origin);
    begin_anew(smtp);
    ss_smtp_note(smtp, SS_NOTE_TURNED, SS_CLIENT, 0, origin);
    read_held(smtp, &hold);
    if (rest.len) {
        ss_server_settle(smtp);
        ss_client_data(smtp, rest, origin);
    }
}
