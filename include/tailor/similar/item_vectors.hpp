#ifndef TAILOR_SIMILAR_ITEM_VECTORS_HPP
#define TAILOR_SIMILAR_ITEM_VECTORS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/topk.hpp"

namespace tailor::inline v0::similar {

/// A neighbour by content: cosine of two vectors.
struct vector_neighbour {
  item_id item{};
  double score = 0;

  friend bool operator==(const vector_neighbour&, const vector_neighbour&) = default;
};

/// Items by vectors that the host hands in, of texts or pictures, for items that nobody has touched
/// yet. Each is kept in eight bits a dimension with a length of its own; the nearest are found by
/// looking at all, so none is missed: what is quantised is the vectors, not the search.
/// Immutable; const members may run concurrently. Memory: dimensions + 20 bytes per item.
class item_vectors {
 public:
  using neighbour_type = vector_neighbour;
  static constexpr std::size_t max_dimensions = 1 << 14;  ///< sums of products stay below 2^31

  /// A vector of an item, as the host has it.
  struct row {
    item_id item{};
    std::span<const float> values;
  };

  item_vectors() = default;

  /// out_of_range: no dimensions, or more than max_dimensions; conflict: vectors of different size;
  /// not_finite: a value that is none; duplicate: an item twice; empty_id: `no_item`; `at` is the
  /// index of the row. A vector of zeros is kept and is near to nothing. Cost: O(values + items
  /// log).
  [[nodiscard]] static result<item_vectors> make(std::span<const row> rows) {
    item_vectors out;
    if (rows.empty()) return out;
    out.dimensions_ = rows.front().values.size();
    if (out.dimensions_ == 0 || out.dimensions_ > max_dimensions) {
      return error{errc::out_of_range, "vector dimensions"};
    }
    std::vector<std::pair<item_id, std::size_t>> order;
    order.reserve(rows.size());
    for (std::size_t n = 0; n < rows.size(); ++n) {
      if (rows[n].item == no_item) return error{errc::empty_id, "vector item", n};
      if (rows[n].values.size() != out.dimensions_) {
        return error{errc::conflict, "vector dimensions", n};
      }
      for (const float v : rows[n].values) {
        if (!std::isfinite(v)) return error{errc::not_finite, "vector value", n};
      }
      order.emplace_back(rows[n].item, n);
    }
    std::sort(order.begin(), order.end());
    out.values_.reserve(rows.size() * out.dimensions_);
    out.items_.reserve(rows.size());
    out.norms_.reserve(rows.size());
    for (std::size_t n = 0; n < order.size(); ++n) {
      if (n > 0 && order[n].first == order[n - 1].first) {
        return error{errc::duplicate, "vector item", order[n].second};
      }
      out.items_.push_back(order[n].first);
      quantise(rows[order[n].second].values, out.values_);
      out.norms_.push_back(out.norm_of(out.values_.data() + n * out.dimensions_));
    }
    return out;
  }

  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  [[nodiscard]] std::size_t dimensions() const { return dimensions_; }

  /// Stands for the whole model.
  [[nodiscard]] std::uint64_t digest() const {
    std::uint64_t out = mix64(dimensions_ + 1);
    for (const item_id item : items_) out = mix64(out ^ raw(item));
    for (const std::int8_t v : values_) out = mix64(out + static_cast<std::uint8_t>(v));
    return out;
  }

  struct scratch {
    std::vector<std::int8_t> query;
    std::vector<float> scores;
    top_k<float, std::uint32_t> best;
  };

  /// The `count` items whose vectors point most in the direction of the item's, best first, ties by
  /// item, not the item itself; only what has a cosine above 0. Empty for unknown items. Cost:
  /// O(items · dimensions). Allocates nothing once scratch and `out` have grown.
  void neighbours(item_id item, std::size_t count, scratch& s,
                  std::vector<vector_neighbour>& out) const {
    out.clear();
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return;
    const auto i = static_cast<std::size_t>(at - items_.begin());
    search(values_.data() + i * dimensions_, static_cast<std::uint32_t>(i), count, s, out);
  }
  /// The same for a vector that is none of an item: of a search, or of a shopper. Empty for one of
  /// another size or with a value that is no number.
  void nearest(std::span<const float> query, std::size_t count, scratch& s,
               std::vector<vector_neighbour>& out) const {
    out.clear();
    if (query.size() != dimensions_) return;
    for (const float v : query) {
      if (!std::isfinite(v)) return;
    }
    s.query.clear();
    quantise(query, s.query);
    search(s.query.data(), UINT32_MAX, count, s, out);
  }

 private:
  /// To −127 … 127, the greatest in size at its end; rounded half away from 0.
  static void quantise(std::span<const float> values, std::vector<std::int8_t>& out) {
    float most = 0;
    for (const float v : values) most = (std::max)(most, std::fabs(v));
    for (const float v : values) {
      const double scaled =
          most > 0 ? 127.0 * static_cast<double>(v) / static_cast<double>(most) : 0;
      out.push_back(static_cast<std::int8_t>(std::lround(scaled)));
    }
  }
  [[nodiscard]] std::int32_t product(const std::int8_t* a, const std::int8_t* b) const {
    std::int32_t sum = 0;
    for (std::size_t d = 0; d < dimensions_; ++d) {
      sum += static_cast<std::int16_t>(static_cast<std::int16_t>(a[d]) * b[d]);
    }
    return sum;
  }
  [[nodiscard]] float norm_of(const std::int8_t* v) const {
    return std::sqrt(static_cast<float>(product(v, v)));
  }

  void search(const std::int8_t* query, std::uint32_t self, std::size_t count, scratch& s,
              std::vector<vector_neighbour>& out) const {
    const float norm = norm_of(query);
    s.best.reset((std::min)(count, items_.size()));
    s.scores.resize(items_.size());
    for (std::uint32_t n = 0; n < items_.size(); ++n) {
      s.scores[n] = static_cast<float>(product(query, values_.data() + n * dimensions_));
    }
    for (std::uint32_t n = 0; n < items_.size(); ++n) {
      if (n == self || !(s.scores[n] > 0)) continue;
      const float score = s.scores[n] / (norm * norms_[n]);
      if (!s.best.is_hopeless(score)) s.best.push(score, n);
    }
    for (const auto& b : s.best.take()) out.push_back({items_[b.id], static_cast<double>(b.score)});
  }

  std::vector<item_id> items_;  // ascending
  std::size_t dimensions_ = 0;
  std::vector<std::int8_t> values_;  // by item
  std::vector<float> norms_;         // of the quantised values
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_ITEM_VECTORS_HPP
