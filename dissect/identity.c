/*
 * What a connection is called: its uid, its session number, its addresses as text. A uid is made of
 * what the capture shows, so that it is the same in every run; one that comes again in a run gets
 * another name, as long as the first is remembered.
 */
#include "dissect/flow-table.h"

#include <arpa/inet.h>

#include "dissect/siphash.h"

static uint64_t
uid_of(const SsConnection *connection, uint64_t recurrence)
{
    static const uint64_t public_key[2] = {0, 0};
    struct {
        uint8_t address[2][16];
        uint64_t family, ports[2], start[2], recurrence;
    } name = {.family = connection->family, .recurrence = recurrence};
    uint64_t uid;

    for (int i = 0; i < 2; i++) {
        memcpy(name.address[i], connection->half[i].address, 16);
        name.ports[i] = GUINT64_TO_LE((uint64_t)connection->half[i].port);
    }
    name.family = GUINT64_TO_LE(name.family);
    name.recurrence = GUINT64_TO_LE(name.recurrence);
    if (connection->half[SS_CLIENT].has_syn && connection->half[SS_SERVER].has_syn) {
        name.start[0] = GUINT64_TO_LE((uint64_t)connection->half[SS_CLIENT].initial_seq);
        name.start[1] = GUINT64_TO_LE((uint64_t)connection->half[SS_SERVER].initial_seq);
    } else {
        name.start[0] = GUINT64_TO_LE((uint64_t)connection->first.time_ns);
        name.start[1] = UINT64_MAX;
    }
    uid = ss_siphash(public_key, ss_slice(&name, sizeof name));
    return uid ? uid : 1;
}

uint64_t
ss_connection_identify(SsConnection *connection)
{
    SsFlowTable *table = connection->table;
    uint32_t *used;
    uint64_t uid;

    if (connection->uid) {
        return connection->uid;
    }
    if (!table) { /* a connection without a table: of a test, or of one stream alone */
        connection->uid = uid_of(connection, 0);
        return connection->uid;
    }
    if (!connection->session) {
        connection->session = ++table->n_sessions;
        table->stats.sessions++;
    }
    uid = uid_of(connection, 0);
    used = ss_used_uids_find(&table->uids, uid);
    while (ss_used_uids_find(&table->uids, uid)) {
        uid = uid_of(connection, ++*used);
    }
    ss_used_uids_add(&table->uids, uid);
    connection->uid = uid;
    return uid;
}

/* As inet_ntop() has it, which goes by sprintf(): too slow for something that every event has. */
static void
write_ip4(const uint8_t address[4], char *to)
{
    for (int i = 0; i < 4; i++) {
        unsigned n = address[i];
        if (n >= 100) {
            *to++ = (char)('0' + n / 100);
        }
        if (n >= 10) {
            *to++ = (char)('0' + n / 10 % 10);
        }
        *to++ = (char)('0' + n % 10);
        *to++ = i < 3 ? '.' : '\0';
    }
}

void
ss_connection_ip(const SsConnection *connection, SsDirection direction, char ret_text[46])
{
    const uint8_t *address = connection->half[direction].address;

    if (connection->family == 4) {
        write_ip4(address, ret_text);
    } else {
        inet_ntop(AF_INET6, address, ret_text, 46);
    }
}
