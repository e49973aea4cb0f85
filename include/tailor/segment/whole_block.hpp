#ifndef TAILOR_SEGMENT_WHOLE_BLOCK_HPP
#define TAILOR_SEGMENT_WHOLE_BLOCK_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "point_frame.hpp"
#include "whole_tiles.hpp"

namespace tailor::inline v0::segment::detail {

/// Centres as the search in whole_tiles reads them: four side by side, |c|² / 2 first, then the
/// tags, then pair after pair of -c.
class whole_centres {
 public:
  static constexpr std::size_t side = 4;
  static constexpr std::size_t most = 256;  ///< centres: their tags are eight bits

  /// False when there are too many, or one is too long for the numbers of the tiles.
  template <class Real, class Wholes>
  [[nodiscard]] bool pack(std::span<const double> centres, const point_frame<Real>& frame,
                          const whole_tiles<Real, Wholes>& tiles) {
    using points = whole_tiles<Real, Wholes>;
    const std::size_t d = frame.d();
    const std::size_t k = centres.size() / d;
    if (k > most) return false;
    const double by = tiles.scale() / frame.scale();
    blocks_ = (k + side - 1) / side;
    numbers_.assign(blocks_ * side * (tiles.pairs() + 2), 0);
    std::vector<std::int16_t> row(2 * tiles.pairs());
    double longest = 0;
    double lost = 0;  // by rounding, of a centre
    for (std::size_t c = 0; c < blocks_ * side; ++c) {
      std::int32_t* to = numbers_.data() + c / side * side * (tiles.pairs() + 2) + c % side;
      to[0] = (std::numeric_limits<std::int32_t>::max)() & ~0xFF;  // one that is not there
      to[side] = static_cast<std::int32_t>(c);
      if (c >= k) continue;
      double square = 0;
      double off = 0;
      for (std::size_t j = 0; j < d; ++j) {
        const double x = frame.inside(centres[c * d + j], j) * by;
        if (!(std::fabs(x) <= points::longest)) return false;
        const double rounded = std::nearbyint(x);
        row[j] = static_cast<std::int16_t>(-rounded);
        square += x * x;
        off += (x - rounded) * (x - rounded);
      }
      longest = (std::max)(longest, std::sqrt(square));
      lost = (std::max)(lost, std::sqrt(off));
      to[0] = static_cast<std::int32_t>(std::nearbyint((std::min)(square / 2, 0x1p30)));
      for (std::size_t p = 0; p < tiles.pairs(); ++p) {
        to[(p + 2) * side] = pair_of(row[2 * p], row[2 * p + 1]);
      }
    }
    const double of_point = points::rounding * std::sqrt(static_cast<double>(d));
    const double margin = 2 * (points::longest * lost + of_point * longest) + 258;
    margin_ = static_cast<std::int32_t>((std::min)(margin, 0x1p28));
    return longest <= points::longest && k > 1;
  }

  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] const std::int32_t* data() const { return numbers_.data(); }
  [[nodiscard]] std::int32_t margin() const { return margin_; }

 private:
  std::vector<std::int32_t> numbers_;
  std::size_t blocks_ = 0;
  std::int32_t margin_ = 0;
};

/// Labels of the 64 points that start at `tiles`. Bit n of what it returns: point n is too near to
/// a second centre for its label to be certain.
///
/// Half the squared distance is |c|² / 2 - x·c, but for what is the same for all centres. With x
/// and c rounded to x + e and c + f, the difference of two such values is off by x·(f - f') + e·(c
/// - c') at most 2 |x| max |f| + 2 |e| max |c|, by one for |c|² / 2 being rounded, and by less than
/// 256 for the last eight bits, which make room for the tag of the centre.
template <class W>
[[nodiscard]] std::uint64_t whole_block(const std::int32_t* tiles, std::size_t pairs,
                                        const whole_centres& centres, std::uint32_t* labels) {
  using wholes = typename W::wholes;
  constexpr std::size_t points = W::at_once;
  constexpr std::size_t side = whole_centres::side;
  constexpr std::size_t group = 64;
  constexpr std::size_t tile = W::at_once * W::width;
  constexpr std::int32_t none = (std::numeric_limits<std::int32_t>::max)();
  const std::size_t ahead = 2 * group * pairs;
  std::int32_t found[group];
  std::uint64_t open = 0;
  for (std::size_t done = 0; done < group; done += tile) {
    const std::int32_t* at = tiles + done * pairs;
    wholes best[points], second[points];
    for (std::size_t p = 0; p < points; ++p) best[p] = second[p] = W::set(none);
    const std::int32_t* c = centres.data();
    for (std::size_t block = 0; block < centres.blocks(); ++block) {
      wholes value[side][points];
      for (std::size_t q = 0; q < side; ++q) {
        for (std::size_t p = 0; p < points; ++p) value[q][p] = W::set(c[q]);
      }
      const std::int32_t* numbers = c + 2 * side;
      const std::int32_t* from = at;
      for (std::size_t pair = 0; pair < pairs; ++pair, numbers += side, from += tile) {
        wholes x[points];
        for (std::size_t p = 0; p < points; ++p) {
          x[p] = W::load(from + p * W::width);
          // The first centres meet the points on their way from memory, and ask for later ones.
          if (block == 0) __builtin_prefetch(from + p * W::width + ahead);
        }
        for (std::size_t q = 0; q < side; ++q) {
          const wholes y = W::set(numbers[q]);
          for (std::size_t p = 0; p < points; ++p) value[q][p] = W::add_pairs(value[q][p], x[p], y);
        }
      }
      for (std::size_t q = 0; q < side; ++q) {
        for (std::size_t p = 0; p < points; ++p) {
          const wholes v = W::tagged(value[q][p], c[side + q]);
          second[p] = W::least(second[p], W::most(best[p], v));
          best[p] = W::least(best[p], v);
        }
      }
      c = numbers;
    }
    for (std::size_t p = 0; p < points; ++p) {
      const std::size_t lane = done + p * W::width;
      open |= std::uint64_t{W::not_above(second[p], best[p], centres.margin())} << lane;
      W::store(found + lane, best[p]);
    }
  }
  for (std::size_t i = 0; i < group; ++i) labels[i] = static_cast<std::uint32_t>(found[i]) & 0xFFu;
  return open;
}

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_WHOLE_BLOCK_HPP
