/* MD5 (RFC 1321), for names: those that SQLAlchemy shortens with it, and Python's hashlib. Not for
 * anything secret. */
#ifndef BASE_MD5_H
#define BASE_MD5_H

#include <stddef.h>

enum { MD5_SIZE = 16, MD5_HEX = 2 * MD5_SIZE };

/* The digest of len bytes, and the same as lower-case hexadecimal digits. */
void md5(const void *data, size_t len, unsigned char out[MD5_SIZE]);
void md5_hex(const void *data, size_t len, char out[MD5_HEX + 1]);

#endif
