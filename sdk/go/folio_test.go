package folio

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

func TestErrorsAreFoundWhereTheyAreWrapped(t *testing.T) {
	err := fmt.Errorf("reading: %w", typed(status.Error(codes.NotFound, "nothing there"), nil))
	var failed *Error
	if !errors.As(err, &failed) || failed.Code != codes.NotFound || failed.Message != "nothing there" {
		t.Fatalf("%v", err)
	}
	if status.Code(failed) != codes.NotFound {
		t.Fatalf("status.Code says %s", status.Code(failed))
	}
}

func TestContextErrorsAreThemselves(t *testing.T) {
	for code, target := range map[codes.Code]error{
		codes.DeadlineExceeded: context.DeadlineExceeded, codes.Canceled: context.Canceled} {
		if !errors.Is(typed(status.Error(code, ""), nil), target) {
			t.Errorf("%s is not %v", code, target)
		}
	}
}

func TestTheKeyIsNotInWhatIsPrinted(t *testing.T) {
	options := Options{Key: "secret"}
	client, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, value := range []any{options, client} {
		for _, text := range []string{fmt.Sprint(value), fmt.Sprintf("%+v", value), fmt.Sprintf("%#v", value)} {
			if strings.Contains(text, "secret") {
				t.Error(text)
			}
		}
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, options := range []Options{{Server: "https://"}, {Timeout: -time.Second}} {
		if _, err := New(options); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%v: %v", options, err)
		}
	}
}

func TestAnAddressIsCompleted(t *testing.T) {
	for _, given := range []struct {
		server  string
		withTLS bool
		want    string
	}{
		{"host", false, "host:7117"}, {"host", true, "host:443"}, {"https://host/", false, "host:443"},
		{"http://[::1]", false, "[::1]:7117"}, {"[::1]:80", false, "[::1]:80"},
		{"unix:/run/folio", false, "unix:/run/folio"},
	} {
		options, err := Options{Server: given.server, TLS: given.withTLS}.withDefaults().checked()
		if err != nil || options.Server != given.want {
			t.Errorf("%s: %s, %v", given.server, options.Server, err)
		}
	}
}

func TestCallsOfAClosedClientAreCancelled(t *testing.T) {
	client, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	client.Close()
	_, err = client.Workspace.GetWorkspace(context.Background(), &foliov1.GetWorkspaceRequest{})
	if status.Code(err) != codes.Canceled {
		t.Error(err)
	}
	for _, err := range client.Watch(context.Background(), &foliov1.WatchRequest{}, WatchOptions{}) {
		if status.Code(err) != codes.Canceled {
			t.Error(err)
		}
	}
}

func TestRowsOfOneTypeAreMessages(t *testing.T) {
	accounts := []*foliov1.Account{{Name: "accounts/a"}, {Name: "accounts/b"}}
	rows := slices.Collect(Messages(slices.Values(accounts)))
	if len(rows) != 2 || rows[1] != proto.Message(accounts[1]) {
		t.Errorf("%v", rows)
	}
}

func TestARequestIdIsAddedToACopy(t *testing.T) {
	request := &foliov1.CreateAccountRequest{AccountId: "acme"}
	sent := completed(request).(*foliov1.CreateAccountRequest)
	if sent.GetRequestId() == "" || request.GetRequestId() != "" {
		t.Errorf("sent %q, the caller's has %q", sent.GetRequestId(), request.GetRequestId())
	}
}

func TestACancelledContextEndsAWait(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := newPatience(time.Hour).after(ctx, &Error{Code: codes.Unavailable, RetryAfter: time.Hour / 2})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestEveryServiceIsThere(t *testing.T) {
	client, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	there := map[string]bool{
		"ImportServiceClient": true, // Client.Import
		"WatchServiceClient":  true, // Client.Watch
	}
	fields := reflect.ValueOf(*client)
	for index := range fields.NumField() {
		field := fields.Field(index)
		there[field.Type().Name()] = field.Kind() != reflect.Interface || !field.IsNil()
	}
	protoregistry.GlobalFiles.RangeFilesByPackage("folio.v1", func(file protoreflect.FileDescriptor) bool {
		for index := range file.Services().Len() {
			if name := string(file.Services().Get(index).Name()); !there[name+"Client"] {
				t.Errorf("the client has no field for %s", name)
			}
		}
		return true
	})
}
