// JSON lines from an enemy: every line reads the same alone, in a text of its own, as among the
// others (whose members are remembered, and whose bytes lie behind it), and events are read from it
// without harm.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tailor/adapters/ndjson.hpp"
#include "tailor/adapters/ndjson_events.hpp"

namespace {

using namespace tailor;

constexpr events::field_names names{.id = "id",
                                    .user = "u",
                                    .visitor = "v",
                                    .item = "p.i",
                                    .kind = "k",
                                    .time = "t",
                                    .quantity = "p.q",
                                    .unit_price = "p.c.x",
                                    .order = "o"};

void same(const events::text_fields& a, const events::text_fields& b) {
  const bool equal = a.id == b.id && a.user == b.user && a.visitor == b.visitor &&
                     a.item == b.item && a.kind == b.kind && a.time == b.time &&
                     a.quantity == b.quantity && a.unit_price == b.unit_price && a.order == b.order;
  if (!equal) std::abort();
}

/// `line`, with its line break if it has one, read on its own.
void reads_alone_as(std::string_view line, const adapters::ndjson_reader& among) {
  const bool first = among.number() == 1;
  const std::string copy(line);
  if (!first && copy.substr(0, 3) == "\xef\xbb\xbf") return;  // a mark would then be passed over
  adapters::ndjson_reader alone(copy, names);
  if (!alone.next()) std::abort();
  if (alone.fault().code() != among.fault().code()) std::abort();
  if (std::string_view(alone.fault().error().what) != among.fault().error().what) std::abort();
  if (alone.fault()) same(alone.fields(), among.fields());
  if (alone.next()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  adapters::ndjson_reader reader(text, names);
  std::uint64_t rows = 0;
  std::size_t begin = 0;
  while (reader.next()) {
    ++rows;
    const std::size_t end = reader.bytes_done();
    // Blank lines were passed over: the line is what is behind the last break before its own.
    const std::string_view passed = text.substr(begin, end - begin);
    const std::size_t before = passed.substr(0, passed.size() - 1).rfind('\n');
    reads_alone_as(before == std::string_view::npos ? passed : passed.substr(before + 1), reader);
    begin = end;
  }

  events::name_tables tables;
  events::text_options options;
  options.if_absent = events::event_kind::purchase;
  std::uint64_t events = 0;
  const auto report = adapters::read_ndjson_events(text, names, options, tables,
                                                   [&](const events::event&) { ++events; });
  if (report.accepted() != events || report.rows() != rows) std::abort();
  return 0;
}
