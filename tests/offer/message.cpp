#include "tailor/offer/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "../catch.hpp"

using namespace tailor;
using offer::message_context;
using offer::message_kind;
using offer::message_object;

namespace {

constexpr std::uint32_t nowhere = message_context::nowhere;

/// The tree as text, keys in their order.
std::string shown(const message_context& m, std::uint32_t node = 0) {
  if (m.kind(node) == message_kind::text) return "'" + std::string(m.text(node)) + "'";
  if (m.kind(node) == message_kind::flag) return std::string(m.text(node));
  const bool object = m.kind(node) == message_kind::object;
  std::string out = object ? "{" : "[";
  for (std::uint32_t n = m.first(node); n != nowhere; n = m.next(n)) {
    if (out.size() > 1) out += ' ';
    if (object) out += std::string(m.key(n)) + ":";
    out += shown(m, n);
  }
  return out + (object ? "}" : "]");
}

errc fault_of(message_context& m) { return m.error().code; }

}  // namespace

TEST_CASE("message: a tree of texts, flags, lists and objects, in the order they are put") {
  message_context m;
  CHECK(shown(m) == "{}");
  auto root = m.root();
  root.text("z", "last?").text("a", "").flag("vip", true).flag("new", false);
  root.number("n", -42).decimal("rate", 125, 3);
  root.money("total", {1250, *currency::make("EUR", 2)});
  root.money("price", {1250, *currency::make("EUR", 2)},
             {.decimal_mark = ',', .place = offer::currency_place::none});
  auto lines = root.list("lines");
  lines.object().text("item", "tea").object("in").text("box", "red");
  lines.object();
  root.text("later", "x");
  lines.text("t").flag(true).list().text("u");
  CHECK(m.ok());
  CHECK(shown(m) ==
        "{z:'last?' a:'' vip:true new:false n:'-42' rate:'0.125' total:'12.50 EUR' price:'12,50' "
        "lines:[{item:'tea' in:{box:'red'}} {} 't' true ['u']] later:'x'}");
}

TEST_CASE("message: what holds and what does not") {
  message_context m;
  auto root = m.root();
  root.text("full", "x").text("empty", "").number("zero", 0).flag("yes", true).flag("no", false);
  root.list("none");
  root.list("one").text("");
  root.object("nothing");
  std::string holding;
  for (std::uint32_t n = m.first(0); n != nowhere; n = m.next(n)) {
    if (m.holds(n)) holding += std::string(m.key(n)) + " ";
  }
  CHECK(holding == "full zero yes one nothing ");
  CHECK(m.holds(0));
}

TEST_CASE("message: the first fault stays and nothing comes after it") {
  message_context m;
  m.root().text("a", "1").text("b", "\xc3").text("c", "3").text("a", "4");
  CHECK_FALSE(m.ok());
  CHECK(fault_of(m) == errc::not_text);
  CHECK(shown(m) == "{a:'1'}");
  m.root().list("l").object().text("x", "y");
  CHECK(shown(m) == "{a:'1'}");
}

TEST_CASE("message: every fault has its name") {
  const auto fault = [](auto fill, offer::message_limits limits = {}) {
    message_context m(limits);
    fill(m.root());
    return m.error();
  };
  CHECK(fault([](message_object o) { o.text("a", "").flag("a", true); }) == errc::duplicate);
  CHECK(fault([](message_object o) { o.object("a").text("a", ""); }) == errc::ok);
  CHECK(fault([](message_object o) { o.text("", "x"); }) == errc::empty_id);
  CHECK(fault([](message_object o) { o.text("\xff", "x"); }) == errc::not_text);
  CHECK(fault([](message_object o) { o.list("a").text("\xed\xa0\x80"); }) == errc::not_text);
  CHECK(fault([](message_object o) { o.text("a", "line\nline\t\x01"); }) == errc::ok);

  const auto limit = [&](auto fill, offer::message_limits limits) {
    const error e = fault(fill, limits);
    return e == errc::full ? std::string(e.what) : std::string(name_of(e.code));
  };
  const auto two_deep = [](message_object o) { o.object("a").list("b"); };
  CHECK(limit(two_deep, {.depth = 1}) == "depth");
  CHECK(limit(two_deep, {.depth = 2}) == "ok");
  const auto two_keys = [](message_object o) { o.text("a", "123").text("b", "4"); };
  CHECK(limit(two_keys, {.nodes = 2}) == "nodes");
  CHECK(limit(two_keys, {.nodes = 3}) == "ok");
  CHECK(limit(two_keys, {.keys = 1}) == "keys");
  CHECK(limit(two_keys, {.keys = 2}) == "ok");
  CHECK(limit(two_keys, {.bytes = 5}) == "bytes");
  CHECK(limit(two_keys, {.bytes = 6}) == "ok");
}

TEST_CASE("message: a depth without limit ends where numbers do") {
  message_context m({.depth = 100'000});
  auto o = m.root();
  for (int i = 0; i < 100'000 && m.ok(); ++i) o = o.object("a");
  CHECK(fault_of(m) == errc::full);
  CHECK(m.size() == 256);
}

TEST_CASE("message: contexts filled alike are equal") {
  const auto filled = [](std::string_view name) {
    message_context m;
    m.root().text("name", name).list("l").object().flag("f", true);
    return m;
  };
  CHECK(filled("Ann") == filled("Ann"));
  CHECK_FALSE(filled("Ann") == filled("Bob"));
  CHECK_FALSE(filled("Ann") == message_context{});
  const message_context kept = filled("Ann");
  message_context copy = kept;
  copy.root().text("more", "x");
  CHECK(shown(kept) == "{name:'Ann' l:[{f:true}]}");
  CHECK(shown(copy) == "{name:'Ann' l:[{f:true}] more:'x'}");
}
