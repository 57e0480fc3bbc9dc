/* The series that a collector has met, each with the patient of its files.
 *
 * For: exact counts of series and patients that can be merged. A row of the table is a series of one patient; sets of
 *      series (series_sets.h) consist of row numbers. Nearly every series has one patient and so one row.
 * Never: a Series Instance UID or a Patient ID beyond the previous file: both are stored as digests. A Patient ID has
 *        few bits, so that its digest is keyed. The key is not kept.
 * Terms: PS3.3 2026b, C.7.1.1 (Patient ID, Issuer of Patient ID) and C.7.3.1 (Series Instance UID).
 *
 * The elements are those of the root data set, without padding, in the bytes of the file. Files without a Series
 * Instance UID share one series, files without a Patient ID one patient.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   series   number of the series' digest
 *   patient  number of the patient's digest; -1 if patients are not known
 *   files    number of its files
 */
#ifndef TAGSNIFF_COLLECT_KNOWN_SERIES_H
#define TAGSNIFF_COLLECT_KNOWN_SERIES_H

#include "base/field.h"
#include "base/hmac.h"
#include "base/text_pool.h"
#include "parse/parse.h"

/* Length of the stored digests: the first bytes of the SHA-256 of a Series Instance UID, and of the HMAC-SHA-256 of a
 * Patient ID with its issuer. The patient of files without a Patient ID has zero bytes, whatever the key. */
enum { TS_SERIES_DIGEST_BYTES = 16, TS_PATIENT_DIGEST_BYTES = 16 };

/* clang-format off */
#define TS_PATIENT_SERIES_FIELDS(X)                                                                                    \
    X(int32_t,  series,          , "i4")                                                                               \
    X(int32_t,  patient,         , "i4")                                                                               \
    X(uint64_t, files,           , "u8")
/* clang-format on */

typedef struct ts_patient_series {
    TS_PATIENT_SERIES_FIELDS(TS_FIELD_MEMBER)
} ts_patient_series;

const ts_field *ts_patient_series_fields(uint32_t *count);

typedef struct ts_known_series {
    ts_pool series;   /* digests */
    ts_pool patients; /* digests */
    ts_buffer rows;   /* ts_patient_series */
    ts_index row_index;
    ts_hmac keyed;       /* begun with the key of the patients */
    bool knows_patients; /* all rows have a patient */

    /* The previous file. */
    ts_buffer last_uid;     /* uint8_t */
    ts_buffer last_patient; /* uint8_t: the message of the HMAC; empty without a Patient ID */
    ts_buffer message;      /* uint8_t: scratch */
    uint32_t last_row;      /* TS_NO_NUMBER before the first file */
} ts_known_series;

/* patient_key has TS_HMAC_KEY_BYTES; with NULL, patients are not known. */
void ts_known_series_begin(ts_known_series *known, ts_hash_key hash_key, const uint8_t *patient_key);
void ts_known_series_free(ts_known_series *known);

/* Sets last_row to the row of the file that the parser has just read. False when memory runs out. */
bool ts_known_series_find(ts_known_series *known, const ts_parser *parser);

/* Counts the file whose row is last_row. */
void ts_known_series_count_file(ts_known_series *known);

/* Adds rows of another table, whose numbers refer to `series` and `patients`. Appends the new number of each (uint32_t)
 * to an empty buffer. If one of the two tables does not know its patients, this one does not know them afterwards.
 * False when memory runs out. */
bool ts_known_series_merge(ts_known_series *known, const ts_pool *series, const ts_pool *patients,
                           const ts_patient_series *rows, size_t row_count, ts_buffer *numbers);

/* Whether the files of a row have a Series Instance UID and, if patients are known, a Patient ID. */
bool ts_is_series_known(const ts_known_series *known, uint32_t row);

/* Number of the patient of files without a Patient ID; -1 if there are no such files. */
int32_t ts_find_undefined_patient(const ts_known_series *known);

/* The word of a patient, which is kept beside a value: the first eight bytes of the patient's digest, which do not
 * depend on the order of the files; or one of these. A hidden value is one of which only the size is known, so that it
 * may be several. */
#define TS_PATIENT_UNKNOWN UINT64_C(0)
#define TS_SEVERAL_PATIENTS UINT64_MAX
#define TS_PATIENT_OF_HIDDEN (UINT64_MAX - 1)

/* The word of the patient of a row; TS_PATIENT_UNKNOWN without a Patient ID, or if patients are not known. */
uint64_t ts_patient_word(const ts_known_series *known, uint32_t row);

/* The word for a value that has been in files of both. */
static inline uint64_t ts_unite_patients(uint64_t a, uint64_t b) {
    return a == b || b == TS_PATIENT_UNKNOWN ? a : a == TS_PATIENT_UNKNOWN ? b : TS_SEVERAL_PATIENTS;
}

static inline const ts_patient_series *ts_patient_series_at(const ts_known_series *known, uint32_t number) {
    return &((const ts_patient_series *)known->rows.items)[number];
}

#endif
