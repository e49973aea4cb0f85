#ifndef TAILOR_OFFER_RESERVATION_RING_HPP
#define TAILOR_OFFER_RESERVATION_RING_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/contract.hpp"
#include "../core/hash.hpp"
#include "../core/time.hpp"
#include "reservation.hpp"

namespace tailor::inline v0::offer::detail {

/// Reservations in the order in which they expire, to be found by key. All live equally long, so
/// that order is the order of arrival: they lie one behind another in a ring, a cursor says which
/// expired, and what is forgotten leaves at the front. The index has 8 bytes a slot, at most 5/8 of
/// them in use; deletion by backward shift (Knuth, TAOCP 6.4, algorithm R).
/// Cost: O(1) expected, amortised. Memory: 64 bytes and some 13 to 26 a reservation, times two
/// while the ring grows.
class reservation_ring {
 public:
  static constexpr std::size_t max_size = std::size_t{1} << 30;

  /// Spreads keys over shards and slots.
  [[nodiscard]] static std::uint64_t hash_of(const request_key& key, std::uint64_t seed) {
    return mix64(mix64(key.high ^ seed) + key.low);
  }

  [[nodiscard]] std::size_t size() const { return tail_ - head_; }
  /// Nothing that is held expires before.
  [[nodiscard]] timestamp next_due() const { return next_due_; }
  /// The last of those that were added expires then.
  [[nodiscard]] timestamp last_until() const { return last_until_; }
  [[nodiscard]] std::size_t bytes() const {
    return ring_.capacity() * sizeof(cell) + slots_.capacity() * sizeof(slot);
  }

  /// Null when there is none. `hash` is that of the key.
  [[nodiscard]] reservation* find(const request_key& key, std::uint64_t hash) {
    return const_cast<reservation*>(static_cast<const reservation_ring*>(this)->find(key, hash));
  }
  [[nodiscard]] const reservation* find(const request_key& key, std::uint64_t hash) const {
    if (slots_.empty()) return nullptr;
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t i = home(tag);; i = next(i)) {
      const slot& s = slots_[i];
      if (s.tag == 0) return nullptr;
      if (s.tag == tag && at(s.number).key == key) return &at(s.number);
    }
  }

  /// Hides the latency of a coming `expire`, `find` and `add`.
  void prefetch(std::uint64_t hash) const {
    if (slots_.empty()) return;
    __builtin_prefetch(&slots_[home(tag_of(hash))], 1);
    __builtin_prefetch(&ring_[tail_ & ring_mask_], 1);
    __builtin_prefetch(&ring_[due_ & ring_mask_], 1);
  }

  /// Makes room for one more, so that `add` cannot fail.
  void make_room() {
    if (size() == room_) grow_ring();
    if (size() == slot_room_) grow_slots();
  }

  /// A new one, of nothing yet. Preconditions: room was made; the key is not there; it expires no
  /// earlier than the last one.
  reservation& add(const request_key& key, timestamp until, std::uint64_t hash) {
    TAILOR_EXPECTS(size() < room_ && size() < slot_room_ && until >= last_until_);
    if (size() == 0) first_until_ = until;
    if (due_ == tail_) next_due_ = until;
    last_until_ = until;
    const std::uint32_t tag = tag_of(hash);
    const auto number = static_cast<std::uint32_t>(tail_);
    cell& c = ring_[number & ring_mask_];
    c.tag = tag;
    // Field by field: written as a whole it would be put together in memory and copied.
    c.r.key.high = key.high;
    c.r.key.low = key.low;
    c.r.until = until;
    c.r.amount = 0;
    c.r.spent = 0;
    c.r.returned = 0;
    c.r.state = reservation_state::held;
    insert(tag, number);
    ++tail_;
    return c.r;
  }

  /// Calls `f(reservation&)` for what is held and due at `now`, and marks it expired.
  template <class F>
  void expire(timestamp now, F&& f) {
    if (now < next_due_) return;
    for (; due_ != tail_; ++due_) {
      reservation& r = at(static_cast<std::uint32_t>(due_));
      if (r.state != reservation_state::held) continue;
      if (now < r.until) break;
      f(r);
      r.state = reservation_state::expired;
    }
    next_due_ = due_ == tail_ ? timestamp{INT64_MAX} : until_at(due_);
  }

  /// Forgets what expired, or would have, `remember` ago or longer.
  /// Precondition: it was expired until `now`.
  void forget(timestamp now, duration remember) {
    while (head_ != tail_ && held_after(first_until_, remember) <= now) {
      const auto number = static_cast<std::uint32_t>(head_);
      erase(ring_[number & ring_mask_].tag, number);
      if (due_ == head_) ++due_;
      ++head_;
      if (head_ != tail_) first_until_ = until_at(head_);
    }
    if (due_ == tail_) next_due_ = timestamp{INT64_MAX};
  }

  /// In the order in which they expire.
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t n = head_; n != tail_; ++n) f(at(static_cast<std::uint32_t>(n)));
  }

 private:
  /// On a line of the cache of its own.
  struct alignas(64) cell {
    reservation r;
    std::uint32_t tag = 0;
  };
  struct slot {
    std::uint32_t tag = 0;  // a part of the hash, which says the home of the slot; zero: free
    std::uint32_t number = 0;
  };

  [[nodiscard]] static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash) | 1U;
  }
  [[nodiscard]] std::size_t home(std::uint32_t tag) const { return tag >> shift_; }
  [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & slot_mask_; }
  [[nodiscard]] reservation& at(std::uint32_t number) { return ring_[number & ring_mask_].r; }
  [[nodiscard]] const reservation& at(std::uint32_t number) const {
    return ring_[number & ring_mask_].r;
  }
  [[nodiscard]] timestamp until_at(std::size_t n) const {
    return at(static_cast<std::uint32_t>(n)).until;
  }

  void insert(std::uint32_t tag, std::uint32_t number) {
    std::size_t i = home(tag);
    while (slots_[i].tag != 0) i = next(i);
    slots_[i] = {tag, number};
  }

  void erase(std::uint32_t tag, std::uint32_t number) {
    std::size_t hole = home(tag);
    while (slots_[hole].tag == 0 || slots_[hole].number != number) hole = next(hole);
    for (std::size_t i = next(hole); slots_[i].tag != 0; i = next(i)) {
      const std::size_t wanted = home(slots_[i].tag);
      if (((i - wanted) & slot_mask_) >= ((i - hole) & slot_mask_)) {
        slots_[hole] = slots_[i];
        hole = i;
      }
    }
    slots_[hole] = {};
  }

  void grow_ring() {
    std::vector<cell> wider((std::max)(room_ * 2, std::size_t{8}));
    const std::size_t mask = wider.size() - 1;
    for (std::size_t n = head_; n != tail_; ++n) {
      const auto number = static_cast<std::uint32_t>(n);
      wider[number & mask] = ring_[number & ring_mask_];
    }
    ring_.swap(wider);
    room_ = ring_.size();
    ring_mask_ = mask;
  }

  void grow_slots() {
    std::vector<slot> old((std::max)(slots_.size() * 2, std::size_t{16}));
    slots_.swap(old);
    slot_mask_ = slots_.size() - 1;
    slot_room_ = slots_.size() * 5 / 8;
    shift_ = 32 - static_cast<int>(std::bit_width(slot_mask_));
    for (const slot& s : old) {
      if (s.tag != 0) insert(s.tag, s.number);
    }
  }

  std::size_t head_ = 0;  // running numbers: of the first, the first that may be due, the next
  std::size_t due_ = 0;
  std::size_t tail_ = 0;
  timestamp first_until_{INT64_MAX};
  timestamp next_due_{INT64_MAX};
  timestamp last_until_{INT64_MIN};
  std::vector<cell> ring_;   // a power of two
  std::vector<slot> slots_;  // likewise
  std::size_t room_ = 0;     // of the ring; then, of the slots, before they are too full
  std::size_t slot_room_ = 0;
  std::size_t ring_mask_ = 0;
  std::size_t slot_mask_ = 0;
  int shift_ = 31;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_RESERVATION_RING_HPP
