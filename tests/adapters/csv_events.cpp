#include "tailor/adapters/csv_events.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/event.hpp"

using namespace tailor;
using adapters::read_csv_events;
using events::event;
using events::event_kind;

namespace {

struct counting_observer {
  std::uint64_t notices = 0;
  adapters::read_progress last{};
  void on(const adapters::read_progress& p) {
    ++notices;
    last = p;
  }
};

const events::text_options purchases = [] {
  events::text_options o;
  o.if_absent = event_kind::purchase;
  return o;
}();

}  // namespace

TEST_CASE("csv events: rows become events, and each bad one is told with number and field") {
  constexpr std::string_view text =
      "event_id,user_id,item_id,kind,time,quantity,unit_price,order_id\n"
      "e1,ann,tea,purchase,2025-01-02T10:00:00Z,2,3.50,o1\n"
      "e2,,tea,purchase,2025-01-02T10:00:00Z,2,3.50,o1\n"
      "e3,bob,tea,bought,2025-01-02T10:00:00Z,2,3.50,o1\n"
      "e4,bob,tea,purchase,yesterday,2,3.50,o1\n"
      "e5,bob,tea,purchase,2025-01-02T10:00:00Z,two,3.50,o1\n"
      "e6,bob,tea,purchase,2025-01-02T10:00:00Z,2,3.505,o1\n"
      "e7,bob,tea,purchase,2025-01-02T10:00:00Z,2,nan,o1\n"
      "e8,bob,te\"a,purchase,2025-01-02T10:00:00Z,2,3.50,o1\n"
      "e9,bob,tea\n"
      "e10,bob,\"tea, \"\"best\"\"\",view_item,2025-01-02T10:00:00Z,,,\n"
      "e11,b\xFF"
      "b,tea,purchase,2025-01-02T10:00:00Z,2,3.50,o1\n";
  events::name_tables names;
  std::vector<event> got;
  const auto report =
      read_csv_events(text, {}, {}, {}, names, [&](const event& e) { got.push_back(e); });
  REQUIRE(report);
  CHECK(report->rows() == 11);
  CHECK(report->accepted() == 2);
  std::string refused;
  for (const auto& r : report->first_refusals()) {
    refused += std::to_string(r.row) + " " + name_of(r.code) + " " + r.field + "\n";
  }
  CHECK(refused ==
        "2 empty_id user\n3 unknown kind\n4 malformed time\n5 malformed quantity\n6 inexact "
        "unit_price\n7 not_finite unit_price\n8 malformed quote\n9 malformed fields\n11 not_text "
        "user\n");
  REQUIRE(got.size() == 2);
  CHECK(got[0].quantity == 2);
  CHECK(got[0].unit_price == 350);
  CHECK(got[0].kind == event_kind::purchase);
  CHECK(got[1].kind == event_kind::view_item);
  CHECK(got[1].quantity == 1);
  CHECK(got[1].order == no_order);
  CHECK(names.items.name(static_cast<std::uint32_t>(raw(got[1].item))) == "tea, \"best\"");
  CHECK(names.users.size() == 2);  // nothing of a refused row is kept
}

TEST_CASE("csv events: the host's own column names, and a column that is missing is named") {
  events::name_tables names;
  std::uint64_t events = 0;
  const auto sink = [&](const event&) { ++events; };
  const events::field_names mine{.id = "", .user = "customer", .item = "sku", .time = "when"};
  CHECK(read_csv_events("customer,sku,when\n7,9,2025-01-01\n", {}, mine, purchases, names, sink));
  CHECK(events == 1);
  const auto missing = [&](std::string_view header) {
    const auto r = read_csv_events(header, {}, mine, {}, names, sink);
    return std::string(name_of(r.code())) + " " + r.error().what;
  };
  CHECK(missing("sku,when,kind\n") == "unknown user");
  CHECK(missing("customer,sku,kind\n") == "unknown time");
  CHECK(missing("customer,sku,when\n") == "unknown kind");
  CHECK(missing("customer,customer,when,kind\n") == "malformed user");
  CHECK(missing("customer;sku;when;kind\n") == "malformed delimiter");
  CHECK(missing("") == "truncated header");
}

TEST_CASE("csv events: what the sink refuses is reported, and the observer hears of progress") {
  std::string text = "user_id,time\n";
  for (int i = 0; i < 10'000; ++i) text += "u" + std::to_string(i % 7) + ",2025-01-01\n";
  events::name_tables names;
  counting_observer observer;
  std::uint64_t taken = 0;
  const auto sink = [&](const event& e) -> status {
    if (e.user == user_id{3}) return error{errc::full, "cap"};
    ++taken;
    return {};
  };
  const auto report = read_csv_events(text, {}, {}, purchases, names, sink, observer);
  REQUIRE(report);
  CHECK(report->accepted() == taken);
  CHECK(report->of(errc::full) == 1429);
  CHECK(observer.notices == 3);
  CHECK(observer.last.bytes_done == text.size());
  CHECK(observer.last.records == 10'000);
}
