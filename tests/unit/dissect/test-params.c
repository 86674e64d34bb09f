/*
 * Parameters of MAIL and RCPT taken apart, and what addresses look like.
 */
#include "base/limits.h"
#include "dissect/smtp/address.h"
#include "dissect/smtp/params.h"
#include "tests/ss-test.h"

#define S SS_NS_PER_S

/* --- addresses --- */

static void
forms(void **state)
{
    static const struct {
        const char *address;
        SsAddressForm form;
        bool is_wellformed;
    } cases[] = {
        {"a@b.example", SS_FORM_PLAIN, true},
        {"first.last+tag@b.example", SS_FORM_PLAIN, true},
        {"gr\xc3\xbc\xc3\x9f@\xe4\xbe\x8b.example", SS_FORM_PLAIN, true},
        {"a@host_name.example", SS_FORM_PLAIN, true},
        {"postmaster", SS_FORM_PLAIN, true},
        {"Postmaster", SS_FORM_PLAIN, true},
        {"root", SS_FORM_PLAIN, false},
        {"", SS_FORM_PLAIN, false},
        {"@", SS_FORM_PLAIN, false},
        {"a@", SS_FORM_PLAIN, false},
        {"@b.example", SS_FORM_PLAIN, false},
        {"a..b@c.example", SS_FORM_PLAIN, false},
        {".a@c.example", SS_FORM_PLAIN, false},
        {"a@c.example.", SS_FORM_PLAIN, false},
        {"a b@c.example", SS_FORM_PLAIN, false},
        {"a@[192.0.2.1]", SS_FORM_LITERAL, true},
        {"a@[IPv6:2001:db8::1]", SS_FORM_LITERAL, true},
        {"a@[192.0.2.1", SS_FORM_LITERAL, false},
        {"a@[]", SS_FORM_LITERAL, false},
        {"a@[[]", SS_FORM_LITERAL, false},
        {"\"a b\"@c.example", SS_FORM_QUOTED, true},
        {"\"a@b\"@c.example", SS_FORM_QUOTED, true},
        {"\"a\\\"@b\"@c.example", SS_FORM_QUOTED, true},
        {"\"a\\\"@c.example", SS_FORM_QUOTED, false},
        {"\"a\"b@c.example", SS_FORM_QUOTED, false},
        {"\"a\nb\"@c.example", SS_FORM_QUOTED, false},
        {"\"", SS_FORM_QUOTED, false},
        {"@x.example,@y.example:z@w.example", SS_FORM_ROUTE, true},
        {"@x.example:z@w.example", SS_FORM_ROUTE, true},
        {"@x.example,:z@w.example", SS_FORM_ROUTE, false},
        {"@x.example,y.example:z@w.example", SS_FORM_ROUTE, false},
        {"@:z@w.example", SS_FORM_ROUTE, false},
        {"@[192.0.2.1]:a%b@c.example", SS_FORM_ROUTE, true},
        {"a%b.example@c.example", SS_FORM_PERCENT, true},
        {"a%b", SS_FORM_PERCENT, false},
        {"a@b@c.example", SS_FORM_PERCENT, false},
        {"b!a", SS_FORM_BANG, false},
        {"b.example!a@c.example", SS_FORM_BANG, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SsSlice address = ss_slice_str(cases[i].address);
        if (ss_address_form(address) != cases[i].form ||
            ss_address_is_wellformed(address) != cases[i].is_wellformed) {
            fail_msg("%s: form %d, well-formed %d", cases[i].address, ss_address_form(address),
                     ss_address_is_wellformed(address));
        }
    }
}

static void
domains(void **state)
{
    static const struct {
        const char *address, *domain; /* NULL: none */
    } cases[] = {
        {"a@b.example", "b.example"},
        {"\"a@b\"@c", "c"},
        {"@x,@y:z@w", "w"},
        {"a@b@c", "c"},
        {"a@[192.0.2.1]", "[192.0.2.1]"},
        {"a", NULL},
        {"", NULL},
        {"\"a@b\"", NULL},
        {"\"a@b", "b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SsSlice domain = ss_address_domain(ss_slice_str(cases[i].address));
        assert_int_equal(ss_slice_is_null(domain), cases[i].domain == NULL);
        assert_true(ss_slice_eq(domain, ss_slice_str(cases[i].domain)));
    }
}

/* --- parameters --- */

static const SsMailRequest *
of_mail(SsArena *arena, const char *text, SsParamsSeen *ret_seen)
{
    SsList params = ss_params_parse(arena, ss_slice_str(text));

    return ss_params_of_mail(arena, &params, ret_seen);
}

static void
mail_all(void **state)
{
    SsArena arena = {0};
    SsParamsSeen seen;
    const SsMailRequest *request =
        of_mail(&arena,
                "size=1000 BODY=8bitmime SMTPUTF8 RET=HDRS ENVID=a+2Bb AUTH=u+3Dv@x.example "
                "REQUIRETLS MT-PRIORITY=-3 BY=-120;NT HOLDFOR=60 HOLDUNTIL=2014-04-03T23:01:00Z "
                "XFOO=1",
                &seen);

    (void)state;
    assert_non_null(request);
    assert_int_equal(seen.malformed, 0);
    assert_int_equal(request->size, 1000);
    assert_true(ss_slice_eq(request->body, SS_SLICE("8BITMIME")));
    assert_true(request->smtputf8 && request->requiretls);
    assert_true(ss_slice_eq(request->ret, SS_SLICE("hdrs")));
    assert_true(ss_slice_eq(request->envid, SS_SLICE("a+b")));
    assert_true(ss_slice_eq(request->auth, SS_SLICE("u=v@x.example")));
    assert_int_equal(request->mt_priority, -3);
    assert_int_equal(request->by->within_ns, -120 * S);
    assert_true(ss_slice_eq(request->by->mode, SS_SLICE("notify")) && request->by->has_trace);
    assert_int_equal(request->hold_for_ns, 60 * S);
    assert_int_equal(request->hold_until_ns, INT64_C(1396566060) * S);
    assert_int_equal(seen.uses,
                     SS_EXTENSIONS(SS_EXTENSION_SIZE) | SS_EXTENSIONS(SS_EXTENSION_8BITMIME) |
                         SS_EXTENSIONS(SS_EXTENSION_SMTPUTF8) | SS_EXTENSIONS(SS_EXTENSION_DSN) |
                         SS_EXTENSIONS(SS_EXTENSION_AUTH) | SS_EXTENSIONS(SS_EXTENSION_REQUIRETLS) |
                         SS_EXTENSIONS(SS_EXTENSION_MT_PRIORITY) |
                         SS_EXTENSIONS(SS_EXTENSION_DELIVERBY) |
                         SS_EXTENSIONS(SS_EXTENSION_FUTURERELEASE));
    ss_arena_clear(&arena);
}

static void
mail_none(void **state)
{
    SsArena arena = {0};
    SsParamsSeen seen;

    (void)state;
    assert_null(of_mail(&arena, "", &seen));
    assert_null(of_mail(&arena, "XFOO=1 XVERP=+=", &seen));
    assert_int_equal(seen.uses, SS_EXTENSIONS(SS_EXTENSION_XVERP));
    ss_arena_clear(&arena);
}

/* One that cannot be is not told, and counted. */
static void
mail_malformed(void **state)
{
    static const char *const cases[] = {
        "SIZE=",
        "SIZE=-1",
        "SIZE=+5",
        "SIZE=0x10",
        "SIZE=1e3",
        "SIZE=18446744073709551615",
        "SIZE=18446744073709551616",
        "SIZE=000000000000000000000",
        "SIZE",
        "BODY=9BIT",
        "BODY",
        "SMTPUTF8=yes",
        "REQUIRETLS=1",
        "RET=ALL",
        "ENVID=a+2",
        "ENVID=a+zz",
        "ENVID=+2b",
        "ENVID",
        "AUTH",
        "AUTH=+",
        "MT-PRIORITY=10",
        "MT-PRIORITY=-10",
        "MT-PRIORITY=",
        "MT-PRIORITY=--1",
        "BY=120",
        "BY=120;",
        "BY=120;X",
        "BY=120;RTT",
        "BY=;R",
        "BY=9999999999;R",
        "HOLDFOR=-1",
        "HOLDFOR=9999999999",
        "HOLDUNTIL=2014-04-03",
        "HOLDUNTIL=2014-13-03T23:01:00Z",
        "HOLDUNTIL=2014-02-30T23:01:00Z",
        "HOLDUNTIL=9999-04-03T23:01:00Z",
        "HOLDUNTIL=2014-04-03T23:01:00+01:00",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SsArena arena = {0};
        SsParamsSeen seen;
        const SsMailRequest *request = of_mail(&arena, cases[i], &seen);

        assert_non_null(request);
        if (seen.malformed != 1) {
            fail_msg("%s: taken", cases[i]);
        }
        assert_true(ss_slice_is_null(request->body) && ss_slice_is_null(request->ret));
        assert_true(ss_slice_is_null(request->envid) && ss_slice_is_null(request->auth));
        assert_true(request->size == SS_COUNT_NONE && !request->by);
        assert_true(request->mt_priority == SS_TIME_NONE && request->hold_for_ns == SS_TIME_NONE &&
                    request->hold_until_ns == SS_TIME_NONE);
        ss_arena_clear(&arena);
    }
}

static void
binarymime(void **state)
{
    SsArena arena = {0};
    SsParamsSeen seen;

    (void)state;
    assert_non_null(of_mail(&arena, "BODY=BINARYMIME", &seen));
    assert_int_equal(seen.uses, SS_EXTENSIONS(SS_EXTENSION_BINARYMIME));
    ss_arena_clear(&arena);
}

static void
rcpt(void **state)
{
    SsArena arena = {0};
    SsParamsSeen seen;
    SsList params = ss_params_parse(
        &arena,
        SS_SLICE(
            "NOTIFY=SUCCESS,delay ORCPT=RFC822;bob+2Bx@b.example RRVS=2014-04-03T23:01:00Z;C"));
    const SsRcptRequest *request = ss_params_of_rcpt(&arena, &params, &seen);
    const SsSlice *notify = request->notify.items;

    (void)state;
    assert_int_equal(seen.malformed, 0);
    assert_int_equal(request->notify.n, 2);
    assert_true(ss_slice_eq(notify[0], SS_SLICE("success")));
    assert_true(ss_slice_eq(notify[1], SS_SLICE("delay")));
    assert_true(ss_slice_eq(request->orcpt_type, SS_SLICE("rfc822")));
    assert_true(ss_slice_eq(request->orcpt, SS_SLICE("bob+x@b.example")));
    assert_int_equal(request->rrvs_ns, INT64_C(1396566060) * S);
    ss_arena_clear(&arena);
}

static void
rcpt_malformed(void **state)
{
    static const char *const cases[] = {
        "NOTIFY=",          "NOTIFY=SUCCESS,",  "NOTIFY=,",
        "NOTIFY=SOMETIMES", "ORCPT=bob",        "ORCPT=;bob",
        "ORCPT=rfc822;+zz", "RRVS=yesterday;C", "RRVS=2014-04-03T23:01:00Z;X",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SsArena arena = {0};
        SsParamsSeen seen;
        SsList params = ss_params_parse(&arena, ss_slice_str(cases[i]));
        const SsRcptRequest *request = ss_params_of_rcpt(&arena, &params, &seen);

        if (seen.malformed != 1) {
            fail_msg("%s: taken", cases[i]);
        }
        assert_true(request->notify.n == 0 && ss_slice_is_null(request->orcpt) &&
                    request->rrvs_ns == SS_TIME_NONE);
        ss_arena_clear(&arena);
    }
}

static void
offers(void **state)
{
    (void)state;
    assert_int_equal(ss_extension_of_offer(SS_SLICE("SIZE 1000")), SS_EXTENSION_SIZE);
    assert_int_equal(ss_extension_of_offer(SS_SLICE("auth=LOGIN PLAIN")), SS_EXTENSION_AUTH);
    assert_int_equal(ss_extension_of_offer(SS_SLICE("8bitmime")), SS_EXTENSION_8BITMIME);
    assert_int_equal(ss_extension_of_offer(SS_SLICE("SIZES")), SS_EXTENSION_NONE);
    assert_int_equal(ss_extension_of_offer(SS_SLICE("")), SS_EXTENSION_NONE);
    for (int i = SS_EXTENSION_NONE + 1; i < SS_N_EXTENSIONS; i++) {
        SsSlice keyword = ss_extension_keyword((SsExtension)i);
        assert_true(keyword.len > 0);
        assert_int_equal(ss_extension_of_offer(keyword), i);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),     cmocka_unit_test(domains),        cmocka_unit_test(mail_all),
        cmocka_unit_test(mail_none), cmocka_unit_test(mail_malformed), cmocka_unit_test(binarymime),
        cmocka_unit_test(rcpt),      cmocka_unit_test(rcpt_malformed), cmocka_unit_test(offers),
    };

    return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
