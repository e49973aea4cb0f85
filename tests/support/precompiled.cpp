// Carries the precompiled tests/catch.hpp that every test program reuses.
