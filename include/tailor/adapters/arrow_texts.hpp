#ifndef TAILOR_ADAPTERS_ARROW_TEXTS_HPP
#define TAILOR_ADAPTERS_ARROW_TEXTS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/errc.hpp"
#include "../core/interner.hpp"
#include "../core/result.hpp"
#include "../events/text_event.hpp"
#include "arrow_column.hpp"

namespace tailor::inline v0::adapters::detail {

/// A column of texts that are ids: checked first, and given handles when it is known which rows are
/// sound. A text of a dictionary is looked at once, however many rows have it.
class arrow_texts {
 public:
  /// The column and the options have to outlive this.
  arrow_texts(const arrow_column& column, const events::text_options& how)
      : column_(&column), how_(&how) {
    if (column.has_words()) known_.assign(static_cast<std::size_t>(column.words().size()), unknown);
  }

  /// ok; empty_id where there is none; oversized, not_text.
  [[nodiscard]] errc check(std::int64_t row) {
    if (!column_->has_words())
      return column_->is_null(row) ? errc::empty_id : judge(column_->text(row));
    if (column_->values().is_null(row)) return errc::empty_id;
    std::uint8_t& known = known_[word(row)];
    if (known == unknown)
      known = static_cast<std::uint8_t>(column_->is_null(row) ? errc::empty_id
                                                              : judge(column_->text(row)));
    return static_cast<errc>(known);
  }

  /// Precondition: check(row) is ok.
  [[nodiscard]] std::string_view text(std::int64_t row) const { return column_->text(row); }

  /// Calls `take(row, handle)` with a result for each of the first `rows` rows that are `wanted`
  /// and checked ok: full when there is no place for the text. Handles are given in order of rows.
  template <class Wanted, class Take>
  void name(interner& table, std::int64_t rows, Wanted wanted, Take take) {
    if (column_->has_words()) {
      name_words(table, rows, wanted, take);
    } else {
      name_rows(
          table, rows, [&](std::int64_t row) { return wanted(row) && check_again(row); },
          [&](std::int64_t row) { return column_->text(row); }, take);
    }
  }

  /// The same for rows that get their names from more than one column.
  template <class Wanted, class Name, class Take>
  static void name_rows(interner& table, std::int64_t rows, Wanted wanted, Name name, Take take) {
    constexpr std::size_t most = 256;
    std::string_view names[most];
    std::uint32_t handles[most];
    std::int64_t whose[most];
    for (std::int64_t row = 0; row < rows;) {
      std::size_t n = 0;
      for (; row < rows && n < most; ++row) {
        if (!wanted(row)) continue;
        names[n] = name(row);
        whose[n++] = row;
      }
      const bool all = bool(table.intern_batch({names, n}, {handles, n}));
      for (std::size_t i = 0; i < n; ++i)
        take(whose[i], all ? result<std::uint32_t>(handles[i]) : table.intern(names[i]));
    }
  }

 private:
  static constexpr std::uint8_t unknown = UINT8_MAX;

  [[nodiscard]] errc judge(std::string_view text) const {
    return text.empty() ? errc::empty_id : events::detail::id_fault(text, *how_);
  }
  [[nodiscard]] std::size_t word(std::int64_t row) const {
    return static_cast<std::size_t>(column_->index(row));
  }
  /// A row that is not refused has a sound text or none.
  [[nodiscard]] bool check_again(std::int64_t row) const {
    return !column_->is_null(row) && !column_->text(row).empty();
  }

  template <class Wanted, class Take>
  void name_words(interner& table, std::int64_t rows, Wanted wanted, Take take) {
    constexpr std::uint32_t nowhere = UINT32_MAX;
    std::vector<std::uint32_t> places(known_.size(), nowhere);  // of each word among the used ones
    std::vector<std::string_view> used;
    for (std::int64_t row = 0; row < rows; ++row) {
      if (!wanted(row) || check(row) != errc::ok) continue;
      std::uint32_t& place = places[word(row)];
      if (place != nowhere) continue;
      place = static_cast<std::uint32_t>(used.size());
      used.push_back(column_->text(row));
    }
    std::vector<std::uint32_t> handles(used.size());
    std::vector<errc> faults;  // empty when every text has a handle
    if (!table.intern_batch(used, handles)) {
      for (std::size_t i = 0; i < used.size(); ++i) {
        const auto handle = table.intern(used[i]);
        if (handle) handles[i] = *handle;
        faults.push_back(handle.code());
      }
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      if (!wanted(row) || check(row) != errc::ok) continue;
      const std::uint32_t place = places[word(row)];
      if (faults.empty() || faults[place] == errc::ok) {
        take(row, result<std::uint32_t>(handles[place]));
      } else {
        take(row, result<std::uint32_t>(faults[place]));
      }
    }
  }

  const arrow_column* column_;
  const events::text_options* how_;
  std::vector<std::uint8_t> known_;  // of each text of the dictionary: its errc, or unknown
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_ARROW_TEXTS_HPP
