#include "tailor/core/observer.hpp"

#include <type_traits>

#include "../catch.hpp"

namespace {

struct taken {
  int rows;
};
struct refused {
  int row;
};

struct counter {
  int rows = 0;
  void on(const taken& n) { rows += n.rows; }
};

// A part that speaks to its listener.
template <class Observer>
  requires tailor::hears<Observer, taken>
void speak(Observer& o) {
  o.on(taken{3});
}

}  // namespace

TEST_CASE("observer: notices are told apart by their type") {
  static_assert(tailor::hears<counter, taken>);
  static_assert(!tailor::hears<counter, refused>);
  static_assert(!tailor::hears<const counter, taken>);
  counter c;
  speak(c);
  speak(c);
  CHECK(c.rows == 6);
}

TEST_CASE("observer: silence hears everything and takes no room") {
  static_assert(tailor::hears<tailor::silent, taken>);
  static_assert(tailor::hears<const tailor::silent, refused>);
  static_assert(std::is_empty_v<tailor::silent>);
  tailor::silent s;
  speak(s);
  SUCCEED();
}
