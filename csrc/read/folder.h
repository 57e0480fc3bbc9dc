/* The entries of one folder of a POSIX system, in the order of the bytes of their names.
 *
 * For: walks; what the listing itself says of an entry takes no further call of the system.
 * Never: a link followed, a file opened, or an entry left out because of its name.
 */
#ifndef TAGSNIFF_READ_FOLDER_H
#define TAGSNIFF_READ_FOLDER_H

#include "base/text_pool.h"

typedef struct ts_entry {
    uint64_t inode;
    bool is_file; /* a regular one; false too if that cannot be told */
} ts_entry;

/* Its members are its own, but for what is listed. */
typedef struct ts_folder {
    void *stream;
    ts_pool names;
    ts_buffer entries; /* ts_entry, one for each name */
} ts_folder;

/* No memory is taken until the folder is opened. */
void ts_folder_begin(ts_folder *folder);

/* Frees its memory and closes it. */
void ts_folder_free(ts_folder *folder);

/* 0, or the errno behind what went wrong. On other systems nothing can be opened. */
int ts_folder_open(ts_folder *folder, const char *path);

/* Lists up to `most` further entries, `.` and `..` left out; `is_more` tells whether there may be others. 0, or errno;
 * what was listed before stays. */
int ts_folder_read(ts_folder *folder, size_t most, bool *is_more);

/* Puts what is listed in order; false when memory runs out. */
bool ts_folder_order(ts_folder *folder);

#endif
