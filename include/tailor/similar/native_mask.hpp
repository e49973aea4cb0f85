#ifndef TAILOR_SIMILAR_NATIVE_MASK_HPP
#define TAILOR_SIMILAR_NATIVE_MASK_HPP

#include "counter_mask.hpp"

namespace tailor::inline v0::similar {

using native_mask = portable_mask;

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NATIVE_MASK_HPP
