#ifndef TAILOR_OFFER_BUDGET_RECORD_HPP
#define TAILOR_OFFER_BUDGET_RECORD_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "reservation.hpp"

namespace tailor::inline v0::offer {

/// All that a budget is at its latest time, as a plain value: what is written and compared.
struct budget_record {
  std::int64_t cap = 0;
  duration ttl{};
  duration remember{};
  timestamp latest{};
  std::int64_t spent = 0;                 ///< also by keys that are forgotten
  std::vector<reservation> reservations;  ///< by expiry, then by key

  /// Adds one as it is at the latest time; leaves out what is forgotten by then.
  void add(reservation r) {
    if (detail::held_after(r.until, remember) <= latest) return;
    if (r.state == reservation_state::held && r.until <= latest) {
      r.state = reservation_state::expired;
    }
    reservations.push_back(r);
  }
  void sort() {
    std::sort(reservations.begin(), reservations.end(),
              [](const reservation& a, const reservation& b) { return before(a, b); });
  }

  /// Units that are spent or reserved.
  [[nodiscard]] std::int64_t taken() const {
    std::int64_t sum = spent;
    for (const reservation& r : reservations) {
      if (r.state == reservation_state::held) sum += r.amount;
    }
    return sum;
  }

  friend bool operator==(const budget_record&, const budget_record&) = default;

  void encode(byte_writer& out) const {
    out.i64(cap);
    out.i64(ttl.us);
    out.i64(remember.us);
    out.i64(latest.us);
    out.i64(spent);
    out.u64(reservations.size());
    for (const reservation& r : reservations) {
      out.i64(r.until.us);
      out.u64(r.key.high);
      out.u64(r.key.low);
      out.i64(r.amount);
      out.i64(r.spent);
      out.i64(r.returned);
      out.u8(static_cast<std::uint8_t>(r.state));
    }
  }

  /// Reads what `encode` wrote. corrupt when no budget can be like that.
  [[nodiscard]] static result<budget_record> decode(byte_reader& in) {
    budget_record b;
    b.cap = in.i64();
    b.ttl.us = in.i64();
    b.remember.us = in.i64();
    b.latest.us = in.i64();
    b.spent = in.i64();
    if (b.cap < 0 || b.ttl.us <= 0 || b.remember.us < 0 || b.spent < 0 || b.spent > b.cap) {
      in.fail(errc::corrupt, "budget");
    }
    if (!in.ok()) return in.error();
    std::int64_t free = b.cap - b.spent;
    std::int64_t spent = b.spent;
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const reservation r = read(in);
      if (!in.ok()) break;
      const bool held = r.state == reservation_state::held;
      if (!r.plausible() || detail::held_after(r.until, b.remember) <= b.latest ||
          (held && (r.until <= b.latest || r.amount > free)) || r.spent - r.returned > spent ||
          (!b.reservations.empty() && !before(b.reservations.back(), r))) {
        in.fail(errc::corrupt, "budget reservation");
        break;
      }
      if (held) free -= r.amount;
      spent -= r.spent - r.returned;
      b.reservations.push_back(r);
    }
    if (!in.ok()) return in.error();
    if (b.repeats_a_key()) return error{errc::corrupt, "budget keys", in.offset()};
    return b;
  }

 private:
  [[nodiscard]] static bool before(const reservation& a, const reservation& b) {
    return std::tie(a.until, a.key) < std::tie(b.until, b.key);
  }
  [[nodiscard]] static reservation read(byte_reader& in) {
    reservation r;
    r.until.us = in.i64();
    r.key.high = in.u64();
    r.key.low = in.u64();
    r.amount = in.i64();
    r.spent = in.i64();
    r.returned = in.i64();
    const std::uint8_t state = in.u8();
    r.state = reservation_state{state};
    return r;
  }
  [[nodiscard]] bool repeats_a_key() const {
    std::vector<request_key> keys;
    keys.reserve(reservations.size());
    for (const reservation& r : reservations) keys.push_back(r.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_BUDGET_RECORD_HPP
