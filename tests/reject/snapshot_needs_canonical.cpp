// Only what writes canonical bytes goes into a snapshot.
// expect: void encode(byte_writer&) const
// expect: storage::canonical
#include <tailor/storage/snapshot.hpp>

struct basket {
  void encode(tailor::byte_writer& out) const { out.u8(1); }
#if !TAILOR_REJECT
  static tailor::result<basket> decode(tailor::byte_reader& in) {
    if (in.u8() != 1) return tailor::errc::corrupt;
    return basket{};
  }
  static constexpr const char* section = "basket";
  static constexpr std::uint32_t format = 1;
#endif
};

int main() { return tailor::storage::snapshot_bytes(basket{}).empty() ? 1 : 0; }
