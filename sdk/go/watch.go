package folio

import (
	"context"
	"io"
	"iter"
	"time"

	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// WatchOptions may be left as they are.
type WatchOptions struct {
	Patience time.Duration // how long to try to get a lost connection back; 0 means five minutes
}

// Watch gives changes as they happen, without gap or repetition, over lost connections, until the context ends or the
// loop is left. The resume token of the last response makes a later watch go on where this one ended. An error is the
// last thing that is handed over; code OutOfRange with reason LOG_COMPACTED means that the log no longer reaches back
// so far: begin again with a snapshot.
func (c *Client) Watch(ctx context.Context, request *foliov1.WatchRequest,
	options WatchOptions) iter.Seq2[*foliov1.WatchResponse, error] {
	return func(yield func(*foliov1.WatchResponse, error) bool) {
		own := proto.Clone(request).(*foliov1.WatchRequest)
		service := foliov1.NewWatchServiceClient(c.connection)
		follow(ctx, options, func(ctx context.Context) (grpc.ServerStreamingClient[foliov1.WatchResponse], error) {
			return service.Watch(ctx, own)
		}, func(response *foliov1.WatchResponse) {
			if token := response.GetResumeToken(); token != "" {
				own.Start = &foliov1.WatchRequest_ResumeToken{ResumeToken: token}
			}
		}, yield)
	}
}

// WatchPortfolio gives rows of the portfolio as they enter the filter, change and leave it, taken up again like Watch.
// A response with BeginsAgain means that the server has forgotten what it has told, and tells all rows anew.
func (c *Client) WatchPortfolio(ctx context.Context, request *foliov1.WatchPortfolioRequest,
	options WatchOptions) iter.Seq2[*foliov1.WatchPortfolioResponse, error] {
	return func(yield func(*foliov1.WatchPortfolioResponse, error) bool) {
		own := proto.Clone(request).(*foliov1.WatchPortfolioRequest)
		type stream = grpc.ServerStreamingClient[foliov1.WatchPortfolioResponse]
		follow(ctx, options, func(ctx context.Context) (stream, error) {
			return c.Portfolio.WatchPortfolio(ctx, own)
		}, func(response *foliov1.WatchPortfolioResponse) {
			if token := response.GetResumeToken(); token != "" {
				own.ResumeToken = token
			}
		}, yield)
	}
}

// follow opens a stream, and again for as long as there is patience. Done gets each response that was handed over, and
// moves on what open asks for.
func follow[Response any](ctx context.Context, options WatchOptions,
	open func(context.Context) (grpc.ServerStreamingClient[Response], error), done func(*Response),
	yield func(*Response, error) bool) {
	if options.Patience == 0 {
		options.Patience = 5 * time.Minute
	}
	patience := newPatience(options.Patience)
	for {
		goOn, cause := followOnce(ctx, open, func(response *Response) bool {
			patience.reset()
			if !yield(response, nil) {
				return false
			}
			done(response)
			return true
		})
		if !goOn {
			return
		}
		// A reader that was too slow has missed nothing: it goes on after what it has read.
		if failed := asError(cause); failed.Code == codes.OutOfRange && failed.Reason == "FELL_BEHIND" {
			continue
		}
		if err := patience.after(ctx, cause); err != nil {
			yield(nil, err)
			return
		}
	}
}

// followOnce reads one stream to its end. It says whether the reader wants more, and why the stream ended.
func followOnce[Response any](ctx context.Context,
	open func(context.Context) (grpc.ServerStreamingClient[Response], error),
	take func(*Response) bool) (bool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := open(ctx)
	for err == nil {
		var response *Response
		if response, err = stream.Recv(); err == nil && !take(response) {
			return false, nil
		}
	}
	if err == io.EOF {
		// A stream that the server ends without an error is resumed like one that was cut: it is shutting down.
		err = newError(codes.Unavailable, "The server ended the stream.")
	}
	return true, err
}

// ExportAccounts gives every account that matches, from one state. Progress, where it is not nil, gets how many have
// come and how many there are. A stream that does not reach its end is an error behind the accounts that came.
func (c *Client) ExportAccounts(ctx context.Context, request *foliov1.ExportAccountsRequest,
	progress func(done, total int64)) iter.Seq2[*foliov1.Account, error] {
	return func(yield func(*foliov1.Account, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		done := int64(0)
		stream, err := c.Accounts.ExportAccounts(ctx, request)
		for err == nil {
			var response *foliov1.ExportAccountsResponse
			if response, err = stream.Recv(); err != nil {
				break
			}
			done += int64(len(response.GetAccounts()))
			if progress != nil {
				progress(done, response.GetTotalSize())
			}
			for _, account := range response.GetAccounts() {
				if !yield(account, nil) {
					return
				}
			}
		}
		if err != io.EOF {
			yield(nil, err)
		}
	}
}
