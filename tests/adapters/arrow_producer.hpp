// A producer of Arrow batches that says exactly what it is told, lies included, and counts what is
// released.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/adapters/arrow_abi.hpp"

namespace tailor_test {

using bytes = std::vector<char>;

template <class T>
bytes bytes_of(const std::vector<T>& values) {
  bytes out(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}

struct arrow_column_spec {
  std::string name;
  std::string format;
  std::int64_t length = 0;
  std::vector<std::optional<bytes>> buffers;  // nullopt: a null pointer
  std::int64_t null_count = 0;
  std::int64_t offset = 0;
  std::int64_t n_children = 0;
  std::optional<std::int64_t> n_buffers;
  bool no_buffers = false;  // the array of buffers is a null pointer
  bool missing = false;     // the array is a null pointer
  std::shared_ptr<arrow_column_spec> dictionary;
  bool dictionary_in_schema = true;
};

template <class T>
arrow_column_spec numbers(std::string name, std::string format, const std::vector<T>& values) {
  arrow_column_spec c;
  c.name = std::move(name);
  c.format = std::move(format);
  c.length = static_cast<std::int64_t>(values.size());
  c.buffers = {std::nullopt, bytes_of(values)};
  return c;
}

template <class Offset = std::int32_t>
arrow_column_spec texts(std::string name, const std::vector<std::string>& values) {
  std::vector<Offset> offsets{0};
  bytes data;
  for (const std::string& v : values) {
    data.insert(data.end(), v.begin(), v.end());
    offsets.push_back(static_cast<Offset>(data.size()));
  }
  arrow_column_spec c;
  c.name = std::move(name);
  c.format.assign(1, sizeof(Offset) == 4 ? 'u' : 'U');
  c.length = static_cast<std::int64_t>(values.size());
  c.buffers = {std::nullopt, bytes_of(offsets), data};
  return c;
}

/// Long ones alternate between two data buffers.
inline arrow_column_spec text_views(std::string name, const std::vector<std::string>& values) {
  bytes views(values.size() * 16);
  bytes data[2];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& v = values[i];
    char* const view = views.data() + i * 16;
    const auto length = static_cast<std::int32_t>(v.size());
    std::memcpy(view, &length, 4);
    if (v.size() <= 12) {
      std::memcpy(view + 4, v.data(), v.size());
      continue;
    }
    const auto buffer = static_cast<std::int32_t>(i % 2);
    const auto offset = static_cast<std::int32_t>(data[buffer].size());
    std::memcpy(view + 4, v.data(), 4);
    std::memcpy(view + 8, &buffer, 4);
    std::memcpy(view + 12, &offset, 4);
    data[buffer].insert(data[buffer].end(), v.begin(), v.end());
  }
  const std::vector<std::int64_t> sizes{static_cast<std::int64_t>(data[0].size()),
                                        static_cast<std::int64_t>(data[1].size())};
  arrow_column_spec c;
  c.name = std::move(name);
  c.format = "vu";
  c.length = static_cast<std::int64_t>(values.size());
  c.buffers = {std::nullopt, views, data[0], data[1], bytes_of(sizes)};
  return c;
}

inline arrow_column_spec coded(arrow_column_spec codes, arrow_column_spec texts) {
  codes.dictionary = std::make_shared<arrow_column_spec>(std::move(texts));
  return codes;
}

/// Marks rows as null; counts them.
inline arrow_column_spec with_nulls(arrow_column_spec c, const std::vector<std::size_t>& rows) {
  bytes valid(static_cast<std::size_t>(c.length + c.offset) / 8 + 1, static_cast<char>(0xFF));
  for (const std::size_t r : rows) {
    const std::size_t bit = r + static_cast<std::size_t>(c.offset);
    valid[bit / 8] = static_cast<char>(valid[bit / 8] & ~(1 << bit % 8));
  }
  c.buffers[0] = valid;
  c.null_count = static_cast<std::int64_t>(rows.size());
  return c;
}

struct arrow_batch_spec {
  std::vector<arrow_column_spec> columns;
  std::int64_t length = 0;
  std::int64_t offset = 0;
  std::int64_t null_count = 0;
  std::optional<bytes> valid;
  std::optional<std::int64_t> n_children;
  std::int64_t n_buffers = 1;
  std::string format = "+s";
};

/// Precondition: there is a batch, whose columns also make the schema.
class arrow_producer {
 public:
  explicit arrow_producer(std::vector<arrow_batch_spec> batches) : batches_(std::move(batches)) {}
  arrow_producer(const arrow_producer&) = delete;
  arrow_producer& operator=(const arrow_producer&) = delete;

  int fail_after = -1;  // calls of the stream until one fails
  int streams_released = 0, schemas_made = 0, schemas_released = 0, batches_made = 0,
      batches_released = 0;

  /// Whether everything that was handed out came back once.
  [[nodiscard]] bool all_released(int streams) const {
    return streams_released == streams && schemas_released == schemas_made &&
           batches_released == batches_made;
  }

  [[nodiscard]] ArrowArrayStream stream() {
    return {[](ArrowArrayStream* s, ArrowSchema* out) {
              return self(s).fails() ? 5 : (*out = self(s).schema(), 0);
            },
            [](ArrowArrayStream* s, ArrowArray* out) {
              arrow_producer& p = self(s);
              if (p.fails()) return 5;
              *out = p.next_ < p.batches_.size() ? p.batch(p.next_++) : ArrowArray{};
              return 0;
            },
            [](ArrowArrayStream*) { return "the tape broke"; },
            [](ArrowArrayStream* s) {
              ++self(s).streams_released;
              s->release = nullptr;
            },
            this};
  }

  [[nodiscard]] ArrowSchema schema() {
    ++schemas_made;
    const arrow_batch_spec& b = batches_[0];
    schema_pointers_.clear();
    for (const arrow_column_spec& c : b.columns) schema_pointers_.push_back(schema_of(c));
    ArrowSchema s{};
    s.format = b.format.c_str();
    s.name = "";
    s.n_children = static_cast<std::int64_t>(b.columns.size());
    s.children = schema_pointers_.data();
    s.private_data = this;
    s.release = [](ArrowSchema* of) {
      ++static_cast<arrow_producer*>(of->private_data)->schemas_released;
      of->release = nullptr;
    };
    return s;
  }

  [[nodiscard]] ArrowArray batch(std::size_t index) {
    ++batches_made;
    const arrow_batch_spec& b = batches_[index];
    pointers_.clear();
    for (const arrow_column_spec& c : b.columns)
      pointers_.push_back(c.missing ? nullptr : array_of(c));
    own_buffer_ = b.valid ? b.valid->data() : nullptr;
    ArrowArray a{};
    a.length = b.length;
    a.offset = b.offset;
    a.null_count = b.null_count;
    a.n_buffers = b.n_buffers;
    a.buffers = &own_buffer_;
    a.n_children = b.n_children.value_or(static_cast<std::int64_t>(b.columns.size()));
    a.children = pointers_.data();
    a.private_data = this;
    a.release = [](ArrowArray* of) {
      ++static_cast<arrow_producer*>(of->private_data)->batches_released;
      of->release = nullptr;
    };
    return a;
  }

 private:
  static arrow_producer& self(ArrowArrayStream* s) {
    return *static_cast<arrow_producer*>(s->private_data);
  }
  [[nodiscard]] bool fails() { return fail_after >= 0 && fail_after-- == 0; }

  ArrowSchema* schema_of(const arrow_column_spec& c) {
    schemas_.push_back(std::make_unique<ArrowSchema>());
    ArrowSchema* const s = schemas_.back().get();
    s->format = c.format.c_str();
    s->name = c.name.c_str();
    s->release = [](ArrowSchema* of) { of->release = nullptr; };
    if (c.dictionary && c.dictionary_in_schema) s->dictionary = schema_of(*c.dictionary);
    return s;
  }

  ArrowArray* array_of(const arrow_column_spec& c) {
    arrays_.push_back(std::make_unique<ArrowArray>());
    ArrowArray* const a = arrays_.back().get();
    buffers_.push_back(std::make_unique<std::vector<const void*>>());
    for (const auto& b : c.buffers) buffers_.back()->push_back(b ? b->data() : nullptr);
    a->length = c.length;
    a->null_count = c.null_count;
    a->offset = c.offset;
    a->n_buffers = c.n_buffers.value_or(static_cast<std::int64_t>(c.buffers.size()));
    a->n_children = c.n_children;
    a->buffers = c.no_buffers ? nullptr : buffers_.back()->data();
    a->release = [](ArrowArray* of) { of->release = nullptr; };
    if (c.dictionary) a->dictionary = array_of(*c.dictionary);
    return a;
  }

  std::vector<arrow_batch_spec> batches_;
  std::size_t next_ = 0;
  std::vector<std::unique_ptr<ArrowSchema>> schemas_;
  std::vector<std::unique_ptr<ArrowArray>> arrays_;
  std::vector<std::unique_ptr<std::vector<const void*>>> buffers_;
  std::vector<ArrowSchema*> schema_pointers_;
  std::vector<ArrowArray*> pointers_;
  const void* own_buffer_ = nullptr;
};

}  // namespace tailor_test
