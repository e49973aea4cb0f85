#ifndef TAILOR_SIMILAR_LIST_WORKER_HPP
#define TAILOR_SIMILAR_LIST_WORKER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "best_of.hpp"
#include "best_of_runs.hpp"
#include "expected_table.hpp"
#include "pair_counter.hpp"
#include "ranked_rows.hpp"
#include "support_counter.hpp"

namespace tailor::inline v0::similar {

struct list_options {
  std::uint32_t k = 100;  ///< the longest list
  /// Shoppers who must have both items (where rows name their shoppers, else rows).
  std::uint32_t min_support = 5;
  counting how = counting::automatic;
};

/// What all workers on one set of lists share.
template <class Id>
struct list_job {
  const ranked_rows<Id>* rows;
  list_options options;
  const bit_columns* bits;   ///< null where counting is not in bits
  const owned_rows* owners;  ///< null where rows are shoppers or support is not asked for
  bool falls;                ///< whether the measure falls with the target
};

/// One thread's part in making lists: counts the pairs of one column after another and leaves the
/// candidates. Does not know the measure.
template <class Id, class Mask>
class list_worker {
 public:
  explicit list_worker(const list_job<Id>& job)
      : job_(job),
        most_(job.rows->degree.empty() ? 0 : job.rows->degree.back()),
        counter_(*job.rows, job.bits),
        all_{from()},
        undominated_(from(), job.options.k, most_),
        runs_(most_, job.rows->columns()) {
    if (job.owners != nullptr) shoppers_.emplace(*job.owners);
  }

  /// The candidates of a column. Valid until the next call.
  const candidates& count(std::uint32_t rank) {
    // What is dropped for want of shoppers must not have pushed others out before.
    if (in_runs()) return counter_.count(rank, undominated_, job_.options.how);
    candidates& found = counter_.count(rank, all_, job_.options.how);
    if (shoppers_) {
      shoppers_->count(job_.rows->column_at[rank]);
      std::size_t kept = 0;
      for (std::size_t c = 0; c < found.size; ++c) {
        found.rank[kept] = found.rank[c];
        found.both[kept] = found.both[c];
        kept += shoppers_->with(job_.rows->column_at[found.rank[c]]) >= job_.options.min_support;
      }
      found.size = kept;
    }
    return found;
  }

  /// The best of what count() found. `score(rank, both)` is one score, `scores(both, target, out,
  /// size)` are many.
  template <class Score, class Scores>
  std::span<const listed> choose(const candidates& found, const Score& score,
                                 const Scores& scores) {
    const ranked_rows<Id>& rows = *job_.rows;
    if (in_runs()) {
      const auto best = runs_.choose(found, job_.options.k, rows.column_at, rows.degree,
                                     undominated_.seen_of(), scores);
      undominated_.finish(found);
      if (best) return *best;
    }
    return best_.choose(found, job_.options.k, rows.column_at, score);
  }

 private:
  [[nodiscard]] bool in_runs() const { return job_.falls && job_.owners == nullptr; }
  [[nodiscard]] std::uint32_t from() const {
    return job_.owners != nullptr ? 1 : (std::max)(1u, job_.options.min_support);
  }

  list_job<Id> job_;
  std::uint32_t most_;
  pair_counter<Id, Mask> counter_;
  take_all all_;
  take_undominated undominated_;
  std::optional<support_counter> shoppers_;
  best_of best_;
  best_of_runs runs_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_LIST_WORKER_HPP
