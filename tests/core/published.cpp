#include "tailor/core/published.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "../catch.hpp"

using tailor::published;

TEST_CASE("published: a view keeps its value while another is published") {
  published<std::vector<int>> p(std::vector<int>{1, 2});
  {
    const auto before = p.read();
    p.publish({3});
    CHECK(*before == std::vector<int>{1, 2});
    const auto after = p.read();
    CHECK(after->size() == 1);
  }
  p.publish({4});
  p.publish({5});
  CHECK(p.read()->front() == 5);
}

TEST_CASE("published: readers see one value whole, and never an older one than before") {
  constexpr std::int64_t last = 100;
  published<std::vector<std::int64_t>> p(std::vector<std::int64_t>(64, 0));
  std::atomic<bool> torn{false};
  std::atomic<bool> backwards{false};
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      for (std::int64_t seen = 0; seen < last;) {
        const auto view = p.read();
        const std::int64_t now = view->front();
        for (const std::int64_t x : *view) torn = torn || x != now;
        backwards = backwards || now < seen;
        seen = now;
      }
    });
  }
  for (std::int64_t i = 1; i <= last; ++i) p.publish(std::vector<std::int64_t>(64, i));
  for (std::thread& t : readers) t.join();
  CHECK_FALSE(torn);
  CHECK_FALSE(backwards);
}
