// Offers on the carts of whole shops: a rule book from JSON, checked and analysed, every cart
// priced with a receipt that says why. Writes one HTML page of receipts.
//
//   demo_offers [--data DIR] [--out DIR] [--generated] [--seed N] [--rules FILE]
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "support/page.hpp"
#include "support/run.hpp"
#include "support/shop_carts.hpp"
#include "tailor/adapters/offer_json.hpp"
#include "tailor/offer/analysis.hpp"
#include "tailor/offer/budget.hpp"
#include "tailor/offer/checkout.hpp"
#include "tailor/offer/explain.hpp"
#include "tailor/offer/rule_book.hpp"

using namespace tailor;
using demo::format;
using demo::grouped;

template <>
struct tailor::offer::cart_traits<demo::shop_cart> {
  static std::span<const demo::cart_row> lines(const demo::shop_cart& c) { return c.rows; }
  static item_id item(const demo::cart_row& r) { return item_id{r.product}; }
  static std::int64_t unit_price(const demo::cart_row& r) { return r.unit_price; }
  static std::int64_t pieces(const demo::cart_row& r) { return r.pieces; }
  static std::int64_t shipping(const demo::shop_cart& c) { return c.shipping; }
  static currency unit(const demo::shop_cart& c) { return *c.unit; }
};

namespace {

using demo::cart_row;
using demo::shop_cart;
using book_type = offer::rule_book<shop_cart>;

/// What marketing wrote. Conditions compare money in minor units, discounts may say it as text.
constexpr const char* rules_json = R"json([
  {"name": "welcome: 10 % off the first order", "group": "order", "priority": 3,
   "when": {"and": [{"==": [{"var": "orders"}, 0]}, {">=": [{"var": "total"}, 2000]}]},
   "gives": {"percent_off": {"share": "10%", "from": "order", "at_most": "25"}}},
  {"name": "5 off from 40", "group": "order", "priority": 2,
   "when": {">=": [{"var": "total"}, 4000]},
   "gives": {"amount_off": {"amount": "5"}}},
  {"name": "15 off from 100", "group": "order", "priority": 2,
   "when": {">=": [{"var": "total"}, 10000]},
   "gives": {"amount_off": {"amount": "15"}}},
  {"name": "loyal shoppers: 5 %", "group": "order", "priority": 1,
   "when": {">=": [{"var": "orders"}, 10]},
   "gives": {"percent_off": {"share": "5%", "from": "order"}}},
  {"name": "free delivery from 50",
   "when": {">=": [{"var": "total"}, 5000]}, "gives": {"free_shipping": {}}},
  {"name": "free delivery on Sundays, from 20", "hours": [{"days": [7], "from": "00:00", "until": "24:00"}],
   "when": {"and": [{">=": [{"var": "total"}, 2000]}, {"<": [{"var": "total"}, 5000]}]},
   "gives": {"free_shipping": {}}},
  {"name": "buy two groceries, a third at half price",
   "gives": {"buy_get": {"buy": 2, "get": 1, "share": "50%", "times": 2,
                         "on": {"==": [{"var": "department"}, "GROCERY"]}}}},
  {"name": "own brand: the more the cheaper",
   "gives": {"tiered": {"tiers": [{"pieces": 3, "share": "3%"}, {"pieces": 6, "share": "8%"}],
                        "on": {"==": [{"var": "brand"}, "Private"]}}}},
  {"name": "meat and produce for dinner: 12 together",
   "gives": {"bundle_price": {"amount": "12", "times": 1,
     "parts": [{"on": {"==": [{"var": "department"}, "MEAT"]}, "pieces": 1},
               {"on": {"==": [{"var": "department"}, "PRODUCE"]}, "pieces": 2}]}}},
  {"name": "12 of one thing: 2 % off it",
   "when": {"some": [{"var": "lines"}, {">=": [{"var": "pieces"}, 12]}]},
   "gives": {"percent_off": {"share": "2%", "on": {">=": [{"var": "pieces"}, 12]}}}},
  {"name": "20 pieces or more: a tote bag",
   "when": {">=": [{"var": "pieces"}, 20]}, "gives": {"gift": {"item": 1, "worth": "2"}}},
  {"name": "500 vouchers of 3, one an order",
   "when": {">=": [{"var": "total"}, 3000]}, "gives": {"amount_off": {"amount": "3"}}},
  {"name": "the same 40 again, by mistake", "group": "order", "priority": 1,
   "when": {">=": [{"var": "total"}, 4500]}, "gives": {"amount_off": {"amount": "1"}}}
])json";
constexpr std::string_view vouchers = "500 vouchers of 3, one an order";

offer::fields<shop_cart> cart_fields() {
  using offer::field_use;
  return offer::fields<shop_cart>{}
      .money("total", [](const shop_cart& c) { return c.total; })
      .number("pieces", [](const shop_cart& c) { return c.pieces; })
      .number("orders", [](const shop_cart& c) { return c.orders_before; }, field_use::personal);
}
offer::fields<cart_row> line_fields() {
  return offer::fields<cart_row>{}
      .number("pieces", [](const cart_row& r) { return r.pieces; })
      .text("department", [](const cart_row& r) { return r.department; })
      .text("brand", [](const cart_row& r) { return r.brand; });
}

/// A shop, its rules and how they did.
class offers_of_a_shop {
 public:
  offers_of_a_shop(const demo::run& run, const demo::shop_carts& shop)
      : shop_(&shop), book_(load(run, shop)), till_(shop.unit) {}

  void show(demo::page& page) {
    page.heading("Carts of " + shop_->source);
    std::printf("\nCarts of %s\n", shop_->source.c_str());
    price_all();
    print_totals(page);
    page.heading("What the analysis of the rules says", 3);
    std::vector<std::vector<std::string>> found;
    for (const offer::finding& f :
         offer::analyse(book_.compiled(), {.chooses = offer::chosen_by::gain, .total = "total"})) {
      const std::string text = offer::text_of(f, book_.compiled().rules);
      found.push_back({name_of(f.kind), text});
      std::printf("  analysis: %s\n", text.c_str());
    }
    page.table({"kind", "finding"}, found);
    for (const auto& [why, one] : chosen_) show_receipt(page, why, one);
  }

 private:
  /// A cart with what it was sold for.
  struct priced {
    std::size_t cart = 0;
    offer::receipt receipt{};
  };

  static book_type load(const demo::run& run, const demo::shop_carts& shop) {
    std::string json = rules_json;
    if (const std::string& file = run.own_file(); !file.empty()) {
      const auto bytes = storage::read_file(file.c_str(), adapters::max_offer_json_bytes);
      if (!bytes) run.fail(file + ": " + name_of(bytes.code()) + " " + bytes.error().what);
      json.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    }
    std::vector<offer::mistake> mistakes;
    const auto refuse = [&] {
      adapters::add_lines(json, mistakes);
      std::sort(mistakes.begin(), mistakes.end(),
                [](const auto& a, const auto& b) { return a.line < b.line; });
      const std::string file = run.own_file().empty() ? "rules" : run.own_file();
      for (const offer::mistake& m : mistakes) {
        std::fprintf(stderr, "%s:%zu: rule \"%s\" %s: %s: %s\n", file.c_str(), m.line,
                     m.rule.c_str(), m.path.c_str(), name_of(m.code), m.what);
      }
      run.fail("the rules are refused");
    };
    const auto cart = cart_fields();
    const auto line = line_fields();
    const auto rules = adapters::read_offer_json(
        json, {.cart = cart.list(), .lines = line.list(), .unit = shop.unit}, &mistakes);
    if (!rules) refuse();
    auto book = book_type::make(cart, line, *rules, {}, &mistakes);
    if (!book) refuse();
    return std::move(*book);
  }

  static bool is_voucher(const offer::rule& r) { return r.name == vouchers; }

  [[nodiscard]] std::string amount(std::int64_t minor) const {
    std::string out;
    offer::append_money(out, {minor, shop_->unit});
    return out;
  }

  /// A price; vouchers are reserved when their rule fired, and it is priced again without them
  /// when they are gone.
  void price(const shop_cart& cart) {
    const offer::request now{cart.at, "web"};
    const auto open = [this](const offer::rule& r) { return !spent_ || !is_voucher(r); };
    if (!till_.price(book_, cart, now, state_, receipt_, offer::no_audience{}, open)) return;
    for (const auto& f : receipt_.fired) {
      if (!is_voucher(book_[f.rule]) || f.minor == 0) continue;
      const auto key = offer::key_of(secret_, std::to_string(cart.order));
      if (budget_.reserve(key, 1, cart.at) && budget_.commit(key, 1, cart.at)) return;
      spent_ = true;
      static_cast<void>(
          till_.price(book_, cart, now, state_, receipt_, offer::no_audience{}, open));
      return;
    }
  }

  void price_all() {
    fired_.assign(book_.size(), 0);
    given_.assign(book_.size(), 0);
    demo::progress bar("pricing carts", shop_->carts.size());
    std::size_t most_fired = 0;
    const auto choose = [&](const char* why, std::size_t i) {
      chosen_.try_emplace(why, priced{i, receipt_});
    };
    for (std::size_t i = 0; i < shop_->carts.size(); ++i) {
      if (i % 1'024 == 0) bar.at(i);
      const auto begin = std::chrono::steady_clock::now();
      price(shop_->carts[i]);
      const auto took = std::chrono::steady_clock::now() - begin;
      times_.push_back(std::chrono::duration<double, std::micro>(took).count());
      before_ += receipt_.before;
      after_ += receipt_.after;
      personal_ += receipt_.personal ? 1u : 0u;
      for (const auto& f : receipt_.fired) {
        const bool gift = std::holds_alternative<offer::gift>(book_[f.rule].gives);
        fired_[f.rule] += f.minor > 0 || gift ? 1u : 0u;
        given_[f.rule] += f.minor;
      }
      if (receipt_.lines.size() > 8) continue;  // receipts that are read with pleasure
      if (receipt_.fired.size() > most_fired) {
        most_fired = receipt_.fired.size();
        chosen_["the cart with most offers"] = {i, receipt_};
      }
      if (!receipt_.dropped.empty() && receipt_.dropped.size() > 1) choose("offers in conflict", i);
      if (receipt_.fired.empty() && receipt_.lines.size() > 2) choose("close, but nothing", i);
      if (receipt_.personal && receipt_.lines.size() > 2) choose("a personal price", i);
    }
    bar.done();
  }

  void print_totals(demo::page& page) {
    std::sort(times_.begin(), times_.end());
    const auto at = [this](double q) {
      return times_.empty()
                 ? 0.0
                 : times_[static_cast<std::size_t>(q * static_cast<double>(times_.size() - 1))];
    };
    const std::string carts = grouped(shop_->carts.size());
    page.facts({{carts, "carts"},
                {amount(before_), "before"},
                {amount(before_ - after_), "given"},
                {format("%.1f us", at(0.5)), "a cart, median"},
                {format("%.1f us", at(0.99)), "a cart, 99 of 100"},
                {grouped(personal_), "carts with a personal price"}});
    std::printf("  %s carts, %s before, %s given, %.1f us a cart (99 %%: %.1f us)\n", carts.c_str(),
                amount(before_).c_str(), amount(before_ - after_).c_str(), at(0.5), at(0.99));
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < book_.size(); ++i) {
      rows.push_back({book_[i].name, book_[i].group, grouped(fired_[i]), amount(given_[i]),
                      book_.personal(i) ? "yes" : ""});
      std::printf("  %7s times %14s  %s\n", grouped(fired_[i]).c_str(), amount(given_[i]).c_str(),
                  book_[i].name.c_str());
    }
    page.table({"rule", "group", "fired", "given", "asks about the person"}, rows);
    if (std::none_of(book_.compiled().rules.begin(), book_.compiled().rules.end(), is_voucher)) {
      return;
    }
    const auto totals = budget_.totals();
    page.note(format("The vouchers have a budget of 500 uses: %lld were spent.",
                     static_cast<long long>(totals.spent)));
    std::printf("  vouchers spent: %lld of 500\n", static_cast<long long>(totals.spent));
  }

  void show_receipt(demo::page& page, const std::string& why, const priced& one) {
    const shop_cart& cart = shop_->carts[one.cart];
    const offer::request now{cart.at, "web"};
    const offer::receipt& r = one.receipt;
    page.heading("Receipt: " + why, 3);
    std::printf("\n  %s\n", why.c_str());
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < r.lines.size(); ++i) {
      std::string offers;
      for (const offer::adjustment& a : r.adjustments) {
        if (a.line != i) continue;
        if (!offers.empty()) offers += "; ";
        offers += "-" + amount(a.minor) + " " + book_[a.rule].name;
      }
      std::printf("    %-32.32s %12s -> %12s  %s\n", std::string(cart.rows[i].title).c_str(),
                  amount(r.lines[i].before).c_str(), amount(r.lines[i].after).c_str(),
                  offers.c_str());
      rows.push_back({std::string(cart.rows[i].title), grouped(std::uint64_t(r.lines[i].pieces)),
                      amount(r.lines[i].before), amount(r.lines[i].after), offers});
    }
    rows.push_back({"delivery", "", amount(r.shipping_before), amount(r.shipping_after), ""});
    rows.push_back({"to pay", "", amount(r.before + r.shipping_before), amount(r.total()), ""});
    page.table({"line", "pieces", "before", "after", "what was taken off"}, rows);

    rows.clear();
    for (const auto& f : r.fired) {
      const bool gift = std::holds_alternative<offer::gift>(book_[f.rule].gives);
      rows.push_back({book_[f.rule].name, "yes",
                      f.minor > 0 ? "takes off " + amount(f.minor)
                      : gift      ? "a gift"
                                  : "holds, takes nothing"});
    }
    for (const auto& d : r.dropped) {
      std::string text = name_of(d.why);
      if (d.to != offer::receipt::dropped_rule::nobody) text += ": " + book_[d.to].name;
      rows.push_back({book_[d.rule].name, "no", text});
    }
    offer::match_state asked;
    for (const auto& b : offer::explainer(book_, cart, now, shop_->unit, asked).near_misses(4)) {
      std::string text = "wants " + b.wanted;
      if (!b.had.empty()) text += ", has " + b.had;
      rows.push_back({book_[b.rule].name, "nearly", text});
    }
    std::printf("    to pay %s, of which delivery %s\n", amount(r.total()).c_str(),
                amount(r.shipping_after).c_str());
    for (const auto& row : rows) {
      std::printf("    %-7s %s: %s\n", row[1].c_str(), row[0].c_str(), row[2].c_str());
    }
    page.table({"rule", "applied", "why"}, rows);
    page.note(r.personal ? "Personal data changed this price."
                         : "No personal data changed this price.");
  }

  const demo::shop_carts* shop_;
  book_type book_;
  offer::checkout<shop_cart, offer::best_for_shopper> till_;
  offer::checkout_state state_{};
  offer::receipt receipt_{};
  hash_key secret_ = process_key();
  offer::sharded_budget budget_ = offer::sharded_budget::make({.cap = 500}).value();
  bool spent_ = false;
  std::vector<std::uint64_t> fired_{};
  std::vector<std::int64_t> given_{};
  std::vector<double> times_{};
  std::int64_t before_ = 0;
  std::int64_t after_ = 0;
  std::uint64_t personal_ = 0;
  std::map<std::string, priced> chosen_{};
};

}  // namespace

int main(int count, char** values) {
  const demo::run run("offers", count, values, "--rules");
  demo::page page("Offers, and why");
  page.note(
      "Rules written as JSON, put to the carts of whole shops in the order of time. "
      "Every "
      "figure comes from one run of the demo; what happened in a shop is not a promise.");
  if (run.has("completejourney_transactions.csv")) {
    const auto grocer = demo::read_completejourney(run.data());
    if (!grocer) run.fail(format("completejourney: %s", name_of(grocer.code())));
    offers_of_a_shop(run, *grocer).show(page);
  }
  const demo::shop_carts retail = demo::carts_of(run.history());
  offers_of_a_shop(run, retail).show(page);
  run.save(page);
  return 0;
}
