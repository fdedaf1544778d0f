# For tools/dev/test-sdk, which sources this file: the C++ SDK, by the driver that the build made.

test_sdk() {
  conform cpp "$bin/folio_sdk_driver"
  await_conformance
}
