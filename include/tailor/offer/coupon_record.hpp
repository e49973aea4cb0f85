#ifndef TAILOR_OFFER_COUPON_RECORD_HPP
#define TAILOR_OFFER_COUPON_RECORD_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "coupon_code.hpp"
#include "request_key.hpp"

namespace tailor::inline v0::offer {

/// unassigned → assigned → used. Expired is what time makes of the first two; it is never stored.
enum class coupon_state : std::uint8_t { unassigned = 0, assigned = 1, used = 2, expired = 3 };

/// Where a code stands. Nobody owns it before it is given out, nor after its shopper was forgotten.
struct coupon_standing {
  coupon_state state = coupon_state::unassigned;
  std::optional<user_id> owner{};
  timestamp assigned_at{};
  std::int64_t uses = 0;

  /// Nothing but what giving out, using and forgetting can lead to.
  [[nodiscard]] bool plausible() const {
    switch (state) {
      case coupon_state::unassigned:
        return !owner && assigned_at == timestamp{} && uses == 0;
      case coupon_state::assigned:
        return uses >= 0;
      case coupon_state::used:
        return uses > 0;
      case coupon_state::expired:
        break;
    }
    return false;
  }

  friend bool operator==(const coupon_standing&, const coupon_standing&) = default;
};

/// All that a pool is, as a plain value: what is written and compared.
struct coupon_record {
  struct line {
    coupon_code code;
    coupon_standing standing;

    friend bool operator==(const line&, const line&) = default;
  };
  struct redemption {
    request_key order;
    std::uint32_t line = 0;  ///< index of the code

    friend bool operator==(const redemption&, const redemption&) = default;
  };

  timestamp latest{};
  std::vector<line> lines;              ///< by code
  std::vector<redemption> redemptions;  ///< by order

  friend bool operator==(const coupon_record&, const coupon_record&) = default;

  void encode(byte_writer& out) const {
    out.i64(latest.us);
    out.u64(lines.size());
    for (const line& l : lines) {
      out.text(l.code.text());
      out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(l.standing.state) |
                                       (l.standing.owner ? owned : 0U)));
      if (l.standing.owner) out.u64(raw(*l.standing.owner));
      if (l.standing.state == coupon_state::unassigned) continue;
      out.i64(l.standing.assigned_at.us);
      out.varint(static_cast<std::uint64_t>(l.standing.uses));
    }
    out.u64(redemptions.size());
    for (const redemption& r : redemptions) {
      out.u64(r.order.high);
      out.u64(r.order.low);
      out.u32(r.line);
    }
  }

  /// Reads what `encode` wrote. corrupt when no pool can be like that.
  [[nodiscard]] static result<coupon_record> decode(byte_reader& in) {
    coupon_record out;
    out.latest.us = in.i64();
    std::vector<user_id> owners;
    const std::uint64_t count = in.u64();
    if (count > UINT32_MAX - 1) in.fail(errc::corrupt, "coupons");
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const line l = read_line(in);
      if (!in.ok()) break;
      if (!l.standing.plausible() || (!out.lines.empty() && !(out.lines.back().code < l.code))) {
        in.fail(errc::corrupt, "coupons");
        break;
      }
      if (l.standing.owner) owners.push_back(*l.standing.owner);
      out.lines.push_back(l);
    }
    std::sort(owners.begin(), owners.end());
    if (std::adjacent_find(owners.begin(), owners.end()) != owners.end()) {
      in.fail(errc::corrupt, "coupon owners");
    }
    out.read_redemptions(in);
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  static constexpr unsigned owned = 4;

  [[nodiscard]] static line read_line(byte_reader& in) {
    line l;
    l.code = coupon_code::guess(in.text());
    const unsigned flags = in.u8();
    if (!l.code.well_formed() || flags > 7) in.fail(errc::corrupt, "coupons");
    l.standing.state = coupon_state{static_cast<std::uint8_t>(flags & 3)};
    if ((flags & owned) != 0) l.standing.owner = user_id{in.u64()};
    if (l.standing.state == coupon_state::unassigned) return l;
    l.standing.assigned_at.us = in.i64();
    const std::uint64_t uses = in.varint();
    if (uses > INT64_MAX) in.fail(errc::corrupt, "coupons");
    l.standing.uses = static_cast<std::int64_t>(uses);
    return l;
  }

  /// Each is of a code that is there, and each code has as many as it was used.
  void read_redemptions(byte_reader& in) {
    std::vector<std::int64_t> uses(lines.size());
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      redemption r;
      r.order.high = in.u64();
      r.order.low = in.u64();
      r.line = in.u32();
      if (!in.ok()) return;
      if (r.line >= lines.size() ||
          (!redemptions.empty() && !(redemptions.back().order < r.order))) {
        return in.fail(errc::corrupt, "coupon redemptions");
      }
      ++uses[r.line];
      redemptions.push_back(r);
    }
    for (std::size_t i = 0; i < lines.size() && in.ok(); ++i) {
      if (uses[i] != lines[i].standing.uses) in.fail(errc::corrupt, "coupon redemptions");
    }
  }
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_COUPON_RECORD_HPP
