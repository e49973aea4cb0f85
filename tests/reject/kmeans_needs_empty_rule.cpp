// An empty rule names a point, or none.
// expect: std::optional<std::size_t> refill(const crowd&) const
// expect: segment::empty_rule
#include <tailor/segment/kmeans.hpp>

using namespace tailor;

struct never_mind {
#if TAILOR_REJECT
  std::size_t refill(const segment::crowd&) const { return 0; }
#else
  std::optional<std::size_t> refill(const segment::crowd&) const { return std::nullopt; }
#endif
};

int main() {
  const double line[] = {1, 9};
  const segment::kmeans<segment::plus_plus, segment::blocked, never_mind> fit({.k = 2});
  return fit.fit(segment::point_view<double>(line, 2, 1))->inertia() == 0 ? 0 : 1;
}
