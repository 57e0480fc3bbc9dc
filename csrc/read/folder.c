/* Lists one folder: the implementation of folder.h.
 *
 * For: the type of each entry, from the listing, or by fstatat if the file system does not put it there.
 * Never: fstatat for an entry whose type is in the listing; on a network disk each call is a round trip.
 */
#if !defined(_WIN32)
#define _DEFAULT_SOURCE /* d_type */
#define _FILE_OFFSET_BITS 64
#endif

#include "read/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_pool_sort.h"

void ts_folder_begin(ts_folder *folder) {
    folder->stream = NULL;
    ts_pool_begin(&folder->names, (ts_hash_key){.words = {0, 0}}); /* nothing is looked up */
    ts_buffer_begin(&folder->entries, sizeof(ts_entry));
}

bool ts_folder_order(ts_folder *folder) {
    const size_t count = folder->entries.count;
    uint32_t *numbers = malloc((count + 1) * sizeof *numbers);
    ts_pool names;
    ts_buffer entries;
    ts_pool_begin(&names, folder->names.key);
    ts_buffer_begin(&entries, sizeof(ts_entry));
    bool is_done = numbers != NULL && count <= UINT32_MAX;
    for (size_t i = 0; is_done && i < count; i++) {
        numbers[i] = (uint32_t)i;
    }
    is_done = is_done && ts_pool_sort(&folder->names, numbers, count) &&
              ts_pool_append(&names, &folder->names, numbers, count) && ts_buffer_reserve(&entries, count);
    if (is_done) {
        for (size_t i = 0; i < count; i++) {
            ((ts_entry *)entries.items)[i] = ((const ts_entry *)folder->entries.items)[numbers[i]];
        }
        entries.count = count;
        ts_pool_move(&folder->names, &names);
        ts_buffer_free(&folder->entries);
        folder->entries = entries;
    } else {
        ts_pool_free(&names);
        ts_buffer_free(&entries);
    }
    free(numbers);
    return is_done;
}

#if !defined(_WIN32)

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

void ts_folder_free(ts_folder *folder) {
    if (folder->stream != NULL) {
        (void)closedir(folder->stream);
    }
    ts_pool_free(&folder->names);
    ts_buffer_free(&folder->entries);
    ts_folder_begin(folder);
}

int ts_folder_open(ts_folder *folder, const char *path) {
    do {
        folder->stream = opendir(path);
    } while (folder->stream == NULL && errno == EINTR);
    return folder->stream == NULL ? errno : 0;
}

static bool is_regular(DIR *stream, const char *name) {
    struct stat info;
    return fstatat(dirfd(stream), name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode);
}

static bool is_file(DIR *stream, const struct dirent *entry) {
#if defined(DT_REG) && defined(DT_UNKNOWN)
    return entry->d_type == DT_UNKNOWN ? is_regular(stream, entry->d_name) : entry->d_type == DT_REG;
#else
    return is_regular(stream, entry->d_name);
#endif
}

static bool is_folder_itself(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

int ts_folder_read(ts_folder *folder, size_t most, bool *is_more) {
    *is_more = true;
    for (size_t i = 0; i < most; i++) {
        errno = 0;
        const struct dirent *entry = readdir(folder->stream);
        if (entry == NULL) {
            *is_more = false;
            return errno;
        }
        if (is_folder_itself(entry->d_name)) {
            continue;
        }
        if (!ts_buffer_reserve(&folder->entries, 1) ||
            !ts_pool_push(&folder->names, (const uint8_t *)entry->d_name, (uint32_t)strlen(entry->d_name))) {
            *is_more = false;
            return ENOMEM;
        }
        ((ts_entry *)folder->entries.items)[folder->entries.count++] =
            (ts_entry){.inode = (uint64_t)entry->d_ino, .is_file = is_file(folder->stream, entry)};
    }
    return 0;
}

#else

void ts_folder_free(ts_folder *folder) {
    ts_pool_free(&folder->names);
    ts_buffer_free(&folder->entries);
    ts_folder_begin(folder);
}

int ts_folder_open(ts_folder *folder, const char *path) {
    (void)folder;
    (void)path;
    return ENOSYS;
}

int ts_folder_read(ts_folder *folder, size_t most, bool *is_more) {
    (void)folder;
    (void)most;
    *is_more = false;
    return ENOSYS;
}

#endif
