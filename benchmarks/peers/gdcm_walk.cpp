/* The job in C++ with GDCM.
 *
 * For: compare.py. `gdcm_walk FOLDER RESULT`
 * Never: a part of a file that is left out to save time. */

#include <gdcmDicts.h>
#include <gdcmGlobal.h>
#include <gdcmReader.h>
#include <gdcmSequenceOfItems.h>
#include <gdcmTrace.h>
#include <gdcmVersion.h>

#include "rows.hpp"

namespace {

class Walk {
  public:
    explicit Walk(rows::Table &table) : table_(table) {}

    bool read(const char *path) {
        gdcm::Reader reader;
        reader.SetFileName(path);
        if (!reader.Read()) {
            return false;
        }
        add_data_set(reader.GetFile().GetHeader(), 0);
        add_data_set(reader.GetFile().GetDataSet(), 0);
        return true;
    }

  private:
    void add_data_set(const gdcm::DataSet &data_set, std::uint32_t parent) {
        rows::Creators creators;
        bool is_signed = false;
        for (const gdcm::DataElement &element : data_set.GetDES()) {
            const std::uint32_t tag = element.GetTag().GetElementTag();
            const std::string_view raw = value_of(element);
            if (rows::is_creator(tag)) {
                creators.add(tag, raw);
            } else if (tag == rows::PIXEL_REPRESENTATION) {
                is_signed = !raw.empty() && raw[0] == 1;
            }
            const std::uint32_t identity = table_.identity(parent, tag, creators);
            const gdcm::VR::VRType type = element.GetVR();
            const std::string_view vr =
                type == gdcm::VR::INVALID ? known_vr(tag, is_signed) : gdcm::VR::GetVRString(element.GetVR());
            if (vr == "SQ" || (vr == "UN" && element.IsUndefinedLength())) {
                add_sequence(element, identity);
            } else if (tag == rows::PIXEL_DATA) {
                table_.add(identity, vr, "");
            } else {
                table_.add_field(identity, vr, raw);
            }
        }
    }

    void add_sequence(const gdcm::DataElement &element, std::uint32_t identity) {
        const gdcm::SmartPointer<gdcm::SequenceOfItems> items = element.IsEmpty() ? nullptr : element.GetValueAsSQ();
        const std::size_t count = items == nullptr ? 0 : items->GetNumberOfItems();
        table_.add(identity, "SQ", std::to_string(count));
        for (std::size_t number = 1; number <= count; number++) {
            add_data_set(items->GetItem(number).GetNestedDataSet(), identity);
        }
    }

    static std::string_view value_of(const gdcm::DataElement &element) {
        const gdcm::ByteValue *value = element.GetByteValue();
        return value == nullptr ? std::string_view() : std::string_view(value->GetPointer(), value->GetLength());
    }

    static std::string_view known_vr(std::uint32_t tag, bool is_signed) {
        if (rows::is_private(tag)) {
            return rows::is_creator(tag) ? "LO" : "UN";
        }
        const gdcm::Tag place(static_cast<std::uint16_t>(tag >> 16), static_cast<std::uint16_t>(tag & 0xFFFF));
        const gdcm::VR vr = gdcm::Global::GetInstance().GetDicts().GetDictEntry(place).GetVR();
        if (vr == gdcm::VR::US_SS) {
            return is_signed ? "SS" : "US";
        }
        return vr == gdcm::VR::OB_OW ? "OW" : gdcm::VR::GetVRString(vr);
    }

    rows::Table &table_;
};

} // namespace

int main(int count, char **arguments) {
    if (count == 2 && std::string_view(arguments[1]) == "--version") {
        std::puts(gdcm::Version::GetVersion());
        return 0;
    }
    if (count != 3) {
        std::fputs("usage: gdcm_walk FOLDER RESULT\n", stderr);
        return 2;
    }
    gdcm::Trace::WarningOff();
    rows::Table table;
    Walk walk(table);
    return table.run(arguments[1], arguments[2], [&](const char *path) { return walk.read(path); });
}
