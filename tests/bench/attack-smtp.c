#include <stdio.h>
#include <string.h>

#include "tests/bench/attack.h"

#define MAIL "MAIL FROM:<a@a.example>\r\n"
#define RCPT "RCPT TO:<b@b.example>\r\n"
#define CONTENT "Subject: x\r\n\r\nx\r\n.\r\n"

/* As many mails in one session, each a transaction of its own. */
void
attack_transactions(uint64_t n)
{
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    for (uint64_t i = 0; i < n; i++) {
        attack_line(&talk, false, MAIL RCPT "DATA\r\n");
        attack_line(&talk, true, "250 ok\r\n250 ok\r\n354 go\r\n");
        attack_line(&talk, false, CONTENT);
        attack_line(&talk, true, "250 ok\r\n");
    }
    attack_end(&talk);
}

/* Commands that the server never answers. */
void
attack_unanswered(uint64_t n)
{
    static const char *const commands[] = {"NOOP\r\n", MAIL, RCPT, "VRFY bob\r\n"};
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    for (uint64_t i = 0; i < n; i++) {
        attack_line(&talk, false, commands[i % (sizeof commands / sizeof *commands)]);
    }
    attack_end(&talk);
}

/* Recipients of one message, every second of them refused. */
void
attack_recipients(uint64_t n)
{
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    attack_line(&talk, false, MAIL);
    attack_line(&talk, true, "250 ok\r\n");
    for (uint64_t i = 0; i < n; i++) {
        char line[64];
        snprintf(line, sizeof line, "RCPT TO:<user%u@b.example>\r\n", (unsigned)i);
        attack_line(&talk, false, line);
        attack_line(&talk, true, i % 2 ? "550 5.1.1 user unknown\r\n" : "250 ok\r\n");
    }
    attack_line(&talk, false, "DATA\r\n");
    attack_line(&talk, true, "354 go\r\n");
    attack_line(&talk, false, CONTENT);
    attack_line(&talk, true, "250 ok\r\n");
    attack_end(&talk);
}

/* A connection and a user name each, all refused; every eighth goes round in circles. */
void
attack_logins(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        Client client = attack_client(i);
        Talk talk = attack_begin(&client);
        char line[64];
        attack_line(&talk, false, "AUTH LOGIN\r\n");
        for (unsigned step = 0; step < (i % 8 ? 2u : 20u); step++) {
            attack_line(&talk, true, "334 VXNlcm5hbWU6\r\n");
            snprintf(line, sizeof line, "dXNlc%03uA\r\n", (unsigned)(i % 1000));
            attack_line(&talk, false, line);
        }
        attack_line(&talk, true, "535 5.7.8 no\r\n");
        attack_end(&talk);
    }
}

/* Lines of one message that look like its end, with a command behind each. */
void
attack_look_alikes(uint64_t n)
{
    static const char *const lines[] = {"x\n.\r\n" MAIL, "x\r.\r" RCPT, "x\r\n.\nDATA\r\n",
                                        "x\n.\nQUIT\r\n"};
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    attack_line(&talk, false, MAIL RCPT "DATA\r\n");
    attack_line(&talk, true, "250 ok\r\n250 ok\r\n354 go\r\n");
    for (uint64_t i = 0; i < n; i++) {
        attack_line(&talk, false, lines[i % (sizeof lines / sizeof *lines)]);
    }
    attack_line(&talk, false, "\r\n.\r\n");
    attack_line(&talk, true, "250 ok\r\n");
    attack_end(&talk);
}

/* As many messages, each put off in a connection of its own, so that a retry may come of each. */
void
attack_deliveries(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        Client client = attack_client(i);
        Talk talk = attack_begin(&client);
        char line[96];
        snprintf(line, sizeof line, "MAIL FROM:<s%u@a.example>\r\nRCPT TO:<r%u@b.example>\r\n",
                 (unsigned)i, (unsigned)i);
        attack_line(&talk, false, line);
        attack_line(&talk, true, "250 ok\r\n450 4.7.1 greylisted\r\n");
        attack_line(&talk, false, "QUIT\r\n");
        attack_line(&talk, true, "221 bye\r\n");
        attack_end(&talk);
    }
}

/* A proxy that says a lot of its client, and then ever new things of no account. */
void
attack_forwarded(uint64_t n)
{
    enum {
        N_NAMES = 32,
        VALUE_LEN = 32000,
    };
    static char value[VALUE_LEN];
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    memset(value, 'v', sizeof value);
    for (int i = 0; i < N_NAMES; i++) {
        char name[32];
        snprintf(name, sizeof name, "XFORWARD N%d=", i);
        attack_line(&talk, false, name);
        attack_say(&talk, false, value, sizeof value);
        attack_line(&talk, false, "\r\n");
        attack_line(&talk, true, "250 ok\r\n");
    }
    for (uint64_t i = 0; i < n; i++) {
        attack_line(&talk, false, "XFORWARD N0=x\r\n");
        attack_line(&talk, true, "250 ok\r\n");
    }
    attack_end(&talk);
}

/* Parts of one message that the server is to fetch. */
void
attack_fetched(uint64_t n)
{
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    attack_line(&talk, false, MAIL RCPT);
    attack_line(&talk, true, "250 ok\r\n250 ok\r\n");
    for (uint64_t i = 0; i < n; i++) {
        char line[600];
        snprintf(line, sizeof line, "BURL imap://i.example/%0500u\r\n", (unsigned)i);
        attack_line(&talk, false, line);
        attack_line(&talk, true, "250 ok\r\n");
    }
    attack_end(&talk);
}

/* Many commands wait, and each reply is one that answers none of them. */
void
attack_out_of_step(uint64_t n)
{
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    for (int i = 0; i < 9000; i++) {
        attack_line(&talk, false, "NOOP\r\n");
    }
    for (uint64_t i = 0; i < n; i++) {
        attack_line(&talk, true, i % 2 ? "354 go\r\n" : "no reply\r\n221 bye\r\n");
        attack_line(&talk, false, "NOOP\r\n");
    }
    attack_end(&talk);
}

/* The roles turn, and turn again; each time the other side has said more than it was asked. */
void
attack_turns(uint64_t n)
{
    Client client = attack_client(0);
    Talk talk = attack_begin(&client);

    for (uint64_t i = 0; i < n; i++) {
        bool is_turned = i % 2;
        attack_line(&talk, is_turned, "TURN\r\n220 here\r\n");
        attack_line(&talk, !is_turned, "250 ok\r\n" MAIL RCPT);
        attack_line(&talk, is_turned, "250 ok\r\n250 ok\r\n");
    }
    attack_end(&talk);
}

/* Sessions that stay open, each with two messages that were refused. */
void
attack_refused(uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        Client client = attack_client(i);
        Talk talk = attack_begin(&client);
        for (unsigned k = 0; k < 2; k++) {
            attack_line(&talk, false, MAIL RCPT);
            attack_line(&talk, true, "250 ok\r\n550 5.1.1 user unknown\r\n");
            attack_line(&talk, false, "RSET\r\n");
            attack_line(&talk, true, "250 ok\r\n");
        }
    }
}
