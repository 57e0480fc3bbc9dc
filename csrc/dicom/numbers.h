/* Numbers as the VRs of numbers have them: their order, and which of them could identify a person (PS3.5 2026b, 6.2).
 *
 * For: numbers that are drawn together with the smallest and the largest of them, and those that stay apart.
 * Never: a rounding. Decimal strings are compared digit by digit.
 */
#ifndef TAGSNIFF_DICOM_NUMBERS_H
#define TAGSNIFF_DICOM_NUMBERS_H

#include "base/bytes.h"
#include "dicom/vr.h"

/* Negative, 0 or positive, as the number `a` sorts before, equal to or after `b`: by value, NaN after all others; equal
 * values by their bytes. The first is for texts that are numbers of VR DS or IS, the second for binary numbers, little
 * endian, each with the size of its VR, which is not AT. */
int ts_number_order(ts_text a, ts_text b);
int ts_binary_number_order(ts_vr vr, const uint8_t *a, const uint8_t *b);

/* Whether a number could be that of a patient, an examination or a device, or a date: it is a whole number of six
 * digits and more, as written or as a value; or its digits before the point read as a date (ts_digits_are_date) with or
 * without a time, or are the seconds or milliseconds since 1970 of a day from 1990 to 2100. The sign does not matter.
 * Binary floating-point numbers from 1E16 on are whole for want of digits, and are compared with dates only. Arguments
 * as above. */
bool ts_number_may_identify(ts_text number);
bool ts_binary_number_may_identify(ts_vr vr, const uint8_t *number);

/* Whether eight digits are a date, YYYYMMDD, from 1900 to 2100. */
bool ts_digits_are_date(const uint8_t digits[8]);

#endif
