// What the SDK for Go costs: see tools/bench/sdk/run.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"time"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

type get func(ctx context.Context, in *foliov1.GetAccountRequest, options ...grpc.CallOption) (*foliov1.Account, error)

func bareStub() get {
	connection := must(grpc.NewClient(os.Getenv("FOLIO_SERVER"),
		grpc.WithTransportCredentials(insecure.NewCredentials())))
	stub := foliov1.NewAccountServiceClient(connection)
	return func(ctx context.Context, in *foliov1.GetAccountRequest, options ...grpc.CallOption) (*foliov1.Account, error) {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+os.Getenv("FOLIO_KEY"))
		return stub.GetAccount(ctx, in, options...)
	}
}

// microseconds are those of the median call.
func microseconds(call get, request *foliov1.GetAccountRequest, seconds float64) float64 {
	now := time.Now()
	end := now.Add(time.Duration(seconds * float64(time.Second)))
	calls := []time.Duration{}
	for now.Before(end) {
		begin := now
		must(call(context.Background(), request))
		now = time.Now()
		calls = append(calls, now.Sub(begin))
	}
	slices.Sort(calls)
	return calls[len(calls)/2].Seconds() * 1e6
}

func unary(client *folio.Client, name string, rounds int, seconds float64) any {
	request := &foliov1.GetAccountRequest{Name: name}
	bare := bareStub()
	microseconds(client.Accounts.GetAccount, request, 2*seconds) // does not count, nor does the next
	microseconds(bare, request, 2*seconds)
	figures := [][]float64{}
	for range rounds {
		figures = append(figures, []float64{
			microseconds(client.Accounts.GetAccount, request, seconds), microseconds(bare, request, seconds)})
	}
	return map[string]any{"rounds": figures}
}

// bulk gives the rows a second.
func bulk(client *folio.Client, prefix string, count int) float64 {
	rows := func(yield func(proto.Message) bool) {
		for number := 1; number <= count; number++ {
			account := &foliov1.Account{Name: fmt.Sprintf("accounts/%s-%d", prefix, number),
				DisplayName: fmt.Sprintf("Company %d of %s", number, prefix), Sector: "Imported", Plan: "Pro",
				SeatCount: proto.Int32(int32(number % 1000))}
			if !yield(account) {
				return
			}
		}
	}
	begin := time.Now()
	header := &foliov1.ImportHeader{Collection: "accounts"}
	report := must(client.Import(context.Background(), header, rows, folio.ImportOptions{}))
	if report.Counts.GetCreated() != int64(count) {
		log.Fatal(report.Counts)
	}
	return float64(count) / time.Since(begin).Seconds()
}

func main() {
	client := must(folio.Connect(folio.Overrides{}))
	count := must(strconv.Atoi(os.Args[3]))
	var told any
	if os.Args[1] == "unary" {
		told = unary(client, os.Args[2], count, must(strconv.ParseFloat(os.Args[4], 64)))
	} else {
		bulk(client, os.Args[2]+"-first", count/5) // does not count
		told = map[string]any{"rows_per_second": bulk(client, os.Args[2], count)}
	}
	fmt.Println(string(must(json.Marshal(told))))
}
