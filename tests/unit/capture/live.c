/*
 * Live capture on the loopback interface; skipped where the right to capture is missing. Packets
 * are those of a connection attempt that nobody answers.
 */
#include "capture/packet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/event.h"
#include "tests/ss-test.h"

#define PORT 42525
#define OTHER_PORT 42526

static void
knock(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), -1);
    close(fd);
}

/* Skips the test if capturing is not allowed. */
static SsSource *
open_live(const SsLiveOptions *options)
{
    g_autoptr(GError) error = NULL;
    SsSource *source = ss_source_live_open(options, &error);
    if (!source && g_error_matches(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_OPEN)) {
        print_message("%s: %s\n", options->interface, error->message);
        skip();
    }
    assert_non_null(source);
    return source;
}

/* The next frame of our knocking within a second; false if there is none. */
static bool
next_knock(SsSource *source, uint16_t port, SsFrame *ret_frame)
{
    gint64 end_us = g_get_monotonic_time() + 1000000;
    while (g_get_monotonic_time() < end_us) {
        SsSourceStatus status = source->ops->next(source, ret_frame, NULL);
        assert_true(status == SS_SOURCE_FRAME || status == SS_SOURCE_IDLE);
        uint64_t memory = 0;
        g_autoptr(SsPacketDecoder) decoder = ss_packet_decoder_new(&memory);
        SsSegment segment;
        if (status == SS_SOURCE_FRAME &&
            ss_packet_decode(decoder, ret_frame, &segment) == SS_PACKET_SEGMENT &&
            segment.to.port == port && segment.flags == SS_TCP_SYN) {
            return true;
        }
    }
    return false;
}

static void
try_capture(const char *interface)
{
    const uint16_t ports[] = {25, PORT};
    SsLiveOptions options = {.interface = interface, .ports = ports, .n_ports = 2};
    g_autoptr(SsSource) source = open_live(&options);
    assert_true(source->is_live);
    assert_true(source->size == SS_COUNT_NONE);
    assert_string_equal(source->name, interface);

    knock(OTHER_PORT);
    gint64 start_us = g_get_monotonic_time();
    knock(PORT);
    SsFrame frame;
    assert_true(next_knock(source, PORT, &frame));
    assert_true(g_get_monotonic_time() - start_us < 500000);
    assert_int_equal(frame.origin.time_digits, 9);
    gint64 off_ns = g_get_real_time() * 1000 - frame.origin.time_ns;
    assert_true(ABS(off_ns) < INT64_C(5000000000));
    assert_false(next_knock(source, OTHER_PORT, &frame));

    SsSourceStats stats;
    assert_true(source->ops->stats(source, &stats));
    assert_true(stats.received >= 1);
    assert_int_equal(stats.dropped, 0);
}

static void
test_loopback(void **state)
{
    (void)state;
    try_capture("lo");
}

static void
test_any(void **state)
{
    (void)state;
    try_capture("any");
}

/* A quiet interface gives the word back within the time promised. */
static void
test_idle(void **state)
{
    (void)state;
    SsLiveOptions options = {.interface = "lo", .filter = "tcp port 1"};
    g_autoptr(SsSource) source = open_live(&options);
    gint64 start_us = g_get_monotonic_time();
    SsFrame frame;
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_IDLE);
    assert_true(g_get_monotonic_time() - start_us < 2000 * SS_SOURCE_WAIT_MS);
}

static void
test_filter_of_ones_own(void **state)
{
    (void)state;
    const uint16_t port = PORT;
    char expression[32];
    g_snprintf(expression, sizeof expression, "tcp port %d", OTHER_PORT);
    SsLiveOptions options = {
        .interface = "lo", .filter = expression, .ports = &port, .n_ports = 1, .snap_length = 80};
    g_autoptr(SsSource) source = open_live(&options);
    knock(PORT);
    knock(OTHER_PORT);
    SsFrame frame;
    assert_true(next_knock(source, OTHER_PORT, &frame));
    assert_true(frame.bytes.len <= 80 && frame.len >= frame.bytes.len);
    assert_false(next_knock(source, PORT, &frame));
}

static void
test_all_ports(void **state)
{
    (void)state;
    SsLiveOptions options = {.interface = "lo"};
    g_autoptr(SsSource) source = open_live(&options);
    knock(PORT);
    SsFrame frame;
    assert_true(next_knock(source, PORT, &frame));
}

static void
test_refused(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    SsLiveOptions options = {.interface = "nonesuch0"};
    assert_null(ss_source_live_open(&options, &error));
    assert_true(g_error_matches(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_OPEN));

    options.interface = "lo";
    ss_source_close(open_live(&options));
    options.filter = "tcp porto 25";
    g_clear_error(&error);
    assert_null(ss_source_live_open(&options, &error));
    assert_true(g_error_matches(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FILTER));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loopback),  cmocka_unit_test(test_any),
        cmocka_unit_test(test_idle),      cmocka_unit_test(test_filter_of_ones_own),
        cmocka_unit_test(test_all_ports), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
