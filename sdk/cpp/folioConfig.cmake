# For find_package(folio): the target folio::sdk, with all that it needs.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
# The module first: Debian's libprotobuf-dev ships no package configuration, and gRPC's wants its targets.
find_dependency(Protobuf 3.21)
find_dependency(gRPC 1.51 CONFIG)
find_dependency(absl CONFIG)
find_dependency(PkgConfig)
pkg_check_modules(tomlplusplus QUIET REQUIRED IMPORTED_TARGET tomlplusplus)
include(${CMAKE_CURRENT_LIST_DIR}/folioTargets.cmake)
