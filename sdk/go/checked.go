package folio

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// longestTimeout is how long a call may take at most: a timeout beyond counts as this, so that no clock overflows.
const longestTimeout = 7 * 24 * time.Hour

// checked is the options with a whole address, whose scheme says no more than TLS does. The error has code
// InvalidArgument where they make no sense.
func (o Options) checked() (Options, error) {
	given := o.Server
	if rest, found := strings.CutPrefix(o.Server, "https://"); found {
		o.Server, o.TLS = rest, true
	}
	o.Server = strings.TrimRight(strings.TrimPrefix(o.Server, "http://"), "/")
	if o.Server == "" {
		return o, newError(codes.InvalidArgument, "No address of a server is given.")
	}
	if !strings.HasPrefix(o.Server, "unix:") {
		address, ok := completeAddress(o.Server, o.TLS)
		if !ok {
			return o, newError(codes.InvalidArgument,
				fmt.Sprintf("'%s' is no address of a server: HOST:PORT is asked for.", given))
		}
		o.Server = address
	}
	if o.Timeout <= 0 {
		return o, newError(codes.InvalidArgument, "The timeout must be positive.")
	}
	o.Timeout = min(o.Timeout, longestTimeout)
	for _, sent := range []struct {
		what, text string
	}{{"key", o.Key}, {"locale", o.Locale}, {"user agent", o.UserAgent}} {
		if strings.ContainsFunc(sent.text, func(char rune) bool { return char < ' ' || char > '~' }) {
			return o, newError(codes.InvalidArgument,
				"The "+sent.what+" has characters that cannot be sent, such as a line break.")
		}
	}
	return o, nil
}

// completeAddress gives an address the port that it leaves out: 443 with TLS, 7117 without.
func completeAddress(server string, withTLS bool) (string, bool) {
	host, port, err := net.SplitHostPort(server)
	if err != nil { // there is no port, or there is more wrong
		port = "7117"
		if withTLS {
			port = "443"
		}
		server += ":" + port
		if host, _, err = net.SplitHostPort(server); err != nil {
			return "", false
		}
	}
	number, err := strconv.ParseUint(port, 10, 16)
	wrong := func(char rune) bool { return char <= ' ' || strings.ContainsRune("/@?#[]", char) }
	return server, err == nil && number > 0 && host != "" && !strings.ContainsFunc(host, wrong)
}
