#ifndef TAILOR_SEGMENT_WAKE_QUEUE_HPP
#define TAILOR_SEGMENT_WAKE_QUEUE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "../core/time.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// Who has to be looked at again, and when: one moment for each handle. A calendar of days rather
/// than a heap, so that setting a moment is O(1) nearly always, and those of a day come by handle,
/// next to each other in memory. 8 bytes a handle and some 4 for each moment that is not `never`.
class wake_queue {
 public:
  /// `never` when it was not set.
  [[nodiscard]] timestamp of(std::uint32_t handle) const {
    return handle < at_.size() ? at_[handle] : never;
  }

  void grow(std::size_t handles) {
    if (handles > at_.size()) at_.resize(handles, never);
  }

  /// Precondition: the queue has grown beyond the handle. Cost: O(log days).
  void set(std::uint32_t handle, timestamp at) {
    const timestamp was = std::exchange(at_[handle], at);
    if (at == never || (was != never && day_of(was) == day_of(at))) return;
    days_[day_of(at)].push_back(handle);
  }

  struct entry {
    std::uint32_t handle = 0;
    timestamp at{};
  };

  /// Takes out those whose moment is not after `now`, by handle.
  /// Cost: O(entries of the days until then · log).
  void take_due(timestamp now, std::vector<entry>& out) {
    const std::int64_t today = day_of(now);
    out.clear();
    while (!days_.empty() && days_.begin()->first <= today) {
      const std::int64_t day = days_.begin()->first;
      std::vector<std::uint32_t>& handles = days_.begin()->second;
      std::size_t kept = 0;
      for (const std::uint32_t h : handles) {
        if (at_[h] == never || day_of(at_[h]) != day) continue;  // was set to another day since
        if (at_[h] <= now) {
          out.push_back({h, std::exchange(at_[h], never)});
        } else {
          handles[kept++] = h;
        }
      }
      handles.resize(kept);
      if (kept > 0) break;  // later today
      days_.erase(days_.begin());
    }
    std::sort(out.begin(), out.end(),
              [](const entry& a, const entry& b) { return a.handle < b.handle; });
  }

  void clear() {
    at_.clear();
    days_.clear();
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t n = at_.capacity() * sizeof(timestamp);
    for (const auto& day : days_) n += day.second.capacity() * sizeof(std::uint32_t) + 64;
    return n;
  }

 private:
  std::vector<timestamp> at_;
  std::map<std::int64_t, std::vector<std::uint32_t>> days_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_WAKE_QUEUE_HPP
