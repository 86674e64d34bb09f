#include "dissect/proxy-header.h"

#include <arpa/inet.h>

#define LINE_MAX_LEN 107 /* of version 1, with its end */

/* Whether `bytes` begin with `word`, or may yet. */
static SsReading
begins(SsSlice bytes, SsSlice word)
{
    size_t n = bytes.len < word.len ? bytes.len : word.len;

    if (!ss_slice_eq(ss_slice_sub(bytes, 0, n), ss_slice_sub(word, 0, n))) {
        return SS_READ_NOT;
    }
    return n == word.len ? SS_READ_WHOLE : SS_READ_MORE;
}

/* --- version 1 --- */

/* The word in front of `*line`, which goes on behind the blank. */
static SsSlice
take_word(SsSlice *line)
{
    size_t end = ss_slice_index(*line, ' ');
    SsSlice word = ss_slice_sub(*line, 0, end);

    *line = ss_slice_from(*line, end + 1);
    return word;
}

/* An address as text, in the form in which we write it. */
static bool
read_address(SsSlice word, int family, char ret_ip[46])
{
    uint8_t address[16];
    char text[46];

    if (word.len == 0 || word.len >= sizeof text) {
        return false;
    }
    memcpy(text, word.data, word.len);
    text[word.len] = '\0';
    return inet_pton(family, text, address) == 1 && inet_ntop(family, address, ret_ip, 46);
}

static bool
read_port(SsSlice word, uint16_t *ret_port)
{
    unsigned port = 0;

    if (word.len == 0 || word.len > 5) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        if (!ss_ascii_is_digit(word.data[i])) {
            return false;
        }
        port = port * 10 + (unsigned)(word.data[i] - '0');
    }
    *ret_port = (uint16_t)port;
    return port <= UINT16_MAX;
}

static SsReading
read_line(SsSlice bytes, SsProxyHeader *header)
{
    size_t end = ss_slice_index(ss_slice_sub(bytes, 0, LINE_MAX_LEN), '\n');
    SsSlice line, word;
    char server_ip[46];
    uint16_t server_port;
    bool is_four;

    if (end == bytes.len && end < LINE_MAX_LEN) {
        return SS_READ_MORE;
    }
    if (end >= LINE_MAX_LEN || bytes.data[end - 1] != '\r') {
        return SS_READ_NOT;
    }
    header->size = end + 1;
    line = ss_slice_sub(bytes, 0, end - 1);
    take_word(&line); /* PROXY */
    word = take_word(&line);
    if (ss_slice_eq(word, SS_SLICE("UNKNOWN"))) {
        header->protocol = "unknown";
        return SS_READ_WHOLE;
    }
    is_four = ss_slice_eq(word, SS_SLICE("TCP4"));
    if (!is_four && !ss_slice_eq(word, SS_SLICE("TCP6"))) {
        return SS_READ_NOT;
    }
    header->protocol = is_four ? "tcp4" : "tcp6";
    if (!read_address(take_word(&line), is_four ? AF_INET : AF_INET6, header->ip) ||
        !read_address(take_word(&line), is_four ? AF_INET : AF_INET6, server_ip) ||
        !read_port(take_word(&line), &header->port) || !read_port(line, &server_port)) {
        return SS_READ_NOT;
    }
    return SS_READ_WHOLE;
}

/* --- version 2 --- */

#define HEAD_LEN 16

static const struct {
    uint8_t code; /* address family and transport */
    const char *protocol;
    int family;
    size_t len; /* both addresses and ports */
    size_t port_at;
} families[] = {
    {0x11, "tcp4", AF_INET, 12, 8},    {0x12, "udp4", AF_INET, 12, 8},
    {0x21, "tcp6", AF_INET6, 36, 32},  {0x22, "udp6", AF_INET6, 36, 32},
    {0x31, "unix", AF_UNSPEC, 216, 0}, {0x32, "unix", AF_UNSPEC, 216, 0},
};

static SsReading
read_binary(SsSlice bytes, SsProxyHeader *header)
{
    size_t len;
    uint8_t command;

    if (bytes.len < HEAD_LEN) {
        return SS_READ_MORE;
    }
    len = (size_t)bytes.data[14] << 8 | bytes.data[15];
    command = bytes.data[12] & 0xF;
    if (bytes.data[12] >> 4 != 2 || command > 1) {
        return SS_READ_NOT;
    }
    header->size = HEAD_LEN + len;
    header->protocol = command == 0 ? "local" : "unknown";
    for (size_t i = 0; command == 1 && i < sizeof families / sizeof families[0]; i++) {
        const uint8_t *at = bytes.data + HEAD_LEN;
        if (families[i].code != bytes.data[13]) {
            continue;
        }
        if (len < families[i].len) {
            return SS_READ_NOT;
        }
        header->protocol = families[i].protocol;
        if (families[i].family == AF_UNSPEC) {
            break;
        }
        if (bytes.len < HEAD_LEN + families[i].len) {
            return SS_READ_MORE;
        }
        inet_ntop(families[i].family, at, header->ip, sizeof header->ip);
        header->port = (uint16_t)(at[families[i].port_at] << 8 | at[families[i].port_at + 1]);
    }
    return SS_READ_WHOLE;
}

SsReading
ss_proxy_header_read(SsSlice bytes, SsProxyHeader *ret_header)
{
    SsReading line = begins(bytes, SS_SLICE("PROXY "));
    SsReading binary = begins(bytes, SS_SLICE("\r\n\r\n\0\r\nQUIT\n"));

    *ret_header = (SsProxyHeader){.protocol = "unknown"};
    if (line == SS_READ_WHOLE) {
        return read_line(bytes, ret_header);
    }
    if (binary == SS_READ_WHOLE) {
        return read_binary(bytes, ret_header);
    }
    return line == SS_READ_MORE || binary == SS_READ_MORE ? SS_READ_MORE : SS_READ_NOT;
}
