#ifndef TAILOR_EVENTS_BULK_HPP
#define TAILOR_EVENTS_BULK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "columns.hpp"
#include "handle_book.hpp"
#include "limits.hpp"
#include "report.hpp"
#include "shopper_rows.hpp"
#include "timeline.hpp"

namespace tailor::inline v0::events {
namespace detail {

/// The distinct ids of a column, ascending, and each row's index into them (`no_rank` for rows that
/// are left out).
inline constexpr std::uint32_t no_rank = UINT32_MAX;

template <class Id, class Keep>
std::vector<Id> rank_ids(std::span<const Id> column, std::vector<std::uint32_t>& rank,
                         const Keep& keep) {
  handle_book<Id> book;
  constexpr std::size_t ahead = 16;  // rows between the prefetch and the probe
  rank.resize(column.size());
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (i + ahead < column.size()) book.prefetch(column[i + ahead]);
    rank[i] = keep(i) ? book.take(column[i]) : no_rank;
  }
  const auto sorted = book.sorted();
  std::vector<Id> ids;
  ids.reserve(sorted.size());
  std::vector<std::uint32_t> moved(book.limit());
  for (const auto& [id, handle] : sorted) {
    moved[handle] = static_cast<std::uint32_t>(ids.size());
    ids.push_back(id);
  }
  for (std::uint32_t& r : rank) {
    if (r != no_rank) r = moved[r];
  }
  return ids;
}

}  // namespace detail

/// A batch in canonical form and what became of its rows.
struct grouped {
  shopper_rows rows;
  ingest_report report;
};

/// Checks every row of the batch against the limits, drops rows whose (shopper, event id) stood
/// in the batch before, and groups the rest by shopper. Refused rows are reported with their
/// number; the others go on. malformed when the columns do not fit together: nothing is done then.
/// Cost: O(rows · log rows per shopper); checks and sorting are spread over the executor. The
/// answer is the same for any number of threads.
template <executor Executor = serial_executor>
[[nodiscard]] result<grouped> group(const columns& batch, const limits& within, timestamp now,
                                    Executor&& pool = {}) {
  if (const status fits = batch.check(); !fits) return fits.error();
  const std::size_t n = batch.size();
  if (n >= UINT32_MAX) return error{errc::full, "rows", n};
  grouped out;

  constexpr std::size_t grain = 1 << 14;
  std::vector<ingest_report> reports((n + grain - 1) / grain);
  std::vector<std::uint8_t> good(n);
  pool.for_each_chunk(reports.size(), 1, [&](std::size_t from, std::size_t to, std::size_t) {
    for (std::size_t c = from; c < to; ++c) {
      for (std::size_t i = c * grain; i < (std::min)(n, (c + 1) * grain); ++i) {
        const event e = batch.row(i);
        status ok = check(e, within, now);
        if (ok && e.quantity > max_line_quantity) ok = error{errc::out_of_range, "quantity"};
        good[i] = static_cast<bool>(ok);
        if (!ok) reports[c].refuse(i, ok.code(), ok.error().what);
      }
    }
  });
  for (const ingest_report& r : reports) out.report.merge(r);

  std::vector<std::uint32_t> user_rank;
  std::vector<std::uint32_t> item_rank;
  const auto is_good = [&](std::size_t i) { return good[i] != 0; };
  out.rows.users = detail::rank_ids(batch.user, user_rank, is_good);
  out.rows.items = detail::rank_ids(batch.item, item_rank, [&](std::size_t i) {
    return good[i] != 0 && batch.item[i] != no_item;
  });

  // Rows by shopper, in row order: a counting sort.
  const std::size_t user_count = out.rows.users.size();
  std::vector<std::size_t> begin(user_count + 1);
  for (const std::uint32_t r : user_rank) {
    if (r != detail::no_rank) ++begin[r + 1];
  }
  for (std::size_t u = 0; u < user_count; ++u) begin[u + 1] += begin[u];
  std::vector<std::uint32_t> row_at(begin[user_count]);
  {
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < n; ++i) {
      if (user_rank[i] != detail::no_rank) row_at[next[user_rank[i]]++] = std::uint32_t(i);
    }
  }

  // Within each shopper: first of each event id, then canonical order.
  out.rows.counts.resize(user_count);
  out.rows.lines.resize(row_at.size());
  pool.for_each_chunk(user_count, 256, [&](std::size_t from, std::size_t to, std::size_t) {
    std::vector<std::pair<event_id, std::uint32_t>> ids;
    const auto rank_of = [](std::uint32_t item) { return item; };
    const auto less = [&](const line& a, const line& b) { return precedes(a, b, rank_of); };
    for (std::size_t u = from; u < to; ++u) {
      const std::span<std::uint32_t> rows(row_at.data() + begin[u], begin[u + 1] - begin[u]);
      if (!batch.id.empty()) {
        ids.clear();
        for (const std::uint32_t i : rows) {
          if (batch.id[i] != no_event) ids.emplace_back(batch.id[i], i);
        }
        std::sort(ids.begin(), ids.end());
        for (std::size_t k = 1; k < ids.size(); ++k) {
          if (ids[k].first == ids[k - 1].first) good[ids[k].second] = 0;
        }
      }
      line* const lines = out.rows.lines.data() + begin[u];
      line* end = lines;
      for (const std::uint32_t i : rows) {
        if (good[i] == 0) continue;
        const event e = batch.row(i);
        const std::uint32_t item = e.item == no_item ? no_item_handle : item_rank[i];
        *end++ = {e.at, e.unit_price, e.order, item, line::pack(e.kind, e.quantity)};
      }
      if (!std::is_sorted(lines, end, less)) std::sort(lines, end, less);
      out.rows.counts[u] = static_cast<std::uint32_t>(end - lines);
    }
  });
  if (batch.id.empty()) {
    out.report.accept(row_at.size());
    return out;
  }

  // Duplicates left holes: close them, count them, and drop items that only they mentioned.
  std::size_t kept = 0;
  for (std::size_t u = 0; u < user_count; ++u) {
    const auto lines = out.rows.lines.begin();
    std::copy_n(lines + std::ptrdiff_t(begin[u]), out.rows.counts[u], lines + std::ptrdiff_t(kept));
    kept += out.rows.counts[u];
  }
  out.rows.lines.resize(kept);
  out.report.accept(kept);
  for (const std::uint32_t i : row_at) {
    if (good[i] == 0) out.report.refuse(i, errc::duplicate, "id");
  }
  out.rows.drop_unmentioned_items();
  return out;
}

/// Adds a batch to a timeline: `group`, then build or merge. A timeline cannot know event ids
/// of earlier batches; put `dedupe` before it where batches may overlap.
template <executor Executor = serial_executor>
[[nodiscard]] result<ingest_report> load(timeline& into, const columns& batch, const limits& within,
                                         timestamp now, Executor&& pool = {}) {
  result<grouped> batch_rows = group(batch, within, now, pool);
  if (!batch_rows) return batch_rows.error();
  timeline fresh(batch_rows->rows, pool);
  if (into.empty()) {
    into = std::move(fresh);
  } else {
    into.merge(fresh);
  }
  return std::move(batch_rows->report);
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_BULK_HPP
