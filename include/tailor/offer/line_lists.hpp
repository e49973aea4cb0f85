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
    for (std::uint32_t at = 0; at < place.size() && conditions > 0; ++at) {
      const std::uint32_t line = place[at];
      std::uint32_t last = UINT32_MAX;  // the boxes of a condition come one after another
      b.line_index.each(state.cart.line(line), state.cart, state.index, [&](std::size_t box) {
        const std::uint32_t c = b.line_box_condition[box];
        if (c == last) return;
        if (!b.line_box_exact[box] && !ask.holds_for_line(b.line_roots[c], line)) return;
        last = c;
        found_.emplace_back(c, at);
        ++count_[c];
      });
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
  void gather(const compiled_rules& b, std::span<const proposal> proposals) {
    lists_.clear();
    first_.clear();
    for (const proposal& p : proposals) {
      first_.push_back(lists_.size());
      const std::size_t end =
          p.rule + 1 < b.compiled.size() ? b.compiled[p.rule + 1].lines_first : b.line_lists.size();
      for (std::size_t i = b.compiled[p.rule].lines_first; i < end; ++i) {
        const std::uint32_t c = b.line_lists[i];
        lists_.push_back(
            c == compiled_rules::all_lines
                ? std::span<const std::uint32_t>(all_)
                : std::span<const std::uint32_t>(lines_).subspan(begin_[c], count_[c]));
      }
    }
    first_.push_back(lists_.size());
  }

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
