#ifndef TAILOR_ADAPTERS_OFFER_JSON_WRITE_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_WRITE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/ids.hpp"
#include "../core/iso8601.hpp"
#include "../core/time.hpp"
#include "../offer/discount.hpp"
#include "../offer/rule.hpp"
#include "offer_json_options.hpp"
#include "offer_json_write_logic.hpp"

namespace tailor::inline v0::adapters {

namespace detail {

/// Appends rules as JSON; members in a fixed order, what is as by default left out.
class offer_json_writer : public offer_json_logic_writer {
 public:
  using offer_json_logic_writer::offer_json_logic_writer;

  void write(const offer::rule& r) {
    out += '{';
    member("name", r.name);
    if (r.when != offer::condition{}) condition_member("when", r.when, json_scope::cart);
    if (!std::holds_alternative<offer::no_discount>(r.gives)) {
      member("gives");
      out += '{';
      std::visit([this](const auto& d) { give(d); }, r.gives);
      out += "}}";
    }
    if (r.priority != 0) member("priority", r.priority);
    if (!r.group.empty()) member("group", r.group);
    if (r.combines == offer::combining::alone) member("combines", "alone");
    if (r.from.us != INT64_MIN) moment("from", r.from);
    if (r.until.us != INT64_MAX) moment("until", r.until);
    if (!r.hours.empty()) {
      member("hours");
      out += '[';
      for (const offer::weekly_hours& h : r.hours) hours(h);
      out += ']';
    }
    texts("channels", r.channels);
    texts("arms", r.arms);
    texts("audience", r.audience);
    out += '}';
  }

 private:
  /// Years that no text is read of are numbers.
  void moment(const char* name, timestamp t) {
    if (t < first_iso_moment || t >= end_of_iso_time) return member(name, t.us);
    member(name, format_timestamp(t));
  }
  void minute(const char* name, std::int64_t m) {
    if (m < 0 || m > 1'440) return member(name, m);
    std::string text = "00:00";
    text[0] = static_cast<char>('0' + m / 600);
    text[1] = static_cast<char>('0' + m / 60 % 10);
    text[3] = static_cast<char>('0' + m % 60 / 10);
    text[4] = static_cast<char>('0' + m % 10);
    member(name, text);
  }
  void hours(const offer::weekly_hours& h) {
    comma();
    out += '{';
    if (!h.days.empty()) {
      member("days");
      out += '[';
      for (const std::int64_t d : h.days) {
        comma();
        out += std::to_string(d);
      }
      out += ']';
    }
    if (h.from != 0) minute("from", h.from);
    if (h.until != 1'440) minute("until", h.until);
    out += '}';
  }
  void texts(const char* name, const std::vector<std::string>& all) {
    if (all.empty()) return;
    member(name);
    list(all);
  }

  void begin(const char* kind) {
    member(kind);
    out += '{';
  }
  /// A share of nothing or less is no share, and a number as it is.
  void share(std::int64_t points) {
    if (points < 0) return member("share", points);
    std::string text = std::to_string(points / 100);
    if (points % 100 != 0) {
      text += '.';
      text += static_cast<char>('0' + points % 100 / 10);
      if (points % 10 != 0) text += static_cast<char>('0' + points % 10);
    }
    member("share", text + '%');
  }
  void from(offer::taken_from f, offer::taken_from by_default) {
    constexpr const char* words[] = {"lines", "units", "order"};
    if (f != by_default) member("from", words[static_cast<std::size_t>(f)]);
  }
  void on(const char* name, const std::vector<offer::condition>& c) {
    if (!c.empty()) condition_member(name, c[0], json_scope::line);
  }
  void most(const char* name, std::int64_t n) {
    if (n != INT64_MAX) member(name, n);
  }

  void give(const offer::no_discount&) { begin("no_discount"); }
  void give(const offer::percent_off& d) {
    begin("percent_off");
    share(d.share);
    from(d.from, offer::taken_from::lines);
    on("on", d.on);
    most("at_most", d.at_most);
  }
  void give(const offer::amount_off& d) {
    begin("amount_off");
    member("amount", d.minor);
    from(d.from, offer::taken_from::order);
    on("on", d.on);
    most("at_most", d.at_most);
  }
  void give(const offer::fixed_price& d) {
    begin("fixed_price");
    member("amount", d.minor);
    on("on", d.on);
    most("at_most", d.at_most);
  }
  void give(const offer::buy_get& d) {
    begin("buy_get");
    member("buy", d.buy);
    member("get", d.get);
    if (d.share != offer::whole_share) share(d.share);
    if (d.which == offer::reward::same_item) member("which", "same_item");
    on("on", d.on);
    on("of", d.of);
    most("times", d.times);
    most("at_most", d.at_most);
  }
  void give(const offer::tiered& d) {
    begin("tiered");
    member("tiers");
    out += '[';
    for (const offer::tier& t : d.tiers) {
      comma();
      out += '{';
      member("pieces", t.pieces);
      share(t.share);
      out += '}';
    }
    out += ']';
    on("on", d.on);
    most("at_most", d.at_most);
  }
  void give(const offer::bundle_price& d) {
    begin("bundle_price");
    member("parts");
    out += '[';
    for (const offer::bundle_part& p : d.parts) {
      comma();
      out += '{';
      on("on", p.on);
      if (p.pieces != 1) member("pieces", p.pieces);
      out += '}';
    }
    out += ']';
    member("amount", d.minor);
    most("times", d.times);
    most("at_most", d.at_most);
  }
  void give(const offer::free_shipping& d) {
    begin("free_shipping");
    most("at_most", d.at_most);
  }
  void give(const offer::gift& d) {
    begin("gift");
    member("item");
    out += std::to_string(raw(d.item));
    if (d.pieces != 1) member("pieces", d.pieces);
    if (d.worth != 0) member("worth", d.worth);
  }
};

}  // namespace detail

/// Rules as JSON that `read_offer_json` reads back as equal rules, those that a book can be made of
/// (of a question about lines that is any, all or none, `op` and `bound` say nothing and are not
/// written). With the fields of the book, questions about sets are written so that JsonLogic
/// libraries answer them as we do, and read back with the same fields. Amounts are minor units.
/// Equal rules give equal bytes. Texts have to be UTF-8. Needs no JSON library. Cost: O(bytes).
[[nodiscard]] inline std::string write_offer_json(std::span<const offer::rule> all,
                                                  const offer_json_options& options = {}) {
  const detail::field_kinds kinds(options);
  return json_list(detail::offer_json_writer(kinds), all);
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_OFFER_JSON_WRITE_HPP
