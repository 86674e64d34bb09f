/*
 * The flow table against a naive model (naive.h). Conversations are made up, and captured badly;
 * what comes out of the table must be what the model has.
 *
 *   exact    segments of any extent, with other bytes, by every policy; each acknowledges what its
 *            sender has, so that the model knows at every step what must have come out
 *   causal   a conversation of two receivers, its packets mixed, lost, cut, resent; by the policy
 *            `first`. What comes out, and in which order, must be right; when is not asked
 *
 * `SS_MODEL_OPS` is the number of segments (2000000, a tenth with a sanitizer), `SS_MODEL_SEED` the
 * first seed.
 */
#include "dissect/flow.h"
#include "naive.h"

#include "tests/ss-test.h"

#ifndef DEFAULT_OPS
#define DEFAULT_OPS 2000000
#endif

#define STREAM_MAX 3000
#define REORDER_WINDOW 30

/* What may be wrong with a capture; any mixture of them is tried. */
typedef enum {
    REORDERS = 1 << 0,
    REPEATS = 1 << 1,
    CONFLICTS = 1 << 2,  /* a repeated byte is another one */
    LOSES = 1 << 3,      /* the capture, not the receiver */
    RESENDS = 1 << 4,    /* lost on the wire, so sent again */
    CUTS = 1 << 5,       /* by the snap length */
    IS_SMALL = 1 << 6,   /* hardly anything may be kept */
    IS_ONE_WAY = 1 << 7, /* the server's packets are not captured */
    HAS_STRAYS = 1 << 8, /* bytes before the start and far behind the end */
    CLOSES = 1 << 9,     /* both sides */
    ALL_FAULTS = (1 << 10) - 1,
} Fault;

/* A segment; `offset` and `ack` are in its direction's and in the other's stream. */
typedef struct {
    SsDirection direction;
    int64_t offset;
    size_t len;
    uint32_t cut;
    uint64_t ack;
    bool is_fin;
    uint8_t reading; /* not 0: other bytes than the first time */
    double place;
} Op;

typedef struct {
    SsStreamSink base;
    SsStreamFactory factory;
    Naive naive;
    SsFlowTable *table;
    SsConnection *connection;
    GRand *dice;
    GArray *ops; /* those fed so far are the packets from `first_frame` on */
    uint64_t first_frame, frame, bytes;
    uint32_t initial_seq[2];
    uint32_t seed;
    int faults; /* -1: exact */
    bool is_causal, has_conflict;
    bool is_closed;
} Run;

#define WRONG(run, what)                                                                           \
    fail_msg("seed %u, %s, faults %#x, policy %d, segment %" G_GUINT64_FORMAT ": %s", (run)->seed, \
             (run)->faults < 0 ? "exact" : "causal",                                               \
             (run)->faults < 0 ? 0 : (unsigned)(run)->faults, (int)(run)->naive.policy,            \
             (run)->frame - (run)->first_frame, (what))

#define CHECK(run, condition)         \
    do {                              \
        if (!(condition)) {           \
            WRONG((run), #condition); \
        }                             \
    } while (0)

static void
must(const Run *run, const char *wrong)
{
    if (wrong) {
        WRONG(run, wrong);
    }
}

/* --- what comes out --- */

/* A reply never comes before what it answers. A single byte given up as lost could be a FIN. */
static void
check_cause(const Run *run, SsDirection direction, const SsOrigin *origin)
{
    const NaiveHalf *half = &run->naive.half[direction];
    const NaiveHalf *other = &run->naive.half[ss_direction_other(direction)];
    const Op *op = &g_array_index(run->ops, Op, origin->frame - run->first_frame);
    bool may_miss = run->faults & (LOSES | IS_SMALL | CUTS);

    CHECK(run, op->direction == direction);
    CHECK(run, (int64_t)half->place <= op->offset + (int64_t)op->len);
    CHECK(run, !run->is_causal || other->place + may_miss >= MIN(op->ack, other->len));
}

static void
on_data(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Run *run = (Run *)self;

    must(run, naive_data(&run->naive, direction, bytes));
    check_cause(run, direction, origin);
}

static void
on_gap(SsStreamSink *self, SsDirection direction, uint64_t n, SsGapCause cause,
       const SsOrigin *origin)
{
    Run *run = (Run *)self;

    (void)cause;
    (void)origin;
    must(run, naive_gap(&run->naive, direction, n));
}

static void
on_conflict(SsStreamSink *self, SsDirection direction, const SsConflict *conflict)
{
    Run *run = (Run *)self;

    uint64_t acked = run->naive.half[direction].acked;

    must(run, naive_conflict(&run->naive, direction, conflict));
    run->has_conflict = true;
    if (run->faults < 0 &&
        (conflict->offset >= acked || conflict->offset + conflict->len <= acked)) {
        CHECK(run, conflict->is_late == (conflict->offset < acked));
    }
}

static void
on_close(SsStreamSink *self, SsCloseReason reason, SsDirection by)
{
    Run *run = (Run *)self;

    (void)reason;
    (void)by;
    CHECK(run, !run->is_closed);
    run->is_closed = true;
    for (int i = 0; i < 2; i++) {
        CHECK(run, run->connection->half[i].bytes == run->naive.half[i].delivered);
        /* Of a direction that was not captured, it is what was acknowledged. */
        CHECK(run, run->connection->half[i].packets == 0 ||
                       run->connection->half[i].missing_bytes == run->naive.half[i].missing);
    }
}

static const SsStreamSinkOps ops = {
    .data = on_data, .gap = on_gap, .conflict = on_conflict, .close = on_close};

static SsStreamSink *
open_run(SsStreamFactory *factory, SsConnection *connection)
{
    Run *run = (Run *)(void *)((char *)factory - G_STRUCT_OFFSET(Run, factory));

    CHECK(run, !run->connection);
    run->connection = connection;
    return &run->base;
}

/* --- what goes in --- */

static uint8_t
byte_of(SsDirection direction, int64_t offset, uint8_t reading)
{
    uint32_t x = (uint32_t)offset * 2654435761u + (uint32_t)direction * 97u;

    return (uint8_t)((x >> 24 ^ x >> 7) + reading);
}

static SsFlowBucket
feed(Run *run, SsDirection from, uint8_t flags, uint32_t seq, uint32_t ack, SsSlice bytes,
     uint32_t cut)
{
    static const SsAddress ends[2] = {{.bytes = {192, 0, 2, 1}, .port = 40000},
                                      {.bytes = {192, 0, 2, 25}, .port = 25}};
    SsSegment segment = {
        .family = 4,
        .from = ends[from],
        .to = ends[ss_direction_other(from)],
        .seq = seq,
        .ack = ack,
        .window = 65535,
        .flags = flags,
        .ttl = 64,
        .ip_id = (uint16_t)(run->frame + 1),
        .checksum = (uint16_t)(run->frame * 257),
        .payload = bytes,
        .cut = cut,
        .origin = {.frame = run->frame + 1,
                   .time_ns = (int64_t)(run->frame + 1) * 1000000,
                   .time_digits = 9},
    };

    run->frame++;
    run->bytes += bytes.len;
    return ss_flow_table_feed(run->table, &segment);
}

static void
handshake(Run *run)
{
    uint32_t client = run->initial_seq[SS_CLIENT], server = run->initial_seq[SS_SERVER];
    bool is_one_way = run->faults >= 0 && run->faults & IS_ONE_WAY;

    feed(run, SS_CLIENT, SS_TCP_SYN, client, 0, SS_SLICE_NULL, 0);
    if (!is_one_way) {
        feed(run, SS_SERVER, SS_TCP_SYN | SS_TCP_ACK, server, client + 1, SS_SLICE_NULL, 0);
    }
    feed(run, SS_CLIENT, SS_TCP_ACK, client + 1, server + 1, SS_SLICE_NULL, 0);
    run->first_frame = run->frame + 1;
}

/* To the model, then to the table. */
static void
feed_op(Run *run, const Op *op)
{
    SsDirection other = ss_direction_other(op->direction);
    g_autofree uint8_t *bytes = g_malloc(op->len + 1);
    SsSlice slice = ss_slice(bytes, op->len);
    NaiveHalf *acked = &run->naive.half[other];

    for (size_t i = 0; i < op->len; i++) {
        bytes[i] = byte_of(op->direction, op->offset + (int64_t)i, op->reading);
    }
    if (!run->is_closed) {
        acked->acked = MAX(acked->acked, MIN(op->ack, acked->len));
        naive_feed(&run->naive, op->direction, op->offset, slice, op->cut);
    }
    feed(run, op->direction,
         (uint8_t)(SS_TCP_ACK | (op->len ? SS_TCP_PSH : 0) | (op->is_fin ? SS_TCP_FIN : 0)),
         run->initial_seq[op->direction] + 1 + (uint32_t)op->offset,
         run->initial_seq[other] + 1 + (uint32_t)op->ack, slice, op->cut);
}

static bool
one_in(const Run *run, gint n)
{
    return g_rand_int_range(run->dice, 0, n) == 0;
}

static bool
has(const Run *run, Fault fault)
{
    return (run->faults & (int)fault) != 0;
}

static void
run_open(Run *run, uint32_t seed, int faults, SsOverlap policy)
{
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT, .overlap = policy};

    if (faults > 0 && faults & IS_SMALL) {
        options.limits.reorder = 1000; /* more than a segment, or nothing could ever wait */
    }
    run->base.ops = &ops;
    run->factory.open = open_run;
    run->dice = g_rand_new_with_seed(seed);
    run->ops = g_array_new(FALSE, FALSE, sizeof(Op));
    run->seed = seed;
    run->faults = faults;
    naive_init(&run->naive, policy);
    run->table = ss_flow_table_new(&options, &run->factory);
}

/* Everything has come out, and every packet and byte is in one bucket. */
static void
check_ledger(const Run *run)
{
    const SsFlowStats *stats = ss_flow_table_stats(run->table);
    uint64_t packets = 0, bytes = 0;

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += stats->packets[i];
        bytes += stats->bytes[i];
    }
    CHECK(run, packets == run->frame);
    CHECK(run, bytes == run->bytes);
    CHECK(run, stats->bytes[SS_FLOW_DELIVERED] ==
                   run->naive.half[0].delivered + run->naive.half[1].delivered);
    CHECK(run, (stats->bytes[SS_FLOW_CONFLICTING] != 0) == run->has_conflict);
}

static void
check_end(const Run *run, bool is_whole)
{
    for (int i = 0; i < 2; i++) {
        const NaiveHalf *half = &run->naive.half[i];
        CHECK(run, half->place == half->delivered + half->missing);
        for (uint64_t at = half->place; at < half->len; at++) {
            CHECK(run, half->state[at] != NAIVE_HELD);
        }
        CHECK(run, !is_whole || (half->place == half->len && half->missing == 0));
    }
}

static guint
run_close(Run *run, bool is_whole)
{
    guint n = run->ops->len;

    ss_flow_table_finish(run->table, run->frame);
    CHECK(run, run->is_closed);
    check_end(run, is_whole);
    check_ledger(run);
    ss_flow_table_free(run->table);
    naive_clear(&run->naive);
    g_array_unref(run->ops);
    g_rand_free(run->dice);
    return n;
}

/* --- exact --- */

#define SEGMENT_MAX 60 /* so that all of a conflict is shown */

static void
feed_exact(Run *run, Op op)
{
    SsDirection other = ss_direction_other(op.direction);
    uint64_t has_got = run->naive.half[other].place;
    uint64_t next[2];

    /* Acknowledgements may be old ones. */
    op.ack = one_in(run, 8) ? has_got - (uint64_t)g_rand_double_range(run->dice, 0, (double)has_got)
                            : has_got;
    g_array_append_val(run->ops, op);
    feed_op(run, &op);
    for (int i = 0; i < 2; i++) {
        next[i] = naive_next(&run->naive, (SsDirection)i);
        CHECK(run, run->naive.half[i].place == next[i]);
    }
}

/* Some bytes near what is missing, so that much of it waits and overlaps. */
static void
say_something(Run *run)
{
    SsDirection direction = one_in(run, 2) ? SS_CLIENT : SS_SERVER;
    NaiveHalf *half = &run->naive.half[direction];
    gint len = g_rand_int_range(run->dice, 1, one_in(run, 3) ? SEGMENT_MAX + 1 : 16);
    gint64 from = (gint64)half->place + g_rand_int_range(run->dice, -40, 120);
    Op op = {.direction = direction, .reading = one_in(run, 2) ? 0 : 1};

    if (one_in(run, 6)) {
        from = (gint64)half->place; /* what is waited for */
    }
    if (one_in(run, 12)) {
        from = (gint64)half->place - 1; /* a keep-alive, or what looks like one */
        len = g_rand_int_range(run->dice, 0, 3);
        op.reading = 2;
    }
    op.offset = CLAMP(from, -1, (gint64)half->len - len); /* not behind the end */
    op.len = (size_t)len;
    if (one_in(run, 10)) {
        op.len = 0; /* an acknowledgement alone */
        op.offset = (gint64)half->place;
    }
    feed_exact(run, op);
}

/* All that is still missing is sent, in order; or, else, stays missing. */
static void
say_the_rest(Run *run)
{
    for (int i = 0; i < 2; i++) {
        const NaiveHalf *half = &run->naive.half[i];
        while (half->place < half->len) {
            Op op = {.direction = (SsDirection)i, .offset = (int64_t)half->place};
            op.len = MIN(SEGMENT_MAX, (size_t)(half->len - half->place));
            feed_exact(run, op);
        }
    }
}

static void
say_fins(Run *run)
{
    for (int i = 0; i < 3; i++) {
        SsDirection direction = i == 1 ? SS_SERVER : SS_CLIENT;
        NaiveHalf *half = &run->naive.half[direction];
        NaiveHalf *other = &run->naive.half[ss_direction_other(direction)];
        Op op = {.direction = direction, .is_fin = i < 2};
        op.offset = (int64_t)half->len + (i == 2);
        op.ack = other->place + (i > 0 && other->place == other->len);
        g_array_append_val(run->ops, op);
        feed_op(run, &op);
    }
}

static bool
is_complete(const NaiveHalf *half)
{
    return half->place == half->len;
}

static guint
run_exact(uint32_t seed)
{
    g_autofree Run *run = g_new0(Run, 1);
    bool is_whole;
    gint n;

    run_open(run, seed, -1, (SsOverlap)(seed % SS_N_OVERLAPS));
    run->is_causal = true;
    for (int i = 0; i < 2; i++) {
        run->naive.half[i].len = (uint64_t)g_rand_int_range(run->dice, 100, STREAM_MAX);
        /* The numbers wrap within the stream, or near it. */
        run->initial_seq[i] = (uint32_t)(0 - g_rand_int_range(run->dice, -2, STREAM_MAX));
    }
    handshake(run);
    n = g_rand_int_range(run->dice, 10, 200);
    for (gint i = 0; i < n; i++) {
        say_something(run);
    }
    if (one_in(run, 2)) {
        say_the_rest(run);
    }
    is_whole = is_complete(&run->naive.half[0]) && is_complete(&run->naive.half[1]);
    must(run, naive_untold(&run->naive));
    if (one_in(run, 2)) {
        say_fins(run);
        CHECK(run, run->is_closed == is_whole);
    }
    return run_close(run, is_whole);
}

/* --- causal --- */

typedef struct {
    Run *run;
    uint64_t sent[2], got[2]; /* `got` by the receiver, without a hole */
} Talk;

static void
say(Talk *talk, SsDirection direction, int64_t offset, size_t len, uint8_t reading)
{
    Run *run = talk->run;
    Op op = {.direction = direction, .offset = offset, .len = len, .reading = reading};

    op.ack = talk->got[ss_direction_other(direction)];
    if (has(run, CUTS) && len && one_in(run, 8)) {
        op.cut = (uint32_t)g_rand_int_range(run->dice, 1, (gint)len + 1);
        op.len -= op.cut;
    }
    g_array_append_val(run->ops, op);
}

static void
say_again(Talk *talk, SsDirection direction)
{
    GRand *dice = talk->run->dice;
    uint64_t sent = talk->sent[direction];
    gint from, len;

    if (!sent) {
        return;
    }
    from = g_rand_int_range(dice, 0, (gint)sent);
    len = g_rand_int_range(dice, 1, MIN(100, (gint)sent - from) + 1);
    say(talk, direction, from, (size_t)len,
        has(talk->run, CONFLICTS) && one_in(talk->run, 2) ? 1 : 0);
}

static void
say_stray(Talk *talk, SsDirection direction)
{
    GRand *dice = talk->run->dice;
    int64_t offset = one_in(talk->run, 2)
                         ? -g_rand_int_range(dice, 1, 50)
                         : (INT64_C(1) << 30) + g_rand_int_range(dice, STREAM_MAX * 2, 1 << 30);
    gint most = offset < 0 ? (gint)-offset : 20;

    say(talk, direction, offset, (size_t)g_rand_int_range(dice, 1, most + 1), 1);
}

/* One side says something in segments of any size; the other may acknowledge in between. */
static void
take_turn(Talk *talk, SsDirection direction, size_t len)
{
    Run *run = talk->run;
    SsDirection listener = ss_direction_other(direction);
    struct {
        uint64_t offset;
        size_t len;
    } lost[64];
    size_t n_lost = 0;
    uint64_t end = talk->sent[direction] + len;

    while (talk->sent[direction] < end) {
        size_t left = (size_t)(end - talk->sent[direction]);
        size_t n = MIN(left, (size_t)g_rand_int_range(run->dice, 1, one_in(run, 4) ? 300 : 30));
        uint64_t offset = talk->sent[direction];

        talk->sent[direction] += n;
        if (has(run, RESENDS) && n_lost < G_N_ELEMENTS(lost) && one_in(run, 10)) {
            lost[n_lost].offset = offset;
            lost[n_lost++].len = n;
            continue;
        }
        if (!n_lost) {
            talk->got[direction] = talk->sent[direction];
        }
        say(talk, direction, (int64_t)offset, n, 0);
        if (has(run, REPEATS) && one_in(run, 6)) {
            say_again(talk, direction);
        }
        if (has(run, HAS_STRAYS) && one_in(run, 10)) {
            say_stray(talk, direction);
        }
        if (one_in(run, 5)) {
            say(talk, listener, (int64_t)talk->sent[listener], 0, 0);
        }
    }
    for (size_t i = 0; i < n_lost; i++) {
        talk->got[direction] = i + 1 < n_lost ? lost[i + 1].offset : end;
        say(talk, direction, (int64_t)lost[i].offset, lost[i].len, 0);
    }
}

static gint
compare_places(gconstpointer a, gconstpointer b)
{
    double x = ((const Op *)a)->place, y = ((const Op *)b)->place;

    return x < y ? -1 : x > y;
}

/* What the capture makes of it. */
static void
capture(Run *run)
{
    for (guint i = 0; i < run->ops->len; i++) {
        Op *op = &g_array_index(run->ops, Op, i);
        op->place = i;
        if (has(run, REORDERS) && one_in(run, 3)) {
            op->place += g_rand_double_range(run->dice, 0, REORDER_WINDOW);
        }
    }
    g_array_sort(run->ops, compare_places);
    for (guint i = run->ops->len; i-- > 0;) {
        const Op *op = &g_array_index(run->ops, Op, i);
        if ((has(run, LOSES) && one_in(run, 12)) ||
            (has(run, IS_ONE_WAY) && op->direction == SS_SERVER)) {
            g_array_remove_index(run->ops, i);
        }
    }
}

static void
talk_make(Talk *talk)
{
    Run *run = talk->run;
    size_t turns = (size_t)g_rand_int_range(run->dice, 1, 12);

    for (size_t i = 0; i < turns; i++) {
        take_turn(talk, one_in(run, 2) ? SS_CLIENT : SS_SERVER,
                  (size_t)g_rand_int_range(run->dice, 1, STREAM_MAX / (gint)turns));
    }
    if (has(run, CLOSES)) {
        Op fins[] = {
            {.direction = SS_CLIENT, .is_fin = true, .ack = talk->sent[SS_SERVER]},
            {.direction = SS_SERVER, .is_fin = true, .ack = talk->sent[SS_CLIENT] + 1},
            {.direction = SS_CLIENT, .ack = talk->sent[SS_SERVER] + 1},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(fins); i++) {
            fins[i].offset = (int64_t)talk->sent[fins[i].direction] + (i == 2);
            g_array_append_val(run->ops, fins[i]);
        }
    }
    capture(run);
}

static guint
run_causal(uint32_t seed, int faults)
{
    g_autofree Run *run = g_new0(Run, 1);
    Talk talk = {.run = run};
    bool is_whole = !(faults & (LOSES | CUTS | IS_SMALL | IS_ONE_WAY));

    run_open(run, seed, faults, SS_OVERLAP_FIRST);
    /* A byte whose later copy comes first waits for more than it had to. */
    run->is_causal = !(faults & (REPEATS | HAS_STRAYS | IS_ONE_WAY));
    talk_make(&talk);
    for (int i = 0; i < 2; i++) {
        /* A FIN's number may count as a lost byte behind other lost ones. */
        run->naive.half[i].len = talk.sent[i] + ((faults & LOSES) && (faults & CLOSES));
        run->initial_seq[i] =
            (uint32_t)(0 - g_rand_int_range(run->dice, -2, (gint)talk.sent[i] + 4));
    }
    handshake(run);
    for (guint i = 0; i < run->ops->len; i++) {
        feed_op(run, &g_array_index(run->ops, Op, i));
    }
    /* With little room, the memory of what was given on is as short; cut or lost packets may have
     * been the other reading. */
    if (!(faults & (IS_SMALL | LOSES | CUTS))) {
        must(run, naive_untold(&run->naive));
    }
    /* An acknowledgement that was overtaken by a later one speaks against what that one claims. */
    if (is_whole && run->is_causal && (faults & CLOSES) && !(faults & REORDERS)) {
        CHECK(run, run->is_closed);
    }
    return run_close(run, is_whole);
}

/* --- */

static guint64
number_of_environment(const char *name, guint64 fallback)
{
    const char *value = g_getenv(name);

    return value ? g_ascii_strtoull(value, NULL, 10) : fallback;
}

static void
test_random(void **state)
{
    guint64 budget = number_of_environment("SS_MODEL_OPS", DEFAULT_OPS);
    uint32_t seed = (uint32_t)number_of_environment("SS_MODEL_SEED", 1);
    guint64 done = 0;

    (void)state;
    print_message("first seed %u, %" G_GUINT64_FORMAT " segments\n", seed, budget);
    for (; done < budget; seed++) {
        uint32_t bits = seed * 2654435761u >> 7;
        int faults = (int)(bits & ALL_FAULTS);
        /* All faults at once hide each other: mostly two or three. */
        if (bits >> 12 & 1) {
            faults &= (int)(bits >> 13);
        }
        done += run_exact(seed) + 1;
        done += run_causal(seed, faults) + 1;
    }
    print_message("last seed %u\n", seed - 1);
}

/* Each fault by itself, so that a failure says which. */
static void
test_single_faults(void **state)
{
    (void)state;
    for (int fault = 0; fault < ALL_FAULTS; fault = fault ? fault << 1 : 1) {
        for (uint32_t seed = 1; seed <= 30; seed++) {
            run_causal(seed, fault);
            run_causal(seed, fault | REPEATS | CONFLICTS);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_faults),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
