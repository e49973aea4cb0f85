#ifndef TAILOR_RECOMMEND_CATALOGUE_HPP
#define TAILOR_RECOMMEND_CATALOGUE_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/flat_table.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::recommend {

/// Which attribute of an item is meant: category, brand, colour; the host numbers them. Values are
/// the host's numbers too, from an `interner` where they are words. 0 is no value.
enum class attribute : std::uint32_t {};

/// Tells what is known of items, at the moment of the question. Must be safe to ask from several
/// threads. `available`: may be shown and bought now; false for unknown items. `price`: in minor
/// units, negative when unknown. `value`: the main value of an attribute, 0 for none. `has`:
/// whether the value is among those of the attribute; false for 0. Asked for some hundred items of
/// an answer, so it should be a look-up.
template <class C>
concept catalogue = requires(const C& c, item_id item, attribute a, std::uint64_t value) {
  { c.available(item) } -> std::same_as<bool>;
  { c.price(item) } -> std::same_as<std::int64_t>;
  { c.value(item, a) } -> std::same_as<std::uint64_t>;
  { c.has(item, a, value) } -> std::same_as<bool>;
};

/// Everything is available; nothing else is known.
struct no_catalogue {
  [[nodiscard]] constexpr bool available(item_id) const { return true; }
  [[nodiscard]] constexpr std::int64_t price(item_id) const { return -1; }
  [[nodiscard]] constexpr std::uint64_t value(item_id, attribute) const { return 0; }
  [[nodiscard]] constexpr bool has(item_id, attribute, std::uint64_t) const { return false; }
};

/// A value that an item has.
struct attribute_value {
  attribute of{};
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(const attribute_value&, const attribute_value&) = default;
};

/// A catalogue in memory, for hosts that have none to ask. Memory: about 60 bytes per item and 16
/// per value. Cost of a question: O(1) expected, O(values of the item).
class item_table {
 public:
  struct row {
    item_id item{};
    std::int64_t price = -1;  ///< minor units; negative: unknown
    bool available = true;
    std::vector<attribute_value> values{};  ///< the first of an attribute is the main one; 0: none
  };

  item_table() = default;

  /// duplicate: an item twice, `at` the index of its second row; empty_id: a row of no item; full:
  /// more than 2^32 - 2 rows or 2^32 - 1 values.
  [[nodiscard]] static result<item_table> make(std::span<const row> rows) {
    std::vector<std::pair<item_id, std::size_t>> order;
    order.reserve(rows.size());
    for (std::size_t n = 0; n < rows.size(); ++n) order.emplace_back(rows[n].item, n);
    std::sort(order.begin(), order.end());
    item_table out;
    if (rows.size() >= UINT32_MAX) return error{errc::full, "item table"};
    out.rows_.reserve(rows.size());
    for (std::size_t n = 0; n < order.size(); ++n) {
      if (n > 0 && order[n].first == order[n - 1].first) {
        return error{errc::duplicate, "item table", order[n].second};
      }
      const row& r = rows[order[n].second];
      if (r.item == no_item) return error{errc::empty_id, "item table", order[n].second};
      if (r.values.size() > UINT32_MAX - out.values_.size()) {
        return error{errc::full, "item table", order[n].second};
      }
      out.rows_.push_back(
          {r.item, r.price, static_cast<std::uint32_t>(out.values_.size()), r.available});
      out.places_.set(raw(r.item), static_cast<std::uint32_t>(out.rows_.size()));
      for (const attribute_value& v : r.values) {
        if (v.value != 0) out.values_.push_back(v);
      }
    }
    return out;
  }

  [[nodiscard]] bool available(item_id item) const {
    const place* p = find(item);
    return p != nullptr && p->available;
  }
  [[nodiscard]] std::int64_t price(item_id item) const {
    const place* p = find(item);
    return p == nullptr ? -1 : p->price;
  }
  [[nodiscard]] std::uint64_t value(item_id item, attribute a) const {
    for (const attribute_value& v : values_of(item)) {
      if (v.of == a) return v.value;
    }
    return 0;
  }
  [[nodiscard]] bool has(item_id item, attribute a, std::uint64_t value) const {
    const auto values = values_of(item);
    return std::find(values.begin(), values.end(), attribute_value{a, value}) != values.end();
  }

 private:
  struct place {
    item_id item{};
    std::int64_t price = -1;
    std::uint32_t values = 0;  // where they begin; they end where those of the next begin
    bool available = true;
  };
  [[nodiscard]] const place* find(item_id item) const {
    const std::uint32_t n = places_.find(raw(item));
    return n == 0 ? nullptr : &rows_[n - 1];
  }
  [[nodiscard]] std::span<const attribute_value> values_of(item_id item) const {
    const place* p = find(item);
    if (p == nullptr) return {};
    const bool last = p == &rows_.back();
    const std::size_t end = last ? values_.size() : (p + 1)->values;
    return std::span(values_).subspan(p->values, end - p->values);
  }

  std::vector<place> rows_;           // ascending by item
  flat_table<std::uint64_t> places_;  // of items in rows_, from 1 on
  std::vector<attribute_value> values_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_CATALOGUE_HPP
