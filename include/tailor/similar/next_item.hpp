#ifndef TAILOR_SIMILAR_NEXT_ITEM_HPP
#define TAILOR_SIMILAR_NEXT_ITEM_HPP

#include "../core/ids.hpp"

namespace tailor::inline v0::similar {

/// What may come next in a visit, with what speaks for it in the units of the model that says so.
struct next_item {
  item_id item{};
  double score = 0;

  friend bool operator==(const next_item&, const next_item&) = default;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NEXT_ITEM_HPP
