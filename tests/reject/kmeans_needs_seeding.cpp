// A seeding fills in the first centres.
// expect: status seed(
// expect: segment::seeding
#include <tailor/segment/kmeans.hpp>

using namespace tailor;

struct first_points {
#if TAILOR_REJECT
  template <class Real>
  status seed(const segment::point_view<Real>&, std::size_t, std::span<double>) const {
    return {};
  }
#else
  template <class Real>
  status seed(const segment::point_view<Real>& points, std::span<const double>, std::size_t,
              counter_random&, std::span<double> centres) const {
    for (std::size_t t = 0; t < centres.size(); ++t) {
      centres[t] = static_cast<double>(points(t / points.d(), t % points.d()));
    }
    return {};
  }
#endif
};

int main() {
  const double line[] = {1, 9};
  const segment::kmeans<first_points> fit({.k = 2});
  return fit.fit(segment::point_view<double>(line, 2, 1))->inertia() == 0 ? 0 : 1;
}
