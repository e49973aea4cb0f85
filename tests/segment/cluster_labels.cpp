#include "tailor/segment/cluster_labels.hpp"

#include "../catch.hpp"

using tailor::segment::cluster_labels;

TEST_CASE("cluster labels: a byte each as long as a byte names them") {
  cluster_labels few(3, 256), many(3, 257);
  few.set(1, 255);
  many.set(1, 256);
  CHECK(few[1] == 255);
  CHECK(many[1] == 256);
  CHECK(few.bytes().size() == 3);
  CHECK(few.words().empty());
  CHECK(many.words().size() == 3);
  CHECK(many.bytes().empty());
  CHECK(few.size() == many.size());
  CHECK(cluster_labels().size() == 0);
  cluster_labels same(3, 2);
  same.set(1, 255);
  CHECK(same == few);
  CHECK_FALSE(many == few);
}
