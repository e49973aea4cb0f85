import os
import re

from conan import ConanFile
from conan.tools.files import copy, load


class Tailor(ConanFile):
    name = "tailor"
    license = "MIT"
    description = "Header-only C++20 library for personalization and offers in a shop"
    package_type = "header-library"
    exports_sources = "include/*", "LICENSE", "CMakeLists.txt"
    no_copy_source = True
    options = {"with_simdjson": [True, False], "with_eigen": [True, False]}
    default_options = {"with_simdjson": False, "with_eigen": False}

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "CMakeLists.txt"))
        self.version = re.search(r"project\(tailor VERSION ([0-9.]+)", text).group(1)

    def requirements(self):
        if self.options.with_eigen:
            self.requires("eigen/[>=3.4]", transitive_headers=True)
        if self.options.with_simdjson:
            self.requires("simdjson/[>=3.0]", transitive_headers=True, transitive_libs=True)

    def package_id(self):
        self.info.clear()

    def package(self):
        source = os.path.join(self.source_folder, "include")
        copy(self, "*.hpp", source, os.path.join(self.package_folder, "include"))
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "tailor")
        self.cpp_info.set_property("cmake_target_name", "tailor::tailor")
