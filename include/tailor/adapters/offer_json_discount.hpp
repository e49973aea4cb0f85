#ifndef TAILOR_ADAPTERS_OFFER_JSON_DISCOUNT_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_DISCOUNT_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json_discount.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../core/ids.hpp"
#include "../offer/discount.hpp"
#include "offer_json_logic.hpp"
#include "offer_json_values.hpp"

namespace tailor::inline v0::adapters::detail {

/// Reads what a rule gives: an object whose one member is the kind of discount.
class offer_json_discount : public offer_json_logic {
 public:
  using offer_json_logic::offer_json_logic;

 protected:
  offer::discount discount_of(const element& e, const json_place& at) {
    std::string_view kind;
    element v;
    if (!single(e, kind, v)) {
      note(errc::malformed, "an object with one member: the kind of discount", at);
      return {};
    }
    const json_place here{&at, kind};
    keep(at, here);
    if (kind == "percent_off") return percent_off(v, here);
    if (kind == "amount_off") return amount_off(v, here);
    if (kind == "fixed_price") return fixed_price(v, here);
    if (kind == "buy_get") return buy_get(v, here);
    if (kind == "tiered") return tiered(v, here);
    if (kind == "bundle_price") return bundle_price(v, here);
    if (kind == "free_shipping") {
      offer::free_shipping d;
      object_type o;
      if (object(v, here, o, {"at_most"})) kept_amount(o, "at_most", here, d.at_most, "at_most");
      return d;
    }
    if (kind == "gift") return gift(v, here);
    if (kind == "no_discount") {
      object_type o;
      object(v, here, o, {});
      return offer::no_discount{};
    }
    note(errc::unknown, "a kind of discount that is not known", at, kind);
    return {};
  }

 private:
  offer::discount percent_off(const element& v, const json_place& at) {
    offer::percent_off d;
    object_type o;
    if (!object(v, at, o, {"share", "from", "on", "at_most"})) return d;
    share_kept(o, at, d.share);
    from(o, at, d.from);
    on(o, "on", at, d.on);
    kept_amount(o, "at_most", at, d.at_most, "at_most");
    return d;
  }
  offer::discount amount_off(const element& v, const json_place& at) {
    offer::amount_off d;
    object_type o;
    if (!object(v, at, o, {"amount", "from", "on", "at_most"})) return d;
    kept_amount(o, "amount", at, d.minor, "minor", true);
    from(o, at, d.from);
    on(o, "on", at, d.on);
    kept_amount(o, "at_most", at, d.at_most, "at_most");
    return d;
  }
  offer::discount fixed_price(const element& v, const json_place& at) {
    offer::fixed_price d;
    object_type o;
    if (!object(v, at, o, {"amount", "on", "at_most"})) return d;
    kept_amount(o, "amount", at, d.minor, "minor", true);
    on(o, "on", at, d.on);
    kept_amount(o, "at_most", at, d.at_most, "at_most");
    return d;
  }
  offer::discount buy_get(const element& v, const json_place& at) {
    offer::buy_get d;
    object_type o;
    if (!object(v, at, o, {"buy", "get", "share", "which", "on", "of", "times", "at_most"})) {
      return d;
    }
    integer(o, "buy", at, d.buy);
    integer(o, "get", at, d.get);
    share_kept(o, at, d.share, false);
    word(o, "which", at, d.which, {"cheapest", "same_item"});
    on(o, "on", at, d.on);
    on(o, "of", at, d.of);
    number(o, "times", at, d.times);
    kept_amount(o, "at_most", at, d.at_most, "at_most");
    return d;
  }
  offer::discount tiered(const element& v, const json_place& at) {
    offer::tiered d;
    object_type o;
    element tiers;
    if (!object(v, at, o, {"tiers", "on", "at_most"})) return d;
    member(o, "tiers", at, tiers, true);
    keep_member("tiers", {&at, "tiers"});
    each(o, "tiers", at, [&](const element& part, const json_place& here) {
      object_type of;
      d.tiers.emplace_back();
      if (!object(part, here, of, {"pieces", "share"})) return;
      integer(of, "pieces", here, d.tiers.back().pieces, true);
      share(of, here, d.tiers.back().share, true);
    });
    on(o, "on", at, d.on);
    kept_amount(o, "at_most", at, d.at_most, "at_most");
    return d;
  }
  offer::discount bundle_price(const element& v, const json_place& at) {
    offer::bundle_price d;
    object_type o;
    element parts;
    if (!object(v, at, o, {"parts", "amount", "times", "at_most"})) return d;
    member(o, "parts", at, parts, true);
    keep_member("parts", {&at, "parts"});
    each(o, "parts", at, [&](const element& part, const json_place& here) {
      object_type of;
      d.parts.emplace_back();
      if (!object(part, here, of, {"on", "pieces"})) return;
      const json_place gives{&rule_, "gives"};
      const json_place list{&gives, "parts"};
      on(of, "on", here, d.parts.back().on, {&list, {}, here.index});
      integer(of, "pieces", here, d.parts.back().pieces);
    });
    kept_amount(o, "amount", at, d.minor, "minor", true);
    number(o, "times", at, d.times);
    kept_amount(o, "at_most", at, d.at_most, "at_most");
    return d;
  }
  offer::discount gift(const element& v, const json_place& at) {
    offer::gift d;
    object_type o;
    element e;
    std::uint64_t id = 0;
    if (!object(v, at, o, {"item", "pieces", "worth"})) return d;
    if (member(o, "item", at, e, true)) {
      keep_member("item", {&at, "item"});
      if (e.get(id) != simdjson::SUCCESS) {
        note(errc::malformed, "an item: a whole number from 0 to 2^64 - 1", {&at, "item"});
      }
      d.item = item_id{id};
    }
    number(o, "pieces", at, d.pieces);
    kept_amount(o, "worth", at, d.worth, "minor");
    return d;
  }

  static constexpr json_place rule_{};
  /// The compiler knows members of what is given by the name they have in C++.
  void keep_member(std::string_view ours, const json_place& at) {
    const json_place gives{&rule_, "gives"};
    keep({&gives, ours}, at);
  }
  void kept_amount(const object_type& o, const char* name, const json_place& at, std::int64_t& to,
                   std::string_view ours, bool needed = false) {
    const json_place here{&at, name};
    if (o.at_key(name).error() == simdjson::SUCCESS) keep_member(ours, here);
    amount(o, name, at, to, needed);
  }
  void number(const object_type& o, const char* name, const json_place& at, std::int64_t& to) {
    if (integer(o, name, at, to)) keep_member(name, {&at, name});
  }
  void share_kept(const object_type& o, const json_place& at, std::int64_t& to,
                  bool needed = true) {
    if (o.at_key("share").error() == simdjson::SUCCESS) keep_member("share", {&at, "share"});
    share(o, at, to, needed);
  }
  template <class Enum>
  void word(const object_type& o, const char* name, const json_place& at, Enum& to,
            std::initializer_list<std::string_view> words) {
    element e;
    std::string_view s;
    if (!member(o, name, at, e)) return;
    const json_place here{&at, name};
    keep_member(name, here);
    std::uint8_t i = 0;
    if (e.get(s) == simdjson::SUCCESS) {
      for (const std::string_view w : words) {
        if (w == s) {
          to = static_cast<Enum>(i);
          return;
        }
        ++i;
      }
    }
    note(errc::unknown, "a word that is not among those for this", here);
  }
  void from(const object_type& o, const json_place& at, offer::taken_from& to) {
    word(o, "from", at, to, {"lines", "units", "order"});
  }
  void on(const object_type& o, const char* name, const json_place& at,
          std::vector<offer::condition>& to) {
    on(o, name, at, to, {&rule_, "gives"});
  }
  /// `compiled` is the object as the compiler calls it: it knows no kinds of discounts.
  void on(const object_type& o, const char* name, const json_place& at,
          std::vector<offer::condition>& to, const json_place& compiled) {
    element e;
    if (!member(o, name, at, e)) return;
    to.push_back(condition_of(e, {&at, name}, {&compiled, name}, json_scope::line));
  }
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_DISCOUNT_HPP
