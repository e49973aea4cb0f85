#ifndef TAILOR_RECOMMEND_PLACING_HPP
#define TAILOR_RECOMMEND_PLACING_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "filter_desk.hpp"

namespace tailor::inline v0::recommend {

/// The places of one answer, and what quotas and limits still permit. Minima hold places free as
/// long as something may come for them. Allocates nothing once it has grown.
class placing {
 public:
  void open(std::uint32_t count, const filter_desk& desk) {
    desk_ = &desk;
    places_.assign(count, {no_item});
    free_ = count;
    next_ = 0;
    quotas_.assign(desk.active().quotas.size(), 0);
    shared_.clear();
  }

  [[nodiscard]] std::uint32_t free() const { return free_; }
  [[nodiscard]] bool limited() const { return !quotas_.empty() || !desk_->active().limits.empty(); }
  [[nodiscard]] bool has(item_id item) const {
    return std::any_of(places_.begin(), places_.end(),
                       [item](const placed& p) { return p.item == item; });
  }
  [[nodiscard]] bool is_free(std::uint32_t place) const { return places_[place].item == no_item; }
  [[nodiscard]] const std::vector<placed>& places() const { return places_; }

  /// Whether no maximum forbids the item.
  template <catalogue Catalogue>
  [[nodiscard]] bool fits(item_id item, const Catalogue& known) const {
    for (std::size_t n = 0; n < quotas_.size(); ++n) {
      const quota& q = quota_at(n);
      if (quotas_[n] >= q.at_most && known.value(item, q.of) == q.value) return false;
    }
    for (const std::uint32_t rule : desk_->active().limits) {
      const limit_per& l = std::get<limit_per>(desk_->rules().rules()[rule].what);
      const std::uint64_t value = known.value(item, l.of);
      if (value != 0 && sharing({l.of, value}) >= l.at_most) return false;
    }
    return true;
  }

  /// Whether the minima could still be met with the item placed: for each attribute, no more is
  /// missing than places are left.
  template <catalogue Catalogue>
  [[nodiscard]] bool leaves_room(item_id item, const Catalogue& known) const {
    for (std::size_t n = 0; n < quotas_.size(); ++n) {
      const attribute of = quota_at(n).of;
      const std::uint64_t value = known.value(item, of);
      std::uint64_t missing = 0;
      for (std::size_t m = 0; m < quotas_.size(); ++m) {
        const quota& q = quota_at(m);
        if (q.of != of) continue;
        const std::uint32_t have = quotas_[m] + (q.value == value ? 1u : 0u);
        missing += q.at_least > have ? q.at_least - have : 0u;
      }
      if (missing > free_ - 1) return false;
    }
    return true;
  }

  /// Precondition: the place is free, and the item not placed.
  template <catalogue Catalogue>
  void put(std::uint32_t place, const placed& p, const Catalogue& known) {
    places_[place] = p;
    --free_;
    for (std::size_t n = 0; n < quotas_.size(); ++n) {
      if (known.value(p.item, quota_at(n).of) == quota_at(n).value) ++quotas_[n];
    }
    for (const std::uint32_t rule : desk_->active().limits) {
      const attribute of = std::get<limit_per>(desk_->rules().rules()[rule].what).of;
      const std::uint64_t value = known.value(p.item, of);
      if (value != 0) share({of, value});
    }
  }

  /// At the first free place. Precondition: there is one.
  template <catalogue Catalogue>
  void append(const placed& p, const Catalogue& known) {
    while (!is_free(next_)) ++next_;
    put(next_, p, known);
  }

 private:
  [[nodiscard]] const quota& quota_at(std::size_t n) const {
    return std::get<quota>(desk_->rules().rules()[desk_->active().quotas[n]].what);
  }
  [[nodiscard]] std::uint32_t sharing(const attribute_value& v) const {
    for (const auto& s : shared_) {
      if (s.first == v) return s.second;
    }
    return 0;
  }
  void share(const attribute_value& v) {
    for (auto& s : shared_) {
      if (s.first == v) {
        ++s.second;
        return;
      }
    }
    shared_.emplace_back(v, 1);
  }

  const filter_desk* desk_ = nullptr;
  std::vector<placed> places_;
  std::uint32_t free_ = 0;
  std::uint32_t next_ = 0;
  std::vector<std::uint32_t> quotas_;  // placed items of each active quota
  std::vector<std::pair<attribute_value, std::uint32_t>> shared_;  // placed items by limited value
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_PLACING_HPP
