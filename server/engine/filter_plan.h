// A filter made ready for one snapshot: literals resolved to the numbers that columns hold, cheap tests first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/engine/block.h"
#include "server/model/filter.h"

namespace folio::engine {

class FilterPlan {
 public:
  // Borrows the snapshot's state. `filter` may be nullptr: all rows.
  FilterPlan(const Snapshot::Impl& snapshot, const model::Filter* filter);

  // True where every live row matches.
  bool matches_all() const { return root_.kind == model::FilterNode::Kind::kAll; }

  // Writes which live rows of the block match, as kernels.h says. `mask` has kBlockRows bytes. False where it is known
  // that none does; the mask is then not to be read.
  bool Match(const Block& block, uint8_t* mask) const;

 private:
  // How a comparison is decided.
  enum class Test : uint8_t {
    kNever,
    kCodes,   // codes whose value lies in [low, high], or (except) present values outside of it
    kListed,  // codes whose value n has accept[n + 1] = 1
    kReals,   // values in [low, high], or (except) outside of it
    kText,
  };
  struct Node {
    model::FilterNode::Kind kind = model::FilterNode::Kind::kAll;
    std::vector<Node> children;
    int cost = 0;

    Test test = Test::kNever;
    model::ColumnIndex column = 0;
    bool except = false;
    int64_t low = 0;
    int64_t high = 0;
    double real_low = 0;
    double real_high = 0;
    std::vector<uint8_t> accept;
    model::Operator op = model::Operator::kEqual;
    std::string text;
    bool prefix = false;
    bool suffix = false;
  };

  static Node Compile(const Snapshot::Impl& snapshot, const model::FilterNode& from);
  static void CompileNumber(const model::FilterNode& from, Node* node);
  static void CompileReal(const model::FilterNode& from, Node* node);
  static void CompileSymbol(const Snapshot::Impl& snapshot, const model::FilterNode& from, Node* node);
  static void CompileSet(const Snapshot::Impl& snapshot, const model::FilterNode& from, Node* node);

  // Clears the rows of the mask that do not match. False where none is left for certain.
  static bool Narrow(const Node& node, const Block& block, uint8_t* mask);
  static bool NarrowAny(const Node& node, const Block& block, uint8_t* mask);
  static bool NarrowCodes(const Node& node, const Block& block, uint8_t* mask);
  static bool NarrowListed(const Node& node, const Block& block, uint8_t* mask);
  static bool NarrowReals(const Node& node, const Block& block, uint8_t* mask);
  static bool NarrowText(const Node& node, const Block& block, uint8_t* mask);

  Node root_;
};

}  // namespace folio::engine
