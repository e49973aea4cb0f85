#ifndef TAILOR_ADAPTERS_OFFER_JSON_READER_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_READER_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json_reader.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../core/money.hpp"
#include "../offer/rule.hpp"
#include "offer_json_discount.hpp"
#include "offer_json_options.hpp"
#include "offer_json_values.hpp"

namespace tailor::inline v0::adapters::detail {

/// The list of rules in a document, and where it stands; no fault is noted.
[[nodiscard]] inline std::optional<simdjson::dom::array> rules_in(
    const simdjson::dom::element& root, std::string& base) {
  simdjson::dom::array list;
  if (root.get(list) == simdjson::SUCCESS) return list;
  simdjson::dom::object o;
  if (root.get(o) != simdjson::SUCCESS || o.at_key("rules").get(list) != simdjson::SUCCESS) {
    return {};
  }
  base = "/rules";
  return list;
}

/// Reads rules. What is wrong is noted, and what is read then is for nobody to see.
class offer_json_reader : private offer_json_discount {
 public:
  using offer_json_discount::offer_json_discount;

  std::vector<offer::rule> read(const simdjson::dom::element& root,
                                const std::optional<currency>& unit) {
    std::vector<offer::rule> all;
    if (unit) decimals_ = unit->exponent();
    if (root.is_object()) head(root, unit);
    std::string base;
    const auto list = rules_in(root, base);
    if (!list) {
      if (!root.is_object()) note(errc::malformed, "a list of rules, or an object that has it", {});
      return all;
    }
    std::size_t i = 0;
    for (const element e : *list) {
      if (out_->full()) {
        out_->all.back() = {errc::full, "1,000 mistakes: what follows is not read", {}, base};
        out_->pointers.back() = base;
        break;
      }
      all.push_back(rule_of(e, base + '/' + std::to_string(i++)));
    }
    return all;
  }

  /// One rule. `base` is the pointer to it.
  offer::rule rule_of(const element& e, std::string base) {
    const json_place at{};
    offer::rule r;
    object_type o;
    base_ = std::move(base);
    name_.clear();
    std::string_view name;
    if (e.is_object() && e.at_key("name").get(name) == simdjson::SUCCESS &&
        name.size() <= offer::condition_limits::text) {  // it comes with every mistake
      name_ = name;
    }
    if (!object(e, at, o,
                {"name", "when", "gives", "priority", "group", "combines", "from", "until", "hours",
                 "channels", "arms", "audience"})) {
      return r;
    }
    element part;
    begin_conditions();
    if (member(o, "name", at, part, true) && text(part, {&at, "name"}, r.name) && r.name.empty()) {
      note(errc::empty_id, "a name", {&at, "name"});
    }
    if (r.name.size() > offer::condition_limits::text) {
      note(errc::oversized, "a name of over 1,000 bytes", {&at, "name"});
    }
    const json_place when{&at, "when"};
    const json_place gives{&at, "gives"};
    if (member(o, "when", at, part)) r.when = condition_of(part, when, when, json_scope::cart);
    if (member(o, "gives", at, part)) r.gives = discount_of(part, gives);
    std::int64_t priority = 0;
    integer(o, "priority", at, priority);
    r.priority = static_cast<std::int32_t>(priority);
    if (r.priority != priority) {
      note(errc::overflow, "a whole number of 32 bits", {&at, "priority"});
    }
    text(o, "group", at, r.group);
    if (member(o, "combines", at, part)) {
      std::string_view how;
      const bool is_text = part.get(how) == simdjson::SUCCESS;
      if (is_text && how == "alone") r.combines = offer::combining::alone;
      if (!is_text || (how != "alone" && how != "with_others")) {
        note(errc::unknown, R"("with_others" or "alone")", {&at, "combines"});
      }
    }
    moment(o, "from", at, r.from);
    moment(o, "until", at, r.until);
    each(o, "hours", at, [&](const element& span, const json_place& here) {
      r.hours.push_back(hours_of(span, here));
    });
    texts(o, "channels", at, r.channels);
    texts(o, "arms", at, r.arms);
    texts(o, "audience", at, r.audience);
    return r;
  }

 private:
  offer::weekly_hours hours_of(const element& e, const json_place& at) {
    offer::weekly_hours h;
    object_type o;
    if (!object(e, at, o, {"days", "from", "until"})) return h;
    each(o, "days", at, [&](const element& day, const json_place& here) {
      h.days.emplace_back();
      integer(day, here, h.days.back());
    });
    minute(o, "from", at, h.from);
    minute(o, "until", at, h.until);
    return h;
  }

  /// What a document says beside its rules.
  void head(const element& root, const std::optional<currency>& unit) {
    const json_place at{};
    object_type o;
    element e;
    if (!object(root, at, o, {"currency", "decimals", "rules"})) return;
    if (member(o, "rules", at, e, true) && !e.is_array()) {
      note(errc::malformed, "a list of rules", {&at, "rules"});
    }
    std::int64_t decimals = unit ? unit->exponent() : -1;
    if (integer(o, "decimals", at, decimals)) {
      if (decimals < 0 || decimals > 4) {
        note(errc::out_of_range, "0 to 4 decimals", {&at, "decimals"});
        decimals = -1;
      }
      decimals_ = static_cast<int>(decimals);
    }
    std::string code;
    if (!member(o, "currency", at, e)) return;
    if (!text(e, {&at, "currency"}, code)) return;
    if (!currency::make(code, 0)) {
      return note(errc::malformed, "a currency: three letters, A to Z", {&at, "currency"});
    }
    if (unit && (code != unit->code() || decimals != unit->exponent())) {
      note(errc::mixed_currency, "not the currency of the book", {&at, "currency"});
    }
  }
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_READER_HPP
