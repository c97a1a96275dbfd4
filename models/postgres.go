package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
)

// patience says how long PostgreSQL lets a session wait or keep others waiting, unless the address says something else.
type patience map[string]string

var (
	// impatient is for what serves people. A process that stands still or is cut off in the midst of a transaction keeps
	// rows from all others; PostgreSQL ends it before the next tap's five seconds are over. Nothing of ours waits for
	// anybody else within a transaction. The longest statement is a file of five minutes.
	impatient = patience{
		"idle_in_transaction_session_timeout": "3s", "lock_timeout": "20s", "statement_timeout": "5min",
	}
	// readOnly is for a read replica.
	readOnly = patience{
		"default_transaction_read_only": "on", "idle_in_transaction_session_timeout": "3s", "statement_timeout": "5min",
	}
	// patient is for what takes as long as it takes, and for those who wait until it is done.
	patient = patience{"idle_in_transaction_session_timeout": "0", "lock_timeout": "0", "statement_timeout": "0"}
)

const (
	connections    = 30 // of one process, unless the address has pool_max_conns
	connectTimeout = 5 * time.Second
)

// openPostgres opens a pool that answers times in UTC; pgx would give them in the machine's own zone.
func openPostgres(dsn string, patience patience) (*sql.DB, error) {
	config, most, err := postgresConfig(dsn, patience)
	if err != nil {
		return nil, err
	}
	inUTC := &pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(inUTC)
		return nil
	}))
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(max(1, most/3))
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour) // so that a server that was added or took over is found
	return db, nil
}

// postgresConfig reads an address. What it sets itself comes before what we would set.
func postgresConfig(dsn string, patience patience) (config *pgx.ConnConfig, most int, err error) {
	dsn, most, err = poolSize(dsn)
	if err != nil {
		return nil, 0, err
	}
	if config, err = pgx.ParseConfig(dsn); err != nil {
		return nil, 0, fmt.Errorf("opening PostgreSQL: %w", err)
	}
	given := maps.Clone(config.RuntimeParams)
	maps.Copy(config.RuntimeParams, patience)
	maps.Copy(config.RuntimeParams, given)
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "rerate"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	return config, most, nil
}

// poolSize takes pool_max_conns, which is ours, out of an address.
func poolSize(dsn string) (rest string, most int, err error) {
	address, err := url.Parse(dsn)
	if err != nil {
		return "", 0, errors.New("the address of PostgreSQL is not a URL; write special characters of the password as %40") // without repeating it
	}
	query := address.Query()
	asked := query.Get("pool_max_conns")
	if asked == "" {
		return dsn, connections, nil
	}
	most, err = strconv.Atoi(asked)
	if err != nil || most < 2 || most > 1000 {
		return "", 0, fmt.Errorf("pool_max_conns must be a number from 2 to 1000; it is %q", asked)
	}
	query.Del("pool_max_conns")
	address.RawQuery = query.Encode()
	return address.String(), most, nil
}
