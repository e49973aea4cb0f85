#ifndef TAILOR_SIMILAR_CANDIDATES_HPP
#define TAILOR_SIMILAR_CANDIDATES_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// The columns that may be in one list, ascending by rank, with their counts.
struct candidates {
  raw_array<std::uint32_t> rank;
  raw_array<std::uint32_t> both;
  std::size_t size = 0;

  /// Makes room for every column and for what the branch-free writes overshoot.
  void reset(std::size_t columns) {
    rank.reserve(columns + 64);
    both.reserve(columns + 64);
    size = 0;
  }
};

/// Takes every column with a count of `from` or more.
struct take_all {
  std::uint32_t from = 1;

  void start() {}
  void finish(const candidates&) {}
  [[nodiscard]] std::uint32_t threshold() const { return from; }

  template <class T>
  void take(const std::uint32_t* ranks, std::size_t n, const T* counts, candidates& out) {
    std::uint32_t* const rank = out.rank.data();
    std::uint32_t* const both = out.both.data();
    std::size_t size = out.size;
    for (std::size_t i = 0; i < n; ++i) {
      rank[size] = ranks[i];
      both[size] = counts[ranks[i]];
      size += both[size] >= from;
    }
    out.size = size;
  }
};

/// As take_all, but leaves out a column when `k` earlier ones have at least its count. Where the
/// score falls with the degree these all are better, so the best k are among what is left.
class take_undominated {
 public:
  /// Counts go up to `most`. Precondition: k > 0.
  take_undominated(std::uint32_t from, std::uint32_t k, std::uint32_t most)
      : from_(from), k_(k), seen_of_(std::size_t{most} + 2) {}

  void start() {
    threshold_ = from_;
    seen_ = 0;
  }
  /// Clears the bookkeeping of a list whose candidates are complete.
  void finish(const candidates& c) {
    for (std::size_t i = 0; i < c.size; ++i) seen_of_[c.both[i]] = 0;
  }
  /// How many candidates have each count; valid until finish.
  [[nodiscard]] const std::vector<std::uint32_t>& seen_of() const { return seen_of_; }
  [[nodiscard]] std::uint32_t threshold() const { return threshold_; }

  template <class T>
  void take(const std::uint32_t* ranks, std::size_t n, const T* counts, candidates& out) {
    // Copies, so that the compiler sees that what is written below does not change them.
    std::uint32_t* const rank = out.rank.data();
    std::uint32_t* const both = out.both.data();
    std::uint32_t* const seen_of = seen_of_.data();
    std::size_t size = out.size;
    std::uint32_t threshold = threshold_;
    std::uint32_t seen = seen_;
    const std::uint32_t k = k_;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t count = counts[ranks[i]];
      const std::uint32_t keep = count >= threshold;
      rank[size] = ranks[i];
      both[size] = count;
      size += keep;
      seen_of[count] += keep;
      seen += keep;
      while (seen >= k) seen -= seen_of[threshold++];
    }
    out.size = size;
    threshold_ = threshold;
    seen_ = seen;
  }

 private:
  std::uint32_t from_;
  std::uint32_t k_;
  std::uint32_t threshold_ = 0;
  std::uint32_t seen_ = 0;              // candidates with a count of threshold_ and more
  std::vector<std::uint32_t> seen_of_;  // by count
};

namespace detail {

/// Appends `base` + the place of each bit that is set. Writes up to 3 places beyond what it counts.
inline std::uint32_t* put_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
  std::uint32_t* const end = out + std::popcount(bits);
  // Four at a time without asking: most words have fewer, and a wrong guess costs more.
  do {
    for (int n = 0; n < 4; ++n) {
      out[n] = base + static_cast<std::uint32_t>(std::countr_zero(bits));
      bits &= bits - 1;
    }
    out += 4;
  } while (out < end);
  return end;
}

}  // namespace detail

inline constexpr std::size_t mask_width = 64;

/// Hands the columns whose counters are not below the threshold of `filter` to it, ascending, and
/// leaves all counters 0. `size` is a multiple of 64.
template <class Mask, class T, class Filter>
void scan(T* counters, std::size_t size, Filter& filter, candidates& out) {
  constexpr std::size_t blocks = 32;  // between two looks at the threshold
  std::uint64_t words[blocks];
  std::uint32_t bases[blocks];
  std::uint32_t ranks[blocks * mask_width + 4];
  std::size_t at = 0;
  while (at < size && filter.threshold() <= (std::numeric_limits<T>::max)()) {
    const auto threshold = static_cast<T>(filter.threshold());
    const std::size_t end = (std::min)(size, at + blocks * mask_width);
    std::size_t hit = 0;
    for (std::size_t b = at; b < end; b += mask_width) {
      words[hit] = Mask::at_least(counters + b, threshold);
      bases[hit] = static_cast<std::uint32_t>(b);
      hit += words[hit] != 0;
    }
    std::uint32_t* last = ranks;
    for (std::size_t h = 0; h < hit; ++h) last = detail::put_bits(words[h], bases[h], last);
    filter.take(ranks, static_cast<std::size_t>(last - ranks), counters, out);
    std::fill(counters + at, counters + end, T{0});
    at = end;
  }
  std::fill(counters + at, counters + size, T{0});
}

/// Which columns were counted, where these are few: brings them in order without sorting.
class touched_columns {
 public:
  explicit touched_columns(std::size_t columns)
      : list_(columns + 1), words_(columns / 64 + 1), summary_(columns / 4096 + 1) {}

  /// Where the next touched column is to be written; advance by 1 when it is new.
  [[nodiscard]] std::uint32_t* list() { return list_.data(); }

  /// As `scan`, over the first `count` entries of the list, whose counters are not 0.
  template <class T, class Filter>
  void scan(T* counters, std::size_t count, Filter& filter, candidates& out) {
    for (std::size_t n = 0; n < count; ++n) {
      const std::uint32_t c = list_[n];
      words_[c / 64] |= std::uint64_t{1} << c % 64;
      summary_[c / 4096] |= std::uint64_t{1} << c / 64 % 64;
    }
    std::uint32_t places[64 + 4];
    std::uint32_t ranks[64 + 4];
    for (std::size_t s = 0; s < summary_.size(); ++s) {
      if (summary_[s] == 0) continue;
      const std::uint32_t* const last =
          detail::put_bits(summary_[s], static_cast<std::uint32_t>(s * 64), places);
      summary_[s] = 0;
      for (const std::uint32_t* w = places; w != last; ++w) {
        const std::uint32_t* const end = detail::put_bits(words_[*w], *w * 64, ranks);
        words_[*w] = 0;
        filter.take(ranks, static_cast<std::size_t>(end - ranks), counters, out);
        for (const std::uint32_t* r = ranks; r != end; ++r) counters[*r] = 0;
      }
    }
  }

 private:
  std::vector<std::uint32_t> list_;
  std::vector<std::uint64_t> words_;    // a bit per column
  std::vector<std::uint64_t> summary_;  // a bit per word that is not 0
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_CANDIDATES_HPP
