#include "tailor/segment/stated_weight.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::segment;

TEST_CASE("stated weight: the latest answer that counts, as by looking at all of them") {
  std::size_t replaced = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    counter_random draw(seed, 4);
    stated_tastes kept;
    std::vector<stated_taste> all;
    for (int n = 0; n < 12; ++n) {
      const std::int64_t from = uniform_between(draw, -20, 20);
      const stated_taste t{uniform_below(draw, 4), timestamp{from},
                           timestamp{from + uniform_between(draw, 1, 15)}};
      const std::size_t before = kept.answers_of(user_id{7}, 3).size();
      REQUIRE((kept.state(user_id{7}, 3, t) || before >= stated_tastes::max_answers));
      if (kept.answers_of(user_id{7}, 3).size() > before) all.push_back(t);
    }
    std::vector<stated_weight> got;
    std::vector<std::uint64_t> values;
    for (std::int64_t now = -22; now < 40; ++now) {
      for (const answer_fading fading : {answer_fading::none, answer_fading::to_the_end}) {
        std::vector<stated_weight> want;
        for (std::uint64_t v = 0; v < 4; ++v) {
          const stated_taste* latest = nullptr;
          std::size_t counting = 0;
          for (const stated_taste& t : all) {
            if (t.value != v || t.from.us > now || t.until.us <= now) continue;
            ++counting;
            if (latest == nullptr || latest->from < t.from ||
                (latest->from == t.from && latest->until < t.until)) {
              latest = &t;
            }
          }
          if (latest == nullptr) continue;
          replaced += counting > 1;
          const std::int64_t rest = latest->until.us - now;
          const std::int64_t long_ = latest->until.us - latest->from.us;
          const bool fades = fading == answer_fading::to_the_end;
          want.push_back({v, fades ? rest * (1 << 20) / long_ : 1 << 20});
        }
        weights_of(kept.answers_of(user_id{7}, 3), timestamp{now}, fading, got);
        REQUIRE(got == want);
      }
      kept.values_of(user_id{7}, 3, timestamp{now}, values);
      REQUIRE(
          std::equal(got.begin(), got.end(), values.begin(), values.end(),
                     [](const stated_weight& w, std::uint64_t value) { return w.value == value; }));
    }
    CHECK(kept.answers_of(user_id{7}, 2).empty());
    CHECK(kept.answers_of(user_id{8}, 3).empty());
    // What answers_of tells can be taken back.
    for (std::size_t n = 0; n < all.size(); ++n) {
      const auto left = kept.answers_of(user_id{7}, 3);
      REQUIRE(left.size() == all.size() - n);
      const stated_taste first = left.front();
      REQUIRE(kept.take_back(user_id{7}, 3, first));
    }
    CHECK(kept.empty());
  }
  CHECK(replaced > 1000);
}

TEST_CASE("stated weight: from the beginning to the end of time") {
  const stated_taste all[] = {{1, timestamp{INT64_MIN}, timestamp{INT64_MAX}}};
  std::vector<stated_weight> out{{9, 9}};
  const auto left = [&](std::int64_t now) {
    weights_of(all, timestamp{now}, answer_fading::to_the_end, out);
    return out.empty() ? -1 : out[0].left;
  };
  CHECK(left(INT64_MIN) == whole_weight);
  CHECK(left(0) == whole_weight / 2 - 1);  // a little less than half is left, rounded down
  CHECK(left(INT64_MAX - 1) == 0);
  CHECK(left(INT64_MAX) == -1);
  weights_of({}, timestamp{}, answer_fading::none, out);
  CHECK(out.empty());
}
