#ifndef TAILOR_SEGMENT_PRICE_BAND_HPP
#define TAILOR_SEGMENT_PRICE_BAND_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "steady_math.hpp"

namespace tailor::inline v0::segment {

/// What an item costs, among what.
struct priced_item {
  item_id item{};
  std::uint64_t category = 0;
  std::int64_t price = 0;  ///< minor units; 0 or less: not known
};

struct price_band_options {
  double step = 1;         ///< width of a band, in standard deviations of ln price in its category
  std::uint32_t most = 2;  ///< bands on either side of the middle one, at most 1,000
};

/// Whether an item is cheap or dear for what it is: how far ln price is from the mean of its
/// category, in standard deviations, rounded to bands. An `item_trait`, so shoppers who always take
/// the cheapest are seen as such in any category. The band of usual prices is `most`; below it is
/// cheaper. Immutable. Memory: 16 bytes per item.
class price_band {
 public:
  price_band() = default;

  /// duplicate: an item twice, `at` is the index of one of the two; out_of_range: a step that is no
  /// number above 0, or too many bands. Items without a price, and those that are the only ones of
  /// their category or cost what all others do, are in the middle band or none: see `value`.
  /// Cost: O(items · log).
  [[nodiscard]] static result<price_band> make(std::span<const priced_item> items,
                                               const price_band_options& o = {}) {
    if (!(o.step > 0 && o.step < 1e6)) return error{errc::out_of_range, "step"};
    if (o.most > 1'000) return error{errc::out_of_range, "most"};
    std::vector<std::size_t> order;
    order.reserve(items.size());
    for (std::size_t n = 0; n < items.size(); ++n) order.push_back(n);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const priced_item &x = items[a], &y = items[b];
      if (x.category != y.category) return x.category < y.category;
      return x.item != y.item ? x.item < y.item : a < b;
    });
    price_band out;
    for (std::size_t n = 0; n < order.size();) {
      const std::size_t begin = n;
      while (n < order.size() && items[order[n]].category == items[order[begin]].category) ++n;
      out.add(items, std::span(order).subspan(begin, n - begin), o);
    }
    std::sort(out.bands_.begin(), out.bands_.end(),
              [](const entry& a, const entry& b) { return a.item < b.item; });
    for (std::size_t n = 1; n < out.bands_.size(); ++n) {
      if (out.bands_[n].item == out.bands_[n - 1].item) {
        return error{errc::duplicate, "priced item", out.bands_[n].row};
      }
    }
    return out;
  }

  /// The band of an item, 0 the cheapest; nothing where its price is not known.
  [[nodiscard]] std::optional<std::uint64_t> value(item_id item) const {
    const auto at = std::lower_bound(bands_.begin(), bands_.end(), item,
                                     [](const entry& e, item_id i) { return e.item < i; });
    if (at == bands_.end() || at->item != item || at->band == unknown) return std::nullopt;
    return at->band;
  }

 private:
  static constexpr std::uint32_t unknown = UINT32_MAX;
  struct entry {
    item_id item{};
    std::uint32_t band = 0;
    std::uint32_t row = 0;
  };

  /// The items of one category, ascending: sums run in this order.
  void add(std::span<const priced_item> items, std::span<const std::size_t> rows,
           const price_band_options& o) {
    double sum = 0, squares = 0, count = 0;
    for (const std::size_t r : rows) {
      if (items[r].price <= 0) continue;
      sum += steady::log(static_cast<double>(items[r].price));
      count += 1;
    }
    const double mean = count > 0 ? sum / count : 0;
    for (const std::size_t r : rows) {
      if (items[r].price <= 0) continue;
      const double apart = steady::log(static_cast<double>(items[r].price)) - mean;
      squares = std::fma(apart, apart, squares);
    }
    const double deviation = count > 0 ? std::sqrt(squares / count) : 0;
    for (const std::size_t r : rows) {
      entry e{items[r].item, unknown, static_cast<std::uint32_t>(r)};
      if (items[r].price > 0) {
        const double apart = steady::log(static_cast<double>(items[r].price)) - mean;
        const double steps = deviation > 1e-9 ? std::floor(apart / (deviation * o.step) + 0.5) : 0;
        const auto most = static_cast<double>(o.most);
        e.band = static_cast<std::uint32_t>((std::min)((std::max)(steps, -most), most) + most);
      }
      bands_.push_back(e);
    }
  }

  std::vector<entry> bands_;  // ascending by item
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_PRICE_BAND_HPP
