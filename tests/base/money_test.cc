#include "server/base/money.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace folio {
namespace {

google::type::Money MoneyOf(int64_t units, int32_t nanos) {
  google::type::Money money;
  money.set_units(units);
  money.set_nanos(nanos);
  return money;
}

TEST(MoneyTest, FromProto) {
  struct Case {
    int64_t units;
    int32_t nanos;
    std::optional<Micros> micros;
  };
  constexpr int64_t kMaxUnits = 9'000'000'000;
  for (const Case& c : std::vector<Case>{
           {0, 0, 0},
           {1, 0, 1'000'000},
           {-1, -500'000'000, -1'500'000},
           {0, -1'000, -1},
           {0, 999'999'000, 999'999},
           {1, -1'000, std::nullopt},
           {-1, 1'000, std::nullopt},
           {0, 1, std::nullopt},
           {0, 1'500, std::nullopt},
           {0, 1'000'000'000, std::nullopt},
           {0, std::numeric_limits<int32_t>::min(), std::nullopt},
           {kMaxUnits, 0, kMaxMicros},
           {-kMaxUnits, 0, -kMaxMicros},
           {kMaxUnits, 1'000, std::nullopt},
           {-kMaxUnits, -1'000, std::nullopt},
           {kMaxUnits + 1, 0, std::nullopt},
           {std::numeric_limits<int64_t>::max(), 0, std::nullopt},
           {std::numeric_limits<int64_t>::min(), 0, std::nullopt},
       }) {
    const auto micros = FromProto(MoneyOf(c.units, c.nanos));
    EXPECT_EQ(micros.ok(), c.micros.has_value()) << c.units << " " << c.nanos;
    if (micros.ok()) {
      EXPECT_EQ(*micros, c.micros.value_or(-1));
    } else {
      EXPECT_EQ(micros.status().code(), absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(MoneyTest, ToProto) {
  const google::type::Money money = ToProtoMoney(-1'500'000, "EUR");
  EXPECT_EQ(money.currency_code(), "EUR");
  EXPECT_EQ(money.units(), -1);
  EXPECT_EQ(money.nanos(), -500'000'000);
}

TEST(MoneyTest, ParseAndFormat) {
  struct Case {
    std::string text;
    std::optional<Micros> micros;
    std::string formatted;
  };
  for (const Case& c : std::vector<Case>{
           {"0", 0, "0.00"},
           {"1234.5", 1'234'500'000, "1234.50"},
           {"-1234.567891", -1'234'567'891, "-1234.567891"},
           {"-0.5", -500'000, "-0.50"},
           {"-0", 0, "0.00"},
           {"0.125", 125'000, "0.125"},
           {"007.10", 7'100'000, "7.10"},
           {"1.2345670000", 1'234'567, "1.234567"},
           {"9000000000", kMaxMicros, "9000000000.00"},
           {"-9000000000.000000", -kMaxMicros, "-9000000000.00"},
           {"9000000000.000001", std::nullopt, ""},
           {"1.2345678", std::nullopt, ""},
           {"99999999999999999999", std::nullopt, ""},
           {"", std::nullopt, ""},
           {"-", std::nullopt, ""},
           {".5", std::nullopt, ""},
           {"5.", std::nullopt, ""},
           {"+5", std::nullopt, ""},
           {"--5", std::nullopt, ""},
           {"1e3", std::nullopt, ""},
           {"1,5", std::nullopt, ""},
           {"1 000", std::nullopt, ""},
           {"1.2.3", std::nullopt, ""},
           {"1.-2", std::nullopt, ""},
           {"12a", std::nullopt, ""},
           {" 1", std::nullopt, ""},
       }) {
    const auto micros = ParseMicros(c.text);
    EXPECT_EQ(micros.ok(), c.micros.has_value()) << c.text;
    if (!micros.ok() || !c.micros) continue;
    EXPECT_EQ(*micros, *c.micros) << c.text;
    EXPECT_EQ(FormatMicros(*micros), c.formatted) << c.text;
  }
}

TEST(MoneyTest, FormatsTheExtremes) {
  EXPECT_EQ(FormatMicros(std::numeric_limits<Micros>::min()), "-9223372036854.775808");
  EXPECT_EQ(FormatMicros(std::numeric_limits<Micros>::max()), "9223372036854.775807");
}

TEST(MoneyTest, RoundTrips) {
  EXPECT_TRUE(rc::check("an amount survives text and protobuf", [] {
    const Micros micros = *rc::gen::inRange<Micros>(-kMaxMicros, kMaxMicros);
    RC_ASSERT(*ParseMicros(FormatMicros(micros)) == micros);
    RC_ASSERT(*FromProto(ToProtoMoney(micros, "EUR")) == micros);
  }));
}

TEST(MoneyTest, TwelfthRoundsHalfToEven) {
  struct Case {
    Micros micros, twelfth;
  };
  for (const Case& c : std::vector<Case>{
           {0, 0},
           {12, 1},
           {5, 0},
           {6, 0},
           {7, 1},
           {17, 1},
           {18, 2},
           {19, 2},
           {30, 2},
           {42, 4},
           {-5, 0},
           {-6, 0},
           {-7, -1},
           {-12, -1},
           {-18, -2},
           {-30, -2},
           {-42, -4},
           {1'000'000, 83'333},
           {kMaxMicros, kMaxMicros / 12},
           {-kMaxMicros, -kMaxMicros / 12},
           {std::numeric_limits<Micros>::max(), 768'614'336'404'564'651},
           {std::numeric_limits<Micros>::min(), -768'614'336'404'564'651},
       }) {
    EXPECT_EQ(Twelfth(c.micros), c.twelfth) << c.micros;
  }
}

}  // namespace
}  // namespace folio
