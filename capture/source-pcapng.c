/*
 * The newer format (draft-ietf-opsawg-pcapng): blocks, which we walk ourselves because libpcap
 * passes over the secrets and refuses a file whose interfaces differ.
 *
 *     type 4 | total length 4 | body … | total length 4
 *
 * A section header begins the file and may come again; it sets the byte order and forgets the
 * interfaces. Packets refer to interfaces by their number in the section; each has its own
 * link type and clock. Lengths are believed only after they were found to fit, and each block is
 * longer than nothing, so the walk always comes to an end.
 */
#include "capture/source-file.h"

#include "base/cursor.h"
#include "base/limits.h"

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE = 3,
    BLOCK_ENHANCED = 6,
    BLOCK_SECRETS = 10,
    BLOCK_SECTION = 0x0a0d0d0a,
};

enum {
    OPTION_END = 0,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14,
};

#define SECRETS_TLS 0x544c534b
#define BYTE_ORDER_BIG 0x1a2b3c4d
#define BYTE_ORDER_LITTLE 0x4d3c2b1a

/* Around every block's body. */
#define FRAME_HEAD 8
#define FRAME_LEN 12
#define BLOCK_MAX (16u << 20) /* as in libpcap and Wireshark */
#define SECTION_BODY_MIN 16
#define INTERFACES_MAX (1u << 18) /* 24 bytes each */
#define RESOLUTION_US 6           /* the default: 10^-6 s */
#define RESOLUTION_IS_BINARY 0x80

/* 10^0 to 10^19, all that fit. */
static uint64_t
power_of_ten(unsigned n)
{
    uint64_t power = 1;
    for (unsigned i = 0; i < n; i++) {
        power *= 10;
    }
    return power;
}

/* --- time --- */

/* The part below a second, in ns, of `ticks` of 2^-n s. */
static uint64_t
binary_fraction_ns(uint64_t ticks, unsigned n)
{
    uint64_t fraction = n < 64 ? ticks & ((UINT64_C(1) << n) - 1) : ticks;
    if (n > 34) { /* keeps fraction × 10^9 below 2^64; what is lost is far below a ns */
        fraction = n - 34 < 64 ? fraction >> (n - 34) : 0;
        n = 34;
    }
    return fraction * SS_NS_PER_S >> n;
}

static uint64_t
decimal_fraction_ns(uint64_t ticks, unsigned n)
{
    uint64_t fraction = n < 20 ? ticks % power_of_ten(n) : ticks;
    if (n <= 9) {
        return fraction * power_of_ten(9 - n);
    }
    return n - 9 < 20 ? fraction / power_of_ten(n - 9) : 0;
}

static int64_t
time_of(const SsInterface *interface, uint64_t ticks)
{
    unsigned n = interface->resolution & (RESOLUTION_IS_BINARY - 1);
    bool is_binary = (interface->resolution & RESOLUTION_IS_BINARY) != 0;
    uint64_t seconds;
    uint64_t fraction_ns;
    if (is_binary) {
        seconds = n < 64 ? ticks >> n : 0;
        fraction_ns = binary_fraction_ns(ticks, n);
    } else {
        seconds = n < 20 ? ticks / power_of_ten(n) : 0;
        fraction_ns = decimal_fraction_ns(ticks, n);
    }
    int64_t most_s = SS_TIME_MAX / SS_NS_PER_S;
    int64_t offset_s = CLAMP(interface->offset_s, -most_s, most_s);
    int64_t total_s = (int64_t)MIN(seconds, (uint64_t)most_s) + offset_s;
    int64_t time_ns = CLAMP(total_s, -most_s, most_s) * SS_NS_PER_S + (int64_t)fraction_ns;
    return CLAMP(time_ns, 0, SS_TIME_MAX);
}

static uint8_t
digits_of(const SsInterface *interface)
{
    uint8_t n = interface->resolution & (RESOLUTION_IS_BINARY - 1);
    bool is_binary = (interface->resolution & RESOLUTION_IS_BINARY) != 0;
    return n <= (is_binary ? 19 : 6) ? 6 : 9; /* 2^-20 s is finer than 1 µs */
}

/* --- blocks --- */

typedef struct {
    uint32_t type;
    size_t len;    /* in all */
    SsCursor body; /* borrowed from the reader */
} Block;

static SsCursor
cursor_of(const SsFileSource *self, SsSlice bytes)
{
    SsCursor cursor = ss_cursor(bytes);
    cursor.is_little = self->pcapng.is_little;
    return cursor;
}

/* A section header's type reads the same in both orders; its body begins with a mark. */
static bool
set_byte_order(SsFileSource *self, SsSlice head)
{
    SsCursor cursor = ss_cursor(ss_slice_from(head, FRAME_HEAD));
    uint32_t mark = ss_cursor_u32(&cursor);
    self->pcapng.is_little = mark == BYTE_ORDER_LITTLE;
    return mark == BYTE_ORDER_LITTLE || mark == BYTE_ORDER_BIG;
}

static SsSourceStatus
bad_length(SsFileSource *self, const char *what, uint32_t len, GError **error)
{
    g_autofree char *how = g_strdup_printf("%s of %u bytes", what, len);
    return ss_file_source_corrupt(self, how, error);
}

/* Looks at the next block, which stays with the reader until it is taken. */
static SsSourceStatus
peek_block(SsFileSource *self, Block *ret_block, GError **error)
{
    SsSlice bytes;
    self->is_beside_packets = false;
    SsReadStatus status = ss_reader_peek(&self->reader, FRAME_LEN, &bytes);
    if (status != SS_READ_OK) {
        return ss_file_source_end(self, status, error);
    }
    SsCursor head = cursor_of(self, bytes);
    if (ss_cursor_u32(&head) == BLOCK_SECTION && !set_byte_order(self, bytes)) {
        return ss_file_source_corrupt(self, "a section without a byte order", error);
    }
    head = cursor_of(self, bytes);
    uint32_t type = ss_cursor_u32(&head);
    uint32_t len = ss_cursor_u32(&head);
    self->is_beside_packets =
        type != BLOCK_ENHANCED && type != BLOCK_SIMPLE && type != BLOCK_PACKET;
    if (len < FRAME_LEN || len % 4 != 0 || len > BLOCK_MAX) {
        return bad_length(self, "a block", len, error);
    }
    status = ss_reader_peek(&self->reader, len, &bytes);
    if (status != SS_READ_OK) {
        return ss_file_source_end(self, status, error);
    }
    SsCursor tail = cursor_of(self, ss_slice_from(bytes, len - 4));
    if (ss_cursor_u32(&tail) != len) {
        return ss_file_source_corrupt(self, "a block whose two lengths differ", error);
    }
    ret_block->type = type;
    ret_block->len = len;
    ret_block->body = cursor_of(self, ss_slice_sub(bytes, FRAME_HEAD, len - FRAME_LEN));
    return SS_SOURCE_FRAME;
}

static SsSourceStatus
begin_section(SsFileSource *self, Block *block, GError **error)
{
    ss_cursor_skip(&block->body, 4);
    uint16_t major = ss_cursor_u16(&block->body);
    if (block->len < FRAME_LEN + SECTION_BODY_MIN || major != 1) {
        return ss_file_source_corrupt(self, "a section whose version is not 1", error);
    }
    g_array_set_size(self->pcapng.interfaces, 0);
    return SS_SOURCE_FRAME;
}

/* False where the options do not fit into their block. */
static bool
read_interface_options(SsCursor *options, SsInterface *interface)
{
    while (options->left > 0) {
        uint16_t code = ss_cursor_u16(options);
        uint16_t len = ss_cursor_u16(options);
        if (code == OPTION_END) {
            break;
        }
        SsCursor value = *options;
        value.left = MIN(value.left, len);
        if (code == OPTION_TSRESOL && len == 1) {
            interface->resolution = ss_cursor_u8(&value);
        } else if (code == OPTION_TSOFFSET && len == 8) {
            interface->offset_s = (int64_t)ss_cursor_u64(&value);
        }
        ss_cursor_skip(options, ((size_t)len + 3) & ~(size_t)3);
    }
    return !options->is_short;
}

static SsSourceStatus
add_interface(SsFileSource *self, Block *block, GError **error)
{
    SsInterface interface = {.resolution = RESOLUTION_US};
    interface.link_type = ss_cursor_u16(&block->body);
    ss_cursor_skip(&block->body, 2);
    interface.snap_length = ss_cursor_u32(&block->body);
    if (block->body.is_short || !read_interface_options(&block->body, &interface)) {
        return ss_file_source_corrupt(self, "an interface that does not fit its block", error);
    }
    if (self->pcapng.interfaces->len == INTERFACES_MAX) {
        return ss_file_source_corrupt(self, "too many interfaces", error);
    }
    g_array_append_val(self->pcapng.interfaces, interface);
    return SS_SOURCE_FRAME;
}

static SsSourceStatus
read_secrets(SsFileSource *self, Block *block, GError **error)
{
    uint32_t type = ss_cursor_u32(&block->body);
    uint32_t len = ss_cursor_u32(&block->body);
    SsSlice secrets = ss_cursor_slice(&block->body, len);
    if (block->body.is_short) {
        return ss_file_source_corrupt(self, "secrets that do not fit their block", error);
    }
    if (type == SECRETS_TLS && self->on_secrets) {
        self->on_secrets(self->user_data, secrets);
    }
    return SS_SOURCE_FRAME;
}

/* --- packets --- */

static SsSourceStatus
give_packet(SsFileSource *self, const SsInterface *interface, uint32_t captured, uint32_t len,
            SsCursor *body, SsFrame *ret_frame, GError **error)
{
    SsSlice bytes = ss_cursor_slice(body, captured);
    if (body->is_short) {
        return bad_length(self, "a packet larger than its block,", captured, error);
    }
    ret_frame->origin.time_ns = self->pcapng.time_ns;
    ret_frame->origin.time_digits = digits_of(interface);
    ret_frame->link_type = interface->link_type;
    ret_frame->len = MAX(len, captured);
    ret_frame->snap_length = interface->snap_length;
    ret_frame->bytes = bytes;
    return SS_SOURCE_FRAME;
}

/* The interface of that number, or NULL with `error`. */
static const SsInterface *
find_interface(SsFileSource *self, uint32_t number, GError **error)
{
    const GArray *interfaces = self->pcapng.interfaces;
    if (number < interfaces->len) {
        return &g_array_index(interfaces, SsInterface, number);
    }
    g_autofree char *how = g_strdup_printf("interface %u is not described", number);
    ss_file_source_corrupt(self, how, error);
    return NULL;
}

/* Interface, time, captured length, length, bytes; the obsolete block counts drops beside it. */
static SsSourceStatus
read_packet(SsFileSource *self, Block *block, SsFrame *ret_frame, GError **error)
{
    SsCursor *body = &block->body;
    uint32_t number;
    if (block->type == BLOCK_PACKET) {
        number = ss_cursor_u16(body);
        ss_cursor_skip(body, 2);
    } else {
        number = ss_cursor_u32(body);
    }
    uint64_t ticks = (uint64_t)ss_cursor_u32(body) << 32;
    ticks |= ss_cursor_u32(body);
    uint32_t captured = ss_cursor_u32(body);
    uint32_t len = ss_cursor_u32(body);
    if (body->is_short) {
        return bad_length(self, "a packet block", (uint32_t)block->len, error);
    }
    const SsInterface *interface = find_interface(self, number, error);
    if (!interface) {
        return SS_SOURCE_DAMAGED;
    }
    self->pcapng.time_ns = time_of(interface, ticks);
    return give_packet(self, interface, captured, len, body, ret_frame, error);
}

/*
 * A length and bytes: no interface but the first, and no time. It gets that of the packet before
 * it, so that time does not jump.
 */
static SsSourceStatus
read_simple_packet(SsFileSource *self, Block *block, SsFrame *ret_frame, GError **error)
{
    uint32_t len = ss_cursor_u32(&block->body);
    if (block->body.is_short) {
        return bad_length(self, "a packet block", (uint32_t)block->len, error);
    }
    const SsInterface *interface = find_interface(self, 0, error);
    if (!interface) {
        return SS_SOURCE_DAMAGED;
    }
    uint32_t captured = interface->snap_length ? MIN(len, interface->snap_length) : len;
    return give_packet(self, interface, captured, len, &block->body, ret_frame, error);
}

/* --- the format --- */

static SsSourceStatus
pcapng_begin(SsFileSource *self, GError **error)
{
    if (!self->pcapng.interfaces) {
        self->pcapng.interfaces = g_array_new(FALSE, FALSE, sizeof(SsInterface));
    }
    Block block;
    SsSourceStatus status = peek_block(self, &block, error);
    if (status == SS_SOURCE_FRAME) {
        status = begin_section(self, &block, error);
    }
    if (status == SS_SOURCE_FRAME) {
        ss_reader_take(&self->reader, block.len);
    }
    return status;
}

static SsSourceStatus
pcapng_next(SsFileSource *self, SsFrame *ret_frame, GError **error)
{
    for (;;) {
        Block block;
        SsSourceStatus status = peek_block(self, &block, error);
        if (status != SS_SOURCE_FRAME) {
            return status;
        }
        bool is_packet = false;
        switch (block.type) {
        case BLOCK_SECTION:
            status = begin_section(self, &block, error);
            break;
        case BLOCK_INTERFACE:
            status = add_interface(self, &block, error);
            break;
        case BLOCK_SECRETS:
            status = read_secrets(self, &block, error);
            break;
        case BLOCK_ENHANCED:
        case BLOCK_PACKET:
            status = read_packet(self, &block, ret_frame, error);
            is_packet = true;
            break;
        case BLOCK_SIMPLE:
            status = read_simple_packet(self, &block, ret_frame, error);
            is_packet = true;
            break;
        default:
            break;
        }
        if (status != SS_SOURCE_FRAME) {
            return status;
        }
        ss_reader_take(&self->reader, block.len);
        if (is_packet) {
            return SS_SOURCE_FRAME;
        }
    }
}

static const SsFileFormat PCAPNG_FORMAT = {pcapng_begin, pcapng_next};

const SsFileFormat *
ss_pcapng_format(SsSlice magic)
{
    return ss_slice_eq(magic, SS_SLICE("\x0a\x0d\x0d\x0a")) ? &PCAPNG_FORMAT : NULL;
}
