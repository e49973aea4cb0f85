#ifndef TAILOR_OFFER_LINE_LISTS_HPP
#define TAILOR_OFFER_LINE_LISTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "compiled_rules.hpp"
#include "conflict.hpp"
#include "program.hpp"
#include "rule_book.hpp"

namespace tailor::inline v0::offer {

/// Which lines of a cart pass the conditions that discounts put on lines. All different conditions
/// of the book are asked at once, line by line, through an index like that of the rules.
class line_lists {
 public:
  /// For the proposals of a cart that is in the state. `place[i]` is the line of the cart that is
  /// called i here. Cost: lines × (slots × conditions / 64 words), and what is found.
  template <class Cart, class Audience>
  void find(const rule_book<Cart>& book, match_state& state, std::span<const std::uint32_t> place,
            std::span<const proposal> proposals, const Audience& in) {
    const compiled_rules& b = book.compiled();
    const asked_once<Audience> member(in, b.segments, state.asked);
    const asker ask(b.code, state.cart, member);
    const std::size_t conditions = b.line_roots.size();
    count_.assign(conditions, 0);
    found_.clear();
    const bool any = want(b, proposals);
    for (std::uint32_t at = 0; at < place.size() && any; ++at) {
      const std::uint32_t line = place[at];
      std::uint32_t last = UINT32_MAX;  // the boxes of a condition come one after another
      for (const std::uint32_t box :
           b.line_index.find(state.cart.line(line), state.cart, state.index, wanted_.data())) {
        const std::uint32_t c = b.line_box_condition[box];
        if (c == last) continue;
        if (!b.line_box_exact[box] && !ask.holds_for_line(b.line_roots[c], line)) continue;
        last = c;
        found_.emplace_back(c, at);
        ++count_[c];
      }
    }
    begin_.assign(conditions + 1, 0);
    for (std::size_t c = 0; c < conditions; ++c) begin_[c + 1] = begin_[c] + count_[c];
    lines_.resize(found_.size());
    std::fill(count_.begin(), count_.end(), 0);
    for (const auto& f : found_) lines_[begin_[f.first] + count_[f.first]++] = f.second;
    all_.resize(place.size());
    for (std::uint32_t i = 0; i < all_.size(); ++i) all_[i] = i;
    gather(b, proposals);
  }

  /// The lines of each condition of a proposal, as `line_conditions` has them.
  [[nodiscard]] std::span<const std::span<const std::uint32_t>> of(std::size_t proposal) const {
    return std::span(lists_).subspan(first_[proposal], first_[proposal + 1] - first_[proposal]);
  }

 private:
  /// The conditions on lines of a rule.
  [[nodiscard]] static std::span<const std::uint32_t> conditions_of(const compiled_rules& b,
                                                                    std::uint32_t rule) {
    const std::size_t first = b.compiled[rule].lines_first;
    const std::size_t end =
        rule + 1 < b.compiled.size() ? b.compiled[rule + 1].lines_first : b.line_lists.size();
    return std::span(b.line_lists).subspan(first, end - first);
  }

  /// Marks the boxes of the conditions that the proposals have; whether there are any.
  bool want(const compiled_rules& b, std::span<const proposal> proposals) {
    wanted_.assign(b.line_index.words(), 0);
    bool any = false;
    for (const proposal& p : proposals) {
      for (const std::uint32_t c : conditions_of(b, p.rule)) {
        if (c == compiled_rules::all_lines) continue;
        any = true;
        for (std::uint32_t i = b.line_box_first[c]; i < b.line_box_first[c + 1]; ++i) {
          wanted_[i / 64] |= std::uint64_t{1} << (i % 64);
        }
      }
    }
    return any;
  }

  void gather(const compiled_rules& b, std::span<const proposal> proposals) {
    lists_.clear();
    first_.clear();
    for (const proposal& p : proposals) {
      first_.push_back(lists_.size());
      for (const std::uint32_t c : conditions_of(b, p.rule)) {
        lists_.push_back(
            c == compiled_rules::all_lines
                ? std::span<const std::uint32_t>(all_)
                : std::span<const std::uint32_t>(lines_).subspan(begin_[c], count_[c]));
      }
    }
    first_.push_back(lists_.size());
  }

  std::vector<std::uint64_t> wanted_{};
  std::vector<std::uint32_t> begin_{};  // of the lines of each condition
  std::vector<std::uint32_t> count_{};
  std::vector<std::uint32_t> lines_{};
  std::vector<std::uint32_t> all_{};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> found_{};  // (condition, line)
  std::vector<std::span<const std::uint32_t>> lists_{};           // of all proposals
  std::vector<std::size_t> first_{};                              // of each
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_LINE_LISTS_HPP
