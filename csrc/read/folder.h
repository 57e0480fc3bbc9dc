/* Lists the entries of one folder, sorted by the bytes of their names, on POSIX systems.
 *
 * For: walks. The type of an entry that is in the listing itself needs no further system call.
 * Never: following a link, opening a file, or leaving out an entry other than `.` and `..`.
 */
#ifndef TAGSNIFF_READ_FOLDER_H
#define TAGSNIFF_READ_FOLDER_H

#include "base/text_pool.h"

typedef struct ts_entry {
    uint64_t inode;
    bool is_file; /* a regular file; false too if the type cannot be determined */
} ts_entry;

/* `names` and `entries` hold what is listed; `stream` is private. */
typedef struct ts_folder {
    void *stream;
    ts_pool names;
    ts_buffer entries; /* ts_entry, one for each name */
} ts_folder;

/* Starts an empty listing. Allocates nothing until the folder is opened. */
void ts_folder_begin(ts_folder *folder);

/* Frees the memory and closes the folder. */
void ts_folder_free(ts_folder *folder);

/* Opens the folder. Returns 0 or an errno. On other systems nothing can be opened. */
int ts_folder_open(ts_folder *folder, const char *path);

/* Lists up to `most` further entries, without `.` and `..`; *is_more says whether there may be others. Returns 0 or an
 * errno; the entries listed before stay. */
int ts_folder_read(ts_folder *folder, size_t most, bool *is_more);

/* Sorts what is listed. False when memory runs out; the order is then unchanged. */
bool ts_folder_order(ts_folder *folder);

#endif
