// Sound CSV reads the same here and with libcsv in its strict mode, an implementation by others.
#include <csv.h>

#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;

namespace {

using record = std::vector<std::string>;

std::vector<record> with_libcsv(const std::string& text) {
  struct state {
    std::vector<record> all;
    record now;
  } s;
  csv_parser parser;
  REQUIRE(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0);
  csv_set_space_func(&parser, [](unsigned char) { return 0; });
  csv_set_term_func(&parser,
                    [](unsigned char c) { return static_cast<int>(c == '\n' || c == '\r'); });
  const auto on_field = [](void* p, std::size_t n, void* to) {
    static_cast<state*>(to)->now.emplace_back(static_cast<const char*>(p), n);
  };
  const auto on_record = [](int, void* to) {
    auto* st = static_cast<state*>(to);
    st->all.push_back(st->now);
    st->now.clear();
  };
  CHECK(csv_parse(&parser, text.data(), text.size(), on_field, on_record, &s) == text.size());
  CHECK(csv_fini(&parser, on_field, on_record, &s) == 0);
  csv_free(&parser);
  return s.all;
}

}  // namespace

TEST_CASE("csv: agrees with libcsv on random sound texts") {
  constexpr char letters[] = "ab,\"\n\r;c 1";
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 0);
    const std::uint64_t columns = 1 + uniform_below(draw, 4);
    std::string text;
    const std::uint64_t rows = 1 + uniform_below(draw, 12);
    for (std::uint64_t r = 0; r <= rows; ++r) {
      for (std::uint64_t f = 0; f < columns; ++f) {
        if (f > 0) text += ',';
        if (r == 0 || uniform_below(draw, 2) == 0) {
          text += "x" + std::to_string(uniform_below(draw, 50));
          continue;
        }
        text += '"';
        for (std::uint64_t k = uniform_below(draw, 8); k > 0; --k) {
          const char c = letters[uniform_below(draw, sizeof(letters) - 1)];
          text += c;
          if (c == '"') text += c;
        }
        text += '"';
      }
      if (r < rows || uniform_below(draw, 2) == 0)
        text += uniform_below(draw, 2) == 0 ? "\r\n" : "\n";
    }
    std::vector<record> expected = with_libcsv(text);
    auto reader = adapters::csv_reader::make(text);
    REQUIRE(reader);
    std::vector<record> got{reader->header()};
    while (reader->next()) {
      REQUIRE(reader->fault());
      record& now = got.emplace_back();
      for (std::size_t i = 0; i < reader->size(); ++i) now.emplace_back((*reader)[i]);
    }
    CHECK(got == expected);
  }
}
