// Carts of real shoppers, or of made-up ones, in the order of time, with what rules may ask.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "progress.hpp"
#include "shop_history.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/money.hpp"
#include "tailor/offer/cart_traits.hpp"
#include "tailor/storage/file.hpp"

namespace demo {

struct cart_row {
  std::uint64_t product = 0;
  std::int64_t unit_price = 0;
  std::int64_t pieces = 0;
  std::string_view title{};
  std::string_view department{};
  std::string_view brand{};
};

struct shop_cart {
  std::uint64_t order = 0;
  user_id shopper{};
  timestamp at{};
  std::int64_t orders_before = 0;  // of this shopper
  std::int64_t total = 0;
  std::int64_t pieces = 0;
  std::int64_t shipping = 0;
  std::optional<currency> unit{};
  std::vector<cart_row> rows{};
};

/// Carts, and the texts that their rows point to.
struct shop_carts {
  std::string source;
  currency unit;
  std::vector<shop_cart> carts{};
  interner texts{};
  std::uint64_t left_out = 0;  // lines without a price or with absurd quantities
};

namespace detail {

inline std::string_view keep(interner& texts, std::string_view text) {
  const auto handle = texts.intern(text.empty() ? "other" : text);
  return handle ? texts.name(*handle) : "other";
}

/// Orders in time, with what came before each of them.
inline void finish(shop_carts& all) {
  std::sort(all.carts.begin(), all.carts.end(), [](const shop_cart& a, const shop_cart& b) {
    return std::pair(a.at, a.order) < std::pair(b.at, b.order);
  });
  std::map<user_id, std::int64_t> orders;
  for (shop_cart& c : all.carts) {
    c.orders_before = orders[c.shopper]++;
    for (const cart_row& r : c.rows) {
      c.total += r.unit_price * r.pieces;
      c.pieces += r.pieces;
    }
    c.unit = all.unit;
    c.shipping = parse_decimal("5", all.unit.exponent()).value();
  }
}

}  // namespace detail

/// The invoices of a history; prices in tenths of a penny are rounded to pennies.
inline shop_carts carts_of(const shop_history& h) {
  shop_carts out{h.source, currency::make(h.currency, 2).value()};
  const std::int64_t finer = h.price_exponent == 3 ? 10 : 1;
  std::map<order_id, std::size_t> place;
  for (std::size_t i = 0; i < h.user.size(); ++i) {
    const auto [at, fresh] = place.try_emplace(h.order[i], out.carts.size());
    if (fresh) out.carts.push_back({.order = raw(h.order[i]), .shopper = h.user[i], .at = h.at[i]});
    const auto item = static_cast<std::size_t>(raw(h.item[i]));
    out.carts[at->second].rows.push_back(
        {item, divide(h.unit_price[i], finer, rounding::half_even).value(), h.quantity[i],
         detail::keep(out.texts, h.title[item]), "", ""});
  }
  detail::finish(out);
  return out;
}

/// Baskets of completejourney (a sample of their lines), at the price before all discounts.
inline result<shop_carts> read_completejourney(const std::string& directory) {
  const auto open = [](const std::vector<std::byte>& bytes) {
    return adapters::csv_reader::make({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  const auto products = storage::read_file((directory + "/completejourney_products.csv").c_str());
  if (!products) return products.error();
  const auto lines = storage::read_file((directory + "/completejourney_transactions.csv").c_str());
  if (!lines) return lines.error();

  shop_carts out{"completejourney", currency::make("USD", 2).value()};
  struct product {
    std::string_view title = "other", department = "other", brand = "other";
  };
  std::map<std::uint64_t, product> known;
  auto rows = open(*products);
  if (!rows) return rows.error();
  while (rows->next()) {  // product, manufacturer, department, brand, category, type, size
    const auto id = parse_int<std::uint64_t>((*rows)[0]);
    if (!rows->fault() || !id) continue;
    const auto text = [&](std::size_t i) { return detail::keep(out.texts, (*rows)[i]); };
    known[*id] = {text(5), text(2), text(3)};
  }
  std::map<std::string, std::size_t, std::less<>> place;
  auto sold = open(*lines);
  if (!sold) return sold.error();
  progress bar("reading baskets", lines->size());
  while (sold->next()) {
    if (sold->number() % 1024 == 0) bar.at(sold->bytes_done());
    const auto field = [&](std::size_t i) { return (*sold)[i]; };
    const auto household = parse_int<std::uint64_t>(field(0));
    const auto id = parse_int<std::uint64_t>(field(3));
    const auto pieces = parse_int<std::int64_t>(field(4));
    const auto at = parse_timestamp(field(10));
    std::int64_t cents = 0;
    bool sound = sold->fault() && household && id && pieces && at && *pieces > 0 && *pieces < 1'000;
    for (const std::size_t i : {5u, 6u, 7u, 8u}) {  // what was paid, and the discounts
      const auto amount = parse_decimal(field(i), 2);
      sound = sound && amount;
      if (amount) cents += *amount;
    }
    if (!sound || cents <= 0) {
      ++out.left_out;
      continue;
    }
    const auto found = place.find(field(2));
    const std::size_t cart =
        found != place.end() ? found->second
                             : place.emplace(std::string(field(2)), out.carts.size()).first->second;
    if (cart == out.carts.size()) {
      out.carts.push_back({.order = cart, .shopper = user_id{*household}, .at = *at});
    }
    const auto what = known.find(*id);
    const product p = what != known.end() ? what->second : product{};
    // Two for 5.01 have no price a piece in whole cents: then the line is one piece.
    const bool even = cents % *pieces == 0;
    out.carts[cart].rows.push_back(
        {*id, even ? cents / *pieces : cents, even ? *pieces : 1, p.title, p.department, p.brand});
  }
  bar.done();
  detail::finish(out);
  return out;
}

}  // namespace demo
