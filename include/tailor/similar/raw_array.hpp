#ifndef TAILOR_SIMILAR_RAW_ARRAY_HPP
#define TAILOR_SIMILAR_RAW_ARRAY_HPP

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// An array whose memory is not touched before it is written: large results are first touched by
/// the thread that fills them, and what is never filled takes no memory from the system. Reading an
/// element that was not written is undefined. Starts at a multiple of 64 bytes.
template <class T>
class raw_array {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  raw_array() = default;
  explicit raw_array(std::size_t size)
      : data_(size == 0 ? nullptr : static_cast<T*>(::operator new(size * sizeof(T), alignment))),
        size_(size) {}
  raw_array(raw_array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  raw_array& operator=(raw_array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  raw_array(const raw_array&) = delete;
  raw_array& operator=(const raw_array&) = delete;
  ~raw_array() { ::operator delete(data_, alignment); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) { return data_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return data_[i]; }

  /// At least `size` elements; what was in them is lost when it grows.
  void reserve(std::size_t size) {
    if (size > size_) *this = raw_array(size);
  }
  void zero() {
    if (size_ != 0) std::memset(static_cast<void*>(data_), 0, size_ * sizeof(T));
  }

 private:
  static constexpr std::align_val_t alignment{64};

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_RAW_ARRAY_HPP
