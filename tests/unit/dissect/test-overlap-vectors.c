/*
 * Overlap vectors: what comes out of the reassembly by each policy when segments overlap in every
 * way. 6 policies × 4 cases × 4 initial sequence numbers, each a test of its own. The expected
 * strings were worked out by hand from the published rules (see dissect/overlap.h).
 *
 *     offset   0         1         2         3
 *              0123456789012345678901234567890123456789
 *     first    .AAABBBCC.DDD.EEFFFF.GG..HHHIII.JJ.K.LLL
 *     again     aaabb ccc dd eee ff gggghh   ii jjjjj
 *
 * a: same extent; b: same start, shorter; c: same start, longer; d: same end, shorter; e: same end,
 * longer; f: enclosed; g: encloses; h: over the front; i: over the back; j: over three of them.
 * The byte at 0 is the hole that they wait for.
 */
#include "dissect/flow.h"

#include "tests/ss-test.h"

#define LEN 40

typedef enum {
    MAIN,   /* what was captured later overlaps what waits */
    BEFORE, /* all in the reverse order */
    SAME,   /* no two readings: nothing conflicts */
    AFTER,  /* the first reading had been given on when the second came */
    N_CASES,
} Case;

static const char *const case_names[N_CASES] = {"main", "before", "same", "after"};
static const char *const policy_names[SS_N_OVERLAPS] = {"first", "last",    "bsd",
                                                        "linux", "windows", "solaris"};
static const uint32_t initial_seqs[] = {0, 1, UINT32_MAX, UINT32_MAX - 10};

/* A letter that stands for its segment's bytes, from `start` on. */
typedef struct {
    char letter;
    uint8_t start, len;
} Piece;

static const Piece first_pieces[] = {
    {'A', 1, 3},  {'B', 4, 3},  {'C', 7, 2},  {'D', 10, 3}, {'E', 14, 2}, {'F', 16, 4},
    {'G', 21, 2}, {'H', 25, 3}, {'I', 28, 3}, {'J', 32, 2}, {'K', 35, 1}, {'L', 37, 3},
};
static const Piece second_pieces[] = {
    {'a', 1, 3},  {'b', 4, 2},  {'c', 7, 3},  {'d', 11, 2}, {'e', 13, 3},
    {'f', 17, 2}, {'g', 20, 4}, {'h', 24, 2}, {'i', 30, 2}, {'j', 33, 5},
};

#define N_FIRST G_N_ELEMENTS(first_pieces)
#define N_SECOND G_N_ELEMENTS(second_pieces)

/* The upper case ones come first, then the lower case ones, then the hole is filled. */
static const char *const expected_main[SS_N_OVERLAPS] = {
    [SS_OVERLAP_FIRST] = ".AAABBBCCcDDDeEEFFFFgGGghHHHIIIiJJjKjLLL",
    [SS_OVERLAP_LAST] = ".aaabbBcccDddeeeFffFgggghhHHIIiiJjjjjjLL",
    [SS_OVERLAP_BSD] = ".AAABBBCCcDDDeeeFFFFgggghhHHIIIiJJjjjjLL",
    [SS_OVERLAP_LINUX] = ".AAABBBcccDDDeeeFFFFgggghhHHIIIiJJjjjjLL",
    [SS_OVERLAP_WINDOWS] = ".AAABBBCCcDDDeeeFFFFgggghhHHIIIiJJjjjjLL",
    [SS_OVERLAP_SOLARIS] = ".aaaBBBcccDDDeeeFFFFgggghHHHIIiiJjjjjLLL",
};

/* All in the reverse order of capture: each that was the older is the newer. */
static const char *const expected_before[SS_N_OVERLAPS] = {
    [SS_OVERLAP_FIRST] = ".aaabbBcccDddeeeFffFgggghhHHIIiiJjjjjjLL",
    [SS_OVERLAP_LAST] = ".AAABBBCCcDDDeEEFFFFgGGghHHHIIIiJJjKjLLL",
    [SS_OVERLAP_BSD] = ".aaabbBcccDDDeeeFFFFgggghhHHIIIiJJjjjjLL",
    [SS_OVERLAP_LINUX] = ".aaaBBBcccDDDeeeFFFFgggghhHHIIIiJJjjjjLL",
    [SS_OVERLAP_WINDOWS] = ".aaabbBcccDDDeeeFFFFgggghhHHIIIiJJjjjjLL",
    [SS_OVERLAP_SOLARIS] = ".AAABBBcccDDDeeeFFFFgggghHHHIIiiJjjjjLLL",
};

/* The same bytes every time, so no policy makes a difference. */
static const char expected_same[] = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

/* The first reading was given on, and acknowledged, before the second came. */
static const char expected_after[] = ".AAABBBCC.DDD.EEFFFF.GG..HHHIII.JJ.K.LLL";

/* --- what reads the streams --- */

typedef struct {
    SsStreamSink base;
    SsStreamFactory factory;
    GString *text[2];
    uint64_t missing;
    unsigned n_conflicts, n_late;
    char said[LEN];  /* of the other reading, where a conflict was told; else 0 */
    char taken[LEN]; /* likewise */
} Reader;

static void
on_data(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    (void)origin;
    g_string_append_len(((Reader *)self)->text[direction], (const char *)bytes.data,
                        (gssize)bytes.len);
}

static void
on_gap(SsStreamSink *self, SsDirection direction, uint64_t n, SsGapCause cause,
       const SsOrigin *origin)
{
    (void)direction;
    (void)cause;
    (void)origin;
    ((Reader *)self)->missing += n;
}

static void
on_conflict(SsStreamSink *self, SsDirection direction, const SsConflict *conflict)
{
    Reader *reader = (Reader *)self;

    assert_int_equal(direction, SS_CLIENT);
    assert_true(conflict->len > 0);
    assert_true(conflict->offset + conflict->len <= LEN);
    assert_int_equal(conflict->taken.len, conflict->len);
    assert_int_equal(conflict->other.len, conflict->len);
    reader->n_conflicts++;
    reader->n_late += conflict->is_late;
    for (size_t i = 0; i < conflict->len; i++) {
        if (conflict->taken.data[i] != conflict->other.data[i]) {
            reader->taken[conflict->offset + i] = (char)conflict->taken.data[i];
            reader->said[conflict->offset + i] = (char)conflict->other.data[i];
        }
    }
}

static void
on_close(SsStreamSink *self, SsCloseReason reason, SsDirection by)
{
    (void)self;
    (void)reason;
    (void)by;
}

static const SsStreamSinkOps ops = {
    .data = on_data, .gap = on_gap, .conflict = on_conflict, .close = on_close};

static SsStreamSink *
open_reader(SsStreamFactory *factory, SsConnection *connection)
{
    (void)connection;
    return (SsStreamSink *)(void *)((char *)factory - G_STRUCT_OFFSET(Reader, factory));
}

/* --- the wire --- */

typedef struct {
    SsFlowTable *table;
    uint32_t seq[2]; /* of offset 0 */
    uint64_t frame, bytes;
} Wire;

static void
send_segment(Wire *wire, SsDirection from, uint8_t flags, uint32_t seq, uint32_t ack, SsSlice bytes)
{
    SsAddress ends[2] = {{.bytes = {192, 0, 2, 1}, .port = 40000},
                         {.bytes = {192, 0, 2, 25}, .port = 25}};
    SsSegment segment = {
        .family = 4,
        .from = ends[from],
        .to = ends[ss_direction_other(from)],
        .seq = seq,
        .ack = flags & SS_TCP_ACK ? ack : 0,
        .window = 8192,
        .flags = flags,
        .ttl = 64,
        .ip_id = (uint16_t)++wire->frame,
        .checksum = (uint16_t)(wire->frame * 257),
        .payload = bytes,
        .origin = {.frame = wire->frame,
                   .time_ns = (int64_t)wire->frame * 1000000,
                   .time_digits = 9},
    };

    wire->bytes += bytes.len;
    ss_flow_table_feed(wire->table, &segment);
}

static void
handshake(Wire *wire)
{
    send_segment(wire, SS_CLIENT, SS_TCP_SYN, wire->seq[SS_CLIENT] - 1, 0, SS_SLICE_NULL);
    send_segment(wire, SS_SERVER, SS_TCP_SYN | SS_TCP_ACK, wire->seq[SS_SERVER] - 1,
                 wire->seq[SS_CLIENT], SS_SLICE_NULL);
    send_segment(wire, SS_CLIENT, SS_TCP_ACK, wire->seq[SS_CLIENT], wire->seq[SS_SERVER],
                 SS_SLICE_NULL);
}

static void
send_bytes(Wire *wire, size_t start, const char *bytes, size_t len)
{
    send_segment(wire, SS_CLIENT, SS_TCP_ACK | SS_TCP_PSH, wire->seq[SS_CLIENT] + (uint32_t)start,
                 wire->seq[SS_SERVER], ss_slice(bytes, len));
}

/* With its letter, or with the bytes that everything has in the case `same`. */
static void
send_piece(Wire *wire, const Piece *piece, bool is_same)
{
    char bytes[LEN];

    memset(bytes, piece->letter, sizeof bytes);
    send_bytes(wire, piece->start, is_same ? expected_same + piece->start : bytes, piece->len);
}

static void
acknowledge(Wire *wire, uint32_t offset)
{
    send_segment(wire, SS_SERVER, SS_TCP_ACK, wire->seq[SS_SERVER], wire->seq[SS_CLIENT] + offset,
                 SS_SLICE_NULL);
}

/* The bytes that no piece has. */
static void
fill_between(Wire *wire, bool is_same)
{
    static const uint8_t empty[] = {9, 13, 20, 23, 24, 31, 34, 36};

    for (size_t i = 0; i < sizeof empty; i++) {
        send_bytes(wire, empty[i], is_same ? expected_same + empty[i] : ".", 1);
    }
}

/* Nothing could be given on so far; the hole's byte lets all of it go. */
static void
fill_hole(Wire *wire, const Reader *reader, bool is_same)
{
    assert_int_equal(reader->text[SS_CLIENT]->len, 0);
    send_bytes(wire, 0, is_same ? expected_same : ".", 1);
    acknowledge(wire, LEN);
}

static void
play(Wire *wire, const Reader *reader, Case which)
{
    switch (which) {
    case MAIN:
    case SAME:
        for (size_t i = 0; i < N_FIRST; i++) {
            send_piece(wire, &first_pieces[i], which == SAME);
        }
        for (size_t i = 0; i < N_SECOND; i++) {
            send_piece(wire, &second_pieces[i], which == SAME);
        }
        fill_hole(wire, reader, which == SAME);
        break;
    case BEFORE:
        for (size_t i = N_SECOND; i-- > 0;) {
            send_piece(wire, &second_pieces[i], false);
        }
        for (size_t i = N_FIRST; i-- > 0;) {
            send_piece(wire, &first_pieces[i], false);
        }
        fill_hole(wire, reader, false);
        break;
    case AFTER:
    default:
        for (size_t i = 0; i < N_FIRST; i++) {
            send_piece(wire, &first_pieces[i], false);
        }
        fill_between(wire, false);
        fill_hole(wire, reader, false);
        assert_int_equal(reader->text[SS_CLIENT]->len, LEN);
        for (size_t i = 0; i < N_SECOND; i++) {
            send_piece(wire, &second_pieces[i], false);
        }
        break;
    }
}

/* --- what must come of it --- */

/* Which bytes came twice, and with which letters. */
static void
mark_readings(Case which, char upper[LEN], char lower[LEN])
{
    memcpy(upper, expected_after, LEN);
    memset(lower, 0, LEN);
    for (size_t i = 0; i < N_SECOND; i++) {
        memset(lower + second_pieces[i].start, second_pieces[i].letter, second_pieces[i].len);
    }
    for (size_t i = 0; which != AFTER && i < LEN; i++) {
        if (upper[i] == '.') {
            upper[i] = 0;
        }
    }
}

/* Every byte that has two readings, and no other, was told with both of them. */
static void
check_conflicts(const Reader *reader, Case which, const char *expected)
{
    char upper[LEN], lower[LEN];

    if (which == SAME) {
        assert_int_equal(reader->n_conflicts, 0);
        return;
    }
    mark_readings(which, upper, lower);
    for (size_t i = 0; i < LEN; i++) {
        bool is_double = upper[i] && lower[i];
        char loser = expected[i] == upper[i] ? lower[i] : upper[i];
        if (reader->taken[i] != (is_double ? expected[i] : 0) ||
            reader->said[i] != (is_double ? loser : 0)) {
            fail_msg("byte %zu: told %d (taken) and %d, not %d and %d", i, reader->taken[i],
                     reader->said[i], is_double ? expected[i] : 0, is_double ? loser : 0);
        }
    }
    assert_int_equal(reader->n_late, which == AFTER ? reader->n_conflicts : 0);
}

static void
check_ledger(const Wire *wire, const Reader *reader)
{
    const SsFlowStats *stats = ss_flow_table_stats(wire->table);
    uint64_t packets = 0, bytes = 0;

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += stats->packets[i];
        bytes += stats->bytes[i];
    }
    assert_int_equal(packets, wire->frame);
    assert_int_equal(bytes, wire->bytes);
    assert_int_equal(stats->bytes[SS_FLOW_DELIVERED], LEN);
    assert_int_equal(reader->text[SS_SERVER]->len, 0);
    assert_int_equal(reader->missing, 0);
}

typedef struct {
    SsOverlap policy;
    Case which;
    uint32_t initial_seq;
} Vector;

static const char *
expected_of(const Vector *vector)
{
    switch (vector->which) {
    case MAIN:
        return expected_main[vector->policy];
    case BEFORE:
        return expected_before[vector->policy];
    case SAME:
        return expected_same;
    case AFTER:
    default:
        return expected_after;
    }
}

static void
test_vector(void **state)
{
    const Vector *vector = *state;
    const char *expected = expected_of(vector);
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT, .overlap = vector->policy};
    Reader reader = {.base.ops = &ops, .factory.open = open_reader};
    Wire wire = {.seq = {vector->initial_seq + 1, 5000}};

    reader.text[SS_CLIENT] = g_string_new(NULL);
    reader.text[SS_SERVER] = g_string_new(NULL);
    wire.table = ss_flow_table_new(&options, &reader.factory);
    handshake(&wire);
    play(&wire, &reader, vector->which);
    ss_flow_table_finish(wire.table, wire.frame);

    assert_int_equal(strlen(expected), LEN);
    assert_string_equal(reader.text[SS_CLIENT]->str, expected);
    check_ledger(&wire, &reader);
    check_conflicts(&reader, vector->which, expected);

    ss_flow_table_free(wire.table);
    g_string_free(reader.text[SS_CLIENT], TRUE);
    g_string_free(reader.text[SS_SERVER], TRUE);
}

#define N_SEQS G_N_ELEMENTS(initial_seqs)
#define N_VECTORS (SS_N_OVERLAPS * N_CASES * N_SEQS)

int
main(void)
{
    static Vector vectors[N_VECTORS];
    static struct CMUnitTest tests[N_VECTORS];
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    G_STATIC_ASSERT(N_VECTORS == 96);
    for (size_t i = 0; i < N_VECTORS; i++) {
        vectors[i].policy = (SsOverlap)(i / (N_CASES * N_SEQS));
        vectors[i].which = (Case)(i / N_SEQS % N_CASES);
        vectors[i].initial_seq = initial_seqs[i % N_SEQS];
        g_ptr_array_add(names,
                        g_strdup_printf("%s, %s, ISN %u", policy_names[vectors[i].policy],
                                        case_names[vectors[i].which], vectors[i].initial_seq));
        tests[i].name = g_ptr_array_index(names, i);
        tests[i].test_func = test_vector;
        tests[i].initial_state = &vectors[i];
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
