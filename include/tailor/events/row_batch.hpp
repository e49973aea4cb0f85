#ifndef TAILOR_EVENTS_ROW_BATCH_HPP
#define TAILOR_EVENTS_ROW_BATCH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/ids.hpp"
#include "../core/interner.hpp"
#include "../core/result.hpp"
#include "event.hpp"
#include "report.hpp"
#include "text_event.hpp"

namespace tailor::inline v0::events {

/// Whether the memory of a row's names is still there when the batch is flushed.
enum class name_memory : std::uint8_t { stays, passes };

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
  [[nodiscard]] bool has_room(const named_event& row, name_memory memory) const {
    if (rows_.size() >= most) return false;
    if (memory == name_memory::stays) return true;
    const std::size_t bytes = row.user.size() + row.item.size() + row.order.size();
    return bytes <= copies_.capacity() - copies_.size();
  }

  /// Adds a row with the number to report it by; copies its names if their memory passes.
  /// Precondition: `has_room(row, memory)`.
  void add(named_event row, std::uint64_t number, name_memory memory) {
    if (memory == name_memory::passes) {
      row.user = kept(row.user);
      row.item = kept(row.item);
      row.order = kept(row.order);
    }
    rows_.push_back({row, number});
  }

  /// Hands all rows on to `sink(const event&)`, which returns nothing or a status, in the order in
  /// which they were added, and is empty then. What a full table or the sink refuses is reported.
  template <class Sink>
  void flush(name_tables& tables, ingest_report& report, Sink& sink) {
    if (all_handles(tables)) {
      for (std::size_t i = 0; i < rows_.size(); ++i)
        deliver(rows_[i].row.rest, rows_[i].number, report, sink);
    } else {  // a table is full: as one after the other, to find which rows still have a place
      for (const numbered& r : rows_) {
        const auto e = with_handles(r.row, tables);
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
    named_event row;
    std::uint64_t number;
  };

  [[nodiscard]] std::string_view kept(std::string_view name) {
    const std::size_t begin = copies_.size();
    copies_.insert(copies_.end(), name.begin(), name.end());
    return {copies_.data() + begin, name.size()};
  }

  template <class Sink>
  static void deliver(const event& e, std::uint64_t number, ingest_report& report, Sink& sink) {
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

  [[nodiscard]] bool all_handles(name_tables& tables) {
    using row = named_event;
    return handles(tables.users, &row::user,
                   [](row& r, std::uint32_t h) { r.rest.user = user_id{h}; }) &&
           handles(tables.items, &row::item,
                   [](row& r, std::uint32_t h) { r.rest.item = item_id{h}; }) &&
           handles(tables.orders, &row::order,
                   [](row& r, std::uint32_t h) { r.rest.order = order_id{h}; });
  }

  /// The handles of one column; rows without a name are left as they are.
  template <class Set>
  [[nodiscard]] bool handles(interner& table, std::string_view named_event::* name, Set set) {
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

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_ROW_BATCH_HPP
