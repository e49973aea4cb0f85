#ifndef TAILOR_SEGMENT_RFM_GROUP_TABLE_HPP
#define TAILOR_SEGMENT_RFM_GROUP_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::segment {

struct rfm_scores {
  int recency = 0;
  int frequency = 0;
  int monetary = 0;

  /// As people say it: 543.
  [[nodiscard]] constexpr int code() const { return 100 * recency + 10 * frequency + monetary; }
  friend constexpr bool operator==(const rfm_scores&, const rfm_scores&) = default;
};

/// Scores from … to, both included.
struct score_range {
  int from = 1;
  int to = 9;

  [[nodiscard]] constexpr bool holds(int score) const { return from <= score && score <= to; }
};

/// A line of a table of groups: who scores so is in the group.
struct rfm_group_rule {
  std::string_view group;
  score_range recency{};
  score_range frequency{};
  score_range monetary{};
  score_range both{};  ///< of ⌈(frequency + monetary) / 2⌉
};

/// Which group each of k³ cells of scores is in, as data. Groups are numbered as they are named
/// first, from 0 on.
class rfm_group_table {
 public:
  /// The first rule that fits a cell gives its group; `others` takes what none fits, and without it
  /// that is an error: unknown with the code of the cell. out_of_range unless 1 to 9 scores and a
  /// range is one; malformed for a group without a name. Cost: O(k³ · rules).
  [[nodiscard]] static result<rfm_group_table> make(int scores,
                                                    std::span<const rfm_group_rule> rules,
                                                    std::string_view others = {}) {
    if (scores < 1 || scores > 9) return error{errc::out_of_range, "scores"};
    rfm_group_table out;
    out.scores_ = scores;
    std::vector<std::uint8_t> group_of_rule;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const rfm_group_rule& r = rules[i];
      if (r.group.empty()) return error{errc::malformed, "group", i};
      for (const score_range& s : {r.recency, r.frequency, r.monetary, r.both}) {
        if (s.from < 1 || s.to < s.from) return error{errc::out_of_range, "range", i};
      }
      if (out.names_.size() > 200) return error{errc::full, "groups", i};
      group_of_rule.push_back(out.number_of(r.group));
    }
    for (int r = 1; r <= scores; ++r) {
      for (int f = 1; f <= scores; ++f) {
        for (int m = 1; m <= scores; ++m) {
          const std::size_t rule = first_fit(rules, {r, f, m});
          if (rule == rules.size() && others.empty()) {
            return error{errc::unknown, "cell",
                         static_cast<std::uint64_t>(rfm_scores{r, f, m}.code())};
          }
          out.cells_.push_back(rule < rules.size() ? group_of_rule[rule] : out.number_of(others));
        }
      }
    }
    return out;
  }

  [[nodiscard]] int scores() const { return scores_; }
  [[nodiscard]] std::size_t groups() const { return names_.size(); }
  /// Precondition: group < groups().
  [[nodiscard]] const std::string& name(std::size_t group) const {
    TAILOR_EXPECTS(group < names_.size());
    return names_[group];
  }
  /// Precondition: every score is from 1 to scores().
  [[nodiscard]] std::size_t group_of(const rfm_scores& s) const {
    for ([[maybe_unused]] const int score : {s.recency, s.frequency, s.monetary}) {
      TAILOR_EXPECTS(score >= 1 && score <= scores_);
    }
    const int cell = ((s.recency - 1) * scores_ + (s.frequency - 1)) * scores_ + (s.monetary - 1);
    return cells_[static_cast<std::size_t>(cell)];
  }

 private:
  static std::size_t first_fit(std::span<const rfm_group_rule> rules, const rfm_scores& s) {
    std::size_t i = 0;
    while (i < rules.size() &&
           !(rules[i].recency.holds(s.recency) && rules[i].frequency.holds(s.frequency) &&
             rules[i].monetary.holds(s.monetary) &&
             rules[i].both.holds((s.frequency + s.monetary + 1) / 2))) {
      ++i;
    }
    return i;
  }
  std::uint8_t number_of(std::string_view name) {
    std::size_t i = 0;
    while (i < names_.size() && names_[i] != name) ++i;
    if (i == names_.size()) names_.emplace_back(name);
    return static_cast<std::uint8_t>(i);
  }

  int scores_ = 0;
  std::vector<std::string> names_;
  std::vector<std::uint8_t> cells_;
};

/// Ten groups of 1 … 5, by recency and the mean of the two others. The names are those of Shopify's
/// CustomerRfmGroup, whose eleventh, prospects, are people without an order, who have no scores;
/// which cell is in which group is ours.
[[nodiscard]] inline rfm_group_table ten_groups() {
  constexpr rfm_group_rule rules[] = {
      {"champions", {5, 5}, {}, {}, {4, 5}},        {"loyal", {3, 4}, {}, {}, {4, 5}},
      {"active", {4, 5}, {}, {}, {3, 3}},           {"new", {5, 5}, {}, {}, {1, 2}},
      {"promising", {4, 4}, {}, {}, {1, 2}},        {"needs attention", {3, 3}, {}, {}, {2, 3}},
      {"almost lost", {2, 3}, {}, {}, {1, 2}},      {"at risk", {2, 2}, {}, {}, {3, 5}},
      {"previously loyal", {1, 1}, {}, {}, {4, 5}}, {"dormant", {1, 1}, {}, {}, {1, 3}},
  };
  return *rfm_group_table::make(5, rules);
}

/// Six groups of 1 … 3. 333 are champions, 321, 322, 331, 232 and 233 loyal, as Klaviyo's are said
/// to be; the other cells are ours.
[[nodiscard]] inline rfm_group_table six_groups() {
  constexpr rfm_group_rule rules[] = {
      {"champions", {3, 3}, {3, 3}, {3, 3}}, {"loyal", {3, 3}, {2, 3}},
      {"loyal", {2, 2}, {3, 3}, {2, 3}},     {"recent", {3, 3}, {1, 1}},
      {"needs attention", {2, 2}},           {"at risk", {1, 1}, {2, 3}},
      {"inactive", {1, 1}, {1, 1}},
  };
  return *rfm_group_table::make(3, rules);
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RFM_GROUP_TABLE_HPP
