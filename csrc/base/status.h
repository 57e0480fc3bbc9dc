/* The one list of statuses of a file: done, exclusions, faults and deviations.
 *
 * For: every stage that reports why a file contributed nothing or only a part, or which rules it breaks.
 * Never: a second list. src/tagsniff/status.py mirrors this one, and a test checks that the two are equal.
 * Terms: PS3.5 and PS3.10, edition 2026b; fault, deviation and exclusion are this project's own words.
 *
 * X(name, number, kind, text). Numbers are stored in saved scans: they never change and never get another meaning.
 *   DONE       read to its end
 *   EXCLUSION  not a DICOM file, or a path that was counted before; it is listed, and does not change the exit status
 *   FAULT      a DICOM file that was not read to its end, or a path that could not be read at all
 *   DEVIATION  read to its end, but it breaks a rule of the standard
 */
#ifndef TAGSNIFF_BASE_STATUS_H
#define TAGSNIFF_BASE_STATUS_H

#include <stdint.h>

/* clang-format off */
#define TS_STATUS_LIST(X)                                                                                              \
    X(OK,                        0, DONE,      "read to its end")                                                      \
                                                                                                                       \
    X(NOT_DICOM,                10, EXCLUSION, "no DICM prefix, and the first bytes are no data element")              \
    X(EMPTY_FILE,               11, EXCLUSION, "the file has no bytes")                                                \
    X(VISITED_BEFORE,           12, EXCLUSION, "this folder or file was reached before by another path")               \
                                                                                                                       \
    X(TRUNCATED_ELEMENT,        20, FAULT,     "the file ends inside the header of a data element")                    \
    X(TRUNCATED_VALUE,          21, FAULT,     "the file ends inside a value field")                                   \
    X(TRUNCATED_SEQUENCE,       22, FAULT,     "the file ends before a sequence or item is closed")                    \
    X(TRUNCATED_FRAGMENTS,      23, FAULT,     "the file ends before the fragments of a value are closed")             \
    X(NO_DATA_SET,              24, FAULT,     "the file ends where its data set should begin")                        \
    X(LENGTH_BEYOND_PARENT,     25, FAULT,     "a value length reaches beyond the item or sequence that holds it")     \
    X(NOT_AN_ITEM,              26, FAULT,     "something other than an item in a sequence")                           \
    X(NOT_A_FRAGMENT,           27, FAULT,     "something other than a fragment in an encapsulated value")             \
    X(UNDEFINED_LENGTH_HERE,    28, FAULT,     "undefined length where the standard allows none")                      \
    X(UNREADABLE_ELEMENT,       29, FAULT,     "neither an explicit nor an implicit VR element can be read here")      \
    X(TOO_DEEP,                 30, FAULT,     "more nested items than the limit allows")                              \
    X(TOO_MANY_ELEMENTS,        31, FAULT,     "more data elements than the limit allows")                             \
    X(BAD_DEFLATE,              32, FAULT,     "the deflated data set is damaged")                                     \
    X(TRUNCATED_DEFLATE,        33, FAULT,     "the file ends inside the deflated data set")                           \
    X(OUT_OF_MEMORY,            34, FAULT,     "memory ran out while the file was read")                               \
    X(DATA_BEHIND_DEFLATE,      35, FAULT,     "unread bytes after the deflated data set")                             \
    X(INFLATE_LIMIT,            36, FAULT,     "a deflated data set with more to be read than the limit allows")       \
    X(COMPRESSED,               37, FAULT,     "a compressed file or an archive, which is not read")                   \
    X(TOO_MANY_DEEP,            38, FAULT,     "more elements in deeply nested items than the limit allows")           \
                                                                                                                       \
    X(CANNOT_OPEN,              50, FAULT,     "the file could not be opened")                                         \
    X(CANNOT_READ,              51, FAULT,     "reading the file failed")                                              \
    X(CANNOT_LIST,              52, FAULT,     "the folder could not be listed")                                       \
    X(LINK_LOOP,                53, FAULT,     "a symbolic link leads back to a folder that holds it")                 \
    X(BROKEN_LINK,              54, FAULT,     "a symbolic link leads nowhere")                                        \
    X(SPECIAL_FILE,             55, FAULT,     "a device, pipe or socket, which is not read")                          \
    X(FILE_CHANGED,             56, FAULT,     "the file became shorter while it was read")                            \
    X(NO_SUCH_PATH,             57, FAULT,     "the path does not exist")                                              \
    X(INTERRUPTED,              58, FAULT,     "the scan was ended before everything below this path was read")        \
                                                                                                                       \
    X(NO_PREAMBLE,             100, DEVIATION, "no preamble and DICM prefix")                                          \
    X(NO_FILE_META,            101, DEVIATION, "no file meta information")                                             \
    X(META_LENGTH_WRONG,       102, DEVIATION, "(0002,0000) does not give the length of the file meta information")    \
    X(META_IMPLICIT_VR,        103, DEVIATION, "file meta information in implicit VR")                                 \
    X(NO_TRANSFER_SYNTAX,      104, DEVIATION, "no Transfer Syntax UID; the encoding was guessed")                     \
    X(UNKNOWN_TRANSFER_SYNTAX, 105, DEVIATION, "a Transfer Syntax UID that is not the standard's")                     \
    X(TRANSFER_SYNTAX_WRONG,   106, DEVIATION, "the data set is not encoded as its Transfer Syntax UID says")          \
    X(COMMAND_SET,             107, DEVIATION, "command elements (group 0000) in a file")                              \
    X(ODD_LENGTH,              108, DEVIATION, "odd value length")                                                     \
    X(UNORDERED,               109, DEVIATION, "data elements not in ascending order of their tags")                   \
    X(DUPLICATE_ELEMENT,       110, DEVIATION, "the same tag twice in one data set or item")                           \
    X(UNKNOWN_VR,              111, DEVIATION, "VR letters that the standard does not define")                         \
    X(RESERVED_NOT_ZERO,       112, DEVIATION, "the two reserved bytes after a VR are not zero")                       \
    X(IMPLICIT_ELEMENT,        113, DEVIATION, "an implicit VR element among explicit VR ones")                        \
    X(ITEM_ENCODING,           114, DEVIATION, "an item is not encoded as its data set is")                            \
    X(UN_SEQUENCE,             115, DEVIATION, "a sequence under VR UN with a defined length")                         \
    X(DELIMITER_LENGTH,        116, DEVIATION, "a delimitation item whose length is not zero")                         \
    X(MISSING_DELIMITER,       117, DEVIATION, "an undefined length that ends without a delimitation item")            \
    X(STRAY_DELIMITER,         118, DEVIATION, "a delimitation item where nothing is to be closed")                    \
    X(FRAGMENTS_ELSEWHERE,     119, DEVIATION, "a value in fragments that is not encapsulated Pixel Data")             \
    X(TRAILING_PADDING,        120, DEVIATION, "zero bytes after the data set")                                        \
    X(ILLEGAL_GROUP,           121, DEVIATION, "group 0001, 0003, 0005, 0007 or ffff")                                 \
    X(ILLEGAL_PRIVATE_ELEMENT, 122, DEVIATION, "an element 0001-000f or 0100-0fff of a private group")                 \
    X(CREATOR_VR,              123, DEVIATION, "a private creator whose VR is not LO")                                 \
    X(CREATOR_NOT_ASCII,       124, DEVIATION, "a private creator that is not ASCII")                                  \
    X(CREATOR_MISSING,         125, DEVIATION, "private elements in a block that is not reserved")                     \
    X(CREATOR_EMPTY_BLOCK,     126, DEVIATION, "private elements in a block with an empty private creator")            \
    X(CREATOR_OVERLONG,        127, DEVIATION, "a private creator longer than 1,024 bytes; it is not used")            \
    X(CREATOR_CONFLICT,        128, DEVIATION, "two different private creators for one block; none of them is used")   \
    X(DUPLICATE_CREATOR,       129, DEVIATION, "the same private creator in two blocks of a group")                    \
    X(SEQUENCE_VALUE,          130, DEVIATION, "a sequence under a VR other than SQ and UN")                           \
    X(CREATOR_SEQUENCE,        131, DEVIATION, "a private creator element that is a sequence; it is not used")         \
    X(UN_NOT_SEQUENCE,         132, DEVIATION, "a value begins as a sequence does but is none; taken as bytes")        \
    X(DEFLATE_TRAILER,         133, DEVIATION, "checksum and length, as gzip has them, after the deflated data set")   \
    X(STRAY_ITEM,              134, DEVIATION, "an item tag outside of a sequence; its content is read as if it were not")\
    X(META_BIG_ENDIAN,         135, DEVIATION, "file meta information in big endian")                                  \
    X(PREAMBLE_NOT_EMPTY,      136, DEVIATION, "a preamble that is neither zeros nor the header of a TIFF file")       \
    X(TRAILING_BYTES,          137, DEVIATION, "bytes after the data set that are no data element")                    \
    X(SEQUENCE_NOT_ITEMS,      138, DEVIATION, "a value under VR SQ that does not begin with an item; taken as bytes") \
    X(FRAGMENTS_BEYOND_PARENT, 139, DEVIATION, "the length of an item or sequence does not count all fragments in it") \
    X(DEFLATE_HEADER,          140, DEVIATION, "a header of zlib or gzip before the deflated data set")                \
    X(FRAGMENTS_DELIMITER,     141, DEVIATION, "fragments closed by zeros or by an item delimitation item")            \
    X(FRAGMENT_PADDING,        142, DEVIATION, "a fragment whose padding byte is counted but absent, or not counted")
/* clang-format on */

typedef enum ts_status {
#define TS_STATUS_ENUM(name, number, kind, text) TS_##name = (number),
    TS_STATUS_LIST(TS_STATUS_ENUM)
#undef TS_STATUS_ENUM
} ts_status;

typedef enum ts_kind { TS_KIND_DONE, TS_KIND_EXCLUSION, TS_KIND_FAULT, TS_KIND_DEVIATION } ts_kind;

typedef struct ts_status_entry {
    const char *name;
    const char *text;
    ts_status status;
    ts_kind kind;
} ts_status_entry;

/* Returns the whole list in the order above; *count becomes the number of entries. The list is static. */
const ts_status_entry *ts_status_entries(uint32_t *count);

/* The kind of a status. */
ts_kind ts_status_kind(ts_status status);

/* A deviation is indexed by its number minus TS_DEVIATION_FIRST. */
enum { TS_DEVIATION_FIRST = 100, TS_DEVIATION_COUNT = 43 };

#endif
