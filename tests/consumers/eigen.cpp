// A host with matrices of its own: the headers that include Eigen find it.
#include <Eigen/Core>
#include <cstdio>

#include <tailor/segment/eigen.hpp>
#include <tailor/segment/quality.hpp>

int main() {
  Eigen::MatrixXd shoppers(4, 2);
  shoppers << 0, 0, 0, 1, 9, 9, 9, 8;
  const double centres[] = {0, 0.5, 9, 8.5};
  const auto q = tailor::segment::quality_of(tailor::segment::points_of(shoppers), centres);
  std::printf("inertia %.1f\n", q.inertia);
  return q.inertia > 0.99 && q.inertia < 1.01 ? 0 : 1;
}
