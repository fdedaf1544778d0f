// A portfolio that looks alive: French and English companies with contacts, subscriptions, usage, tickets and a story.
//
// The same options give the same portfolio on every machine. Each account is a pure function of the options and its
// index, so a portfolio of any size needs the memory of one account, and may be made from several threads at once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/lead.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"

namespace folio::demo {

// What an account lives through.
enum class Archetype : uint8_t {
  kThriving,      // grows, uses everything, answers 9 and 10
  kSteady,        // renews, uses what it bought
  kReadyToGrow,   // seats are full, usage leaps, a need and a budget have been told
  kNew,           // signed within the last months
  kSliding,       // uses less each month, has more tickets, sees us less
  kAboutToChurn,  // usage halved, the champion has gone, the renewal is near
  kDormant,       // pays, but hardly comes
  kChurned,       // left during the last 24 months
};
inline constexpr int kArchetypeCount = 8;

// "about_to_churn".
std::string_view NameOf(Archetype archetype);

struct Options {
  uint64_t seed = 1789;
  int64_t accounts = 2'000;
  int32_t as_of = 0;             // the portfolio's today, days since 1970-01-01; nothing happens on or after it
  int months = 24;               // how far history goes back, 1 to 120
  std::string currency = "EUR";  // of every amount
  bool accounts_only = false;    // accounts with revenue of their own, and nothing else
};

// One account with everything that belongs to it, in the order in which it must be written: the account, contacts,
// subscriptions, leads, deals, facts, tasks. Reuse it: its messages are kept between calls.
struct Client {
  int64_t index = 0;
  Archetype archetype = Archetype::kSteady;
  v1::Account account;
  google::protobuf::RepeatedPtrField<v1::Contact> contacts;
  google::protobuf::RepeatedPtrField<v1::Subscription> subscriptions;
  google::protobuf::RepeatedPtrField<v1::Lead> leads;  // those that became the account
  google::protobuf::RepeatedPtrField<v1::Deal> deals;
  google::protobuf::RepeatedPtrField<v1::Fact> facts;
  google::protobuf::RepeatedPtrField<v1::Task> tasks;

  void Clear();
};

// What belongs to the company that sells, and to no account.
struct Books {
  google::protobuf::RepeatedPtrField<v1::Lead> leads;  // those that came to nothing so far
  google::protobuf::RepeatedPtrField<v1::Fact> costs;  // of marketing, sales and loyalty, month by month
  google::protobuf::RepeatedPtrField<v1::ExchangeRate> exchange_rates;  // of each day, for the currency of the options
};

// An account that the demonstration tells about by name.
struct Hero {
  std::string_view display_name;
  std::string_view id;  // the account is "accounts/{id}"
  Archetype archetype;
};

// Three about to churn and three ready to grow, in turns. Hero i is the account with index i, as far as there are so
// many.
std::span<const Hero> Heroes();

class Generator {
 public:
  explicit Generator(Options options);

  const Options& options() const { return options_; }

  // Makes account `index`, from 0 to options().accounts - 1. Safe to call from several threads.
  void Make(int64_t index, Client* client) const;

  Books MakeBooks() const;

  // Makes the next account; false after the last. For one thread.
  bool Next(Client* client);

 private:
  Options options_;
  int64_t next_ = 0;
};

}  // namespace folio::demo
