// Changes as they happen, from a change that this program makes itself. The token makes a later run go on behind the
// last change that was seen.
package main

import (
	"context"
	"fmt"
	"log"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
)

const name = "accounts/go-watched-sample"

func main() {
	ctx := context.Background()
	client, err := folio.Connect(folio.Overrides{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	account := &foliov1.Account{Name: name, DisplayName: "Watched"}
	if _, err := client.Accounts.UpdateAccount(ctx,
		&foliov1.UpdateAccountRequest{Account: account, AllowMissing: true}); err != nil {
		log.Fatal(err)
	}
	request := &foliov1.WatchRequest{Collections: []string{"accounts"}, Account: name,
		Start: &foliov1.WatchRequest_Snapshot{Snapshot: true}}
	edited := false
	for response, err := range client.Watch(ctx, request, folio.WatchOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		for _, event := range response.GetEvents() {
			fmt.Println(event.GetType(), event.GetName(), event.GetAccount().GetNotes())
		}
		if edited && len(response.GetEvents()) > 0 {
			fmt.Println("go on behind", response.GetResumeToken() != "")
			break
		}
		if !edited && response.GetSnapshotComplete() {
			if _, err := folio.Modify(ctx, client, name, addNote); err != nil {
				log.Fatal(err)
			}
			edited = true
		}
	}
}

func addNote(account *foliov1.Account) error {
	account.Notes += "called; "
	return nil
}
