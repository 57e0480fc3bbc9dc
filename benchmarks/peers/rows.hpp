/* The job of rows.py in C++: identities are interned, rows are counted in a hash table, the result is written at the
 * end.
 *
 * For: gdcm_walk.cpp and dcmtk_walk.cpp, which only get elements from their library.
 * Never: code of tagsniff. */

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace rows {

constexpr std::uint32_t PIXEL_DATA = 0x7FE00010, PIXEL_REPRESENTATION = 0x00280103;

inline bool is_private(std::uint32_t tag) { return (tag >> 16 & 1) == 1; }

inline bool is_creator(std::uint32_t tag) {
    return is_private(tag) && (tag & 0xFFFF) >= 0x10 && (tag & 0xFFFF) <= 0xFF;
}

inline bool is_one_of(std::string_view vr, std::string_view list) { return list.find(vr) != std::string_view::npos; }

inline std::string_view trimmed(std::string_view text, bool in_front) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) {
        text.remove_suffix(1);
    }
    while (in_front && !text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    return text;
}

/* The private creators of one data set or item. */
class Creators {
  public:
    void add(std::uint32_t tag, std::string_view value) { found_.emplace_back(tag, value); }

    /* The creator of a private element; nullptr if its block is not reserved. */
    const std::string *find(std::uint32_t tag) const {
        const std::uint32_t owner = (tag & 0xFFFF0000) | (tag & 0xFFFF) >> 8;
        for (const auto &entry : found_) {
            if (entry.first == owner) {
                return &entry.second;
            }
        }
        return nullptr;
    }

  private:
    std::vector<std::pair<std::uint32_t, std::string>> found_;
};

class Table {
  public:
    Table() { names_.emplace_back(); }

    /* The index of an identity, which is added if it is new; 0 is the root data set. */
    std::uint32_t identity(std::uint32_t parent, std::uint32_t tag, const Creators &creators) {
        const bool in_block = is_private(tag) && (tag & 0xFFFF) >= 0x1000;
        const std::string *creator = in_block ? creators.find(tag) : nullptr;
        key_.assign(reinterpret_cast<const char *>(&parent), sizeof parent);
        key_.append(reinterpret_cast<const char *>(&tag), sizeof tag);
        if (creator != nullptr) {
            key_.append(*creator);
        }
        auto place = identities_.find(key_);
        if (place == identities_.end()) {
            place = identities_.emplace(key_, static_cast<std::uint32_t>(names_.size())).first;
            names_.push_back(names_[parent] + (parent == 0 ? "" : "[<0>]") + step(tag, in_block, creator));
        }
        return place->second;
    }

    /* Adds all values of a value field that has numbers in little endian. */
    void add_field(std::uint32_t identity, std::string_view vr, std::string_view raw) {
        if (is_one_of(vr, "AE AS CS DA DS DT IS LO PN SH TM UI")) {
            for (std::size_t at = 0; at <= raw.size();) {
                const std::size_t end = std::min(raw.find('\\', at), raw.size());
                add(identity, vr, trimmed(raw.substr(at, end - at), true));
                at = end + 1;
            }
        } else if (is_one_of(vr, "LT ST UC UR UT")) {
            add(identity, vr, trimmed(raw, false));
        } else {
            add(identity, vr, raw);
        }
    }

    void add(std::uint32_t identity, std::string_view vr, std::string_view value) {
        key_.assign(reinterpret_cast<const char *>(&identity), sizeof identity);
        key_.append(vr.substr(0, 2));
        key_.append(value);
        Count &count = counts_[key_];
        if (count.last_file != file_) {
            count.last_file = file_;
            count.files++;
        }
    }

    /* Reads every file below a folder and writes the result; `read` returns false if it failed. */
    template <typename Read> int run(const char *folder, const char *result, Read read) {
        std::vector<std::string> failed;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) {
                file_++;
                if (!read(entry.path().c_str())) {
                    failed.push_back(entry.path().string());
                }
            }
        }
        return write(result, failed);
    }

  private:
    struct Count {
        std::uint32_t files = 0, last_file = 0;
    };

    static std::string step(std::uint32_t tag, bool in_block, const std::string *creator) {
        char text[32];
        if (!in_block) {
            std::snprintf(text, sizeof text, "(%04x,%04x)", tag >> 16, tag & 0xFFFF);
            return text;
        }
        std::snprintf(text, sizeof text, "(%04x,", tag >> 16);
        std::string whole = text;
        if (creator == nullptr) {
            std::snprintf(text, sizeof text, "<none:%02x>,%02x)", tag >> 8 & 0xFF, tag & 0xFF);
            return whole + text;
        }
        whole += '"';
        for (const char letter : trimmed(*creator, true)) {
            whole += letter == '"' || letter == '\\' ? std::string("\\") + letter : std::string(1, letter);
        }
        std::snprintf(text, sizeof text, "\",%02x)", tag & 0xFF);
        return whole + text;
    }

    int write(const char *result, const std::vector<std::string> &failed) const {
        std::FILE *out = std::fopen(result, "w");
        if (out == nullptr) {
            return 1;
        }
        std::fprintf(out, "files\t%u\n", file_);
        for (const auto &path : failed) {
            std::fprintf(out, "failed\t%s\n", path.c_str());
        }
        std::string line;
        for (const auto &[key, count] : counts_) {
            std::uint32_t identity;
            key.copy(reinterpret_cast<char *>(&identity), sizeof identity);
            line = names_[identity] + "\t" + key.substr(4, 2) + "\t" + std::to_string(count.files) + "\t";
            for (const char byte : std::string_view(key).substr(6)) {
                line += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
                line += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15];
            }
            std::fprintf(out, "%s\n", line.c_str());
        }
        return std::fclose(out) == 0 ? 0 : 1;
    }

    std::string key_;
    std::uint32_t file_ = 0;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint32_t> identities_;
    std::unordered_map<std::string, Count> counts_;
};

} // namespace rows
