#include "tailor/core/flat_table.hpp"

#include <cstdint>
#include <map>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;

namespace {

template <class Key>
std::map<Key, std::uint32_t> contents(const flat_table<Key>& t) {
  std::map<Key, std::uint32_t> out;
  t.for_each([&](Key k, std::uint32_t v) { CHECK(out.emplace(k, v).second); });
  return out;
}

}  // namespace

TEST_CASE("flat_table: an absent key has the number zero, and zero erases") {
  flat_table<std::uint64_t> t;
  CHECK(t.find(7) == 0);
  t.erase(7);
  t.set(7, 3);
  t.set(UINT64_MAX, 4);
  t.set(0, 5);
  CHECK(t.find(7) == 3);
  CHECK(t.find(UINT64_MAX) == 4);
  CHECK(t.find(0) == 5);
  CHECK(t.size() == 3);
  t.set(7, 0);
  CHECK(t.find(7) == 0);
  CHECK(t.size() == 2);
}

TEMPLATE_TEST_CASE("flat_table: agrees with an ordered map under random changes", "", std::uint32_t,
                   std::uint64_t) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 0);
    flat_table<TestType> t(seed);
    std::map<TestType, std::uint32_t> model;
    const std::uint64_t keys = 1 + uniform_below(draw, 60);
    for (int step = 0; step < 300; ++step) {
      const auto key = static_cast<TestType>(uniform_below(draw, keys) * 0x10001U);
      switch (uniform_below(draw, 4)) {
        case 0:
          t.set(key, static_cast<std::uint32_t>(step));
          if (step == 0) {
            model.erase(key);
          } else {
            model[key] = static_cast<std::uint32_t>(step);
          }
          break;
        case 1:
          CHECK(t.increment(key) == ++model[key]);
          break;
        case 2:
          if (model.count(key) != 0) {
            CHECK(t.decrement(key) == --model[key]);
            if (model[key] == 0) model.erase(key);
          }
          break;
        default:
          t.erase(key);
          model.erase(key);
      }
      const auto found = model.find(key);
      CHECK(t.find(key) == (found == model.end() ? 0 : found->second));
    }
    CHECK(t.size() == model.size());
    CHECK(contents(t) == model);
  }
}
