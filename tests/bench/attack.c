#include "tests/bench/attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TCP_LEN 20
#define START_S 1700000000u

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
void
attack_write_frame(const uint8_t *frame, size_t len)
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
void
attack_put_headers(uint8_t *frame, const Client *client, bool from_server, size_t len,
                   unsigned fragment, unsigned id)
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
uint8_t attack_scale[4] = {3, 3, 14, 1};

void
attack_write_packet(const Client *client, const Packet *packet)
{
    uint8_t frame[ETHER_LEN + IP_LEN + TCP_LEN + sizeof attack_scale + PAYLOAD_MAX];
    uint8_t *tcp = frame + ETHER_LEN + IP_LEN;
    size_t head = TCP_LEN + (packet->flags & SYN ? sizeof attack_scale : 0);
    size_t len = head + packet->len;

    attack_put_headers(frame, client, packet->from_server, len, 0x4000, (unsigned)n_written);
    put_u16(tcp + (packet->from_server ? 2 : 0), client->port);
    put_u16(tcp + (packet->from_server ? 0 : 2), 25);
    put_u32(tcp + 4, packet->seq);
    put_u32(tcp + 8, packet->ack);
    put_u16(tcp + 12, (unsigned)(head / 4) << 12 | packet->flags);
    put_u16(tcp + 14, 65535);
    put_u32(tcp + 16, 0);
    if (packet->flags & SYN) {
        memcpy(tcp + TCP_LEN, attack_scale, sizeof attack_scale);
    }
    if (packet->len) {
        memcpy(tcp + head, packet->payload, packet->len);
    }
    put_u16(tcp + 16, checksum(sum_of(tcp, len, sum_of(tcp - 8, 8, 6 + (uint32_t)len))));
    attack_write_frame(frame, ETHER_LEN + IP_LEN + len);
}

void
attack_say_at(const Client *client, bool from_server, uint32_t offset, uint32_t ack,
              const char *text, size_t len)
{
    Packet packet = {
        .from_server = from_server,
        .flags = ACK | PSH,
        .seq = (from_server ? SERVER_SEQ : CLIENT_SEQ) + 1 + offset,
        .ack = (from_server ? CLIENT_SEQ : SERVER_SEQ) + 1 + ack,
        .payload = (const uint8_t *)text,
        .len = len,
    };

    attack_write_packet(client, &packet);
}

Client
attack_client(uint64_t i)
{
    return (Client){.client = 0x0a000001u + (uint32_t)i, .port = (uint16_t)(1024 + i % 60000)};
}

Talk
attack_begin(const Client *client)
{
    Talk talk = {.client = *client};

    attack_write_packet(client, &(Packet){.flags = SYN, .seq = CLIENT_SEQ});
    attack_write_packet(client, &(Packet){.from_server = true,
                                          .flags = SYN | ACK,
                                          .seq = SERVER_SEQ,
                                          .ack = CLIENT_SEQ + 1});
    attack_write_packet(client,
                        &(Packet){.flags = ACK, .seq = CLIENT_SEQ + 1, .ack = SERVER_SEQ + 1});
    attack_line(&talk, true, "220 b\r\n");
    attack_line(&talk, false, "EHLO a\r\n");
    attack_line(&talk, true, "250 b\r\n");
    return talk;
}

void
attack_say(Talk *talk, bool from_server, const char *text, size_t len)
{
    while (len) {
        size_t piece = len < PAYLOAD_MAX ? len : PAYLOAD_MAX;
        attack_say_at(&talk->client, from_server, talk->said[from_server], talk->said[!from_server],
                      text, piece);
        talk->said[from_server] += (uint32_t)piece;
        text += piece;
        len -= piece;
    }
}

void
attack_line(Talk *talk, bool from_server, const char *text)
{
    attack_say(talk, from_server, text, strlen(text));
}

void
attack_end(Talk *talk)
{
    uint32_t seq = CLIENT_SEQ + 1 + talk->said[0], ack = SERVER_SEQ + 1 + talk->said[1];

    attack_write_packet(&talk->client, &(Packet){.flags = FIN | ACK, .seq = seq, .ack = ack});
    attack_write_packet(
        &talk->client,
        &(Packet){.from_server = true, .flags = FIN | ACK, .seq = ack, .ack = seq + 1});
    attack_write_packet(&talk->client, &(Packet){.flags = ACK, .seq = seq + 1, .ack = ack + 1});
}

void
attack_write_head(void)
{
    uint8_t head[24] = {0};

    put_u32(head, 0xa1b2c3d4);
    put_u32(head + 4, 2 << 16 | 4);
    put_u32(head + 16, 262144);
    put_u32(head + 20, 1);
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    fwrite(head, sizeof head, 1, stdout);
}
