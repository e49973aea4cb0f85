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

#include "best_scores.hpp"
#include "candidates.hpp"
#include "chosen.hpp"
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
  [[nodiscard]] std::optional<std::span<const listed>> choose(
      const candidates& found, std::uint32_t k, std::span<const std::uint32_t> item_at,
      std::span<const std::uint32_t> degree, std::span<const std::uint32_t> seen_of,
      const Scores& scores) {
    const std::size_t size = found.size;
    if (size > max_candidates) return std::nullopt;
    if (size == 0) return std::span<const listed>();
    bring_into_runs(found, degree, seen_of);
    scores(both_.data(), target_.data(), score_.data(), size);
    if (runs_.size() > few_runs) return choose_anyhow(size, k, item_at);
    if (!make_keys(size)) return std::nullopt;
    run best = merge_runs((std::min)(size, std::size_t{k} + slack));
    if (best.size < size && same_digits(key_at(best, k - 1), key_at(best, best.size - 1))) {
      // What is as good as the last that is wanted may go on beyond what was kept.
      make_keys(size);
      best = merge_runs(size);
    }
    const std::uint64_t* const keys = keys_[best.buffer].data() + best.begin;
    const std::size_t wanted = (std::min)(best.size, std::size_t{k});
    listed_.reserve(wanted + slack);
    for (std::size_t n = 0; n < wanted; ++n) {
      const std::size_t p = place_of(keys[n]);
      listed_[n] = {item_at[order_[p]], static_cast<std::uint32_t>(both_[p])};
    }
    // Keys hold fewer digits than scores. Where that leaves it open which of two counts is ahead,
    // whole scores and then items decide.
    std::size_t last = wanted;  // one past the digits of the last that is wanted
    while (last < best.size && same_digits(keys[last], keys[wanted - 1])) ++last;
    for (std::size_t n = 1; n < last; ++n) {
      if (!is_open(keys[n - 1], keys[n])) continue;
      std::size_t begin = n - 1;
      while (begin > 0 && same_digits(keys[begin - 1], keys[n])) --begin;
      std::size_t end = n + 1;
      while (end < last && same_digits(keys[end], keys[n])) ++end;
      group_.clear();
      for (std::size_t g = begin; g < end; ++g) {
        const std::size_t p = place_of(keys[g]);
        group_.push_back({score_[p], item_at[order_[p]], static_cast<std::uint32_t>(both_[p])});
      }
      std::sort(group_.begin(), group_.end());
      for (std::size_t g = begin; g < (std::min)(end, wanted); ++g) {
        listed_[g] = {group_[g - begin].item, group_[g - begin].both};
      }
      n = end;
    }
    return std::span<const listed>(listed_.data(), wanted);
  }

 private:
  static constexpr int place_bits = 12;
  static constexpr std::uint64_t place_mask = (std::uint64_t{1} << place_bits) - 1;
  static constexpr std::size_t max_candidates = place_mask;
  static constexpr std::size_t few_runs = 8;  // more are faster sorted than merged
  static constexpr std::size_t slack = 32;    // beyond k, to see the end of a group of equal keys

  struct run {
    std::size_t begin = 0;
    std::size_t size = 0;
    int buffer = 0;
  };

  [[nodiscard]] static std::size_t place_of(std::uint64_t key) {
    return place_mask - (key & place_mask);
  }
  [[nodiscard]] std::uint64_t key_at(const run& r, std::size_t n) const {
    return keys_[r.buffer][r.begin + n];
  }
  [[nodiscard]] static bool same_digits(std::uint64_t a, std::uint64_t b) {
    return ((a ^ b) & ~place_mask) == 0;
  }
  /// Whether the order of two neighbours may be another. Among equal counts it is always right.
  [[nodiscard]] bool is_open(std::uint64_t a, std::uint64_t b) const {
    return same_digits(a, b) && both_[place_of(a)] != both_[place_of(b)];
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

  std::span<const listed> choose_anyhow(std::size_t size, std::uint32_t k,
                                        std::span<const std::uint32_t> item_at) {
    best_.reset(size);
    for (std::size_t n = 0; n < size; ++n) {
      best_.scores()[n] = score_[n];
      best_.ties()[n] = item_at[order_[n]];
    }
    listed_.reserve(k);
    const auto best = best_.choose(size, k);
    for (std::size_t n = 0; n < best.size(); ++n) {
      listed_[n] = {best_.ties()[best[n]], static_cast<std::uint32_t>(both_[best[n]])};
    }
    return {listed_.data(), best.size()};
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

  /// Merges neighbouring runs until there is one, and keeps the `limit` best of each. Runs mostly
  /// grow; a run waits until one at least as long has come, so that no key moves more often than
  /// the logarithm of their number says.
  run merge_runs(std::size_t limit) {
    waiting_.clear();
    for (const run& next : runs_) {
      waiting_.push_back(next);
      while (waiting_.size() > 1 &&
             waiting_[waiting_.size() - 2].size <= waiting_[waiting_.size() - 1].size) {
        merge_last(limit);
      }
    }
    while (waiting_.size() > 1) merge_last(limit);
    run only = waiting_.front();
    only.size = (std::min)(only.size, limit);
    return only;
  }

  void merge_last(std::size_t limit) {
    const run b = waiting_.back();
    waiting_.pop_back();
    run& a = waiting_.back();
    // One of three buffers holds neither, and nobody else's keys in their place.
    const int into = a.buffer == b.buffer ? (a.buffer + 1) % 3 : 3 - a.buffer - b.buffer;
    const std::size_t size = (std::min)(limit, a.size + b.size);
    std::uint64_t* const out = keys_[into].data() + a.begin;
    merge(keys_[a.buffer].data() + a.begin, keys_[b.buffer].data() + b.begin, size, out);
    out[size] = 0;
    a = {a.begin, size, into};
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
  raw_array<std::uint64_t> keys_[3];
  std::vector<run> runs_;
  std::vector<run> waiting_;
  best_scores best_;
  raw_array<listed> listed_;
  std::vector<chosen> group_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BEST_OF_RUNS_HPP
