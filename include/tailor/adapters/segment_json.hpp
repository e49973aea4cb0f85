#ifndef TAILOR_ADAPTERS_SEGMENT_JSON_HPP
#define TAILOR_ADAPTERS_SEGMENT_JSON_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/segment_json.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::segment_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "../segment/rule.hpp"
#include "../segment/rule_fault.hpp"
#include "segment_json_reader.hpp"

namespace tailor::inline v0::adapters {

/// The largest text that segments are read from: 16 MiB.
inline constexpr std::size_t max_segment_json_bytes = std::size_t{1} << 24;

/// Segments from JSON (RFC 8259) as docs/reference-segment-json.md has it: all of them or none.
/// Every fault of form is noted in `mistakes` (if not null) with its place; what the rules mean is
/// checked by `segment_book::make`, with the same places. Unknown members, members given twice,
/// numbers with a fraction and depth beyond the limit are faults. oversized beyond 16 MiB.
/// Cost: O(bytes).
[[nodiscard]] inline result<std::vector<segment::segment_definition>> read_segment_json(
    std::string_view json, std::vector<segment::mistake>* mistakes = nullptr) {
  std::vector<segment::mistake> found;
  std::vector<segment::segment_definition> all;
  if (json.size() > max_segment_json_bytes) {
    found.push_back({errc::oversized, "more than 16 MiB", {}, {}});
  } else {
    simdjson::dom::parser parser;
    // A rule takes up to three levels of JSON, a segment three more.
    simdjson::error_code fault = parser.allocate(json.size() + 64, 64);
    simdjson::dom::element root;
    if (fault == simdjson::SUCCESS) fault = parser.parse(json.data(), json.size()).get(root);
    if (fault == simdjson::SUCCESS) {
      all = detail::segment_json_reader(found).read(root);
    } else if (fault == simdjson::DEPTH_ERROR) {
      found.push_back({errc::oversized, "deeper than 16", {}, {}});
    } else {
      found.push_back({errc::malformed, "not JSON", {}, {}});
    }
  }
  if (found.empty()) return all;
  const error first{found.front().code, found.front().what};
  if (mistakes != nullptr) *mistakes = std::move(found);
  return first;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_SEGMENT_JSON_HPP
