#include "dissect/siphash.h"

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static inline uint64_t
load_le64(const uint8_t *p)
{
    uint64_t x = 0;

    for (unsigned i = 0; i < 8; i++) {
        x |= (uint64_t)p[i] << (8 * i);
    }
    return x;
}

static inline void
rounds(uint64_t v[4], unsigned n)
{
    while (n--) {
        v[0] += v[1];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[0] = rotate(v[0], 32);
        v[2] += v[3];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[2] = rotate(v[2], 32);
    }
}

uint64_t
ss_siphash(const uint64_t key[2], SsSlice bytes)
{
    uint64_t v[4] = {
        key[0] ^ UINT64_C(0x736f6d6570736575),
        key[1] ^ UINT64_C(0x646f72616e646f6d),
        key[0] ^ UINT64_C(0x6c7967656e657261),
        key[1] ^ UINT64_C(0x7465646279746573),
    };
    size_t whole = bytes.len / 8 * 8;
    uint64_t last = (uint64_t)bytes.len << 56;

    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word = load_le64(bytes.data + i);
        v[3] ^= word;
        rounds(v, 2);
        v[0] ^= word;
    }
    for (size_t i = whole; i < bytes.len; i++) {
        last |= (uint64_t)bytes.data[i] << (8 * (i - whole));
    }
    v[3] ^= last;
    rounds(v, 2);
    v[0] ^= last;
    v[2] ^= 0xff;
    rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
