// kill -9 at any moment: whatever a store has acknowledged is there when it is opened again, and nothing half-written
// is.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>

#include "storage/memory/memory.h"
#include "storage/sqlite/sqlite.h"
#include "tests/storage/random_group.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {
namespace {

constexpr int kKills = 30;
constexpr int kGroupsBeforeAKill = 40;

// The group that follows a state: the same for the child that writes it and for the parent that checks it.
Group NextGroup(uint64_t seed, const Storage& model) {
  Dice dice(seed * 1'000'003 + static_cast<uint64_t>(model.head()));
  return RandomGroup(model, dice);
}

// Commits until it is killed, and writes each acknowledged revision to `acks`.
[[noreturn]] void CommitForEver(uint64_t seed, const std::string& file, MemoryStorage& model, int acks) {
  auto store = OpenSqlite({.path = file});
  while (store.ok()) {
    const Group group = NextGroup(seed, model);
    if (!(*store)->Commit(group).ok() || !model.Commit(group).ok()) break;
    const Revision head = (*store)->head();
    if (::write(acks, &head, sizeof(head)) != sizeof(head)) break;
    if (head % 7 == 0 && !(*store)->Maintain().ok()) break;
  }
  ::_exit(1);
}

// Reads acknowledgements until there are `enough`, kills the child, and returns the last one that it made.
Revision KillAfter(int64_t enough, pid_t child, int acks) {
  Revision acknowledged = 0;
  Revision head = 0;
  for (int64_t i = 0; ::read(acks, &head, sizeof(head)) == sizeof(head); ++i) {
    acknowledged = head;
    if (i == enough) ::kill(child, SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  return acknowledged;
}

TEST(KillTest, NothingAcknowledgedIsLost) {
  TempFolder folder;
  const std::string file = folder.File("store");
  const uint64_t seed = SeedOfRun();
  Dice dice(seed);
  MemoryStorage model;
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    int acks[2];
    ASSERT_EQ(::pipe(acks), 0);
    const int64_t enough = dice.Below(kGroupsBeforeAKill);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) CommitForEver(seed, file, model, acks[1]);
    ::close(acks[1]);
    const Revision acknowledged = KillAfter(enough, child, acks[0]);
    ::close(acks[0]);
    EXPECT_GT(acknowledged, model.head());

    auto store = OpenSqlite({.path = file, .create = false});
    ASSERT_THAT(store, IsOk());
    EXPECT_GE((*store)->head(), acknowledged);
    while (model.head() < (*store)->head()) ASSERT_THAT(model.Commit(NextGroup(seed, model)), IsOk());
    EXPECT_EQ(Difference(**store, model), "");
  }
}

}  // namespace
}  // namespace folio::storage::testing
