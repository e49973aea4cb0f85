#ifndef TAILOR_OFFER_PROGRAM_HPP
#define TAILOR_OFFER_PROGRAM_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../core/comparison.hpp"
#include "../core/int128.hpp"
#include "facts.hpp"
#include "value_set.hpp"

namespace tailor::inline v0::offer {

/// What a node of a compiled condition does.
enum class step : std::uint8_t {
  all,
  any,
  none,
  value_in,  ///< the value of a slot is in a set of values
  contains,  ///< the text of a slot, byte for byte
  starts_with,
  ends_with,
  has_any,  ///< of a set
  has_all,
  has_none,
  lines_any,  ///< the node behind it is asked of each line
  lines_all,
  lines_none,
  lines_count,
  lines_sum,
  member
};

/// A node, its parts behind it in preorder. `first` and `count` say which operands are its own.
struct node {
  step does = step::all;
  bool unknown_passes = false;  ///< value_in
  bool of_set = false;          ///< value_in: whether a set is known, nothing more
  comparison op = comparison::at_least;
  std::uint32_t slot = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint32_t end = 0;  ///< behind its last part
  std::int64_t bound = 0;
};

/// Conditions of a book, compiled: one array of nodes, read by index. There are no loops but those
/// over parts and lines, and no calls but one to the host's audience, once a segment and cart.
struct program {
  std::vector<node> nodes{};
  std::vector<interval> intervals{};
  std::vector<std::int64_t> words{};
  std::vector<std::string> texts{};
};

/// Says who is in a segment, by the number it has in the book.
template <class A>
concept membership = requires(A& a, std::uint32_t segment) {
  { a(segment) } -> std::convertible_to<bool>;
};

/// A compiled condition asked of a cart. Cost: at most nodes × (1 + lines) steps, each of one
/// comparison, a search over at most `condition_limits::list` operands or in one text.
template <class Member>
class asker {
 public:
  asker(const program& p, const facts& f, Member& member) : p_(&p), f_(&f), member_(&member) {}

  /// Whether the condition that begins at node `at` holds.
  [[nodiscard]] bool holds(std::uint32_t at) const { return holds(at, f_->cart()); }

  /// The same of one line.
  [[nodiscard]] bool holds_for_line(std::uint32_t at, std::size_t line) const {
    return holds(at, f_->line(line));
  }

  /// The deepest node to name when it does not: the first part that failed, of a NOT the part that
  /// held. Precondition: it does not hold.
  [[nodiscard]] std::uint32_t blocked_by(std::uint32_t at) const {
    const node& n = p_->nodes[at];
    if (n.does != step::all && n.does != step::none) return at;
    for (std::uint32_t part = at + 1; part < n.end; part = p_->nodes[part].end) {
      if (holds(part) != (n.does == step::all)) {
        return n.does == step::all ? blocked_by(part) : part;
      }
    }
    return at;
  }

 private:
  using cells = std::span<const cell>;

  [[nodiscard]] bool holds(std::uint32_t at, cells values) const {
    const node& n = p_->nodes[at];
    switch (n.does) {
      case step::all:
        for (std::uint32_t part = at + 1; part < n.end; part = p_->nodes[part].end) {
          if (!holds(part, values)) return false;
        }
        return true;
      case step::any:
        for (std::uint32_t part = at + 1; part < n.end; part = p_->nodes[part].end) {
          if (holds(part, values)) return true;
        }
        return false;
      case step::none:
        for (std::uint32_t part = at + 1; part < n.end; part = p_->nodes[part].end) {
          if (holds(part, values)) return false;
        }
        return true;
      case step::value_in:
        return values[n.slot].known ? value_in(n, values[n.slot].number) : n.unknown_passes;
      case step::contains:
        return values[n.slot].known &&
               values[n.slot].text.find(p_->texts[n.first]) != std::string_view::npos;
      case step::starts_with:
        return values[n.slot].known && values[n.slot].text.starts_with(p_->texts[n.first]);
      case step::ends_with:
        return values[n.slot].known && values[n.slot].text.ends_with(p_->texts[n.first]);
      case step::has_any:
      case step::has_all:
      case step::has_none:
        return values[n.slot].known && set_passes(n, values[n.slot]);
      case step::lines_any:
      case step::lines_all:
      case step::lines_none:
      case step::lines_count:
      case step::lines_sum:
        return lines_pass(at, n);
      case step::member:
        return (*member_)(n.slot);
    }
    return false;
  }

  [[nodiscard]] bool value_in(const node& n, std::int64_t value) const {
    const interval* const in = p_->intervals.data() + n.first;
    if (n.count <= 4) {
      bool found = false;
      for (std::uint32_t i = 0; i < n.count; ++i)
        found |= in[i].low <= value && value <= in[i].high;
      return found;
    }
    const interval* const after = std::upper_bound(
        in, in + n.count, value, [](std::int64_t v, const interval& i) { return v < i.low; });
    return after != in && value <= (after - 1)->high;
  }

  [[nodiscard]] bool set_passes(const node& n, const cell& set) const {
    const auto wanted = std::span(p_->words).subspan(n.first, n.count);  // ascending
    std::size_t found = 0;
    const auto have = f_->words(set);
    if (n.does != step::has_all) {
      for (const std::int64_t w : have) {
        if (std::binary_search(wanted.begin(), wanted.end(), w)) return n.does == step::has_any;
      }
      return n.does == step::has_none;
    }
    for (const std::int64_t w : wanted) {  // a set may hold a text twice
      found += std::find(have.begin(), have.end(), w) != have.end() ? 1u : 0u;
    }
    return found == wanted.size();
  }

  [[nodiscard]] bool lines_pass(std::uint32_t at, const node& n) const {
    const std::size_t lines = f_->line_count();
    std::size_t passed = 0;
    int128 sum = 0;
    for (std::size_t i = 0; i < lines; ++i) {
      const cells line = f_->line(i);
      if (at + 1 < n.end && !holds(at + 1, line)) {
        if (n.does == step::lines_all) return false;
        continue;
      }
      if (n.does == step::lines_any) return true;
      if (n.does == step::lines_none) return false;
      ++passed;
      if (n.does == step::lines_sum && line[n.slot].known) sum += line[n.slot].number;
    }
    if (n.does == step::lines_count) {
      return compares(static_cast<std::int64_t>(passed), n.op, n.bound);
    }
    if (n.does == step::lines_sum) return compares(held(sum), n.op, n.bound);
    return n.does == step::lines_none || (n.does == step::lines_all && lines > 0);
  }

  const program* p_;
  const facts* f_;
  Member* member_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_PROGRAM_HPP
