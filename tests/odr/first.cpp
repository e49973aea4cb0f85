#include <cstdio>

#include "forward.hpp"

namespace other {
int check();
}

int main() {
  if (other::check() != tailor::version_minor) return 1;
  std::puts("one program");
}
