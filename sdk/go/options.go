package folio

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"google.golang.org/grpc/codes"
)

// DefaultServer is where a server of this machine listens.
const DefaultServer = "127.0.0.1:7117"

const defaultTimeout = 30 * time.Second

// Options say where the server is, and who is calling. What is left out has its default.
type Options struct {
	// "host:port", also with "http://" or "https://" (which means TLS) before it; without a port 443 with TLS, else 7117
	Server    string
	Key       string        // the API key
	Timeout   time.Duration // of one call whose context has no deadline, with all its attempts; 30 s
	Locale    string        // language of error texts and explanations: "en" or "fr"
	TLS       bool          // speak TLS
	CAFile    string        // PEM file of accepted authorities; empty means the system's
	UserAgent string        // names the calling program
}

// String leaves out the key, which has no place in logs.
func (o Options) String() string {
	return fmt.Sprintf("folio.Options{Server: %q, TLS: %t, Locale: %q, Timeout: %s}", o.Server, o.TLS, o.Locale, o.Timeout)
}

// GoString is String.
func (o Options) GoString() string { return o.String() }

// Overrides are stronger than the environment, which is stronger than the profile. What is empty overrides nothing.
type Overrides struct {
	Profile string // empty: $FOLIO_PROFILE, then the file's default_profile
	Server  string
	Key     string
	KeyFile string
	Timeout time.Duration
	Locale  string
	TLS     bool
	CAFile  string
}

// LoadOptions reads overrides, then FOLIO_SERVER, FOLIO_KEY and FOLIO_KEY_FILE, then the profile, then defaults. A
// profile is a table of $XDG_CONFIG_HOME/folio/config.toml (or ~/.config/folio/config.toml), the file of the command
// line:
//
//	default_profile = "prod"
//
//	[profiles.prod]
//	server = "folio.example.com:443"
//	tls = true
//	key_file = "~/.config/folio/prod.key"   # or: key = "..."
//	locale = "fr"
//	timeout_seconds = 30
//	ca_file = "/etc/ssl/company.pem"        # only where the system's certificates do not do
//
// The error has code NotFound where a named profile does not exist, InvalidArgument (naming file and line) where the
// file is wrong or has an unknown key.
func LoadOptions(overrides Overrides) (Options, error) {
	wanted := overrides.Profile
	if wanted == "" {
		wanted = os.Getenv("FOLIO_PROFILE")
	}
	options, err := readProfileFile(wanted)
	if err == nil {
		err = options.apply(os.Getenv("FOLIO_SERVER"), os.Getenv("FOLIO_KEY_FILE"), os.Getenv("FOLIO_KEY"))
	}
	if err == nil {
		err = options.apply(overrides.Server, overrides.KeyFile, overrides.Key)
	}
	if err != nil {
		return Options{}, err
	}
	if overrides.Timeout != 0 {
		options.Timeout = overrides.Timeout
	}
	if overrides.Locale != "" {
		options.Locale = overrides.Locale
	}
	if overrides.CAFile != "" {
		options.CAFile = overrides.CAFile
	}
	options.TLS = options.TLS || overrides.TLS
	return options.withDefaults(), nil
}

// ProfilePath is the path of the profile file; empty where neither XDG_CONFIG_HOME nor HOME is set.
func ProfilePath() string {
	if folder := os.Getenv("XDG_CONFIG_HOME"); folder != "" {
		return filepath.Join(folder, "folio", "config.toml")
	}
	if home := os.Getenv("HOME"); home != "" {
		return filepath.Join(home, ".config", "folio", "config.toml")
	}
	return ""
}

func (o Options) withDefaults() Options {
	if o.Server == "" {
		o.Server = DefaultServer
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Locale == "" {
		o.Locale = "en"
	}
	if o.UserAgent == "" {
		o.UserAgent = "folio-go/" + Version
	}
	return o
}

func (o *Options) apply(server, keyFile, key string) (err error) {
	if server != "" {
		o.Server = server
	}
	if keyFile != "" {
		if o.Key, err = readKeyFile(keyFile); err != nil {
			return err
		}
	}
	if key != "" {
		o.Key = key
	}
	return nil
}

func readProfileFile(wanted string) (Options, error) {
	path := ProfilePath()
	text, err := os.ReadFile(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			return Options{}, newError(codes.InvalidArgument, err.Error())
		}
		if wanted == "" {
			return Options{}, nil
		}
		return Options{}, newError(codes.NotFound, fmt.Sprintf("There is no profile '%s': %s does not exist.", wanted, path))
	}
	var file struct {
		DefaultProfile string                    `toml:"default_profile"`
		Profiles       map[string]map[string]any `toml:"profiles"`
	}
	if err := toml.Unmarshal(text, &file); err != nil {
		return Options{}, newError(codes.InvalidArgument, fmt.Sprintf("%s: %v", path, err))
	}
	if wanted == "" {
		wanted = file.DefaultProfile
	}
	if wanted == "" {
		return Options{}, nil
	}
	profile, found := file.Profiles[wanted]
	if !found {
		return Options{}, newError(codes.NotFound, fmt.Sprintf("There is no profile '%s' in %s.", wanted, path))
	}
	return readProfile(path, string(text), profile)
}

// readProfile refuses unknown keys: a misspelled one would be ignored for ever.
func readProfile(path, text string, profile map[string]any) (options Options, err error) {
	keyFile := ""
	for name, value := range profile {
		known := false
		switch value := value.(type) {
		case string:
			fields := map[string]*string{"server": &options.Server, "key": &options.Key, "key_file": &keyFile,
				"locale": &options.Locale, "ca_file": &options.CAFile}
			var field *string
			if field, known = fields[name]; known {
				*field = value
			}
		case bool:
			known = name == "tls"
			options.TLS = value
		case int64:
			known = name == "timeout_seconds"
			options.Timeout = time.Duration(value) * time.Second
		case float64:
			known = name == "timeout_seconds"
			options.Timeout = time.Duration(value * float64(time.Second))
		}
		if !known {
			return Options{}, newError(codes.InvalidArgument, fmt.Sprintf(
				"%s:%d: unknown key '%s', or a value of the wrong type.", path, lineOf(name, text), name))
		}
	}
	options.CAFile = expandHome(options.CAFile)
	if keyFile != "" {
		options.Key, err = readKeyFile(keyFile)
	}
	return options, err
}

// lineOf is the first line that sets a key.
func lineOf(name, text string) int {
	for index, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), name) {
			return index + 1
		}
	}
	return 1
}

func expandHome(path string) string {
	if rest, found := strings.CutPrefix(path, "~/"); found {
		return os.Getenv("HOME") + "/" + rest
	}
	return path
}

// readKeyFile is the key that a file holds: its first line, without the spaces around it.
func readKeyFile(given string) (string, error) {
	path := expandHome(given)
	text, err := os.ReadFile(path)
	if err != nil {
		return "", newError(codes.NotFound, "Cannot read the key file "+path+".")
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line), nil
}
