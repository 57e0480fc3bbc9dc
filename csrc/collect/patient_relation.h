/* How the values of an element belong to patients.
 *
 * For: the evidence that a value identifies (each patient has one of its own), or that it does not (patients share it).
 * Never: a relation of an element of which a value is not recorded, or was left out because of a bound, or which has
 *        more values that are drawn together than there are hashes of.
 */
#ifndef TAGSNIFF_COLLECT_PATIENT_RELATION_H
#define TAGSNIFF_COLLECT_PATIENT_RELATION_H

#include "collect/series_counts.h"
#include "collect/values.h"

/* With two patients, any setting that differs would belong to one of them; of three, a setting with two values gives
 * two the same. */
enum { TS_LEAST_PATIENTS = 3 };

typedef enum ts_patient_relation {
    TS_RELATION_NONE,
    TS_RELATION_PER_PATIENT, /* each value belongs to one patient, and each of TS_LEAST_PATIENTS and more has one */
    TS_RELATION_SHARED       /* at least two patients have each of the values */
} ts_patient_relation;

/* Sets patient_relation of all uses. An element is an identity with a VR, over all equipment. Empty values do not
 * count. Files without a Patient ID are evidence of nothing: they are no patient here. False when memory runs out. */
bool ts_relate_patients(ts_value_collector *collector, const ts_series_counts *counts);

#endif
