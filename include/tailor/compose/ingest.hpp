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

/// A batch of rows, one after another. Every row is accepted, a duplicate, or refused with its
/// number and the field at fault; the others go on. For large batches into a timeline alone,
/// `events::load` is several times faster.
template <class Row, class... Parts>
[[nodiscard]] events::ingest_report ingest(std::span<const Row> rows, events::intake& door,
                                           timestamp now, Parts&... parts) {
  events::ingest_report report;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const status ok = ingest_one(rows[i], door, now, parts...); ok) {
      report.accept();
    } else {
      report.refuse(i, ok.code(), ok.error().what);
    }
  }
  return report;
}

/// The same for columns. malformed when the columns do not fit together: nothing is done then.
template <class... Parts>
[[nodiscard]] result<events::ingest_report> ingest(const events::columns& batch,
                                                   events::intake& door, timestamp now,
                                                   Parts&... parts) {
  if (const status fits = batch.check(); !fits) return fits.error();
  events::ingest_report report;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (const status ok = ingest_one(batch.row(i), door, now, parts...); ok) {
      report.accept();
    } else {
      report.refuse(i, ok.code(), ok.error().what);
    }
  }
  return report;
}

}  // namespace tailor::inline v0

#endif  // TAILOR_COMPOSE_INGEST_HPP
