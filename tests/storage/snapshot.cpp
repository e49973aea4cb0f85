#include "tailor/storage/snapshot.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/reseal.hpp"
#include "../support/scratch_directory.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/events/dedupe.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/pair_counts.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::timeline;
using similar::pair_counts;
using similar::popularity;
using storage::restore;
using storage::snapshot_bytes;
using tailor_test::loose_section;

namespace {

// A part that others may do without.
struct accelerator {
  static constexpr const char* section = "accelerator";
  static constexpr std::uint32_t format = 1;
  using optional_section = void;
  std::uint64_t value = 0;

  void encode(byte_writer& out) const { out.u64(value); }
  static result<accelerator> decode(byte_reader& in) {
    const accelerator a{in.u64()};
    if (!in.ok()) return in.error();
    return a;
  }
};

timeline history_of(const std::vector<event>& h) {
  timeline t;
  for (const event& e : h) CHECK(t.observe(e));
  return t;
}

struct shop {
  timeline history;
  pair_counts bought;
  popularity sales;

  void observe(const event& e) {
    CHECK(history.observe(e));
    bought.observe(e);
    sales.observe(e);
  }
  void forget(user_id u) {
    for (const event& e : history.history(u)) CHECK(sales.retract(e));
    bought.forget(u);
    history.forget(u);
  }
  void merge(const shop& o) {
    history.merge(o.history);
    CHECK(bought.merge(o.bought));
    CHECK(sales.merge(o.sales));
  }
  [[nodiscard]] std::vector<std::byte> bytes() const {
    return snapshot_bytes(history, bought, sales);
  }
};

}  // namespace

TEST_CASE("snapshot: comes back as it was, in whatever order the parts are named") {
  shop s;
  for (const event& e : testing::random_history(3)) s.observe(e);
  const std::vector<std::byte> bytes = s.bytes();
  CHECK(bytes == snapshot_bytes(s.sales, s.history, s.bought));
  shop back;
  CHECK(restore(bytes, back.bought, back.sales, back.history));
  CHECK(back.history == s.history);
  CHECK(back.bought == s.bought);
  CHECK(back.sales == s.sales);
  CHECK(back.bytes() == bytes);
  CHECK(storage::digest(back.history) == storage::digest(s.history));
}

TEST_CASE("snapshot: two parts of a kind go by names of their own") {
  pair_counts bought;
  pair_counts viewed(pair_counts::options{events::event_kind::view_item, 0});
  for (const event& e : testing::random_history(4)) {
    bought.observe(e);
    viewed.observe(e);
  }
  const auto bytes = snapshot_bytes(storage::as("bought", bought), storage::as("viewed", viewed));
  pair_counts a;
  pair_counts b;
  CHECK(restore(bytes, storage::as("viewed", b), storage::as("bought", a)));
  CHECK(a == bought);
  CHECK(b == viewed);
  const auto sections = storage::verify(bytes);
  REQUIRE(sections);
  REQUIRE(sections->size() == 2);
  CHECK((*sections)[0].name == "bought");
  CHECK((*sections)[1].name == "viewed");
}

TEST_CASE("snapshot: what is missing, not asked for or of another version is refused by name") {
  const timeline t = history_of(testing::random_history(5));
  popularity sales;
  timeline other = history_of(testing::random_history(6));
  const timeline before = other;
  const status missing = restore(snapshot_bytes(t), other, sales);
  CHECK(missing == errc::unknown);
  CHECK(std::string(missing.error().what) == "popularity");
  const status unasked = restore(snapshot_bytes(t, sales), other);
  CHECK(unasked == errc::unknown);
  CHECK(std::string(unasked.error().what) == "unknown section");
  std::vector<std::byte> newer = snapshot_bytes(t);
  newer[8] = std::byte{2};
  tailor_test::reseal(newer);
  CHECK(restore(newer, other) == errc::wrong_version);
  const std::vector<loose_section> sections{{"timeline", 2, storage::need::required, {}}};
  const status format = restore(tailor_test::seal(sections), other);
  CHECK(format == errc::wrong_version);
  CHECK(std::string(format.error().what) == "timeline");
  CHECK(restore({}, other) == errc::truncated);
  const std::string text = "InvoiceNo,StockCode,Description,Quantity";
  const status foreign = restore(std::as_bytes(std::span(text)), other);
  CHECK(foreign == errc::malformed);
  CHECK(std::string(foreign.error().what) == "magic");
  CHECK(other == before);
}

TEST_CASE("snapshot: a newer minor version and sections that are optional are passed over") {
  const timeline t = history_of(testing::random_history(7));
  std::vector<std::byte> newer = snapshot_bytes(t);
  newer[10] = std::byte{9};
  tailor_test::reseal(newer);
  timeline back;
  CHECK(restore(newer, back));
  CHECK(back == t);

  const accelerator fast{5};
  const auto with_it = snapshot_bytes(t, fast);
  timeline without_it;
  CHECK(restore(with_it, without_it));
  CHECK(without_it == t);
  accelerator fast_back;
  CHECK(restore(with_it, fast_back, without_it));
  CHECK(fast_back.value == 5);
  CHECK(restore(snapshot_bytes(t), fast_back, without_it) == errc::unknown);
}

TEST_CASE("snapshot: an error in the content of a section has its place in the snapshot") {
  const timeline t = history_of(testing::random_history(8));
  const auto good = snapshot_bytes(t);
  std::vector<loose_section> sections = tailor_test::loosen(*storage::unframe(good));
  sections[0].content.push_back(std::byte{0});
  const auto longer = tailor_test::seal(sections);
  timeline back;
  const status s = restore(longer, back);
  CHECK(s == errc::corrupt);
  CHECK(std::string(s.error().what) == "timeline");
  const std::size_t begin = storage::unframe(longer)->front().at;
  CHECK(s.error().at == begin + sections[0].content.size() - 1);
  sections[0].content.resize(30);  // ends in the middle, under sound checksums
  CHECK(restore(tailor_test::seal(sections), back) == errc::corrupt);
}

TEST_CASE("snapshot: the digest tells states apart and follows the state alone") {
  const timeline a = history_of(testing::random_history(9));
  timeline b = a;
  CHECK(storage::digest(a) == storage::digest(b));
  CHECK(b.observe({.user = user_id{1}, .item = item_id{2}}));
  CHECK(storage::digest(a) != storage::digest(b));
  b.forget(user_id{1});
  CHECK(storage::digest(a) == storage::digest(b));
}

TEST_CASE("snapshot: an empty snapshot and an empty part are snapshots") {
  CHECK(restore(snapshot_bytes()));
  timeline t = history_of(testing::random_history(10));
  CHECK(restore(snapshot_bytes(timeline{}), t));
  CHECK(t.empty());
}

TEST_CASE("snapshot: a part takes exactly the bytes that it says") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const timeline t = history_of(testing::random_history(seed));
    CHECK(t.encoded_size() == testing::bytes_of(t).size());
  }
}

TEST_CASE("snapshot: a file can be checked without decoding it") {
  const tailor_test::scratch_directory dir;
  shop s;
  for (const event& e : testing::random_history(12)) s.observe(e);
  REQUIRE(storage::save(dir.file().c_str(), s.history, s.bought, s.sales));
  const auto found = storage::verify(dir.file().c_str());
  REQUIRE(found);
  REQUIRE(found->size() == 3);
  CHECK((*found)[0].name == "pair counts");
  CHECK((*found)[1].name == "popularity");
  CHECK((*found)[2].name == "timeline");
  CHECK((*found)[2].size == s.history.encoded_size());
  shop back;
  CHECK(storage::load(dir.file().c_str(), back.history, back.bought, back.sales));
  CHECK(back.bytes() == s.bytes());
  CHECK(storage::verify((dir.path + "/none").c_str()) == errc::io);
}

TEST_CASE("erasure to the byte: as if the shopper had never been there") {
  thread_pool pool(2);
  std::uint64_t checked = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 21);
    std::vector<event> h = testing::random_history(seed);
    if (h.empty()) continue;
    const user_id gone = h[uniform_below(draw, h.size())].user;
    shop without;
    for (const event& e : h) {
      if (e.user != gone) without.observe(e);
    }
    const std::vector<std::byte> expected = without.bytes();

    // Another order of arrival, forgotten in the middle, and again at the end.
    shuffle(std::span<event>(h), draw);
    shop s;
    const std::size_t middle = uniform_below(draw, h.size() + 1);
    for (std::size_t i = 0; i < h.size(); ++i) {
      if (i == middle) s.forget(gone);
      s.observe(h[i]);
    }
    s.forget(gone);
    CHECK(s.bytes() == expected);

    // Shards in a random tree; erased before or after they are merged.
    const std::size_t count = 1 + uniform_below(draw, 4);
    std::vector<shop> shards(count);
    for (const event& e : h) shards[mix64(raw(e.user) ^ seed) % count].observe(e);
    if (uniform_below(draw, 2) == 0) {
      for (shop& part : shards) part.forget(gone);
    }
    while (shards.size() > 1) {
      const std::size_t into = uniform_below(draw, shards.size() - 1);
      shards[into].merge(shards.back());
      shards.pop_back();
    }
    shards[0].forget(gone);
    CHECK(shards[0].bytes() == expected);

    // Bulk loading, by one thread and by two.
    std::vector<user_id> user;
    std::vector<timestamp> at;
    std::vector<events::event_kind> kind;
    std::vector<item_id> item;
    std::vector<order_id> order;
    std::vector<std::int32_t> quantity;
    std::vector<std::int64_t> price;
    for (const event& e : h) {
      user.push_back(e.user);
      at.push_back(e.at);
      kind.push_back(e.kind);
      item.push_back(e.item);
      order.push_back(e.order);
      quantity.push_back(e.quantity);
      price.push_back(e.unit_price);
    }
    const events::columns batch{user, at, kind, item, order, quantity, price, {}};
    timeline one;
    timeline two;
    REQUIRE(events::load(one, batch, {}, timestamp{1'700'000'000'000'000}));
    REQUIRE(events::load(two, batch, {}, timestamp{1'700'000'000'000'000}, pool));
    one.forget(gone);
    two.forget(gone);
    CHECK(snapshot_bytes(one) == snapshot_bytes(without.history));
    CHECK(snapshot_bytes(two) == snapshot_bytes(without.history));
    ++checked;
  }
  CHECK(checked >= 500);
}

TEST_CASE("erasure to the byte: the id is nowhere in the bytes any more") {
  const std::vector<event> h = testing::random_history(11, {.events = 200});
  shop s;
  for (const event& e : h) s.observe(e);
  const std::uint64_t id = raw(h.front().user);
  std::byte needle[8];
  tailor::detail::store_little(needle, id);
  const auto holds = [&](const std::vector<std::byte>& bytes) {
    return std::search(bytes.begin(), bytes.end(), needle, needle + 8) != bytes.end();
  };
  CHECK(holds(s.bytes()));
  s.forget(user_id{id});
  CHECK_FALSE(holds(s.bytes()));
}
