#include "tailor/core/json_writer.hpp"

#include <cstdint>
#include <string>

#include "../catch.hpp"

using tailor::json_writer;

TEST_CASE("json writer: texts are quoted, with what must be escaped") {
  json_writer w;
  w.text(std::string("a\"b\\c\n\x01 Grüße\0.", 17));
  CHECK(w.out == std::string("\"a\\\"b\\\\c\\u000a\\u0001 Grüße\\u0000.\""));
}

TEST_CASE("json writer: commas come by themselves") {
  json_writer w;
  w.out += '{';
  w.member("a", "x");
  w.member("b", std::int64_t{-5});
  w.member("c");
  w.out += '[';
  for (const char* s : {"p", "q"}) {
    w.comma();
    w.text(s);
  }
  w.out += "]}";
  CHECK(w.out == R"({"a":"x","b":-5,"c":["p","q"]})");
}
