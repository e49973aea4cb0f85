// Weights that only add up say so: a similarity that is misspelt looks like one that is absent.
// expect: session_weights
// expect: next_in_session
#include <cstdint>
#include <vector>

#include <tailor/similar/session_knn.hpp>

using namespace tailor;

struct flat {
  using places_are_alike = void;
#if TAILOR_REJECT
  float similarty(float sum, const similar::session_facts&) const { return sum; }
#else
  using similarity_is_sum = void;
#endif
  float click(std::uint32_t, std::uint32_t) const { return 1; }
  float shared(std::uint32_t) const { return 1; }
  double item_factor(double) const { return 1; }
  double scale(std::uint32_t) const { return 1; }
};

int main() {
  const similar::session_index index;
  const std::vector<item_id> running{item_id{1}};
  return next_in_session(index, running, {}, flat{}).empty() ? 0 : 1;
}
