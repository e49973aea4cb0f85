#ifndef TAILOR_EVENTS_DEDUPE_HPP
#define TAILOR_EVENTS_DEDUPE_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "event.hpp"

namespace tailor::inline v0::events {

/// Which event ids were taken lately, so that an event delivered twice counts once: the first one
/// wins. Remembers the newest `capacity` events no older than `window` behind the newest of them;
/// that set does not depend on the order of arrival. Ids are per shopper: nobody can claim the ids
/// of another. Cost: O(log capacity).
class dedupe {
 public:
  static constexpr const char* section = "dedupe";
  static constexpr std::uint32_t format = 1;

  struct options {
    duration window = minutes(10);
    std::size_t capacity = 65'536;
  };

  dedupe() = default;
  explicit dedupe(const options& o) : options_(o) {}

  [[nodiscard]] std::size_t size() const { return times_.size(); }

  /// Takes the event's id: duplicate when this shopper has sent it before. Events without an id
  /// are always new.
  status admit(const event& e) {
    if (e.id == no_event) return {};
    if (!times_.try_emplace({e.user, e.id}, e.at).second) return errc::duplicate;
    by_time_.emplace(e.at, e.user, e.id);
    shrink();
    return {};
  }

  /// Gives the id of an admitted event back, for an event that was refused further on.
  void withdraw(const event& e) {
    const auto found = times_.find({e.user, e.id});
    if (found == times_.end()) return;
    by_time_.erase({found->second, e.user, e.id});
    times_.erase(found);
  }

  /// Afterwards equal to one that never saw the shopper, unless `capacity` had been exceeded: what
  /// his events crowded out does not come back.
  void forget(user_id user) {
    auto at = times_.lower_bound({user, event_id{0}});
    while (at != times_.end() && at->first.first == user) {
      by_time_.erase({at->second, user, at->first.second});
      at = times_.erase(at);
    }
  }

  void merge(const dedupe& other) {
    for (const auto& [key, at] : other.times_) {
      if (times_.try_emplace(key, at).second) by_time_.emplace(at, key.first, key.second);
    }
    shrink();
  }

  friend bool operator==(const dedupe& a, const dedupe& b) { return a.times_ == b.times_; }

  void encode(byte_writer& out) const {
    out.u64(times_.size());
    for (const auto& [key, at] : times_) {
      out.u64(raw(key.first));
      out.u64(raw(key.second));
      out.i64(at.us);
    }
  }

  /// Reads what `encode` wrote. The options are the reader's own: see `with`.
  [[nodiscard]] static result<dedupe> decode(byte_reader& in) {
    dedupe out({duration{INT64_MAX}, SIZE_MAX});
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const user_id user{in.u64()};
      const event_id id{in.u64()};
      const timestamp at{in.i64()};
      if (!in.ok()) break;
      if (!out.times_.empty() && !(out.times_.rbegin()->first < std::pair(user, id))) {
        return error{errc::corrupt, "dedupe order", in.offset()};
      }
      out.times_.emplace_hint(out.times_.end(), std::pair(user, id), at);
      out.by_time_.emplace(at, user, id);
    }
    if (!in.ok()) return in.error();
    return out;
  }

  /// The same memory under other options.
  [[nodiscard]] dedupe with(const options& o) && {
    options_ = o;
    shrink();
    return std::move(*this);
  }

 private:
  using event_key = std::pair<user_id, event_id>;

  void shrink() {
    while (times_.size() > options_.capacity || (!by_time_.empty() && expired())) {
      const auto [at, user, id] = *by_time_.begin();
      by_time_.erase(by_time_.begin());
      times_.erase({user, id});
    }
  }
  [[nodiscard]] bool expired() const {
    const auto newest = static_cast<std::uint64_t>(std::get<0>(*by_time_.rbegin()).us);
    const auto oldest = static_cast<std::uint64_t>(std::get<0>(*by_time_.begin()).us);
    return newest - oldest > static_cast<std::uint64_t>(options_.window.us);
  }

  options options_{};
  std::map<event_key, timestamp> times_;                        // ordered: bytes by id
  std::set<std::tuple<timestamp, user_id, event_id>> by_time_;  // the same, to find the oldest
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_DEDUPE_HPP
