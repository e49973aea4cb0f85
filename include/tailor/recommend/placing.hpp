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
/// long as something may come for them. Allocates nothing once it has grown. Cost of a question:
/// O(quotas² + limits · places).
class placing {
 public:
  void open(std::uint32_t count, const filter_desk& desk) {
    desk_ = &desk;
    places_.assign(count, {no_item});
    free_ = count;
    next_ = 0;
    shared_.clear();
    read_quotas();
  }

  [[nodiscard]] std::uint32_t free() const { return free_; }
  /// Whether an item may be refused.
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
    for (const asked& q : quotas_) {
      if (q.have >= q.at_most && known.value(item, q.of.of) == q.of.value) return false;
    }
    for (const std::uint32_t rule : desk_->active().limits) {
      const limit_per& l = std::get<limit_per>(desk_->rules().rules()[rule].what);
      const std::uint64_t value = known.value(item, l.of);
      if (value != 0 && sharing({l.of, value}) >= l.at_most) return false;
    }
    return true;
  }

  /// Whether the minima may still be met with the item placed: for each attribute no more is
  /// missing than places are left; and an item that meets no minimum takes no place that those of
  /// all attributes together may need, though one item may meet several. Precondition: a place is
  /// free.
  template <catalogue Catalogue>
  [[nodiscard]] bool leaves_room(item_id item, const Catalogue& known) const {
    std::uint64_t all = 0;
    bool helps = false;
    for (std::size_t n = 0; n < quotas_.size();) {
      const attribute of = quotas_[n].of.of;
      const std::uint64_t value = known.value(item, of);
      std::uint64_t missing = 0;
      for (; n < quotas_.size() && quotas_[n].of.of == of; ++n) {
        const asked& q = quotas_[n];
        if (q.have >= q.at_least) continue;
        const bool is_one = q.of.value == value;
        helps = helps || is_one;
        missing += q.at_least - q.have - (is_one ? 1u : 0u);
      }
      if (missing > free_ - 1) return false;
      all += missing;
    }
    return helps || all <= free_ - 1;
  }

  /// Precondition: the place is free, and the item not placed.
  template <catalogue Catalogue>
  void put(std::uint32_t place, const placed& p, const Catalogue& known) {
    places_[place] = p;
    --free_;
    for (asked& q : quotas_) {
      if (known.value(p.item, q.of.of) == q.of.value) ++q.have;
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
  /// What all quotas ask of a value, and how many placed items have it.
  struct asked {
    attribute_value of{};
    std::uint32_t at_least = 0;
    std::uint32_t at_most = UINT32_MAX;
    std::uint32_t have = 0;
  };

  void read_quotas() {
    quotas_.clear();
    for (const std::uint32_t rule : desk_->active().quotas) {
      const quota& q = std::get<quota>(desk_->rules().rules()[rule].what);
      quotas_.push_back({{q.of, q.value}, q.at_least, q.at_most, 0});
    }
    std::sort(quotas_.begin(), quotas_.end(),
              [](const asked& a, const asked& b) { return a.of < b.of; });
    std::size_t kept = 0;
    for (const asked& q : quotas_) {
      if (kept == 0 || quotas_[kept - 1].of != q.of) {
        quotas_[kept++] = q;
        continue;
      }
      asked& same = quotas_[kept - 1];
      same.at_least = (std::max)(same.at_least, q.at_least);
      same.at_most = (std::min)(same.at_most, q.at_most);
    }
    quotas_.resize(kept);
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
  std::vector<asked> quotas_;  // ascending by attribute and value
  std::vector<std::pair<attribute_value, std::uint32_t>> shared_;  // placed items by limited value
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_PLACING_HPP
