/* The roots of organisations in UIDs (PS3.5 2026b, 9.1 and annex B; ISO/IEC 9834-1; ITU-T X.660 for the arcs).
 *
 * For: UIDs that are counted by the organisation that made them, and those that have a date in them.
 * Never: the name of an organisation.
 */
#ifndef TAGSNIFF_DICOM_UID_ROOTS_H
#define TAGSNIFF_DICOM_UID_ROOTS_H

#include "base/bytes.h"

/* The length of the organisation's root at the start of a UID (ts_text_is_uid): the longest arc of the table that it is
 * under, with as many components more as the arc gives to an organisation. 0 if it is under no arc, or has nothing
 * after the root. */
size_t ts_uid_root_length(ts_text uid);

/* Whether a component begins with a date from 1900 to 2100 (YYYYMMDD). The decimal form of a UUID (under 2.25, 30
 * digits and more) has any digits, and is not looked into. */
bool ts_uid_has_date(ts_text uid);

#endif
