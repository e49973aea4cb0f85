// Saving, loading and erasing: the file without the shopper is the file that never saw him.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tailor/compose/forget.hpp"
#include "tailor/events/identity.hpp"
#include "tailor/events/returns.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot.hpp"

using namespace tailor;

namespace {

events::event bought(std::uint64_t user, std::uint64_t item, int quantity) {
  events::event e;
  e.user = user_id{user};
  e.item = item_id{item};
  e.order = order_id{user};
  e.kind = events::event_kind::purchase;
  e.quantity = quantity;
  e.at = timestamp{} + days(20'000);
  return e;
}

}  // namespace

int main() {
  events::timeline history;
  events::timeline without;  // never sees customer 2
  for (std::uint64_t user = 1; user <= 3; ++user) {
    for (std::uint64_t item = user; item <= 3; ++item) {
      if (!history.observe(bought(user, item, 2))) return 1;
      if (user != 2 && !without.observe(bought(user, item, 2))) return 1;
    }
  }
  forget(user_id{2}, history);
  const bool same = storage::snapshot_bytes(history) == storage::snapshot_bytes(without);
  std::printf("bytes after forgetting, and of a history without him: %s\n",
              same ? "identical" : "different");

  // A file is replaced whole, or left as it was.
  char directory[] = "/tmp/tailor-example-XXXXXX";
  if (::mkdtemp(directory) == nullptr) return 1;
  const std::string path = std::string(directory) + "/shop.tailor";
  if (!storage::save(path.c_str(), history)) return 1;
  events::timeline back;
  std::printf("saved, loaded: %s\n",
              storage::load(path.c_str(), back) && back == history ? "equal" : "different");
  auto bytes = storage::read_file(path.c_str()).value();
  bytes[60] ^= std::byte{1};
  const status damaged = storage::restore(bytes, back);
  std::printf("with a flipped bit: %s in %s at byte %d; what was loaded is kept: %d events\n",
              name_of(damaged.code()), damaged.error().what, int(damaged.error().at),
              int(back.events()));
  std::remove(path.c_str());
  std::remove(directory);

  // A refund undoes what it refers to, in everything that stands behind `returns`.
  events::returns book;
  events::timeline settled;
  events::event refund = bought(1, 7, 1);
  refund.kind = events::event_kind::refund;
  if (!book.observe(bought(1, 7, 3), settled) || !book.observe(refund, settled)) return 1;
  std::printf("bought 3, gave back 1: %d stand\n", int(settled.history(user_id{1})[0].quantity));

  // A guest who logs in takes his history along.
  events::identities who;
  if (!who.link(user_id{1}, user_id{100})) return 1;
  if (!events::rename(settled.history(user_id{1}), user_id{100}, settled)) return 1;
  std::printf("the guest's events: %d, the customer's: %d\n",
              int(settled.history(user_id{1}).size()), int(settled.history(user_id{100}).size()));
}
