#ifndef TAILOR_OFFER_FREQUENCY_CAP_HPP
#define TAILOR_OFFER_FREQUENCY_CAP_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/handle_book.hpp"
#include "cap_policy.hpp"
#include "cap_rows.hpp"
#include "channel.hpp"

namespace tailor::inline v0::offer {

/// Whether one more showing is permitted; if not, which policy says so and when that one is free.
struct cap_answer {
  bool allowed = true;
  std::uint32_t policy = 0;  ///< the first, by id, that says no
  timestamp free_at{};       ///< from when on that policy permits it, were nothing else shown

  [[nodiscard]] explicit operator bool() const { return allowed; }
};

/// Counts what each shopper was shown and refuses the one too many. What is refused is dropped: no
/// later moment is booked for it. Showings are attempts: whether a message arrives changes nothing.
///
/// Kept is, for each showing and policy, the moment at which it stops counting: the showing's own
/// moment plus the window in force then. So a new window holds for showings to come, and those made
/// before count exactly as long as they would have; a new `times` holds at once, for it is compared
/// with what still counts. A clock that jumps back finds the counters as full as they were: nothing
/// is lost, and never are more than `times` showings counted at one moment.
///
/// Memory: 24 bytes for each showing and policy, at most `times` a counter and `most_rows` a
/// shopper; some 60 bytes a shopper besides. Not thread-safe; see synchronized<>.
class frequency_cap {
 public:
  static constexpr const char* section = "frequency caps";
  static constexpr std::uint32_t format = 1;

  /// Showings that are kept of one shopper, over all counters. When all of them still count, more
  /// are refused.
  static constexpr std::size_t most_rows = 1'024;

  /// The usual caps: e-mail 16 h, text message 24 h, push 24 h.
  frequency_cap() : policies_(usual_caps()) {}

  /// full, duplicate or out_of_range as `check_caps` says. No policies: everything is permitted.
  [[nodiscard]] static result<frequency_cap> make(std::vector<cap_policy> policies) {
    if (const status ok = check_caps(policies); !ok) return ok;
    frequency_cap out;
    out.policies_ = std::move(policies);
    return out;
  }

  /// By id.
  [[nodiscard]] const std::vector<cap_policy>& policies() const { return policies_; }

  /// Other policies from now on. The counters of those that go are dropped. conflict when one is
  /// to count something else under its old id; then, and for the faults of `make`, nothing changes.
  /// Cost: O(showings kept).
  status use(std::vector<cap_policy> policies) {
    if (const status ok = check_caps(policies); !ok) return ok;
    for (std::size_t i = 0; i < policies.size(); ++i) {
      const cap_policy* const was = detail::find_policy(policies_, policies[i].id);
      if (was != nullptr && was->by != policies[i].by) return error{errc::conflict, "cap by", i};
    }
    policies_ = std::move(policies);
    keep_rows([this](const row& r) { return detail::find_policy(policies_, r.policy) != nullptr; });
    return {};
  }

  /// Whether one showing at `at` would be permitted. Cost: O(policies + showings kept of the
  /// shopper); no allocation.
  [[nodiscard]] cap_answer ask(user_id user, channel on, std::uint32_t campaign,
                               timestamp at) const {
    const auto shopper = shoppers_.find(user);
    if (!shopper) return {};
    const std::vector<row>& rows = rows_[*shopper];
    for (const cap_policy& p : policies_) {
      if (!p.speaks_of(on, campaign)) continue;
      const auto [from, to] = std::equal_range(
          rows.begin(), rows.end(), detail::cap_counter(p, on, campaign), detail::other_counter);
      // Ascending by their ends: with `times` of them left, the last but `times` frees a place.
      if (to - from >= p.times && (to - p.times)->until > at) {
        return {false, p.id, (to - p.times)->until};
      }
    }
    return {};
  }
  [[nodiscard]] bool may_show(user_id user, channel on, std::uint32_t campaign,
                              timestamp at) const {
    return ask(user, on, campaign, at).allowed;
  }

  /// Records one showing. full when a policy says no, or the shopper's rows are all in use: nothing
  /// is recorded then. out_of_range when `at` is beyond the year 30,000 or `on` is no channel.
  status show(user_id user, channel on, std::uint32_t campaign, timestamp at) {
    if (at.us > detail::last_cap_moment || at.us < -detail::last_cap_moment)
      return error{errc::out_of_range, "at"};
    if (!is_channel(static_cast<std::uint8_t>(on))) return error{errc::out_of_range, "channel"};
    if (!ask(user, on, campaign, at)) return error{errc::full, "frequency cap"};
    std::size_t speaking = 0;
    for (const cap_policy& p : policies_) speaking += p.speaks_of(on, campaign);
    if (speaking == 0) return {};
    if (const auto known = shoppers_.find(user)) {
      std::vector<row>& rows = rows_[*known];
      if (rows.size() + speaking > most_rows) {
        std::size_t over = 0;
        for (const row& r : rows) over += r.until <= at;
        if (rows.size() - over + speaking > most_rows)
          return error{errc::full, "rows of a shopper"};
        std::erase_if(rows, [at](const row& r) { return r.until <= at; });
      }
    }
    std::vector<row>& rows = rows_of(user);
    for (const cap_policy& p : policies_) {
      if (p.speaks_of(on, campaign))
        detail::put_row(rows, detail::cap_counter(p, on, campaign, at + p.window), p.times);
    }
    return {};
  }

  /// Afterwards equal to one that never saw the shopper. Cost: O(1).
  void forget(user_id user) {
    const auto shopper = shoppers_.find(user);
    if (!shopper) return;
    rows_[*shopper] = {};
    shoppers_.release(*shopper);
  }

  /// Drops what does not count any more from `before` on, and shoppers of whom nothing is left. No
  /// answer about `before` or later changes. Cost: O(showings kept).
  void expire(timestamp before) {
    keep_rows([before](const row& r) { return r.until > before; });
  }

  /// Adds what another saw. Of a shopper whom both know the showings are united, and count in
  /// full: whoever was written to under two names has heard twice. Where a counter overflows, the
  /// newest showings are kept. conflict when the policies differ, full when one shopper had more
  /// than `most_rows`: nothing changes then.
  status merge(const frequency_cap& other) {
    if (&other == this) return merge(frequency_cap(other));
    if (policies_ != other.policies_) return error{errc::conflict, "cap policies"};
    const auto theirs = other.shoppers_.sorted();
    for (const auto& [user, shopper] : theirs) {
      const auto mine = shoppers_.find(user);
      if (mine && rows_[*mine].size() + other.rows_[shopper].size() > most_rows) {
        return error{errc::full, "rows of a shopper"};
      }
    }
    for (const auto& [user, shopper] : theirs) {
      std::vector<row>& mine = rows_of(user);
      for (const row& r : other.rows_[shopper])
        detail::put_row(mine, r, detail::find_policy(policies_, r.policy)->times);
    }
    return {};
  }

  [[nodiscard]] std::size_t shoppers() const { return shoppers_.size(); }
  /// Memory held, in bytes, without the allocator's own.
  [[nodiscard]] std::size_t bytes() const {
    std::size_t n = shoppers_.bytes() + rows_.capacity() * sizeof(std::vector<row>);
    for (const auto& rows : rows_) n += rows.capacity() * sizeof(row);
    return n;
  }

  /// Cost: O(showings kept · log).
  friend bool operator==(const frequency_cap& a, const frequency_cap& b) {
    if (a.policies_ != b.policies_ || a.shoppers() != b.shoppers()) return false;
    for (const auto& [user, shopper] : a.shoppers_.sorted()) {
      const auto theirs = b.shoppers_.find(user);
      if (!theirs || a.rows_[shopper] != b.rows_[*theirs]) return false;
    }
    return true;
  }

  void encode(byte_writer& out) const {
    encode_caps(policies_, out);
    out.u64(shoppers_.size());
    for (const auto& [user, shopper] : shoppers_.sorted()) {
      out.u64(raw(user));
      out.varint(rows_[shopper].size());
      for (const row& r : rows_[shopper]) {
        out.u32(r.policy);
        out.u32(r.campaign);
        out.u8(r.on);
        out.i64(r.until.us);
      }
    }
  }

  /// corrupt or truncated, with the offset.
  [[nodiscard]] static result<frequency_cap> decode(byte_reader& in) {
    auto policies = decode_caps(in);
    if (!policies) return policies.error();
    frequency_cap out;
    out.policies_ = std::move(*policies);
    std::uint64_t last = 0;
    const std::uint64_t shoppers = in.u64();
    for (std::uint64_t i = 0; i < shoppers && in.ok(); ++i) {
      const std::uint64_t user = in.u64();
      const std::uint64_t count = in.varint();
      if (!in.ok()) break;
      if ((i > 0 && user <= last) || count == 0 || count > most_rows) {
        return error{errc::corrupt, "capped shopper", in.offset()};
      }
      last = user;
      std::vector<row> rows;
      std::uint32_t run = 0;  // rows of this counter until here
      for (std::uint64_t k = 0; k < count && in.ok(); ++k) {
        row r;
        r.policy = in.u32();
        r.campaign = in.u32();
        r.on = in.u8();
        r.until = timestamp{in.i64()};
        if (!in.ok()) break;
        const bool same = !rows.empty() && !detail::other_counter(rows.back(), r);
        run = same ? run + 1 : 1;
        if ((!rows.empty() && r < rows.back()) || !detail::is_row(r, out.policies_) ||
            run > max_cap_times) {
          return error{errc::corrupt, "showing", in.offset()};
        }
        rows.push_back(r);
      }
      out.rows_of(user_id{user}) = std::move(rows);
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  using row = detail::cap_row;

  [[nodiscard]] std::vector<row>& rows_of(user_id user) {
    const auto known = shoppers_.find(user);
    const std::uint32_t shopper = known ? *known : shoppers_.take(user);
    if (shopper >= rows_.size()) rows_.resize(shopper + std::size_t{1});
    return rows_[shopper];
  }

  template <class Keep>
  void keep_rows(const Keep& keep) {
    for (std::uint32_t shopper = 0; shopper < rows_.size(); ++shopper) {
      if (rows_[shopper].empty()) continue;
      std::erase_if(rows_[shopper], [&keep](const row& r) { return !keep(r); });
      if (!rows_[shopper].empty()) continue;
      rows_[shopper] = {};
      shoppers_.release(shopper);
    }
  }

  std::vector<cap_policy> policies_;
  events::handle_book<user_id> shoppers_;
  std::vector<std::vector<row>> rows_;  // by handle, each ascending
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_FREQUENCY_CAP_HPP
