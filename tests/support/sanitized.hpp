#ifndef TAILOR_TESTS_SUPPORT_SANITIZED_HPP
#define TAILOR_TESTS_SUPPORT_SANITIZED_HPP

// TAILOR_TEST_SANITIZED is 1 where a sanitizer of addresses, threads or memory watches, else 0.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TAILOR_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define TAILOR_TEST_SANITIZED 1
#endif
#endif
#ifndef TAILOR_TEST_SANITIZED
#define TAILOR_TEST_SANITIZED 0
#endif

#endif  // TAILOR_TESTS_SUPPORT_SANITIZED_HPP
