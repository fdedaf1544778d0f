// Bulk writing: rows of any number, an account of each, and what was refused. Running it again changes nothing; cut off
// in its midst, it goes on where it ended.
package main

import (
	"context"
	"fmt"
	"log"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"
)

func rows(yield func(proto.Message) bool) {
	for number := int64(1); number <= 2000; number++ {
		account := &foliov1.Account{
			Name:                   fmt.Sprintf("accounts/go-sample-%d", number),
			DisplayName:            fmt.Sprintf("Sample %d", number),
			Sector:                 "Samples",
			AnnualRecurringRevenue: &money.Money{CurrencyCode: "EUR", Units: 12 * number},
		}
		if !yield(account) {
			return
		}
	}
	yield(&foliov1.Account{Name: "accounts/go-sample-bad", DisplayName: "Bad", CountryCode: "France"})
}

func main() {
	client, err := folio.Connect(folio.Overrides{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	header := &foliov1.ImportHeader{Collection: "accounts", ImportId: "go-samples"}
	report, err := client.Import(context.Background(), header, rows, folio.ImportOptions{
		Progress: func(report *folio.ImportReport) {
			fmt.Printf("%d rows are durable\n", report.DurableThroughRow)
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("created %d, rejected %d\n", report.Counts.GetCreated(), report.Counts.GetRejected())
	for _, row := range report.Rejected {
		fmt.Printf("row %d: %s: %s\n", row.GetRow(), row.GetField(), row.GetMessage())
	}
}
