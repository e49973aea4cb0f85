#include "tailor/adapters/mustache.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/counted_new.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using adapters::mustache_escape;
using adapters::mustache_limits;
using adapters::mustache_missing;
using adapters::mustache_options;
using adapters::mustache_partials;
using adapters::mustache_template;
using adapters::place_of;
using adapters::text_place;
using offer::message_context;

using tailor_test::allocations;

namespace {

/// A shop's letter: one of everything.
message_context letter() {
  message_context m;
  auto root = m.root();
  root.text("name", "Ann & Bo").flag("vip", true).flag("new", false).text("note", "");
  root.text("markup", "<b>\"x\" 'y'</b>").number("count", 0);
  root.object("shop").text("name", "Teas").object("at").text("city", "Bern");
  auto lines = root.list("lines");
  lines.object().text("item", "tea").number("pieces", 2);
  lines.object().text("item", "cup").number("pieces", 1).flag("vip", false);
  root.list("none");
  root.list("words").text("a").text("<b>").text("c");
  auto rows = root.list("rows");
  rows.list().text("1").text("2");
  rows.list().text("3");
  return m;
}

std::string rendered(std::string_view text, const mustache_partials& partials = mustache_partials{},
                     const mustache_options& options = {}) {
  std::string out;
  const auto t = mustache_template::make(std::string(text));
  if (!t) return std::string("refused: ") + t.error().what;
  const message_context m = letter();
  const status s = t->render(m, out, partials, options);
  return s ? out : std::string("failed: ") + s.error().what;
}

mustache_partials partials(std::vector<std::pair<std::string, std::string>> all) {
  mustache_partials p;
  for (auto& [name, text] : all) REQUIRE(p.add(name, text));
  return p;
}

}  // namespace

TEST_CASE("mustache: text without tags stays as it is") {
  CHECK(rendered("") == "");
  CHECK(rendered("Hello {name}, } {\n") == "Hello {name}, } {\n");
  CHECK(rendered("Grüße 🍵\r\n") == "Grüße 🍵\r\n");
}

TEST_CASE("mustache: variables are escaped unless the tag says otherwise") {
  CHECK(rendered("{{name}}") == "Ann &amp; Bo");
  CHECK(rendered("{{markup}}") == "&lt;b&gt;&quot;x&quot; &#39;y&#39;&lt;/b&gt;");
  CHECK(rendered("{{{markup}}}|{{&markup}}|{{& markup }}|{{{ markup }}}") ==
        "<b>\"x\" 'y'</b>|<b>\"x\" 'y'</b>|<b>\"x\" 'y'</b>|<b>\"x\" 'y'</b>");
  CHECK(rendered("{{markup}}", mustache_partials{}, {.escape = mustache_escape::none}) ==
        "<b>\"x\" 'y'</b>");
  CHECK(rendered("{{ name\n}}") == "Ann &amp; Bo");
  CHECK(rendered("  {{count}}\n") == "  0\n");
  CHECK(rendered("{{vip}} {{new}}") == "true false");
  CHECK(rendered("{{note}}{{unheard}}{{{unheard}}}{{lines}}{{shop}}{{.}}") == "");
}

TEST_CASE("mustache: what is filled in is never read as a template") {
  message_context m;
  m.root().text("a", "{{b}}").text("b", "no");
  std::string out;
  CHECK(mustache_template::make("{{a}} {{{a}}}")->render(m, out));
  CHECK(out == "{{b}} {{b}}");
}

TEST_CASE("mustache: dotted names go down, and only the first part looks outward") {
  CHECK(rendered("{{shop.name}} in {{shop.at.city}}") == "Teas in Bern");
  CHECK(rendered("{{#shop}}{{name}}, {{at.city}}, {{count}}{{/shop}}") == "Teas, Bern, 0");
  CHECK(rendered("{{#shop}}{{at.name}}{{/shop}}") == "");  // a broken chain, though there is a name
  CHECK(rendered("{{shop.at.city.x}}{{name.x}}{{nobody.name}}") == "");
  CHECK(rendered("{{#shop.at.city}}yes{{/shop.at.city}}{{^shop.no}}no{{/shop.no}}") == "yesno");
}

TEST_CASE("mustache: sections ask, repeat and look inward first") {
  CHECK(rendered("{{#vip}}a{{/vip}}{{#new}}b{{/new}}{{^new}}c{{/new}}{{^vip}}d{{/vip}}") == "ac");
  CHECK(rendered("{{#note}}a{{/note}}{{^note}}b{{/note}}{{#count}}c{{/count}}") == "bc");
  CHECK(rendered("{{#none}}a{{/none}}{{^none}}b{{/none}}{{#gone}}c{{/gone}}{{^gone}}d{{/gone}}") ==
        "bd");
  CHECK(rendered("{{#lines}}{{pieces}} {{item}} for {{shop.name}}{{#vip}}!{{/vip}},{{/lines}}") ==
        "2 tea for Teas!,1 cup for Teas,");
  CHECK(rendered("{{#words}}({{.}}){{/words}}") == "(a)(&lt;b&gt;)(c)");
  CHECK(rendered("{{#words}}({{{.}}}){{/words}}") == "(a)(<b>)(c)");
  CHECK(rendered("{{#rows}}[{{#.}}{{.}}{{/.}}]{{/rows}}") == "[12][3]");
  CHECK(rendered("{{#name}}{{.}} is {{name}}{{/name}}") == "Ann &amp; Bo is Ann &amp; Bo");
  CHECK(rendered("|{{# vip }}={{/ vip }}|{{^ new }}={{/ new }}|") == "|=|=|");
}

TEST_CASE("mustache: a line with nothing but a tag vanishes, variables excepted") {
  CHECK(rendered("a\n{{#vip}}\nb\n{{/vip}}\nc\n") == "a\nb\nc\n");
  CHECK(rendered("a\n  {{#vip}} \t\nb\n\t{{/vip}}\nc") == "a\nb\nc");
  CHECK(rendered("a\r\n{{#vip}}\r\n{{/vip}}\r\nb") == "a\r\nb");
  CHECK(rendered("  {{#vip}}\nb{{/vip}}\nc") == "b\nc");
  CHECK(rendered("a{{#vip}}\nb\n  {{/vip}}") == "a\nb\n");
  CHECK(rendered(" | {{#vip}}\t|\t{{/vip}} | \n") == " | \t|\t | \n");
  CHECK(rendered(" {{#vip}}a{{/vip}}\n {{#vip}}b{{/vip}}\n") == " a\n b\n");
  CHECK(rendered(" | {{#vip}} {{! x }}\n {{/vip}} | \n") == " |  \n  | \n");
  CHECK(rendered("{{#vip}} {{/vip}}\n") == " \n");  // two tags are not alone
  CHECK(rendered("a\n {{^new}}\n{{/new}}\nb\n") == "a\nb\n");
}

TEST_CASE("mustache: comments are not there") {
  CHECK(rendered("12{{! a }}34") == "1234");
  CHECK(rendered("a\n{{! b }}\nc\n") == "a\nc\n");
  CHECK(rendered("a\n  {{!\n b\n  }}\nc\n") == "a\nc\n");
  CHECK(rendered("  12 {{! 34 }}\n") == "  12 \n");
  CHECK(rendered("{{!name}}{{! {{ }}") == "");
}

TEST_CASE("mustache: delimiters can be set, for what follows in the same text") {
  CHECK(rendered("{{=<% %>=}}(<%name%>){{name}}<%{markup}%>") ==
        "(Ann &amp; Bo){{name}}<b>\"x\" 'y'</b>");
  CHECK(rendered("({{=[ ]=}}[name])[={{ }}=]{{count}}") == "(Ann &amp; Bo)0");
  CHECK(rendered("{{= | | =}}\n|#vip|\n{{vip}} |count|\n|/vip|\n") == "{{vip}} 0\n");
  CHECK(rendered("a\n  {{=@ @=}}\nb\n") == "a\nb\n");
  CHECK(rendered("|{{= @   @ =}}|") == "||");
  CHECK(rendered("{{= | | =}}[ |>p| ]", partials({{"p", ".{{count}}."}})) == "[ .0. ]");
  CHECK(rendered("[ {{>p}} ] |count|", partials({{"p", "{{= | | =}}|count|"}})) == "[ 0 ] |count|");
}

TEST_CASE("mustache: partials are filled where they are, and indented when alone on a line") {
  const auto p = partials({{"line", "{{pieces}} {{item}}\n"},
                           {"two", ">\n>"},
                           {"tabs", "\t|\t"},
                           {"outer", "o\n  {{>two}}\n{{>two}}"},
                           {"raw", "|\n{{{text}}}\n|\n"},
                           {"if", "{{#vip}}\na\n{{/vip}}\n{{#vip}}b{{/vip}}c\n\nd\n"}});
  CHECK(rendered("{{#lines}}\n- {{>line}}\n{{/lines}}\n", p) == "- 2 tea\n\n- 1 cup\n\n");
  CHECK(rendered("{{#lines}}\n  {{>line}}\n{{/lines}}\n", p) == "  2 tea\n  1 cup\n");
  CHECK(rendered("| {{>tabs}} |", p) == "| \t|\t |");
  CHECK(rendered("  {{count}}  {{> two}}\n", p) == "  0  >\n>\n");
  CHECK(rendered("  {{>two}}\n>", p) == "  >\n  >>");
  CHECK(rendered(">\n  {{>two}}", p) == ">\n  >\n  >");
  CHECK(rendered("|\r\n{{>two}}\r\n|", p) == "|\r\n>\n>|");
  CHECK(rendered(" {{>outer}}\n", p) == " o\n   >\n   > >\n >");
  CHECK(rendered("  {{>if}}\n", p) == "  a\n  bc\n  \n  d\n");
  CHECK(rendered("({{>none}})", p) == "()");
  message_context m;
  m.root().text("text", "<\n->");
  std::string out;
  CHECK(mustache_template::make("\\\n {{>raw}}\n/\n")->render(m, out, p));
  CHECK(out == "\\\n |\n <\n->\n |\n/\n");  // what is filled in is not indented
}

TEST_CASE("mustache: a partial may hold itself as long as the context goes on") {
  message_context m;
  auto root = m.root();
  root.text("c", "x");
  auto a = root.list("n").object();
  a.text("c", "y");
  a.list("n");
  const auto p = partials({{"node", "{{c}}<{{#n}}{{>node}}{{/n}}>"}});
  std::string out;
  CHECK(mustache_template::make("{{>node}}")->render(m, out, p));
  CHECK(out == "x<y<>>");
}

TEST_CASE("mustache: mistakes are told with line and column") {
  const auto fault = [](std::string_view text, const mustache_limits& limits = {}) {
    return mustache_template::make(std::string(text), limits).error();
  };
  const auto place = [&](std::string_view text) { return place_of(text, fault(text).at); };
  CHECK(fault("a\n  {{#vip}}\nb") == errc::malformed);
  CHECK(std::string(fault("{{#vip}}").what) == "section is not closed");
  CHECK(place("a\nüü{{#vip}}\nb") == text_place{2, 3});
  CHECK(std::string(fault("a {{name").what) == "tag is not closed");
  CHECK(place("a\n\n {{name }") == text_place{3, 2});
  CHECK(std::string(fault("{{{name}}").what) == "tag is not closed");
  CHECK(std::string(fault("{{/vip}}").what) == "no section is open");
  CHECK(std::string(fault("{{#a}}{{#b}}{{/a}}{{/b}}").what) == "another section is open");
  CHECK(place("{{#a}}{{#b}}{{/a}}{{/b}}") == text_place{1, 13});
  CHECK(std::string(fault("{{}}").what) == "tag without a name");
  CHECK(std::string(fault("{{# }}").what) == "tag without a name");
  CHECK(std::string(fault("{{a b}}").what) == "space in a name");
  for (const char* bad : {"{{.a}}", "{{a.}}", "{{a..b}}", "{{..}}"}) {
    CHECK(std::string(fault(bad).what) == "empty part of a name");
  }
  for (const char* bad : {"{{= =}}", "{{=a=}}", "{{=a b c=}}", "{{=<= =>=}}", "{{==}}"}) {
    CHECK(fault(bad) == errc::malformed);
  }
  for (const char* bad : {"{{<a}}{{/a}}", "{{$a}}{{/a}}", "{{>*a}}"}) {
    CHECK(fault(bad) == errc::unknown);
  }
  CHECK(fault("{{#a}}{{#b}}{{/b}}{{/a}}", {.depth = 1}) == errc::full);
  CHECK_FALSE(fault("{{#b}}{{/b}}{{#a}}{{/a}}", {.depth = 1}) == errc::full);
  CHECK(fault("12345", {.bytes = 4}) == errc::oversized);
  CHECK(fault("a\xff{{name}}") == errc::not_text);
}

TEST_CASE("mustache: names that are not there are nothing, or an error on request") {
  const mustache_options strict{.missing = mustache_missing::error};
  const mustache_partials none;
  CHECK(rendered("{{name}}{{#gone}}x{{/gone}}{{^gone}}y{{/gone}}", none, strict) ==
        "Ann &amp; Boy");
  CHECK(rendered("a{{gone}}", none, strict) == "failed: name");
  CHECK(rendered("a{{shop.gone}}", none, strict) == "failed: name");
  CHECK(rendered("a{{shop}}", none, strict) == "failed: name of no text");
  CHECK(rendered("a{{>gone}}", none, strict) == "failed: partial");
  CHECK(rendered("a{{note}}", none, strict) == "a");
}

TEST_CASE("mustache: a render that fails appends nothing") {
  const message_context m = letter();
  std::string out = "before";
  const auto t = mustache_template::make("{{#lines}}{{item}}{{/lines}}{{gone}}");
  const status s = t->render(m, out, {.missing = mustache_missing::error});
  CHECK(s == errc::unknown);
  CHECK(place_of(t->text(), s.error().at) == text_place{1, 31});
  CHECK(out == "before");
  CHECK(t->render(m, out));
  CHECK(out == "beforeteacup");

  message_context broken;
  broken.root().text("a", "1").text("a", "2");
  CHECK(t->render(broken, out) == errc::duplicate);
  CHECK(out == "beforeteacup");
}

TEST_CASE("mustache: output, depth and work are bounded") {
  const mustache_partials none;
  CHECK(rendered("123456", none, {.bytes = 6}) == "123456");
  CHECK(rendered("1234567", none, {.bytes = 6}) == "failed: output");
  CHECK(rendered("12345{{#words}}1{{/words}}", none, {.bytes = 7}) == "failed: output");
  CHECK(rendered("{{markup}}", none, {.bytes = 10}) == "failed: output");
  const auto endless = partials({{"a", "{{>a}}"}, {"b", "{{>b}}{{>b}}"}, {"c", "x{{>c}}"}});
  CHECK(rendered("{{>a}}", endless) == "failed: depth");
  CHECK(rendered("{{>c}}", endless) == "failed: depth");
  CHECK(rendered("{{>b}}", endless, {.depth = 1'000}) == "failed: depth");
  // Twice as much at every level, and never a byte of output.
  const auto twice = partials({{"p0", ""}, {"p1", "{{>p0}}{{>p0}}"}});
  auto wide = twice;
  for (int i = 2; i < 60; ++i) {
    const std::string half = "{{>p" + std::to_string(i - 1) + "}}";
    REQUIRE(wide.add("p" + std::to_string(i), half + half));
  }
  CHECK(rendered("{{>p59}}", wide, {.steps = 100'000}) == "failed: steps");
  CHECK(rendered("{{#vip}}{{#vip}}{{/vip}}{{/vip}}", none, {.depth = 1}) == "failed: depth");
  CHECK(rendered("{{#vip}}{{#vip}}{{/vip}}{{/vip}}", none, {.depth = 2}) == "");
}

TEST_CASE("mustache: partials are refused like templates") {
  mustache_partials p({.partials = 1});
  CHECK(p.add("", "a") == errc::empty_id);
  CHECK(p.add("a", "{{#a}}") == errc::malformed);
  CHECK(p.size() == 0);
  CHECK(p.add("a", "1"));
  CHECK(p.add("a", "2") == errc::duplicate);
  CHECK(p.add("b", "2") == errc::full);
  CHECK(rendered("{{>a}}", p) == "1");
}

TEST_CASE("mustache: rendering allocates nothing but output") {
  const auto t = mustache_template::make(
      "{{#lines}}{{shop.name}} {{item}}\n  {{>p}}\n{{/lines}}{{markup}}{{^none}}x{{/none}}");
  const auto p = partials({{"p", "{{#words}}{{.}}\n{{/words}}"}});
  const message_context m = letter();
  std::string out;
  REQUIRE(t->render(m, out, p));
  const std::string first = std::exchange(out, {});
  out.reserve(first.size());
  const std::size_t before = allocations;
  const bool done = static_cast<bool>(t->render(m, out, p));
  const std::size_t after = allocations;
  CHECK(done);
  CHECK(after == before);  // says nothing under a sanitizer
  CHECK(out == first);
}

TEST_CASE("mustache: random texts are compiled or refused, and render within bounds") {
  const std::string_view parts[] = {
      "{{", "}}",       "{{{",      "}}}",    "#",   "^",         "/",     ">",    "&",
      "!",  "=",        " ",        "\n",     "\r",  "vip",       "lines", "name", ".",
      "p",  "{{#vip}}", "{{/vip}}", "{{>p}}", "| |", "{{=| |=}}", "x"};
  const auto p = partials({{"p", "{{#words}}\n {{.}}{{>p}}\n{{/words}}"}});
  const message_context m = letter();
  std::size_t compiled = 0;
  std::string out;
  for (std::uint64_t seed = 0; seed < 30'000; ++seed) {
    counter_random draw(seed, 4);
    std::string text;
    const std::uint64_t n = uniform_below(draw, 14);
    for (std::uint64_t i = 0; i < n; ++i) text += parts[uniform_below(draw, std::size(parts))];
    const auto t = mustache_template::make(text);
    if (!t) {
      if (t.error().at > text.size()) CHECK(t.error().at <= text.size());
      continue;
    }
    ++compiled;
    out.clear();
    const status s = t->render(m, out, p, {.bytes = 2'000, .depth = 5, .steps = 3'000});
    if (!s && !out.empty()) CHECK(out.empty());
    if (out.size() > 2'000) CHECK(out.size() <= 2'000);
  }
  CHECK(compiled > 3'000);
}
