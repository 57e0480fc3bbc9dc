/* Reads from a failing disk, loaded before the system's own (LD_PRELOAD).
 *
 * For: test_attacks_reads.py. FAILING_READS chooses the failure: "EIO N", read number N and all after it fail;
 *      "EINTR N", read number N is interrupted once; "OPEN N", the first N calls that open a folder or a file of the
 *      collection are interrupted; "SHORT N", no read returns more than N bytes; "FSTAT N", fstat of
 *      an open file of N bytes fails; "LISTING 1", folders are listed without entries named "long", and the listing
 *      fails at its end instead; "UNTOLD 1", the listing gives no entry types.
 * Never: a change of the bytes that are read.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long reads;
static atomic_long opens;
static _Bool is_broken; /* the current listing */

/* The number after the word, or -1 if FAILING_READS has another word. */
static long find_number(const char *word) {
    const char *given = getenv("FAILING_READS");
    const size_t length = strlen(word);
    return given != NULL && strncmp(given, word, length) == 0 && given[length] == ' ' ? atol(&given[length]) : -1;
}

/* Whether this call is interrupted. The paths of the collection: "in", "in/", and in it "good" and "long". */
static _Bool is_open_interrupted(const char *path) {
    const _Bool is_of_collection = strncmp(path, "in", 2) == 0 || strcmp(path, "good") == 0 || strcmp(path, "long") == 0;
    if (!is_of_collection || atomic_fetch_add(&opens, 1) >= find_number("OPEN")) {
        return 0;
    }
    errno = EINTR;
    return 1;
}

int openat(int folder, const char *path, int flags, ...) {
    int (*really)(int, const char *, int, ...);
    *(void **)&really = dlsym(RTLD_NEXT, "openat");
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    return is_open_interrupted(path) ? -1 : really(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    int (*really)(int, const char *, int, ...);
    *(void **)&really = dlsym(RTLD_NEXT, "openat64");
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    return is_open_interrupted(path) ? -1 : really(folder, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    int (*really)(const char *, int, ...);
    *(void **)&really = dlsym(RTLD_NEXT, "open64");
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    return is_open_interrupted(path) ? -1 : really(path, flags, mode);
}

DIR *opendir(const char *path) {
    DIR *(*really)(const char *);
    *(void **)&really = dlsym(RTLD_NEXT, "opendir");
    return is_open_interrupted(path) ? NULL : really(path);
}

static ssize_t read_badly(const char *name, int descriptor, void *bytes, size_t length, off64_t offset) {
    ssize_t (*really)(int, void *, size_t, off64_t);
    *(void **)&really = dlsym(RTLD_NEXT, name);
    const long number = atomic_fetch_add(&reads, 1);
    if (find_number("EIO") >= 0 && number >= find_number("EIO")) {
        errno = EIO;
        return -1;
    }
    if (number == find_number("EINTR")) {
        errno = EINTR;
        return -1;
    }
    const long most = find_number("SHORT");
    return really(descriptor, bytes, most > 0 && length > (size_t)most ? (size_t)most : length, offset);
}

ssize_t pread(int descriptor, void *bytes, size_t length, off_t offset) {
    return read_badly("pread", descriptor, bytes, length, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t length, off64_t offset) {
    return read_badly("pread64", descriptor, bytes, length, offset);
}

static int end_stat(int result, off64_t size) {
    if (result == 0 && size == find_number("FSTAT")) {
        errno = EIO;
        return -1;
    }
    return result;
}

int fstat(int descriptor, struct stat *info) {
    int (*really)(int, struct stat *);
    *(void **)&really = dlsym(RTLD_NEXT, "fstat");
    const int result = really(descriptor, info);
    return end_stat(result, info->st_size);
}

int fstat64(int descriptor, struct stat64 *info) {
    int (*really)(int, struct stat64 *);
    *(void **)&really = dlsym(RTLD_NEXT, "fstat64");
    const int result = really(descriptor, info);
    return end_stat(result, info->st_size);
}

static struct dirent64 *list_badly(DIR *stream, struct dirent64 *(*really)(DIR *)) {
    struct dirent64 *entry = really(stream);
    if (entry != NULL && find_number("LISTING") > 0 && strcmp(entry->d_name, "long") == 0) {
        is_broken = 1;
        entry = really(stream);
    }
    if (entry == NULL && is_broken) {
        is_broken = 0;
        errno = EIO;
    }
    if (entry != NULL && find_number("UNTOLD") > 0) {
        entry->d_type = DT_UNKNOWN;
    }
    return entry;
}

struct dirent64 *readdir64(DIR *stream) {
    struct dirent64 *(*really)(DIR *);
    *(void **)&really = dlsym(RTLD_NEXT, "readdir64");
    return list_badly(stream, really);
}
