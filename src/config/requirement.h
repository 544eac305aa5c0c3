/*
 * What the files of a project say about the version of a package that it uses: requirements.txt,
 * pyproject.toml (a list of requirements, or poetry's table) and lock files (of poetry, uv, pdm).
 * Pure: takes their text.
 */
#ifndef CONFIG_REQUIREMENT_H
#define CONFIG_REQUIREMENT_H

/* On which side of a limit every version is that the text allows. */
enum requirement_side {
    REQUIREMENT_OPEN, /* on both, or nothing is said of the package */
    REQUIREMENT_BELOW,
    REQUIREMENT_NOT_BELOW
};

/* A version by its first three numbers. */
struct requirement_version {
    long at[3];
};

/* A requirement as pip, uv and poetry write it ("pydantic[email]>=1.10,<2", pydantic = "^1.10"). */
enum requirement_side requirement_side(const char *text, const char *package,
                                       struct requirement_version limit);

/* The version that a lock file has: name = "pydantic", then version = "1.10.19". */
enum requirement_side requirement_lock_side(const char *text, const char *package,
                                            struct requirement_version limit);

#endif
