#ifndef TAILOR_ADAPTERS_SEGMENT_JSON_READER_HPP
#define TAILOR_ADAPTERS_SEGMENT_JSON_READER_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/segment_json_reader.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::segment_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../events/vocabulary.hpp"
#include "../segment/rule.hpp"
#include "segment_json_values.hpp"

namespace tailor::inline v0::adapters::detail {

/// Reads rules. What is wrong is noted, and what is read then is for nobody to see.
class segment_json_reader : private segment_json_values {
 public:
  using segment_json_values::segment_json_values;

  std::vector<segment::segment_definition> read(const simdjson::dom::element& root) {
    std::vector<segment::segment_definition> all;
    simdjson::dom::array list;
    if (root.get(list) != simdjson::SUCCESS) {
      note(errc::malformed, "a list of segments");
      return all;
    }
    std::size_t i = 0;
    for (const simdjson::dom::element e : list) {
      if (i == segment::rule_limits::segments) {
        note(errc::full, "more than 10,000 segments");
        break;
      }
      const step s(*this, std::to_string(i++));
      name_.clear();
      simdjson::dom::object o;
      if (!object(e, o, {"name", "who"})) continue;
      all.emplace_back();
      text(o, "name", all.back().name);
      name_ = all.back().name;
      simdjson::dom::element who;
      if (member(o, "who", who, true)) all.back().who = rule_of(who, "who", 1);
    }
    return all;
  }

 private:
  segment::rule rule_of(const element& e, std::string_view name, std::size_t depth) {
    const step s(*this, name);
    if (depth > segment::rule_limits::depth) {
      note(errc::oversized, "deeper than 16");
      return {};
    }
    object_type o;
    if (e.get(o) != simdjson::SUCCESS) {
      note(errc::malformed, "an object");
      return {};
    }
    element part;
    if (member(o, "all", part)) return {group_of(e, "all", segment::joined_by::all, depth)};
    if (member(o, "any", part)) return {group_of(e, "any", segment::joined_by::any, depth)};
    if (member(o, "not", part)) {
      segment::group g{segment::joined_by::none, {}};
      if (object(e, o, {"not"})) g.parts.push_back(rule_of(part, "not", depth + 1));
      return {std::move(g)};
    }
    if (member(o, "measure", part)) return {events_of(e)};
    if (member(o, "property", part)) return {property_of(e)};
    if (member(o, "member", part)) {
      segment::membership_test t;
      if (!object(e, o, {"member", "joined"})) return {};
      text(o, "member", t.segment);
      frame(o, "joined", t.joined);
      return {std::move(t)};
    }
    if (member(o, "model", part)) {
      segment::standing_test t;
      if (!object(e, o, {"model", "low", "high", "label"})) return {};
      text(o, "model", t.model);
      if (member(o, "label", part)) {
        text(o, "label", t.label);
        if (t.label.empty()) note(errc::empty_id, "a label", "label");
        if (member(o, "low", part) || member(o, "high", part)) {
          note(errc::conflict, "a label or a range", "label");
        }
      } else {
        integer(o, "low", t.low, true);
        integer(o, "high", t.high, true);
      }
      return {std::move(t)};
    }
    if (member(o, "funnel", part)) return {funnel_of(e)};
    note(errc::unknown, "rule");
    return {};
  }

  segment::group group_of(const element& e, const char* name, segment::joined_by how,
                          std::size_t depth) {
    segment::group g{how, {}};
    object_type o;
    if (!object(e, o, {name})) return g;
    each(o, name, [&](const element& part) {
      // each() has gone one word down already; the place of the part is that word.
      const std::size_t slash = path_.rfind('/');
      const std::string place = path_.substr(slash + 1);
      path_.resize(slash);
      g.parts.push_back(rule_of(part, place, depth + 1));
      path_ += '/';
      path_ += place;
    });
    return g;
  }

  segment::event_test events_of(const element& e) {
    segment::event_test t;
    object_type o;
    if (!object(e, o, {"measure", "of", "when", "is", "bound"})) return t;
    word(o, "measure", t.what, 6);
    word(o, "is", t.op, 6);
    integer(o, "bound", t.bound, true);
    element part;
    if (member(o, "of", part, true)) t.which = filter_of(part);
    frame(o, "when", t.when);
    return t;
  }

  segment::event_filter filter_of(const element& e) {
    segment::event_filter f;
    const step s(*this, "of");
    object_type o;
    if (!object(e, o, {"kinds", "items", "price", "quantity", "item"})) return f;
    each(o, "kinds", [&](const element& part) {
      std::string_view name;
      if (part.get(name) != simdjson::SUCCESS) return note(errc::malformed, "a text");
      const auto kind = events::kind_of(events::event_spec::tailor, name);
      if (!kind) return note(errc::unknown, "kind of event");
      f.kinds.push_back(*kind);
    });
    each(o, "items", [&](const element& part) {
      std::uint64_t id = 0;
      if (part.get(id) != simdjson::SUCCESS) return note(errc::malformed, "an item id");
      f.items.push_back(item_id{id});
    });
    range(o, "price", f.least_price, f.most_price);
    range(o, "quantity", f.least_quantity, f.most_quantity);
    each(o, "item", [&](const element& part) { f.item.push_back(property_of(part)); });
    return f;
  }
  void range(const object_type& o, const char* name, std::int64_t& from, std::int64_t& to) {
    element e;
    object_type r;
    if (!member(o, name, e)) return;
    const step s(*this, name);
    if (!object(e, r, {"from", "to"})) return;
    integer(r, "from", from, false);
    integer(r, "to", to, false);
  }

  segment::property_test property_of(const element& e) {
    segment::property_test t;
    object_type o;
    if (!object(e, o, {"property", "is", "number", "numbers", "text", "texts", "flag", "when"})) {
      return t;
    }
    text(o, "property", t.name);
    word(o, "is", t.op, 14);
    element part;
    std::int64_t n = 0;
    bool b = false;
    if (integer(o, "number", n, false)) t.numbers.push_back(n);
    if (member(o, "flag", part)) {
      if (part.get(b) != simdjson::SUCCESS) note(errc::malformed, "true or false", "flag");
      t.numbers.push_back(b ? 1 : 0);
    }
    each(o, "numbers", [&](const element& x) {
      if (x.get(n) != simdjson::SUCCESS) return note(errc::malformed, "a whole number of 64 bits");
      t.numbers.push_back(n);
    });
    if (member(o, "text", part)) {
      t.texts.emplace_back();
      text(o, "text", t.texts.back());
    }
    each(o, "texts", [&](const element& x) {
      std::string_view s;
      if (x.get(s) != simdjson::SUCCESS) return note(errc::malformed, "a text");
      t.texts.emplace_back(s);
    });
    frame(o, "when", t.when);
    return t;
  }

  segment::funnel_test funnel_of(const element& e) {
    segment::funnel_test t;
    object_type o;
    if (!object(e, o, {"funnel", "within", "when"})) return t;
    each(o, "funnel", [&](const element& part) {
      segment::funnel_step step_read;
      object_type of;
      element x;
      if (!object(part, of, {"of", "happened"})) return;
      if (member(of, "of", x, true)) step_read.which = filter_of(x);
      if (member(of, "happened", x) && x.get(step_read.happened) != simdjson::SUCCESS) {
        note(errc::malformed, "true or false", "happened");
      }
      t.steps.push_back(std::move(step_read));
    });
    length(o, "within", t.within, true);
    frame(o, "when", t.when);
    return t;
  }
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_SEGMENT_JSON_READER_HPP
