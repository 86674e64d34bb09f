/*
 * What is kept of fragments, and which of them belong together.
 *
 * Fragments belong to the datagram of their family, addresses, id and, for IPv4, protocol. An id of
 * IPv4 is used again after 65,536 datagrams, which may be soon, so that fragments of two may meet:
 *
 *   - one that says another length of the whole than the last fragment said begins anew;
 *   - so does, after a pause of SS_FRAGMENTS_RECENT_NS, one that begins the datagram with other
 *     bytes, or that cannot be part of one with the others: ends behind its end, or is its last
 *     and ends before what has come;
 *   - without the pause, the former is another reading of the same datagram, the latter is bad.
 *
 * What was there before is then given up as a whole, so that two are never mixed where anything can
 * tell them apart; TCP's checksum is for the rest. Ids of IPv6 last longer: whatever disagrees
 * throws its datagram away, with all that still comes of it (RFC 5722).
 *
 * Fragments with a wrong header checksum are kept apart from the others: no host takes them, so
 * they must not stand in for any; but if a whole datagram came so, it was taken before a card
 * filled the checksums in, or is for reassembly of TCP to doubt.
 *
 * A whole datagram is remembered for a moment, with its bytes, so that copies of its fragments
 * start nothing; other bytes under its id begin a datagram.
 */
#include "capture/defrag.h"

#include <sys/random.h>

#include "base/limits.h"
#include "capture/defrag-parts.h"

typedef enum {
    OPEN4,
    OPEN6,
    WHOLE,
    THROWN_AWAY,
    N_STATES,
} State;

/* How long a datagram stays in a state. */
static const int64_t LIFETIME_NS[N_STATES] = {
    [OPEN4] = SS_FRAGMENTS4_NS,
    [OPEN6] = SS_FRAGMENTS6_NS,
    [WHOLE] = SS_FRAGMENTS_RECENT_NS,
    [THROWN_AWAY] = SS_FRAGMENTS6_NS,
};

/* No padding in it: it is compared as bytes. */
typedef struct {
    uint8_t from[16];
    uint8_t to[16];
    uint32_t id;
    uint8_t family;
    uint8_t protocol; /* 0 for IPv6, where the first fragment alone decides */
    uint8_t is_doubtful;
    uint8_t zero;
} Key;

#define KEY_WORDS (sizeof(Key) / sizeof(uint32_t))

typedef struct {
    Key key;
    guint hash;
    State state;
    GList link; /* in the queue of its state, or among the dead */
    int64_t since_ns;
    int64_t last_ns;
    uint64_t number; /* in order of beginning */
    uint8_t protocol, ttl, oddities;
    uint32_t n_again; /* parts that brought nothing new */
    SsParts parts;
    SsPartsWhole whole;
    size_t charged;
} Datagram;

struct SsDefrag {
    uint64_t *memory;
    uint64_t *met;
    GHashTable *datagrams;   /* by key, which is its own value */
    GQueue queues[N_STATES]; /* each in the order of `since_ns`, unless the clock goes back */
    GQueue dead;             /* what may still be borrowed */
    uint64_t n_begun;
    uint64_t kept;
    int64_t now_ns;
    uint64_t secrets[KEY_WORDS + 1];
};

/*
 * Multilinear hashing with secret factors: nobody can choose keys that collide, as nobody knows
 * which do (Carter and Wegman's universal hashing).
 */
static guint
hash_key(const SsDefrag *self, const Key *key)
{
    uint32_t words[KEY_WORDS];
    memcpy(words, key, sizeof words);
    uint64_t sum = self->secrets[KEY_WORDS];
    for (size_t i = 0; i < KEY_WORDS; i++) {
        sum += self->secrets[i] * words[i];
    }
    return (guint)(sum >> 32);
}

static guint
datagram_hash(gconstpointer datagram)
{
    return ((const Datagram *)datagram)->hash;
}

static gboolean
datagram_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(&((const Datagram *)a)->key, &((const Datagram *)b)->key, sizeof(Key)) == 0;
}

SsDefrag *
ss_defrag_new(uint64_t *memory, uint64_t *met)
{
    SsDefrag *self = g_new0(SsDefrag, 1);

    self->memory = memory;
    self->met = met;
    self->datagrams = g_hash_table_new(datagram_hash, datagram_equal);
    for (int i = 0; i < N_STATES; i++) {
        g_queue_init(&self->queues[i]);
    }
    g_queue_init(&self->dead);
    if (getrandom(self->secrets, sizeof self->secrets, 0) != sizeof self->secrets) {
        /* No randomness to be had: what is left is where in memory this is. No result depends on
         * it. */
        for (size_t i = 0; i <= KEY_WORDS; i++) {
            self->secrets[i] = ((uintptr_t)self + i) * UINT64_C(0x9e3779b97f4a7c15);
        }
    }
    return self;
}

static void
charge(SsDefrag *self, Datagram *datagram, size_t n)
{
    datagram->charged += n;
    self->kept += n;
    *self->memory += n;
}

static void
discharge(SsDefrag *self, Datagram *datagram)
{
    self->kept -= datagram->charged;
    *self->memory -= datagram->charged;
    datagram->charged = 0;
}

static bool
is_open(const Datagram *datagram)
{
    return datagram->state == OPEN4 || datagram->state == OPEN6;
}

/* Nothing is found of it any more; what was borrowed from it stays until the next frame. */
static void
remove_datagram(SsDefrag *self, Datagram *datagram)
{
    g_hash_table_remove(self->datagrams, datagram);
    g_queue_unlink(&self->queues[datagram->state], &datagram->link);
    g_queue_push_tail_link(&self->dead, &datagram->link);
    discharge(self, datagram);
}

static void
clear_whole(SsPartsWhole *whole)
{
    g_free(whole->bytes);
    g_free(whole->alternate);
    g_free(whole->frames);
    *whole = (SsPartsWhole){0};
}

static void
bury(SsDefrag *self)
{
    for (GList *link = g_queue_pop_head_link(&self->dead); link;
         link = g_queue_pop_head_link(&self->dead)) {
        Datagram *datagram = link->data;
        ss_parts_clear(&datagram->parts);
        clear_whole(&datagram->whole);
        g_free(datagram);
    }
}

static void
enter_state(SsDefrag *self, Datagram *datagram, State state)
{
    g_queue_unlink(&self->queues[datagram->state], &datagram->link);
    g_queue_push_tail_link(&self->queues[state], &datagram->link);
    datagram->state = state;
    datagram->since_ns = self->now_ns;
}

/* Keeps only that it was, so that what still comes of it is known. */
static void
throw_away(SsDefrag *self, Datagram *datagram)
{
    discharge(self, datagram);
    ss_parts_clear(&datagram->parts);
    clear_whole(&datagram->whole);
    enter_state(self, datagram, THROWN_AWAY);
    charge(self, datagram, sizeof *datagram);
}

static void
give_up(SsDefrag *self, Datagram *datagram, SsMet why)
{
    if (is_open(datagram)) {
        self->met[why]++;
    }
    remove_datagram(self, datagram);
}

/* --- time and room --- */

static bool
is_outdated(const SsDefrag *self, const Datagram *datagram)
{
    int64_t age_ns = self->now_ns - datagram->since_ns;
    return age_ns > LIFETIME_NS[datagram->state];
}

static Datagram *
oldest(SsDefrag *self, State state)
{
    GList *link = self->queues[state].head;
    return link ? link->data : NULL;
}

bool
ss_defrag_begin(SsDefrag *self, int64_t now_ns)
{
    bury(self);
    self->now_ns = now_ns;
    for (State state = 0; state < N_STATES; state++) {
        for (Datagram *datagram = oldest(self, state); datagram && is_outdated(self, datagram);
             datagram = oldest(self, state)) {
            give_up(self, datagram, SS_MET_FRAGMENT_TIMEOUT);
        }
    }
    return g_hash_table_size(self->datagrams) != 0 || self->dead.length != 0;
}

/* Whose place another may take first: those that are kept for copies only, then the oldest. */
static Datagram *
choose_victim(SsDefrag *self, const Datagram *spared)
{
    static const State done[] = {WHOLE, THROWN_AWAY};
    Datagram *victim = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(done); i++) {
        if (oldest(self, done[i])) {
            return oldest(self, done[i]);
        }
    }
    for (State state = OPEN4; state <= OPEN6; state++) {
        GList *link = self->queues[state].head;
        if (link && link->data == spared) {
            link = link->next;
        }
        Datagram *candidate = link ? link->data : NULL;
        if (candidate && (!victim || candidate->number < victim->number)) {
            victim = candidate;
        }
    }
    return victim;
}

static void
make_room(SsDefrag *self, size_t need, const Datagram *spared)
{
    while (self->kept + need > SS_FRAGMENTS_KEPT_MAX) {
        Datagram *victim = choose_victim(self, spared);
        if (!victim) {
            return;
        }
        give_up(self, victim, SS_MET_FRAGMENT_EVICTED);
    }
}

/* --- which datagram --- */

static Datagram *
find_datagram(SsDefrag *self, const Key *key)
{
    Datagram probe = {.key = *key, .hash = hash_key(self, key)};
    Datagram *datagram = g_hash_table_lookup(self->datagrams, &probe);

    if (datagram && datagram->since_ns - self->now_ns > LIFETIME_NS[datagram->state]) {
        give_up(self, datagram, SS_MET_FRAGMENT_TIMEOUT); /* the clock went back */
        return NULL;
    }
    return datagram;
}

static Datagram *
begin_datagram(SsDefrag *self, const Key *key)
{
    make_room(self, sizeof(Datagram), NULL);
    Datagram *datagram = g_new0(Datagram, 1);
    datagram->key = *key;
    datagram->hash = hash_key(self, key);
    datagram->state = key->family == 4 ? OPEN4 : OPEN6;
    datagram->link.data = datagram;
    datagram->since_ns = datagram->last_ns = self->now_ns;
    datagram->number = self->n_begun++;
    g_queue_push_tail_link(&self->queues[datagram->state], &datagram->link);
    g_hash_table_add(self->datagrams, datagram);
    charge(self, datagram, sizeof *datagram + 4 * sizeof(void *));
    return datagram;
}

/* Whether it is a copy of what a whole datagram has. */
static bool
is_copy(const SsPartsWhole *whole, const SsFragment *fragment, size_t len)
{
    size_t end = fragment->offset + len;
    if (end > whole->len || fragment->more != (end < whole->len)) {
        return false;
    }
    if (fragment->offset >= whole->known) {
        return true; /* of bytes that were not captured */
    }
    size_t n = MIN(fragment->bytes.len, whole->known - fragment->offset);
    return memcmp(whole->bytes + fragment->offset, fragment->bytes.data, n) == 0;
}

typedef enum {
    FITS,
    BEGINS_ANEW,
    IS_BAD,
} Fit;

/* Whether it can be part of a datagram with those that came before: see above. */
static Fit
fit_of(const SsDefrag *self, const Datagram *datagram, const SsFragment *fragment, size_t len)
{
    const SsParts *parts = &datagram->parts;
    size_t end = fragment->offset + len;
    bool is_other_last = !fragment->more && parts->total && end != parts->total;
    bool is_outside = (parts->total && end > parts->total) || (!fragment->more && end < parts->end);
    bool is_other_first = fragment->offset == 0 && ss_parts_begin_otherwise(parts, fragment->bytes);

    if (!is_other_last && !is_outside && !is_other_first) {
        return FITS;
    }
    if (fragment->family == 6) {
        return IS_BAD;
    }
    if (is_other_last || self->now_ns - datagram->last_ns > SS_FRAGMENTS_RECENT_NS) {
        return BEGINS_ANEW;
    }
    return is_outside ? IS_BAD : FITS;
}

/* The datagram that a fragment is to be added to, or NULL with the fragment's bucket. */
static Datagram *
datagram_for(SsDefrag *self, const SsFragment *fragment, size_t len, SsPacketBucket *ret_bucket)
{
    Key key = {.id = fragment->id, .family = fragment->family};
    memcpy(key.from, fragment->from, sizeof key.from);
    memcpy(key.to, fragment->to, sizeof key.to);
    key.protocol = fragment->family == 4 ? fragment->protocol : 0;
    key.is_doubtful = (fragment->oddities & SS_FRAME_BAD_IP_CHECKSUM) != 0;

    Datagram *datagram = find_datagram(self, &key);
    if (!datagram) {
        return begin_datagram(self, &key);
    }
    if (datagram->state == THROWN_AWAY) {
        *ret_bucket = SS_PACKET_BAD_FRAGMENT;
        return NULL;
    }
    if (datagram->state == WHOLE) {
        if (is_copy(&datagram->whole, fragment, len)) {
            *ret_bucket = SS_PACKET_FRAGMENT;
            return NULL;
        }
        remove_datagram(self, datagram);
        return begin_datagram(self, &key);
    }
    switch (fit_of(self, datagram, fragment, len)) {
    case BEGINS_ANEW:
        give_up(self, datagram, SS_MET_FRAGMENT_EVICTED);
        return begin_datagram(self, &key);
    case IS_BAD:
        if (fragment->family == 6) {
            throw_away(self, datagram);
            self->met[SS_MET_FRAGMENT_OVERLAP]++;
        }
        *ret_bucket = SS_PACKET_BAD_FRAGMENT;
        return NULL;
    default:
        return datagram;
    }
}

/* --- putting together --- */

static SsPacketBucket
finish_datagram(SsDefrag *self, Datagram *datagram, SsDatagram *ret_datagram)
{
    SsPartsWhole *whole = &datagram->whole;
    ss_parts_join(&datagram->parts, whole);
    self->met[SS_MET_FRAGMENT_OVERLAP] += whole->alternate != NULL;
    if (whole->alternate && datagram->key.family == 6) {
        throw_away(self, datagram);
        return SS_PACKET_BAD_FRAGMENT;
    }
    self->met[SS_MET_FRAGMENTED]++;
    ss_parts_clear(&datagram->parts);
    discharge(self, datagram);
    enter_state(self, datagram, WHOLE);
    charge(self, datagram,
           sizeof *datagram + whole->len * (whole->alternate ? 2u : 1u) +
               whole->n_frames * sizeof whole->frames[0]);

    *ret_datagram = (SsDatagram){
        .bytes = ss_slice(whole->bytes, whole->known),
        .missing = whole->len - whole->known,
        .alternate = whole->alternate,
        .frames = whole->frames,
        .n_frames = whole->n_frames,
        .first_len = whole->first_len,
        .protocol = datagram->protocol,
        .ttl = datagram->ttl,
        .oddities = datagram->oddities,
    };
    return SS_PACKET_SEGMENT;
}

/* Adds it to its datagram, if that has not become too much. */
static SsPacketBucket
keep(SsDefrag *self, Datagram *datagram, const SsFragment *fragment, size_t len)
{
    SsParts *parts = &datagram->parts;
    SsSlice bytes = ss_slice_sub(fragment->bytes, 0, len);

    if (parts->bytes + len > SS_FRAGMENT_BYTES_MAX) {
        self->met[SS_MET_FRAGMENT_EVICTED]++;
        throw_away(self, datagram);
        return SS_PACKET_BAD_FRAGMENT;
    }
    if (!ss_parts_lack(parts, fragment->offset, fragment->offset + len) &&
        ++datagram->n_again > SS_FRAGMENTS_AGAIN_MAX) {
        return SS_PACKET_BAD_FRAGMENT;
    }
    make_room(self, bytes.len, datagram);
    if (fragment->offset == 0 && !parts->first) {
        datagram->protocol = fragment->protocol;
        datagram->ttl = fragment->ttl;
    }
    charge(self, datagram,
           ss_parts_add(parts, fragment->offset, len, !fragment->more, bytes, fragment->frame));
    datagram->oddities |= fragment->oddities;
    datagram->last_ns = self->now_ns;
    return SS_PACKET_FRAGMENT;
}

SsPacketBucket
ss_defrag_add(SsDefrag *self, const SsFragment *fragment, SsDatagram *ret_datagram)
{
    size_t len = fragment->bytes.len + fragment->missing;
    self->now_ns = fragment->now_ns;
    if (fragment->more && len % 8 != 0) {
        if (fragment->family == 6) { /* RFC 8200 section 4.5 */
            return SS_PACKET_BAD_FRAGMENT;
        }
        len -= len % 8; /* as Linux takes it; others take nothing of it */
    }
    if (fragment->offset + len + fragment->header_len > SS_PARTS_LEN_MAX) {
        self->met[SS_MET_FRAGMENT_OVERSIZE]++;
        return SS_PACKET_BAD_FRAGMENT;
    }
    if (len == 0) {
        return SS_PACKET_BAD_FRAGMENT;
    }
    SsPacketBucket bucket = SS_PACKET_FRAGMENT;
    Datagram *datagram = datagram_for(self, fragment, len, &bucket);
    if (!datagram) {
        return bucket;
    }
    bucket = keep(self, datagram, fragment, len);
    if (bucket == SS_PACKET_FRAGMENT && ss_parts_are_whole(&datagram->parts)) {
        return finish_datagram(self, datagram, ret_datagram);
    }
    return bucket;
}

void
ss_defrag_finish(SsDefrag *self)
{
    for (State state = 0; state < N_STATES; state++) {
        for (Datagram *datagram = oldest(self, state); datagram; datagram = oldest(self, state)) {
            give_up(self, datagram, SS_MET_FRAGMENT_OPEN);
        }
    }
    bury(self);
}

void
ss_defrag_free(SsDefrag *self)
{
    if (!self) {
        return;
    }
    for (State state = 0; state < N_STATES; state++) {
        while (oldest(self, state)) {
            remove_datagram(self, oldest(self, state));
        }
    }
    bury(self);
    g_hash_table_unref(self->datagrams);
    g_free(self);
}
