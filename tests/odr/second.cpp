#include "backward.hpp"

namespace other {
int check();
int check() { return tailor::version_minor; }
}  // namespace other
