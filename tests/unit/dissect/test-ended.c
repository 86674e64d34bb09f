/* The end of connections, as SsFlowOptions' `ended` tells it: each once, session or not. */
#include "table.h"
#include "tests/ss-test.h"

typedef struct {
    Rig rig;
    GString *told; /* `flow:session` of each that ended */
} Ends;

static void
note_end(void *user_data, uint64_t flow, const SsConnection *connection)
{
    Ends *ends = user_data;

    g_string_append_printf(ends->told, " %" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, flow,
                           connection->session);
    if (connection->session) {
        assert_int_not_equal(connection->uid, 0); /* all is known of it by now */
    }
}

/* The rig's table is exchanged for one that tells. */
static void
open_ends(Ends *ends)
{
    static const uint16_t any[1];
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT,
                             .ports = any,
                             .n_ports = 0,
                             .ended = note_end,
                             .user_data = ends};

    *ends = (Ends){.told = g_string_new(NULL)};
    rig_open(&ends->rig, NULL);
    ss_flow_table_free(ends->rig.table);
    ends->rig.table = ss_flow_table_new(&options, &ends->rig.base);
}

static void
assert_told(Ends *ends, const char *wanted)
{
    assert_string_equal(ends->told->str, wanted);
}

static uint64_t
flow_of_last(const Ends *ends)
{
    return ss_flow_table_verdict(ends->rig.table)->flow;
}

static void
test_each_once(void **state)
{
    Ends ends;
    Wire closed, open, other;

    (void)state;
    open_ends(&ends);
    wire_open(&closed, &ends.rig, 1, 25);
    wire_open(&open, &ends.rig, 2, 25);
    wire_open(&other, &ends.rig, 3, 8080);
    wire_handshake(&closed);
    assert_int_equal(flow_of_last(&ends), 1);
    wire_handshake(&open);
    wire_handshake(&other);
    assert_int_equal(flow_of_last(&ends), 3);
    assert_told(&ends, "");
    wire_fins(&closed);
    assert_told(&ends, " 1:1");
    ends.rig.ignores = true;
    wire_send(&other, SS_CLIENT, ACK, "GET /");
    assert_told(&ends, " 1:1 3:0");
    wire_send(&other, SS_SERVER, ACK, "HTTP/1.1");
    ss_flow_table_finish(ends.rig.table, ends.rig.frame);
    assert_told(&ends, " 1:1 3:0 2:2");
    rig_close(&ends.rig);
    assert_told(&ends, " 1:1 3:0 2:2");
    g_string_free(ends.told, TRUE);
}

/* Without an end of the capture. */
static void
test_freed(void **state)
{
    Ends ends;
    Wire wire;

    (void)state;
    open_ends(&ends);
    wire_open(&wire, &ends.rig, 1, 25);
    wire_handshake(&wire);
    rig_close(&ends.rig);
    assert_told(&ends, " 1:1");
    g_string_free(ends.told, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_once),
        cmocka_unit_test(test_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
