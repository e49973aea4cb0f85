#ifndef TAILOR_OFFER_MATCH_INDEX_HPP
#define TAILOR_OFFER_MATCH_INDEX_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "boxes.hpp"
#include "facts.hpp"

namespace tailor::inline v0::offer {

/// Reused from cart to cart by `match_index`.
struct match_scratch {
  std::vector<const std::uint64_t*> rows{};
  std::vector<std::uint64_t> unions{};  ///< rows that are put together for a cart: of sets
  std::vector<std::uint32_t> found{};
};

/// Finds, among many boxes, those that a cart lies in. For each slot and value there is a row of
/// bits, one a box: whether the box lets that value pass, or does not ask. The boxes of a cart are
/// the AND of one row a slot (bitmap index: O'Neil and Quass, Improved query performance with
/// variant indexes, SIGMOD 1997). Values of a slot between two bounds that no box tells apart share
/// a row; where that makes too many rows, neighbours share one and it lets too much pass.
///
/// Memory: rows × boxes / 8 bytes. Cost of a cart: slots × boxes / 64 words, and the boxes found.
class match_index {
 public:
  /// Of the rows of one slot, if they are more than a few.
  static constexpr std::size_t most_bytes = std::size_t{1} << 22;

  match_index() = default;

  /// `exact[i]` is cleared where the rows let more pass than box i.
  match_index(std::span<const box> boxes, std::size_t slots, std::vector<bool>& exact)
      : words_((boxes.size() + 64 * block_words - 1) / (64 * block_words) * block_words) {
    std::vector<std::vector<side_of>> by_slot(slots);
    for (std::uint32_t i = 0; i < boxes.size(); ++i) {
      for (const box_side& s : boxes[i].sides) by_slot[s.slot].push_back({i, &s});
    }
    ones_.assign(words_, 0);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (!boxes[i].never) ones_[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    for (std::uint32_t s = 0; s < slots; ++s) {
      if (by_slot[s].empty()) continue;
      if (by_slot[s][0].side->of_set) {
        add_set(s, by_slot[s]);
      } else {
        add_values(s, by_slot[s], exact);
      }
    }
    rows_.shrink_to_fit();
  }

  /// Words of a row: of what `find` takes as `among`.
  [[nodiscard]] std::size_t words() const { return words_; }
  [[nodiscard]] std::size_t memory() const { return rows_.capacity() * sizeof(std::uint64_t); }

  /// The boxes that the values (of the cart, or of one of its lines) lie in, ascending; valid until
  /// the scratch is used again. With `among`, a row of bits, only of those. No allocation once the
  /// scratch has its size.
  [[nodiscard]] std::span<const std::uint32_t> find(std::span<const cell> values, const facts& f,
                                                    match_scratch& scratch,
                                                    const std::uint64_t* among = nullptr) const {
    std::size_t count = gather(values, f, scratch);
    if (among != nullptr) scratch.rows[count++] = among;
    scratch.found.resize(words_ * 64 + unrolled);
    std::uint32_t* out = scratch.found.data();
    const std::uint64_t* const* const rows = scratch.rows.data();
    for (std::size_t from = 0; from < words_; from += block_words) {
      std::uint64_t block[block_words];
      and_rows(rows, count, from, block);
      for (std::size_t w = 0; w < block_words; ++w) {
        out = list_bits(block[w], static_cast<std::uint32_t>((from + w) * 64), out);
      }
    }
    return {scratch.found.data(), out};
  }

  /// Calls `visit(i)` for every box that the values miss by exactly one slot, ascending.
  template <class Visit>
  void each_near(std::span<const cell> values, const facts& f, match_scratch& scratch,
                 Visit&& visit) const {
    const std::size_t count = gather(values, f, scratch);
    for (std::size_t w = 0; w < words_; ++w) {
      std::uint64_t once = 0;
      std::uint64_t more = 0;
      for (std::size_t r = 0; r < count; ++r) {
        const std::uint64_t misses = ~scratch.rows[r][w];
        more |= once & misses;
        once |= misses;
      }
      for (std::uint64_t bits = once & ~more & ones_[w]; bits != 0; bits &= bits - 1) {
        visit(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
      }
    }
  }

 private:
  static constexpr std::size_t block_words = 16;  // of rows: they are a multiple of it long
  static constexpr std::size_t unrolled = 4;

  struct side_of {
    std::uint32_t box;
    const box_side* side;
  };

  /// Rows of a slot. Of values: the first is of an unknown one, then one an interval between
  /// bounds. Of sets: the first is of a set that has nothing, then what each word adds to it.
  struct slot_rows {
    std::uint32_t slot = 0;
    bool of_set = false;
    std::size_t first = 0;                ///< in rows_
    std::vector<std::int64_t> bounds{};   ///< where the second, third … interval begins, or words
    std::int64_t direct_low = 0;          ///< of values close together: a table of intervals
    std::vector<std::uint32_t> direct{};  ///< where its row is; empty: by binary search
  };

  static void and_rows(const std::uint64_t* const* rows, std::size_t count, std::size_t from,
                       std::uint64_t* out) {
    std::uint64_t acc[block_words];
    const std::uint64_t* const first = rows[0] + from;
    for (std::size_t w = 0; w < block_words; ++w) acc[w] = first[w];
    for (std::size_t r = 1; r < count; ++r) {
      const std::uint64_t* const row = rows[r] + from;
      // More rows are read side by side than the machine follows by itself.
      __builtin_prefetch(row + 2 * block_words);
      __builtin_prefetch(row + 2 * block_words + 8);
      for (std::size_t w = 0; w < block_words; ++w) acc[w] &= row[w];
    }
    for (std::size_t w = 0; w < block_words; ++w) out[w] = acc[w];
  }

  /// Appends the places of the bits. Always writes a few, so that their number is no branch.
  static std::uint32_t* list_bits(std::uint64_t bits, std::uint32_t base, std::uint32_t* out) {
    std::uint32_t* const end = out + std::popcount(bits);
    do {
      for (std::size_t i = 0; i < unrolled; ++i) {
        constexpr std::uint64_t top = std::uint64_t{1} << 63;  // that there is one to find
        out[i] = base + static_cast<std::uint32_t>(std::countr_zero(bits | top));
        bits &= bits - 1;
      }
      out += unrolled;
    } while (out < end);
    return end;
  }

  void set(std::size_t row, std::uint32_t box) {
    rows_[row + box / 64] |= std::uint64_t{1} << (box % 64);
  }
  /// A new row; true for all boxes that do not ask.
  std::size_t add_row(const std::vector<std::uint64_t>& base) {
    rows_.insert(rows_.end(), base.begin(), base.end());
    return rows_.size() - words_;
  }
  [[nodiscard]] std::vector<std::uint64_t> without(const std::vector<side_of>& asking) const {
    std::vector<std::uint64_t> base = ones_;
    for (const side_of& s : asking) base[s.box / 64] &= ~(std::uint64_t{1} << (s.box % 64));
    return base;
  }

  void add_values(std::uint32_t slot, const std::vector<side_of>& asking,
                  std::vector<bool>& exact) {
    slot_rows out{.slot = slot, .first = rows_.size()};
    std::vector<std::int64_t> bounds;
    for (const side_of& s : asking) {
      for (const interval& i : s.side->values.in) {
        if (i.low != INT64_MIN) bounds.push_back(i.low);
        if (i.high != INT64_MAX) bounds.push_back(i.high + 1);
      }
    }
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    const std::size_t most_rows = (std::max)(std::size_t{64}, most_bytes / (8 * words_));
    const std::size_t group = bounds.size() / (most_rows - 2) + 1;
    for (std::size_t i = 0; i < bounds.size(); i += group) out.bounds.push_back(bounds[i]);

    const std::vector<std::uint64_t> base = without(asking);
    for (std::size_t r = 0; r <= out.bounds.size() + 1; ++r) add_row(base);
    for (const side_of& s : asking) {
      if (s.side->values.unknown) set(out.first, s.box);
      for (const interval& i : s.side->values.in) {
        const std::size_t last = place(out.bounds, i.high);
        for (std::size_t r = place(out.bounds, i.low); r <= last; ++r) {
          set(out.first + (r + 1) * words_, s.box);
        }
      }
      for (const interval& i : s.side->values.in) {
        const bool kept =
            is_bound(out.bounds, i.low, i.low == INT64_MIN) &&
            is_bound(out.bounds, i.high + (i.high == INT64_MAX ? 0 : 1), i.high == INT64_MAX);
        if (!kept) exact[s.box] = false;
      }
    }
    constexpr std::int64_t most_direct = 4'096;
    if (!out.bounds.empty() &&
        static_cast<std::uint64_t>(out.bounds.back()) - static_cast<std::uint64_t>(out.bounds[0]) <
            static_cast<std::uint64_t>(most_direct)) {
      out.direct_low = out.bounds[0] - (out.bounds[0] == INT64_MIN ? 0 : 1);
      for (std::int64_t v = out.direct_low;; ++v) {
        out.direct.push_back(
            static_cast<std::uint32_t>(out.first + (1 + place(out.bounds, v)) * words_));
        if (v == out.bounds.back()) break;
      }
    }
    slots_.push_back(std::move(out));
  }

  void add_set(std::uint32_t slot, const std::vector<side_of>& asking) {
    slot_rows out{.slot = slot, .of_set = true, .first = rows_.size()};
    for (const side_of& s : asking) {
      out.bounds.insert(out.bounds.end(), s.side->words.begin(), s.side->words.end());
    }
    std::sort(out.bounds.begin(), out.bounds.end());
    out.bounds.erase(std::unique(out.bounds.begin(), out.bounds.end()), out.bounds.end());
    add_row(without(asking));
    const std::vector<std::uint64_t> nothing(words_, 0);
    for (std::size_t r = 0; r < out.bounds.size(); ++r) add_row(nothing);
    for (const side_of& s : asking) {
      for (const std::int64_t w : s.side->words) {
        const auto at = std::lower_bound(out.bounds.begin(), out.bounds.end(), w);
        set(out.first + static_cast<std::size_t>(at - out.bounds.begin() + 1) * words_, s.box);
      }
    }
    slots_.push_back(std::move(out));
    ++set_slots_;
  }

  [[nodiscard]] static bool is_bound(const std::vector<std::int64_t>& bounds, std::int64_t value,
                                     bool open) {
    return open || std::binary_search(bounds.begin(), bounds.end(), value);
  }

  /// The interval a value lies in: how many bounds are not above it.
  [[nodiscard]] static std::size_t place(const std::vector<std::int64_t>& bounds,
                                         std::int64_t value) {
    return static_cast<std::size_t>(std::upper_bound(bounds.begin(), bounds.end(), value) -
                                    bounds.begin());
  }

  /// The row of each slot for this cart: how many there are.
  std::size_t gather(std::span<const cell> values, const facts& f, match_scratch& scratch) const {
    scratch.rows.resize(slots_.size() + 2);
    scratch.unions.resize(set_slots_ * words_);
    const std::uint64_t** out = scratch.rows.data();
    std::uint64_t* spare = scratch.unions.data();
    if (slots_.empty()) *out++ = ones_.data();
    for (const slot_rows& s : slots_) {
      const cell& value = values[s.slot];
      if (s.of_set) {
        unite_rows(s, f.words(value), spare);
        *out++ = spare;
        spare += words_;
        continue;
      }
      std::size_t row = s.first;
      if (value.known) {
        const std::uint64_t beyond =
            static_cast<std::uint64_t>(value.number) - static_cast<std::uint64_t>(s.direct_low);
        row = beyond < s.direct.size() ? s.direct[static_cast<std::size_t>(beyond)]
                                       : s.first + (1 + place(s.bounds, value.number)) * words_;
      }
      *out++ = rows_.data() + row;
    }
    return static_cast<std::size_t>(out - scratch.rows.data());
  }

  /// The row of a set: of what it has, and of who does not ask.
  void unite_rows(const slot_rows& s, std::span<const std::int64_t> words,
                  std::uint64_t* out) const {
    std::copy_n(rows_.data() + s.first, words_, out);
    for (const std::int64_t word : words) {
      const auto at = std::lower_bound(s.bounds.begin(), s.bounds.end(), word);
      if (at == s.bounds.end() || *at != word) continue;
      const std::uint64_t* const row =
          rows_.data() + s.first + static_cast<std::size_t>(at - s.bounds.begin() + 1) * words_;
      for (std::size_t w = 0; w < words_; ++w) out[w] |= row[w];
    }
  }

  std::size_t words_ = 0;  // of a row
  std::size_t set_slots_ = 0;
  std::vector<std::uint64_t> rows_{};
  std::vector<std::uint64_t> ones_{};
  std::vector<slot_rows> slots_{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_MATCH_INDEX_HPP
