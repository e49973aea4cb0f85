// An assignment says by which distance it goes, and searches.
// expect: distance() const
// expect: segment::assignment
#include <tailor/segment/kmeans.hpp>

using namespace tailor;

struct by_plain {
#if !TAILOR_REJECT
  segment::squared_euclidean distance() const { return {}; }
#endif
  template <class Real, executor X>
  auto over(const segment::point_view<Real>& points, const segment::extent& where,
            const segment::search_load& load, X&& pool) const {
    return segment::plain<>{}.over(points, where, load, pool);
  }
};

int main() {
  const double line[] = {1, 9};
  const segment::kmeans<segment::plus_plus, by_plain> fit({.k = 2});
  return fit.fit(segment::point_view<double>(line, 2, 1))->inertia() == 0 ? 0 : 1;
}
