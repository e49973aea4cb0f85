#ifndef TAILOR_OFFER_SHARED_CODE_HPP
#define TAILOR_OFFER_SHARED_CODE_HPP

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "coupon_code.hpp"
#include "request_key.hpp"
#include "steady_time.hpp"

namespace tailor::inline v0::offer {

/// One code for all, so many times in total and so many times for each shopper, until a date. Time
/// is the host's and never decreases inside. Not thread-safe; see synchronized<>.
class shared_code {
 public:
  static constexpr const char* section = "shared code";
  static constexpr std::uint32_t format = 1;

  struct options {
    std::int64_t cap = 0;          ///< uses in total
    std::int64_t per_shopper = 1;  ///< uses of each shopper
    timestamp until{INT64_MAX};    ///< not valid from then on
  };

  /// malformed when it is no code; out_of_range when a limit is negative.
  [[nodiscard]] static result<shared_code> make(std::string_view text, const options& o) {
    const result<coupon_code> code = coupon_code::parse(text);
    if (!code) return code.error();
    if (o.cap < 0 || o.per_shopper < 0) return errc::out_of_range;
    return shared_code(*code, o);
  }

  /// Uses the code for an order. Again for the same order: same answer, used once. Whatever is
  /// wrong - another code, expired, used up, used by this shopper as often as he may - is
  /// `unknown`, "coupon", after the same work, and counted. Cost: O(log orders).
  status redeem(std::string_view text, user_id shopper, request_key order, timestamp now) {
    const timestamp time = clock_.move(now);
    const coupon_code code = coupon_code::guess(text);
    const auto used_for = orders_.lower_bound(order);
    const auto used_by = shoppers_.lower_bound(shopper);
    const bool again = used_for != orders_.end() && *used_for == order;
    const bool known = used_by != shoppers_.end() && used_by->first == shopper;
    const unsigned wrong_code = code_.same_as(code) ? 0 : 1;
    const unsigned expired = time >= options_.until ? 1 : 0;
    const unsigned used_up = used_ >= options_.cap ? 1 : 0;
    const unsigned enough = (known ? used_by->second : 0) >= options_.per_shopper ? 1 : 0;
    if ((wrong_code | (again ? 0 : expired | used_up | enough)) != 0) {
      ++failures_;
      return error{errc::unknown, "coupon", 0};
    }
    if (again) return {};
    orders_.emplace_hint(used_for, order);
    ++shoppers_[shopper];
    ++used_;
    return {};
  }

  /// Afterwards the shopper never used the code; his uses stay counted.
  void forget(user_id shopper) { shoppers_.erase(shopper); }

  [[nodiscard]] std::string_view text() const { return code_.text(); }
  [[nodiscard]] std::int64_t used() const { return used_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

  /// The same under other limits: for what was read.
  [[nodiscard]] result<shared_code> with(const options& o) && {
    if (o.cap < 0 || o.per_shopper < 0) return errc::out_of_range;
    options_ = o;
    return std::move(*this);
  }

  friend bool operator==(const shared_code& a, const shared_code& b) {
    return a.code_ == b.code_ && a.clock_.at() == b.clock_.at() && a.used_ == b.used_ &&
           a.shoppers_ == b.shoppers_ && a.orders_ == b.orders_;
  }

  void encode(byte_writer& out) const {
    out.text(code_.text());
    out.i64(clock_.at().us);
    out.i64(used_);
    out.u64(shoppers_.size());
    for (const auto& [shopper, uses] : shoppers_) {
      out.u64(raw(shopper));
      out.i64(uses);
    }
    out.u64(orders_.size());
    for (const request_key& order : orders_) {
      out.u64(order.high);
      out.u64(order.low);
    }
  }

  /// Reads what `encode` wrote, without limits: see `with`. corrupt when no code can be like that.
  [[nodiscard]] static result<shared_code> decode(byte_reader& in) {
    const coupon_code code = coupon_code::guess(in.text());
    shared_code out(code, {.cap = INT64_MAX, .per_shopper = INT64_MAX});
    out.clock_.move(timestamp{in.i64()});
    out.used_ = in.i64();
    if (!code.well_formed() || out.used_ < 0) in.fail(errc::corrupt, "shared code");
    std::int64_t left = out.used_;
    const std::uint64_t shoppers = in.u64();
    for (std::uint64_t i = 0; i < shoppers && in.ok(); ++i) {
      const user_id shopper{in.u64()};
      const std::int64_t uses = in.i64();
      if (uses <= 0 || uses > left ||
          (!out.shoppers_.empty() && !(out.shoppers_.rbegin()->first < shopper))) {
        in.fail(errc::corrupt, "shared code");
        break;
      }
      left -= uses;
      out.shoppers_.emplace_hint(out.shoppers_.end(), shopper, uses);
    }
    const std::uint64_t orders = in.u64();
    if (orders != static_cast<std::uint64_t>(out.used_)) in.fail(errc::corrupt, "shared code");
    for (std::uint64_t i = 0; i < orders && in.ok(); ++i) {
      request_key order;
      order.high = in.u64();
      order.low = in.u64();
      if (!out.orders_.empty() && !(*out.orders_.rbegin() < order)) {
        in.fail(errc::corrupt, "shared code");
      }
      if (in.ok()) out.orders_.emplace_hint(out.orders_.end(), order);
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  shared_code(const coupon_code& code, const options& o) : code_(code), options_(o) {}

  coupon_code code_;
  options options_;
  steady_time clock_{timestamp{INT64_MIN}};
  std::int64_t used_ = 0;
  std::map<user_id, std::int64_t> shoppers_;
  std::set<request_key> orders_;
  std::uint64_t failures_ = 0;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_SHARED_CODE_HPP
