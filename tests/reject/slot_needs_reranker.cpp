// What orders a slot is a reranker, also where the order stays as it is.
// expect: ranked_input
// expect: [recommend::reranker]
#include <tailor/recommend/slot.hpp>
#include <tailor/recommend/strategies.hpp>

using namespace tailor;
using namespace tailor::recommend;

int main() {
#if TAILOR_REJECT
  struct order {};
#else
  using order = as_ranked;
#endif
  const slot best(slot_options{}, order{}, blend(weighted{favourites({})}));
  return static_cast<int>(best.sources) - 1;
}
