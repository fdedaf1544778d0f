// Who needs attention: the accounts at risk with the most revenue, and why.
package main

import (
	"context"
	"fmt"
	"log"
	"strings"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
)

func main() {
	ctx := context.Background()
	client, err := folio.Connect(folio.Overrides{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	summary, err := client.Portfolio.GetPortfolioSummary(ctx, &foliov1.GetPortfolioSummaryRequest{})
	if err != nil {
		log.Fatal(err)
	}
	totals := summary.GetTotals()
	fmt.Printf("%d accounts, ARR %d\n", totals.GetAccountCount(), totals.GetArr().GetUnits())
	request := &foliov1.ListPortfolioRequest{Filter: "risk:*", OrderBy: "arr desc", PageSize: 5}
	shown := 0
	for entry, err := range folio.Rows[*foliov1.PortfolioEntry](ctx, client.Portfolio.ListPortfolio, request) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: health %d, risks %s\n", entry.GetDisplayName(), entry.GetHealth().GetScore(),
			strings.Join(entry.GetRisks(), ", "))
		if shown++; shown == 5 {
			break
		}
	}
}
