#ifndef TAILOR_ADAPTERS_OFFER_JSON_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "../offer/mistake.hpp"
#include "../offer/rule.hpp"
#include "offer_json_lines.hpp"
#include "offer_json_options.hpp"
#include "offer_json_reader.hpp"
#include "offer_json_values.hpp"

namespace tailor::inline v0::adapters {

/// The largest text that rules are read from: 32 MiB.
inline constexpr std::size_t max_offer_json_bytes = std::size_t{1} << 25;

namespace detail {

[[nodiscard]] inline simdjson::error_code parse_offer_json(simdjson::dom::parser& parser,
                                                           std::string_view json,
                                                           simdjson::dom::element& root) {
  const auto fault = parser.allocate(json.size() + 64, max_offer_json_depth);
  return fault != simdjson::SUCCESS ? fault : parser.parse(json.data(), json.size()).get(root);
}

/// Gives mistakes the lines of what is wanted.
inline void put_lines(std::string_view json, std::vector<wanted_line> wanted,
                      std::vector<offer::mistake>& mistakes) {
  static_cast<void>(json_walk(json, max_offer_json_depth).walk(wanted));
  for (const wanted_line& w : wanted) mistakes[w.who].line = w.line;
}

/// The rules of one name, and paths of the compiler in the words of their JSON. There is one, or
/// it is a mistake that there are more: then a few of them are looked at.
class json_namesakes {
 public:
  void add(std::string pointer, const simdjson::dom::element& e) {
    all_.push_back({std::move(pointer), e});
  }
  [[nodiscard]] bool empty() const { return all_.empty(); }

  /// The pointer into the document for a mistake of these rules; its path becomes that of the JSON.
  [[nodiscard]] std::string place(offer::mistake& m) {
    if (m.code == errc::duplicate && m.path == "/name") {  // not the first, but those that follow
      again_ = (std::min)(again_ + 1, all_.size() - 1);
      return all_[again_].pointer + m.path;
    }
    constexpr std::size_t few = 8;
    for (std::size_t i = 0; i < all_.size() && i < few; ++i) {
      const json_places& known = all_[i].places();
      const auto whole = known.find(m.path);
      if (whole == known.end()) continue;
      m.path = whole->second;
      return all_[i].pointer + m.path;
    }
    const json_places& known = all_[0].places();
    for (std::string_view part = m.path; !part.empty(); part = part.substr(0, part.rfind('/'))) {
      const auto longest = known.find(part);
      if (longest == known.end()) continue;
      m.path = longest->second;
      break;
    }
    return all_[0].pointer + m.path;
  }

 private:
  struct one {
    std::string pointer;
    simdjson::dom::element e;
    json_places found{};

    const json_places& places() {
      if (found.empty()) {
        json_faults ignored;
        const field_kinds kinds({});
        static_cast<void>(offer_json_reader(ignored, kinds, &found).rule_of(e, pointer));
        found.try_emplace("");  // looked at, even if there is nothing
      }
      return found;
    }
  };
  std::vector<one> all_{};
  std::size_t again_ = 0;
};

}  // namespace detail

/// Rules from JSON (RFC 8259) as docs/reference-offer-json.md has it: all of them or none. Every
/// fault of form is noted in `mistakes` (if not null) with the name of its rule, its place and its
/// line; a path is that into the rule or, where the rule has no name, into the document. What the
/// rules mean is checked by `rule_book::make`; `add_lines` gives those mistakes their lines.
/// oversized beyond 32 MiB; reading stops at 1,000 mistakes. The error has the line in `at`.
/// Cost: O(bytes).
[[nodiscard]] inline result<std::vector<offer::rule>> read_offer_json(
    std::string_view json, const offer_json_options& options,
    std::vector<offer::mistake>* mistakes) {
  detail::json_faults found;
  std::vector<offer::rule> all;
  if (json.size() > max_offer_json_bytes) {
    found.all.push_back({errc::oversized, "more than 32 MiB", {}, {}, 1});
  } else {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (detail::parse_offer_json(parser, json, root) == simdjson::SUCCESS) {
      const detail::field_kinds kinds(options);
      all = detail::offer_json_reader(found, kinds).read(root, options.unit);
      std::vector<detail::wanted_line> wanted;
      wanted.reserve(found.all.size());
      for (std::size_t i = 0; i < found.all.size(); ++i) {
        wanted.push_back({.words = detail::words_of_pointer(found.pointers[i]), .who = i});
      }
      if (!wanted.empty()) detail::put_lines(json, std::move(wanted), found.all);
    } else {
      const auto stop = detail::why_not_json(json, max_offer_json_depth);
      const bool named = stop.code != errc::ok;
      found.all.push_back(
          {named ? stop.code : errc::malformed, named ? stop.what : "not JSON", {}, {}, stop.line});
    }
  }
  if (found.all.empty()) return all;
  const error first{found.all.front().code, found.all.front().what, found.all.front().line};
  if (mistakes != nullptr) *mistakes = std::move(found.all);
  return first;
}
[[nodiscard]] inline result<std::vector<offer::rule>> read_offer_json(
    std::string_view json, std::vector<offer::mistake>* mistakes = nullptr) {
  return read_offer_json(json, {}, mistakes);
}

/// For mistakes that `rule_book::make` found in rules of this document: their lines, and paths as
/// the JSON has them, /when/and/0/==/0/var for /when/all/0/field. Mistakes that have a line or no
/// rule stay as they are, and so do all when the text is no such document.
/// Cost: O(bytes + mistakes × what their rules hold).
inline void add_lines(std::string_view json, std::vector<offer::mistake>& mistakes) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (json.size() > max_offer_json_bytes ||
      detail::parse_offer_json(parser, json, root) != simdjson::SUCCESS) {
    return;
  }
  std::string base;
  const auto list = detail::rules_in(root, base);
  if (!list) return;
  const auto has_no_line = [](const offer::mistake& m) { return m.line == 0 && !m.rule.empty(); };
  std::map<std::string, detail::json_namesakes, std::less<>> rules;
  for (const offer::mistake& m : mistakes) {
    if (has_no_line(m)) rules.try_emplace(m.rule);
  }
  std::size_t index = 0;
  for (const simdjson::dom::element e : *list) {
    std::string pointer = base + '/' + std::to_string(index++);
    std::string_view name;
    if (!e.is_object() || e.at_key("name").get(name) != simdjson::SUCCESS) continue;
    const auto found = rules.find(name);
    if (found != rules.end()) found->second.add(std::move(pointer), e);
  }
  std::vector<detail::wanted_line> wanted;
  for (std::size_t i = 0; i < mistakes.size(); ++i) {
    if (!has_no_line(mistakes[i])) continue;
    detail::json_namesakes& of = rules.find(mistakes[i].rule)->second;
    if (of.empty()) continue;
    wanted.push_back({.words = detail::words_of_pointer(of.place(mistakes[i])), .who = i});
  }
  detail::put_lines(json, std::move(wanted), mistakes);
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_OFFER_JSON_HPP
