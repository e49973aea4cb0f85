#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/events/timeline.hpp"

namespace tailor_test {

using namespace tailor;

/// Sales of the data set as a shop would keep them; revenue in thousandths of a pound.
inline events::timeline read_sales() {
  std::ifstream file(need_data("online_retail.csv"), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto csv = adapters::csv_reader::make(text).value();
  const auto column = [&](const char* name) { return csv.column(name).value(); };
  const std::size_t invoice = column("InvoiceNo"), code = column("StockCode"),
                    quantity = column("Quantity"), date = column("InvoiceDate"),
                    price = column("UnitPrice"), customer = column("CustomerID");
  interner orders, items;
  events::timeline out;
  while (csv.next()) {
    REQUIRE(csv.fault());
    const auto user = parse_int<std::uint64_t>(csv[customer]);
    events::event e;
    e.quantity = parse_int<std::int32_t>(csv[quantity]).value();
    e.unit_price = parse_decimal(csv[price], 3).value();
    if (!user || e.quantity <= 0 || e.unit_price <= 0 || csv[invoice][0] == 'C') continue;
    e.user = user_id{*user};
    e.kind = events::event_kind::purchase;
    e.at = parse_timestamp(csv[date]).value();
    e.item = item_id{items.intern(csv[code]).value()};
    e.order = order_id{orders.intern(csv[invoice]).value()};
    REQUIRE(out.observe(e));
  }
  return out;
}

}  // namespace tailor_test
