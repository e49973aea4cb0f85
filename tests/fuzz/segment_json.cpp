// Segments from an enemy: what is read is written, read again and the same; it is checked and, when
// a book can be made of it, asked about a small shop without harm.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tailor/adapters/segment_json.hpp"
#include "tailor/adapters/segment_json_write.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/segment_book.hpp"
#include "tailor/segment/segment_reader.hpp"
#include "tailor/testing/histories.hpp"

namespace {

using namespace tailor;

/// Numbers, dates and texts for whoever asks.
struct facts {
  std::string_view tags[2] = {"new", "vip"};
  [[nodiscard]] segment::property_value value(user_id, std::size_t property) const {
    switch (property) {
      case 0:
        return segment::text_value("Bern");
      case 1:
        return segment::number_value(7);
      case 2:
        return segment::date_value(timestamp{1'600'000'000'000'000});
      case 3:
        return segment::texts_value(tags);
      default:
        return segment::flag_value(true);
    }
  }
  [[nodiscard]] segment::property_value value(item_id, std::size_t) const {
    return segment::text_value("tea");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const auto read = adapters::read_segment_json(json);
  if (!read) return 0;
  const auto again = adapters::read_segment_json(adapters::write_segment_json(*read));
  if (!again || *again != *read) std::abort();

  static const facts source;
  static const segment::ladder ladder;
  static const events::timeline history = [] {
    events::timeline t;
    for (const events::event& e : testing::random_history(3)) static_cast<void>(t.observe(e));
    return t;
  }();
  using enum segment::property_type;
  segment::rule_names names;
  if (!names.shoppers(source, {{"a", segment::property_type::text},
                               {"b", number},
                               {"c", date},
                               {"d", texts},
                               {"e", flag}}) ||
      !names.items(source, {{"a", segment::property_type::text}}) || !names.stands("m", ladder)) {
    std::abort();
  }
  const auto book = segment::segment_book::make(*read, names);
  if (!book) return 0;
  segment::segment_reader reader(*book, history);
  const timestamp now = timestamp{1'600'000'000'000'000} + hours(12);
  for (std::uint32_t s = 0; s < book->size() && s < 8; ++s) {
    for (std::uint32_t h = 0; h < history.shopper_limit(); ++h) {
      reader.look_at(h, now);
      const auto before = reader.is_in(s);
      if (before.until <= now) std::abort();
      if (before.until == segment::never || before.until.us - now.us < 2) continue;
      reader.look_at(h, before.until - microseconds(1));
      if (reader.is_in(s).is != before.is) std::abort();
    }
  }
  return 0;
}
