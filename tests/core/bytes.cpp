#include "tailor/core/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/ids.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;

TEST_CASE("bytes: numbers are little endian on every machine") {
  std::vector<std::byte> b;
  byte_writer out(b);
  out.u16(0x0102);
  out.u32(0x03040506);
  out.i64(-2);
  const std::vector<std::byte> expected = [] {
    std::vector<std::byte> v;
    for (const int x : {2, 1, 6, 5, 4, 3, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) {
      v.push_back(static_cast<std::byte>(x));
    }
    return v;
  }();
  CHECK(b == expected);
  byte_reader in(b);
  CHECK(in.u16() == 0x0102);
  CHECK(in.u32() == 0x03040506);
  CHECK(in.i64() == -2);
  CHECK(in.ok());
  CHECK(in.remaining() == 0);
}

TEST_CASE("bytes: what is written comes back, also in arrays and texts") {
  std::vector<std::byte> b;
  byte_writer out(b);
  const std::vector<item_id> items{item_id{5}, item_id{UINT64_MAX}};
  const std::vector<std::int16_t> small{-1, 2, INT16_MIN};
  out.array(std::span<const item_id>(items));
  out.text(std::string_view("a\0b", 3));
  out.array(std::span<const std::int16_t>(small));
  out.text("");
  byte_reader in(b);
  std::vector<item_id> items_back;
  std::vector<std::int16_t> small_back(3);
  in.array(2, items_back);
  CHECK(items_back == items);
  CHECK(in.text() == std::string_view("a\0b", 3));
  in.array(std::span<std::int16_t>(small_back));
  CHECK(small_back == small);
  CHECK(in.text().empty());
  in.expect_end();
  CHECK(in.ok());
}

TEST_CASE("bytes: varints have one spelling") {
  for (const std::uint64_t v : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                std::uint64_t{16'384}, UINT64_MAX, UINT64_MAX >> 1}) {
    std::vector<std::byte> b;
    byte_writer(b).varint(v);
    byte_reader in(b);
    CHECK(in.varint() == v);
    CHECK((in.ok() && in.remaining() == 0));
  }
  const auto refused = [](std::vector<std::byte> b) {
    byte_reader in(b);
    static_cast<void>(in.varint());
    return in.error().code;
  };
  CHECK(refused({std::byte{0x80}, std::byte{0}}) == errc::corrupt);  // a longer zero
  CHECK(refused({std::byte{0x80}}) == errc::truncated);
  CHECK(refused(std::vector<std::byte>(10, std::byte{0xFF})) == errc::corrupt);
  CHECK(refused(std::vector<std::byte>(11, std::byte{0x80})) == errc::corrupt);
}

TEST_CASE("bytes: the first fault sticks, with its place, and nothing is read after it") {
  std::vector<std::byte> b(10, std::byte{1});
  byte_reader in(b);
  CHECK(in.u64() == 0x0101010101010101U);
  CHECK(in.u32() == 0);
  CHECK_FALSE(in.ok());
  CHECK(in.error().code == errc::truncated);
  CHECK(in.error().at == 8);
  CHECK(in.u8() == 0);
  CHECK(in.bytes(1).empty());
  CHECK(in.remaining() == 0);
  in.fail(errc::corrupt, "later");
  CHECK(in.error().code == errc::truncated);
}

TEST_CASE("bytes: a count that cannot be true allocates nothing") {
  std::vector<std::byte> b(64);
  byte_reader in(b);
  std::vector<std::uint64_t> v;
  in.array(UINT64_MAX / 2, v);
  CHECK(in.error().code == errc::truncated);
  CHECK(v.capacity() == 0);
  byte_reader again(b);
  again.array(9, v);
  CHECK(again.error().code == errc::truncated);
  byte_reader rest(b);
  rest.u8();
  rest.expect_end();
  CHECK(rest.error().code == errc::corrupt);
}
