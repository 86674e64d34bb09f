#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_one_way;

static void
test_sides(void **state)
{
    static SsTally ack[] = {{SS_SLICE_INIT("overlap"), 1}, {SS_SLICE_INIT("ack-unseen"), 2}};
    static const struct {
        uint64_t packets[2], bytes[2];
        bool has_ack;
        const char *said; /* NULL: nothing */
    } rows[] = {
        {{9, 0}, {400, 0}, false, "only what the client sent"},
        {{0, 9}, {0, 400}, false, "only what the server sent"},
        {{3, 0}, {0, 0}, true, "only what the client sent"}, /* no payload, but an answer to some */
        {{3, 0}, {0, 0}, false, NULL},                       /* SYNs that nobody answered */
        {{0, 3}, {0, 0}, false, NULL},
        {{2, 0}, {400, 0}, true, NULL}, /* an excerpt */
        {{9, 1}, {400, 0}, true, NULL},
        {{0, 0}, {0, 0}, false, NULL},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_one_way);
        SsEvent event = ss_test_session(test, 1000, SS_STATE_TIMEOUT);

        event.session_end.client.packets = rows[i].packets[0];
        event.session_end.server.packets = rows[i].packets[1];
        event.session_end.client.bytes = rows[i].bytes[0];
        event.session_end.server.bytes = rows[i].bytes[1];
        if (rows[i].has_ack) {
            event.session_end.remarks = (SsList){ack, 2, 2};
        }
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, rows[i].said ? "tcp.one-way" : ""));
        if (rows[i].said) {
            assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_INFO);
            assert_non_null(strstr(ss_test_finding(test, 0)->summary, rows[i].said));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sides)};

    return cmocka_run_group_tests_name("tcp-one-way", tests, NULL, NULL);
}
