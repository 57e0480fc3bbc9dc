/* Reads each named file once for every allocation that can fail.
 *
 * For: tests/security/test_memory_runs_out.py.
 * Never: an end before the last allocation. If a check fails, the file and the number are printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_memory.h"

enum { MOST_BYTES = 1 << 20 };

/* The content of a file, in memory of exactly its length, or NULL. */
static uint8_t *read_file(const char *path, size_t *length) {
    uint8_t *room = malloc(MOST_BYTES);
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    if (room != NULL && file != NULL) {
        *length = fread(room, 1, MOST_BYTES, file);
        bytes = *length > 0 ? malloc(*length) : NULL;
    }
    if (bytes != NULL) {
        memcpy(bytes, room, *length);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    free(room);
    return bytes;
}

/* Returns the number of allocations that could fail. */
static uint32_t sweep(const char *path, const fuzz_input *input, bool for_good) {
    uint32_t number = 0;
    uint32_t failures;
    do {
        (void)fprintf(stderr, "\r%s: allocation %u%s", path, number, for_good ? " and all after it" : "");
        failures = fuzz_without_memory(input, number, number, for_good);
        number++;
    } while (failures > 0);
    return number - 1;
}

int main(int count, char **paths) {
    for (int i = 1; i < count; i++) {
        size_t length = 0;
        uint8_t *bytes = read_file(paths[i], &length);
        if (bytes == NULL) {
            (void)fprintf(stderr, "cannot read %s\n", paths[i]);
            return 2;
        }
        const fuzz_input input = fuzz_read_options(bytes, length);
        const uint32_t once = sweep(paths[i], &input, false);
        (void)printf("%s %u %u\n", paths[i], once, sweep(paths[i], &input, true));
        free(bytes);
    }
    return 0;
}
