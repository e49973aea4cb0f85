#include "tailor/similar/session_index.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "slow_sessions.hpp"
#include "tailor/core/statistic.hpp"
#include "tailor/similar/session_knn.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using namespace tailor::similar;
using tailor_test::kept_session;

static_assert(storage::canonical<session_index>);
static_assert(forgettable<session_index> && mergeable<session_index>);

namespace {

using sessions = std::map<std::uint64_t, kept_session>;

session_index decoded(const std::vector<std::byte>& bytes) {
  byte_reader in(bytes);
  return session_index::decode(in).value();
}

void check_same(const session_index& a, const session_index& b) {
  REQUIRE(a == b);
  REQUIRE(b == a);
  REQUIRE(testing::bytes_of(a) == testing::bytes_of(b));
}

session visit(std::uint64_t id, std::int64_t end, std::span<const item_id> clicks) {
  return {session_id{id}, user_id{id}, timestamp{end}, clicks};
}

}  // namespace

TEST_CASE("distinct clicks: each item at the place of its last click, however many they are") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    kept_session s = tailor_test::random_session(random, 1, 0, 40, round % 3 == 0 ? 200 : 10);
    std::vector<item_id> out{item_id{99}};
    distinct_clicks(s.clicks, out);
    REQUIRE(out == s.row());
    s.clicks.insert(s.clicks.begin() + static_cast<std::ptrdiff_t>(s.clicks.size() / 2), no_item);
    std::vector<item_id> without;
    distinct_clicks(s.clicks, without);
    REQUIRE(without == out);
  }
}

TEST_CASE("session index: after any history it equals one built of what is left") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 150; ++round) {
    CAPTURE(round);
    sessions model;
    session_index index({.max_items = 9});
    std::int64_t clock = 1000;
    const std::uint64_t items = 3 + random() % 30;
    for (int step = 0; step < 60; ++step) {
      const std::uint64_t what = random() % 20;
      if (what < 13) {
        clock += static_cast<std::int64_t>(random() % 3);
        const std::int64_t end =
            random() % 8 == 0 ? clock - static_cast<std::int64_t>(random() % 20) : clock;
        const auto s = tailor_test::random_session(random, random() % 40, end, items, 12);
        const status taken = index.add(s.view());
        REQUIRE(bool(taken) == (s.row().size() <= 9));
        if (taken) model[raw(s.id)] = s;
      } else if (what < 16) {
        const session_id id{random() % 40};
        REQUIRE(bool(index.erase(id)) == (model.erase(raw(id)) != 0));
      } else if (what < 17) {
        const user_id owner{random() % 12};
        index.forget(owner);
        std::erase_if(model, [owner](const auto& s) { return s.second.owner == owner; });
      } else if (what < 18) {
        index.compact();
        REQUIRE(index.tombstones() == 0);
        REQUIRE(index.late() == 0);
        REQUIRE(!index.wants_compaction());
      }
      REQUIRE(index.size() == model.size());
    }
    const session_index fresh = tailor_test::index_of(model, 9);
    check_same(index, fresh);
    check_same(decoded(testing::bytes_of(index)), fresh);
    index.compact();
    check_same(index, fresh);
    REQUIRE(index.clicks() == fresh.clicks());
  }
}

TEST_CASE("session index: it answers before compaction as after it") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    session_index index;
    std::int64_t clock = 0;
    for (int step = 0; step < 80; ++step) {
      if (random() % 4 != 0) {
        const auto s = tailor_test::random_session(random, random() % 50, ++clock, 12, 6);
        REQUIRE(index.add(s.view()));
      } else {
        static_cast<void>(index.erase(session_id{random() % 50}));
      }
      if (step == 30 && round % 2 == 0) index.compact();
    }
    REQUIRE(index.late() == 0);
    session_index compact = index;
    compact.compact();
    for (int query = 0; query < 5; ++query) {
      const auto clicks = tailor_test::random_clicks(random, 12, 5);
      const session_knn_options options{.recent = 1 + random() % 30, .neighbours = 8, .count = 6};
      REQUIRE(next_in_session(index, clicks, options) == next_in_session(compact, clicks, options));
    }
  }
}

TEST_CASE("session index: a late session waits for the next compaction") {
  const item_id a[] = {item_id{1}, item_id{2}};
  const item_id b[] = {item_id{1}, item_id{3}};
  session_index index;
  REQUIRE(index.add(visit(1, 100, a)));
  REQUIRE(index.add(visit(2, 50, b)));
  CHECK(index.late() == 1);
  CHECK(index.size() == 2);
  CHECK(next_in_session(index, std::span(a).first(1)).size() == 1);
  CHECK(index.wants_compaction());
  index.compact();
  CHECK(next_in_session(index, std::span(a).first(1)).size() == 2);

  // A late one that is gone before that leaves nothing.
  const session_index before = index;
  REQUIRE(index.add(visit(3, 40, b)));
  REQUIRE(index.erase(session_id{3}));
  CHECK(index.late() == 0);
  CHECK(index == before);
}

TEST_CASE("session index: a visit that goes on takes its own place, at any later or equal end") {
  const item_id clicks[] = {item_id{1}, item_id{2}, item_id{3}};
  session_index index;
  REQUIRE(index.add(visit(7, 5, std::span(clicks).first(1))));
  REQUIRE(index.add(visit(7, 5, std::span(clicks).first(2))));
  REQUIRE(index.add(visit(7, 6, clicks)));
  CHECK(index.late() == 0);
  CHECK(index.size() == 1);
  CHECK(index.tombstones() == 2);
  session_index once;
  REQUIRE(once.add(visit(7, 6, clicks)));
  check_same(index, once);
}

TEST_CASE("session index: shards merged in any way equal one index") {
  std::mt19937_64 random(4);
  for (int round = 0; round < 60; ++round) {
    CAPTURE(round);
    sessions all;
    session_index shards[3];
    for (std::uint64_t id = 0; id < 40; ++id) {
      all[id] = tailor_test::random_session(random, id, std::int64_t(random() % 30), 20, 6);
      REQUIRE(shards[random() % 3].add(all[id].view()));
    }
    session_index left = shards[0];
    REQUIRE(left.merge(shards[1]));
    REQUIRE(left.merge(shards[2]));
    REQUIRE(shards[2].merge(shards[1]));
    REQUIRE(shards[2].merge(shards[0]));
    check_same(left, shards[2]);
    check_same(left, tailor_test::index_of(all));
  }
}

TEST_CASE("session index: what cannot be taken changes nothing") {
  const item_id clicks[] = {item_id{1}, item_id{2}, item_id{3}, item_id{2}};
  session_index index({.max_items = 2});
  CHECK(index.add(visit(1, 1, clicks)) == errc::oversized);
  CHECK(index.add(visit(1, 1, {})) == errc::malformed);
  const item_id nothing[] = {no_item, no_item};
  CHECK(index.add(visit(1, 1, nothing)) == errc::malformed);
  CHECK(index.erase(session_id{1}) == errc::unknown);
  CHECK(index == session_index({.max_items = 2}));
  REQUIRE(index.add(visit(1, 1, std::span(clicks).first(2))));
  const session_index before = index;
  CHECK(index.add(visit(1, 2, clicks)) == errc::oversized);  // the shorter one stays
  CHECK(index.merge(session_index{}) == errc::conflict);
  CHECK(index.merge(before) == errc::duplicate);
  CHECK(index.merge(session_index({.max_items = 2})));
  index.forget(user_id{99});
  CHECK(index == before);

  const session twice[] = {visit(4, 1, clicks), visit(5, 1, clicks), visit(4, 2, clicks)};
  const auto made = session_index::make({}, twice);
  CHECK(made == errc::duplicate);
  CHECK(made.error().at == 2);
  const session some[] = {visit(4, 1, clicks), visit(5, 1, {})};
  CHECK(session_index::make({}, some).value().size() == 1);
  CHECK(session_index::make({.max_items = 2}, some).value().size() == 0);
}

TEST_CASE("session index: bytes from elsewhere are refused or mean what they say") {
  std::mt19937_64 random(5);
  sessions all;
  for (std::uint64_t id = 0; id < 6; ++id) {
    all[id] = tailor_test::random_session(random, id, std::int64_t(id / 2), 6, 4);
  }
  const std::vector<std::byte> bytes = testing::bytes_of(tailor_test::index_of(all, 4));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    byte_reader in{std::span<const std::byte>(bytes).first(size)};
    REQUIRE(!session_index::decode(in));
  }
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> damaged = bytes;
      damaged[at] ^= std::byte{static_cast<unsigned char>(1 << bit)};
      byte_reader in(damaged);
      const auto read = session_index::decode(in);
      refused += !read;
      if (!read) continue;
      damaged.resize(in.offset());
      REQUIRE(testing::bytes_of(*read) == damaged);
      const item_id clicks[] = {item_id{5}, item_id{12}};
      static_cast<void>(next_in_session(*read, clicks));
    }
  }
  CHECK(refused > bytes.size());
}
