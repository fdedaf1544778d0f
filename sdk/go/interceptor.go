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

// What a server speaks where it is not asked; asking for it would cost every call a header.
const unaskedLocale = "en"

// interceptor gives every call its metadata, deadline, request id and typed error.
type interceptor struct {
	options  Options
	metadata []string // keys and values in turn
}

func newInterceptor(options Options) *interceptor {
	result := &interceptor{options: options}
	if options.Locale != unaskedLocale {
		result.metadata = append(result.metadata, "accept-language", options.Locale)
	}
	if options.Key != "" {
		result.metadata = append(result.metadata, "authorization", "Bearer "+options.Key)
	}
	return result
}

func (i *interceptor) unary(ctx context.Context, method string, request, response any, connection *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	ctx, cancel := i.options.deadline(i.withMetadata(ctx))
	defer cancel()
	var trailer metadata.MD
	options = append(options, grpc.Trailer(&trailer))
	return typed(invoke(ctx, method, completed(request), response, connection, options...), trailer)
}

func (i *interceptor) stream(ctx context.Context, description *grpc.StreamDesc, connection *grpc.ClientConn,
	method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := open(i.withMetadata(ctx), description, connection, method, options...)
	if err != nil {
		return nil, typed(err, nil)
	}
	return typedStream{stream}, nil
}

func (i *interceptor) withMetadata(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, i.metadata...)
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
