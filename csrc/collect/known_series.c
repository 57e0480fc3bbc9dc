/* The series that a collector has met: the implementation of known_series.h.
 *
 * For: one look at the elements of a file; nothing is digested if the previous file had the same values.
 * Never: a row that depends on the order of the files. Its number does depend on it.
 */
#include <string.h>

#include "collect/known_series.h"
#include "dicom/text.h"

/* The head of a text in the message of the HMAC: whether a digest replaces it, and its length. It keeps issuer and
 * Patient ID apart. */
enum { IS_TEXT, IS_DIGEST };
enum { HEAD_BYTES = 1 + 8 };

/* The first bytes of the SHA-256 of nothing: the digest of files without a Series Instance UID. */
static const uint8_t no_series[TS_SERIES_DIGEST_BYTES] = {0xE3, 0xB0, 0xC4, 0x42, 0x98, 0xFC, 0x1C, 0x14,
                                                          0x9A, 0xFB, 0xF4, 0xC8, 0x99, 0x6F, 0xB9, 0x24};
static const uint8_t no_patient[TS_PATIENT_DIGEST_BYTES] = {0};

/* What identifies a file: in place of a value of more than TS_TEXT_LIMIT_BYTES its digest and length. */
typedef struct identifier {
    ts_text text;
    uint8_t long_value[TS_DIGEST_BYTES + 8];
    bool is_found, is_long;
} identifier;

TS_DEFINE_FIELDS(ts_patient_series_fields, ts_patient_series, TS_PATIENT_SERIES_FIELDS)

void ts_known_series_begin(ts_known_series *known, ts_hash_key hash_key, const uint8_t *patient_key) {
    ts_pool_begin(&known->series, hash_key);
    ts_pool_begin(&known->patients, hash_key);
    ts_buffer_begin(&known->rows, sizeof(ts_patient_series));
    ts_index_begin(&known->row_index);
    ts_buffer_begin(&known->last_uid, sizeof(uint8_t));
    ts_buffer_begin(&known->last_patient, sizeof(uint8_t));
    ts_buffer_begin(&known->message, sizeof(uint8_t));
    known->last_row = TS_NO_NUMBER;
    known->knows_patients = patient_key != NULL;
    if (patient_key != NULL) {
        ts_hmac_begin(&known->keyed, patient_key);
    }
}

void ts_known_series_free(ts_known_series *known) {
    ts_pool_free(&known->series);
    ts_pool_free(&known->patients);
    ts_buffer_free(&known->rows);
    ts_index_free(&known->row_index);
    ts_buffer_free(&known->last_uid);
    ts_buffer_free(&known->last_patient);
    ts_buffer_free(&known->message);
}

/* Reads the value of the element, if it has one and it is the first. */
static void read_identifier(const ts_parser *parser, const ts_element *element, identifier *found) {
    size_t captured_length;
    if (found->is_found || element->value_length == 0 || element->captured_at == TS_NOT_CAPTURED ||
        (element->flags & (TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) != 0) {
        return;
    }
    const uint8_t *value = &ts_parser_captured(parser, &captured_length)[element->captured_at];
    found->is_found = true;
    /* The parser may digest a shorter value too, whose bytes are then not captured. */
    found->is_long = element->value_length > TS_TEXT_LIMIT_BYTES || (element->flags & TS_FLAG_DIGESTED) != 0;
    if (!found->is_long) {
        found->text = ts_text_trim_outer(value, element->value_length);
        return;
    }
    if ((element->flags & TS_FLAG_DIGESTED) != 0) {
        memcpy(found->long_value, value, TS_DIGEST_BYTES);
    } else {
        ts_digest digest;
        ts_digest_begin(&digest);
        ts_digest_add(&digest, value, element->value_length);
        ts_digest_end(&digest, found->long_value);
    }
    ts_store_u64(&found->long_value[TS_DIGEST_BYTES], element->value_length);
    found->text = (ts_text){.bytes = found->long_value, .length = sizeof found->long_value};
}

/* Reads the three elements of the root data set. */
static void read_identifiers(const ts_parser *parser, identifier *uid, identifier *id, identifier *issuer) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    const bool is_ordered = ts_parser_deviation(parser, TS_UNORDERED)->count == 0;
    for (size_t i = 0; i < count; i++) {
        if (elements[i].depth > 0 || elements[i].tag < TS_TAG_PATIENT_ID) {
            continue;
        }
        switch (elements[i].tag) {
        case TS_TAG_PATIENT_ID:
            read_identifier(parser, &elements[i], id);
            break;
        case TS_TAG_ISSUER_OF_PATIENT_ID:
            read_identifier(parser, &elements[i], issuer);
            break;
        case TS_TAG_SERIES_INSTANCE_UID:
            read_identifier(parser, &elements[i], uid);
            break;
        default:
            if (is_ordered && elements[i].tag > TS_TAG_SERIES_INSTANCE_UID && elements[i].tag < TS_TAG_PREAMBLE) {
                return;
            }
        }
    }
}

static bool append(ts_buffer *buffer, const identifier *found) {
    const ts_text text = found->text;
    if (!ts_buffer_reserve(buffer, HEAD_BYTES + text.length)) {
        return false;
    }
    uint8_t *bytes = &((uint8_t *)buffer->items)[buffer->count];
    bytes[0] = found->is_long ? IS_DIGEST : IS_TEXT;
    ts_store_u64(&bytes[1], text.length);
    if (text.length > 0) {
        memcpy(&bytes[HEAD_BYTES], text.bytes, text.length);
    }
    buffer->count += HEAD_BYTES + text.length;
    return true;
}

/* Sets `message` to what the patient's digest is made of; empty without a Patient ID. */
static bool write_message(ts_known_series *known, const identifier *id, const identifier *issuer) {
    known->message.count = 0;
    return !known->knows_patients || id->text.length == 0 ||
           (append(&known->message, issuer) && append(&known->message, id));
}

static uint32_t intern_series(ts_known_series *known, ts_text uid) {
    uint8_t result[TS_DIGEST_BYTES];
    ts_digest digest;
    ts_digest_begin(&digest);
    ts_digest_add(&digest, uid.bytes, uid.length);
    ts_digest_end(&digest, result);
    return ts_pool_intern(&known->series, result, TS_SERIES_DIGEST_BYTES);
}

/* Number of the patient whose message is in `message`. */
static uint32_t intern_patient(ts_known_series *known) {
    uint8_t result[TS_DIGEST_BYTES];
    if (known->message.count == 0) {
        return ts_pool_intern(&known->patients, no_patient, TS_PATIENT_DIGEST_BYTES);
    }
    ts_hmac keyed = known->keyed;
    ts_hmac_add(&keyed, known->message.items, known->message.count);
    ts_hmac_end(&keyed, result);
    return ts_pool_intern(&known->patients, result, TS_PATIENT_DIGEST_BYTES);
}

/* Number of the row, new or known; TS_NO_NUMBER when memory runs out. */
static uint32_t intern_row(ts_known_series *known, int32_t series, int32_t patient) {
    const uint64_t hash = ts_mix((uint64_t)(uint32_t)series << 32 | (uint32_t)patient);
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&known->row_index, hash, &probe)) != TS_NO_NUMBER) {
        const ts_patient_series *row = ts_patient_series_at(known, number);
        if (row->series == series && row->patient == patient) {
            return number;
        }
    }
    number = (uint32_t)known->rows.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&known->rows, 1) || !ts_index_add(&known->row_index, hash, number)) {
        return TS_NO_NUMBER;
    }
    ((ts_patient_series *)known->rows.items)[known->rows.count++] =
        (ts_patient_series){.series = series, .patient = patient};
    return number;
}

static bool is_equal(const ts_buffer *last, const uint8_t *bytes, size_t length) {
    return last->count == length && (length == 0 || memcmp(last->items, bytes, length) == 0);
}

bool ts_known_series_find(ts_known_series *known, const ts_parser *parser) {
    identifier uid = {.is_found = false}, id = uid, issuer = uid;
    read_identifiers(parser, &uid, &id, &issuer);
    if (!write_message(known, &id, &issuer)) {
        return false;
    }
    const bool has_last = known->last_row != TS_NO_NUMBER;
    const bool is_same_series = has_last && is_equal(&known->last_uid, uid.text.bytes, uid.text.length);
    const bool is_same_patient = has_last && is_equal(&known->last_patient, known->message.items, known->message.count);
    if (is_same_series && is_same_patient) {
        return true;
    }
    const ts_patient_series before =
        has_last ? *ts_patient_series_at(known, known->last_row) : (ts_patient_series){.series = -1, .patient = -1};
    const uint32_t series = is_same_series ? (uint32_t)before.series : intern_series(known, uid.text);
    const bool is_patient_known = is_same_patient || !known->knows_patients;
    const uint32_t patient = is_patient_known ? 0 : intern_patient(known);
    known->last_row = TS_NO_NUMBER;
    known->last_uid.count = 0;
    if (series > INT32_MAX || patient > INT32_MAX || !ts_buffer_reserve(&known->last_uid, uid.text.length)) {
        return false;
    }
    known->last_row = intern_row(known, (int32_t)series, is_patient_known ? before.patient : (int32_t)patient);
    if (uid.text.length > 0) {
        memcpy(known->last_uid.items, uid.text.bytes, uid.text.length);
        known->last_uid.count = uid.text.length;
    }
    const ts_buffer other = known->last_patient;
    known->last_patient = known->message;
    known->message = other;
    return known->last_row != TS_NO_NUMBER;
}

static void add_files(ts_known_series *known, uint32_t row, uint64_t files) {
    ((ts_patient_series *)known->rows.items)[row].files += files;
}

void ts_known_series_count_file(ts_known_series *known) { add_files(known, known->last_row, 1); }

/* Appends the number, in `pool`, of each of the digests. */
static bool intern_digests(ts_pool *pool, const ts_pool *digests, ts_buffer *numbers) {
    if (!ts_buffer_reserve(numbers, digests->entries.count)) {
        return false;
    }
    for (size_t i = 0; i < digests->entries.count; i++) {
        uint32_t length;
        const uint8_t *digest = ts_pool_get(digests, (uint32_t)i, &length);
        const uint32_t number = ts_pool_intern(pool, digest, length);
        if (number > INT32_MAX) {
            return false;
        }
        ((uint32_t *)numbers->items)[numbers->count++] = number;
    }
    return true;
}

static bool merge_rows(ts_known_series *known, const uint32_t *new_series, const uint32_t *new_patients,
                       const ts_patient_series *rows, size_t row_count, ts_buffer *numbers) {
    for (size_t i = 0; i < row_count; i++) {
        const bool has_patient = known->knows_patients && rows[i].patient >= 0;
        const uint32_t number = intern_row(known, (int32_t)new_series[rows[i].series],
                                           has_patient ? (int32_t)new_patients[rows[i].patient] : -1);
        known->knows_patients = known->knows_patients && has_patient;
        if (number == TS_NO_NUMBER) {
            return false;
        }
        add_files(known, number, rows[i].files);
        ((uint32_t *)numbers->items)[numbers->count++] = number;
    }
    return true;
}

bool ts_known_series_merge(ts_known_series *known, const ts_pool *series, const ts_pool *patients,
                           const ts_patient_series *rows, size_t row_count, ts_buffer *numbers) {
    ts_buffer new_series, new_patients;
    ts_buffer_begin(&new_series, sizeof(uint32_t));
    ts_buffer_begin(&new_patients, sizeof(uint32_t));
    const bool is_done = intern_digests(&known->series, series, &new_series) &&
                         (!known->knows_patients || intern_digests(&known->patients, patients, &new_patients)) &&
                         ts_buffer_reserve(numbers, row_count) &&
                         merge_rows(known, new_series.items, new_patients.items, rows, row_count, numbers);
    ts_buffer_free(&new_series);
    ts_buffer_free(&new_patients);
    return is_done;
}

bool ts_is_series_known(const ts_known_series *known, uint32_t row) {
    uint32_t length;
    const ts_patient_series *found = ts_patient_series_at(known, row);
    const uint8_t *series = ts_pool_get(&known->series, (uint32_t)found->series, &length);
    if (memcmp(series, no_series, sizeof no_series) == 0) {
        return false;
    }
    const uint8_t *patient =
        found->patient < 0 ? NULL : ts_pool_get(&known->patients, (uint32_t)found->patient, &length);
    return patient == NULL || memcmp(patient, no_patient, sizeof no_patient) != 0;
}

uint64_t ts_patient_word(const ts_known_series *known, uint32_t row) {
    const int32_t patient = known->knows_patients ? ts_patient_series_at(known, row)->patient : -1;
    uint32_t length;
    const uint8_t *digest = patient < 0 ? no_patient : ts_pool_get(&known->patients, (uint32_t)patient, &length);
    if (memcmp(digest, no_patient, sizeof no_patient) == 0) {
        return TS_PATIENT_UNKNOWN;
    }
    const uint64_t word = ts_load_u64(digest);
    return word == TS_PATIENT_UNKNOWN || word >= TS_PATIENT_OF_HIDDEN ? 1 : word;
}

int32_t ts_find_undefined_patient(const ts_known_series *known) {
    const uint64_t hash = ts_hash_bytes(known->patients.key, no_patient, sizeof no_patient);
    const uint32_t number = ts_pool_find(&known->patients, hash, no_patient, sizeof no_patient);
    return number > INT32_MAX ? -1 : (int32_t)number;
}
