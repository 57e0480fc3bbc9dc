/* The syntax that a VR requires of a value (PS3.5 2026b, 6.2 and 9.1).
 *
 * For: the collector of values, which flags values that break the rules of their VR.
 * Never: a change of a value.
 */
#ifndef TAGSNIFF_DICOM_VR_SYNTAX_H
#define TAGSNIFF_DICOM_VR_SYNTAX_H

#include "base/bytes.h"
#include "dicom/vr.h"

/* At least two numbers, separated by single dots, in at most 64 characters (PS3.5 9.1). */
bool ts_text_is_uid(ts_text text);

/* Whether a component has the syntax of its VR: a number for DS and IS, a code for CS, a date or time for DA, TM and
 * DT, an age for AS, a UID for UI. True for all other VRs. The component is without padding. */
bool ts_text_fits(ts_vr vr, ts_text component);

#endif
