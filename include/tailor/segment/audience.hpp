#ifndef TAILOR_SEGMENT_AUDIENCE_HPP
#define TAILOR_SEGMENT_AUDIENCE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::segment {

/// A set of shoppers: members of a segment, or what set algebra makes of such. A value.
class audience {
 public:
  audience() = default;
  /// In any order, also several times. Cost: O(n · log n).
  explicit audience(std::vector<user_id> members) : members_(std::move(members)) {
    std::sort(members_.begin(), members_.end());
    members_.erase(std::unique(members_.begin(), members_.end()), members_.end());
  }

  /// Ascending.
  [[nodiscard]] std::span<const user_id> members() const { return members_; }
  [[nodiscard]] bool has(user_id user) const {
    return std::binary_search(members_.begin(), members_.end(), user);
  }
  /// How many, for eyes that must not single anybody out: too_few below `least`, whether there is
  /// somebody or nobody. It guards one number; who may ask for sizes of two audiences that differ
  /// by one shopper learns about him, so let people choose from segments, not build them at will.
  [[nodiscard]] result<std::size_t> size(std::size_t least) const {
    if (members_.size() < least) return error{errc::too_few, "audience"};
    return members_.size();
  }

  friend bool operator==(const audience&, const audience&) = default;
  /// In either. Cost of each: O(n + m).
  [[nodiscard]] friend audience operator|(const audience& a, const audience& b) {
    return joined([&](auto out) {
      std::set_union(a.members_.begin(), a.members_.end(), b.members_.begin(), b.members_.end(),
                     out);
    });
  }
  /// In both.
  [[nodiscard]] friend audience operator&(const audience& a, const audience& b) {
    return joined([&](auto out) {
      std::set_intersection(a.members_.begin(), a.members_.end(), b.members_.begin(),
                            b.members_.end(), out);
    });
  }
  /// In the first alone.
  [[nodiscard]] friend audience operator-(const audience& a, const audience& b) {
    return joined([&](auto out) {
      std::set_difference(a.members_.begin(), a.members_.end(), b.members_.begin(),
                          b.members_.end(), out);
    });
  }

 private:
  template <class F>
  static audience joined(F write) {
    audience out;
    write(std::back_inserter(out.members_));
    return out;
  }

  std::vector<user_id> members_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_AUDIENCE_HPP
