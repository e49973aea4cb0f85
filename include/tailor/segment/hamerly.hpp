#ifndef TAILOR_SEGMENT_HAMERLY_HPP
#define TAILOR_SEGMENT_HAMERLY_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "assignment.hpp"
#include "distance.hpp"
#include "extent.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// Measures only points that may have changed their centre: keeps for each an upper bound of the
/// distance to its own and a lower bound of that to any other, and widens them by how far centres
/// have moved. Pays where measuring costs more than bounds do: many numbers times centres, few
/// changes; else `blocked` is several times faster. Labels are those of `plain`.
/// Memory: 20 bytes a point. G. Hamerly, "Making k-means even faster", SIAM International
/// Conference on Data Mining 2010, doi:10.1137/1.9781611972801.12.
class hamerly {
 public:
  [[nodiscard]] squared_euclidean distance() const { return {}; }

  template <class Real>
  class search {
   public:
    explicit search(const point_view<Real>& points)
        : points_(points),
          upper_(points.n(), std::numeric_limits<double>::infinity()),
          lower_(points.n()),
          labels_(points.n()) {}

    /// Cost: O(k² d).
    void prepare(std::span<const double> centres) {
      const std::size_t d = points_.d();
      const std::size_t k = centres.size() / d;
      const auto centre = [d](std::span<const double> all, std::size_t c) {
        return all.subspan(c * d, d);
      };
      moved_.assign(k, 0);
      farthest_ = second_farthest_ = 0;
      farthest_mover_ = 0;
      if (before_.size() == centres.size()) {
        for (std::size_t c = 0; c < k; ++c) {
          moved_[c] = std::sqrt(squared_euclidean{}(centre(before_, c), centre(centres, c)));
          if (moved_[c] > farthest_) {
            second_farthest_ = farthest_;
            farthest_ = moved_[c];
            farthest_mover_ = c;
          } else {
            second_farthest_ = (std::max)(second_farthest_, moved_[c]);
          }
        }
      } else {
        std::fill(upper_.begin(), upper_.end(), std::numeric_limits<double>::infinity());
      }
      before_.assign(centres.begin(), centres.end());
      half_gap_.assign(k, std::numeric_limits<double>::infinity());
      for (std::size_t a = 0; a < k; ++a) {
        for (std::size_t b = 0; b < a; ++b) {
          const double half =
              std::sqrt(squared_euclidean{}(centre(centres, a), centre(centres, b))) / 2;
          half_gap_[a] = (std::min)(half_gap_[a], half);
          half_gap_[b] = (std::min)(half_gap_[b], half);
        }
      }
    }

    void nearest(std::size_t first, std::size_t last, std::uint32_t* labels) {
      const std::size_t d = points_.d();
      std::vector<double> row;
      for (std::size_t i = first; i < last; ++i) {
        std::uint32_t& own = labels_[i];
        const bool known = upper_[i] < std::numeric_limits<double>::infinity();
        if (known) {
          upper_[i] += moved_[own];
          lower_[i] -= own == farthest_mover_ ? second_farthest_ : farthest_;
        }
        if (!known || !certain(upper_[i], i)) {
          detail::read_row(points_, i, row);
          const std::span<const double> centres(before_);
          if (known) upper_[i] = std::sqrt(squared_euclidean{}(row, centres.subspan(own * d, d)));
          if (!known || !certain(upper_[i], i)) measure(i, row);
        }
        labels[i - first] = own;
      }
    }

   private:
    /// Whether a centre this near is the nearest, with room for the rounding of the bounds.
    [[nodiscard]] bool certain(double own, std::size_t i) const {
      const double others = (std::max)(lower_[i], half_gap_[labels_[i]]);
      return own * (1 + slack) < others * (1 - slack);
    }

    void measure(std::size_t i, std::span<const double> row) {
      const std::size_t d = row.size();
      double least = std::numeric_limits<double>::infinity();
      double second = least;
      for (std::size_t c = 0; c < half_gap_.size(); ++c) {
        const double apart =
            squared_euclidean{}(row, std::span<const double>(before_).subspan(c * d, d));
        if (apart < least) {
          second = least;
          least = apart;
          labels_[i] = static_cast<std::uint32_t>(c);
        } else {
          second = (std::min)(second, apart);
        }
      }
      upper_[i] = std::sqrt(least);
      lower_[i] = std::sqrt(second);
    }

    // Each bound is a sum of at most some thousands of roots, rounded to 53 bits.
    static constexpr double slack = 1e-10;

    point_view<Real> points_;
    std::vector<double> before_, moved_, half_gap_;
    double farthest_ = 0;
    double second_farthest_ = 0;
    std::size_t farthest_mover_ = 0;
    std::vector<double> upper_, lower_;
    std::vector<std::uint32_t> labels_;
  };

  template <class Real, executor X>
  [[nodiscard]] search<Real> over(const point_view<Real>& points, const extent&, const search_load&,
                                  X&&) const {
    return search<Real>(points);
  }
};

static_assert(assignment<hamerly>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_HAMERLY_HPP
