#include "tailor/adapters/csv.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "slow_csv.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using adapters::csv_reader;
using tailor_test::csv_record;

namespace {

std::vector<csv_record> read_all(std::string_view text, adapters::csv_options options = {}) {
  auto reader = csv_reader::make(text, options);
  std::vector<csv_record> out;
  if (!reader) return {{{}, reader.code(), reader.error().at}};
  while (reader->next()) {
    csv_record r{{}, reader->fault().code(), reader->fault().error().at};
    if (reader->fault()) {
      r.at = 0;
      for (std::size_t i = 0; i < reader->size(); ++i) r.fields.emplace_back((*reader)[i]);
    }
    out.push_back(r);
    CHECK(reader->number() == out.size());
  }
  return out;
}

using fields = std::vector<std::string>;

}  // namespace

TEST_CASE("csv: plain, quoted and doubled quotes, line breaks within quotes, LF and CRLF") {
  const auto rows = read_all(
      "a,b,c\n1,2,3\r\n\"x,y\",\"say \"\"hi\"\"\",\"two\r\nlines\"\n,,\n\"\",\"\"\"\",last");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].fields == fields{"1", "2", "3"});
  CHECK(rows[1].fields == fields{"x,y", "say \"hi\"", "two\r\nlines"});
  CHECK(rows[2].fields == fields{"", "", ""});
  CHECK(rows[3].fields == fields{"", "\"", "last"});
}

TEST_CASE("csv: byte-order mark, empty lines and other delimiters") {
  const auto bom = csv_reader::make("\xEF\xBB\xBF\"a\",b\n1,2\n");
  REQUIRE(bom);
  CHECK(bom->header() == fields{"a", "b"});
  CHECK(read_all("a,b\n\n\r\n1,2\n\n").size() == 1);
  const auto one = read_all("a\n\nx\n");
  REQUIRE(one.size() == 2);  // with one column an empty line is an empty value
  CHECK(one[0].fields == fields{""});
  CHECK(read_all("a;b\n1;\"2;3\"\n", {';'})[0].fields == fields{"1", "2;3"});
  CHECK(read_all("a\tb\n1\t2\n", {'\t'})[0].fields == fields{"1", "2"});
}

TEST_CASE("csv: a wrong delimiter, an empty text and a broken header are refused with the reason") {
  const auto wrong = csv_reader::make("a;b;c\n1;2;3\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.code() == errc::malformed);
  CHECK(std::string(wrong.error().what) == "delimiter");
  CHECK(csv_reader::make("") == errc::truncated);
  CHECK(csv_reader::make("\n\n") == errc::truncated);
  CHECK(csv_reader::make("a,\"b\n") == errc::truncated);
  CHECK(csv_reader::make("a,b\"\n1,2\n") == errc::malformed);
}

TEST_CASE("csv: columns go by name, and a missing or doubled one is named") {
  const auto reader = csv_reader::make("id,price,id\n");
  REQUIRE(reader);
  CHECK(*reader->column("price") == 1);
  const auto missing = reader->column("user");
  CHECK(missing == errc::unknown);
  CHECK(std::string(missing.error().what) == "user");
  CHECK(reader->column("id") == errc::malformed);
}

TEST_CASE("csv: a bad record is told with its number and place, and the rest goes on") {
  const std::string text =
      "a,b\n1,2\n1,2,3\n5\" nail,2\n\"x\"y,2\n1\n\"ok\",2\n7,\"never closed\n8,9\n";
  auto reader = csv_reader::make(text);
  REQUIRE(reader);
  std::vector<std::string> got;
  while (reader->next()) {
    got.push_back(std::to_string(reader->number()) + " " + name_of(reader->fault().code()) + " " +
                  reader->fault().error().what + " " + std::to_string(reader->fault().error().at));
  }
  CHECK(got == std::vector<std::string>{"1 ok  0", "2 malformed fields 8", "3 malformed quote 15",
                                        "4 malformed quote 26", "5 malformed fields 31", "6 ok  0",
                                        "7 truncated quote 42", "8 ok  0"});
}

TEST_CASE("csv: agrees with a slow state machine on random nasty texts") {
  constexpr std::string_view alphabet = "aab,,\"\"\"\n\n\r\n;1";
  std::uint64_t faults = 0;
  std::uint64_t sound = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    counter_random draw(seed, 0);
    std::string text = seed % 2 == 0 ? "x,y\n" : "x,y,z\r\n";
    const std::uint64_t n = uniform_below(draw, seed % 10 == 0 ? 700 : 90);
    if (seed % 3 == 0) {  // mostly sound: quoted fields with anything in them
      while (text.size() < n) {
        for (int f = 0; f < (seed % 2 == 0 ? 2 : 3); ++f) {
          if (f > 0) text += ',';
          if (uniform_below(draw, 2) == 0) {
            text += '"';
            for (std::uint64_t k = uniform_below(draw, 9); k > 0; --k) {
              const char c = alphabet[uniform_below(draw, alphabet.size())];
              text += c == '"' ? "\"\"" : std::string(1, c);
            }
            text += '"';
          } else {
            text.append(uniform_below(draw, 4), 'q');
          }
        }
        text += uniform_below(draw, 3) == 0 ? "\r\n" : "\n";
      }
    } else {
      for (std::uint64_t k = 0; k < n; ++k) text += alphabet[uniform_below(draw, alphabet.size())];
    }
    const std::size_t max_fields = seed % 5 == 0 ? 3 : 4096;
    const auto expected = tailor_test::slow_csv(text, ',', max_fields);
    const auto got = read_all(text, {',', max_fields});
    if (got != expected) {
      CAPTURE(seed, text);
      REQUIRE(got.size() == expected.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        CAPTURE(i, got[i].fields, expected[i].fields, name_of(got[i].fault), got[i].at,
                name_of(expected[i].fault), expected[i].at);
        CHECK(got[i] == expected[i]);
      }
    }
    for (const auto& r : got) ++(r.fault == errc::ok ? sound : faults);
  }
  CHECK(faults > 1000);
  CHECK(sound > 1000);
}

TEST_CASE("csv: more fields than permitted are a fault, and no memory is spent on them") {
  const auto rows = read_all("a,b\n1,2\n" + std::string(100'000, ',') + "\n3,4\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].fault == errc::oversized);
  CHECK(rows[1].at == 8 + 4096);
  CHECK(rows[2].fields == fields{"3", "4"});
  const auto header = csv_reader::make("a,b,c\n", {',', 2});
  CHECK(header == errc::oversized);
  CHECK(header.error().at == 4);
  CHECK(read_all("a,b\n,,,\n1,2\n", {',', 2})[0].fault == errc::oversized);
}

TEST_CASE("csv: marks are the same with and without instructions for them") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    counter_random draw(seed, 1);
    char block[64];
    for (char& c : block) {
      c = seed % 2 == 0 ? static_cast<char>(draw()) : "\",\n;\x8C\xA2"[uniform_below(draw, 6)];
    }
    const char delimiter = ",;\t|"[seed % 4];
    CHECK(adapters::find_marks(block, delimiter) ==
          adapters::find_marks_portable(block, delimiter));
  }
}

TEST_CASE("csv: records longer than what is scanned at once") {
  std::string text = "a,b\n";
  const std::string big(100'000, 'x');
  for (int i = 0; i < 3; ++i) text += "\"" + big + "\"\"\n\",2\n";
  const auto rows = read_all(text);
  REQUIRE(rows.size() == 3);
  for (const auto& r : rows) {
    CHECK(r.fault == errc::ok);
    CHECK(r.fields[0] == big + "\"\n");
  }
}
