// What a customer does in a week, on the files of RavenStack: imports accounts, subscriptions and tickets, filters,
// explains a score, changes an account and sees the change come, computes indicators, exports. The same program is
// among the samples of each language, and prints the same line of JSON.
//
//	same_job FOLDER   with ravenstack_accounts.csv, ravenstack_subscriptions.csv, ravenstack_support_tickets.csv
package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/genproto/googleapis/type/money"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

type row map[string]string

func (r row) number(name string) int64 {
	return must(strconv.ParseInt(strings.TrimSuffix(r[name], ".0"), 10, 64))
}

func read(folder, name string) []row {
	file := must(os.Open(filepath.Join(folder, "ravenstack_"+name+".csv")))
	defer file.Close()
	lines := must(csv.NewReader(file).ReadAll())
	rows := []row{}
	for _, line := range lines[1:] {
		found := row{}
		for index, name := range lines[0] {
			found[name] = line[index]
		}
		rows = append(rows, found)
	}
	return rows
}

func accountOf(r row) proto.Message {
	country := r["country"]
	if country == "UK" {
		country = "GB"
	}
	return &foliov1.Account{
		Name:        "accounts/" + r["account_id"],
		ExternalIds: []*foliov1.ExternalId{{System: "ravenstack", Id: r["account_id"]}},
		DisplayName: r["account_name"],
		Sector:      r["industry"],
		CountryCode: country,
		Plan:        r["plan_tier"],
		SeatCount:   proto.Int32(int32(r.number("seats"))),
	}
}

func dateOf(text string) *date.Date {
	if text == "" {
		return nil
	}
	day := must(time.Parse(time.DateOnly, text))
	return &date.Date{Year: int32(day.Year()), Month: int32(day.Month()), Day: int32(day.Day())}
}

func subscriptionOf(r row) proto.Message {
	period := foliov1.BillingPeriod_value["BILLING_PERIOD_"+strings.ToUpper(r["billing_frequency"])]
	return &foliov1.Subscription{
		Name:          "subscriptions/" + r["subscription_id"],
		Account:       "accounts/" + r["account_id"],
		StartDate:     dateOf(r["start_date"]),
		EndDate:       dateOf(r["end_date"]),
		AnnualAmount:  &money.Money{CurrencyCode: "USD", Units: r.number("arr_amount")},
		Trial:         r["is_trial"] == "True",
		Plan:          r["plan_tier"],
		SeatCount:     proto.Int32(int32(r.number("seats"))),
		BillingPeriod: foliov1.BillingPeriod(period),
		AutoRenew:     proto.Bool(r["auto_renew_flag"] == "True"),
	}
}

func timeOf(text string) *timestamppb.Timestamp {
	layout := time.DateOnly
	if len(text) > len(layout) {
		layout = time.DateTime
	}
	return timestamppb.New(must(time.Parse(layout, text)))
}

func ticketOf(r row) proto.Message {
	ticket := &foliov1.Ticket{
		Priority: foliov1.TicketPriority(
			foliov1.TicketPriority_value["TICKET_PRIORITY_"+strings.ToUpper(r["priority"])]),
		FirstResponseSeconds: proto.Int64(60 * r.number("first_response_time_minutes")),
		Escalated:            r["escalation_flag"] == "True",
	}
	if r["closed_at"] != "" {
		ticket.CloseTime = timeOf(r["closed_at"])
	}
	if r["satisfaction_score"] != "" {
		ticket.Satisfaction = proto.Int32(int32(r.number("satisfaction_score")))
	}
	return &foliov1.Fact{
		Account:   "accounts/" + r["account_id"],
		Source:    "ravenstack",
		SourceId:  r["ticket_id"],
		EventTime: timeOf(r["submitted_at"]),
		Detail:    &foliov1.Fact_Ticket{Ticket: ticket},
	}
}

func mapped(rows []row, rowOf func(row) proto.Message) iter.Seq[proto.Message] {
	return func(yield func(proto.Message) bool) {
		for _, r := range rows {
			if !yield(rowOf(r)) {
				return
			}
		}
	}
}

// millionths are whole, so that every language writes them alike.
func millionths(number float64) int64 { return int64(math.Floor(number*1e6 + 0.5)) }

func watchChange(ctx context.Context, client *folio.Client, revision int64, name string) ([]any, error) {
	tag := func(account *foliov1.Account) error {
		account.Tags = append(account.Tags, "same-job")
		return nil
	}
	if _, err := folio.Modify(ctx, client, name, tag); err != nil {
		return nil, err
	}
	request := &foliov1.WatchRequest{Collections: []string{"accounts"}, Account: name,
		Start: &foliov1.WatchRequest_AfterRevision{AfterRevision: revision}}
	for response, err := range client.Watch(ctx, request, folio.WatchOptions{}) {
		if err != nil {
			return nil, err
		}
		for _, event := range response.GetEvents() {
			if slices.Contains(event.GetAccount().GetTags(), "same-job") {
				return []any{event.GetType().String(), event.GetName()}, nil
			}
		}
	}
	return nil, errors.New("the watch has ended")
}

func valueOf(value *foliov1.IndicatorValue) []any {
	var amount any = millionths(value.GetNumber())
	if money := value.GetMoney(); money != nil {
		amount = []any{money.GetCurrencyCode(), money.GetUnits(), money.GetNanos()}
	}
	return []any{value.GetIndicator(), value.GetPeriod().GetStartDate().GetMonth(), amount, value.GetSampleSize()}
}

func main() {
	ctx := context.Background()
	client := must(folio.Connect(folio.Overrides{}))
	defer client.Close()

	imported, revision := map[string]any{}, int64(0)
	kinds := []struct {
		collection, file string
		rowOf            func(row) proto.Message
	}{
		{"accounts", "accounts", accountOf},
		{"subscriptions", "subscriptions", subscriptionOf},
		{"facts", "support_tickets", ticketOf},
	}
	for _, kind := range kinds {
		header := &foliov1.ImportHeader{Collection: kind.collection, ImportId: "same-job-" + kind.file}
		rows := mapped(read(os.Args[1], kind.file), kind.rowOf)
		report := must(client.Import(ctx, header, rows, folio.ImportOptions{}))
		imported[kind.file] = []int64{report.Counts.GetCreated(), report.Counts.GetRejected()}
		revision = report.Revision
	}

	filtered := []string{}
	list := &foliov1.ListAccountsRequest{Filter: `sector = "FinTech" AND country = "GB"`, OrderBy: "display_name"}
	for account, err := range folio.Rows[*foliov1.Account](ctx, client.Accounts.ListAccounts, list) {
		filtered = append(filtered, must(account, err).GetName())
	}

	score := must(client.Health.ExplainHealth(ctx, &foliov1.ExplainHealthRequest{Account: "accounts/A-2e4581"}))
	parts := []any{}
	for _, part := range score.GetContributions() {
		parts = append(parts, []any{part.GetDimension(), part.GetMeasure(), millionths(part.GetPoints())})
	}

	watched := must(watchChange(ctx, client, revision, "accounts/A-2e4581"))

	computed := []any{}
	query := &foliov1.IndicatorQuery{StartDate: dateOf("2024-10-01"), EndDate: dateOf("2025-01-01"),
		Grain: foliov1.PeriodGrain_PERIOD_GRAIN_MONTH}
	indicators := []string{"mrr", "arr", "nrr", "first_response_time"}
	figures := must(client.Indicators.ComputeIndicators(ctx,
		&foliov1.ComputeIndicatorsRequest{Indicators: indicators, Query: query}))
	for _, value := range figures.GetValues() {
		computed = append(computed, valueOf(value))
	}

	exported := []any{}
	for account, err := range client.ExportAccounts(ctx, &foliov1.ExportAccountsRequest{}, nil) {
		must(account, err)
		tags := append([]string{}, account.GetTags()...)
		exported = append(exported,
			[]any{account.GetName(), account.GetDisplayName(), account.GetPlan(), account.GetSeatCount(), tags})
	}

	line := must(json.Marshal(map[string]any{
		"imported": imported, "filtered": filtered, "watched": watched, "computed": computed, "exported": exported,
		"explained": []any{score.GetScore(), score.GetBand().String(), parts},
	}))
	fmt.Println(string(line))
}
