// What every command works with: streams, language, output format, the connection.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/cli/app/language.h"
#include "client/cli/app/progress_style.h"
#include "client/cli/app/terminal.h"
#include "client/cli/output/records.h"
#include "client/cli/value/set_value.h"
#include "folio/client.h"
#include "folio/options.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// Exit codes of the program.
enum ExitCode : int {
  kSuccess = 0,
  kFailure = 1,
  kUsage = 2,           // what was asked is wrong, whichever side says so; nothing has been changed
  kPartialSuccess = 3,  // some rows were rejected, or some of several failed
  kNotAllowed = 4,      // no key, a wrong one, or not the role
  kNotFound = 5,
  kConflict = 6,     // the resource exists, or was changed by somebody else
  kUnavailable = 7,  // no answer, or too late, or the server is overloaded
  kInterrupted = 130,
};

// Flags that stand before or after any command.
struct GlobalFlags {
  std::optional<std::string> server;
  std::optional<std::string> key;
  std::optional<std::string> key_file;
  std::string profile;
  std::optional<double> timeout_seconds;
  std::string language;
  std::string profile_language;  // not a flag: what the profile says
  std::string format = "table";
  std::vector<std::string> fields;
  bool no_headers = false;
  std::string csv_profile = "standard";
  std::string progress = "auto";
  bool yes = false;       // every question is answered so
  bool no_input = false;  // no question is asked
  bool retry = true;      // not a flag: some commands want to know at once
};

class Context {
 public:
  Context(const Terminal& streams, std::stop_token stop_token)
      : out(streams.out),
        err(streams.err),
        stop(std::move(stop_token)),
        err_is_terminal(streams.err_is_terminal),
        terminal(streams) {}

  std::ostream& out;  // data, and nothing else
  std::ostream& err;
  const std::stop_token stop;
  const bool err_is_terminal;
  const Terminal terminal;
  GlobalFlags flags;
  // What the command line asks for; set by the parser.
  std::function<absl::StatusOr<int>()> action;

  // What the rows are that a command shows; for the completion of --fields and --order-by.
  std::map<const CLI::App*, const google::protobuf::Descriptor*> rows;

  // --lang, then the profile's, then LC_ALL, LC_MESSAGES, LANG.
  Language language() const;
  const std::string& Say(const Words& words) const { return words.In(language()); }
  OutputStyle output() const;
  ProgressStyle progress_style() const;

  // The connection, made when it is first asked for.
  absl::StatusOr<const Client*> client();

  // Those of the connection, or of the one that was tried last; nullptr where there was none.
  const ClientOptions* options() const { return options_ ? &*options_ : nullptr; }

  // Calls "AccountService.GetAccount".
  absl::Status Call(std::string_view method, const google::protobuf::Message& request,
                    google::protobuf::Message* response);

  // How values are written where nobody says otherwise: currency and time zone of the workspace, and the types of the
  // collection's custom fields.
  absl::StatusOr<ValueStyle> WorkspaceStyle(const std::string& collection);

 private:
  std::optional<ClientOptions> options_;
  std::unique_ptr<Client> client_;
};

// "acme" or "accounts/acme" to "accounts/acme".
std::string FullName(std::string_view collection, std::string_view id);

}  // namespace folio::cli
