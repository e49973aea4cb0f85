// What arrow_producers.py loads: reads a stream of a foreign producer and tells what became of it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tailor/adapters/arrow.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/events/vocabulary.hpp"

namespace {

using namespace tailor;

std::string answer;  // of the last call

template <class Id>
std::string name(const interner& table, Id id, Id none) {
  if (id == none) return "-";
  if (raw(id) < table.size()) return std::string(table.name(static_cast<std::uint32_t>(raw(id))));
  return std::to_string(raw(id));
}

}  // namespace

/// `lines` 0: one line of counts and sums. 1: a line for each event and each refusal.
extern "C" const char* tailor_read_arrow(ArrowArrayStream* stream, int price_exponent,
                                         int minor_units, int lines) {
  events::text_options how;
  how.if_absent = events::event_kind::purchase;
  how.price_exponent = price_exponent;
  adapters::arrow_options options;
  if (minor_units != 0) options.integers = adapters::integer_prices::minor_units;
  events::name_tables tables;
  std::uint64_t rows = 0;
  std::int64_t revenue = 0;
  std::int64_t pieces = 0;
  answer.clear();
  const auto report = adapters::read_arrow_events(
      *stream, {}, how, tables,
      [&](const events::columns& c) {
        rows += c.size();
        for (std::size_t i = 0; i < c.size(); ++i) {
          const events::event e = c.row(i);
          pieces += e.quantity;
          revenue += e.quantity * e.unit_price;
          if (lines == 0) continue;
          answer += name(tables.users, e.user, user_id{UINT64_MAX}) + "|" +
                    name(tables.items, e.item, no_item) + "|" +
                    name(tables.orders, e.order, no_order) + "|" +
                    std::string(events::name_of(e.kind)) + "|" + format_timestamp(e.at) + "|" +
                    std::to_string(e.quantity) + "|" + std::to_string(e.unit_price) + "\n";
        }
      },
      silent{}, options);
  if (!report) {
    answer = std::string("error ") + name_of(report.code()) + " " + report.error().what + "\n";
    return answer.c_str();
  }
  if (lines == 0) {
    answer = "rows " + std::to_string(rows) + " refused " + std::to_string(report->refused()) +
             " users " + std::to_string(tables.users.size()) + " items " +
             std::to_string(tables.items.size()) + " orders " +
             std::to_string(tables.orders.size()) + " pieces " + std::to_string(pieces) +
             " revenue " + std::to_string(revenue) + "\n";
  } else {
    for (const auto& r : report->first_refusals())
      answer += "refused " + std::to_string(r.row) + " " + name_of(r.code) + " " + r.field + "\n";
  }
  return answer.c_str();
}
