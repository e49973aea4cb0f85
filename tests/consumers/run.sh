#!/usr/bin/env bash
# tests/consumers/run.sh <scratch directory>
# Builds and runs main.cpp by every way that a host has to get tailor, with warnings as errors, and
# prints one line for each. What is not installed (Meson, pkg-config) fails: CI has them.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
export CXX=${CXX:-g++}
strict="-Wall -Wextra -Wconversion -Werror"
export CXXFLAGS=$strict
failures=0

configure() { rm -rf "$4" && cmake -G Ninja "$@"; }  # -S source -B build ...
build_and_run() { cmake --build "$1" && "$1/shop"; }

installed() {  # the prefix is moved after the install: the package has to be relocatable
  configure -S "$root" -B "$out/lib" -DTAILOR_BUILD_TESTS=OFF -DTAILOR_BUILD_EXAMPLES=OFF &&
    cmake --install "$out/lib" --prefix "$out/first" && rm -rf "$out/prefix" &&
    mv "$out/first" "$out/prefix" &&
    diff -r "$root/include/tailor" "$out/prefix/include/tailor"  # no header is left out
}
find_package() {
  configure -S "$here/find_package" -B "$out/find_package" -DCMAKE_PREFIX_PATH="$out/prefix" &&
    build_and_run "$out/find_package"
}
find_package_components() {
  configure -S "$here/find_package" -B "$out/components" -DCMAKE_PREFIX_PATH="$out/prefix" \
    "-DCOMPONENTS=csv;ndjson;segment_json;offer_json;arrow" && build_and_run "$out/components"
}
find_package_eigen() {
  configure -S "$here/find_package" -B "$out/eigen" -DCMAKE_PREFIX_PATH="$out/prefix" \
    -DCOMPONENTS=eigen && build_and_run "$out/eigen"
}
find_package_without_eigen() {  # who asks is told, who does not is served
  configure -S "$here/find_package" -B "$out/no_eigen" -DCMAKE_PREFIX_PATH="$out/prefix" \
    -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON && build_and_run "$out/no_eigen" &&
    ! configure -S "$here/find_package" -B "$out/no_eigen" -DCMAKE_PREFIX_PATH="$out/prefix" \
      -DCMAKE_DISABLE_FIND_PACKAGE_Eigen3=ON -DCOMPONENTS=eigen >"$out/no_eigen.txt" 2>&1 &&
    grep "component eigen needs Eigen3" "$out/no_eigen.txt"
}
find_package_unknown_component() {
  ! configure -S "$here/find_package" -B "$out/unknown" -DCMAKE_PREFIX_PATH="$out/prefix" \
    -DCOMPONENTS=nope >"$out/unknown.txt" 2>&1 &&
    grep "no component named nope (known: " "$out/unknown.txt"
}
archive() { tar -C "$root" -czf "$out/tailor.tar.gz" CMakeLists.txt LICENSE cmake include; }
fetch_content() {
  archive && configure -S "$here/fetch_content" -B "$out/fetch_content" \
    -DTAILOR_ARCHIVE="$out/tailor.tar.gz" && build_and_run "$out/fetch_content"
}
fetch_content_finds_installed() {
  archive && configure -S "$here/fetch_content" -B "$out/fetch_finds" \
    -DTAILOR_ARCHIVE="$out/none.tar.gz" -DCMAKE_PREFIX_PATH="$out/prefix" &&
    build_and_run "$out/fetch_finds"
}
add_subdirectory() {
  configure -S "$here/add_subdirectory" -B "$out/add_subdirectory" &&
    build_and_run "$out/add_subdirectory"
}
pkg_config() {
  mkdir -p "$out/pkg_config" && PKG_CONFIG_PATH="$out/prefix/share/pkgconfig" \
    make -B -C "$here/pkg_config" OUT="$out/pkg_config" && "$out/pkg_config/shop" &&
    "$out/pkg_config/linear"
}
meson_subproject() {
  rm -rf "$out/meson" && mkdir -p "$out/meson/subprojects" &&
    cp "$here/meson/meson.build" "$here/main.cpp" "$here/eigen.cpp" "$out/meson" &&
    ln -s "$root" "$out/meson/subprojects/tailor" &&
    (cd "$out/meson" && meson setup build && ninja -C build && build/shop && build/linear)
}
vendored() {
  rm -rf "$out/vendored" && mkdir -p "$out/vendored" && cp -r "$root/include" "$out/vendored" &&
    $CXX -std=c++20 $strict -I"$out/vendored/include" "$here/main.cpp" -o "$out/vendored/shop" \
      -pthread && "$out/vendored/shop"
}
single_header() {
  mkdir -p "$out/single" &&
    cmake -DROOT="$root/include" -DENTRY=tailor/tailor.hpp -DOUT="$out/single/tailor_single.hpp" \
      -P "$root/cmake/Amalgamate.cmake" && ! grep '#include "' "$out/single/tailor_single.hpp" &&
    $CXX -std=c++20 $strict -DTAILOR_SINGLE_HEADER -I"$out/single" "$here/main.cpp" \
      -o "$out/single/shop" -pthread && "$out/single/shop"
}

for way in installed find_package find_package_components find_package_eigen \
  find_package_without_eigen find_package_unknown_component \
  fetch_content fetch_content_finds_installed add_subdirectory pkg_config meson_subproject \
  vendored single_header; do
  if $way >"$out/$way.log" 2>&1; then
    echo "consumer $way: ok"
  else
    echo "consumer $way: FAILED"
    tail -n 20 "$out/$way.log"
    failures=$((failures + 1))
  fi
done
exit $((failures > 0))
