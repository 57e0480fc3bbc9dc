/* The data dictionary of PS3.6: VR, value multiplicity and keyword of a public tag.
 *
 * For: implicit VR, where the VR is not in the file; telling a plausible tag from noise; keywords in reports.
 * Never: private elements (odd groups), a replacement for a VR that is in the file, an allocation, or a table written
 *        by hand.
 * Standard: DICOM PS3.6, edition 2026b (chapters 6 to 9, retired and repeating-group elements included), and PS3.5,
 * annex A.1, edition 2026b, for the VR of an element that has a choice of them.
 */
#ifndef TAGSNIFF_DICOM_DICTIONARY_H
#define TAGSNIFF_DICOM_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The choice of VRs that PS3.6 allows for an element. Which one a data set uses depends on its other elements (Pixel
 * Representation, Bits Allocated), which the dictionary does not see. */
typedef enum ts_ambiguity {
    TS_VR_FIXED,
    TS_VR_OB_OR_OW,
    TS_VR_US_OR_SS,
    TS_VR_US_OR_OW,
    TS_VR_US_OR_SS_OR_OW,
} ts_ambiguity;

typedef struct ts_dictionary_entry {
    uint32_t tag;         /* gggg * 65536 + eeee; for a repeating group its lowest tag */
    uint32_t keyword_at;  /* offset in the pool of keywords */
    char vr[2];           /* the VR in implicit VR little endian when nothing else is known; no NUL */
    uint8_t ambiguity;    /* ts_ambiguity */
    uint8_t multiplicity; /* index of the value multiplicity; see ts_dictionary_allows_count */
} ts_dictionary_entry;

/* The entry of a tag, or NULL if PS3.6 does not have it. The entry of the tag itself takes precedence over that of a
 * repeating group. Of the group lengths (gggg,0000) only those that PS3.6 lists are found: groups 0000 and 0002.
 * Constant time. Entries are static. */
const ts_dictionary_entry *ts_dictionary_find(uint32_t tag);

/* Whether PS3.6 allows this number of values for the element. True for 0 values: an element may be empty. */
bool ts_dictionary_allows_count(const ts_dictionary_entry *entry, uint64_t count);

/* Whether PS3.6 has a data element of this group; the repeating groups 50xx, 60xx and 7Fxx are included. False for an
 * odd group. */
bool ts_dictionary_has_group(uint16_t group);

/* The entry of a keyword, or NULL. Keywords of repeating groups do not name a single tag and are not found. The search
 * is linear. */
const ts_dictionary_entry *ts_dictionary_find_keyword(const char *keyword);

/* The entry at this index of those of single tags, in no particular order; NULL after the last. */
const ts_dictionary_entry *ts_dictionary_at(size_t index);

/* The keyword of an entry; "" for the few retired elements that PS3.6 lists without one. Static. */
const char *ts_dictionary_keyword(const ts_dictionary_entry *entry);

#endif
