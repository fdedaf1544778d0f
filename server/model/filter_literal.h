// Values of filters: text to the cell that a column of some type is compared with, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/model/column.h"

namespace folio::model {

// The value that a text stands for in a column of that type; nothing where it does not fit.
std::optional<Cell> ParseLiteral(std::string_view text, const Column& column);

// The number of an enum's value by its name, in any case, with or without the prefix of the enum.
std::optional<int64_t> EnumNumber(std::string_view name, const Column& column);

// What a column accepts, as a term of the catalogue of errors or, for an enum, as its names.
std::string ExpectedLiteral(const Column& column);

// A literal as it is written in a filter; reading it again gives the same.
std::string WriteLiteral(const Cell& literal, const Column& column, bool star_before, bool star_after);

}  // namespace folio::model
