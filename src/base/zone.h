/* Time zones by name, from the system's zone files (RFC 8536). */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct zone {
    const char *data; /* the file; NULL: UTC without one */
    size_t len;
};

/* Finds a zone by its exact name ("Europe/Berlin"). False: there is none. UTC is always there. */
bool zone_load(struct arena *a, const char *name, struct zone *out);

/* Seconds east of UTC at that time (seconds since 1970 UTC). */
int zone_offset(const struct zone *zone, int64_t at);

#endif
