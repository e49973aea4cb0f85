#ifndef TAILOR_OFFER_CAP_POLICY_HPP
#define TAILOR_OFFER_CAP_POLICY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "channel.hpp"

namespace tailor::inline v0::offer {

/// What has a counter of its own, for each shopper.
enum class counted : std::uint8_t {
  together = 0,       ///< all that the policy speaks of
  each_channel = 1,   ///< every channel
  each_campaign = 2,  ///< every campaign
  each_of_both = 3,   ///< every campaign on every channel
};

/// At most `times` showings to one shopper in any `window`, per counter. Speaks of the showings on
/// `channels` for `campaigns`; several campaigns may share one counter, and who asks first gets it.
struct cap_policy {
  std::uint32_t id = 0;  ///< of the host's: counters are kept under it
  channel_set channels = channel_set::all();
  std::vector<std::uint32_t> campaigns = {};  ///< none: of all campaigns, of today and to come
  counted by = counted::together;
  std::uint32_t times = 1;
  duration window = hours(24);

  friend bool operator==(const cap_policy&, const cap_policy&) = default;

  /// Whether a showing counts. Precondition: `campaigns` ascend, as in a checked list.
  [[nodiscard]] bool speaks_of(channel on, std::uint32_t campaign) const {
    return channels.contains(on) &&
           (campaigns.empty() || std::binary_search(campaigns.begin(), campaigns.end(), campaign));
  }
};

inline constexpr std::size_t max_cap_policies = 64;
inline constexpr std::size_t max_cap_campaigns = 10'000;
inline constexpr std::uint32_t max_cap_times = 64;
inline constexpr duration max_cap_window = days(3'660);

/// One e-mail in 16 hours, one text message and one push message in 24, over all campaigns.
[[nodiscard]] inline std::vector<cap_policy> usual_caps() {
  return {{.id = 1, .channels = {channel::email}, .window = hours(16)},
          {.id = 2, .channels = {channel::sms}, .window = hours(24)},
          {.id = 3, .channels = {channel::push}, .window = hours(24)}};
}

/// Sorts the list by id and its campaigns, and says what is wrong: full (too many policies or
/// campaigns), duplicate (an id), out_of_range (times, window, channels, by). `at` is the position
/// in the sorted list.
[[nodiscard]] inline status check_caps(std::vector<cap_policy>& all) {
  if (all.size() > max_cap_policies) return error{errc::full, "cap policies"};
  std::sort(all.begin(), all.end(),
            [](const cap_policy& a, const cap_policy& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < all.size(); ++i) {
    cap_policy& p = all[i];
    if (i > 0 && all[i - 1].id == p.id) return error{errc::duplicate, "cap policy id", i};
    if (p.campaigns.size() > max_cap_campaigns) return error{errc::full, "cap campaigns", i};
    if (p.channels.empty()) return error{errc::out_of_range, "cap channels", i};
    if (p.times < 1 || p.times > max_cap_times) return error{errc::out_of_range, "cap times", i};
    if (p.window <= duration{} || p.window > max_cap_window) {
      return error{errc::out_of_range, "cap window", i};
    }
    if (static_cast<std::uint8_t>(p.by) > 3) return error{errc::out_of_range, "cap by", i};
    std::sort(p.campaigns.begin(), p.campaigns.end());
    p.campaigns.erase(std::unique(p.campaigns.begin(), p.campaigns.end()), p.campaigns.end());
  }
  return {};
}

/// A checked list as bytes.
inline void encode_caps(std::span<const cap_policy> all, byte_writer& out) {
  out.varint(all.size());
  for (const cap_policy& p : all) {
    out.u32(p.id);
    out.u8(p.channels.bits());
    out.u8(static_cast<std::uint8_t>(p.by));
    out.u32(p.times);
    out.i64(p.window.us);
    out.varint(p.campaigns.size());
    out.array(std::span<const std::uint32_t>(p.campaigns));
  }
}

/// A checked list, or corrupt.
[[nodiscard]] inline result<std::vector<cap_policy>> decode_caps(byte_reader& in) {
  std::vector<cap_policy> out;
  const std::uint64_t count = in.varint();
  if (count > max_cap_policies) in.fail(errc::corrupt, "cap policies");
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    cap_policy p;
    p.id = in.u32();
    const std::uint8_t bits = in.u8();
    p.channels = channel_set::of_bits(bits);
    p.by = static_cast<counted>(in.u8());
    p.times = in.u32();
    p.window = {in.i64()};
    const std::uint64_t campaigns = in.varint();
    if (campaigns > max_cap_campaigns || bits != p.channels.bits()) {
      in.fail(errc::corrupt, "cap policy");
    }
    in.array(campaigns, p.campaigns);
    if (in.ok()) out.push_back(std::move(p));
  }
  if (!in.ok()) return in.error();
  const std::vector<cap_policy> as_read = out;
  if (!check_caps(out) || as_read != out) return error{errc::corrupt, "cap policy", in.offset()};
  return out;
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CAP_POLICY_HPP
