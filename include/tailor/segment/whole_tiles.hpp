#ifndef TAILOR_SEGMENT_WHOLE_TILES_HPP
#define TAILOR_SEGMENT_WHOLE_TILES_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "../core/executor.hpp"
#include "aligned_numbers.hpp"
#include "eight_numbers.hpp"
#include "point_frame.hpp"

namespace tailor::inline v0::segment::detail {

/// Two numbers of 16 bits side by side, the first one low.
[[nodiscard]] constexpr std::int32_t pair_of(std::int16_t low, std::int16_t high) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::uint16_t>(high))
                                       << 16 |
                                   static_cast<std::uint16_t>(low));
}

/// Points rounded to whole numbers of 16 bits, two columns side by side: half the memory of single
/// precision, and machines multiply twice as many at once. Tiles are laid out as those of
/// point_tiles. Rounding that much only pays where points are about equally far from the mean.
template <class Real, class Wholes>
class whole_tiles {
 public:
  static constexpr std::size_t tile = Wholes::at_once * Wholes::width;
  static constexpr std::size_t group = 64;
  static_assert(group % tile == 0);
  /// The longest rounded point or centre: the products of two add up to less than 2^30.
  static constexpr double longest = 32'000;
  static constexpr std::size_t most_columns = 4096;  // more would add up to too much rounding
  /// A rounded number is off by at most this, the arithmetic before included.
  static constexpr double rounding = 0.51;

  /// Without points.
  whole_tiles() : numbers_(0) {}
  /// By what to multiply a point for these tiles, judged by a thousand of them; 0 when a few are
  /// so far from the mean that the others would be rounded to little.
  [[nodiscard]] static double scale_for(const point_frame<Real>& frame) {
    constexpr std::size_t sample = 1024;
    const std::size_t n = frame.points().n();
    if (frame.d() > most_columns) return 0;
    std::vector<double> lengths((std::min)(n, sample));
    for (std::size_t s = 0; s < lengths.size(); ++s) {
      const std::size_t row = s * n / lengths.size();
      for (std::size_t j = 0; j < frame.d(); ++j) {
        const auto x = static_cast<double>(frame.centred(row, j));
        lengths[s] += x * x;
      }
      lengths[s] = std::sqrt(lengths[s]);
    }
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    const double median = *middle;
    const double most = *std::max_element(middle, lengths.end());
    const double scale = longest / (most * 1.25);
    const bool fits = scale >= static_cast<double>((std::numeric_limits<Real>::min)()) &&
                      scale <= static_cast<double>((std::numeric_limits<Real>::max)());
    return fits && most <= 3 * median ? scale : 0;
  }

  /// Precondition: `scale` is what scale_for gave, not 0. Cost: O(n d), at the speed of memory.
  template <class X>
  whole_tiles(const point_frame<Real>& frame, double scale, X& pool)
      : scale_(static_cast<double>(static_cast<Real>(scale))),
        pairs_((frame.d() + 1) / 2),
        far_((frame.points().n() + group - 1) / group),
        numbers_(far_.size() * group * pairs_) {
    pool.for_each_chunk(far_.size(), 64, [&](std::size_t first, std::size_t last, std::size_t) {
      scratch row(frame);
      for (std::size_t g = first; g < last; ++g) fill(frame, g, row);
    });
  }

  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] std::size_t pairs() const { return pairs_; }
  /// The tiles of the 64 points from `place` on. Precondition: it is a multiple of 64.
  [[nodiscard]] const std::int32_t* at(std::size_t place) const {
    return numbers_.data() + place * pairs_;
  }
  /// Bit n is set where point place + n is too long to be here.
  [[nodiscard]] std::uint64_t far(std::size_t place) const { return far_[place / group]; }

 private:
  using eight = eight_numbers<Real>;
  static constexpr std::size_t width = 8;

  struct scratch {
    explicit scratch(const point_frame<Real>& frame)
        : mean(frame.mean()), rounded((frame.d() + width - 1) / width * width) {
      mean.resize(rounded.size());
    }

    std::vector<Real> mean;  // zeros fill the last eight
    std::vector<std::int16_t> rounded;
  };

  void fill(const point_frame<Real>& frame, std::size_t g, scratch& row) {
    const std::size_t n = frame.points().n();
    std::uint64_t far = 0;
    for (std::size_t r = 0; r < group; ++r) {
      const std::size_t place = g * group + r;
      if (place >= n || !round(frame, place, row)) {
        std::fill(row.rounded.begin(), row.rounded.end(), std::int16_t{0});
        far |= std::uint64_t{place < n} << r;
      }
      std::int32_t* to = numbers_.data() + place / tile * tile * pairs_ + place % tile;
      for (std::size_t p = 0; p < pairs_; ++p) {
        to[p * tile] = pair_of(row.rounded[2 * p], row.rounded[2 * p + 1]);
      }
    }
    far_[g] = far;
  }

  /// False when the point is too long. A number that is added to 1.5 · 2^23 (of doubles 2^52)
  /// stands rounded in the low bits of the sum.
  [[nodiscard]] bool round(const point_frame<Real>& frame, std::size_t place, scratch& row) const {
    constexpr Real magic = sizeof(Real) == 4 ? Real{0x1.8p23} : Real{0x1.8p52};
    const point_view<Real>& points = frame.points();
    const std::size_t d = frame.d();
    const Real* x = points.row(place);
    if (place + 16 < points.n()) __builtin_prefetch(x + 16 * points.row_stride());
    const Real by = static_cast<Real>(scale_);
    typename eight::reals squares{}, v{}, mean{};
    typename eight::bits most{};
    for (std::size_t j = 0; j < d; j += width) {
      std::memcpy(&mean, row.mean.data() + j, sizeof mean);
      if (points.column_stride() == 1 && j + width <= d) {
        std::memcpy(&v, x + j, sizeof v);
      } else {
        for (std::size_t s = 0; s < width; ++s) v[s] = j + s < d ? points(place, j + s) : Real{};
      }
      v = (v - mean) * by;
      const typename eight::bits size = reinterpret_cast<typename eight::bits>(v) & eight::no_sign;
      most = size > most ? size : most;
      const typename eight::reals moved = v + magic;
      const auto whole =
          __builtin_convertvector(reinterpret_cast<typename eight::bits>(moved), eight_shorts);
      std::memcpy(row.rounded.data() + j, &whole, sizeof whole);
      const typename eight::reals rounded = moved - magic;
      squares += rounded * rounded;
    }
    Real square = 0;
    bool fits = true;
    for (std::size_t s = 0; s < width; ++s) {
      square += squares[s];
      fits = fits && most[s] <= std::bit_cast<typename eight::number>(static_cast<Real>(longest));
    }
    return fits && square <= static_cast<Real>(longest * longest);
  }

  double scale_ = 0;
  std::size_t pairs_ = 0;
  std::vector<std::uint64_t> far_;
  aligned_numbers<std::int32_t> numbers_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_WHOLE_TILES_HPP
