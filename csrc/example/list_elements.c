/* Lists the data elements of DICOM files: where each one begins, its tag, VR and value length.
 *
 * For: showing how another program links the parser: a file read by path, and bytes in memory that are fed piece by
 *      piece, as ranges of a remote object would be.
 * Never: a value other than that of Transfer Syntax UID.
 *
 *     ./list_elements FILE...            reads files by their paths
 *     ./list_elements --pieces FILE...   reads files into memory and feeds them to the parser in pieces
 *
 * docs/c.md shows how to compile it. Exit status: 0 all files were read to their end, 1 some were not, 2 no parser.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/parse.h"
#include "read/file_reader.h"

enum { PIECE_BYTES = 512 };

/* The feed contract. The caller owns the bytes, and must not move them before the next feed. */
static void parse_pieces(ts_parser *parser, const uint8_t *bytes, uint64_t length) {
    ts_parser_begin(parser, length); /* or TS_UNKNOWN_SIZE */
    while (ts_parser_run(parser) == TS_PARSE_MORE) {
        const uint64_t offset = ts_parser_need_offset(parser);
        const uint64_t needed = ts_parser_need_length(parser);
        const uint64_t left = offset < length ? length - offset : 0;
        const uint64_t wanted = needed > PIECE_BYTES ? needed : PIECE_BYTES; /* more than needed is allowed */
        const uint64_t given = wanted < left ? wanted : left;
        ts_parser_feed(parser, offset, left > 0 ? &bytes[offset] : NULL, given);
        if (given < needed) {
            ts_parser_end(parser, offset + given); /* there are no more bytes: the stream ends here */
        }
    }
}

/* Reads the whole file; NULL if that fails. The caller frees the bytes. */
static uint8_t *read_bytes(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t capacity = 0;
    *length = 0;
    while (file != NULL && !feof(file) && !ferror(file)) {
        if (*length == capacity) {
            capacity = capacity == 0 ? 65536 : 2 * capacity;
            uint8_t *larger = realloc(bytes, capacity);
            if (larger == NULL) {
                break;
            }
            bytes = larger;
        }
        *length += fread(&bytes[*length], 1, capacity - *length, file);
    }
    const bool is_whole = file != NULL && feof(file);
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!is_whole) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* Parses the file. The outcome is in the results of the parser: a path that cannot be opened is a fault, too. */
static void parse_file(ts_parser *parser, ts_reader *reader, const char *path, bool in_pieces) {
    if (TS_HAS_PATH_READER && !in_pieces) {
        (void)ts_read_path(reader, parser, TS_NO_FOLDER, path); /* returns an errno, for a message */
        return;
    }
    size_t length;
    uint8_t *bytes = read_bytes(path, &length);
    if (bytes == NULL) {
        ts_parser_begin(parser, TS_UNKNOWN_SIZE);
        ts_parser_stop(parser, TS_CANNOT_OPEN);
        return;
    }
    parse_pieces(parser, bytes, length);
    free(bytes); /* the parser owns its results */
}

static void print_element(const ts_element *element) {
    const uint64_t offset = element->value_offset - element->header_bytes;
    (void)printf("%10" PRIu64 "  %*s(%04x,%04x)", offset, 2 * element->depth, "", element->tag >> 16,
                 element->tag & 0xFFFF);
    if (element->tag != TS_TAG_ITEM) {
        (void)printf(" %.2s", element->vr);
    }
    if (element->value_length == TS_UNDEFINED_LENGTH) {
        (void)printf(" undefined\n");
    } else {
        (void)printf(" %" PRIu32 "\n", element->value_length);
    }
}

/* Digits and dots only: a file may contain anything, and some bytes control the terminal. */
static void print_uid(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length && (bytes[i] == '.' || (bytes[i] >= '0' && bytes[i] <= '9')); i++) {
        (void)putchar(bytes[i]);
    }
}

static const ts_status_entry *find_entry(ts_status status) {
    uint32_t count;
    const ts_status_entry *entries = ts_status_entries(&count);
    uint32_t i = 0;
    while (entries[i].status != status) { /* it is in the list */
        i++;
    }
    return &entries[i];
}

/* Returns whether the file was read to its end. */
static bool print_results(const ts_parser *parser) {
    size_t count;
    size_t captured_length;
    const ts_element *elements = ts_parser_elements(parser, &count);
    const uint8_t *captured = ts_parser_captured(parser, &captured_length);
    for (size_t i = 0; i < count; i++) {
        print_element(&elements[i]);
    }
    const int32_t syntax = ts_parser_transfer_syntax(parser);
    if (syntax >= 0 && elements[syntax].captured_at != TS_NOT_CAPTURED) {
        const ts_element *element = &elements[syntax];
        (void)printf("transfer syntax ");
        print_uid(&captured[element->captured_at], element->value_length);
        (void)printf("\n");
    }
    for (int number = TS_DEVIATION_FIRST; number < TS_DEVIATION_FIRST + TS_DEVIATION_COUNT; number++) {
        const ts_deviation *deviation = ts_parser_deviation(parser, (ts_status)number);
        if (deviation->count > 0) {
            (void)printf("deviation %s, %" PRIu64 " times, first at %" PRIu64 "\n", find_entry((ts_status)number)->name,
                         deviation->count, deviation->offset);
        }
    }
    uint64_t offset;
    uint32_t tag;
    const ts_status status = ts_parser_status(parser, &offset, &tag);
    (void)printf("status %s at %" PRIu64 ": %s\n", find_entry(status)->name, offset, find_entry(status)->text);
    return status == TS_OK;
}

int main(int argc, char **argv) {
    const bool in_pieces = argc > 1 && strcmp(argv[1], "--pieces") == 0;
    bool is_all_read = true;
    ts_limits limits = TS_LIMITS_DEFAULT;
    limits.value_limit_bytes = 0; /* only the values that parsing itself needs */
    ts_parser *parser = ts_parser_new(limits);
    if (parser == NULL) {
        return 2;
    }
    ts_reader reader;
    ts_reader_begin(&reader);
    for (int i = in_pieces ? 2 : 1; i < argc; i++) { /* one parser and one reader for all of them */
        parse_file(parser, &reader, argv[i], in_pieces);
        is_all_read = print_results(parser) && is_all_read;
    }
    ts_reader_free(&reader);
    ts_parser_free(parser);
    return is_all_read ? 0 : 1;
}
