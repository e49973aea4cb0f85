#ifndef TAILOR_OFFER_RULE_FAULTS_HPP
#define TAILOR_OFFER_RULE_FAULTS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "compiler.hpp"
#include "discount.hpp"
#include "rule.hpp"

namespace tailor::inline v0::offer::detail {

/// Checks what a rule says beside its conditions.
class rule_faults {
 public:
  explicit rule_faults(compiler& out) : out_(&out) {}

  void of(const rule& r) {
    if (r.name.empty() || r.name.size() > condition_limits::text) {
      note(errc::malformed, "a name of 1 to 1,000 bytes", "/name");
    }
    if (r.from >= r.until) note(errc::out_of_range, "it ends before it begins", "/until");
    if (r.hours.size() > 100) note(errc::oversized, "more than 100 spans", "/hours");
    for (const weekly_hours& h : r.hours) {
      for (const std::int64_t d : h.days) {
        if (d < 1 || d > 7) note(errc::out_of_range, "days are 1 Monday to 7 Sunday", "/hours");
      }
      if (h.from < 0 || h.from >= 1'440 || h.until < 0 || h.until > 1'440 || h.from == h.until) {
        note(errc::out_of_range, "minutes of the day, 0 to 1,440", "/hours");
      }
    }
    for (const auto* list : {&r.channels, &r.arms, &r.audience}) {
      if (list->size() > condition_limits::list) note(errc::oversized, "over 1,000", "");
    }
    std::visit([this](const auto& d) { check(d); }, r.gives);
  }

 private:
  void note(errc code, const char* what, const char* where) { out_->note(code, what, where); }

  void check(const no_discount&) {}
  void check(const percent_off& d) {
    share(d.share);
    one(d.on);
    cap(d.at_most);
    if (d.from == taken_from::units) {
      note(errc::conflict, "a share of a piece is that of its line", "/gives/from");
    }
  }
  void check(const amount_off& d) {
    amount(d.minor);
    one(d.on);
    cap(d.at_most);
  }
  void check(const fixed_price& d) {
    amount(d.minor);
    one(d.on);
    cap(d.at_most);
  }
  void check(const buy_get& d) {
    pieces(d.buy);
    pieces(d.get);
    share(d.share);
    one(d.on);
    one(d.of);
    if (d.which == reward::same_item && !d.of.empty()) {
      note(errc::conflict, "the same item: there are no other lines", "/gives/of");
    }
    if (d.times < 1) note(errc::out_of_range, "at least once", "/gives/times");
    cap(d.at_most);
  }
  void check(const tiered& d) {
    one(d.on);
    cap(d.at_most);
    if (d.tiers.empty() || d.tiers.size() > 100) {
      note(errc::malformed, "1 to 100 tiers", "/gives/tiers");
    }
    for (std::size_t i = 0; i < d.tiers.size(); ++i) {
      share(d.tiers[i].share);
      pieces(d.tiers[i].pieces);
      if (i > 0 && d.tiers[i].pieces <= d.tiers[i - 1].pieces) {
        note(errc::conflict, "tiers go up in pieces", "/gives/tiers");
      }
    }
  }
  void check(const bundle_price& d) {
    if (d.parts.empty() || d.parts.size() > 16) {
      note(errc::malformed, "1 to 16 parts", "/gives/parts");
    }
    for (const bundle_part& p : d.parts) {
      one(p.on);
      pieces(p.pieces);
    }
    amount(d.minor);
    if (d.times < 1) note(errc::out_of_range, "at least once", "/gives/times");
    cap(d.at_most);
  }
  void check(const free_shipping& d) { cap(d.at_most); }
  void check(const gift& d) {
    if (d.item == no_item) note(errc::malformed, "which item", "/gives/item");
    pieces(d.pieces);
    amount(d.worth);
  }

  void share(std::int64_t s) {
    if (s < 1 || s > whole_share) {
      note(errc::out_of_range, "1 to 10,000 basis points: more than everything is not off",
           "/gives/share");
    }
  }
  void amount(std::int64_t minor) {
    if (minor < 0 || minor > most_minor) {
      note(errc::out_of_range, "0 to 9,000,000,000,000 minor units", "/gives/minor");
    }
  }
  void pieces(std::int64_t n) {
    if (n < 1 || n > most_pieces)
      note(errc::out_of_range, "1 to 1,000,000 pieces", "/gives/pieces");
  }
  void cap(std::int64_t at_most) {
    if (at_most < 0) note(errc::out_of_range, "not less than nothing", "/gives/at_most");
  }
  void one(const std::vector<condition>& on) {
    if (on.size() > 1) note(errc::malformed, "one condition: join them", "/gives/on");
  }

  compiler* out_;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_RULE_FAULTS_HPP
