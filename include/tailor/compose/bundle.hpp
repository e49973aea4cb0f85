#ifndef TAILOR_COMPOSE_BUNDLE_HPP
#define TAILOR_COMPOSE_BUNDLE_HPP

#include <tuple>
#include <utility>

#include "dispatch.hpp"
#include "forget.hpp"

namespace tailor::inline v0 {

/// Parts as one part: sugar over `dispatch` and `forget` for hosts that hand their parts around
/// together, for instance behind `synchronized` or `returns`. Parts are reached by type.
template <class... Parts>
class bundle {
 public:
  bundle() = default;
  explicit bundle(Parts... parts)
    requires(sizeof...(Parts) > 0)
      : parts_(std::move(parts)...) {}

  template <class Part>
  [[nodiscard]] Part& get() {
    return std::get<Part>(parts_);
  }
  template <class Part>
  [[nodiscard]] const Part& get() const {
    return std::get<Part>(parts_);
  }

  template <class Row>
  status observe(const Row& row) {
    return std::apply([&](Parts&... parts) { return dispatch(row, parts...); }, parts_);
  }

  /// Takes an event back from every part that can. unknown as soon as one part does not know it;
  /// the parts before it have it again then.
  template <class Row>
    requires((events::takes_no_events<Parts> || events::retractable<Parts>) && ...)
  status retract(const Row& row) {
    const events::event e = events::to_event(row);
    return std::apply(
        [&](Parts&... parts) {
          std::size_t done = 0;
          status ok;
          const auto undo = [&](auto& part) {
            ok = take(part, e);
            done += static_cast<bool>(ok);
            return static_cast<bool>(ok);
          };
          static_cast<void>((undo(parts) && ...));
          if (!ok) {
            std::size_t i = 0;
            ((i++ < done ? static_cast<void>(detail::hand_to(parts, e, e)) : void()), ...);
          }
          return ok;
        },
        parts_);
  }

  void forget(user_id user) {
    std::apply([&](Parts&... parts) { tailor::forget(user, parts...); }, parts_);
  }

  void merge(const bundle& other) { merge_each(other, std::index_sequence_for<Parts...>{}); }

  friend bool operator==(const bundle&, const bundle&) = default;

 private:
  template <class Part>
  static status take(Part& part, const events::event& e) {
    if constexpr (events::takes_no_events<Part>) {
      return {};
    } else {
      return events::retract_from(part, e);
    }
  }
  template <std::size_t... I>
  void merge_each(const bundle& other, std::index_sequence<I...>) {
    (std::get<I>(parts_).merge(std::get<I>(other.parts_)), ...);
  }

  std::tuple<Parts...> parts_;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_COMPOSE_BUNDLE_HPP
