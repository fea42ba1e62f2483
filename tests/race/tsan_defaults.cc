// What ThreadSanitizer is told, in the program itself: so however it is started.

extern "C" {

const char* __tsan_default_options();
const char* __tsan_default_suppressions();

// Without it a report names no functions.
const char* __tsan_default_options() { return "external_symbolizer_path=" OMZIEN_SYMBOLIZER; }

// A status's count of references is let go of in Debian's Abseil, which isn't instrumented: that
// the last holder deletes it after all others let go isn't seen. Reports of that delete only; a
// status that one thread sets while another reads it is still reported.
const char* __tsan_default_suppressions() { return "race:^absl::debian3::Status::Unref\n"; }

}  // extern "C"
