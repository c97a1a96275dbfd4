package models

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// Field is a value of a row, by the name of its column.
type Field struct {
	Name  string
	Value any // nil, bool, int64, float64, string, a time in UTC, or JSON as it is stored (json.RawMessage)
}

// ExportContact reads everything that is stored of a contact, table by table, and hands each row on as it is read. A table without rows
// is not named.
func (t Tenant) ExportContact(ctx context.Context, contact string, each func(table string, row []Field) error) error {
	args := map[string]any{"workspace": t.Workspace, "contact": contact}
	for _, p := range personals {
		if err := t.exportFrom(ctx, p, args, each); err != nil {
			return err
		}
	}
	return nil
}

func (t Tenant) exportFrom(ctx context.Context, p personal, args map[string]any, each func(string, []Field) error) error {
	rows, err := t.store.db.WithContext(ctx).Raw("SELECT * FROM "+p.table+" WHERE workspace_id = @workspace AND "+p.of, args).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, targets := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		row := make([]Field, 0, len(names))
		for i, name := range names {
			if name != "workspace_id" && !strings.Contains(p.apart, " "+name+" ") {
				row = append(row, Field{name, exported(values[i], strings.Contains(p.json, " "+name+" "))})
			}
		}
		if err := each(p.table, row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func exported(value any, isJSON bool) any {
	switch v := value.(type) {
	case []byte:
		return exported(string(v), isJSON)
	case time.Time:
		return v.UTC()
	case string:
		if isJSON && json.Valid([]byte(v)) {
			return json.RawMessage(v)
		}
	}
	return value
}

// StoresOf reports whether anything is stored of a contact.
func (t Tenant) StoresOf(ctx context.Context, contact string) (bool, error) {
	var n int64
	if contact == "" {
		return false, nil // nobody is named so
	}
	for _, table := range []any{&Contact{}, &Rating{}, &ConversationContact{}} {
		column := "contact_id"
		if _, is := table.(*Contact); is {
			column = "id"
		}
		if err := t.rows(ctx).Model(table).Where(column+" = ?", contact).Limit(1).Count(&n).Error; err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
