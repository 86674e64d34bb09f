/*
 * Every cap, with its unit and its reason. Those in SsLimits can be set with `--limit NAME=VALUE`;
 * meeting a cap is counted and told, never silent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- what a person may set --- */

typedef struct {
    uint64_t flows;       /* TCP connections followed at once */
    int64_t idle_ns;      /* a session without packets for so long has ended */
    int64_t handshake_ns; /* a connection attempt without an answer for so long has ended */
    uint64_t line;        /* bytes kept of one command or reply line; the rest is counted */
    uint64_t reorder;     /* bytes kept out of order, one direction of one connection */
    uint64_t message;     /* bytes of one message that outputs may write; 0: no limit */
    uint64_t memory;      /* bytes kept in all */
} SsLimits;

#define SS_NS_PER_S INT64_C(1000000000)

/*
 * A quiet session, after its banner and EHLO, costs 1 KiB (measured over 200,000 of them), most of
 * which counts for `memory`; the timeline keeps about as much again, the other outputs next to
 * nothing, and that counts too. `flows` bounds other connections, and those that have ended.
 */
#define SS_LIMITS_DEFAULT                                                                         \
    {                                                                                             \
        .flows = 262144,                      /* see above */                                     \
            .idle_ns = 3600 * SS_NS_PER_S,    /* RFC 5321 allows ten minutes for a step */        \
            .handshake_ns = 60 * SS_NS_PER_S, /* half of what kernels wait */                     \
            .line = 65536,                    /* RFC 5321 section 4.5.3.1: 512 and 1000 octets */ \
            .reorder = 4 << 20,               /* a window of the largest common size */           \
            .message = 0, .memory = 256 << 20,                                                    \
    }

/* --- fixed --- */

/* A connection's packets start nothing new so long after its end: twice the maximum segment
 * lifetime. */
#define SS_QUIET_NS (120 * SS_NS_PER_S)

/* A connection goes on for so long behind a reset that its receiver need not have believed: longer
 * than a server may take for a reply (RFC 5321 section 4.5.3.2.6: ten minutes). */
#define SS_DOUBTED_NS (660 * SS_NS_PER_S)

/* Packet times are from 0 to this, the year 2116, so that a time and a duration can be added. It is
 * more than the older capture format can say. */
#define SS_TIME_MAX ((INT64_C(1) << 62) - 1)

/* Threads for contents: more than a few wait for the one reader. */
#define SS_WORKERS_MAX 16

/* Client bytes whose meaning waits for a reply; past this the reply is taken as lost. */
#define SS_HOLD_MAX (1 << 20)

/* Commands sent and not answered; past this the oldest count as unanswered. */
#define SS_LEDGER_MAX 10000

/* Recipients kept of one message; RFC 5321 section 4.5.3.1.8 asks servers for 100. */
#define SS_RECIPIENTS_MAX 1000

/* Parameters kept of one MAIL or RCPT command. */
#define SS_PARAMS_MAX 32

/* Parts of one message that BURL names. */
#define SS_FETCHED_MAX 32

/* Messages of one session that are open at once: pipelined and not yet answered. */
#define SS_TRANSACTIONS_MAX 100

/* Of what stands behind a look-alike of the end of data: how far a command is looked for, in bytes;
 * bytes of a line, and what a server would see there: messages, recipients of each, and replies it
 * would give. RFC 5321 section 4.5.3.1.4 has 512 for a command. */
#define SS_HIDDEN_SIGHT 512
#define SS_HIDDEN_LINE_MAX 512
#define SS_HIDDEN_MAILS_MAX 8
#define SS_HIDDEN_RECIPIENTS_MAX 10
#define SS_HIDDEN_STEPS_MAX 64

/* Bytes kept of each reply to it. */
#define SS_HIDDEN_REPLY_MAX 256

/* Lines kept of one reply, and bytes of their texts in all. */
#define SS_REPLY_LINES_MAX 128
#define SS_REPLY_BYTES_MAX 65536

/* Servers and domains of recipients remembered, so that mail to the same ones is not told again. */
#define SS_TAKEN_MAX 4096

/* Bytes of a domain; RFC 5321 section 4.5.3.1.2. */
#define SS_DOMAIN_MAX 255

/* Keywords kept of one EHLO reply. */
#define SS_EXTENSIONS_MAX 128

/* Turns kept of one AUTH exchange, of which no mechanism needs ten, and bytes of them: a Kerberos
 * ticket with all its groups has some 12 KiB (RFC 4954 section 4). */
#define SS_AUTH_STEPS_MAX 16
#define SS_AUTH_BYTES_MAX (48 << 10)

/* Bytes of command lines kept that were masked and wait for their replies, in which the server may
 * say them again; beyond them nothing of such a reply is shown. */
#define SS_MASKED_MAX 8192

/* Claims told of one token. */
#define SS_CLAIMS_MAX 32

/* Domains of recipients told apart where a server says how many it takes (RFC 9422): it is one or a
 * few. */
#define SS_QUOTA_DOMAINS_MAX 16

/* Bytes of a message's header block kept to be decoded; Zeek and Postfix keep 64 and 100 KiB. */
#define SS_HEADER_BLOCK_MAX (256 << 10)

/* Addresses kept of one header field. */
#define SS_ADDRESSES_MAX 1000

/* Leaf parts kept of one message, and how deep they nest. */
#define SS_PARTS_MAX 1000
#define SS_MIME_DEPTH_MAX 64

/* Bytes of one boundary; RFC 2046 section 5.1.1 allows 70. */
#define SS_BOUNDARY_MAX 255

/* Of one packet: VLAN and like tags, labels of one MPLS stack (segment routing makes long ones),
 * tunnels within each other, and extension headers of one IPv6 header. */
#define SS_VLAN_TAGS_MAX 8
#define SS_MPLS_LABELS_MAX 16
#define SS_ENCAP_MAX 8
#define SS_IP6_HEADERS_MAX 16

/* IP fragments kept in all, in bytes with what keeping them costs: the oldest datagrams go. */
#define SS_FRAGMENTS_KEPT_MAX (4 << 20)

/* Of one datagram: bytes of its fragments, overlaps counted twice, so four readings of the longest;
 * and fragments that bring nothing new, which are kept to be compared. One that does bring
 * something brings 8 bytes at least, so there are no more than 8192 of those. */
#define SS_FRAGMENT_BYTES_MAX (256 << 10)
#define SS_FRAGMENTS_AGAIN_MAX 64

/* How long a datagram may take to become whole: RFC 791 section 3.2 sets out from 15 s and hosts
 * take twice that; RFC 8200 section 4.5. */
#define SS_FRAGMENTS4_NS (30 * SS_NS_PER_S)
#define SS_FRAGMENTS6_NS (60 * SS_NS_PER_S)

/* For so long a datagram that is whole takes late copies of its fragments; and after so long a
 * pause, another beginning under its number is another datagram's. */
#define SS_FRAGMENTS_RECENT_NS (1 * SS_NS_PER_S)

/* The capture's clock going back by more than this is told: packets a little out of order are
 * usual. */
#define SS_TIME_JUMP_NS (1 * SS_NS_PER_S)

/* Findings of one id that a session reports; the rest is only counted. */
#define SS_FINDINGS_MAX 10

/* Messages are remembered, to be known again at a later attempt, within so many bytes, a kilobyte
 * or more each, and for so long: RFC 5321 section 4.5.4.1 has senders give up after 4 to 5 days. */
#define SS_DELIVERIES_BYTES (32 << 20)
#define SS_DELIVERIES_NS (5 * 86400 * SS_NS_PER_S)

/* Of one delivery: attempts told, and recipients of each that are remembered. */
#define SS_ATTEMPTS_MAX 100
#define SS_ATTEMPT_RECIPIENTS_MAX 100

/* Events of one frame, and bytes of them, that are put in order together; a frame with more is
 * delivered in parts. With threads nine times as much may be under way. */
#define SS_BURST_EVENTS 512
#define SS_BURST_BYTES (1 << 20)

/* Identities remembered so that one is not given out twice in a run. */
#define SS_UIDS_MAX (1 << 18)

/* Of one match of a regular expression (`matches` in -Y): steps, steps within each other, and bytes
 * of heap. Patterns that backtrack without end are cut short after some milliseconds. */
#define SS_REGEX_STEPS_MAX 200000
#define SS_REGEX_DEPTH_MAX 20000
#define SS_REGEX_HEAP_MAX (4 << 20)

/* Of each dialogue that `diff` compares: commands with their replies. Their alignment takes the
 * product of both, two bytes each. */
#define SS_TURNS_MAX 2000

/* Live with -Y, events wait until it is certain whether they match: in this share of `memory`. */
#define SS_HELD_SHARE 4
