// T7: Online Retail four times over (or text like it) → quantity, price and customer as numbers,
// invoice and code as text; quotes obeyed. Peers in the same run: libcsv (strict, RFC 4180) where
// it is installed, and the textbook loop over std::getline and quotes. Work: bytes and records.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/storage/file.hpp"

#if defined(TAILOR_BENCH_LIBCSV)
#include <csv.h>
#endif

namespace {

using namespace tailor;

const std::string& text() {
  static const std::string whole = [] {
    std::string once;
    const auto bytes = storage::read_file(TAILOR_DATA_DIR "/online_retail.csv");
    if (bytes) {
      once.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    } else {
      once = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
      counter_random draw(1, 0);
      for (int i = 0; i < 500'000; ++i) {
        once += std::to_string(536'365 + i / 20) + "," +
                std::to_string(20'000 + uniform_below(draw, 4'000));
        once += uniform_below(draw, 10) == 0 ? ",\"LANTERN, WHITE METAL\","
                                             : ",WHITE HANGING HEART HOLDER,";
        once += std::to_string(1 + uniform_below(draw, 20)) + ",2010-12-01T08:26:00,";
        once += std::to_string(uniform_below(draw, 20)) + ".95," +
                std::to_string(12'346 + uniform_below(draw, 5'000));
        once += ",United Kingdom\n";
      }
    }
    const std::string_view records = std::string_view(once).substr(once.find('\n') + 1);
    std::string all = once;
    for (int i = 1; i < 4; ++i) all += records;
    return all;
  }();
  return whole;
}

struct sums {
  std::int64_t records = 0;
  std::int64_t quantity = 0;
  std::int64_t price = 0;
  std::int64_t customer = 0;
  std::int64_t characters = 0;

  void take(std::string_view invoice, std::string_view code, std::string_view pieces,
            std::string_view unit_price, std::string_view who) {
    ++records;
    quantity += *parse_int<std::int64_t>(pieces);
    price += *parse_decimal(unit_price, 3);
    if (!who.empty()) customer += *parse_int<std::int64_t>(who);
    characters += static_cast<std::int64_t>(invoice.size() + code.size());
  }
  friend bool operator==(const sums&, const sums&) = default;
};

sums with_tailor() {
  auto rows = adapters::csv_reader::make(text());
  sums s;
  while (rows->next()) s.take((*rows)[0], (*rows)[1], (*rows)[3], (*rows)[5], (*rows)[6]);
  return s;
}

void report(benchmark::State& state, const sums& s) {
  static const sums expected = with_tailor();
  if (!(s == expected)) state.SkipWithError("another answer");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
  state.SetItemsProcessed(state.iterations() * s.records);
}

void csv_tailor(benchmark::State& state) {
  text();
  sums s;
  for (auto _ : state) s = with_tailor();
  report(state, s);
}
BENCHMARK(csv_tailor)->Unit(benchmark::kMillisecond);

void csv_textbook(benchmark::State& state) {
  text();
  sums s;
  for (auto _ : state) {
    s = {};
    std::istringstream in(text());
    std::string line;
    std::getline(in, line);
    std::string fields[8];
    while (std::getline(in, line)) {
      std::size_t field = 0;
      for (std::string& f : fields) f.clear();
      bool quoted = false;
      for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"') {
          if (quoted && i + 1 < line.size() && line[i + 1] == '"')
            fields[field] += line[i++];
          else
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
          ++field;
        } else {
          fields[field] += c;
        }
      }
      s.take(fields[0], fields[1], fields[3], fields[5], fields[6]);
    }
  }
  report(state, s);
}
BENCHMARK(csv_textbook)->Unit(benchmark::kMillisecond);

#if defined(TAILOR_BENCH_LIBCSV)
struct libcsv_row {
  sums s;
  std::string fields[8];
  std::size_t field = 0;
  bool header = true;
};
void csv_libcsv(benchmark::State& state) {
  text();
  libcsv_row row;
  for (auto _ : state) {
    row = {};
    csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&parser, [](unsigned char) { return 0; });
    const auto on_field = [](void* p, std::size_t n, void* to) {
      auto* r = static_cast<libcsv_row*>(to);
      if (r->field < 8) r->fields[r->field].assign(static_cast<const char*>(p), n);
      ++r->field;
    };
    const auto on_row = [](int, void* to) {
      auto* r = static_cast<libcsv_row*>(to);
      if (!r->header)
        r->s.take(r->fields[0], r->fields[1], r->fields[3], r->fields[5], r->fields[6]);
      r->header = false;
      r->field = 0;
    };
    csv_parse(&parser, text().data(), text().size(), on_field, on_row, &row);
    csv_fini(&parser, on_field, on_row, &row);
    csv_free(&parser);
  }
  report(state, row.s);
}
BENCHMARK(csv_libcsv)->Unit(benchmark::kMillisecond);
#endif

}  // namespace
