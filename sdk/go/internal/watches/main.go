// Many watches at once, while this program writes and somebody kills the server again and again: every watch must see
// every account once, in order. Prints "open" when all are, the number of each account once it is written, and in the
// end what the watches have seen. The last account is written after a line of standard input.
//
//	watches WATCHES ACCOUNTS
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"sync"
	"time"

	folio "folio.example/sdk/go"
	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc/codes"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// watch reads until the last account has come. Before the first message it says that it is open.
func watch(ctx context.Context, client *folio.Client, accounts int, open func()) error {
	request := &foliov1.WatchRequest{Collections: []string{"accounts"},
		Start: &foliov1.WatchRequest_Snapshot{Snapshot: true}}
	seen := 0
	for response, err := range client.Watch(ctx, request, folio.WatchOptions{}) {
		if err != nil {
			return err
		}
		if response.GetSnapshotComplete() {
			open()
		}
		for _, event := range response.GetEvents() {
			seen++
			if expected := fmt.Sprintf("accounts/watched-%d", seen); event.GetName() != expected {
				return fmt.Errorf("%s came where %s was to come", event.GetName(), expected)
			}
		}
		if seen == accounts {
			return nil
		}
	}
	return errors.New("the watch has ended")
}

// write creates an account, over any number of restarts: where it exists already, an attempt before had its effect.
func write(ctx context.Context, client *folio.Client, number int) {
	request := &foliov1.CreateAccountRequest{AccountId: fmt.Sprintf("watched-%d", number),
		Account: &foliov1.Account{DisplayName: fmt.Sprintf("Watched %d", number)}}
	for {
		_, err := client.Accounts.CreateAccount(ctx, request)
		var failed *folio.Error
		if err == nil || errors.As(err, &failed) && failed.Code == codes.AlreadyExists {
			fmt.Println(number)
			return
		}
		if failed == nil || failed.Code != codes.Unavailable {
			log.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A connection carries so many calls at once, this program's writes among them.
const watchesOfConnection = 50

func main() {
	ctx := context.Background()
	watches, accounts := must(strconv.Atoi(os.Args[1])), must(strconv.Atoi(os.Args[2]))
	client := must(folio.Connect(folio.Overrides{}))
	defer client.Close()
	var open, done sync.WaitGroup
	open.Add(watches)
	done.Add(watches)
	var watching *folio.Client
	for number := range watches {
		if number%watchesOfConnection == 0 {
			watching = must(folio.Connect(folio.Overrides{}))
			defer watching.Close()
		}
		go func(client *folio.Client) {
			defer done.Done()
			if err := watch(ctx, client, accounts, sync.OnceFunc(open.Done)); err != nil {
				log.Fatal(err)
			}
		}(watching)
	}
	open.Wait()
	fmt.Println("open")
	for number := 1; number < accounts; number++ {
		write(ctx, client, number)
	}
	must(bufio.NewReader(os.Stdin).ReadString('\n'))
	write(ctx, client, accounts)
	done.Wait()
	fmt.Printf("%d watches have seen %d accounts, each once\n", watches, accounts)
}
