#ifndef TAILOR_OFFER_RESERVATION_HPP
#define TAILOR_OFFER_RESERVATION_HPP

#include <concepts>
#include <cstdint>

#include "../core/result.hpp"
#include "../core/time.hpp"
#include "request_key.hpp"

namespace tailor::inline v0::offer {

/// A promise of units: to be committed or released before `until`, else it expires.
struct ticket {
  request_key key;
  std::int64_t amount = 0;
  timestamp until{};

  friend constexpr bool operator==(const ticket&, const ticket&) = default;
};

/// held → committed → returned, or held → released, or held → expired. Codes are stored.
enum class reservation_state : std::uint8_t {
  held = 0,
  committed = 1,
  released = 2,
  expired = 3,
  returned = 4
};

/// A reservation and what became of it. `spent` is what was committed, `returned` what of it was
/// given back.
struct reservation {
  request_key key;
  timestamp until{};
  std::int64_t amount = 0;
  std::int64_t spent = 0;
  std::int64_t returned = 0;
  reservation_state state = reservation_state::held;

  /// Units that it takes from the cap.
  [[nodiscard]] constexpr std::int64_t taken() const {
    return state == reservation_state::held ? amount : spent - returned;
  }
  /// What a repeated request gets: the same ticket; conflict for another amount; stale when the
  /// units went back.
  [[nodiscard]] constexpr result<ticket> again(std::int64_t units) const {
    if (units != amount) return errc::conflict;
    if (state == reservation_state::released || state == reservation_state::expired) {
      return errc::stale;
    }
    return ticket{key, amount, until};
  }
  /// Nothing but what these steps can lead to.
  [[nodiscard]] constexpr bool plausible() const {
    if (amount <= 0) return false;
    switch (state) {
      case reservation_state::held:
      case reservation_state::released:
      case reservation_state::expired:
        return spent == 0 && returned == 0;
      case reservation_state::committed:
        return spent > 0 && spent <= amount && returned == 0;
      case reservation_state::returned:
        return spent > 0 && spent <= amount && returned > 0 && returned <= spent;
    }
    return false;
  }

  friend constexpr bool operator==(const reservation&, const reservation&) = default;
};

/// What is left of a budget, and what became of the rest.
struct budget_totals {
  std::int64_t cap = 0;
  std::int64_t reserved = 0;
  std::int64_t spent = 0;

  [[nodiscard]] constexpr std::int64_t left() const { return cap - reserved - spent; }
  friend constexpr bool operator==(const budget_totals&, const budget_totals&) = default;
};

/// Grants units under a cap. Never overspent, by any interleaving of threads: what is held and what
/// is spent together do not pass the cap. Every step may be repeated: same key, same answer, and
/// the units move once.
template <class B>
concept budget = requires(B& b, request_key key, std::int64_t amount, timestamp now) {
  { b.reserve(key, amount, now) } -> std::same_as<result<ticket>>;
  { b.commit(key, amount, now) } -> std::same_as<status>;
  { b.release(key) } -> std::same_as<status>;
  { b.give_back(key, amount) } -> std::same_as<status>;
  { b.expire(now) } -> std::same_as<result<std::int64_t>>;
};

namespace detail {

/// Sums of times are held at the end of time.
[[nodiscard]] constexpr timestamp held_after(timestamp t, duration d) {
  std::int64_t us = 0;
  return {__builtin_add_overflow(t.us, d.us, &us) ? INT64_MAX : us};
}

}  // namespace detail

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_RESERVATION_HPP
