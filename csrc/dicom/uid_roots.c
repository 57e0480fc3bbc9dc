/* The roots of organisations in UIDs: the implementation of uid_roots.h.
 *
 * For: one pass over a short table; a UID has at most 64 characters.
 * Never: a root that is longer than the UID.
 * Sources: the registration authorities' own pages on the arcs that they give to organisations (ANSI, BSI, DIN, Ecma,
 * IANA, JISC and the others named below), and PS3.5 annex B for 2.25.
 */
#include "dicom/uid_roots.h"

#include "dicom/numbers.h"

#include <string.h>

typedef struct arc {
    const char *digits;
    uint8_t components; /* that an organisation has after it */
} arc;

/* A longer arc goes before a shorter one that it is under. 1.2 is ISO's arc of member bodies, by country; 2.16 that of
 * countries too. */
static const arc ARCS[] = {
    {"1.2.840.10008", 0},         /* DICOM itself */
    {"1.2.840", 1},               /* United States */
    {"1.3.6.1.4.1", 1},           /* IANA, private enterprises */
    {"1.2.826.0.1.3680043.2", 1}, /* United Kingdom: Medical Connections, and the organisations that it serves */
    {"1.2.826.0.1.3680043.8", 1},
    {"1.2.826.0.1.3680043.9", 1},
    {"1.2.826.0.1.3680043.10", 1},
    {"1.2.826.0.1.3680043", 1},
    {"1.2.826.0.1", 1},    /* United Kingdom: companies by their number */
    {"1.2.276.0", 1},      /* Germany: DIN */
    {"1.2.392.200036", 1}, /* Japan: medical manufacturers */
    {"1.2.392.200046", 1},
    {"1.2.392", 1},    /* Japan: JISC */
    {"1.2.40.0", 1},   /* Austria */
    {"1.2.250.1", 1},  /* France: AFNOR */
    {"1.2.376.1", 1},  /* Israel */
    {"1.2.528.1", 1},  /* Netherlands */
    {"1.2.752", 1},    /* Sweden */
    {"1.3.12.2", 1},   /* Ecma */
    {"1.3.46", 1},     /* identified organisation 46 */
    {"2.16.840.1", 1}, /* United States */
    {"2.16.756.5", 1}, /* Switzerland */
    {"2.25", 0},       /* UUIDs: every one is its own maker's */
};

enum { LOWEST_COUNTRY = 4, HIGHEST_COUNTRY = 894 }; /* ISO 3166-1, numeric */

/* The end of the component that begins at `at`. */
static size_t find_end(ts_text uid, size_t at) {
    while (at < uid.length && uid.bytes[at] != '.') {
        at++;
    }
    return at;
}

/* The length of the root that has `components` more after the first `length` characters; 0 if nothing follows it. */
static size_t extend(ts_text uid, size_t length, unsigned components) {
    for (; components > 0; components--) {
        if (length >= uid.length) {
            return 0;
        }
        length = find_end(uid, length + 1);
    }
    return length < uid.length ? length : 0;
}

static bool is_under(ts_text uid, const char *root, size_t length) {
    return uid.length > length && memcmp(uid.bytes, root, length) == 0 && uid.bytes[length] == '.';
}

/* An arc of a country that is not in the table: 1.2.C and 2.16.C, which have at least one component for an
 * organisation; under 2.16 it comes after one for the kind. */
static size_t find_country(ts_text uid) {
    const bool is_member_body = is_under(uid, "1.2", 3);
    if (!is_member_body && !is_under(uid, "2.16", 4)) {
        return 0;
    }
    const size_t start = is_member_body ? 4 : 5;
    const size_t end = find_end(uid, start);
    unsigned country = 0;
    for (size_t at = start; at < end && country <= HIGHEST_COUNTRY; at++) {
        country = country * 10 + (unsigned)(uid.bytes[at] - '0');
    }
    return country >= LOWEST_COUNTRY && country <= HIGHEST_COUNTRY ? extend(uid, end, is_member_body ? 1 : 2) : 0;
}

size_t ts_uid_root_length(ts_text uid) {
    for (size_t i = 0; i < sizeof ARCS / sizeof ARCS[0]; i++) {
        const size_t length = strlen(ARCS[i].digits);
        if (is_under(uid, ARCS[i].digits, length)) {
            return extend(uid, length, ARCS[i].components);
        }
    }
    return find_country(uid);
}

bool ts_uid_has_date(ts_text uid) {
    enum { DATE_DIGITS = 8, UUID_DIGITS = 30 };
    const bool is_uuid = is_under(uid, "2.25", 4);
    size_t end;
    for (size_t at = 0; at < uid.length; at = end + 1) {
        end = find_end(uid, at);
        if (end - at >= DATE_DIGITS && !(is_uuid && end - at >= UUID_DIGITS) && ts_digits_are_date(&uid.bytes[at])) {
            return true;
        }
    }
    return false;
}
