# Installs headers, a relocatable CMake package with a component per adapter and one for
# Eigen, and pkg-config files.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(dir ${CMAKE_INSTALL_DATADIR}/cmake/tailor)

install(TARGETS tailor EXPORT tailorTargets FILE_SET HEADERS FILE_SET eigen)
install(EXPORT tailorTargets NAMESPACE tailor:: DESTINATION ${dir})
foreach(name IN LISTS tailor_adapters)
  install(TARGETS tailor_${name} EXPORT tailor-${name}Targets FILE_SET adapters)
  install(EXPORT tailor-${name}Targets NAMESPACE tailor:: DESTINATION ${dir})
endforeach()

configure_package_config_file(cmake/tailorConfig.cmake.in
                              ${CMAKE_CURRENT_BINARY_DIR}/tailorConfig.cmake
                              INSTALL_DESTINATION ${dir})
# Before 1.0 a minor release may break source code.
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/tailorConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tailorConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/tailorConfigVersion.cmake
        DESTINATION ${dir})

configure_file(cmake/tailor.pc.in tailor.pc @ONLY)
configure_file(cmake/tailor-eigen.pc.in tailor-eigen.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tailor.pc ${CMAKE_CURRENT_BINARY_DIR}/tailor-eigen.pc
        DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
