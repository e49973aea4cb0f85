#ifndef TAILOR_ADAPTERS_MUSTACHE_RENDER_HPP
#define TAILOR_ADAPTERS_MUSTACHE_RENDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "../offer/message.hpp"
#include "mustache_program.hpp"

namespace tailor::inline v0::adapters {

/// What a variable's characters become.
enum class mustache_escape : std::uint8_t {
  html,  ///< & < > " ' as entities: safe as text and in quoted attributes, not in scripts or links
  none   ///< as they are: for a subject line or a text message
};

/// What a name is that the context does not have.
enum class mustache_missing : std::uint8_t {
  empty,  ///< nothing, as the specification has it
  error   ///< unknown, for variables and partials; a section asks, so there it is still "no"
};

struct mustache_options {
  mustache_escape escape = mustache_escape::html;
  mustache_missing missing = mustache_missing::empty;
  std::size_t bytes = std::size_t{1} << 20;  ///< of output
  std::size_t depth = 64;                    ///< of sections and partials within each other
  std::size_t steps = std::size_t{1} << 24;  ///< of work: tags, rounds, keys compared
};

namespace detail::mustache {

using offer::message_context;
using offer::message_kind;

/// Programs by name, sorted.
using programs = std::vector<std::pair<std::string, program>>;

[[nodiscard]] inline const program* find(const programs& all, std::string_view name) {
  const auto at = std::lower_bound(all.begin(), all.end(), name,
                                   [](const auto& p, std::string_view n) { return p.first < n; });
  return at != all.end() && at->first == name ? &at->second : nullptr;
}

/// Fills a program with a context. Whatever is nested lies on the stack, so that only the output
/// grows.
class renderer {
 public:
  renderer(const message_context& context, const programs& partials,
           const mustache_options& options, std::string& out)
      : context_(&context),
        partials_(&partials),
        options_(&options),
        out_(&out),
        start_(out.size()) {}

  status run(const program& p) {
    if (!context_->ok()) return context_->error();
    const scope root{0, nullptr};
    render(p, 0, p.ops.size(), &root, nullptr, 0);
    if (fault_.code != errc::ok) {
      out_->resize(start_);
      return fault_;
    }
    return {};
  }

 private:
  static constexpr std::uint32_t nowhere = message_context::nowhere;

  /// What names are looked up in, the innermost first.
  struct scope {
    std::uint32_t node;
    const scope* outer;
  };
  /// What stands before each line of a partial.
  struct indentation {
    std::string_view own;
    const indentation* outer;
  };

  bool fail(errc code, const char* what, std::size_t at) {
    if (fault_.code == errc::ok) fault_ = {code, what, at};
    return false;
  }
  bool step(const op& o) {
    if (++steps_ > options_->steps) return fail(errc::full, "steps", o.begin);
    return true;
  }

  bool put(std::string_view text, const op& o) {
    const std::size_t written = out_->size() - start_;
    if (written > options_->bytes || text.size() > options_->bytes - written) {
      return fail(errc::full, "output", o.begin);
    }
    *out_ += text;
    return true;
  }
  bool put_indentation(const indentation* i, const op& o) {
    return i == nullptr || (put_indentation(i->outer, o) && put(i->own, o));
  }
  bool put_escaped(std::string_view text, const op& o) {
    constexpr std::string_view special = "&<>\"'";
    while (true) {
      const std::size_t plain = (std::min)(text.find_first_of(special), text.size());
      if (!put(text.substr(0, plain), o)) return false;
      if (plain == text.size()) return true;
      const char c = text[plain];
      if (!put(c == '&'   ? "&amp;"
               : c == '<' ? "&lt;"
               : c == '>' ? "&gt;"
               : c == '"' ? "&quot;"
                          : "&#39;",
               o)) {
        return false;
      }
      text.remove_prefix(plain + 1);
    }
  }

  std::uint32_t member(std::uint32_t object, std::string_view key, const op& o) {
    if (context_->kind(object) != message_kind::object) return nowhere;
    for (std::uint32_t n = context_->first(object); n != nowhere; n = context_->next(n)) {
      if (!step(o)) return nowhere;
      if (context_->key(n) == key) return n;
    }
    return nowhere;
  }

  /// The first part in the innermost object that has it, the others each in what came before.
  std::uint32_t look_up(std::string_view name, const scope* s, const op& o) {
    if (name == ".") return s->node;
    std::size_t end = (std::min)(name.find('.'), name.size());
    std::uint32_t found = nowhere;
    for (; s != nullptr && found == nowhere; s = s->outer) {
      if (!step(o)) return nowhere;
      found = member(s->node, name.substr(0, end), o);
    }
    while (found != nowhere && end < name.size()) {
      name.remove_prefix(end + 1);
      end = (std::min)(name.find('.'), name.size());
      found = member(found, name.substr(0, end), o);
    }
    return found;
  }

  bool put_variable(const program& p, const op& o, const scope* s) {
    const std::uint32_t node = look_up(p.piece(o.begin, o.size), s, o);
    const bool nothing = node == nowhere || context_->kind(node) == message_kind::object ||
                         context_->kind(node) == message_kind::list;
    if (nothing) {
      if (options_->missing == mustache_missing::empty) return true;
      return node == nowhere ? fail(errc::unknown, "name", o.begin)
                             : fail(errc::malformed, "name of no text", o.begin);
    }
    const bool as_it_is = o.kind == op_kind::raw || options_->escape == mustache_escape::none;
    return as_it_is ? put(context_->text(node), o) : put_escaped(context_->text(node), o);
  }

  bool put_section(const program& p, std::size_t i, const scope* s, const indentation* indent,
                   std::size_t depth) {
    const op& o = p.ops[i];
    const std::uint32_t node = look_up(p.piece(o.begin, o.size), s, o);
    const bool holds = node != nowhere && context_->holds(node);
    if (o.kind == op_kind::inverted) {
      return holds || render(p, i + 1, o.end, s, indent, depth + 1);
    }
    if (!holds) return true;
    if (context_->kind(node) != message_kind::list) {
      const scope inner{node, s};
      return render(p, i + 1, o.end, &inner, indent, depth + 1);
    }
    for (std::uint32_t n = context_->first(node); n != nowhere; n = context_->next(n)) {
      const scope inner{n, s};
      if (!step(o) || !render(p, i + 1, o.end, &inner, indent, depth + 1)) return false;
    }
    return true;
  }

  bool put_partial(const program& p, const op& o, const scope* s, const indentation* indent,
                   std::size_t depth) {
    const program* const other = find(*partials_, p.piece(o.begin, o.size));
    if (other == nullptr) {
      return options_->missing == mustache_missing::empty ||
             fail(errc::unknown, "partial", o.begin);
    }
    const indentation deeper{p.piece(o.end, o.indent), indent};
    return render(*other, 0, other->ops.size(), s, o.alone ? &deeper : nullptr, depth + 1);
  }

  /// The steps [first, last). False when there is a fault.
  bool render(const program& p, std::size_t first, std::size_t last, const scope* s,
              const indentation* indent, std::size_t depth) {
    if (depth > options_->depth) {
      return fail(errc::full, "depth", first < last ? p.ops[first].begin : 0);
    }
    for (std::size_t i = first; i < last; ++i) {
      const op& o = p.ops[i];
      if (!step(o)) return false;
      bool done = true;
      switch (o.kind) {
        case op_kind::text:
          done = put(p.piece(o.begin, o.size), o);
          break;
        case op_kind::line:
          done = put_indentation(indent, o);
          break;
        case op_kind::variable:
        case op_kind::raw:
          done = put_variable(p, o, s);
          break;
        case op_kind::section:
        case op_kind::inverted:
          done = put_section(p, i, s, indent, depth);
          i = o.end - std::size_t{1};
          break;
        case op_kind::partial:
          done = put_partial(p, o, s, indent, depth);
          break;
      }
      if (!done || fault_.code != errc::ok) return false;
    }
    return true;
  }

  const message_context* context_;
  const programs* partials_;
  const mustache_options* options_;
  std::string* out_;
  std::size_t start_;
  std::size_t steps_ = 0;
  tailor::error fault_{};
};

}  // namespace detail::mustache
}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_MUSTACHE_RENDER_HPP
