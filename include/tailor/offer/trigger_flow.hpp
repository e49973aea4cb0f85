#ifndef TAILOR_OFFER_TRIGGER_FLOW_HPP
#define TAILOR_OFFER_TRIGGER_FLOW_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "trigger.hpp"
#include "trigger_book.hpp"
#include "trigger_intent.hpp"
#include "trigger_notice.hpp"
#include "trigger_shopper.hpp"

namespace tailor::inline v0::offer::detail {

/// a + b of amounts that are not negative, at most what fits.
[[nodiscard]] constexpr std::int64_t add_up(std::int64_t a, std::int64_t b) {
  return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/// Keeps the newest items of a flow, newest last, each once.
inline void note_item(std::vector<item_id>& items, item_id item) {
  if (item == no_item) return;
  std::erase(items, item);
  if (items.size() == max_intent_items) items.erase(items.begin());
  items.push_back(item);
}

/// Whether such news of an item are what the trigger asks about, its filter aside.
[[nodiscard]] inline bool is_news_for(const trigger& t, const happening& h) {
  if (h.what == happening::type::price) {
    const std::int64_t fall = h.earlier - h.value;
    if (t.kind != trigger_kind::price_drop || fall <= 0) return false;
    return t.fall.in == price_fall::unit::amount ? fall >= t.fall.least
                                                 : fall * 10'000 >= t.fall.least * h.earlier;
  }
  if (t.kind == trigger_kind::back_in_stock) return h.earlier == 0 && h.value > 0;
  return t.kind == trigger_kind::low_stock && h.value > 0 && h.value <= t.threshold &&
         h.earlier > t.threshold;
}

/// How the flows of one shopper go on: waits end, steps become due. What a moment brings is done in
/// this order: waits that end then, what happens then, steps that are due then.
template <class Guard, class Caps, class Sink>
struct flow_runner {
  const trigger_book& book;
  const trigger_limits& limits;
  const std::set<item_id>& sold_out;
  const Guard& guard;
  Caps& caps;
  Sink& sink;
  trigger_report report{};

  /// Begins a flow at `at`, unless the re-entry rule, the guard or the lack of room forbids it.
  void enter(user_id user, trigger_shopper& s, const trigger& t, open_flow f, timestamp at) {
    const flow_entry* const last = s.find_entry(t.id);
    if (last != nullptr && !t.again.permits(last->at, at)) {
      ++report.too_soon;
      return;
    }
    open_flow* const running = s.find_flow(t.id, f.item, false);
    if (running == nullptr && !has_room(s)) return;
    f.trigger = t.id;
    f.step = 0;
    f.since = at;
    if (!ask(user, t, f, at_entry, at)) return;
    f.due = t.quiet.next_allowed(at + t.steps[0].delay);
    s.set_entry({t.id, at, f.order});
    ++report.entered;
    if (running == nullptr) {
      s.put(std::move(f));
    } else {
      ++report.replaced;
      *running = std::move(f);
    }
  }

  [[nodiscard]] bool has_room(const trigger_shopper& s) {
    if (s.flows.size() < limits.flows) return true;
    ++report.no_room;
    return false;
  }

  /// The waits that end by `at`.
  void finish_waits(user_id user, trigger_shopper& s, timestamp at) {
    const auto ends = [at](const open_flow& f) { return f.waits() && f.due <= at; };
    for (auto i = find_if(s.flows, ends); i != s.flows.end(); i = find_if(s.flows, ends)) {
      open_flow f = std::move(*i);
      s.flows.erase(i);
      const trigger* const t = book.find(f.trigger);
      if (t == nullptr) continue;
      const timestamp moment = f.due;
      if (t->kind == trigger_kind::date) arm_date(s, *t, moment + microseconds(1));
      if (t->kind == trigger_kind::abandoned_cart) {
        s.drop_touches(moment - book.memory());
        take_cart(s, f);
      }
      enter(user, s, *t, std::move(f), moment);
    }
  }

  /// The steps that are due by `at`, and what follows from them by then.
  void run_steps(user_id user, trigger_shopper& s, timestamp at) {
    for (;;) {
      auto next = s.flows.end();
      for (auto i = s.flows.begin(); i != s.flows.end(); ++i) {
        if (i->waits() || i->due > at) continue;
        const auto rank = [](const open_flow& f) {
          return std::tuple(f.due, f.trigger, f.step, f.item);
        };
        if (next == s.flows.end() || rank(*i) < rank(*next)) next = i;
      }
      if (next == s.flows.end()) return;
      if (!take_step(user, *next)) s.flows.erase(next);
    }
  }

  /// The wait for a day of the year: from `from` on, in place of the one that is there.
  void arm_date(trigger_shopper& s, const trigger& t, timestamp from) {
    if (const open_flow* const was = s.find_flow(t.id, no_item, true)) {
      s.flows.erase(s.flows.begin() + (was - s.flows.data()));
    }
    for (const yearly_date& d : s.dates) {
      if (d.date != t.date || !has_room(s)) continue;
      open_flow f;
      f.trigger = t.id;
      f.due = next_date(t, d, from);
      f.since = f.due;
      s.put(std::move(f));
    }
  }

  /// The same after a change: nobody enters twice of one moment, though he may say again when his
  /// birthday is.
  void arm_date_again(trigger_shopper& s, const trigger& t, timestamp from) {
    const flow_entry* const last = s.find_entry(t.id);
    if (last != nullptr) from = (std::max)(from, last->at + microseconds(1));
    arm_date(s, t, from);
  }

 private:
  template <class F>
  static auto find_if(std::vector<open_flow>& in, const F& f) {
    return std::find_if(in.begin(), in.end(), f);
  }

  [[nodiscard]] bool ask(user_id user, const trigger& t, const open_flow& f, std::uint32_t step,
                         timestamp now) {
    const auto number = static_cast<std::uint32_t>(&t - book.all().data());
    if (ask_guard(guard, {user, number, step, now, f.since, f.item})) return true;
    ++report.guarded;
    return false;
  }

  /// Does the next step; false when the flow ends.
  [[nodiscard]] bool take_step(user_id user, open_flow& f) {
    const trigger* const t = book.find(f.trigger);
    if (t == nullptr || f.step >= t->steps.size()) return false;
    if (t->kind == trigger_kind::back_in_stock && f.step == 0 && sold_out.contains(f.item)) {
      ++report.sold_out;
      return false;
    }
    if (!ask(user, *t, f, f.step, f.due)) return false;
    const trigger_step& step = t->steps[f.step];
    if (caps.show(user, step.on, t->id, f.due)) {
      ++report.intents;
      sink(intent{user, t->id, f.step, step.on, step.message, step.name, f.items, f.amount,
                  f.earlier, f.since, f.due});
    } else {
      ++report.capped;
    }
    if (++f.step == t->steps.size()) return false;
    const timestamp from = t->delays == delay_from::entry ? f.since : f.due;
    // Never back: new definitions may put it before the step just done, which kept its moment.
    const timestamp due = t->quiet.next_allowed(from + t->steps[f.step].delay);
    f.due = (std::max)(f.due, due);
    return true;
  }

  /// What lies in the cart: the items newest last, and the value of all of them.
  static void take_cart(const trigger_shopper& s, open_flow& f) {
    std::vector<std::pair<timestamp, item_id>> lines;
    f.amount = 0;
    for (const touched_item& i : s.touches) {
      if (i.in_cart <= 0) continue;
      lines.emplace_back(i.carted, i.item);
      f.amount = add_up(f.amount, i.price * i.in_cart);
    }
    std::sort(lines.begin(), lines.end());
    f.items.clear();
    for (const auto& line : lines) note_item(f.items, line.second);
  }
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TRIGGER_FLOW_HPP
