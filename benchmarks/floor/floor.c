/* The lower bound for the time of a scan: walk a tree; open, fstat, read the first bytes of and close each regular
 * file; count.
 *
 * For: the ratios of benchmarks/targets.py.
 *      `floor [--threads N] [--read-bytes N] [--walk-only] [--no-fstat] [--ring N] FOLDER...`
 * Never: a look at the bytes that were read. Symbolic links are not followed; nothing is sorted.
 *
 * One thread lists the tree, folder by folder. Then all threads take files in batches and open them relative to an open
 * folder, so that no path is resolved twice. With `--no-fstat` the sizes stay unknown. If compiled with FLOOR_RING and
 * liburing, `--ring N` makes one thread keep N files in flight through io_uring instead; the sizes stay unknown then
 * too. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

#ifdef FLOOR_RING
#include <liburing.h>
enum { STEPS = 3, STEP_OPEN = 0, STEP_READ = 1, STEP_CLOSE = 2 };
#endif

enum { BATCH = 64, MOST_THREADS = 1024, MOST_IN_FLIGHT = 1024 };

typedef struct {
    const tree *tree;
    atomic_size_t *next;
    size_t read_bytes;
    bool asks_size;
    uint64_t files, bytes, bytes_read, failures;
} worker;

static void read_file(worker *self, int folder, const char *name, char *buffer) {
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        self->failures++;
        return;
    }
    struct stat status = {.st_size = 0};
    ssize_t length = self->asks_size && fstat(file, &status) != 0 ? -1 : pread(file, buffer, self->read_bytes, 0);
    if (length < 0) {
        self->failures++;
    } else {
        self->files++;
        self->bytes += (uint64_t)status.st_size;
        self->bytes_read += (uint64_t)length;
    }
    close(file);
}

static void *run_worker(void *argument) {
    worker *self = argument;
    const tree *found = self->tree;
    char *buffer = grow(NULL, self->read_bytes, 1);
    size_t opened = SIZE_MAX;
    int folder = -1;
    for (;;) {
        size_t at = atomic_fetch_add(self->next, BATCH);
        if (at >= found->files.count) {
            break;
        }
        size_t end = found->files.count - at < BATCH ? found->files.count : at + BATCH;
        for (; at < end; at++) {
            if (found->folder_of_file[at] != opened) {
                if (folder >= 0) {
                    close(folder);
                }
                opened = found->folder_of_file[at];
                folder = open(name_at(&found->folders, opened), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            }
            read_file(self, folder, name_at(&found->files, at), buffer);
        }
    }
    if (folder >= 0) {
        close(folder);
    }
    free(buffer);
    return NULL;
}

/* Reads all files with that many threads, and adds their counts to `sum`. */
static bool run_threads(worker *sum, size_t threads) {
    atomic_size_t next = 0;
    pthread_t *handles = grow(NULL, threads, sizeof *handles);
    worker *workers = grow(NULL, threads, sizeof *workers);
    for (size_t number = 0; number < threads; number++) {
        workers[number] =
            (worker){.tree = sum->tree, .next = &next, .read_bytes = sum->read_bytes, .asks_size = sum->asks_size};
        if (pthread_create(&handles[number], NULL, run_worker, &workers[number]) != 0) {
            fputs("floor: no thread\n", stderr);
            return false;
        }
    }
    for (size_t number = 0; number < threads; number++) {
        pthread_join(handles[number], NULL);
        sum->files += workers[number].files;
        sum->bytes += workers[number].bytes;
        sum->bytes_read += workers[number].bytes_read;
        sum->failures += workers[number].failures;
    }
    free(handles);
    free(workers);
    return true;
}

#ifdef FLOOR_RING
/* Queues open, read and close of one file as three linked steps, with a descriptor in the file table of the ring. */
static void queue_file(struct io_uring *ring, int folder, const char *name, char *buffer, size_t length,
                       unsigned slot) {
    struct io_uring_sqe *step = io_uring_get_sqe(ring);
    io_uring_prep_openat_direct(step, folder, name, O_RDONLY, 0, slot);
    io_uring_sqe_set_flags(step, IOSQE_IO_LINK);
    io_uring_sqe_set_data64(step, STEP_OPEN);
    step = io_uring_get_sqe(ring);
    io_uring_prep_read(step, (int)slot, buffer, (unsigned)length, 0);
    /* A short read breaks a soft link, so this is a hard link. */
    io_uring_sqe_set_flags(step, IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK);
    io_uring_sqe_set_data64(step, STEP_READ);
    step = io_uring_get_sqe(ring);
    io_uring_prep_close_direct(step, slot);
    io_uring_sqe_set_data64(step, STEP_CLOSE);
}

static bool finish_files(struct io_uring *ring, unsigned files, worker *self) {
    if (io_uring_submit_and_wait(ring, files * STEPS) < 0) {
        return false;
    }
    for (unsigned step = 0; step < files * STEPS; step++) {
        struct io_uring_cqe *done;
        if (io_uring_wait_cqe(ring, &done) < 0) {
            return false;
        }
        if (done->user_data == STEP_READ && done->res >= 0) {
            self->files++;
            self->bytes_read += (uint64_t)done->res;
        } else if (done->res < 0) {
            self->failures++;
        }
        io_uring_cqe_seen(ring, done);
    }
    return true;
}

/* Reads all files in the order of the listing, `depth` of them in flight; without fstat, so the sizes stay unknown. */
static bool run_ring(worker *self, unsigned depth) {
    const tree *found = self->tree;
    struct io_uring ring;
    if (io_uring_queue_init(depth * STEPS, &ring, 0) < 0 || io_uring_register_files_sparse(&ring, depth) < 0) {
        fputs("floor: io_uring is not allowed here\n", stderr);
        return false;
    }
    char *buffers = grow(NULL, depth, self->read_bytes);
    bool is_whole = true;
    size_t at = 0;
    while (is_whole && at < found->files.count) {
        size_t opened = found->folder_of_file[at];
        int folder = open(name_at(&found->folders, opened), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        while (is_whole && at < found->files.count && found->folder_of_file[at] == opened) {
            unsigned queued = 0;
            for (; queued < depth && at < found->files.count && found->folder_of_file[at] == opened; at++, queued++) {
                char *buffer = buffers + queued * self->read_bytes;
                queue_file(&ring, folder, name_at(&found->files, at), buffer, self->read_bytes, queued);
            }
            is_whole = finish_files(&ring, queued, self);
        }
        close(folder);
    }
    free(buffers);
    io_uring_queue_exit(&ring);
    return is_whole;
}
#endif

static size_t read_number(const char *text, size_t most) {
    char *end = NULL;
    errno = 0;
    unsigned long long number = text == NULL ? 0 : strtoull(text, &end, 10);
    if (text == NULL || *end != '\0' || errno != 0 || number < 1 || number > most) {
        fputs("floor: a number is missing or out of bounds\n", stderr);
        exit(2);
    }
    return (size_t)number;
}

int main(int count, char **arguments) {
    size_t threads = 1, read_bytes = 4096;
    bool walk_only = false, asks_size = true;
#ifdef FLOOR_RING
    unsigned in_flight = 0;
#endif
    tree found = {0};
    for (int at = 1; at < count; at++) {
        if (strcmp(arguments[at], "--threads") == 0) {
            threads = read_number(arguments[++at], MOST_THREADS);
        } else if (strcmp(arguments[at], "--read-bytes") == 0) {
            read_bytes = read_number(arguments[++at], (size_t)1 << 30);
        } else if (strcmp(arguments[at], "--walk-only") == 0) {
            walk_only = true;
        } else if (strcmp(arguments[at], "--no-fstat") == 0) {
            asks_size = false;
#ifdef FLOOR_RING
        } else if (strcmp(arguments[at], "--ring") == 0) {
            in_flight = (unsigned)read_number(arguments[++at], MOST_IN_FLIGHT);
#endif
        } else {
            add_name(&found.folders, "", arguments[at]);
        }
    }
    if (found.folders.count == 0) {
        fputs("usage: floor [--threads N] [--read-bytes N] [--walk-only] [--no-fstat] FOLDER...\n", stderr);
        return 2;
    }
    worker sum = {.read_bytes = read_bytes, .asks_size = asks_size, .failures = list_tree(&found)};
    sum.tree = &found;
    if (walk_only) {
        sum.files = found.files.count;
#ifdef FLOOR_RING
    } else if (in_flight > 0) {
        if (!run_ring(&sum, in_flight)) {
            return 1;
        }
#endif
    } else if (!run_threads(&sum, threads)) {
        return 1;
    }
    printf("{\"files\": %llu, \"bytes\": %llu, \"bytes_read\": %llu, \"failures\": %llu}\n",
           (unsigned long long)sum.files, (unsigned long long)sum.bytes, (unsigned long long)sum.bytes_read,
           (unsigned long long)sum.failures);
    free_tree(&found);
    return sum.failures == 0 ? 0 : 1;
}
