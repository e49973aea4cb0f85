#ifndef TAILOR_TESTS_OFFER_TRIGGER_WORLD_HPP
#define TAILOR_TESTS_OFFER_TRIGGER_WORLD_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/offer/triggers.hpp"
#include "tailor/testing/laws.hpp"

// What the tests of triggers share: a shop that begins on a Monday at midnight, and its mailbox.
namespace trigger_world {

using namespace tailor;
using events::event_kind;
using offer::channel;
using offer::trigger;
using offer::trigger_book;
using offer::trigger_kind;
using offer::triggers;
using testing::bytes_of;

inline constexpr timestamp monday{1'700'438'400'000'000};  // 2023-11-20T00:00:00Z
inline constexpr user_id ann{7};
inline constexpr user_id bob{1};

/// An intent that stays.
struct mail {
  timestamp due{};
  user_id user{};
  std::uint32_t trigger = 0;
  std::uint32_t step = 0;
  timestamp entered{};
  std::vector<item_id> items;
  std::int64_t amount = 0;
  std::int64_t earlier = 0;
  std::string name;

  friend bool operator==(const mail&, const mail&) = default;
};

struct mailbox {
  std::vector<mail> all;
  void operator()(const offer::intent& i) {
    all.push_back({i.due,
                   i.user,
                   i.trigger,
                   i.step,
                   i.entered_at,
                   {i.items.begin(), i.items.end()},
                   i.amount,
                   i.earlier,
                   std::string(i.name)});
  }
};

inline events::event did(user_id user, event_kind kind, duration after, std::uint64_t item = 0,
                         std::int64_t price = 0, std::int32_t quantity = 1) {
  events::event e;
  e.user = user;
  e.kind = kind;
  e.at = monday + after;
  if (item != 0) e.item = item_id{item};
  e.unit_price = price;
  e.quantity = quantity;
  return e;
}

inline std::vector<offer::trigger_step> steps(std::vector<duration> delays) {
  std::vector<offer::trigger_step> out;
  for (const duration d : delays) out.push_back({.delay = d});
  return out;
}

inline triggers shop(std::vector<trigger> all, const offer::trigger_limits& limits = {}) {
  return triggers::make(trigger_book::make(std::move(all)).value(), monday, limits).value();
}

/// When the messages are due, after Monday midnight.
inline std::vector<duration> times(const std::vector<mail>& all) {
  std::vector<duration> out;
  for (const mail& m : all) out.push_back(m.due - monday);
  return out;
}

/// All messages until then.
template <class... More>
std::vector<mail> until(triggers& t, duration after, More&&... more) {
  mailbox box;
  REQUIRE(t.advance(monday + after, box, std::forward<More>(more)...));
  return box.all;
}

inline bool same(const triggers& a, const triggers& b) {
  return a == b && b == a && bytes_of(a) == bytes_of(b);
}

inline result<triggers> read(const std::vector<std::byte>& bytes) {
  byte_reader in(bytes);
  auto out = triggers::decode(in);
  if (out && in.remaining() != 0) return errc::corrupt;
  return out;
}

}  // namespace trigger_world

#endif  // TAILOR_TESTS_OFFER_TRIGGER_WORLD_HPP
