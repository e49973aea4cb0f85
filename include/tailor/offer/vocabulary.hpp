#ifndef TAILOR_OFFER_VOCABULARY_HPP
#define TAILOR_OFFER_VOCABULARY_HPP

#include <cstdint>
#include <string_view>

#include "../core/hash.hpp"
#include "../core/interner.hpp"
#include "condition.hpp"

namespace tailor::inline v0::offer {

/// The texts that the rules of a book name, as numbers from 1; 0 is any other text. What carts
/// bring is looked up and never kept, so that foreign texts cannot fill the memory.
class vocabulary {
 public:
  [[nodiscard]] std::int64_t add(std::string_view text) {
    if (text.empty()) return empty_text;
    const auto handle = texts_.intern(text);
    return handle ? std::int64_t{*handle} + first_text : 0;
  }
  [[nodiscard]] std::int64_t find(std::string_view text) const {
    if (text.empty()) return empty_text;
    const auto handle = texts_.find(text);
    return handle.has_value() ? std::int64_t{*handle} + first_text : 0;
  }

 private:
  static constexpr std::int64_t empty_text = 1;  // a text like others, but no name for an interner
  static constexpr std::int64_t first_text = 2;

  interner texts_{process_key(), {.max_bytes_per_name = condition_limits::text}};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_VOCABULARY_HPP
