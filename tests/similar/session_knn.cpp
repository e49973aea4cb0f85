#include "tailor/similar/session_knn.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "slow_sessions.hpp"
#include "tailor/core/published.hpp"

using namespace tailor;
using namespace tailor::similar;
using tailor_test::kept_session;

namespace {

using sessions = std::map<std::uint64_t, kept_session>;

/// An index with a history: some sessions were removed, some appended since the last compaction.
struct world {
  sessions all;
  session_index index;

  world(std::mt19937_64& random, std::uint64_t items, std::uint64_t count) {
    std::int64_t clock = 0;
    for (std::uint64_t id = 0; id < count; ++id) {
      clock += static_cast<std::int64_t>(random() % 2 * days(1).us / 4);
      all[id] = tailor_test::random_session(random, id, clock, items, 7);
      if (!index.add(all[id].view())) std::abort();
      if (id == count / 2) index.compact();
    }
    for (std::uint64_t id = 0; id < count; ++id) {
      if (random() % 5 != 0) continue;
      all.erase(id);
      if (!index.erase(session_id{id})) std::abort();
    }
  }
};

session_knn_options random_options(std::mt19937_64& random) {
  session_knn_options o{.recent = random() % 40,
                        .neighbours = random() % 30,
                        .last = random() % 8,
                        .count = random() % 25,
                        .now = timestamp{} + days(static_cast<std::int64_t>(random() % 60))};
  if (random() % 3 == 0) o.recent = 100'000;
  if (random() % 3 == 0) o.neighbours = 100'000;
  if (random() % 3 == 0) o.seen = seen_items::none;
  return o;
}

template <class Weights>
void check_answers(const world& w, std::span<const item_id> clicks,
                   const session_knn_options& options, const Weights& weights,
                   session_scratch& scratch) {
  std::vector<next_item> out{{item_id{5}, 1}};
  next_in_session(w.index, clicks, options, weights, scratch, out);
  const auto slow = tailor_test::slow_scores(w.all, clicks, options, weights);
  REQUIRE(out.size() == (std::min)(options.count, slow.size()));
  for (std::size_t n = 0; n < out.size(); ++n) {
    const auto at = slow.find(out[n].item);
    REQUIRE(at != slow.end());
    REQUIRE(out[n].score == Approx(at->second).epsilon(1e-5));
    if (n > 0) {
      const bool ordered = out[n - 1].score != out[n].score ? out[n - 1].score > out[n].score
                                                            : out[n - 1].item < out[n].item;
      REQUIRE(ordered);
    }
  }
  // Nothing better is missing.
  for (const auto& [item, score] : slow) {
    if (out.empty()) break;
    const item_id wanted = item;
    const bool listed = std::any_of(out.begin(), out.end(),
                                    [wanted](const next_item& n) { return n.item == wanted; });
    if (!listed) REQUIRE(score <= out.back().score * (1 + 1e-5));
  }
}

}  // namespace

TEST_CASE("session neighbours: the same as of brute-force V-SKNN on 10,000 random queries") {
  std::mt19937_64 random(1);
  session_scratch scratch;
  std::size_t cut = 0;
  for (int round = 0; round < 50; ++round) {
    const std::uint64_t items = 2 + random() % 40;
    const world w(random, items, 1 + random() % 150);
    for (int query = 0; query < 200; ++query) {
      CAPTURE(round, query);
      const auto clicks = tailor_test::random_clicks(random, items, 10);
      const session_knn_options options = random_options(random);
      session_neighbours(w.index, clicks, options, vmis{}, scratch);
      auto slow = tailor_test::slow_neighbours(w.all, clicks, options, vmis{});
      std::sort(slow.begin(), slow.end(), tailor_test::newer);
      REQUIRE(scratch.neighbours.size() == slow.size());
      cut += slow.size() == options.neighbours;
      for (std::size_t n = 0; n < slow.size(); ++n) {
        const session_neighbour& found = scratch.neighbours[n];
        REQUIRE(w.index.id(found.number) == slow[n].session->id);
        REQUIRE(double{found.similarity} == slow[n].similarity);
        REQUIRE(found.place == slow[n].place);
      }
    }
  }
  CHECK(cut > 1000);
}

TEST_CASE("next in session: scores and order of a slow model, for all weights") {
  std::mt19937_64 random(2);
  session_scratch scratch;
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    const std::uint64_t items = 2 + random() % 60;
    const world w(random, items, 1 + random() % 120);
    for (int query = 0; query < 20; ++query) {
      const auto clicks = tailor_test::random_clicks(random, items, 9);
      session_knn_options options = random_options(random);
      check_answers(w, clicks, options, vmis{}, scratch);
      check_answers(w, clicks, options, vmis{3, rarity::ignored}, scratch);
      options.neighbours = 100'000;  // similarities that are equal but for rounding may be cut
      check_answers(w, clicks, options, stan{}, scratch);
      check_answers(w, clicks, options, vstan{}, scratch);
    }
  }
}

TEST_CASE("next in session: the example of the algorithm") {
  const item_id first[] = {item_id{6}, item_id{5}, item_id{4}};
  const item_id second[] = {item_id{5}, item_id{4}, item_id{3}, item_id{2}};
  session_index index;
  REQUIRE(index.add({session_id{1}, user_id{1}, timestamp{1}, first}));
  REQUIRE(index.add({session_id{2}, user_id{2}, timestamp{2}, second}));
  const item_id running[] = {item_id{5}};
  const auto next = next_in_session(index, running);
  REQUIRE(next.size() == 4);
  CHECK(next[0].item == item_id{4});
  // Two neighbours of similarity 1, of weight 0.9 each: 1.8 ln(7 / 2).
  CHECK(next[0].score == Approx(1.8 * std::log(3.5)));
  CHECK(next[1].score == Approx(0.9 * std::log(7.0)));
  CHECK(next[1].item == item_id{2});  // ties by id
  CHECK(next[2].item == item_id{3});
}

TEST_CASE("next in session: odd questions have short answers") {
  const item_id clicks[] = {item_id{1}, item_id{1}, item_id{2}, no_item};
  session_index index;
  session_scratch scratch;
  std::vector<next_item> out;
  const auto ask = [&](std::span<const item_id> running, const session_knn_options& options) {
    next_in_session(index, running, options, vmis{}, scratch, out);
    return out.size();
  };
  CHECK(ask(clicks, {}) == 0);  // nobody was here before
  REQUIRE(index.add({session_id{1}, user_id{1}, timestamp{1}, clicks}));
  CHECK(ask(clicks, {}) == 2);  // the last is no item: neither 1 nor 2 is it
  CHECK(ask({}, {}) == 0);
  CHECK(ask(std::span(clicks).first(3), {}) == 1);
  CHECK(out[0].item == item_id{1});
  CHECK(ask(std::span(clicks).first(3), {.seen = seen_items::none}) == 0);
  CHECK(ask(std::span(clicks).first(2), {.recent = 0}) == 0);
  CHECK(ask(std::span(clicks).first(2), {.neighbours = 0}) == 0);
  CHECK(ask(std::span(clicks).first(2), {.last = 0}) == 0);
  CHECK(ask(std::span(clicks).first(2), {.count = 0}) == 0);
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(ask(std::span(clicks).first(2),
            {.recent = most, .neighbours = most, .last = most, .count = most}) == 1);
  const item_id unknown[] = {item_id{77}};
  CHECK(ask(unknown, {}) == 0);
  const std::vector<item_id> long_one(100'000, item_id{1});
  CHECK(ask(long_one, {.last = most}) == 1);

  const item_id one[] = {item_id{9}};  // a catalogue of one item
  session_index small;
  REQUIRE(small.add({session_id{1}, user_id{1}, timestamp{1}, one}));
  CHECK(next_in_session(small, one).empty());
  CHECK(next_in_session(small, one, {}, stan{}).empty());
}

TEST_CASE("next in session: weights that fade to nothing leave nothing") {
  std::vector<item_id> clicks;
  for (std::uint64_t i = 0; i < 100; ++i) clicks.push_back(item_id{i});
  session_index index;
  for (std::uint64_t id = 0; id < 50; ++id) {
    REQUIRE(index.add({session_id{id}, user_id{}, timestamp{std::int64_t(id)}, clicks}));
  }
  const item_id running[] = {item_id{50}};
  const stan steep{4, 10, 0.02f};  // exp(-steps / 0.02) is 0 in single precision from step 3 on
  const auto near = next_in_session(index, running, {.count = 100}, steep);
  CHECK(near.size() == 4);
  const session_knn_options much_later{.count = 100, .now = timestamp{} + days(100'000)};
  CHECK(next_in_session(index, running, much_later, stan{}).empty());
  CHECK(next_in_session(index, clicks, {.last = 100}, vmis{.fades_after = 1}).empty());
}

TEST_CASE("next in session: readers go on while a new index is published") {
  std::mt19937_64 random(3);
  std::vector<session_index> versions;
  std::vector<std::vector<next_item>> answers;
  const item_id running[] = {item_id{5}, item_id{12}};
  for (std::uint64_t v = 0; v < 6; ++v) {
    versions.push_back(world(random, 15, 40 + 10 * v).index);
    answers.push_back(next_in_session(versions.back(), running));
  }
  published<session_index> served(versions[0]);
  std::atomic<bool> done{false};
  std::atomic<std::size_t> wrong{0};
  const auto read = [&] {
    session_scratch scratch;
    std::vector<next_item> out;
    do {
      const auto view = served.read();
      next_in_session(*view, running, {}, vmis{}, scratch, out);
      bool known = false;
      for (const auto& a : answers) known = known || a == out;
      wrong += !known;
    } while (!done);
  };
  std::thread one(read), two(read);
  for (int round = 0; round < 20; ++round) {
    for (const session_index& v : versions) served.publish(v);
  }
  done = true;
  one.join();
  two.join();
  CHECK(wrong == 0);
}
