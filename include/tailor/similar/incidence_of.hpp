#ifndef TAILOR_SIMILAR_INCIDENCE_OF_HPP
#define TAILOR_SIMILAR_INCIDENCE_OF_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../events/sessions.hpp"
#include "../events/timeline.hpp"
#include "incidence.hpp"

namespace tailor::inline v0::similar {

namespace detail {

struct any_row {
  void operator()(std::span<std::uint32_t>) const {}
};

}  // namespace detail

/// Says what a row of evidence is: `r.for_each_row(lines, f)` calls `f(items)` with the item
/// handles of each row among the lines of one shopper (oldest first), in any order, repeated or
/// not; `f` may change them. Must depend on these lines alone.
template <class R>
concept row_rule = requires(const R& r, std::span<const events::line> lines, detail::any_row f) {
  r.for_each_row(lines, f);
  { r.max_items } -> std::convertible_to<std::uint32_t>;
};

namespace detail {

template <class F>
void one_row_of(events::event_kind kind, std::span<const events::line> lines, F&& f) {
  std::vector<std::uint32_t> row;
  for (const events::line& l : lines) {
    if (l.kind() == kind && l.item != events::no_item_handle) row.push_back(l.item);
  }
  f(std::span(row));
}

}  // namespace detail

/// A row is a shopper: what he ever bought.
struct bought_by_shopper {
  /// Rows with more distinct items (bots, wholesalers) are left out; 0: none.
  std::uint32_t max_items = 0;

  template <class F>
  void for_each_row(std::span<const events::line> lines, F&& f) const {
    detail::one_row_of(events::event_kind::purchase, lines, f);
  }
};

/// A row is a shopper: what he ever viewed.
struct viewed_by_shopper {
  std::uint32_t max_items = 0;  ///< as in bought_by_shopper

  template <class F>
  void for_each_row(std::span<const events::line> lines, F&& f) const {
    detail::one_row_of(events::event_kind::view_item, lines, f);
  }
};

/// A row is an order of a shopper. Purchases that name no order are in no row.
struct bought_in_order {
  std::uint32_t max_items = 0;  ///< as in bought_by_shopper

  template <class F>
  void for_each_row(std::span<const events::line> lines, F&& f) const {
    std::vector<std::pair<order_id, std::uint32_t>> bought;
    for (const events::line& l : lines) {
      if (l.kind() == events::event_kind::purchase && l.item != events::no_item_handle &&
          l.order != no_order) {
        bought.emplace_back(l.order, l.item);
      }
    }
    std::sort(bought.begin(), bought.end());
    std::vector<std::uint32_t> row;
    for (std::size_t n = 0; n < bought.size(); ++n) {
      row.push_back(bought[n].second);
      if (n + 1 < bought.size() && bought[n + 1].first == bought[n].first) continue;
      f(std::span(row));
      row.clear();
    }
  }
};

/// A row is a session of a shopper: what he viewed in it. Events of every kind keep a session
/// alive.
struct viewed_in_session {
  events::session_rule rule{};
  std::uint32_t max_items = 0;  ///< as in bought_by_shopper

  template <class F>
  void for_each_row(std::span<const events::line> lines, F&& f) const {
    std::vector<std::uint32_t> row;
    events::for_each_session(lines, rule, [&](std::span<const events::line> session) {
      row.clear();
      for (const events::line& l : session) {
        if (l.kind() == events::event_kind::view_item && l.item != events::no_item_handle) {
          row.push_back(l.item);
        }
      }
      f(std::span(row));
    });
  }
};

/// The rows of evidence in a history, shoppers ascending by id. Each knows its shopper. Rows
/// without items are left out. full: 2^32 entries or more. Cost: O(events · log of a row), over the
/// executor.
template <row_rule Rule, executor Executor = serial_executor>
[[nodiscard]] result<incidence> incidence_of(const events::timeline& history, const Rule& rule,
                                             Executor&& pool = {}) {
  std::vector<std::pair<user_id, std::uint32_t>> shoppers;
  for (std::uint32_t s = 0; s < history.shopper_limit(); ++s) {
    if (!history.lines_of(s).empty()) shoppers.emplace_back(history.shopper_at(s), s);
  }
  std::sort(shoppers.begin(), shoppers.end());

  struct part {
    std::vector<std::uint32_t> sizes;   // of each row
    std::vector<std::uint32_t> owners;  // likewise
    std::vector<std::uint32_t> items;
  };
  constexpr std::size_t grain = 256;
  std::vector<part> parts((shoppers.size() + grain - 1) / grain);
  pool.for_each_chunk(shoppers.size(), grain, [&](std::size_t begin, std::size_t end, std::size_t) {
    part& p = parts[begin / grain];
    for (std::size_t s = begin; s < end; ++s) {
      rule.for_each_row(history.lines_of(shoppers[s].second), [&](std::span<std::uint32_t> row) {
        std::sort(row.begin(), row.end());
        const auto last = std::unique(row.begin(), row.end());
        const auto size = static_cast<std::uint32_t>(last - row.begin());
        if (size == 0 || (rule.max_items != 0 && size > rule.max_items)) return;
        p.sizes.push_back(size);
        p.owners.push_back(static_cast<std::uint32_t>(s));
        p.items.insert(p.items.end(), row.begin(), last);
      });
    }
  });

  std::size_t entries = 0;
  std::vector<bool> seen(history.item_limit());
  for (const part& p : parts) {
    entries += p.items.size();
    for (const std::uint32_t item : p.items) seen[item] = true;
  }
  if (entries > UINT32_MAX) return error{errc::full, "incidence cells", entries};
  std::vector<std::pair<item_id, std::uint32_t>> order;
  for (std::uint32_t i = 0; i < history.item_limit(); ++i) {
    if (seen[i]) order.emplace_back(history.item_at(i), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<item_id> items;
  std::vector<std::uint32_t> column(history.item_limit());
  for (const auto& [id, handle] : order) {
    column[handle] = static_cast<std::uint32_t>(items.size());
    items.push_back(id);
  }

  sparse_rows rows;
  rows.columns.reserve(entries);
  std::vector<std::uint32_t> owners;
  std::uint32_t shopper_count = 0;
  std::uint32_t last_owner = UINT32_MAX;
  for (part& p : parts) {
    std::size_t at = 0;
    for (std::size_t n = 0; n < p.sizes.size(); ++n) {
      const auto first = static_cast<std::ptrdiff_t>(rows.columns.size());
      for (const std::size_t end = at + p.sizes[n]; at < end; ++at) {
        rows.columns.push_back(column[p.items[at]]);
      }
      std::sort(rows.columns.begin() + first, rows.columns.end());
      rows.begin.push_back(static_cast<std::uint32_t>(rows.columns.size()));
      if (p.owners[n] != last_owner) ++shopper_count;
      last_owner = p.owners[n];
      owners.push_back(shopper_count - 1);
    }
    p = {};
  }
  if (shopper_count == rows.rows()) owners.clear();
  return incidence::make(std::move(rows), std::move(items), std::move(owners));
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_INCIDENCE_OF_HPP
