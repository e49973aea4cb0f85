// k-means of tailor behind a C interface, for kmeans.py. Not a binding for use.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/kmeans.hpp"
#include "tailor/segment/kmeans_centres.hpp"
#include "tailor/segment/quality.hpp"

namespace {

using namespace tailor;
using namespace tailor::segment;

struct session {
  explicit session(std::size_t threads) : pool(threads) {}
  thread_pool pool;
};

template <class Fit>
double run(const Fit& fit, double* centres, std::uint32_t* iterations) {
  const auto model = fit();
  if (!model) return -1;
  if (iterations != nullptr) *iterations = model->iterations();
  for (std::size_t t = 0; t < model->centres().size(); ++t) centres[t] = model->centres()[t];
  return model->inertia();
}

template <class Real>
double from_given(session& s, const Real* data, std::size_t n, std::size_t d, std::size_t k,
                  std::uint32_t iterations, double* centres, std::uint32_t* done) {
  const point_view<Real> points(data, n, d);
  const kmeans_options options{.k = k, .max_iterations = iterations, .restarts = 1};
  const kmeans<given_centres> fit(options,
                                  given_centres(std::vector<double>(centres, centres + k * d)));
  return run([&] { return fit.fit(points, s.pool); }, centres, done);
}

}  // namespace

extern "C" {

void* tailor_open(std::size_t threads) { return new session(threads); }
void tailor_close(void* s) { delete static_cast<session*>(s); }

/// Steps from the given centres, which are overwritten; the inertia, or -1.
double tailor_steps_f32(void* s, const float* data, std::size_t n, std::size_t d, std::size_t k,
                        std::uint32_t iterations, double* centres, std::uint32_t* done) {
  return from_given(*static_cast<session*>(s), data, n, d, k, iterations, centres, done);
}
double tailor_steps_f64(void* s, const double* data, std::size_t n, std::size_t d, std::size_t k,
                        std::uint32_t iterations, double* centres, std::uint32_t* done) {
  return from_given(*static_cast<session*>(s), data, n, d, k, iterations, centres, done);
}

/// A whole fit: k-means by its defaults, or kmeans_centres by its own; the inertia, or -1.
double tailor_fit_f64(void* s, const double* data, std::size_t n, std::size_t d, std::size_t k,
                      std::uint64_t seed, int swaps, double* centres) {
  const point_view<double> points(data, n, d);
  thread_pool& pool = static_cast<session*>(s)->pool;
  if (swaps == 0) {
    return run([&] { return kmeans<>({.k = k, .seed = seed}).fit(points, pool); }, centres,
               nullptr);
  }
  const auto found = kmeans_centres{.seed = seed}(points, k, pool);
  if (!found) return -1;
  for (std::size_t t = 0; t < found->size(); ++t) centres[t] = (*found)[t];
  return quality_of(points, *found, pool).inertia;
}
}
