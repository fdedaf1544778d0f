# Settings shared by every target: language, output folders, sanitizers, warnings and the libraries we build on.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# For all, as some libraries ask for it: a precompiled header serves only sources of the same options.
add_compile_options(-pthread)

option(FOLIO_TESTS "Build the tests" ON)
option(FOLIO_BENCH "Build the benchmarks" OFF)
set(FOLIO_SANITIZE "" CACHE STRING "Sanitizers of our own code, for example address,undefined or thread")

find_program(CCACHE ccache)
if(CCACHE)
  # What ccache must not mind in order to keep what is compiled with precompiled headers.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

if(FOLIO_SANITIZE)
  add_compile_options(-fsanitize=${FOLIO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${FOLIO_SANITIZE})
  # protobuf's messages have another layout where this macro is defined, and Debian's library does not have that one.
  if(FOLIO_SANITIZE STREQUAL "thread")
    add_compile_options(-U__SANITIZE_THREAD__)
  endif()
endif()

add_library(folio_warnings INTERFACE)
# g++ 12 sees overlaps and overruns in the concatenation of strings that are not there (GCC bugs 105329 and 105651),
# also where they are in headers of the system that come precompiled. AddressSanitizer holds that line.
target_compile_options(folio_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
  -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
if(FOLIO_SANITIZE)
  # In instrumented code g++ 12 sees uninitialised values that are none. The builds without sanitizers hold the line.
  target_compile_options(folio_warnings INTERFACE -Wno-error)
endif()

find_package(Threads REQUIRED)
# The module first: Debian's libprotobuf-dev ships no package configuration, and gRPC's wants its targets.
find_package(Protobuf 3.21 REQUIRED)
# Our own search for re2 below leaves re2_FOUND in the cache, on which gRPC's package would not look for its target.
unset(re2_FOUND CACHE)
find_package(gRPC 1.51 CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(SQLiteCpp CONFIG REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n data)
find_package(date CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
