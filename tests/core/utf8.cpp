#include "tailor/core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "../catch.hpp"

using namespace std::string_view_literals;
using tailor::errc;

namespace {

std::string encode(std::uint32_t c) {
  const auto byte = [](std::uint32_t b) {
    return static_cast<char>(static_cast<unsigned char>(b));
  };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xc0 | c >> 6), byte(0x80 | (c & 63))};
  if (c < 0x10000) return {byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
  return {byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 63)), byte(0x80 | (c >> 6 & 63)),
          byte(0x80 | (c & 63))};
}

// The slow way: decode the bits, then ask whether encoding the number gives the same bytes.
bool slowly_valid(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : 4;
    if (text.size() < length) return false;
    std::uint32_t c = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      if (next >> 6 != 2) return false;
      c = c << 6 | (next & 63u);
    }
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || encode(c) != text.substr(0, length))
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string escaped(std::string_view bytes) {
  std::string out;
  tailor::append_escaped(out, bytes);
  return out;
}

}  // namespace

TEST_CASE("utf8: all characters are valid, surrogates and beyond are not") {
  std::size_t wrong = 0;
  for (std::uint32_t c = 0; c <= 0x120000; ++c) {
    const bool character = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    wrong += tailor::is_valid_utf8(encode(c)) != character;
    const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    wrong += tailor::has_control(encode(c)) != control;
    wrong += bool(tailor::check_text(encode(c))) != (character && !control);
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8: malformed sequences are found, at their place") {
  for (const std::string_view bad :
       {"\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xc2"sv, "\xc2\x41"sv, "\xe0\x80\x80"sv,
        "\xe0\x9f\xbf"sv, "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xe2\x82"sv, "\xf0\x80\x80\x80"sv,
        "\xf0\x8f\xbf\xbf"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xf0\x9f\x98"sv,
        "\xfe"sv, "\xff"sv, "\xc3\xc3\xa4"sv}) {
    for (const std::string_view before : {""sv, "a"sv, "1234567"sv, "12345678"sv, "ä234567"sv}) {
      const std::string text = std::string(before) + std::string(bad) + "rest of it";
      CAPTURE(text);
      CHECK(!tailor::is_valid_utf8(text));
      CHECK(tailor::check_text(text) == errc::not_text);
      CHECK(tailor::check_text(text).error().at == before.size());
    }
  }
  CHECK(tailor::is_valid_utf8(""));
  CHECK(tailor::is_valid_utf8("WHITE HANGING HEART T-LIGHT HOLDER"));
  CHECK(tailor::is_valid_utf8("Käse, 日本語, 😀"));
  CHECK(tailor::is_valid_utf8("\0\r\n"sv));
}

TEST_CASE("utf8: a control at any place is found") {
  for (const std::string_view control :
       {"\0"sv, "\t"sv, "\n"sv, "\x1f"sv, "\x7f"sv, "\xc2\x85"sv}) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, 'x');
      text.insert(place, control);
      CAPTURE(text, place);
      CHECK(tailor::has_control(text));
      CHECK(tailor::check_text(text).error().at == place);
    }
  }
  CHECK(!tailor::has_control("plain text, ä, \xa0 alone, \xc2"));
  CHECK(tailor::check_text("plain text: ~ ä 😀"));
  CHECK(tailor::has_control("\xff\n"));
}

TEST_CASE("utf8: agrees with decoding on random bytes") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937 g(seed);
  constexpr std::string_view alphabet =
      "aZ \x7f\x80\x8f\x90\x9f\xa0\xbf\xc2\xdf\xe0\xe1\xed\xef\xf0\xf1\xf4"sv;
  std::size_t valid = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text(g() % 12, ' ');
    for (char& c : text) c = alphabet[g() % alphabet.size()];
    const bool expected = slowly_valid(text);
    valid += expected;
    if (tailor::is_valid_utf8(text) != expected) {
      CAPTURE(escaped(text));
      REQUIRE(tailor::is_valid_utf8(text) == expected);
    }
  }
  CHECK(valid > 1000);
}

TEST_CASE("utf8: escaped bytes are safe to print and stay different") {
  CHECK(escaped("plain ä 😀") == "plain ä 😀");
  CHECK(escaped("a\r\nb") == "a\\x0d\\x0ab");
  CHECK(escaped("\0\x7f"sv) == "\\x00\\x7f");
  CHECK(escaped("\xc2\x85") == "\\xc2\\x85");
  CHECK(escaped("\xff\xc3") == "\\xff\\xc3");
  CHECK(escaped("\\x0a") == "\\x5cx0a");  // not what a line end gives
  std::string out = "id=";
  tailor::append_escaped(out, "\x1b[2J");
  CHECK(out == "id=\\x1b[2J");
  std::mt19937 g(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(g() % 9, ' ');
    for (char& c : bytes) c = static_cast<char>(g() & 0xff);
    REQUIRE(tailor::check_text(escaped(bytes)));
  }
}
