# For which processor llama.cpp is built, read by CMake right after its project()
# line. llama-cpp-sys-2 pins the least that every machine has; what it pins for
# processors other than these two passes through untouched.

# A build for a Raspberry Pi 5 (Cortex-A76), here or on the Pi.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64" AND GGML_CPU_ARM_ARCH STREQUAL "armv8-a")
  set(GGML_CPU_ARM_ARCH "armv8.2-a+dotprod+fp16" CACHE STRING "Raspberry Pi 5" FORCE)
endif()

# A build for this very machine uses all that it has (AVX-512 and its dot products
# where they are there). VACHAK_PORTABLE=1 makes one that other machines run, too.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$" AND NOT CMAKE_CROSSCOMPILING AND NOT "$ENV{VACHAK_PORTABLE}")
  set(GGML_NATIVE ON CACHE BOOL "This machine" FORCE)
endif()
