#ifndef TAILOR_OFFER_COUPON_HPP
#define TAILOR_OFFER_COUPON_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/flat_table.hpp"
#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "coupon_code.hpp"
#include "coupon_record.hpp"
#include "request_key.hpp"
#include "reservation.hpp"
#include "steady_time.hpp"

namespace tailor::inline v0::offer {

/// Coupon codes that the shop loaded, to be given out one by one: a shopper gets one and the same
/// for ever, which is used once, or `uses` times, before it expires. Codes are given out in an
/// order that depends on the secret alone, not on the order of loading.
///
/// Who guesses learns nothing: whatever is wrong with a code, the answer and the work are the same.
/// Time is the host's and never decreases inside. Not thread-safe; see synchronized<>.
/// Memory: about 300 bytes a code.
class coupon_pool {
 public:
  static constexpr const char* section = "coupons";
  static constexpr std::uint32_t format = 1;

  struct options {
    std::int64_t uses = 1;                  ///< of each code
    timestamp until{INT64_MAX};             ///< no code is valid from then on
    duration after_assignment = days(365);  ///< nor that long after it was given out
    std::size_t low_stock = 0;              ///< warn when so many are left, or fewer
    std::size_t max_codes = 1 << 20;
    hash_key secret{};  ///< of the shop: who knows it can foresee the codes
  };

  /// out_of_range when `uses`, `after_assignment` or `max_codes` is not positive, or `max_codes`
  /// above 2^31.
  [[nodiscard]] static result<coupon_pool> make(const options& o) {
    if (o.uses <= 0 || o.after_assignment.us <= 0) return errc::out_of_range;
    if (o.max_codes == 0 || o.max_codes > (std::size_t{1} << 31)) return errc::out_of_range;
    return coupon_pool(o);
  }

  /// Adds a code that nobody has. malformed; duplicate, also of one that is used; full beyond
  /// `max_codes`. Cost: O(log codes).
  status load(std::string_view text) {
    const result<coupon_code> code = coupon_code::parse(text);
    if (!code) return code.error();
    const std::uint64_t hash = code->hash(options_.secret);
    if (by_hash_.find(hash) != 0) return errc::duplicate;
    if (size() >= options_.max_codes || codes_.size() >= UINT32_MAX - 1) return errc::full;
    add({*code, {}}, hash);
    return {};
  }

  /// Takes a code out again that nobody has: conflict when it is given out, unknown when it is not
  /// there.
  status remove(std::string_view text) {
    const coupon_code code = coupon_code::guess(text);
    const std::uint64_t hash = code.hash(options_.secret);
    const std::uint32_t handle = by_hash_.find(hash);
    if (handle == 0 || !codes_[handle - 1].code.same_as(code)) return errc::unknown;
    if (codes_[handle - 1].standing.state != coupon_state::unassigned) return errc::conflict;
    stock_.erase({hash, handle - 1});
    by_hash_.erase(hash);
    codes_[handle - 1] = {};  // its place stays empty: others keep theirs
    ++removed_;
    return {};
  }

  /// The code of a shopper: the one that he has, also when it is used, else a new one. Leave the
  /// block out on every error: full when no code is left, stale when the pool or his code has
  /// expired. The view holds as long as the pool is not moved from. Cost: O(log codes).
  [[nodiscard]] result<std::string_view> assign(user_id shopper, timestamp now) {
    const timestamp time = clock_.move(now);
    if (const auto found = owners_.find(shopper); found != owners_.end()) {
      const entry& e = codes_[found->second];
      if (time >= expiry(e.standing)) return errc::stale;
      return e.code.text();
    }
    if (time >= options_.until) return errc::stale;
    if (stock_.empty()) return errc::full;
    const std::uint32_t handle = stock_.begin()->second;
    owners_.emplace(shopper, handle);
    stock_.erase(stock_.begin());
    entry& e = codes_[handle];
    e.standing = {coupon_state::assigned, shopper, time, 0};
    return e.code.text();
  }

  /// Uses a code for an order. Again for the same order: same answer, used once. Without a shopper
  /// whoever has the code may use it. Whatever is wrong - no such code, not given out, used up,
  /// expired, of another shopper, an order with another code - is `unknown`, "coupon", after the
  /// same work, and counted. Cost: O(log orders).
  status redeem(std::string_view text, std::optional<user_id> shopper, request_key order,
                timestamp now) {
    const timestamp time = clock_.move(now);
    const coupon_code code = coupon_code::guess(text);
    const std::uint32_t found = by_hash_.find(code.hash(options_.secret));
    entry nobody;
    entry& e = found != 0 ? codes_[found - 1] : nobody;
    const auto used_for = orders_.lower_bound(order);
    const bool known = used_for != orders_.end() && used_for->first == order;
    const bool again = known && found != 0 && used_for->second == found - 1;
    // All of them are computed, then there is one branch.
    const unsigned wrong_code = e.code.same_as(code) ? 0 : 1;
    const unsigned not_given = e.standing.state == coupon_state::assigned ? 0 : 1;
    const unsigned expired = time >= expiry(e.standing) ? 1 : 0;
    const unsigned other_order = known ? 1 : 0;
    const user_id owner = e.standing.owner.value_or(user_id{0});
    const unsigned foreign = (e.standing.owner.has_value() ? 1U : 0U) &
                             (shopper.has_value() ? 1U : 0U) &
                             (owner != shopper.value_or(user_id{0}) ? 1U : 0U);
    const unsigned not_first = not_given | expired | other_order;
    if ((wrong_code | foreign | (again ? 0 : not_first)) != 0) {
      ++failures_;
      return error{errc::unknown, "coupon", 0};
    }
    if (again) return {};
    orders_.emplace_hint(used_for, order, found - 1);
    ++e.standing.uses;
    if (e.standing.uses >= options_.uses) e.standing.state = coupon_state::used;
    return {};
  }

  /// Afterwards no code is known to be the shopper's. What was given out stays given out, and what
  /// was used stays used; whoever has the code may still use it.
  void forget(user_id shopper) {
    const auto found = owners_.find(shopper);
    if (found == owners_.end()) return;
    codes_[found->second].standing.owner.reset();
    owners_.erase(found);
  }

  /// Codes, given out or not.
  [[nodiscard]] std::size_t size() const { return codes_.size() - removed_; }
  /// Codes that nobody has.
  [[nodiscard]] std::size_t stock() const { return stock_.size(); }
  /// Time to load more.
  [[nodiscard]] bool low() const { return stock_.size() <= options_.low_stock; }
  /// Redemptions that were refused since the pool was made or read: many of them are guesses.
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  /// Redemptions so far.
  [[nodiscard]] std::size_t orders() const { return orders_.size(); }
  [[nodiscard]] const options& settings() const { return options_; }
  /// The latest time that was given.
  [[nodiscard]] timestamp latest() const { return clock_.at(); }

  /// Where a code stands at `now`; unknown when it is not there. For the shop's own eyes.
  [[nodiscard]] result<coupon_standing> find(std::string_view text, timestamp now) const {
    const coupon_code code = coupon_code::guess(text);
    const std::uint32_t found = by_hash_.find(code.hash(options_.secret));
    if (found == 0 || !codes_[found - 1].code.same_as(code)) return errc::unknown;
    coupon_standing s = codes_[found - 1].standing;
    const bool open = s.state == coupon_state::unassigned || s.state == coupon_state::assigned;
    if (open && (std::max)(now, clock_.at()) >= expiry(s)) s.state = coupon_state::expired;
    return s;
  }

  /// All of it, in canonical order.
  [[nodiscard]] coupon_record record() const {
    std::vector<std::uint32_t> order;
    for (std::size_t h = 0; h < codes_.size(); ++h) {
      if (codes_[h].code.well_formed()) order.push_back(static_cast<std::uint32_t>(h));
    }
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return codes_[a].code < codes_[b].code; });
    coupon_record out{clock_.at(), {}, {}};
    std::vector<std::uint32_t> line_of(codes_.size());
    for (const std::uint32_t h : order) {
      line_of[h] = static_cast<std::uint32_t>(out.lines.size());
      out.lines.push_back(codes_[h]);
    }
    for (const auto& [key, h] : orders_) out.redemptions.push_back({key, line_of[h]});
    return out;
  }

  /// What a valid record says, under these options; what is used up stays so when `uses` grows.
  [[nodiscard]] static result<coupon_pool> from(const coupon_record& record, const options& o) {
    result<coupon_pool> made = make(o);
    if (!made) return made;
    coupon_pool& out = *made;
    out.clock_.move(record.latest);
    for (const entry& e : record.lines) out.add(e, e.code.hash(o.secret));
    for (const auto& r : record.redemptions) out.orders_.emplace(r.order, r.line);
    return made;
  }

  friend bool operator==(const coupon_pool& a, const coupon_pool& b) {
    return a.record() == b.record();
  }

  void encode(byte_writer& out) const { record().encode(out); }
  /// Reads what `encode` wrote; the options are the default ones: see `from(pool.record(), ...)`.
  [[nodiscard]] static result<coupon_pool> decode(byte_reader& in) {
    const result<coupon_record> record = coupon_record::decode(in);
    if (!record) return record.error();
    return from(*record, {});
  }

 private:
  using entry = coupon_record::line;

  explicit coupon_pool(const options& o) : options_(o) {}

  void add(const entry& e, std::uint64_t hash) {
    const auto handle = static_cast<std::uint32_t>(codes_.size());
    codes_.push_back(e);
    by_hash_.set(hash, handle + 1);
    if (e.standing.owner) owners_.emplace(*e.standing.owner, handle);
    if (e.standing.state == coupon_state::unassigned) stock_.emplace(hash, handle);
  }

  [[nodiscard]] timestamp expiry(const coupon_standing& s) const {
    if (s.state == coupon_state::unassigned) return options_.until;
    return (std::min)(options_.until, detail::held_after(s.assigned_at, options_.after_assignment));
  }

  options options_;
  steady_time clock_{timestamp{INT64_MIN}};
  std::deque<entry> codes_;                                  // by handle; views into it stay valid
  flat_table<std::uint64_t> by_hash_{};                      // keyed hash → handle + 1
  std::set<std::pair<std::uint64_t, std::uint32_t>> stock_;  // unassigned, by keyed hash
  std::map<user_id, std::uint32_t> owners_;
  std::map<request_key, std::uint32_t> orders_;
  std::size_t removed_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_COUPON_HPP
