#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/pair_tally.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

struct baskets {
  incidence rows;                                          // invoices × stock codes, every line
  std::map<std::string, std::uint32_t, std::less<>> code;  // name → index
};

baskets read_baskets() {
  std::ifstream file(tailor_test::need_data("online_retail.csv"), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto csv = adapters::csv_reader::make(text).value();
  const std::size_t invoice = csv.column("InvoiceNo").value();
  const std::size_t stock_code = csv.column("StockCode").value();
  std::map<std::string, std::uint32_t, std::less<>> invoices;
  std::vector<std::pair<std::uint32_t, std::string>> lines;
  baskets out;
  while (csv.next()) {
    REQUIRE(csv.fault());
    const auto row = static_cast<std::uint32_t>(invoices.size());
    lines.emplace_back(invoices.emplace(csv[invoice], row).first->second, csv[stock_code]);
    out.code.emplace(csv[stock_code], 0);
  }
  std::uint32_t next = 0;
  for (auto& [name, index] : out.code) index = next++;
  std::vector<incidence::cell> cells;
  for (const auto& [row, name] : lines) cells.push_back({row, item_id{out.code[name]}});
  out.rows = incidence::make(cells, static_cast<std::uint32_t>(invoices.size())).value();
  return out;
}

struct known_pair {
  const char* a;
  const char* b;
  std::uint32_t of_a, of_b, both;
};

// From a few lines of Python, which share nothing with the library:
//
//   rows = collections.defaultdict(set)
//   for r in csv.DictReader(open("online_retail.csv", newline="", encoding="utf-8")):
//       rows[r["StockCode"]].add(r["InvoiceNo"])
//   print(len(rows[a]), len(rows[b]), len(rows[a] & rows[b]))
constexpr known_pair known_pairs[] = {
    {"85123A", "22423", 2246, 2172, 355}, {"22386", "85099B", 1231, 2135, 833},
    {"20725", "22383", 1608, 1306, 663},  {"20724", "22355", 1050, 895, 510},
    {"22697", "22699", 1057, 1120, 784},  {"22697", "22698", 1057, 802, 644},
    {"22726", "22727", 1003, 1081, 646},  {"20712", "DOT", 872, 710, 361},
    {"POST", "C2", 1254, 144, 0},         {"10002", "84879", 73, 1468, 13},
};

}  // namespace

TEST_CASE("online retail: invoices, codes and pair counts as counted by other means", "[data]") {
  const baskets b = read_baskets();
  CHECK(b.rows.rows().rows() == 25900);
  CHECK(b.rows.population() == 25900);
  CHECK(b.rows.items().size() == 4070);
  CHECK(b.rows.rows().entries() == 531225);

  const std::vector<std::uint32_t> sizes = column_sizes(b.rows.rows(), b.rows.items().size());
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> counted;
  const auto keep = [&](std::uint32_t item, std::span<const pair_count> pairs, std::size_t) {
    for (const known_pair& k : known_pairs) {
      if (b.code.find(k.a)->second != item) continue;
      for (const pair_count& p : pairs) {
        if (p.other == b.code.find(k.b)->second) counted[{item, p.other}] = p.both;
      }
    }
  };
  tally_pairs(b.rows, pair_order::both_ways, keep);
  const auto lists = neighbour_lists<>::fit(b.rows, {.k = 4070, .min_support = 1});
  for (const known_pair& k : known_pairs) {
    CAPTURE(k.a, k.b);
    const std::uint32_t i = b.code.find(k.a)->second;
    const std::uint32_t j = b.code.find(k.b)->second;
    CHECK(sizes[i] == k.of_a);
    CHECK(sizes[j] == k.of_b);
    CHECK(counted[{i, j}] == k.both);
    const auto all = lists.neighbours(item_id{i}, 4070);
    const auto found = std::find_if(all.begin(), all.end(),
                                    [j](const neighbour& n) { return n.item == item_id{j}; });
    CHECK((found != all.end()) == (k.both > 0));
    if (found != all.end()) {
      CHECK(found->evidence == pair_evidence{k.both, k.of_a, k.of_b, 25900, 0});
    }
  }
}

TEST_CASE("online retail: the sum of all scores of lists of 100", "[data]") {
  // 49,734.73 with scipy: X^T X, scaled by the roots of the column sums, 100 highest of each row.
  const baskets b = read_baskets();
  thread_pool two(2);
  for (const counting how : {counting::automatic, counting::dense, counting::touched}) {
    const auto lists =
        neighbour_lists<cosine>::fit(b.rows, {.k = 100, .min_support = 1, .how = how}, {}, two);
    double sum = 0;
    for (const item_id item : b.rows.items()) {
      for (const neighbour& n : lists.neighbours(item, 100)) sum += n.score;
    }
    CHECK(sum == Approx(49734.73).margin(0.005));
  }
}
