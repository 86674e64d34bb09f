#include "tests/unit/plugin-host.h"

#include <stdlib.h>

#include "tests/ss-test.h"

/* 2026-11-21 10:00:00.123 UTC */
#define START_NS INT64_C(1795255200123000000)

static SsTestHost *
test_of(const SsHost *host)
{
    return host->priv;
}

static const char *
option_text(const SsHost *host, const char *key)
{
    const SsTestHost *test = test_of(host);
    const char *value = g_hash_table_lookup(test->options, key);

    if (value) {
        return value;
    }
    for (const SsOption *option = test->plugin->options; option && option->key; option++) {
        if (strcmp(option->key, key) == 0) {
            return option->fallback;
        }
    }
    fail_msg("no option %s", key);
    return NULL;
}

static bool
option_flag(const SsHost *host, const char *key)
{
    return strcmp(option_text(host, key), "yes") == 0;
}

static uint64_t
option_count(const SsHost *host, const char *key)
{
    return g_ascii_strtoull(option_text(host, key), NULL, 10);
}

static void
want(const SsHost *host, uint64_t events, uint32_t needs)
{
    const SsTestHost *test = test_of(host);

    assert_true((events & ~test->plugin->wants) == 0);
    assert_true((needs & ~test->plugin->needs) == 0);
}

static bool
file_color(const SsHost *host, SsFile *file)
{
    (void)file;
    return test_of(host)->color;
}

static unsigned
file_width(const SsHost *host, SsFile *file)
{
    (void)file;
    return test_of(host)->width;
}

static void
report(const SsHost *host, const SsEvent *cause, const SsFindingKind *kind, const char *summary,
       const void *detail, const uint64_t *frames, size_t n_frames, uint64_t message)
{
    SsTestHost *test = test_of(host);
    SsTestFinding *finding = g_new0(SsTestFinding, 1);
    bool is_own = false;

    assert_non_null(cause);
    for (const SsFindingKind *own = test->plugin->findings; own && own->id; own++) {
        is_own |= own == kind;
    }
    assert_true(is_own);
    assert_true(g_utf8_validate(summary, -1, NULL));
    finding->kind = kind;
    finding->summary = g_strdup(summary);
    finding->detail = detail ? g_memdup2(detail, kind->detail_size) : NULL;
    finding->frames = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    g_array_append_vals(finding->frames, frames, (guint)n_frames);
    finding->message = message;
    g_ptr_array_add(test->findings, finding);
}

static void
finding_free(void *data)
{
    SsTestFinding *finding = data;

    g_free(finding->summary);
    g_free(finding->detail);
    g_array_unref(finding->frames);
    g_free(finding);
}

static SsFile *
file_open(const SsHost *host, const char *dest, char *err, size_t errlen)
{
    (void)dest, (void)err, (void)errlen;
    return (SsFile *)test_of(host);
}

static bool
file_write(const SsHost *host, SsFile *file, const void *bytes, size_t len)
{
    SsTestHost *test = test_of(host);

    (void)file;
    if (test->fails_writing) {
        return false;
    }
    g_string_append_len(test->out, bytes, (gssize)len);
    return true;
}

static bool
file_flush(const SsHost *host, SsFile *file)
{
    (void)file;
    test_of(host)->flushes++;
    return true;
}

static bool
file_close(const SsHost *host, SsFile *file)
{
    (void)host, (void)file;
    return true;
}

static void
text_safe(const SsHost *host, SsSlice text, void (*put)(void *to, const char *s, size_t len),
          void *to)
{
    (void)host;
    while (text.len) {
        gunichar c = g_utf8_get_char_validated((const char *)text.data, (gssize)text.len);
        size_t len = 1;
        if (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c < 0x110000) {
            len = (size_t)g_unichar_to_utf8(c, NULL);
            put(to, (const char *)text.data, len);
        } else {
            len = c >= 0x80 && c < 0xa0 ? 2 : 1;
            for (size_t i = 0; i < len; i++) {
                char hex[5];
                g_snprintf(hex, sizeof hex, "\\x%02x", text.data[i]);
                put(to, hex, 4);
            }
        }
        text = ss_slice_from(text, len);
    }
}

static void
fail_told(const SsHost *host, const char *what)
{
    SsTestHost *test = test_of(host);

    g_free(test->failure);
    test->failure = g_strdup(what);
}

static void
blame_options(const SsHost *host)
{
    test_of(host)->is_blamed = true;
}

/* What JSON says is tested elsewhere: here only that it was asked for. */
static SsSlice
event_json(const SsHost *host, const SsEvent *event)
{
    (void)host, (void)event;
    return SS_SLICE("{}");
}

static void
tell(const SsHost *host, const char *what)
{
    g_string_append_printf(test_of(host)->told, "%s\n", what);
}

SsTestHost *
ss_test_host_new(const SsPlugin *plugin)
{
    SsTestHost *test = g_new0(SsTestHost, 1);

    assert_int_equal(plugin->abi, SS_PLUGIN_ABI);
    assert_int_equal(plugin->size, sizeof *plugin);
    test->host = (SsHost){
        .abi = SS_PLUGIN_ABI,
        .size = sizeof test->host,
        .priv = test,
        .option_flag = option_flag,
        .option_count = option_count,
        .option_text = option_text,
        .want = want,
        .file_color = file_color,
        .file_width = file_width,
        .report = report,
        .file_open = file_open,
        .file_write = file_write,
        .file_flush = file_flush,
        .file_close = file_close,
        .text_safe = text_safe,
        .event_json = event_json,
        .fail = fail_told,
        .blame_options = blame_options,
        .tell = tell,
    };
    test->plugin = plugin;
    test->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    test->sessions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    test->findings = g_ptr_array_new_with_free_func(finding_free);
    test->out = g_string_new(NULL);
    test->told = g_string_new(NULL);
    test->width = 80;
    test->session = 1;
    test->start_ns = START_NS;
    return test;
}

void
ss_test_host_option(SsTestHost *test, const char *key, const char *value)
{
    g_hash_table_insert(test->options, g_strdup(key), g_strdup(value));
}

void
ss_test_host_open(SsTestHost *test)
{
    char err[256] = "";

    test->self = test->plugin->open(&test->host, err, sizeof err);
    if (!test->self) {
        fail_msg("open: %s", err);
    }
}

static void
session_gone(SsTestHost *test, void *state)
{
    if (test->plugin->session_free) {
        test->plugin->session_free(test->self, state);
    }
    g_free(state);
}

bool
ss_test_host_event(SsTestHost *test, const SsEvent *event)
{
    void *state = NULL;
    bool ok;

    if (!test->self) {
        ss_test_host_open(test);
    }
    if (!(test->plugin->wants &
          (SS_WANT(event->type) | (event->type == SS_EVENT_MESSAGE ? SS_WANT_REFUSALS : 0)))) {
        return true;
    }
    if (event->type == SS_EVENT_NOTE && test->plugin->notes &&
        !(test->plugin->notes & SS_NOTES(event->note.kind))) {
        return true;
    }
    if (event->session) {
        state = g_hash_table_lookup(test->sessions, &event->session);
        if (!state) {
            state = g_malloc0(test->plugin->session_state + 1);
            g_hash_table_insert(test->sessions, g_memdup2(&event->session, sizeof(uint64_t)),
                                state);
        }
    }
    ok = test->plugin->event(test->self, state, &test->host, event);
    if (event->type == SS_EVENT_SESSION) {
        g_hash_table_remove(test->sessions, &event->session);
        session_gone(test, state);
    }
    return ok;
}

void
ss_test_host_free(SsTestHost *test)
{
    GHashTableIter iter;
    void *state;

    if (!test) {
        return;
    }
    g_hash_table_iter_init(&iter, test->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &state)) {
        session_gone(test, state);
    }
    if (test->self && test->plugin->close) {
        test->plugin->close(test->self, &test->host);
    }
    g_hash_table_unref(test->sessions);
    g_hash_table_unref(test->options);
    g_ptr_array_unref(test->findings);
    g_string_free(test->out, TRUE);
    g_string_free(test->told, TRUE);
    g_free(test->failure);
    g_free(test);
}

const SsTestFinding *
ss_test_finding(const SsTestHost *test, size_t i)
{
    assert_true(i < test->findings->len);
    return g_ptr_array_index(test->findings, i);
}

bool
ss_test_found(const SsTestHost *test, const char *ids)
{
    g_autoptr(GString) found = g_string_new(NULL);

    for (size_t i = 0; i < test->findings->len; i++) {
        g_string_append_printf(found, "%s%s", i ? " " : "", ss_test_finding(test, i)->kind->id);
    }
    if (strcmp(found->str, ids) != 0) {
        print_error("found: %s\n", found->str);
        return false;
    }
    return true;
}

/* --- events --- */

static int64_t
ns_of(double ms)
{
    return (int64_t)(ms * 1e6 + (ms < 0 ? -0.5 : 0.5));
}

SsSlice
ss_test_slice(const char *text)
{
    return ss_slice_str(text);
}

SsEvent
ss_test_event(SsTestHost *test, SsEventType type, double at_ms)
{
    SsEvent event;

    memset(&event, 0, sizeof event);
    event.type = type;
    event.time_ns = test->start_ns + ns_of(at_ms);
    event.time_digits = 6;
    event.session = type == SS_EVENT_CAPTURE ? 0 : test->session;
    event.uid = event.session ? UINT64_C(0x5ca1ab1e00000000) + event.session : 0;
    event.frame = ++test->frame;
    return event;
}

static void
command(SsTestHost *test, double at_ms, const char *verb, const char *argument, bool is_pipelined)
{
    SsEvent event = ss_test_event(test, SS_EVENT_COMMAND, at_ms);

    event.command.verb = ss_slice_str(verb);
    event.command.argument = ss_slice_str(argument);
    event.command.pipelined = is_pipelined;
    assert_true(ss_test_host_event(test, &event));
}

void
ss_test_command(SsTestHost *test, double at_ms, const char *verb, const char *argument)
{
    command(test, at_ms, verb, argument, false);
}

void
ss_test_pipelined(SsTestHost *test, double at_ms, const char *verb, const char *argument)
{
    command(test, at_ms, verb, argument, true);
}

void
ss_test_reply(SsTestHost *test, double at_ms, uint64_t code, const char *enhanced,
              const char *lines, const char *to, double latency_ms)
{
    SsEvent event = ss_test_event(test, SS_EVENT_REPLY, at_ms);
    g_auto(GStrv) split = g_strsplit(lines, "\n", -1);
    size_t n = g_strv_length(split);
    g_autofree SsSlice *slices = g_new0(SsSlice, n + 1);

    for (size_t i = 0; i < n; i++) {
        slices[i] = ss_slice_str(split[i]);
    }
    event.reply.code = code;
    event.reply.enhanced = ss_slice_str(enhanced);
    event.reply.lines = (SsList){slices, n, n};
    event.reply.to = ss_slice_str(to);
    event.reply.latency_ns = latency_ms < 0 ? SS_TIME_NONE : ns_of(latency_ms);
    assert_true(ss_test_host_event(test, &event));
}

SsEvent
ss_test_note(SsTestHost *test, SsNoteKind kind, double at_ms)
{
    SsEvent event = ss_test_event(test, SS_EVENT_NOTE, at_ms);

    event.note.kind = (int)kind;
    event.note.first_ns = SS_TIME_NONE;
    return event;
}

SsEvent
ss_test_message(SsTestHost *test, double at_ms, SsOutcome outcome, SsStage stage)
{
    SsEvent event = ss_test_event(test, SS_EVENT_MESSAGE, at_ms);

    event.message.index = 1;
    event.message.time_ns = event.time_ns;
    event.message.transfer = stage == SS_STAGE_END ? SS_TRANSFER_DATA : -1;
    event.message.outcome = (int)outcome;
    event.message.stage = (int)stage;
    event.message.frames[0] = 1;
    event.message.frames[1] = event.frame;
    event.message.transfer_time_ns = SS_TIME_NONE;
    event.message.server_time_ns = SS_TIME_NONE;
    event.message.timing = (SsMessageTiming){
        SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE,
        SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE,
    };
    event.message.delays =
        (SsDelays){SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE};
    return event;
}

SsEvent
ss_test_auth(SsTestHost *test, double at_ms, const char *mechanism, const char *username,
             SsAuthOutcome outcome)
{
    SsEvent event = ss_test_event(test, SS_EVENT_AUTH, at_ms);

    event.auth.mechanism = ss_slice_str(mechanism);
    event.auth.username = ss_slice_str(username);
    event.auth.secret = SS_SLICE("********");
    event.auth.secret_kind = SS_SECRET_PASSWORD;
    event.auth.outcome = (int)outcome;
    event.auth.client = (SsEndpoint){SS_SLICE("192.0.2.10"), 40112};
    event.auth.server = (SsEndpoint){SS_SLICE("198.51.100.25"), 25};
    return event;
}

SsEvent
ss_test_session(SsTestHost *test, double end_ms, SsSessionState state)
{
    SsEvent event = ss_test_event(test, SS_EVENT_SESSION, end_ms);
    SsEventSession *session = &event.session_end;

    event.time_ns = test->start_ns; /* a session's time is its first packet's */
    session->time_ns = test->start_ns;
    session->end_ns = test->start_ns + ns_of(end_ms);
    session->duration_ns = ns_of(end_ms);
    session->client.at = (SsEndpoint){SS_SLICE("192.0.2.10"), 40112};
    session->server.at = (SsEndpoint){SS_SLICE("198.51.100.25"), 25};
    session->client.bytes = 100;
    session->server.bytes = 100;
    session->decrypted = -1;
    session->state = (int)state;
    session->from_start = true;
    session->frames[0] = 1;
    session->frames[1] = event.frame;
    session->timing = (SsSessionTiming){
        SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE,
        SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE,
        SS_TIME_NONE, SS_TIME_NONE, SS_TIME_NONE,
    };
    return event;
}
