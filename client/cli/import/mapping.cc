#include "client/cli/import/mapping.h"

#include <algorithm>
#include <array>

#include "client/cli/value/fault.h"
#include "toml++/toml.h"

namespace folio::cli {
namespace {

// Reads one mapping file. The first fault stays; what follows it is read past.
class Parser {
 public:
  explicit Parser(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<Mapping> Parse(std::string_view text) {
    toml::table root;
    try {
      root = toml::parse(text, path_);
    } catch (const toml::parse_error& error) {
      const std::string description(error.description());
      Fail(error.source(), description, description);
      return status_;
    }
    for (const auto& [key, node] : root) ReadTopLevel(key, node);
    if (status_.ok() && mapping_.fields.empty() && !mapping_.automatic) {
      Fail(root.source(), "There is no [fields] table, and automatic is not true.",
           "Il n'y a pas de table [fields], et automatic n'est pas true.");
    }
    if (!status_.ok()) return status_;
    return std::move(mapping_);
  }

 private:
  void Fail(const toml::source_region& where, const std::string& english, const std::string& french) {
    if (!status_.ok()) return;
    const std::string place = path_ + ":" + std::to_string(where.begin.line) + ": ";
    status_ = BadValue("MAPPING_MALFORMED", place + english, place + french);
  }

  void UnknownKey(const toml::key& key) {
    const std::string name = Quoted(key.str());
    Fail(key.source(), "unknown key " + name + ".", "clé inconnue " + name + ".");
  }

  // A text, or a number or flag as the text that it is written as.
  std::string Text(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<int64_t>()) return std::to_string(*number);
    if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
    Fail(node.source(), "a text is expected here.", "un texte est attendu ici.");
    return "";
  }

  // One text, or a list of them.
  std::vector<std::string> Texts(const toml::node& node) {
    std::vector<std::string> texts;
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& element : *list) texts.push_back(Text(element));
    } else {
      texts.push_back(Text(node));
    }
    return texts;
  }

  bool Flag(const toml::node& node) {
    if (const auto flag = node.value_exact<bool>()) return *flag;
    Fail(node.source(), "true or false is expected here.", "true ou false est attendu ici.");
    return false;
  }

  char Mark(const toml::node& node, std::string_view allowed) {
    const std::string text = Text(node);
    if (text.size() == 1 && allowed.find(text[0]) != std::string_view::npos) return text[0];
    Fail(node.source(), "one of these characters is expected here: " + std::string(allowed),
         "un de ces caractères est attendu ici : " + std::string(allowed));
    return 0;
  }

  void ReadTopLevel(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    if (name == "rows")
      mapping_.rows = Text(node);
    else if (name == "ignore")
      for (std::string& column : Texts(node)) mapping_.ignored.insert(std::move(column));
    else if (name == "automatic")
      mapping_.automatic = Flag(node);
    else if (name == "csv" && node.is_table())
      ReadCsv(*node.as_table());
    else if (name == "formats" && node.is_table())
      ReadFormats(*node.as_table());
    else if (name == "fields" && node.is_table())
      ReadFields("", *node.as_table());
    else
      UnknownKey(key);
  }

  void ReadCsv(const toml::table& table) {
    for (const auto& [key, node] : table) {
      if (key.str() == "encoding")
        mapping_.encoding = Text(node);
      else if (key.str() == "delimiter")
        mapping_.delimiter = Mark(node, ",;\t|");
      else
        UnknownKey(key);
    }
  }

  void ReadFormats(const toml::table& table) {
    for (const auto& [key, node] : table) {
      if (!ReadFormat(key.str(), node, &mapping_.formats)) UnknownKey(key);
    }
  }

  // One key of [formats], which a field's rule may also have; false where it is none.
  bool ReadFormat(std::string_view key, const toml::node& node, Formats* formats) {
    if (key == "date")
      formats->dates = Texts(node);
    else if (key == "time_zone")
      formats->time_zone = Text(node);
    else if (key == "decimal")
      formats->decimal_mark = Mark(node, ".,");
    else if (key == "currency")
      formats->currency = Text(node);
    else if (key == "separator")
      formats->separator = Text(node);
    else if (key == "true")
      formats->true_words = Texts(node);
    else if (key == "false")
      formats->false_words = Texts(node);
    else
      return false;
    return true;
  }

  static bool IsRule(const toml::table& table) {
    constexpr std::array<std::string_view, 3> kSources = {"column", "template", "constant"};
    return std::any_of(kSources.begin(), kSources.end(), [&](std::string_view source) {
      const toml::node* node = table.get(source);
      return node != nullptr && !node->is_table();
    });
  }

  void ReadFields(const std::string& prefix, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string field = prefix + std::string(key.str());
      if (const toml::array* rules = node.as_array()) {
        for (const toml::node& rule : *rules) ReadRule(field, rule);
      } else if (node.is_table() && !IsRule(*node.as_table())) {
        ReadFields(field + ".", *node.as_table());
      } else {
        ReadRule(field, node);
      }
    }
  }

  void ReadRule(const std::string& field, const toml::node& node) {
    FieldRule rule;
    rule.field = field;
    if (const toml::table* table = node.as_table()) {
      for (const auto& [key, value] : *table) ReadRuleKey(key, value, &rule);
      if (rule.parts.empty()) {
        Fail(node.source(), "the rule needs a column, a template or a constant.",
             "la règle doit avoir column, template ou constant.");
      }
    } else {
      rule.parts = {{Text(node), true}};
    }
    mapping_.fields.push_back(std::move(rule));
  }

  void ReadRuleKey(const toml::key& key, const toml::node& node, FieldRule* rule) {
    const std::string_view name = key.str();
    const bool is_source = name == "column" || name == "template" || name == "constant";
    if (is_source && !rule->parts.empty()) {
      Fail(key.source(), "a rule has only one of column, template and constant.",
           "une règle n'a qu'un seul de column, template et constant.");
    }
    if (name == "column")
      rule->parts = {{Text(node), true}};
    else if (name == "constant")
      rule->parts = {{Text(node), false}};
    else if (name == "template")
      rule->parts = Template(node);
    else if (name == "default")
      rule->fallback = Text(node);
    else if (name == "currency_column")
      rule->currency_column = Text(node);
    else if (name == "factor")
      rule->factor = Factor(node);
    else if (name == "values" && node.is_table()) {
      for (const auto& [from, to] : *node.as_table()) rule->values[std::string(from.str())] = Text(to);
    } else if (!ReadFormat(name, node, &rule->formats)) {
      UnknownKey(key);
    }
  }

  // "rv-{account_id}" to its parts; "{{" is a brace.
  std::vector<TemplatePart> Template(const toml::node& node) {
    const std::string text = Text(node);
    std::vector<TemplatePart> parts;
    std::string literal;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '{' && i + 1 < text.size() && text[i + 1] == '{') {
        literal += text[++i];
        continue;
      }
      if (text[i] != '{') {
        literal += text[i];
        continue;
      }
      const size_t end = text.find('}', i);
      if (end == std::string::npos) {
        Fail(node.source(), "a '{' of the template is not closed.", "un « { » du modèle n'est pas fermé.");
        return parts;
      }
      if (!literal.empty()) parts.push_back({std::move(literal), false});
      literal.clear();
      parts.push_back({text.substr(i + 1, end - i - 1), true});
      i = end;
    }
    if (!literal.empty()) parts.push_back({std::move(literal), false});
    return parts;
  }

  std::optional<Decimal> Factor(const toml::node& node) {
    if (const auto whole = node.value_exact<int64_t>()) return Decimal::FromUnits(*whole);
    const absl::StatusOr<Decimal> factor = ParseDecimal(Text(node), {.mark = '.', .fallback = '.'});
    if (factor.ok()) return *factor;
    Fail(node.source(), "a factor is a whole number, or a text such as \"0.01\".",
         "un facteur est un nombre entier, ou un texte comme \"0.01\".");
    return std::nullopt;
  }

  const std::string path_;
  Mapping mapping_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<Mapping> ParseMapping(std::string_view toml, const std::string& path) {
  return Parser(path).Parse(toml);
}

}  // namespace folio::cli
