// A disk that fails, fills up or loses power at any of its calls: every group is wholly there or wholly absent, and
// what was acknowledged is there.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/broken.h"
#include "storage/memory/memory.h"
#include "storage/sqlite/sqlite.h"
#include "tests/storage/fault_vfs.h"
#include "tests/storage/random_group.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {
namespace {

using Operation = std::function<absl::Status(Storage&)>;

// Work that any store does the same way.
std::vector<Operation> Script(uint64_t seed, int operations) {
  Dice dice(seed);
  MemoryStorage model;
  std::vector<Operation> script;
  const auto add = [&](Operation operation) {
    EXPECT_THAT(operation(model), IsOk());
    script.push_back(std::move(operation));
  };
  while (static_cast<int>(script.size()) < operations) {
    const int64_t choice = script.empty() ? 9 : dice.Below(10);
    if (choice == 0) {
      add([first = model.head() - 1](Storage& store) { return store.Compact(first); });
    } else if (choice == 1) {
      add([](Storage& store) {
        return store.RewriteLog([](Revision revision, std::string_view) -> std::optional<std::string> {
          return revision % 2 == 0 ? std::optional<std::string>("erased") : std::nullopt;
        });
      });
    } else if (choice == 2) {
      add([](Storage& store) { return store.ForgetRepliesBefore(500); });
    } else if (choice <= 4) {
      add([](Storage& store) { return store.Maintain(); });
    } else {
      add([group = RandomGroup(model, dice)](Storage& store) { return store.Commit(group); });
    }
  }
  return script;
}

// Empty where the store holds what the first `done` operations of the script leave.
std::string DifferenceAfter(const std::vector<Operation>& script, size_t done, const Storage& store) {
  MemoryStorage model;
  for (size_t i = 0; i < done; ++i) EXPECT_THAT(script[i](model), IsOk());
  return Difference(store, model);
}

struct Outcome {
  size_t done = 0;       // operations acknowledged
  bool unknown = false;  // whether one more is on the disk is not known
};

// Runs the script on a failing disk until the store gives up.
Outcome RunScript(const std::vector<Operation>& script, const std::string& file, FaultVfs& vfs, const Fault& fault) {
  Outcome run;
  auto store = OpenSqlite({.path = file, .vfs = vfs.name()});
  if (!store.ok()) return run;
  while (run.done < script.size()) {
    absl::Status status = script[run.done](**store);
    if (status.ok()) {
      ++run.done;
      continue;
    }
    if (absl::IsUnavailable(status)) {
      // Nothing of it was written, and when there is room again it can be. No other failure may be taken for this one.
      EXPECT_EQ(fault.kind, Fault::kDiskFull);
      EXPECT_EQ(DifferenceAfter(script, run.done, **store), "");
      if (!fault.once) vfs.Disarm();
      EXPECT_THAT(script[run.done](**store), IsOk());
      ++run.done;
      continue;
    }
    EXPECT_THAT(status, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_TRUE(IsBroken(status)) << status;
    EXPECT_NE(fault.kind, Fault::kDiskFull);
    const absl::Status after = (*store)->Commit(GroupOf("after"));
    EXPECT_THAT(after, HasCode(absl::StatusCode::kDataLoss));
    EXPECT_TRUE(IsBroken(after)) << after;
    EXPECT_THAT((*store)->Compact((*store)->head() + 1), HasCode(absl::StatusCode::kDataLoss));
    EXPECT_THAT((*store)->Maintain(), HasCode(absl::StatusCode::kDataLoss));
    vfs.Disarm();
    EXPECT_EQ(DifferenceAfter(script, run.done, **store), "");
    run.unknown = true;
    break;
  }
  vfs.Disarm();
  return run;
}

class FaultTest : public ::testing::TestWithParam<std::pair<std::string, Fault>> {};

TEST_P(FaultTest, EveryCallMayFail) {
  const std::vector<Operation> script = Script(SeedOfRun(), 10);
  Fault fault = GetParam().second;
  int failures = 0;
  for (bool fired = true; fired && !HasFailure(); ++fault.at) {
    SCOPED_TRACE("call " + std::to_string(fault.at));
    TempFolder folder;
    FaultVfs vfs;
    vfs.Arm(fault);
    const Outcome run = RunScript(script, folder.File("store"), vfs, fault);
    fired = vfs.fired();
    failures += fired;

    auto store = OpenSqlite({.path = folder.File("store")});
    ASSERT_THAT(store, IsOk());
    std::string difference = DifferenceAfter(script, run.done, **store);
    if (!difference.empty() && run.unknown) difference = DifferenceAfter(script, run.done + 1, **store);
    EXPECT_EQ(difference, "");
    EXPECT_THAT((*store)->Commit(GroupOf("and on")), IsOk());
  }
  EXPECT_GT(failures, 5);
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultTest,
                         ::testing::Values(std::pair("WriteErrorOnce", Fault{.kind = Fault::kWriteError, .once = true}),
                                           std::pair("WriteErrors", Fault{.kind = Fault::kWriteError, .once = false}),
                                           std::pair("TornWrite", Fault{.kind = Fault::kTornWrite, .once = true}),
                                           std::pair("FullOnce", Fault{.kind = Fault::kDiskFull, .once = true}),
                                           std::pair("Full", Fault{.kind = Fault::kDiskFull, .once = false}),
                                           std::pair("SyncErrorOnce", Fault{.kind = Fault::kSyncError, .once = true}),
                                           std::pair("SyncErrors", Fault{.kind = Fault::kSyncError, .once = false})),
                         [](const auto& fault) { return fault.param.first; });

// A power cut before one call in so many.
constexpr int kCallsPerCut = 6;

TEST(PowerCutTest, NothingAcknowledgedIsLost) {
  const uint64_t seed = SeedOfRun();
  Dice dice(seed);
  const std::vector<Operation> script = Script(seed, 60);
  TempFolder folder;
  FaultVfs vfs;
  auto store = OpenSqlite({.path = folder.File("store"), .vfs = vfs.name()});
  ASSERT_THAT(store, IsOk());
  size_t done = 0;
  int cuts = 0;
  vfs.OnChange([&] {
    if (!dice.OneIn(kCallsPerCut) || ::testing::Test::HasFailure()) return;
    SCOPED_TRACE("cut " + std::to_string(cuts++) + " within operation " + std::to_string(done));
    TempFolder after;
    vfs.WriteCrashImage(after, dice);
    auto survivor = OpenSqlite({.path = after.File("store"), .create = false});
    ASSERT_THAT(survivor, IsOk());
    std::string difference = DifferenceAfter(script, done, **survivor);
    if (!difference.empty()) difference = DifferenceAfter(script, done + 1, **survivor);
    EXPECT_EQ(difference, "");
  });
  for (; done < script.size() && !HasFailure(); ++done) EXPECT_THAT(script[done](**store), IsOk());
  vfs.OnChange(nullptr);
  EXPECT_GT(cuts, 20);
}

}  // namespace
}  // namespace folio::storage::testing
