#include "forward.hpp"
