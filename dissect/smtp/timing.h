/*
 * Where the time went. A session is cut into stretches at all that is said: the banner, each
 * command, each reply, each piece of content. The stretch before a reply is a wait for the server,
 * the one before a command a pause of the client. Of either the network has its part: the shortest
 * round trip between the capture and that end, and the time until what was lost had been sent
 * again. The rest is the end's own.
 *
 * Content on its way is the network's time, but for what the server's window was closed, and what
 * the client paused though everything had been acknowledged.
 */
#pragma once

#include "base/event.h"

/* A wait longer than this is noted. */
#define SS_SLOW_NS INT64_C(1000000000)

/* Of a session, whatever it does. */
typedef struct {
    int64_t until_ns; /* all before this is booked; SS_TIME_NONE: nothing is */
    int64_t hello_ns, auth_ns, network_ns, server_ns;
} SsSessionTimes;

/* From the first MAIL on. */
typedef struct {
    int64_t envelope_ns, transfer_ns, answer_ns, idle_ns;
} SsMailTimes;

typedef struct {
    int64_t before_ns; /* SS_TIME_NONE: not known */
    int64_t mail_ns, rcpt_ns, data_ns, answer_ns;
    int64_t network_ns, server_ns, client_ns;
    int64_t closed_ns; /* the server's window, before its last piece of content */
    bool has_mail, has_rcpt, has_data, has_answer; /* a reply to it was seen */
} SsMessageTimes;
