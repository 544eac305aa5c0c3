/* Message digests: SHA-1, SHA-224 and SHA-256 (FIPS 180-4). For names, not secrets. */
#ifndef PYTHON_DIGEST_H
#define PYTHON_DIGEST_H

#include <stddef.h>

enum { PY_SHA1_SIZE = 20, PY_SHA224_SIZE = 28, PY_SHA256_SIZE = 32 };

void py_sha1(const void *data, size_t len, unsigned char out[PY_SHA1_SIZE]);
void py_sha224(const void *data, size_t len, unsigned char out[PY_SHA224_SIZE]);
void py_sha256(const void *data, size_t len, unsigned char out[PY_SHA256_SIZE]);

#endif
