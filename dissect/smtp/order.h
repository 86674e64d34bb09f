/*
 * What is out of order in a dialogue, told as notes. All are called as the dialogue goes on;
 * nothing they do changes how it is read.
 */
#pragma once

#include "dissect/smtp/session.h"

/* The client says its first bytes, and no banner was given. */
void ss_order_speaks(SsSmtp *smtp, const SsOrigin *origin);
void ss_order_banner(SsSmtp *smtp, const SsReply *reply);

/* Before it goes into the ledger; `shown` is what may be shown of its argument. */
void ss_order_command(SsSmtp *smtp, const SsCommandLine *command, SsSlice shown,
                      const SsOrigin *origin);

/* A hello was accepted; `is_whole`: nothing is offered but `offers`. */
void ss_order_hello(SsSmtp *smtp, const SsSlice *offers, size_t n, bool is_whole,
                    const SsOrigin *origin);

/* The roles have turned: nobody has greeted, nor logged in. */
void ss_order_begin(SsSmtp *smtp);

/* Bytes of the session are missing here. */
void ss_order_lost(SsSmtp *smtp);

/* A reply that answers nothing. */
void ss_order_unasked(SsSmtp *smtp, const SsReply *reply);

/* 503; before the reply has changed anything. */
void ss_order_out_of_sequence(SsSmtp *smtp, const SsPending *pending, const SsReply *reply);

void ss_order_starttls_refused(SsSmtp *smtp, const SsPending *pending, const SsReply *reply);

/* A message was accepted. */
void ss_order_taken(SsSmtp *smtp, const SsTransaction *transaction, const SsOrigin *origin);

void ss_order_close(SsSmtp *smtp, SsCloseReason reason, SsDirection by);
