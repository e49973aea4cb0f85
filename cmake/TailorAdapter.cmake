# tailor_adapter(<name> [PKGCONFIG <module>] [DEBIAN <package>])
#
# Makes tailor::<name> from include/tailor/adapters/<name>.hpp and <name>_*.hpp, with the foreign
# library that it wraps, if it wraps one. Including the header is the switch; there are no macros.
# TAILOR_HAS_<NAME> tells the rest of the build whether the library is here.
set(tailor_adapters "")

function(tailor_adapter name)
  cmake_parse_arguments(arg "" "PKGCONFIG;DEBIAN" "" ${ARGN})
  set(headers ${tailor_adapter_headers})
  list(FILTER headers INCLUDE REGEX "/${name}(_[a-z0-9_]+)?\\.hpp$")
  if(NOT headers)
    message(FATAL_ERROR "tailor: the adapter ${name} has no header")
  endif()

  add_library(tailor_${name} INTERFACE)
  add_library(tailor::${name} ALIAS tailor_${name})
  set_target_properties(tailor_${name} PROPERTIES EXPORT_NAME ${name})
  target_link_libraries(tailor_${name} INTERFACE tailor)
  target_sources(tailor_${name} INTERFACE
                 FILE_SET adapters TYPE HEADERS BASE_DIRS include FILES ${headers})

  set(found TRUE)
  if(arg_PKGCONFIG)
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
      pkg_check_modules(tailor_pc_${name} QUIET IMPORTED_TARGET GLOBAL ${arg_PKGCONFIG})
    endif()
    set(found ${tailor_pc_${name}_FOUND})
    # The installed package makes the same target anew on the machine of the host.
    target_link_libraries(tailor_${name} INTERFACE
                          $<TARGET_NAME_IF_EXISTS:PkgConfig::tailor_pc_${name}>)
  endif()
  if(NOT found)
    set(hint "tailor: adapter ${name} needs ${arg_PKGCONFIG} and pkg-config (Debian: ${arg_DEBIAN} pkg-config)")
    if(TAILOR_REQUIRE_ADAPTERS)
      message(FATAL_ERROR "${hint}")
    elseif(PROJECT_IS_TOP_LEVEL)
      message(STATUS "${hint}: left out")
    endif()
    set_target_properties(tailor_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS OFF)
    set(found FALSE)
  endif()

  string(TOUPPER ${name} upper)
  set(TAILOR_HAS_${upper} ${found} PARENT_SCOPE)
  set(tailor_adapters ${tailor_adapters} ${name} PARENT_SCOPE)
  set(tailor_claimed_headers ${tailor_claimed_headers} ${headers} PARENT_SCOPE)
endfunction()

# Every header under adapters/ belongs to exactly one adapter.
function(tailor_no_adapter_left_out)
  set(left ${tailor_adapter_headers})
  if(tailor_claimed_headers)
    list(REMOVE_ITEM left ${tailor_claimed_headers})
  endif()
  if(left)
    message(FATAL_ERROR "tailor: no adapter owns ${left}; add a tailor_adapter() line")
  endif()
endfunction()
