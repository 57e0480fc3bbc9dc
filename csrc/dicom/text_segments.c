/* Text in a segment of a binary value: the implementation of text_segments.h.
 *
 * For: one pass in UTF-8 and one in the declared character set, over segments that have more than ASCII.
 * Never: a second look at bytes in which an encoding has found no text.
 *
 * Evidence is counted in tenths of a bit. The points of a class of characters are so chosen that the sum over all
 * classes of probability * 2^bits is about 1 in random bytes: then at most one of 2^12 places begins a run by chance.
 */
#include "dicom/text_segments.h"

enum {
    ESCAPE = 0x1B,
    ENOUGH = 120,
    ENOUGH_LATIN_1 = 100, /* fewer, because its letters are beside those of ASCII */
    ENOUGH_SINGLE_BYTE = 110,
    AT_NUL = 80,
    DESIGNATION = 120,
    SHORTEST_UTF_8 = 8, /* fewer bytes are not enough, except beside a NUL */
};

/* One pass over a segment in one encoding. */
typedef struct lane {
    size_t end; /* of the run */
    unsigned points;
    size_t characters;
    size_t others;  /* characters that are not ASCII */
    size_t escapes; /* escape sequences */
    bool is_double; /* one of them makes pairs of ASCII characters letters of another set */
    size_t pairs;   /* of them, those of two bytes in a set of pairs */
    size_t commons; /* of those, the ones in everyday use */
    size_t letters; /* ASCII, or of a set of one byte for each character */
    size_t halves;  /* half-width katakana, which text has alone or not at all */
    uint8_t before; /* the latest ASCII character */
    size_t strays;  /* letters of UTF-8 of another script than the first one, or of a rare one */
} lane;

size_t ts_utf8_length(ts_text text, size_t at) {
    const uint8_t lead = text.bytes[at];
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || length > text.length - at) {
        return 0;
    }
    uint32_t letter = lead & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        const uint8_t byte = text.bytes[at + i];
        if ((byte & 0xC0) != 0x80) {
            return 0;
        }
        letter = letter << 6 | (byte & 0x3F);
    }
    const uint32_t smallest = length == 2 ? 0xA0 : length == 3 ? 0x800 : 0x10000;
    const bool is_special = (letter >= 0xD800 && letter < 0xF900) || (letter & 0xFFFE) == 0xFFFE;
    const bool is_unused = letter >= 0x32400 && (letter < 0xE0100 || letter > 0xE01EF);
    return letter < smallest || is_special || is_unused ? 0 : length;
}

/* Counts the ASCII character; its points are those of a letter. The same letter again is no evidence: numbers have
 * such bytes. */
static void add_ascii(lane *found, uint8_t byte, unsigned letter_points) {
    const bool is_letter = ts_is_letter(byte);
    found->points += is_letter && byte != found->before ? letter_points : 0;
    found->before = byte;
    found->letters += is_letter ? 1 : 0;
    found->characters++;
    found->end++;
}

/* A script of the characters of two bytes in UTF-8, by the first byte; 0 for rare ones and for symbols. */
static unsigned find_script(uint8_t lead) {
    enum { NONE, LATIN, GREEK, CYRILLIC, ARMENIAN, HEBREW, ARABIC };
    switch (lead) {
    case 0xC3:
    case 0xC4:
    case 0xC5:
    case 0xC6: /* Vietnamese */
    case 0xC8: /* Romanian */
    case 0xCC: /* combining accents */
        return LATIN;
    case 0xCE:
    case 0xCF:
        return GREEK;
    case 0xD0:
    case 0xD1:
        return CYRILLIC;
    case 0xD5:
    case 0xD6:
        return ARMENIAN;
    case 0xD7:
        return HEBREW;
    case 0xD8:
    case 0xD9:
    case 0xDA:
    case 0xDB:
        return ARABIC;
    default:
        return NONE;
    }
}

static lane read_utf8(ts_text text, size_t at) {
    enum { LETTER = 13, TWO_BYTES = 40, THREE_BYTES = 50, FOUR_BYTES = 70 };
    lane found = {.end = at};
    unsigned script = 0;
    while (found.end < text.length) {
        const uint8_t byte = text.bytes[found.end];
        if (ts_is_printable(byte)) {
            add_ascii(&found, byte, LETTER);
            continue;
        }
        const size_t length = ts_utf8_length(text, found.end);
        if (length == 0) {
            break;
        }
        if (length == 2) {
            const unsigned own = find_script(byte);
            script = script == 0 ? own : script;
            const bool is_letter = own != 0 && own == script;
            found.points += is_letter ? TWO_BYTES : 0;
            found.letters += is_letter ? 1 : 0;
            found.strays += is_letter || byte == 0xC2 ? 0 : 1;
        } else {
            found.points += length == 3 ? THREE_BYTES : FOUR_BYTES;
            found.pairs++;
        }
        found.others++;
        found.characters++;
        found.end += length;
    }
    found.commons = found.pairs;
    return found;
}

bool ts_is_utf8_text(ts_text text) {
    enum { SHORT_TEXT = 12 }; /* in bytes: of fewer, two of three are letters */
    lane whole = {.end = 0};
    for (size_t at = 0; at < text.length; at++) {
        const lane line = read_utf8(text, at);
        at = line.end;
        if (at < text.length && text.bytes[at] != '\n' && text.bytes[at] != '\r') {
            return false;
        }
        whole.characters += line.characters;
        whole.letters += line.letters;
        whole.others += line.others;
        whole.pairs += line.pairs;
        whole.strays += line.strays;
    }
    const size_t letters = whole.letters + whole.pairs;
    const size_t wanted = text.length < SHORT_TEXT ? 2 * whole.characters / 3
                          : whole.others > 0       ? whole.characters / 2
                                                   : 0;
    return letters >= TS_RUN_LETTERS && letters >= wanted && 4 * whole.strays <= whole.others && whole.pairs != 1;
}

/* The length of the escape sequence at `at` if it designates a character set that Specific Character Set can have
 * (PS3.3 C.12.1.1.2), and the kind of bytes from 80 on after it; 0 if there is none. */
static size_t read_designation(ts_text text, size_t at, ts_charset_kind *kind) {
    static const struct {
        char bytes[4];
        uint8_t length;
        ts_charset_kind kind; /* PLAIN: a set of G0, which changes nothing from 80 on */
    } known[] = {
        {"(B", 2, TS_CHARSET_PLAIN},       {"(J", 2, TS_CHARSET_PLAIN},       {"$B", 2, TS_CHARSET_PLAIN},
        {"$@", 2, TS_CHARSET_PLAIN},       {"$(B", 3, TS_CHARSET_PLAIN},      {"$(D", 3, TS_CHARSET_PLAIN},
        {"$)C", 3, TS_CHARSET_PAIRS},      {"$)A", 3, TS_CHARSET_PAIRS},      {")I", 2, TS_CHARSET_SHIFT_JIS},
        {"-A", 2, TS_CHARSET_LATIN_1},     {"-B", 2, TS_CHARSET_SINGLE_BYTE}, {"-C", 2, TS_CHARSET_SINGLE_BYTE},
        {"-D", 2, TS_CHARSET_SINGLE_BYTE}, {"-F", 2, TS_CHARSET_SINGLE_BYTE}, {"-G", 2, TS_CHARSET_SINGLE_BYTE},
        {"-H", 2, TS_CHARSET_SINGLE_BYTE}, {"-L", 2, TS_CHARSET_SINGLE_BYTE}, {"-M", 2, TS_CHARSET_SINGLE_BYTE},
        {"-T", 2, TS_CHARSET_SINGLE_BYTE}, {"-b", 2, TS_CHARSET_SINGLE_BYTE},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (text.length - at > known[i].length &&
            ts_text_is_same(&text.bytes[at + 1], (const uint8_t *)known[i].bytes, known[i].length)) {
            *kind = known[i].kind == TS_CHARSET_PLAIN ? *kind : known[i].kind;
            return 1 + (size_t)known[i].length;
        }
    }
    return 0;
}

/* The length of the character at `at`, whose first byte is from 80 on, and its points; 0 if there is none. */
static size_t read_pair(ts_text text, size_t at, ts_charset_kind kind, lane *found) {
    enum { SYLLABLE = 50, EVERYDAY = 25, HAN = 22, HALF_WIDTH = 5, FOUR_BYTES = 40 };
    const uint8_t lead = text.bytes[at];
    const uint8_t second = text.length - at < 2 ? 0 : text.bytes[at + 1];
    size_t length;
    unsigned points = 0;
    if (kind == TS_CHARSET_SHIFT_JIS) {
        length = ts_shift_jis_length(text, at);
        if (length == 1) {
            found->points += HALF_WIDTH;
            found->halves++;
            return 1;
        }
        const bool is_syllable = (lead == 0x82 && second >= 0x9F && second <= 0xF1) || (lead == 0x83 && second <= 0x96);
        points = is_syllable ? SYLLABLE : lead >= 0x88 && lead <= 0x97 ? EVERYDAY : 0;
    } else {
        length = kind == TS_CHARSET_LEAD_BYTE                                     ? ts_lead_byte_length(text, at)
                 : lead >= 0xA1 && lead < 0xFF && second >= 0xA1 && second < 0xFF ? 2
                                                                                  : 0;
        const bool is_syllable = (lead == 0xA4 || lead == 0xA5) && second >= 0xA1 && second <= 0xF6;
        const bool is_han = lead >= 0xB0 && lead <= 0xD7 && second >= 0xA1; /* and the syllables of Hangul */
        points = length == 4 ? FOUR_BYTES : is_syllable ? SYLLABLE : is_han ? HAN : 0;
    }
    found->points += length == 0 ? 0 : points;
    found->pairs += length == 0 ? 0 : 1;
    found->commons += points > 0 && length > 0 ? 1 : 0;
    return length;
}

static size_t read_single_byte(uint8_t byte, ts_charset_kind kind, lane *found) {
    enum { LETTER = 5 };
    const bool is_letter =
        byte < 0xFF && (kind == TS_CHARSET_LATIN_1 ? byte >= 0xC0 && byte != 0xD7 && byte != 0xF7 : byte >= 0xA1);
    found->points += is_letter ? LETTER : 0;
    found->letters += is_letter ? 1 : 0;
    return is_letter ? 1 : 0;
}

static lane read_declared(ts_text text, size_t at, ts_charset_kind kind) {
    const unsigned letter_points = kind == TS_CHARSET_LATIN_1 || kind == TS_CHARSET_SINGLE_BYTE ? 5 : 0;
    lane found = {.end = at};
    while (found.end < text.length) {
        const uint8_t byte = text.bytes[found.end];
        if (ts_is_printable(byte)) {
            add_ascii(&found, byte, letter_points);
            continue;
        }
        size_t length = 0;
        if (byte == ESCAPE) {
            length = read_designation(text, found.end, &kind);
            found.points += length == 0 ? 0 : DESIGNATION;
            found.escapes += length == 0 ? 0 : 1;
            found.is_double |= length > 0 && text.bytes[found.end + 1] == '$' && text.bytes[found.end + 2] != ')';
        } else if (kind == TS_CHARSET_LATIN_1 || kind == TS_CHARSET_SINGLE_BYTE) {
            length = read_single_byte(byte, kind, &found);
        } else if (kind != TS_CHARSET_PLAIN && kind != TS_CHARSET_UTF_8) {
            length = read_pair(text, found.end, kind, &found);
        }
        if (length == 0) {
            break;
        }
        found.others += byte == ESCAPE ? 0 : 1;
        found.characters += byte == ESCAPE ? 0 : 1;
        found.end += length;
    }
    return found;
}

/* Whether the bytes from `at` to the end of the lane are text that ASCII alone does not have: enough evidence, and
 * letters most of it. A single other character needs letters beside it. */
static bool is_text(const ts_segment *segment, size_t at, const lane *found, unsigned enough) {
    unsigned points = found->points;
    points += at == 0 && segment->begins_at_nul ? AT_NUL : 0;
    points += found->end == segment->bytes.length && segment->ends_at_nul ? AT_NUL : 0;
    const bool is_long = found->characters >= TS_RUN_LETTERS || found->commons >= 2;
    const size_t letters = found->letters + found->commons + found->halves;
    if ((found->others == 0 && !found->is_double) || !is_long || points < enough || 4 * found->strays > found->others) {
        return false;
    }
    if (found->escapes > 0) {
        return true;
    }
    if (found->others == 1 && letters < TS_RUN_LETTERS) {
        return false;
    }
    if (enough == ENOUGH) {
        return 2 * found->commons >= found->pairs + (found->pairs > 0 ? found->halves : 0) &&
               2 * letters >= found->characters;
    }
    /* Letters of Latin-1 are beside more of those of ASCII. */
    return 4 * letters >= 3 * found->characters && (enough == ENOUGH_SINGLE_BYTE || 3 * found->others <= letters);
}

static bool give(const ts_segment *segment, size_t at, size_t end, ts_run run, ts_take_run take, void *context) {
    run.text = ts_text_trim((ts_text){.bytes = &segment->bytes.bytes[at], .length = end - at}, false);
    return run.text.length == 0 || take(context, &run);
}

static bool give_lane(const ts_segment *segment, size_t at, const lane *found, bool is_declared, ts_take_run take,
                      void *context) {
    const bool is_sure =
        found->points >= ENOUGH || found->others >= TS_RUN_LETTERS || (is_declared && found->pairs == 0);
    return give(segment, at, found->end, (ts_run){.is_declared = is_declared, .is_sure = is_sure}, take, context);
}

/* Passes on the printable ASCII characters from `at` to `end`, if they are enough. */
static bool give_ascii(const ts_segment *segment, size_t at, size_t end, ts_take_run take, void *context) {
    const uint8_t *bytes = segment->bytes.bytes;
    const bool is_word =
        end - at == TS_RUN_LETTERS && end == segment->bytes.length && segment->ends_at_nul && ts_is_word(&bytes[at]);
    return (end - at < TS_RUN_CHARACTERS && !is_word) ||
           give(segment, at, end, (ts_run){.is_declared = false}, take, context);
}

/* Whether the declared character set can have text in the segment: whether the evidence of all of it may be enough. */
static bool may_be_declared(const ts_segment *segment) {
    enum { MOST_FOR_A_LETTER = 5, MOST_FOR_A_BYTE = 25 };
    const ts_charset_kind kind = segment->kind;
    if (segment->has_escapes) {
        return true;
    }
    if (kind == TS_CHARSET_PLAIN || kind == TS_CHARSET_UTF_8) {
        return false;
    }
    const bool is_single_byte = kind == TS_CHARSET_LATIN_1 || kind == TS_CHARSET_SINGLE_BYTE;
    const unsigned most = is_single_byte ? MOST_FOR_A_LETTER : MOST_FOR_A_BYTE;
    return segment->bytes.length * most + (segment->begins_at_nul ? AT_NUL : 0) + (segment->ends_at_nul ? AT_NUL : 0) >=
           ENOUGH_LATIN_1;
}

/* What is known of a segment: bytes before these indexes are no text in UTF-8, and in the declared character set. */
typedef struct already_read {
    size_t utf8, declared;
} already_read;

/* Finds the text that begins at `at` with ASCII characters up to `end` and then others, in UTF-8 or in the declared
 * character set. */
static bool find_other_text(const ts_segment *segment, size_t at, size_t end, already_read *read, bool *is_declared,
                            lane *found) {
    const ts_charset_kind kind = segment->kind;
    *is_declared = false;
    if (at >= read->utf8 && ts_utf8_length(segment->bytes, end) > 0) {
        *found = read_utf8(segment->bytes, at);
        if (is_text(segment, at, found, ENOUGH)) {
            return true;
        }
        read->utf8 = found->end;
    }
    if (at < read->declared) {
        return false;
    }
    *is_declared = true;
    *found = read_declared(segment->bytes, at, kind);
    read->declared = found->end;
    return is_text(segment, at, found,
                   kind == TS_CHARSET_LATIN_1       ? ENOUGH_LATIN_1
                   : kind == TS_CHARSET_SINGLE_BYTE ? ENOUGH_SINGLE_BYTE
                                                    : ENOUGH);
}

/* A quick answer for most bytes that are no text: false if find_other_text would find none. */
static inline bool may_be_other_text(const ts_segment *segment, size_t at, size_t end, const already_read *read) {
    const uint8_t *bytes = segment->bytes.bytes;
    return end < segment->bytes.length &&
           (at >= read->declared || (at >= read->utf8 && bytes[end] >= 0xC2 && segment->bytes.length - end > 1 &&
                                     (bytes[end + 1] & 0xC0) == 0x80));
}

bool ts_segment_find(const ts_segment *segment, ts_take_run take, void *context) {
    const ts_text text = segment->bytes;
    if (!segment->has_others) {
        return give_ascii(segment, 0, text.length, take, context);
    }
    const bool is_beside_nul = segment->begins_at_nul || segment->ends_at_nul;
    already_read read = {.utf8 = text.length < SHORTEST_UTF_8 && !is_beside_nul ? text.length : 0,
                         .declared = may_be_declared(segment) ? 0 : text.length};
    size_t at = 0;
    while (at < text.length) {
        size_t end = at;
        while (end < text.length && ts_is_printable(text.bytes[end])) {
            end++;
        }
        lane found;
        bool is_declared;
        if (may_be_other_text(segment, at, end, &read) &&
            find_other_text(segment, at, end, &read, &is_declared, &found)) {
            if (!give_lane(segment, at, &found, is_declared, take, context)) {
                return false;
            }
            at = found.end;
            continue;
        }
        if (!give_ascii(segment, at, end, take, context)) {
            return false;
        }
        at = end == at ? at + 1 : end;
    }
    return true;
}
