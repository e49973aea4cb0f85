#ifndef TAILOR_SEGMENT_FEATURE_TABLE_HPP
#define TAILOR_SEGMENT_FEATURE_TABLE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"
#include "features.hpp"
#include "orders.hpp"

namespace tailor::inline v0::segment {

/// The features of all shoppers with an order, as of one moment: one row each, ascending by id.
class feature_table {
 public:
  feature_table() = default;

  /// Columns in the order of `features`. The same for any executor.
  /// Cost: O(events · log events of a shopper), spread over the executor.
  template <executor Executor = serial_executor>
  [[nodiscard]] static feature_table of(const events::timeline& history, timestamp now,
                                        std::span<const feature> features,
                                        const feature_rules& rules = {}, Executor&& pool = {}) {
    std::vector<std::pair<user_id, std::uint32_t>> known;
    for (std::uint32_t s = 0; s < history.shopper_limit(); ++s) {
      if (!history.lines_of(s).empty()) known.emplace_back(history.shopper_at(s), s);
    }
    std::sort(known.begin(), known.end());

    const std::size_t d = features.size();
    std::vector<double> all(known.size() * d);
    std::vector<unsigned char> has_order(known.size());
    std::vector<order_reader> scratches(pool.concurrency());
    pool.for_each_chunk(
        known.size(), 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
          for (std::size_t i = from; i < to; ++i) {
            has_order[i] =
                read_features(history.lines_of(known[i].second), now, features, rules,
                              scratches[worker], std::span<double>(all.data() + i * d, d));
          }
        });

    feature_table out;
    out.features_.assign(features.begin(), features.end());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (has_order[i] == 0) continue;
      out.shoppers_.push_back(known[i].first);
      std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(i * d), d,
                  all.begin() + static_cast<std::ptrdiff_t>(kept++ * d));
    }
    all.resize(kept * d);
    out.values_ = std::move(all);
    return out;
  }

  [[nodiscard]] std::size_t rows() const { return shoppers_.size(); }
  [[nodiscard]] std::span<const user_id> shoppers() const { return shoppers_; }
  [[nodiscard]] std::span<const feature> features() const { return features_; }
  /// All numbers, row after row.
  [[nodiscard]] std::span<const double> values() const { return values_; }
  [[nodiscard]] std::span<const double> row(std::size_t i) const {
    return values().subspan(i * features_.size(), features_.size());
  }
  [[nodiscard]] std::optional<std::size_t> row_of(user_id user) const {
    const auto at = std::lower_bound(shoppers_.begin(), shoppers_.end(), user);
    if (at == shoppers_.end() || *at != user) return std::nullopt;
    return static_cast<std::size_t>(at - shoppers_.begin());
  }

 private:
  std::vector<user_id> shoppers_;
  std::vector<feature> features_;
  std::vector<double> values_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_FEATURE_TABLE_HPP
