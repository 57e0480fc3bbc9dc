/* UTF-16 text in a binary value: the implementation of utf16_runs.h (RFC 2781).
 *
 * For: a walk back over the characters before an end; in most values it ends at the first one.
 * Never: text of several scripts, other than Latin letters beside one: numbers have all of them.
 */
#include "dicom/utf16_runs.h"

enum {
    NO_SCRIPT,  /* no character that text has */
    NEUTRAL,    /* spaces, digits and punctuation */
    LATIN_1,    /* letters up to U+00FF, which may be beside any script */
    EAST_ASIAN, /* Han and kana */
    HANGUL,
    LATIN,
    OTHER_SCRIPT /* and above: one number for each */
};

typedef struct script_range {
    uint16_t first, last;
    uint8_t script;
    bool is_rare; /* letters, but no evidence of text */
} script_range;

/* In the order of the characters (Unicode, Blocks.txt). Rare blocks are left out, and the first characters of each: in
 * one of the two byte orders these are small numbers. */
static const script_range SCRIPTS[] = {
    {0x0020, 0x0040, NEUTRAL, false},
    {0x0041, 0x005A, LATIN_1, false},
    {0x005B, 0x0060, NEUTRAL, false},
    {0x0061, 0x007A, LATIN_1, false},
    {0x007B, 0x007E, NEUTRAL, false},
    {0x00A0, 0x00BF, NEUTRAL, false},
    {0x00C0, 0x00FF, LATIN_1, false},
    {0x0102, 0x017F, LATIN, false},
    {0x01A0, 0x01A1, LATIN, false},
    {0x01AF, 0x01B0, LATIN, false},
    {0x0218, 0x021B, LATIN, false},
    {0x0386, 0x038F, OTHER_SCRIPT, true},
    {0x0390, 0x03CE, OTHER_SCRIPT, false},
    {0x0401, 0x040F, OTHER_SCRIPT + 1, true},
    {0x0410, 0x044F, OTHER_SCRIPT + 1, false},
    {0x0450, 0x045F, OTHER_SCRIPT + 1, true},
    {0x0490, 0x0491, OTHER_SCRIPT + 1, true},
    {0x0531, 0x0587, OTHER_SCRIPT + 2, false},
    {0x05B0, 0x05C7, OTHER_SCRIPT + 3, true},
    {0x05D0, 0x05EA, OTHER_SCRIPT + 3, false},
    {0x0621, 0x064A, OTHER_SCRIPT + 4, false},
    {0x064B, 0x0655, OTHER_SCRIPT + 4, true},
    {0x066E, 0x06D5, OTHER_SCRIPT + 4, false},
    {0x0905, 0x0939, OTHER_SCRIPT + 5, false},
    {0x093C, 0x096F, OTHER_SCRIPT + 5, true},
    {0x0E01, 0x0E5B, OTHER_SCRIPT + 6, false},
    {0x10A0, 0x10FF, OTHER_SCRIPT + 7, false},
    {0x1EA0, 0x1EF9, LATIN, false},
    {0x2010, 0x203A, NEUTRAL, false},
    {0x3000, 0x3020, NEUTRAL, false},
    {0x3041, 0x30FF, EAST_ASIAN, false},
    {0x4E00, 0x9FFF, EAST_ASIAN, false},
    {0xAC00, 0xD7A3, HANGUL, false},
    {0xF900, 0xFAFF, EAST_ASIAN, true},
    {0xFF01, 0xFF5A, NEUTRAL, false},
    {0xFF66, 0xFF9F, EAST_ASIAN, false},
};

enum { BYTE_ORDER_MARK = 0xFEFF, SPACE = 0x20, SMALLEST = 8 };

static script_range find_script(uint32_t letter) {
    if (letter >= 0x4E00 && letter <= 0x9FFF) { /* the most frequent one among bytes that are no text */
        return (script_range){.script = EAST_ASIAN};
    }
    size_t first = 0;
    size_t end = sizeof SCRIPTS / sizeof SCRIPTS[0];
    if (letter > 0xFFFF) {
        const bool is_han = letter >= 0x20000 && letter < 0x32000;
        const bool is_picture = letter >= 0x1F000 && letter < 0x1FB00;
        return (script_range){.script = is_han ? EAST_ASIAN : is_picture ? NEUTRAL : NO_SCRIPT};
    }
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (SCRIPTS[middle].last < letter) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < sizeof SCRIPTS / sizeof SCRIPTS[0] && letter >= SCRIPTS[first].first
               ? SCRIPTS[first]
               : (script_range){.script = NO_SCRIPT};
}

static uint8_t byte_at(ts_history history, uint64_t at) { return history.bytes[at % TS_HISTORY_BYTES]; }

static bool is_other_text(ts_history history, uint64_t at) {
    const uint64_t place = at % TS_HISTORY_BYTES;
    return (history.is_text[place / 8] >> place % 8 & 1) != 0;
}

static uint32_t unit_before(ts_history history, uint64_t end, bool big_endian) {
    const uint8_t first = byte_at(history, end - 2);
    const uint8_t second = byte_at(history, end - 1);
    return big_endian ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

/* What the walk back has found. */
typedef struct walk {
    uint64_t start; /* of the text */
    size_t characters;
    size_t letters;
    size_t others; /* letters above U+00FF */
    size_t ascii;  /* of them, those whose two bytes are both printable ASCII or zero: text in bytes */
    bool is_cut_at_end, is_cut_at_start; /* the last and the first one: both below 80, one of them another control */
    size_t small;                        /* of them, those that are a small number in the other byte order */
    uint32_t first;                      /* the last letter that was found */
    bool is_varied;                      /* not all letters are equal */
    bool is_first_other;                 /* its first character is one of them */
    bool is_bounded;                     /* a control, a byte order mark or the start of the value is before the text */
    bool is_cut;                         /* it is longer than the reach */
    unsigned script;                     /* that is not Latin; 0 if there is none */
} walk;

/* The character before `end`, and its length in bytes; 0 if there is none. */
static uint32_t letter_before(ts_history history, uint64_t start, uint64_t end, bool big_endian, size_t *length) {
    const uint32_t unit = unit_before(history, end, big_endian);
    *length = 2;
    if (unit < 0xDC00 || unit > 0xDFFF) {
        return unit >= 0xD800 && unit < 0xDC00 ? 0 : unit;
    }
    const uint32_t lead = end - start < 4 ? 0 : unit_before(history, end - 2, big_endian);
    *length = 4;
    return lead >= 0xD800 && lead < 0xDC00 ? 0x10000 + ((lead - 0xD800) << 10) + (unit - 0xDC00) : 0;
}

/* Whether there may be text before `end`: a quick answer for most ends. */
static bool may_end(ts_history history, uint64_t end, bool big_endian) {
    const uint64_t place = end % TS_HISTORY_BYTES;
    if (place < TS_UTF16_END_BYTES) { /* the bytes before it are not all in one piece: the walk finds out */
        return end >= TS_UTF16_LEAST_BYTES;
    }
    return ts_utf16_may_end(&history.bytes[place], big_endian);
}

static bool is_ascii_or_zero(uint8_t byte) { return byte == 0 || ts_is_printable(byte); }

static walk walk_back(ts_history history, uint64_t end, bool big_endian) {
    walk found = {.start = end};
    const uint64_t reach = end > TS_HISTORY_REACH ? end - TS_HISTORY_REACH : 0;
    for (;;) {
        if (found.start - reach < 2) {
            found.is_cut = reach > 0;
            found.is_bounded = found.start == 0;
            return found;
        }
        size_t length;
        const uint32_t letter = letter_before(history, reach, found.start, big_endian, &length);
        if (letter < SPACE || letter == BYTE_ORDER_MARK) {
            found.is_bounded = length == 2;
            return found;
        }
        const script_range range = find_script(letter);
        const unsigned script = range.script;
        if (script == NO_SCRIPT || is_other_text(history, found.start - 1) || is_other_text(history, found.start - 2) ||
            (script > LATIN_1 && found.script != 0 && script != found.script)) {
            return found;
        }
        found.script = script > LATIN_1 ? script : found.script;
        found.characters++;
        if (script > NEUTRAL && !range.is_rare) {
            found.is_varied |= found.letters > 0 && letter != found.first;
            found.first = letter;
            found.letters++;
        }
        found.is_first_other = script > LATIN_1;
        if (script > LATIN_1 && !range.is_rare) {
            found.others++;
            const bool is_ascii = is_ascii_or_zero((uint8_t)(letter >> 8)) && is_ascii_or_zero((uint8_t)letter);
            found.ascii += is_ascii ? 1 : 0;
            found.is_cut_at_start = !is_ascii && (letter & 0x8080) == 0;
            found.is_cut_at_end |= found.others == 1 && found.is_cut_at_start;
            found.small += (letter & 0xFF) < SMALLEST ? 1 : 0;
        }
        found.start -= length;
    }
}

static bool is_text(const walk *found) {
    const size_t enough = found->is_bounded ? TS_RUN_LETTERS : TS_RUN_CHARACTERS;
    if (found->others == 0 || found->letters < enough || !found->is_varied || 2 * found->letters < found->characters) {
        return false;
    }
    if (found->script ==
        LATIN) { /* a few among letters of ASCII; a byte before these makes the first one another letter */
        const size_t others = found->others - (found->is_first_other && !found->is_bounded ? 1 : 0);
        return others > 0 && 2 * others <= found->letters;
    }
    if (found->others < 2) {
        return false;
    }
    if (found->script != EAST_ASIAN && found->script != HANGUL) {
        return true;
    }
    const size_t cut = (found->is_cut_at_end ? 1u : 0u) + (found->is_cut_at_start && found->others > 1 ? 1u : 0u);
    const bool is_ascii = 8 * (found->ascii + cut) > 7 * found->others;
    return 2 * found->small <= found->others && (!is_ascii || found->characters - found->others >= TS_RUN_CHARACTERS);
}

static bool push_utf8(ts_buffer *scratch, uint32_t letter) {
    if (!ts_buffer_reserve(scratch, 4)) {
        return false;
    }
    uint8_t *bytes = &((uint8_t *)scratch->items)[scratch->count];
    size_t length = 0;
    if (letter < 0x80) {
        bytes[length++] = (uint8_t)letter;
    } else {
        const size_t tail = letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
        const uint32_t lead = tail == 1 ? 0xC0 : tail == 2 ? 0xE0 : 0xF0;
        bytes[length++] = (uint8_t)(lead | letter >> 6 * tail);
        for (size_t left = tail; left > 0; left--) {
            bytes[length++] = (uint8_t)(0x80 | (letter >> 6 * (left - 1) & 0x3F));
        }
    }
    scratch->count += length;
    return true;
}

ts_utf16_text ts_utf16_look_back(ts_history history, uint64_t end, bool big_endian) {
    if (!may_end(history, end, big_endian)) {
        return (ts_utf16_text){.letters = 0};
    }
    const walk found = walk_back(history, end, big_endian);
    return (ts_utf16_text){.start = found.start,
                           .end = end,
                           .letters = is_text(&found) ? found.letters : 0,
                           .big_endian = big_endian,
                           .is_bounded = found.is_bounded,
                           .is_cut = found.is_cut,
                           .is_shifted = found.script != EAST_ASIAN && found.script != HANGUL};
}

bool ts_utf16_give(ts_history history, const ts_utf16_text *text, ts_buffer *scratch, ts_take_run take, void *context) {
    scratch->count = 0;
    for (uint64_t at = text->start; at < text->end;) {
        size_t length = 2;
        uint32_t letter = unit_before(history, at + 2, text->big_endian);
        if (letter >= 0xD800 && letter < 0xDC00) {
            letter = letter_before(history, text->start, at + 4, text->big_endian, &length);
        }
        if (!push_utf8(scratch, letter)) {
            return false;
        }
        at += length;
    }
    const ts_text utf8 = {.bytes = scratch->items, .length = scratch->count};
    const ts_run run = {.text = ts_text_trim(utf8, false), .is_utf16 = true, .is_cut = text->is_cut};
    return take(context, &run);
}
