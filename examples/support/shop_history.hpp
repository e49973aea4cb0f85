// The history of a shop as columns, from a file or made up, with the titles to show it by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "progress.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/draw_table.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/columns.hpp"
#include "tailor/events/report.hpp"
#include "tailor/storage/file.hpp"

namespace demo {

using namespace tailor;

struct shop_history {
  std::string source;
  std::string currency;
  int price_exponent = 2;
  std::vector<user_id> user;
  std::vector<timestamp> at;
  std::vector<item_id> item;
  std::vector<order_id> order;
  std::vector<std::int32_t> quantity;
  std::vector<std::int64_t> unit_price;
  interner items;
  interner orders;
  std::vector<std::string> title;  // by item
  std::uint64_t records = 0;       // read, good or bad
  std::uint64_t not_sales = 0;     // cancellations, corrections, lines without customer
  std::uint64_t bytes = 0;
  events::ingest_report bad;

  [[nodiscard]] events::columns view() const {
    events::columns c;
    c.user = user;
    c.at = at;
    c.item = item;
    c.order = order;
    c.quantity = quantity;
    c.unit_price = unit_price;
    return c;
  }
  [[nodiscard]] timestamp newest() const {
    timestamp t{INT64_MIN};
    for (const timestamp x : at) t = (std::max)(t, x);
    return t;
  }
  [[nodiscard]] timestamp oldest() const {
    timestamp t{INT64_MAX};
    for (const timestamp x : at) t = (std::min)(t, x);
    return t;
  }
};

/// Invoice lines of the Online Retail data set (UCI 352): sales are lines with a customer, a
/// positive quantity and a positive price that are no cancellation.
inline result<shop_history> read_online_retail(const std::string& path) {
  const auto bytes = storage::read_file(path.c_str());
  if (!bytes) return bytes.error();
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  auto rows = adapters::csv_reader::make(text);
  if (!rows) return rows.error();
  std::size_t column[7] = {};
  constexpr const char* names[7] = {"InvoiceNo",   "StockCode", "Description", "Quantity",
                                    "InvoiceDate", "UnitPrice", "CustomerID"};
  for (std::size_t i = 0; i < 7; ++i) {
    const auto found = rows->column(names[i]);
    if (!found) return found.error();
    column[i] = *found;
  }
  shop_history h;
  h.source = "online_retail.csv";
  h.currency = "GBP";
  h.price_exponent = 3;  // some unit prices have tenths of a penny, and nothing is rounded away
  h.bytes = bytes->size();
  progress bar("reading invoice lines", text.size());
  while (rows->next()) {
    if (++h.records % 4096 == 0) bar.at(rows->bytes_done());
    if (!rows->fault()) {
      h.bad.refuse(rows->number(), rows->fault().code(), rows->fault().error().what);
      continue;
    }
    const auto field = [&](std::size_t i) { return (*rows)[column[i]]; };
    const auto quantity = parse_int<std::int32_t>(field(3));
    const auto date = parse_timestamp(field(4));
    const auto price = parse_decimal(field(5), h.price_exponent);
    if (!quantity || !date || !price) {
      h.bad.refuse(rows->number(), errc::malformed,
                   !quantity ? names[3]
                   : !date   ? names[4]
                             : names[5]);
      continue;
    }
    const auto customer = parse_int<std::uint64_t>(field(6));
    if (!customer || *quantity <= 0 || *price <= 0 || field(0).substr(0, 1) == "C") {
      ++h.not_sales;
      continue;
    }
    const std::uint32_t item = h.items.intern(field(1)).value();
    if (item == h.title.size()) h.title.emplace_back(field(2));
    h.user.push_back(user_id{*customer});
    h.at.push_back(*date);
    h.item.push_back(item_id{item});
    h.order.push_back(order_id{h.orders.intern(field(0)).value()});
    h.quantity.push_back(*quantity);
    h.unit_price.push_back(*price);
  }
  bar.done();
  return h;
}

/// A made-up shop with a known structure: 60 product lines of 5 items each. A shopper likes two or
/// three lines and buys mostly from them, the rest by popularity. One line is in fashion in the
/// last days. So the neighbours of an item should be of its own line, and the trend is known.
/// Shoppers arrive over the year, order at a pace of their own and after each order may have had
/// enough: the story that customer-base models tell, so that they have something to find.
inline shop_history make_history(std::uint64_t seed, std::size_t shoppers = 4'000) {
  constexpr std::uint32_t lines = 60;
  constexpr std::uint32_t per_line = 5;
  constexpr std::uint32_t fashion = 7;
  constexpr const char* kind[per_line] = {"Teapot", "Cup", "Saucer", "Sugar bowl", "Tray"};
  shop_history h;
  h.source = "a generated history, seed " + std::to_string(seed);
  h.currency = "EUR";
  for (std::uint32_t i = 0; i < lines * per_line; ++i) {
    const std::string code =
        "L" + std::to_string(i / per_line) + "-" + std::to_string(i % per_line);
    static_cast<void>(h.items.intern(code));
    h.title.push_back(std::string(kind[i % per_line]) + ", line " + std::to_string(i / per_line));
  }
  const draw_table popular = zipf_table(lines * per_line, 0.8);
  const timestamp begin = parse_timestamp("2025-01-01T00:00:00Z").value();
  progress bar("making up orders", shoppers);
  for (std::size_t u = 0; u < shoppers; ++u) {
    bar.at(u);
    counter_random draw(seed, u);
    const std::uint64_t liked[3] = {uniform_below(draw, lines), uniform_below(draw, lines),
                                    uniform_below(draw, lines)};
    const double pace = 1440 * (15 + exponential(draw) * 45);  // minutes between orders
    double moment = 365 * 1440 * uniform01(draw);
    for (std::uint64_t o = 0; o == 0 || (moment < 365 * 1440 && !bernoulli(draw, 0.2)); ++o) {
      const auto minute = static_cast<std::int64_t>(moment);
      moment += pace * exponential(draw);
      const bool late = minute > 358 * 1440;
      const order_id order{h.orders.intern(std::to_string(u) + "/" + std::to_string(o)).value()};
      for (std::uint64_t k = 1 + uniform_below(draw, 6); k > 0; --k) {
        std::uint64_t item = popular(draw);
        if (bernoulli(draw, 0.7))
          item = liked[uniform_below(draw, 3)] * per_line + uniform_below(draw, per_line);
        if (late && bernoulli(draw, 0.25))
          item = fashion * per_line + uniform_below(draw, per_line);
        h.user.push_back(user_id{u});
        h.at.push_back(begin + minutes(minute));
        h.item.push_back(item_id{item});
        h.order.push_back(order);
        h.quantity.push_back(static_cast<std::int32_t>(1 + uniform_below(draw, 3)));
        h.unit_price.push_back(495 + 500 * static_cast<std::int64_t>(item % per_line));
        ++h.records;
      }
    }
  }
  bar.done();
  return h;
}

}  // namespace demo
