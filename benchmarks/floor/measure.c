/* Runs a command and measures wall clock, processor time and peak memory.
 *
 * For: all times that this folder records. `measure FILE COMMAND...` writes one JSON object to FILE.
 * Never: an addition to what it measures. Linux counts the memory of a parent process into the peak of its child, so
 *        the parent must be a small program; a Python process would be larger than what it measures. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: measure FILE COMMAND...\n", stderr);
        return 2;
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child == 0) {
        execvp(arguments[2], arguments + 2);
        fprintf(stderr, "measure: %s: %s\n", arguments[2], strerror(errno));
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        fprintf(stderr, "measure: %s\n", strerror(errno));
        return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    FILE *out = fopen(arguments[1], "w");
    if (out == NULL) {
        fprintf(stderr, "measure: %s: %s\n", arguments[1], strerror(errno));
        return 1;
    }
#ifdef __APPLE__
    long peak_bytes = usage.ru_maxrss;
#else
    long peak_bytes = usage.ru_maxrss * 1024;
#endif
    fprintf(
        out,
        "{\"wall_s\": %.6f, \"user_s\": %.6f, \"system_s\": %.6f, \"peak_bytes\": %ld, \"voluntary_switches\": %ld, "
        "\"status\": %d}\n",
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9, seconds_of(usage.ru_utime),
        seconds_of(usage.ru_stime), peak_bytes, usage.ru_nvcsw,
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return fclose(out) == 0 ? 0 : 1;
}
