#ifndef TAILOR_SIMILAR_ITEM_FEATURES_HPP
#define TAILOR_SIMILAR_ITEM_FEATURES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/topk.hpp"
#include "item_vectors.hpp"

namespace tailor::inline v0::similar {

/// The features of one item or one search, as hashes: words of a title, the steps of a category
/// path, the brand. Two that differ have the same hash once in 2^64 times.
class feature_set {
 public:
  void clear() { hashes_.clear(); }

  /// A value of a field: brand "acme".
  void add(std::string_view field, std::string_view value) {
    hashes_.push_back(mix64(fnv1a64(field) ^ mix64(fnv1a64(value))));
  }
  /// Each step of a path, from the top: "shoes", "shoes/running", so that near relatives share
  /// more.
  void add_path(std::string_view field, std::string_view path, char between = '/') {
    for (std::size_t n = 1; n <= path.size(); ++n) {
      if (n == path.size() || path[n] == between) add(field, path.substr(0, n));
    }
  }
  /// Each word of a text: letters and digits of ASCII, in lower case, and all bytes beyond it.
  void add_words(std::string_view field, std::string_view text) {
    constexpr std::size_t longest = 64;
    char word[longest];
    std::size_t size = 0;
    for (std::size_t n = 0; n <= text.size(); ++n) {
      const char c = n < text.size() ? text[n] : ' ';
      const bool upper = c >= 'A' && c <= 'Z';
      if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
          static_cast<unsigned char>(c) >= 0x80) {
        if (size < longest) word[size++] = upper ? static_cast<char>(c - 'A' + 'a') : c;
      } else if (size > 0) {
        add(field, std::string_view(word, size));
        size = 0;
      }
    }
  }

  [[nodiscard]] std::span<const std::uint64_t> hashes() const { return hashes_; }

 private:
  std::vector<std::uint64_t> hashes_;
};

/// Items by what the catalogue says of them, for those that nobody has touched yet: cosine of
/// features weighted by how rare they are (Salton & Buckley 1988,
/// doi:10.1016/0306-4573(88)90021-0). Exact: features are not folded into buckets. Immutable; const
/// members may run concurrently. Memory: 8 bytes per feature of an item, 24 per distinct feature,
/// 16 per item.
class item_features {
 public:
  using neighbour_type = vector_neighbour;

  struct row {
    item_id item{};
    const feature_set* features = nullptr;
  };

  item_features() = default;

  /// empty_id: `no_item`; malformed: no features; duplicate: an item twice; full: 2^32 items;
  /// `at` is the index of the row. Repeated features of an item count once. Cost: O(features ·
  /// log).
  [[nodiscard]] static result<item_features> make(std::span<const row> rows) {
    if (rows.size() >= UINT32_MAX) return error{errc::full, "feature items", rows.size()};
    std::vector<std::pair<item_id, std::size_t>> order;
    order.reserve(rows.size());
    for (std::size_t n = 0; n < rows.size(); ++n) {
      if (rows[n].item == no_item) return error{errc::empty_id, "feature item", n};
      if (rows[n].features == nullptr) return error{errc::malformed, "feature set", n};
      order.emplace_back(rows[n].item, n);
    }
    std::sort(order.begin(), order.end());
    item_features out;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> cells;
    out.items_.reserve(rows.size());
    for (std::uint32_t n = 0; n < order.size(); ++n) {
      if (n > 0 && order[n].first == order[n - 1].first) {
        return error{errc::duplicate, "feature item", order[n].second};
      }
      out.items_.push_back(order[n].first);
      for (const std::uint64_t h : rows[order[n].second].features->hashes())
        cells.emplace_back(h, n);
    }
    std::sort(cells.begin(), cells.end());
    cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
    out.norms_.assign(out.items_.size(), 0);
    for (std::size_t n = 0; n < cells.size();) {
      const std::size_t begin = n;
      while (n < cells.size() && cells[n].first == cells[begin].first) ++n;
      const float rare = static_cast<float>(
          std::log(static_cast<double>(out.items_.size() + 1) / static_cast<double>(n - begin)));
      out.features_.push_back({cells[begin].first, out.having_.size(), rare});
      for (std::size_t k = begin; k < n; ++k) {
        out.having_.push_back(cells[k].second);
        out.norms_[cells[k].second] += rare * rare;
      }
    }
    for (float& norm : out.norms_) norm = std::sqrt(norm);
    // The same by item.
    out.own_begin_.assign(out.items_.size() + 1, 0);
    for (const std::uint32_t item : out.having_) ++out.own_begin_[item + 1];
    for (std::size_t i = 0; i < out.items_.size(); ++i) out.own_begin_[i + 1] += out.own_begin_[i];
    std::vector<std::size_t> next(out.own_begin_.begin(), out.own_begin_.end() - 1);
    out.own_.resize(out.having_.size());
    for (std::uint32_t k = 0; k < out.features_.size(); ++k) {
      const std::size_t end =
          k + 1 == out.features_.size() ? out.having_.size() : out.features_[k + 1].begin;
      for (std::size_t n = out.features_[k].begin; n < end; ++n) {
        out.own_[next[out.having_[n]]++] = k;
      }
    }
    return out;
  }

  [[nodiscard]] std::span<const item_id> items() const { return items_; }

  struct scratch {
    std::vector<std::uint32_t> known;  ///< features of the question that items have
    std::vector<float> sums;           // by item; all zero between questions
    std::vector<std::uint32_t> touched;
    top_k<float, std::uint32_t> best;
  };

  /// The `count` items most like a set of features, best first, ties by item; nothing that shares
  /// none. Features that no item has do not count. A search for which nothing was found is such a
  /// set, and so is an item of tomorrow. Cost: O(items that have each feature). Allocates nothing
  /// once scratch and `out` have grown.
  void nearest(const feature_set& features, std::size_t count, scratch& s,
               std::vector<vector_neighbour>& out) const {
    s.known.clear();
    for (const std::uint64_t hash : features.hashes()) {
      const auto f = std::lower_bound(features_.begin(), features_.end(), hash,
                                      [](const feature& a, std::uint64_t h) { return a.hash < h; });
      if (f == features_.end() || f->hash != hash) continue;
      s.known.push_back(static_cast<std::uint32_t>(f - features_.begin()));
    }
    std::sort(s.known.begin(), s.known.end());
    s.known.erase(std::unique(s.known.begin(), s.known.end()), s.known.end());
    search(UINT32_MAX, count, s, out);
  }
  /// The same for an item that is known, without itself; empty when it is not.
  void neighbours(item_id item, std::size_t count, scratch& s,
                  std::vector<vector_neighbour>& out) const {
    out.clear();
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return;
    const auto i = static_cast<std::uint32_t>(at - items_.begin());
    s.known.assign(own_.begin() + static_cast<std::ptrdiff_t>(own_begin_[i]),
                   own_.begin() + static_cast<std::ptrdiff_t>(own_begin_[i + 1]));
    search(i, count, s, out);
  }

 private:
  struct feature {
    std::uint64_t hash = 0;
    std::size_t begin = 0;  // in having_; ends where the next begins
    float rare = 0;
  };

  /// By the features in `s.known`.
  void search(std::uint32_t self, std::size_t count, scratch& s,
              std::vector<vector_neighbour>& out) const {
    out.clear();
    if (s.sums.size() < items_.size()) s.sums.resize(items_.size());
    s.touched.clear();
    float square = 0;
    for (const std::uint32_t k : s.known) {
      const feature& f = features_[k];
      square += f.rare * f.rare;
      const std::size_t end = k + 1 == features_.size() ? having_.size() : features_[k + 1].begin;
      for (std::size_t n = f.begin; n < end; ++n) {
        if (s.sums[having_[n]] == 0) s.touched.push_back(having_[n]);
        s.sums[having_[n]] += f.rare * f.rare;
      }
    }
    const float norm = std::sqrt(square);
    s.best.reset((std::min)(count, items_.size()));
    for (const std::uint32_t item : s.touched) {
      const float score = s.sums[item] / (norm * norms_[item]);
      s.sums[item] = 0;
      if (item != self) s.best.push(score, item);
    }
    for (const auto& b : s.best.take()) out.push_back({items_[b.id], static_cast<double>(b.score)});
  }

  std::vector<item_id> items_;         // ascending
  std::vector<float> norms_;           // by item
  std::vector<feature> features_;      // ascending by hash
  std::vector<std::uint32_t> having_;  // items, by feature
  std::vector<std::size_t> own_begin_{0};
  std::vector<std::uint32_t> own_;  // features, by item
};

/// How much behaviour counts against content for an item that so many shoppers touched, 0 to 1:
/// half at `even`. What is new is judged by what it is, what is known by what is done with it.
[[nodiscard]] constexpr double behaviour_share(std::int64_t shoppers, std::int64_t even = 20) {
  if (shoppers <= 0 || even < 0) return 0;
  return static_cast<double>(shoppers) /
         (static_cast<double>(shoppers) + static_cast<double>(even));
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_ITEM_FEATURES_HPP
