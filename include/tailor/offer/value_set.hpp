#ifndef TAILOR_OFFER_VALUE_SET_HPP
#define TAILOR_OFFER_VALUE_SET_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tailor::inline v0::offer {

/// Both ends included.
struct interval {
  std::int64_t low = INT64_MIN;
  std::int64_t high = INT64_MAX;

  friend bool operator==(const interval&, const interval&) = default;
};

/// Which values of a field pass: intervals, ascending, apart from each other by at least one value,
/// and whether a value that is not known passes. Every test of a single value is one.
struct value_set {
  std::vector<interval> in{};
  bool unknown = false;

  friend bool operator==(const value_set&, const value_set&) = default;

  [[nodiscard]] bool empty() const { return in.empty() && !unknown; }
  [[nodiscard]] static value_set everything() { return {{{}}, true}; }
  [[nodiscard]] bool is_everything() const {
    return unknown && in.size() == 1 && in[0] == interval{};
  }
};

/// O(log intervals).
[[nodiscard]] inline bool holds(const std::vector<interval>& in, std::int64_t value) {
  const auto after = std::upper_bound(in.begin(), in.end(), value,
                                      [](std::int64_t v, const interval& i) { return v < i.low; });
  return after != in.begin() && value <= (after - 1)->high;
}

/// As the comment of `value_set` has it, from intervals in any order; empty ones vanish.
inline void tidy(std::vector<interval>& in) {
  std::erase_if(in, [](const interval& i) { return i.low > i.high; });
  std::sort(in.begin(), in.end(),
            [](const interval& a, const interval& b) { return a.low < b.low; });
  std::size_t kept = 0;
  for (const interval& i : in) {
    if (kept > 0 && (in[kept - 1].high == INT64_MAX || i.low <= in[kept - 1].high + 1)) {
      in[kept - 1].high = (std::max)(in[kept - 1].high, i.high);
    } else {
      in[kept++] = i;
    }
  }
  in.resize(kept);
}

[[nodiscard]] inline value_set complement(const value_set& a) {
  value_set out{{}, !a.unknown};
  std::int64_t next = INT64_MIN;
  for (const interval& i : a.in) {
    if (i.low > next) out.in.push_back({next, i.low - 1});
    if (i.high == INT64_MAX) return out;
    next = i.high + 1;
  }
  out.in.push_back({next, INT64_MAX});
  return out;
}

[[nodiscard]] inline value_set unite(const value_set& a, const value_set& b) {
  value_set out{a.in, a.unknown || b.unknown};
  out.in.insert(out.in.end(), b.in.begin(), b.in.end());
  tidy(out.in);
  return out;
}

[[nodiscard]] inline value_set intersect(const value_set& a, const value_set& b) {
  value_set out{{}, a.unknown && b.unknown};
  for (std::size_t i = 0, j = 0; i < a.in.size() && j < b.in.size();) {
    const interval both{(std::max)(a.in[i].low, b.in[j].low),
                        (std::min)(a.in[i].high, b.in[j].high)};
    if (both.low <= both.high) out.in.push_back(both);
    if (a.in[i].high < b.in[j].high) {
      ++i;
    } else {
      ++j;
    }
  }
  return out;
}

/// Whether everything in a is in b.
[[nodiscard]] inline bool within(const value_set& a, const value_set& b) {
  return intersect(a, b) == a;
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_VALUE_SET_HPP
