// Synthetic visits of a shop, for sessions.cpp and bench/peers.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/draw_table.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/core/ids.hpp"
#include "tailor/core/random.hpp"

namespace bench {

using namespace tailor;

struct click_shape {
  std::size_t sessions;
  std::size_t items;
};
inline constexpr click_shape shapes_of_clicks[] = {{1'000'000, 100'000}, {14'400'000, 1'760'000}};

/// Visits of 2 + exp N(0.55, 1.05) clicks. Categories of 60 items are as popular as
/// (rank + 3)^-0.8, items within one as 1 / (rank + 1.5); after 18 % of the clicks another category
/// is looked at.
class visits {
 public:
  explicit visits(std::size_t items)
      : categories_(falling(items / 60, 3, 0.8)), within_(falling(60, 1.5, 1)) {}

  void draw(counter_random& random, std::vector<item_id>& out) const {
    const double extra = std::exp(0.55 + 1.05 * normal(random));
    std::size_t category = categories_(random);
    for (double n = -2; n < std::floor(extra); ++n) {
      if (bernoulli(random, 0.18)) category = categories_(random);
      out.push_back(item_id{1000 + mix64(60 * category + within_(random)) % 1'000'000'007});
    }
  }

  /// A visit that is going on: its first clicks.
  [[nodiscard]] std::vector<item_id> begun(counter_random& random) const {
    std::vector<item_id> out;
    draw(random, out);
    out.resize(1 + uniform_below(random, out.size() - 1));
    return out;
  }

 private:
  static draw_table falling(std::size_t count, double flat, double fall) {
    std::vector<std::uint64_t> weights(count);
    for (std::size_t r = 0; r < count; ++r) {
      weights[r] =
          static_cast<std::uint64_t>(std::pow(static_cast<double>(r) + flat, -fall) * 0x1p40) + 1;
    }
    return draw_table(weights);
  }

  draw_table categories_, within_;
};

}  // namespace bench
