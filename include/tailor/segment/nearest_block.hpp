#ifndef TAILOR_SEGMENT_NEAREST_BLOCK_HPP
#define TAILOR_SEGMENT_NEAREST_BLOCK_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "../core/config.hpp"
#include "point_tiles.hpp"

namespace tailor::inline v0::segment::detail {

template <class Real>
using bits_of = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;

/// Centres as the search reads them: four side by side, |c|² / 2 first, then the tags, then number
/// after number. The tag of a centre is its place among 256, as the bits of a number.
template <class Real>
class packed_centres {
 public:
  static constexpr std::size_t side = 4;
  static constexpr std::uint32_t tags = 256;

  /// False when a centre is too far out for the numbers of the tiles.
  [[nodiscard]] bool pack(std::span<const double> centres, const point_frame<Real>& frame) {
    constexpr double most = 0x1p30;
    const std::size_t d = frame.d();
    make_room(centres.size() / d, d);
    bool safe = true;
    for (std::size_t c = 0; c < k_; ++c) {
      Real* to = numbers_.data() + place(c);
      double sum = 0;
      for (std::size_t j = 0; j < d; ++j) {
        const double x = frame.inside(centres[c * d + j], j);
        safe = safe && std::fabs(x) <= most;
        sum += x * x;
        to[(j + 2) * side] = static_cast<Real>(x);
      }
      to[0] = static_cast<Real>(sum / 2);
    }
    return safe;
  }

  /// Only these of other centres, in this order: tags are places among them.
  void choose(const packed_centres& all, std::span<const std::uint32_t> which) {
    make_room(which.size(), all.d_);
    for (std::size_t c = 0; c < k_; ++c) {
      const Real* from = all.numbers_.data() + all.place(which[c]);
      Real* to = numbers_.data() + place(c);
      to[0] = from[0];
      for (std::size_t j = 2; j < d_ + 2; ++j) to[j * side] = from[j * side];
    }
  }

  [[nodiscard]] std::size_t k() const { return k_; }
  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] const Real* data() const { return numbers_.data(); }

 private:
  [[nodiscard]] std::size_t place(std::size_t c) const {
    return c / side * side * (d_ + 2) + c % side;
  }
  void make_room(std::size_t k, std::size_t d) {
    k_ = k;
    d_ = d;
    blocks_ = (k + side - 1) / side;
    numbers_.resize(blocks_ * side * (d + 2));
    for (std::size_t c = 0; c < blocks_ * side; ++c) {
      Real* to = numbers_.data() + place(c);
      to[side] = std::bit_cast<Real>(static_cast<bits_of<Real>>(c % tags));
      if (c < k) continue;
      // One that is not there is far away; not infinitely, which is no number with a tag.
      to[0] = (std::numeric_limits<Real>::max)() / 4;
      for (std::size_t j = 2; j < d + 2; ++j) to[j * side] = Real{};
    }
  }

  std::vector<Real> numbers_;
  std::size_t k_ = 0;
  std::size_t d_ = 0;
  std::size_t blocks_ = 0;
};

/// Labels of the 64 points that start at `tiles`, which have d columns. Bit n of what it returns:
/// point n is too near to a second centre for its label to be certain.
///
/// Half the squared distance is v = |c|² / 2 + |x|² / 2 - x·c. Its last eight bits make room for
/// the tag of the centre, so that the least of them tells which it is.
/// How certain: with u the unit roundoff, v is computed with an error of at most
/// η (|c|² / 2 + |x| |c| + |x|² / 2), η = (4 d + 8) u, centres and points being rounded too, and of
/// τ v for the tag. If |c| < 4 |x|, the first is at most 13 η |x|²; else v is above |c|² / 4, and
/// it is at most 3 η v. So two values are in the right order when the greater one, w, is greater by
/// more than 26 η |x|² + (6 η + 2 τ) w; rounding in that bound itself is allowed for.
template <class L, class Real>
[[nodiscard]] std::uint64_t nearest_block(const Real* tiles, std::size_t d,
                                          const packed_centres<Real>& centres,
                                          std::uint32_t* labels) {
  using reals = typename L::reals;
  using packed = packed_centres<Real>;
  constexpr std::size_t points = L::at_once;
  constexpr std::size_t side = packed::side;
  constexpr std::size_t tile = point_tiles<Real, L>::tile;
  constexpr std::size_t group = point_tiles<Real, L>::group;
  constexpr Real infinite = std::numeric_limits<Real>::infinity();

  const std::size_t ahead = 2 * group * d;
  const Real eta = static_cast<Real>(4 * d + 8) * std::numeric_limits<Real>::epsilon() / 2;
  const Real tau = packed::tags * std::numeric_limits<Real>::epsilon();
  const reals by_half_norm = L::set(56 * eta);
  const reals by_value = L::set(8 * eta + tau * Real{2.25});
  Real found[group];
  Real spans[group];
  std::uint64_t open = 0;
  for (std::size_t done = 0; done < group; done += tile) {
    const Real* at = tiles + done * d;
    reals best[points], second[points], span[points], half_norm[points];
    for (std::size_t p = 0; p < points; ++p) {
      best[p] = second[p] = L::set(infinite);
      span[p] = half_norm[p] = L::set(0);
    }
    const Real* c = centres.data();
    for (std::size_t block = 0; block < centres.blocks();) {
      // As many as there are tags for. Nearly always these are all.
      const std::size_t end = (std::min)(block + packed::tags / side, centres.blocks());
      reals nearest[points], next[points];
      for (std::size_t p = 0; p < points; ++p) nearest[p] = next[p] = L::set(infinite);
      const reals number = L::set(static_cast<Real>(block / (packed::tags / side)));
      // The first block meets the points on their way from memory, asks for those after the next
      // ones (what the machine foresees by itself ends with a page), and adds up their norms.
      const auto measure = [&](auto is_first) {
        reals value[side][points];
        for (std::size_t q = 0; q < side; ++q) {
          for (std::size_t p = 0; p < points; ++p) value[q][p] = L::set(c[q]);
        }
        const Real* numbers = c + 2 * side;
        const Real* from = at;
        for (std::size_t j = 0; j < d; ++j, numbers += side, from += tile) {
          reals x[points];
          for (std::size_t p = 0; p < points; ++p) {
            x[p] = L::load(from + p * L::width);
            if (is_first) {
              __builtin_prefetch(from + p * L::width + ahead);
              half_norm[p] = L::add_product(half_norm[p], x[p], x[p]);
            }
          }
          for (std::size_t q = 0; q < side; ++q) {
            const reals y = L::set(numbers[q]);
            for (std::size_t p = 0; p < points; ++p) {
              value[q][p] = L::less_product(value[q][p], x[p], y);
            }
          }
        }
        for (std::size_t p = 0; p < points; ++p) {
          if (is_first) half_norm[p] = L::product(half_norm[p], L::set(Real{0.5}));
          for (std::size_t q = 0; q < side; ++q) {
            const reals v = L::tagged(L::add(value[q][p], half_norm[p]), c[side + q]);
            next[p] = L::least(next[p], L::most(nearest[p], v));
            nearest[p] = L::least(nearest[p], v);
          }
        }
        c = numbers;
        ++block;
      };
      if (block == 0) measure(std::true_type{});
      while (block < end) measure(std::false_type{});  // NOLINT: it counts the block up
      for (std::size_t p = 0; p < points; ++p) {
        second[p] = L::least(L::least(second[p], next[p]), L::most(best[p], nearest[p]));
        span[p] = L::where_less(nearest[p], best[p], number, span[p]);
        best[p] = L::least(best[p], nearest[p]);
      }
    }
    for (std::size_t p = 0; p < points; ++p) {
      const reals margin = L::add_product(L::add_product(best[p], half_norm[p], by_half_norm),
                                          L::most(second[p], L::set(0)), by_value);
      const std::size_t lane = done + p * L::width;
      open |= std::uint64_t{L::not_above(second[p], margin)} << lane;
      L::store(found + lane, best[p]);
      L::store(spans + lane, span[p]);
    }
  }
  for (std::size_t i = 0; i < group; ++i) {
    const auto tag = static_cast<std::uint32_t>(std::bit_cast<bits_of<Real>>(found[i])) & 0xFFu;
    labels[i] =
        static_cast<std::uint32_t>(static_cast<std::int32_t>(spans[i])) * packed::tags + tag;
  }
  return centres.k() > 1 ? open : 0;
}

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_NEAREST_BLOCK_HPP
