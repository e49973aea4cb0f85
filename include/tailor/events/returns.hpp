#ifndef TAILOR_EVENTS_RETURNS_HPP
#define TAILOR_EVENTS_RETURNS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "event.hpp"
#include "sink.hpp"

namespace tailor::inline v0::events {

/// Turns refunds and cancellations into what they undo. It remembers each order line as bought and
/// what came back of it, and tells a sink the difference in what still stands: `retract` the line
/// as it stood, `observe` what is left of it. Behind it, a history looks as if what was returned
/// had never been bought.
///
/// A `refund` names shopper, order and item and gives back `quantity` pieces, newest line first; an
/// `order_cancelled` names shopper and order and undoes all its lines. Either may arrive before the
/// purchase it refers to: the outcome depends on the set of events, not on their order. What is
/// given back beyond what was bought waits for more purchases. Other kinds pass through.
///
/// Memory: about 100 bytes per order line until `close`. Cost: O(log lines of the shopper's
/// orders + lines of the order).
class returns {
 public:
  static constexpr const char* section = "returns";
  static constexpr std::uint32_t format = 1;

  /// Hears one event; `sink` is the part behind this one, or a bundle of them. Its first refusal is
  /// returned; nothing has changed then, here or there.
  template <retractable Sink>
  status observe(const event& e, Sink& sink) {
    if (!settles(e)) return observe_into(sink, e);
    const auto at = orders_.try_emplace({e.user, e.order}).first;
    if (e.kind == event_kind::purchase && at->second.untouched()) {  // nearly always
      const status ok = observe_into(sink, e);
      if (ok) at->second.take(e);
      if (at->second.heard.empty()) orders_.erase(at);
      return ok;
    }
    return settle(at, sink, [&e](ledger& l) { l.take(e); }, [&e](ledger& l) { l.give_back(e); });
  }

  /// Undoes `observe`. unknown, and nothing happens, when the event was not heard.
  template <retractable Sink>
  status retract(const event& e, Sink& sink) {
    if (!settles(e)) return retract_from(sink, e);
    const auto at = orders_.find({e.user, e.order});
    if (at == orders_.end() || !at->second.knows(e)) return errc::unknown;
    return settle(at, sink, [&e](ledger& l) { l.give_back(e); }, [&e](ledger& l) { l.take(e); });
  }

  /// Forgets the orders of a shopper. What stands behind is not told: forget the shopper there too.
  void forget(user_id user) {
    orders_.erase(orders_.lower_bound({user, order_id{0}}), orders_.upper_bound({user, no_order}));
  }

  /// Drops orders whose newest event is older than `before`: they can no longer be returned, and
  /// a refund that comes all the same waits in vain.
  void close(timestamp before) {
    std::erase_if(orders_, [before](const auto& o) { return o.second.newest() < before; });
  }

  /// Adds the orders of another shard of disjoint shoppers.
  void merge(const returns& other) {
    for (const auto& [key, theirs] : other.orders_) orders_[key].add(theirs);
  }

  [[nodiscard]] std::size_t open_orders() const { return orders_.size(); }

  friend bool operator==(const returns&, const returns&) = default;

  void encode(byte_writer& out) const {
    std::uint64_t count = 0;
    for (const auto& [key, l] : orders_) count += l.heard.size();
    out.u64(count);
    for (const auto& [key, l] : orders_) {
      for (const event& e : l.heard) {
        out.u64(raw(e.user));
        out.u64(raw(e.order));
        out.i64(e.at.us);
        out.u8(static_cast<std::uint8_t>(e.kind));
        out.u64(raw(e.item));
        out.u32(static_cast<std::uint32_t>(e.quantity));
        out.i64(e.unit_price);
      }
    }
  }

  [[nodiscard]] static result<returns> decode(byte_reader& in) {
    returns out;
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      event e;
      e.user = user_id{in.u64()};
      e.order = order_id{in.u64()};
      e.at = timestamp{in.i64()};
      e.kind = event_kind{in.u8()};
      e.item = item_id{in.u64()};
      e.quantity = static_cast<std::int32_t>(in.u32());
      e.unit_price = in.i64();
      if (!in.ok()) break;
      const bool ascends =
          out.orders_.empty() || !before(e, out.orders_.rbegin()->second.heard.back());
      if (!settles(e) || e.quantity < 1 || !ascends) {
        return error{errc::corrupt, "returns event", in.offset()};
      }
      out.orders_[{e.user, e.order}].heard.push_back(e);
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  using order_key = std::pair<user_id, order_id>;

  static bool before(const event& a, const event& b) {
    return std::tie(a.user, a.order, a.at, a.kind, a.item, a.quantity, a.unit_price) <
           std::tie(b.user, b.order, b.at, b.kind, b.item, b.quantity, b.unit_price);
  }
  static bool settles(const event& e) {
    return e.kind == event_kind::purchase || e.kind == event_kind::refund ||
           e.kind == event_kind::order_cancelled;
  }

  /// All that was heard of one order, in canonical order, without event ids.
  struct ledger {
    std::vector<event> heard;

    friend bool operator==(const ledger&, const ledger&) = default;

    [[nodiscard]] bool untouched() const {
      return std::all_of(heard.begin(), heard.end(),
                         [](const event& e) { return e.kind == event_kind::purchase; });
    }
    [[nodiscard]] bool knows(event e) const {
      e.id = no_event;
      return std::binary_search(heard.begin(), heard.end(), e, before);
    }
    void take(event e) {
      e.id = no_event;
      heard.insert(std::upper_bound(heard.begin(), heard.end(), e, before), e);
    }
    void give_back(event e) {
      e.id = no_event;
      heard.erase(std::lower_bound(heard.begin(), heard.end(), e, before));
    }
    void add(const ledger& other) {
      for (const event& e : other.heard) take(e);
    }
    [[nodiscard]] timestamp newest() const {
      timestamp t = heard.front().at;
      for (const event& e : heard) t = (std::max)(t, e.at);
      return t;
    }

    /// The purchases that still stand, in canonical order.
    [[nodiscard]] std::vector<event> standing() const {
      std::map<item_id, std::int64_t> back;
      std::vector<event> out;
      for (const event& e : heard) {
        if (e.kind == event_kind::order_cancelled) return {};
        if (e.kind == event_kind::refund) back[e.item] += e.quantity;
        if (e.kind == event_kind::purchase) out.push_back(e);
      }
      if (back.empty()) return out;
      for (std::size_t i = out.size(); i-- > 0;) {
        std::int64_t& open = back[out[i].item];
        const auto taken =
            static_cast<std::int32_t>((std::min)(open, std::int64_t{out[i].quantity}));
        out[i].quantity -= taken;
        open -= taken;
      }
      std::erase_if(out, [](const event& e) { return e.quantity == 0; });
      std::sort(out.begin(), out.end(), before);
      return out;
    }
  };

  /// Applies a change to one order and tells the sink what it means for the lines that stand.
  template <class Sink, class Apply, class Undo>
  status settle(std::map<order_key, ledger>::iterator at, Sink& sink, const Apply& apply,
                const Undo& undo) {
    const std::vector<event> was = at->second.standing();
    apply(at->second);
    const std::vector<event> is = at->second.standing();
    std::vector<event> gone;
    std::vector<event> come;
    std::set_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(gone),
                        before);
    std::set_difference(is.begin(), is.end(), was.begin(), was.end(), std::back_inserter(come),
                        before);
    const status ok = tell(sink, gone, come);
    if (!ok) undo(at->second);
    if (at->second.heard.empty()) orders_.erase(at);
    return ok;
  }

  /// All or nothing: what was told before a refusal is taken back.
  template <class Sink>
  static status tell(Sink& sink, const std::vector<event>& gone, const std::vector<event>& come) {
    std::size_t retracted = 0;
    std::size_t observed = 0;
    status ok;
    while (ok && retracted < gone.size()) {
      ok = retract_from(sink, gone[retracted]);
      retracted += static_cast<bool>(ok);
    }
    while (ok && observed < come.size()) {
      ok = observe_into(sink, come[observed]);
      observed += static_cast<bool>(ok);
    }
    if (ok) return ok;
    while (observed > 0) static_cast<void>(retract_from(sink, come[--observed]));
    while (retracted > 0) static_cast<void>(observe_into(sink, gone[--retracted]));
    return ok;
  }

  std::map<order_key, ledger> orders_;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_RETURNS_HPP
