#ifndef TAILOR_SIMILAR_SCORES_HPP
#define TAILOR_SIMILAR_SCORES_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "measure.hpp"
#include "pack.hpp"

namespace tailor::inline v0::similar {

template <class M, class Pack>
concept computes_packs = measure<M> && requires(const M& m, Pack x) {
  { m.formula(x, x, x, x) } -> std::same_as<Pack>;
};

/// Scores of many targets of one source, all sound and without `expected`: out[n] = m of
/// both[n], source, target[n]. The arrays start at multiples of 64 bytes and have room for a
/// multiple of 8 numbers.
template <class Pack = native_pack, measure Measure>
void scores_of(const Measure& m, std::int64_t source, std::int64_t population, const double* both,
               const double* target, double* out, std::size_t size) {
  if constexpr (computes_packs<Measure, Pack>) {
    const Pack sources(static_cast<double>(source));
    const Pack all(static_cast<double>(population));
    for (std::size_t n = 0; n < size; n += Pack::width) {
      m.formula(Pack::load(both + n), sources, Pack::load(target + n), all).store(out + n);
    }
  } else {
    for (std::size_t n = 0; n < size; ++n) {
      out[n] = m({static_cast<std::int64_t>(both[n]), source, static_cast<std::int64_t>(target[n]),
                  population, 0});
    }
  }
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SCORES_HPP
