// Settings of jemalloc, which reads them before main begins (docs/decisions/0015).
extern "C" {
// A thread of its own returns memory that has been free for a second.
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
