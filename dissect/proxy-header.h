/*
 * The header by which a load balancer tells a server whose connection it passes on: the PROXY
 * protocol, versions 1 (a line) and 2 (binary); "The PROXY protocol", HAProxy, sections 2.1, 2.2.
 */
#pragma once

#include "base/slice.h"

typedef struct {
    const char *protocol; /* `tcp4`, `tcp6`, `udp4`, `udp6`, `unix`, `local`, `unknown`; static */
    char ip[46];          /* of the client, as text; empty where the header has none */
    uint16_t port;
    size_t size; /* of the header, which may be more than the bytes that were read */
} SsProxyHeader;

/* Fewer bytes than this are no header yet, whatever they may become. */
#define SS_PROXY_SIGNATURE_LEN 6

/* Bytes that are enough to tell, and to read the addresses. */
#define SS_PROXY_HEADER_ENOUGH 108

typedef enum {
    SS_READ_NOT,  /* this is none, and will not be */
    SS_READ_MORE, /* more bytes must come */
    SS_READ_WHOLE,
} SsReading;

/* `bytes` are the first ones of the connection's client. */
SsReading ss_proxy_header_read(SsSlice bytes, SsProxyHeader *ret_header);
