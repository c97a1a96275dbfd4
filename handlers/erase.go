package handlers

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/models"
)

// customerOf is who gave the rating of the address; what nobody is named for is not found.
func (s *site) customerOf(c echo.Context) (contact string, err error) {
	id, err := pathID(c)
	if err != nil {
		return "", err
	}
	asked, err := s.tenant(c).Rating(c.Request().Context(), id)
	if err == nil && asked.ContactID == "" {
		err = models.ErrNotFound
	}
	return asked.ContactID, err
}

// eraseCustomer erases who gave a rating.
func (s *site) eraseCustomer(c echo.Context) error {
	contact, err := s.customerOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	if err := s.EraseContact(ctx, m.workspace.ID, contact); err != nil {
		return err
	}
	s.Log.InfoContext(ctx, "a customer was erased by hand", "workspace", m.workspace.ID, "teammate", m.teammate.ID)
	return s.done(c, "/ratings/"+c.Param("id"), "customer_erased")
}

// customerFile answers with everything that is stored of who gave a rating, as JSON.
func (s *site) customerFile(c echo.Context) error {
	contact, err := s.customerOf(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	header.Set(echo.HeaderContentDisposition, `attachment; filename="customer.json"`)
	s.Log.InfoContext(c.Request().Context(), "what is stored of a customer was downloaded", "workspace", m.workspace.ID, "teammate", m.teammate.ID)
	c.Response().WriteHeader(http.StatusOK)
	if err := writeContact(c.Request().Context(), c.Response(), s.tenant(c), contact, s.Now()); err != nil {
		note(c, err)
		panic(http.ErrAbortHandler) // nobody takes a part for the whole
	}
	return nil
}

// writeContact writes what is stored of a contact as it is read:
// {"workspace","contact","made_at","stored":{"contacts":[{…}],"ratings":[{…},{…}],…}}.
func writeContact(ctx context.Context, to io.Writer, tenant models.Tenant, contact string, now time.Time) error {
	w := jsonWriter{to: bufio.NewWriter(to)}
	w.text("{\n")
	for _, field := range []models.Field{{Name: "workspace", Value: tenant.Workspace}, {Name: "contact", Value: contact}, {Name: "made_at", Value: now.UTC()}} {
		w.value(field.Name)
		w.text(": ")
		w.value(field.Value)
		w.text(",\n")
	}
	w.text(`"stored": {`)
	open := ""
	err := tenant.ExportContact(ctx, contact, func(table string, row []models.Field) error {
		switch open {
		case "":
			w.text("\n")
		case table:
			w.text(",\n")
		default:
			w.text("\n],\n")
		}
		if open != table {
			w.value(table)
			w.text(": [\n")
		}
		open = table
		w.row(row)
		return w.err
	})
	if err != nil {
		return err
	}
	if open != "" {
		w.text("\n]\n")
	}
	w.text("}\n}\n")
	if w.err != nil {
		return w.err
	}
	return w.to.Flush()
}

// jsonWriter remembers the first error.
type jsonWriter struct {
	to  *bufio.Writer
	err error
}

func (w *jsonWriter) text(s string) {
	if w.err == nil {
		_, w.err = w.to.WriteString(s)
	}
}

func (w *jsonWriter) value(v any) {
	raw, err := json.Marshal(v)
	if w.err == nil && err != nil {
		w.err = err
	}
	w.text(string(raw))
}

// row is an object whose fields stand as in the table.
func (w *jsonWriter) row(fields []models.Field) {
	for i, field := range fields {
		w.text(map[bool]string{true: "{", false: ", "}[i == 0])
		w.value(field.Name)
		w.text(": ")
		w.value(field.Value)
	}
	w.text("}")
}
