// The figures that health models read, as columns: what a publication scores all accounts from.
//
// Nothing is read before a publication wants it. From then on the columns stay, a change of an account makes the next
// publication read that account's figures again, and another day makes it read all of them. A block of accounts in
// which a figure is missing everywhere takes no room. Not thread-safe: its owner, the portfolio, guards it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "server/account/view.h"
#include "server/engine/table.h"
#include "server/scoring/batch.h"
#include "server/scoring/figure.h"

namespace folio::portfolio {

class FigureColumns {
 public:
  static_assert(scoring::kBatchRows == engine::kBlockRows);

  // A figure on the view's day, or so many days before.
  struct Wanted {
    scoring::Figure figure;
    int days_before = 0;

    bool operator==(const Wanted&) const = default;
  };
  using ViewOf = std::function<account::View(engine::RowKey)>;

  // What an account's figures are read from has changed.
  void Forget(engine::RowKey account);
  // Nothing is known any more.
  void Clear();

  // Reads what is not known yet of the figures wanted, for all live rows.
  void Fill(std::span<const Wanted> wanted, const engine::Table& table, const ViewOf& view_of);

  // A figure that Fill was last asked for, of the accounts of a block. Valid until the next change.
  scoring::FigureColumn At(const Wanted& wanted, int64_t block) const;

 private:
  using Rows = std::array<uint64_t, engine::kBlockRows / 64>;
  struct Part {
    std::unique_ptr<double[]> values;
    bool complete = false;
  };
  struct Column {
    Wanted what;
    bool read = false;         // whether all rows have been read before
    std::vector<Part> blocks;  // by index
  };

  Column* Find(const Wanted& wanted);
  void MakeRoom(std::span<const Wanted> wanted);
  void FillBlock(int64_t block, const engine::Table& table, const ViewOf& view_of);
  static void Put(Part& part, int row, double value);
  static void Complete(Part& part, const Rows& live);

  std::vector<Column> columns_;
  std::vector<Rows> stale_;  // by block: rows to be read again
};

}  // namespace folio::portfolio
