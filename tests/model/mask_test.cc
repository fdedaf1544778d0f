#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/fact.pb.h"
#include "server/base/text.h"
#include "server/model/schema.h"
#include "tests/model/faults.h"

namespace folio::model {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::MessageDifferencer;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

v1::Account Account(const std::string& text) { return FromText<v1::Account>(text); }

FieldMask Mask(const std::vector<std::string>& paths) {
  FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

std::vector<std::string> Expand(const std::vector<std::string>& paths, const v1::Account& account = {}) {
  const auto expanded = ExpandMask(Mask(paths), account);
  EXPECT_TRUE(expanded.ok()) << expanded.status();
  return expanded.ok() ? *expanded : std::vector<std::string>();
}

TEST(ExpandMaskTest, Paths) {
  EXPECT_THAT(Expand({"city", "tags"}), UnorderedElementsAre("city", "tags"));
  EXPECT_THAT(Expand({"city", "city"}), ElementsAre("city"));
  EXPECT_THAT(Expand({"custom_fields.region"}), ElementsAre("custom_fields.region"));
  EXPECT_THAT(Expand({"custom_fields.a.b"}), ElementsAre("custom_fields.a.b"));
  EXPECT_THAT(Expand({"custom_fields.region", "custom_fields"}), ElementsAre("custom_fields"));
}

TEST(ExpandMaskTest, StarMeansEveryWritableField) {
  const auto paths = Expand({"*"});
  EXPECT_THAT(paths, Contains("display_name"));
  EXPECT_THAT(paths, Contains("custom_fields"));
  for (const std::string fixed : {"name", "etag", "create_time", "update_time", "delete_time"}) {
    EXPECT_THAT(paths, Not(Contains(fixed)));
  }
  EXPECT_EQ(paths.size(), 20u);
}

TEST(ExpandMaskTest, EmptyMeansWhatIsSet) {
  EXPECT_THAT(Expand({}), IsEmpty());
  const auto account = Account(R"(name: "accounts/a" etag: "x" create_time { seconds: 1 } display_name: "n"
    auto_renew: false tags: "t" renewal_date { } custom_fields { key: "b" value { flag: true } }
    custom_fields { key: "a" value { flag: true } })");
  EXPECT_THAT(Expand({}, account), UnorderedElementsAre("display_name", "auto_renew", "tags", "renewal_date",
                                                        "custom_fields.a", "custom_fields.b"));
}

TEST(ExpandMaskTest, Faults) {
  struct Case {
    std::string path, reason, nearest;
  };
  for (const Case& c : std::vector<Case>{
           {"citty", "FIELD_UNKNOWN", "city"},
           {"", "FIELD_UNKNOWN", ""},
           {"city.name", "FIELD_UNKNOWN", "city"},
           {"renewal_date.year", "FIELD_UNKNOWN", "renewal_date"},
           {"tags.0", "FIELD_UNKNOWN", "tags"},
           {"custom_fields.", "FIELD_UNKNOWN", "custom_fields"},
           {"displayName", "FIELD_UNKNOWN", "display_name"},
           {"etag", "FIELD_OUTPUT_ONLY", ""},
           {"name", "FIELD_OUTPUT_ONLY", ""},
           {"create_time", "FIELD_OUTPUT_ONLY", ""},
       }) {
    const absl::Status status = ExpandMask(Mask({c.path}), v1::Account()).status();
    EXPECT_THAT(FaultsIn(status), ElementsAre("update_mask " + c.reason)) << c.path;
    EXPECT_EQ(DetailIn(status, "nearest"), c.nearest) << c.path;
  }
  EXPECT_THAT(FaultsIn(ExpandMask(Mask({"city", "x", "*", "etag"}), v1::Account()).status()),
              ElementsAre("update_mask FIELD_UNKNOWN", "update_mask FIELD_UNKNOWN", "update_mask FIELD_OUTPUT_ONLY"));
  EXPECT_EQ(MessageOf(ExpandMask(Mask({"etag"}), v1::Account()).status()),
            "update_mask is set by the server (etag); leave it out");
  EXPECT_EQ(MessageOf(ExpandMask(Mask({"citty"}), v1::Account()).status()),
            "update_mask: there is no such field as 'citty'; did you mean 'city'?");
}

void ExpectCopied(const std::string& from, const std::vector<std::string>& paths, const std::string& to,
                  const std::string& expected) {
  v1::Account target = Account(to);
  CopyPaths(Account(from), paths, &target);
  EXPECT_TRUE(MessageDifferencer::Equals(target, Account(expected))) << target.ShortDebugString();
}

TEST(CopyPathsTest, SetsWhatIsSetAndClearsWhatIsNot) {
  ExpectCopied("city: 'A' sector: 'S'", {"city"}, "city: 'B' plan: 'P'", "city: 'A' plan: 'P'");
  ExpectCopied("", {"city", "tags", "renewal_date", "auto_renew"},
               "city: 'B' tags: 'x' renewal_date { year: 1 } auto_renew: true plan: 'P'", "plan: 'P'");
  ExpectCopied("tags: 'a'", {"tags"}, "tags: 'b' tags: 'c'", "tags: 'a'");
  ExpectCopied("auto_renew: false seat_count: 0", {"auto_renew", "seat_count"}, "", "auto_renew: false seat_count: 0");
  ExpectCopied("renewal_date { year: 2024 }", {"renewal_date"}, "renewal_date { month: 3 }",
               "renewal_date { year: 2024 }");
  ExpectCopied("city: 'A'", {}, "city: 'B'", "city: 'B'");
}

TEST(CopyPathsTest, LeavesTheSourceAlone) {
  const v1::Account from = Account("city: 'A'");
  v1::Account to = Account("city: 'B'");
  CopyPaths(from, {"city"}, &to);
  EXPECT_EQ(from.city(), "A");
}

TEST(CopyPathsTest, MapsWholeAndByKey) {
  const std::string a = "custom_fields { key: 'a' value { number: 1 } }";
  const std::string b = "custom_fields { key: 'b' value { number: 2 } }";
  const std::string a2 = "custom_fields { key: 'a' value { text: 'x' } }";
  const std::string dotted = "custom_fields { key: 'x.y' value { number: 3 } }";
  ExpectCopied(a, {"custom_fields"}, b, a);
  ExpectCopied("", {"custom_fields"}, a + b, "");
  ExpectCopied(a + b, {"custom_fields.a"}, "", a);
  ExpectCopied(a, {"custom_fields.a"}, a2 + b, a + b);
  ExpectCopied(b, {"custom_fields.a"}, a + b, b);
  ExpectCopied("", {"custom_fields.a", "custom_fields.zz"}, a + b + dotted, b + dotted);
  ExpectCopied(dotted, {"custom_fields.x.y"}, a, a + dotted);
}

TEST(CopyPathsTest, AMapThatWasCopiedIsUsableAsAMap) {
  v1::Account to = Account("custom_fields { key: 'a' value { number: 1 } } custom_fields { key: 'b' value { } }");
  CopyPaths(Account("custom_fields { key: 'a' value { number: 5 } }"), {"custom_fields.a", "custom_fields.b"}, &to);
  ASSERT_EQ(to.custom_fields().size(), 1u);
  EXPECT_EQ(to.custom_fields().at("a").number(), 5);
  EXPECT_EQ(Account("").custom_fields().size(), 0u);
  v1::Account again;
  EXPECT_TRUE(again.ParseFromString(to.SerializeAsString()));
  EXPECT_EQ(again.custom_fields().at("a").number(), 5);
}

// --- Content ---

TEST(ContentTest, SameContentIgnoresTheServersFields) {
  const std::string whole = R"(
    display_name: "n" external_ids { system: "s" id: "1" } size: ACCOUNT_SIZE_SMALL employee_count: 3
    tags: "a" tags: "b"
    annual_recurring_revenue { units: 1 } renewal_date { year: 2024 month: 1 day: 1 } auto_renew: false
    custom_fields { key: "a" value { number: 1 } } custom_fields { key: "b" value { choices { values: "x" } } })";
  EXPECT_TRUE(SameContent(Account(whole), Account(whole)));
  EXPECT_TRUE(
      SameContent(Account(whole + "etag: '1' update_time { seconds: 1 }"), Account(whole + "name: 'accounts/a'")));
  const v1::Account base = Account(whole);
  std::vector<v1::Account> others(11, base);
  others[0].set_display_name("m");
  others[1].mutable_external_ids(0)->set_id("2");
  others[2].set_size(v1::ACCOUNT_SIZE_LARGE);
  others[3].set_employee_count(4);
  others[4].set_tags(1, "c");
  others[5].add_tags("c");
  others[6].mutable_annual_recurring_revenue()->set_nanos(1'000);
  others[7].clear_auto_renew();
  (*others[8].mutable_custom_fields())["a"].set_number(2);
  others[9].mutable_custom_fields()->erase("b");
  (*others[9].mutable_custom_fields())["c"].set_number(1);
  (*others[10].mutable_custom_fields())["b"].mutable_choices()->add_values("y");
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_FALSE(SameContent(base, others[i])) << i;
    EXPECT_FALSE(SameContent(others[i], base)) << i;
  }
}

TEST(ContentTest, TheOrderOfMapsMeansNothing) {
  const std::string a = "custom_fields { key: 'a' value { number: 1 } }";
  const std::string b = "custom_fields { key: 'b' value { number: 2 } }";
  EXPECT_TRUE(SameContent(Account(a + b), Account(b + a)));
}

TEST(ContentTest, UnsetDiffersFromDefaultWhereThatCanBeTold) {
  EXPECT_FALSE(SameContent(Account("seat_count: 0"), Account("")));
  EXPECT_FALSE(SameContent(Account("renewal_date { }"), Account("")));
  EXPECT_TRUE(SameContent(Account("city: ''"), Account("")));
}

TEST(ContentTest, OneofsAreCompared) {
  const auto usage = FromText<v1::Fact>("usage { }");
  EXPECT_FALSE(SameContent(usage, FromText<v1::Fact>("ticket { }")));
  EXPECT_FALSE(SameContent(usage, FromText<v1::Fact>("usage { count: 1 }")));
  EXPECT_TRUE(SameContent(usage, FromText<v1::Fact>("usage { }")));
}

TEST(ContentTest, ImmutableFields) {
  const auto before = FromText<v1::Contact>("account: 'accounts/a' display_name: 'x'");
  const auto moved = FromText<v1::Contact>("account: 'accounts/b' display_name: 'x'");
  const auto cleared = FromText<v1::Contact>("display_name: 'x'");
  const auto renamed = FromText<v1::Contact>("account: 'accounts/a' display_name: 'y'");
  EXPECT_TRUE(CheckImmutable(before, before, "contact").ok());
  EXPECT_TRUE(CheckImmutable(before, renamed, "contact").ok());
  EXPECT_TRUE(CheckImmutable(cleared, moved, "contact").ok());
  EXPECT_THAT(FaultsIn(CheckImmutable(before, moved, "contact")), ElementsAre("contact.account FIELD_IMMUTABLE"));
  EXPECT_THAT(FaultsIn(CheckImmutable(before, cleared, "")), ElementsAre("account FIELD_IMMUTABLE"));
}

TEST(ContentTest, ClearOutputOnlyKeepsTheName) {
  v1::Account account = Account("name: 'accounts/a' etag: 'x' create_time { } delete_time { } display_name: 'n'");
  ClearOutputOnly(&account);
  EXPECT_TRUE(MessageDifferencer::Equals(account, Account("name: 'accounts/a' display_name: 'n'")));
}

}  // namespace
}  // namespace folio::model
