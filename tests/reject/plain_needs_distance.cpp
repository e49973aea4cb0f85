// A distance takes a point and a centre.
// expect: double operator()(std::span<const double> point, std::span<const double> centre) const
// expect: segment::distance
#include <tailor/segment/assignment.hpp>

struct hamming {
#if TAILOR_REJECT
  int operator()(const int* a, const int* b) const { return *a != *b; }
#else
  double operator()(std::span<const double> a, std::span<const double> b) const {
    double out = 0;
    for (std::size_t j = 0; j < a.size(); ++j) out += a[j] != b[j];
    return out;
  }
#endif
};

int main() {
  const tailor::segment::plain<hamming> by;
  return by.distance()(std::span<const double>{}, std::span<const double>{}) == 0 ? 0 : 1;
}
