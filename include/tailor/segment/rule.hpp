#ifndef TAILOR_SEGMENT_RULE_HPP
#define TAILOR_SEGMENT_RULE_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../core/comparison.hpp"
#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/kind.hpp"
#include "timeframe.hpp"

namespace tailor::inline v0::segment {

// A segment as data: a tree of tests that is closed (no code, no patterns), can be written down,
// compared and checked, and is read by whoever wrote it. `segment_book` checks and compiles it.

using tailor::compares;
using tailor::comparison;
using tailor::name_of;

/// What a property has to be. A property that is not known passes `missing` alone.
enum class property_operator : std::uint8_t {
  exists,
  missing,
  equal,      ///< number, date, flag: as `comparison`, with the one number; text: the one text
  not_equal,  ///< known, and other than that
  less,
  at_most,
  more,
  at_least,
  any_of,       ///< number: one of the numbers; text: one of the texts; texts: has one of them
  contains,     ///< text: somewhere in it the one text, byte for byte
  starts_with,  ///< text
  ends_with,    ///< text
  in_time,      ///< date: in the timeframe
  anniversary   ///< date: its day and month come again in fewer days than the one number; 1: today
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(property_operator o) {
  constexpr const char* names[] = {"exists", "missing", "=",       "!=",         "<",
                                   "<=",     ">",       ">=",      "in",         "contains",
                                   "starts", "ends",    "in_time", "anniversary"};
  const auto index = static_cast<std::size_t>(o);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// A test of a property of the shopper, or of the item of an event.
struct property_test {
  std::string name;
  property_operator op = property_operator::exists;
  std::vector<std::int64_t> numbers{};
  std::vector<std::string> texts{};
  timeframe when{};

  friend bool operator==(const property_test&, const property_test&) = default;
};

/// Which events count: those that pass every part of it. An empty list lets all pass.
struct event_filter {
  std::vector<events::event_kind> kinds{};  ///< one of them
  std::vector<item_id> items{};             ///< one of them
  std::int64_t least_price = INT64_MIN;     ///< of one piece, minor units
  std::int64_t most_price = INT64_MAX;
  std::int64_t least_quantity = INT64_MIN;
  std::int64_t most_quantity = INT64_MAX;
  std::vector<property_test> item{};  ///< all of them, of the item

  friend bool operator==(const event_filter&, const event_filter&) = default;
};

/// What is counted or summed over the events.
enum class measured : std::uint8_t {
  events,
  pieces,   ///< quantities; those of refunds are taken off
  revenue,  ///< price · quantity, minor units; that of refunds is taken off
  orders,   ///< different order numbers
  items,    ///< different items
  days      ///< different days of the shop
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(measured m) {
  constexpr const char* names[] = {"events", "pieces", "revenue", "orders", "items", "days"};
  const auto index = static_cast<std::size_t>(m);
  return index < std::size(names) ? names[index] : "unnamed";
}

struct event_test {
  event_filter which{};
  measured what = measured::events;
  timeframe when{};
  comparison op = comparison::at_least;
  std::int64_t bound = 1;

  friend bool operator==(const event_test&, const event_test&) = default;
};

/// Is in another segment now and, if the timeframe says more than always, has been without a break
/// since a moment that lies in it.
struct membership_test {
  std::string segment;
  timeframe joined{};

  friend bool operator==(const membership_test&, const membership_test&) = default;
};

/// What a model says of the shopper lies in low … high: the number of an RFM group, a stage, a
/// cluster, a probability in thousandths. `label` names one value instead.
struct standing_test {
  std::string model;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::string label{};

  friend bool operator==(const standing_test&, const standing_test&) = default;
};

struct funnel_step {
  event_filter which{};
  bool happened = true;

  friend bool operator==(const funnel_step&, const funnel_step&) = default;
};

/// Steps one after the other, the first in the timeframe, all sooner than `within` after it. A step
/// that did not happen stands between two that did, or last: then it holds once `within` is over.
struct funnel_test {
  std::vector<funnel_step> steps{};
  duration within{};
  timeframe when{};

  friend bool operator==(const funnel_test&, const funnel_test&) = default;
};

struct rule;

/// AND, OR, and NOT of one part.
enum class joined_by : std::uint8_t { all, any, none };

struct group {
  joined_by how = joined_by::all;
  std::vector<rule> parts;
};

/// One node of a segment's tree.
struct rule {
  std::variant<group, event_test, property_test, membership_test, standing_test, funnel_test> is{};

  friend bool operator==(const rule&, const rule&) = default;
};

[[nodiscard]] inline bool operator==(const group& a, const group& b) {
  return a.how == b.how && a.parts == b.parts;
}

/// A segment under its name.
struct segment_definition {
  std::string name;
  rule who{};

  friend bool operator==(const segment_definition&, const segment_definition&) = default;
};

/// What a definition may hold. Beyond it is a mistake, told when the book is made.
struct rule_limits {
  static constexpr std::size_t depth = 16;
  static constexpr std::size_t nodes = 256;  ///< of one segment
  static constexpr std::size_t list = 1'000;
  static constexpr std::size_t text = 1'000;  ///< bytes
  static constexpr std::size_t steps = 8;     ///< of a funnel
  static constexpr std::size_t chain = 16;    ///< segments that ask for one another
  static constexpr std::size_t segments = 10'000;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RULE_HPP
