package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-sqlite3"
)

// openSQLite opens a pool that takes times and texts as PostgreSQL does: every time in UTC and to the microsecond.
// SQLite keeps times as text, with zone and nanoseconds, and so would put 10:00+09:00 after 02:00 UTC.
func openSQLite(dsn string) *sql.DB { return sql.OpenDB(sqliteConnector{dsn: dsn}) }

type sqliteConnector struct {
	sqlite3.SQLiteDriver
	dsn string
}

func (c sqliteConnector) Driver() driver.Driver { return &c.SQLiteDriver }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	inner, ok := conn.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, fmt.Errorf("unexpected connection type %T", conn)
	}
	return utcConn{inner}, nil
}

type utcConn struct{ *sqlite3.SQLiteConn }

// CheckNamedValue is asked by database/sql for every argument of every statement.
func (utcConn) CheckNamedValue(arg *driver.NamedValue) (err error) {
	arg.Value, err = driver.DefaultParameterConverter.ConvertValue(arg.Value)
	switch value := arg.Value.(type) {
	case time.Time:
		arg.Value = value.UTC().Truncate(time.Microsecond)
	case string:
		if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
			return errUnstorable
		}
	}
	return err
}

// PostgreSQL refuses such text by itself; SQLite would keep it.
var errUnstorable = errors.New("the text holds NUL or broken UTF-8, which no database of Rerate stores")
