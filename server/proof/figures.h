// The figures of a back-test over some samples.
#pragma once

#include <span>
#include <vector>

#include "folio/v1/health_proof.pb.h"
#include "server/proof/samples.h"
#include "server/statistics/interval.h"

namespace folio::proof {

// Samples with what the model said of them, ready to be counted.
struct Predicted {
  const Question& question;
  const Samples& samples;
  std::vector<double> predictions;    // higher where the outcome is held likelier
  std::vector<double> probabilities;  // by a curve that had not seen the account; empty where there are too few
};

Predicted Predict(const Question& question, const Samples& samples);

// Of these rows. `unscored` samples are told beside them.
v1::BacktestFigures FiguresOf(const Predicted& predicted, std::span<const size_t> rows, int64_t unscored);

// Of all rows; empty without probabilities.
std::vector<v1::CalibrationBin> CalibrationOf(const Predicted& predicted);

// By cut-off, each without its dependence on others.
std::vector<v1::BacktestCutoff> CutoffsOf(const Predicted& predicted);

// Positions of all rows.
std::vector<size_t> AllRows(const Samples& samples);

}  // namespace folio::proof
