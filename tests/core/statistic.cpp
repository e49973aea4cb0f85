#include "tailor/core/statistic.hpp"

#include <cstdint>
#include <map>

#include "../catch.hpp"

namespace {

struct purchase {
  tailor::user_id user;
  std::int64_t cents;
};

// The least that is a statistic: what each shopper spent.
class spending {
 public:
  void observe(const purchase& p) { add(p.user, p.cents); }
  void retract(const purchase& p) { add(p.user, -p.cents); }
  void merge(const spending& other) {
    for (const auto& [user, cents] : other.cents_) add(user, cents);
  }
  void forget(tailor::user_id user) { cents_.erase(user); }
  friend bool operator==(const spending&, const spending&) = default;

 private:
  void add(tailor::user_id user, std::int64_t cents) {
    if ((cents_[user] += cents) == 0) cents_.erase(user);
  }
  std::map<tailor::user_id, std::int64_t> cents_;
};

struct never_forgets {
  void observe(const purchase&) {}
  void retract(const purchase&) {}
  void merge(const never_forgets&) {}
  friend bool operator==(const never_forgets&, const never_forgets&) = default;
};

}  // namespace

TEST_CASE("statistic: the least model satisfies the concept and the laws") {
  static_assert(tailor::forgettable<spending>);
  static_assert(tailor::mergeable<spending>);
  static_assert(tailor::statistic<spending, purchase>);
  const purchase a{tailor::user_id{1}, 250}, b{tailor::user_id{2}, 90};
  spending ab, ba;
  ab.observe(a);
  ab.observe(b);
  ba.observe(b);
  ba.observe(a);
  CHECK(ab == ba);
  ab.forget(tailor::user_id{1});
  ba.retract(a);
  CHECK(ab == ba);
}

TEST_CASE("statistic: a missing verb is noticed") {
  static_assert(!tailor::forgettable<never_forgets>);
  static_assert(!tailor::statistic<never_forgets, purchase>);
  static_assert(!tailor::statistic<spending, int>);
  static_assert(!tailor::mergeable<int>);
  CHECK(never_forgets{} == never_forgets{});
}
