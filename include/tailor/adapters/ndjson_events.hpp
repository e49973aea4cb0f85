#ifndef TAILOR_ADAPTERS_NDJSON_EVENTS_HPP
#define TAILOR_ADAPTERS_NDJSON_EVENTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/errc.hpp"
#include "../core/ids.hpp"
#include "../core/interner.hpp"
#include "../core/result.hpp"
#include "../events/event.hpp"
#include "../events/report.hpp"
#include "../events/text_event.hpp"
#include "ndjson.hpp"

namespace tailor::inline v0::adapters {
namespace detail {

/// Some checked rows whose names get their handles together: the tables' cache misses overlap then.
class row_batch {
 public:
  static constexpr std::size_t most = 256;

  /// `max_id_bytes` is what check_row lets pass.
  explicit row_batch(std::size_t max_id_bytes) {
    rows_.reserve(most);
    copies_.reserve((std::max)(3 * max_id_bytes, std::size_t{16'384}));
  }

  /// Whether another row fits, whatever its names.
  [[nodiscard]] bool has_room(const events::named_event& row, bool copy) const {
    const std::size_t bytes = copy ? row.user.size() + row.item.size() + row.order.size() : 0;
    return rows_.size() < most && bytes <= copies_.capacity() - copies_.size();
  }

  /// Adds a row; copies its names if they do not stay. Precondition: `has_room(row, copy)`.
  void add(events::named_event row, std::uint64_t number, bool copy) {
    if (copy) {
      row.user = kept(row.user);
      row.item = kept(row.item);
      row.order = kept(row.order);
    }
    rows_.push_back({row, number});
  }

  /// Hands all rows on as events and is empty then.
  template <class Sink>
  void flush(events::name_tables& tables, events::ingest_report& report, Sink& sink) {
    if (all_handles(tables)) {
      for (std::size_t i = 0; i < rows_.size(); ++i)
        deliver(rows_[i].row.rest, rows_[i].number, report, sink);
    } else {  // a table is full: as one after the other, to find which rows still have a place
      for (const numbered& r : rows_) {
        const auto e = events::with_handles(r.row, tables);
        if (e) {
          deliver(*e, r.number, report, sink);
        } else {
          report.refuse(r.number, e.code(), e.error().what);
        }
      }
    }
    rows_.clear();
    copies_.clear();
  }

 private:
  struct numbered {
    events::named_event row;
    std::uint64_t number;
  };

  [[nodiscard]] std::string_view kept(std::string_view name) {
    const std::size_t begin = copies_.size();
    copies_.insert(copies_.end(), name.begin(), name.end());
    return {copies_.data() + begin, name.size()};
  }

  template <class Sink>
  static void deliver(const events::event& e, std::uint64_t number, events::ingest_report& report,
                      Sink& sink) {
    status ok;
    if constexpr (std::is_void_v<decltype(sink(e))>) {
      sink(e);
    } else {
      ok = sink(e);
    }
    if (ok) {
      report.accept();
    } else {
      report.refuse(number, ok.code(), ok.error().what);
    }
  }

  [[nodiscard]] bool all_handles(events::name_tables& tables) {
    using row = events::named_event;
    return handles(tables.users, &row::user,
                   [](row& r, std::uint32_t h) { r.rest.user = user_id{h}; }) &&
           handles(tables.items, &row::item,
                   [](row& r, std::uint32_t h) { r.rest.item = item_id{h}; }) &&
           handles(tables.orders, &row::order,
                   [](row& r, std::uint32_t h) { r.rest.order = order_id{h}; });
  }

  /// The handles of one column; rows without a name are left as they are.
  template <class Set>
  [[nodiscard]] bool handles(interner& table, std::string_view events::named_event::* name,
                             Set set) {
    std::string_view names[most];
    std::uint32_t found[most];
    std::size_t count = 0;
    for (const numbered& r : rows_) {
      if (!(r.row.*name).empty()) names[count++] = r.row.*name;
    }
    if (!table.intern_batch({names, count}, {found, count})) return false;
    std::size_t next = 0;
    for (numbered& r : rows_) {
      if (!(r.row.*name).empty()) set(r.row, found[next++]);
    }
    return true;
  }

  std::vector<numbered> rows_;
  std::vector<char> copies_;  // never grown beyond its capacity: names point into it
};

}  // namespace detail

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
  detail::row_batch batch(how.max_id_bytes);
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
    if (!batch.has_room(*row, !lines.stays())) batch.flush(tables, report, sink);
    batch.add(*row, lines.number(), !lines.stays());
  }
  batch.flush(tables, report, sink);
  return report;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_NDJSON_EVENTS_HPP
