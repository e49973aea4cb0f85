#ifndef TAILOR_RECOMMEND_PAGE_HPP
#define TAILOR_RECOMMEND_PAGE_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "answer.hpp"
#include "catalogue.hpp"
#include "context.hpp"
#include "merchandising.hpp"

namespace tailor::inline v0::recommend {

/// The items that the slots of one page show, so that none is shown twice: the slot asked first
/// keeps it. One for each thread; it grows to the largest page.
class page {
 public:
  /// A new page.
  void begin() { shown_.clear(); }

  /// Fills one slot with what the ones before it do not show.
  template <class Slot, catalogue Catalogue>
  void fill(const Slot& slot, const context& c, const Catalogue& known, const merchandising& rules,
            typename Slot::scratch& s, answer& out) {
    slot.recommend(c, known, rules, shown_, s, out);
    for (const placed& p : out.items) shown_.push_back(p.item);
    std::sort(shown_.begin(), shown_.end());
  }

  /// Ascending.
  [[nodiscard]] std::span<const item_id> shown() const { return shown_; }

 private:
  std::vector<item_id> shown_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_PAGE_HPP
