#ifndef TAILOR_ADAPTERS_OFFER_JSON_OPTIONS_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_OPTIONS_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/money.hpp"
#include "../offer/compiled_rules.hpp"
#include "../offer/field.hpp"

namespace tailor::inline v0::adapters {

/// What is known beside the document; all of it may be left out.
struct offer_json_options {
  /// The fields of the book, `fields<Cart>::list()`: they tell whether `in` asks a text or a set,
  /// and let moments in conditions be texts.
  std::span<const offer::field> cart{};
  std::span<const offer::field> lines{};
  /// The currency of the book: a document in another is refused, and amounts may be texts in major
  /// units without the document saying how many decimals there are.
  std::optional<currency> unit{};
};

namespace detail {

/// Whose fields a condition is about.
enum class json_scope : unsigned char { cart, line };

/// What is known of the kinds of fields.
class field_kinds {
 public:
  explicit field_kinds(const offer_json_options& o) {
    for (const offer::field& f : o.cart) cart_.emplace_back(f.name, f.kind);
    for (const offer::field& f : o.lines) line_.emplace_back(f.name, f.kind);
    using enum offer::field_kind;
    cart_.insert(cart_.end(), {{offer::now_field, time},
                               {offer::channel_field, offer::field_kind::text},
                               {offer::arms_field, set},
                               {offer::day_field, number},
                               {offer::minute_field, number}});
    std::sort(cart_.begin(), cart_.end());
    std::sort(line_.begin(), line_.end());
  }

  /// None when nobody said.
  [[nodiscard]] std::optional<offer::field_kind> of(std::string_view name, json_scope s) const {
    const auto& all = s == json_scope::cart ? cart_ : line_;
    const auto at = std::partition_point(all.begin(), all.end(),
                                         [name](const named& n) { return n.first < name; });
    if (at == all.end() || at->first != name) return {};
    return at->second;
  }
  [[nodiscard]] bool is(std::string_view name, json_scope s, offer::field_kind k) const {
    return of(name, s) == k;
  }

 private:
  using named = std::pair<std::string_view, offer::field_kind>;
  std::vector<named> cart_{};
  std::vector<named> line_{};
};

}  // namespace detail
}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_OFFER_JSON_OPTIONS_HPP
