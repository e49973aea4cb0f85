// A source that cannot explain itself is none.
// expect: explain
// expect: [recommend::candidate_source]
#include <cstdint>

#include <tailor/recommend/blend.hpp>

using namespace tailor;
using namespace tailor::recommend;

struct one_thing {
  struct scratch {};
  template <class F>
  void candidates(const context&, scratch&, F&& f) const {
    f(item_id{1}, 1);
  }
#if !TAILOR_REJECT
  template <class F>
  void explain(const context&, item_id item, scratch&, F&& f) const {
    if (item == item_id{1}) f(part{.amount = 1});
  }
#endif
  strategy kind() const { return strategy::custom; }
  int bits() const { return 0; }
  std::uint64_t digest() const { return 0; }
};

int main() {
  const blend things(weighted<one_thing>{one_thing{}});
  return static_cast<int>(things.size) - 1;
}
