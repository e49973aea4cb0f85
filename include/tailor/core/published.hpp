#ifndef TAILOR_CORE_PUBLISHED_HPP
#define TAILOR_CORE_PUBLISHED_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

#include "config.hpp"

namespace tailor::inline v0 {

/// A value that readers use while a writer replaces it whole. There are two places: one is read,
/// the other is written and then becomes the one that is read. Readers never wait for the writer;
/// the writer waits until the last reader of the value before the last is done.
///
/// A reader holds a `view` for the length of one answer; whoever keeps one for ever holds up the
/// next writer but one. Memory: both values.
template <class T>
class published {
 public:
  published() = default;
  explicit published(T value) { places_[0].value = std::move(value); }
  published(const published&) = delete;
  published& operator=(const published&) = delete;

  /// The value as it was when the view was taken.
  class view {
   public:
    view(const view&) = delete;
    view& operator=(const view&) = delete;
    ~view() { leave(*readers_); }

    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return value_; }

   private:
    friend class published;
    view(const T& value, std::atomic<std::int64_t>& readers) : value_(&value), readers_(&readers) {}

    const T* value_;
    std::atomic<std::int64_t>* readers_;
  };

  /// Lock-free: tried again only when a value was published in between.
  [[nodiscard]] view read() const {
    for (;;) {
      const std::size_t at = active_.load();
      place& p = places_[at];
      p.readers.fetch_add(1);
      if (active_.load() == at) return view(p.value, p.readers);
      leave(p.readers);  // it was just replaced, and may be written to again
    }
  }

  /// Puts a value in the place of the one that is read. What was read before the last value is
  /// destroyed here. Writers take turns.
  void publish(T value) {
    const std::lock_guard lock(writing_);
    const std::size_t next = 1 - active_.load();
    std::atomic<std::int64_t>& readers = places_[next].readers;
    for (std::int64_t n = readers.load(); n != 0; n = readers.load()) readers.wait(n);
    places_[next].value = std::move(value);
    active_.store(next);
  }

 private:
  static void leave(std::atomic<std::int64_t>& readers) {
    if (readers.fetch_sub(1) == 1) readers.notify_all();
  }

  struct place {
    T value{};
    std::atomic<std::int64_t> readers{0};
  };

  mutable place places_[2];
  std::atomic<std::size_t> active_{0};
  std::mutex writing_;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_PUBLISHED_HPP
