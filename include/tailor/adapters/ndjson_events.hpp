#ifndef TAILOR_ADAPTERS_NDJSON_EVENTS_HPP
#define TAILOR_ADAPTERS_NDJSON_EVENTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../events/report.hpp"
#include "../events/row_batch.hpp"
#include "../events/text_event.hpp"
#include "ndjson.hpp"

namespace tailor::inline v0::adapters {

/// Reads events from JSON lines (see ndjson_reader) and hands each to `sink(const event&)`, which
/// returns nothing or a status. A line that cannot be read, a row that check_row refuses and an
/// event that the sink refuses are reported with their line number, from 1, and field; the rest
/// goes on. Events come in the order of their lines, up to 256 lines later. Handles are given in
/// the order of first appearance among the lines that are not refused before the sink.
template <class Sink>
[[nodiscard]] events::ingest_report read_ndjson_events(std::string_view text,
                                                       const events::field_names& names,
                                                       events::text_options how,
                                                       events::name_tables& tables, Sink&& sink,
                                                       const ndjson_options& options = {}) {
  // Longer names fit into no interner.
  how.max_id_bytes = (std::min)(how.max_id_bytes, std::size_t{UINT16_MAX});
  events::ingest_report report;
  ndjson_reader lines(text, names, options);
  events::row_batch batch(how.max_id_bytes);
  while (lines.next()) {
    if (!lines.fault()) {
      report.refuse(lines.number(), lines.fault().code(), lines.fault().error().what);
      continue;
    }
    const auto row = events::check_row(lines.fields(), how);
    if (!row) {
      report.refuse(lines.number(), row.code(), row.error().what);
      continue;
    }
    if (!batch.has_room(*row, lines.memory())) batch.flush(tables, report, sink);
    batch.add(*row, lines.number(), lines.memory());
  }
  batch.flush(tables, report, sink);
  return report;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_NDJSON_EVENTS_HPP
