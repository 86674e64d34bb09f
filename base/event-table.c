/*
 * The one table of the events' fields: names, types and meanings, as docs/events.md shows them.
 */
#include "base/event.h"

#include <glib.h>

#define ROW(struct_, member, name_, kind_, ...)                                            \
    {                                                                                      \
        .name = (name_), .kind = (kind_), .offset = offsetof(struct_, member), __VA_ARGS__ \
    }
#define END          \
    {                \
        .name = NULL \
    }

static const char *const type_names[] = {
    "session",  "message", "auth", "tls",    "command", "reply", "finding",
    "delivery", "capture", "note", "packet", "span",    NULL,
};
static const char *const security_names[] = {"none", "starttls", "smtps", NULL};
static const char *const state_names[] = {
    "complete", "closed", "reset", "timeout", "open", "encrypted", "not-smtp", NULL,
};
static const char *const outcome_names[] = {
    "accepted", "rejected", "deferred", "incomplete", "unknown", NULL,
};
static const char *const stage_names[] = {"mail", "rcpt", "data", "end", NULL};
static const char *const transfer_names[] = {"DATA", "BDAT", NULL};
static const char *const auth_outcome_names[] = {"success", "failure", "aborted", "unknown", NULL};
static const char *const secret_kind_names[] = {"password", "hash", "token", NULL};
static const char *const delivery_kind_names[] = {
    "retry", "greylisting", "other-server", "relay", "mixed", "duplicate", NULL,
};
static const char *const started_by_names[] = {"starttls", "connect", NULL};
static const char *const key_source_names[] = {"keylog", "dsb", "rsa", NULL};
static const char *const form_names[] = {
    "plain", "literal", "quoted", "route", "percent", "bang", NULL,
};
static const char *const severity_names[] = {"info", "low", "medium", "high", NULL};

static const SsField common_fields[] = {
    ROW(SsEvent, type, "type", SS_FIELD_ENUM, .names = type_names, .doc = "kind of event"),
    ROW(SsEvent, time_ns, "time", SS_FIELD_TIME, .nullable = true, .doc = "when it happened, UTC"),
    ROW(SsEvent, uid, "uid", SS_FIELD_UID,
        .doc = "the session's identity, 16 hex digits, equal on every sensor that saw its "
               "handshake; null for `capture`"),
    ROW(SsEvent, session, "session", SS_FIELD_CODE,
        .doc = "the session's number, from 1; null for `capture`"),
    ROW(SsEvent, frame, "frame", SS_FIELD_COUNT, .doc = "the packet that completed the event"),
    END,
};

static const SsField endpoint_fields[] = {
    ROW(SsEndpoint, ip, "ip", SS_FIELD_TEXT, .doc = "address"),
    ROW(SsEndpoint, port, "port", SS_FIELD_COUNT, .doc = "TCP port"),
    END,
};

#define PEER_ROWS                                                                                 \
    ROW(SsPeer, at.ip, "ip", SS_FIELD_TEXT, .doc = "address"),                                    \
        ROW(SsPeer, at.port, "port", SS_FIELD_COUNT, .doc = "TCP port"),                          \
        ROW(SsPeer, name, "name", SS_FIELD_TEXT, .nullable = true,                                \
            .doc = "what it calls itself: the client in its last EHLO, HELO or LHLO, the server " \
                   "in its banner"),                                                              \
        ROW(SsPeer, packets, "packets", SS_FIELD_COUNT, .doc = "packets sent"),                   \
        ROW(SsPeer, bytes, "bytes", SS_FIELD_COUNT,                                               \
            .doc = "TCP payload delivered, retransmissions not counted"),                         \
        ROW(SsPeer, retransmitted_bytes, "retransmitted_bytes", SS_FIELD_COUNT,                   \
            .doc = "TCP payload seen again"),                                                     \
        ROW(SsPeer, missing_bytes, "missing_bytes", SS_FIELD_COUNT,                               \
            .doc = "bytes of the stream that the capture lacks"),                                 \
        ROW(SsPeer, retransmitted_packets, "retransmitted_packets", SS_FIELD_COUNT,               \
            .doc = "packets with payload seen before"),                                           \
        ROW(SsPeer, zero_windows, "zero_windows", SS_FIELD_COUNT,                                 \
            .doc = "times it closed its receive window"),                                         \
        ROW(SsPeer, mss, "mss", SS_FIELD_OPTIONAL,                                                \
            .doc = "largest segment it takes, as its SYN says"),                                  \
        ROW(SsPeer, ttl, "ttl", SS_FIELD_OPTIONAL, .doc = "TTL of its first packet"),             \
        ROW(SsPeer, round_trip_ns, "round_trip", SS_FIELD_DURATION, .nullable = true,             \
            .doc = "shortest time from its bytes to their acknowledgement, where it was captured")

static const SsField client_fields[] = {PEER_ROWS, END};
static const SsField server_fields[] = {
    PEER_ROWS,
    ROW(SsPeer, software, "software", SS_FIELD_TEXT, .nullable = true,
        .doc = "mail software by the banner"),
    END,
};

#define INNER(member) (offsetof(SsEventSession, member))
static const SsField session_messages_fields[] = {
    {.name = "accepted", .kind = SS_FIELD_COUNT, .offset = 0, .doc = "answered with 2yz"},
    {.name = "rejected", .kind = SS_FIELD_COUNT, .offset = 8, .doc = "answered with 5yz"},
    {.name = "deferred", .kind = SS_FIELD_COUNT, .offset = 16, .doc = "answered with 4yz"},
    {.name = "incomplete", .kind = SS_FIELD_COUNT, .offset = 24, .doc = "given up or cut off"},
    {.name = "unknown",
     .kind = SS_FIELD_COUNT,
     .offset = 32,
     .doc = "what decided it was not captured"},
    END,
};
G_STATIC_ASSERT(INNER(messages.unknown) - INNER(messages) == 32);

#define TIME(struct_, member, name_, doc_) \
    ROW(struct_, member, name_, SS_FIELD_DURATION, .nullable = true, .doc = (doc_))

static const SsField session_timing_fields[] = {
    TIME(SsSessionTiming, connect_ns, "connect", "SYN to the ACK that ends the handshake"),
    TIME(SsSessionTiming, banner_ns, "banner", "end of the handshake to the first reply"),
    TIME(SsSessionTiming, tls_ns, "tls", "TLS handshake"),
    TIME(SsSessionTiming, slowest_reply_ns, "slowest_reply",
         "longest wait of the client for a reply"),
    TIME(SsSessionTiming, hello_ns, "hello", "waits for the replies to EHLO, HELO and LHLO"),
    TIME(SsSessionTiming, auth_ns, "auth", "logins, from AUTH to the reply that ends each"),
    TIME(SsSessionTiming, envelope_ns, "envelope",
         "from MAIL to the content, of all messages, pauses of the client included"),
    TIME(SsSessionTiming, transfer_ns, "transfer",
         "content on its way, of all messages, from first byte to last"),
    TIME(SsSessionTiming, answer_ns, "answer", "waits for the replies to content"),
    TIME(SsSessionTiming, network_ns, "network",
         "whose time it was: the network's, as round trips, what was sent again, and content on "
         "its way show it"),
    TIME(SsSessionTiming, server_ns, "server", "the server's: waits for replies less round trips"),
    TIME(SsSessionTiming, client_ns, "client", "the client's: its pauses less round trips"),
    TIME(
        SsSessionTiming, idle_ns, "idle",
        "nobody's: behind a message, with nothing waited for; these four sum to the duration, of a "
        "session that is encrypted to the time until it was"),
    END,
};

static const SsField trouble_fields[] = {END};

static const SsField proxied_fields[] = {
    ROW(SsProxied, protocol, "protocol", SS_FIELD_TEXT,
        .doc = "`tcp4`, `tcp6`, `udp4`, `udp6`, `unix`, `local`, `unknown`"),
    ROW(SsProxied, ip, "ip", SS_FIELD_TEXT, .nullable = true, .doc = "the client's address"),
    ROW(SsProxied, port, "port", SS_FIELD_OPTIONAL, .doc = "the client's port"),
    END,
};

static const SsField tunneled_fields[] = {
    ROW(SsTunneled, kind, "kind", SS_FIELD_TEXT, .doc = "`http-connect`, `socks4`, `socks5`"),
    ROW(SsTunneled, target, "target", SS_FIELD_TEXT,
        .doc = "host and port that the client asked the proxy for"),
    ROW(SsTunneled, username, "username", SS_FIELD_TEXT, .nullable = true,
        .doc = "who logged in at the proxy; null where nobody did"),
    ROW(SsTunneled, secret, "secret", SS_FIELD_TEXT, .nullable = true,
        .doc = "with what, `********` unless secrets are to be shown"),
    END,
};

static const SsField session_fields[] = {
    ROW(SsEventSession, end_ns, "end", SS_FIELD_TIME, .doc = "last packet"),
    ROW(SsEventSession, duration_ns, "duration", SS_FIELD_DURATION, .doc = "first packet to last"),
    ROW(SsEventSession, community_id, "community_id", SS_FIELD_TEXT,
        .doc = "Community ID version 1, seed 0"),
    ROW(SsEventSession, client, "client", SS_FIELD_OBJECT, .fields = client_fields,
        .doc = "who connected"),
    ROW(SsEventSession, server, "server", SS_FIELD_OBJECT, .fields = server_fields,
        .doc = "who was connected to"),
    ROW(SsEventSession, security, "security", SS_FIELD_ENUM, .names = security_names,
        .doc = "how the session was protected at its end"),
    ROW(SsEventSession, decrypted, "decrypted", SS_FIELD_TRISTATE,
        .doc = "whether its TLS could be read; null where there was none"),
    ROW(SsEventSession, extensions, "extensions", SS_FIELD_TEXTS,
        .doc = "what the last EHLO reply offered, keyword and parameters, in order"),
    ROW(SsEventSession, used, "used", SS_FIELD_TEXTS,
        .doc = "extensions that the client used, by their keywords"),
    ROW(SsEventSession, not_offered, "not_offered", SS_FIELD_TEXTS,
        .doc = "those that it used when the last reply to EHLO, seen whole, did not offer them"),
    ROW(SsEventSession, not_used, "not_used", SS_FIELD_TEXTS,
        .doc = "those that were offered, whose use would be seen, and that it did not use"),
    ROW(SsEventSession, xclient, "xclient", SS_FIELD_MAP,
        .doc = "what a proxy said of its client by XCLIENT and the server took, xtext undone"),
    ROW(SsEventSession, state, "state", SS_FIELD_ENUM, .names = state_names, .doc = "how it ended"),
    ROW(SsEventSession, from_start, "from_start", SS_FIELD_BOOL, .doc = "a SYN was seen"),
    ROW(SsEventSession, turned, "turned", SS_FIELD_BOOL,
        .doc = "the roles turned (TURN, ATRN): behind that who was connected to sent mail"),
    ROW(SsEventSession, protocol, "protocol", SS_FIELD_TEXT, .nullable = true,
        .doc = "what was spoken where it is not SMTP: `tls`, `http`, `ssh` …; null where it is, or "
               "nobody knows"),
    ROW(SsEventSession, proxied, "proxied", SS_FIELD_POINTER, .fields = proxied_fields,
        .size = sizeof(SsProxied),
        .doc = "the true client, by the PROXY protocol header that a load balancer put in front; "
               "null where there was none"),
    ROW(SsEventSession, tunnel, "tunnel", SS_FIELD_POINTER, .fields = tunneled_fields,
        .size = sizeof(SsTunneled),
        .doc = "the proxy's tunnel that the session came through; null where it came through none"),
    ROW(SsEventSession, remarks, "remarks", SS_FIELD_TALLY,
        .doc = "packets by what is odd about them: `retransmission`, `out-of-order` …"),
    ROW(SsEventSession, trouble, "trouble", SS_FIELD_POINTER, .fields = trouble_fields,
        .size = sizeof(SsTcpTrouble), .is_internal = true, .doc = "for detectors"),
    ROW(SsEventSession, messages, "messages", SS_FIELD_OBJECT, .fields = session_messages_fields,
        .doc = "messages by outcome"),
    ROW(SsEventSession, findings, "findings", SS_FIELD_TALLY, .doc = "findings by id"),
    ROW(SsEventSession, frames, "frames", SS_FIELD_RANGE, .doc = "first and last packet"),
    ROW(SsEventSession, timing, "timing", SS_FIELD_OBJECT, .fields = session_timing_fields,
        .doc = "where the time went"),
    END,
};

#define REPLY_ROWS(struct_, member)                                                \
    ROW(struct_, member.code, "code", SS_FIELD_CODE, .doc = "reply code"),         \
        ROW(struct_, member.enhanced, "enhanced", SS_FIELD_TEXT, .nullable = true, \
            .doc = "enhanced status code (RFC 3463)"),                             \
        ROW(struct_, member.text, "text", SS_FIELD_TEXT, .nullable = true,         \
            .doc = "text without the codes, lines joined by LF")

static const SsField reply_text_fields[] = {
    ROW(SsReplyText, code, "code", SS_FIELD_COUNT, .doc = "reply code"),
    ROW(SsReplyText, enhanced, "enhanced", SS_FIELD_TEXT, .nullable = true,
        .doc = "enhanced status code (RFC 3463)"),
    ROW(SsReplyText, text, "text", SS_FIELD_TEXT, .nullable = true,
        .doc = "text without the codes, lines joined by LF"),
    END,
};

static const SsField rcpt_request_fields[] = {
    ROW(SsRcptRequest, notify, "notify", SS_FIELD_TEXTS,
        .doc = "NOTIFY (RFC 3461): `never`, or some of `success`, `failure`, `delay`"),
    ROW(SsRcptRequest, orcpt_type, "orcpt_type", SS_FIELD_TEXT, .nullable = true,
        .doc = "ORCPT (RFC 3461): the address's type, lower case"),
    ROW(SsRcptRequest, orcpt, "orcpt", SS_FIELD_TEXT, .nullable = true,
        .doc = "its address, xtext undone"),
    ROW(SsRcptRequest, rrvs_ns, "rrvs", SS_FIELD_TIME, .nullable = true,
        .doc = "RRVS (RFC 7293): deliver only if the mailbox has had the same owner since"),
    END,
};

static const SsField recipient_fields[] = {
    ROW(SsRecipient, address, "address", SS_FIELD_TEXT, .nullable = true,
        .doc = "forward-path without brackets; null where its end was not captured"),
    ROW(SsRecipient, form, "form", SS_FIELD_ENUM, .names = form_names, .nullable = true,
        .doc = "what the address looks like; `quoted` where its local part is, and in the manner "
               "of old relays `route` (`@a:b@c`), `percent` (`b%c@a`, `b@c@a`), `bang` (`c!b`)"),
    ROW(SsRecipient, params, "params", SS_FIELD_MAP, .doc = "RCPT parameters"),
    ROW(SsRecipient, requested, "requested", SS_FIELD_POINTER, .fields = rcpt_request_fields,
        .size = sizeof(SsRcptRequest),
        .doc = "those that are known, taken apart; null where there are none"),
    REPLY_ROWS(SsRecipient, reply),
    ROW(SsRecipient, final, "final", SS_FIELD_POINTER, .fields = reply_text_fields,
        .size = sizeof(SsReplyText), .doc = "its own reply to the content (LMTP, PRDR), or null"),
    END,
};

static const SsField headers_fields[] = {
    ROW(SsHeaders, from, "from", SS_FIELD_TEXTS, .doc = "From"),
    ROW(SsHeaders, to, "to", SS_FIELD_TEXTS, .doc = "To"),
    ROW(SsHeaders, cc, "cc", SS_FIELD_TEXTS, .doc = "Cc"),
    ROW(SsHeaders, reply_to, "reply_to", SS_FIELD_TEXTS, .doc = "Reply-To"),
    ROW(SsHeaders, sender, "sender", SS_FIELD_TEXT, .nullable = true, .doc = "Sender"),
    ROW(SsHeaders, subject, "subject", SS_FIELD_TEXT, .nullable = true, .doc = "Subject, decoded"),
    ROW(SsHeaders, message_id, "message_id", SS_FIELD_TEXT, .nullable = true, .doc = "Message-ID"),
    ROW(SsHeaders, in_reply_to, "in_reply_to", SS_FIELD_TEXT, .nullable = true,
        .doc = "In-Reply-To"),
    ROW(SsHeaders, mailer, "mailer", SS_FIELD_TEXT, .nullable = true,
        .doc = "User-Agent or X-Mailer"),
    ROW(SsHeaders, date, "date", SS_FIELD_TEXT, .nullable = true, .doc = "Date, in RFC 3339"),
    ROW(SsHeaders, received, "received", SS_FIELD_COUNT, .doc = "number of Received fields"),
    ROW(SsHeaders, received_by, "received_by", SS_FIELD_TEXT, .is_internal = true,
        .doc = "who added the top one"),
    ROW(SsHeaders, received_id, "received_id", SS_FIELD_TEXT, .is_internal = true,
        .doc = "under which name in its queue"),
    END,
};

static const SsField part_fields[] = {
    ROW(SsPart, content_type, "content_type", SS_FIELD_TEXT,
        .doc = "media type, lower case, without parameters"),
    ROW(SsPart, charset, "charset", SS_FIELD_TEXT, .nullable = true, .doc = "charset parameter"),
    ROW(SsPart, encoding, "encoding", SS_FIELD_TEXT, .nullable = true,
        .doc = "Content-Transfer-Encoding, lower case"),
    ROW(SsPart, filename, "filename", SS_FIELD_TEXT, .nullable = true, .doc = "file name, decoded"),
    ROW(SsPart, disposition, "disposition", SS_FIELD_TEXT, .nullable = true,
        .doc = "Content-Disposition, lower case, without parameters"),
    ROW(SsPart, size, "size", SS_FIELD_COUNT, .doc = "bytes of the decoded part"),
    ROW(SsPart, sha256, "sha256", SS_FIELD_TEXT, .nullable = true,
        .doc = "SHA-256 of the decoded bytes; null where some are missing"),
    END,
};

static const SsField deliver_by_fields[] = {
    ROW(SsDeliverBy, within_ns, "within", SS_FIELD_DURATION, .nullable = true,
        .doc = "from MAIL on; may be negative"),
    ROW(SsDeliverBy, mode, "mode", SS_FIELD_TEXT, .nullable = true,
        .doc = "what if not: `return` it, or `notify` its sender"),
    ROW(SsDeliverBy, has_trace, "trace", SS_FIELD_BOOL, .doc = "each relay is to be told"),
    END,
};

static const SsField mail_request_fields[] = {
    ROW(SsMailRequest, size, "size", SS_FIELD_OPTIONAL,
        .doc = "SIZE (RFC 1870): bytes that the client declares"),
    ROW(SsMailRequest, body, "body", SS_FIELD_TEXT, .nullable = true,
        .doc = "BODY: `7BIT`, `8BITMIME` (RFC 6152), `BINARYMIME` (RFC 3030)"),
    ROW(SsMailRequest, smtputf8, "smtputf8", SS_FIELD_BOOL, .doc = "SMTPUTF8 (RFC 6531)"),
    ROW(SsMailRequest, ret, "ret", SS_FIELD_TEXT, .nullable = true,
        .doc = "RET (RFC 3461): what a failure sends back, `full` or `hdrs`"),
    ROW(SsMailRequest, envid, "envid", SS_FIELD_TEXT, .nullable = true,
        .doc = "ENVID (RFC 3461), xtext undone"),
    ROW(SsMailRequest, auth, "auth", SS_FIELD_TEXT, .nullable = true,
        .doc = "AUTH (RFC 4954): who submitted it, xtext undone; empty for `<>`, nobody knows"),
    ROW(SsMailRequest, requiretls, "requiretls", SS_FIELD_BOOL, .doc = "REQUIRETLS (RFC 8689)"),
    ROW(SsMailRequest, mt_priority, "mt_priority", SS_FIELD_SIGNED,
        .doc = "MT-PRIORITY (RFC 6710), -9 to 9"),
    ROW(SsMailRequest, by, "by", SS_FIELD_POINTER, .fields = deliver_by_fields,
        .size = sizeof(SsDeliverBy), .doc = "BY (RFC 2852): deliver within a time"),
    ROW(SsMailRequest, hold_for_ns, "hold_for", SS_FIELD_DURATION, .nullable = true,
        .doc = "HOLDFOR (RFC 4865): keep it so long"),
    ROW(SsMailRequest, hold_until_ns, "hold_until", SS_FIELD_TIME, .nullable = true,
        .doc = "HOLDUNTIL (RFC 4865): keep it until then"),
    END,
};

static const SsField message_timing_fields[] = {
    TIME(SsMessageTiming, mail_ns, "mail", "wait for the reply to MAIL"),
    TIME(SsMessageTiming, rcpt_ns, "rcpt", "waits for the replies to RCPT, together"),
    TIME(SsMessageTiming, data_ns, "data", "wait for the reply to DATA"),
    TIME(SsMessageTiming, envelope_ns, "envelope", "from MAIL to the first byte of the content"),
    TIME(SsMessageTiming, transfer_ns, "transfer", "first byte of the content to the last"),
    TIME(SsMessageTiming, answer_ns, "answer", "wait for the reply to the content"),
    TIME(SsMessageTiming, network_ns, "network", "of all that, the network's time"),
    TIME(SsMessageTiming, server_ns, "server", "the server's"),
    TIME(SsMessageTiming, client_ns, "client", "the client's"),
    END,
};

static const SsField delays_fields[] = {
    TIME(SsDelays, before_ns, "before",
         "from the connection's first packet to MAIL; 0 where another message came before, null "
         "where the start was not captured"),
    TIME(SsDelays, envelope_ns, "envelope", "from MAIL to the content, or to what ended it"),
    TIME(SsDelays, transfer_ns, "transfer", "from the first byte of the content to the last"),
    TIME(SsDelays, answer_ns, "answer", "from the last byte to the reply"),
    TIME(SsDelays, total_ns, "total", "their sum"),
    END,
};

static const SsField message_fields[] = {
    ROW(SsEventMessage, index, "index", SS_FIELD_COUNT, .doc = "number in its session, from 1"),
    ROW(SsEventMessage, from, "from", SS_FIELD_TEXT, .nullable = true,
        .doc = "reverse-path without brackets, empty for the null path; null where MAIL was lost"),
    ROW(SsEventMessage, from_params, "from_params", SS_FIELD_MAP, .doc = "MAIL parameters"),
    ROW(SsEventMessage, requested, "requested", SS_FIELD_POINTER, .fields = mail_request_fields,
        .size = sizeof(SsMailRequest),
        .doc = "those that are known, taken apart, malformed ones left out; null where there are "
               "none"),
    ROW(SsEventMessage, rcpt, "rcpt", SS_FIELD_LIST, .fields = recipient_fields,
        .size = sizeof(SsRecipient), .doc = "recipients, each with the reply it got"),
    ROW(SsEventMessage, transfer, "transfer", SS_FIELD_ENUM, .names = transfer_names,
        .nullable = true,
        .doc = "how the content was sent, BURL counts as BDAT; null if it never came to that"),
    ROW(SsEventMessage, outcome, "outcome", SS_FIELD_ENUM, .names = outcome_names,
        .doc = "what became of it"),
    ROW(SsEventMessage, stage, "stage", SS_FIELD_ENUM, .names = stage_names,
        .doc = "where it ended"),
    ROW(SsEventMessage, reply, "reply", SS_FIELD_POINTER, .fields = reply_text_fields,
        .size = sizeof(SsReplyText), .doc = "the reply that decided it"),
    ROW(SsEventMessage, queue_id, "queue_id", SS_FIELD_TEXT, .nullable = true,
        .doc = "the server's name for it, from the reply"),
    ROW(SsEventMessage, xforward, "xforward", SS_FIELD_MAP,
        .doc = "what a proxy said of it by XFORWARD, xtext undone"),
    ROW(SsEventMessage, fetched, "fetched", SS_FIELD_TEXTS,
        .doc = "URLs from which the server fetches content instead (BURL, RFC 4468), what gives "
               "access masked; it is not in `size`, and there is no `sha256`"),
    ROW(SsEventMessage, size, "size", SS_FIELD_COUNT,
        .doc = "bytes of content seen, transparency undone"),
    ROW(SsEventMessage, sha256, "sha256", SS_FIELD_TEXT, .nullable = true,
        .doc = "SHA-256 of those bytes; null where some are missing"),
    ROW(SsEventMessage, missing_bytes, "missing_bytes", SS_FIELD_COUNT,
        .doc = "bytes of content that the capture lacks"),
    ROW(SsEventMessage, security, "security", SS_FIELD_ENUM, .names = security_names,
        .doc = "protection at the time of the transfer"),
    ROW(SsEventMessage, turned, "turned", SS_FIELD_BOOL,
        .doc = "the roles had turned: it was sent by who was connected to"),
    ROW(SsEventMessage, headers, "headers", SS_FIELD_OBJECT, .fields = headers_fields,
        .doc = "header fields, decoded"),
    ROW(SsEventMessage, parts, "parts", SS_FIELD_LIST, .fields = part_fields,
        .size = sizeof(SsPart), .doc = "leaf parts in order"),
    ROW(SsEventMessage, frames, "frames", SS_FIELD_RANGE,
        .doc = "packets from MAIL to the deciding reply"),
    ROW(SsEventMessage, transfer_time_ns, "transfer_time", SS_FIELD_DURATION, .nullable = true,
        .doc = "first content byte to last"),
    ROW(SsEventMessage, server_time_ns, "server_time", SS_FIELD_DURATION, .nullable = true,
        .doc = "last content byte to the reply"),
    ROW(SsEventMessage, timing, "timing", SS_FIELD_OBJECT, .fields = message_timing_fields,
        .doc = "where the time went, and whose it was"),
    ROW(SsEventMessage, delays, "delays", SS_FIELD_OBJECT, .fields = delays_fields,
        .doc = "its way in steps: in the terms of Postfix's `delays=a/b/c/d`, `before` is what can "
               "be seen of c (not looking up names, nor hosts tried in vain), the others are d; a "
               "and b, before the connection, are never in a capture"),
    ROW(SsEventMessage, mail_code, "mail_code", SS_FIELD_CODE, .is_internal = true,
        .doc = "reply to MAIL"),
    ROW(SsEventMessage, mail_enhanced, "mail_enhanced", SS_FIELD_TEXT, .nullable = true,
        .is_internal = true, .doc = "its enhanced status code"),
    ROW(SsEventMessage, data_code, "data_code", SS_FIELD_CODE, .is_internal = true,
        .doc = "reply to DATA that let the content come"),
    END,
};

static const SsField auth_fields[] = {
    ROW(SsEventAuth, mechanism, "mechanism", SS_FIELD_TEXT, .doc = "SASL mechanism, upper case"),
    ROW(SsEventAuth, username, "username", SS_FIELD_TEXT, .nullable = true,
        .doc = "authentication identity"),
    ROW(SsEventAuth, authzid, "authzid", SS_FIELD_TEXT, .nullable = true,
        .doc = "authorization identity"),
    ROW(SsEventAuth, secret, "secret", SS_FIELD_TEXT, .nullable = true,
        .doc = "masked unless --show-secrets"),
    ROW(SsEventAuth, secret_kind, "secret_kind", SS_FIELD_ENUM, .names = secret_kind_names,
        .nullable = true, .doc = "what the secret is"),
    ROW(SsEventAuth, fingerprint, "fingerprint", SS_FIELD_TEXT, .nullable = true,
        .doc = "of a password or token, with --fingerprint-secrets: equal where the secret is"),
    ROW(SsEventAuth, challenge, "challenge", SS_FIELD_TEXT, .nullable = true,
        .doc = "the server's challenge, base64 undone"),
    ROW(SsEventAuth, realm, "realm", SS_FIELD_TEXT, .nullable = true,
        .doc = "DIGEST-MD5's realm, NTLM's domain"),
    ROW(SsEventAuth, workstation, "workstation", SS_FIELD_TEXT, .nullable = true,
        .doc = "NTLM's workstation"),
    ROW(SsEventAuth, claims, "claims", SS_FIELD_MAP,
        .doc = "what an OAuth token says of itself, where it is a JWT (RFC 7519); not verified"),
    ROW(SsEventAuth, error, "error", SS_FIELD_TEXT, .nullable = true,
        .doc = "what the server said of an OAuth token it refused, JSON with its base64 undone"),
    ROW(SsEventAuth, steps, "steps", SS_FIELD_COUNT,
        .doc = "responses of the client, an initial one included"),
    ROW(SsEventAuth, outcome, "outcome", SS_FIELD_ENUM, .names = auth_outcome_names,
        .doc = "how it ended"),
    REPLY_ROWS(SsEventAuth, reply),
    ROW(SsEventAuth, security, "security", SS_FIELD_ENUM, .names = security_names,
        .doc = "protection at that time"),
    ROW(SsEventAuth, client, "client", SS_FIELD_OBJECT, .fields = endpoint_fields,
        .doc = "who logged in"),
    ROW(SsEventAuth, server, "server", SS_FIELD_OBJECT, .fields = endpoint_fields, .doc = "where"),
    ROW(SsEventAuth, evidence, "evidence", SS_FIELD_COUNTS, .is_internal = true,
        .doc = "packets that carried the exchange"),
    ROW(SsEventAuth, true_client, "true_client", SS_FIELD_TEXT, .nullable = true,
        .is_internal = true, .doc = "address of the client behind a proxy"),
    END,
};

static const SsField alert_fields[] = {
    ROW(SsTlsAlert, level, "level", SS_FIELD_TEXT, .doc = "warning or fatal"),
    ROW(SsTlsAlert, description, "description", SS_FIELD_TEXT, .doc = "its name"),
    ROW(SsTlsAlert, from, "from", SS_FIELD_TEXT, .doc = "client or server"),
    END,
};

static const SsField certificate_fields[] = {
    ROW(SsCertificate, subject, "subject", SS_FIELD_TEXT, .doc = "subject"),
    ROW(SsCertificate, issuer, "issuer", SS_FIELD_TEXT, .doc = "issuer"),
    ROW(SsCertificate, serial, "serial", SS_FIELD_TEXT, .doc = "serial number, hex"),
    ROW(SsCertificate, not_before_ns, "not_before", SS_FIELD_TIME, .nullable = true,
        .doc = "valid from"),
    ROW(SsCertificate, not_after_ns, "not_after", SS_FIELD_TIME, .nullable = true,
        .doc = "valid until"),
    ROW(SsCertificate, sha256, "sha256", SS_FIELD_TEXT, .doc = "SHA-256 of the certificate"),
    ROW(SsCertificate, names, "names", SS_FIELD_TEXTS, .doc = "DNS names"),
    ROW(SsCertificate, key, "key", SS_FIELD_TEXT, .doc = "kind and size of its key"),
    END,
};

static const SsField tls_fields[] = {
    ROW(SsEventTls, started_by, "started_by", SS_FIELD_ENUM, .names = started_by_names,
        .doc = "STARTTLS, or at once"),
    ROW(SsEventTls, version, "version", SS_FIELD_TEXT, .nullable = true, .doc = "TLS version"),
    ROW(SsEventTls, cipher, "cipher", SS_FIELD_TEXT, .nullable = true, .doc = "IANA name"),
    ROW(SsEventTls, sni, "sni", SS_FIELD_TEXT, .nullable = true, .doc = "server name asked for"),
    ROW(SsEventTls, alpn, "alpn", SS_FIELD_TEXT, .nullable = true, .doc = "protocol chosen"),
    ROW(SsEventTls, offered_alpn, "offered_alpn", SS_FIELD_TEXTS, .doc = "protocols offered"),
    ROW(SsEventTls, ja3, "ja3", SS_FIELD_TEXT, .nullable = true, .doc = "client fingerprint"),
    ROW(SsEventTls, ja3s, "ja3s", SS_FIELD_TEXT, .nullable = true, .doc = "server fingerprint"),
    ROW(SsEventTls, ja4, "ja4", SS_FIELD_TEXT, .nullable = true, .doc = "client fingerprint"),
    ROW(SsEventTls, resumed, "resumed", SS_FIELD_TRISTATE, .doc = "an earlier session went on"),
    ROW(SsEventTls, decrypted, "decrypted", SS_FIELD_BOOL, .doc = "whether it could be read"),
    ROW(SsEventTls, key_source, "key_source", SS_FIELD_ENUM, .names = key_source_names,
        .nullable = true, .doc = "where the keys came from"),
    ROW(SsEventTls, alerts, "alerts", SS_FIELD_LIST, .fields = alert_fields,
        .size = sizeof(SsTlsAlert), .doc = "alerts seen"),
    ROW(SsEventTls, certificates, "certificates", SS_FIELD_LIST, .fields = certificate_fields,
        .size = sizeof(SsCertificate), .doc = "leaf first"),
    END,
};

static const SsField command_fields[] = {
    ROW(SsEventCommand, verb, "verb", SS_FIELD_TEXT, .doc = "upper case"),
    ROW(SsEventCommand, argument, "argument", SS_FIELD_TEXT, .nullable = true,
        .doc = "as sent, secrets masked"),
    ROW(SsEventCommand, pipelined, "pipelined", SS_FIELD_BOOL,
        .doc = "sent before the reply to the command before it"),
    ROW(SsEventCommand, turned, "turned", SS_FIELD_BOOL,
        .doc = "the roles had turned: it was sent by who was connected to"),
    ROW(SsEventCommand, name, "name", SS_FIELD_TEXT, .nullable = true, .is_internal = true,
        .doc = "the verb as it was written"),
    END,
};

static const SsField reply_fields[] = {
    ROW(SsEventReply, code, "code", SS_FIELD_CODE, .doc = "reply code"),
    ROW(SsEventReply, enhanced, "enhanced", SS_FIELD_TEXT, .nullable = true,
        .doc = "enhanced status code (RFC 3463)"),
    ROW(SsEventReply, lines, "lines", SS_FIELD_TEXTS, .doc = "texts without the code"),
    ROW(SsEventReply, to, "to", SS_FIELD_TEXT, .nullable = true,
        .doc = "verb answered, `banner`, or `data` for the reply to content; null where its "
               "command was not seen"),
    ROW(SsEventReply, turned, "turned", SS_FIELD_BOOL,
        .doc = "the roles had turned: it was sent by who has connected"),
    ROW(SsEventReply, latency_ns, "latency", SS_FIELD_DURATION, .nullable = true,
        .doc = "since the command"),
    END,
};

static const SsField finding_fields[] = {
    ROW(SsEventFinding, id, "id", SS_FIELD_TEXT, .doc = "what was found, see docs/findings.md"),
    ROW(SsEventFinding, severity, "severity", SS_FIELD_ENUM, .names = severity_names,
        .doc = "how much it matters"),
    ROW(SsEventFinding, summary, "summary", SS_FIELD_TEXT,
        .doc = "one sentence a person can act on"),
    ROW(SsEventFinding, detail, "detail", SS_FIELD_DETAIL, .doc = "a shape per id"),
    ROW(SsEventFinding, frames, "frames", SS_FIELD_COUNTS, .doc = "packets that are the evidence"),
    ROW(SsEventFinding, reference, "reference", SS_FIELD_TEXT, .nullable = true,
        .doc = "RFC section or CVE"),
    ROW(SsEventFinding, message, "message", SS_FIELD_CODE,
        .doc = "index of the message concerned, or null"),
    END,
};

static const SsField delivery_peer_fields[] = {
    ROW(SsDeliveryPeer, ip, "ip", SS_FIELD_TEXT, .doc = "address"),
    ROW(SsDeliveryPeer, port, "port", SS_FIELD_COUNT, .doc = "TCP port"),
    ROW(SsDeliveryPeer, name, "name", SS_FIELD_TEXT, .nullable = true,
        .doc = "what it calls itself, as in the session's event"),
    END,
};

static const SsField delivery_recipient_fields[] = {
    ROW(SsDeliveryRecipient, address, "address", SS_FIELD_TEXT, .doc = "forward-path"),
    ROW(SsDeliveryRecipient, outcome, "outcome", SS_FIELD_ENUM, .names = outcome_names,
        .doc = "what became of it at the last attempt that named it"),
    REPLY_ROWS(SsDeliveryRecipient, reply),
    ROW(SsDeliveryRecipient, attempts, "attempts", SS_FIELD_COUNT, .doc = "attempts that named it"),
    END,
};

/* In which message of which session. */
#define WHERE_ROWS(struct_)                                                              \
    ROW(struct_, uid, "uid", SS_FIELD_UID, .doc = "its session"),                        \
        ROW(struct_, session, "session", SS_FIELD_COUNT, .doc = "its session's number"), \
        ROW(struct_, index, "index", SS_FIELD_COUNT, .doc = "its message's number in there")

static const SsField delivery_attempt_fields[] = {
    WHERE_ROWS(SsDeliveryAttempt),
    ROW(SsDeliveryAttempt, time_ns, "time", SS_FIELD_TIME, .doc = "of MAIL"),
    ROW(SsDeliveryAttempt, client, "client", SS_FIELD_OBJECT, .fields = delivery_peer_fields,
        .doc = "who sent it"),
    ROW(SsDeliveryAttempt, server, "server", SS_FIELD_OBJECT, .fields = delivery_peer_fields,
        .doc = "to whom"),
    ROW(SsDeliveryAttempt, outcome, "outcome", SS_FIELD_ENUM, .names = outcome_names,
        .doc = "what became of it, as in the message's event"),
    ROW(SsDeliveryAttempt, stage, "stage", SS_FIELD_ENUM, .names = stage_names,
        .doc = "where it ended"),
    ROW(SsDeliveryAttempt, reply, "reply", SS_FIELD_POINTER, .fields = reply_text_fields,
        .size = sizeof(SsReplyText), .doc = "the reply that decided it"),
    ROW(SsDeliveryAttempt, reason, "reason", SS_FIELD_TEXT, .nullable = true,
        .doc = "the first refusal in words; null where there was none"),
    ROW(SsDeliveryAttempt, delay_ns, "delay", SS_FIELD_DURATION, .nullable = true,
        .doc = "since the attempt before; null of the first"),
    END,
};

static const SsField delivery_hop_fields[] = {
    WHERE_ROWS(SsDeliveryHop),
    ROW(SsDeliveryHop, time_ns, "time", SS_FIELD_TIME, .doc = "when it was accepted"),
    ROW(SsDeliveryHop, from, "from", SS_FIELD_TEXT, .nullable = true, .doc = "the client's name"),
    ROW(SsDeliveryHop, by, "by", SS_FIELD_TEXT, .nullable = true, .doc = "the server's name"),
    ROW(SsDeliveryHop, queue_id, "queue_id", SS_FIELD_TEXT, .nullable = true,
        .doc = "the server's name for it"),
    ROW(SsDeliveryHop, delay_ns, "delay", SS_FIELD_DURATION,
        .doc = "since the hop before had accepted it; of the first since the first attempt"),
    ROW(SsDeliveryHop, size, "size", SS_FIELD_COUNT, .doc = "bytes of content"),
    ROW(SsDeliveryHop, received, "received", SS_FIELD_COUNT, .doc = "number of Received fields"),
    ROW(SsDeliveryHop, added_bytes, "added_bytes", SS_FIELD_OPTIONAL,
        .doc = "by how much it is longer than at the hop before; null where it is not, or of the "
               "first"),
    END,
};

static const SsField delivery_fields[] = {
    ROW(SsEventDelivery, end_ns, "end", SS_FIELD_TIME, .doc = "when its last attempt was decided"),
    ROW(SsEventDelivery, kind, "kind", SS_FIELD_ENUM, .names = delivery_kind_names,
        .doc = "why it took more than one connection"),
    ROW(SsEventDelivery, outcome, "outcome", SS_FIELD_ENUM, .names = outcome_names,
        .doc = "`deferred`, `incomplete` or `unknown` where a recipient still is; else `accepted` "
               "where one was"),
    ROW(SsEventDelivery, message_id, "message_id", SS_FIELD_TEXT, .nullable = true,
        .doc = "Message-ID; null where no content was seen"),
    ROW(SsEventDelivery, envid, "envid", SS_FIELD_TEXT, .nullable = true,
        .doc = "ENVID parameter of MAIL (RFC 3461)"),
    ROW(SsEventDelivery, from, "from", SS_FIELD_TEXT, .nullable = true,
        .doc = "reverse-path of the first attempt"),
    ROW(SsEventDelivery, rcpt, "rcpt", SS_FIELD_LIST, .fields = delivery_recipient_fields,
        .size = sizeof(SsDeliveryRecipient), .doc = "recipients with what became of them"),
    ROW(SsEventDelivery, attempts, "attempts", SS_FIELD_LIST, .fields = delivery_attempt_fields,
        .size = sizeof(SsDeliveryAttempt), .doc = "by time"),
    ROW(SsEventDelivery, hops, "hops", SS_FIELD_LIST, .fields = delivery_hop_fields,
        .size = sizeof(SsDeliveryHop), .doc = "attempts that were accepted, by time"),
    ROW(SsEventDelivery, total_delay_ns, "total_delay", SS_FIELD_DURATION,
        .doc = "from the first attempt to `end`"),
    ROW(SsEventDelivery, uids, "uids", SS_FIELD_TEXTS, .doc = "its sessions"),
    END,
};

static const SsField input_fields[] = {
    ROW(SsInput, name, "name", SS_FIELD_TEXT, .doc = "file or interface as given"),
    ROW(SsInput, size, "size", SS_FIELD_OPTIONAL, .doc = "bytes; null where there is no file"),
    ROW(SsInput, sha256, "sha256", SS_FIELD_TEXT, .nullable = true,
        .doc = "SHA-256 of the file, with --hash-inputs"),
    ROW(SsInput, first_ns, "first", SS_FIELD_TIME, .nullable = true, .doc = "first packet"),
    ROW(SsInput, last_ns, "last", SS_FIELD_TIME, .nullable = true, .doc = "last packet"),
    END,
};

static const SsField ledger_fields[] = {
    {.name = "packets", .kind = SS_FIELD_TALLY, .offset = 0, .doc = "packets by bucket"},
    {.name = "bytes",
     .kind = SS_FIELD_TALLY,
     .offset = sizeof(SsList),
     .doc = "TCP payload bytes by bucket"},
    END,
};

static const SsField capture_fields[] = {
    ROW(SsEventCapture, version, "version", SS_FIELD_TEXT, .doc = "version of smtpscope"),
    ROW(SsEventCapture, options, "options", SS_FIELD_TEXTS, .doc = "command line"),
    ROW(SsEventCapture, inputs, "inputs", SS_FIELD_LIST, .fields = input_fields,
        .size = sizeof(SsInput), .doc = "what was read"),
    ROW(SsEventCapture, packets, "packets", SS_FIELD_COUNT, .doc = "packets read"),
    ROW(SsEventCapture, dropped, "dropped", SS_FIELD_OPTIONAL,
        .doc = "packets the kernel dropped, live; null for files"),
    ROW(SsEventCapture, ledger, "ledger", SS_FIELD_OBJECT, .fields = ledger_fields,
        .doc = "where every packet and payload byte went; each sums to what was read"),
    ROW(SsEventCapture, limits, "limits", SS_FIELD_TALLY,
        .doc =
            "limits that were met, and how often: `flows` and `memory` ended sessions early, "
            "`reorder` gave bytes up that others waited for, `rivals` left out SYNs beside too "
            "many others on the same addresses and ports, `line`, `hold`, `ledger` and "
            "`transactions` left out bytes, replies or messages of a session, `deliveries` told a "
            "message's attempts before all had been seen"),
    ROW(SsEventCapture, artefacts, "artefacts", SS_FIELD_TALLY,
        .doc = "what is the capture's doing and not the traffic's, in packets: cut by the snap "
               "length, taken before offloading, seen twice …"),
    END,
};

static const SsField conflict_fields[] = {
    ROW(SsEventConflict, taken, "taken", SS_FIELD_TEXT, .nullable = true, .doc = "what counts"),
    ROW(SsEventConflict, other, "other", SS_FIELD_TEXT, .nullable = true, .doc = "what does not"),
    ROW(SsEventConflict, taken_link, "taken_link", SS_FIELD_TEXT, .nullable = true,
        .doc = "where it came from"),
    ROW(SsEventConflict, other_link, "other_link", SS_FIELD_TEXT, .nullable = true,
        .doc = "where it came from"),
    ROW(SsEventConflict, doubts, "doubts", SS_FIELD_TEXTS, .doc = "why it does not count"),
    END,
};

static const SsField layer_field_fields[] = {
    ROW(SsLayerField, name, "name", SS_FIELD_TEXT, .doc = "name"),
    ROW(SsLayerField, value, "value", SS_FIELD_TEXT, .doc = "value"),
    ROW(SsLayerField, offset, "offset", SS_FIELD_COUNT, .doc = "where it begins in the packet"),
    ROW(SsLayerField, len, "length", SS_FIELD_COUNT, .doc = "its bytes; 0: derived from others"),
    END,
};

static const SsField layer_fields[] = {
    ROW(SsLayer, name, "name", SS_FIELD_TEXT, .doc = "protocol"),
    ROW(SsLayer, offset, "offset", SS_FIELD_COUNT, .doc = "where it begins in the packet"),
    ROW(SsLayer, len, "length", SS_FIELD_COUNT, .doc = "bytes, without what it carries"),
    ROW(SsLayer, fields, "fields", SS_FIELD_LIST, .fields = layer_field_fields,
        .size = sizeof(SsLayerField), .doc = "its fields"),
    END,
};

static const char *const direction_names[] = {"client", "server", NULL};
static const char *const span_kind_names[] = {
    "command", "reply", "auth", "content", "tls", "other", "end", NULL,
};

static const SsField packet_fields[] = {
    ROW(SsEventPacket, len, "length", SS_FIELD_COUNT, .doc = "bytes on the wire"),
    ROW(SsEventPacket, captured, "captured", SS_FIELD_COUNT, .doc = "bytes captured"),
    ROW(SsEventPacket, bucket, "bucket", SS_FIELD_TEXT, .doc = "where the ledger has it"),
    ROW(SsEventPacket, protocol, "protocol", SS_FIELD_TEXT, .nullable = true,
        .doc = "the innermost one that was recognised"),
    ROW(SsEventPacket, from.ip, "from_ip", SS_FIELD_TEXT, .nullable = true, .doc = "sender"),
    ROW(SsEventPacket, from.port, "from_port", SS_FIELD_COUNT, .doc = "its port"),
    ROW(SsEventPacket, to.ip, "to_ip", SS_FIELD_TEXT, .nullable = true, .doc = "receiver"),
    ROW(SsEventPacket, to.port, "to_port", SS_FIELD_COUNT, .doc = "its port"),
    ROW(SsEventPacket, flags, "flags", SS_FIELD_TEXT, .nullable = true, .doc = "TCP flags"),
    ROW(SsEventPacket, seq, "seq", SS_FIELD_COUNT, .doc = "sequence number"),
    ROW(SsEventPacket, ack, "ack", SS_FIELD_COUNT, .doc = "acknowledgement number"),
    ROW(SsEventPacket, window, "window", SS_FIELD_COUNT, .doc = "receive window"),
    ROW(SsEventPacket, payload, "payload", SS_FIELD_COUNT, .doc = "bytes of TCP payload"),
    ROW(SsEventPacket, direction, "direction", SS_FIELD_ENUM, .names = direction_names,
        .doc = "who sent it"),
    ROW(SsEventPacket, offset, "offset", SS_FIELD_COUNT, .doc = "payload's place in its stream"),
    ROW(SsEventPacket, remarks, "remarks", SS_FIELD_TEXTS, .doc = "what TCP says of it"),
    ROW(SsEventPacket, layers, "layers", SS_FIELD_LIST, .fields = layer_fields,
        .size = sizeof(SsLayer), .doc = "its layers"),
    ROW(SsEventPacket, bytes, "bytes", SS_FIELD_TEXT, .nullable = true, .doc = "as captured"),
    END,
};

static const SsField span_fields[] = {
    ROW(SsEventSpan, kind, "kind", SS_FIELD_ENUM, .names = span_kind_names, .doc = "what it is"),
    ROW(SsEventSpan, direction, "direction", SS_FIELD_ENUM, .names = direction_names,
        .doc = "who sent it"),
    ROW(SsEventSpan, offset, "offset", SS_FIELD_COUNT, .doc = "where it begins in the stream"),
    ROW(SsEventSpan, len, "length", SS_FIELD_COUNT, .doc = "bytes"),
    ROW(SsEventSpan, message, "message", SS_FIELD_CODE, .doc = "index of the message"),
    ROW(SsEventSpan, content, "content", SS_FIELD_COUNT, .doc = "place in its content"),
    ROW(SsEventSpan, content_len, "content_length", SS_FIELD_COUNT, .doc = "bytes of content"),
    ROW(SsEventSpan, text, "text", SS_FIELD_TEXT, .nullable = true, .doc = "in words"),
    END,
};

static const SsField bare_fields[] = {
    ROW(SsEventBare, look_alike, "look_alike", SS_FIELD_TEXT, .nullable = true, .doc = "its name"),
    END,
};

static const SsField plain_reply_fields[] = {
    ROW(SsReplyText, code, "code", SS_FIELD_CODE, .doc = "code"),
    ROW(SsReplyText, enhanced, "enhanced", SS_FIELD_TEXT, .nullable = true, .doc = "enhanced code"),
    ROW(SsReplyText, text, "text", SS_FIELD_TEXT, .nullable = true, .doc = "text"),
    END,
};

static const SsField hidden_message_fields[] = {
    ROW(SsHiddenMessage, from, "from", SS_FIELD_TEXT, .nullable = true, .doc = "reverse-path"),
    ROW(SsHiddenMessage, rcpt, "rcpt", SS_FIELD_TEXTS, .doc = "forward-paths"),
    ROW(SsHiddenMessage, reply, "reply", SS_FIELD_OBJECT, .fields = plain_reply_fields,
        .doc = "the server's"),
    END,
};

static const SsField look_alike_fields[] = {
    ROW(SsEventLookAlike, name, "name", SS_FIELD_TEXT, .doc = "in words"),
    ROW(SsEventLookAlike, messages, "messages", SS_FIELD_LIST, .fields = hidden_message_fields,
        .size = sizeof(SsHiddenMessage), .doc = "that a lax server sees"),
    ROW(SsEventLookAlike, outer, "outer", SS_FIELD_OBJECT, .fields = plain_reply_fields,
        .doc = "to the content"),
    ROW(SsEventLookAlike, extra, "extra", SS_FIELD_LIST, .fields = plain_reply_fields,
        .size = sizeof(SsReplyText), .doc = "that answer no command"),
    END,
};

static const SsField note_fields[] = {
    ROW(SsEventNote, verb, "verb", SS_FIELD_TEXT, .nullable = true,
        .doc = "command that waits for its reply"),
    ROW(SsEventNote, text, "text", SS_FIELD_TEXT, .nullable = true, .doc = "a word on it"),
    ROW(SsEventNote, conflict, "conflict", SS_FIELD_POINTER, .fields = conflict_fields,
        .size = sizeof(SsEventConflict), .doc = "two readings"),
    ROW(SsEventNote, bare, "bare", SS_FIELD_POINTER, .fields = bare_fields,
        .size = sizeof(SsEventBare), .doc = "bare CR, LF and NUL"),
    ROW(SsEventNote, look_alike, "look_alike", SS_FIELD_POINTER, .fields = look_alike_fields,
        .size = sizeof(SsEventLookAlike), .doc = "another end of the content"),
    ROW(SsEventNote, reply, "reply", SS_FIELD_POINTER, .fields = reply_text_fields,
        .size = sizeof(SsReplyText), .doc = "the server's words"),
    ROW(SsEventNote, client, "client", SS_FIELD_OBJECT, .fields = endpoint_fields,
        .doc = "who connected"),
    ROW(SsEventNote, server, "server", SS_FIELD_OBJECT, .fields = endpoint_fields, .doc = "where"),
    END,
};

static const SsField *const tables[SS_N_EVENT_TYPES] = {
    [SS_EVENT_SESSION] = session_fields, [SS_EVENT_MESSAGE] = message_fields,
    [SS_EVENT_AUTH] = auth_fields,       [SS_EVENT_TLS] = tls_fields,
    [SS_EVENT_COMMAND] = command_fields, [SS_EVENT_REPLY] = reply_fields,
    [SS_EVENT_FINDING] = finding_fields, [SS_EVENT_DELIVERY] = delivery_fields,
    [SS_EVENT_CAPTURE] = capture_fields, [SS_EVENT_NOTE] = note_fields,
    [SS_EVENT_PACKET] = packet_fields,   [SS_EVENT_SPAN] = span_fields,
};

const char *
ss_event_type_name(SsEventType type)
{
    return type_names[type];
}

SsEventType
ss_event_type_of_name(SsSlice name)
{
    for (int i = 0; i < SS_EVENT_NOTE; i++) {
        if (ss_slice_eq(name, ss_slice_str(type_names[i]))) {
            return (SsEventType)i;
        }
    }
    return SS_N_EVENT_TYPES;
}

const SsField *
ss_event_common_fields(void)
{
    return common_fields;
}

const SsField *
ss_event_fields(SsEventType type)
{
    return tables[type];
}

const void *
ss_event_body(const SsEvent *event)
{
    return &event->session_end; /* all members of the union begin here */
}

const char *
ss_severity_name(int severity)
{
    return severity_names[severity];
}
