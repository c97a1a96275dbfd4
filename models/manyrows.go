package models

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// Customers wait for what stands here: rows of many answers and calls, read and stored at once. GORM says how they look, and
// makes the queries; what it would do for each row is done once for all.

// forEach calls take with each row of a query.
func forEach[Row any](query *gorm.DB, take func(Row)) error {
	rows, err := query.Model(new(Row)).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	s, err := schemaOf[Row]()
	if err != nil {
		return err
	}
	var row, none Row
	value, into := reflect.ValueOf(&row).Elem(), make([]any, len(names))
	written := map[int]*schema.Field{} // in JSON, by column
	for i, name := range names {
		switch f := s.FieldsByDBName[name]; {
		case f == nil: // a newer version has added it
			into[i] = new(any)
		case f.Serializer != nil:
			into[i], written[i] = f.NewValuePool.Get(), f
		default:
			into[i] = f.ReflectValueOf(query.Statement.Context, value).Addr().Interface()
		}
	}
	for rows.Next() {
		row = none
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, f := range written {
			if err := f.Set(query.Statement.Context, value, into[i]); err != nil {
				return err
			}
		}
		take(row)
	}
	return rows.Err()
}

// schemas are what GORM knows of the types of rows.
var schemas sync.Map

func schemaOf[Row any]() (*schema.Schema, error) {
	return schema.Parse(new(Row), &schemas, schema.NamingStrategy{})
}

// What happens to rows whose key is stored already, where that is no error.
const (
	isNew   = ""
	isEqual = " ON CONFLICT DO NOTHING"
)

// onConflict replaces some columns of the stored row of the same key, by the pattern.
func onConflict(key, columns []string, pattern string) string {
	return " ON CONFLICT (" + strings.Join(key, ", ") + ") DO UPDATE SET " + each(columns, pattern)
}

// replaces has a new row take the place of the stored one of the same key.
func replaces[Row any]() string {
	s, err := schemaOf[Row]()
	if err != nil {
		panic(err) // the program is wrong
	}
	isKey := func(column string) bool { return slices.Contains(s.PrimaryFieldDBNames, column) }
	return onConflict(s.PrimaryFieldDBNames, slices.DeleteFunc(slices.Clone(s.DBNames), isKey), "%s = excluded.%s")
}

// insert stores rows by statements for a power of two of them each, of which there are few to prepare. GORM's hooks are not called.
func insert[Row any](tx *Tx, rows []Row, conflict string) error {
	s, err := schemaOf[Row]()
	if err != nil {
		return err
	}
	db := tx.db.Statement
	for len(rows) > 0 {
		n := 1 << (bits.Len(uint(min(len(rows), mostActs))) - 1)
		args := make([]any, 0, n*len(s.DBNames))
		for i := range rows[:n] {
			row := reflect.ValueOf(&rows[i]).Elem()
			for _, name := range s.DBNames {
				value, _ := s.FieldsByDBName[name].ValueOf(db.Context, row)
				args = append(args, value)
			}
		}
		if _, err := db.ConnPool.ExecContext(db.Context, insertSQL(db.DB, s, n, conflict), args...); err != nil {
			return fmt.Errorf("storing %s: %w", s.Table, err)
		}
		rows = rows[n:]
	}
	return nil
}

type insertKey struct {
	dialect, table, conflict string
	rows                     int
}

// inserts are the statements that were made, by insertKey.
var inserts sync.Map

// insertSQL is the statement for so many rows.
func insertSQL(db *gorm.DB, s *schema.Schema, rows int, conflict string) string {
	key := insertKey{db.Name(), s.Table, conflict, rows}
	if known, ok := inserts.Load(key); ok {
		return known.(string) //nolint:forcetypeassert // nothing else is stored there
	}
	values := make([]string, rows)
	for i := range values {
		marks := make([]string, len(s.DBNames))
		for j := range marks {
			if marks[j] = "?"; db.Name() == "postgres" {
				marks[j] = fmt.Sprint("$", i*len(marks)+j+1)
			}
		}
		values[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	text := "INSERT INTO " + s.Table + " (" + strings.Join(s.DBNames, ", ") + ") VALUES " + strings.Join(values, ", ") + conflict
	inserts.Store(key, text)
	return text
}
