// Does through the SDK what the conformance harness says: a command a line in, a result a line out. sdk/spec.md
// describes both.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"time"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

type command struct {
	Op     string `json:"op"`
	Client struct {
		Server    string `json:"server"`
		Key       string `json:"key"`
		Locale    string `json:"locale"`
		TLS       bool   `json:"tls"`
		CAFile    string `json:"ca_file"`
		TimeoutMs int64  `json:"timeout_ms"`
	} `json:"client"`
	Method     string            `json:"method"`
	Request    json.RawMessage   `json:"request"`
	Limit      int               `json:"limit"`
	Name       string            `json:"name"`
	Append     string            `json:"append"`
	Header     json.RawMessage   `json:"header"`
	Rows       []json.RawMessage `json:"rows"`
	Count      int               `json:"count"`
	PatienceMs *int64            `json:"patience_ms"`
	Until      int               `json:"until"`
	Env        map[string]string `json:"env"`
	Overrides  struct {
		Profile   string `json:"profile"`
		Server    string `json:"server"`
		KeyFile   string `json:"key_file"`
		Locale    string `json:"locale"`
		TLS       bool   `json:"tls"`
		CAFile    string `json:"ca_file"`
		TimeoutMs int64  `json:"timeout_ms"`
	} `json:"overrides"`
}

type result map[string]any

func main() {
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var todo command
		must(json.Unmarshal(line, &todo))
		came := result{}
		start := time.Now()
		if err := perform(todo, came); err != nil {
			came["error"] = errorJSON(err)
		}
		came["elapsed_ms"] = time.Since(start).Seconds() * 1000
		answer, err := json.Marshal(came)
		must(err)
		fmt.Println(string(answer))
	}
}

// must ends the driver: a command that it does not understand is a fault of the vector.
func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func perform(todo command, came result) error {
	if todo.Op == "options" {
		return doOptions(todo, came)
	}
	given := todo.Client
	client, err := folio.New(folio.Options{Server: given.Server, Key: given.Key, Locale: given.Locale, TLS: given.TLS,
		CAFile: given.CAFile, Timeout: time.Duration(given.TimeoutMs) * time.Millisecond})
	if err != nil {
		return err
	}
	defer client.Close()
	operations := map[string]func(context.Context, *folio.Client, command, result) error{
		"call": doCall, "list": doList, "modify": doModify, "import": doImport, "export": doExport, "watch": doWatch,
		"watch_portfolio": doWatchPortfolio}
	return operations[todo.Op](context.Background(), client, todo, came)
}

func doOptions(todo command, came result) error {
	for _, name := range []string{
		"HOME", "XDG_CONFIG_HOME", "FOLIO_PROFILE", "FOLIO_SERVER", "FOLIO_KEY", "FOLIO_KEY_FILE"} {
		os.Unsetenv(name)
	}
	for name, value := range todo.Env {
		os.Setenv(name, value)
	}
	given := todo.Overrides
	options, err := folio.LoadOptions(folio.Overrides{
		Profile: given.Profile, Server: given.Server, KeyFile: given.KeyFile,
		Locale: given.Locale, TLS: given.TLS, CAFile: given.CAFile,
		Timeout: time.Duration(given.TimeoutMs) * time.Millisecond})
	if err == nil {
		came["ok"] = result{"server": options.Server, "key": options.Key, "tls": options.TLS, "locale": options.Locale,
			"ca_file": options.CAFile, "timeout_ms": options.Timeout.Milliseconds()}
	}
	return err
}

func doCall(ctx context.Context, client *folio.Client, todo command, came result) error {
	method := methodOf(todo.Method)
	request, response := newMessage(method.Input()), newMessage(method.Output())
	must(protojson.Unmarshal(todo.Request, request))
	path := fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
	if err := client.Connection().Invoke(ctx, path, request, response); err != nil {
		return err
	}
	came["ok"] = toJSON(response)
	return nil
}

func doList(ctx context.Context, client *folio.Client, todo command, came result) error {
	if todo.Method != "AccountService.ListAccounts" {
		must(errors.New("no list of " + todo.Method))
	}
	request := &foliov1.ListAccountsRequest{}
	must(protojson.Unmarshal(todo.Request, request))
	rows := []any{}
	defer func() { came["rows"] = rows }()
	for account, err := range folio.Rows[*foliov1.Account](ctx, client.Accounts.ListAccounts, request) {
		if err != nil {
			return err
		}
		if rows = append(rows, toJSON(account)); len(rows) == todo.Limit {
			break
		}
	}
	return nil
}

func doModify(ctx context.Context, client *folio.Client, todo command, came result) error {
	attempts := 0
	account, err := folio.Modify(ctx, client, todo.Name, func(account *foliov1.Account) error {
		attempts++
		account.Notes += todo.Append
		return nil
	})
	came["attempts"] = attempts
	if err == nil {
		came["ok"] = toJSON(account)
	}
	return err
}

func rowsOf(todo command) iter.Seq[proto.Message] {
	return func(yield func(proto.Message) bool) {
		for _, row := range todo.Rows {
			account := &foliov1.Account{}
			must(protojson.Unmarshal(row, account))
			if !yield(account) {
				return
			}
		}
		for number := 1; number <= todo.Count; number++ {
			account := &foliov1.Account{Name: fmt.Sprintf("accounts/row-%06d", number),
				DisplayName: fmt.Sprintf("Row %d", number), Sector: "Imported"}
			if !yield(account) {
				return
			}
		}
	}
}

func doImport(ctx context.Context, client *folio.Client, todo command, came result) error {
	header := &foliov1.ImportHeader{}
	must(protojson.Unmarshal(todo.Header, header))
	progress := []int64{}
	options := folio.ImportOptions{Progress: func(report *folio.ImportReport) {
		progress = append(progress, report.DurableThroughRow)
	}}
	if todo.PatienceMs != nil {
		options.Patience = time.Duration(*todo.PatienceMs) * time.Millisecond
		if options.Patience == 0 {
			options.Patience = -1 // none: 0 is the default
		}
	}
	report, err := client.Import(ctx, header, rowsOf(todo), options)
	came["report"] = reportJSON(report)
	came["progress"] = progress
	return err
}

func reportJSON(report *folio.ImportReport) result {
	counts := report.Counts
	rejected := []result{}
	for _, row := range report.Rejected {
		rejected = append(rejected,
			result{"row": row.GetRow(), "field": row.GetField(), "reason": row.GetReason(), "message": row.GetMessage()})
	}
	return result{"durable": report.DurableThroughRow, "created": counts.GetCreated(), "updated": counts.GetUpdated(),
		"restored": counts.GetRestored(), "unchanged": counts.GetUnchanged(), "skipped": counts.GetSkipped(),
		"rejected": counts.GetRejected(), "rejected_rows": rejected}
}

func doExport(ctx context.Context, client *folio.Client, todo command, came result) error {
	request := &foliov1.ExportAccountsRequest{}
	must(protojson.Unmarshal(todo.Request, request))
	rows, progress := []any{}, [][]int64{}
	defer func() { came["rows"], came["progress"] = rows, progress }()
	tell := func(done, total int64) { progress = append(progress, []int64{done, total}) }
	for account, err := range client.ExportAccounts(ctx, request, tell) {
		if err != nil {
			return err
		}
		rows = append(rows, toJSON(account))
	}
	return nil
}

func doWatch(ctx context.Context, client *folio.Client, todo command, came result) error {
	request := &foliov1.WatchRequest{}
	must(protojson.Unmarshal(todo.Request, request))
	events := []any{}
	defer func() { came["events"] = events }()
	for response, err := range client.Watch(ctx, request, watchOptions(todo)) {
		if err != nil {
			return err
		}
		for _, event := range response.GetEvents() {
			events = append(events, toJSON(event))
		}
		came["token"] = response.GetResumeToken()
		if len(events) >= todo.Until {
			break
		}
	}
	return nil
}

func doWatchPortfolio(ctx context.Context, client *folio.Client, todo command, came result) error {
	request := &foliov1.WatchPortfolioRequest{}
	must(protojson.Unmarshal(todo.Request, request))
	changes := []any{}
	defer func() { came["changes"] = changes }()
	for response, err := range client.WatchPortfolio(ctx, request, watchOptions(todo)) {
		if err != nil {
			return err
		}
		for _, change := range response.GetChanges() {
			changes = append(changes, toJSON(change))
		}
		came["token"] = response.GetResumeToken()
		if len(changes) >= todo.Until {
			break
		}
	}
	return nil
}

func watchOptions(todo command) folio.WatchOptions {
	options := folio.WatchOptions{}
	if todo.PatienceMs != nil {
		options.Patience = time.Duration(*todo.PatienceMs) * time.Millisecond
	}
	return options
}

func methodOf(name string) protoreflect.MethodDescriptor {
	service, method, _ := strings.Cut(name, ".")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("folio.v1." + service))
	must(err)
	return found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(method))
}

func newMessage(descriptor protoreflect.MessageDescriptor) proto.Message {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	must(err)
	return kind.New().Interface()
}

func toJSON(message proto.Message) json.RawMessage {
	text, err := protojson.Marshal(message)
	must(err)
	return text
}

// names are those of the wire, not of Go: "NOT_FOUND", not "NotFound".
func codeName(code codes.Code) string {
	var name strings.Builder
	for index, letter := range code.String() {
		if index > 0 && letter >= 'A' && letter <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteRune(letter)
	}
	return strings.ToUpper(name.String())
}

func errorJSON(err error) result {
	var failed *folio.Error
	if !errors.As(err, &failed) {
		must(fmt.Errorf("not an error of the SDK: %T %w", err, err))
	}
	fields := []result{}
	for _, fault := range failed.Fields {
		fields = append(fields, result{"field": fault.Field, "reason": fault.Reason, "description": fault.Description})
	}
	told := result{"code": codeName(failed.Code), "message": failed.Message, "reason": failed.Reason,
		"metadata": failed.Metadata, "fields": fields, "request_id": failed.RequestID}
	if failed.RetryAfter != 0 {
		told["retry_after_ms"] = failed.RetryAfter.Milliseconds()
	}
	return told
}
