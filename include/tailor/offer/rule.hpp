#ifndef TAILOR_OFFER_RULE_HPP
#define TAILOR_OFFER_RULE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../core/time.hpp"
#include "condition.hpp"
#include "discount.hpp"

namespace tailor::inline v0::offer {

/// Hours of the week in the zone of the book.
struct weekly_hours {
  std::vector<std::int64_t> days{};  ///< 1 Monday … 7 Sunday; none: every day
  std::int64_t from = 0;             ///< minute of the day, included
  std::int64_t until = 1'440;        ///< not included; before `from`: of the next day

  friend bool operator==(const weekly_hours&, const weekly_hours&) = default;
};

/// What a rule may be combined with.
enum class combining : std::uint8_t {
  with_others,  ///< with all that are not in its group
  alone         ///< with nothing
};

/// An offer as data. Everything must hold: `when`, and each of the others that says anything.
struct rule {
  std::string name;  ///< different from those of all others
  condition when{};
  discount gives{};
  std::int32_t priority = 0;  ///< the greater, the sooner; among equals by name
  std::string group{};  ///< rules of a group exclude each other (or as the conflict rule says)
  combining combines = combining::with_others;
  timestamp from{INT64_MIN};            ///< included
  timestamp until{INT64_MAX};           ///< not included
  std::vector<weekly_hours> hours{};    ///< one of them; none: always
  std::vector<std::string> channels{};  ///< one of them; none: all
  std::vector<std::string> arms{};      ///< of experiments, "name=arm": one of them
  std::vector<std::string> audience{};  ///< segments: in one of them

  friend bool operator==(const rule&, const rule&) = default;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_RULE_HPP
