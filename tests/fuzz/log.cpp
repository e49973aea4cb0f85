// Logs from an enemy: whatever the bytes are, a scan ends in an error or in records that are where
// it says, and what it calls good stays good when the rest is cut off. The bytes are tried as
// records of budgets and coupons, too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "tailor/core/bytes.hpp"
#include "tailor/offer/budget_record.hpp"
#include "tailor/offer/coupon_record.hpp"
#include "tailor/storage/log_reader.hpp"

namespace {

using namespace tailor;

void demand(bool holds) {
  if (!holds) std::abort();
}

/// What a payload makes writes itself again, byte for byte.
template <class Record>
void try_payload(std::span<const std::byte> bytes) {
  byte_reader in(bytes);
  const result<Record> made = Record::decode(in);
  if (!made || in.remaining() != 0) return;
  std::vector<std::byte> again;
  byte_writer out(again);
  made->encode(out);
  demand(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  try_payload<offer::budget_record>(bytes);
  try_payload<offer::coupon_record>(bytes);
  constexpr std::size_t content_at = 12;  // of the header: what kind of log it says it is
  const std::uint32_t content =
      size < content_at + 4 ? 0 : tailor::detail::load_little<std::uint32_t>(&bytes[content_at]);
  for (const auto policy : {storage::on_hole::refuse, storage::on_hole::cut_unsynced}) {
    const auto scan = storage::scan_log(bytes, content, policy);
    if (!scan) continue;
    demand(scan->report.first_bad_offset <= size);
    demand(scan->report.first_bad_offset + scan->report.dropped_bytes == size);
    std::uint64_t records = 0;
    demand(static_cast<bool>(storage::for_each_record(bytes, *scan, [&](storage::log_record r) {
      demand(r.payload.data() >= bytes.data());
      demand(r.payload.data() + r.payload.size() <= bytes.data() + size);
      ++records;
      return status{};
    })));
    demand(records == scan->report.records);
    const auto good = bytes.first(static_cast<std::size_t>(scan->report.first_bad_offset));
    const auto again = storage::scan_log(good, content, policy);
    demand(again && again->report.records == records && again->report.dropped_bytes == 0);
  }
  return 0;
}
