package folio

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// FieldViolation is one field at fault.
type FieldViolation struct {
	Field       string // path in the request, for example "account.display_name"
	Reason      string // upper-case word of the documented list; may be empty
	Description string // in the caller's language where the server has it
}

// Error is a call that failed. Programs decide by Code and Reason:
//
//	var failed *folio.Error
//	if errors.As(err, &failed) && failed.Reason == "ETAG_MISMATCH" { ... }
type Error struct {
	Code       codes.Code
	Message    string            // in the caller's language where the server has it
	Reason     string            // "ETAG_MISMATCH"; empty where no Folio server said it
	Metadata   map[string]string // the details of the reason
	Fields     []FieldViolation
	RetryAfter time.Duration // how long to wait before another attempt; 0 where the server does not say
	RequestID  string        // names the call in the server's log

	status *status.Status
}

func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s", e.Code, e.Message)
	if e.Reason != "" {
		fmt.Fprintf(&text, " (%s)", e.Reason)
	}
	for _, fault := range e.Fields {
		fmt.Fprintf(&text, "\n  %s: %s", fault.Field, fault.Description)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&text, "\n  request id %s", e.RequestID)
	}
	return text.String()
}

// GRPCStatus lets status.Code and status.FromError understand the error.
func (e *Error) GRPCStatus() *status.Status {
	if e.status == nil {
		return status.New(e.Code, e.Message)
	}
	return e.status
}

// Is makes errors.Is(err, context.DeadlineExceeded) and errors.Is(err, context.Canceled) say what they should.
func (e *Error) Is(target error) bool {
	return target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded ||
		target == context.Canceled && e.Code == codes.Canceled
}

func newError(code codes.Code, message string) *Error {
	return &Error{Code: code, Message: message, Metadata: map[string]string{}}
}

// typed is the *Error of what gRPC returned; nil stays nil, and what is typed already stays as it is.
func typed(err error, trailer metadata.MD) error {
	if err == nil {
		return nil
	}
	var already *Error
	if errors.As(err, &already) {
		return err
	}
	told := status.Convert(err)
	if told.Code() == codes.Unknown {
		told = status.FromContextError(err)
	}
	result := newError(told.Code(), told.Message())
	result.status = told
	for _, detail := range told.Details() {
		result.take(detail)
	}
	if ids := trailer.Get("x-request-id"); len(ids) > 0 {
		result.RequestID = ids[0]
	}
	return result
}

func (e *Error) take(detail any) {
	switch detail := detail.(type) {
	case *errdetails.ErrorInfo:
		e.Reason = detail.GetReason()
		for name, value := range detail.GetMetadata() {
			e.Metadata[name] = value
		}
	case *errdetails.BadRequest:
		for _, violation := range detail.GetFieldViolations() {
			text := violation.GetLocalizedMessage().GetMessage()
			if text == "" {
				text = violation.GetDescription()
			}
			e.Fields = append(e.Fields, FieldViolation{violation.GetField(), violation.GetReason(), text})
		}
	case *errdetails.RetryInfo:
		e.RetryAfter = detail.GetRetryDelay().AsDuration()
	case *errdetails.LocalizedMessage:
		e.Message = detail.GetMessage()
	}
}

// asError is the *Error in err, which came out of this package or out of gRPC.
func asError(err error) *Error {
	var result *Error
	if errors.As(typed(err, nil), &result) {
		return result
	}
	return newError(codes.Unknown, err.Error())
}
