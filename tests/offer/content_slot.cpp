#include "tailor/offer/content_slot.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using offer::content_slot;
using offer::slot_outcome;
using offer::slot_step;
using offer::slot_variant;

namespace {

/// Bit i: whether condition i holds. Counts what it is asked.
struct bits {
  std::uint64_t set = 0;
  mutable int asked = 0;
  [[nodiscard]] bool holds(std::uint32_t i) const {
    ++asked;
    return (set >> i & 1) != 0;
  }
};
static_assert(offer::slot_predicate<bits>);
static_assert(!offer::slot_predicate<int>);

content_slot banner() {
  return content_slot::make({{.name = "summer", .priority = 1, .from = {100}, .to = {200}},
                             {.name = "vip", .priority = 5, .condition = 0},
                             {.name = "new here", .priority = 5, .condition = 1},
                             {.name = "tea lovers", .priority = 3, .condition = 2, .to = {150}}},
                            "plain")
      .value();
}

}  // namespace

TEST_CASE("content slot: the highest priority that matches, ties by order, else the default") {
  const content_slot slot = banner();
  const auto at = [&](std::uint64_t set, std::int64_t now) {
    return std::string(slot.name_of(slot.choose(bits{set}, {now})));
  };
  CHECK(at(0b000, 50) == "plain");
  CHECK(at(0b000, 100) == "summer");
  CHECK(at(0b000, 199) == "summer");
  CHECK(at(0b000, 200) == "plain");
  CHECK(at(0b001, 150) == "vip");
  CHECK(at(0b011, 150) == "vip");
  CHECK(at(0b110, 149) == "new here");
  CHECK(at(0b100, 149) == "tea lovers");
  CHECK(at(0b100, 150) == "summer");
}

TEST_CASE("content slot: says what became of each variant") {
  const content_slot slot = banner();
  std::vector<slot_step> steps;
  CHECK(slot.explain(bits{0b100}, {50}, steps) == 3);
  CHECK(steps == std::vector<slot_step>{{1, slot_outcome::blocked},
                                        {2, slot_outcome::blocked},
                                        {3, slot_outcome::chosen},
                                        {0, slot_outcome::not_reached}});
  CHECK(slot.explain(bits{0b100}, {300}, steps) == content_slot::by_default);
  CHECK(steps[2] == slot_step{3, slot_outcome::over});
  CHECK(steps[3] == slot_step{0, slot_outcome::over});
  slot.explain(bits{}, {50}, steps);
  CHECK(steps[3] == slot_step{0, slot_outcome::too_early});
}

TEST_CASE("content slot: asks no condition that cannot matter") {
  const content_slot slot = banner();
  const bits vip{0b111};
  static_cast<void>(slot.choose(vip, {120}));
  CHECK(vip.asked == 1);
  const bits late{0};
  static_cast<void>(slot.choose(late, {160}));
  CHECK(late.asked == 2);  // the third one's time is over
}

TEST_CASE("content slot: stands until the next schedule begins or ends") {
  const content_slot slot = banner();
  CHECK(slot.stands_until({0}) == timestamp{100});
  CHECK(slot.stands_until({100}) == timestamp{150});
  CHECK(slot.stands_until({150}) == timestamp{200});
  CHECK(slot.stands_until({200}) == timestamp{INT64_MAX});
  CHECK(content_slot::make({}).value().stands_until({0}) == timestamp{INT64_MAX});
}

TEST_CASE("content slot: an empty slot shows its default") {
  const auto slot = content_slot::make({});
  REQUIRE(slot);
  CHECK(slot->choose(bits{}, {0}) == content_slot::by_default);
  CHECK(slot->name_of(content_slot::by_default).empty());
}

TEST_CASE("content slot: mistakes are refused with their place") {
  const auto fault = [](std::vector<slot_variant> all, std::string fallback = "plain") {
    return content_slot::make(std::move(all), std::move(fallback)).error();
  };
  CHECK(fault({{.name = "a"}, {.name = ""}}) == errc::empty_id);
  CHECK(fault({{.name = "a"}, {.name = ""}}).at == 1);
  CHECK(fault({{.name = "a\n"}}) == errc::not_text);
  CHECK(fault({}, "\xff") == errc::not_text);
  CHECK(fault({{.name = "b"}, {.name = "a"}, {.name = "b"}}) == errc::duplicate);
  CHECK(fault({{.name = "b"}, {.name = "a"}, {.name = "b"}}).at == 2);
  CHECK(fault({{.name = "plain"}}) == errc::duplicate);
  CHECK(fault({{.name = "a", .from = {5}, .to = {5}}}) == errc::out_of_range);
  std::vector<slot_variant> many;
  for (std::size_t i = 0; i <= content_slot::most_variants; ++i) {
    many.push_back({.name = std::to_string(i)});
  }
  CHECK(fault(many) == errc::full);
}

TEST_CASE("content slot: agrees with looking at every variant") {
  std::int64_t wrong = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    counter_random draw(seed, 1);
    std::vector<slot_variant> all;
    const std::uint64_t n = uniform_below(draw, 7);
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::int64_t from = uniform_between(draw, 0, 8);
      all.push_back({.name = "v" + std::to_string(i),
                     .priority = static_cast<std::int32_t>(uniform_between(draw, -2, 2)),
                     .condition = uniform_below(draw, 4) == 0
                                      ? slot_variant::always
                                      : static_cast<std::uint32_t>(uniform_below(draw, 4)),
                     .from = {from},
                     .to = {from + uniform_between(draw, 1, 6)}});
    }
    const auto slot = content_slot::make(all, "plain");
    REQUIRE(slot);
    const bits p{draw()};
    const timestamp now{uniform_between(draw, 0, 12)};
    std::uint32_t best = content_slot::by_default;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      const slot_variant& v = all[i];
      const bool matches = v.from <= now && now < v.to &&
                           (v.condition == slot_variant::always || p.holds(v.condition));
      if (!matches) continue;
      if (best == content_slot::by_default || v.priority > all[best].priority) best = i;
    }
    std::vector<slot_step> steps;
    wrong += slot->choose(p, now) != best || slot->explain(p, now, steps) != best;
    // Nothing changes before the moment told.
    for (timestamp t = now; t < slot->stands_until(now) && t < timestamp{15}; t = t + duration{1}) {
      wrong += slot->choose(p, t) != best;
    }
  }
  CHECK(wrong == 0);
}
