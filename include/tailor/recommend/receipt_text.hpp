#ifndef TAILOR_RECOMMEND_RECEIPT_TEXT_HPP
#define TAILOR_RECOMMEND_RECEIPT_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "../core/json_writer.hpp"
#include "explain.hpp"
#include "merchandise.hpp"

namespace tailor::inline v0::recommend {

namespace detail {

[[nodiscard]] constexpr const char* name_of_placing(placed_by how) {
  return how == placed_by::score ? "score" : how == placed_by::pin ? "pin" : "value pin";
}

/// Sixteen digits, so that it can be looked for.
[[nodiscard]] inline std::string hexadecimal(std::uint64_t n) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; n >>= 4) out[i] = "0123456789abcdef"[n & 15];
  return out;
}

/// The name of an item in quotes, or its number where it has none.
template <item_names Names>
[[nodiscard]] std::string named(item_id item, const Names& name) {
  const std::string_view said = name(item);
  if (said.empty()) return std::to_string(raw(item));
  std::string out = "\"";
  out += said;
  out += '"';
  return out;
}
[[nodiscard]] inline std::string named_rule(std::uint32_t n, std::span<const rule> rules) {
  return n < rules.size() ? "\"" + rules[n].name + "\"" : "rule " + std::to_string(n);
}

class receipt_writer : public json_writer {
 public:
  template <item_names Names>
  void write(const receipt& r, std::span<const rule> rules, const Names& name) {
    out += '{';
    item("item", r.item.item, name);
    member("place", std::int64_t{r.place});
    member("score", r.item.score);
    member("reason", name_of(r.item.reason));
    member("stage", std::int64_t{r.item.stage});
    member("placed_by", name_of_placing(r.item.how));
    if (r.item.how != placed_by::score) rule_of(r.item.rule, rules);
    number("user", raw(r.user));
    member("now", r.now.us);
    member("state", hexadecimal(r.state));
    member("rules", hexadecimal(r.rules));
    list("sources", r.sources, [&](const source_said& s) { source(r, s, name); });
    list("boosts", r.boosts, [&](const boost_said& b) {
      out += '{';
      rule_of(b.rule, rules);
      member("percent", std::int64_t{b.percent});
      out += '}';
    });
    out += '}';
  }

 private:
  void number(std::string_view name, std::uint64_t value) {
    member(name);
    out += std::to_string(value);
  }
  template <item_names Names>
  void item(const char* what, item_id i, const Names& name) {
    number(what, raw(i));
    const std::string_view said = name(i);
    if (!said.empty()) member("name", said);
  }
  void rule_of(std::uint32_t n, std::span<const rule> rules) {
    member("rule", std::int64_t{n});
    if (n < rules.size()) member("rule_name", rules[n].name);
  }
  template <class List, class F>
  void list(const char* name, const List& all, const F& write_one) {
    member(name);
    out += '[';
    for (const auto& one : all) {
      comma();
      write_one(one);
    }
    out += ']';
  }
  template <item_names Names>
  void source(const receipt& r, const source_said& s, const Names& name) {
    out += '{';
    member("kind", name_of(s.kind));
    member("bits", std::int64_t{s.bits});
    member("model", hexadecimal(s.model));
    member("percent", std::int64_t{s.percent});
    member("best", s.best);
    member("score", s.score);
    list("parts", r.parts_of(s), [&](const part& p) {
      out += '{';
      if (p.seed != no_item) item("seed", p.seed, name);
      member("reason", name_of(p.reason));
      member("times", std::int64_t{p.times});
      member("amount", p.amount);
      member("both", p.because.both);
      member("source", p.because.source);
      member("target", p.because.target);
      member("population", p.because.population);
      member("weight", p.because.weight);
      member("column", hexadecimal(p.because.column));
      out += '}';
    });
    out += '}';
  }
};

}  // namespace detail

/// A receipt as one JSON object: all that it holds, digests in hexadecimal, and the names of items
/// and rules where there are some. Names have to be UTF-8. Precondition: `check` accepts it;
/// `rules` are those of the answer.
template <item_names Names>
[[nodiscard]] std::string json_of(const receipt& r, std::span<const rule> rules,
                                  const Names& name) {
  detail::receipt_writer writer;
  writer.write(r, rules, name);
  return std::move(writer.out);
}

/// A receipt for people: a line for the item, for each source, for each of its parts, for each
/// boost, every line with its end. Whole numbers as they are added up. Precondition: as json_of.
template <item_names Names>
[[nodiscard]] std::string text_of(const receipt& r, std::span<const rule> rules,
                                  const Names& name) {
  std::string out = "place " + std::to_string(r.place + 1) + ": " +
                    detail::named(r.item.item, name) + ", " + name_of(r.item.reason);
  if (r.item.stage > 0) out += ", stage " + std::to_string(r.item.stage + 1);
  if (r.item.how != placed_by::score) {
    out += ", pinned by " + detail::named_rule(r.item.rule, rules);
  }
  out += ", score " + std::to_string(r.item.score) + "\n";
  for (const source_said& s : r.sources) {
    out += "  " + std::string(name_of(s.kind)) + ": " + std::to_string(s.score) + " of at most " +
           std::to_string(s.best) + ", counts " + std::to_string(s.percent) + " %\n";
    for (const part& p : r.parts_of(s)) {
      out += "    " + std::to_string(p.times) + " x " + std::to_string(p.amount);
      if (p.seed != no_item) {
        out += ", " + std::string(name_of(p.reason)) + " " + detail::named(p.seed, name);
      }
      if (p.because.both > 0) out += ", " + std::to_string(p.because.both) + " people";
      out += "\n";
    }
  }
  for (const boost_said& b : r.boosts) {
    out +=
        "  boost " + detail::named_rule(b.rule, rules) + ": " + std::to_string(b.percent) + " %\n";
  }
  return out;
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RECEIPT_TEXT_HPP
