# find_package(presign) and target_link_libraries(program PRIVATE presign::presign)
if(NOT TARGET presign::presign)
  get_filename_component(presign_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  add_library(presign::presign STATIC IMPORTED)
  set_target_properties(presign::presign PROPERTIES
    IMPORTED_LOCATION "${presign_prefix}/lib/libpresign.a"
    INTERFACE_INCLUDE_DIRECTORIES "${presign_prefix}/include")
endif()
