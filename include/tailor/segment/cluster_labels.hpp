#ifndef TAILOR_SEGMENT_CLUSTER_LABELS_HPP
#define TAILOR_SEGMENT_CLUSTER_LABELS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/contract.hpp"

namespace tailor::inline v0::segment {

/// The cluster of each point: a byte a point up to 256 clusters, four bytes beyond.
class cluster_labels {
 public:
  cluster_labels() = default;
  /// `points` labels that are 0, room for labels below `clusters`.
  cluster_labels(std::size_t points, std::size_t clusters) {
    if (clusters <= 256) {
      bytes_.resize(points);
    } else {
      words_.resize(points);
    }
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size() + words_.size(); }
  [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
    TAILOR_EXPECTS(i < size());
    return words_.empty() ? bytes_[i] : words_[i];
  }
  void set(std::size_t i, std::uint32_t label) {
    TAILOR_EXPECTS(i < size());
    if (words_.empty()) {
      bytes_[i] = static_cast<std::uint8_t>(label);
    } else {
      words_[i] = label;
    }
  }

  /// Where they lie: one of the two is empty.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] std::span<const std::uint32_t> words() const { return words_; }
  [[nodiscard]] std::span<std::uint8_t> bytes() { return bytes_; }
  [[nodiscard]] std::span<std::uint32_t> words() { return words_; }

  friend bool operator==(const cluster_labels&, const cluster_labels&) = default;

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint32_t> words_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CLUSTER_LABELS_HPP
