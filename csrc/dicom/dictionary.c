/* The data dictionary of PS3.6: searches in its generated tables.
 *
 * For: dictionary.h.
 * Never: a row written by hand, an allocation, a search whose length depends on the input.
 * Standard: DICOM PS3.6, edition 2026b; PS3.5, section 7.6, edition 2026b, for repeating groups.
 */
#include "dicom/dictionary.h"

#include <stddef.h>
#include <string.h>

/* A value multiplicity: from `least` to `most` values, 0 for any number, and a multiple of `multiple` (PS3.5 6.4). */
typedef struct ts_multiplicity {
    uint8_t least, most, multiple;
} ts_multiplicity;

#include "dicom/dictionary_table.inc"

enum { REPEATING_COUNT = sizeof repeating_entries / sizeof repeating_entries[0] };

_Static_assert(sizeof repeating_masks / sizeof repeating_masks[0] == REPEATING_COUNT, "a mask for each entry");
_Static_assert(sizeof entries / sizeof entries[0] <= UINT16_MAX, "an index fits its slot");

/* A hash table with open addressing: the high bits of tag * multiplier (modulo 2^32) choose a slot, and the search goes
 * on to the next slots until it finds the tag or a free slot. At most a third of the slots are used, and the generator
 * chooses the multiplier whose longest search is shortest, so that most tags are found in the first slot. */
static const ts_dictionary_entry *find_exact(uint32_t tag) {
    const uint32_t start = (uint32_t)(tag * multiplier) >> (32 - SLOT_BITS);
    for (uint32_t step = 0; step < LONGEST_SEARCH; step++) {
        const uint16_t slot = slots[(start + step) & ((1U << SLOT_BITS) - 1)];
        if (slot == 0) {
            return NULL;
        }
        if (entries[slot - 1].tag == tag) {
            return &entries[slot - 1];
        }
    }
    return NULL;
}

/* PS3.5, section 7.6, ends the repeating groups at 501E and 601E. Every even group 50xx, 60xx and 7Fxx is accepted all
 * the same, as by other readers: nothing else is registered there, and a value cannot be decoded without its VR. */
static const ts_dictionary_entry *find_repeating(uint32_t tag) {
    for (uint32_t i = 0; i < REPEATING_COUNT; i++) {
        if ((tag & repeating_masks[i]) == repeating_entries[i].tag) {
            return &repeating_entries[i];
        }
    }
    return NULL;
}

const ts_dictionary_entry *ts_dictionary_find(uint32_t tag) {
    const bool private_group = (tag & 0x10000) != 0;
    if (private_group) {
        return NULL;
    }
    const ts_dictionary_entry *entry = find_exact(tag);
    /* Element 0000 is a group length in any group, even where the pattern of a retired element includes it. */
    if (entry == NULL && (tag & 0xFFFF) != 0) {
        entry = find_repeating(tag);
    }
    return entry;
}

bool ts_dictionary_allows_count(const ts_dictionary_entry *entry, uint64_t count) {
    const ts_multiplicity *allowed = &multiplicities[entry->multiplicity];
    return count == 0 || (count >= allowed->least && (allowed->most == 0 || count <= allowed->most) &&
                          count % allowed->multiple == 0);
}

bool ts_dictionary_has_group(uint16_t group) {
    const uint32_t wanted = (uint32_t)group << 16;
    size_t first = 0;
    size_t end = sizeof entries / sizeof entries[0];
    while (first < end) { /* finds the first entry that is not below the group */
        const size_t middle = first + (end - first) / 2;
        if (entries[middle].tag < wanted) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    if (first < sizeof entries / sizeof entries[0] && entries[first].tag >> 16 == group) {
        return true;
    }
    const uint16_t repeating = group & 0xFF01;
    return repeating == 0x5000 || repeating == 0x6000 || repeating == 0x7F00;
}

const char *ts_dictionary_keyword(const ts_dictionary_entry *entry) {
    return (const char *)&keyword_pool + entry->keyword_at;
}

const ts_dictionary_entry *ts_dictionary_at(size_t index) {
    return index < sizeof entries / sizeof entries[0] ? &entries[index] : NULL;
}

/* A linear search is enough: keywords are looked up for the rows of a profile, not for elements. */
const ts_dictionary_entry *ts_dictionary_find_keyword(const char *keyword) {
    if (keyword[0] == '\0') { /* some retired elements have none */
        return NULL;
    }
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strcmp(ts_dictionary_keyword(&entries[i]), keyword) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}
