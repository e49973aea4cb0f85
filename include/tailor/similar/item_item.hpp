#ifndef TAILOR_SIMILAR_ITEM_ITEM_HPP
#define TAILOR_SIMILAR_ITEM_ITEM_HPP

#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

#include "../events/sink.hpp"
#include "neighbours.hpp"
#include "pair_counts.hpp"

namespace tailor::inline v0::similar {

namespace detail {

/// A part whose counting only looks at another part says so of itself.
template <class Counting, bool OnlyLooks = events::takes_no_events<Counting>>
struct looks_on {};
template <class Counting>
struct looks_on<Counting, true> {
  using takes_no_events = void;
  using holds_no_personal_data = void;
};

}  // namespace detail

/// "Customers who bought this also bought" as one part: a way of counting pairs and a measure of
/// how alike they make two items. `Counting` is the state: `pair_counts` keeps them live,
/// `bought_together` and the like count them on demand in a timeline that the host keeps anyway.
/// `Measure` only affects the answer. To save it, save `counting()`.
template <class Measure = cosine, class Counting = pair_counts>
class item_item : public detail::looks_on<Counting> {
  static_assert(measure<Measure>,
                "item_item<Measure, Counting>: Measure needs  double operator()(const "
                "pair_evidence&) const  [similar::measure]");
  static_assert(pair_source<Counting>,
                "item_item<Measure, Counting>: Counting needs  void for_each_pair(item_id, "
                "std::int64_t at_least, pair_scratch&, f) const  [similar::pair_source]");

 public:
  using neighbour_type = neighbour;
  using scratch = pair_scratch;

  item_item() = default;
  explicit item_item(Counting counting, Measure measure = {})
      : counting_(std::move(counting)), measure_(std::move(measure)) {}

  [[nodiscard]] const Counting& counting() const { return counting_; }
  [[nodiscard]] const Measure& how() const { return measure_; }

  /// See `similar::neighbours`.
  void neighbours(item_id item, const neighbour_options& options, pair_scratch& s,
                  std::vector<neighbour>& out) const {
    similar::neighbours(counting_, item, options, measure_, s, out);
  }

  /// The same with the support that is usual.
  void neighbours(item_id item, std::size_t count, scratch& s, std::vector<neighbour>& out) const {
    neighbours(item, neighbour_options{.count = count}, s, out);
  }

  /// The same where memory does not matter.
  [[nodiscard]] std::vector<neighbour> neighbours(item_id item,
                                                  const neighbour_options& options = {}) const {
    pair_scratch s;
    std::vector<neighbour> out;
    neighbours(item, options, s, out);
    return out;
  }

  // The statistic is that of the counting, where it is one.

  status observe(const events::event& e)
    requires events::event_sink<Counting>
  {
    return events::observe_into(counting_, e);
  }
  status retract(const events::event& e)
    requires events::retractable<Counting>
  {
    return events::retract_from(counting_, e);
  }
  void forget(user_id user)
    requires requires(Counting& c) { c.forget(user); }
  {
    counting_.forget(user);
  }
  status merge(const item_item& other)
    requires requires(Counting& c, const Counting& o) { c.merge(o); }
  {
    return counting_.merge(other.counting_);
  }
  friend bool operator==(const item_item& a, const item_item& b)
    requires std::equality_comparable<Counting>
  {
    return a.counting_ == b.counting_;
  }

 private:
  Counting counting_{};
  [[no_unique_address]] Measure measure_{};
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_ITEM_ITEM_HPP
