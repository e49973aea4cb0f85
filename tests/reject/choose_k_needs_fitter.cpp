// Who finds centres says so or why not: a bare vector cannot.
// expect: result<std::vector<double>> operator()(const point_view<Real>&, std::size_t k) const
// expect: segment::centre_fitter
#include <cstddef>
#include <vector>

#include <tailor/segment/choose_k.hpp>

using tailor::segment::point_view;

struct first_points {
#if TAILOR_REJECT
  std::vector<double> operator()(const point_view<double>& p, std::size_t k) const {
#else
  tailor::result<std::vector<double> > operator()(const point_view<double>& p,
                                                  std::size_t k) const {
#endif
      std::vector<double> centres;
  for (std::size_t i = 0; i < k; ++i) centres.push_back(p(i, 0));
  return centres;
}
}
;

int main() {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  const auto choice =
      tailor::segment::choose_k(point_view<double>(values.data(), 6, 1), {}, first_points{});
  return choice ? 0 : 1;
}
