#ifndef TAILOR_OFFER_PIECE_CHOOSER_HPP
#define TAILOR_OFFER_PIECE_CHOOSER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cart_line.hpp"
#include "discount.hpp"

namespace tailor::inline v0::offer {

/// Chooses pieces of lines for buy-and-get and for bundles. A piece serves one of them, once; lines
/// are never taken apart into pieces, so that a million of a thing costs what one costs.
class piece_chooser {
 public:
  /// `claimed` are the pieces of each line that are used up, and grows.
  piece_chooser(std::span<const cart_line> lines, std::vector<std::int64_t>& claimed,
                std::vector<std::uint32_t>& scratch)
      : lines_(lines), claimed_(&claimed), order_(&scratch) {}

  /// How many pieces of each line are given at the lower price. Those bought come from the lines
  /// of `on` that are not in `of` first; those given are the cheapest of `of` that are left.
  void choose(const buy_get& d, std::span<const std::uint32_t> on,
              std::span<const std::uint32_t> of, std::vector<std::int64_t>& given) {
    std::int64_t only_on = 0;
    std::int64_t only_of = 0;
    std::int64_t both = 0;
    for (const std::uint32_t line : on) (has(of, line) ? both : only_on) += free(line);
    for (const std::uint32_t line : of) only_of += has(on, line) ? 0 : free(line);
    // n × buy from only_on and both, n × get from only_of and both.
    const std::int64_t n = (std::min)({(only_on + both) / d.buy, (only_of + both) / d.get,
                                       (only_on + only_of + both) / (d.buy + d.get), d.times});
    if (n == 0) return;
    std::int64_t kept = (std::max)(std::int64_t{0}, n * d.buy - only_on);  // of both, to be bought
    std::int64_t from_both = both - kept;
    std::int64_t left = n * d.get;
    by_price(of, order::cheapest_first);
    for (const std::uint32_t line : *order_) {
      const bool shared = has(on, line);
      std::int64_t k = (std::min)(free(line), left);
      if (shared) k = (std::min)(k, from_both);
      given[line] += k;
      (*claimed_)[line] += k;
      left -= k;
      if (shared) from_both -= k;
    }
    left = n * d.buy;
    for (const bool shared : {false, true}) {
      by_price(on, order::dearest_first);
      for (const std::uint32_t line : *order_) {
        if (has(of, line) != shared) continue;
        const std::int64_t k = (std::min)(free(line), left);
        (*claimed_)[line] += k;
        left -= k;
      }
    }
  }

  /// How often the bundle is in the cart, and which pieces it takes: part by part, the dearest
  /// first. Cost: O(log(pieces) × parts × lines).
  std::int64_t bundle(const bundle_price& d, std::span<const std::span<const std::uint32_t>> lists,
                      std::vector<std::int64_t>& taken) {
    std::int64_t fits = 0;
    std::int64_t too_many = d.times;
    for (std::size_t p = 0; p < d.parts.size(); ++p) {
      std::int64_t pieces = 0;
      for (const std::uint32_t line : lists[p]) pieces += free(line);
      too_many = (std::min)(too_many, pieces / d.parts[p].pieces);
    }
    if (too_many == 0) return 0;
    ++too_many;
    while (too_many - fits > 1) {
      const std::int64_t n = fits + (too_many - fits) / 2;
      (try_bundle(d, lists, n, taken) ? fits : too_many) = n;
    }
    if (fits == 0 || !try_bundle(d, lists, fits, taken)) {
      std::fill(taken.begin(), taken.end(), 0);
      return 0;
    }
    for (std::size_t i = 0; i < taken.size(); ++i) (*claimed_)[i] += taken[i];
    return fits;
  }

 private:
  enum class order : std::uint8_t { cheapest_first, dearest_first };

  [[nodiscard]] std::int64_t free(std::uint32_t line) const {
    return lines_[line].pieces - (*claimed_)[line];
  }
  /// Lists of lines ascend.
  [[nodiscard]] static bool has(std::span<const std::uint32_t> list, std::uint32_t line) {
    return std::binary_search(list.begin(), list.end(), line);
  }
  void by_price(std::span<const std::uint32_t> list, order how) {
    order_->assign(list.begin(), list.end());
    std::sort(order_->begin(), order_->end(), [this, how](std::uint32_t a, std::uint32_t b) {
      const std::int64_t x = lines_[a].unit_price;
      const std::int64_t y = lines_[b].unit_price;
      if (x != y) return how == order::cheapest_first ? x < y : x > y;
      return a < b;
    });
  }

  bool try_bundle(const bundle_price& d, std::span<const std::span<const std::uint32_t>> lists,
                  std::int64_t times, std::vector<std::int64_t>& taken) {
    std::fill(taken.begin(), taken.end(), 0);
    for (std::size_t p = 0; p < d.parts.size(); ++p) {
      std::int64_t left = times * d.parts[p].pieces;
      by_price(lists[p], order::dearest_first);
      for (const std::uint32_t line : *order_) {
        const std::int64_t k = (std::min)(free(line) - taken[line], left);
        taken[line] += k;
        left -= k;
      }
      if (left > 0) return false;
    }
    return true;
  }

  std::span<const cart_line> lines_;
  std::vector<std::int64_t>* claimed_;
  std::vector<std::uint32_t>* order_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_PIECE_CHOOSER_HPP
