// The damage sweep: a snapshot with any byte changed, cut anywhere, extended, with sectors swapped
// or taken from another snapshot is refused with the place, and changes nothing.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/counted_new.hpp"
#include "../support/reseal.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/events/dedupe.hpp"
#include "tailor/events/identity.hpp"
#include "tailor/events/returns.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot_bytes.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::timeline;
using similar::popularity;
using storage::restore;
using storage::snapshot_bytes;
using tailor_test::loose_section;

using tailor_test::in_use;
using tailor_test::peak;

#if TAILOR_TEST_COUNTS_MEMORY
TEST_CASE("damage: the memory that is taken is counted") {
  peak = in_use.load();
  const std::size_t before = in_use;
  {
    const std::vector<std::byte> v(1 << 20);
  }
  CHECK(peak - before >= (1 << 20));
  CHECK(in_use == before);
}
#endif

namespace {

struct shop {
  timeline history;
  popularity sales;

  shop() = default;
  // Exactly so many events: of a seed, and of the seeds behind it.
  shop(std::uint64_t seed, std::size_t events) {
    constexpr testing::world w{.shoppers = 40, .items = 60, .events = 200, .moments = 500};
    for (std::uint64_t stream = seed << 32; events > 0; ++stream) {
      std::vector<event> part = testing::random_history(stream, w);
      part.resize((std::min)(part.size(), events));
      events -= part.size();
      for (const event& e : part) {
        CHECK(history.observe(e));
        sales.observe(e);
      }
    }
  }
};

// Where the piece begins and ends that holds a byte: what a report has to name.
struct piece {
  std::size_t begin;
  std::size_t end;
  std::string what;
};

std::vector<piece> pieces_of(const std::vector<std::byte>& bytes) {
  const auto sections = storage::unframe(bytes);
  REQUIRE(sections);
  std::vector<piece> out{{0, 32, "header"}, {32, sections->front().at, "section table"}};
  for (const storage::section& s : *sections) {
    REQUIRE(s.at == out.back().end);
    const std::size_t list = s.at + s.content.size();
    for (std::size_t at = s.at; at < list; at += storage::block_size) {
      out.push_back({at, (std::min)(at + storage::block_size, list), std::string(s.name)});
    }
    const std::size_t blocks = (s.content.size() + storage::block_size - 1) / storage::block_size;
    out.push_back({list, list + 4 * (blocks + 1), std::string(s.name)});
  }
  out.push_back({out.back().end, out.back().end + 16, "closing record"});
  REQUIRE(out.back().end == bytes.size());
  return out;
}

const piece& holder_of(const std::vector<piece>& pieces, std::size_t at) {
  return *std::find_if(pieces.begin(), pieces.end(), [at](const piece& p) { return at < p.end; });
}

// Restores into a small shop and checks that it is refused and stays as it was. Returns the error.
error refused(const std::vector<std::byte>& bytes) {
  static const shop kept(99, 30);
  shop target = kept;
  const std::size_t before = in_use;
  peak = before;
  const status s = restore(bytes, target.history, target.sales);
  if (s) FAIL("a damaged snapshot was taken");
  if (peak - before > 4 * bytes.size() + (std::size_t{1} << 20)) {
    CAPTURE(peak - before, bytes.size());
    FAIL("a refused snapshot took too much memory");
  }
  if (!(target.history == kept.history && target.sales == kept.sales)) {
    FAIL("a refused snapshot changed something");
  }
  return s.error();
}

}  // namespace

TEST_CASE("damage: every changed byte is found, in the piece that holds it") {
  const shop s(1, 700);
  const std::vector<std::byte> good = snapshot_bytes(s.history, s.sales);
  INFO(good.size());
  REQUIRE(good.size() > 16 * 1024);
  const std::vector<piece> pieces = pieces_of(good);
  std::vector<std::byte> bad = good;
  std::uint64_t tried = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    const piece& holds = holder_of(pieces, at);
    const std::byte changes[] = {good[at] ^ std::byte{0xFF}, good[at] ^ std::byte{1},
                                 good[at] ^ std::byte{0x80}, std::byte{0}};
    for (const std::byte change : changes) {
      if (change == good[at]) continue;
      bad[at] = change;
      const error e = refused(bad);
      ++tried;
      const std::string expected = at < 8 ? "magic" : holds.what;
      if (e.what != expected || e.at != holds.begin) {
        CAPTURE(at, e.what, e.at, holds.begin);
        CHECK(std::string(e.what) == expected);
        CHECK(e.at == holds.begin);
      }
    }
    bad[at] = good[at];
  }
  CHECK(tried > 3 * good.size());
}

TEST_CASE("damage: every cut is found, and so is anything behind the end") {
  const shop s(2, 700);
  const std::vector<std::byte> good = snapshot_bytes(s.history, s.sales);
  for (std::size_t n = 0; n < good.size(); ++n) {
    const error e = refused({good.begin(), good.begin() + std::ptrdiff_t(n)});
    if (e.code != errc::truncated || e.at > n) {
      CAPTURE(n, e.what, e.at);
      CHECK(e.code == errc::truncated);
    }
  }
  for (std::size_t n = 1; n <= 64; ++n) {
    for (const std::byte filler : {std::byte{0}, std::byte{0xA5}}) {
      std::vector<std::byte> longer = good;
      longer.resize(good.size() + n, filler);
      const error e = refused(longer);
      CHECK(e.code == errc::corrupt);
      CHECK(e.at == good.size());
    }
  }
}

TEST_CASE("damage: sectors zeroed, swapped or repeated are found, in a piece that they touched") {
  const shop s(3, 900);
  const std::vector<std::byte> good = snapshot_bytes(s.history, s.sales);
  const std::vector<piece> pieces = pieces_of(good);
  std::uint64_t tried = 0;
  const auto found = [&](const std::vector<std::byte>& bad) {
    if (bad == good) return;
    ++tried;
    const error e = refused(bad);
    const piece& reported = holder_of(pieces, e.at);
    const auto begin = std::ptrdiff_t(reported.begin);
    const auto end = std::ptrdiff_t(reported.end);
    if (e.at != reported.begin ||
        std::equal(good.begin() + begin, good.begin() + end, bad.begin() + begin)) {
      CAPTURE(e.what, e.at);
      FAIL("a piece was reported that is not damaged");
    }
  };
  constexpr std::size_t sector = 512;
  const auto at = [](std::size_t k) { return std::ptrdiff_t(k * sector); };
  for (std::size_t i = 0; (i + 1) * sector <= good.size(); ++i) {
    std::vector<std::byte> bad = good;
    std::fill(bad.begin() + at(i), bad.begin() + at(i + 1), std::byte{0});
    found(bad);
    for (std::size_t j = i + 1; (j + 1) * sector <= good.size(); ++j) {
      bad = good;
      std::swap_ranges(bad.begin() + at(i), bad.begin() + at(i + 1), bad.begin() + at(j));
      found(bad);
      bad = good;
      std::copy(good.begin() + at(i), good.begin() + at(i + 1), bad.begin() + at(j));
      found(bad);
    }
  }
  CHECK(tried > 1000);
}

TEST_CASE("damage: two sound snapshots spliced at any byte are found") {
  // Nearly the same shop twice, so that lengths and most bytes agree.
  shop a(4, 700);
  shop b = a;
  const event one = a.history.history(a.history.shopper_at(0)).front();
  event other = one;
  other.unit_price += 1;
  CHECK(b.history.retract(one));
  CHECK(b.history.observe(other));
  const auto x = snapshot_bytes(a.history, a.sales);
  const auto y = snapshot_bytes(b.history, b.sales);
  REQUIRE(x.size() == y.size());
  std::uint64_t tried = 0;
  for (std::size_t cut = 0; cut <= x.size(); ++cut) {
    std::vector<std::byte> bad(x.begin(), x.begin() + std::ptrdiff_t(cut));
    bad.insert(bad.end(), y.begin() + std::ptrdiff_t(cut), y.end());
    if (bad == x || bad == y) continue;
    const error e = refused(bad);
    CHECK(e.code == errc::corrupt);
    ++tried;
  }
  CHECK(tried > 0);
}

TEST_CASE("damage: blocks of large sections cannot change places") {
  std::vector<loose_section> sections{
      {"a", 1, storage::need::required, std::vector<std::byte>(4 * storage::block_size + 100)}};
  std::vector<std::byte>& content = sections[0].content;
  for (std::size_t i = 0; i < content.size(); ++i) {
    content[i] = static_cast<std::byte>(i / storage::block_size * 17 + i % 7);
  }
  const std::vector<std::byte> good = tailor_test::seal(sections);
  const std::vector<piece> pieces = pieces_of(good);
  const auto back = storage::unframe(good);
  REQUIRE(back);
  const auto whole = (*back)[0].content;
  CHECK(std::equal(whole.begin(), whole.end(), content.begin(), content.end()));
  const std::size_t first = (*back)[0].at;
  const std::size_t list = first + content.size();
  const auto swapped = [&](std::size_t a, std::size_t b, std::size_t n, bool with_checksums) {
    std::vector<std::byte> bad = good;
    const auto swap = [&](std::size_t x, std::size_t y, std::size_t length) {
      std::swap_ranges(bad.begin() + std::ptrdiff_t(x), bad.begin() + std::ptrdiff_t(x + length),
                       bad.begin() + std::ptrdiff_t(y));
    };
    swap(first + a * storage::block_size, first + b * storage::block_size, n);
    if (with_checksums) swap(list + 4 * a, list + 4 * b, 4);
    const auto read = storage::unframe(bad);
    REQUIRE_FALSE(read);
    CHECK(read.code() == errc::corrupt);
    return read.error().at;
  };
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i + 1; j < 4; ++j) {
      CHECK(swapped(i, j, storage::block_size, false) == first + i * storage::block_size);
      CHECK(swapped(i, j, storage::block_size, true) == list);
    }
  }
  // A byte in any block, in the list of checksums and behind it is found where it is.
  std::vector<std::byte> bad = good;
  for (std::size_t at = 0; at < good.size(); at += at < first || at >= list ? 1 : 997) {
    bad[at] ^= std::byte{0x10};
    const auto read = storage::unframe(bad, std::vector<const char*>{"a"});
    REQUIRE_FALSE(read);
    const piece& holds = holder_of(pieces, at);
    CHECK(read.error().at == holds.begin);
    CHECK(read.error().what == (at < 8 ? "magic" : holds.what));
    bad[at] = good[at];
  }
}

TEST_CASE("damage: a hostile snapshot with sound checksums is refused or is canonical") {
  const shop s(5, 60);
  const std::vector<std::byte> good = snapshot_bytes(s.history, s.sales);
  const auto read = storage::unframe(good);
  REQUIRE(read);
  const std::vector<loose_section> sections = tailor_test::loosen(*read);
  std::uint64_t taken = 0;
  std::uint64_t refusals = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 31);
    std::vector<loose_section> hostile = sections;
    std::vector<std::byte>& bytes = hostile[uniform_below(draw, hostile.size())].content;
    for (std::uint64_t n = 1 + uniform_below(draw, 3); n > 0; --n) {
      const std::size_t at = uniform_below(draw, bytes.size());
      switch (uniform_below(draw, 4)) {
        case 0:
          bytes[at] = static_cast<std::byte>(draw());
          break;
        case 1:
          bytes[at] ^= static_cast<std::byte>(1U << uniform_below(draw, 8));
          break;
        case 2:
          bytes.resize(at + 1);
          break;
        default:
          bytes.insert(bytes.end(), 8, static_cast<std::byte>(draw()));
      }
    }
    const std::vector<std::byte> sealed = tailor_test::seal(hostile);
    shop target;
    const status done = restore(sealed, target.history, target.sales);
    if (done) {
      ++taken;
      if (snapshot_bytes(target.history, target.sales) != sealed) {
        FAIL("bytes were taken that are not canonical");
      }
    } else {
      ++refusals;
      const error e = refused(sealed);
      if (e.code != errc::corrupt || e.at > sealed.size()) {
        CAPTURE(e.what, e.at);
        CHECK(e.code == errc::corrupt);
      }
    }
  }
  CHECK(taken > 0);
  CHECK(refusals > 0);
}

TEST_CASE("damage: a hostile header or table with sound checksums is refused") {
  const shop s(6, 60);
  const std::vector<std::byte> good = snapshot_bytes(s.history, s.sales);
  std::vector<std::byte> same = good;
  tailor_test::reseal(same);
  CHECK(same == good);
  const std::size_t contents = storage::unframe(good)->front().at;
  std::uint64_t refusals = 0;
  for (std::size_t at = 8; at < contents; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(at, bit);
      std::vector<std::byte> bad = good;
      bad[at] ^= static_cast<std::byte>(1 << bit);
      tailor_test::reseal(bad);
      shop target;
      // Minor versions may differ; what is repaired by sealing is as good as new.
      if (restore(bad, target.history, target.sales)) {
        CHECK((target.history == s.history && target.sales == s.sales));
      } else {
        static_cast<void>(refused(bad));
        ++refusals;
      }
    }
  }
  CHECK(refusals > 8 * 40);
}

TEST_CASE("damage: sizes that cannot be true allocate nothing of that size") {
  for (const std::uint64_t size : {std::uint64_t{1} << 20, std::uint64_t{1} << 40, UINT64_MAX}) {
    std::vector<std::byte> content;
    byte_writer out(content);
    out.u64(size);
    out.u64(size);
    out.u64(size);
    static_cast<void>(refused(tailor_test::seal(
        std::vector<loose_section>{{"popularity", 1, storage::need::required, content},
                                   {"timeline", 1, storage::need::required, content}})));
    byte_reader in(content);
    CHECK_FALSE(timeline::decode(in));
  }
}

// Of the smallest entries that there are, so that memory stands in its worst proportion to the
// file.
template <class Part, class Fill>
double worst_proportion(Fill fill) {
  double worst = 0;
  for (std::uint64_t n = 10'000; n < 22'000; n += n / 8) {  // tables double on the way
    Part part;
    for (std::uint64_t i = 1; i <= n; ++i) fill(part, i);
    const std::vector<std::byte> bytes = snapshot_bytes(part);
    Part back;
    const std::size_t before = in_use;
    peak = before;
    REQUIRE(restore(bytes, back));
    worst = (std::max)(worst, double(peak - before) / double(bytes.size()));
  }
  return worst;
}

TEST_CASE("damage: restoring takes a bounded multiple of the size of the snapshot") {
  const auto one = [](std::uint64_t i) {
    return event{.user = user_id{i},
                 .at = timestamp{1'600'000'000'000'000},
                 .kind = events::event_kind::purchase,
                 .item = item_id{i},
                 .order = order_id{i},
                 .id = event_id{i}};
  };
  CHECK(worst_proportion<timeline>(
            [&](timeline& t, std::uint64_t i) { static_cast<void>(t.observe(one(i))); }) < 10);
  CHECK(worst_proportion<popularity>(
            [&](popularity& p, std::uint64_t i) { static_cast<void>(p.observe(one(i))); }) < 10);
  CHECK(worst_proportion<events::dedupe>(
            [&](events::dedupe& d, std::uint64_t i) { static_cast<void>(d.admit(one(i))); }) < 10);
  CHECK(worst_proportion<events::identities>([](events::identities& d, std::uint64_t i) {
          static_cast<void>(d.link(user_id{2 * i}, user_id{2 * i + 1}));
        }) < 10);
  CHECK(worst_proportion<events::returns>([&](events::returns& r, std::uint64_t i) {
          static timeline nothing;
          static_cast<void>(r.observe(one(i), nothing));
        }) < 10);
  CHECK(worst_proportion<interner>([](interner& names, std::uint64_t i) {
          const char name[3] = {char(i), char(i >> 8), char(i >> 16)};
          static_cast<void>(names.intern({name, i < 256 ? 1U : i < 65'536 ? 2U : 3U}));
        }) < 10);
}
