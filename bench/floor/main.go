// Command floor is the least that a server can do that stores what it thanks for, to measure Rerate against: net/http, one table,
// one durable commit for all that wait (synchronous=FULL).
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

// tap is what the floor reads of a request.
type tap struct {
	WorkspaceID string            `json:"workspace_id"`
	InputValues map[string]string `json:"input_values"`
	Context     struct {
		ConversationID int64 `json:"conversation_id"`
	} `json:"context"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`

	stored chan error
}

// thanks is as long as the card with which Rerate answers.
var thanks = append([]byte(`{"canvas":{"content":{"components":[{"type":"text","text":"✅ Your answer is saved."}]},"stored_data":{"state":"`),
	append([]byte(pad), []byte(`"}}}`)...)...)

const pad = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" +
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context) error {
	addr := flag.String("addr", "127.0.0.1:0", "where to listen")
	path := flag.String("db", "floor.db", "the database")
	store := flag.Bool("store", true, "store the rows")
	flag.Parse()
	taps := make(chan *tap, 1024)
	if *store {
		db, err := sql.Open("sqlite3", "file:"+*path+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000")
		if err != nil {
			return err
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS ratings (id INTEGER PRIMARY KEY, workspace TEXT, conversation INTEGER, contact TEXT,
			score TEXT, at INTEGER)`); err != nil {
			return err
		}
		go commitAll(ctx, db, taps)
	}
	server := &http.Server{Addr: *addr, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			return
		}
		body, err := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte("sandbox-secret"))
		mac.Write(body)
		sent, _ := hex.DecodeString(r.Header.Get("X-Body-Signature"))
		if err != nil || !hmac.Equal(sent, mac.Sum(nil)) {
			http.Error(w, "not signed", http.StatusUnauthorized)
			return
		}
		t := &tap{stored: make(chan error, 1)}
		if err := json.Unmarshal(body, t); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if *store {
			taps <- t
			if err := <-t.stored; err != nil {
				http.Error(w, err.Error(), http.StatusServiceUnavailable)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(thanks)
	})}
	go func() { <-ctx.Done(); _ = server.Close() }()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// commitAll stores what waits, as much as there is in one transaction.
func commitAll(ctx context.Context, db *sql.DB, taps chan *tap) {
	for first := range taps {
		batch := []*tap{first}
		for more := true; more && len(batch) < 128; {
			select {
			case t := <-taps:
				batch = append(batch, t)
			default:
				more = false
			}
		}
		err := commit(ctx, db, batch)
		for _, t := range batch {
			t.stored <- err
		}
	}
}

func commit(ctx context.Context, db *sql.DB, batch []*tap) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	insert, err := tx.PrepareContext(ctx, "INSERT INTO ratings (workspace, conversation, contact, score, at) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, t := range batch {
		if _, err := insert.ExecContext(ctx, t.WorkspaceID, t.Context.ConversationID, t.User.ID, t.InputValues["rating"], time.Now().UnixMicro()); err != nil {
			return err
		}
	}
	return tx.Commit()
}
