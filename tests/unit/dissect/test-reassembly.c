/*
 * Reassembly against a model: an array of bytes for each direction and what is known of each. A
 * conversation is made up, cut into segments, and captured badly (mixed, repeated, lost, cut by the
 * snap length, with other bytes the second time); what reassembly gives must be what the model has.
 *
 * `SS_REASSEMBLY_OPS` is the number of segments (200000), `SS_REASSEMBLY_SEED` the first seed.
 */
#include "dissect/reassembly.h"

#include "tests/ss-test.h"

#define STREAM_MAX 3000
#define REORDER_WINDOW 30

/* What may be wrong with a capture; any mixture of them is tried. */
typedef enum {
    REORDERS = 1 << 0,
    REPEATS = 1 << 1,
    CONFLICTS = 1 << 2, /* a repeated byte is another one */
    LOSES = 1 << 3,     /* the capture, not the receiver */
    RESENDS = 1 << 4,   /* lost on the wire, so sent again */
    CUTS = 1 << 5,
    IS_SMALL = 1 << 6,   /* hardly anything may be kept */
    IS_ONE_WAY = 1 << 7, /* the server's packets are not captured */
    IS_DROPPED = 1 << 8, /* nothing is flushed at the end */
    HAS_STRAYS = 1 << 9, /* bytes before the start and far behind the end */
    CLOSES = 1 << 10,    /* both sides */
    ALL_FAULTS = (1 << 11) - 1,
} Fault;

/* A segment; `offset` and `ack` are in its direction's and in the other's stream. */
typedef struct {
    SsDirection direction;
    int64_t offset;
    size_t len;
    uint32_t cut;
    uint64_t ack;
    bool is_fin;
    uint8_t other; /* not 0: other bytes than the first time */
    double place;
} Op;

/* --- the model --- */

#define SEEN 1
#define CUT_OFF 2 /* by the snap length: told as missing, though it may still come */

typedef struct {
    uint8_t state[STREAM_MAX + 1];
    uint8_t value[STREAM_MAX + 1];
    size_t len;
    size_t
        end; /* with a FIN's number, where that may count as a lost byte behind other lost ones */
    size_t place; /* what was delivered or told as missing */
    uint64_t gaps;
} ModelHalf;

typedef struct {
    SsStreamSink base;
    ModelHalf half[2];
    GArray *ops;
    guint32 seed;
    int faults;
    guint at;
    uint64_t fed, repeated, refused;
    bool is_causal; /* the order of cause and effect can be kept */
} Model;

#define CHECK(model, condition)                                            \
    do {                                                                   \
        if (!(condition)) {                                                \
            fail_msg("seed %u, faults %#x, segment %u: %s", (model)->seed, \
                     (unsigned)(model)->faults, (model)->at, #condition);  \
        }                                                                  \
    } while (0)

static uint8_t
byte_of(SsDirection direction, int64_t offset, uint8_t other)
{
    uint32_t x = (uint32_t)offset * 2654435761u + (uint32_t)direction * 97u + other;

    return (uint8_t)(x >> 24 ^ x >> 7);
}

static void
model_data(SsStreamSink *sink, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Model *model = (Model *)sink;
    ModelHalf *half = &model->half[direction];
    const ModelHalf *other = &model->half[ss_direction_other(direction)];
    const Op *op = &g_array_index(model->ops, Op, origin->frame - 1);

    CHECK(model, bytes.len > 0);
    CHECK(model, half->place + bytes.len <= half->len);
    for (size_t i = 0; i < bytes.len; i++) {
        CHECK(model, half->state[half->place + i] & SEEN);
        CHECK(model, half->value[half->place + i] == bytes.data[i]);
    }
    half->place += bytes.len;
    CHECK(model, op->direction == direction);
    CHECK(model, (int64_t)half->place <= op->offset + (int64_t)op->len);
    if (model->is_causal) {
        /* A single byte given up as lost could be a FIN. */
        bool may_miss = model->faults & (LOSES | IS_SMALL | CUTS);
        CHECK(model, other->place + may_miss >= MIN(op->ack, other->len));
    }
}

static void
model_gap(SsStreamSink *sink, SsDirection direction, uint64_t n, SsGapCause cause,
          const SsOrigin *origin)
{
    (void)cause;
    Model *model = (Model *)sink;
    ModelHalf *half = &model->half[direction];

    (void)origin;
    CHECK(model, n > 0);
    CHECK(model, half->place + n <= half->end);
    for (uint64_t i = 0; i < n; i++) {
        uint8_t state = half->state[half->place + i];
        CHECK(model, !(state & SEEN) || state & CUT_OFF);
    }
    half->place += n;
    half->gaps += n;
}

static const SsStreamSinkOps model_ops = {.data = model_data, .gap = model_gap};

/* What the first reading of each byte is. */
static void
model_feed(Model *model, const Op *op)
{
    ModelHalf *half = &model->half[op->direction];

    model->fed += op->len;
    for (size_t i = 0; i < op->len; i++) {
        int64_t at = op->offset + (int64_t)i;
        if (at < 0 || at >= (int64_t)half->len) {
            model->refused++;
        } else if (at < (int64_t)half->place || half->state[at] & SEEN) {
            model->repeated++;
        } else {
            half->state[at] |= SEEN;
            half->value[at] = byte_of(op->direction, at, op->other);
        }
    }
    for (uint32_t i = 0; i < op->cut; i++) {
        int64_t at = op->offset + (int64_t)op->len + i;
        if (at >= 0 && at < (int64_t)half->len && !(half->state[at] & SEEN)) {
            half->state[at] |= CUT_OFF;
        }
    }
}

/* --- the conversation --- */

typedef struct {
    GRand *dice;
    GArray *ops;
    int faults;
    uint64_t sent[2], got[2]; /* `got` by the receiver, without a hole */
} Talk;

static bool
one_in(Talk *talk, gint n)
{
    return g_rand_int_range(talk->dice, 0, n) == 0;
}

static bool
has(const Talk *talk, Fault fault)
{
    return (talk->faults & (int)fault) != 0;
}

static void
say(Talk *talk, SsDirection direction, int64_t offset, size_t len, uint8_t other)
{
    Op op = {.direction = direction, .offset = offset, .len = len, .other = other};
    uint64_t known = talk->got[ss_direction_other(direction)];

    /* An acknowledgement may be late, but it never goes back behind what was answered. */
    op.ack = known;
    if (has(talk, CUTS) && len && one_in(talk, 8)) {
        op.cut = (uint32_t)g_rand_int_range(talk->dice, 1, (gint)len + 1);
        op.len -= op.cut;
    }
    g_array_append_val(talk->ops, op);
}

static void
say_again(Talk *talk, SsDirection direction)
{
    uint64_t sent = talk->sent[direction];
    gint from, len;

    if (!sent) {
        return;
    }
    from = g_rand_int_range(talk->dice, 0, (gint)sent);
    len = g_rand_int_range(talk->dice, 1, MIN(100, (gint)sent - from) + 1);
    say(talk, direction, from, (size_t)len, has(talk, CONFLICTS) && one_in(talk, 2) ? 1 : 0);
}

static void
say_stray(Talk *talk, SsDirection direction)
{
    static const int64_t far = INT64_C(1) << 30;
    int64_t offset = one_in(talk, 2) ? -g_rand_int_range(talk->dice, 1, 50)
                                     : far + g_rand_int_range(talk->dice, STREAM_MAX * 2, 1 << 30);

    gint most = offset < 0 ? (gint)(-offset + (int64_t)talk->sent[direction]) : 20;

    say(talk, direction, offset, (size_t)g_rand_int_range(talk->dice, 1, most + 1), 1);
}

/* One side says something in segments of any size; the other may acknowledge in between. */
static void
take_turn(Talk *talk, SsDirection direction, size_t len)
{
    SsDirection listener = ss_direction_other(direction);
    struct {
        uint64_t offset;
        size_t len;
    } lost[64];
    size_t n_lost = 0;
    uint64_t end = talk->sent[direction] + len;

    while (talk->sent[direction] < end) {
        size_t left = (size_t)(end - talk->sent[direction]);
        size_t most = (size_t)g_rand_int_range(talk->dice, 1, one_in(talk, 4) ? 300 : 30);
        size_t n = MIN(left, most);
        uint64_t offset = talk->sent[direction];

        talk->sent[direction] += n;
        if (has(talk, RESENDS) && n_lost < G_N_ELEMENTS(lost) && one_in(talk, 10)) {
            lost[n_lost].offset = offset;
            lost[n_lost++].len = n;
            continue;
        }
        if (!n_lost) {
            talk->got[direction] = talk->sent[direction];
        }
        say(talk, direction, (int64_t)offset, n, 0);
        if (has(talk, REPEATS) && one_in(talk, 6)) {
            say_again(talk, direction);
        }
        if (has(talk, HAS_STRAYS) && one_in(talk, 10)) {
            say_stray(talk, direction);
        }
        if (one_in(talk, 5)) {
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
capture(Talk *talk)
{
    for (guint i = 0; i < talk->ops->len; i++) {
        Op *op = &g_array_index(talk->ops, Op, i);
        op->place = i;
        if (has(talk, REORDERS) && one_in(talk, 3)) {
            op->place += g_rand_double_range(talk->dice, 0, REORDER_WINDOW);
        }
    }
    g_array_sort(talk->ops, compare_places);
    for (guint i = talk->ops->len; i-- > 0;) {
        const Op *op = &g_array_index(talk->ops, Op, i);
        if ((has(talk, LOSES) && one_in(talk, 12)) ||
            (has(talk, IS_ONE_WAY) && op->direction == SS_SERVER)) {
            g_array_remove_index(talk->ops, i);
        }
    }
}

static void
talk_make(Talk *talk)
{
    size_t turns = (size_t)g_rand_int_range(talk->dice, 1, 12);

    for (size_t i = 0; i < turns; i++) {
        SsDirection direction = one_in(talk, 2) ? SS_CLIENT : SS_SERVER;
        take_turn(talk, direction,
                  (size_t)g_rand_int_range(talk->dice, 1, STREAM_MAX / (gint)turns));
    }
    if (has(talk, CLOSES)) {
        Op fins[] = {
            {.direction = SS_CLIENT, .is_fin = true, .ack = talk->sent[SS_SERVER]},
            {.direction = SS_SERVER, .is_fin = true, .ack = talk->sent[SS_CLIENT] + 1},
            {.direction = SS_CLIENT, .ack = talk->sent[SS_SERVER] + 1},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(fins); i++) {
            fins[i].offset = (int64_t)talk->sent[fins[i].direction] + (i == 2);
            g_array_append_val(talk->ops, fins[i]);
        }
    }
    capture(talk);
}

/* --- both together --- */

typedef struct {
    SsReassemblyPool pool;
    SsReassembly reassembly;
    SsConnection connection;
    uint64_t memory, n_reorder;
    uint32_t initial_seq[2];
    SsReassemblyCount count;
} Rig;

static uint64_t
waiting_size(const SsHalf *half)
{
    return half->waiting ? half->waiting->size : 0;
}

static uint64_t
seen_again(const SsReassemblyCount *count)
{
    return count->repeated + count->conflicting + count->late + count->keep_alive;
}

static uint64_t
outside(const SsReassemblyCount *count)
{
    return count->refused + count->before_start + count->not_taken + count->after_fin;
}

static void
rig_feed(Rig *rig, SsDirection direction, SsSegment *segment)
{
    rig->connection.half[direction].packets++;
    rig->connection.last = segment->origin;
    segment->window = UINT16_MAX;
    ss_reassembly_feed(&rig->reassembly, direction, segment, 0, &rig->count);
}

static void
rig_handshake(Rig *rig, int faults)
{
    SsSegment syn = {.flags = SS_TCP_SYN, .seq = rig->initial_seq[SS_CLIENT]};
    SsSegment syn_ack = {.flags = SS_TCP_SYN | SS_TCP_ACK,
                         .seq = rig->initial_seq[SS_SERVER],
                         .ack = rig->initial_seq[SS_CLIENT] + 1};

    rig_feed(rig, SS_CLIENT, &syn);
    if (!(faults & IS_ONE_WAY)) {
        rig_feed(rig, SS_SERVER, &syn_ack);
    }
}

static void
rig_op(Rig *rig, const Op *op, guint number)
{
    SsDirection other = ss_direction_other(op->direction);
    g_autofree uint8_t *bytes = g_malloc(op->len ? op->len : 1);
    SsSegment segment = {
        .seq = rig->initial_seq[op->direction] + 1 + (uint32_t)op->offset,
        .ack = rig->initial_seq[other] + 1 + (uint32_t)op->ack,
        .flags = (uint8_t)(SS_TCP_ACK | (op->is_fin ? SS_TCP_FIN : 0)),
        .payload = ss_slice(bytes, op->len),
        .cut = op->cut,
        .origin = {.frame = number, .time_ns = (int64_t)number * 1000000, .time_digits = 9},
    };

    for (size_t i = 0; i < op->len; i++) {
        bytes[i] = byte_of(op->direction, op->offset + (int64_t)i, op->other);
    }
    rig_feed(rig, op->direction, &segment);
}

static uint64_t
waiting(const SsHalf *half)
{
    return half->waiting ? half->waiting->n : 0;
}

/* Everything there was has come out, but for what the capture lacked. */
static void
check_end(const Model *model, const Rig *rig)
{
    bool is_exact = !(model->faults & (LOSES | CUTS | IS_SMALL | IS_DROPPED));

    for (int i = 0; i < 2; i++) {
        const ModelHalf *half = &model->half[i];
        if ((model->faults & IS_ONE_WAY) && i == SS_SERVER) {
            CHECK(model, half->place == 0);
            continue;
        }
        if (is_exact) {
            CHECK(model, half->gaps == 0);
            CHECK(model, half->place == half->len);
        }
        CHECK(model, rig->connection.half[i].missing_bytes == half->gaps);
        CHECK(model, rig->connection.half[i].bytes + half->gaps == half->place);
        for (size_t at = half->place; !(model->faults & IS_DROPPED) && at < half->len; at++) {
            CHECK(model, !(half->state[at] & SEEN));
        }
    }
    if (is_exact && (model->faults & CLOSES) && !(model->faults & IS_ONE_WAY)) {
        CHECK(model, ss_reassembly_is_closed(&rig->reassembly));
    }
}

static guint
run_conversation(guint32 seed, int faults)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    g_autoptr(GArray) ops = g_array_new(FALSE, FALSE, sizeof(Op));
    g_autofree Model *model = g_new0(Model, 1);
    Talk talk = {.dice = dice, .ops = ops, .faults = faults};
    Rig rig = {0};
    uint64_t dropped = 0;
    /* More than a segment's worth, or nothing could ever wait. */
    uint64_t limit = faults & IS_SMALL ? 1000 : 4 << 20;

    talk_make(&talk);
    model->base.ops = &model_ops;
    model->ops = ops;
    model->seed = seed;
    model->faults = faults;
    /* A byte whose later copy comes first waits for more than it had to. */
    model->is_causal = !(faults & (REPEATS | HAS_STRAYS | IS_ONE_WAY));
    for (int i = 0; i < 2; i++) {
        model->half[i].len = talk.sent[i];
        model->half[i].end = talk.sent[i] + ((faults & LOSES) && (faults & CLOSES));
        /* The numbers wrap within the stream, or near it. */
        rig.initial_seq[i] = (uint32_t)(0 - g_rand_int_range(dice, -2, (gint)talk.sent[i] + 4));
    }
    ss_reassembly_pool_init(&rig.pool, SS_OVERLAP_FIRST, limit, &rig.n_reorder, &rig.memory);
    ss_reassembly_init(&rig.reassembly, &rig.connection, &model->base, &rig.pool);
    rig_handshake(&rig, faults);
    for (model->at = 0; model->at < ops->len; model->at++) {
        const Op *op = &g_array_index(ops, Op, model->at);
        uint64_t kept;

        model_feed(model, op);
        rig_op(&rig, op, model->at + 1);
        kept = waiting_size(&rig.reassembly.half[0]) + waiting_size(&rig.reassembly.half[1]);
        CHECK(model, rig.memory >= kept);
        CHECK(model, waiting_size(&rig.reassembly.half[0]) <= limit);
        CHECK(model, waiting_size(&rig.reassembly.half[1]) <= limit);
        for (int i = 0; i < 2; i++) {
            CHECK(model, rig.reassembly.half[i].next == model->half[i].place);
        }
    }
    if (!(faults & IS_DROPPED)) {
        ss_reassembly_flush(&rig.reassembly, &rig.count);
        CHECK(model, waiting(&rig.reassembly.half[0]) + waiting(&rig.reassembly.half[1]) == 0);
    }
    check_end(model, &rig);
    dropped = ss_reassembly_clear(&rig.reassembly);
    ss_reassembly_pool_clear(&rig.pool);
    ss_connection_drop_health(&rig.connection);
    CHECK(model, rig.memory == 0);
    CHECK(model, (faults & IS_DROPPED) || dropped == 0);
    CHECK(model, rig.count.delivered + seen_again(&rig.count) + outside(&rig.count) + dropped ==
                     model->fed);
    if (!(faults & CUTS)) {
        CHECK(model, seen_again(&rig.count) == model->repeated);
        CHECK(model, outside(&rig.count) == model->refused);
    }
    return ops->len;
}

static guint64
number_of_environment(const char *name, guint64 fallback)
{
    const char *value = g_getenv(name);

    return value ? g_ascii_strtoull(value, NULL, 10) : fallback;
}

static void
test_conversations(void **state)
{
    guint64 budget = number_of_environment("SS_REASSEMBLY_OPS", 200000);
    guint32 seed = (guint32)number_of_environment("SS_REASSEMBLY_SEED", 1);
    guint64 done = 0;

    (void)state;
    print_message("first seed %u, %" G_GUINT64_FORMAT " segments\n", seed, budget);
    while (done < budget) {
        g_autoptr(GRand) dice = g_rand_new_with_seed(seed ^ 0x5a5a5a5au);
        /* All faults at once hide each other: mostly two or three. */
        int faults = g_rand_int_range(dice, 0, ALL_FAULTS + 1);
        if (g_rand_boolean(dice)) {
            faults &= g_rand_int_range(dice, 0, ALL_FAULTS + 1);
        }
        done += run_conversation(seed++, faults) + 1;
    }
    print_message("last seed %u\n", seed - 1);
}

/* Each fault by itself, so that a failure says which. */
static void
test_single_faults(void **state)
{
    (void)state;
    for (int fault = 0; fault < ALL_FAULTS; fault = fault ? fault << 1 : 1) {
        for (guint32 seed = 1; seed <= 30; seed++) {
            run_conversation(seed, fault);
        }
    }
}

/* --- by hand --- */

typedef struct {
    SsStreamSink base;
    GString *said; /* of both directions; `[n]` is a gap */
} Story;

static void
story_data(SsStreamSink *sink, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Story *story = (Story *)sink;

    (void)origin;
    g_string_append_c(story->said, direction == SS_CLIENT ? '>' : '<');
    g_string_append_len(story->said, (const char *)bytes.data, (gssize)bytes.len);
}

static void
story_gap(SsStreamSink *sink, SsDirection direction, uint64_t n, SsGapCause cause,
          const SsOrigin *origin)
{
    (void)cause;
    Story *story = (Story *)sink;

    (void)origin;
    g_string_append_printf(story->said, "%c[%" G_GUINT64_FORMAT "]",
                           direction == SS_CLIENT ? '>' : '<', n);
}

static const SsStreamSinkOps story_ops = {.data = story_data, .gap = story_gap};

typedef struct {
    Rig rig;
    Story story;
    guint frame;
    int64_t now_ns;
} Hand;

static void
hand_init(Hand *hand)
{
    *hand = (Hand){.rig.initial_seq = {999, 4999}};
    hand->story.base.ops = &story_ops;
    hand->story.said = g_string_new(NULL);
    ss_reassembly_pool_init(&hand->rig.pool, SS_OVERLAP_FIRST, 4 << 20, &hand->rig.n_reorder,
                            &hand->rig.memory);
    ss_reassembly_init(&hand->rig.reassembly, &hand->rig.connection, &hand->story.base,
                       &hand->rig.pool);
    rig_handshake(&hand->rig, 0);
}

static void
hand_clear(Hand *hand)
{
    ss_reassembly_clear(&hand->rig.reassembly);
    ss_reassembly_pool_clear(&hand->rig.pool);
    ss_connection_drop_health(&hand->rig.connection);
    assert_int_equal(hand->rig.memory, 0);
    g_string_free(hand->story.said, TRUE);
}

/* `text` at `offset`, acknowledging `ack` of the other side. */
static void
hand_feed(Hand *hand, SsDirection direction, int64_t offset, const char *text, uint64_t ack,
          uint32_t cut, uint8_t flags)
{
    SsDirection other = ss_direction_other(direction);
    SsSegment segment = {
        .seq = hand->rig.initial_seq[direction] + 1 + (uint32_t)offset,
        .ack = hand->rig.initial_seq[other] + 1 + (uint32_t)ack,
        .flags = (uint8_t)(SS_TCP_ACK | flags),
        .payload = ss_slice(text, strlen(text)),
        .cut = cut,
        .origin = {.frame = ++hand->frame, .time_ns = hand->now_ns += 1000000, .time_digits = 9},
    };

    rig_feed(&hand->rig, direction, &segment);
}

static void
hand_expect(Hand *hand, const char *said)
{
    assert_string_equal(hand->story.said->str, said);
}

static void
test_first_reading_wins(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, 2, "cd", 0, 0, 0);
    hand_feed(&hand, SS_CLIENT, 0, "ABCDEF", 0, 0, 0);
    hand_expect(&hand, ">AB>cd>EF");
    hand_feed(&hand, SS_CLIENT, 0, "xxxxxxGH", 0, 0, 0);
    hand_expect(&hand, ">AB>cd>EF>GH");
    hand_feed(&hand, SS_CLIENT, 9, "jk", 0, 0, 0);
    hand_feed(&hand, SS_CLIENT, 13, "no", 0, 0, 0);
    hand_feed(&hand, SS_CLIENT, 8, "IJKLMNOP", 0, 0, 0);
    hand_expect(&hand, ">AB>cd>EF>GH>I>jk>LM>no>P");
    hand_clear(&hand);
}

static void
test_reply_waits_for_its_command(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_SERVER, 0, "250", 4, 0, 0);
    hand_expect(&hand, "");
    hand_feed(&hand, SS_CLIENT, 2, "OP", 0, 0, 0);
    hand_expect(&hand, "");
    hand_feed(&hand, SS_CLIENT, 0, "NO", 0, 0, 0);
    hand_expect(&hand, ">NO>OP<250");
    hand_clear(&hand);
}

static void
test_before_the_start_is_refused(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, -3, "xyzAB", 0, 0, 0);
    hand_expect(&hand, ">AB");
    assert_int_equal(hand.rig.count.before_start, 3);
    assert_int_equal(hand.rig.count.repeated, 0);
    assert_int_equal(hand.rig.connection.half[SS_CLIENT].retransmitted_bytes, 0);
    hand_clear(&hand);
}

/* A FIN takes a number; where it was not captured, no byte is missing for that. */
static void
test_lost_fin_is_no_gap(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, 0, "QUIT", 0, 0, 0);
    hand_feed(&hand, SS_SERVER, 0, "221", 5, 0, 0);
    hand_feed(&hand, SS_SERVER, 3, " bye", 5, 0, SS_TCP_FIN);
    ss_reassembly_advance(&hand.rig.reassembly, hand.now_ns + 2 * SS_NS_PER_S, &hand.rig.count);
    hand_expect(&hand, ">QUIT<221< bye");
    ss_reassembly_flush(&hand.rig.reassembly, &hand.rig.count);
    hand_expect(&hand, ">QUIT<221< bye");
    hand_clear(&hand);
}

/* One byte was lost after all. */
static void
test_lost_byte_is_a_gap(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, 0, "NOO", 0, 0, 0);
    hand_feed(&hand, SS_SERVER, 0, "250", 4, 0, 0);
    ss_reassembly_advance(&hand.rig.reassembly, hand.now_ns + 2 * SS_NS_PER_S, &hand.rig.count);
    hand_feed(&hand, SS_CLIENT, 4, "QUIT", 3, 0, 0);
    hand_feed(&hand, SS_SERVER, 3, "221", 8, 0, 0);
    ss_reassembly_advance(&hand.rig.reassembly, hand.now_ns + 4 * SS_NS_PER_S, &hand.rig.count);
    hand_expect(&hand, ">NOO<250>[1]>QUIT<221");
    hand_clear(&hand);
}

/* What the snap length took from one packet may come in another. */
static void
test_cut_bytes_may_come_later(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, 2, "cd", 0, 4, 0);
    hand_feed(&hand, SS_CLIENT, 5, "f", 0, 0, 0);
    hand_feed(&hand, SS_CLIENT, 0, "ab", 0, 0, 0);
    hand_expect(&hand, ">ab>cd>[1]>f>[2]");
    assert_int_equal(hand.rig.count.repeated, 0);
    hand_clear(&hand);
}

/* A repetition that overtakes what it repeats: the earlier of the two says what came before. */
static void
test_overtaken_by_its_repetition(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, 0, "NOOP", 3, 0, 0);
    hand_feed(&hand, SS_SERVER, 0, "250", 4, 0, 0);
    hand_expect(&hand, "");
    hand_feed(&hand, SS_CLIENT, 0, "NOOP", 0, 0, 0);
    hand_expect(&hand, ">NOOP<250");
    hand_clear(&hand);
}

static void
test_hole_is_given_up(void **state)
{
    Hand hand;

    (void)state;
    hand_init(&hand);
    hand_feed(&hand, SS_CLIENT, 0, "ab", 0, 0, 0);
    hand_feed(&hand, SS_CLIENT, 4, "ef", 0, 0, 0);
    /* Not acknowledged: the receiver waits for it too. */
    ss_reassembly_advance(&hand.rig.reassembly, hand.now_ns + 60 * SS_NS_PER_S, &hand.rig.count);
    hand_expect(&hand, ">ab");
    hand_feed(&hand, SS_SERVER, 0, "", 6, 0, 0);
    ss_reassembly_advance(&hand.rig.reassembly, hand.now_ns + SS_NS_PER_S / 2, &hand.rig.count);
    hand_expect(&hand, ">ab");
    ss_reassembly_advance(&hand.rig.reassembly, hand.now_ns + 60 * SS_NS_PER_S, &hand.rig.count);
    hand_expect(&hand, ">ab>[2]>ef");
    hand_clear(&hand);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_faults),
        cmocka_unit_test(test_conversations),
        cmocka_unit_test(test_first_reading_wins),
        cmocka_unit_test(test_reply_waits_for_its_command),
        cmocka_unit_test(test_before_the_start_is_refused),
        cmocka_unit_test(test_lost_fin_is_no_gap),
        cmocka_unit_test(test_lost_byte_is_a_gap),
        cmocka_unit_test(test_cut_bytes_may_come_later),
        cmocka_unit_test(test_overtaken_by_its_repetition),
        cmocka_unit_test(test_hole_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
