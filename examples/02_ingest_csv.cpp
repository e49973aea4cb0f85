// Reading a shop's export: columns by name, bad rows told one by one, duplicates counted.
#include <cstdio>
#include <string_view>

#include "tailor/adapters/csv_events.hpp"
#include "tailor/compose/ingest.hpp"
#include "tailor/events/timeline.hpp"

int main() {
  using namespace tailor;

  constexpr std::string_view text =
      "event,customer,product,action,when,pieces,price,order\n"
      "e1,ann,TEA-01,Order Completed,2025-11-25T12:00:00Z,2,4.50,o1\n"
      "e2,ann,CUP-07,Order Completed,2025-11-25T12:00:00Z,1,9.90,o1\n"
      "e2,ann,CUP-07,Order Completed,2025-11-25T12:00:00Z,1,9.90,o1\n"
      "e3,bob,TEA-01,Product Viewed,2025-11-25T13:00:00Z,,,\n"
      "e4,bob,TEA-01,Order Completed,2025-11-25T13:05:00Z,1,4.505,o2\n"
      "e5,bob,TEA-01,Order Completed,2025-11-25T13:05:00Z,0,4.50,o2\n"
      "e6,bob,TEA-01\n"
      "e7,bob,TEA-01,Order Completed,2035-01-01T00:00:00Z,1,4.50,o3\n";

  const events::field_names columns{.id = "event",
                                    .user = "customer",
                                    .item = "product",
                                    .kind = "action",
                                    .time = "when",
                                    .quantity = "pieces",
                                    .unit_price = "price",
                                    .order = "order"};
  events::text_options how;
  how.spec = events::event_spec::segment;  // "Order Completed" is a purchase

  events::name_tables names;
  events::timeline history;
  events::intake door;
  const timestamp now = parse_timestamp("2025-11-25T14:00:00Z").value();

  const auto report = adapters::read_csv_events(
      text, {}, columns, how, names,
      [&](const events::event& e) { return ingest_one(e, door, now, history); });
  if (!report) {
    std::printf("not read: %s %s\n", name_of(report.code()), report.error().what);
    return 1;
  }

  std::printf("%d rows: %d accepted, %d duplicate, %d refused\n", int(report->rows()),
              int(report->accepted()), int(report->duplicates()), int(report->refused()));
  for (const auto& r : report->first_refusals()) {
    std::printf("row %d: %s %s\n", int(r.row), name_of(r.code), r.field);
  }
  for (const events::event& e : history.history(user_id{*names.users.find("ann")})) {
    const auto item = names.items.name(static_cast<std::uint32_t>(raw(e.item)));
    std::printf("ann: %d x %.*s at %d cents\n", int(e.quantity), int(item.size()), item.data(),
                int(e.unit_price));
  }
}
