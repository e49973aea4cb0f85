#ifndef TAILOR_OFFER_BUDGET_HPP
#define TAILOR_OFFER_BUDGET_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "budget_record.hpp"
#include "quota.hpp"
#include "request_key.hpp"
#include "reservation.hpp"
#include "reservation_ring.hpp"
#include "spin_lock.hpp"
#include "steady_time.hpp"

namespace tailor::inline v0::offer {

/// Units under a cap, for any number of threads: reserved under a key, then committed or released;
/// what is neither within `ttl` expires, and is given back when it is. One compare-and-swap decides
/// about the cap; keys are spread over shards, each behind a lock of its own.
///
/// Time is the host's and never decreases inside: a clock that jumps back changes nothing until it
/// has caught up. Keys are remembered for `remember` after their reservation expired or would have;
/// a request that is repeated later than that counts as a new one. Holds no personal data: keys are
/// keyed hashes of checkouts, and vanish.
///
/// Cost of each step: O(1) amortised; of a refusal O(1), or O(shards) when something is due.
class sharded_budget {
 public:
  static constexpr const char* section = "budget";
  static constexpr std::uint32_t format = 1;

  struct options {
    std::int64_t cap = 0;            ///< uses, or minor units of money
    duration ttl = minutes(15);      ///< how long a reservation lives
    duration remember = days(30);    ///< how long a key is known after that
    std::size_t max_keys = 1 << 22;  ///< about so many keys at a time, 80 to 90 bytes each
    std::size_t shards = 16;         ///< rounded up to a power of two; 1 for one thread
    std::uint64_t seed = 0;  ///< keys the tables, for hosts whose keys shoppers could choose
  };

  /// out_of_range when cap or `remember` is negative, `ttl` or `max_keys` not positive, or `shards`
  /// not 1 to 1024.
  [[nodiscard]] static result<sharded_budget> make(const options& o) {
    if (o.ttl.us <= 0 || o.remember.us < 0 || o.max_keys == 0) return errc::out_of_range;
    if (o.shards == 0 || o.shards > 1024) return errc::out_of_range;
    result<quota> left = quota::make(o.cap);
    if (!left) return left.error();
    return sharded_budget(o, *std::move(left));
  }

  /// Reserves units until `now` + ttl. Same key, same ticket, also after the commit. Nothing is
  /// taken when refused: full when the cap, or `max_keys`, would be passed; out_of_range when the
  /// amount is not positive; conflict when the key reserved another amount; stale when the
  /// reservation of the key has expired or was released.
  [[nodiscard]] result<ticket> reserve(request_key key, std::int64_t amount, timestamp now) {
    if (amount <= 0) return errc::out_of_range;
    const std::uint64_t hash = hash_of(key);
    for (bool swept = false;; swept = true) {
      timestamp time{};
      {
        shard& s = shards_[shard_of(hash)];
        const detail::spin_guard guard(s.lock);
        s.ring.prefetch(hash);
        time = advance(s, now);
        if (const reservation* r = s.ring.find(key, hash)) return r->again(amount);
        if (s.ring.size() >= keys_per_shard_) return error{errc::full, "keys", 0};
        s.ring.make_room();
        if (left_.take(amount)) {
          const timestamp until =
              (std::max)(detail::held_after(time, options_.ttl), s.ring.last_until());
          s.ring.add(key, until, hash).amount = amount;
          s.reserved += amount;
          earliest_.move(until);
          return ticket{key, amount, until};
        }
      }
      if (swept || time < earliest_.at()) return error{errc::full, "cap", 0};
      sweep(time);
    }
  }

  /// Spends `amount` of what was reserved and gives the rest back. Again with the same amount: same
  /// answer. out_of_range when not within 1 and what was reserved; conflict after another amount or
  /// a release; stale when the reservation has expired; unknown when there is none.
  status commit(request_key key, std::int64_t amount, timestamp now) {
    return with(key, now, [&](shard& s, reservation& r) -> status {
      switch (r.state) {
        case reservation_state::held:
          if (amount <= 0 || amount > r.amount) return errc::out_of_range;
          r.state = reservation_state::committed;
          r.spent = amount;
          s.reserved -= r.amount;
          s.spent += amount;
          return left_.give(r.amount - amount);
        case reservation_state::committed:
        case reservation_state::returned:
          return amount == r.spent ? status{} : errc::conflict;
        case reservation_state::expired:
          return errc::stale;
        case reservation_state::released:
          break;
      }
      return errc::conflict;
    });
  }

  /// Gives back what was reserved and not committed. Again, or after it expired: done already.
  /// conflict after a commit; unknown when there is no reservation.
  status release(request_key key) {
    return with(key, clock_.at(), [&](shard& s, reservation& r) -> status {
      if (r.state == reservation_state::committed || r.state == reservation_state::returned) {
        return errc::conflict;
      }
      if (r.state != reservation_state::held) return {};
      r.state = reservation_state::released;
      s.reserved -= r.amount;
      return left_.give(r.amount);
    });
  }

  /// After a cancelled or returned order: gives back `amount` of what was committed, once. Again
  /// with the same amount: same answer. out_of_range when not within 1 and what was committed;
  /// conflict after another amount, or when nothing is committed; stale when the reservation had
  /// expired; unknown when there is none.
  status give_back(request_key key, std::int64_t amount) {
    return with(key, clock_.at(), [&](shard& s, reservation& r) -> status {
      switch (r.state) {
        case reservation_state::committed:
          if (amount <= 0 || amount > r.spent) return errc::out_of_range;
          r.state = reservation_state::returned;
          r.returned = amount;
          s.spent -= amount;
          return left_.give(amount);
        case reservation_state::returned:
          return amount == r.returned ? status{} : errc::conflict;
        case reservation_state::expired:
          return errc::stale;
        case reservation_state::held:
        case reservation_state::released:
          break;
      }
      return errc::conflict;
    });
  }

  /// Gives back what is due at `now`: how many units. Needs not be called for the cap's sake, a
  /// `reserve` that finds it reached looks itself; frees the memory of forgotten keys.
  [[nodiscard]] result<std::int64_t> expire(timestamp now) { return sweep(clock_.move(now)); }

  /// What became of a key; unknown when it is not known.
  [[nodiscard]] result<reservation> find(request_key key) {
    reservation found;
    const status done = with(key, clock_.at(), [&](shard&, reservation& r) -> status {
      found = r;
      return {};
    });
    if (!done) return done.error();
    return found;
  }

  /// As of the latest time that was given. Exact when no thread changes the budget meanwhile.
  [[nodiscard]] budget_totals totals() {
    budget_totals sum{options_.cap, 0, 0};
    for (shard& s : shards_) {
      const detail::spin_guard guard(s.lock);
      advance(s, clock_.at());
      sum.reserved += s.reserved;
      sum.spent += s.spent;
    }
    return sum;
  }
  /// Units that nobody has; those count as taken that are due and not yet given back.
  [[nodiscard]] std::int64_t left() const { return left_.left(); }
  [[nodiscard]] const options& settings() const { return options_; }
  /// The latest time that was given.
  [[nodiscard]] timestamp latest() const { return clock_.at(); }

  // What follows is for one thread alone.

  /// All of it at the latest time, in canonical order.
  [[nodiscard]] budget_record record() const {
    budget_record out{options_.cap, options_.ttl, options_.remember, clock_.at(), 0, {}};
    for (const shard& s : shards_) {
      out.spent += s.spent;
      s.ring.for_each([&](const reservation& r) { out.add(r); });
    }
    out.sort();
    return out;
  }
  /// What a record says, under these options; its reservations keep their expiry. conflict when
  /// more is taken than the cap; out_of_range as `make`. Precondition: the record is valid.
  [[nodiscard]] static result<sharded_budget> from(const budget_record& record, const options& o) {
    if (record.taken() > o.cap) return error{errc::conflict, "cap", 0};
    result<sharded_budget> made = make(o);
    if (!made) return made;
    sharded_budget& out = *made;
    out.clock_.move(record.latest);
    out.shards_.front().spent = record.spent;
    static_cast<void>(out.left_.take(record.spent));
    for (const reservation& r : record.reservations) {
      const std::uint64_t hash = out.hash_of(r.key);
      shard& s = out.shards_[out.shard_of(hash)];
      s.ring.make_room();
      s.ring.add(r.key, r.until, hash) = r;
      if (r.state != reservation_state::held) continue;
      s.reserved += r.amount;
      static_cast<void>(out.left_.take(r.amount));
      out.earliest_.move(r.until);
    }
    return made;
  }

  friend bool operator==(const sharded_budget& a, const sharded_budget& b) {
    return a.record() == b.record();
  }

  void encode(byte_writer& out) const { record().encode(out); }
  /// Reads what `encode` wrote; `max_keys`, `shards` and `seed` are the default ones.
  [[nodiscard]] static result<sharded_budget> decode(byte_reader& in) {
    const result<budget_record> record = budget_record::decode(in);
    if (!record) return record.error();
    return from(*record, {.cap = record->cap, .ttl = record->ttl, .remember = record->remember});
  }

 private:
  struct alignas(64) shard {
    detail::spin_lock lock;
    std::int64_t reserved = 0;
    std::int64_t spent = 0;
    detail::reservation_ring ring;
  };

  sharded_budget(const options& o, quota left)
      : options_(o), shards_(std::bit_ceil(o.shards)), left_(std::move(left)) {
    // Hashing is not even: somewhat more for each than its share.
    const std::size_t share = o.max_keys / shards_.size();
    keys_per_shard_ = (std::min)(shards_.size() == 1 ? share : share + share / 4 + 64,
                                 detail::reservation_ring::max_size);
  }

  [[nodiscard]] std::uint64_t hash_of(const request_key& key) const {
    return detail::reservation_ring::hash_of(key, options_.seed);
  }
  [[nodiscard]] std::size_t shard_of(std::uint64_t hash) const {
    return static_cast<std::size_t>(hash >> 32) & (shards_.size() - 1);
  }

  /// Brings a locked shard up to the time: which is that.
  timestamp advance(shard& s, timestamp now) {
    const timestamp time = clock_.move(now);
    s.ring.expire(time, [&](const reservation& r) {
      s.reserved -= r.amount;
      static_cast<void>(left_.give(r.amount));
    });
    s.ring.forget(time, options_.remember);
    return time;
  }

  template <class F>
  status with(request_key key, timestamp now, F&& f) {
    const std::uint64_t hash = hash_of(key);
    shard& s = shards_[shard_of(hash)];
    const detail::spin_guard guard(s.lock);
    advance(s, now);
    reservation* const r = s.ring.find(key, hash);
    return r == nullptr ? status{errc::unknown} : f(s, *r);
  }

  std::int64_t sweep(timestamp now) {
    earliest_.set(timestamp{INT64_MAX});  // before the walk: what is reserved meanwhile moves it
    std::int64_t back = 0;
    for (shard& s : shards_) {
      const detail::spin_guard guard(s.lock);
      const std::int64_t before = s.reserved;
      advance(s, now);
      back += before - s.reserved;
      earliest_.move(s.ring.next_due());
    }
    return back;
  }

  options options_;
  std::vector<shard> shards_;
  std::size_t keys_per_shard_ = 0;
  alignas(64) quota left_;  // what threads fight for lies together, and alone
  steady_time clock_{timestamp{INT64_MIN}};
  earliest_time earliest_{timestamp{INT64_MAX}};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_BUDGET_HPP
