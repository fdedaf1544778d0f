#include "tools/bench/dataset.h"

#include <algorithm>

namespace folio::bench {

demo::Generator Accounts(int64_t count, const std::string& currency) {
  demo::Options options;
  options.accounts = count;
  options.as_of = kAsOf;
  options.currency = currency;
  options.accounts_only = true;
  return demo::Generator(options);
}

std::vector<int64_t> SampleIndexes(int64_t bound, int64_t count) {
  // Steps of a prime that does not divide the bound visit every index once.
  constexpr int64_t kStep = 7'368'787;
  std::vector<int64_t> indexes(static_cast<size_t>(std::min(bound, count)));
  int64_t index = 0;
  for (int64_t& chosen : indexes) {
    index = (index + kStep) % bound;
    chosen = index;
  }
  return indexes;
}

std::vector<std::string> SomeNames(int64_t accounts, int64_t count) {
  const demo::Generator generator = Accounts(accounts);
  demo::Client client;
  std::vector<std::string> names;
  for (const int64_t index : SampleIndexes(accounts, count)) {
    generator.Make(index, &client);
    names.push_back(client.account.name());
  }
  return names;
}

namespace {

constexpr int64_t kAccountsWithFacts = 20'000;

}  // namespace

Facts::Facts(int64_t accounts) : names_(SomeNames(accounts, kAccountsWithFacts)) {}

v1::Fact Facts::Make(int64_t number) const {
  constexpr int64_t kSecondsPerDay = 86'400;
  v1::Fact fact;
  fact.set_account(names_[static_cast<size_t>(number) % names_.size()]);
  fact.set_source("bench");
  fact.set_source_id(std::to_string(number));
  fact.mutable_event_time()->set_seconds((kAsOf - 1) * kSecondsPerDay + number % kSecondsPerDay);
  fact.mutable_usage()->set_feature("feature-" + std::to_string(number % 7));
  fact.mutable_usage()->set_count(1 + number % 20);
  fact.mutable_usage()->set_user("user-" + std::to_string(number % 1'013));
  return fact;
}

}  // namespace folio::bench
