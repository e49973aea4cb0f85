// The CSV reader beside libcsv in its strict mode, on texts that were made at random and then
// harmed.
#include <csv.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;

namespace {

using record = std::vector<std::string>;

struct read_back {
  std::vector<record> records;  // up to the first fault of a quote
  bool sound = true;            // no fault of a quote
};

read_back with_libcsv(const std::string& text, char delimiter) {
  struct {
    read_back out;
    record current;
  } state;
  csv_parser parser;
  csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_delim(&parser, static_cast<unsigned char>(delimiter));
  csv_set_space_func(&parser, [](unsigned char) { return 0; });  // spaces belong to the field
  const auto field = [](void* data, std::size_t size, void* to) {
    static_cast<decltype(state)*>(to)->current.emplace_back(static_cast<const char*>(data), size);
  };
  const auto end = [](int, void* to) {
    auto& s = *static_cast<decltype(state)*>(to);
    s.out.records.push_back(std::move(s.current));
    s.current.clear();
  };
  const bool read = csv_parse(&parser, text.data(), text.size(), field, end, &state) == text.size();
  state.out.sound = read && csv_fini(&parser, field, end, &state) == 0;
  csv_free(&parser);
  return state.out;
}

/// Rows with another number of fields are faults of ours and none of libcsv's: of those only the
/// place is kept, as a record of no fields.
read_back with_tailor(const std::string& text, char delimiter) {
  read_back out;
  auto rows = adapters::csv_reader::make(text, {delimiter});
  if (!rows) {
    out.sound = false;
    return out;
  }
  out.records.push_back(rows->header());
  while (rows->next()) {
    if (!rows->fault()) {
      if (std::string_view(rows->fault().error().what) == "quote") {
        out.sound = false;
        return out;
      }
      out.records.emplace_back();
      continue;
    }
    record r;
    for (std::size_t i = 0; i < rows->size(); ++i) r.emplace_back((*rows)[i]);
    out.records.push_back(r);
  }
  return out;
}

std::string random_text(counter_random& draw, char delimiter, std::size_t columns) {
  const std::string special = std::string("\"\n\r") + delimiter;
  const std::string plain = "ab 1\t;|,";
  std::string text;
  for (std::size_t c = 0; c < columns; ++c) {
    if (c > 0) text += delimiter;
    text += "c" + std::to_string(c);
  }
  text += "\n";
  for (std::uint64_t rows = uniform_below(draw, 30); rows > 0; --rows) {
    for (std::size_t c = 0; c < columns; ++c) {
      if (c > 0) text += delimiter;
      std::string field;
      for (std::uint64_t n = uniform_below(draw, 12); n > 0; --n) {
        const std::string& from = uniform_below(draw, 5) == 0 ? special : plain;
        field += from[uniform_below(draw, from.size())];
      }
      if (field.find_first_of(special) == std::string::npos && uniform_below(draw, 3) != 0) {
        text += field;
        continue;
      }
      text += '"';
      for (const char x : field) text += x == '"' ? std::string("\"\"") : std::string(1, x);
      text += '"';
    }
    if (rows > 1 || uniform_below(draw, 2) == 0)
      text += uniform_below(draw, 4) == 0 ? "\r\n" : "\n";
  }
  return text;
}

bool agree(const read_back& ours, const read_back& theirs) {
  if (ours.sound != theirs.sound) return false;
  const std::size_t n = ours.records.size();
  if (ours.sound ? theirs.records.size() != n : theirs.records.size() < n) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const bool ragged = i > 0 && theirs.records[i].size() != theirs.records[0].size();
    if (ragged ? !ours.records[i].empty() : ours.records[i] != theirs.records[i]) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("csv: sound texts read as libcsv reads them") {
  std::size_t records = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 0);
    const char delimiter = ",;\t|"[seed % 4];
    const std::string text = random_text(draw, delimiter, 2 + uniform_below(draw, 4));
    const read_back ours = with_tailor(text, delimiter);
    const read_back theirs = with_libcsv(text, delimiter);
    REQUIRE(ours.sound);
    REQUIRE(theirs.sound);
    REQUIRE(ours.records == theirs.records);
    records += ours.records.size();
  }
  CHECK(records > 20'000);
}

TEST_CASE("csv: a quote out of place is a fault where libcsv says so, and nowhere else") {
  std::size_t unsound = 0;
  constexpr std::uint64_t texts = 4'000;
  for (std::uint64_t seed = 0; seed < texts; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 1);
    const char delimiter = ",;\t|"[seed % 4];
    std::string text = random_text(draw, delimiter, 2 + uniform_below(draw, 3));
    const std::size_t header = text.find('\n') + 1;
    for (std::uint64_t harm = 1 + uniform_below(draw, 3); harm > 0; --harm) {
      const std::string with = std::string("\"\na") + delimiter;
      const std::size_t at = header + uniform_below(draw, text.size() - header + 1);
      if (uniform_below(draw, 2) == 0 && at < text.size()) {
        text.erase(at, 1);
      } else {
        text.insert(at, 1, with[uniform_below(draw, with.size())]);
      }
    }
    // A carriage return alone ends a record for libcsv, and is a character for us.
    for (std::size_t i = header; i < text.size(); ++i) {
      if (text[i] == '\r') text[i] = 'r';
    }
    const read_back ours = with_tailor(text, delimiter);
    const read_back theirs = with_libcsv(text, delimiter);
    CAPTURE(text, ours.sound, theirs.sound, ours.records.size(), theirs.records.size());
    REQUIRE(agree(ours, theirs));
    unsound += !ours.sound;
  }
  CHECK(unsound > texts / 10);
  CHECK(unsound < texts * 9 / 10);
}
