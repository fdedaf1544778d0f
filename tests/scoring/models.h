// Small health models for tests.
#pragma once

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "server/scoring/score.h"

namespace folio::scoring {

inline v1::HealthModel ParseModel(const std::string& text) {
  v1::HealthModel model;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &model)) << text;
  return model;
}

inline Model Compiled(const std::string& text) {
  absl::StatusOr<Model> model = Model::Compile(ParseModel(text));
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

}  // namespace folio::scoring
