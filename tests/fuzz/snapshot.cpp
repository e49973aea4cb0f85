// Snapshots from an enemy: whatever the bytes are, restoring ends in an error or in parts that
// write exactly these bytes again. Every input is tried as it is, and with its sections sealed
// anew, so that checksums do not keep the fuzzer out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "tailor/events/dedupe.hpp"
#include "tailor/events/identity.hpp"
#include "tailor/events/returns.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/pair_counts.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot.hpp"

namespace {

using namespace tailor;

template <class Part>
void try_part(const char* name, std::span<const std::byte> bytes) {
  const std::vector<storage::section> sections{{name, Part::format, {bytes.begin(), bytes.end()}}};
  const std::vector<std::byte> sealed = storage::frame(sections);
  Part part;
  if (storage::restore(sealed, part) && storage::snapshot_bytes(part) != sealed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size));
  events::timeline t;
  if (storage::restore(bytes, t) && storage::snapshot_bytes(t).size() != size) std::abort();

  const auto content = bytes.subspan(1);
  switch (data[0] % 6) {
    case 0:
      try_part<events::timeline>("timeline", content);
      break;
    case 1:
      try_part<similar::pair_counts>("pair counts", content);
      break;
    case 2:
      try_part<similar::popularity>("popularity", content);
      break;
    case 3:
      try_part<events::identities>("identities", content);
      break;
    case 4:
      try_part<events::returns>("returns", content);
      break;
    default:
      try_part<events::dedupe>("dedupe", content);
  }
  return 0;
}
