#ifndef TAILOR_TESTS_OFFER_SLOW_TRIGGERS_HPP
#define TAILOR_TESTS_OFFER_SLOW_TRIGGERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "tailor/core/hash.hpp"
#include "tailor/offer/cap_policy.hpp"
#include "trigger_world.hpp"

// Triggers as they are defined: a walk from minute to minute that looks through the whole past for
// every question. No queue, no index, no state but the flows under way and who entered when.
namespace trigger_world {

struct told_event {
  events::event e;
  offer::origin from = offer::origin::live;
};
using told =
    std::variant<offer::price_change, offer::stock_change, told_event, offer::segment_change>;

inline status observe(triggers& t, const told& what) {
  if (const auto* p = std::get_if<offer::price_change>(&what)) return t.observe(*p);
  if (const auto* s = std::get_if<offer::stock_change>(&what)) return t.observe(*s);
  if (const auto* c = std::get_if<offer::segment_change>(&what)) return t.observe(*c);
  const told_event& e = std::get<told_event>(what);
  return t.observe(e.e, e.from);
}
inline timestamp moment(const told& what) {
  if (const auto* p = std::get_if<offer::price_change>(&what)) return p->at;
  if (const auto* s = std::get_if<offer::stock_change>(&what)) return s->at;
  if (const auto* c = std::get_if<offer::segment_change>(&what)) return c->at;
  return std::get<told_event>(what).e.at;
}
inline std::optional<user_id> shopper_of(const told& what) {
  if (const auto* e = std::get_if<told_event>(&what)) return e->e.user;
  if (const auto* c = std::get_if<offer::segment_change>(&what)) return c->user;
  return std::nullopt;
}

/// Says no to one question in eight, by what is asked alone.
struct moody_guard {
  bool operator()(const offer::guard_question& q) const {
    const std::uint64_t h = mix64(raw(q.user) * 31 + q.trigger * 7 + q.step) ^
                            static_cast<std::uint64_t>(q.now.us - q.entered_at.us);
    return mix64(h ^ static_cast<std::uint64_t>(q.now.us)) % 8 != 0;
  }
};

/// Two messages in 40 minutes, over everything; three in 90 of one campaign.
inline std::vector<offer::cap_policy> tight_caps() {
  return {{.id = 1, .times = 2, .window = minutes(40)},
          {.id = 2, .by = offer::counted::each_campaign, .times = 3, .window = minutes(90)}};
}

class slow_triggers {
 public:
  slow_triggers(const trigger_book& book, std::vector<told> all, std::int64_t last_minute)
      : book_(&book), all_(std::move(all)), last_(last_minute) {
    std::sort(all_.begin(), all_.end(), [](const told& a, const told& b) {
      const auto key = [](const told& t) {
        const auto* te = std::get_if<told_event>(&t);
        const events::event e = te != nullptr ? te->e : events::event{};
        const auto* c = std::get_if<offer::segment_change>(&t);
        const auto* s = std::get_if<offer::stock_change>(&t);
        const auto* p = std::get_if<offer::price_change>(&t);
        const item_id item = s != nullptr ? s->item : p != nullptr ? p->item : e.item;
        return std::tuple(moment(t), t.index(), c != nullptr ? c->user : e.user, e.kind, e.order,
                          c != nullptr ? item_id{c->segment} : item,
                          c != nullptr ? static_cast<int>(c->what) : e.quantity,
                          s != nullptr   ? s->left
                          : p != nullptr ? p->is
                                         : e.unit_price,
                          s != nullptr   ? s->was
                          : p != nullptr ? p->was
                                         : std::int64_t{0},
                          te != nullptr && te->from == offer::origin::backfill);
      };
      return key(a) < key(b);
    });
    for (const told& t : all_) {
      if (const auto u = shopper_of(t)) users_.insert(*u);
      if (const auto* e = std::get_if<told_event>(&t)) items_.insert(e->e.item);
    }
    items_.insert(no_item);
  }

  std::vector<mail> run() {
    std::size_t next = 0;
    for (std::int64_t m = 0; m < last_; ++m) {
      now_ = monday + minutes(m);
      for (const user_id u : users_) {
        for (const trigger& t : book_->all()) {
          for (const item_id i : items_) finish_wait(u, t, i);
        }
      }
      for (; next < all_.size() && moment(all_[next]) == now_; ++next) {
        past_.push_back(all_[next]);
        happen(past_.back());
      }
      for (const user_id u : users_) {
        while (step(u)) {
        }
      }
    }
    return out_;
  }

 private:
  struct flow {
    user_id user;
    const trigger* t;
    item_id item;
    order_id order;
    timestamp entered;
    timestamp due;
    std::uint32_t step;
    std::vector<item_id> items;
    std::int64_t amount;
    std::int64_t earlier;
  };
  struct line {
    std::int32_t pieces = 0;
    std::int64_t price = 0;
    timestamp at{};
  };

  [[nodiscard]] std::uint32_t number(const trigger& t) const {
    return static_cast<std::uint32_t>(&t - book_->all().data());
  }
  static bool starts(const trigger& t, const events::event& e) {
    return t.filter.kinds.contains(e.kind) && t.filter.passes(e.item, e.unit_price * e.quantity);
  }
  [[nodiscard]] std::vector<told_event> life(user_id u) const {
    std::vector<told_event> out;
    for (const told& t : past_) {
      const auto* e = std::get_if<told_event>(&t);
      if (e != nullptr && e->e.user == u) out.push_back(*e);
    }
    return out;
  }
  /// What lies in the cart after the first `n` events of a life.
  static std::map<item_id, line> cart(const std::vector<told_event>& life, std::size_t n) {
    std::map<item_id, line> out;
    for (std::size_t i = 0; i < n; ++i) {
      const events::event& e = life[i].e;
      line& l = out[e.item];
      if (e.kind == event_kind::add_to_cart) l.at = e.at;
      if (life[i].from == offer::origin::backfill) continue;
      if (e.kind == event_kind::add_to_cart) {
        l.pieces += e.quantity;
        l.price = e.unit_price;
      } else if (e.kind == event_kind::remove_from_cart) {
        l.pieces = (std::max)(0, l.pieces - e.quantity);
      } else if (e.kind == event_kind::purchase) {
        l.pieces = 0;
      }
    }
    std::erase_if(out, [](const auto& l) { return l.second.pieces == 0; });
    return out;
  }
  static bool empties(const std::vector<told_event>& life, std::size_t i) {
    return life[i].e.kind == event_kind::remove_from_cart && !cart(life, i).empty() &&
           cart(life, i + 1).empty();
  }

  void finish_wait(user_id u, const trigger& t, item_id item) {
    const std::vector<told_event> l = life(u);
    if (t.kind == trigger_kind::abandoned_cart || t.kind == trigger_kind::abandoned_browse) {
      if (item != no_item) return;
      for (std::size_t i = 0; i < l.size(); ++i) {
        if (l[i].from != offer::origin::live || !starts(t, l[i].e)) continue;
        flow f = fresh(u, t, no_item);
        timestamp last = l[i].e.at;
        bool alive = true;
        for (std::size_t j = i; j < l.size() && alive; ++j) {
          const bool live = l[j].from == offer::origin::live;
          const events::event& e = l[j].e;
          if (e.at >= last + t.idle) alive = false;
          if (j > i && t.cancel_on->contains(e.kind)) alive = false;
          if (j > i && t.kind == trigger_kind::abandoned_cart && empties(l, j)) alive = false;
          if (offer::is_visit(e.kind) || starts(t, e)) last = e.at;
          if (live && starts(t, e)) {
            if (e.item != no_item) {
              std::erase(f.items, e.item);
              f.items.push_back(e.item);
            }
            f.amount = e.unit_price * e.quantity;
          }
        }
        if (!alive || last + t.idle != now_) continue;
        if (t.kind == trigger_kind::abandoned_cart) {
          f.items.clear();
          f.amount = 0;
          std::vector<std::pair<timestamp, item_id>> order;
          for (const auto& [id, in] : cart(l, l.size())) {
            order.emplace_back(in.at, id);
            f.amount += in.pieces * in.price;
          }
          std::sort(order.begin(), order.end());
          for (const auto& o : order) f.items.push_back(o.second);
        }
        return enter(f);
      }
      return;
    }
    duration wait = t.silence;
    if (t.kind == trigger_kind::replenishment) {
      const auto r = std::find_if(t.refills.begin(), t.refills.end(),
                                  [item](const offer::refill& x) { return x.item == item; });
      if (r == t.refills.end()) return;
      wait = r->after;
    } else if (t.kind != trigger_kind::win_back || item != no_item) {
      return;
    }
    const events::event* armed = nullptr;
    for (const told_event& x : l) {
      if (armed && armed->at + wait <= x.e.at) armed = nullptr;
      const bool about = item == no_item || x.e.item == item;
      if (starts(t, x.e) && about) {
        if (t.kind == trigger_kind::win_back && t.cancel_on->contains(x.e.kind)) armed = nullptr;
        if (armed || x.from == offer::origin::live) armed = &x.e;
      } else if (t.cancel_on->contains(x.e.kind) && (about || x.e.item == no_item)) {
        armed = nullptr;
      }
    }
    if (armed == nullptr || armed->at + wait != now_) return;
    flow f = fresh(u, t, item);
    if (item != no_item) {
      f.items = {item};
      f.amount = armed->unit_price * armed->quantity;
    }
    enter(f);
  }

  [[nodiscard]] flow fresh(user_id u, const trigger& t, item_id item) const {
    return {u, &t, item, no_order, now_, now_, 0, {}, 0, 0};
  }

  void enter(flow f) {
    const trigger& t = *f.t;
    const auto last = entries_.find({f.user, t.id});
    if (last != entries_.end()) {
      const bool ever = t.again.in == offer::reentry::unit::all_time;
      if (ever && t.again.count == 1) return;
      if (!ever && now_ < last->second.first + *t.again.blocks()) return;
    }
    if (!moody_guard{}({f.user, number(t), offer::at_entry, now_, now_, f.item})) return;
    f.due = quiet(t, now_ + t.steps[0].delay);
    entries_[{f.user, t.id}] = {now_, f.order};
    std::erase_if(
        flows_, [&](const flow& g) { return g.user == f.user && g.t == f.t && g.item == f.item; });
    flows_.push_back(f);
  }

  static timestamp quiet(const trigger& t, timestamp due) {
    const auto is_quiet = [&](timestamp at) {
      const std::int64_t local = (at.us / 60'000'000 + t.quiet.zone_minutes) % 1'440;
      for (int m = t.quiet.from; m != t.quiet.until; m = (m + 1) % 1'440) {
        if (m == local) return true;
      }
      return false;
    };
    while (is_quiet(due)) due = due + minutes(1);
    return due;
  }

  void happen(const told& what) {
    if (const auto* p = std::get_if<offer::price_change>(&what)) {
      for (const trigger& t : book_->all()) {
        if (t.kind != trigger_kind::price_drop || p->is >= p->was) continue;
        const bool much =
            t.fall.in == offer::price_fall::unit::amount
                ? p->was - p->is >= t.fall.least
                : double(p->was - p->is) / double(p->was) * 10'000 >= double(t.fall.least) - 1e-6;
        if (much) news(t, p->item, p->is, p->was);
      }
    } else if (const auto* s = std::get_if<offer::stock_change>(&what)) {
      for (const trigger& t : book_->all()) {
        const bool back = t.kind == trigger_kind::back_in_stock && s->was == 0 && s->left > 0;
        const bool low = t.kind == trigger_kind::low_stock && s->was > t.threshold &&
                         s->left <= t.threshold && s->left > 0;
        if (back || low) news(t, s->item, s->left, s->was);
      }
    } else if (const auto* c = std::get_if<offer::segment_change>(&what)) {
      for (const trigger& t : book_->all()) {
        const bool in = c->what == offer::segment_change::how::entered;
        const auto kind = in ? trigger_kind::segment_entered : trigger_kind::segment_left;
        if (t.kind == kind && t.segment == c->segment) enter(fresh(c->user, t, no_item));
      }
    } else {
      happen(std::get<told_event>(what));
    }
  }

  void happen(const told_event& x) {
    const events::event& e = x.e;
    const std::vector<told_event> l = life(e.user);
    const bool emptied = empties(l, l.size() - 1);
    std::erase_if(flows_, [&](const flow& f) {
      if (f.user != e.user) return false;
      const trigger& t = *f.t;
      const bool timed = t.kind == trigger_kind::abandoned_cart ||
                         t.kind == trigger_kind::abandoned_browse ||
                         t.kind == trigger_kind::win_back || t.kind == trigger_kind::replenishment;
      if (e.at == f.entered && !timed) return false;
      const bool about_item = f.item == no_item || e.item == no_item || f.item == e.item;
      const bool about_order = f.order == no_order || e.order == no_order || f.order == e.order;
      if (t.cancel_on->contains(e.kind) && about_item && about_order) return true;
      if (t.kind == trigger_kind::abandoned_cart && emptied) return true;
      return t.back == offer::on_return::cancels && offer::is_visit(e.kind) &&
             !(f.order != no_order && f.order == e.order);
    });
    if (x.from == offer::origin::backfill) return;
    for (const trigger& t : book_->all()) {
      if (t.kind != trigger_kind::post_purchase || !starts(t, e)) continue;
      const auto last = entries_.find({e.user, t.id});
      const std::int64_t value = e.unit_price * e.quantity;
      if (e.order != no_order && last != entries_.end() && last->second.second == e.order) {
        for (flow& f : flows_) {
          if (f.user != e.user || f.t != &t || f.order != e.order) continue;
          std::erase(f.items, e.item);
          f.items.push_back(e.item);
          f.amount += value;
        }
        continue;
      }
      flow f = fresh(e.user, t, no_item);
      f.order = e.order;
      f.items = {e.item};
      f.amount = value;
      enter(f);
    }
  }

  void news(const trigger& t, item_id item, std::int64_t is, std::int64_t was) {
    if (!t.filter.passes(item, is)) return;
    for (const user_id u : users_) {
      if (!cares(u, t, item)) continue;
      flow f = fresh(u, t, item);
      f.items = {item};
      f.amount = is;
      f.earlier = was;
      enter(f);
    }
  }
  [[nodiscard]] bool cares(user_id u, const trigger& t, item_id item) const {
    const std::vector<told_event> l = life(u);
    bool viewed = false;
    bool carted = false;
    bool checkout = false;
    bool wished = false;
    for (std::size_t i = 0; i < l.size(); ++i) {
      const events::event& e = l[i].e;
      const bool young = e.at > now_ - t.look_back;
      const auto in_cart = cart(l, i);
      if (e.kind == event_kind::begin_checkout && e.item == no_item && in_cart.contains(item)) {
        checkout = checkout || young;
      }
      if (e.item != item) continue;
      if (e.kind == event_kind::view_item) viewed = viewed || young;
      if (e.kind == event_kind::add_to_cart) carted = carted || young;
      if (e.kind == event_kind::begin_checkout) checkout = checkout || young;
      if (e.kind == event_kind::add_to_wishlist) wished = wished || young;
      if (e.kind == event_kind::remove_from_wishlist) wished = false;
      if (e.kind == event_kind::purchase) {
        viewed = checkout = wished = false;
        if (l[i].from == offer::origin::live || !in_cart.contains(item)) carted = false;
      }
    }
    return (t.audience.viewed && viewed) || (t.audience.in_cart && carted) ||
           (t.audience.checkout && checkout) || (t.audience.wished && wished);
  }

  /// The next step of the shopper that is due; false when there is none.
  bool step(user_id u) {
    std::size_t best = flows_.size();
    const auto rank = [](const flow& f) { return std::tuple(f.t->id, f.step, f.item); };
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      if (flows_[i].user != u || flows_[i].due > now_) continue;
      if (best == flows_.size() || rank(flows_[i]) < rank(flows_[best])) best = i;
    }
    if (best == flows_.size()) return false;
    flow f = flows_[best];
    flows_.erase(flows_.begin() + static_cast<std::ptrdiff_t>(best));
    const trigger& t = *f.t;
    if (t.kind == trigger_kind::back_in_stock && f.step == 0 && gone(f.item)) return true;
    if (!moody_guard{}({u, number(t), f.step, now_, f.entered, f.item})) return true;
    std::size_t of_all = 0;
    std::size_t of_campaign = 0;
    for (const auto& [user, campaign, at] : shown_) {
      if (user != u) continue;
      of_all += now_ < at + minutes(40);
      of_campaign += campaign == t.id && now_ < at + minutes(90);
    }
    if (of_all < 2 && of_campaign < 3) {
      shown_.emplace_back(u, t.id, now_);
      out_.push_back(
          {now_, u, t.id, f.step, f.entered, f.items, f.amount, f.earlier, t.steps[f.step].name});
    }
    if (++f.step == t.steps.size()) return true;
    const timestamp from = t.delays == offer::delay_from::entry ? f.entered : f.due;
    f.due = (std::max)(now_, quiet(t, from + t.steps[f.step].delay));
    flows_.push_back(f);
    return true;
  }
  [[nodiscard]] bool gone(item_id item) const {
    bool out = false;
    for (const told& t : past_) {
      const auto* s = std::get_if<offer::stock_change>(&t);
      if (s != nullptr && s->item == item) out = s->left == 0;
    }
    return out;
  }

  const trigger_book* book_;
  std::vector<told> all_;
  std::int64_t last_;
  std::set<user_id> users_;
  std::set<item_id> items_;
  timestamp now_{};
  std::vector<told> past_;
  std::vector<flow> flows_;
  std::map<std::pair<user_id, std::uint32_t>, std::pair<timestamp, order_id>> entries_;
  std::vector<std::tuple<user_id, std::uint32_t, timestamp>> shown_;
  std::vector<mail> out_;
};

}  // namespace trigger_world

#endif  // TAILOR_TESTS_OFFER_SLOW_TRIGGERS_HPP
