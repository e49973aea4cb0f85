#ifndef TAILOR_OFFER_TRIGGERS_HPP
#define TAILOR_OFFER_TRIGGERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/limits.hpp"
#include "../events/traits.hpp"
#include "trigger.hpp"
#include "trigger_book.hpp"
#include "trigger_flow.hpp"
#include "trigger_hearing.hpp"
#include "trigger_inbox.hpp"
#include "trigger_intent.hpp"
#include "trigger_notice.hpp"
#include "trigger_population.hpp"
#include "trigger_records.hpp"
#include "trigger_shopper.hpp"

namespace tailor::inline v0::offer {

/// The running flows. `observe` tells what happens, `advance` moves the clock and gives the
/// messages that are due on the way. Time is the host's; nothing is sent.
///
/// What is observed waits until the clock passes it, so the order of arrival has no say, and one
/// advance over a week gives the same intents as many short ones. `advance(now)` does all that is
/// before `now`: a step due at `now` itself still waits, for a purchase at that very moment would
/// cancel it. Of one moment, waits end first, then things happen, then steps are due.
///
/// An event that comes late, from before the clock, counts as of the clock: what was given cannot
/// be taken back. Older than `limits.late` it is refused; tell it as backfill instead.
///
/// Memory: some 200 bytes a shopper, 56 for each item that he met and a trigger asks about, 112 for
/// each open flow or wait, within `trigger_limits`; lists grow by doubling. 900 bytes a shopper in
/// all with three flows and three events each. Not thread-safe; see synchronized<>.
class triggers {
 public:
  static constexpr const char* section = "triggers";
  static constexpr std::uint32_t format = 1;

  /// No triggers, and the clock at 1970.
  triggers() = default;

  /// The clock starts at `start`: what happens before it is late. out_of_range with the limit.
  [[nodiscard]] static result<triggers> make(trigger_book book, timestamp start,
                                             const trigger_limits& limits = {}) {
    if (!detail::is_moment(start)) return error{errc::out_of_range, "start"};
    triggers out;
    out.clock_ = start;
    if (const status ok = out.use(std::move(book), limits); !ok) return ok;
    return out;
  }

  /// Other definitions from now on; also after `decode`, which reads state alone. Flows go on by
  /// id: their next step keeps its moment, those whose trigger or step is gone end. Waits for a day
  /// of the year are planned anew. out_of_range with the limit: nothing changes then. Cost:
  /// O(everything).
  status use(trigger_book book, const trigger_limits& limits = {}) {
    if (const status ok = check_limits(limits); !ok) return ok;
    const timestamp forgotten = clock_ - book_.memory();
    const bool knows_memory = std::exchange(ready_, true);
    book_ = std::move(book);
    limits_ = limits;
    const unguarded guard;
    uncapped caps;
    const auto sink = [](const intent&) {};
    detail::flow_runner<unguarded, uncapped, decltype(sink)> run{book_, limits_, sold_out_,
                                                                 guard, caps,    sink};
    people_.for_each([&](user_id, std::uint32_t shopper) {
      detail::trigger_shopper& s = people_[shopper];
      if (knows_memory) s.drop_touches(forgotten);
      std::erase_if(s.flows, [&](const detail::open_flow& f) {
        const trigger* const t = book_.find(f.trigger);
        if (t == nullptr || t->kind == trigger_kind::date) return t == nullptr || f.waits();
        return f.waits() ? !waits_first(t->kind) : f.step >= t->steps.size();
      });
      std::erase_if(s.entries, [&](const auto& e) { return book_.find(e.trigger) == nullptr; });
      for (const trigger& t : book_.all()) {
        if (t.kind == trigger_kind::date) run.arm_date_again(s, t, clock_);
      }
      people_.settle(shopper);
    });
    people_.rebuild(book_.watched().any());
    return {};
  }

  [[nodiscard]] const trigger_book& book() const { return book_; }
  [[nodiscard]] timestamp now() const { return clock_; }

  // --- what happens ----------------------------------------------------------------------------

  /// An event of a shopper. out_of_range with the member; too_early when a live one is later than
  /// `limits.late`; full when too much waits for the clock; stale before `use`, after `decode`.
  template <events::interaction Row>
  status observe(const Row& row, origin from = origin::live) {
    const events::event e = events::to_event(row);
    if (const status ok = events::check(e, {}, e.at); !ok) return ok;
    return put(detail::happening_of(e, from));
  }
  /// News of an item, a segment or a day of the year. out_of_range when there is no such price,
  /// stock or day; else refused as an event.
  status observe(const price_change& c) { return put(detail::happening_of(c)); }
  status observe(const stock_change& c) { return put(detail::happening_of(c)); }
  status observe(const segment_change& c) { return put(detail::happening_of(c)); }
  status observe(const date_change& c) { return put(detail::happening_of(c)); }

  // --- what is due -----------------------------------------------------------------------------

  /// Moves the clock to `now` and calls `sink(const intent&)` for all that is due before it, by
  /// moment, shopper, trigger and step. The sink may not call back into this part. too_early when
  /// the clock would go back, out_of_range, stale before `use`: nothing happens then.
  /// Cost: O((what happens + what is due) · log) and, for news of an item, O(those who met it).
  template <class Sink, trigger_guard Guard = unguarded, class Caps = uncapped>
    requires message_cap<std::remove_reference_t<Caps>>
  result<trigger_report> advance(timestamp now, Sink&& sink, const Guard& guard = {},
                                 Caps&& caps = {}) {
    if (!ready_) return error{errc::stale, "trigger book"};
    if (now < clock_) return error{errc::too_early, "clock"};
    if (!detail::is_moment(now)) return error{errc::out_of_range, "clock"};
    detail::flow_runner<Guard, std::remove_reference_t<Caps>, std::remove_reference_t<Sink>> run{
        book_, limits_, sold_out_, guard, caps, sink};
    std::vector<item_id> met;
    detail::flow_hearing<decltype(run)> hearing{run, clock_, met};
    for (;;) {
      const timestamp said = inbox_.empty() ? detail::unplanned : inbox_.next();
      const timestamp due = people_.next();
      if ((std::min)(said, due) >= now) break;
      if (said <= due) {
        ++run.report.happenings;
        hear(inbox_.take(), hearing);
      } else {
        const std::uint32_t shopper = people_.take_next();
        run.finish_waits(people_.id(shopper), people_[shopper], due);
        run.run_steps(people_.id(shopper), people_[shopper], due);
        people_.settle(shopper);
      }
    }
    clock_ = now;
    return run.report;
  }

  // --- who is in it ------------------------------------------------------------------------------

  /// Afterwards equal to one that never saw the shopper. Cost: O(what waits for the clock).
  void forget(user_id user) {
    inbox_.forget(user);
    if (const auto shopper = people_.find(user)) people_.drop(*shopper);
  }

  [[nodiscard]] std::size_t shoppers() const { return people_.size(); }
  /// Memory held, in bytes, without the allocator's own. Cost: O(shoppers).
  [[nodiscard]] std::size_t bytes() const { return people_.bytes() + inbox_.bytes(); }
  /// When the next step of that trigger is planned for the shopper; nullopt when no flow is under
  /// way. Guards and caps are asked only then.
  [[nodiscard]] std::optional<timestamp> planned(user_id user, std::uint32_t trigger) const {
    std::optional<timestamp> first;
    const auto shopper = people_.find(user);
    if (!shopper) return first;
    for (const detail::open_flow& f : people_[*shopper].flows) {
      if (f.trigger == trigger && !f.waits() && (!first || f.due < *first)) first = f.due;
    }
    return first;
  }

  /// Of state alone: definitions and limits are the host's. Cost: O(state · log).
  friend bool operator==(const triggers& a, const triggers& b) {
    std::vector<std::byte> left;
    std::vector<std::byte> right;
    byte_writer to_left(left);
    byte_writer to_right(right);
    a.encode(to_left);
    b.encode(to_right);
    return left == right;
  }

  void encode(byte_writer& out) const {
    out.i64(clock_.us);
    out.u64(sold_out_.size());
    for (const item_id i : sold_out_) out.u64(raw(i));
    inbox_.encode(out);
    // What is older is of no use; whether it is still held depends on who came by.
    people_.encode(ready_ ? clock_ - book_.memory() : detail::long_ago, out);
  }

  /// State alone: `use` follows. corrupt or truncated, with the offset.
  [[nodiscard]] static result<triggers> decode(byte_reader& in) {
    triggers out;
    out.ready_ = false;
    out.clock_ = timestamp{in.i64()};
    if (!detail::is_moment(out.clock_)) in.fail(errc::corrupt, "clock");
    const std::uint64_t sold_out = in.u64();
    for (std::uint64_t i = 0; i < sold_out && in.ok(); ++i) {
      const item_id item{in.u64()};
      if (!in.ok()) break;
      if (item == no_item || (i > 0 && item <= *out.sold_out_.rbegin())) {
        in.fail(errc::corrupt, "item");
      }
      out.sold_out_.insert(out.sold_out_.end(), item);
    }
    out.inbox_ = detail::trigger_inbox::decode(in, out.clock_);
    out.people_ = detail::trigger_population::decode(in, out.clock_);
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  using happening = detail::happening;

  status put(happening h) {
    if (!ready_) return error{errc::stale, "trigger book"};
    if (!detail::is_moment(h.at)) return error{errc::out_of_range, "at"};
    if (!detail::could_be_said(h)) return error{errc::out_of_range, "notice"};
    if (h.at < clock_ && h.from == origin::live) {
      if (h.at < clock_ - limits_.late) return error{errc::too_early, "at"};
      h.at = clock_;
    }
    if (inbox_.size() >= limits_.waiting) return error{errc::full, "waiting"};
    inbox_.put(h);
    return {};
  }

  template <class Hearing>
  void hear(const happening& h, Hearing& hearing) {
    if (h.what == happening::type::price || h.what == happening::type::stock) {
      return hear_news(h, hearing);
    }
    const std::uint32_t shopper = people_.take(h.user);
    detail::trigger_shopper& s = people_[shopper];
    if (h.what == happening::type::event) {
      hearing.met.clear();
      hearing.on_event(h.user, s, h);
      if (book_.watched().any()) {
        for (const item_id i : hearing.met) people_.met(i, shopper);
      }
    } else if (h.what == happening::type::segment) {
      hearing.on_segment(h.user, s, h);
    } else {
      hearing.on_date(h.user, s, h);
    }
    people_.settle(shopper);
  }

  template <class Hearing>
  void hear_news(const happening& h, Hearing& hearing) {
    if (h.what == happening::type::stock) {
      if (h.value == 0) {
        sold_out_.insert(h.item);
      } else {
        sold_out_.erase(h.item);
      }
    }
    for (const trigger& t : book_.all()) {
      if (!detail::is_news_for(t, h) || !t.filter.passes(h.item, h.value)) continue;
      for (const auto& [user, shopper] : people_.who_met(h.item)) {
        hearing.on_news(user, people_[shopper], t, h);
        people_.settle(shopper);
      }
    }
  }

  bool ready_ = true;
  trigger_book book_;
  trigger_limits limits_;
  timestamp clock_{};
  std::set<item_id> sold_out_;
  detail::trigger_inbox inbox_;
  detail::trigger_population people_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGERS_HPP
