// One list in five orders: relevance, variety, proportion, coverage, and a draw.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "tailor/recommend/calibrated.hpp"
#include "tailor/recommend/dpp.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/shuffled.hpp"
#include "tailor/recommend/xquad.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

/// Items 100 … are shoes, 200 … shirts, 300 … hats.
struct department {
  std::uint64_t operator()(item_id item) const { return raw(item) / 100; }
};

template <class Order>
void print(const char* name, const Order& order, const std::vector<ranked_input>& candidates) {
  typename Order::scratch scratch;
  std::vector<std::uint32_t> chosen;
  order(candidates, 6, scratch, chosen);
  std::printf("%-16s", name);
  for (const std::uint32_t n : chosen) std::printf(" %d", int(raw(candidates[n].item)));
  std::printf("\n");
}

}  // namespace

int main() {
  // Best first, as a source has them: shoes lead.
  std::vector<ranked_input> candidates;
  for (std::uint64_t n = 0; n < 12; ++n) {
    const std::uint64_t group = n < 6 ? 1 : n % 2 == 0 ? 2 : 3;
    candidates.push_back({item_id{100 * group + n}, 1.0 - 0.05 * static_cast<double>(n)});
  }

  print("as ranked", as_ranked{}, candidates);
  // Likeness is yours: here, the same department.
  const same_group<department> alike{};
  print("relevance", mmr(alike, 0.9), candidates);
  print("variety", mmr(alike, 0.5), candidates);
  print("determinant", dpp(alike), candidates);

  // What this shopper likes: two thirds shoes, one third hats.
  const taste likes = taste::make(std::vector<group_share>{{1, 2}, {3, 1}}).value();
  print("in proportion", calibrated(department{}, likes, {.lambda = 0.9}), candidates);
  print("covering", xquad(department{}, likes), candidates);

  // The same shopper sees the same all day.
  print("drawn, monday", shuffled(7001), candidates);
  print("drawn, monday", shuffled(7001), candidates);
  print("drawn, tuesday", shuffled(7002), candidates);
}
