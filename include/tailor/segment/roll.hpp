#ifndef TAILOR_SEGMENT_ROLL_HPP
#define TAILOR_SEGMENT_ROLL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"
#include "orders.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// Where one shopper stands.
struct roll_entry {
  user_id user{};
  std::int64_t value = 0;

  friend constexpr bool operator==(const roll_entry&, const roll_entry&) = default;
};

/// Where everybody stands at a moment in the eyes of a model, ascending by id; who has no standing
/// is left out. The same for any executor. Cost: `value` of each shopper.
template <standing Model, executor Executor = serial_executor>
[[nodiscard]] std::vector<roll_entry> roll_of(const events::timeline& history, const Model& model,
                                              timestamp now, Executor&& pool = {}) {
  const std::size_t limit = history.shopper_limit();
  std::vector<std::optional<std::int64_t>> values(limit);
  std::vector<order_reader> readers(pool.concurrency());
  pool.for_each_chunk(limit, 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
    for (std::size_t s = from; s < to; ++s) {
      auto past = history.lines_of(static_cast<std::uint32_t>(s));
      while (!past.empty() && past.back().at > now) past = past.first(past.size() - 1);
      if (!past.empty()) values[s] = model.value(past, now, readers[worker]);
    }
  });
  std::vector<roll_entry> out;
  for (std::size_t s = 0; s < limit; ++s) {
    if (values[s]) out.push_back({history.shopper_at(static_cast<std::uint32_t>(s)), *values[s]});
  }
  std::sort(out.begin(), out.end(),
            [](const roll_entry& a, const roll_entry& b) { return a.user < b.user; });
  return out;
}

/// How many stand where: the funnel of a model.
[[nodiscard]] inline std::map<std::int64_t, std::int64_t> count_by_value(
    std::span<const roll_entry> roll) {
  std::map<std::int64_t, std::int64_t> out;
  for (const roll_entry& e : roll) ++out[e.value];
  return out;
}

/// A shopper who stands elsewhere than before; nothing where there was or is no standing.
struct roll_change {
  user_id user{};
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> to;

  friend constexpr bool operator==(const roll_change&, const roll_change&) = default;
};

namespace detail {

/// Calls f(user, before, after) for everybody on either roll, ascending by id.
template <class F>
void for_each_pair(std::span<const roll_entry> before, std::span<const roll_entry> after, F&& f) {
  std::size_t b = 0;
  std::size_t a = 0;
  while (b < before.size() || a < after.size()) {
    const bool only_before =
        a == after.size() || (b < before.size() && before[b].user < after[a].user);
    const bool only_after =
        b == before.size() || (a < after.size() && after[a].user < before[b].user);
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> to;
    const user_id user = only_after ? after[a].user : before[b].user;
    if (!only_after) from = before[b++].value;
    if (!only_before) to = after[a++].value;
    f(user, from, to);
  }
}

}  // namespace detail

/// Who moved between two rolls, ascending by id. Precondition: both are ascending. Cost: O(n).
[[nodiscard]] inline std::vector<roll_change> changes(std::span<const roll_entry> before,
                                                      std::span<const roll_entry> after) {
  std::vector<roll_change> out;
  detail::for_each_pair(before, after, [&](user_id user, auto from, auto to) {
    if (from != to) out.push_back({user, from, to});
  });
  return out;
}

/// How many moved from where to where, those who stayed included: the migration report. Nothing
/// stands for no standing. Precondition: both are ascending. Cost: O(n log groups).
[[nodiscard]] inline std::map<std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>,
                              std::int64_t>
migration(std::span<const roll_entry> before, std::span<const roll_entry> after) {
  std::map<std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>>, std::int64_t> out;
  detail::for_each_pair(before, after, [&](user_id, auto from, auto to) { ++out[{from, to}]; });
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_ROLL_HPP
