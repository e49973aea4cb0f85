// A budget as one would write it to be obviously right: a map, and sums computed each time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

#include "tailor/offer/budget.hpp"

namespace tailor_test {

class slow_budget {
 public:
  using key = tailor::offer::request_key;
  using state = tailor::offer::reservation_state;

  explicit slow_budget(tailor::offer::sharded_budget::options o) : options_(o) {}

  tailor::result<tailor::offer::ticket> reserve(key k, std::int64_t amount, tailor::timestamp now) {
    if (amount <= 0) return tailor::errc::out_of_range;
    pass(now);
    const auto found = all_.find(k);
    if (found != all_.end()) {
      const auto& r = found->second;
      if (r.amount != amount) return tailor::errc::conflict;
      if (r.state == state::released || r.state == state::expired) return tailor::errc::stale;
      return tailor::offer::ticket{k, amount, r.until};
    }
    if (taken() + amount > options_.cap) return tailor::errc::full;
    const tailor::timestamp until = latest_ + options_.ttl;
    all_[k] = {.key = k, .until = until, .amount = amount};
    return tailor::offer::ticket{k, amount, until};
  }
  tailor::status commit(key k, std::int64_t amount, tailor::timestamp now) {
    pass(now);
    const auto found = all_.find(k);
    if (found == all_.end()) return tailor::errc::unknown;
    auto& r = found->second;
    if (r.state == state::expired) return tailor::errc::stale;
    if (r.state == state::released) return tailor::errc::conflict;
    if (r.state != state::held) {
      return amount == r.spent ? tailor::errc::ok : tailor::errc::conflict;
    }
    if (amount < 1 || amount > r.amount) return tailor::errc::out_of_range;
    r.state = state::committed;
    r.spent = amount;
    return {};
  }
  tailor::status release(key k) {
    const auto found = all_.find(k);
    if (found == all_.end()) return tailor::errc::unknown;
    auto& r = found->second;
    if (r.state == state::committed || r.state == state::returned) return tailor::errc::conflict;
    if (r.state == state::held) r.state = state::released;
    return {};
  }
  tailor::status give_back(key k, std::int64_t amount) {
    const auto found = all_.find(k);
    if (found == all_.end()) return tailor::errc::unknown;
    auto& r = found->second;
    if (r.state == state::expired) return tailor::errc::stale;
    if (r.state == state::returned) {
      return amount == r.returned ? tailor::errc::ok : tailor::errc::conflict;
    }
    if (r.state != state::committed) return tailor::errc::conflict;
    if (amount < 1 || amount > r.spent) return tailor::errc::out_of_range;
    r.state = state::returned;
    r.returned = amount;
    return {};
  }
  void pass(tailor::timestamp now) {
    latest_ = (std::max)(latest_, now);
    for (auto at = all_.begin(); at != all_.end();) {
      auto& r = at->second;
      if (r.state == state::held && r.until <= latest_) r.state = state::expired;
      if (r.until + options_.remember <= latest_) {
        forgotten_ += r.spent - r.returned;
        at = all_.erase(at);
      } else {
        ++at;
      }
    }
  }
  [[nodiscard]] tailor::offer::budget_totals totals() const {
    tailor::offer::budget_totals sum{options_.cap, 0, forgotten_};
    for (const auto& [k, r] : all_) {
      if (r.state == state::held) sum.reserved += r.amount;
      sum.spent += r.spent - r.returned;
    }
    return sum;
  }
  [[nodiscard]] std::int64_t taken() const {
    const auto sum = totals();
    return sum.reserved + sum.spent;
  }

 private:
  tailor::offer::sharded_budget::options options_;
  std::map<key, tailor::offer::reservation> all_;
  tailor::timestamp latest_{INT64_MIN};
  std::int64_t forgotten_ = 0;
};

}  // namespace tailor_test
