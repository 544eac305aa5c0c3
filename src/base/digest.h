/*
 * Message digests: MD5 (RFC 1321), SHA-1, SHA-224 and SHA-256 (FIPS 180-4).
 *
 * For names (those that SQLAlchemy shortens, Python's hashlib) and for the chain of the journal;
 * not for anything secret.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

enum { MD5_SIZE = 16, SHA1_SIZE = 20, SHA224_SIZE = 28, SHA256_SIZE = 32 };
enum { MD5_HEX = 2 * MD5_SIZE, SHA256_HEX = 2 * SHA256_SIZE };

/* The digest of len bytes. */
void md5(const void *data, size_t len, unsigned char out[MD5_SIZE]);
void sha1(const void *data, size_t len, unsigned char out[SHA1_SIZE]);
void sha224(const void *data, size_t len, unsigned char out[SHA224_SIZE]);
void sha256(const void *data, size_t len, unsigned char out[SHA256_SIZE]);

/* The same as lower-case hexadecimal digits. */
void md5_hex(const void *data, size_t len, char out[MD5_HEX + 1]);
void sha256_hex(const void *data, size_t len, char out[SHA256_HEX + 1]);

#endif
