// CSV from an enemy: the reader gives exactly the records and faults of a slow state machine, and
// events are read from it without harm.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "../adapters/slow_csv.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/adapters/csv_events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tailor;
  if (size == 0) return 0;
  const char delimiter = ",;\t|"[data[0] % 4];
  const std::size_t max_fields = data[0] % 8 < 4 ? 4096 : 3;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  auto reader = adapters::csv_reader::make(text, {delimiter, max_fields});
  if (reader && text.substr(0, 3) != "\xEF\xBB\xBF") {
    const std::vector<tailor_test::csv_record> expected =
        tailor_test::slow_csv(text, delimiter, max_fields);
    std::size_t n = 0;
    while (reader->next()) {
      if (n == expected.size()) std::abort();
      const tailor_test::csv_record& r = expected[n++];
      if (reader->fault().code() != r.fault) std::abort();
      if (!reader->fault()) {
        if (reader->fault().error().at != r.at) std::abort();
        continue;
      }
      if (reader->size() != r.fields.size()) std::abort();
      for (std::size_t i = 0; i < reader->size(); ++i) {
        if ((*reader)[i] != r.fields[i]) std::abort();
      }
    }
    if (n != expected.size()) std::abort();
  }

  events::name_tables names;
  events::text_options options;
  options.if_absent = events::event_kind::purchase;
  const events::field_names fields{.id = "i",
                                   .user = "u",
                                   .item = "s",
                                   .kind = "k",
                                   .time = "t",
                                   .quantity = "q",
                                   .unit_price = "p",
                                   .order = "o"};
  std::uint64_t events = 0;
  const auto report = adapters::read_csv_events(text, {delimiter}, fields, options, names,
                                                [&](const events::event&) { ++events; });
  if (report && report->accepted() != events) std::abort();
  return 0;
}
