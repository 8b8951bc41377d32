# Replaces llama-cpp-sys-2's pin, and only that pin, by what a Raspberry Pi 5
# (Cortex-A76) offers. Builds for other processors pass through untouched.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64" AND GGML_CPU_ARM_ARCH STREQUAL "armv8-a")
  set(GGML_CPU_ARM_ARCH "armv8.2-a+dotprod+fp16" CACHE STRING "Raspberry Pi 5" FORCE)
endif()
