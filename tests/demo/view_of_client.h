// A generated client as scoring and signals see it.
#pragma once

#include <vector>

#include "server/account/timeline.h"
#include "server/account/view.h"
#include "tools/demo/generator.h"

namespace folio::demo {

class ClientView {
 public:
  ClientView(const Client& client, Day today);

  const account::View& view() const { return view_; }

 private:
  std::vector<account::Term> terms_;
  std::vector<account::ContactTerm> contacts_;
  account::FeatureNames features_;
  account::Timeline timeline_;
  account::View view_;
};

}  // namespace folio::demo
