// Package folio is the client of Folio, the system of record for a portfolio of client accounts.
//
//	client, err := folio.Connect(folio.Overrides{})
//	...
//	defer client.Close()
//	request := &foliov1.ListPortfolioRequest{Filter: "band = red", OrderBy: "arr desc"}
//	for entry, err := range folio.Rows[*foliov1.PortfolioEntry](ctx, client.Portfolio.ListPortfolio, request) {
//		...
//	}
//
// The services of the contract are fields of Client, with the methods that protoc generates. Every call is tried again
// where that is safe, four times at most and all within its deadline: that of its context, or the client's timeout.
// Writes get a request id, so a repeated attempt has one effect. Errors are of type *Error.
package folio
