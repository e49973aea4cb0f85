// Online Retail, read to the last digit: the counts and the revenue of the data's own page (R1).
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/storage/file.hpp"

using namespace tailor;

TEST_CASE("online retail: rows, customers, invoices and revenue are the published ones", "[data]") {
  const auto bytes = storage::read_file(tailor_test::need_data("online_retail.csv").c_str());
  REQUIRE(bytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  auto rows = adapters::csv_reader::make(text);
  REQUIRE(rows);
  std::uint64_t records = 0;
  std::uint64_t with_customer = 0;
  std::uint64_t clean = 0;
  std::int64_t revenue = 0;
  std::int64_t clean_revenue = 0;
  std::int64_t units = 0;
  std::set<std::string, std::less<>> customers;
  std::set<std::string, std::less<>> invoices;
  std::set<std::string, std::less<>> codes;
  const std::size_t invoice = *rows->column("InvoiceNo");
  const std::size_t code = *rows->column("StockCode");
  const std::size_t pieces = *rows->column("Quantity");
  const std::size_t unit = *rows->column("UnitPrice");
  const std::size_t customer = *rows->column("CustomerID");
  while (rows->next()) {
    REQUIRE(rows->fault());
    ++records;
    const auto quantity = parse_int<std::int64_t>((*rows)[pieces]);
    const auto price = parse_decimal((*rows)[unit], 3);
    REQUIRE((quantity && price));
    revenue += *quantity * *price;
    if ((*rows)[customer].empty()) continue;
    ++with_customer;
    if (*quantity <= 0 || *price <= 0 || (*rows)[invoice].front() == 'C') continue;
    ++clean;
    units += *quantity;
    clean_revenue += *quantity * *price;
    const auto note = [](auto& set, std::string_view s) {
      if (set.find(s) == set.end()) set.emplace(s);
    };
    note(customers, (*rows)[customer]);
    note(invoices, (*rows)[invoice]);
    note(codes, (*rows)[code]);
  }
  CHECK(records == 541'909);
  CHECK(revenue == 9'747'747'934);
  CHECK(with_customer == 406'829);
  CHECK(clean == 397'884);
  CHECK(customers.size() == 4'338);
  CHECK(invoices.size() == 18'532);
  CHECK(codes.size() == 3'665);
  CHECK(units == 5'167'812);
  CHECK(clean_revenue == 8'911'407'904);
}
