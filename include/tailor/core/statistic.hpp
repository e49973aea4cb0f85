#ifndef TAILOR_CORE_STATISTIC_HPP
#define TAILOR_CORE_STATISTIC_HPP

#include <concepts>

#include "ids.hpp"

namespace tailor::inline v0 {

/// Can forget a shopper: afterwards it is equal to a part that never saw them, in every answer and
/// every byte it writes.
template <class P>
concept forgettable = requires(P& part, user_id user) { part.forget(user); };

/// Can take in another of its kind that saw other shoppers.
template <class S>
concept mergeable = requires(S& s, const S& other) { s.merge(other); };

/// What is kept of events: integers only, and four laws that no compiler checks.
///
/// 1. Order: the same set of events, observed in any order, gives an equal state and equal bytes.
/// 2. Inverse: `retract(e)` undoes `observe(e)`, and forgetting a shopper equals never having seen
///    them. An entry that falls to zero vanishes.
/// 3. Merge: shards of disjoint shoppers, merged in any tree, equal one run over everything.
/// 4. Canon: equal states give equal bytes, on every platform, compiler, optimisation level and
///    number of threads.
///
/// What breaks them stays out of state: floating point, decay tied to now, a minimum without the
/// events behind it, lists that are cut off, the order of arrival, the order of a hash table.
/// `tailor/testing/laws.hpp` tests them.
template <class S, class E>
concept statistic =
    std::default_initializable<S> && std::copyable<S> && std::equality_comparable<S> &&
    forgettable<S> && mergeable<S> && requires(S& s, const E& e) {
      s.observe(e);
      s.retract(e);
    };

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_STATISTIC_HPP
