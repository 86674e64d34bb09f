/*
 * Attacks as captures: `make-attack KIND N` writes a pcap file to standard output. README.md beside
 * this file says what each kind is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/attack.h"

/* --- on TCP --- */

static void
make_syns(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        Client client = attack_client(i);
        attack_write_packet(&client, &(Packet){.flags = SYN, .seq = (uint32_t)(i * 2654435761u)});
    }
}

static void
make_holes(uint64_t n)
{
    static char text[PAYLOAD_MAX];

    memset(text, 'x', sizeof text);
    for (uint64_t i = 0; i < n; i++) {
        Client client = attack_client(i);
        uint32_t offset = attack_begin(&client).said[0];
        attack_say_at(&client, false, offset + 1, 14, text, sizeof text);
        attack_say_at(&client, false, offset + 1 + 4000, 14, text, sizeof text);
    }
}

static void
make_backwards(uint64_t n)
{
    Client client = attack_client(0);
    uint32_t offset = attack_begin(&client).said[0];

    for (uint64_t i = n; i > 0; i--) {
        attack_say_at(&client, false, offset + (uint32_t)(i - 1), 14, i % 60 ? "x" : "\n", 1);
    }
}

/* No two of them touch, so that they cannot be joined. */
static void
make_every_second(uint64_t n)
{
    Client client = attack_client(0);
    uint32_t offset = attack_begin(&client).said[0];

    for (uint64_t i = n; i > 0; i--) {
        attack_say_at(&client, false, offset + (uint32_t)i * 2, 14, "x", 1);
    }
}

/* A segment, and the same with other bytes, again and again. */
static void
make_conflicts(uint64_t n)
{
    static const char *const texts[] = {"NOOP aaaaaaaaaaaaaaaa\r\n", "NOOP bbbbbbbbbbbbbbbb\r\n"};
    Client client = attack_client(0);
    uint32_t offset = attack_begin(&client).said[0];

    for (uint64_t i = 0; i < n; i++) {
        attack_say_at(&client, false, offset + (uint32_t)(i / 2) * 23, 14, texts[i % 2], 23);
    }
}

/* Behind the server's window, so that none of them need be taken. */
static void
make_doubts(uint64_t n)
{
    Client client = attack_client(0);
    uint32_t offset;

    attack_scale[2] = 0;
    offset = attack_begin(&client).said[0];
    for (uint64_t i = 0; i < n; i++) {
        attack_say_at(&client, false, offset + 65536 + (uint32_t)i * 2, 14, "x", 1);
    }
}

/* First fragments of as many datagrams, each from another address. */
static void
make_fragments(uint64_t n)
{
    uint8_t frame[ETHER_LEN + IP_LEN + 512];

    memset(frame, 'x', sizeof frame);
    for (uint64_t i = 0; i < n; i++) {
        Client client = attack_client(i / 8);
        attack_put_headers(frame, &client, false, 512, 0x2000, (unsigned)i);
        attack_write_frame(frame, sizeof frame);
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*make)(uint64_t n);
    } kinds[] = {
        {"syns", make_syns},
        {"holes", make_holes},
        {"backwards", make_backwards},
        {"every-second", make_every_second},
        {"conflicts", make_conflicts},
        {"fragments", make_fragments},
        {"doubts", make_doubts},
        {"transactions", attack_transactions},
        {"unanswered", attack_unanswered},
        {"recipients", attack_recipients},
        {"logins", attack_logins},
        {"look-alikes", attack_look_alikes},
        {"deliveries", attack_deliveries},
        {"refused", attack_refused},
        {"forwarded", attack_forwarded},
        {"fetched", attack_fetched},
        {"out-of-step", attack_out_of_step},
        {"turns", attack_turns},
    };
    size_t n_kinds = sizeof kinds / sizeof *kinds;

    for (size_t i = 0; argc == 3 && i < n_kinds; i++) {
        if (strcmp(argv[1], kinds[i].name) == 0) {
            attack_write_head();
            kinds[i].make(strtoull(argv[2], NULL, 10));
            return fflush(stdout) == 0 ? 0 : 1;
        }
    }
    fputs("usage: make-attack KIND N; the kinds:", stderr);
    for (size_t i = 0; i < n_kinds; i++) {
        fprintf(stderr, " %s", kinds[i].name);
    }
    fputc('\n', stderr);
    return 2;
}
