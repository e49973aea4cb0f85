#ifndef TAILOR_ADAPTERS_ARROW_ABI_HPP
#define TAILOR_ADAPTERS_ARROW_ABI_HPP

#include <cstdint>
#include <utility>

#include "../core/config.hpp"

// The structures of the Arrow C data and stream interfaces: names, members and guards are those of
// the specification (arrow.apache.org/docs/format/CDataInterface.html), so that they are the same
// as any other library's in the program.
extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

}  // extern "C"

namespace tailor::inline v0::adapters {

/// Owns an ArrowSchema, ArrowArray or ArrowArrayStream and releases it once. Taking one over marks
/// the source as released, as the specification says of a move.
template <class T>
class arrow_owner {
 public:
  arrow_owner() = default;
  explicit arrow_owner(T& source) : value_(source) { source.release = nullptr; }
  arrow_owner(arrow_owner&& other) noexcept : arrow_owner(other.value_) {}
  arrow_owner& operator=(arrow_owner&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~arrow_owner() {
    if (value_.release != nullptr) value_.release(&value_);
  }

  /// False for what was never filled, was released or is the end of a stream.
  [[nodiscard]] explicit operator bool() const { return value_.release != nullptr; }
  [[nodiscard]] T* get() { return &value_; }
  [[nodiscard]] const T* operator->() const { return &value_; }
  [[nodiscard]] const T& operator*() const { return value_; }

 private:
  T value_{};
};

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_ARROW_ABI_HPP
