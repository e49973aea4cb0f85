// A budget of uses and a coupon pool that survive a crash and retries.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tailor/offer/durable_budget.hpp"
#include "tailor/offer/durable_coupons.hpp"

using namespace tailor;

namespace {

// From the shop's store of secrets; has to stay the same.
constexpr hash_key secret{0x243f6a8885a308d3, 0x13198a2e03707344};

offer::request_key checkout(const char* id) { return offer::key_of(secret, id); }

bool budgets(const std::string& path, timestamp now) {
  const offer::sharded_budget::options two_uses{.cap = 2, .ttl = minutes(15)};
  {
    auto budget = offer::durable_budget<>::open(path, two_uses);
    if (!budget) return false;
    const auto ticket = budget->reserve(checkout("cart 1"), 1, now);
    if (!ticket) return false;  // full: sell without the discount
    if (!budget->commit(checkout("cart 1"), 1, now)) return false;
    if (!budget->reserve(checkout("cart 2"), 1, now)) return false;
    std::printf("third cart: %s\n", name_of(budget->reserve(checkout("cart 3"), 1, now).code()));
  }  // as a crash would: nothing is closed

  auto budget = offer::durable_budget<>::open(path, two_uses);
  if (!budget) return false;
  const auto again = budget->reserve(checkout("cart 2"), 1, now);  // the browser tries again
  const auto totals = budget->totals();
  std::printf("retry of cart 2: %s, spent %d, reserved %d of %d\n", name_of(again.code()),
              int(totals.spent), int(totals.reserved), int(totals.cap));
  std::printf("a quarter of an hour later, third cart: %s\n",
              name_of(budget->reserve(checkout("cart 3"), 1, now + minutes(15)).code()));
  std::printf("and cart 2 pays: %s\n",
              name_of(budget->commit(checkout("cart 2"), 1, now + minutes(15)).code()));
  return static_cast<bool>(budget->close());
}

bool coupons(const std::string& path, timestamp now) {
  auto pool = offer::durable_coupons<>::open(path, {.low_stock = 1, .secret = secret});
  if (!pool) return false;
  for (const char* code : {"SUN-7Q2F", "SUN-K9XM"}) {
    if (!pool->load(code)) return false;
  }
  const auto first = pool->assign(user_id{7}, now);
  const auto later = pool->assign(user_id{7}, now + days(3));  // in another e-mail
  if (!first || !later) return false;
  std::printf("the same code again: %s\n", first->text() == later->text() ? "yes" : "no");
  const status used = pool->redeem(first->text(), user_id{7}, checkout("order 1"), now);
  const status twice = pool->redeem(first->text(), user_id{7}, checkout("order 2"), now);
  const status guess = pool->redeem("SUN-AAAA", user_id{7}, checkout("order 2"), now);
  std::printf("used: %s, once more: %s, guessed: %s\n", name_of(used.code()), name_of(twice.code()),
              name_of(guess.code()));
  const bool low = pool->read([](const offer::coupon_pool& p) { return p.low(); });
  std::printf("time to load more: %s\n", low ? "yes" : "no");
  return pool->forget(user_id{7}) && pool->close();
}

}  // namespace

int main() {
  char directory[] = "/tmp/tailor-offers-XXXXXX";
  if (::mkdtemp(directory) == nullptr) return 1;
  const std::string at = directory;
  const timestamp now = timestamp{} + days(20'000);
  const bool done = budgets(at + "/summer", now) && coupons(at + "/codes", now);
  for (const char* name : {"/summer", "/summer.lock", "/codes", "/codes.lock"}) {
    ::unlink((at + name).c_str());
  }
  ::rmdir(directory);
  return done ? 0 : 1;
}
