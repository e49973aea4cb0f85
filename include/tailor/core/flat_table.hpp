#ifndef TAILOR_CORE_FLAT_TABLE_HPP
#define TAILOR_CORE_FLAT_TABLE_HPP

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "contract.hpp"
#include "hash.hpp"

namespace tailor::inline v0 {

/// Unsigned keys to positive 32-bit numbers in one flat array; zero means absent, so a count that
/// falls to zero leaves no trace. Serves as id → handle + 1 and as sparse counter. Iteration order
/// depends on the seed and the history: sort what leaves the process.
/// Linear probing, at most 5/8 full, deletion by backward shift (Knuth, TAOCP 6.4, algorithm R).
/// Cost: O(1) expected. `seed` keys the hash against crafted ids.
template <std::unsigned_integral Key>
class flat_table {
 public:
  explicit flat_table(std::uint64_t seed = 0) : seed_(seed) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(slot); }

  /// The number at `key`, zero when absent.
  [[nodiscard]] std::uint32_t find(Key key) const {
    if (slots_.empty()) return 0;
    for (std::size_t i = home(key);; i = next(i)) {
      const slot& s = slots_[i];
      if (s.value == 0 || s.key == key) return s.value;
    }
  }

  /// Hides the latency of a coming `find`, `set` or `add`.
  void prefetch(Key key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[home(key)]);
  }

  /// Puts `value` at `key`; zero erases.
  void set(Key key, std::uint32_t value) {
    if (value == 0) return erase(key);
    reserve(size_ + 1);
    slot& s = slots_[position(key)];
    if (s.value == 0) ++size_;
    s = {key, value};
  }

  /// Adds one and returns the new number. Precondition: it fits.
  std::uint32_t increment(Key key) {
    reserve(size_ + 1);
    slot& s = slots_[position(key)];
    if (s.value == 0) {
      ++size_;
      s.key = key;
    }
    TAILOR_EXPECTS(s.value != UINT32_MAX);
    return ++s.value;
  }

  /// Takes one away and returns the new number. Precondition: the key is present.
  std::uint32_t decrement(Key key) {
    TAILOR_EXPECTS(find(key) != 0);
    const std::size_t i = position(key);
    if (slots_[i].value > 1) return --slots_[i].value;
    vacate(i);
    return 0;
  }

  void erase(Key key) {
    if (slots_.empty()) return;
    const std::size_t i = position(key);
    if (slots_[i].value != 0) vacate(i);
  }

  /// Makes room for `count` keys.
  void reserve(std::size_t count) {
    if (count * 8 <= slots_.size() * 5) return;
    const std::size_t capacity = std::bit_ceil((std::max)(count * 8 / 5 + 1, std::size_t{8}));
    std::vector<slot> old(capacity);
    old.swap(slots_);
    shift_ = 64 - static_cast<int>(std::bit_width(capacity - 1));
    for (const slot& s : old) {
      if (s.value != 0) slots_[position(s.key)] = s;
    }
  }

  /// Calls `f(key, number)` for every key, in no order that may be shown.
  template <class F>
  void for_each(F&& f) const {
    for (const slot& s : slots_) {
      if (s.value != 0) f(s.key, s.value);
    }
  }

 private:
  struct slot {
    Key key{};
    std::uint32_t value = 0;
  };

  [[nodiscard]] std::size_t home(Key key) const {
    return static_cast<std::size_t>(mix64(std::uint64_t{key} ^ seed_) >> shift_);
  }
  [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }

  /// Where `key` is or would go. Precondition: there is a free slot.
  [[nodiscard]] std::size_t position(Key key) const {
    std::size_t i = home(key);
    while (slots_[i].value != 0 && slots_[i].key != key) i = next(i);
    return i;
  }

  /// Frees slot `hole` and moves back what probed past it.
  void vacate(std::size_t hole) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = next(hole); slots_[i].value != 0; i = next(i)) {
      if (((i - home(slots_[i].key)) & mask) >= ((i - hole) & mask)) {
        slots_[hole] = slots_[i];
        hole = i;
      }
    }
    slots_[hole] = {};
    --size_;
  }

  std::vector<slot> slots_;
  std::size_t size_ = 0;
  std::uint64_t seed_;
  int shift_ = 63;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_FLAT_TABLE_HPP
