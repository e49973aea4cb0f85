#ifndef TAILOR_SEGMENT_STANDING_HPP
#define TAILOR_SEGMENT_STANDING_HPP

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/time.hpp"
#include "../events/line.hpp"
#include "orders.hpp"

namespace tailor::inline v0::segment {

/// The end of time: "never", where a moment is asked for.
inline constexpr timestamp never{INT64_MAX};

/// Tells where a shopper stands in the eyes of a model, as a whole number (a score, a group, a
/// stage, a probability in thousandths), and how long that lasts.
///
/// `past` is the shopper's lines, oldest first, none later than `now`.
/// `m.value(past, now, scratch)` is the number, or nothing when the model has no answer (which lies
/// in no range). It must be pure.
/// `m.until(past, now, low, high, scratch)` is a moment after `now`, up to which (exclusive), with
/// no further event, it stays true or stays false that the value lies in low … high. It may be
/// early, never late; `never` when the clock alone changes nothing. A law test holds models to it.
/// Models: the RFM, lifecycle, cluster and lifetime value models beside it.
template <class M>
concept standing = requires(const M& m, std::span<const events::line> past, timestamp now,
                            std::int64_t bound, order_reader& scratch) {
  { m.value(past, now, scratch) } -> std::same_as<std::optional<std::int64_t>>;
  { m.until(past, now, bound, bound, scratch) } -> std::same_as<timestamp>;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_STANDING_HPP
