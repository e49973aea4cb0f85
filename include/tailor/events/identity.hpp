#ifndef TAILOR_EVENTS_IDENTITY_HPP
#define TAILOR_EVENTS_IDENTITY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "event.hpp"
#include "sink.hpp"

namespace tailor::inline v0::events {

/// Which guest ids turned out to be which shopper. Chains are followed (cookie → e-mail → account).
/// Cost: O(links of the chain · log links).
class identities {
 public:
  static constexpr const char* section = "identities";
  static constexpr std::uint32_t format = 1;

  [[nodiscard]] std::size_t size() const { return shopper_of_.size(); }

  /// Who `user` is as far as is known: himself when nothing else is.
  [[nodiscard]] user_id resolve(user_id user) const {
    for (auto at = shopper_of_.find(user); at != shopper_of_.end(); at = shopper_of_.find(user)) {
      user = at->second;
    }
    return user;
  }

  /// The event under the name of the shopper who is behind it.
  [[nodiscard]] event resolve(event e) const {
    e.user = resolve(e.user);
    return e;
  }

  /// Every guest id that resolves to `shopper`, ascending. Cost: O(aliases · log links).
  [[nodiscard]] std::vector<user_id> aliases(user_id shopper) const {
    std::set<user_id> found;
    std::vector<user_id> open{shopper};
    while (!open.empty()) {
      const user_id user = open.back();
      open.pop_back();
      for (auto at = guest_of_.lower_bound({user, user_id{0}});
           at != guest_of_.end() && at->first == user; ++at) {
        if (found.insert(at->second).second) open.push_back(at->second);
      }
    }
    return {found.begin(), found.end()};
  }

  /// Notes that `guest` is `shopper`. Saying it again changes nothing. conflict when the guest is
  /// known as somebody else or the link would close a circle; malformed when both are one id.
  /// Events taken under the guest's id have to follow: see `rename`.
  status link(user_id guest, user_id shopper) {
    if (guest == shopper) return errc::malformed;
    if (const auto known = shopper_of_.find(guest); known != shopper_of_.end()) {
      return known->second == shopper ? status{} : status{errc::conflict};
    }
    if (resolve(shopper) == guest) return errc::conflict;
    shopper_of_.emplace(guest, shopper);
    guest_of_.emplace(shopper, guest);
    return {};
  }

  /// Takes every link away in which the id stands, on either side.
  void forget(user_id user) {
    if (const auto out = shopper_of_.find(user); out != shopper_of_.end()) {
      guest_of_.erase({out->second, user});
      shopper_of_.erase(out);
    }
    auto in = guest_of_.lower_bound({user, user_id{0}});
    while (in != guest_of_.end() && in->first == user) {
      shopper_of_.erase(in->second);
      in = guest_of_.erase(in);
    }
  }

  /// Adds the links of another shard. conflict, and nothing changes, when they contradict ours.
  status merge(const identities& other) {
    identities both = *this;
    for (const auto& [guest, shopper] : other.shopper_of_) {
      if (const status ok = both.link(guest, shopper); !ok) return ok;
    }
    *this = std::move(both);
    return {};
  }

  friend bool operator==(const identities& a, const identities& b) {
    return a.shopper_of_ == b.shopper_of_;
  }

  void encode(byte_writer& out) const {
    out.u64(shopper_of_.size());
    for (const auto& [guest, shopper] : shopper_of_) {
      out.u64(raw(guest));
      out.u64(raw(shopper));
    }
  }

  [[nodiscard]] static result<identities> decode(byte_reader& in) {
    identities out;
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const user_id guest{in.u64()};
      const user_id shopper{in.u64()};
      if (!in.ok()) break;
      const bool ascends = out.shopper_of_.empty() || out.shopper_of_.rbegin()->first < guest;
      if (!ascends || guest == shopper) {
        return error{errc::corrupt, "identities link", in.offset()};
      }
      out.shopper_of_.emplace_hint(out.shopper_of_.end(), guest, shopper);
      out.guest_of_.emplace(shopper, guest);
    }
    if (!in.ok()) return in.error();
    if (out.has_circle()) return error{errc::corrupt, "identities circle", in.offset()};
    return out;
  }

 private:
  /// Follows each link once: asking `link` for every pair would cost links × the longest chain.
  [[nodiscard]] bool has_circle() const {
    const std::vector<std::pair<user_id, user_id>> links(shopper_of_.begin(), shopper_of_.end());
    std::vector<std::size_t> walk(links.size());  // the one that came by first, from 1
    for (std::size_t begin = 0; begin < links.size(); ++begin) {
      auto at = links.begin() + std::ptrdiff_t(begin);
      while (at != links.end()) {
        std::size_t& first = walk[std::size_t(at - links.begin())];
        if (first != 0) {
          if (first == begin + 1) return true;
          break;
        }
        first = begin + 1;
        const user_id to = at->second;
        at = std::lower_bound(links.begin(), links.end(), std::pair(to, user_id{0}));
        if (at != links.end() && at->first != to) break;
      }
    }
    return false;
  }

  std::map<user_id, user_id> shopper_of_;           // guest → shopper
  std::set<std::pair<user_id, user_id>> guest_of_;  // the same, from the other end
};

/// Hands the history of a guest to a shopper: every event is retracted under the old id and
/// observed under the new one, in every part. `history` is the guest's, from the timeline, copied
/// before. Cost: two updates per event and part. The first refusal ends it and is returned, with
/// the event's index in `at`; events before it have moved.
template <retractable... Parts>
status rename(std::span<const event> history, user_id to, Parts&... parts) {
  for (std::size_t i = 0; i < history.size(); ++i) {
    event moved = history[i];
    moved.user = to;
    status ok;
    const auto move_in = [&](auto& part) {
      if (ok) ok = retract_from(part, history[i]);
      if (ok) ok = observe_into(part, moved);
    };
    (move_in(parts), ...);
    if (!ok) return error{ok.code(), ok.error().what, i};
  }
  return {};
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_IDENTITY_HPP
