/*
 * An expression held against what a capture has, record by record. A record is a message joined
 * with the fields, findings and logins of its session, or a session without messages.
 *
 * It sees the events that outputs see. Of a session it keeps what has been found out so far, a bit
 * a comparison, and for its messages the same in runs; nothing of the events themselves. All is
 * known when the session's event has been seen.
 */
#pragma once

#include "output/select/expr.h"
#include "output/select/selection.h"

typedef struct SsJudge SsJudge;

/* Takes `expr` over. `selection`, which is borrowed, is told what matches; or NULL. */
SsJudge *ss_judge_new(SsExpr *expr, SsSelection *selection);
const SsExpr *ss_judge_expr(const SsJudge *judge);

/* An event, not of PACKET or SPAN. */
void ss_judge_event(SsJudge *judge, const SsEvent *event);

/* What is certain now: of a session, whether one of its records matches (NO: none will); and of a
 * message whose event has been seen, whether it does. */
SsVerdict ss_judge_session(const SsJudge *judge, uint64_t session);
SsVerdict ss_judge_message(const SsJudge *judge, uint64_t session, uint64_t index);

/* Which comparisons the session has decided. As long as it is the same, what is certain of its
 * messages is the same. */
uint64_t ss_judge_known(const SsJudge *judge, uint64_t session);

/* The session's event has been seen, and nothing more is asked about it. */
void ss_judge_end(SsJudge *judge, const SsEvent *event);

typedef struct {
    uint64_t sessions, messages;                 /* seen */
    uint64_t sessions_matched, messages_matched; /* a session counts where a record of it does */
    uint64_t given_up;                           /* matches of regular expressions cut short */
} SsJudgeCount;

const SsJudgeCount *ss_judge_count(const SsJudge *judge);
void ss_judge_free(SsJudge *judge);
