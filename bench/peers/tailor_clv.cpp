// Lifetime models of tailor behind a C interface, for clv.py. Not a binding for use.
#include <cstddef>
#include <vector>

#include "tailor/segment/gamma_gamma_fit.hpp"
#include "tailor/segment/repeat_fit.hpp"

namespace {

using namespace tailor::segment;

std::vector<repeat_history> histories(const double* x, const double* last, const double* age,
                                      std::size_t n) {
  std::vector<repeat_history> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = {x[i], last[i], age[i]};
  return out;
}

/// Parameters into out[0..3], the log-likelihood into out[4], P(alive) and expected orders in
/// `time` of everybody behind it.
template <class Dropout>
int fit(const double* x, const double* last, const double* age, std::size_t n, double time,
        double* out) {
  const auto rows = histories(x, last, age, n);
  const auto sample = repeat_sample::of(rows);
  if (!sample) return 1;
  const auto found = fit_repeats<Dropout>(*sample);
  if (!found.model) return 1;
  const auto p = found.model->given();
  const double all[] = {p.r, p.alpha, p.a, p.b, found.report.log_likelihood};
  for (std::size_t i = 0; i < 5; ++i) out[i] = all[i];
  for (std::size_t i = 0; i < n; ++i) {
    out[5 + i] = found.model->p_alive(rows[i]);
    out[5 + n + i] = found.model->expected(rows[i], time);
  }
  return 0;
}

}  // namespace

extern "C" {

int tailor_bg_nbd(const double* x, const double* last, const double* age, std::size_t n,
                  double time, double* out) {
  return fit<after_repeat>(x, last, age, n, time, out);
}

int tailor_mbg_nbd(const double* x, const double* last, const double* age, std::size_t n,
                   double time, double* out) {
  return fit<after_any>(x, last, age, n, time, out);
}

}  // extern "C"
