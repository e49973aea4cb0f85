#include "tailor/core/interner.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../catch.hpp"

using namespace std::string_view_literals;
using tailor::errc;
using tailor::hash_key;
using tailor::interner;
using tailor::interner_limits;

namespace {

// Names of all the lengths that matter, many of them close to each other.
std::string random_name(std::mt19937& g) {
  constexpr std::size_t lengths[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 24, 100};
  std::string s(lengths[g() % 12], 'x');
  for (int changes = 0; changes < 3; ++changes) s[g() % s.size()] = "\0a\xff z"[g() % 5];
  return s;
}

// The obvious way.
struct slow_interner {
  std::unordered_map<std::string, std::uint32_t> handles;
  std::uint32_t intern(const std::string& s) {
    return handles.emplace(s, static_cast<std::uint32_t>(handles.size())).first->second;
  }
};

}  // namespace

TEST_CASE("interner: handles are dense and in order of first appearance") {
  interner names;
  CHECK(names.empty());
  CHECK(*names.intern("85123A") == 0);
  CHECK(*names.intern("71053") == 1);
  CHECK(*names.intern("85123A") == 0);
  CHECK(*names.intern("a name that is longer than sixteen bytes") == 2);
  CHECK(*names.intern("a name that is longer than sixteen bytes") == 2);
  CHECK(names.size() == 3);
  CHECK(names.name(0) == "85123A");
  CHECK(names.name(2) == "a name that is longer than sixteen bytes");
  CHECK(names.find("71053") == 1u);
  CHECK(!names.find("71054"));
  CHECK(!names.find(""));
  CHECK(!names.find(std::string(100'000, 'x')));
  CHECK(!interner{}.find("x"));
  CHECK(names.total_bytes() == 6 + 5 + 40);
  CHECK(names.memory() > 0);
}

TEST_CASE("interner: names are any bytes, and equal only when all bytes and the length are") {
  interner names;
  const std::vector<std::string_view> different = {"\0"sv,
                                                   "\0\0"sv,
                                                   "\0\0\0\0\0\0\0\0"sv,
                                                   "\0\0\0\0\0\0\0\0\0"sv,
                                                   "a"sv,
                                                   "a\0"sv,
                                                   "\0a"sv,
                                                   "\xff"sv,
                                                   "12345678"sv,
                                                   "123456781"sv,
                                                   "1234567812345678"sv,
                                                   "12345678123456781"sv,
                                                   "1234567812345678\0"sv,
                                                   "12345678012345678"sv};
  for (std::uint32_t i = 0; i < different.size(); ++i) CHECK(*names.intern(different[i]) == i);
  for (std::uint32_t i = 0; i < different.size(); ++i) {
    CHECK(*names.intern(different[i]) == i);
    CHECK(names.name(i) == different[i]);
  }
}

TEST_CASE("interner: agrees with std::unordered_map, one by one and in batches, under any key") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u);
  CAPTURE(seed);
  std::mt19937 g(seed);
  slow_interner slow;
  interner single(hash_key{g(), g()});
  interner batched(hash_key{g(), g()});
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> text(g() % 300);
    std::vector<std::string_view> views;
    std::vector<std::uint32_t> expected, got(text.size());
    for (std::string& s : text) s = random_name(g);
    for (const std::string& s : text) {
      views.push_back(s);
      REQUIRE(single.find(s).has_value() == (slow.handles.count(s) == 1));
      expected.push_back(slow.intern(s));
      REQUIRE(*single.intern(s) == expected.back());
      REQUIRE(single.find(s) == expected.back());
    }
    REQUIRE(batched.intern_batch(views, got));
    REQUIRE(got == expected);
  }
  REQUIRE(single.size() == slow.handles.size());
  for (const auto& [name, handle] : slow.handles) REQUIRE(single.name(handle) == name);
  CHECK(single == batched);
}

TEST_CASE("interner: views of names stay valid while it grows and when it is moved") {
  interner names;
  std::vector<std::string_view> views;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const std::string s = "sku-" + std::to_string(i);
    views.push_back(names.name(*names.intern(s)));
  }
  const interner moved = std::move(names);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    REQUIRE(views[i] == "sku-" + std::to_string(i));
    REQUIRE(views[i].data() == moved.name(i).data());
  }
}

TEST_CASE("interner: a copy is equal, independent, and grows without moving its names") {
  interner a;
  for (int i = 0; i < 100; ++i) CHECK(a.intern("item " + std::to_string(i)));
  interner b = a;
  CHECK(a == b);
  const std::string_view last = b.name(99);
  CHECK(*b.intern("one more") == 100);
  CHECK(b.name(99).data() == last.data());
  CHECK(!(a == b));
  CHECK(a.size() == 100);
  CHECK(!a.find("one more"));
  a = b;
  CHECK(a == b);
}

TEST_CASE("interner: equality is about names and their order") {
  interner a(hash_key{1, 2}), b(hash_key{3, 4}, {.max_names = 10}), c;
  CHECK(a == b);
  for (const char* s : {"x", "y"}) CHECK((a.intern(s) && b.intern(s)));
  for (const char* s : {"y", "x"}) CHECK(c.intern(s));
  CHECK(a == b);
  CHECK(!(a == c));
}

TEST_CASE("interner: what passes a limit is refused and changes nothing") {
  interner names({}, {.max_names = 3, .max_bytes_per_name = 20, .max_total_bytes = 30});
  CHECK(names.intern("") == errc::empty_id);
  CHECK(names.intern(std::string(21, 'x')) == errc::oversized);
  CHECK(names.empty());
  CHECK(*names.intern(std::string(20, 'x')) == 0);
  CHECK(names.intern(std::string(11, 'y')) == errc::full);
  CHECK(*names.intern(std::string(8, 'y')) == 1);
  CHECK(*names.intern("z") == 2);
  CHECK(names.intern("w") == errc::full);
  CHECK(*names.intern("z") == 2);  // what is known is still answered
  CHECK(names.size() == 3);
  CHECK(names.total_bytes() == 29);
}

TEST_CASE("interner: a batch is taken whole or not at all") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937 g(seed);
  const interner_limits tight{.max_names = 500, .max_bytes_per_name = 100, .max_total_bytes = 9000};
  interner names(hash_key{g(), g()}, tight);
  std::size_t refused = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> text(g() % 100);
    std::vector<std::string_view> views;
    for (std::string& s : text) s = random_name(g);
    if (!text.empty() && g() % 10 == 0) text[g() % text.size()].assign(g() % 2 * 101, 'x');
    for (const std::string& s : text) views.push_back(s);
    std::vector<std::uint32_t> handles(views.size());

    const interner before = names;
    const auto done = names.intern_batch(views, handles);
    interner one_by_one = before;
    errc expected = errc::ok;
    for (const std::string& s : text) {
      if (s.empty()) expected = errc::empty_id;
      if (s.size() > 100) expected = errc::oversized;
    }
    for (std::size_t i = 0; expected == errc::ok && i < views.size(); ++i) {
      const auto h = one_by_one.intern(views[i]);
      if (h) continue;
      expected = h.code();
      CHECK(done.error().at == i);
    }
    REQUIRE(done.code() == expected);
    if (done) {
      REQUIRE(names == one_by_one);
    } else {
      ++refused;
      REQUIRE(names == before);
      // Not only equal: every name is still found, and no other.
      for (std::uint32_t h = 0; h < before.size(); ++h) REQUIRE(names.find(before.name(h)) == h);
      for (const std::string_view v : views) REQUIRE(names.find(v) == before.find(v));
    }
  }
  CHECK(refused > 10);
  CHECK(refused < 190);
}

TEST_CASE("interner: room that is reserved is enough") {
  interner names;
  names.reserve(1000);
  const std::size_t table = names.memory();
  for (int i = 0; i < 1000; ++i) CHECK(names.intern(std::to_string(i)));
  CHECK(names.memory() < table + 8192);  // nothing but the bytes of the names came on top
  interner limited({}, {.max_names = 10});
  limited.reserve(SIZE_MAX);
  CHECK(limited.memory() < 10'000);
}

TEST_CASE("interner: a table whose key is known can be attacked, which is why there is one") {
  // Names that share their place under the key {0, 0} are spread again under another.
  interner open(hash_key{0, 0});
  std::size_t same_place = 0;
  for (int i = 0; same_place < 50; ++i) {
    const std::string s = std::to_string(i);
    if ((tailor::siphash13({0, 0}, s) & 1023) != 0) continue;
    same_place += 1;
    CHECK(open.intern(s));
  }
  std::size_t still_there = 0;
  for (std::uint32_t h = 0; h < open.size(); ++h)
    still_there += (tailor::siphash13({5, 6}, open.name(h)) & 1023) == 0;
  CHECK(still_there < 5);
}

TEST_CASE("interner: names are written and read back under any key") {
  const auto seed = GENERATE(1u, 2u);
  CAPTURE(seed);
  std::mt19937 g(seed);
  interner names;
  for (std::uint32_t i = 0; i < 500; ++i) CHECK(names.intern(random_name(g)));
  std::vector<std::byte> bytes, again;
  tailor::byte_writer out(bytes);
  names.encode(out);
  tailor::byte_reader in(bytes);
  const auto read = interner::decode(in, {}, hash_key{g(), g()});
  REQUIRE(read);
  CHECK(*read == names);
  CHECK(in.remaining() == 0);
  tailor::byte_writer out_again(again);
  read->encode(out_again);
  CHECK(again == bytes);

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    tailor::byte_reader cut(std::span<const std::byte>(bytes).first(size));
    REQUIRE(interner::decode(cut) == errc::truncated);
  }
  tailor::byte_reader tight(bytes);
  CHECK(interner::decode(tight, {.max_names = 20}) == errc::full);
}

TEST_CASE("interner: bytes that no interner wrote are refused") {
  const auto decode = [](std::vector<std::uint8_t> bytes) {
    tailor::byte_reader in(std::as_bytes(std::span(bytes)));
    return interner::decode(in).code();
  };
  CHECK(decode({0}) == errc::ok);
  CHECK(decode({2, 1, 'a', 1, 'b'}) == errc::ok);
  CHECK(decode({2, 1, 'a', 1, 'a'}) == errc::corrupt);
  CHECK(decode({1, 0}) == errc::empty_id);
  CHECK(decode({}) == errc::truncated);
  CHECK(decode({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1, 'a'}) ==
        errc::truncated);
  std::vector<std::uint8_t> wide{1, 0xc8, 1};  // a name of 200 bytes, and the limit is 128
  wide.insert(wide.end(), 200, 'x');
  CHECK(decode(wide) == errc::oversized);
}
