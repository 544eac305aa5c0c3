/* MD5 (RFC 1321), for names that SQLAlchemy shortens with it. Not for anything secret. */
#ifndef BASE_MD5_H
#define BASE_MD5_H

#include <stddef.h>

enum { MD5_HEX = 32 };

/* The digest of len bytes, as lower-case hexadecimal digits. */
void md5_hex(const void *data, size_t len, char out[MD5_HEX + 1]);

#endif
