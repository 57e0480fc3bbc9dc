/* The job in C++ with DCMTK.
 *
 * For: compare.py. `dcmtk_walk FOLDER RESULT`
 * Never: a part of a file that is left out to save time. Large values are left on disk, as dcmdump does. */

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>

#include "rows.hpp"

namespace {

constexpr Uint32 LARGEST_VALUE_BYTES = 64 * 1024;

class Walk {
  public:
    explicit Walk(rows::Table &table) : table_(table) {}

    bool read(const char *path) {
        DcmFileFormat file;
        if (file.loadFile(path, EXS_Unknown, EGL_noChange, LARGEST_VALUE_BYTES).bad()) {
            return false;
        }
        return add_data_set(*file.getMetaInfo(), 0) && add_data_set(*file.getDataset(), 0);
    }

  private:
    bool add_data_set(DcmItem &data_set, std::uint32_t parent) {
        rows::Creators creators;
        for (DcmObject *object = nullptr; (object = data_set.nextInContainer(object)) != nullptr;) {
            auto &element = static_cast<DcmElement &>(*object);
            const std::uint32_t tag = static_cast<std::uint32_t>(element.getGTag()) << 16 | element.getETag();
            std::string_view vr = DcmTag(element.getTag()).getVRName();
            if (vr == "??") {
                vr = "UN";
            }
            std::string_view raw;
            if (tag != rows::PIXEL_DATA && element.ident() != EVR_SQ && !fetch(element, raw)) {
                return false;
            }
            if (rows::is_creator(tag)) {
                creators.add(tag, raw);
            }
            const std::uint32_t identity = table_.identity(parent, tag, creators);
            if (element.ident() == EVR_SQ) {
                if (!add_sequence(static_cast<DcmSequenceOfItems &>(element), identity)) {
                    return false;
                }
            } else if (tag == rows::PIXEL_DATA) {
                table_.add(identity, vr, "");
            } else {
                table_.add_field(identity, vr, raw);
            }
        }
        return true;
    }

    bool add_sequence(DcmSequenceOfItems &sequence, std::uint32_t identity) {
        table_.add(identity, "SQ", std::to_string(sequence.card()));
        for (DcmObject *item = nullptr; (item = sequence.nextInContainer(item)) != nullptr;) {
            if (!add_data_set(static_cast<DcmItem &>(*item), identity)) {
                return false;
            }
        }
        return true;
    }

    /* The value field as DCMTK stores it: numbers in the byte order of the machine, assumed to be little endian. */
    static bool fetch(DcmElement &element, std::string_view &raw) {
        if (element.getLength() == 0) {
            return true;
        }
        OFCondition done = EC_IllegalCall;
        switch (element.ident()) {
        case EVR_US:
        case EVR_OW:
        case EVR_xs:
        case EVR_lt: {
            Uint16 *values = nullptr;
            done = element.getUint16Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_SS: {
            Sint16 *values = nullptr;
            done = element.getSint16Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_UL:
        case EVR_up: {
            Uint32 *values = nullptr;
            done = element.getUint32Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_SL: {
            Sint32 *values = nullptr;
            done = element.getSint32Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_FL: {
            Float32 *values = nullptr;
            done = element.getFloat32Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_FD: {
            Float64 *values = nullptr;
            done = element.getFloat64Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_AT: {
            Uint16 *values = nullptr;
            done = element.getUint16Array(values);
            raw = view(values, element);
            break;
        }
        case EVR_OB:
        case EVR_UN:
        case EVR_UNKNOWN:
        case EVR_UNKNOWN2B:
        case EVR_ox: {
            Uint8 *values = nullptr;
            done = element.getUint8Array(values);
            raw = view(values, element);
            break;
        }
        default: {
            char *text = nullptr;
            Uint32 length = 0;
            done = element.getString(text, length);
            raw = text == nullptr ? std::string_view() : std::string_view(text, length);
            break;
        }
        }
        return done.good();
    }

    template <typename Value> static std::string_view view(const Value *values, DcmElement &element) {
        return values == nullptr ? std::string_view()
                                 : std::string_view(reinterpret_cast<const char *>(values), element.getLength());
    }

    rows::Table &table_;
};

} // namespace

int main(int count, char **arguments) {
    if (count == 2 && std::string_view(arguments[1]) == "--version") {
        std::puts(OFFIS_DCMTK_VERSION_STRING);
        return 0;
    }
    if (count != 3) {
        std::fputs("usage: dcmtk_walk FOLDER RESULT\n", stderr);
        return 2;
    }
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    rows::Table table;
    Walk walk(table);
    return table.run(arguments[1], arguments[2], [&](const char *path) { return walk.read(path); });
}
