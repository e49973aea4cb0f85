#ifndef TAILOR_OFFER_TWIN_SEARCH_HPP
#define TAILOR_OFFER_TWIN_SEARCH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../core/hash.hpp"
#include "compiled_rules.hpp"
#include "finding.hpp"
#include "rule_regions.hpp"

namespace tailor::inline v0::offer::detail {

/// A number that is equal for equal discounts; the same on every platform.
class discount_mark {
 public:
  [[nodiscard]] static std::uint64_t of(const discount& d) {
    discount_mark m;
    m.mix(d.index());
    std::visit([&m](const auto& one) { m.add(one); }, d);
    return m.h_;
  }

 private:
  void mix(std::uint64_t x) { h_ = mix64(h_ ^ x) + 0x9e3779b97f4a7c15u; }
  void mix(std::int64_t x) { mix(static_cast<std::uint64_t>(x)); }
  void mix(const std::string& s) { mix(siphash13({}, s)); }

  template <class D>
  void add(const D& d) {
    if constexpr (requires { d.share; }) mix(d.share);
    if constexpr (requires { d.minor; }) mix(d.minor);
    if constexpr (requires { d.from; }) mix(static_cast<std::uint64_t>(d.from));
    if constexpr (requires { d.at_most; }) mix(d.at_most);
    if constexpr (requires { d.buy; }) mix(d.buy * 1'000'003 + d.get);
    if constexpr (requires { d.times; }) mix(d.times);
    if constexpr (requires { d.item; }) mix(raw(d.item));
    if constexpr (requires { d.pieces; }) mix(d.pieces);
    if constexpr (requires { d.on; }) add(d.on);
    if constexpr (requires { d.of; }) add(d.of);
    if constexpr (requires { d.parts; }) {
      for (const auto& p : d.parts) add(p.on);
    }
    if constexpr (requires { d.tiers; }) {
      for (const tier& t : d.tiers) mix(t.pieces * 16'384 + t.share);
    }
  }
  void add(const std::vector<condition>& all) {
    mix(all.size());
    for (const condition& c : all) add(c);
  }
  void add(const condition& c) {
    if (const group* g = std::get_if<group>(&c.is)) {
      mix(static_cast<std::uint64_t>(g->how));
      add(g->parts);
    } else if (const test* t = std::get_if<test>(&c.is)) {
      mix(t->field);
      mix(static_cast<std::uint64_t>(t->op));
      for (const std::int64_t n : t->numbers) mix(n);
      for (const std::string& s : t->texts) mix(s);
    }  // a line has no lines, and no segments are worth a mark
  }

  std::uint64_t h_ = 0;
};

/// Finds rules of equal conditions: with equal discounts as well, or of one group and priority, so
/// that nothing but the name says which comes first.
class twin_search {
 public:
  twin_search(const compiled_rules& rules, const rule_regions& regions, std::uint64_t most_looks)
      : rules_(&rules), regions_(&regions), left_(most_looks) {}

  void duplicates(std::vector<finding>& out) {
    const auto mark = [this](std::uint32_t r) { return discount_mark::of(rules_->rules[r].gives); };
    search(out, mark, "of rules that say the same",
           [this](std::uint32_t a, std::uint32_t b) {
             return rules_->rules[a].gives == rules_->rules[b].gives;
           },
           {finding_kind::duplicate, 0, 0, "has the condition and the discount of"});
  }

  void name_decides(std::vector<finding>& out) {
    const auto mark = [this](std::uint32_t r) {
      const rule& x = rules_->rules[r];
      const std::uint32_t among =
          x.combines == combining::alone ? UINT32_MAX : rules_->compiled[r].group;
      return std::uint64_t{among} << 32 ^ static_cast<std::uint32_t>(x.priority);
    };
    const auto rivals = [this](std::uint32_t a, std::uint32_t b) {
      const rule &x = rules_->rules[a], &y = rules_->rules[b];
      const bool exclude =
          x.combines == combining::alone
              ? y.combines == combining::alone
              : y.combines != combining::alone && !x.group.empty() && x.group == y.group;
      return exclude && x.priority == y.priority && !(x.gives == y.gives);
    };
    search(out, mark, "of rules that only their names tell apart", rivals,
           {finding_kind::name_decides, 0, 0,
            "gives something else where nothing but the name puts it behind"});
  }

 private:
  /// For each rule the first one before it that has the same region and passes `pair`.
  template <class Mark, class Pair>
  void search(std::vector<finding>& out, const Mark& mark, const char* stage, const Pair& pair,
              finding found) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> marked;
    for (std::uint32_t r = 0; r < regions_->size(); ++r) {
      if ((*regions_)[r].is != rule_regions::state::may_hold) continue;
      marked.emplace_back(mix64(regions_->fingerprint(r)) ^ mix64(mark(r)), r);
    }
    std::sort(marked.begin(), marked.end());
    std::vector<std::size_t> run(regions_->size(), 0);  // of each rule: where its equals begin
    for (std::size_t i = 0, first = 0; i < marked.size(); ++i) {
      if (marked[i].first != marked[first].first) first = i;
      run[marked[i].second] = first;
    }
    for (std::uint32_t b = 0; b < run.size(); ++b) {
      if ((*regions_)[b].is != rule_regions::state::may_hold) continue;
      for (std::size_t j = run[b]; marked[j].second < b; ++j) {
        if (left_ == 0) {
          out.push_back({finding_kind::cut, b, finding::none, stage,
                         static_cast<std::int64_t>(run.size() - b)});
          return;
        }
        --left_;
        const std::uint32_t a = marked[j].second;
        if (!pair(a, b) || !regions_->same(a, b)) continue;
        found.rule = b;
        found.other = a;
        out.push_back(found);
        break;
      }
    }
  }

  const compiled_rules* rules_;
  const rule_regions* regions_;
  std::uint64_t left_;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TWIN_SEARCH_HPP
