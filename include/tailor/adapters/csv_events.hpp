#ifndef TAILOR_ADAPTERS_CSV_EVENTS_HPP
#define TAILOR_ADAPTERS_CSV_EVENTS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "../core/observer.hpp"
#include "../core/result.hpp"
#include "../events/report.hpp"
#include "../events/text_event.hpp"
#include "csv.hpp"

namespace tailor::inline v0::adapters {

/// Told to an observer while a text is read, every few thousand records and at the end.
struct read_progress {
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
  std::uint64_t records = 0;
};

namespace detail {

inline constexpr std::size_t no_column = SIZE_MAX;

/// The columns of an event in a header, by name.
struct event_columns {
  std::size_t id, user, visitor, item, kind, time, quantity, unit_price, order;

  [[nodiscard]] static result<event_columns> find(const csv_reader& reader,
                                                  const events::field_names& names,
                                                  const events::text_options& options) {
    event_columns c{};
    const char* doubled = nullptr;
    const auto look_up = [&](std::string_view name, const char* field) {
      std::size_t found = no_column;
      for (std::size_t i = 0; i < reader.header().size() && !name.empty(); ++i) {
        if (reader.header()[i] != name) continue;
        if (found != no_column) doubled = field;
        found = i;
      }
      return found;
    };
    c.id = look_up(names.id, "id");
    c.user = look_up(names.user, "user");
    c.visitor = look_up(names.visitor, "visitor");
    c.item = look_up(names.item, "item");
    c.kind = look_up(names.kind, "kind");
    c.time = look_up(names.time, "time");
    c.quantity = look_up(names.quantity, "quantity");
    c.unit_price = look_up(names.unit_price, "unit_price");
    c.order = look_up(names.order, "order");
    if (doubled != nullptr) return error{errc::malformed, doubled};
    if (c.user == no_column && c.visitor == no_column) return error{errc::unknown, "user"};
    if (c.time == no_column) return error{errc::unknown, "time"};
    if (c.kind == no_column && !options.if_absent) return error{errc::unknown, "kind"};
    return c;
  }

  [[nodiscard]] events::text_fields read(csv_reader& row) const {
    const auto field = [&row](std::size_t column) {
      return column == no_column ? std::string_view() : row[column];
    };
    return {field(id),   field(user),     field(visitor),    field(item), field(kind),
            field(time), field(quantity), field(unit_price), field(order)};
  }
};

}  // namespace detail

/// Reads events from CSV and hands each to `sink(const event&)`, which returns nothing or a status.
/// A bad record, or one that the sink refuses, is reported with its number (1 is the record behind
/// the header) and field; the rest goes on. Columns are found by `names`; there have to be one for
/// the user (or visitor), one for the time, and one for the kind unless `how.if_absent` says what
/// rows are. Other columns may be missing and are then absent in every row.
/// Errors, before anything is read: those of `csv_reader::make`; unknown with our name of a column
/// that is missing; malformed with that of one that is there twice.
template <class Sink, class Observer = silent>
[[nodiscard]] result<events::ingest_report> read_csv_events(std::string_view text,
                                                            const csv_options& options,
                                                            const events::field_names& names,
                                                            const events::text_options& how,
                                                            events::name_tables& tables,
                                                            Sink&& sink, Observer&& observer = {}) {
  result<csv_reader> reader = csv_reader::make(text, options);
  if (!reader) return reader.error();
  const auto columns = detail::event_columns::find(*reader, names, how);
  if (!columns) return columns.error();
  events::ingest_report report;
  constexpr std::uint64_t between_notices = 4096;
  while (reader->next()) {
    status ok = reader->fault();
    if (ok) {
      const result<events::event> e = events::to_event(columns->read(*reader), how, tables);
      if (!e) {
        ok = e.error();
      } else if constexpr (std::is_void_v<decltype(sink(*e))>) {
        sink(*e);
      } else {
        ok = sink(*e);
      }
    }
    if (ok) {
      report.accept();
    } else {
      report.refuse(reader->number(), ok.code(), ok.error().what);
    }
    if (reader->number() % between_notices == 0) {
      observer.on(read_progress{reader->bytes_done(), text.size(), reader->number()});
    }
  }
  observer.on(read_progress{text.size(), text.size(), report.rows()});
  return report;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_CSV_EVENTS_HPP
