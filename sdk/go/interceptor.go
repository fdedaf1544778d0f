package folio

import (
	"context"
	"io"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// interceptor gives every call its metadata, deadline, request id and typed error.
type interceptor struct {
	options Options
}

func (i interceptor) unary(ctx context.Context, method string, request, response any, connection *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	ctx, cancel := i.options.deadline(i.withMetadata(ctx))
	defer cancel()
	var trailer metadata.MD
	options = append(options, grpc.Trailer(&trailer))
	return typed(invoke(ctx, method, completed(request), response, connection, options...), trailer)
}

func (i interceptor) stream(ctx context.Context, description *grpc.StreamDesc, connection *grpc.ClientConn,
	method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := open(i.withMetadata(ctx), description, connection, method, options...)
	if err != nil {
		return nil, typed(err, nil)
	}
	return typedStream{stream}, nil
}

func (i interceptor) withMetadata(ctx context.Context) context.Context {
	pairs := []string{"accept-language", i.options.Locale}
	if i.options.Key != "" {
		pairs = append(pairs, "authorization", "Bearer "+i.options.Key)
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}

// typedStream tells errors as *Error. The end of a stream stays io.EOF.
type typedStream struct {
	grpc.ClientStream
}

func (s typedStream) RecvMsg(message any) error {
	err := s.ClientStream.RecvMsg(message)
	if err == nil || err == io.EOF {
		return err
	}
	return typed(err, s.Trailer())
}

// completed is the request, or a copy with a request id where it takes one and has none.
func completed(request any) any {
	message, isMessage := request.(proto.Message)
	if !isMessage {
		return request
	}
	field := message.ProtoReflect().Descriptor().Fields().ByName("request_id")
	if field == nil || field.Kind() != protoreflect.StringKind || message.ProtoReflect().Get(field).String() != "" {
		return request
	}
	copied := proto.Clone(message)
	copied.ProtoReflect().Set(field, protoreflect.ValueOfString(uuid.NewString()))
	return copied
}
