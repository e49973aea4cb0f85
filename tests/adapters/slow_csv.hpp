// The rules of adapters/csv.hpp, character by character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tailor/core/errc.hpp"

namespace tailor_test {

struct csv_record {
  std::vector<std::string> fields;
  tailor::errc fault = tailor::errc::ok;
  std::size_t at = 0;

  friend bool operator==(const csv_record&, const csv_record&) = default;
};

/// The records behind the header. Precondition: the header is sound.
inline std::vector<csv_record> slow_csv(std::string_view text, char delimiter,
                                        std::size_t max_fields = 4096) {
  using tailor::errc;
  std::vector<csv_record> out;
  std::size_t columns = 0;
  std::size_t p = 0;
  const std::size_t n = text.size();
  const auto behind_line = [&](std::size_t from) {
    const std::size_t line_break = text.find('\n', from);
    return line_break == std::string_view::npos ? n : line_break + 1;
  };
  // A record ends at a line break or at the end of the text; a carriage return before it belongs to
  // it.
  const auto ends = [&](std::size_t q) {
    return q >= n || text[q] == '\n' || (text[q] == '\r' && (q + 1 == n || text[q + 1] == '\n'));
  };
  while (p < n) {
    csv_record r;
    const std::size_t begin = p;
    bool quoted_any = false;
    while (true) {
      if (r.fields.size() == max_fields) {
        r.fault = errc::oversized;
        r.at = p;
        p = behind_line(p);
        break;
      }
      std::string field;
      if (p < n && text[p] == '"') {
        quoted_any = true;
        std::size_t q = p + 1;
        bool closed = false;
        while (q < n) {
          if (text[q] == '"' && q + 1 < n && text[q + 1] == '"') {
            field += '"';
            q += 2;
          } else if (text[q] == '"') {
            closed = true;
            break;
          } else {
            field += text[q++];
          }
        }
        if (!closed) {
          r.fault = errc::truncated;
          r.at = text.rfind('"');
          p = behind_line(r.at);
          break;
        }
        if (q + 1 < n && text[q + 1] != delimiter && !ends(q + 1)) {
          r.fault = errc::malformed;
          r.at = q;
          p = behind_line(q);
          break;
        }
        p = q + 1;
      } else {
        while (p < n && text[p] != delimiter && !ends(p)) {
          if (text[p] == '"') {
            r.fault = errc::malformed;
            r.at = p;
            break;
          }
          field += text[p++];
        }
        if (r.fault != errc::ok) {
          p = behind_line(p);
          break;
        }
      }
      r.fields.push_back(field);
      if (p < n && text[p] == delimiter) {
        ++p;
        continue;
      }
      p = behind_line(p);
      break;
    }
    if (r.fault != errc::ok) r.fields.clear();
    const bool blank =
        r.fault == errc::ok && r.fields.size() == 1 && r.fields[0].empty() && !quoted_any;
    if (blank && columns != 1) continue;
    if (columns == 0) {
      columns = r.fields.size();
      continue;
    }
    if (r.fault == errc::ok && r.fields.size() != columns) {
      r = {{}, errc::malformed, begin};
    }
    out.push_back(r);
  }
  return out;
}

}  // namespace tailor_test
