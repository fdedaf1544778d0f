#include "server/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "google/rpc/error_details.pb.h"
#include "server/base/error_catalogue.h"
#include "server/base/error_template.h"
#include "server/base/text.h"
#include "storage/broken.h"
#include "tests/base/project_file.h"

namespace folio::error {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

template <typename Message>
Message PayloadOf(const absl::Status& status, std::string_view name) {
  Message message;
  const auto payload = status.GetPayload(ToAbsl("type.googleapis.com/google.rpc." + std::string(name)));
  EXPECT_TRUE(payload && message.ParseFromString(std::string(*payload))) << name;
  return message;
}

std::string CodeName(absl::StatusCode code) { return absl::StatusCodeToString(code); }

// --- The catalogue ---

TEST(CatalogueTest, ReasonsAreUniqueAndWellFormed) {
  std::set<std::string_view> seen;
  for (const CatalogueEntry& entry : Catalogue()) {
    EXPECT_TRUE(seen.insert(entry.reason).second) << entry.reason;
    EXPECT_TRUE(std::regex_match(std::string(entry.reason), std::regex("[A-Z][A-Z_]*[A-Z]"))) << entry.reason;
  }
}

TEST(CatalogueTest, BothLanguagesSayTheSame) {
  for (const CatalogueEntry& entry : Catalogue()) {
    EXPECT_FALSE(entry.english.empty()) << entry.reason;
    EXPECT_FALSE(entry.french.empty()) << entry.reason;
    EXPECT_NE(entry.english, entry.french) << entry.reason;
    EXPECT_EQ(PlaceholdersOf(entry.english), PlaceholdersOf(entry.french)) << entry.reason;
    EXPECT_TRUE(IsCleanText(entry.french)) << entry.reason;
  }
  for (const CatalogueTerm& term : Terms()) {
    EXPECT_FALSE(term.english.empty()) << term.key;
    EXPECT_FALSE(term.french.empty()) << term.key;
  }
}

TEST(CatalogueTest, TemplatesAreWellFormed) {
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const std::string_view text : {entry.english, entry.french}) {
      std::string open;  // brackets that are open
      for (const char c : text) {
        if (c == '[' || c == '{') {
          EXPECT_FALSE(open.ends_with('{') || (c == '[' && !open.empty())) << text;
          open += c;
        } else if (c == ']' || c == '}') {
          ASSERT_FALSE(open.empty()) << text;
          EXPECT_EQ(open.back(), c == ']' ? '[' : '{') << text;
          open.pop_back();
        }
      }
      EXPECT_TRUE(open.empty()) << text;
    }
  }
}

TEST(CatalogueTest, EveryBracketHoldsADetail) {
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const std::string_view text : {entry.english, entry.french}) {
      for (size_t open = text.find('['); open != std::string_view::npos; open = text.find('[', open + 1)) {
        const auto inside = text.substr(open, text.find(']', open) - open);
        EXPECT_NE(inside.find('{'), std::string_view::npos) << text;
      }
    }
  }
}

// A text says what to do: there is a second half after a semicolon or a colon.
TEST(CatalogueTest, EveryTextTellsTheWayOut) {
  for (const CatalogueEntry& entry : Catalogue()) {
    EXPECT_NE(entry.english.find("; "), std::string_view::npos) << entry.reason;
    EXPECT_NE(entry.french.find(" ; "), std::string_view::npos) << entry.reason;
  }
}

TEST(CatalogueTest, TheDocumentListsTheSame) {
  std::map<std::string, std::string> written;
  std::map<std::string, std::string> expected;
  std::istringstream lines(ReadProjectFile("docs/errors.md"));
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (std::regex_match(line, parts, std::regex(R"(\| `([A-Z_]+)` \| ([A-Z_]+) \| (.*) \|)"))) {
      EXPECT_TRUE(written.emplace(parts[1], parts[2].str() + " " + parts[3].str()).second) << line;
    }
  }
  for (const CatalogueEntry& entry : Catalogue()) {
    expected[std::string(entry.reason)] = CodeName(entry.code) + " " + std::string(entry.english);
  }
  EXPECT_EQ(written, expected);
}

TEST(CatalogueTest, AllReasonsAreSorted) {
  const std::vector<std::string> reasons = AllReasons();
  EXPECT_EQ(reasons.size(), Catalogue().size());
  EXPECT_TRUE(std::is_sorted(reasons.begin(), reasons.end()));
}

// --- Templates ---

TEST(TemplateTest, FillsDetails) {
  const Fault fault{"account.name", "", {{"value", "x"}, {"type", "date"}}};
  struct Case {
    std::string text, english;
  };
  for (const Case& c : std::vector<Case>{
           {"plain", "plain"},
           {"", ""},
           {"{field} is {value}", "account.name is x"},
           {"{field}[ ({value})] end", "account.name (x) end"},
           {"{field}[ ({missing})] end", "account.name end"},
           {"a[ {value} {missing}]b", "ab"},
           {"a[ {value}][ {missing}][ {value}]b", "a x xb"},
           {"{missing}", "?"},
           {"{@type}", "a date such as 2024-12-31"},
           {"{@value}", "x"},
       }) {
    EXPECT_EQ(Render(c.text, fault, Locale::kEnglish), c.english) << c.text;
  }
  EXPECT_EQ(Render("{@type}", fault, Locale::kFrench), "une date telle que 2024-12-31");
  EXPECT_EQ(Render("{field} x", {}, Locale::kEnglish), "the value x");
  EXPECT_EQ(Render("{field} x", {}, Locale::kFrench), "la valeur x");
}

TEST(TemplateTest, DetailsAreNotTemplates) {
  const Fault fault{"f", "", {{"value", "{field}[{x}]"}}};
  EXPECT_EQ(Render("<{value}>", fault, Locale::kEnglish), "<{field}[{x}]>");
}

TEST(TemplateTest, NamesPlaceholders) {
  EXPECT_THAT(PlaceholdersOf("{b} [x {@a} {b}]"), ElementsAre("a", "b"));
  EXPECT_THAT(PlaceholdersOf("none"), IsEmpty());
}

// --- Statuses ---

TEST(ErrorTest, FieldErrorCarriesInfoAndViolations) {
  const absl::Status status = InvalidField("account.display_name", "FIELD_REQUIRED");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MessageOf(status), "account.display_name is required; give it a value");
  EXPECT_EQ(ReasonOf(status), "FIELD_REQUIRED");
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status, "ErrorInfo");
  EXPECT_EQ(info.domain(), "folio");
  EXPECT_THAT(info.metadata(), UnorderedElementsAre(Pair("field", "account.display_name")));
  const auto bad = PayloadOf<google::rpc::BadRequest>(status, "BadRequest");
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(), "account.display_name");
  EXPECT_EQ(bad.field_violations(0).reason(), "FIELD_REQUIRED");
  EXPECT_EQ(bad.field_violations(0).description(), "account.display_name is required; give it a value");
}

TEST(ErrorTest, AllFaultsSurvive) {
  const std::vector<Fault> faults = {
      {"a", "FIELD_REQUIRED", {}},
      {"b", "FIELD_OUT_OF_RANGE", {{"maximum", "5"}, {"minimum", "1"}, {"value", "7"}}},
      {"a", "FIELD_REQUIRED", {}},
  };
  const absl::Status status = InvalidFields(faults);
  const std::vector<Fault> read = FaultsOf(status);
  ASSERT_EQ(read.size(), faults.size());
  for (size_t i = 0; i < faults.size(); ++i) {
    EXPECT_EQ(read[i].field, faults[i].field);
    EXPECT_EQ(read[i].reason, faults[i].reason);
    EXPECT_EQ(read[i].details, faults[i].details);
  }
  EXPECT_EQ(Localize(read[1], Locale::kEnglish), "b is out of range (7); at least 1 is needed; at most 5 is accepted");
  EXPECT_EQ(Localize(read[1], Locale::kFrench),
            "b est hors limites (7) ; 1 au moins est requis ; 5 au plus est accepté");
  EXPECT_EQ(PayloadOf<google::rpc::BadRequest>(status, "BadRequest").field_violations_size(), 3);
}

TEST(ErrorTest, ManyFaultsFitTheTrailersOfACall) {
  constexpr size_t kFaults = 1'000;
  const Fault fault{"facts[7].ticket.satisfaction", "FIELD_OUT_OF_RANGE", {{"value", "9"}, {"maximum", "5"}}};
  const absl::Status status = InvalidFields(std::vector<Fault>(kFaults, fault));
  const auto bad = PayloadOf<google::rpc::BadRequest>(status, "BadRequest");
  const auto told = static_cast<size_t>(bad.field_violations_size());
  EXPECT_GT(told, 10u);
  EXPECT_EQ(FaultsOf(status).size(), told);
  EXPECT_LT(bad.ByteSizeLong(), 4'096u);
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status, "ErrorInfo");
  EXPECT_EQ(info.metadata().at("more_faults"), std::to_string(kFaults - told));
}

TEST(ErrorTest, LongAndForeignValuesAreNotRepeated) {
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += "é";
  for (const absl::Status& status :
       {InvalidField("account.parent", "NAME_MALFORMED", {{"value", text}}), NotFound(text)}) {
    EXPECT_LT(MessageOf(status).size(), 400u);
    EXPECT_TRUE(IsCleanText(MessageOf(status)));
    EXPECT_THAT(std::string(MessageOf(status)), HasSubstr("éé…"));
  }
  EXPECT_EQ(MessageOf(InvalidField("tag", "CHOICE_UNKNOWN", {{"value", "caf\xE9"}})),
            "tag: not one of the choices; use one of them, or add it to the definition");
}

TEST(ErrorTest, PayloadsForTheServerAloneAreMarked) {
  int wire = 0;
  int inner = 0;
  InvalidField("a", "FIELD_REQUIRED").ForEachPayload([&](absl::string_view url, const absl::Cord&) {
    (IsForWire(FromAbsl(url)) ? wire : inner) += 1;
  });
  EXPECT_EQ(wire, 2);
  EXPECT_EQ(inner, 1);
}

TEST(ErrorTest, ConstructorsGiveCodeReasonAndText) {
  struct Case {
    absl::Status status;
    absl::StatusCode code;
    std::string reason, text;
  };
  for (const Case& c : std::vector<Case>{
           {NotFound("accounts/a"), absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
            "there is no accounts/a; check the name, or create it"},
           {AlreadyExists("accounts/a"), absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
            "accounts/a exists already; update it, or choose another id"},
           {ValueTaken("account.external_ids[0]", "crm:1", "accounts/b"), absl::StatusCode::kAlreadyExists,
            "VALUE_TAKEN", "account.external_ids[0] 'crm:1' belongs to accounts/b already; change one of the two"},
           {EtagMismatch("accounts/a", "1", "2"), absl::StatusCode::kAborted, "ETAG_MISMATCH",
            "accounts/a has changed since it was read (etag 1, now 2); read it again and repeat the change"},
           {Deleted("accounts/a"), absl::StatusCode::kFailedPrecondition, "RESOURCE_DELETED",
            "accounts/a is deleted; undelete it first"},
           {NotDeleted("accounts/a"), absl::StatusCode::kFailedPrecondition, "RESOURCE_NOT_DELETED",
            "accounts/a is not deleted; there is nothing to undelete"},
           {Precondition("HAS_DEPENDENTS", {{"name", "accounts/a"}, {"count", "3"}, {"dependents", "contacts"}}),
            absl::StatusCode::kFailedPrecondition, "HAS_DEPENDENTS",
            "accounts/a still has 3 contacts that refer to it; delete or move them first"},
           {Named("WORKSPACE_FOREIGN"), absl::StatusCode::kPermissionDenied, "WORKSPACE_FOREIGN",
            "the key belongs to another workspace; use a key of that one, or leave the name empty"},
           {RequestIdReused("r1"), absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
            "request id r1 was used for a request with another body; choose a new one for each request"},
           {RevisionNotReached(9, 7), absl::StatusCode::kFailedPrecondition, "REVISION_NOT_REACHED",
            "the server has not reached revision 9; it is at 7: try again shortly"},
           {LogCompacted(1, 5), absl::StatusCode::kOutOfRange, "LOG_COMPACTED",
            "the log no longer holds revision 1; it begins at 5; start again from a snapshot"},
           {FellBehind("t"), absl::StatusCode::kOutOfRange, "FELL_BEHIND",
            "the reader fell too far behind; watch again from the resume token of the last message that was "
            "read (t)"},
           {Unauthenticated("KEY_REVOKED"), absl::StatusCode::kUnauthenticated, "KEY_REVOKED",
            "that API key was revoked; ask an administrator for another"},
           {PermissionDenied("CreateAccount", "EDITOR"), absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
            "CreateAccount needs the role EDITOR; use a key that has it"},
           {DeadlineExceeded(), absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
            "the call ran out of time; allow it a longer deadline, or ask for less"},
           {Internal("x is y"), absl::StatusCode::kInternal, "INTERNAL",
            "a fault of the server: x is y; please report it"},
       }) {
    EXPECT_EQ(c.status.code(), c.code) << c.reason;
    EXPECT_EQ(ReasonOf(c.status), c.reason);
    EXPECT_EQ(MessageOf(c.status), c.text);
    EXPECT_EQ(Localize(c.status, Locale::kEnglish), c.text);
  }
}

TEST(ErrorTest, RetryInfoSaysHowLong) {
  const absl::Status overloaded = Overloaded("calls in flight", 1024, 1250);
  EXPECT_EQ(overloaded.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(MessageOf(overloaded)), HasSubstr("calls in flight: 1024"));
  const auto retry = PayloadOf<google::rpc::RetryInfo>(overloaded, "RetryInfo");
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
  EXPECT_EQ(ShuttingDown().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(PayloadOf<google::rpc::RetryInfo>(ShuttingDown(), "RetryInfo").retry_delay().seconds(), 1);
}

TEST(ErrorTest, StorageErrorsGetTheirReasons) {
  struct Case {
    absl::Status status;
    std::string reason;
    absl::StatusCode code;
  };
  for (const Case& c : std::vector<Case>{
           {absl::UnavailableError("disk full"), "STORAGE_UNAVAILABLE", absl::StatusCode::kUnavailable},
           {absl::DataLossError("checksum of 1/7"), "STORAGE_CORRUPT", absl::StatusCode::kDataLoss},
           {absl::DataLossError("the tree is broken"), "STORAGE_CORRUPT", absl::StatusCode::kDataLoss},
           {storage::BrokenError("fsync"), "STORAGE_BROKEN", absl::StatusCode::kDataLoss},
           {absl::OutOfRangeError("before the log"), "LOG_COMPACTED", absl::StatusCode::kOutOfRange},
           {absl::InvalidArgumentError("twice"), "INTERNAL", absl::StatusCode::kInternal},
       }) {
    EXPECT_EQ(ReasonOf(FromStorage(c.status)), c.reason);
    EXPECT_EQ(FromStorage(c.status).code(), c.code);
  }
  EXPECT_TRUE(FromStorage(absl::OkStatus()).ok());
  EXPECT_EQ(FromStorage(NotFound("accounts/a")), NotFound("accounts/a"));
  EXPECT_THAT(std::string(MessageOf(FromStorage(absl::UnavailableError("disk full")))), HasSubstr("disk full"));
}

TEST(ErrorTest, FaultsOfOtherErrors) {
  EXPECT_THAT(FaultsOf(absl::OkStatus()), IsEmpty());
  const auto not_found = FaultsOf(NotFound("accounts/a"));
  ASSERT_EQ(not_found.size(), 1u);
  EXPECT_EQ(not_found[0].field, "");
  EXPECT_EQ(not_found[0].reason, "RESOURCE_NOT_FOUND");
  const auto taken = FaultsOf(ValueTaken("account.domain", "x.fr", "accounts/b"));
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].field, "account.domain");
  const auto foreign = FaultsOf(absl::UnknownError("odd"));
  ASSERT_EQ(foreign.size(), 1u);
  EXPECT_EQ(foreign[0].reason, "INTERNAL");
  EXPECT_EQ(Localize(absl::UnknownError("odd"), Locale::kFrench), "odd");
  EXPECT_EQ(ReasonOf(absl::UnknownError("odd")), "");
}

TEST(ErrorTest, SpeaksFrench) {
  EXPECT_EQ(Localize(NotFound("accounts/a"), Locale::kFrench),
            "accounts/a n'existe pas ; vérifiez le nom, ou créez-le");
  EXPECT_EQ(Localize(InvalidField("filter", "FILTER_COLUMN_UNKNOWN",
                                  {{"position", "3"}, {"column", "sectr"}, {"nearest", "sector"}}),
                     Locale::kFrench),
            "filter, caractère 3 : il n'y a pas de colonne « sectr » ; vouliez-vous dire « sector » ?");
}

TEST(ErrorDeathTest, ReasonsOutsideOfTheCatalogue) {
  EXPECT_DEBUG_DEATH(InvalidField("a", "NO_SUCH_REASON"), "catalogue");
  EXPECT_EQ(Localize(Fault{"a", "NO_SUCH_REASON", {}}, Locale::kEnglish), "a is not acceptable");
}

}  // namespace
}  // namespace folio::error
