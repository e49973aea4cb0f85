#include "tailor/similar/id_order.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "../catch.hpp"

using namespace tailor::similar;

TEST_CASE("id order: that of a sort by id and place, for ids near and far") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t mask = ~std::uint64_t{0} >> (random() % 64);
    std::vector<std::uint64_t> ids(random() % 200);
    for (std::uint64_t& id : ids) id = random() & mask;
    std::vector<std::uint32_t> wanted(ids.size());
    for (std::uint32_t n = 0; n < ids.size(); ++n) wanted[n] = n;
    std::sort(wanted.begin(), wanted.end(), [&](std::uint32_t a, std::uint32_t b) {
      return ids[a] != ids[b] ? ids[a] < ids[b] : a < b;
    });
    REQUIRE(id_order(std::span<const std::uint64_t>(ids)) == wanted);
  }
}
