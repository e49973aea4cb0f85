#ifndef TAILOR_EVENTS_REPORT_HPP
#define TAILOR_EVENTS_REPORT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/errc.hpp"

namespace tailor::inline v0::events {

/// What became of a batch: every row is accepted, a duplicate or refused, and none is left out.
/// The first refusals are kept with their row number (from 0, or as the reader says) and field.
class ingest_report {
 public:
  struct refusal {
    std::uint64_t row;
    errc code;
    const char* field;
    friend bool operator==(const refusal&, const refusal&) = default;
  };

  explicit ingest_report(std::size_t keep_first = 16) : keep_first_(keep_first) {}

  void accept(std::uint64_t rows = 1) { count(errc::ok) += rows; }

  /// `duplicate` counts as such, every other code as refused. Precondition: not ok.
  void refuse(std::uint64_t row, errc code, const char* field = "") {
    ++count(code);
    if (code != errc::duplicate && first_.size() < keep_first_)
      first_.push_back({row, code, field});
  }

  [[nodiscard]] std::uint64_t accepted() const { return of(errc::ok); }
  [[nodiscard]] std::uint64_t duplicates() const { return of(errc::duplicate); }
  [[nodiscard]] std::uint64_t refused() const { return rows() - accepted() - duplicates(); }
  [[nodiscard]] std::uint64_t of(errc code) const {
    return by_code_[static_cast<std::size_t>(code)];
  }
  [[nodiscard]] std::uint64_t rows() const {
    std::uint64_t n = 0;
    for (const std::uint64_t c : by_code_) n += c;
    return n;
  }
  [[nodiscard]] const std::vector<refusal>& first_refusals() const { return first_; }

  /// Adds what another report counted; its first refusals follow ours as far as there is room.
  void merge(const ingest_report& other) {
    for (std::size_t i = 0; i < errc_count; ++i) by_code_[i] += other.by_code_[i];
    for (const refusal& r : other.first_) {
      if (first_.size() < keep_first_) first_.push_back(r);
    }
  }

 private:
  std::uint64_t& count(errc code) { return by_code_[static_cast<std::size_t>(code)]; }

  std::array<std::uint64_t, errc_count> by_code_{};
  std::vector<refusal> first_;
  std::size_t keep_first_;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_REPORT_HPP
