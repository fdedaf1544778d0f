#include "server/indicators/own_indicator.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/indicators/custom_indicators.h"
#include "server/indicators/formula_method.h"
#include "server/indicators/formula_names.h"
#include "server/indicators/lookup.h"

namespace folio::indicators {
namespace {

// An indicator with the texts that it points to.
struct Own {
  v1::CustomIndicator message;
  std::vector<std::string> part_ids;
  std::string formula;
  Indicator indicator;
};

struct Mention {
  size_t begin;
  size_t end;
  size_t reference;
};

void CollectMentions(const formula::Node& node, std::vector<Mention>* mentions) {
  if (node.kind == formula::Node::Kind::kReference) mentions->push_back({node.begin, node.end, node.reference});
  for (const formula::Node& child : node.children) CollectMentions(child, mentions);
}

// The formula with its references in braces, as explanations read it.
std::string InBraces(const formula::Formula& formula) {
  std::vector<Mention> mentions;
  CollectMentions(formula.root, &mentions);
  std::ranges::sort(mentions, {}, &Mention::begin);
  std::string text;
  size_t done = 0;
  for (const Mention& mention : mentions) {
    text += formula.text.substr(done, mention.begin - done) + "{" + formula.references[mention.reference].text + "}";
    done = mention.end;
  }
  return text + formula.text.substr(done);
}

void Describe(Own* own) {
  const v1::CustomIndicator& message = own->message;
  Indicator& indicator = own->indicator;
  const bool french_name = !message.display_name_fr().empty();
  const bool french_text = !message.description_fr().empty();
  indicator.id = IdOfCustom(message);
  indicator.version = message.version();
  indicator.name = message.display_name();
  indicator.name_fr = french_name ? message.display_name_fr() : message.display_name();
  indicator.description = message.description();
  indicator.description_fr = french_text ? message.description_fr() : message.description();
  indicator.formula = own->formula;
  indicator.category = message.category();
  indicator.unit = message.unit();
  indicator.higher_is_better = !message.lower_is_better();
  indicator.inputs.assign(message.inputs().begin(), message.inputs().end());
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Indicator>> OwnIndicator(const portfolio::Workspace& workspace,
                                                              const v1::CustomIndicator& custom) {
  const FormulaNames names(workspace, [&](std::string_view id) -> std::optional<v1::IndicatorUnit> {
    const auto found = FindCustomIndicator(workspace, id);
    return found.ok() && found->has_value() ? std::optional((*found)->unit()) : std::nullopt;
  });
  auto formula = formula::ParseFormula(custom.formula(), names);
  if (!formula.ok()) return formula.status();
  std::vector<std::shared_ptr<const Indicator>> read;
  for (const formula::Reference& reference : formula->references) {
    read.emplace_back();
    if (reference.is_measure) continue;
    auto indicator = Lookup(workspace, reference.name, "formula");
    if (!indicator.ok()) return indicator.status();
    read.back() = *std::move(indicator);
  }
  auto own = std::make_shared<Own>();
  own->message = custom;
  own->formula = InBraces(*formula);
  for (const formula::Reference& reference : formula->references) own->part_ids.push_back(reference.text);
  for (size_t i = 0; i < own->part_ids.size(); ++i) {
    own->indicator.parts.push_back({.id = own->part_ids[i],
                                    .name = own->part_ids[i],
                                    .name_fr = own->part_ids[i],
                                    .unit = UnitOfResult(formula->references[i].unit)});
  }
  Describe(own.get());
  own->indicator.method = std::make_shared<FormulaMethod>(workspace, *std::move(formula), std::move(read));
  return std::shared_ptr<const Indicator>(own, &own->indicator);
}

}  // namespace folio::indicators
