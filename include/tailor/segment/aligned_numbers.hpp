#ifndef TAILOR_SEGMENT_ALIGNED_NUMBERS_HPP
#define TAILOR_SEGMENT_ALIGNED_NUMBERS_HPP

#include <cstddef>
#include <new>
#include <utility>

#include "../core/config.hpp"

namespace tailor::inline v0::segment::detail {

/// Numbers whose memory is first touched by who writes them. Starts at a multiple of 64 bytes.
template <class T>
class aligned_numbers {
 public:
  explicit aligned_numbers(std::size_t count)
      : data_(static_cast<T*>(::operator new(count * sizeof(T), alignment))) {}
  aligned_numbers(aligned_numbers&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  aligned_numbers& operator=(aligned_numbers&& other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  aligned_numbers(const aligned_numbers&) = delete;
  aligned_numbers& operator=(const aligned_numbers&) = delete;
  ~aligned_numbers() { ::operator delete(data_, alignment); }

  [[nodiscard]] T* data() const { return data_; }

 private:
  static constexpr std::align_val_t alignment{64};
  T* data_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_ALIGNED_NUMBERS_HPP
