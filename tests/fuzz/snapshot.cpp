// Snapshots from an enemy: whatever the bytes are, restoring ends in an error or in parts that
// write exactly these bytes again. The mutator makes sizes and checksums right after most changes,
// so that they do not keep the fuzzer out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <tuple>
#include <vector>

#include "../support/reseal.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/events/dedupe.hpp"
#include "tailor/events/identity.hpp"
#include "tailor/events/returns.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/stated_tastes.hpp"
#include "tailor/similar/pair_counts.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot_bytes.hpp"

namespace {

using namespace tailor;
using bytes = std::span<const std::byte>;

void demand(bool holds) {
  if (!holds) std::abort();
}

// What the part of that name makes of the content.
template <class Part>
void try_section(const storage::section& s) {
  if (s.name != Part::section || s.format != Part::format) return;
  byte_reader in(s.content);
  const result<Part> part = Part::decode(in);
  if (!part || in.remaining() != 0) return;
  std::vector<std::byte> again;
  byte_writer out(again);
  part->encode(out);
  demand(std::equal(again.begin(), again.end(), s.content.begin(), s.content.end()));
}

template <class... Parts>
void try_parts(bytes in, const std::vector<storage::section>& sections) {
  if (sections.size() != sizeof...(Parts)) return;
  std::tuple<Parts...> parts;
  std::apply(
      [in](auto&... part) {
        if (!storage::restore(in, part...)) return;
        const std::vector<std::byte> again = storage::snapshot_bytes(part...);
        // A newer minor version is read, and written as today's.
        demand(again.size() == in.size());
        if (in[10] == std::byte{0} && in[11] == std::byte{0}) {
          demand(std::equal(again.begin(), again.end(), in.begin(), in.end()));
        }
      },
      parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto in = std::as_bytes(std::span(data, size));
  const auto sections = storage::unframe(in);
  if (!sections) {
    demand(sections.error().at <= size);
    return 0;
  }
  for (const storage::section& s : *sections) {
    try_section<interner>(s);
    try_section<events::timeline>(s);
    try_section<events::dedupe>(s);
    try_section<events::identities>(s);
    try_section<events::returns>(s);
    try_section<similar::pair_counts>(s);
    try_section<similar::popularity>(s);
    try_section<segment::stated_tastes>(s);
  }
  try_parts<events::timeline>(in, *sections);
  try_parts<similar::popularity, events::timeline>(in, *sections);
  return 0;
}

// Weak: where a corpus is only replayed there is no fuzzer, and nobody calls the mutator.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                              std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  const auto whole = std::as_bytes(std::span(data, size));
  if (const auto sections = storage::unframe(whole); sections && !sections->empty() && seed % 4) {
    // Change one content and write a snapshot around it.
    std::vector<tailor_test::loose_section> loose = tailor_test::loosen(*sections);
    std::vector<std::byte>& content = loose[seed / 4 % loose.size()].content;
    const std::size_t room = max_size > size ? max_size - size : 0;
    const std::size_t length = content.size();
    content.resize(length + (std::min)(room, std::size_t{64}));
    content.resize(
        LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(content.data()), length, content.size()));
    const std::vector<std::byte> sealed = tailor_test::seal(loose);
    if (sealed.size() <= max_size) {
      std::copy(sealed.begin(), sealed.end(), reinterpret_cast<std::byte*>(data));
      return sealed.size();
    }
  }
  const std::size_t length = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 8 != 0) tailor_test::reseal(std::as_writable_bytes(std::span(data, length)));
  return length;
}
