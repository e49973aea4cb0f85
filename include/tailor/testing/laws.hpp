#ifndef TAILOR_TESTING_LAWS_HPP
#define TAILOR_TESTING_LAWS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/distributions.hpp"
#include "../core/random.hpp"
#include "../events/event.hpp"
#include "../events/sink.hpp"

namespace tailor::inline v0::testing {

/// The canonical bytes of a statistic; for one without `encode`, none.
template <class S>
[[nodiscard]] std::vector<std::byte> bytes_of(const S& s) {
  std::vector<std::byte> out;
  if constexpr (requires(byte_writer& w) { s.encode(w); }) {
    byte_writer writer(out);
    s.encode(writer);
  }
  return out;
}

namespace detail {

template <class S>
[[nodiscard]] bool same(const S& a, const S& b) {
  return a == b && b == a && bytes_of(a) == bytes_of(b);
}

template <class S, class Make>
[[nodiscard]] S all(const Make& make, std::span<const events::event> history) {
  S s = make();
  for (const events::event& e : history) static_cast<void>(events::observe_into(s, e));
  return s;
}

}  // namespace detail

/// Runs the four laws of a statistic on one history and returns the first that is broken, in words,
/// or null when all hold. `make()` gives an empty statistic; `seed` draws permutations, subsets
/// and shards. For tests of hosts too:
///
///     CHECK(broken_law<my_counts>([] { return my_counts{}; }, random_history(seed), seed) ==
///     nullptr);
///
/// Needs observe, retract, merge and ==; checks `forget` (or retraction of all that the shopper
/// did, for one that says `forgets_by_replay`) and `encode`/`decode` where the statistic has them.
/// Cost: about 20 ingestions of the history.
template <class S, class Make>
[[nodiscard]] const char* broken_law(const Make& make, std::vector<events::event> history,
                                     std::uint64_t seed) {
  counter_random draw(seed, 1);
  const auto build = [&](std::span<const events::event> h) { return detail::all<S>(make, h); };
  const S whole = build(history);

  // Order
  for (int i = 0; i < 2; ++i) {
    shuffle(std::span<events::event>(history), draw);
    if (!detail::same(build(history), whole)) return "order: another permutation, another state";
  }

  // Inverse
  std::vector<events::event> kept;
  std::vector<events::event> gone;
  for (const events::event& e : history) (uniform_below(draw, 2) == 0 ? kept : gone).push_back(e);
  S some = whole;
  shuffle(std::span<events::event>(gone), draw);
  for (const events::event& e : gone) {
    if (!events::retract_from(some, e)) return "inverse: an observed event cannot be retracted";
  }
  if (!detail::same(some, build(kept))) return "inverse: retract does not undo observe";
  for (const events::event& e : kept) static_cast<void>(events::retract_from(some, e));
  if (!detail::same(some, make())) return "inverse: everything retracted leaves a trace";

  // Inverse, for a shopper
  for (int i = 0; i < 2 && !history.empty(); ++i) {
    const user_id user = history[uniform_below(draw, history.size())].user;
    std::vector<events::event> others;
    S without = whole;
    for (const events::event& e : history) {
      if (e.user != user) {
        others.push_back(e);
      } else if constexpr (!requires { without.forget(user); }) {
        static_cast<void>(events::retract_from(without, e));
      }
    }
    if constexpr (requires { without.forget(user); }) without.forget(user);
    if (!detail::same(without, build(others))) return "inverse: a forgotten shopper leaves a trace";
    for (const events::event& e : history) {
      if (e.user == user) static_cast<void>(events::observe_into(without, e));
    }
    if (!detail::same(without, whole)) return "inverse: a shopper who returns is not as before";
  }

  // Merge: shards of disjoint shoppers, in a random tree
  const std::size_t shard_count = 1 + uniform_below(draw, 4);
  std::vector<std::vector<events::event>> parts(shard_count);
  for (const events::event& e : history) {
    parts[counter_random(seed, raw(e.user))() % shard_count].push_back(e);
  }
  std::vector<S> shards;
  for (const auto& part : parts) shards.push_back(build(part));
  while (shards.size() > 1) {
    const std::size_t from = uniform_below(draw, shards.size());
    std::swap(shards[from], shards.back());
    const S taken = std::move(shards.back());
    shards.pop_back();
    static_cast<void>(shards[uniform_below(draw, shards.size())].merge(taken));
  }
  if (!detail::same(shards.front(), whole)) return "merge: shards merged differ from one run";

  // Canon
  if constexpr (requires(byte_reader& r) { S::decode(r); }) {
    const std::vector<std::byte> bytes = bytes_of(whole);
    byte_reader reader(bytes);
    const auto read = S::decode(reader);
    if (!read) return "canon: its own bytes are refused";
    if (reader.remaining() != 0) return "canon: bytes are left over";
    if (!detail::same(*read, whole)) return "canon: what is read differs from what was written";
  }
  return nullptr;
}

}  // namespace tailor::inline v0::testing

#endif  // TAILOR_TESTING_LAWS_HPP
