#include "config.h"

#include "base/digest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, LENGTH_SIZE = 8 };

typedef void (*block_fn)(uint32_t *state, const unsigned char block[BLOCK]);

static uint32_t rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t rotate_right(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static uint32_t read_big(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Feeds all blocks and the padding: a bit, zeros, and the length in bits, whose first byte is the
 * lowest (MD5) or the highest (SHA). */
static void digest(uint32_t *state, block_fn fn, bool lowest_first, const unsigned char *data,
                   size_t len)
{
    size_t whole = len / BLOCK * BLOCK;
    for (size_t i = 0; i < whole; i += BLOCK)
        fn(state, data + i);
    unsigned char tail[2 * BLOCK] = {0};
    size_t rest = len - whole;
    if (rest > 0)
        memcpy(tail, data + whole, rest);
    tail[rest] = 0x80;
    size_t size = rest + 1 + LENGTH_SIZE <= BLOCK ? BLOCK : 2 * BLOCK;
    for (unsigned i = 0; i < LENGTH_SIZE; i++) {
        unsigned shift = 8 * (lowest_first ? i : LENGTH_SIZE - 1 - i);
        tail[size - LENGTH_SIZE + i] = (unsigned char)((uint64_t)len * 8 >> shift);
    }
    for (size_t i = 0; i < size; i += BLOCK)
        fn(state, tail + i);
}

static void write_hex(char *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * size] = '\0';
}

static void write_state(unsigned char *out, const uint32_t *state, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned shift = (unsigned)(8 * (3 - i % 4));
        out[i] = (unsigned char)(state[i / 4] >> shift);
    }
}

/* ---- MD5 ---- */

/* RFC 1321, section 3.4: shift amounts per round, and floor(2^32 * abs(sin(i + 1))). */
static const unsigned char shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

static void md5_block(uint32_t *state, const unsigned char block[BLOCK])
{
    uint32_t x[16];
    for (size_t i = 0; i < 16; i++) {
        const unsigned char *p = block + 4 * i;
        x[i] = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (unsigned i = 0; i < 64; i++) {
        uint32_t f;
        unsigned k;
        switch (i / 16) {
        case 0:
            f = (b & c) | (~b & d);
            k = i;
            break;
        case 1:
            f = (b & d) | (c & ~d);
            k = (5 * i + 1) % 16;
            break;
        case 2:
            f = b ^ c ^ d;
            k = (3 * i + 5) % 16;
            break;
        default:
            f = c ^ (b | ~d);
            k = 7 * i % 16;
        }
        uint32_t sum = a + f + sines[i] + x[k];
        unsigned by = shifts[i / 16][i % 4];
        a = d;
        d = c;
        c = b;
        b += sum << by | sum >> (32 - by);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md5(const void *data, size_t len, unsigned char out[MD5_SIZE])
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    digest(state, md5_block, true, data, len);
    for (size_t i = 0; i < MD5_SIZE; i++)
        out[i] = (unsigned char)(state[i / 4] >> (8 * (i % 4)));
}

void md5_hex(const void *data, size_t len, char out[MD5_HEX + 1])
{
    unsigned char bytes[MD5_SIZE];
    md5(data, len, bytes);
    write_hex(out, bytes, sizeof(bytes));
}

/* ---- SHA-1 ---- */

static void sha1_block(uint32_t *state, const unsigned char block[BLOCK])
{
    uint32_t w[80];
    for (unsigned i = 0; i < 16; i++)
        w[i] = read_big(block + 4 * i);
    for (unsigned i = 16; i < 80; i++)
        w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (unsigned i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                     : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                     : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                              : (b ^ c ^ d) + 0xCA62C1D6;
        uint32_t t = rotate_left(a, 5) + f + e + w[i];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = t;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void sha1(const void *data, size_t len, unsigned char out[SHA1_SIZE])
{
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    digest(state, sha1_block, false, data, len);
    write_state(out, state, SHA1_SIZE);
}

/* ---- SHA-224 and SHA-256 ---- */

static void sha256_block(uint32_t *state, const unsigned char block[BLOCK])
{
    static const uint32_t roots[64] = {
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4,
        0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE,
        0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F,
        0x4A7484AA, 0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7,
        0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967, 0x27B70A85, 0x2E1B2138, 0x4D2C6DFC,
        0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B,
        0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116,
        0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7,
        0xC67178F2,
    };
    uint32_t w[64], v[8];
    for (unsigned i = 0; i < 16; i++)
        w[i] = read_big(block + 4 * i);
    for (unsigned i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3) +
               (rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10);
    }
    memcpy(v, state, sizeof(v));
    for (unsigned i = 0; i < 64; i++) {
        uint32_t a = v[0], e = v[4];
        uint32_t t1 = v[7] + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                      ((e & v[5]) ^ (~e & v[6])) + roots[i] + w[i];
        uint32_t t2 = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
                      ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof(v[0]));
        v[0] = t1 + t2;
        v[4] += t1;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += v[i];
}

void sha256(const void *data, size_t len, unsigned char out[SHA256_SIZE])
{
    uint32_t state[8] = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                         0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
    digest(state, sha256_block, false, data, len);
    write_state(out, state, SHA256_SIZE);
}

void sha256_hex(const void *data, size_t len, char out[SHA256_HEX + 1])
{
    unsigned char bytes[SHA256_SIZE];
    sha256(data, len, bytes);
    write_hex(out, bytes, sizeof(bytes));
}

void sha224(const void *data, size_t len, unsigned char out[SHA224_SIZE])
{
    uint32_t state[8] = {0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939,
                         0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4};
    digest(state, sha256_block, false, data, len);
    write_state(out, state, SHA224_SIZE);
}
