/*
 * What makes the packets of attacks: Ethernet frames of a pcap file, as fast as they can be
 * written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIN 0x01
#define SYN 0x02
#define PSH 0x08
#define ACK 0x10

#define ETHER_LEN 14
#define IP_LEN 20
#define PAYLOAD_MAX 1460

#define CLIENT_SEQ 1000u
#define SERVER_SEQ 5000u

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

/* A conversation, and how many bytes each side has said: [1] the server. */
typedef struct {
    Client client;
    uint32_t said[2];
} Talk;

/* The window scale that both ends offer (RFC 7323 section 2.2). */
extern uint8_t attack_scale[4];

void attack_write_head(void);
/* Ten microseconds after the one before. */
void attack_write_frame(const uint8_t *frame, size_t len);
/* Ethernet and IPv4 headers; `fragment` is the field with the flags. */
void attack_put_headers(uint8_t *frame, const Client *client, bool from_server, size_t len,
                        unsigned fragment, unsigned id);
void attack_write_packet(const Client *client, const Packet *packet);
/* A segment at `offset` of its stream. */
void attack_say_at(const Client *client, bool from_server, uint32_t offset, uint32_t ack,
                   const char *text, size_t len);
Client attack_client(uint64_t i);

/* The handshake, the banner, and EHLO with its reply. */
Talk attack_begin(const Client *client);
/* What comes next of a side, in segments of full size. */
void attack_say(Talk *talk, bool from_server, const char *text, size_t len);
/* A line or several, CRLF included. */
void attack_line(Talk *talk, bool from_server, const char *text);
/* Both sides close. */
void attack_end(Talk *talk);

/* attack-smtp.c: what a client can ask of who reads SMTP; each takes how many. */
void attack_transactions(uint64_t n);
void attack_unanswered(uint64_t n);
void attack_recipients(uint64_t n);
void attack_logins(uint64_t n);
void attack_look_alikes(uint64_t n);
void attack_deliveries(uint64_t n);
void attack_refused(uint64_t n);
void attack_forwarded(uint64_t n);
void attack_fetched(uint64_t n);
void attack_out_of_step(uint64_t n);
void attack_turns(uint64_t n);
