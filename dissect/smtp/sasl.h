/*
 * SASL as SMTP carries it (RFC 4422, RFC 4954): what an exchange says of who logs in, and with
 * what. It knows nothing of sessions and events: turns go in, a login comes out. The exchange is
 * read anew each time; it is short, and there is little of it.
 *
 * Mechanisms are rows of a table in sasl.c: a name, and who reads it. One without a reader is known
 * by its name, and what it says stays with its ends (Kerberos, one-time passwords).
 */
#pragma once

#include "base/arena.h"
#include "base/event.h"

/* What the server asked for and the client answered, both still in base64. */
typedef struct {
    SsSlice asked; /* absent: of an initial response, or not captured */
    SsSlice said;  /* absent where it gave no answer */
} SsSaslTurn;

typedef struct {
    SsSlice mechanism; /* upper case */
    const SsSaslTurn *turns;
    size_t n_turns;
    bool is_accepted; /* by the reply behind it */
} SsSaslExchange;

/* Slices into `arena`, or into the exchange. What is not known is absent. */
typedef struct {
    SsSlice username, authzid;
    SsSlice realm;       /* DIGEST-MD5's, or the domain of NTLM */
    SsSlice workstation; /* NTLM's */
    SsSlice secret;
    int secret_kind; /* SsSecretKind, or -1 */
    SsSlice challenge;
    SsSlice error; /* what the server said of a token that it refused */
    SsList claims; /* of SsPair: what a token says of itself */
} SsSaslLogin;

/* Whether it is the name of a mechanism, in either case. */
bool ss_sasl_is_known(SsSlice name);

/* Whether there is somebody who reads it: else all of its words may be secret. */
bool ss_sasl_is_read(SsSlice name);

SsSaslLogin ss_sasl_read(const SsSaslExchange *exchange, SsArena *arena);

/* --- for the readers --- */

typedef void (*SsSaslReader)(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login);

/* The client's `nth` answer with its base64 undone; false where there is none that is base64. */
bool ss_sasl_answer(const SsSaslExchange *exchange, size_t nth, SsArena *arena, SsSlice *ret_bytes);
/* Likewise what the server asked in its `nth` turn that asked something. */
bool ss_sasl_question(const SsSaslExchange *exchange, size_t nth, SsArena *arena,
                      SsSlice *ret_bytes);

/* sasl-challenge.c */
void ss_sasl_read_cram(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login);
void ss_sasl_read_digest(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login);
void ss_sasl_read_scram(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login);
/* sasl-ntlm.c */
void ss_sasl_read_ntlm(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login);
/* sasl-oauth.c */
void ss_sasl_read_oauth(const SsSaslExchange *exchange, SsArena *arena, SsSaslLogin *login);
/* sasl-claims.c: the public claims of a JWT (RFC 7519), empty for a token of another kind. */
SsList ss_sasl_claims(SsArena *arena, SsSlice token);
