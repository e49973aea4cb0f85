#ifndef TAILOR_SIMILAR_BEST_OF_RUNS_HPP
#define TAILOR_SIMILAR_BEST_OF_RUNS_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "best_of.hpp"
#include "candidates.hpp"
#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// As best_of, where the score strictly falls with the degree: among equal counts the candidates
/// are in order already, so that these runs only have to be merged. One per thread.
class best_of_runs {
 public:
  /// Counts go up to `most`, and there are at most `columns` candidates.
  best_of_runs(std::uint32_t most, std::size_t columns) : next_(std::size_t{most} + 2) {
    const std::size_t room = (std::min)(columns, max_candidates) + 64;
    order_ = raw_array<std::uint32_t>(room);
    both_ = raw_array<double>(room);
    target_ = raw_array<double>(room);
    score_ = raw_array<double>(room);
    both_
        .zero();  // scores are computed in packs, the last of which may reach beyond the candidates
    target_.zero();
    for (auto& k : keys_) k = raw_array<std::uint64_t>(2 * room);
  }

  /// As best_of::choose. `seen_of[c]` is how many candidates have a count of c, and `scores(both,
  /// target, score, n)` computes n scores at once from counts and degrees. Nothing when the
  /// candidates are too many or their scores too close for this way: best_of has to choose then.
  template <class Scores>
  [[nodiscard]] std::optional<std::span<const chosen>> choose(
      const candidates& found, std::uint32_t k, std::span<const std::uint32_t> item_at,
      std::span<const std::uint32_t> degree, std::span<const std::uint32_t> seen_of,
      const Scores& scores) {
    const std::size_t size = found.size;
    if (size > max_candidates) return std::nullopt;
    if (size == 0) return std::span<const chosen>();
    bring_into_runs(found, degree, seen_of);
    scores(both_.data(), target_.data(), score_.data(), size);
    if (!make_keys(size)) return std::nullopt;
    const std::size_t limit = std::size_t{k} + slack;
    const run best = merge_runs(limit);
    const std::uint64_t* const keys = keys_[best.buffer].data() + best.begin;

    // Keys hold fewer digits than scores. Where that leaves it open which of two counts is ahead,
    // whole scores and then items decide.
    const std::size_t wanted = (std::min)(best.size, std::size_t{k});
    chosen_.clear();
    for (std::size_t n = 0; n < wanted;) {
      std::size_t end = n + 1;
      while (end < best.size && keys[end] >> place_bits == keys[n] >> place_bits) ++end;
      if (end == best.size && best.size == limit && end > n + 1) return std::nullopt;
      const std::size_t first = chosen_.size();
      bool mixed = false;
      const double both = both_[place_of(keys[n])];
      for (; n < end; ++n) {
        const std::size_t p = place_of(keys[n]);
        mixed |= both_[p] != both;
        chosen_.push_back({score_[p], item_at[order_[p]], static_cast<std::uint32_t>(both_[p])});
      }
      if (mixed) std::sort(chosen_.begin() + static_cast<std::ptrdiff_t>(first), chosen_.end());
    }
    chosen_.resize(wanted);
    return chosen_;
  }

 private:
  static constexpr int place_bits = 12;
  static constexpr std::uint64_t place_mask = (std::uint64_t{1} << place_bits) - 1;
  static constexpr std::size_t max_candidates = place_mask;
  static constexpr std::size_t slack = 32;  // beyond k, to see the end of a group of equal keys

  struct run {
    std::size_t begin = 0;
    std::size_t size = 0;
    int buffer = 0;
  };

  [[nodiscard]] static std::size_t place_of(std::uint64_t key) {
    return place_mask - (key & place_mask);
  }

  /// Sorts the candidates by count, highest first, and keeps the ranks of each count ascending.
  void bring_into_runs(const candidates& found, std::span<const std::uint32_t> degree,
                       std::span<const std::uint32_t> seen_of) {
    std::uint32_t most = 0;
    for (std::size_t n = 0; n < found.size; ++n) most = (std::max)(most, found.both[n]);
    runs_.clear();
    std::uint32_t place = 0;
    for (std::uint32_t c = most; place < found.size; --c) {
      if (seen_of[c] == 0) continue;
      next_[c] = place;
      // A run is followed by one key of 0 to stop at.
      runs_.push_back({place + runs_.size(), seen_of[c], 0});
      place += seen_of[c];
    }
    for (std::size_t n = 0; n < found.size; ++n) {
      const std::uint32_t at = next_[found.both[n]]++;
      order_[at] = found.rank[n];
      both_[at] = static_cast<double>(found.both[n]);
      target_[at] = static_cast<double>(degree[found.rank[n]]);
    }
  }

  /// Scores as whole numbers in the same order, places in their lowest digits. False when a score
  /// is not a positive number: those are not in order as whole numbers.
  bool make_keys(std::size_t size) {
    bool positive = true;
    for (std::size_t n = 0; n < size; ++n) positive &= score_[n] > 0;
    if (!positive) return false;
    std::uint64_t* out = keys_[0].data();
    std::size_t place = 0;
    for (const run& r : runs_) {
      for (std::size_t n = 0; n < r.size; ++n, ++place) {
        out[n] = (std::bit_cast<std::uint64_t>(score_[place]) & ~place_mask) | (place_mask - place);
      }
      out[r.size] = 0;
      out += r.size + 1;
    }
    return true;
  }

  /// Merges neighbouring runs until there is one, and keeps the `limit` best of each.
  run merge_runs(std::size_t limit) {
    for (int from = 0; runs_.size() > 1; from = 1 - from) {
      std::uint64_t* out = keys_[1 - from].data();
      const std::uint64_t* const in = keys_[from].data();
      std::size_t kept = 0;
      for (std::size_t r = 0; r < runs_.size(); r += 2) {
        const run a = runs_[r];
        const bool paired = r + 1 < runs_.size();
        const run b = paired ? runs_[r + 1] : run{a.begin + a.size, 0, from};
        const std::size_t size = (std::min)(limit, a.size + b.size);
        merge(in + a.begin, in + b.begin, size, out);
        out[size] = 0;
        runs_[kept++] = {static_cast<std::size_t>(out - keys_[1 - from].data()), size, 1 - from};
        out += size + 1;
      }
      runs_.resize(kept);
    }
    run only = runs_.front();
    only.size = (std::min)(only.size, limit);
    return only;
  }

  /// The `size` highest of two descending runs that end in 0. No branch depends on the keys.
  static void merge(const std::uint64_t* a, const std::uint64_t* b, std::size_t size,
                    std::uint64_t* out) {
    for (std::size_t n = 0; n < size; ++n) {
      const std::uint64_t x = *a;
      const std::uint64_t y = *b;
      const bool first = x > y;
      out[n] = first ? x : y;
      a += first;
      b += !first;
    }
  }

  std::vector<std::uint32_t> next_;  // by count: where its next candidate goes
  raw_array<std::uint32_t> order_;   // by place: rank
  raw_array<double> both_;           // by place
  raw_array<double> target_;         // likewise
  raw_array<double> score_;          // likewise
  raw_array<std::uint64_t> keys_[2];
  std::vector<run> runs_;
  std::vector<chosen> chosen_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BEST_OF_RUNS_HPP
