/*
 * The names of connections: SipHash by the vectors of its paper, Community ID by known ones.
 */
#include <arpa/inet.h>

#include "dissect/flow.h"
#include "dissect/siphash.h"
#include "tests/ss-test.h"

/* The reference vectors: of the bytes 00 01 … (n - 1), the key 00 01 … 0f; for n from 0 on. */
static void
test_siphash(void **state)
{
    static const uint64_t key[2] = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};
    static const uint8_t sums[][8] = {
        {0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72},
        {0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74},
        {0x5a, 0x4f, 0xa9, 0xd9, 0x09, 0x80, 0x6c, 0x0d},
        {0x2d, 0x7e, 0xfb, 0xd7, 0x96, 0x66, 0x67, 0x85},
        {0xb7, 0x87, 0x71, 0x27, 0xe0, 0x94, 0x27, 0xcf},
        {0x8d, 0xa6, 0x99, 0xcd, 0x64, 0x55, 0x76, 0x18},
        {0xce, 0xe3, 0xfe, 0x58, 0x6e, 0x46, 0xc9, 0xcb},
        {0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab},
        {0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93},
    };
    uint8_t bytes[64];

    (void)state;
    for (uint8_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = i;
    }
    for (size_t n = 0; n < G_N_ELEMENTS(sums); n++) {
        uint64_t sum = GUINT64_TO_LE(ss_siphash(key, ss_slice(bytes, n)));
        assert_memory_equal(&sum, sums[n], sizeof sum);
    }
    /* The example of the paper's appendix A. */
    assert_true(ss_siphash(key, ss_slice(bytes, 15)) == UINT64_C(0xa129ca6149be45e5));
}

static void
check_id(int family, const char *client, uint16_t client_port, const char *server,
         uint16_t server_port, const char *expected)
{
    SsConnection connection = {.family = family == AF_INET ? 4 : 6};
    char text[32];

    assert_int_equal(inet_pton(family, client, connection.half[SS_CLIENT].address), 1);
    assert_int_equal(inet_pton(family, server, connection.half[SS_SERVER].address), 1);
    connection.half[SS_CLIENT].port = client_port;
    connection.half[SS_SERVER].port = server_port;
    ss_connection_community_id(&connection, text);
    assert_string_equal(text, expected);
}

static void
check_both(int family, const char *a, uint16_t a_port, const char *b, uint16_t b_port,
           const char *expected)
{
    check_id(family, a, a_port, b, b_port, expected);
    check_id(family, b, b_port, a, a_port, expected);
}

static void
test_community_id(void **state)
{
    (void)state;
    check_both(AF_INET, "128.232.110.120", 34855, "66.35.250.204", 80,
               "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    check_both(AF_INET, "10.180.156.249", 46671, "64.236.64.225", 25,
               "1:sG7KN/RLxdOwLNhkY/ydD5x4TaU=");
    check_both(AF_INET6, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a",
               25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
}

static void
test_addresses(void **state)
{
    SsConnection connection = {.family = 6};
    char text[46];

    (void)state;
    inet_pton(AF_INET6, "2001:0db8:0:0:0:0:0:1", connection.half[SS_CLIENT].address);
    ss_connection_ip(&connection, SS_CLIENT, text);
    assert_string_equal(text, "2001:db8::1");
    memset(connection.half[SS_CLIENT].address, 0xff, 16);
    ss_connection_ip(&connection, SS_CLIENT, text);
    assert_string_equal(text, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    connection.family = 4;
    ss_connection_ip(&connection, SS_CLIENT, text);
    assert_string_equal(text, "255.255.255.255");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_siphash),
        cmocka_unit_test(test_community_id),
        cmocka_unit_test(test_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
