/* A batch of files: the implementation of batch.h.
 *
 * For: the loop of a scan.
 * Never: a path that is resolved from the root again for each file of a folder; the folder is opened once.
 */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif

#include "scan/batch.h"

#include <string.h>

/* Appends the name to the folder, which `path` begins with. */
static bool join_path(ts_buffer *path, size_t folder_length, const char *name, size_t name_length) {
    path->count = folder_length;
    if (name_length > UINT32_MAX - folder_length || !ts_buffer_reserve(path, name_length + 1)) {
        return false;
    }
    memcpy(&((char *)path->items)[folder_length], name, name_length + 1);
    path->count += name_length;
    return true;
}

/* Whether the part of a file before this status may be counted: it has an element, and the scan was not interrupted. */
static bool can_be_partial(const ts_parser *parser, ts_status status) {
    size_t count;
    (void)ts_parser_elements(parser, &count);
    return ts_status_kind(status) == TS_KIND_FAULT && status != TS_CANNOT_OPEN && status != TS_OUT_OF_MEMORY &&
           status != TS_INTERRUPTED && count > 0;
}

static bool note_omission(ts_scan *scan, ts_status status, int error_number, uint64_t offset, uint32_t tag,
                          bool is_partial, ts_buffer *omissions) {
    if (!ts_buffer_reserve(omissions, 1)) {
        return false;
    }
    ((ts_omission *)omissions->items)[omissions->count++] = (ts_omission){.offset = offset,
                                                                          .file = (uint32_t)scan->files_done,
                                                                          .tag = tag,
                                                                          .status = status,
                                                                          .error_number = error_number,
                                                                          .is_partial = is_partial};
    return true;
}

/* Lists the deviations of the file that was just counted, in the order of their statuses. */
static bool list_deviations(ts_scan *scan) {
    for (int status = TS_DEVIATION_FIRST; status < TS_DEVIATION_FIRST + TS_DEVIATION_COUNT; status++) {
        const ts_deviation *deviation = ts_parser_deviation(scan->parser, (ts_status)status);
        if (deviation->count == 0) {
            continue;
        }
        if (!ts_buffer_reserve(scan->deviations, 1)) {
            return false;
        }
        ((ts_file_deviation *)scan->deviations->items)[scan->deviations->count++] =
            (ts_file_deviation){.count = deviation->count,
                                .offset = deviation->offset,
                                .file = (uint32_t)scan->files_done,
                                .tag = deviation->tag,
                                .status = (ts_status)status};
    }
    return true;
}

static bool scan_file(ts_scan *scan, int folder, const char *name, const ts_buffer *path, ts_buffer *omissions) {
    uint64_t offset;
    uint32_t tag;
    const int error_number = ts_read_path(scan->reader, scan->parser, folder, name);
    const ts_status status = ts_parser_status(scan->parser, &offset, &tag);
    const bool is_partial = status != TS_OK && scan->keeps_partial && can_be_partial(scan->parser, status);
    if (status != TS_OK && !note_omission(scan, status, error_number, offset, tag, is_partial, omissions)) {
        return false;
    }
    if (status != TS_OK && !is_partial) {
        return true;
    }
    return scan->count(scan->collector, scan->parser, path->items, (uint32_t)path->count, is_partial) &&
           (scan->deviations == NULL || list_deviations(scan));
}

bool ts_scan_files(ts_scan *scan, const ts_batch *batch, ts_buffer *omissions) {
    const size_t folder_length = strlen(batch->folder);
    ts_buffer path;
    ts_buffer_begin(&path, sizeof(char));
    scan->files_done = 0;
    scan->reader->stop = scan->stop;
    bool is_done = ts_buffer_reserve(&path, folder_length + 1);
    if (is_done) {
        memcpy(path.items, batch->folder, folder_length);
    }
    const int folder = folder_length > 0 ? ts_open_folder(batch->folder) : TS_NO_FOLDER;
    size_t at = 0;
    while (is_done && at < batch->names_bytes && !ts_stop_is_asked(scan->stop)) {
        const char *name = &batch->names[at];
        const size_t length = strlen(name);
        is_done = join_path(&path, folder_length, name, length) &&
                  scan_file(scan, folder, folder == TS_NO_FOLDER ? path.items : name, &path, omissions);
        scan->files_done++;
        at += length + 1;
    }
    scan->reader->stop = NULL;
    ts_close_folder(folder);
    ts_buffer_free(&path);
    return is_done;
}

bool ts_scan_count_identities(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                              bool is_partial) {
    (void)path;
    (void)path_length;
    return ts_collector_add(collector, parser, is_partial);
}

bool ts_scan_count_values(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                          bool is_partial) {
    return ts_value_collector_add(collector, parser, path, path_length, is_partial);
}

bool ts_scan_select_values(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                           bool is_partial) {
    (void)path;
    (void)path_length;
    (void)is_partial;
    return ts_selector_add(collector, parser);
}
