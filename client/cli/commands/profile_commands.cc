// profiles list, add, use: servers and keys under names, in the file that every SDK reads too.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/output/records.h"
#include "client/cli/output/text_width.h"
#include "client/cli/profiles/profile_file.h"
#include "client/cli/profiles/secret.h"
#include "client/cli/value/fault.h"
#include "folio/options.h"

namespace folio::cli {
namespace {

absl::StatusOr<ProfileFile> ReadFile() {
  const std::string path = ProfilePath();
  if (path.empty()) {
    return WrongUsage("There is no place for profiles: set HOME or XDG_CONFIG_HOME.",
                      "Il n'y a pas de place pour des profils : définissez HOME ou XDG_CONFIG_HOME.");
  }
  return ProfileFile::Read(path);
}

// --- list -----------------------------------------------------------------------------------------------------------

// Where the key is; never the key.
std::string KeyOf(const ProfileFile& file, const Profile& profile) {
  if (!profile.key_file.empty()) return profile.key_file;
  return profile.holds_key ? file.path() : "";
}

Json JsonOf(const ProfileFile& file, const Profile& profile) {
  return {{"name", profile.name},
          {"server", profile.server},
          {"tls", profile.tls},
          {"locale", profile.locale},
          {"key_file", KeyOf(file, profile)},
          {"ca_file", profile.ca_file},
          {"default", profile.name == file.default_profile()}};
}

using Row = std::vector<std::string>;

// A row a profile.
std::vector<Row> RowsOf(const ProfileFile& file, const std::string& yes, const std::string& no) {
  std::vector<Row> rows;
  for (const Profile& profile : file.profiles()) {
    const bool is_default = profile.name == file.default_profile();
    rows.push_back({profile.name, profile.server, profile.tls ? yes : no, profile.locale, KeyOf(file, profile),
                    is_default ? yes : no});
  }
  return rows;
}

void WriteCsv(Context& context, const ProfileFile& file, const OutputStyle& style) {
  WriteCsvHead(context.out, style, {"name", "server", "tls", "locale", "key_file", "default"});
  for (Row& row : RowsOf(file, "true", "false")) WriteCsvRow(context.out, style.csv, std::move(row));
}

void WriteTable(Context& context, const ProfileFile& file, const OutputStyle& style) {
  std::vector<Row> rows = RowsOf(file, context.Say({"yes", "oui"}), "");
  if (rows.empty()) return;
  if (style.headers) {
    const bool french = style.language == Language::kFrench;
    rows.insert(rows.begin(), french ? Row{"NOM", "SERVEUR", "TLS", "LANGUE", "CLÉ", "PAR DÉFAUT"}
                                     : Row{"NAME", "SERVER", "TLS", "LOCALE", "KEY", "DEFAULT"});
  }
  std::vector<int> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(static_cast<size_t>(widths[i] - DisplayWidth(row[i]) + 2), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    context.out << line << '\n';
  }
}

void Write(Context& context, const ProfileFile& file) {
  const OutputStyle style = context.output();
  Json all = Json::array();
  for (const Profile& profile : file.profiles()) all.push_back(JsonOf(file, profile));
  switch (style.format) {
    case Format::kTable:
      return WriteTable(context, file, style);
    case Format::kCsv:
      return WriteCsv(context, file, style);
    case Format::kJson:
      context.out << JsonText(all, true) << '\n';
      return;
    case Format::kJsonLines:
      for (const Json& profile : all) context.out << JsonText(profile, false) << '\n';
      return;
  }
}

absl::StatusOr<int> List(Context& context) {
  const absl::StatusOr<ProfileFile> file = ReadFile();
  if (!file.ok()) return file.status();
  Write(context, *file);
  if (file->profiles().empty()) {
    context.err << context.Say({"There are no profiles yet: folio profiles add NAME --server HOST:PORT",
                                "Il n'y a pas encore de profil : folio profiles add NOM --server HÔTE:PORT"})
                << '\n';
  }
  return kSuccess;
}

// --- add and use ----------------------------------------------------------------------------------------------------

struct AddFlags {
  Profile profile;
  bool make_default = false;
};

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// The key that is given, or typed, goes to a file of its own; one that is in a file stays there.
absl::Status KeepKey(Context& context, const ProfileFile& file, Profile* profile) {
  if (context.flags.key_file) {
    profile->key_file = std::filesystem::absolute(*context.flags.key_file).string();
    if (Exists(profile->key_file)) return absl::OkStatus();
    return WrongUsage("There is no file " + profile->key_file + ".",
                      "Il n'y a pas de fichier " + profile->key_file + ".");
  }
  const std::string path = std::filesystem::path(file.path()).replace_filename(profile->name + ".key").string();
  if (Exists(path)) {
    return WrongUsage("There is a key in " + path + " already: use it by --key-file, or move it away.",
                      "Il y a déjà une clé dans " + path + " : utilisez-la par --key-file, ou déplacez-la.");
  }
  const Words question{"API key (it is not shown; empty for none): ",
                       "Clé d'API (elle n'est pas montrée ; vide : aucune) : "};
  const std::string key = context.flags.key ? *context.flags.key : AskSecret(context, question);
  if (key.empty()) return absl::OkStatus();
  profile->key_file = path;
  return WritePrivateFile(path, key + "\n");
}

absl::StatusOr<int> Add(Context& context, AddFlags flags) {
  absl::StatusOr<ProfileFile> file = ReadFile();
  if (!file.ok()) return file.status();
  if (!context.flags.server) {
    return WrongUsage("Give the address of the server: --server HOST:PORT.",
                      "Donnez l'adresse du serveur : --server HÔTE:PORT.");
  }
  Profile& profile = flags.profile;
  profile.server = *context.flags.server;
  profile.locale = context.flags.language;
  // Before a key is asked for: what is wrong is told at once.
  if (absl::Status status = ProfileFile(*file).Add(profile); !status.ok()) return status;
  absl::Status status = KeepKey(context, *file, &profile);
  if (status.ok()) status = file->Add(profile);
  if (status.ok() && (flags.make_default || file->profiles().size() == 1)) status = file->Use(profile.name);
  if (status.ok()) status = file->Write();
  if (!status.ok()) return status;
  context.err << file->path() << ": " << context.Say({"added ", "ajouté : "}) << profile.name << '\n';
  context.err << (file->default_profile() == profile.name ? "folio" : "folio --profile " + profile.name) << " doctor"
              << context.Say({" says whether all is well", " dit si tout va bien"}) << '\n';
  return kSuccess;
}

absl::StatusOr<int> Use(Context& context, const std::string& name) {
  absl::StatusOr<ProfileFile> file = ReadFile();
  if (!file.ok()) return file.status();
  absl::Status status = file->Use(name);
  if (status.ok()) status = file->Write();
  if (!status.ok()) return status;
  context.err << file->path() << ": default_profile = " << name << '\n';
  return kSuccess;
}

}  // namespace

void AddProfileCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "profiles", "Servers and keys under names");
  CLI::App* list = group->add_subcommand("list", "Lists the profiles, without their keys");
  list->callback([&context] { context.action = [&context] { return List(context); }; });

  auto flags = std::make_shared<AddFlags>();
  CLI::App* add =
      group->add_subcommand("add", "Adds one, of --server, --locale and --key-file; without that it asks for the key");
  add->add_option("name", flags->profile.name, "Its name")->required();
  add->add_flag("--tls", flags->profile.tls, "Speak TLS");
  add->add_option("--ca-file", flags->profile.ca_file, "PEM file of accepted authorities, in place of the system's");
  add->add_flag("--default", flags->make_default, "Take it where no profile is named, as the first one always is");
  add->callback([&context, flags] { context.action = [&context, flags] { return Add(context, *flags); }; });

  auto name = std::make_shared<std::string>();
  CLI::App* use = group->add_subcommand("use", "Makes one the profile that counts where none is named");
  use->add_option("profile", *name, "Its name")->required();
  use->callback([&context, name] { context.action = [&context, name] { return Use(context, *name); }; });
}

}  // namespace folio::cli
