package folio

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"os"
	"time"

	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// Version of this SDK, told to servers.
const Version = "0.1.0"

// Twice what the server sends at most.
const responseBytesMax = 8 << 20

// What the server takes at most; gRPC by itself would not try a request of more than 256 KiB again.
const repeatedBytesMax = 4 << 20

// gRPC's own are a second and two minutes: a server that has restarted would long go unnoticed.
var reconnect = grpc.ConnectParams{
	Backoff: backoff.Config{
		BaseDelay: 100 * time.Millisecond, Multiplier: 2, Jitter: 0.2, MaxDelay: 2 * time.Second,
	},
	MinConnectTimeout: 20 * time.Second,
}

//go:embed service_config.json
var serviceConfig string

// Client has every service of the contract. It may be used by any number of goroutines.
type Client struct {
	Accounts          foliov1.AccountServiceClient
	Admin             foliov1.AdminServiceClient
	BusinessCalendars foliov1.BusinessCalendarServiceClient
	Contacts          foliov1.ContactServiceClient
	CustomFields      foliov1.CustomFieldServiceClient
	CustomIndicators  foliov1.CustomIndicatorServiceClient
	Deals             foliov1.DealServiceClient
	ExchangeRates     foliov1.ExchangeRateServiceClient
	FactHistory       foliov1.FactHistoryServiceClient
	Facts             foliov1.FactServiceClient
	Health            foliov1.HealthServiceClient
	HealthModels      foliov1.HealthModelServiceClient
	HealthProof       foliov1.HealthProofServiceClient
	Indicators        foliov1.IndicatorServiceClient
	IndicatorTargets  foliov1.IndicatorTargetServiceClient
	Leads             foliov1.LeadServiceClient
	Operations        foliov1.OperationServiceClient
	Portfolio         foliov1.PortfolioServiceClient
	SignalRules       foliov1.SignalRuleServiceClient
	Signals           foliov1.SignalServiceClient
	Subscriptions     foliov1.SubscriptionServiceClient
	Tasks             foliov1.TaskServiceClient
	Workspace         foliov1.WorkspaceServiceClient

	connection *grpc.ClientConn
	options    Options
}

// Connect makes a client from what the overrides, the environment and the profile say: see LoadOptions.
func Connect(overrides Overrides) (*Client, error) {
	options, err := LoadOptions(overrides)
	if err != nil {
		return nil, err
	}
	return New(options)
}

// New makes a client. It does no input or output: the first call connects. The error has code InvalidArgument where the
// options make no sense, NotFound where the file of authorities does not exist.
func New(options Options) (*Client, error) {
	options, err := options.withDefaults().checked()
	if err != nil {
		return nil, err
	}
	transport, err := transportCredentials(options)
	if err != nil {
		return nil, err
	}
	calls := newInterceptor(options)
	connection, err := grpc.NewClient(options.Server,
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDisableServiceConfig(),
		grpc.WithUserAgent(options.UserAgent),
		grpc.WithConnectParams(reconnect),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(responseBytesMax), grpc.MaxRetryRPCBufferSize(repeatedBytesMax)),
		grpc.WithUnaryInterceptor(calls.unary),
		grpc.WithStreamInterceptor(calls.stream))
	if err != nil {
		return nil, newError(codes.InvalidArgument, err.Error())
	}
	return newClient(connection, options), nil
}

func newClient(connection *grpc.ClientConn, options Options) *Client {
	return &Client{
		Accounts:          foliov1.NewAccountServiceClient(connection),
		Admin:             foliov1.NewAdminServiceClient(connection),
		BusinessCalendars: foliov1.NewBusinessCalendarServiceClient(connection),
		Contacts:          foliov1.NewContactServiceClient(connection),
		CustomFields:      foliov1.NewCustomFieldServiceClient(connection),
		CustomIndicators:  foliov1.NewCustomIndicatorServiceClient(connection),
		Deals:             foliov1.NewDealServiceClient(connection),
		ExchangeRates:     foliov1.NewExchangeRateServiceClient(connection),
		FactHistory:       foliov1.NewFactHistoryServiceClient(connection),
		Facts:             foliov1.NewFactServiceClient(connection),
		Health:            foliov1.NewHealthServiceClient(connection),
		HealthModels:      foliov1.NewHealthModelServiceClient(connection),
		HealthProof:       foliov1.NewHealthProofServiceClient(connection),
		Indicators:        foliov1.NewIndicatorServiceClient(connection),
		IndicatorTargets:  foliov1.NewIndicatorTargetServiceClient(connection),
		Leads:             foliov1.NewLeadServiceClient(connection),
		Operations:        foliov1.NewOperationServiceClient(connection),
		Portfolio:         foliov1.NewPortfolioServiceClient(connection),
		SignalRules:       foliov1.NewSignalRuleServiceClient(connection),
		Signals:           foliov1.NewSignalServiceClient(connection),
		Subscriptions:     foliov1.NewSubscriptionServiceClient(connection),
		Tasks:             foliov1.NewTaskServiceClient(connection),
		Workspace:         foliov1.NewWorkspaceServiceClient(connection),
		connection:        connection,
		options:           options,
	}
}

// Connection is for stubs of one's own, and for calls by name: what goes through it is treated like every other call.
func (c *Client) Connection() grpc.ClientConnInterface { return c.connection }

// String leaves out the key, which has no place in logs.
func (c *Client) String() string { return "folio.Client of " + c.options.String() }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// Close ends the connection and every call that is under way: these, and later ones, fail with code Canceled.
func (c *Client) Close() error { return c.connection.Close() }

// deadline gives the context the client's timeout where it has no deadline of its own.
func (o *Options) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, o.Timeout)
}

func transportCredentials(options Options) (credentials.TransportCredentials, error) {
	if !options.TLS {
		return insecure.NewCredentials(), nil
	}
	if options.CAFile == "" {
		return credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12}), nil
	}
	pem, err := os.ReadFile(options.CAFile)
	if err != nil {
		return nil, newError(codes.NotFound, "Cannot read "+options.CAFile+".")
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return nil, newError(codes.InvalidArgument, "There is no certificate in "+options.CAFile+".")
	}
	return credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: authorities}), nil
}
