/* Elements that hold samples: pixels, overlays, curves, audio, waveforms and look-up tables (PS3.3 2026b, C.7.6.3,
 * C.9.2, C.10.9 and C.11; PS3.5 2026b, 8).
 *
 * For: values that are long, of which the length alone is a value of a report.
 * Never: a decision by the tag alone. A value with the tag of samples and the VR of a text is a text.
 */
#ifndef TAGSNIFF_DICOM_SAMPLES_H
#define TAGSNIFF_DICOM_SAMPLES_H

#include "base/bytes.h"
#include "dicom/tag.h"
#include "dicom/vr.h"

/* Text is searched in the first bytes of samples, up to this number. Pixel Data is searched only where
 * all bytes are read. */
enum { TS_SAMPLES_SEARCHED_BYTES = 65536 };

/* Whether samples may have this VR. Letters that the standard does not define are bytes, as UN is. */
static inline bool ts_vr_is_of_samples(ts_vr vr) {
    return ts_vr_is_other(vr) || vr == TS_VR_UN || vr == TS_VR_US || vr == TS_VR_SS || vr == TS_VR_UNKNOWN;
}

/* Whether the value is Pixel Data, which only a parser with reads_all_bytes reads. */
static inline bool ts_is_pixel_data(uint32_t tag, ts_vr vr) {
    return ts_tag_is_pixel_data(tag) && ts_vr_is_of_samples(vr);
}

/* Whether the value is samples other than Pixel Data. */
static inline bool ts_is_samples(uint32_t tag, ts_vr vr) { return ts_tag_is_samples(tag) && ts_vr_is_of_samples(vr); }

/* Whether the value is samples of any kind. */
static inline bool ts_is_samples_or_pixel_data(uint32_t tag, ts_vr vr) {
    return ts_is_samples(tag, vr) || ts_is_pixel_data(tag, vr);
}

/* Whether a printable run that was found in samples is a text: it has a word of four letters (in capitals, small
 * letters, or with a capital first), six digits, or the ^ of a name between letters; and its characters are not those
 * of a course of samples, which change little from one to the next or only rise or fall. */
bool ts_is_text_of_samples(ts_text run);

#endif
