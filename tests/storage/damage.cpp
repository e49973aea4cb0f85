// The damage sweep: a snapshot with any byte changed, cut anywhere, extended, with sectors swapped
// or taken from another snapshot is refused with the place, and changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::timeline;
using similar::popularity;
using storage::restore;
using storage::snapshot_bytes;

namespace {

struct shop {
  timeline history;
  popularity sales;

  explicit shop(std::uint64_t seed = 0, std::uint32_t events = 0) {
    const testing::world w{.shoppers = 40, .items = 60, .events = events, .moments = 500};
    for (const event& e : testing::random_history(seed, w)) {
      CHECK(history.observe(e));
      sales.observe(e);
    }
  }
};

// Where the piece begins that holds byte `at`: what a report has to name.
struct piece {
  std::size_t begin;
  std::size_t end;
  std::string what;
};

std::vector<piece> pieces_of(const std::vector<std::byte>& bytes) {
  std::vector<piece> out{{0, 28, "header"}};
  const auto sections = storage::unframe(bytes);
  REQUIRE(sections);
  for (const storage::section& s : *sections) {
    std::size_t at = out.back().end;
    out.push_back({at, at + 1 + s.name.size() + 4 + 8 + 4, "section head"});
    for (std::size_t k = 0; k < s.bytes.size(); k += storage::block_size) {
      at = out.back().end;
      const std::size_t n = (std::min)(storage::block_size, s.bytes.size() - k);
      out.push_back({at, at + n + 4, s.name});
    }
  }
  out.push_back({out.back().end, out.back().end + 16, "closing record"});
  REQUIRE(out.back().end == bytes.size());
  return out;
}

// Restores into a small shop and checks that it is refused and stays as it was. Returns the error.
error refused(const std::vector<std::byte>& bytes) {
  static const shop kept(99, 30);
  shop target = kept;
  const status s = restore(bytes, target.history, target.sales);
  if (s) FAIL("a damaged snapshot was taken");
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
  REQUIRE((good.size() > 12'000 && good.size() < 60'000));
  const std::vector<piece> pieces = pieces_of(good);
  std::vector<std::byte> bad = good;
  std::uint64_t tried = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    const auto holds =
        std::find_if(pieces.begin(), pieces.end(), [at](const piece& p) { return at < p.end; });
    const std::byte changes[] = {good[at] ^ std::byte{0xFF}, good[at] ^ std::byte{1},
                                 good[at] ^ std::byte{0x80}, std::byte{0}};
    for (const std::byte change : changes) {
      if (change == good[at]) continue;
      bad[at] = change;
      const error e = refused(bad);
      ++tried;
      const std::string expected = at < 8 ? "magic" : holds->what;
      if (e.what != expected || e.at != holds->begin) {
        CAPTURE(at, e.what, e.at, holds->begin);
        CHECK(std::string(e.what) == expected);
        CHECK(e.at == holds->begin);
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

TEST_CASE("damage: sectors zeroed, swapped or repeated are found") {
  const shop s(3, 900);
  const std::vector<std::byte> good = snapshot_bytes(s.history, s.sales);
  constexpr std::size_t sector = 512;
  const auto at = [](std::size_t k) { return std::ptrdiff_t(k * sector); };
  for (std::size_t i = 0; (i + 1) * sector <= good.size(); ++i) {
    std::vector<std::byte> bad = good;
    std::fill(bad.begin() + at(i), bad.begin() + at(i + 1), std::byte{0});
    if (bad != good) static_cast<void>(refused(bad));
    for (std::size_t j = i + 1; (j + 1) * sector <= good.size(); ++j) {
      bad = good;
      std::swap_ranges(bad.begin() + at(i), bad.begin() + at(i + 1), bad.begin() + at(j));
      if (bad != good) static_cast<void>(refused(bad));
      bad = good;
      std::copy(good.begin() + at(i), good.begin() + at(i + 1), bad.begin() + at(j));
      if (bad != good) static_cast<void>(refused(bad));
    }
  }
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
    static_cast<void>(refused(bad));
    ++tried;
  }
  CHECK(tried > 0);
}

TEST_CASE("damage: blocks of large sections cannot change places") {
  std::vector<storage::section> sections{{"a", 1, std::vector<std::byte>(5 * storage::block_size)}};
  for (std::size_t i = 0; i < sections[0].bytes.size(); ++i) {
    sections[0].bytes[i] = static_cast<std::byte>(i / storage::block_size * 17 + i % 7);
  }
  const std::vector<std::byte> good = storage::frame(sections);
  const auto back = storage::unframe(good);
  REQUIRE(back);
  CHECK((*back)[0].bytes == sections[0].bytes);
  const std::size_t first = 28 + 1 + 1 + 4 + 8 + 4;
  const std::size_t step = storage::block_size + 4;
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = i + 1; j < 5; ++j) {
      std::vector<std::byte> bad = good;
      std::swap_ranges(bad.begin() + std::ptrdiff_t(first + i * step),
                       bad.begin() + std::ptrdiff_t(first + (i + 1) * step),
                       bad.begin() + std::ptrdiff_t(first + j * step));
      const auto read = storage::unframe(bad);
      REQUIRE_FALSE(read);
      CHECK(read.code() == errc::corrupt);
      CHECK(read.error().at == first + i * step);
    }
  }
}

TEST_CASE("damage: a hostile snapshot with sound checksums is refused or is canonical") {
  const shop s(5, 60);
  const auto sections = storage::unframe(snapshot_bytes(s.history, s.sales));
  REQUIRE(sections);
  std::uint64_t taken = 0;
  std::uint64_t refusals = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    counter_random draw(seed, 31);
    std::vector<storage::section> hostile = *sections;
    std::vector<std::byte>& bytes = hostile[uniform_below(draw, hostile.size())].bytes;
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
    const std::vector<std::byte> sealed = storage::frame(hostile);
    shop target;
    if (restore(sealed, target.history, target.sales)) {
      ++taken;
      if (snapshot_bytes(target.history, target.sales) != sealed) {
        CAPTURE(seed);
        FAIL("bytes were taken that are not canonical");
      }
    } else {
      ++refusals;
    }
  }
  CHECK(taken > 0);
  CHECK(refusals > 0);
}

TEST_CASE("damage: sizes that cannot be true allocate nothing of that size") {
  for (const std::uint64_t size : {std::uint64_t{1} << 20, std::uint64_t{1} << 40, UINT64_MAX}) {
    std::vector<std::byte> content;
    byte_writer out(content);
    out.u64(size);
    out.u64(size);
    out.u64(size);
    timeline t;
    popularity p;
    const std::vector<storage::section> sections{{"popularity", 1, content},
                                                 {"timeline", 1, content}};
    CHECK_FALSE(restore(storage::frame(sections), t, p));
    byte_reader in(content);
    CHECK_FALSE(timeline::decode(in));
  }
}
