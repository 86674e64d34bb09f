/*
 * Attacks as captures, made as fast as they can be written: `make-attack KIND N` writes a pcap file
 * to standard output. README.md beside this file says what each kind is.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIN 0x01
#define SYN 0x02
#define PSH 0x08
#define ACK 0x10

#define ETHER_LEN 14
#define IP_LEN 20
#define TCP_LEN 20
#define PAYLOAD_MAX 1460
#define START_S 1700000000u

/* One end of the attack; all connections go to one server. */
typedef struct {
    uint32_t client;
    uint16_t port;
} Client;

typedef struct {
    bool from_server;
    uint8_t flags;
    uint32_t seq, ack;
    const uint8_t *payload;
    size_t len;
} Packet;

static uint64_t n_written;

static void
put_u16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void
put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, value >> 16);
    put_u16(at + 2, value & 0xffff);
}

static uint32_t
sum_of(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
    }
    return len % 2 ? sum + (uint32_t)(bytes[len - 1] << 8) : sum;
}

static unsigned
checksum(uint32_t sum)
{
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return ~sum & 0xffff;
}

/* Ten microseconds after the one before. */
static void
write_frame(const uint8_t *frame, size_t len)
{
    uint64_t time_us = n_written++ * 10;
    uint8_t head[16];

    put_u32(head, START_S + (uint32_t)(time_us / 1000000));
    put_u32(head + 4, (uint32_t)(time_us % 1000000));
    put_u32(head + 8, (uint32_t)len);
    put_u32(head + 12, (uint32_t)len);
    if (fwrite(head, sizeof head, 1, stdout) != 1 || fwrite(frame, len, 1, stdout) != 1) {
        exit(0); /* the reader has had enough */
    }
}

/* Ethernet and IPv4 headers; `fragment` is the field with the flags. */
static void
put_headers(uint8_t *frame, const Client *client, bool from_server, size_t len, unsigned fragment,
            unsigned id)
{
    static const uint8_t links[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
    uint8_t *ip = frame + ETHER_LEN;

    memcpy(frame, links, sizeof links);
    put_u16(frame + 12, 0x0800);
    memset(ip, 0, IP_LEN);
    put_u16(ip, 0x4500);
    put_u16(ip + 2, (unsigned)(IP_LEN + len));
    put_u16(ip + 4, id & 0xffff);
    put_u16(ip + 6, fragment);
    put_u16(ip + 8, 0x4006);
    put_u32(ip + (from_server ? 12 : 16), 0xc6336419); /* 198.51.100.25 */
    put_u32(ip + (from_server ? 16 : 12), client->client);
    put_u16(ip + 10, checksum(sum_of(ip, IP_LEN, 0)));
}

/* Windows are of 1 GiB (RFC 7323 section 2.2), or 64 KiB. */
static uint8_t scale[4] = {3, 3, 14, 1};

static void
write_packet(const Client *client, const Packet *packet)
{
    uint8_t frame[ETHER_LEN + IP_LEN + TCP_LEN + sizeof scale + PAYLOAD_MAX];
    uint8_t *tcp = frame + ETHER_LEN + IP_LEN;
    size_t head = TCP_LEN + (packet->flags & SYN ? sizeof scale : 0);
    size_t len = head + packet->len;

    put_headers(frame, client, packet->from_server, len, 0x4000, (unsigned)n_written);
    put_u16(tcp + (packet->from_server ? 2 : 0), client->port);
    put_u16(tcp + (packet->from_server ? 0 : 2), 25);
    put_u32(tcp + 4, packet->seq);
    put_u32(tcp + 8, packet->ack);
    put_u16(tcp + 12, (unsigned)(head / 4) << 12 | packet->flags);
    put_u16(tcp + 14, 65535);
    put_u32(tcp + 16, 0);
    if (packet->flags & SYN) {
        memcpy(tcp + TCP_LEN, scale, sizeof scale);
    }
    if (packet->len) {
        memcpy(tcp + head, packet->payload, packet->len);
    }
    put_u16(tcp + 16, checksum(sum_of(tcp, len, sum_of(tcp - 8, 8, 6 + (uint32_t)len))));
    write_frame(frame, ETHER_LEN + IP_LEN + len);
}

#define CLIENT_SEQ 1000u
#define SERVER_SEQ 5000u

static void
say(const Client *client, bool from_server, uint32_t offset, uint32_t ack, const char *text,
    size_t len)
{
    Packet packet = {
        .from_server = from_server,
        .flags = ACK | PSH,
        .seq = (from_server ? SERVER_SEQ : CLIENT_SEQ) + 1 + offset,
        .ack = (from_server ? CLIENT_SEQ : SERVER_SEQ) + 1 + ack,
        .payload = (const uint8_t *)text,
        .len = len,
    };

    write_packet(client, &packet);
}

/* The handshake, the banner, and EHLO with its reply. Returns the client's offset. */
static uint32_t
begin_session(const Client *client)
{
    static const char banner[] = "220 b\r\n", hello[] = "EHLO a\r\n", reply[] = "250 b\r\n";

    write_packet(client, &(Packet){.flags = SYN, .seq = CLIENT_SEQ});
    write_packet(client, &(Packet){.from_server = true,
                                   .flags = SYN | ACK,
                                   .seq = SERVER_SEQ,
                                   .ack = CLIENT_SEQ + 1});
    write_packet(client, &(Packet){.flags = ACK, .seq = CLIENT_SEQ + 1, .ack = SERVER_SEQ + 1});
    say(client, true, 0, 0, banner, 7);
    say(client, false, 0, 7, hello, 8);
    say(client, true, 7, 8, reply, 7);
    return 8;
}

static Client
client_of(uint64_t i)
{
    return (Client){.client = 0x0a000001u + (uint32_t)i, .port = (uint16_t)(1024 + i % 60000)};
}

/* --- the attacks --- */

static void
make_syns(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        Client client = client_of(i);
        write_packet(&client, &(Packet){.flags = SYN, .seq = (uint32_t)(i * 2654435761u)});
    }
}

static void
make_holes(uint64_t n)
{
    static char text[PAYLOAD_MAX];

    memset(text, 'x', sizeof text);
    for (uint64_t i = 0; i < n; i++) {
        Client client = client_of(i);
        uint32_t offset = begin_session(&client);
        say(&client, false, offset + 1, 14, text, sizeof text);
        say(&client, false, offset + 1 + 4000, 14, text, sizeof text);
    }
}

static void
make_backwards(uint64_t n)
{
    Client client = client_of(0);
    uint32_t offset = begin_session(&client);

    for (uint64_t i = n; i > 0; i--) {
        say(&client, false, offset + (uint32_t)(i - 1), 14, i % 60 ? "x" : "\n", 1);
    }
}

/* No two of them touch, so that they cannot be joined. */
static void
make_every_second(uint64_t n)
{
    Client client = client_of(0);
    uint32_t offset = begin_session(&client);

    for (uint64_t i = n; i > 0; i--) {
        say(&client, false, offset + (uint32_t)i * 2, 14, "x", 1);
    }
}

/* A segment, and the same with other bytes, again and again. */
static void
make_conflicts(uint64_t n)
{
    static const char *const texts[] = {"NOOP aaaaaaaaaaaaaaaa\r\n", "NOOP bbbbbbbbbbbbbbbb\r\n"};
    Client client = client_of(0);
    uint32_t offset = begin_session(&client);

    for (uint64_t i = 0; i < n; i++) {
        say(&client, false, offset + (uint32_t)(i / 2) * 23, 14, texts[i % 2], 23);
    }
}

/* Behind the server's window, so that none of them need be taken. */
static void
make_doubts(uint64_t n)
{
    Client client = client_of(0);
    uint32_t offset;

    scale[2] = 0;
    offset = begin_session(&client);
    for (uint64_t i = 0; i < n; i++) {
        say(&client, false, offset + 65536 + (uint32_t)i * 2, 14, "x", 1);
    }
}

/* First fragments of as many datagrams, each from another address. */
static void
make_fragments(uint64_t n)
{
    uint8_t frame[ETHER_LEN + IP_LEN + 512];

    memset(frame, 'x', sizeof frame);
    for (uint64_t i = 0; i < n; i++) {
        Client client = client_of(i / 8);
        put_headers(frame, &client, false, 512, 0x2000, (unsigned)i);
        write_frame(frame, sizeof frame);
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*make)(uint64_t n);
    } kinds[] = {
        {"syns", make_syns},           {"holes", make_holes},
        {"backwards", make_backwards}, {"every-second", make_every_second},
        {"conflicts", make_conflicts}, {"fragments", make_fragments},
        {"doubts", make_doubts},
    };
    uint8_t head[24] = {0};

    put_u32(head, 0xa1b2c3d4);
    put_u32(head + 4, 2 << 16 | 4);
    put_u32(head + 16, 262144);
    put_u32(head + 20, 1);
    for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(argv[1], kinds[i].name) == 0) {
            setvbuf(stdout, NULL, _IOFBF, 1 << 20);
            fwrite(head, sizeof head, 1, stdout);
            kinds[i].make(strtoull(argv[2], NULL, 10));
            return fflush(stdout) == 0 ? 0 : 1;
        }
    }
    fprintf(stderr,
            "usage: make-attack syns|holes|backwards|every-second|conflicts|fragments|doubts N\n");
    return 2;
}
