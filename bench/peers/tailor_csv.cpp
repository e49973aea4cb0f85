// What csv_peers.py measures of tailor: reads the file named first and prints seconds and sums as
// JSON.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/storage/file.hpp"

int main(int count, char** values) {
  using namespace tailor;
  if (count != 2) return 2;
  const auto begin = std::chrono::steady_clock::now();
  const auto bytes = storage::read_file(values[1]);
  if (!bytes) return 1;
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  auto rows = adapters::csv_reader::make(text);
  std::vector<std::string_view> invoices;
  std::vector<std::string_view> codes;
  std::vector<std::int64_t> quantities;
  std::vector<std::int64_t> prices;
  std::vector<std::int64_t> customers;
  while (rows->next()) {
    invoices.push_back((*rows)[0]);
    codes.push_back((*rows)[1]);
    quantities.push_back(*parse_int<std::int64_t>((*rows)[3]));
    prices.push_back(*parse_decimal((*rows)[5], 3));
    customers.push_back((*rows)[6].empty() ? 0 : *parse_int<std::int64_t>((*rows)[6]));
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::int64_t quantity = 0;
  std::int64_t customer = 0;
  for (const std::int64_t q : quantities) quantity += q;
  for (const std::int64_t c : customers) customer += c;
  std::printf("{\"seconds\": %.6f, \"records\": %zu, \"quantity\": %lld, \"customer\": %lld}\n",
              seconds, invoices.size(), static_cast<long long>(quantity),
              static_cast<long long>(customer));
}
