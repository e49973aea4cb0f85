#ifndef TAILOR_SEGMENT_RULE_FUNNEL_HPP
#define TAILOR_SEGMENT_RULE_FUNNEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "../events/timeline.hpp"
#include "rule_events.hpp"
#include "rule_property.hpp"
#include "timeframe.hpp"

namespace tailor::inline v0::segment::detail {

/// Steps that happened, each with what must not happen after it.
struct compiled_funnel {
  struct step {
    compiled_filter which{};
    compiled_filter never_after{};
    bool guarded = false;  // never_after counts
  };
  std::vector<step> steps{};
  duration within{};
  timeframe when{};
};

/// A line that some step speaks of: the steps that it takes, and those that it forbids to have been
/// the latest.
struct funnel_mark {
  timestamp at{};
  std::uint8_t takes = 0;
  std::uint8_t breaks = 0;
};

/// A funnel reads the latest so many events that its steps speak of, which bounds its time.
inline constexpr std::size_t funnel_reads = 1'000;

/// From each first step on, all ways through the steps at once: bit i says that step i may have
/// been the latest. Cost: O(marks²) at worst, over the window.
[[nodiscard]] inline outcome test_funnel(const compiled_funnel& f,
                                         std::span<const events::line> past, timestamp now,
                                         const events::timeline& history,
                                         std::vector<funnel_mark>& marks) {
  marks.clear();
  for (std::size_t i = past.size(); i-- > 0 && marks.size() < funnel_reads;) {
    funnel_mark m{past[i].at, 0, 0};
    for (std::size_t s = 0; s < f.steps.size(); ++s) {
      if (f.steps[s].which.passes(past[i], history)) m.takes |= std::uint8_t(1u << s);
      if (f.steps[s].guarded && f.steps[s].never_after.passes(past[i], history)) {
        m.breaks |= std::uint8_t(1u << s);
      }
    }
    if ((m.takes | m.breaks) != 0) marks.push_back(m);
  }
  std::reverse(marks.begin(), marks.end());

  const unsigned goal = 1u << (f.steps.size() - 1);
  const bool waits = f.steps.back().guarded;
  outcome out;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if ((marks[i].takes & 1) == 0) continue;
    const timestamp begin = marks[i].at;
    out.until = (std::min)(out.until, f.when.next_change(begin, now));
    const timeframe window{duration{INT64_MIN}, f.within};
    const timestamp ends = window.leaves(begin);
    if (waits && ends > now) {
      out.until = (std::min)(out.until, ends);
      continue;
    }
    if (out.is || !f.when.holds(begin, now)) continue;
    unsigned reached = 1;
    for (std::size_t j = i + 1; j < marks.size() && marks[j].at < ends; ++j) {
      const unsigned next = (reached << 1) & marks[j].takes;
      reached = (reached & ~unsigned{marks[j].breaks}) | next;
      if (reached == 0 || (!waits && (reached & goal) != 0)) break;
    }
    out.is = (reached & goal) != 0;
  }
  return out;
}

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_RULE_FUNNEL_HPP
