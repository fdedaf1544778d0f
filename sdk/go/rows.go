package folio

import (
	"context"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// page is a response of a list method.
type page interface {
	proto.Message
	GetNextPageToken() string
}

// Rows are the rows of a list method, whatever their number. A page is fetched when its first row is asked for, never
// sooner. A page that cannot be had is an error behind the rows before it, and the last thing that is handed over: a
// list is never short without saying so.
//
//	for account, err := range folio.Rows[*foliov1.Account](ctx, client.Accounts.ListAccounts, request) { ... }
func Rows[Row, Request proto.Message, Response page](ctx context.Context,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error), request Request) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var none Row
		for response, err := range Pages(ctx, method, request) {
			if err != nil {
				yield(none, err)
				return
			}
			rows := response.ProtoReflect().Get(rowsField(response)).List()
			for index := range rows.Len() {
				if !yield(rows.Get(index).Message().Interface().(Row), nil) {
					return
				}
			}
		}
	}
}

// Pages are the responses themselves, for their other fields (total size, revision, as of).
func Pages[Request proto.Message, Response page](ctx context.Context,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request) iter.Seq2[Response, error] {
	return func(yield func(Response, error) bool) {
		var none Response
		own := proto.Clone(request)
		field := own.ProtoReflect().Descriptor().Fields().ByName("page_token")
		for {
			asked := own.ProtoReflect().Get(field).String()
			response, err := method(ctx, own.(Request))
			if err != nil {
				yield(none, err)
				return
			}
			token := response.GetNextPageToken()
			if token != "" && token == asked {
				yield(none, newError(codes.Internal, "The server repeats a page token."))
				return
			}
			if !yield(response, nil) || token == "" {
				return
			}
			own.ProtoReflect().Set(field, protoreflect.ValueOfString(token))
		}
	}
}

// rowsField is the field with the rows: the first repeated message.
func rowsField(response proto.Message) protoreflect.FieldDescriptor {
	fields := response.ProtoReflect().Descriptor().Fields()
	for index := range fields.Len() {
		if field := fields.Get(index); field.IsList() && field.Message() != nil {
			return field
		}
	}
	return nil
}
