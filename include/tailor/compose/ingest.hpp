#ifndef TAILOR_COMPOSE_INGEST_HPP
#define TAILOR_COMPOSE_INGEST_HPP

#include <cstddef>
#include <span>

#include "../events/columns.hpp"
#include "../events/intake.hpp"
#include "../events/report.hpp"
#include "dispatch.hpp"

namespace tailor::inline v0 {

/// One row through the door and into every part: admitted by `door`, then dispatched. The refusal
/// of either is returned; nothing has changed then, and the event may come again.
template <class Row, class... Parts>
status ingest_one(const Row& row, events::intake& door, timestamp now, Parts&... parts) {
  const events::event e = events::to_event(row);
  if (const status ok = door.admit(e, now); !ok) return ok;
  const status ok = dispatch(row, parts...);
  if (!ok) door.withdraw(e);
  return ok;
}

namespace detail {

template <class RowAt, class... Parts>
events::ingest_report ingest_each(std::size_t count, const RowAt& row_at, events::intake& door,
                                  timestamp now, Parts&... parts) {
  events::ingest_report report;
  for (std::size_t i = 0; i < count; ++i) {
    if (const status ok = ingest_one(row_at(i), door, now, parts...); ok) {
      report.accept();
    } else {
      report.refuse(i, ok.code(), ok.error().what);
    }
  }
  return report;
}

}  // namespace detail

/// A batch of rows, one after another. Every row is accepted, a duplicate, or refused with its
/// number and the field at fault; the others go on. For large batches into a timeline alone,
/// `events::load` is several times faster.
template <class Row, class... Parts>
[[nodiscard]] events::ingest_report ingest(std::span<const Row> rows, events::intake& door,
                                           timestamp now, Parts&... parts) {
  const auto row_at = [rows](std::size_t i) -> const Row& { return rows[i]; };
  return detail::ingest_each(rows.size(), row_at, door, now, parts...);
}

/// The same for columns. malformed when the columns do not fit together: nothing is done then.
template <class... Parts>
[[nodiscard]] result<events::ingest_report> ingest(const events::columns& batch,
                                                   events::intake& door, timestamp now,
                                                   Parts&... parts) {
  if (const status fits = batch.check(); !fits) return fits.error();
  const auto row_at = [&batch](std::size_t i) { return batch.row(i); };
  return detail::ingest_each(batch.size(), row_at, door, now, parts...);
}

}  // namespace tailor::inline v0

#endif  // TAILOR_COMPOSE_INGEST_HPP
