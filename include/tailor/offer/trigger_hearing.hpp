#ifndef TAILOR_OFFER_TRIGGER_HEARING_HPP
#define TAILOR_OFFER_TRIGGER_HEARING_HPP

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "trigger.hpp"
#include "trigger_filter.hpp"
#include "trigger_flow.hpp"
#include "trigger_notice.hpp"
#include "trigger_shopper.hpp"

namespace tailor::inline v0::offer::detail {

/// What happens to one shopper changes his cart and interests, ends flows and begins others.
template <class Runner>
struct flow_hearing {
  Runner& run;
  timestamp clock{};          // no happening counts as of before it, but those told from the past
  std::vector<item_id>& met;  // items that the shopper met for the first time

  using kinds = events::event_kind;

  void on_event(user_id user, trigger_shopper& s, const happening& h) {
    run.finish_waits(user, s, h.at);
    const timestamp since = (std::max)(h.at, clock) - run.book.memory();
    s.drop_touches(since);
    const bool takes_out = h.kind == kinds::remove_from_cart && !s.cart_is_empty();
    if (h.at > since) note(s, h);
    const bool emptied = takes_out && s.cart_is_empty();
    std::erase_if(s.flows, [&](open_flow& f) { return ends(f, h, emptied); });
    for (const std::uint16_t i : run.book.started_by(h.kind)) {
      const trigger& t = run.book.all()[i];
      if (t.filter.passes(h.item, h.value * h.quantity)) start(user, s, t, h);
    }
  }

  /// News of an item, for a trigger that it has passed the filter of.
  void on_news(user_id user, trigger_shopper& s, const trigger& t, const happening& h) {
    run.finish_waits(user, s, h.at);
    const touched_item* const i = s.find_touch(h.item);
    if (i == nullptr || !i->shows(t.audience, h.at - t.look_back)) return;
    open_flow f;
    f.item = h.item;
    f.items = {h.item};
    f.amount = h.value;
    f.earlier = h.earlier;
    run.enter(user, s, t, std::move(f), h.at);
  }

  void on_segment(user_id user, trigger_shopper& s, const happening& h) {
    run.finish_waits(user, s, h.at);
    const trigger_kind kind =
        h.quantity != 0 ? trigger_kind::segment_entered : trigger_kind::segment_left;
    for (const trigger& t : run.book.all()) {
      if (t.kind == kind && t.segment == raw(h.item)) run.enter(user, s, t, {}, h.at);
    }
  }

  void on_date(user_id user, trigger_shopper& s, const happening& h) {
    run.finish_waits(user, s, h.at);
    const auto date = static_cast<std::uint32_t>(raw(h.item));
    const auto at =
        std::lower_bound(s.dates.begin(), s.dates.end(), date,
                         [](const yearly_date& d, std::uint32_t n) { return d.date < n; });
    const bool known = at != s.dates.end() && at->date == date;
    const yearly_date is{date, h.quantity / 32, h.quantity % 32};
    if (h.quantity == 0) {
      if (known) s.dates.erase(at);
    } else if (known) {
      *at = is;
    } else if (s.dates.size() < run.limits.dates) {
      s.dates.insert(at, is);
    } else {
      ++run.report.no_room;
      return;
    }
    for (const trigger& t : run.book.all()) {
      if (t.kind == trigger_kind::date && t.date == date) run.arm_date_again(s, t, h.at);
    }
  }

 private:
  // --- cart and interests ------------------------------------------------------------------------

  void note(trigger_shopper& s, const happening& h) {
    const interest& watched = run.book.watched();
    const bool live = h.from == origin::live;
    const auto later = [&h](timestamp& t) { t = (std::max)(t, h.at); };
    switch (h.kind) {
      case kinds::view_item:
        if (watched.viewed) meet(s, h, [&](touched_item& i) { later(i.viewed); });
        break;
      case kinds::add_to_cart:
        if (!watched.in_cart && !watched.checkout && !run.book.needs_cart()) break;
        meet(s, h, [&](touched_item& i) {
          later(i.carted);
          if (!live) return;
          i.in_cart = (std::min)(i.in_cart + h.quantity, max_cart_pieces);
          i.price = h.value;
        });
        break;
      case kinds::remove_from_cart:
        if (touched_item* const i = s.find_touch(h.item); i != nullptr && live) {
          i->in_cart -= (std::min)(i->in_cart, h.quantity);
        }
        break;
      case kinds::begin_checkout:
        if (!watched.checkout) break;
        if (h.item != no_item) {
          meet(s, h, [&](touched_item& i) { later(i.checkout); });
        } else {  // with all that lies in the cart
          for (touched_item& i : s.touches) {
            if (i.in_cart > 0) later(i.checkout);
          }
        }
        break;
      case kinds::add_to_wishlist:
        if (watched.wished) meet(s, h, [&](touched_item& i) { later(i.wished); });
        break;
      case kinds::remove_from_wishlist:
        if (touched_item* const i = s.find_touch(h.item)) end(i->wished, h);
        drop_if_nothing_is_left(s, h.item);
        break;
      case kinds::purchase:  // who has it is interested no more
        if (touched_item* const i = s.find_touch(h.item)) {
          end(i->viewed, h);
          end(i->checkout, h);
          end(i->wished, h);
          if (live) i->in_cart = 0;
          if (i->in_cart == 0) end(i->carted, h);
          if (i->carted == long_ago) i->price = 0;
        }
        drop_if_nothing_is_left(s, h.item);
        break;
      default:
        break;
    }
  }

  static void end(timestamp& t, const happening& h) {
    if (t <= h.at) t = long_ago;
  }
  static void drop_if_nothing_is_left(trigger_shopper& s, item_id item) {
    const touched_item* const i = s.find_touch(item);
    if (i != nullptr && i->newest() == long_ago) {
      s.touches.erase(s.touches.begin() + (i - s.touches.data()));
    }
  }

  template <class F>
  void meet(trigger_shopper& s, const happening& h, const F& f) {
    if (h.item == no_item) return;
    if (touched_item* const known = s.find_touch(h.item)) return f(*known);
    touched_item fresh;
    fresh.item = h.item;
    f(fresh);
    s.touches.insert(s.touch_place(h.item), fresh);
    met.push_back(h.item);
    if (s.touches.size() <= run.limits.touches) return;
    s.touches.erase(std::min_element(
        s.touches.begin(), s.touches.end(), [](const touched_item& a, const touched_item& b) {
          return std::pair(a.newest(), a.item) < std::pair(b.newest(), b.item);
        }));
  }

  // --- flows that are open -----------------------------------------------------------------------

  /// Whether the event ends the flow or the wait; one that waits for the end of a session waits
  /// longer.
  [[nodiscard]] bool ends(open_flow& f, const happening& h, bool emptied) {
    const trigger* const t = run.book.find(f.trigger);
    if (t == nullptr || h.at < f.since) return false;
    // What began with something of this moment began after everything else of it.
    if (h.at == f.since && !f.waits() && !waits_first(t->kind)) return false;
    const bool empty = emptied && t->kind == trigger_kind::abandoned_cart;
    const bool named = t->cancel_on->contains(h.kind) && concerns(f, h);
    const bool visit = is_visit(h.kind);
    if (f.waits()) {
      if (t->kind == trigger_kind::date || begins_anew(*t, f, h)) return false;
      if (empty || named) return true;
      if (visit && waits_for_session(t->kind)) f.due = (std::max)(f.due, h.at + t->idle);
      return false;
    }
    const bool same_order = f.order != no_order && f.order == h.order;
    const bool returned = visit && t->back == on_return::cancels && !same_order;
    const bool over = empty || named || returned;
    run.report.cancelled += over;
    return over;
  }

  /// Bought again before it was used up: the wait begins again.
  [[nodiscard]] static bool begins_anew(const trigger& t, const open_flow& f, const happening& h) {
    return t.kind == trigger_kind::replenishment && f.item == h.item &&
           t.filter.kinds.contains(h.kind) && t.filter.passes(h.item, h.value * h.quantity);
  }

  /// An event that names an item or order ends only flows about that one.
  [[nodiscard]] static bool concerns(const open_flow& f, const happening& h) {
    if (f.item != no_item && h.item != no_item && f.item != h.item) return false;
    return f.order == no_order || h.order == no_order || f.order == h.order;
  }

  // --- flows that begin --------------------------------------------------------------------------

  void start(user_id user, trigger_shopper& s, const trigger& t, const happening& h) {
    switch (t.kind) {
      case trigger_kind::abandoned_cart:
      case trigger_kind::abandoned_browse:
        if (open_flow* const f = waiting(s, t, no_item, h)) {
          f->due = (std::max)(f->due, h.at + t.idle);
          if (t.kind == trigger_kind::abandoned_browse && h.from == origin::live) {
            note_item(f->items, h.item);
            f->amount = h.value * h.quantity;
          }
        }
        break;
      case trigger_kind::win_back:
        if (open_flow* const f = waiting(s, t, no_item, h)) {
          f->since = h.at;
          f->due = h.at + t.silence;
        }
        break;
      case trigger_kind::replenishment: {
        const auto r = std::lower_bound(t.refills.begin(), t.refills.end(), h.item,
                                        [](const refill& a, item_id i) { return a.item < i; });
        if (h.item == no_item || r == t.refills.end() || r->item != h.item) break;
        if (open_flow* const f = waiting(s, t, h.item, h)) {
          f->since = h.at;
          f->due = h.at + r->after;
          f->items = {h.item};
          f->amount = h.value * h.quantity;
        }
        break;
      }
      case trigger_kind::post_purchase:
        if (h.from == origin::live) order(user, s, t, h);
        break;
      default:
        break;
    }
  }

  /// The wait of that trigger which the event bears upon, a new one if need be; null when there is
  /// none: what is told from the past, or from before, begins nothing.
  [[nodiscard]] open_flow* waiting(trigger_shopper& s, const trigger& t, item_id item,
                                   const happening& h) {
    if (open_flow* const f = s.find_flow(t.id, item, true)) return h.at < f->since ? nullptr : f;
    if (h.from == origin::backfill || !run.has_room(s)) return nullptr;
    open_flow f;
    f.trigger = t.id;
    f.item = item;
    f.since = h.at;
    f.due = h.at;
    s.put(std::move(f));
    return s.find_flow(t.id, item, true);
  }

  /// One line of an order: the first enters, the others belong to it.
  void order(user_id user, trigger_shopper& s, const trigger& t, const happening& h) {
    const flow_entry* const last = s.find_entry(t.id);
    if (h.order != no_order && last != nullptr && last->order == h.order) {
      open_flow* const f = s.find_flow(t.id, no_item, false);
      if (f == nullptr || f->order != h.order) return;
      note_item(f->items, h.item);
      f->amount = add_up(f->amount, h.value * h.quantity);
      return;
    }
    open_flow f;
    f.order = h.order;
    note_item(f.items, h.item);
    f.amount = h.value * h.quantity;
    run.enter(user, s, t, std::move(f), h.at);
  }
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TRIGGER_HEARING_HPP
