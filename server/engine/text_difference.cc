// A difference is a byte for the style, which says what letters and spaces of the folded text become unless told
// otherwise, and then changes: a byte whose upper half is the number of folded bytes that become what the style says,
// and whose lower half is what happens after them. What follows the last change is as the style says.
#include "server/engine/text_difference.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "absl/container/inlined_vector.h"

namespace folio::engine {
namespace {

enum Style : uint8_t {
  kVerbatim,     // the text itself follows
  kWords,        // "Acme Industries"
  kSentence,     // "Acme industries"
  kLower,        // "acme industries"
  kLowerDots,    // "acme.industries"
  kUpper,        // "ACME INDUSTRIES"
  kHyphensDot,   // "acme-industries.example"
  kHyphensDots,  // "acme-industries.co.example"
};

// What happens to the next folded byte.
enum Change : uint8_t {
  kNothing,  // it becomes what the style says, as those before it
  kAcute,    // it gets an accent
  kGrave,
  kCircumflex,
  kDiaeresis,
  kCedilla,
  kTilde,
  kOtherCase,
  kHyphen,  // it becomes this
  kApostrophe,
  kDot,
  kAmpersand,  // " & "
  kReplace,    // it becomes the bytes that follow, after a byte for their number
  kInsert,     // it stays; those bytes come before it
};

constexpr size_t kCopiesMax = 15;
constexpr size_t kBytesMax = 255;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
char OtherCase(char c) { return IsLetter(c) ? static_cast<char>(c ^ 0x20) : c; }
bool IsAsciiMark(char c) { return static_cast<unsigned char>(c) < 0x80 && !IsLetter(c) && !(c >= '0' && c <= '9'); }

// What the style makes of a space, given what follows it.
char StyledSpace(Style style, std::string_view rest) {
  if (style == kLowerDots) return '.';
  if (style != kHyphensDot && style != kHyphensDots) return ' ';
  return std::count(rest.begin(), rest.end(), ' ') < (style == kHyphensDot ? 1 : 2) ? '.' : '-';
}

// What the style makes of the folded byte at a position.
char Styled(Style style, std::string_view folded, size_t at) {
  const char c = folded[at];
  if (c == ' ') return StyledSpace(style, folded.substr(at + 1));
  const bool first = at == 0 || (style == kWords && folded[at - 1] == ' ');
  const bool upper = style == kUpper || ((style == kWords || style == kSentence) && first);
  return upper && c >= 'a' && c <= 'z' ? OtherCase(c) : c;
}

// Letters with accents, as the second byte of their UTF-8 form after 0xC3: lower case, the upper one is 0x20 below.
struct Accented {
  char letter;
  Change accent;
  unsigned char byte;
};
constexpr std::array<Accented, 25> kAccented = {{
    {'a', kGrave, 0xA0},      {'a', kAcute, 0xA1},      {'a', kCircumflex, 0xA2}, {'a', kTilde, 0xA3},
    {'a', kDiaeresis, 0xA4},  {'c', kCedilla, 0xA7},    {'e', kGrave, 0xA8},      {'e', kAcute, 0xA9},
    {'e', kCircumflex, 0xAA}, {'e', kDiaeresis, 0xAB},  {'i', kGrave, 0xAC},      {'i', kAcute, 0xAD},
    {'i', kCircumflex, 0xAE}, {'i', kDiaeresis, 0xAF},  {'n', kTilde, 0xB1},      {'o', kGrave, 0xB2},
    {'o', kAcute, 0xB3},      {'o', kCircumflex, 0xB4}, {'o', kTilde, 0xB5},      {'o', kDiaeresis, 0xB6},
    {'u', kGrave, 0xB9},      {'u', kAcute, 0xBA},      {'u', kCircumflex, 0xBB}, {'u', kDiaeresis, 0xBC},
    {'y', kAcute, 0xBD},
}};
constexpr unsigned char kAccentedLead = 0xC3;

// The accent that makes `letter` what stands at the beginning of the text.
std::optional<Change> AccentOf(char letter, std::string_view text) {
  if (text.size() < 2 || static_cast<unsigned char>(text[0]) != kAccentedLead) return std::nullopt;
  const bool upper = IsUpper(letter);
  const auto byte = static_cast<unsigned char>(static_cast<unsigned char>(text[1]) + (upper ? 0x20 : 0));
  for (const Accented& accented : kAccented) {
    if (accented.byte == byte && accented.letter == (upper ? OtherCase(letter) : letter)) return accented.accent;
  }
  return std::nullopt;
}

void AppendAccented(char letter, Change accent, std::string* text) {
  const bool upper = IsUpper(letter);
  for (const Accented& accented : kAccented) {
    if (accented.accent != accent || accented.letter != (upper ? OtherCase(letter) : letter)) continue;
    text->push_back(static_cast<char>(kAccentedLead));
    text->push_back(static_cast<char>(accented.byte - (upper ? 0x20 : 0)));
    return;
  }
}

// The bytes of the UTF-8 letter at the beginning of a text.
size_t LetterSize(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

// Collects the changes of one style.
class Changes {
 public:
  explicit Changes(Style style) : bytes_(1, static_cast<char>(style)) {}
  void Copy() { ++copies_; }
  void Add(Change change) {
    for (; copies_ > kCopiesMax; copies_ -= kCopiesMax + 1) bytes_.push_back(static_cast<char>(kCopiesMax << 4));
    bytes_.push_back(static_cast<char>(copies_ << 4 | change));
    copies_ = 0;
  }
  void Add(Change change, std::string_view bytes) {
    Add(change);
    bytes_.push_back(static_cast<char>(bytes.size()));
    bytes_.append(bytes);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  size_t copies_ = 0;
};

// The marks at the beginning of a text.
std::string_view Marks(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsAsciiMark);
  return text.substr(0, std::min(kBytesMax, static_cast<size_t>(end - text.begin())));
}

// Tells what stands at the beginning of `rest` where the style would have put `styled` ('\0': nothing), and takes it
// off. Returns the number of folded bytes that it is for.
size_t AddChange(char styled, char folded, std::string_view* rest, Changes* changes) {
  const auto take = [&](size_t size, Change change, size_t consumed) {
    rest->remove_prefix(size);
    changes->Add(change);
    return consumed;
  };
  if (styled != '\0') {
    if (const auto accent = AccentOf(styled, *rest)) return take(2, *accent, 1);
    if (IsLetter(styled) && (*rest)[0] == OtherCase(styled)) return take(1, kOtherCase, 1);
  }
  const std::string_view marks = Marks(*rest);
  const bool for_space = folded == ' ' && !marks.empty();
  if (for_space && marks == "-") return take(1, kHyphen, 1);
  if (for_space && marks == "'") return take(1, kApostrophe, 1);
  if (for_space && marks == ".") return take(1, kDot, 1);
  if (for_space && marks == " & ") return take(3, kAmpersand, 1);
  const std::string_view bytes = marks.empty() ? rest->substr(0, LetterSize(*rest)) : marks;
  const bool replaces = styled != '\0' && (marks.empty() || for_space);
  changes->Add(replaces ? kReplace : kInsert, bytes);
  rest->remove_prefix(bytes.size());
  return replaces ? 1 : 0;
}

// What Restore may not make the text of: where letters and folded bytes do not go together, the guesses go wrong.
std::string DifferenceIn(Style style, std::string_view text, std::string_view folded) {
  Changes changes(style);
  size_t at = 0;
  while (!text.empty()) {
    const char styled = at < folded.size() ? Styled(style, folded, at) : '\0';
    const bool longer_mark = styled != '\0' && folded[at] == ' ' && Marks(text).size() > 1;
    if (styled != '\0' && text[0] == styled && !longer_mark) {
      changes.Copy();
      text.remove_prefix(1);
      ++at;
    } else {
      at += AddChange(styled, at < folded.size() ? folded[at] : '\0', &text, &changes);
    }
  }
  return changes.bytes();
}

// The styles that may be the shortest for a text.
using Styles = absl::InlinedVector<Style, 3>;
Styles StylesFor(std::string_view text) {
  const bool any_upper = std::any_of(text.begin(), text.end(), IsUpper);
  const bool any_lower = std::any_of(text.begin(), text.end(), IsLower);
  const bool any_accent = std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
  if (any_upper && any_lower) return {kWords, kSentence};
  if (any_upper) return {kUpper, kWords, kSentence};
  const bool any_space = text.find(' ') != std::string_view::npos;
  const bool any_hyphen = text.find('-') != std::string_view::npos;
  const Style domain = !any_hyphen                                     ? kLowerDots
                       : std::count(text.begin(), text.end(), '.') < 2 ? kHyphensDot
                                                                       : kHyphensDots;
  Styles styles = {any_space ? kLower : domain, any_space ? kLowerDots : kLower};
  if (any_accent) styles.push_back(kWords);  // of "Équipe", the only capital has an accent
  return styles;
}

// Whether a style alone makes the text, of letters and spaces only.
bool IsAsStyled(Style style, std::string_view text, std::string_view folded) {
  if (text.size() != folded.size()) return false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != Styled(style, folded, at)) return false;
  }
  return true;
}

}  // namespace

void AppendDifference(std::string_view text, std::string_view folded, std::string* difference) {
  const Styles styles = StylesFor(text);
  for (const Style style : styles) {
    if (IsAsStyled(style, text, folded)) {
      difference->push_back(static_cast<char>(style));
      return;
    }
  }
  std::string best(1, static_cast<char>(kVerbatim));
  best.append(text);
  for (const Style style : styles) {
    std::string candidate = DifferenceIn(style, text, folded);
    if (candidate.size() < best.size() && Restore(folded, candidate) == text) best = std::move(candidate);
  }
  difference->append(best);
}

std::string Restore(std::string_view folded, std::string_view difference) {
  if (difference.empty()) return {};
  const auto style = static_cast<Style>(difference[0]);
  difference.remove_prefix(1);
  if (style == kVerbatim) return std::string(difference);
  std::string text;
  size_t at = 0;
  const auto copy_until = [&](size_t end) {
    for (; at < std::min(end, folded.size()); ++at) text.push_back(Styled(style, folded, at));
  };
  while (!difference.empty()) {
    const auto byte = static_cast<unsigned char>(difference[0]);
    difference.remove_prefix(1);
    copy_until(at + (byte >> 4));
    const auto change = static_cast<Change>(byte & 0x0F);
    if (change == kReplace || change == kInsert) {
      const size_t size = difference.empty() ? 0 : static_cast<unsigned char>(difference[0]);
      text.append(difference.substr(std::min<size_t>(1, difference.size()), size));
      difference.remove_prefix(std::min(size + 1, difference.size()));
      at += change == kReplace ? 1 : 0;
      continue;
    }
    if (at >= folded.size()) break;
    const char styled = Styled(style, folded, at++);
    switch (change) {
      case kNothing:
        text.push_back(styled);
        break;
      case kOtherCase:
        text.push_back(OtherCase(styled));
        break;
      case kHyphen:
        text.push_back('-');
        break;
      case kApostrophe:
        text.push_back('\'');
        break;
      case kDot:
        text.push_back('.');
        break;
      case kAmpersand:
        text.append(" & ");
        break;
      default:
        AppendAccented(styled, change, &text);
    }
  }
  copy_until(folded.size());
  return text;
}

}  // namespace folio::engine
