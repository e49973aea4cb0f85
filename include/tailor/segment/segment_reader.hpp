#ifndef TAILOR_SEGMENT_SEGMENT_READER_HPP
#define TAILOR_SEGMENT_SEGMENT_READER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "../events/timeline.hpp"
#include "orders.hpp"
#include "rule_events.hpp"
#include "rule_funnel.hpp"
#include "rule_property.hpp"
#include "rule_text.hpp"
#include "segment_book.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// Whether it is so, and until when (exclusive) at least it stays so.
struct truth {
  timestamp until = never;
  bool is = false;
};

/// One test of a segment and what came of it.
struct reason {
  std::string text;  ///< the test in words, with its threshold
  bool holds = false;
  std::optional<std::int64_t> value;  ///< what was compared with it
  timestamp until{};                  ///< holds, or does not, at least so long
};

/// Why somebody is in a segment, or is not.
struct segment_answer {
  std::uint32_t segment = 0;
  bool is = false;
  timestamp until{};               ///< when that changes; `never` if not in the next five years
  std::optional<timestamp> since;  ///< begin of the stay
  std::vector<reason> reasons;     ///< of every test, in the order of the definition
};

/// Asks a book about the shoppers of a history. All answers are those of the moment `now`, which
/// may be any: later events have not happened then. Who has no event until then is in no segment.
/// Properties and models are taken as they are today. Refers to both, which have to outlive it;
/// keeps its memory between calls; one per thread.
class segment_reader {
 public:
  segment_reader(const segment_book& book, const events::timeline& history)
      : book_(&book), history_(&history), tests_(book.tests()) {}

  [[nodiscard]] const segment_book& book() const { return *book_; }

  /// The shopper and moment that `is_in` answers for, until the next call. False when he is in no
  /// segment because he has no event. Cost: O(log events).
  bool look_at(std::uint32_t shopper, timestamp now) {
    ++turn_;
    const auto lines = history_->lines_of(shopper);
    const auto end = std::partition_point(lines.begin(), lines.end(),
                                          [&](const events::line& l) { return l.at <= now; });
    past_ = lines.first(static_cast<std::size_t>(end - lines.begin()));
    comes_ = end == lines.end() ? never : end->at;
    shopper_ = shopper;
    now_ = now;
    kinds_ = {};
    for (const events::line& l : past_) kinds_.add(l.kind());
    return !past_.empty();
  }
  /// Whether who is looked at had no event before `t`, or has none yet.
  [[nodiscard]] bool begins_after(timestamp t) const {
    return past_.empty() || t <= past_.front().at;
  }
  /// Whether who is looked at is in the segment, and until when at least that stays so, were
  /// nothing to come but what the history holds. Cost: O(tests · his events); a funnel see there; a
  /// test of `joined` as many of these as there are events and moments at which something changes.
  [[nodiscard]] truth is_in(std::uint32_t segment) {
    TAILOR_EXPECTS(segment < book_->size());
    if (past_.empty()) return {comes_, false};
    const truth t = judge(book_->root(segment));
    return {(std::min)(t.until, comes_), t.is};
  }

  /// Numbers of the segments that the shopper is in, ascending. Unknown shoppers are in none.
  [[nodiscard]] std::vector<std::uint32_t> segments_of(user_id user, timestamp now) {
    std::vector<std::uint32_t> out;
    const auto shopper = history_->find_shopper(user);
    if (!shopper || !look_at(*shopper, now)) return out;
    for (std::uint32_t s = 0; s < book_->size(); ++s) {
      if (is_in(s).is) out.push_back(s);
    }
    return out;
  }

  /// The answer with its reasons. Nothing for who has no event until `now`.
  [[nodiscard]] std::optional<segment_answer> explain(std::uint32_t segment, user_id user,
                                                      timestamp now) {
    const auto shopper = history_->find_shopper(user);
    if (!shopper || !look_at(*shopper, now)) return std::nullopt;
    segment_answer out;
    out.segment = segment;
    out.is = is_in(segment).is;
    std::size_t node = book_->root(segment);
    add_reasons(book_->definitions()[segment].who, node, out.reasons);
    if (out.is) out.since = member_since(segment, *shopper, now);
    out.until = next_flip(segment, *shopper, now);
    return out;
  }

  /// The first moment after `now` at which the shopper enters or leaves the segment, by the clock
  /// and the events that the history holds. Exact, but looks no further than `ahead`: `never` when
  /// nothing changes until then. Cost: that of is_in for each moment at which a test may change.
  [[nodiscard]] timestamp next_flip(std::uint32_t segment, std::uint32_t shopper, timestamp now,
                                    duration ahead = days(1'830)) {
    look_at(shopper, now);
    const bool was = is_in(segment).is;
    const timestamp horizon{held(int128{now.us} + ahead.us)};
    for (timestamp at = is_in(segment).until; at <= horizon && at != never;
         at = is_in(segment).until) {
      look_at(shopper, at);
      if (is_in(segment).is != was) return at;
    }
    return never;
  }

  /// When the stay began that lasts at `now`; nothing when there is none. Exact. Cost: that of
  /// is_in for every event and every moment at which a test may change.
  [[nodiscard]] std::optional<timestamp> member_since(std::uint32_t segment, std::uint32_t shopper,
                                                      timestamp now) {
    const auto lines = history_->lines_of(shopper);
    std::optional<timestamp> since;
    if (lines.empty()) return since;
    for (timestamp at = lines.front().at; at <= now;) {
      look_at(shopper, at);
      const truth v = is_in(segment);
      if (!v.is) since.reset();
      if (v.is && !since) since = at;
      if (v.until == never) break;
      at = v.until;
    }
    return since;
  }

 private:
  struct memo {
    truth found{};
    std::uint64_t turn = 0;  // of what was looked at
  };

  /// A part that is as it is until a moment keeps a group as it is that long when it alone decides;
  /// so of those that decide the one that lasts longest, or of all that have to change the first.
  [[nodiscard]] truth judge(std::size_t at) {
    using kind = detail::compiled_node::kind;
    const detail::compiled_node& n = book_->nodes()[at];
    if (n.is == kind::test) return test(n.test);
    if (n.is == kind::none) {
      truth v = judge(at + 1);
      v.is = !v.is;
      return v;
    }
    const bool decides = n.is == kind::any;  // the value of a part that decides alone
    truth out{never, !decides};
    for (std::size_t part = at + 1; part < n.end; part = book_->nodes()[part].end) {
      const truth v = judge(part);
      if (v.is == decides) {
        out.until = out.is == decides ? (std::max)(out.until, v.until) : v.until;
        out.is = decides;
        if (out.until == never) break;
      } else if (out.is != decides) {
        out.until = (std::min)(out.until, v.until);
      }
    }
    return out;
  }

  [[nodiscard]] truth test(std::uint32_t i) {
    memo& m = tests_[i];
    if (m.turn == turn_) return m.found;
    const detail::outcome o = run(book_->test(i));
    m.turn = turn_;
    return m.found = {o.until, o.is};
  }

  [[nodiscard]] detail::outcome run(const detail::compiled_test& t) {
    if (const auto* e = std::get_if<detail::compiled_events>(&t)) {
      // Most shoppers did few sorts of things: what they never did need not be counted.
      const bool never_did = !e->which.kinds.meets(kinds_);
      detail::event_counter counter(*e, never_did ? past_.first(0) : past_, now_, *history_);
      return e->what <= measured::revenue ? counter.by_sum()
                                          : counter.by_distinct(book_->midnight(), keys_);
    }
    if (const auto* p = std::get_if<detail::compiled_property<user_id>>(&t)) {
      return p->test_value(p->property.value(history_->shopper_at(shopper_)), now_,
                           book_->midnight());
    }
    if (const auto* s = std::get_if<detail::compiled_standing>(&t)) {
      const auto value = s->model.value(s->model.object, past_, now_, orders_);
      const timestamp until =
          s->model.until(s->model.object, past_, now_, s->low, s->high, orders_);
      return {value && s->low <= *value && *value <= s->high, until, value.value_or(0),
              value.has_value()};
    }
    if (const auto* f = std::get_if<detail::compiled_funnel>(&t)) {
      if (!f->steps.front().which.kinds.meets(kinds_)) return {};
      return detail::test_funnel(*f, past_, now_, *history_, marks_);
    }
    const auto& m = std::get<detail::compiled_member>(t);
    const truth now = is_in(m.segment);
    detail::outcome v{now.is, now.until, 0, false};
    if (!v.is || m.joined == always()) return v;
    if (inner_.empty()) inner_.emplace_back(*book_, *history_);
    const auto since = inner_[0].member_since(m.segment, shopper_, now_).value_or(now_);
    v.is = m.joined.holds(since, now_);
    v.until = (std::min)(v.until, m.joined.next_change(since, now_));
    return v;
  }

  void add_reasons(const rule& r, std::size_t& node, std::vector<reason>& out) {
    const detail::compiled_node n = book_->nodes()[node++];
    if (const group* g = std::get_if<group>(&r.is)) {
      for (const rule& part : g->parts) add_reasons(part, node, out);
      return;
    }
    const detail::outcome v = run(book_->test(n.test));
    std::optional<std::int64_t> value;
    if (v.has_value) value = v.value;
    out.push_back({text_of(r), v.is, value, (std::min)(v.until, comes_)});
  }

  const segment_book* book_;
  const events::timeline* history_;
  std::vector<memo> tests_;
  std::uint64_t turn_ = 0;
  std::span<const events::line> past_{};
  detail::kind_set kinds_{};  // of what was done
  timestamp comes_{};         // the next event that the history holds
  timestamp now_{};
  std::uint32_t shopper_ = 0;
  order_reader orders_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> keys_;
  std::vector<detail::funnel_mark> marks_;
  std::vector<segment_reader> inner_;  // one for moments in the past, while another is looked at
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_SEGMENT_READER_HPP
