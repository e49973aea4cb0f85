#include "tailor/core/sync.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/ids.hpp"
#include "tailor/core/result.hpp"

using tailor::synchronized;

namespace {

template <class F>
void in_four_threads(F f) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back(f);
  for (std::thread& t : threads) t.join();
}

struct part {
  std::map<int, int> seen;
  tailor::status observe(int e) {
    ++seen[e];
    return {};
  }
  void retract(int e) { --seen[e]; }
  void forget(tailor::user_id u) { seen.erase(static_cast<int>(raw(u))); }
};

struct immovable {
  immovable(int a, int b) : sum(a + b) {}
  immovable(const immovable&) = delete;
  int sum;
};

template <class T>
concept retracts_text = requires(T& t) { t.retract("text"); };

}  // namespace

TEMPLATE_TEST_CASE("sync: writers exclude each other and readers", "", std::mutex,
                   std::shared_mutex) {
  synchronized<std::vector<int>, TestType> guarded;
  std::atomic<int> torn{0};
  in_four_threads([&] {
    for (int i = 0; i < 500; ++i) {
      guarded.with([i](std::vector<int>& v) {
        v.push_back(i);
        v.push_back(i);
      });
      torn += guarded.read([](const std::vector<int>& v) {
        return v.size() % 2 != 0 || v.back() != v[v.size() - 2];
      });
    }
  });
  CHECK(torn == 0);
  CHECK(guarded.with([](auto& v) { return v.size(); }) == 4000);
}

TEST_CASE("sync: readers of a shared mutex do not wait for each other") {
  const synchronized<int, std::shared_mutex> guarded(7);
  std::atomic<int> inside{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 2; ++t) {
    readers.emplace_back([&] {
      guarded.with([&](const int&) {
        ++inside;
        while (inside < 2) std::this_thread::yield();  // ends only when both are in
      });
    });
  }
  for (std::thread& t : readers) t.join();
  CHECK(inside == 2);
}

TEST_CASE("sync: values go in and come out") {
  synchronized<std::string> text(std::string("a"));
  text.with([](std::string& s) { s += "b"; });
  const std::string copy = text.read([](const std::string& s) { return s; });
  CHECK(copy == "ab");
  synchronized<immovable> built(std::in_place, 2, 3);
  CHECK(built.read([](const immovable& i) { return i.sum; }) == 5);
}

TEST_CASE("sync: a guarded part is a part") {
  synchronized<part> guarded;
  in_four_threads([&] {
    for (int i = 0; i < 300; ++i) {
      if (!guarded.observe(i % 3)) std::terminate();
    }
    guarded.retract(1);
  });
  guarded.forget(tailor::user_id{2});
  CHECK(guarded.read([](const part& p) { return p.seen; }) ==
        std::map<int, int>{{0, 400}, {1, 396}});
  static_assert(!retracts_text<synchronized<part>>);
}
