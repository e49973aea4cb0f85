#ifndef TAILOR_SIMILAR_LIST_STORE_HPP
#define TAILOR_SIMILAR_LIST_STORE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// A list for each of n things, of which the greatest length is known beforehand: any thread may
/// write any list. Memory that no list uses is never touched.
template <class Entry>
class list_store {
 public:
  list_store() = default;

  /// Room for `limits[i]` entries in list i.
  explicit list_store(std::span<const std::uint32_t> limits) : lists_(limits.size()) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < limits.size(); ++i) {
      lists_[i].begin = size;
      size += limits[i];
    }
    entries_ = raw_array<Entry>(size);
  }
  list_store(const list_store& other) : lists_(other.lists_), entries_(other.entries_.size()) {
    for (const list& l : lists_) {
      std::copy_n(other.entries_.data() + l.begin, l.size, entries_.data() + l.begin);
    }
  }
  list_store(list_store&&) noexcept = default;
  list_store& operator=(list_store other) noexcept {
    lists_.swap(other.lists_);
    entries_ = static_cast<raw_array<Entry>&&>(other.entries_);
    return *this;
  }
  ~list_store() = default;

  [[nodiscard]] std::size_t size() const { return lists_.size(); }
  [[nodiscard]] std::span<const Entry> operator[](std::size_t i) const {
    return {entries_.data() + lists_[i].begin, lists_[i].size};
  }
  /// Where list i is written; `set_size` says how much of it was.
  [[nodiscard]] Entry* start(std::size_t i) { return entries_.data() + lists_[i].begin; }
  void set_size(std::size_t i, std::size_t size) {
    lists_[i].size = static_cast<std::uint32_t>(size);
  }

  friend bool operator==(const list_store& a, const list_store& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!std::ranges::equal(a[i], b[i])) return false;
    }
    return true;
  }

 private:
  struct list {
    std::size_t begin = 0;
    std::uint32_t size = 0;
  };

  std::vector<list> lists_;
  raw_array<Entry> entries_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_LIST_STORE_HPP
