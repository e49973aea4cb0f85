// E-mails from templates: welcome, abandoned cart, win-back with recommendations.
#include <array>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>

#include "tailor/adapters/mustache.hpp"
#include "tailor/offer/message.hpp"
#include "tailor/offer/message_items.hpp"

using namespace tailor;

namespace {

// What all letters share. Mail programs know tables and inline styles, and little else.
constexpr const char* head = R"(<!doctype html><html lang="en"><meta charset="utf-8">
<body style="margin:0;background:#f3efe8;font:16px/1.5 Georgia,serif;color:#2a2522">
<table role="presentation" width="100%"><tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="520" style="background:#fff;padding:28px 36px;text-align:left">
<tr><td>)";
constexpr const char* foot = R"(<p style="margin:28px 0 0;font-size:13px;color:#80766e">
{{shop.name}} &middot; <a href="{{shop.leave}}" style="color:#80766e">No more e-mails</a></p>
</td></tr></table></td></tr></table></body></html>)";
constexpr const char* item_rows = R"(<table width="100%" style="border-collapse:collapse">
{{#items}}
<tr style="border-top:1px solid #ddd6cc"><td style="padding:10px 0">
{{#link}}<a href="{{.}}" style="color:#7a3b1d">{{name}}</a>{{/link}}{{^link}}{{name}}{{/link}}</td>
<td align="right">{{price}}</td></tr>
{{/items}}
</table>)";
constexpr const char* welcome = R"({{>head}}
<h1 style="font-size:24px">Welcome{{#name}}, {{name}}{{/name}}</h1>
<p>How nice that you are here.{{#code}} Your first order is
{{percent}} % off with the code <b style="letter-spacing:1px">{{code}}</b>.{{/code}}</p>
{{>foot}})";
constexpr const char* abandoned_cart = R"({{>head}}
<h1 style="font-size:24px">Still in your cart</h1>
{{>items}}
<p align="right"><b>{{total}}</b></p><p><a href="{{shop.cart}}"
style="background:#7a3b1d;color:#fff;padding:10px 18px">Go on with your order</a></p>
{{>foot}})";
constexpr const char* win_back = R"({{>head}}
<h1 style="font-size:24px">It has been {{days}} days</h1>
{{#recommended}}
<p>What others took who like what you like:</p>
{{>items}}
{{/recommended}}
{{^recommended}}
<p>Come and see what is new, {{name}}.</p>
{{/recommended}}
{{>foot}})";

/// Gives items one after another: of a cart, or of a list of recommendations.
struct shelf {
  std::array<offer::shown_item, 2> items;
  [[nodiscard]] std::optional<offer::shown_item> next(std::size_t seen) const {
    if (seen >= items.size()) return std::nullopt;
    return items[seen];
  }
};

bool send(const char* text, const adapters::mustache_partials& parts,
          const offer::message_context& context) {
  const auto letter = adapters::mustache_template::make(text);
  std::string html;
  const auto strict = adapters::mustache_missing::error;  // a name that is misspelt is found
  if (!letter || !letter->render(context, html, parts, {.missing = strict})) return false;
  std::printf("%s\n", html.c_str());
  return true;
}

}  // namespace

int main() {
  const currency eur = *currency::make("EUR", 2);
  const shelf teas{{{{item_id{7}, "Earl Grey & Co", money{450, eur}, "https://shop.example/7"},
                     {item_id{9}, "Cup <small>", money{1250, eur}, {}}}}};
  adapters::mustache_partials parts;
  if (!parts.add("head", head) || !parts.add("foot", foot)) return 1;
  if (!parts.add("items", item_rows)) return 1;
  // What the template is filled with: texts, numbers, money, flags, lists, objects.
  offer::message_context context;
  offer::message_object root = context.root();
  root.text("name", "Ann").number("days", 60).money("total", {1700, eur});
  root.text("code", "TEA-7Q4M").number("percent", 10);
  root.object("shop")
      .text("name", "Teas of Bern")
      .text("leave", "https://shop.example/leave")
      .text("cart", "https://shop.example/cart");
  root.flag("recommended", offer::put_items(root, "items", teas, 4) >= 2);
  if (!context.ok()) return 1;
  for (const char* letter : {welcome, abandoned_cart, win_back}) {
    if (!send(letter, parts, context)) return 1;
  }
}
