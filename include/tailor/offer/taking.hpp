#ifndef TAILOR_OFFER_TAKING_HPP
#define TAILOR_OFFER_TAKING_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "../core/int128.hpp"
#include "discount.hpp"
#include "finding.hpp"

namespace tailor::inline v0::offer::detail {

/// Of which lines a condition on lines can hold.
enum class lines_meant : std::uint8_t { all, some, none };

/// What a discount can take from an order at most, where that can be said without its lines.
struct taking {
  std::int64_t share = 0;            ///< basis points of what is left, …
  std::int64_t minor = 0;            ///< … or an amount of the order
  std::int64_t at_most = INT64_MAX;  ///< in all
  int phase = 0;                     ///< smaller ones are taken first
  bool sure = false;                 ///< it does take that from any order, rounding aside

  [[nodiscard]] bool nothing() const { return share == 0 && minor == 0; }
};

/// Amounts of lines and pieces, prices and bundles take what depends on prices alone, and count as
/// nothing here.
[[nodiscard]] inline taking taking_of(const discount& d, std::span<const lines_meant> lines) {
  taking out;
  for (const lines_meant l : lines) {
    if (l == lines_meant::none) return out;
  }
  const bool all = !lines.empty() && lines[0] == lines_meant::all;
  if (const auto* p = std::get_if<percent_off>(&d)) {
    out = {p->share, 0, p->at_most, p->from == taken_from::order ? 2 : 1, all};
  } else if (const auto* t = std::get_if<tiered>(&d)) {
    for (const tier& one : t->tiers) out.share = (std::max)(out.share, one.share);
    out.at_most = t->at_most;
  } else if (const auto* b = std::get_if<buy_get>(&d)) {
    // Those that are given are no dearer than those that are bought, unless they are of other
    // lines.
    out.share = b->share;
    if (b->of.empty()) out.share = (b->share * b->get + b->buy + b->get - 1) / (b->buy + b->get);
    out.at_most = b->at_most;
  } else if (const auto* a = std::get_if<amount_off>(&d)) {
    if (a->from == taken_from::order) {
      out = {0, (std::min)(a->minor, a->at_most), INT64_MAX, 3, all};
    }
  }
  if (out.at_most == 0) return {};
  return out;
}

/// Millionths of a millionth of an order.
inline constexpr std::int64_t whole_order = 1'000'000'000'000;

/// What several discounts take together, in those parts, each of what those before it left. They
/// come by phase. `worth` is what the order costs; 0: anything, so that limits do not bind and an
/// amount takes all; below 0: nothing, so that nothing is taken.
[[nodiscard]] inline std::int64_t taken_together(std::span<const taking> all, std::int64_t worth) {
  std::int64_t left = whole_order;
  if (worth < 0) return 0;
  for (const taking& t : all) {
    int128 part = t.minor > 0 ? int128{left} : int128{left} * t.share / whole_share;
    if (worth > 0) {
      const int128 most = int128{t.minor > 0 ? t.minor : t.at_most} * whole_order / worth;
      part = (std::min)(part, most);
    }
    left -= static_cast<std::int64_t>(part);
  }
  return whole_order - left;
}

/// What can be said of a discount alone; false when nothing.
[[nodiscard]] inline bool about_discount(const discount& d, std::span<const lines_meant> lines,
                                         finding& out) {
  for (const lines_meant l : lines) {
    if (l != lines_meant::none) continue;
    out.kind = finding_kind::no_line;
    out.what = "takes nothing: no line can pass a condition of its discount";
    return true;
  }
  const char* const nothing = std::visit(
      [](const auto& one) -> const char* {
        if constexpr (requires { one.at_most; }) {
          if (one.at_most == 0) return "takes nothing: at most 0 in all";
        }
        if constexpr (requires {
                        one.minor;
                        one.from;
                      }) {
          if (one.minor == 0) return "takes nothing: an amount of 0";
        } else if constexpr (requires { one.minor; }) {
          // What all lines of a cart cost together is never more.
          if (one.minor >= most_minor) return "takes nothing: its price is no less than any cart's";
        }
        return nullptr;
      },
      d);
  if (nothing != nullptr) {
    out.kind = finding_kind::takes_nothing;
    out.what = nothing;
    return true;
  }
  const char* everything = nullptr;
  if (const auto* p = std::get_if<percent_off>(&d)) {
    if (p->share == whole_share && p->at_most == INT64_MAX)
      everything = "takes 100 % off its lines";
  } else if (const auto* t = std::get_if<tiered>(&d)) {
    for (const tier& one : t->tiers) {
      if (one.share == whole_share && t->at_most == INT64_MAX) {
        everything = "takes 100 % off its lines from a tier on";
      }
    }
  } else if (const auto* f = std::get_if<fixed_price>(&d)) {
    if (f->minor == 0 && f->at_most == INT64_MAX) everything = "sells its lines for 0";
  } else if (const auto* b = std::get_if<bundle_price>(&d)) {
    if (b->minor == 0 && b->at_most == INT64_MAX) everything = "sells its bundle for 0";
  }
  if (everything == nullptr) return false;
  out.kind = finding_kind::takes_everything;
  out.what = everything;
  out.amount = whole_share;
  return true;
}

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TAKING_HPP
