/*
 * What comes before a protocol that goes through a proxy: HTTP CONNECT (RFC 9110 section 9.3.6),
 * SOCKS 4 and 4a, SOCKS 5 (RFC 1928) without a login or with name and password (RFC 1929). A small
 * machine that is given the bytes of the side whose turn it is.
 */
#pragma once

#include "base/origin.h"
#include "base/slice.h"

typedef enum {
    SS_TUNNEL_NONE,
    SS_TUNNEL_HTTP_CONNECT,
    SS_TUNNEL_SOCKS4,
    SS_TUNNEL_SOCKS5,
} SsTunnelKind;

/* Bytes that one message of it may have. */
#define SS_TUNNEL_MESSAGE_MAX 4096

#define SS_TUNNEL_TEXT_MAX 264 /* a name of 255 bytes, colon, port */

typedef struct {
    size_t len;
    uint8_t bytes[SS_TUNNEL_TEXT_MAX];
} SsTunnelText;

typedef struct {
    uint8_t kind;        /* SsTunnelKind */
    uint8_t state;       /* what is awaited */
    uint8_t method;      /* of SOCKS 5 */
    bool has_login;      /* the two last texts are set */
    uint16_t scanned;    /* bytes of the message in which its end is not */
    SsTunnelText target; /* `host:port`, as the client asked for it */
    SsTunnelText user;   /* who logged in at the proxy, as far as it is known … */
    SsTunnelText secret; /* … and with what; not to be shown */
} SsTunnel;

typedef enum {
    SS_TUNNEL_MORE,    /* the side whose turn it is has not said enough */
    SS_TUNNEL_GOES_ON, /* a message was read; somebody's turn is next */
    SS_TUNNEL_OPEN,    /* what is left of both sides is the inner protocol */
    SS_TUNNEL_FAILED,  /* refused, or none, or one that is not understood */
} SsTunnelStep;

/* Whether the first bytes of a client can be those of a tunnel; the kind is SS_TUNNEL_NONE where
 * they are none, and `*ret_is_certain` false where more bytes would tell. */
SsTunnelKind ss_tunnel_begins(SsSlice bytes, bool *ret_is_certain);

void ss_tunnel_init(SsTunnel *tunnel, SsTunnelKind kind);

/* Whether a message of it was read. */
bool ss_tunnel_has_begun(const SsTunnel *tunnel);

/* Whose bytes it reads next. */
SsDirection ss_tunnel_turn(const SsTunnel *tunnel);

/* Reads one message from the front of what that side has said so far; `*ret_taken` is its length.
 */
SsTunnelStep ss_tunnel_step(SsTunnel *tunnel, SsSlice said, size_t *ret_taken);

/* `http-connect`, `socks4`, `socks5`. */
const char *ss_tunnel_kind_name(int kind);
