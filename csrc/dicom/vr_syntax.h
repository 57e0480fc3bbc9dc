/* The syntax that a VR demands of a value (PS3.5 2026b, 6.2 and 9.1).
 *
 * For: the collector of values, which flags values that break their VR.
 * Never: a change of a value.
 */
#ifndef TAGSNIFF_DICOM_VR_SYNTAX_H
#define TAGSNIFF_DICOM_VR_SYNTAX_H

#include "base/bytes.h"
#include "dicom/vr.h"

/* Two numbers and more with single dots between, 64 characters at the most (PS3.5 9.1). */
bool ts_text_is_uid(ts_text text);

/* Whether a component is what its VR demands: a number for DS and IS, a code for CS, a date or time for DA, TM and DT,
 * an age for AS, a UID for UI. Other VRs demand nothing that could be broken. */
bool ts_text_fits(ts_vr vr, ts_text component);

#endif
