/*
 * Community ID version 1 (https://github.com/corelight/community-id-spec): the base64 of a SHA-1
 * over the seed, the two ends with the smaller one first, and the protocol. VLAN and tunnels are
 * not part of it.
 */
#include "dissect/digest.h"
#include "dissect/flow.h"

#define PROTO_TCP 6

static bool
is_before(const SsConnection *connection, size_t address_len)
{
    int order = memcmp(connection->half[SS_CLIENT].address, connection->half[SS_SERVER].address,
                       address_len);

    return order < 0 ||
           (order == 0 && connection->half[SS_CLIENT].port < connection->half[SS_SERVER].port);
}

void
ss_connection_community_id(const SsConnection *connection, char ret_text[32])
{
    size_t address_len = connection->family == 4 ? 4 : 16;
    SsDirection first = is_before(connection, address_len) ? SS_CLIENT : SS_SERVER;
    SsDirection order[2] = {first, ss_direction_other(first)};
    uint8_t bytes[2 + 16 + 16 + 2 + 4] = {0, 0}; /* the seed is 0 */
    uint8_t sum[20];
    size_t len = 2;
    g_autofree char *text = NULL;

    for (int i = 0; i < 2; i++) {
        memcpy(bytes + len, connection->half[order[i]].address, address_len);
        len += address_len;
    }
    bytes[len++] = PROTO_TCP;
    bytes[len++] = 0;
    for (int i = 0; i < 2; i++) {
        bytes[len++] = (uint8_t)(connection->half[order[i]].port >> 8);
        bytes[len++] = (uint8_t)(connection->half[order[i]].port & 0xff);
    }
    ss_digest_sha1(ss_slice(bytes, len), sum);
    text = g_base64_encode(sum, sizeof sum);
    g_snprintf(ret_text, 32, "1:%s", text);
}
