#ifndef TAILOR_SEGMENT_REPEAT_MODEL_HPP
#define TAILOR_SEGMENT_REPEAT_MODEL_HPP

#include <concepts>

#include "../core/config.hpp"
#include "repeat_history.hpp"

namespace tailor::inline v0::segment {

/// Says of a shopper's purchases how it will go on. `m.p_alive(h)` is the probability that the
/// shopper with this history will buy again at all, `m.expected(h, t)` how many purchases the next
/// time `t` will bring, alive or not; both in the model's unit of time. Must be pure. With the age
/// of a history neither may rise, and `expected` may not fall with `t`: what is promised about
/// moments rests on that. Models: bg_nbd, mbg_nbd.
template <class M>
concept repeat_model = requires(const M& m, const repeat_history& h, double t) {
  { m.p_alive(h) } -> std::same_as<double>;
  { m.expected(h, t) } -> std::same_as<double>;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_MODEL_HPP
