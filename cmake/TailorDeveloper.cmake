# What tests, demos and benchmarks of tailor share. Nothing of this is installed.
find_package(Threads REQUIRED)
set(CMAKE_CXX_EXTENSIONS OFF)
get_filename_component(tailor_data_dir "${TAILOR_DATA_DIR}" ABSOLUTE
                       BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")

add_library(tailor_developer INTERFACE)
target_link_libraries(tailor_developer INTERFACE tailor::tailor Threads::Threads)
target_compile_definitions(tailor_developer INTERFACE "TAILOR_DATA_DIR=\"${tailor_data_dir}\"")
if(MSVC)
  target_compile_options(tailor_developer INTERFACE /W4 /permissive-)
else()
  target_compile_options(tailor_developer INTERFACE
                         -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees overlaps in `"literal" + std::string` that are not there (its bug 105651), and
    # vectors that were not initialised in lists of aggregates; clang watches the latter.
    target_compile_options(tailor_developer INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
  endif()
endif()
