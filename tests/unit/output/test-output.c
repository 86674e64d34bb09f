/*
 * The output side as a whole, with plugins of the test's own.
 */
#include "tests/ss-test.h"

#include <glib/gstdio.h>

#include "base/limits.h"
#include "output/output-parts.h"
#include "tests/unit/output/fake-content.h"
#include "tests/unit/output/scratch.h"

/* What the plugins saw and did, in order. */
static GString *seen;
static int n_states_alive;

/* --- a sink --- */

static const SsOption recorder_options[] = {
    {.key = "events",
     .type = SS_OPTION_LIST,
     .fallback = "all",
     .choices = "all|session|message|finding|command",
     .help = "h"},
    {.key = "content", .type = SS_OPTION_FLAG, .fallback = "no", .help = "h"},
    {.key = "fail",
     .type = SS_OPTION_CHOICE,
     .fallback = "no",
     .choices = "no|open|options|event",
     .help = "h"},
    {.key = NULL},
};

static void *
recorder_open(const SsHost *host, char *err, size_t errlen)
{
    const char *events = host->option_text(host, "events");
    const char *fail = host->option_text(host, "fail");

    assert_true(host->abi == SS_PLUGIN_ABI && host->size == sizeof(SsHost));
    if (g_str_equal(fail, "options")) {
        host->blame_options(host);
    }
    if (g_str_equal(fail, "open") || g_str_equal(fail, "options")) {
        g_strlcpy(err, "it cannot work", errlen);
        return NULL;
    }
    host->want(host,
               g_str_equal(events, "all") ? UINT64_MAX
                                          : SS_WANT(ss_event_type_of_name(ss_slice_str(events))),
               host->option_flag(host, "content") ? UINT32_MAX : 0);
    return (void *)(uintptr_t)host;
}

static bool
recorder_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    int *n_events = session;

    assert_ptr_equal(self, host);
    assert_int_equal(session == NULL, event->session == 0);
    g_string_append(seen, ss_event_type_name(event->type));
    if (session) {
        n_states_alive += *n_events == 0;
        g_string_append_printf(seen, "#%d", ++*n_events);
    }
    if (event->type == SS_EVENT_FINDING) {
        g_string_append_printf(seen, ":%.*s@%d", (int)event->finding.summary.len,
                               (const char *)event->finding.summary.data, (int)event->frame);
    }
    for (size_t i = 0; event->type == SS_EVENT_SESSION && i < event->session_end.findings.n; i++) {
        const SsTally *tally = (const SsTally *)event->session_end.findings.items + i;
        g_string_append_printf(seen, ":%.*s=%d", (int)tally->key.len, (const char *)tally->key.data,
                               (int)tally->n);
    }
    if (event->type == SS_EVENT_MESSAGE && host->message_state(host, event)) {
        const GString *text = host->message_state(host, event);
        g_string_append_printf(seen, ":%s", text->str);
    }
    g_string_append_c(seen, ' ');
    if (g_str_equal(host->option_text(host, "fail"), "event")) {
        (host->fail)(host, "the disk is gone"); /* cmocka has a macro of that name */
        return false;
    }
    return true;
}

static bool
recorder_content(void *self, void **message, const SsHost *host, const SsChunk *chunk)
{
    GString *text = *message;

    (void)self;
    (void)host;
    if (!text) {
        text = *message = g_string_new(NULL);
    }
    if (chunk->kind == SS_CHUNK_DATA) {
        g_string_append_len(text, (const char *)chunk->bytes.data, (gssize)chunk->bytes.len);
    } else if (chunk->kind == SS_CHUNK_GAP) {
        g_string_append_printf(text, "(%d)", (int)chunk->gap);
    } else {
        g_string_append(text, chunk->whole ? "." : "!");
    }
    return true;
}

static bool
recorder_close(void *self, const SsHost *host)
{
    (void)self;
    (void)host;
    g_string_append(seen, "close ");
    return true;
}

static void
recorder_session_free(void *self, void *session)
{
    (void)self;
    assert_true(*(int *)session > 0);
    n_states_alive--;
    g_string_append(seen, "free ");
}

static void
recorder_message_free(void *self, void *message)
{
    (void)self;
    g_string_free(message, TRUE);
}

/* 100 bytes for each event, and at most 250 of a session. */
static size_t
recorder_session_cost(const void *self, const SsEvent *event, size_t session, size_t all)
{
    (void)self;
    (void)event;
    assert_true(session <= all);
    return MIN(100, 250 - session);
}

static const SsPlugin recorder = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "recorder",
    .summary = "notes what it gets",
    .options = recorder_options,
    .wants = SS_WANT_ALL_WRITTEN | SS_WANT(SS_EVENT_NOTE),
    .notes = SS_NOTES(SS_NOTE_CLOSED),
    .needs = SS_NEED_CONTENT,
    .session_state = sizeof(int),
    .open = recorder_open,
    .event = recorder_event,
    .content = recorder_content,
    .close = recorder_close,
    .session_free = recorder_session_free,
    .message_free = recorder_message_free,
    .dest = SS_DEST_NONE,
    .session_cost = recorder_session_cost,
};

/* --- a detector: a command VERB with argument TEXT makes a finding that says so --- */

static const SsFindingKind finder_kinds[] = {
    {.id = "test.command", .severity = SS_SEVERITY_LOW, .when = "a command came"},
    {.id = "test.session", .severity = SS_SEVERITY_INFO, .when = "a session ended"},
    {.id = NULL},
};

static void *
finder_open(const SsHost *host, char *err, size_t errlen)
{
    (void)err;
    (void)errlen;
    return (void *)(uintptr_t)host;
}

static bool
finder_event(void *self, void *session, const SsHost *host, const SsEvent *event)
{
    (void)self;
    (void)session;
    if (event->type == SS_EVENT_COMMAND) {
        g_autofree char *text =
            g_strndup((const char *)event->command.argument.data, event->command.argument.len);
        uint64_t frames[] = {event->frame};
        host->report(host, event, &finder_kinds[0], text, NULL, frames, 1,
                     g_ascii_strtoull(text, NULL, 10));
        memset(text, 'x', strlen(text)); /* all is copied */
    } else if (event->type == SS_EVENT_NOTE) {
        assert_int_equal(event->note.kind, SS_NOTE_GAP); /* it asks for no others */
    } else if (event->type == SS_EVENT_SESSION) {
        host->report(host, event, &finder_kinds[1], "end", NULL, NULL, 0, 0);
    } else if (event->type == SS_EVENT_CAPTURE) {
        host->report(host, event, &finder_kinds[1], "last", NULL, NULL, 0, 0);
    }
    return true;
}

static const SsPlugin finder = {
    .abi = SS_PLUGIN_ABI,
    .size = sizeof(SsPlugin),
    .name = "finder",
    .summary = "finds",
    .findings = finder_kinds,
    .wants = SS_WANT(SS_EVENT_COMMAND) | SS_WANT(SS_EVENT_SESSION) | SS_WANT(SS_EVENT_CAPTURE) |
             SS_WANT(SS_EVENT_NOTE) | SS_WANT_REFUSALS,
    .open = finder_open,
    .event = finder_event,
    .notes = SS_NOTES(SS_NOTE_GAP),
};

const SsPlugin *const ss_plugins_built_in[] = {&recorder, &finder, NULL};

/* --- the bench --- */

static SsOutput *
open_output(const SsOutputOptions *options, const char *first, const char *second)
{
    static const SsOutputOptions plain;
    g_autoptr(SsOutput) output = ss_output_new(options ? options : &plain);
    g_autoptr(GError) error = NULL;

    ss_output_add(output, first, &error);
    assert_null(error);
    if (second) {
        ss_output_add(output, second, &error);
        assert_null(error);
    }
    ss_output_open(output, &error);
    assert_null(error);
    return g_steal_pointer(&output);
}

static void
emit(SsOutput *output, const SsEvent *event)
{
    SsEventSink *sink = ss_output_sink(output);

    sink->emit(sink, event);
}

/* As many sessions as slots. */
static uint64_t
number_of(void **slot)
{
    return (uint64_t)(uintptr_t)slot;
}

static void
emit_command(SsOutput *output, uint64_t frame, void **slot, const char *argument)
{
    SsEvent event = {
        .type = SS_EVENT_COMMAND, .frame = frame, .session = number_of(slot), .slot = slot};

    event.command.verb = SS_SLICE("NOOP");
    event.command.argument = ss_slice_str(argument);
    emit(output, &event);
}

static void
emit_message(SsOutput *output, uint64_t frame, void **slot, uint64_t index, SsContent *content)
{
    SsEvent event = {
        .type = SS_EVENT_MESSAGE, .frame = frame, .session = number_of(slot), .slot = slot};

    event.message.index = index;
    event.message.content = content;
    emit(output, &event);
}

static void
emit_end(SsOutput *output, SsEventType type, uint64_t frame, void **slot)
{
    SsEvent event = {.type = type, .frame = frame, .session = number_of(slot), .slot = slot};

    emit(output, &event);
}

/* Sessions of which something is kept. */
static guint
n_kept(const SsOutput *output)
{
    return g_hash_table_size(output->delivery.kept);
}

static void
check_seen(const char *expected)
{
    assert_string_equal(seen->str, expected);
    g_string_truncate(seen, 0);
}

static void
close_output(SsOutput *output)
{
    g_autoptr(GError) error = NULL;

    ss_output_close(output, &error);
    assert_null(error);
    ss_output_free(output);
    assert_int_equal(n_states_alive, 0);
    assert_int_equal(fake_n_alive, 0);
}

static int
set_up(void **state)
{
    (void)state;
    seen = g_string_new(NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    g_string_free(seen, TRUE);
    return 0;
}

/* --- tests --- */

static void
test_findings_in_order(void **state)
{
    SsOutput *output = open_output(NULL, "recorder", NULL);
    void *slot = NULL;

    (void)state;
    emit_command(output, 1, &slot, "0 now");
    emit_command(output, 2, &slot, "2 later");
    emit_command(output, 2, &slot, "1 soon");
    emit_message(output, 3, &slot, 1, NULL);
    emit_command(output, 4, &slot, "1 after");
    emit_message(output, 5, &slot, 2, NULL);
    emit_command(output, 6, &slot, "3 never");
    emit_end(output, SS_EVENT_SESSION, 7, &slot);
    emit_end(output, SS_EVENT_CAPTURE, 7, NULL);
    ss_output_advance(output, 8);
    assert_null(slot);
    check_seen("command#1 finding#2:0 now@1 "
               "command#3 command#4 "
               "message#5 finding#6:1 soon@3 "
               "command#7 finding#8:1 after@4 "
               "message#9 finding#10:2 later@5 "
               "command#11 "
               "finding#12:end@7 finding#13:3 never@7 "
               "session#14:test.command=5:test.session=1 free "
               "finding:last@7 capture ");
    close_output(output);
    check_seen("close ");
}

/* Of messages there are only those with a refusal: a list of which have ended would have holes, and
 * grow with each of them. */
static void
test_counting_keeps_no_messages(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,events=session", NULL);
    void *slot = NULL;

    (void)state;
    emit_message(output, 1, &slot, 2, NULL);
    emit_message(output, 2, &slot, 4, NULL);
    ss_output_advance(output, 3);
    assert_int_equal(n_kept(output), 0);
    emit_command(output, 3, &slot, "4 of a message");
    emit_end(output, SS_EVENT_SESSION, 4, &slot);
    ss_output_advance(output, 5);
    check_seen("session#1:test.command=1:test.session=1 free ");
    close_output(output);
    check_seen("close ");
}

static void
test_findings_wait_for_their_frame(void **state)
{
    SsOutput *output = open_output(NULL, "recorder", NULL);
    void *slots[2] = {NULL, NULL};

    (void)state;
    emit_command(output, 1, &slots[0], "0 a");
    emit_message(output, 1, &slots[0], 1, NULL);
    emit_end(output, SS_EVENT_SESSION, 1, &slots[0]);
    emit_command(output, 1, &slots[1], "1 b");
    emit_message(output, 1, &slots[1], 1, NULL);
    emit_end(output, SS_EVENT_SESSION, 1, &slots[1]);
    close_output(output);
    check_seen("command#1 command#1 message#2 message#2 "
               "finding#3:0 a@1 finding#3:1 b@1 finding#4:end@1 finding#4:end@1 "
               "session#5:test.command=1:test.session=1 free "
               "session#5:test.command=1:test.session=1 free close ");
}

static void
test_findings_are_capped_and_counted(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,events=finding", "recorder,events=session");
    void *slot = NULL;
    int n_findings = 0;

    (void)state;
    for (uint64_t i = 1; i <= 3 * SS_FINDINGS_MAX; i++) {
        emit_command(output, i, &slot, "0 x");
    }
    emit_end(output, SS_EVENT_SESSION, 100, &slot);
    close_output(output);
    for (const char *at = seen->str; (at = strstr(at, ":0 x")); at++) {
        n_findings++;
    }
    assert_int_equal(n_findings, SS_FINDINGS_MAX);
    assert_non_null(strstr(seen->str, "session#1:test.command=30:test.session=1 "));
}

/* Messages that end out of their order. */
static void
test_held_out_of_order(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,events=finding", NULL);
    void *slot = NULL;

    (void)state;
    emit_command(output, 1, &slot, "3 c");
    emit_command(output, 1, &slot, "2 b");
    emit_command(output, 1, &slot, "1 a");
    emit_message(output, 2, &slot, 2, NULL);
    emit_message(output, 3, &slot, 1, NULL);
    emit_command(output, 4, &slot, "2 late");
    emit_message(output, 5, &slot, 3, NULL);
    emit_end(output, SS_EVENT_SESSION, 6, &slot);
    close_output(output);
    check_seen("finding#1:2 b@2 finding#2:1 a@3 finding#3:2 late@4 finding#4:3 c@5 "
               "finding#5:end@6 free close ");
}

/* A frame delivered in parts: findings still come behind the message. */
static void
test_findings_wait_in_a_burst(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,events=finding", "recorder,events=message");
    void *slot = NULL;

    (void)state;
    emit_command(output, 1, &slot, "early");
    for (int i = 0; i < 2 * SS_BURST_EVENTS; i++) {
        emit_command(output, 1, &slot, "later");
    }
    emit_message(output, 1, &slot, 1, NULL);
    assert_string_equal(seen->str, "");
    emit_end(output, SS_EVENT_SESSION, 1, &slot);
    ss_output_advance(output, 2);
    assert_true(g_str_has_prefix(seen->str, "message#1 finding#1:early@1 finding#2:later@1 "));
    g_string_truncate(seen, 0);
    close_output(output);
}

/* What is kept is counted as events come, delivered or not, and is given back with the session. */
static void
test_sessions_are_charged(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,events=command", NULL);
    void *slots[2] = {NULL, NULL};
    uint64_t memory = 1000, begun;

    (void)state;
    ss_output_charge(output, &memory);
    emit_command(output, 1, &slots[0], "1 a");
    begun = memory;
    assert_in_range(begun, 1000 + 100 + sizeof(int), 1000 + 100 + 256);
    emit_command(output, 1, &slots[0], "1 b");
    assert_int_equal(memory, begun + 100);
    emit_command(output, 2, &slots[0], "1 c");
    emit_command(output, 2, &slots[0], "1 d");
    assert_int_equal(memory, begun + 150);
    emit_command(output, 3, &slots[1], "1 e");
    assert_int_equal(memory, begun + 150 + (begun - 1000));
    emit_end(output, SS_EVENT_SESSION, 4, &slots[0]);
    assert_int_equal(memory, begun);
    emit_end(output, SS_EVENT_SESSION, 4, &slots[1]);
    assert_int_equal(memory, 1000);
    assert_int_equal(output->charge.all, 0);
    ss_output_charge(output, NULL);
    close_output(output);
}

/* A note that nobody takes leaves nothing behind. */
static void
test_notes_by_kind(void **state)
{
    SsOutput *output = open_output(NULL, "recorder", NULL);
    void *slot = NULL;
    SsEvent event = {.type = SS_EVENT_NOTE, .frame = 1, .session = number_of(&slot), .slot = &slot};

    (void)state;
    event.note.kind = SS_NOTE_CONNECTED;
    emit(output, &event);
    assert_int_equal(output->queue.n_put, 0);
    event.note.kind = SS_NOTE_GAP;
    emit(output, &event);
    assert_int_equal(output->queue.n_put, 1);
    ss_output_advance(output, 2);
    check_seen("");
    assert_int_equal(n_kept(output), 0); /* the finder got it, and remembers nothing */
    event.frame = 2;
    event.note.kind = SS_NOTE_CLOSED; /* the finder asks for no such thing */
    emit(output, &event);
    emit_end(output, SS_EVENT_SESSION, 2, &slot);
    ss_output_advance(output, 3);
    check_seen("note#1 finding#2:end@2 session#3:test.session=1 free ");
    close_output(output);
}

static void
test_what_is_asked_for(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,events=command", NULL);

    (void)state;
    /* No findings, no sessions: no detector; the session's end frees what is kept of it. */
    assert_true(ss_output_sink(output)->wants ==
                (SS_WANT(SS_EVENT_COMMAND) | SS_WANT(SS_EVENT_SESSION)));
    assert_int_equal(ss_output_plan(output)->needs, 0);
    assert_null(ss_output_plan(output)->tap);
    close_output(output);

    output = open_output(NULL, "recorder,events=finding,content=yes", NULL);
    assert_true(ss_output_sink(output)->wants ==
                (SS_WANT(SS_EVENT_FINDING) | SS_WANT(SS_EVENT_COMMAND) | SS_WANT(SS_EVENT_MESSAGE) |
                 SS_WANT(SS_EVENT_SESSION) | SS_WANT(SS_EVENT_CAPTURE) | SS_WANT(SS_EVENT_NOTE) |
                 SS_WANT_REFUSALS));
    assert_int_equal(ss_output_plan(output)->needs, SS_NEED_CONTENT);
    assert_non_null(ss_output_plan(output)->tap);
    close_output(output);

    output = open_output(NULL, "recorder,events=finding", "finder,enabled=no");
    assert_true(ss_output_sink(output)->wants ==
                (SS_WANT(SS_EVENT_FINDING) | SS_WANT(SS_EVENT_SESSION)));
    close_output(output);
}

static SsContent *
feed(SsOutput *output)
{
    SsContent *content = ss_content_new(ss_output_plan(output), 1, 1);

    ss_content_data(content, SS_SLICE("one "));
    ss_content_gap(content, 7);
    ss_content_data(content, SS_SLICE("two"));
    ss_content_end(content, true);
    return content;
}

static void
test_content(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,content=yes", "recorder,events=session");
    void *slot = NULL;

    (void)state;
    emit_message(output, 1, &slot, 1, feed(output));
    emit_end(output, SS_EVENT_SESSION, 2, &slot);
    close_output(output);
    check_seen("message#1:one (7)two. finding#2:end@2 session#3:test.session=1 "
               "session#1:test.session=1 free free close close ");
}

static void
test_content_limit(void **state)
{
    static const struct {
        uint64_t limit;
        const char *seen;
    } cases[] = {
        {7, "message#1:one (7)two. finding#2:end@2 session#3:test.session=1 free close "},
        {6, "message#1:one (7)tw! finding#2:end@2 session#3:test.session=1 free close "},
        {4, "message#1:one (7)! finding#2:end@2 session#3:test.session=1 free close "},
        {1, "message#1:o(7)! finding#2:end@2 session#3:test.session=1 free close "},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SsOutputOptions options = {.message_limit = cases[i].limit, .verbosity = -1};
        SsOutput *output = open_output(&options, "recorder,content=yes", NULL);
        void *slot = NULL;

        emit_message(output, 1, &slot, 1, feed(output));
        emit_end(output, SS_EVENT_SESSION, 2, &slot);
        close_output(output);
        check_seen(cases[i].seen);
    }
}

static void
test_open_fails(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    g_autoptr(SsOutput) other = ss_output_new(&options);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(ss_output_add(output, "recorder,fail=open", NULL));
    assert_false(ss_output_open(output, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN));
    assert_string_equal(error->message, "recorder: it cannot work");
    g_clear_error(&error);
    assert_true(ss_output_add(other, "recorder", NULL));
    assert_true(ss_output_add(other, "recorder,fail=options", NULL));
    assert_false(ss_output_open(other, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_USAGE));
}

static void
test_one_fails(void **state)
{
    SsOutput *output = open_output(NULL, "recorder,fail=event,events=command", NULL);
    g_autoptr(GError) error = NULL;
    void *slot = NULL;

    (void)state;
    assert_false(ss_output_is_done(output));
    emit_command(output, 1, &slot, "a");
    emit_command(output, 2, &slot, "b");
    emit_command(output, 3, &slot, "c");
    assert_true(ss_output_is_done(output));
    emit_end(output, SS_EVENT_SESSION, 4, &slot);
    assert_false(ss_output_close(output, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_WRITE));
    assert_string_equal(error->message, "recorder: the disk is gone");
    ss_output_free(output);
    check_seen("command#1 free close ");
}

static GString *printed;

static void
note_printed(const char *text)
{
    g_string_append(printed, text);
}

static void
test_one_fails_and_another_goes_on(void **state)
{
    SsOutput *output =
        open_output(NULL, "recorder,fail=event,events=command", "recorder,events=command");
    GPrintFunc before = g_set_printerr_handler(note_printed);
    g_autoptr(GError) error = NULL;
    void *slot = NULL;

    (void)state;
    printed = g_string_new(NULL);
    emit_command(output, 1, &slot, "a");
    emit_command(output, 2, &slot, "b");
    assert_string_equal(printed->str, "smtpscope: recorder: the disk is gone\n");
    assert_false(ss_output_is_done(output));
    emit_end(output, SS_EVENT_SESSION, 4, &slot);
    assert_false(ss_output_close(output, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_TOLD));
    ss_output_free(output);
    assert_string_equal(printed->str, "smtpscope: recorder: the disk is gone\n");
    check_seen("command#1 command#1 command#2 free free close close ");
    g_set_printerr_handler(before);
    g_string_free(printed, TRUE);
}

/* --- loaded plugins --- */

static void
test_loaded(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    GPrintFunc before = g_set_printerr_handler(note_printed);
    char *folder = scratch_new();
    g_autofree char *path = scratch_path(folder, "out");
    g_autofree char *spec = g_strdup_printf("json:%s", path);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    void *slot = NULL;

    (void)state;
    printed = g_string_new(NULL);
    scratch_put(folder, "text.so", "no module");
    scratch_put(folder, "text.txt", "not looked at");
    assert_true(ss_output_load(output, folder, NULL));
    assert_non_null(strstr(printed->str, "text.so"));
    assert_null(strstr(printed->str, "text.txt"));
    assert_true(ss_output_load(output, g_getenv("SS_TEST_MODULES"), NULL));
    assert_non_null(strstr(printed->str, "empty.so': has no symbol ss_plugin\n"));
    assert_non_null(strstr(printed->str, "old.so': was made for another version of smtpscope\n"));
    assert_null(strstr(printed->str, "json.so"));
    assert_false(ss_output_load(output, path, &error));
    assert_true(g_error_matches(error, SS_OUTPUT_ERROR, SS_OUTPUT_ERROR_OPEN));

    assert_true(ss_output_add(output, spec, NULL));
    assert_true(ss_output_open(output, NULL));
    emit_message(output, 1, &slot, 1, NULL);
    emit_end(output, SS_EVENT_SESSION, 2, &slot);
    assert_true(ss_output_close(output, NULL));
    text = scratch_get(folder, "out");
    assert_non_null(strstr(text, "{\"type\":\"message\""));
    assert_non_null(strstr(text, "\n{\"type\":\"finding\""));
    assert_non_null(strstr(text, "\n{\"type\":\"session\""));
    scratch_free(folder);
    g_set_printerr_handler(before);
    g_string_free(printed, TRUE);
}

static void
test_list(void **state)
{
    static const SsOutputOptions options;
    g_autoptr(SsOutput) output = ss_output_new(&options);
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    (void)state;
    ss_output_list(output, to);
    fclose(to);
    assert_non_null(strstr(text, "\n  recorder\n      notes what it gets\n"));
    assert_non_null(strstr(text, "test.command (low): a command came"));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_findings_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counting_keeps_no_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_findings_wait_for_their_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_findings_are_capped_and_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_held_out_of_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_findings_wait_in_a_burst, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_notes_by_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sessions_are_charged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_content, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_content_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_open_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_fails_and_another_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_loaded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_list, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
